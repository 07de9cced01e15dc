# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modify and create for every interpretation of the API page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    EVENTS,
    SHOW_ID,
    Behaviour,
    Service,
    ServiceError,
    merge,
    seed_tasks,
)
from ansible_collections.huaweicloud.live.tests.emulator.fields import MODIFY
from ansible_collections.huaweicloud.live.tests.unit.fakes.model import NOW, listed, service_with

URLS = ["https://media.example.com/a.mp4", "https://media.example.com/b.mp4"]
EARLIER, AT_NOW, LATER = "2026-01-10T11:59:59Z", "2026-01-10T12:00:00Z", "2026-01-10T12:00:01Z"


def test_with_keep_fields_left_out_stay() -> None:
    service = service_with(left_out="keep")
    before = service.task(SHOW_ID)
    service.modify({"task_id": SHOW_ID, "status": "pause"})
    assert service.task(SHOW_ID) == {**before, "status": "pause"}


def test_with_reset_fields_left_out_get_their_defaults() -> None:
    service = service_with(left_out="reset")
    before = service.task(SHOW_ID)
    service.modify({"task_id": SHOW_ID, "status": "pause"})
    assert service.task(SHOW_ID) == {
        **before,
        "status": "pause",
        "vod_loop_time": "-1",
        "vod_refresh_type": "immediate_new_source",
        "vod_start_video_index": 0,
        "vod_start_video_time": 0,
        "start_time": "2026-01-10T12:00:00Z",
        "callback_events": [*EVENTS],
    }


def test_with_replace_fields_left_out_are_emptied() -> None:
    service = service_with(left_out="replace")
    before = service.task(SHOW_ID)
    service.modify({"task_id": SHOW_ID, "vod_loop_time": "2"})
    assert listed(service, SHOW_ID) == {
        **before,
        "source_urls": [],
        "vod_loop_time": "2",
        "vod_refresh_type": "immediate_new_source",
        "vod_start_video_index": 0,
        "vod_start_video_time": 0,
        "start_time": AT_NOW,
        "end_time": "",
        "callback_events": [*EVENTS],
    }


def test_with_replace_a_full_modify_changes_nothing() -> None:
    service = service_with(left_out="replace")
    task = service.task(SHOW_ID)
    assert {*MODIFY} <= task.keys(), "the show of the emulator has a value for each field of a modify"
    service.modify({name: task[name] for name in MODIFY})
    assert service.task(SHOW_ID) == task


@pytest.mark.parametrize(
    ("left_out", "empties", "status"), [("replace", True, ""), ("replace", False, "pause"), ("reset", True, "pause")]
)
def test_a_status_left_out_stays_or_is_emptied(left_out: str, empties: bool, status: str) -> None:
    service = service_with(left_out=left_out, empties_status=empties)
    service.replace_tasks([{**service.task(CHANNEL_ID), "status": "pause"}])
    service.modify({"task_id": CHANNEL_ID, "vod_loop_time": "2"})
    assert listed(service, CHANNEL_ID)["status"] == status


@pytest.mark.parametrize("left_out", ["keep", "reset", "replace"])
def test_left_out_fields_decides_about_single_fields(left_out: str) -> None:
    fates = {"vod_loop_time": "reset", "vod_start_video_time": "keep", "source_urls": "empty", "end_time": "keep"}
    service = service_with(left_out=left_out, left_out_fields=fates)
    before = service.task(SHOW_ID)
    service.modify({"task_id": SHOW_ID, "vod_start_video_index": 1})
    after = listed(service, SHOW_ID)
    assert {name: after[name] for name in fates} == {
        "vod_loop_time": "-1",
        "vod_start_video_time": before["vod_start_video_time"],
        "source_urls": [],
        "end_time": before["end_time"],
    }
    assert (after["callback_events"] == before["callback_events"]) == (left_out == "keep")


def test_a_pause_alone_is_accepted_or_refused() -> None:
    service = service_with(pause_alone="refuse")
    with pytest.raises(ServiceError, match="status must not be the only field"):
        service.modify({"task_id": CHANNEL_ID, "status": "pause"})
    service.modify({"task_id": CHANNEL_ID, "status": "pause", "vod_loop_time": "-1"})
    assert service.task(CHANNEL_ID)["status"] == "pause"


