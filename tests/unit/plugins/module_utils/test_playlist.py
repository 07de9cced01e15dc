# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playlist files, rolling windows, and the channels of the role."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._playlist.window import (
    current_window,
    rolling_window,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._programme import channels as channel_list
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.slots import Tools

ONE, TWO = "https://media.example.com/one.mp4", "https://media.example.com/two.mp4"
BASE = "https://media.example.com/shows/"
NOW = "2026-11-22T12:00:00Z"


def declared(channels: Any, current: Any, now: str, tools: Tools) -> channel_list.Declared:
    """Return what channels declare."""
    return channel_list.declared(channel_list.parsed_channels(channels, now, tools), current, now)


def written(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def after(**span: float) -> str:
    """Return the time that is so much after NOW."""
    return written(datetime(2026, 11, 22, 12, tzinfo=timezone.utc) + timedelta(**span))


def moment(time: str | None) -> datetime:
    assert time is not None
    return datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ")


def lines(count: int) -> str:
    return "".join(f"https://media.example.com/{number}.mp4\n" for number in range(count))


SEVENTH = after(days=7, minutes=-1)
BOTH = {"start_time": NOW, "end_time": SEVENTH}
END = {"end_time": after(days=2)}


class TestRollingWindow:
    @pytest.mark.parametrize(
        ("current", "moved"),
        [
            (None, BOTH),
            ({}, BOTH),
            ({"task_id": "A"}, BOTH),
            ({"start_time": None, "end_time": None}, BOTH),
            ({"start_time": "0001-01-01T00:00:00Z", "end_time": "0001-01-01T00:00:00Z"}, BOTH),  # Go's zero time
            ({"start_time": after(days=-1), "end_time": ""}, BOTH),
            ({"start_time": NOW}, {"end_time": SEVENTH}),
            ({"start_time": after(days=-8), "end_time": after(days=-1)}, BOTH),  # ended long ago
            ({"start_time": after(days=-7), "end_time": NOW}, BOTH),  # ends now
            ({"start_time": after(days=-6), "end_time": after(hours=24, seconds=-1)}, BOTH),  # a second less
            ({"start_time": after(days=-6), "end_time": after(hours=24)}, {}),  # exactly renew_before
            ({"start_time": after(days=-1), "end_time": after(days=6)}, {}),
            ({"start_time": after(days=2), "end_time": after(days=9)}, {}),  # lies ahead
            ({"start_time": None, "end_time": after(days=3)}, {}),
            ({"end_time": after(days=3)}, {}),
        ],
    )
    def test_a_window_moves_only_when_it_should(self, current: dict[str, Any] | None, moved: dict[str, str]) -> None:
        window = rolling_window(current, 7, 24, NOW)
        assert window == {**current_window(current), **moved}
        assert list(window) == ["start_time", "end_time"]

    @pytest.mark.parametrize(
        ("current", "moved"),
        [
            # A minute short of seven days.
            ({"start_time": after(days=-5, minutes=1), "end_time": after(hours=1)}, END),
            ({"start_time": after(days=-5, seconds=59), "end_time": after(hours=1)}, {"start_time": NOW, **END}),
            ({"start_time": after(days=-1), "end_time": after(hours=-1)}, END),  # over
            ({"start_time": NOW, "end_time": after(hours=1)}, END),
            ({"start_time": after(hours=1), "end_time": after(hours=2)}, END),  # ahead
            ({"start_time": after(days=2)}, {"start_time": NOW, **END}),  # begins when it would end
            ({"end_time": after(hours=1)}, {"start_time": NOW, **END}),  # the start is not known
        ],
    )
    def test_only_the_end_moves_while_the_start_allows_it(self, current: dict[str, Any], moved: dict[str, str]) -> None:
        assert rolling_window(current, 2, 24, NOW) == {**current_window(current), **moved}

    @pytest.mark.parametrize(
        ("start", "moves"), [(after(seconds=1), True), (after(days=2), True), (NOW, False), (None, False)]
    )
    def test_a_window_in_the_future_moves_if_the_channel_should_be_on_air(self, start: str | None, moves: bool) -> None:
        current = {"start_time": start, "end_time": after(days=3)}
        assert rolling_window(current, 7, 24, NOW, on_air=True) == (BOTH if moves else current)
        assert rolling_window(current, 7, 24, NOW, on_air=False) == current

    def test_times_are_brought_to_normal_form(self) -> None:
        current = {"start_time": "2026-11-22T08:00:00+08:00", "end_time": "2026-11-26 00:00:00.5+00:00"}
        assert rolling_window(current, 7, 24, "2026-11-22T20:00:00.9+08:00") == {
            "start_time": "2026-11-22T00:00:00Z",
            "end_time": "2026-11-26T00:00:00Z",
        }
        # As a service may write it, in seconds since the epoch.
        assert rolling_window({"end_time": 1795700000}, 7, 24, NOW)["end_time"] == "2026-11-26T13:33:20Z"
        assert rolling_window(None, 1, 0.5, "2026-11-22T20:00:00.9+08:00") == {
            "start_time": NOW,
            "end_time": after(days=1),
        }

    @pytest.mark.parametrize(
        ("current", "days", "renew_before_hours", "now", "reason"),
        [
            (None, 0, 24, NOW, "days: 0 .*1 to 7"),
            (None, 8, 24, NOW, "days: 8 .*1 to 7"),
            (None, True, 1, NOW, "days: True"),
            (None, "7", 1, NOW, "days: '7'"),
            (None, 1.5, 1, NOW, "days: 1.5"),
            (None, 7, 0, NOW, "renew_before_hours: 0 .*less than 167.983,"),
            (None, 7, -1, NOW, "renew_before_hours: -1"),
            (None, 7, 167.99, NOW, "renew_before_hours: 167.99 .*less than 167.983,"),
            (None, 1, 24, NOW, "renew_before_hours: 24 .*less than 24"),
            (None, 7, float("nan"), NOW, "renew_before_hours: nan"),
            (None, 7, float("inf"), NOW, "renew_before_hours: inf"),
            (None, 7, "1", NOW, "renew_before_hours: '1'"),
            (None, 7, True, NOW, "renew_before_hours: True"),
            (None, 7, 24, "now", "now: 'now'"),
            (None, 7, 24, None, "now: missing"),
            (None, 7, 24, "2026-11-22T12:00:00", "now: .* has no time zone"),
            (None, 7, 24, "9999-12-30T00:00:00Z", "now: .*7 days after it"),
            ({"end_time": "soon"}, 7, 24, NOW, "end_time: 'soon'"),
            ({"end_time": "2026-11-22T12:00:00"}, 7, 24, NOW, "end_time: .* has no time zone"),
            ({"start_time": True, "end_time": after(days=6)}, 7, 24, NOW, "start_time: True"),
            ("2026-11-22T12:00:00Z", 7, 24, NOW, "current: '2026-11-22T12:00:00Z' .* a task as live_pull_task_info"),
            # What a module gave as a whole, and a typing error.
            ({"changed": False, "live_pull_tasks": []}, 7, 24, NOW, "current: the result of a module is"),
            ({"starttime": NOW, 5: NOW}, 7, 24, NOW, "current: .* starttime, 5 .* with start_time and end_time"),
        ],
    )
    def test_bad_arguments_are_refused(
        self, current: Any, days: Any, renew_before_hours: Any, now: Any, reason: str
    ) -> None:
        with pytest.raises(InvalidOptionError, match=reason):
            rolling_window(current, days, renew_before_hours, now)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (({}, 9, 24, NOW), "days: 9 is not allowed. Allowed: an integer from 1 to 7."),
            (
                ({"end_time": "soon"}, 7, 24, NOW),
                "end_time: 'soon' is not allowed. Allowed: RFC 3339 with Z or an offset, such as"
                " 2026-01-31T20:00:00Z or 2026-02-01T04:00:00+08:00 (a time without a zone is ambiguous).",
            ),
            (
                (None, 7, 24, "9999-12-30T00:00:00Z"),
                "now: '9999-12-30T00:00:00Z' is not allowed. Allowed: a time that has 7 days after it.",
            ),
            (
                (None, 7, 0, NOW),
                "renew_before_hours: 0 is not allowed. Allowed: more than 0 and less than 167.983, the hours of a"
                " window of 7 days.",
            ),
            (
                ([{"task_id": "A"}], 7, 24, NOW),
                "current: a list of tasks is not allowed; give one, such as tasks | first. Allowed: a task as"
                " live_pull_task_info lists it, a dictionary with start_time and end_time, or nothing.",
            ),
        ],
    )
    def test_a_message_says_what_is_wrong_and_what_is_allowed(self, arguments: tuple[Any, ...], message: str) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            rolling_window(*arguments)
        assert caught.value.message == message

    def test_a_start_in_the_future_stays_if_the_new_end_is_after_it(self) -> None:
        ahead = {"start_time": after(hours=12), "end_time": after(hours=13)}
        assert rolling_window(ahead, 1, 23, NOW) == {**ahead, "end_time": after(days=1)}

    @pytest.mark.parametrize("on_air", [None, 1, "yes"])
    def test_on_air_is_a_boolean(self, on_air: Any) -> None:
        with pytest.raises(InvalidOptionError, match=f"on_air: {on_air!r} is not allowed. Allowed: true or false"):
            rolling_window(None, 7, 24, NOW, on_air)

    @given(
        start=st.none() | st.integers(-30 * 86400, 30 * 86400),
        left=st.none() | st.integers(-30 * 86400, 30 * 86400),
        days=st.integers(1, 7),
        share=st.floats(0.01, 0.99),
        on_air=st.booleans(),
        passed=st.integers(0, 7 * 86400),
    )
    def test_a_channel_with_regular_runs_stays_on_air(
        self, start: int | None, left: int | None, days: int, share: float, on_air: bool, passed: int
    ) -> None:
        """From any window, a run gives a valid one. It stays in the next run, and never moves too early."""
        renew_before = share * 24 * days
        current = {
            name: None if seconds is None else after(seconds=seconds)
            for name, seconds in (("start_time", start), ("end_time", left))
        }
        window = rolling_window(current, days, renew_before, NOW, on_air)
        assert rolling_window(window, days, renew_before, NOW, on_air) == window
        assert window["end_time"] >= after(seconds=int(renew_before * 3600))
        ahead = start is not None and start > 0
        if left is not None and left >= renew_before * 3600 and not (on_air and ahead):
            assert window == current
        else:
            length = moment(window["end_time"]) - moment(window["start_time"])
            assert timedelta(0) < length <= timedelta(days=7, minutes=-1)
            assert window["end_time"] == (SEVENTH if days == 7 else after(days=days))
            assert window["start_time"] in (NOW, current["start_time"])
        if on_air:
            assert (window["start_time"] or NOW) <= NOW
        later = rolling_window(window, days, renew_before, after(seconds=passed), on_air)
        assert later["end_time"] > after(seconds=passed)


