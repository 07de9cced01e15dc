# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stream of a channel, in words. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._masking import clean
from .._task.fields import parse_time
from .._task.stream import Address, Stream
from .._task.task import PullTask
from .timeline import Axis


def stream_of(task: Mapping[str, Any]) -> Stream | None:
    """Return the stream that live_pull_task_info added to a task; None if it was not read or is not known."""
    listed = task.get("stream")
    if not isinstance(listed, Mapping):
        return None
    return Stream(listed.get("online") is True, *(listed.get(name) for name in Stream._fields[1:]))


def refused_domains(tasks: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ingest domains of tasks whose streams the service refused to list.

    If a task has a domain, live_pull_task_info leaves its stream null only in this case.
    """
    unknown = (task for task in tasks if "stream" in task and stream_of(task) is None)
    addresses = [Address.of(PullTask.from_answer(task)) for task in unknown]
    domains = {address.host: address.domain for address in addresses if address and not address.is_url}
    return [clean(domain) for domain in domains.values()]


def pushed(stream: Stream | None, axis: Axis, off_air: bool) -> dict[str, Any] | None:
    """Return what the overview shows of a stream; None if it is not known.

    Args:
        stream: the stream.
        axis: writes its time.
        off_air: whether the channel is off air by its settings. Then its task does not push.
    """
    if stream is None:
        return None
    since = _since(stream, axis)
    amounts = [_amount(stream.video_frame_rate, "fps"), _amount(stream.video_bitrate, "kbit/s")]
    picture = ", ".join(filter(None, [clean(stream.resolution).replace("*", "\u00d7"), *amounts]))
    who = clean(stream.client_ip)
    when = (since["local"] or since["utc"]) if since else clean(stream.since)
    what = f"by {who or 'someone'}, although it is off air" if off_air else picture
    words = ", ".join(filter(None, [what, f"since {when}" if when else ""])) or "pushed"
    return {
        "online": stream.online,
        "by_others": stream.online and off_air,
        "client_ip": who,
        "picture": picture,
        "since": since,
        "words": words if stream.online else "not pushed",
    }


def _since(stream: Stream, axis: Axis) -> dict[str, str | None] | None:
    try:
        return axis.written(parse_time(stream.since))
    except ValueError:
        return None


def _amount(value: object, unit: str) -> str:
    text = f"{value:g}" if isinstance(value, float) else clean(value)
    return f"{text} {unit}" if text else ""