def test_a_modify_of_an_unknown_task_is_answered_as_the_switch_says() -> None:
    service = service_with()
    with pytest.raises(ServiceError) as refused:
        service.modify({"task_id": "no-task", "status": "pause"})
    assert (refused.value.status, refused.value.code) == (400, "LIVE.103011404")
    service.behaviour = Behaviour(unknown_task={"http_status": 404, "error_code": "LIVE.1"})
    with pytest.raises(ServiceError) as refused:
        service.modify({"task_id": "no-task", "status": "pause"})
    assert (refused.value.status, refused.value.code) == (404, "LIVE.1")
    service.behaviour = Behaviour(unknown_task={"http_status": 200, "error_code": None})
    assert service.modify({"task_id": "no-task", "status": "pause"}) == "no-task"
    assert len(service.tasks()) == 4


@pytest.mark.parametrize(("seconds", "end"), [(None, None), (3600, "2026-01-10T13:00:01Z")])
def test_a_task_created_without_an_end_ends_as_the_switch_says(seconds: int | None, end: str | None) -> None:
    service = service_with(create_end=seconds)
    new = {"source_type": "PullVodPushLive", "source_urls": URLS, "start_time": LATER}
    assert service.task(service.create(new)).get("end_time") == end
    given = service.create({**new, "end_time": "2026-01-10T12:30:00Z"})
    assert service.task(given)["end_time"] == "2026-01-10T12:30:00Z"


@pytest.mark.parametrize(
    "switches",
    [
        {"left_out_fields": {"status": "reset"}},
        {"left_out_fields": {"end_time": "gone"}},
        {"unknown_task": {"http_status": 404}},
        {"unknown_task": {"http_status": 99, "error_code": None}},
        {"unknown_task": None},
        {"create_end": 0},
        {"immutable_each": {"status": "masked"}},
        {"hosts": "upper_case"},
    ],
    ids=str,
)
def test_a_wrong_switch_is_refused_by_its_name(switches: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(switches))):
        Behaviour.from_json(switches)


@pytest.mark.parametrize("left_out", ["keep", "reset", "replace"])
def test_an_emptied_playlist_does_not_block_a_modify(left_out: str) -> None:
    service = service_with(left_out="replace")
    service.modify({"task_id": SHOW_ID, "vod_start_video_index": 1})
    service.behaviour = Behaviour(left_out=left_out)
    for body in ({"status": "pause"}, {"vod_start_video_index": 2}, {"source_urls": URLS, "vod_start_video_index": 1}):
        service.modify({"task_id": SHOW_ID, **body})
    assert listed(service, SHOW_ID)["source_urls"] == URLS
    with pytest.raises(ServiceError, match="vod_start_video_index"):
        service.modify({"task_id": SHOW_ID, "source_urls": URLS, "vod_start_video_index": 2})
    assert service.list({}).total == 4


@pytest.mark.parametrize(
    ("past_start", "sent", "stored"),
    [
        ("accept", EARLIER, EARLIER),
        ("accept", LATER, LATER),
        ("refuse", EARLIER, None),
        ("refuse", AT_NOW, AT_NOW),
        ("now", EARLIER, AT_NOW),
        ("now", LATER, LATER),
    ],
)
def test_start_time_in_the_past_is_accepted_replaced_or_refused(past_start: str, sent: str, stored: str | None) -> None:
    now = NOW + timedelta(milliseconds=500)
    service = Service(seed_tasks(NOW), behaviour=Behaviour(past_start=past_start), now=lambda: now)
    for write in (
        lambda: service.modify({"task_id": CHANNEL_ID, "start_time": sent}),
        lambda: service.create({"source_type": "PullVodPushLive", "source_urls": URLS, "start_time": sent}),
    ):
        before = service.tasks()
        if stored is None:
            with pytest.raises(ServiceError, match="start_time must not be earlier") as raised:
                write()
            assert (raised.value.status, service.tasks()) == (400, before)
        else:
            assert service.task(write())["start_time"] == stored


