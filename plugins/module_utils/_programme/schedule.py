# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule of a programme: which slot is on, and when the next one begins. Pure, without a clock.

Private to this collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from itertools import takewhile
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, raise_problems, refused, shown
from .._task.fields import FIELDS, is_integer, parse_time, to_datetime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_PLANNED_DAYS = 366

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = timedelta(days=1)
_TIME_ALLOWED = 'HH:MM from "00:00" to "23:59", in quotes, because YAML reads 18:00 without quotes as a number'


class Airing(NamedTuple):
    """The time that a slot is on.

    Attributes:
        slot: the position of the slot in the programme.
        since: when the slot begins, in UTC.
        until: when the next slot begins, in UTC.
        next: the position of the next slot.
    """

    slot: int
    since: datetime
    until: datetime
    next: int


class Schedule:
    """The times of slots, each of which lasts until the next one begins.

    A slot begins at the first moment at which the clocks of the zone show its time or a later one. If the clocks skip
    its time, it begins when they go on. If they show its time twice, it begins the first time. If several slots begin
    at the same moment, the last one counts.

    Args:
        slots: dictionaries with `from`, and `days` or `dates` or neither. Their other options are ignored.
        zone: the time zone of `from`.
        problems: what is wrong with other options.

    Raises:
        InvalidOptionError: naming everything that is wrong with the times of the slots, and these problems.
    """

    def __init__(self, slots: Any, zone: tzinfo, problems: Sequence[str] = ()) -> None:
        self._zone = zone
        self._weekly: dict[int, dict[time, int]] = {day: {} for day in range(len(DAYS))}
        self._dated: dict[date, dict[time, int]] = {}
        if not isinstance(slots, Sequence) or isinstance(slots, str) or not slots:
            raise InvalidOptionError(refused("programme", slots, "a list of at least one slot"), *problems)
        broken: list[str] = []
        for position, slot in enumerate(slots):
            broken += [f"{label(position, slot)}: {problem}" for problem in self._add(position, slot)]
        if not broken and not any(self._weekly.values()):
            broken.append(
                "programme: all slots have dates, so no slot begins on other dates. Allowed: at least one slot"
                " without dates."
            )
        raise_problems([*broken, *problems])

    def _add(self, position: int, slot: Any) -> list[str]:
        """Add the times of a slot, and return everything that is wrong with them."""
        if not isinstance(slot, Mapping):
            return [f"{shown(slot)} is not a slot. Allowed: a dictionary of its options."]
        begin, days, dates = (slot.get(name) for name in ("from", "days", "dates"))
        found = _TIME.fullmatch(begin) if isinstance(begin, str) else None
        broken = [] if found else [refused("from", begin, _TIME_ALLOWED, "missing" if begin is None else "")]
        if days is not None and dates is not None:
            broken.append("days, dates: both are given. Allowed: one of them, or neither for every day.")
        broken += _problems("days", days, ", ".join(DAYS)) + _problems("dates", dates, 'dates such as "2026-12-24"')
        if broken or found is None:
            return broken
        moment = time(int(found[1]), int(found[2]))
        names = {day: self._weekly[DAYS.index(day)] for day in days or DAYS if dates is None}
        names.update({day: self._dated.setdefault(date.fromisoformat(day), {}) for day in dates or ()})
        same = {times[moment]: name for name, times in reversed(names.items()) if moment in times}
        for times in names.values():
            times.setdefault(moment, position)
        why = "begins at the same time as programme[{}] on {}. Allowed: one slot at a time."
        return [why.format(other, name) for other, name in same.items()]

    def at(self, moment: datetime) -> Airing:
        """Return the slot that is on at a moment, which has a time zone.

        Raises:
            InvalidOptionError: the moment is too near to an end of the calendar.
        """
        return next(self._airings(moment))

    def planned(self, moment: datetime, days: Any) -> list[Airing]:
        """Return the slot that is on, and all slots that begin within 1 to 366 days, of 24 hours each.

        Raises:
            InvalidOptionError: `days` is not allowed, or the moment is too near to an end of the calendar.
        """
        check_days(days)
        return [*takewhile(lambda airing: airing.since - moment < days * _DAY, self._airings(moment))]

    def _airings(self, moment: datetime) -> Iterator[Airing]:
        """Yield the slot that is on at a moment, and those that follow."""
        try:
            last: tuple[datetime, int] | None = None
            for begin, slot in self._beginnings(self._day_of_last_begin(moment)):
                if last and begin > moment:
                    yield Airing(last[1], last[0], begin, slot)
                last = (begin, slot)
        except OverflowError:
            allowed = "a time that is not at an end of the calendar, years 1 to 9999"
            raise InvalidOptionError(refused("now", moment.isoformat(), allowed)) from None

    def _day_of_last_begin(self, moment: datetime) -> date:
        """Return the last day on which a slot had begun by a moment."""
        # The clocks may have shown the next day, and gone back since.
        day = moment.astimezone(self._zone).date() + _DAY
        while not any(self._moment(day, begin) <= moment for begin in self._times(day)):
            day -= _DAY
        return day

    def _beginnings(self, day: date) -> Iterator[tuple[datetime, int]]:
        """Yield when slots begin, from a day on, and their positions. Of those at one moment, yield the last."""
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
        # The offsets before and after a change of the clocks; otherwise they are the same.
        early, late = sorted(
            local.replace(tzinfo=self._zone, fold=fold).astimezone(timezone.utc) for fold in (False, True)
        )
        if self._shown(early) >= local:
            return early
        # The clocks skip this time: find when they go on.
        while late - early > timedelta(seconds=1):
            middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
            early, late = (early, middle) if self._shown(middle) >= local else (middle, late)
        return late

    def _shown(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None)


def check_days(days: object) -> None:
    """Refuse a number of days that is not allowed for a plan.

    Raises:
        InvalidOptionError: it is not an integer from 1 to 366.
    """
    if not is_integer(days, 1, MAX_PLANNED_DAYS):
        raise InvalidOptionError(refused("days", days, f"an integer from 1 to {MAX_PLANNED_DAYS}"))


def moment_of(now: object, option: str = "now") -> datetime:
    """Return an option that is a time in RFC 3339, in UTC.

    Raises:
        InvalidOptionError: it is not such a time.
    """
    try:
        return to_datetime(parse_time(now))
    except ValueError as error:
        raise InvalidOptionError(refused(option, now, FIELDS["start_time"].allowed, str(error))) from None


def weekday(day: date) -> str:
    """Return the weekday of a day for people, such as `Mon`."""
    return DAYS[day.weekday()].title()


def label(position: int, slot: Any) -> str:
    """Return the name of a slot in messages."""
    begin = slot.get("from") if isinstance(slot, Mapping) else None
    return f"programme[{position}]{'' if begin is None else f' (from {begin})'}"


def _problems(name: str, values: Any, allowed: str) -> list[str]:
    """Return what is wrong with the days or the dates of a slot."""
    if values is None:
        return []
    if not isinstance(values, list) or not values:
        return [refused(name, values, f"a list of {allowed}")]
    wrong = [value for value in values if not (value in DAYS if name == "days" else _is_date(value))]
    twice = sorted({value for value in values if value not in wrong and values.count(value) > 1})
    return [refused(name, value, allowed) for value in wrong] + [
        f"{name}: {value} is given more than once. Allowed: each once." for value in twice
    ]


def _is_date(value: object) -> bool:
    with suppress(ValueError):
        return isinstance(value, str) and bool(_DATE.fullmatch(value) and date.fromisoformat(value))
    return False
