# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Channels with a programme on an emulated service whose clock is moved: runs at any moment."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._playlist.m3u import LONGEST
from ansible_collections.huaweicloud.live.plugins.module_utils._programme import channels as channel_list
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.schedule import DAYS, Schedule
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.slots import Programme, Tools
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import from_timestamp
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, player, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import EPOCH, NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, Sandbox
from ansible_collections.huaweicloud.live.tests.unit.fakes.viewers import is_a_second_late_at_most

HOUR, MINUTE = 3600, 60
MORNING = ["https://media.example.com/morning/one.mp4", "https://media.example.com/morning/two.mp4"]
FILMS = ["https://media.example.com/films/one.mp4"]
NIGHT = [f"https://media.example.com/night/{number}.mp4" for number in range(3)]
SECONDS = dict(zip([*MORNING, *FILMS, *NIGHT], [1800.0, 1234.5, 5400.0, 61.0, 600.0, 0.5]))
# What a service may say of one whose rounds are played.
WORDS = {"finished": "enable"}
NAMED = {"task_id": CHANNEL_ID}
STREAM = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
FILES = {
    "night.m3u": "#EXTM3U\n" + "".join(f"#EXTINF:{SECONDS[url]},\n{url}\n" for url in NIGHT),
    "bare.m3u": FILMS[0],
    "clock.m3u": "".join(f"#EXTINF:{said},One\n{FILMS[0]}\n" for said in ("01:30:00", "5400000", "90 min", "60")),
}


def declared(channels: Any, current: Any, now: str, tools: Tools) -> channel_list.Declared:
    """Return what channels declare."""
    return channel_list.declared(channel_list.parsed_channels(channels, now, tools), current, now)


