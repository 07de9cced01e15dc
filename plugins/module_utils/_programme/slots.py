# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The slots of a channel: whether they can be played, and what the one that is on asks of the task. Pure.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone, tzinfo
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .._options import JOINS, REFRESH_TYPES, SLOT_OPTIONS
from .._playlist.lines import LONGEST
from .._playlist.m3u import Entry
from .._playlist.playlist import Playlist, Read, checked, playlist
from .._task.air import air
from .._task.task import PullTask
from .position import position
from .schedule import Airing, Programme, label

_PLAYED = ("source_urls", "m3u", "m3u_base_url", "rounds", "start_at", "on_update")
_TIMES = ("start_time", "end_time")
_MOST_NAMED = 5
_ON_TIME, _IN_PROGRESS = JOINS
_AT_ONCE, _FROM_FILE_START, _FROM_BREAK_POINT = REFRESH_TYPES


class Tools(NamedTuple):
    """What turns what the user gave into what is meant. All of them raise InvalidOptionError where they cannot.

    Attributes:
        typed: returns a dictionary of options brought to the types of a specification, with None for what is not given.
        read: returns the text of a playlist file.
        zone: returns the time zone of a name; an option and its value.
    """

    typed: Callable[[Mapping[Any, Any], Mapping[str, Any]], Mapping[str, Any]]
    read: Read
    zone: Callable[[str, object], tzinfo]

    def zone_of(self, options: Mapping[str, Any]) -> tzinfo:
        """Return the time zone of a channel by its options."""
        return timezone.utc if options["timezone"] is None else self.zone("timezone", options["timezone"])


class Slot(NamedTuple):
    """A slot that can be played.

    Attributes:
        off_air: whether the channel is off air in it; then it plays nothing.
        values: what it asks of a task that takes up its playlist at the beginning, as options of a task.
        durations: seconds of each file, if it is joined in progress.
    """

    off_air: bool
    values: dict[str, Any]
    durations: Sequence[float] | None = None

    @property
    def rounds(self) -> int | None:
        """How often its playlist is played; None for without end."""
        return None if self.values["vod_loop_time"] == "-1" else int(self.values["vod_loop_time"])

    def joined(self, elapsed: float) -> dict[str, Any]:
        """Return what it asks of a task that takes up its playlist so many seconds after the slot began."""
        values = {**self.values, "vod_refresh_type": self.values["vod_refresh_type"] or _AT_ONCE}
        if self.durations is None:
            return values
        start = (values["vod_start_video_index"], values["vod_start_video_time"])
        there = position(elapsed, self.durations, self.rounds, *start)
        values.update(vod_start_video_index=there.file, vod_start_video_time=there.second)
        return values if there.rounds is None else {**values, "vod_loop_time": str(there.rounds)}


class Schedule(NamedTuple):
    """What a programme says of a moment.

    Attributes:
        slots: all of them.
        airing: the one that is on.
        moment: the moment, in UTC.
    """

    slots: Sequence[Slot]
    airing: Airing
    moment: datetime

    @property
    def slot(self) -> Slot:
        """The slot that is on."""
        return self.slots[self.airing.slot]

    def on_air(self, asked: bool | None) -> bool | None:
        """Return whether the channel is to be on air; None if that is not managed.

        Args:
            asked: what the channel says of it.
        """
        if asked is False or self.slot.off_air:
            return False
        return True if any(slot.off_air for slot in self.slots) else asked

    def asks(self, task: Mapping[str, Any], current: Mapping[str, Any] | None, created: bool) -> dict[str, Any]:
        """Return what the slot that is on asks of a task: options of a task, with None for what is not managed.

        A start goes together with a playlist that the task takes up. Where it plays that already, it stays as it is.

        Args:
            task: what else is asked of it.
            current: the task as it is; None if that is not known.
            created: whether it will be created.
        """
        elapsed = (self.moment - self.airing.since).total_seconds()
        if self.slot.off_air:
            # A task has a playlist from the beginning, even if it is created while the channel is off air.
            return next(slot for slot in self.slots if not slot.off_air).joined(0) if created else {}
        if created:
            return self.slot.joined(elapsed)
        values = dict(self.slot.values)
        found = None if current is None else PullTask.from_answer(current)
        if found and self._is_taken_up(found, task):
            return self.slot.joined(elapsed)
        values.update(vod_start_video_index=None, vod_start_video_time=None)
        if found is None:
            return values
        if values["vod_refresh_type"] is None and not set(_TIMES).isdisjoint(task):
            # The window moves: what is on air goes on, in case the service goes by this.
            values["vod_refresh_type"] = _FROM_BREAK_POINT
        left = str(found.values.get("vod_loop_time"))
        if self.slot.durations and self.slot.rounds and left.isdecimal() and int(left) <= self.slot.rounds:
            # What was left when it was joined.
            values["vod_loop_time"] = None
        return values

    def _is_taken_up(self, task: PullTask, asked: Mapping[str, Any]) -> bool:
        """Return whether a task begins to play the slot that is on: it plays something else now, or nothing."""
        moment = self.moment.timestamp()
        if task.differing({"source_urls": self.slot.values["source_urls"]}, moment):
            return True
        status = {"status": asked["status"]} if asked.get("status") else {}
        times = {name: asked[name] for name in _TIMES if asked.get(name) is not None}
        after = PullTask(task.answer, {**task.values, **status, **times})
        return air(task, moment).state != "on_air" and air(after, moment).state == "on_air"


