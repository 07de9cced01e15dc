# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule of a programme, and the position in a playlist that began some time ago."""

from __future__ import annotations

import functools
import random
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.position import position
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.schedule import (
    DAYS,
    Airing,
    Schedule,
    moment_of,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS
from ansible_collections.huaweicloud.live.tests.emulator import player, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.viewers import is_a_second_late_at_most

UTC = timezone.utc
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)

STATION = [
    {"from": "06:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat"]},
    {"from": "08:30", "days": ["sun"]},
    {"from": "18:00"},
    {"from": "23:00"},
    {"from": "10:00", "dates": ["2026-12-24"]},
    {"from": "20:15", "dates": ["2026-12-24", "2026-12-31"]},
]


def utc(text: str) -> datetime:
    """The moment of a text such as 2026-12-24 20:15, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def zone(name: str) -> tzinfo:
    """The zone of that name."""
    return zoneinfo.ZoneInfo(name)


class TestGrids:
    @pytest.mark.parametrize(
        ("moment", "slot", "since", "until", "following"),
        [
            # A Monday.
            ("2026-11-23 06:00", 0, "2026-11-23 06:00", "2026-11-23 18:00", 2),
            ("2026-11-23 17:59", 0, "2026-11-23 06:00", "2026-11-23 18:00", 2),
            ("2026-11-23 18:00", 2, "2026-11-23 18:00", "2026-11-23 23:00", 3),
            # Over midnight, into a Sunday.
            ("2026-11-22 05:59", 3, "2026-11-21 23:00", "2026-11-22 08:30", 1),
            ("2026-11-22 12:00", 1, "2026-11-22 08:30", "2026-11-22 18:00", 2),
            # A date has its own slots alone, and what was on before goes on until then.
            ("2026-12-24 09:59", 3, "2026-12-23 23:00", "2026-12-24 10:00", 4),
            ("2026-12-24 18:00", 4, "2026-12-24 10:00", "2026-12-24 20:15", 5),
            ("2026-12-25 03:00", 5, "2026-12-24 20:15", "2026-12-25 06:00", 0),
            ("2026-12-31 18:30", 3, "2026-12-30 23:00", "2026-12-31 20:15", 5),
        ],
    )
    def test_the_slot_that_began_last_is_on(
        self, moment: str, slot: int, since: str, until: str, following: int
    ) -> None:
        assert Schedule(STATION, UTC).at(utc(moment)) == Airing(slot, utc(since), utc(until), following)

    @pytest.mark.parametrize(
        ("name", "moment", "expected"),
        [
            ("Asia/Shanghai", "2026-11-22 22:00", ("2026-11-22 22:00", 0)),
            ("America/New_York", "2026-11-22 13:29", ("2026-11-22 04:00", 3)),
            ("Asia/Kathmandu", "2026-11-22 12:15", ("2026-11-22 12:15", 2)),
            # The east of the date line is a day ahead.
            ("Pacific/Kiritimati", "2026-11-21 18:30", ("2026-11-21 18:30", 1)),
        ],
    )
    def test_times_are_in_the_time_zone(self, name: str, moment: str, expected: tuple[str, int]) -> None:
        on = Schedule(STATION, zone(name)).at(utc(moment))
        assert (on.since, on.slot) == (utc(expected[0]), expected[1])

    @pytest.mark.parametrize(
        ("name", "begins", "days", "expected"),
        [
            # 02:00 is skipped for 03:00: what would begin in between begins at once, and the last of it is on.
            ("Europe/Berlin", ("01:00", "02:30", "04:00"), ["2026-03-29"], ["00:00", "01:00", "02:00"]),
            ("Europe/Berlin", ("01:00", "02:00", "02:30"), ["2026-03-29"], ["00:00", "01:00"]),
            # It is 02:00 twice: what began the first time does not begin again.
            ("Europe/Berlin", ("02:00", "02:30", "03:00"), ["2026-10-25"], ["00:00", "00:30", "02:00"]),
            ("Australia/Lord_Howe", ("01:45", "02:00"), ["2026-04-05"], ["14:45", "15:30"]),
            # Midnight itself is skipped, or comes twice.
            ("America/Santiago", ("00:00", "01:30"), ["2026-09-06"], ["04:00", "04:30"]),
            ("America/St_Johns", ("00:00", "23:30"), ["2006-10-29"], ["02:00", "02:30", "03:00"]),
            # A whole day is skipped.
            ("Pacific/Apia", ("12:00",), ["2011-12-29", "2011-12-30", "2011-12-31"], ["22:00", "10:00", "22:00"]),
        ],
    )
    def test_a_change_of_the_clocks_neither_skips_nor_repeats_a_slot(
        self, name: str, begins: Sequence[str], days: Sequence[str], expected: list[str]
    ) -> None:
        programme = Schedule([{"from": begin} for begin in begins], zone(name))
        first = datetime.fromisoformat(days[0]).replace(tzinfo=zone(name)).astimezone(UTC)
        # From the day before in local time, where a slot may begin that is counted to the day.
        found = [airing.since for airing in programme.planned(first - HOUR, 3)]
        assert [f"{since:%H:%M}" for since in found[1 : 1 + len(expected)]] == expected

    @pytest.mark.parametrize("minute", range(60))
    def test_a_slot_at_a_skipped_time_begins_when_the_clocks_go_on(self, minute: int) -> None:
        """To the second. If two such slots begin at the same moment, the last one is on."""
        slots = [{"from": "01:00"}, *({"from": f"02:{late:02}"} for late in sorted({0, minute}))]
        airing = Schedule(slots, zone("Europe/Paris")).at(utc("2027-03-28 00:30"))
        assert airing == Airing(0, utc("2027-03-28 00:00"), utc("2027-03-28 01:00"), len(slots) - 1)

    def test_the_clocks_may_go_back_to_the_day_before(self) -> None:
        """They did so at a minute past midnight, in 2010: the slot of Sunday is on, and it is Saturday again."""
        slots = [{"from": "00:00", "days": ["sun"]}, {"from": "12:00"}]
        airing = Schedule(slots, zone("America/St_Johns")).at(utc("2010-11-07 03:00"))
        assert (airing.slot, airing.since) == (0, utc("2010-11-07 02:30"))

    def test_a_single_slot_follows_itself(self) -> None:
        programme = Schedule([{"from": "06:00", "days": ["mon"]}], UTC)
        assert programme.at(utc("2026-11-26 12:00")) == Airing(0, utc("2026-11-23 06:00"), utc("2026-11-30 06:00"), 0)

    def test_a_programme_without_slots_hides_no_other_problem(self) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            Schedule([], UTC, ["timezone: 'Mars' is not allowed."])
        assert caught.value.problems == (
            "programme: [] is not allowed. Allowed: a list of at least one slot.",
            "timezone: 'Mars' is not allowed.",
        )

    def test_dates_may_hide_a_slot_for_weeks(self) -> None:
        sundays = [str(date(2026, 10, 4) + number * 7 * DAY) for number in range(9)]
        programme = Schedule(
            [{"from": "06:00", "days": ["sun"]}, {"from": "07:00", "dates": sundays}], zone("Europe/Paris")
        )
        assert programme.at(utc("2026-10-04 04:59")).since == utc("2026-09-27 04:00")
        assert programme.at(utc("2026-11-30 00:00")) == Airing(1, utc("2026-11-29 06:00"), utc("2026-12-06 05:00"), 0)

    def test_the_plan_begins_with_the_slot_that_is_on(self) -> None:
        plan = Schedule(STATION, UTC).planned(utc("2026-12-24 12:00"), 1)
        assert [(airing.slot, airing.since) for airing in plan] == [
            (4, utc("2026-12-24 10:00")),
            (5, utc("2026-12-24 20:15")),
            (0, utc("2026-12-25 06:00")),
        ]

    def test_what_begins_when_the_plan_ends_is_not_in_it(self) -> None:
        plan = Schedule([{"from": "06:00"}, {"from": "18:00"}], UTC).planned(utc("2026-11-22 06:00"), 2)
        assert [airing.slot for airing in plan] == [0, 1, 0, 1]

    @pytest.mark.parametrize(
        ("now", "reason"), [("now", "'now' is not allowed"), ("2026-11-22T12:00:00", "'{}' has no time zone")]
    )
    def test_a_wrong_time_is_refused(self, now: str, reason: str) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            moment_of(now)
        assert caught.value.message == f"now: {reason.format(now)}. Allowed: {FIELDS['start_time'].allowed}."

    @pytest.mark.parametrize("moment", [datetime.min, datetime.max], ids=str)
    def test_an_end_of_the_calendar_is_refused(self, moment: datetime) -> None:
        for name in ("UTC", "Asia/Tokyo", "America/Lima"):
            with pytest.raises(InvalidOptionError) as caught:
                Schedule(STATION, zone(name)).at(moment.replace(tzinfo=UTC))
            assert caught.value.message == (
                f"now: '{moment.isoformat()}+00:00' is not allowed. Allowed: a time that is not at an end of the"
                " calendar, years 1 to 9999."
            )


class TestMistakes:
    @pytest.mark.parametrize(
        ("slots", "reasons"),
        [
            (None, ["programme: None is not allowed. Allowed: a list of at least one slot."]),
            ([], ["programme: [] is not allowed"]),
            ({"from": "06:00"}, ["programme: {'from'"]),
            ("06:00", ["programme: '06:00' is not allowed"]),
            (["06:00"], ["programme[0]: '06:00' is not a slot"]),
            ([{}], ["programme[0]: from: missing. Allowed: HH:MM from"]),
            *(
                ([{"from": begin}], [f"from: {begin!r} is not allowed"])
                for begin in ("6:00", "24:00", "1080", "06:00Z")
            ),
            ([{"from": 1080}], ["programme[0] (from 1080): from: 1080 is not allowed", "without quotes as a number"]),
            ([{"from": "06:00", "days": ["mon", "Sun"]}], ["days: 'Sun' is not allowed. Allowed: mon, tue, wed"]),
            ([{"from": "06:00", "days": []}], ["days: [] is not allowed"]),
            ([{"from": "06:00", "days": ["mon", "mon"]}], ["days: mon is given more than once"]),
            ([{"from": "06:00"}, {"from": "06:00", "dates": ["2026-02-29"]}], ["dates: '2026-02-29' is not allowed"]),
            ([{"from": "06:00"}, {"from": "06:00", "dates": ["24.12.2026"]}], ["dates: '24.12.2026' is not allowed"]),
            ([{"from": "06:00"}, {"from": "06:00", "dates": ["20261224"]}], ["dates: '20261224' is not allowed"]),
            ([{"from": "06:00", "days": ["mon"], "dates": ["2026-12-24"]}], ["days, dates: both are given"]),
            ([{"from": "06:00", "dates": ["2026-12-24"]}], ["programme: all slots have dates"]),
            (
                [{"from": "06:00"}, {"from": "06:00", "days": ["tue", "sun"]}],
                ["programme[1] (from 06:00): begins at the same time as programme[0] on tue"],
            ),
            (
                [{"from": "06:00"}, *2 * [{"from": "07:00", "dates": ["2026-12-24"]}]],
                ["programme[2] (from 07:00): begins at the same time as programme[1] on 2026-12-24"],
            ),
        ],
        ids=str,
    )
    def test_a_mistake_is_named(self, slots: Any, reasons: Sequence[str]) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            Schedule(slots, UTC)
        assert all(reason in caught.value.message for reason in reasons), caught.value.message

    def test_all_mistakes_of_all_slots_are_named(self) -> None:
        slots = [
            {"from": "6"},
            {"from": "06:00", "days": ["x", "y"]},
            {"from": "07:00"},
            {"days": 5},
            {"from": "07:00"},
        ]
        with pytest.raises(InvalidOptionError) as caught:
            Schedule(slots, UTC)
        for part in (
            "programme[0] (from 6): from: '6'",
            "programme[1] (from 06:00): days: 'x' is not allowed",
            "days: 'y' is not allowed",
            "programme[3]: from: missing",
            "days: 5 is not allowed",
            "programme[4] (from 07:00): begins at the same time as programme[2] on mon",
        ):
            assert part in caught.value.message
        assert "programme[2] (" not in caught.value.message

    @pytest.mark.parametrize(
        ("slots", "message"),
        [
            (
                [{"from": "06:00", "days": 5, "dates": ["x"]}],
                "programme[0] (from 06:00): days, dates: both are given. Allowed: one of them, or neither for every"
                " day. programme[0] (from 06:00): days: 5 is not allowed. Allowed: a list of mon, tue, wed, thu,"
                " fri, sat, sun. programme[0] (from 06:00): dates: 'x' is not allowed. Allowed: dates such as"
                ' "2026-12-24".',
            ),
            (
                [{"from": "06:00", "days": [], "dates": []}],
                "programme[0] (from 06:00): days, dates: both are given. Allowed: one of them, or neither for every"
                " day. programme[0] (from 06:00): days: [] is not allowed. Allowed: a list of mon, tue, wed, thu,"
                " fri, sat, sun. programme[0] (from 06:00): dates: [] is not allowed. Allowed: a list of dates such"
                ' as "2026-12-24".',
            ),
            (
                [{"from": "06:00", "dates": ["2026-12-24"]}],
                "programme: all slots have dates, so no slot begins on other dates. Allowed: at least one slot"
                " without dates.",
            ),
            (
                [{"from": "6", "days": ["Sun", "mon", "mon"]}, {"days": ["tue"]}],
                'programme[0] (from 6): from: \'6\' is not allowed. Allowed: HH:MM from "00:00" to "23:59", in'
                " quotes, because YAML reads 18:00 without quotes as a number. programme[0] (from 6): days: 'Sun' is"
                " not allowed. Allowed: mon, tue, wed, thu, fri, sat, sun. programme[0] (from 6): days: mon is"
                " given more than once. Allowed: each once. programme[1]: from: missing. Allowed: HH:MM from"
                ' "00:00" to "23:59", in quotes, because YAML reads 18:00 without quotes as a number.',
            ),
            (
                [{"from": "06:00"}, {"from": "06:00", "days": ["tue", "sun"]}],
                "programme[1] (from 06:00): begins at the same time as programme[0] on tue. Allowed: one slot at a"
                " time.",
            ),
            ([], "programme: [] is not allowed. Allowed: a list of at least one slot."),
        ],
        ids=str,
    )
    def test_a_message_says_what_is_wrong_and_what_is_allowed(self, slots: Any, message: str) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            Schedule(slots, UTC)
        assert caught.value.message == message

    @pytest.mark.parametrize("days", [0, 367, "1", True, None])
    def test_the_days_of_a_plan_have_a_range(self, days: object) -> None:
        with pytest.raises(InvalidOptionError, match=r"days: .*from 1 to 366"):
            Schedule(STATION, UTC).planned(utc("2026-12-24 12:00"), days)


# Against someone who looks at the clock every minute

CHANGES = [
    ("Europe/Berlin", 2026),
    ("Australia/Lord_Howe", 2026),
    ("Antarctica/Troll", 2026),
    ("Africa/Casablanca", 2026),
    ("Asia/Gaza", 2026),
    ("America/St_Johns", 2006),
    ("America/Santiago", 2026),
    ("America/Havana", 2026),
    ("Asia/Tehran", 2021),
    ("Pacific/Chatham", 2026),
    ("America/Caracas", 2007),
    ("Asia/Pyongyang", 2018),
    ("Pacific/Apia", 2011),
    ("Pacific/Kwajalein", 1993),
    ("America/Scoresbysund", 2024),
    ("Asia/Kathmandu", 1986),
]


@functools.cache
def changes(name: str, year: int) -> Sequence[datetime]:
    """About when the clocks of a zone change in a year; the middle of it where they do not."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + number * 6 * HOUR for number in range(4 * 366)]
    offsets = [moment.astimezone(zone(name)).utcoffset() for moment in hours]
    return [moment for moment, one, other in zip(hours, offsets, offsets[1:]) if one != other] or [
        datetime(year, 7, 1, tzinfo=UTC)
    ]


