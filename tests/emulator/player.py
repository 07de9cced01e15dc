# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What viewers see: the file and second that a channel shows, and how often a modify makes it jump or go off air.

The first round begins at the start index and second, every other round with the first file. A channel that comes on
air, by a modify or when its window opens, begins again. ``Behaviour.restarts``: what a modify does to one on air.
"""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .behaviour import Behaviour
from .clock import Clock, is_time, read_time
from .fields import DEFAULTS
from .view import Task

FILE_SECONDS = 600.0
"""The duration of files that are not in ``Behaviour.durations``."""

_SAME_SECONDS = 0.001


class Shown(NamedTuple):
    """What a channel shows at a time."""

    index: int  # type: ignore[assignment]  # tuples have a method of that name
    url: str
    second: float


@dataclasses.dataclass(frozen=True)
class Channel:
    """The playback of a task, and the disturbances of its viewers."""

    started: datetime
    """When it was, or will be, at the following position."""
    index: int
    second: float
    rounds: int = 0
    """Number of rounds that were finished at ``started``."""
    disturbances: int = 0
    dark: bool = False
    """It should be on air, and is not."""


def channel_at_start(task: Task, now: datetime) -> Channel:
    """Return a channel that begins at its start position: now, or when its window opens."""
    index, second = (_number(task, name) for name in ("vod_start_video_index", "vod_start_video_time"))
    return Channel(max(now, _time(task, "start_time") or now), int(index), second)


def channel_since_window(task: Task, now: datetime) -> Channel:
    """Return a channel that has been on air since its window opened."""
    return channel_at_start(task, _time(task, "start_time") or now)


def showing(task: Task, channel: Channel, now: datetime, durations: Mapping[str, float]) -> Shown | None:
    """Return what a channel shows. None if it is paused, outside its window, without files, or after its last round."""
    if not _is_on_air(task, now) or now < channel.started:
        return None
    rounds, place = _position(task, channel, now, durations)
    if rounds >= _rounds_wanted(task):
        return None
    ends = _ends(task, durations)
    index = bisect.bisect_right(ends, place)
    return Shown(index, task["source_urls"][index], place - (ends[index - 1] if index else 0))


def has_ended(task: Task, channel: Channel, now: datetime, durations: Mapping[str, float]) -> bool:
    """Return whether the window or the rounds of an enabled task have ended."""
    if task.get("status") != "enable":
        return False
    end = _time(task, "end_time")
    if end is not None and now >= end:
        return True
    return _is_on_air(task, now) and _position(task, channel, now, durations)[0] >= _rounds_wanted(task)


def channel_after_modify(
    channel: Channel, before: Task, body: Mapping[str, Any], after: Task, now: datetime, behaviour: Behaviour
) -> Channel:
    """Return the channel after a modify with ``body``, with its disturbances counted."""
    durations = behaviour.durations
    was = showing(before, channel, now, durations)
    playing = _playback_after_modify(channel, before, body, after, now, behaviour)
    shows = showing(after, playing, now, durations)
    meant = after.get("status") != "pause" and _is_in_window(after, now)
    dark = shows is None and meant and (was is not None or channel.dark)
    if was is None:
        disturbed = channel.dark and shows is not None
    elif shows is None:
        disturbed = dark
    else:
        disturbed = was.url != shows.url or not math.isclose(was.second, shows.second, abs_tol=_SAME_SECONDS)
    return dataclasses.replace(playing, disturbances=channel.disturbances + disturbed, dark=dark)


class Player:
    """The player of all channels of a service."""

    def __init__(
        self,
        channels: Callable[[], Mapping[str, tuple[Task, Channel]]],
        behaviour: Callable[[], Behaviour],
        now: Clock,
    ) -> None:
        """``channels`` returns the current tasks by id."""
        self._channels = channels
        self._behaviour = behaviour
        self._now = now
        self._cut: list[str] = []

    @property
    def cut(self) -> Sequence[str]:
        """Return the ids of the channels that were on air when they were deleted, in this order."""
        return [*self._cut]

    def record_deletion(self, task_id: str) -> None:
        """Record a task before its deletion. Raises KeyError if it does not exist."""
        if self.showing(task_id) is not None:
            self._cut.append(task_id)

    def clear(self) -> None:
        """Delete the record of deleted channels."""
        self._cut = []

    def showing(self, task_id: str) -> Shown | None:
        """Return what a channel shows now, or None if it is off air. Raises KeyError if it does not exist."""
        return showing(*self._channels()[task_id], self._now(), self._behaviour().durations)

    def disturbances(self, task_id: str) -> int:
        """Return how often the viewers of a channel were disturbed. Raises KeyError if it does not exist."""
        return self._channels()[task_id][1].disturbances

    def to_json(self) -> dict[str, Any]:
        """Return what every channel shows now, and how often its viewers were disturbed."""
        now, durations = self._now(), self._behaviour().durations
        return {
            task_id: {"showing": shows._asdict() if shows else None, "disturbances": channel.disturbances}
            for task_id, (task, channel) in self._channels().items()
            for shows in [showing(task, channel, now, durations)]
        }


def _playback_after_modify(
    channel: Channel, before: Task, body: Mapping[str, Any], after: Task, now: datetime, behaviour: Behaviour
) -> Channel:
    """Return the playback of a channel after a modify."""
    if not (_is_on_air(before, now) and _is_on_air(after, now)):
        return channel_at_start(after, now)
    refresh = after.get("vod_refresh_type") or DEFAULTS["vod_refresh_type"]
    immediate = refresh == DEFAULTS["vod_refresh_type"]
    counts = (
        before["source_urls"] != after["source_urls"]
        or {
            "sent": "source_urls" in body,
            "differ": False,
            "immediate": immediate,
        }[behaviour.restarts]
    )
    if not counts:
        return channel
    was = showing(before, channel, now, behaviour.durations)
    if immediate or was is None or was.index >= len(after["source_urls"]):
        return channel_at_start(after, now)
    second = was.second if refresh == "continue_from_break_point" else 0
    return Channel(now, was.index, second, _position(before, channel, now, behaviour.durations)[0])


def _position(task: Task, channel: Channel, now: datetime, durations: Mapping[str, float]) -> tuple[int, float]:
    """Return the finished rounds of a channel, and the seconds in the current round."""
    ends = _ends(task, durations)
    index = min(channel.index, len(ends) - 1)
    begin = ends[index - 1] if index else 0
    seconds = min(begin + channel.second, ends[index]) + (now - channel.started).total_seconds()
    rounds, place = divmod(seconds, ends[-1])
    return channel.rounds + int(rounds), place


def _ends(task: Task, durations: Mapping[str, float]) -> list[float]:
    """Return the end of each file, in seconds from the beginning of the playlist."""
    return [*itertools.accumulate(durations.get(url, FILE_SECONDS) for url in task["source_urls"])]


def _is_on_air(task: Task, now: datetime) -> bool:
    """Return whether a channel is on air by its settings."""
    return task.get("status") == "enable" and bool(task.get("source_urls")) and _is_in_window(task, now)


def _is_in_window(task: Task, now: datetime) -> bool:
    start, end = _time(task, "start_time"), _time(task, "end_time")
    return (start is None or start <= now) and (end is None or now < end)


def _rounds_wanted(task: Task) -> float:
    rounds = str(task.get("vod_loop_time"))
    return int(rounds) if rounds.isdecimal() else math.inf


def _time(task: Task, name: str) -> datetime | None:
    """Return a time of a task. None if it is not set or in another format."""
    value = task.get(name)
    return read_time(value) if isinstance(value, str) and is_time(value) is None else None


def _number(task: Task, name: str) -> float:
    value = task.get(name)
    return value if isinstance(value, (int, float)) else 0
