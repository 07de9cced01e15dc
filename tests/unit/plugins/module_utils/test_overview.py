# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The overview of all channels: the fields of each channel, their order, and the table for a terminal."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._overview.columns import WIDTH, columns, fitted, width
from ansible_collections.huaweicloud.live.plugins.module_utils._overview.summary import (
    PlannedSlot,
    clean,
    duration,
    file_name,
    overview,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._overview.timeline import Axis
from ansible_collections.huaweicloud.live.plugins.module_utils._task.air import AIR_STATES
from ansible_collections.huaweicloud.live.tests.emulator import seed_many, seed_tasks
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils import drawn

NOW = "2027-01-15T12:00:00Z"
MOMENT = datetime(2027, 1, 15, 12, tzinfo=timezone.utc)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def at(hours: float) -> str:
    """Return the time so many hours from now."""
    return (MOMENT + hours * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")


def look(*tasks: dict[str, Any], warn: float = 24, zone: tzinfo = timezone.utc, now: Any = NOW) -> dict[str, Any]:
    return overview([{"task_id": "t", "status": "enable", **task} for task in tasks], now, warn, zone, str(zone))


def one(warn: float = 24, zone: tzinfo = timezone.utc, **fields: Any) -> dict[str, Any]:
    """Return the fields of a single channel."""
    [channel] = look(fields, warn=warn, zone=zone)["channels"]
    assert isinstance(channel, dict)
    return channel


class TestUrgency:
    def test_the_most_urgent_channels_come_first(self) -> None:
        expected = [
            {"task_id": "ended an hour ago", "end_time": at(-1)},
            {"task_id": "ended a day ago", "end_time": at(-30)},
            {"task_id": "ends within the hour", "end_time": at(0.5)},
            {"task_id": "ends tonight", "end_time": at(23.9)},
            {"task_id": "unknown status", "status": "finished"},
            {"task_id": "unknown time", "end_time": "tomorrow"},
            {"task_id": "endless"},
            {"task_id": "begins soon", "start_time": at(1), "end_time": at(2)},
            {"task_id": "begins later", "start_time": at(3)},
            {"task_id": "ends in a day", "end_time": at(24)},
            {"task_id": "ends in two days", "end_time": at(48)},
            {"task_id": "paused", "status": "pause", "end_time": at(-1)},
        ]
        for order in (expected, expected[::-1]):
            found = look(*order)
            assert [channel["task_id"] for channel in found["channels"]] == [task["task_id"] for task in expected]
        assert found["counts"] == {
            "total": 12,
            "dark": None,
            "over": 2,
            "ends_soon": 2,
            "unknown": 2,
            "played": None,
            "no_end": 1,
            "ahead": 2,
            "on_air": 2,
            "paused": 1,
        }
        assert [*found["counts"]] == ["total", *AIR_STATES]

    @pytest.mark.parametrize(("warn", "group"), [(0, "on_air"), (5, "on_air"), (5.1, "ends_soon"), (1e9, "ends_soon")])
    def test_warn_hours_decide_which_channels_end_soon(self, warn: float, group: str) -> None:
        assert one(warn, end_time=at(5))["group"] == group
        assert one(warn, end_time=at(5))["state"] == "on_air"

    @pytest.mark.parametrize(
        "fields", [{}, {"start_time": at(-1)}, {"end_time": ""}, {"source_type": "PullLivePushLive"}]
    )
    def test_a_channel_on_air_without_an_end_is_in_the_group_no_end(self, fields: dict[str, Any]) -> None:
        """The service ends every task after seven days at most."""
        assert (one(**fields)["group"], one(**fields)["state"]) == ("no_end", "on_air")
        assert one(**fields)["remark"] == "no end set"

    @pytest.mark.parametrize(("fields", "group"), [({"status": "pause"}, "paused"), ({"start_time": at(1)}, "ahead")])
    def test_a_channel_off_air_without_an_end_is_not_in_the_group_no_end(
        self, fields: dict[str, Any], group: str
    ) -> None:
        assert one(**fields)["group"] == group

    def test_channels_with_the_same_urgency_are_sorted_by_name(self) -> None:
        found = look(*({"task_id": name, "stream_name": name} for name in ("b", "C10", "a", "B", "c9")))
        assert [channel["name"] for channel in found["channels"]] == ["a", "B", "b", "c9", "C10"]

    @pytest.mark.parametrize(
        ("state", "status", "expected"),
        [
            ("on_air", "running", "over"),
            ("ahead", "running", "over"),
            ("over", "running", "over"),
            ("paused", "stopped", "paused"),
            ("unknown", "running", "unknown"),
            (None, "enable", "over"),
            ("nonsense", "pause", "paused"),
        ],
    )
    def test_a_status_word_that_the_module_knew_is_known(self, state: Any, status: str, expected: str) -> None:
        """The state is computed again, because time has passed."""
        assert one(status=status, end_time=at(-1), air={"state": state})["state"] == expected

    @given(tasks=st.lists(drawn.tasks, max_size=5))
    def test_every_task_is_listed_once(self, tasks: list[dict[str, Any]]) -> None:
        tasks = [{**task, "task_id": str(number)} for number, task in enumerate(tasks)]
        found = overview(tasks, drawn.at(0), 24, SHANGHAI, "Asia/Shanghai")
        assert sorted(channel["task_id"] for channel in found["channels"]) == [task["task_id"] for task in tasks]
        assert sum(found["counts"][group] or 0 for group in AIR_STATES) == found["counts"]["total"] == len(tasks)
        assert all(width(line) <= WIDTH for line in found["lines"])


class TestChannel:
    def test_a_channel_has_every_field(self) -> None:
        channel = one(
            zone=SHANGHAI,
            task_id="t-1",
            stream_name="films",
            app_name="live",
            domain="push.example.com",
            source_type="PullVodPushLive",
            source_urls=[f"https://media.example.com/films/{name}.mp4?key=secret" for name in "abcd"],
            vod_loop_time="3",
            start_time=at(-12),
            end_time=at(36),
        )
        assert channel == {
            "group": "on_air",
            "state": "on_air",
            "task_id": "t-1",
            "name": "films",
            "destination": "push.example.com/live/films",
            "programme": {
                "files": ["a.mp4", "b.mp4", "c.mp4"],
                "count": 4,
                "plays": "a.mp4, b.mp4, c.mp4, \u2026",
                "how": "4 files, 3 rounds",
            },
            "planned": None,
            "seconds_left": 36 * 3600,
            "time_left": "1 d 12 h",
            "remark": "ends in 1 d 12 h",
            "stream": None,
            "start": {"time": at(-12), "utc": "2027-01-15 00:00 UTC", "local": "2027-01-15 08:00 +08:00"},
            "end": {"time": at(36), "utc": "2027-01-17 00:00 UTC", "local": "2027-01-17 08:00 +08:00"},
            "window": [
                "2027-01-15 00:00 \u2013 2027-01-17 00:00 UTC",
                "2027-01-15 08:00 \u2013 2027-01-17 08:00 +08:00",
            ],
            "bar": {"left": 13.33, "width": 20.0, "from_before": False, "goes_on": False},
        }

    @pytest.mark.parametrize(
        ("fields", "remark"),
        [
            ({"end_time": at(-51)}, "ended 2 d 3 h ago"),
            ({"end_time": at(5.2)}, "ends in 5 h 12 min"),
            ({}, "no end set"),
            ({"start_time": at(30)}, "begins in 1 d 6 h"),
            ({"status": "pause"}, ""),
            ({"status": "finished"}, "status finished"),
            ({"status": None}, "status missing"),
            ({"status": ["enable"]}, "status missing"),
            ({"start_time": "soon"}, "cannot be understood"),
        ],
    )
    def test_the_remark_says_when_a_channel_ends_or_begins_or_what_is_wrong(
        self, fields: dict[str, Any], remark: str
    ) -> None:
        assert one(**fields)["remark"] == remark

    @pytest.mark.parametrize(
        ("fields", "name", "destination"),
        [
            ({"stream_name": "s", "domain": "d", "app_name": "a"}, "s", "d/a/s"),
            ({"destination_url": "rtmp://h.example.com/live/x?key=1"}, *["h.example.com/live/x"] * 2),
            ({"destination_url": "rtmp://me:word@h.example.com/x"}, *["h.example.com/x"] * 2),
            ({"destination_url": "rtmp://h.example.com/a@b/c/x"}, *["h.example.com/a@b/c/x"] * 2),
            ({"stream_name": "s"}, "s", "//s"),
            ({"stream_name": 7, "domain": None}, "7", "//7"),
            ({}, "t", ""),
            ({"stream_name": "a\x1b[2J\nb\u202e"}, "a\ufffd[2J\ufffdb\ufffd", "//a\ufffd[2J\ufffdb\ufffd"),
        ],
    )
    def test_a_channel_is_called_by_its_stream_or_destination(
        self, fields: dict[str, Any], name: str, destination: str
    ) -> None:
        channel = one(**fields)
        assert (channel["name"], channel["destination"]) == (name, destination)

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://m.example.com/a/b.mp4", "b.mp4"),
            ("https://m.example.com/a/b.mp4?sign=/x/y#z/w", "b.mp4"),
            ("https://m.example.com/%E7%89%87%0A.mp4", "\u7247\ufffd.mp4"),
            ("https://m.example.com/a/", "a"),
            ("https://m.example.com/MAX", "MAX"),
            ("https://m.example.com/a.mp4#x", "a.mp4"),
            ("https://m.example.com/play?u=https://o.example.com/b.mp4", "play"),
            ("https://m.example.com", "m.example.com"),
            ("https://me:word@m.example.com", "m.example.com"),
            ("rtmp://me:wo/rd@m.example.com/live/x", "x"),
            ("https://[::1", "?"),
            ("nonsense", "?"),
            ("", "?"),
        ],
    )
    def test_a_file_is_called_by_the_last_part_of_its_url(self, url: str, name: str) -> None:
        assert file_name(url) == name

    @pytest.mark.parametrize(
        ("fields", "how"),
        [
            ({"source_urls": ["x"]}, "1 file, endless"),
            ({"source_urls": ["x", "y"], "vod_loop_time": 1}, "2 files, once"),
            ({"source_urls": "x"}, "0 files, endless"),
            ({"source_urls": [7], "vod_loop_time": ""}, "1 file, endless"),
            ({"source_urls": ["rtmp://o.example.com/l/m"], "source_type": "PullLivePushLive"}, "live stream"),
            ({}, "0 files, endless"),
        ],
    )
    def test_files_and_rounds_are_described_in_words(self, fields: dict[str, Any], how: str) -> None:
        assert one(**fields)["programme"]["how"] == how

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "0 s"),
            (59.9, "59 s"),
            (60, "1 min"),
            (3599, "59 min"),
            (3600, "1 h"),
            (18720, "5 h 12 min"),
            (86399, "23 h 59 min"),
            (86400, "1 d"),
            (2 * 86400 + 3 * 3600 + 59, "2 d 3 h"),
            (100 * 86400 + 7200, "100 d"),
        ],
    )
    def test_a_duration_is_written_in_its_largest_units(self, seconds: float, words: str) -> None:
        assert duration(seconds) == words

    def test_an_ellipsis_follows_the_third_file_of_a_longer_playlist(self) -> None:
        urls = [f"https://m.example.com/{name}" for name in "abcd"]
        assert [one(source_urls=urls[:count])["programme"]["plays"] for count in (3, 4)] == [
            "a, b, c",
            "a, b, c, \u2026",
        ]

    def test_a_missing_id_is_empty(self) -> None:
        assert one(task_id=None)["task_id"] == ""

    def test_the_plan_has_its_parts_and_words(self) -> None:
        plans = {"t": PlannedSlot("films", at(1), "news")}
        [channel] = overview([{"task_id": "t"}], NOW, 24, timezone.utc, "UTC", plans)["channels"]
        until = {"time": at(1), "utc": "2027-01-15 13:00 UTC", "local": None}
        words = "films until 2027-01-15 13:00 UTC, then news"
        assert channel["planned"] == {"now": "films", "until": until, "next": "news", "words": words, "week": None}

    def test_in_utc_a_window_has_one_line(self) -> None:
        assert one()["window"] == ["no start \u2013 no end"]

    def test_seconds_are_written_unless_they_are_zero(self) -> None:
        assert one(end_time="2027-01-15T23:59:59Z")["end"]["utc"] == "2027-01-15 23:59:59 UTC"

    def test_an_end_that_the_zone_cannot_write_is_in_utc(self) -> None:
        channel = one(zone=SHANGHAI, end_time="9999-12-31T23:59:59Z")
        assert channel["end"]["local"] is None
        assert channel["window"][1] == "no start \u2013 9999-12-31 23:59:59 UTC"

    def test_a_start_that_the_zone_cannot_write_is_in_utc(self) -> None:
        channel = one(zone=ZoneInfo("America/Lima"), start_time="0001-01-01T01:00:00Z")
        assert channel["window"][1] == "0001-01-01 01:00 UTC \u2013 no end"

    def test_a_window_across_a_change_of_the_clocks_has_both_offsets(self) -> None:
        paris = ZoneInfo("Europe/Paris")
        [channel] = look({"start_time": "2027-03-27T12:00:00Z", "end_time": "2027-03-29T12:00:00Z"}, zone=paris)[
            "channels"
        ]
        assert channel["window"][1] == "2027-03-27 13:00 +01:00 \u2013 2027-03-29 14:00 +02:00"