def schedule(options: Mapping[str, Any], moment: datetime, tools: Tools) -> Schedule:
    """Return what the programme of a channel says of a moment.

    Args:
        options: those of the channel, in the types of `CHANNEL_OPTIONS`.
        moment: the moment, in UTC.
        tools: what turns what the user gave into what is meant.

    Raises:
        InvalidOptionError: naming all that is wrong with all slots, whichever is on.
    """
    elsewhere = {
        **dict.fromkeys(_PLAYED, "in its slots"),
        **dict.fromkeys(_TIMES, "rolling, and slots that are off_air"),
    }
    broken = [
        f"programme: not allowed with {name}. Allowed: {f'{name} ' if name in _PLAYED else ''}{there}."
        for name, there in elsewhere.items()
        if options[name] is not None
    ]
    if options["mode"] != SLOT_OPTIONS["mode"]["default"]:
        broken.append(f"programme: not allowed with mode {options['mode']}. Allowed: mode in its slots.")
    place: tzinfo = timezone.utc
    try:
        place = tools.zone_of(options)
    except InvalidOptionError as error:
        broken += error.problems
    slots: list[Slot] = []
    times: list[Any] = []
    for number, raw in enumerate(options["programme"]):
        times.append(raw)
        if not isinstance(raw, Mapping):
            continue
        # What is no option hides nothing else that is wrong.
        known = {name: value for name, value in raw.items() if name in SLOT_OPTIONS}
        problems: list[str] = []
        try:
            if len(known) < len(raw):
                tools.typed({**raw, **dict.fromkeys(known)}, SLOT_OPTIONS)
        except InvalidOptionError as error:
            problems += error.problems
        try:
            times[-1] = tools.typed(known, SLOT_OPTIONS)
            slots.append(_slot(times[-1], tools.read))
        except InvalidOptionError as error:
            problems += error.problems
        broken += (f"{label(number, raw)}: {problem}" for problem in problems)
    try:
        programme = Programme(times, place)
        airing = programme.at(moment)
    except InvalidOptionError as error:
        raise InvalidOptionError(*error.problems, *broken) from None
    if not broken and all(slot.off_air for slot in slots):
        broken.append("programme: every slot is off_air. Allowed: at least one that plays something.")
    if broken:
        raise InvalidOptionError(*broken)
    return Schedule(slots, airing, moment)


def _slot(options: Mapping[str, Any], read: Read) -> Slot:
    """Return a slot by its options, in the types of `SLOT_OPTIONS`."""
    if options["off_air"]:
        defaults = {name: SLOT_OPTIONS[name].get("default") for name in (*_PLAYED, "durations", "mode", "join")}
        given = [name for name, default in defaults.items() if options[name] != default]
        if given:
            raise InvalidOptionError(f"off_air: not allowed with {', '.join(given)}, because nothing is played then.")
        return Slot(True, {})
    found = playlist(options, read)
    values = {**found.values}
    for name in ("vod_start_video_index", "vod_start_video_time"):
        values[name] = values[name] or 0
    problems = [*found.problems]
    durations: Sequence[float] | None = None
    try:
        durations = _durations(options, found)
    except InvalidOptionError as error:
        problems += error.problems
    # Its name is not what is checked here.
    checked({"task_id": "slot", **values}, problems)
    return Slot(False, values, durations)


def _durations(options: Mapping[str, Any], found: Playlist) -> Sequence[float] | None:
    """Return the seconds of each file of a slot that is joined in progress, None for another.

    Raises:
        InvalidOptionError: they are not known, or the slot cannot be joined so.
    """
    join, durations, refresh = options["join"], options["durations"], options["on_update"]
    count = len(found.entries)
    broken = []
    if join not in JOINS:
        broken.append(refused("join", join, " or ".join(JOINS)))
    if durations is not None:
        allowed = f"the seconds of each file, more than 0, at most {LONGEST}{f', {count} of them' if count else ''}"
        broken += [refused("durations", one, allowed) for one in durations if not 0 < one <= LONGEST]
        if count and len(durations) != count:
            broken.append(refused("durations", durations, allowed, f"{len(durations)} entries are not allowed"))
    if join == _IN_PROGRESS:
        if refresh not in (None, _AT_ONCE):
            broken.append(
                f"join: {join} is not allowed with on_update {refresh}, which goes on with the file that was on air."
                f" Allowed: with on_update {_AT_ONCE}, or without."
            )
        seconds = [entry.seconds for entry in found.entries] if durations is None else durations
        broken += _missing_durations(seconds, found.entries)
    if broken:
        raise InvalidOptionError(*broken)
    return [float(one or 0) for one in seconds] if join == _IN_PROGRESS else None


def _missing_durations(seconds: Sequence[float | None], entries: Sequence[Entry]) -> list[str]:
    """Return what is wrong if it is not known how long each file is."""
    missing = [number for number, one in enumerate(seconds, start=1) if one is None]
    if not missing:
        return []
    unclear = [f"{number} says {said!r}" for number in missing if (said := entries[number - 1].unclear)]
    if unclear:
        why = f"the #EXTINF of entry {_some(unclear)}"
        its_seconds = f"its seconds, at most {LONGEST}: no window is longer"
    else:
        why = f"of entry {_some([*map(str, missing)])} nothing says so"
        its_seconds = "its seconds"
    return [
        f"join: {_IN_PROGRESS} needs to know how long each file is, and {why}. Allowed: with durations, or with an m3u"
        f" in which each entry has an #EXTINF with {its_seconds}."
    ]


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - _MOST_NAMED} more" if len(words) > _MOST_NAMED else ""
    return f"{', '.join(words[:_MOST_NAMED])}{more}"
