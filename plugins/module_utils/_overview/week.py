# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a programme as rows of a table: when each slot begins and ends, and what it plays. Pure.

Private to this collection.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from .._errors import counted
from .._masking import clean
from .._programme.programmes import Listed
from .._programme.schedule import DAYS, Airing, Schedule, moment_of, weekday
from .._programme.slots import Slot, Tools
from .._task.fields import START_AT
from .columns import columns
from .summary import playing

# Rows of one channel. If each slot lasts an hour, a week has 168.
_MOST_ROWS = 170
_MOST_LINES = 500


class _Span(NamedTuple):
    """A span of time in which a channel plays one playlist.

    Attributes:
        since: when it begins, in UTC.
        until: when it ends, in UTC.
        joins: where in the playlist it begins; empty at its beginning.
        plays: what plays.
    """

    since: datetime
    until: datetime
    joins: str
    plays: str


def week(channel: Listed, moment: datetime, days: Any) -> dict[str, Any]:
    """Return the plan of a channel: `timezone`, `rows`, and how many `more` rows are left out.

    Args:
        channel: the channel.
        moment: the current time.
        days: how many days it covers, 1 to 366.

    Raises:
        InvalidOptionError: `days` is not allowed, or the moment is too near to an end of the calendar.
    """
    airings = channel.schedule.planned(moment, days)
    slots = [_titled(slot["title"], files(slot)) for slot in channel.slots]
    spans = [(airing.since, airing.until) for airing in airings[:_MOST_ROWS]]
    rows = [
        {"start": start, "end": end, "plays": slots[airing.slot]}
        for airing, (start, end) in zip(airings, _times(spans, channel.zone))
    ]
    return {"timezone": clean(channel.options["timezone"] or "UTC"), "rows": rows, "more": len(airings) - len(rows)}


def files(slot: Mapping[str, Any]) -> str:
    """Return what a slot plays: the names of its first files, or the name of its playlist file.

    Args:
        slot: the options of the slot, in the types of `SLOT_OPTIONS`.
    """
    if slot["off_air"]:
        return "off air"
    if slot["source_urls"] is not None:
        return playing(slot["source_urls"])
    return "?" if slot["m3u"] is None else clean(str(slot["m3u"]).rpartition("/")[2])


def rehearsal(channels: Sequence[Mapping[str, Any]], now: str, days: Any, tools: Tools) -> list[str]:
    """Return the plans of channels as a table: start and end in the channel's zone, what plays, and where it starts.

    Args:
        channels: the result of `parsed_channels`, without problems. Those without a programme are left out.
        now: the current time, RFC 3339.
        days: how many days the plan covers, 1 to 366.
        tools: functions that convert values of the user.

    Raises:
        InvalidOptionError: `now` or `days` is not allowed.
    """
    moment = moment_of(now)
    lines: list[str] = []
    planned = [channel for channel in channels if channel["options"] and channel["options"]["programme"]]
    for number, channel in enumerate(planned):
        lines += _lines(channel, moment, days, tools)
        left = len(planned) - number - 1
        if left and len(lines) >= _MOST_LINES:
            return [*lines, f"and {counted(left, 'more channel')} with a programme. Give fewer channels to see them."]
    return lines


def _lines(channel: Mapping[str, Any], moment: datetime, days: Any, tools: Tools) -> list[str]:
    """Return the plan of a channel as lines."""
    options = channel["options"]
    slots = [Slot(**slot) for slot in options["programme"]["slots"]]
    zone = tools.zone_of(options)
    spans: list[_Span] = []
    for airing in Schedule(options["programme"]["times"], zone).planned(moment, days):
        spans += _spans(slots[airing.slot], airing, moment)
    listed = spans[:_MOST_ROWS]
    times = _times([(span.since, span.until) for span in listed], zone)
    rows = [(*words, span.joins, span.plays) for words, span in zip(times, listed)]
    more = [f"and {len(spans) - len(listed)} more"] if len(spans) > len(listed) else []
    off_air = ", but on_air is false" if options["on_air"] is False else ""
    where = f"{channel['label'].removesuffix(': ')}, {counted(days, 'day')} in {options['timezone'] or 'UTC'}{off_air}"
    return [where, *columns([("START", "END", "JOINS AT", "PLAYS"), *rows]), *more]


def _spans(slot: Slot, airing: Airing, moment: datetime) -> Iterator[_Span]:
    """Yield the time in which a slot plays, and the time that is left if its playlist ends before the next slot."""
    if slot.off_air:
        yield _Span(airing.since, airing.until, "", _titled(slot.title, "off air"))
        return
    late = max((moment - airing.since).total_seconds(), 0)
    index, second = (slot.joined(late)[name] for name in START_AT)
    joins = f"file {index + 1}, {timedelta(seconds=second)}" if index or second else ""
    ends = (
        min(airing.since + timedelta(seconds=math.ceil(slot.seconds)), airing.until) if slot.seconds else airing.until
    )
    yield _Span(airing.since, ends, joins, _titled(slot.title, playing(slot.values["source_urls"])))
    if ends < airing.until:
        yield _Span(ends, airing.until, "", "nothing, the playlist has ended")


def _titled(title: str | None, plays: str) -> str:
    # No colon: YAML callbacks quote a line with one.
    return plays if title is None else f"{clean(title)} ({plays})"


def _times(spans: Sequence[tuple[datetime, datetime]], zone: tzinfo) -> list[tuple[str, str]]:
    """Return the start and the end of each span in words, with the offset from UTC if that changes between them."""
    local = [(since.astimezone(zone), until.astimezone(zone)) for since, until in spans]
    changes = len({moment.utcoffset() for times in local for moment in times}) > 1
    found = []
    for start, end in local:
        later = (end.date() - start.date()).days
        day = "" if not later else f"{weekday(end)} " if later < len(DAYS) else _day(end)
        found.append((f"{_day(start)}{_time(start, changes)}", f"{day}{_time(end, changes)}"))
    return found


def _day(moment: datetime) -> str:
    return f"{weekday(moment)} {moment.date()} "


def _time(moment: datetime, with_offset: bool) -> str:
    time = moment.time().isoformat("seconds" if moment.second else "minutes")
    return f"{time}{f' {moment.isoformat()[19:]}' if with_offset else ''}"