class TestStreams:
    OFF: ClassVar = {"online": False}
    ON: ClassVar = {
        "online": True,
        "since": at(-2),
        "resolution": "1920*1080",
        "video_frame_rate": 25,
        "video_bitrate": 4000.0,
        "client_ip": "192.0.2.10",
    }
    HOUR_AGO: ClassVar = {"start_time": at(-1), "end_time": at(30)}

    def test_dark_channels_come_first_and_played_ones_before_those_on_air(self) -> None:
        found = look(
            {"task_id": "on air", **self.HOUR_AGO, "stream": self.ON},
            {"task_id": "no end", "stream": self.ON},
            {"task_id": "played", **self.HOUR_AGO, "vod_loop_time": "3", "stream": self.OFF},
            {"task_id": "over", "end_time": at(-1), "stream": self.OFF},
            {"task_id": "dark without an end", "stream": self.OFF},
            {"task_id": "dark, ends soon", "end_time": at(1), "stream": self.OFF},
            {"task_id": "paused", "status": "pause", "stream": self.OFF},
        )
        order = ["dark, ends soon", "dark without an end", "over", "played", "no end", "on air", "paused"]
        assert [channel["task_id"] for channel in found["channels"]] == order
        assert (found["counts"]["dark"], found["counts"]["played"]) == (2, 1)
        assert [channel["remark"] for channel in found["channels"][:2]] == ["not pushed"] * 2
        assert found["lines"][1] == "2 dark, 1 over, 1 played, 1 no end, 1 on air, 1 paused"

    def test_a_channel_that_has_just_begun_is_not_dark_yet(self) -> None:
        assert one(start_time="2027-01-15T11:59:01Z", end_time=at(30), stream=self.OFF)["group"] == "on_air"

    def test_a_played_channel_has_its_own_group_and_remark(self) -> None:
        channel = one(**self.HOUR_AGO, vod_loop_time="1", stream=self.OFF)
        assert (channel["group"], channel["remark"]) == ("played", "at its end, or dark")

    @pytest.mark.parametrize("tasks", [[], [{"stream": OFF}], [{"stream": None}], [{"stream": OFF}, {}]])
    def test_with_streams_the_number_of_dark_channels_is_known(self, tasks: list[dict[str, Any]]) -> None:
        assert look(*tasks)["counts"]["dark"] == tasks.count({"stream": self.OFF})

    def test_without_streams_the_number_of_dark_channels_is_not_known(self) -> None:
        counts = look({})["counts"]
        assert [group for group, number in counts.items() if number is None] == ["dark", "played"]

    def test_the_stream_of_a_channel_on_air_has_what_viewers_get(self) -> None:
        assert one(zone=SHANGHAI, **self.HOUR_AGO, stream=self.ON)["stream"] == {
            "online": True,
            "by_others": False,
            "client_ip": "192.0.2.10",
            "picture": "1920\u00d71080, 25 fps, 4000 kbit/s",
            "since": {"time": at(-2), "utc": "2027-01-15 10:00 UTC", "local": "2027-01-15 18:00 +08:00"},
            "words": "1920\u00d71080, 25 fps, 4000 kbit/s, since 2027-01-15 18:00 +08:00",
        }

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({}, "pushed"),
            ({"video_frame_rate": 29.97}, "29.97 fps"),
            ({"resolution": "", "video_bitrate": 0}, "0 kbit/s"),
            ({"since": "yesterday\n"}, "since yesterday\ufffd"),
            ({"video_bitrate": "many", "client_ip": "192.0.2.10"}, "many kbit/s"),
            ({"since": at(-2)}, "since 2027-01-15 10:00 UTC"),
        ],
    )
    def test_what_the_service_does_not_list_is_left_out(self, fields: dict[str, Any], words: str) -> None:
        assert one(**self.HOUR_AGO, stream={"online": True, **fields})["stream"]["words"] == words
        assert one(**self.HOUR_AGO, stream={"online": False, **fields})["stream"]["words"] == "not pushed"

    @pytest.mark.parametrize(
        ("fields", "remark"),
        [
            ({"status": "pause"}, "is pushed"),
            ({"end_time": at(-3)}, "ended 3 h ago, but is pushed"),
            ({"start_time": at(3)}, "begins in 3 h, but is pushed"),
            ({"start_time": at(-3)}, "no end set"),
            ({"status": "finished"}, "status finished"),
        ],
    )
    def test_the_push_of_someone_else_is_a_remark(self, fields: dict[str, Any], remark: str) -> None:
        channel = one(**fields, stream=self.ON)
        assert channel["remark"] == remark
        assert channel["stream"]["by_others"] is remark.endswith("is pushed")
        assert channel["stream"]["words"].startswith("by 192.0.2.10, although") is remark.endswith("is pushed")

    def test_paused_channels_that_are_pushed_come_first(self) -> None:
        found = look(
            {"task_id": "a", "status": "pause", "stream": self.OFF},
            {"task_id": "b", "status": "pause", "stream": {"online": True}},
        )
        assert [channel["task_id"] for channel in found["channels"]] == ["b", "a"]
        assert found["channels"][0]["stream"]["words"] == "by someone, although it is off air"
        assert found["lines"][2:] == [
            "CHANNEL  STATE   WHEN       FILES  PLAYS",
            "b        paused  is pushed  0",
            "a        paused             0",
            "CHANNEL  PUSHED",
            "b        by someone, although it is off air",
        ]

    @given(tasks=st.lists(drawn.tasks, max_size=5), data=st.data())
    def test_a_stream_changes_the_state_only_of_a_channel_on_air(
        self, tasks: list[dict[str, Any]], data: st.DataObject
    ) -> None:
        streams = st.one_of(st.none(), st.just(self.OFF), st.just(self.ON), st.text(max_size=9).map(self.of_text))
        tasks = [{**task, "task_id": str(number)} for number, task in enumerate(tasks)]
        known = [{**task, "stream": data.draw(streams)} for task in tasks]
        found, settings = (overview(listed, drawn.at(0), 24, SHANGHAI, "Asia/Shanghai") for listed in (known, tasks))
        states = {channel["task_id"]: channel["state"] for channel in settings["channels"]}
        for channel in found["channels"]:
            before, online = states[channel["task_id"]], channel["stream"] and channel["stream"]["online"]
            if channel["state"] != before:
                assert (before, online) == ("on_air", False)
                assert channel["state"] in ("dark", "played")
            assert bool(channel["stream"] and channel["stream"]["by_others"]) is channel["remark"].endswith("is pushed")
        assert sum(found["counts"][group] for group in AIR_STATES) == len(tasks)
        assert all(width(line) <= WIDTH and clean(line) == line for line in found["lines"])

    @staticmethod
    def of_text(text: str) -> dict[str, Any]:
        """Return a stream whose fields are any text."""
        return {"online": True, **dict.fromkeys(("since", "resolution", "video_bitrate", "client_ip"), text)}

    @pytest.mark.parametrize(
        ("tasks", "domains"),
        [
            ([{"domain": "d.example.com", "app_name": "a", "stream_name": "s", "stream": None}], ["d.example.com"]),
            (
                [
                    {"domain": "d.example.com", "app_name": "a", "stream_name": "s", "stream": None},
                    {"domain": "D.example.com.", "app_name": "a", "stream_name": "t", "stream": None},
                ],
                ["D.example.com."],
            ),
            ([{"domain": "d.example.com", "app_name": "a", "stream_name": "s", "stream": OFF}], []),
            ([{"domain": "d.example.com", "app_name": "a", "stream_name": "s"}], []),
            ([{"destination_url": "rtmp://d.example.com/a/s", "stream": None}], []),
            ([{"domain": "d.example.com", "stream": None}], []),
        ],
    )
    def test_a_domain_without_streams_is_one_that_the_service_refused(
        self, tasks: list[dict[str, Any]], domains: list[str]
    ) -> None:
        assert look(*tasks)["refused_domains"] == domains