def begins(slots: Sequence[Mapping[str, Any]], local: datetime) -> int | None:
    """Return the slot of the programme at a minute of local time, as a person reads it."""
    day, weekday = f"{local:%Y-%m-%d}", f"{local:%a}".lower()
    special = any(day in slot.get("dates", ()) for slot in slots)
    for place, slot in enumerate(slots):
        on_day = day in slot.get("dates", ()) if special else "dates" not in slot and weekday in slot.get("days", DAYS)
        if on_day and slot["from"] == f"{local:%H:%M}":
            return place
    return None


def watched(
    slots: Sequence[Mapping[str, Any]], name: str, first: datetime, last: datetime
) -> Iterator[tuple[datetime, int]]:
    """Return when slots begin, and which, for a person who reads the clock every minute."""
    moment = first
    latest = moment.astimezone(zone(name)).replace(tzinfo=None)
    times = {(int(slot["from"][:2]), int(slot["from"][3:])) for slot in slots}
    where = zone(name)
    while moment < last:
        moment += MINUTE
        shown = moment.astimezone(where).replace(tzinfo=None)
        begun = None
        # All minutes that the clock had not shown yet; none where it goes through an hour once more.
        while latest < shown:
            latest += MINUTE
            if (latest.hour, latest.minute) in times:
                place = begins(slots, latest)
                begun = begun if place is None else place
        if begun is not None:
            yield moment, begun