@pytest.mark.parametrize(
    ("past_end", "end", "refused"),
    [
        ("accept", EARLIER, False),
        ("accept", AT_NOW, False),
        ("refuse", EARLIER, True),
        ("refuse", AT_NOW, True),
        ("refuse", LATER, False),
    ],
)
def test_end_time_in_the_past_is_accepted_or_refused(past_end: str, end: str, refused: bool) -> None:
    service = service_with(past_end=past_end)
    start = "2026-01-09T00:00:00Z"
    body = {"source_type": "PullVodPushLive", "source_urls": URLS, "start_time": start, "end_time": end}
    for write in (lambda: service.modify({"task_id": CHANNEL_ID, "end_time": end}), lambda: service.create(body)):
        if refused:
            with pytest.raises(ServiceError, match="end_time must be later than the current time"):
                write()
        else:
            assert service.task(write())["end_time"] == end


def test_end_time_in_the_past_is_allowed_if_it_is_not_sent() -> None:
    service = service_with(past_end="refuse", past_start="refuse")
    service.replace_tasks([{**service.task(CHANNEL_ID), "end_time": EARLIER}])
    service.modify({"task_id": CHANNEL_ID, "status": "pause"})
    assert service.task(CHANNEL_ID)["status"] == "pause"


@pytest.mark.parametrize(
    ("seven_days", "end", "refused"),
    [
        ("at_most", "2026-01-18T00:00:00Z", False),
        ("at_most", "2026-01-18T00:00:01Z", True),
        ("less_than", "2026-01-17T23:59:59Z", False),
        ("less_than", "2026-01-18T00:00:00Z", True),
    ],
)
def test_window_of_seven_days_is_accepted_or_refused(seven_days: str, end: str, refused: bool) -> None:
    service = service_with(seven_days=seven_days)
    window = {"start_time": "2026-01-11T00:00:00Z", "end_time": end}
    body = {"source_type": "PullVodPushLive", "source_urls": URLS, **window}
    for write in (lambda: service.modify({"task_id": CHANNEL_ID, **window}), lambda: service.create(body)):
        if refused:
            with pytest.raises(ServiceError, match=f"{seven_days.replace('_', ' ')} 7 days"):
                write()
        else:
            assert service.task(write())["end_time"] == end


def test_merge_uses_the_switches() -> None:
    task = service_with().task(CHANNEL_ID)
    assert merge(task, {"status": "pause"}, "keep", NOW) == {**task, "status": "pause"}
    emptied = merge(task, {}, "replace", NOW, behaviour=Behaviour(empties_status=True))
    assert (emptied["source_urls"], emptied["status"], emptied["end_time"]) == ([], "", "")


@pytest.mark.parametrize(
    "switches",
    [
        {"left_out": "drop"},
        {"empties_status": 1},
        {"past_start": "later"},
        {"past_end": "now"},
        {"seven_days": 7},
        {"restarts": "never"},
        {"durations": {"a": 0}},
        {"durations": {1: 1}},
        {"time_style": "local"},
        {"no_time": None},
        {"numbers": "int"},
        {"loop_number": "yes"},
        {"encode_urls": None},
        {"upper_case": 1},
        {"more_events": "TaskPause"},
        {"more_events": [1]},
        {"status_words": {"enable": 1}},
        {"status_words": ["enable"]},
        {"own_end": ""},
        {"token_uses": -1},
        {"lag": -1},
        {"page_cap": 0},
        {"max_tasks": -1},
        {"max_tasks": True},
        {"one_per_destination": "yes"},
        {"never_apply": 1},
    ],
)
def test_a_wrong_switch_is_refused(switches: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(switches))):
        Behaviour(**switches)


def test_behaviour_survives_json() -> None:
    behaviour = Behaviour(more_events=["TaskPause"], status_words={"enable": "on"}, durations={"a": 1.5})
    assert Behaviour.from_json(behaviour.to_json()) == behaviour == Behaviour.from_json({}, behaviour)