class TestAxis:
    def test_the_axis_goes_from_yesterday_to_eight_days_ahead(self) -> None:
        axis = look(zone=SHANGHAI)["axis"]
        assert axis["days"][0] == {"label": "Thu 14", "at": 0.0}
        assert axis["days"][-1] == {"label": "Sat 23", "at": 90.0}
        assert len(axis["days"]) == 10
        # Eight in the evening.
        assert axis["now"] == pytest.approx(10 + 10 * 20 / 24, abs=0.01)
        assert axis["moment"]["local"] == "2027-01-15 20:00 +08:00"

    def test_the_days_of_the_axis_begin_at_midnight(self) -> None:
        assert Axis.at("2027-01-15T12:34:56Z", timezone.utc, "UTC").days[1] == datetime(
            2027, 1, 15, tzinfo=timezone.utc
        )

    def test_a_day_with_two_midnights_begins_at_the_first(self) -> None:
        """In the night to the 7th it is midnight twice in Havana. The moment is after the second one."""
        day = Axis.at("2027-11-07T05:30:00Z", ZoneInfo("America/Havana"), "").days[1]
        assert day.timestamp() == datetime(2027, 11, 7, 4, tzinfo=timezone.utc).timestamp()

    def test_a_day_without_an_hour_is_shorter(self) -> None:
        axis = look(zone=ZoneInfo("Europe/Paris"), now="2027-03-27T12:00:00Z")["axis"]
        places = [day["at"] for day in axis["days"]]
        widths = [round(after - before, 2) for before, after in zip(places, [*places[1:], 100.0])]
        assert widths.count(min(widths)) == 1
        assert widths[2] == min(widths), "the clock is put forward on the 28th"

    @pytest.mark.parametrize(
        ("start", "end", "place"),
        [
            (None, None, (0.0, 100.0, True, True)),
            (at(-36), at(204), (0.0, 100.0, False, False)),
            (at(-37), at(205), (0.0, 100.0, True, True)),
            (at(0), None, (15.0, 85.0, False, True)),
            (None, at(0), (0.0, 15.0, True, False)),
            (at(-1000), at(-900), (0.0, 0.0, True, False)),
            (at(900), at(1000), (100.0, 0.0, False, True)),
            (at(24), at(-24), (25.0, 0.0, False, False)),
            (at(2.64), at(43.92), (16.1, 17.2, False, False)),
        ],
    )
    def test_the_bar_shows_the_window_on_the_axis(self, start: Any, end: Any, place: tuple[Any, ...]) -> None:
        assert tuple(one(start_time=start, end_time=end)["bar"].values()) == place

    def test_a_window_that_cannot_be_understood_has_no_bar(self) -> None:
        channel = one(end_time="tomorrow")
        assert channel["bar"] is None
        assert channel["end"] is None