def check(slots: Sequence[Mapping[str, Any]], name: str, first: datetime, last: datetime) -> None:
    """Compare a schedule with the clock that was watched."""
    programme = Schedule(slots, zone(name))
    seen = [*watched(slots, name, first, last)]
    for (since, slot), (until, following) in zip(seen, seen[1:]):
        expected = Airing(slot, since, until, following)
        length = int((until - since).total_seconds())
        moments = {since, until - SECOND, since + random.Random(length).randrange(length) * SECOND}
        assert [programme.at(moment) for moment in sorted(moments)] == [expected] * len(moments)
    if seen:
        plan = programme.planned(seen[0][0], 366)
        both = min(len(plan), len(seen))
        assert [(airing.since, airing.slot) for airing in plan[:both]] == seen[:both]
        assert [airing.until for airing in plan[: both - 1]] == [since for since, _slot in seen[1:both]]


minutes = st.sampled_from(["00:00", "00:01", "00:30", "01:00", "01:59", "02:00", "02:15", "02:30", "03:00", "23:59"])
any_minutes = minutes | st.integers(0, 1439).map(lambda number: f"{number // 60:02}:{number % 60:02}")
some_days = st.sets(st.sampled_from(DAYS), min_size=1).map(lambda days: {"days": sorted(days)})
weekly = st.tuples(any_minutes, some_days | st.just({})).map(lambda drawn: {"from": drawn[0], **drawn[1]})
far_off = st.sets(st.integers(-2, 2), min_size=1, max_size=4)
dated = st.tuples(any_minutes, far_off).map(lambda drawn: {"from": drawn[0], "far": drawn[1]})
grids = st.tuples(
    st.lists(weekly, min_size=1, max_size=6, unique_by=lambda slot: slot["from"]),
    st.lists(dated, max_size=3, unique_by=lambda slot: slot["from"]),
)
all_zones = sorted(zoneinfo.available_timezones() - {"localtime"})
years = st.tuples(st.sampled_from(all_zones), st.integers(1975, 2037))