def typed(options: Any, specification: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of the right types with their defaults, as an argument specification does."""
    unknown = options.keys() - specification.keys()
    if unknown:
        raise InvalidOptionError(f"Unsupported parameters: {', '.join(sorted(unknown))}.")
    values = {name: options.get(name, option.get("default")) for name, option in specification.items()}
    for name in ("rolling", "start_at"):
        if values.get(name) is not None:
            values[name] = typed(values[name], specification[name]["options"])
    return values


def read(path: str) -> str:
    """Return the text of a playlist file."""
    if path not in FILES:
        raise InvalidOptionError("This file was not found.")
    return FILES[path]


def zone(option: str, name: object) -> Any:
    """Return a time zone."""
    try:
        return zoneinfo.ZoneInfo(str(name))
    except KeyError:
        raise InvalidOptionError(f"{option}: {name!r} is not allowed.") from None


TOOLS = Tools(typed, read, zone)


def at(hours: float) -> str:
    """The time so many hours from NOW."""
    return from_timestamp(EPOCH + hours * HOUR)


def slot(begin: str, urls: Sequence[str] | None = None, **options: Any) -> dict[str, Any]:
    """Return a slot, with the durations of its files if it is joined in progress."""
    played = {"off_air": True} if urls is None else {"source_urls": [*urls]}
    known = {"durations": [SECONDS[url] for url in urls or ()]} if options.get("join") == "in_progress" else {}
    return {"from": begin, **played, **known, **options}


class Broadcast(Sandbox):
    """A sandbox with a channel that has a programme."""

    def __init__(self, *tasks: dict[str, Any], **behaviour: Any) -> None:
        super().__init__(*tasks, durations=SECONDS, **behaviour)

    def declaration(self, *channels: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the tasks that the role declares for the tasks that the service lists."""
        current = [PullTask.from_answer(answer, WORDS).result() for answer in self.client().list({})]
        found = declared([*channels], current, from_timestamp(self.clock.clock.now()), TOOLS)
        assert found.problems == []
        return found.tasks

    def run(self, *channels: Mapping[str, Any]) -> list[Ran]:
        """Do what the role does."""
        wanted = Declaration.from_list(self.declaration(*channels))
        outcomes = self.bring(*wanted, status_words=WORDS)
        assert [outcome.error for outcome in outcomes] == [None] * len(channels)
        return outcomes

    def run_at(self, hours: float, *channels: Mapping[str, Any]) -> list[str]:
        """Run so many hours after NOW; return what was changed of the first channel."""
        self.clock.seconds = 1000.0 + hours * HOUR
        return list(self.run(*channels)[0].result().get("changes", []))


def channel(**fields: Any) -> dict[str, Any]:
    """A task that plays something of its own."""
    return vod_task(CHANNEL_ID, "channel", NOW, **fields)


DAY_AND_NIGHT = [slot("06:00", MORNING), slot("20:00", FILMS, mode="once"), slot("23:00", NIGHT)]


class TestRuns:
    def test_each_slot_is_written_once_and_from_its_start(self) -> None:
        broadcast = Broadcast(channel(vod_start_video_index=1, vod_start_video_time=90))
        declaration = {**NAMED, "programme": DAY_AND_NIGHT}
        changed = {}
        for minutes in range(0, 24 * 60, 5):
            names = broadcast.run_at(minutes / 60, declaration)
            if names:
                changed[at(minutes / 60)] = (names, broadcast.task()["source_urls"])
        assert changed == {
            at(0): (["source_urls", "vod_start_video_index", "vod_start_video_time"], MORNING),
            at(12): (["source_urls", "vod_loop_time"], FILMS),
            at(15): (["source_urls", "vod_loop_time"], NIGHT),
            at(22): (["source_urls"], MORNING),
        }

    def test_a_channel_that_plays_the_slot_keeps_its_position(self) -> None:
        own = {"source_urls": MORNING, "vod_start_video_index": 1, "vod_start_video_time": 90}
        for join in ("from_start", "in_progress"):
            broadcast = Broadcast(channel(**own, vod_refresh_type="continue_from_break_point"))
            declaration = {**NAMED, "on_air": True, "programme": [slot("06:00", MORNING, join=join)]}
            assert broadcast.run_at(1, declaration) == []
            assert broadcast.task() == channel(**own, vod_refresh_type="continue_from_break_point")

    @pytest.mark.parametrize("refresh", ["immediate_new_source", "continue_from_break_point"])
    def test_a_late_run_joins_the_slot_in_progress(self, refresh: str) -> None:
        """Two hours and ten minutes into a slot whose playlist has 3034.5 seconds."""
        broadcast = Broadcast(channel(vod_refresh_type=refresh))
        broadcast.run_at(0, {**NAMED, "programme": [slot("05:50", MORNING, join="in_progress")]})
        assert (broadcast.shown().url, broadcast.shown().second) == (MORNING[0], 7800 - 2 * 3034.5 - 0)
        broadcast.clock.seconds += HOUR
        assert broadcast.run({**NAMED, "programme": [slot("05:50", MORNING, join="in_progress")]})[0].changed is False

    def test_durations_are_read_from_an_m3u(self) -> None:
        broadcast = Broadcast(channel())
        broadcast.run({**NAMED, "programme": [{"from": "07:55", "m3u": "night.m3u", "join": "in_progress"}]})
        assert (broadcast.shown().url, broadcast.shown().second) == (NIGHT[1], 239)

    def test_a_slot_with_start_at_is_joined_in_progress(self) -> None:
        """Two hours after it began with its second file; the lengths may have fractions."""
        middle = slot("06:00", MORNING, join="in_progress", start_at={"index": 1}, durations=[1800, 0.5])
        [declaration] = declared([{**NAMED, "programme": [middle]}], [channel()], at(0), TOOLS).tasks
        assert (declaration["vod_start_video_index"], declaration["vod_start_video_time"]) == (
            0,
            7200 - 0.5 - 3 * 1800.5,
        )

    def test_a_file_may_be_as_long_as_a_window(self) -> None:
        long = [slot("06:00", FILMS, join="in_progress", durations=[LONGEST])]
        [declaration] = declared([{**NAMED, "programme": long}], [channel()], at(0), TOOLS).tasks
        assert (declaration["vod_start_video_index"], declaration["vod_start_video_time"]) == (0, 2 * HOUR)

    @pytest.mark.parametrize(("moment", "number", "since"), [(19.9, 0, 10.0), (20.0, 1, 20.0), (20.1, 1, 20.0)])
    def test_the_next_slot_is_on_from_the_end_of_the_slot_before(
        self, moment: float, number: int, since: float
    ) -> None:
        slots = [{"off_air": True, "title": title} for title in "ab"]
        on = Programme.at({"slots": slots, "slot": 0, "since": 10.0, "until": 20.0, "next": 1}, moment)
        assert (on.slot, on.since) == (on.slots[number], since)

    def test_times_are_in_the_time_zone_of_the_channel(self) -> None:
        """It is four in the afternoon."""
        slots = [slot("06:00", MORNING), slot("14:00", FILMS)]
        [declaration] = declared([{**NAMED, "timezone": "Asia/Shanghai", "programme": slots}], [], at(0), TOOLS).tasks
        assert declaration["source_urls"] == FILMS

    def test_a_task_that_was_not_listed_keeps_its_start_and_status(self) -> None:
        """It may have slipped from page to page of the list, so its state is not known."""
        [declaration] = declared([{**NAMED, "programme": [slot("06:00", FILMS)]}], [], at(0), TOOLS).tasks
        assert declaration == {**NAMED, "source_urls": FILMS, "vod_loop_time": "-1"}

    def test_a_channel_whose_window_has_ended_starts_the_slot_again(self) -> None:
        declaration = {**NAMED, "rolling": {"days": 2}, "programme": [slot("07:00", FILMS, join="in_progress")]}
        broadcast = Broadcast(channel(source_urls=FILMS, start_time=at(-3), end_time=at(-1)))
        broadcast.run(declaration)
        assert (broadcast.shown().url, broadcast.shown().second) == (FILMS[0], 3600)

    def test_rounds_that_are_played_are_not_played_again(self) -> None:
        declaration = {**NAMED, "programme": [slot("07:00", MORNING, mode="rounds", rounds=3, join="in_progress")]}
        broadcast = Broadcast(channel())
        broadcast.run(declaration)
        assert broadcast.task()["vod_loop_time"] == "2"
        assert broadcast.run_at(1, declaration) == []
        broadcast.clock.seconds = 1000 + 3 * 3034.5 - HOUR - 0.6
        assert broadcast.shown() is not None
        broadcast.clock.seconds += 1.6
        assert broadcast.shown() is None
        # Somebody changed it meanwhile.
        broadcast.service.modify({"task_id": CHANNEL_ID, "vod_loop_time": "-1"})
        assert broadcast.run(declaration)[0].result()["changes"] == ["vod_loop_time"]
        assert broadcast.task()["vod_loop_time"] == "3"

    @pytest.mark.parametrize("mode", [{"mode": "once"}, {"mode": "rounds", "rounds": 2}], ids=str)
    def test_a_slot_whose_playlist_would_have_ended_ends(self, mode: dict[str, Any]) -> None:
        declaration = {**NAMED, "on_air": True, "programme": [slot("05:00", MORNING, **mode, join="in_progress")]}
        broadcast = Broadcast(channel())
        broadcast.run(declaration)
        assert broadcast.task()["source_urls"] == MORNING
        broadcast.clock.seconds += 1
        assert broadcast.shown() is None
        assert broadcast.run(declaration)[0].changed is False

    def test_a_slot_that_is_off_air_pauses_the_channel_until_the_next_slot(self) -> None:
        declaration = {**NAMED, "programme": [slot("06:00", MORNING, join="in_progress"), slot("09:00")]}
        broadcast = Broadcast(channel())
        broadcast.run(declaration)
        assert broadcast.shown().second > 0
        assert broadcast.run_at(1, declaration) == ["status"]
        assert broadcast.shown() is None
        assert broadcast.run_at(10, declaration) == []
        # On time: the place where it was joined yesterday is not where it begins today.
        assert broadcast.run_at(22, declaration) == ["status", "vod_start_video_time"]
        assert (broadcast.shown().index, broadcast.shown().second) == (0, 0)
        broadcast.run_at(25, declaration)
        broadcast.run_at(46.5, declaration)
        assert (broadcast.shown().index, broadcast.shown().second) == (1, 0)

    @pytest.mark.parametrize("on_air", [True, None])
    def test_a_channel_that_is_named_by_its_stream_is_created(self, on_air: bool | None) -> None:
        declaration = {
            **STREAM,
            "programme": [slot("06:00", MORNING, join="in_progress"), slot("09:00")],
            "on_air": on_air,
        }
        broadcast = Broadcast()
        for hours, second in ((0, 1131), (1, None), (22, 0)):
            broadcast.clock.seconds = 1000.0 + hours * HOUR
            broadcast.run(declaration)
            [task] = broadcast.service.tasks()
            shown = broadcast.service.player.showing(task["task_id"])
            assert (shown.second if shown else None) == second

    def test_a_channel_created_at_night_begins_in_the_morning(self) -> None:
        slots = [slot("09:00", MORNING, join="in_progress"), slot("07:00")]
        [declaration] = declared([{**STREAM, "programme": slots}], [], at(0), TOOLS).tasks
        assert (declaration["vod_start_video_index"], declaration["vod_start_video_time"]) == (0, 0)

    def test_a_channel_created_at_night_stays_off_air(self) -> None:
        declaration = {**STREAM, "programme": [slot("07:00"), slot("09:00", FILMS), slot("22:00", MORNING)]}
        broadcast = Broadcast()
        broadcast.run(declaration)
        [task] = broadcast.service.tasks()
        assert (task["status"], task["source_urls"]) == ("pause", FILMS)
        broadcast.run_at(1, declaration)
        assert broadcast.service.player.showing(task["task_id"]).url == FILMS[0]

    def test_a_programme_that_is_off_air_in_all_slots_pauses_the_channel(self) -> None:
        broadcast = Broadcast(channel())
        declaration = {**NAMED, "on_air": False, "programme": [*DAY_AND_NIGHT[:2], slot("22:00")]}
        for hours in range(30):
            broadcast.run_at(hours, declaration)
            assert broadcast.task()["status"] == "pause"
        assert broadcast.task()["source_urls"] == MORNING
        # The scheduler goes on, and someone puts it on air in the middle of a slot.
        broadcast.run_at(30, {**declaration, "on_air": True})
        assert (broadcast.shown().url, broadcast.shown().second) == (MORNING[0], 0)

    @pytest.mark.parametrize("restarts", ["sent", "differ", "immediate"])
    def test_a_window_that_moves_within_a_slot_does_not_disturb_viewers(self, restarts: str) -> None:
        declaration = {
            **NAMED,
            "on_air": True,
            "rolling": {"days": 2},
            "programme": [slot("06:00", MORNING, days=["fri"]), slot("12:00", FILMS, days=["fri"])],
        }
        broadcast = Broadcast(channel(start_time="", end_time=""), restarts=restarts)
        for hours in range(2, 24 * 7 - 4):
            broadcast.run_at(hours, declaration)
        assert broadcast.disturbances() == 2
        assert broadcast.task()["end_time"] > at(24 * 7)
        assert broadcast.shown().url == FILMS[0]

    def test_a_channel_whose_rounds_are_played_is_not_put_on_air_again(self) -> None:
        """The service has a status word for that, and the user gives its meaning."""
        declaration = {**NAMED, "programme": [slot("06:00", FILMS, mode="once"), slot("20:00")]}
        broadcast = Broadcast(channel(), own_end="finished")
        broadcast.run_at(0, declaration)
        assert broadcast.run_at(1, declaration) == []
        assert broadcast.run_at(2, declaration) == []
        assert broadcast.shown() is None
        assert broadcast.run_at(12, declaration) == ["status"]
        assert broadcast.run_at(22, declaration) == ["status"]
        assert broadcast.shown().url == FILMS[0]


# Any programme, any moments, any service

URLS = [MORNING, FILMS, NIGHT]
begin = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
modes = st.sampled_from([{}, {}, {"mode": "once"}, {"mode": "rounds", "rounds": 3}, {"mode": "rounds", "rounds": 40}])
joins = st.sampled_from(["from_start", "in_progress"])
starts = st.sampled_from([{}, {}, {"start_at": {"index": 0, "seconds": 50}}])
on_days = st.just({}) | st.sets(st.sampled_from(DAYS), min_size=2).map(lambda days: {"days": sorted(days)})
plays = st.sampled_from([*URLS, *URLS, None])
drawn_slots = st.tuples(begin, plays, modes, joins, starts, on_days)


def drawn_slot(drawn: Any) -> dict[str, Any]:
    """A slot of what was drawn."""
    time, urls, mode, join, start, days = drawn
    return slot(time, **days) if urls is None else slot(time, urls, **mode, **start, **days, join=join)


programmes = (
    st.lists(drawn_slots, min_size=1, max_size=5, unique_by=lambda drawn: drawn[0])
    .filter(lambda drawn: any(one[1] for one in drawn))
    .map(lambda drawn: [drawn_slot(one) for one in drawn])
)
switches = st.fixed_dictionaries(
    {
        "left_out": st.sampled_from(["keep", "reset"]),
        "restarts": st.sampled_from(["sent", "differ", "immediate"]),
        "past_start": st.sampled_from(["accept", "now"]),
        "numbers": st.sampled_from(["plain", "text"]),
        "encode_urls": st.booleans(),
        "absent": st.sampled_from(["as_is", "omit", "null"]),
        "lag_reads": st.sampled_from([0, 1]),
    }
)
refreshes = st.sampled_from(["immediate_new_source", "continue_from_file_start", "continue_from_break_point"])
gaps = st.lists(st.sampled_from([5 * MINUTE, 5 * MINUTE, 7 * HOUR]) | st.integers(1, 20 * HOUR), min_size=1, max_size=8)
zones = st.sampled_from([None, "UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns"])


@given(
    programme=programmes,
    behaviour=switches,
    refresh=refreshes,
    gaps=gaps,
    place=zones,
    on_air=st.sampled_from([True, None]),
)
def test_a_run_at_any_moment_leaves_the_channel_on_the_slot(
    programme: Any, behaviour: Any, refresh: str, gaps: list[int], place: str | None, on_air: bool | None
) -> None:
    """At most one write for each slot, and at the position of a channel that began on time."""
    broadcast = Broadcast(channel(vod_refresh_type=refresh, start_time="", end_time=""), **behaviour)
    declaration = {**NAMED, "programme": programme, "timezone": place, "on_air": on_air}
    grid = Schedule(programme, zone("timezone", place or "UTC"))
    taken: tuple[int, datetime] | None = None
    writes = 0
    for gap in gaps:
        broadcast.clock.seconds = float(int(broadcast.clock.seconds)) + gap
        now = broadcast.clock.utc()
        on = grid.at(now)
        if taken != (on.slot, on.since):
            taken, writes = (on.slot, on.since), 0
        was = broadcast.task()
        before = len(broadcast.writes)
        broadcast.run(declaration)
        playing = programme[on.slot]
        task = broadcast.task()
        off_air = playing.get("off_air", False)
        assert (task["status"] == "pause") is off_air
        writes += len(broadcast.writes) - before
        assert writes <= 1
        if off_air:
            assert broadcast.shown() is None
            continue
        assert task["source_urls"] == playing["source_urls"]
        begun = task["source_urls"] != was["source_urls"] or was["status"] == "pause"
        if begun:
            _is_where_it_should_be(broadcast, playing, on.since if playing["join"] == "in_progress" else now, now)
        # Another run does not disturb viewers.
        disturbed = broadcast.disturbances()
        broadcast.clock.seconds += 1
        if grid.at(broadcast.clock.utc()).since == on.since:
            before = len(broadcast.writes)
            assert broadcast.run(declaration)[0].changed is False
            assert len(broadcast.writes) == before
            assert broadcast.disturbances() == disturbed


def _is_where_it_should_be(broadcast: Broadcast, playing: Mapping[str, Any], began: datetime, now: datetime) -> None:
    """Compare the stream with a player that began on time, now and hours later."""
    start = playing.get("start_at", {"index": 0, "seconds": 0})
    rounds = {"once": "1", "rounds": str(playing.get("rounds"))}.get(playing.get("mode", "loop"), "-1")
    expected = channel(
        source_urls=playing["source_urls"],
        vod_loop_time=rounds,
        vod_start_video_index=start["index"],
        vod_start_video_time=start["seconds"],
        start_time="",
        end_time="",
    )
    mine, other = broadcast.service.task(CHANNEL_ID), player.channel_at_start(expected, began)
    joined = player.channel_at_start(mine, now)
    for seconds in (0, 1, 100, 5000, 20 * HOUR):
        moment = now + timedelta(seconds=seconds)
        here = player.showing(mine, joined, moment, SECONDS)
        on_time = player.showing(expected, other, moment, SECONDS)
        lengths = [SECONDS[url] for url in playing["source_urls"]]
        assert is_a_second_late_at_most(here, on_time, lengths), (seconds, here, on_time)


class TestMistakes:
    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"programme": []}, "programme: [] is not allowed"),
            ({"programme": [{}]}, "programme[0]: source_urls, m3u: neither is given"),
            ({"programme": [{}]}, "programme[0]: from: missing"),
            ({"programme": ["06:00"]}, "programme[0]: '06:00' is not a slot"),
            ({"source_urls": FILMS}, "programme: not allowed with source_urls. Allowed: source_urls in its slots."),
            ({"m3u": "x.m3u"}, "programme: not allowed with m3u."),
            ({"mode": "once"}, "programme: not allowed with mode once. Allowed: mode in its slots."),
            ({"on_update": "immediate_new_source"}, "programme: not allowed with on_update."),
            (
                {"end_time": at(24)},
                "programme: not allowed with end_time. Allowed: rolling, and slots that are off_air.",
            ),
            ({"timezone": "Asia/Peking"}, "timezone: 'Asia/Peking' is not allowed"),
            ({"programme": [slot("06:00")]}, "programme: every slot is off_air"),
            (
                {"programme": [slot("06:00", FILMS, tittle="x")]},
                "programme[0] (from 06:00): Unsupported parameters: tittle",
            ),
            ({"programme": [slot("06:00", off_air=True, mode="once")]}, "off_air: not allowed with mode, because"),
            ({"programme": [slot("06:00", FILMS, off_air=True)]}, "off_air: not allowed with source_urls, because"),
            (
                {"programme": [slot("06:00", FILMS, join="late")]},
                "join: 'late' is not allowed. Allowed: from_start or in",
            ),
            (
                {"programme": [{"from": "06:00", "source_urls": MORNING, "join": "in_progress"}]},
                "join: in_progress needs the duration of each file. It is missing for entry 1, 2.",
            ),
            (
                {"programme": [{"from": "06:00", "m3u": "bare.m3u", "join": "in_progress"}]},
                "It is missing for entry 1.",
            ),
            ({"programme": [slot("06:00", FILMS, durations=[1, 2])]}, "durations: 2 entries are not allowed"),
            ({"programme": [slot("06:00", FILMS, durations=[0])]}, "durations: 0 is not allowed. Allowed: the seconds"),
            ({"programme": [slot("06:00", FILMS, durations=[float("nan")])]}, "durations: nan is not allowed"),
            (
                {"programme": [slot("06:00", FILMS, join="in_progress", on_update="continue_from_break_point")]},
                "join: in_progress is not allowed with on_update continue_from_break_point",
            ),
            ({"programme": [slot("06:00", ["one.mp4"])]}, "programme[0] (from 06:00): source_urls: entry 1"),
            ({"programme": [{"from": "06:00", "m3u": "lost.m3u"}]}, "m3u lost.m3u: This file was not found."),
            ({"programme": [slot("06:00", FILMS, start_at={"index": 1})]}, "(from 06:00): start_at.index: 1"),
            ({"programme": [slot("06:00", FILMS, on_update="now")]}, "(from 06:00): on_update: 'now' is not allowed"),
        ],
        ids=str,
    )
    def test_a_mistake_is_named_with_its_slot(self, options: dict[str, Any], reason: str) -> None:
        declaration = {**NAMED, "programme": [slot("06:00", FILMS)], **options}
        found = declared([declaration], [], at(0), TOOLS)
        assert any(reason in problem for problem in found.problems), found.problems
        assert all(problem.startswith(f"playlist_channels[0] (task {CHANNEL_ID}): ") for problem in found.problems)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"programme": [slot("06:00")]},
                "programme: every slot is off_air. Allowed: at least one slot with a playlist.",
            ),
            (
                {"programme": [slot("06:00", off_air=True, source_urls=FILMS, mode="once")]},
                "programme[0] (from 06:00): off_air: not allowed with source_urls, mode, because nothing is played"
                " then.",
            ),
            (
                {"programme": [slot("06:00", FILMS, join="late", durations=[0])]},
                "programme[0] (from 06:00): join: 'late' is not allowed. Allowed: from_start or in_progress."
                " programme[0] (from 06:00): durations: 0 is not allowed. Allowed: the seconds of each file, more than"
                " 0, at most 604800, 1 of them.",
            ),
            (
                {"programme": [slot("06:00", FILMS, durations=[0, 1])]},
                "programme[0] (from 06:00): durations: 0 is not allowed. Allowed: the seconds of each file, more"
                " than 0, at most 604800, 1 of them. programme[0] (from 06:00): durations: 2 entries are not allowed."
                " Allowed: the seconds of each file, more than 0, at most 604800, 1 of them.",
            ),
            (
                {"programme": [slot("06:00", FILMS, durations=[float("inf")])]},
                "programme[0] (from 06:00): durations: inf is not allowed. Allowed: the seconds of each file, more"
                " than 0, at most 604800, 1 of them.",
            ),
            (
                {"programme": [{"from": "06:00", "durations": [0]}]},
                "programme[0] (from 06:00): source_urls, m3u: neither is given. Allowed: exactly one of them."
                " programme[0] (from 06:00): durations: 0 is not allowed. Allowed: the seconds of each file, more"
                " than 0, at most 604800.",
            ),
            (
                {"programme": [{"from": "06:00", "source_urls": FILMS * 5, "join": "in_progress"}]},
                "programme[0] (from 06:00): join: in_progress needs the duration of each file. It is missing for entry"
                " 1, 2, 3, 4, 5. Set durations, or use an m3u in which each entry has an #EXTINF with its seconds."
                " Allowed: at most 604800 seconds, because no window is longer.",
            ),
            (
                {"programme": [{"from": "06:00", "source_urls": FILMS * 7, "join": "in_progress"}]},
                "programme[0] (from 06:00): join: in_progress needs the duration of each file. It is missing for entry"
                " 1, 2, 3, 4, 5 and 2 more. Set durations, or use an m3u in which each entry has an #EXTINF with its"
                " seconds. Allowed: at most 604800 seconds, because no window is longer.",
            ),
            (
                {"programme": [{"from": "06:00", "m3u": "clock.m3u", "join": "in_progress"}]},
                "programme[0] (from 06:00): join: in_progress needs the duration of each file. It is unclear for entry"
                " 1 ('01:30:00'), 2 ('5400000'), 3 ('90 min'). Set durations, or use an m3u in which each entry has an"
                " #EXTINF with its seconds. Allowed: at most 604800 seconds, because no window is longer.",
            ),
            (
                {"programme": [slot("06:00", FILMS, durations=[5_400_000])]},
                "programme[0] (from 06:00): durations: 5400000 is not allowed. Allowed: the seconds of each file, more"
                " than 0, at most 604800, 1 of them.",
            ),
            ({"rolling": {"days": 9}}, "rolling: days: 9 is not allowed. Allowed: an integer from 1 to 7."),
            (
                {"programme": ["06:00", slot("7", ["x"], rounds=3, tittle="x")]},
                "programme[0]: '06:00' is not a slot. Allowed: a dictionary of its options. programme[1] (from 7):"
                ' from: \'7\' is not allowed. Allowed: HH:MM from "00:00" to "23:59", in quotes, because YAML reads'
                " 18:00 without quotes as a number. programme[1] (from 7): Unsupported parameters: tittle."
                " programme[1] (from 7): rounds: not allowed with mode loop. Allowed: with mode rounds only."
                " programme[1] (from 7): source_urls: entry 1 (the first), 'x', is not allowed: it has no scheme at"
                " its beginning, such as https://. Allowed: a list of 1 to 30 URLs, each scheme://host... that a"
                " service on the internet can pull.",
            ),
        ],
    )
    def test_a_message_says_what_is_wrong_and_what_is_allowed(self, options: dict[str, Any], message: str) -> None:
        declaration = {**NAMED, "programme": [slot("06:00", FILMS)], **options}
        found = declared([declaration], [], at(0), TOOLS)
        label = f"playlist_channels[0] (task {CHANNEL_ID}): "
        assert " ".join(problem.removeprefix(label) for problem in found.problems) == message

    def test_a_time_zone_without_a_programme_is_refused(self) -> None:
        found = declared([{**NAMED, "source_urls": FILMS, "timezone": "Asia/Shanghai"}], [], at(0), TOOLS)
        assert found.problems == [f"playlist_channels[0] (task {CHANNEL_ID}): timezone: not allowed without programme."]

    def test_every_problem_of_every_slot_of_every_channel_is_reported(self) -> None:
        programme = [
            slot("06:00", FILMS, days=["mon"]),
            slot("6", ["x"]),
            slot("07:00", FILMS, days=["Tue"], rounds=3),
            slot("06:00", FILMS),
            {"from": "08:00", "dates": ["2026-02-30"], "m3u": "lost.m3u", "tittle": "Night"},
        ]
        declaration = {"programme": programme, "timezone": "Mars/Olympus", "rolling": {"days": 9}}
        found = declared([{**NAMED, **declaration}, {**STREAM, **declaration}], [], at(0), TOOLS)
        for name in (CHANNEL_ID, "push.example.com/live/new"):
            mine = [problem for problem in found.problems if f"(task {name}): " in problem]
            for reason in (
                "timezone: 'Mars/Olympus'",
                "programme[1] (from 6): from: '6' is not allowed",
                "programme[1] (from 6): source_urls: entry 1",
                "programme[2] (from 07:00): days: 'Tue' is not allowed",
                "programme[2] (from 07:00): rounds: not allowed with mode loop",
                "programme[3] (from 06:00): begins at the same time as programme[0] on mon",
                "programme[4] (from 08:00): dates: '2026-02-30' is not allowed",
                "programme[4] (from 08:00): Unsupported parameters: tittle",
                "programme[4] (from 08:00): m3u lost.m3u: This file was not found.",
                "rolling: days: 9",
            ):
                assert any(reason in problem for problem in mine), (reason, mine)
            assert not any("programme[0] (" in problem for problem in mine)
