# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The slots of a programme, and the options of a task that the slot on air declares. Pure.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone, tzinfo
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, collected, raise_problems, refused
from .._options import REFRESH_TYPES, Options
from .._playlist.m3u import LONGEST, Entry
from .._playlist.playlist import Playlist, Read, checked, playlist
from .._task.air import air
from .._task.fields import START_AT, WINDOW
from .._task.task import PullTask
from .options import CHANNEL_OPTIONS, JOINS, SLOT_OPTIONS, TIMES_OPTIONS
from .position import position
from .schedule import Schedule, label

_PLAYED = ("source_urls", "m3u", "m3u_base_url", "rounds", "start_at", "on_update")
_MOST_NAMED = 5
_FROM_START, _IN_PROGRESS = JOINS
_AT_ONCE, _FROM_FILE_START, _FROM_BREAK_POINT = REFRESH_TYPES


class Tools(NamedTuple):
    """Functions that convert values of the user. They raise InvalidOptionError if they cannot.

    Attributes:
        typed: returns a dictionary of options in the types of a specification, with None for options not given.
        read: returns the text of a playlist file.
        zone: returns the time zone with a name; takes an option and its value.
    """

    typed: Callable[[Mapping[Any, Any], Mapping[str, Any]], Mapping[str, Any]]
    read: Read
    zone: Callable[[str, object], tzinfo]

    def zone_of(self, options: Mapping[str, Any]) -> tzinfo:
        """Return the time zone of a channel."""
        return timezone.utc if options["timezone"] is None else self.zone("timezone", options["timezone"])


class Slot(NamedTuple):
    """A slot of a programme.

    Attributes:
        off_air: whether the channel is off air in this slot.
        values: the options of a task that starts the playlist of the slot at its beginning.
        durations: seconds of each file, if the slot is joined in progress.
        title: what viewers call it.
    """

    off_air: bool
    values: Mapping[str, Any] = {}
    durations: Sequence[float] | None = None
    title: str | None = None

    @property
    def rounds(self) -> int | None:
        """How many times the playlist is played; None if it is endless."""
        return None if self.values["vod_loop_time"] == "-1" else int(self.values["vod_loop_time"])

    @property
    def seconds(self) -> float | None:
        """How long the playlist lasts; None if it is endless, or if that is not known."""
        if self.durations is None or self.rounds is None:
            return None
        index, second = (self.values[name] for name in START_AT)
        skipped = sum(self.durations[:index]) + min(second, self.durations[index])
        return float(self.rounds * sum(self.durations) - skipped)

    def joined(self, elapsed: float) -> dict[str, Any]:
        """Return the options of a task that starts the playlist when `elapsed` seconds of the slot have passed."""
        values = {**self.values, "vod_refresh_type": self.values["vod_refresh_type"] or _AT_ONCE}
        if self.durations is None:
            return values
        index, second, rounds = position(elapsed, self.durations, self.rounds, *(values[name] for name in START_AT))
        values.update(zip(START_AT, (index, second)))
        return values if rounds is None else {**values, "vod_loop_time": str(rounds)}


