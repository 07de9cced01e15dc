# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A time axis of ten days, and the window of a task on it. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .._programme.schedule import weekday
from .._task.fields import WINDOW, parse_time, to_datetime


class Axis(NamedTuple):
    """A time axis of ten days that begins with yesterday, in the time zone of the reader.

    Attributes:
        now: the current time, in UTC.
        days: the midnights of the axis, including the one at its end.
        zone: the time zone.
        zone_name: the name of the time zone.
    """

    now: datetime
    days: list[datetime]
    zone: tzinfo
    zone_name: str

    @classmethod
    def at(cls, now: object, zone: tzinfo, zone_name: str) -> Axis:
        """Return the axis around a time in RFC 3339.

        Raises:
            InvalidOptionError: `now` is not such a time, or is too near to an end of the calendar.
        """
        try:
            moment = to_datetime(parse_time(now))
            today = moment.astimezone(zone).replace(hour=0, minute=0, second=0)
            # Addition gives fold=0, the earlier of two ambiguous midnights.
            days = [today + timedelta(days=number) for number in range(-1, 10)]
            # Only timestamp() fails for a day that the calendar does not have.
            return cls(moment, [day for day in days if day.timestamp()], zone, zone_name)
        except (ValueError, OverflowError) as error:
            allowed = "RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z"
            raise InvalidOptionError(refused("now", now, allowed, str(error))) from error

    def position(self, moment: datetime) -> float:
        """Return the position of a moment on the axis, from 0 to 100."""
        begin, end = self.days[0].timestamp(), self.days[-1].timestamp()
        return round(min(max((moment.timestamp() - begin) / (end - begin), 0.0), 1.0) * 100, 2)

    def written(self, time: str | None) -> dict[str, str | None] | None:
        """Return a time in normal form for people, in UTC and in the time zone. `local` is None if the zone is UTC."""
        if time is None:
            return None
        moment = to_datetime(time)
        try:
            local = None if self.zone == timezone.utc else _written(moment.astimezone(self.zone))
        except OverflowError:
            local = None
        return {"time": time, "utc": _written(moment), "local": local}

    def result(self) -> dict[str, Any]:
        """Return the axis for the page."""
        return {
            "now": self.position(self.now),
            "moment": self.written(parse_time(self.now.isoformat())),
            "timezone": self.zone_name,
            "days": [{"label": f"{weekday(day)} {day.day}", "at": self.position(day)} for day in self.days[:-1]],
        }

    def window_words(self, start: Mapping[str, Any] | None, end: Mapping[str, Any] | None) -> list[str]:
        """Return the window of a task in words: in UTC, and in the time zone if that is not UTC."""
        words = []
        for form in ["utc"] if self.zone == timezone.utc else ["utc", "local"]:
            first = "no start" if start is None else start[form] or start["utc"]
            last = "no end" if end is None else end[form] or end["utc"]
            moment, gap, offset = first.rpartition(" ")
            first = moment if start and end and last.endswith(gap + offset) else first
            words.append(f"{first} \u2013 {last}")
        return words

    def window_bar(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the window of a task as a bar on the axis; None if its times cannot be understood."""
        if not {*WINDOW} <= values.keys():
            return None
        start, end = (values[name] and to_datetime(values[name]) for name in WINDOW)
        left = self.position(start or self.days[0])
        return {
            "left": left,
            "width": round(max(self.position(end or self.days[-1]) - left, 0.0), 2),
            "from_before": start is None or start < self.days[0],
            "goes_on": end is None or end > self.days[-1],
        }


def _written(moment: datetime) -> str:
    """Return a moment for people, with its offset from UTC. Seconds are left out if they are 0."""
    naive = moment.replace(tzinfo=None).isoformat(" ", "seconds" if moment.second else "minutes")
    return f"{naive} {moment.isoformat()[19:].replace('+00:00', 'UTC')}"
