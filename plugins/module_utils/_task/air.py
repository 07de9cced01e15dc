# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a relay task is on air, by its settings and a moment. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._options import STATUSES
from .fields import WINDOW, has_passed, to_datetime
from .stream import Stream
from .task import PullTask


class AirState(NamedTuple):
    """A row of the table of states.

    Attributes:
        status: the status of a task in this state; None if it is not known.
        urgent: whether the overview lists every channel in this state, however many there are.
        from_stream: whether only the stream of a task shows this state.
    """

    status: str | None
    urgent: bool = True
    from_stream: bool = False


AIR_STATES = {
    "dark": AirState("enable", from_stream=True),
    "over": AirState("enable"),
    "ends_soon": AirState("enable"),
    "unknown": AirState(None),
    "played": AirState("enable", from_stream=True),
    "no_end": AirState("enable"),
    "ahead": AirState("enable"),
    "on_air": AirState("enable", urgent=False),
    "paused": AirState("pause", urgent=False),
}
"""The states, the most urgent first. `ends_soon` and `no_end` are groups of `on_air`, which only the overview has."""

# A push needs some time to begin, and the list of streams to show it.
DARK_SECONDS = 60
ENDLESS = "-1"


class Air(NamedTuple):
    """The state of a task at a moment, by its settings and, if it is known, its stream.

    Attributes:
        state: `on_air`; `ahead` or `over`, enabled before or after its window; `paused`; `unknown`. With the stream
            also `dark`, not pushed although the task should be on air; and `played`, the same for a finite number of
            rounds, which may have ended.
        since: when the state began, if the settings say so.
        until: when the state ends, if the settings say so. The length of a playlist is not known.
        seconds_left: whole seconds until then.
    """

    state: str
    since: str | None = None
    until: str | None = None
    seconds_left: int | None = None


def air(task: PullTask, moment: float, stream: Stream | None = None) -> Air:
    """Return whether a task is on air.

    Args:
        task: the task.
        moment: seconds since the epoch.
        stream: the stream of the task; None if it is not known.
    """
    values = task.values
    if values.get("status") == "pause":
        return Air("paused")
    # A time that cannot be understood is not among the values.
    if values.get("status") not in STATUSES or not {*WINDOW} <= values.keys():
        return Air("unknown")
    start, end = values["start_time"], values["end_time"]
    if has_passed(end, moment):
        return Air("over", since=end)
    waits = start is not None and not has_passed(start, moment)
    until = start if waits else end
    left = None if until is None else int(to_datetime(until).timestamp() - moment)
    if waits:
        return Air("ahead", None, until, left)
    return Air(_state_on_air(task, moment, stream), start, until, left)


def should_be_pushed(task: PullTask, moment: float) -> bool | None:
    """Return whether the stream of a task should be pushed at a moment; None if its settings do not decide it."""
    state = air(task, moment, Stream(False)).state
    return {"on_air": True, "dark": True, "paused": False, "over": False}.get(state)


def _state_on_air(task: PullTask, moment: float, stream: Stream | None) -> str:
    """Return the state of a task that is on air by its settings."""
    if stream is None or stream.online:
        return "on_air"
    if task.has_playlist and task.values.get("vod_loop_time") != ENDLESS:
        return "played"
    start = task.values.get("start_time")
    return "dark" if has_passed(start, moment - DARK_SECONDS) or start is None else "on_air"


def with_air(task: PullTask, moment: float, streams: Mapping[str, Stream | None] | None = None) -> dict[str, Any]:
    """Return the task as a module reports it, with `air`, and with `stream` if streams are given by task id."""
    if streams is None:
        return {**task.result(), "air": air(task, moment)._asdict()}
    stream = streams.get(task.task_id)
    added = {"air": air(task, moment, stream)._asdict(), "stream": stream._asdict() if stream else None}
    return {**task.result(), **added}