class Programme(NamedTuple):
    """The slots of a programme at a moment.

    Attributes:
        slots: all slots.
        slot: the slot that is on.
        since: when it began, in seconds since the epoch.
        moment: the moment, in seconds since the epoch.
    """

    slots: Sequence[Slot]
    slot: Slot
    since: float
    moment: float

    @classmethod
    def at(cls, parsed: Mapping[str, Any], moment: float) -> Programme:
        """Return the result of `parsed_programme` at a moment. The next slot may have begun since it was parsed."""
        slots = [Slot(**slot) for slot in parsed["slots"]]
        on, since = ("next", "until") if moment >= parsed["until"] else ("slot", "since")
        return cls(slots, slots[parsed[on]], parsed[since], moment)

    def on_air(self, declared: bool | None) -> bool | None:
        """Return whether the channel should be on air; None if that is not declared.

        Args:
            declared: the option `on_air` of the channel.
        """
        if declared is False or self.slot.off_air:
            return False
        return True if any(slot.off_air for slot in self.slots) else declared

    def values(self, task: Mapping[str, Any], current: PullTask | None, created: bool) -> dict[str, Any]:
        """Return the options of a task that the slot declares, with None for options that are not declared.

        The start position is declared only if the task begins to play the slot. Otherwise the task keeps its own.

        Args:
            task: the other options that are declared.
            current: the task as it is; None if it is not known.
            created: whether the task will be created.
        """
        if self.slot.off_air:
            # A new task needs a playlist, even if it is created while the channel is off air.
            return next(slot for slot in self.slots if not slot.off_air).joined(0) if created else {}
        if created or (current and self._begins(current, task)):
            return self.slot.joined(self.moment - self.since)
        values = {**self.slot.values, **dict.fromkeys(START_AT)}
        if current is None:
            return values
        if values["vod_refresh_type"] is None and not set(WINDOW).isdisjoint(task):
            # The window moves. With this refresh type, the file on air continues, if the service applies it to windows.
            values["vod_refresh_type"] = _FROM_BREAK_POINT
        left = str(current.values.get("vod_loop_time"))
        if self.slot.durations and self.slot.rounds and left.isdecimal() and int(left) <= self.slot.rounds:
            # These are the rounds that were left when the slot was joined.
            values["vod_loop_time"] = None
        return values

    def _begins(self, task: PullTask, declared: Mapping[str, Any]) -> bool:
        """Return whether a task begins to play the slot: it plays other files now, or is off air."""
        if task.differing({"source_urls": self.slot.values["source_urls"]}, self.moment):
            return True
        changes = {name: declared[name] for name in ("status", *WINDOW) if declared.get(name) is not None}
        after = PullTask(task.answer, {**task.values, **changes})
        return air(task, self.moment).state != "on_air" and air(after, self.moment).state == "on_air"


def parsed_programme(options: Mapping[str, Any], moment: datetime, tools: Tools) -> dict[str, Any]:
    """Return the programme of a channel as plain data, for `Programme.at`.

    Args:
        options: the options of the channel, in the types of `CHANNEL_OPTIONS`.
        moment: the current time.
        tools: functions that convert values of the user.

    Raises:
        InvalidOptionError: naming everything that is wrong with all slots.
    """
    broken = _problems_of_channel(options)
    zone: tzinfo = timezone.utc
    with collected(broken):
        zone = tools.zone_of(options)
    slots: list[Slot] = []
    times = [*options["programme"]]
    for number, raw in enumerate(options["programme"]):
        if not isinstance(raw, Mapping):
            continue
        # An option that does not exist must not hide other problems.
        known = {name: value for name, value in raw.items() if name in SLOT_OPTIONS}
        with collected(broken, f"{label(number, raw)}: "):
            tools.typed({name: value for name, value in raw.items() if name not in known}, SLOT_OPTIONS)
        with collected(broken, f"{label(number, raw)}: "):
            times[number] = tools.typed(known, SLOT_OPTIONS)
            slots.append(_slot(times[number], tools.read))
    airing = Schedule(times, zone, broken).at(moment)
    if all(slot.off_air for slot in slots):
        raise InvalidOptionError("programme: every slot is off_air. Allowed: at least one slot with a playlist.")
    since, until = airing.since.timestamp(), airing.until.timestamp()
    given = [{name: slot[name] for name in TIMES_OPTIONS if slot[name] is not None} for slot in times]
    plain = {"slots": [slot._asdict() for slot in slots], "times": given}
    return {**airing._asdict(), "since": since, "until": until, **plain}