class TestLines:
    def test_the_table_has_a_line_for_each_channel(self) -> None:
        assert look(
            {"stream_name": "films", "end_time": at(5.2), "source_urls": ["https://m.example.com/a.mp4"]},
            {"stream_name": "\u65b0\u95fb", "status": "pause"},
        )["lines"] == [
            "2 channels at 2027-01-15 12:00 UTC",
            "1 ends soon, 1 paused",
            "CHANNEL  STATE      WHEN                FILES  PLAYS",
            "films    ends soon  ends in 5 h 12 min  1      a.mp4",
            "\u65b0\u95fb     paused                         0",
        ]

    def test_a_long_cell_is_cut(self) -> None:
        task = {"task_id": "t", "stream_name": "n" * 40, "status": "s" * 40, "source_urls": ["h://h/a", "h://h/b"]}
        plans = {"t": PlannedSlot("films", at(1), "news")}
        assert overview([task], NOW, 24, timezone.utc, "UTC", plans)["lines"] == [
            "1 channel at 2027-01-15 12:00 UTC",
            "1 unknown",
            f"{'CHANNEL':32}  STATE    {'WHEN':32}  FILES  PLAYS",
            f"{'n' * 31}\u2026  unknown  status {'s' * 24}\u2026  2      a  b",
            f"{'CHANNEL':32}  PLANNED",
            f"{'n' * 31}\u2026  films until 2027-01-15 13:00 UTC, then news",
        ]

    def test_without_channels_there_is_no_table(self) -> None:
        assert look()["lines"] == ["0 channels at 2027-01-15 12:00 UTC"]

    def test_only_the_first_channels_that_are_not_urgent_are_listed(self) -> None:
        urgent = [{"task_id": f"u{number}", "end_time": at(-1)} for number in range(40)]
        fine = [{"task_id": f"f{number}", "end_time": at(48)} for number in range(50)]
        lines = look(*urgent, *fine)["lines"]
        assert len(lines) == 3 + 40 + 30 + 1
        assert lines[-1] == "and 20 more, on air or paused"

    def test_a_thousand_channels_are_counted_and_the_first_are_listed(self) -> None:
        tasks = seed_many(1000, MOMENT)
        found = overview(tasks, NOW, 24, SHANGHAI, "Asia/Shanghai")
        assert found["counts"]["on_air"] == len(found["channels"]) == 1000
        assert len(found["lines"]) == 34

    @given(
        names=st.lists(st.text(max_size=60), max_size=4),
        status=st.text(max_size=60),
        files=st.lists(st.text(max_size=60), max_size=4),
    )
    def test_no_line_is_too_long_or_has_a_line_break(self, names: list[str], status: str, files: list[str]) -> None:
        urls = [f"https://m.example.com/{name}" for name in files]
        found = look(*({"stream_name": name, "status": status, "source_urls": urls} for name in names))
        for line in found["lines"]:
            assert width(line) <= WIDTH
            assert clean(line) == line

    @pytest.mark.parametrize(
        ("text", "columns_taken"),
        [("abc", 3), ("\u65b0\u95fb", 4), ("e\u0301", 1), ("\uff21", 2), ("a\u200db", 2), ("a\u20dd", 1)],
    )
    def test_a_text_is_as_wide_as_its_letters_on_a_terminal(self, text: str, columns_taken: int) -> None:
        assert width(text) == columns_taken

    @pytest.mark.parametrize(
        ("text", "room", "cut"),
        [
            ("abcd", 4, "abcd"),
            ("abcde", 4, "abc\u2026"),
            ("\u65b0\u95fb\u9891\u9053", 6, "\u65b0\u95fb\u2026"),
            ("\u65b0\u95fb\u9891\u9053", 8, "\u65b0\u95fb\u9891\u9053"),
        ],
    )
    def test_a_text_that_does_not_fit_is_cut(self, text: str, room: int, cut: str) -> None:
        assert fitted(text, room) == cut

    def test_columns_are_cut_at_their_widths(self) -> None:
        assert columns([("a", "x" * 33, "z"), ("bb", "c", "y" * 65)]) == [
            f"a   {'x' * 31}\u2026  z",
            f"bb  c{' ' * 33}{'y' * 61}\u2026",
        ]


