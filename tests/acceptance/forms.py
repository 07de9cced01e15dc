# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which form values are listed, as the main task shows them before and after its pause."""

from __future__ import annotations

from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._options import CALLBACK_EVENTS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.immutable import IMMUTABLE

from .listed import Listed, number_form, time_form
from .probe import Answer, Probe, UnknownError
from .service import PAGE

_FIELDS = {"task_id", "create_time", *IMMUTABLE, *FIELDS}


def times(probe: Probe) -> Answer:
    """Return in which form times are listed."""
    form = time_form(probe.first.info.get("start_time"))
    if form is None:
        raise UnknownError("in another form")
    answer, style = form
    return answer, {"time_style": "zoneless_local" if probe.ahead else style}


def status_words(probe: Probe) -> Answer:
    """Return the words that are listed for the two states."""
    enabled, paused = probe.first.word, _paused(probe).word
    if enabled is None or paused is None:
        raise UnknownError("the status is not one word")
    words = {"enable": enabled, "pause": paused}
    if enabled == paused:
        return words, {"status_override": enabled}
    plain = {state: word.lower() if _is_upper(probe) else word for state, word in words.items()}
    other = {state: word for state, word in plain.items() if word != state}
    return words, {"status_words": other or None, "status_override": None}


def numbers(probe: Probe) -> Answer:
    """Return in which form numbers are listed, and with it the forms of the other values."""
    form = number_form(_paused(probe).info.get("vod_start_video_time"))
    if form is None:
        raise UnknownError("in another form")
    return form[0], {"numbers": form[1], **_forms(probe)}


def _forms(probe: Probe) -> dict[str, Any]:
    """Return the switches for the forms of other values, as the main task shows them."""
    first, paused = probe.first.info, _paused(probe).info
    loops, events = first.get("vod_loop_time"), first.get("callback_events")
    empty = [first.get(name, ...) for name in ("push_args", "callback_url", "destination_url")]
    absent = "omit" if ... in empty else "null" if None in empty else "as_is"
    more = [event for event in events or [] if event not in CALLBACK_EVENTS] if isinstance(events, list) else []
    return {
        "absent": absent,
        "loop_time_empty": loops == "",
        "events_empty": events == [],
        "more_events": [event for event in more if isinstance(event, str) and event.isalpha() and len(event) < 32],
        "loop_number": isinstance(paused.get("vod_loop_time"), int),
        "upper_case": _is_upper(probe),
        "extra_fields": not first.keys() <= _FIELDS,
        **_filter(probe),
    }


def _is_upper(probe: Probe) -> bool:
    refresh = str(_paused(probe).info.get("vod_refresh_type"))
    return refresh.isupper()


def _filter(probe: Probe) -> dict[str, Any]:
    """Return the switches for the filter by id: whether it is ignored, and whether `total` counts all tasks."""
    infos, total = probe.service.page(limit=PAGE, task_id=probe.task.task_id)
    ignored = any(info.get("task_id") != probe.task.task_id for info in infos)
    counts = not ignored and isinstance(total, int) and probe.total == "matching"
    return {"ignore_task_filter": ignored, **({"total": "all" if total > 1 else "matching"} if counts else {})}


def _paused(probe: Probe) -> Listed:
    if not hasattr(probe, "paused"):
        raise UnknownError("no change was listed")
    return probe.paused
