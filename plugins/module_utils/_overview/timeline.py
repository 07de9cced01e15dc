# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A time line of some days, and where on it the window of a task lies. Pure, without a clock.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .._task.fields import parse_time, to_datetime

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Axis(NamedTuple):
    """A time line of ten days, from the midnight before yesterday, in the time zone of who looks.

    Attributes:
        now: the moment, in UTC.
        days: its midnights, the one at its end included.
        zone: the time zone.
        zone_name: what it is called.
    """

    now: datetime
    days: list[datetime]
    zone: tzinfo
    zone_name: str

    @classmethod
    def at(cls, now: object, zone: tzinfo, zone_name: str) -> Axis:
        """Return the axis around a time in RFC 3339.

        Raises:
            InvalidOptionError: this is no such time, or one without days around it.
        """
        try:
            moment = to_datetime(parse_time(now))
            today = moment.astimezone(zone).replace(hour=0, minute=0, second=0)
            # A sum is the first of two times that are the same.
            days = [today + timedelta(days=number) for number in range(-1, 10)]
            # Python tells only now whether a calendar goes so far.
            return cls(moment, [day for day in days if day.timestamp()], zone, zone_name)
        except (ValueError, OverflowError) as error:
            allowed = "RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z"
            raise InvalidOptionError(refused("now", now, allowed, str(error))) from error

    def position(self, moment: datetime) -> float:
        """Return where on the axis a moment lies, from 0 to 100."""
        begin, end = self.days[0].timestamp(), self.days[-1].timestamp()
        return round(min(max((moment.timestamp() - begin) / (end - begin), 0.0), 1.0) * 100, 2)

    def written(self, time: str | None) -> dict[str, str | None] | None:
        """Return a time in normal form as people read it, in UTC and in the time zone, if that is another."""
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
            "days": [
                {"label": f"{_WEEKDAYS[day.weekday()]} {day.day}", "at": self.position(day)} for day in self.days[:-1]
            ],
        }


def window(start: Mapping[str, Any] | None, end: Mapping[str, Any] | None, axis: Axis) -> list[str]:
    """Return the window of a task in words, in UTC and in the time zone, if that is another."""
    lines = []
    for form in ["utc"] if axis.zone == timezone.utc else ["utc", "local"]:
        first = "no start" if start is None else start[form] or start["utc"]
        last = "no end" if end is None else end[form] or end["utc"]
        moment, gap, offset = first.rpartition(" ")
        first = moment if start and end and last.endswith(gap + offset) else first
        lines.append(f"{first} \u2013 {last}")
    return lines


def stripe(values: Mapping[str, Any], axis: Axis) -> dict[str, Any] | None:
    """Return where on the axis the window of a task lies, and whether it goes on beyond; None if nobody can tell."""
    if not {"start_time", "end_time"} <= values.keys():
        return None
    first, last = axis.days[0], axis.days[-1]
    start = None if values["start_time"] is None else to_datetime(values["start_time"])
    end = None if values["end_time"] is None else to_datetime(values["end_time"])
    left = axis.position(start or first)
    return {
        "left": left,
        "width": round(max(axis.position(end or last) - left, 0.0), 2),
        "from_before": start is None or start < first,
        "goes_on": end is None or end > last,
    }


def _written(moment: datetime) -> str:
    """Return a moment as people read it, with its distance from UTC; seconds only where there are any."""
    naive = moment.replace(tzinfo=None).isoformat(" ", "seconds" if moment.second else "minutes")
    return f"{naive} {moment.isoformat()[19:].replace('+00:00', 'UTC')}"