def channel(**options: Any) -> dict[str, Any]:
    return {"task_id": "A", "source_urls": [ONE], **options}


STREAM = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
URL = {"destination_url": "rtmp://partner.example.com/live/new"}


def stream(**options: Any) -> dict[str, Any]:
    return {**STREAM, "source_urls": [ONE], **options}


def typed(options: Any, specification: Any) -> dict[str, Any]:
    """Return options of the right types with their defaults, as an argument specification does."""
    values = {name: options.get(name, option.get("default")) for name, option in specification.items()}
    for name in ("rolling", "start_at"):
        if values.get(name) is not None:
            values[name] = typed(values[name], specification[name]["options"])
    return values


def zone(option: str, name: object) -> tzinfo:
    raise InvalidOptionError(f"{option}: {name!r} is not allowed.")


FILES = {
    "channel.m3u": f"#EXTM3U\n{ONE}\ntwo.mp4\n",
    "empty.m3u": "#EXTM3U\n",
    "page.m3u": "<html></html>",
    "binary.m3u": "\x00\x01",
    "long.m3u": lines(31),
}


def read(path: str) -> str:
    try:
        return FILES[path]
    except KeyError:
        raise InvalidOptionError("This file cannot be read: it is not there.") from None


def tasks(*channels: Any, current: tuple[dict[str, Any], ...] = (), now: str = NOW) -> list[dict[str, Any]]:
    return found(list(channels), current, now)