def slots_of(grid: tuple[list[dict[str, Any]], list[dict[str, Any]]], middle: datetime) -> list[dict[str, Any]]:
    """A drawn grid, its dates around a moment."""
    dates = [
        {"from": slot["from"], "dates": [f"{middle + far * DAY:%Y-%m-%d}" for far in slot["far"]]} for slot in grid[1]
    ]
    return [*dates, *grid[0]]


@given(grid=grids, where=st.sampled_from(CHANGES) | years, which=st.integers(0, 7))
def test_the_slots_around_a_change_of_the_clocks_are_those_of_a_watched_clock(
    grid: Any, where: tuple[str, int], which: int
) -> None:
    """In the days around a change of the clocks."""
    found = changes(*where)
    middle = found[which % len(found)]
    check(slots_of(grid, middle), where[0], middle - 2 * DAY, middle + 2 * DAY)


def check_year(name: str, year: int, first: datetime, last: datetime) -> None:
    """Compare a programme of a station, with dates of its own around the first change of the clocks of a year."""
    middle = changes(name, year)[0]
    slots = slots_of(([*STATION[:4]], [{"from": "02:30", "far": {-1, 0, 1}}, {"from": "00:00", "far": {0}}]), middle)
    check(slots, name, first, last)


def test_the_slots_of_two_months_are_those_of_a_watched_clock() -> None:
    middle = changes("Europe/Berlin", 2026)[0]
    check_year("Europe/Berlin", 2026, middle - 30 * DAY, middle + 30 * DAY)