def _problems_of_channel(options: Mapping[str, Any]) -> list[str]:
    """Return a problem for each option of a channel that is not allowed with a programme."""
    allowed = {name: f"{name} in its slots" for name in _PLAYED}
    allowed.update(dict.fromkeys(WINDOW, "rolling, and slots that are off_air"), mode="mode in its slots")
    named = {"mode": f"mode {options['mode']}"}
    return [
        f"programme: not allowed with {named.get(name, name)}. Allowed: {allowed[name]}."
        for name in _not_default(options, CHANNEL_OPTIONS, allowed)
    ]


def _not_default(options: Mapping[str, Any], specification: Options, names: Iterable[str]) -> list[str]:
    """Return the names of those options that are not at their defaults."""
    return [name for name in names if options[name] != specification[name].get("default")]


def check_texts(options: Mapping[str, Any], *names: str) -> None:
    """Refuse options of a channel or a slot that are empty, or blank.

    Raises:
        InvalidOptionError: naming each of these options.
    """
    empty = [name for name in names if options[name] is not None and not options[name].strip()]
    raise_problems([refused(name, options[name], "a text that is not empty") for name in empty])


def _slot(options: Mapping[str, Any], read: Read) -> Slot:
    """Return a slot by its options, in the types of `SLOT_OPTIONS`."""
    check_texts(options, "title")
    if options["off_air"]:
        given = _not_default(options, SLOT_OPTIONS, (*_PLAYED, "durations", "mode", "join"))
        if given:
            raise InvalidOptionError(f"off_air: not allowed with {', '.join(given)}, because nothing is played then.")
        return Slot(True, title=options["title"])
    found = playlist(options, read)
    values = {**found.values, **{name: found.values[name] or 0 for name in START_AT}}
    seconds, problems = _durations(options, found)
    # The name of the task is checked with the channel.
    checked({"task_id": "slot", **values}, [*found.problems, *problems])
    durations = [float(one or 0) for one in seconds] if options["join"] == _IN_PROGRESS else None
    return Slot(False, values, durations, options["title"])


def _durations(options: Mapping[str, Any], found: Playlist) -> tuple[Sequence[float | None], list[str]]:
    """Return the seconds of each file of a slot, None if not known, and what is wrong with `join` and `durations`."""
    join, durations, refresh = options["join"], options["durations"], options["on_update"]
    seconds = [entry.seconds for entry in found.entries] if durations is None else durations
    count = len(found.entries)
    broken = [] if join in JOINS else [refused("join", join, " or ".join(JOINS))]
    if durations is not None:
        allowed = f"the seconds of each file, more than 0, at most {LONGEST}{f', {count} of them' if count else ''}"
        broken += [refused("durations", one, allowed) for one in durations if not 0 < one <= LONGEST]
        if count and len(durations) != count:
            broken.append(refused("durations", durations, allowed, f"{len(durations)} entries are not allowed"))
    if join == _IN_PROGRESS:
        if refresh not in (None, _AT_ONCE):
            broken.append(
                f"join: {join} is not allowed with on_update {refresh}, which goes on with the file on air."
                f" Allowed: on_update {_AT_ONCE}, or none."
            )
        broken += _missing_durations(seconds, found.entries)
    return seconds, broken


def _missing_durations(seconds: Sequence[float | None], entries: Sequence[Entry]) -> list[str]:
    """Return a problem if the duration of a file is not known."""
    missing = [number for number, one in enumerate(seconds, start=1) if one is None]
    if not missing:
        return []
    unclear = [f"{number} ({entries[number - 1].unclear!r})" for number in missing if entries[number - 1].unclear]
    named = unclear or [*map(str, missing)]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return [
        f"join: {_IN_PROGRESS} needs the duration of each file. It is {'unclear' if unclear else 'missing'} for entry"
        f" {', '.join(named[:_MOST_NAMED])}{more}. Set durations, or use an m3u in which each entry has an #EXTINF with"
        f" its seconds. Allowed: at most {LONGEST} seconds, because no window is longer."
    ]
