# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The programme of a channel: which slot plays when. Pure, without a clock. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused, shown
from .._task.fields import FIELDS, is_integer, parse_time, to_datetime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_PLANNED_DAYS = 366

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = timedelta(days=1)
_TIME_ALLOWED = 'HH:MM from "00:00" to "23:59", in quotes, because YAML takes 18:00 without them for a number'


class Airing(NamedTuple):
    """A slot that is on, or will be.

    Attributes:
        slot: its place in the programme.
        since: when it began, in UTC.
        until: when the next one begins, in UTC.
        next: the place of that one.
    """

    slot: int
    since: datetime
    until: datetime
    next: int


class Programme:
    """Slots, each of which lasts until the next one begins.

    A slot begins at the first moment at which the clocks of the zone show its time, or a later one: a time that they
    skip, when they go on; one that comes twice, the first time. Of slots that begin at the same moment the last counts.

    Args:
        slots: dictionaries with `from`, and `days` or `dates` or neither; whatever else they hold is not looked at.
        zone: the time zone of `from`.

    Raises:
        InvalidOptionError: naming all that is wrong with the times of all slots.
    """

    def __init__(self, slots: Any, zone: tzinfo) -> None:
        self._zone = zone
        self._weekly: dict[int, dict[time, int]] = {day: {} for day in range(len(DAYS))}
        self._dated: dict[date, dict[time, int]] = {}
        if not isinstance(slots, Sequence) or isinstance(slots, str) or not slots:
            raise InvalidOptionError(refused("programme", slots, "a list of at least one slot"))
        broken: list[str] = []
        for position, slot in enumerate(slots):
            try:
                begin, days, dates = _parsed(slot)
            except InvalidOptionError as error:
                broken += [f"{label(position, slot)}: {problem}" for problem in error.problems]
                continue
            grid: list[tuple[str, dict[time, int]]] = [
                *((DAYS[day], self._weekly[day]) for day in days),
                *((str(day), self._dated.setdefault(day, {})) for day in dates),
            ]
            same = {times[begin]: name for name, times in reversed(grid) if begin in times}
            broken += [
                f"{label(position, slot)}: begins when programme[{other}] does ({name}). Allowed: one slot at a time."
                for other, name in same.items()
            ]
            for _name, times in grid:
                times.setdefault(begin, position)
        if not broken and not any(self._weekly.values()):
            broken.append(
                "programme: all slots have dates, so that nothing is said of other days. Allowed: at least one without"
                " dates."
            )
        if broken:
            raise InvalidOptionError(*broken)

    def at(self, moment: datetime) -> Airing:
        """Return the slot that is on at a moment, which has a time zone.

        Raises:
            InvalidOptionError: the moment is at an end of the calendar.
        """
        return next(self._airings(moment))

    def planned(self, moment: datetime, days: Any) -> list[Airing]:
        """Return the slot that is on, and all that begin within so many days from then: 1 to 366, of 24 hours each.

        Raises:
            InvalidOptionError: that is no such number, or the moment is at an end of the calendar.
        """
        if not is_integer(days, 1, MAX_PLANNED_DAYS):
            raise InvalidOptionError(refused("days", days, f"an integer from 1 to {MAX_PLANNED_DAYS}"))
        airings: list[Airing] = []
        for airing in self._airings(moment):
            if airing.since - moment >= days * _DAY:
                break
            airings.append(airing)
        return airings

    def _airings(self, moment: datetime) -> Iterator[Airing]:
        """Yield the slot that is on at a moment, and those that follow."""
        try:
            last: tuple[datetime, int] | None = None
            for begin, slot in self._beginnings(self._day_before(moment)):
                if last and begin > moment:
                    yield Airing(last[1], last[0], begin, slot)
                last = (begin, slot)
        except OverflowError:
            # Whoever wants more than the calendar has begins too near to an end of it.
            pass
        raise InvalidOptionError(
            refused("now", moment.isoformat(), "a time that is not at an end of the calendar, years 1 to 9999")
        )

    def _day_before(self, moment: datetime) -> date:
        """Return the last day on which a slot had begun by then."""
        # The clocks may have shown the next day already, and gone back since.
        day = moment.astimezone(self._zone).date() + _DAY
        while not any(self._moment(day, begin) <= moment for begin in self._times(day)):
            day -= _DAY
        return day

    def _beginnings(self, day: date) -> Iterator[tuple[datetime, int]]:
        """Yield when slots begin, from a day on, and which; of those at one moment, the last."""
        last: tuple[datetime, int] | None = None
        while True:
            for begin, slot in sorted(self._times(day).items()):
                moment = self._moment(day, begin)
                if last and last[0] != moment:
                    yield last
                last = (moment, slot)
            day += _DAY

    def _times(self, day: date) -> Mapping[time, int]:
        return self._dated.get(day) or self._weekly[day.weekday()]

    def _moment(self, day: date, begin: time) -> datetime:
        """Return the first moment at which the clocks show this time or a later one, in UTC and whole seconds."""
        local = datetime.combine(day, begin)
        # Before and after a change of the clocks; else the same.
        early, late = sorted(
            local.replace(tzinfo=self._zone, fold=fold).astimezone(timezone.utc) for fold in (False, True)
        )
        if self._shown(early) >= local:
            return early
        # They skip it: when do they go on?
        while late - early > timedelta(seconds=1):
            middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
            early, late = (early, middle) if self._shown(middle) >= local else (middle, late)
        return late

    def _shown(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None)