@pytest.mark.parametrize(
    ("tasks", "now", "warn", "reason"),
    [
        ({"live_pull_tasks": [], "total": 0}, NOW, 24, "tasks: a dictionary of live_pull_tasks, total is not allowed"),
        (
            None,
            NOW,
            24,
            r"tasks: None .* Allowed: a list of tasks, as live_pull_task_info returns it in live_pull_tasks\.$",
        ),
        ("x", NOW, 24, "tasks: 'x' is not allowed"),
        (["x"], NOW, 24, r"tasks\[0\]: 'x' is not allowed"),
        ([{"status": "enable"}], NOW, 24, r"tasks\[0\]: .* a task, with its task_id"),
        (
            [],
            "2027-01-15T12:00:00",
            24,
            "now: .* zone. Allowed: RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z",
        ),
        ([], None, 24, "now: None is not allowed"),
        ([], "9999-12-31T12:00:00Z", 24, "now: "),
        ([], "0001-01-01T12:00:00Z", 24, "now: "),
        ([], NOW, -1, "warn_hours: -1 is not allowed. Allowed: a number of 0 or more"),
        ([], NOW, True, "warn_hours: True"),
        ([], NOW, "many", "warn_hours: 'many'"),
        ([], NOW, float("nan"), "warn_hours: nan"),
        ([], NOW, float("inf"), "warn_hours: inf"),
    ],
)
def test_wrong_arguments_of_the_overview_are_refused(tasks: Any, now: Any, warn: Any, reason: str) -> None:
    with pytest.raises(InvalidOptionError, match=reason):
        overview(tasks, now, warn, timezone.utc, "UTC")


def test_the_overview_has_the_channels_of_the_emulator() -> None:
    found = overview(seed_tasks(MOMENT), NOW, 24, timezone.utc, "UTC")
    assert [(channel["name"], channel["group"]) for channel in found["channels"]] == [
        ("show", "ahead"),
        ("channel", "on_air"),
        ("partner.example.com/live/main", "on_air"),
        ("paused", "paused"),
    ]