@pytest.mark.slow
@pytest.mark.newest
@pytest.mark.parametrize("where", CHANGES, ids=str)
def test_the_slots_of_two_years_are_those_of_a_watched_clock(where: tuple[str, int]) -> None:
    name, year = where
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    check_year(name, year, first, last)


# Where a player that began on time would be

URLS = [f"https://media.example.com/{number}.mp4" for number in range(5)]


class TestPositions:
    @pytest.mark.parametrize(
        ("elapsed", "rounds", "start", "expected"),
        [
            (0, None, (0, 0), (0, 0, None)),
            (99.9, None, (0, 0), (0, 99, None)),
            (100, None, (0, 0), (1, 0, None)),
            (110.5, None, (0, 0), (2, 0, None)),
            (160.4, None, (0, 0), (2, 49, None)),
            (160.5, None, (0, 0), (0, 0, None)),
            (1605 + 105, None, (0, 0), (1, 5, None)),
            # The first round begins in the middle, the others do not.
            (0, 3, (2, 10), (2, 10, 3)),
            (40, 3, (2, 10), (0, 0, 2)),
            (40 + 160.5 + 100, 3, (2, 10), (1, 0, 1)),
            # A playlist that has ended is at its last second.
            (160.5, 1, (0, 0), (2, 49, 1)),
            (10**9, 3, (1, 0), (2, 49, 1)),
            # Further than the file goes.
            (0, None, (1, 60), (2, 0, None)),
        ],
    )
    def test_the_position_follows_from_the_time_since_the_start(
        self, elapsed: float, rounds: int | None, start: tuple[int, int], expected: tuple[int, int, int | None]
    ) -> None:
        assert position(elapsed, (100, 10.5, 50), rounds, *start) == expected

    def test_a_file_of_less_than_a_second_has_the_position_zero(self) -> None:
        assert position(5, (10, 0.5), 1, 0, 0) == (0, 5, 1)
        assert position(99, (10, 0.5), 1, 0, 0) == (1, 0, 1)

    @given(
        durations=st.lists(st.integers(1, 4000) | st.floats(0.5, 4000), min_size=1, max_size=5),
        elapsed=st.integers(0, 7 * 24 * 3600),
        rounds=st.none() | st.integers(1, 40),
        start=st.tuples(st.integers(0, 4), st.integers(0, 5000)),
    )
    def test_the_player_of_the_emulator_has_the_same_position_within_a_second(
        self, durations: list[float], elapsed: int, rounds: int | None, start: tuple[int, int]
    ) -> None:
        began, urls = utc("2026-11-22 12:00"), URLS[: len(durations)]
        now = began + elapsed * SECOND
        known = dict(zip(urls, durations))
        index, second = start[0] % len(urls), start[1]

        def task(rounds: int | None, index: int, second: int) -> dict[str, Any]:
            return vod_task(
                "A",
                "channel",
                began,
                source_urls=urls,
                vod_loop_time=str(rounds or -1),
                vod_start_video_index=index,
                vod_start_video_time=second,
                start_time="",
                end_time="",
            )

        on_time = task(rounds, index, second)
        late = position(elapsed, durations, rounds, index, second)
        joined = task(late.rounds, late.file, late.second)
        for further in (0, 1, 1000, 10**5):
            moment = now + further * SECOND
            there = player.showing(on_time, player.channel_at_start(on_time, began), moment, known)
            here = player.showing(joined, player.channel_at_start(joined, now), moment, known)
            assert is_a_second_late_at_most(here, there, durations)


def test_slots_begin_without_end() -> None:
    programme = Schedule([{"from": "12:00", "days": ["sun"]}], zone("Asia/Tokyo"))
    plan = programme.planned(utc("2026-11-22 12:00"), 366)
    assert all(one.until == other.since for one, other in zip(plan, plan[1:]))