def moment_of(now: object) -> datetime:
    """Return the time of the option now, RFC 3339, in UTC.

    Raises:
        InvalidOptionError: it is none.
    """
    try:
        return to_datetime(parse_time(now))
    except ValueError as error:
        raise InvalidOptionError(refused("now", now, FIELDS["start_time"].allowed, str(error))) from None


def label(position: int, slot: Any) -> str:
    """Return what messages call a slot of a programme."""
    begin = slot.get("from") if isinstance(slot, Mapping) else None
    return f"programme[{position}]{'' if begin is None else f' (from {begin})'}"


def _parsed(slot: Any) -> tuple[time, Sequence[int], Sequence[date]]:
    """Return when a slot begins: at which time, on which days of the week, on which dates.

    Raises:
        InvalidOptionError: naming all that is wrong with it.
    """
    if not isinstance(slot, Mapping):
        raise InvalidOptionError(f"{shown(slot)} is not a slot. Allowed: a dictionary of its options.")
    begin, days, dates = (slot.get(name) for name in ("from", "days", "dates"))
    broken = []
    found = _TIME.fullmatch(begin) if isinstance(begin, str) else None
    if found is None:
        broken.append(refused("from", begin, _TIME_ALLOWED, "missing" if begin is None else ""))
    if days is not None and dates is not None:
        broken.append("days, dates: both are given. Allowed: one of them, or neither for every day.")
    for name, values, allowed in (("days", days, ", ".join(DAYS)), ("dates", dates, 'dates such as "2026-12-24"')):
        if values is not None and (not isinstance(values, list) or not values):
            broken.append(refused(name, values, f"a list of {allowed}"))
            continue
        values = values or []
        wrong = [value for value in values if not (value in DAYS if name == "days" else _is_date(value))]
        broken += [refused(name, value, allowed) for value in wrong]
        twice = sorted({value for value in values if value not in wrong and values.count(value) > 1})
        broken += [f"{name}: {value} is there more than once. Allowed: each once." for value in twice]
    if broken or found is None:
        raise InvalidOptionError(*broken)
    on_days = () if dates is not None else [DAYS.index(day) for day in days or DAYS]
    return time(int(found[1]), int(found[2])), on_days, [date.fromisoformat(value) for value in dates or ()]


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(_DATE.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False
