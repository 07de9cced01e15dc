# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a channel shows, and which changes its viewers notice. The examples are calculated by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Emulator, Task
from ansible_collections.huaweicloud.live.tests.emulator import vod_task as task_of
from ansible_collections.huaweicloud.live.tests.emulator.player import (
    Channel,
    channel_at_start,
    channel_since_window,
    has_ended,
    showing,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.model import NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox

A, B, C, D = (f"https://media.example.com/{name}.mp4" for name in "abcd")
DURATIONS = {A: 100.0, B: 200.0, C: 300.0}
"""D is not among them, so it lasts ten minutes."""
START, END = "2026-01-10T12:00:00Z", "2026-01-10T14:00:00Z"
IMMEDIATE, FILE_START, BREAK_POINT = "immediate_new_source", "continue_from_file_start", "continue_from_break_point"


def channel(**fields: Any) -> Task:
    """Return a channel with A, B and C from noon to two. The time is noon."""
    usual = {"source_urls": [A, B, C], "start_time": START, "end_time": END, "vod_refresh_type": IMMEDIATE}
    return task_of(CHANNEL_ID, "channel", NOW, **{**usual, **fields})


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class OneChannel(Sandbox):
    """A sandbox with one channel, which is modified and watched."""

    def __init__(self, task: Task, **switches: Any) -> None:
        super().__init__(task, start=NOW, **{"durations": DURATIONS, **switches})

    def after(self, seconds: float) -> OneChannel:
        self.clock.advance(seconds)
        return self

    def modify(self, **fields: Any) -> OneChannel:
        self.service.modify({"task_id": CHANNEL_ID, **fields})
        return self


# What is shown


@pytest.mark.parametrize(
    ("fields", "seconds", "shown"),
    [
        ({}, 0, (0, A, 0)),
        ({}, 99.5, (0, A, 99.5)),
        ({}, 100, (1, B, 0)),
        ({}, 599, (2, C, 299)),
        ({}, 600, (0, A, 0)),
        ({}, 6 * 600 + 301, (2, C, 1)),
        ({"source_urls": [D, A]}, 601, (1, A, 1)),
        ({"source_urls": [A, A]}, 150, (1, A, 50)),
        ({"vod_start_video_index": 1, "vod_start_video_time": 50}, 0, (1, B, 50)),
        ({"vod_start_video_index": 1, "vod_start_video_time": 50}, 450, (0, A, 0)),
        ({"vod_start_video_time": 2147483647}, 0, (1, B, 0)),
        ({"vod_start_video_index": 7}, 0, (2, C, 0)),
        ({"vod_loop_time": "2"}, 1199, (2, C, 299)),
        ({"vod_loop_time": "2"}, 1200, None),
        ({"vod_loop_time": "1", "vod_start_video_index": 2}, 300, None),
        ({"vod_loop_time": ""}, 1200, (0, A, 0)),
        ({}, -1, None),
        ({}, 2 * 3600 - 1, (2, C, 299)),
        ({}, 2 * 3600, None),
        ({"end_time": ""}, 2 * 3600, (0, A, 0)),
        ({"end_time": None, "start_time": None}, 1, (0, A, 1)),
        ({"status": "pause"}, 0, None),
        ({"status": ""}, 0, None),
        ({"source_urls": []}, 0, None),
        ({"source_urls": None}, 0, None),
    ],
)
def test_player_calculates_file_and_second(fields: dict[str, Any], seconds: float, shown: Any) -> None:
    task = channel(**fields)
    assert showing(task, channel_since_window(task, NOW), later(seconds), DURATIONS) == shown


def test_playback_continues_from_the_start_position() -> None:
    playing = Channel(later(10), 1, 20, rounds=2)
    assert showing(channel(), playing, later(9), DURATIONS) is None
    assert showing(channel(), playing, later(15), DURATIONS) == (1, B, 25)
    assert showing(channel(vod_loop_time="3"), playing, later(10 + 480), DURATIONS) is None


def test_a_channel_begins_now_or_when_its_window_opens() -> None:
    assert channel_at_start(channel(), later(50)).started == later(50)
    assert channel_at_start(channel(), later(-50)).started == NOW
    assert channel_since_window(channel(), later(50)).started == NOW
    assert channel_since_window(channel(start_time="of old"), later(50)).started == later(50)


@pytest.mark.parametrize(
    ("fields", "seconds", "is_over"),
    [
        ({}, 2 * 3600 - 1, False),
        ({}, 2 * 3600, True),
        ({}, -1, False),
        ({"vod_loop_time": "1"}, 599, False),
        ({"vod_loop_time": "1"}, 600, True),
        ({"vod_loop_time": "1"}, -1, False),
        ({"source_urls": []}, 1, False),
        ({"status": "pause"}, 2 * 3600, False),
    ],
)
def test_channel_ends_after_its_window_or_rounds(fields: dict[str, Any], seconds: float, is_over: bool) -> None:
    task = channel(**fields)
    assert has_ended(task, channel_since_window(task, NOW), later(seconds), DURATIONS) is is_over


# Modifies, thirty seconds into B

STAYS, RESTARTS = (1, B, 30.0), (0, A, 0.0)


@pytest.mark.parametrize(
    ("fields", "body", "shown"),
    [
        # what the switch counts: sent, differ, immediate
        ({}, {"vod_loop_time": "5"}, (STAYS, STAYS, RESTARTS)),
        ({}, {"source_urls": [A, B, C]}, (RESTARTS, STAYS, RESTARTS)),
        ({}, {"source_urls": [A, B]}, (RESTARTS, RESTARTS, RESTARTS)),
        ({}, {"source_urls": [A, B], "vod_start_video_index": 1}, ((1, B, 0), (1, B, 0), (1, B, 0))),
        ({}, {"vod_refresh_type": FILE_START}, (STAYS, STAYS, STAYS)),
        ({"vod_refresh_type": FILE_START}, {"vod_loop_time": "5"}, (STAYS, STAYS, STAYS)),
        ({"vod_refresh_type": FILE_START}, {"vod_refresh_type": IMMEDIATE}, (STAYS, STAYS, RESTARTS)),
        ({"vod_refresh_type": FILE_START}, {"source_urls": [A, B, C]}, ((1, B, 0), STAYS, STAYS)),
        # where it continues
        ({"vod_refresh_type": FILE_START}, {"source_urls": [D, C]}, ((1, C, 0), (1, C, 0), (1, C, 0))),
        ({"vod_refresh_type": FILE_START}, {"source_urls": [C]}, ((0, C, 0), (0, C, 0), (0, C, 0))),
        ({"vod_refresh_type": BREAK_POINT}, {"source_urls": [A, B, C]}, (STAYS, STAYS, STAYS)),
        ({"vod_refresh_type": BREAK_POINT}, {"source_urls": [D, C]}, ((1, C, 30), (1, C, 30), (1, C, 30))),
        ({"vod_refresh_type": BREAK_POINT}, {"source_urls": [D, B, A]}, (STAYS, STAYS, STAYS)),
        ({"vod_refresh_type": BREAK_POINT}, {"source_urls": [C]}, ((0, C, 0), (0, C, 0), (0, C, 0))),
    ],
)
def test_a_modify_restarts_the_channel_as_the_switch_says(
    fields: dict[str, Any], body: dict[str, Any], shown: tuple[Any, ...]
) -> None:
    for restarts, expected in zip(("sent", "differ", "immediate"), shown):
        sandbox = OneChannel(channel(**fields), restarts=restarts).after(130).modify(**body)
        assert (restarts, sandbox.shown()) == (restarts, expected)
        assert (restarts, sandbox.disturbances()) == (restarts, int(expected != STAYS))
        sandbox.after(10)
        assert (restarts, sandbox.shown()) == (restarts, (*expected[:2], expected[2] + 10))


def test_seeded_channel_plays_since_its_start() -> None:
    assert OneChannel(channel(start_time="2026-01-10T11:58:00Z")).shown() == (1, B, 20)


def test_passing_time_does_not_disturb_viewers() -> None:
    sandbox = OneChannel(channel()).after(130).modify(vod_loop_time="50").after(5000).modify(vod_loop_time="60")
    assert (sandbox.shown(), sandbox.disturbances()) == ((2, C, 30), 0)


def test_restart_at_the_start_does_not_disturb_viewers() -> None:
    assert OneChannel(channel()).after(600).modify(source_urls=[A, C]).disturbances() == 0


def test_finished_rounds_count_after_a_modify() -> None:
    sandbox = OneChannel(channel(vod_loop_time="2", vod_refresh_type=BREAK_POINT)).after(730).modify(source_urls=[A, B])
    assert sandbox.shown() == STAYS
    assert sandbox.after(169).shown() == (1, B, 199)
    assert sandbox.after(1).shown() is None
    assert sandbox.disturbances() == 0


@pytest.mark.parametrize("refresh", [IMMEDIATE, FILE_START, BREAK_POINT])
def test_finished_channel_restarts_only_with_a_new_playlist(refresh: str) -> None:
    sandbox = OneChannel(channel(vod_loop_time="1", vod_refresh_type=refresh), restarts="differ")
    sandbox.after(700).modify(callback_events=["TaskExit"])
    assert (sandbox.shown(), sandbox.disturbances()) == (None, 0)
    assert sandbox.modify(source_urls=[B]).shown() == (0, B, 0)
    assert sandbox.disturbances() == 0


def test_pause_and_enable_do_not_disturb_viewers() -> None:
    sandbox = OneChannel(channel(vod_start_video_time=5)).after(130).modify(status="pause")
    assert sandbox.shown() is None
    assert sandbox.after(10).modify(vod_loop_time="9").modify(status="enable").shown() == (0, A, 5)
    assert sandbox.disturbances() == 0


def test_moving_the_window_shows_and_hides_without_disturbance() -> None:
    sandbox = OneChannel(channel()).after(130).modify(start_time="2026-01-10T11:00:00Z")
    assert sandbox.shown() == STAYS
    assert sandbox.modify(start_time="2026-01-10T12:11:00Z").shown() is None
    assert sandbox.after(660 - 130 + 7).shown() == (0, A, 7)
    assert sandbox.after(3 * 3600).modify(end_time="2026-01-10T18:00:00Z").shown() == RESTARTS
    assert sandbox.disturbances() == 0


def test_emptying_and_restoring_a_playlist_disturbs_viewers() -> None:
    sandbox = OneChannel(channel(), left_out="replace").after(130).modify(vod_loop_time="2")
    assert (sandbox.shown(), sandbox.disturbances()) == (None, 1)
    assert sandbox.after(1).modify(vod_loop_time="2").disturbances() == 1
    assert sandbox.modify(source_urls=[A, B, C]).shown() == RESTARTS
    assert sandbox.disturbances() == 2
    assert sandbox.after(130).modify(source_urls=[A, B, C]).disturbances() == 3


def test_enable_after_a_pause_is_not_a_second_disturbance() -> None:
    sandbox = OneChannel(channel(), left_out="replace").after(130).modify(vod_loop_time="2")
    sandbox.modify(status="pause").modify(status="enable", source_urls=[A])
    assert (sandbox.shown(), sandbox.disturbances()) == (RESTARTS, 1)


def test_emptying_the_status_disturbs_viewers() -> None:
    sandbox = OneChannel(channel(), left_out="replace", empties_status=True).after(130).modify(source_urls=[A, B, C])
    assert (sandbox.shown(), sandbox.disturbances()) == (None, 1)


def test_channel_ends_if_more_rounds_are_finished_than_declared() -> None:
    sandbox = OneChannel(channel()).after(700).modify(vod_loop_time="1")
    assert (sandbox.shown(), sandbox.disturbances()) == (None, 1)


def test_modify_without_effect_does_not_change_the_player() -> None:
    sandbox = OneChannel(channel(), never_apply=True, restarts="immediate").after(130).modify(source_urls=[C])
    assert (sandbox.shown(), sandbox.disturbances()) == (STAYS, 0)


def test_lag_does_not_delay_the_player() -> None:
    assert OneChannel(channel(), lag=60).after(130).modify(source_urls=[C]).shown() == (0, C, 0)


def test_second_writer_disturbs_viewers() -> None:
    sandbox = OneChannel(channel()).after(130)
    sandbox.service.meddle(1, CHANNEL_ID, {"source_urls": [C]})
    sandbox.service.meddle(2, CHANNEL_ID, {"source_urls": []}, after=True)
    sandbox.modify(vod_loop_time="5")
    assert (sandbox.shown(), sandbox.disturbances()) == ((0, C, 0), 1)
    sandbox.modify(vod_loop_time="6")
    assert (sandbox.shown(), sandbox.disturbances()) == (None, 2)


def test_created_channel_plays_and_deleted_channel_is_unknown() -> None:
    sandbox = OneChannel(channel())
    body = {"source_type": "PullVodPushLive", "source_urls": [B], "start_time": "2026-01-10T11:00:00Z"}
    created = sandbox.after(10).service.create(body)
    assert sandbox.after(5).shown(created) == (0, B, 5)
    sandbox.service.delete({"task_id": CHANNEL_ID})
    for look in (sandbox.shown, sandbox.disturbances):
        with pytest.raises(KeyError):
            look(CHANNEL_ID)


def test_the_player_is_read_over_http(emulator: Emulator, caller: Any) -> None:
    caller.control("PATCH", "behaviour", {"left_out": "replace", "durations": {A: 1_000_000}})
    task = channel(source_urls=[A], start_time="2000-01-01T00:00:00Z", end_time="", vod_start_video_time=1)
    emulator.seed([task])
    [[task_id, played]] = caller.control("GET", "player").json().items()
    assert (task_id, played["disturbances"]) == (CHANNEL_ID, 0)
    assert played["showing"].items() >= {"index": 0, "url": A}.items()
    assert played["showing"]["second"] == pytest.approx(emulator.service.player.showing(CHANNEL_ID).second, abs=5)
    caller.modify(task_id=CHANNEL_ID, vod_loop_time="2")
    assert caller.control("GET", "player").json() == {CHANNEL_ID: {"showing": None, "disturbances": 1}}