def found(channels: Any, current: Any, now: str) -> list[dict[str, Any]]:
    declaration = declared(channels, current, now, Tools(typed, read, zone))
    if declaration.problems:
        raise InvalidOptionError(*declaration.problems)
    return declaration.tasks


class TestChannels:
    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({}, {"vod_loop_time": "-1"}),
            ({"mode": "once"}, {"vod_loop_time": "1"}),
            ({"mode": "rounds", "rounds": 3}, {"vod_loop_time": "3"}),
            ({"mode": "rounds", "rounds": 1}, {"vod_loop_time": "1"}),
            ({"on_air": True}, {"vod_loop_time": "-1", "status": "enable"}),
            ({"on_air": False}, {"vod_loop_time": "-1", "status": "pause"}),
            (
                {"start_time": "2026-11-22T20:00:00+08:00", "end_time": after(days=7)},
                {"vod_loop_time": "-1", "start_time": NOW, "end_time": after(days=7)},
            ),
            ({"end_time": after(days=9)}, {"vod_loop_time": "-1", "end_time": after(days=9)}),
            (
                {"start_at": {"seconds": 90}},
                {"vod_loop_time": "-1", "vod_start_video_index": 0, "vod_start_video_time": 90},
            ),
            (
                {"on_update": "continue_from_break_point"},
                {"vod_loop_time": "-1", "vod_refresh_type": "continue_from_break_point"},
            ),
            (
                {"callback_events": ["TaskExit", "TaskStart"]},
                {"vod_loop_time": "-1", "callback_events": ["TaskStart", "TaskExit"]},
            ),
        ],
    )
    def test_each_option_becomes_an_option_of_the_task(self, options: dict[str, Any], expected: dict[str, Any]) -> None:
        assert tasks(channel(**options)) == [{"task_id": "A", "source_urls": [ONE], **expected}]

    def test_the_playlist_comes_from_a_file(self) -> None:
        declaration = {"task_id": "A", "m3u": "channel.m3u", "m3u_base_url": "https://media.example.com/"}
        assert tasks(declaration)[0]["source_urls"] == [ONE, TWO]

    def test_tasks_are_in_the_order_of_the_channels(self) -> None:
        assert [task["task_id"] for task in tasks(channel(task_id="B"), channel(), channel(task_id="C"))] == [
            "B",
            "A",
            "C",
        ]

    @pytest.mark.parametrize("name", [STREAM, URL, {"task_id": "A", **STREAM}], ids=str)
    def test_a_channel_is_named_by_its_destination(self, name: dict[str, str]) -> None:
        assert tasks({**name, "source_urls": [ONE]}) == [{**name, "source_urls": [ONE], "vod_loop_time": "-1"}]

    def test_immutable_options_become_options_of_the_task(self) -> None:
        fixed = {
            "callback_url": "https://ops.example.com/events",
            "push_args": "?auth=1",
            "backup_source_type": "PullLivePushLive",
            "backup_source_urls": [TWO],
        }
        assert tasks(stream(**fixed)) == [{**STREAM, **fixed, "source_urls": [ONE], "vod_loop_time": "-1"}]

    @pytest.mark.parametrize("name", [{"task_id": "A"}, STREAM, URL, {"task_id": "A", **URL}], ids=str)
    @pytest.mark.parametrize(
        "rest", [{}, {"source_urls": [], "m3u": "lost.m3u", "mode": "rounds", "rolling": {"days": 9}, "on_air": True}]
    )
    def test_with_remove_only_the_name_of_a_channel_counts(self, name: dict[str, str], rest: dict[str, Any]) -> None:
        assert tasks({**name, **rest, "remove": True}) == [{**name, "state": "absent"}]

    def test_remove_false_changes_nothing(self) -> None:
        assert tasks(channel(remove=False)) == tasks(channel())

    def test_no_channels_declare_no_tasks(self) -> None:
        assert tasks() == []

    @pytest.mark.parametrize(
        ("current", "moved"),
        [
            ((), {}),
            (({"task_id": "A"},), BOTH),
            (({"task_id": "A", "start_time": after(days=-8), "end_time": after(days=-1)},), BOTH),
            (({"task_id": "A", "start_time": after(days=-6), "end_time": after(hours=24, seconds=-1)},), BOTH),
            (({"task_id": "A", "start_time": NOW, "end_time": after(hours=23)},), {"end_time": SEVENTH}),
            (({"task_id": "A", "start_time": after(days=-6), "end_time": after(hours=24)},), {}),
            (({"task_id": "B", "start_time": after(days=-8), "end_time": after(days=-1)},), {}),
        ],
    )
    def test_only_the_times_of_a_rolling_window_that_move_are_managed(
        self, current: tuple[dict[str, Any], ...], moved: dict[str, str]
    ) -> None:
        assert tasks(channel(rolling={}), current=current) == [
            {"task_id": "A", "source_urls": [ONE], "vod_loop_time": "-1", **moved}
        ]

    @pytest.mark.parametrize(
        ("current", "moved"),
        [
            # It will be created, and begins then.
            ((), {"end_time": SEVENTH}),
            (({"task_id": "A", **STREAM, "stream_name": "old"},), {"end_time": SEVENTH}),
            (({"task_id": "A", **STREAM, "domain": None},), {"end_time": SEVENTH}),
            (({"task_id": "A", **STREAM},), BOTH),
            (({"task_id": "A", **STREAM, "destination_url": ""},), BOTH),
            (({"task_id": "A", **STREAM, **URL},), BOTH),
            (({"task_id": "A", **STREAM, "start_time": NOW, "end_time": after(hours=23)},), {"end_time": SEVENTH}),
            (({"task_id": "A", **STREAM, "start_time": after(days=-6), "end_time": after(hours=24)},), {}),
            # It is not known which task is meant.
            (({"task_id": "A", **STREAM}, {"task_id": "B", **STREAM}), {}),
            # Listed twice, because others went meanwhile.
            (({"task_id": "A", **STREAM, "end_time": after(days=2)}, {"task_id": "A", **STREAM}), BOTH),
        ],
    )
    def test_the_window_of_a_rolling_channel_is_found_by_its_destination(
        self, current: tuple[dict[str, Any], ...], moved: dict[str, str]
    ) -> None:
        expected = {**STREAM, "source_urls": [ONE], "vod_loop_time": "-1", **moved}
        assert tasks(stream(rolling={}), current=current) == [expected]

    def test_a_channel_named_by_its_url_is_found_if_the_service_lists_the_stream_too(self) -> None:
        expected = {**URL, "source_urls": [ONE], "vod_loop_time": "-1", **BOTH}
        both = {"task_id": "A", **STREAM, **URL}
        assert tasks(channel(task_id=None, **URL, rolling={}), current=(both,)) == [expected]

    def test_a_channel_named_by_a_url_with_a_secret_is_found_in_results(self) -> None:
        url = "rtmp://u:Passw0rd@partner.example.com/live/new?auth_key=1-0-0-abc"
        secret = channel(task_id=None, destination_url=url, rolling={})
        masked = {"task_id": "A", "destination_url": "rtmp://u:********@partner.example.com/live/new?********"}
        kept = {**masked, "start_time": after(days=-1), "end_time": after(days=2)}
        for current in (masked, {**masked, "destination_url": url}):
            assert tasks(secret, current=(current,))[0].items() >= BOTH.items()
        assert "end_time" not in tasks(secret, current=(kept,))[0]
        with pytest.raises(InvalidOptionError, match=r"2 tasks push to .*Identify the task by its task_id"):
            tasks(secret, current=(masked, {**masked, "task_id": "B"}))

    def test_an_id_selects_one_of_several_tasks_with_the_same_destination(self) -> None:
        over = {"task_id": "B", **STREAM, "end_time": after(days=-1)}
        kept = {"task_id": "A", **STREAM, "end_time": after(days=2)}
        first, second = tasks(stream(task_id="A", rolling={}), stream(task_id="B", rolling={}), current=(over, kept))
        assert ("end_time" in first, "end_time" in second) == (False, True)

    @pytest.mark.parametrize("on_air", [True, False, None])
    def test_a_new_rolling_channel_gets_a_window_of_its_days(self, on_air: bool | None) -> None:
        [task] = tasks(stream(rolling={"days": 2}, on_air=on_air))
        assert {name: task[name] for name in BOTH if name in task} == {"end_time": after(days=2)}

    @pytest.mark.parametrize(("on_air", "moves"), [(True, True), (False, False), (None, False)])
    def test_a_window_in_the_future_moves_only_if_the_channel_should_be_on_air(
        self, on_air: bool | None, moves: bool
    ) -> None:
        ahead = {"task_id": "A", "start_time": after(days=1), "end_time": after(days=3)}
        [task] = tasks(channel(rolling={}, on_air=on_air), current=(ahead,))
        assert {name: task[name] for name in BOTH if name in task} == (BOTH if moves else {})

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"source_urls": None}, "source_urls, m3u: neither is given"),
            ({"m3u": "channel.m3u"}, "source_urls, m3u: both are given"),
            ({"source_urls": []}, "source_urls: 0 entries"),
            ({"source_urls": ["one.mp4"]}, "source_urls: entry 1 \\(the first\\), 'one.mp4'"),
            ({"source_urls": [ONE] * 31}, "source_urls: 31 entries"),
            ({"m3u_base_url": BASE}, "m3u_base_url: not allowed without m3u"),
            ({"source_urls": None, "m3u": "channel.m3u", "m3u_base_url": "x"}, "m3u_base_url: 'x'"),
            ({"source_urls": None, "m3u": "channel.m3u", "m3u_base_url": f"{BASE}a"}, "m3u_base_url: .* a slash at"),
            (
                {"source_urls": None, "m3u": "channel.m3u"},
                "m3u channel.m3u: line 3: .two.mp4. .* Set m3u_base_url\\.$",
            ),
            ({"source_urls": None, "m3u": "empty.m3u"}, "m3u empty.m3u: The playlist has no entries"),
            ({"source_urls": None, "m3u": "page.m3u"}, "m3u page.m3u: This is HTML"),
            ({"source_urls": None, "m3u": "binary.m3u"}, "m3u binary.m3u: .*a text in UTF-16"),
            ({"source_urls": None, "m3u": "long.m3u"}, "m3u long.m3u: The playlist has 31 entries"),
            ({"source_urls": None, "m3u": "lost.m3u"}, "m3u lost.m3u: This file cannot be read"),
            ({"mode": "rounds"}, "rounds: missing"),
            ({"mode": "rounds", "rounds": 0}, "rounds: 0 is not allowed"),
            ({"rounds": 3}, "rounds: not allowed with mode loop"),
            ({"mode": "once", "rounds": 1}, "rounds: not allowed with mode once"),
            ({"rolling": {}, "end_time": after(days=1)}, "rolling: not allowed with end_time"),
            ({"rolling": {}, "start_time": after(days=1)}, "rolling: not allowed with start_time"),
            ({"rolling": {}, "mode": "once"}, "rolling: not allowed with mode once"),
            ({"rolling": {}, "mode": "rounds", "rounds": 2}, "rolling: not allowed with mode rounds"),
            ({"rolling": {"days": 8}}, "rolling: days: 8"),
            ({"rolling": {"days": 1}}, "rolling: renew_before_hours: 24"),
            ({"start_time": NOW, "end_time": after(days=7, seconds=1)}, "end_time: .*by 7 days at most"),
            ({"start_time": NOW, "end_time": NOW}, "end_time: .*later than start_time"),
            ({"start_time": "2026-11-22T12:00:00"}, "start_time: .*no time zone"),
            ({"start_at": {"index": 1}}, "start_at.index: 1 .*source_urls has 1 entry,"),
            ({"start_at": {"seconds": -1}}, "start_at.seconds: -1"),
            ({"task_id": " A"}, "task_id: ' A'"),
            (
                {"domain": "push.example.com"},
                "app_name, stream_name: missing. Allowed: domain, app_name, stream_name tog",
            ),
            ({**STREAM, **URL}, "destination_url: not allowed with domain, app_name, stream_name"),
            ({"callback_url": " https://a"}, "callback_url: '[*]{8}' is not allowed"),
            ({"push_args": "a\nb"}, "push_args: "),
            ({"backup_source_type": "PullVodPushLive"}, "backup_source_type: .*Allowed: PullLivePushLive"),
            ({"backup_source_urls": ["x"]}, "backup_source_urls: entry 1 \\(the first\\), 'x'"),
            ({"remove": True, "stream_name": "s"}, "domain, app_name: missing"),
        ],
    )
    def test_a_bad_channel_is_named(self, options: dict[str, Any], reason: str) -> None:
        name = options.get("task_id", "A")
        with pytest.raises(InvalidOptionError, match=rf"^playlist_channels\[1\] \(task {name}\): .*{reason}") as caught:
            tasks(channel(task_id="fine"), channel(**options))
        assert "fine" not in caught.value.message

    @pytest.mark.parametrize(
        ("options", "name", "reason"),
        [
            ({}, "", "task_id: missing. Allowed: task_id, or domain, app_name, stream_name, or destination_url."),
            ({"remove": True}, "", "task_id: missing. Allowed: task_id, or domain, "),
            ({"stream_name": "new"}, " (task //new)", "domain, app_name: missing."),
            ({**STREAM, "domain": "d" * 256}, f" (task {'d' * 256}/live/new)", "domain: 'ddd"),
            ({**STREAM, "mode": "twice"}, " (task push.example.com/live/new)", "mode: 'twice' is not allowed"),
            ({**URL, "mode": "twice"}, f" (task {URL['destination_url']})", "mode: 'twice' is not allowed"),
        ],
    )
    def test_a_bad_channel_is_named_by_its_destination(self, options: dict[str, Any], name: str, reason: str) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            tasks(channel(), {"source_urls": [ONE], **options})
        assert caught.value.message.startswith(f"playlist_channels[1]{name}: ")
        assert reason in caught.value.message

    @pytest.mark.parametrize("name", [STREAM, URL], ids=str)
    def test_two_channels_with_the_same_task_are_refused(self, name: dict[str, str]) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            tasks({**name, "source_urls": [ONE]}, channel(), {**name, "remove": True})
        label = "/".join(name.values()) if "domain" in name else name["destination_url"]
        assert caught.value.message == (
            f"playlist_channels[2] (task {label}): the same task as playlist_channels[0]. Allowed: each task once."
        )

    def test_all_problems_of_all_channels_are_reported(self) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            tasks(
                channel(mode="rounds", source_urls=None, rolling={"days": 9}, end_time=NOW, start_at={"index": -1}),
                channel(task_id="B"),
                channel(task_id="C", source_urls=["x"]),
                channel(task_id="B"),
            )
        for part in (
            "playlist_channels[0] (task A): ",
            "source_urls, m3u: neither",
            "rounds: missing",
            "rolling: not allowed with end_time",
            "rolling: not allowed with mode rounds",
            "rolling: days: 9",
            "start_at.index: -1",
            "playlist_channels[2] (task C): source_urls: entry 1",
            "playlist_channels[3] (task B): the same task as playlist_channels[1]. Allowed: each task once.",
        ):
            assert part in caught.value.message
        assert "playlist_channels[1] (" not in caught.value.message

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"m3u_base_url": BASE}, "playlist_channels[0] (task A): m3u_base_url: not allowed without m3u."),
            (
                {"mode": "rounds"},
                "playlist_channels[0] (task A): rounds: missing. Mode rounds needs it. Allowed: an integer of 1 or"
                " more.",
            ),
            (
                {"mode": "rounds", "rounds": 0},
                "playlist_channels[0] (task A): rounds: 0 is not allowed. Allowed: an integer of 1 or more.",
            ),
            (
                {"mode": "twice"},
                "playlist_channels[0] (task A): mode: 'twice' is not allowed. Allowed: loop, once, rounds.",
            ),
            (
                {"rounds": 3},
                "playlist_channels[0] (task A): rounds: not allowed with mode loop. Allowed: with mode rounds only.",
            ),
            (
                {"task_id": None},
                "playlist_channels[0]: task_id: missing. Allowed: task_id, or domain, app_name, stream_name, or"
                " destination_url.",
            ),
            (
                {"task_id": None, "rolling": {}},
                "playlist_channels[0]: task_id: missing. Allowed: task_id, or domain, app_name, stream_name, or"
                " destination_url.",
            ),
            (
                {"source_urls": None, "m3u": "lost.m3u"},
                "playlist_channels[0] (task A): m3u lost.m3u: This file cannot be read: it is not there.",
            ),
            (
                {"rolling": {"days": 9}, "end_time": NOW},
                "playlist_channels[0] (task A): rolling: not allowed with end_time, because rolling sets the window."
                " playlist_channels[0] (task A): rolling: days: 9 is not allowed. Allowed: an integer from"
                " 1 to 7.",
            ),
        ],
    )
    def test_a_message_says_what_is_wrong_and_what_is_allowed(self, options: dict[str, Any], message: str) -> None:
        declaration = declared([channel(**options)], [], NOW, Tools(typed, read, zone))
        assert (declaration.tasks, " ".join(declaration.problems)) == ([], message)

    def test_a_masked_destination_of_several_tasks_is_refused(self) -> None:
        masked = {"destination_url": "rtmp://h/live?********"}
        with pytest.raises(InvalidOptionError) as caught:
            tasks(
                {"destination_url": "rtmp://h/live?auth_key=1", "source_urls": [ONE], "rolling": {}},
                current=({"task_id": "A", **masked}, {"task_id": "B", **masked}),
            )
        assert caught.value.message == (
            "playlist_channels[0] (task rtmp://h/live?auth_key=********): destination_url: 2 tasks push to"
            " rtmp://h/live?********. The masked URL does not show which one you mean. Identify the task by its"
            " task_id."
        )

    @pytest.mark.parametrize(
        ("channels", "current", "message"),
        [
            ("A", [], "playlist_channels: 'A' is not allowed. Allowed: a list of channels."),
            (
                [],
                7,
                "current_tasks: this value is not a list of tasks. Allowed: the live_pull_tasks of"
                " live_pull_task_info.",
            ),
        ],
    )
    def test_a_message_says_which_argument_is_not_a_list(self, channels: Any, current: Any, message: str) -> None:
        assert declared(channels, current, NOW, Tools(typed, read, zone)) == ([], [message])

    @pytest.mark.parametrize("channels", [None, "A", 5, {"task_id": "A"}])
    def test_channels_that_are_not_a_list_are_refused(self, channels: object) -> None:
        with pytest.raises(InvalidOptionError, match=r"playlist_channels: .* a list of channels"):
            found(channels, [], NOW)
