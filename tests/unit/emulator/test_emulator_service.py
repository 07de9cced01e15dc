# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The constraints and the four operations, without HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    EVENTS,
    PAUSED_ID,
    RELAY_ID,
    SHOW_ID,
    Behaviour,
    Service,
    ServiceError,
    seed_many,
    seed_tasks,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.model import NOW, listed, service_with

VOD = {"source_type": "PullVodPushLive", "source_urls": ["https://media.example.com/a.mp4"]}
LIVE = {"source_type": "PullLivePushLive", "source_urls": ["rtmp://origin.example.com/live/a"]}

MODIFY_REFUSED: list[tuple[str, object]] = [
    ("task_id", None),
    ("task_id", 7),
    ("task_id", ""),
    ("status", "running"),
    ("status", ""),
    ("status", None),
    ("status", ["pause"]),
    ("source_urls", []),
    ("source_urls", ["https://a.example.com/x.mp4"] * 31),
    ("source_urls", "https://a.example.com/x.mp4"),
    ("source_urls", ["x.mp4"]),
    ("source_urls", ["https://a.example.com/x y.mp4"]),
    ("source_urls", ["https:///x.mp4"]),
    ("source_urls", [1]),
    ("source_urls", None),
    ("vod_loop_time", -1),
    ("vod_loop_time", 3),
    ("vod_loop_time", "0"),
    ("vod_loop_time", "-2"),
    ("vod_loop_time", "03"),
    ("vod_loop_time", "3 "),
    ("vod_loop_time", "٣"),
    ("vod_loop_time", None),
    ("vod_refresh_type", "now"),
    ("vod_refresh_type", ""),
    ("vod_start_video_index", True),
    ("vod_start_video_index", "0"),
    ("vod_start_video_index", 1.0),
    ("vod_start_video_index", -1),
    ("vod_start_video_index", 2147483648),
    ("vod_start_video_index", 3),
    ("vod_start_video_index", None),
    ("vod_start_video_time", False),
    ("vod_start_video_time", -1),
    ("vod_start_video_time", 2147483648),
    ("start_time", ""),
    ("start_time", "2026-01-10"),
    ("start_time", "2026-01-10T00:00:00"),
    ("start_time", "2026-01-10T00:00:00.000Z"),
    ("start_time", "2026-01-10T08:00:00+08:00"),
    ("start_time", "2026-02-30T00:00:00Z"),
    ("start_time", "2026-01-10T24:00:00Z"),
    ("start_time", 1768003200),
    ("start_time", "2026-01-16T00:00:00Z"),
    ("start_time", "2026-01-08T23:59:59Z"),
    ("end_time", "2026-01-09T00:00:00Z"),
    ("end_time", "2026-01-16T00:00:01Z"),
    ("callback_events", "TaskStart"),
    ("callback_events", ["taskstart"]),
    ("callback_events", None),
    ("region", "cn-north-4"),
    ("unknown", 1),
]


@pytest.mark.parametrize(("field", "value"), MODIFY_REFUSED)
@pytest.mark.parametrize("left_out", ["keep", "reset"])
def test_modify_refuses_a_value_that_is_not_documented(field: str, value: object, left_out: str) -> None:
    service = service_with(left_out=left_out)
    before = service.tasks()
    times = {} if field in ("start_time", "end_time") and left_out == "keep" else {"start_time": "2026-01-09T00:00:00Z"}
    with pytest.raises(ServiceError) as raised:
        service.modify({"task_id": CHANNEL_ID, **times, field: value})
    assert (raised.value.status, raised.value.code) == (400, "LIVE.100011001")
    assert field in raised.value.message
    assert service.tasks() == before


@pytest.mark.parametrize("body", [None, [], "x", {}])
def test_modify_refuses_a_body_without_a_task_id(body: object) -> None:
    with pytest.raises(ServiceError) as raised:
        service_with().modify(body)
    assert raised.value.code == "LIVE.100011001"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "pause"),
        ("source_urls", ["rtmp://a.example.com"] * 30),
        ("vod_loop_time", "1"),
        ("vod_refresh_type", "continue_from_break_point"),
        ("vod_start_video_index", 2),
        ("vod_start_video_time", 2147483647),
        ("start_time", "2026-01-09T00:00:00Z"),
        ("end_time", "2026-01-16T00:00:00Z"),
        ("callback_events", ["TaskAlarm", "TaskExit"]),
    ],
)
def test_modify_stores_a_documented_value(field: str, value: object) -> None:
    service = service_with()
    before = service.task(CHANNEL_ID)
    assert service.modify({"task_id": CHANNEL_ID, field: value}) == CHANNEL_ID
    assert service.task(CHANNEL_ID) == {**before, field: value}


def test_an_empty_value_means_the_default() -> None:
    service = service_with()
    service.modify({"task_id": SHOW_ID, "vod_loop_time": "", "callback_events": []})
    assert service.task(SHOW_ID)["vod_loop_time"] == "-1"
    assert service.task(SHOW_ID)["callback_events"] == [*EVENTS]


def test_constraints_apply_to_the_merged_task() -> None:
    service = service_with()
    with pytest.raises(ServiceError, match="vod_start_video_index"):
        service.modify({"task_id": SHOW_ID, "source_urls": ["https://media.example.com/only.mp4"]})
    service.modify({"task_id": SHOW_ID, "source_urls": ["https://a.example.com/1.mp4"], "vod_start_video_index": 0})


def test_a_missing_start_time_means_now() -> None:
    service = service_with()
    task = {name: value for name, value in service.task(CHANNEL_ID).items() if name != "start_time"}
    service.replace_tasks([task])
    service.modify({"task_id": CHANNEL_ID, "status": "pause"})
    assert service.task(CHANNEL_ID)["start_time"] == "2026-01-10T12:00:00Z"
    with pytest.raises(ServiceError, match="start_time"):
        service.replace_tasks([{**task, "end_time": "2026-01-10T12:00:00Z"}])
        service.modify({"task_id": CHANNEL_ID, "status": "pause"})


def test_only_vod_tasks_can_be_modified() -> None:
    with pytest.raises(ServiceError, match="source_type"):
        service_with().modify({"task_id": RELAY_ID, "status": "pause"})


@pytest.mark.parametrize("operation", ["modify", "delete"])
def test_unknown_task_has_its_own_error_code(operation: str) -> None:
    with pytest.raises(ServiceError) as raised:
        getattr(service_with(), operation)({"task_id": "unknown"})
    assert raised.value.status == 400
    assert raised.value.code.startswith("LIVE.")
    assert raised.value.code != "LIVE.100011001"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"source_type": "PullVodPushLive"}, "source_urls"),
        ({"source_urls": ["rtmp://a.example.com/x"]}, "source_type"),
        ({**VOD, "source_type": "Pull"}, "source_type"),
        ({**VOD, "region": ""}, "region"),
        ({**VOD, "region": "x" * 65}, "region"),
        ({**VOD, "domain": "x" * 256}, "domain"),
        ({**VOD, "app_name": "x" * 129}, "app_name"),
        ({**VOD, "stream_name": "x" * 513}, "stream_name"),
        ({**VOD, "domain": None}, "domain"),
        ({**VOD, "destination_url": 7}, "destination_url"),
        ({**VOD, "destination_url": "rtmp://b.example.com/x", "domain": "b"}, "destination_url"),
        ({**VOD, "destination_url": "rtmp://b.example.com/x", "app_name": "b"}, "destination_url"),
        ({**VOD, "destination_url": "rtmp://b.example.com/x", "stream_name": "b"}, "destination_url"),
        ({**VOD, "source_urls": []}, "source_urls"),
        ({**VOD, "source_urls": ["rtmp://a.example.com/x"] * 31}, "source_urls"),
        ({**VOD, "vod_loop_time": 3}, "vod_loop_time"),
        ({**VOD, "vod_refresh_type": "now"}, "vod_refresh_type"),
        ({**VOD, "callback_events": ["TaskPause"]}, "callback_events"),
        ({**VOD, "callback_url": None}, "callback_url"),
        ({**VOD, "backup_source_type": "PullVodPushLive"}, "backup_source_type"),
        ({**VOD, "backup_source_type": ""}, "backup_source_type"),
        ({**VOD, "backup_source_urls": ["x.flv"]}, "backup_source_urls"),
        ({**VOD, "name": "x"}, "name"),
        ({**VOD, "vod_start_video_index": 1}, "vod_start_video_index"),
        ({**VOD, "start_time": "2026-01-10T00:00:00Z", "end_time": "2026-01-17T00:00:01Z"}, "end_time"),
        ({**VOD, "end_time": "2026-01-10T12:00:00Z"}, "start_time"),
        ({**VOD, "status": "pause"}, "status"),
        ({**VOD, "task_id": "x"}, "task_id"),
        ({**LIVE, "source_urls": ["rtmp://a.example.com/x"] * 2}, "source_urls"),
        ({**LIVE, "vod_loop_time": "1"}, "vod_loop_time"),
        ({**LIVE, "vod_refresh_type": "immediate_new_source"}, "vod_refresh_type"),
        ({**LIVE, "vod_start_video_index": 0}, "vod_start_video_index"),
        ({**LIVE, "vod_start_video_time": 0}, "vod_start_video_time"),
        ({**LIVE, "backup_source_type": "PullLivePushLive"}, "backup_source_type"),
        ({**LIVE, "backup_source_urls": ["rtmp://a.example.com/x"]}, "backup_source_urls"),
        ({**LIVE, "callback_events": ["VodSourceFileStart"]}, "callback_events"),
    ],
)
def test_create_refuses_a_body_that_is_not_documented(body: dict[str, Any], field: str) -> None:
    service = service_with()
    with pytest.raises(ServiceError) as raised:
        service.create(body)
    assert raised.value.code == "LIVE.100011001"
    assert field in raised.value.message
    assert len(service.tasks()) == len(seed_tasks(NOW))


@pytest.mark.parametrize(
    "body",
    [
        VOD,
        LIVE,
        {**VOD, "destination_url": "rtmp://b.example.com/x", "domain": ""},
        {**VOD, "domain": "half.example.com"},
        {**LIVE, "region": "x" * 64, "domain": "d" * 255, "app_name": "a" * 128, "stream_name": "s" * 512},
        {**VOD, "source_urls": ["rtmp://a.example.com/x"] * 30, "vod_start_video_index": 29},
        {**VOD, "backup_source_type": "PullLivePushLive", "backup_source_urls": ["rtmp://a.example.com/x"]},
    ],
)
def test_create_stores_a_documented_body(body: dict[str, Any]) -> None:
    service = service_with()
    task = service.task(service.create(body))
    assert task.items() >= {**body, "status": "enable", "start_time": "2026-01-10T12:00:00Z"}.items()
    assert ("vod_loop_time" in task) == (body["source_type"] == "PullVodPushLive")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"limit": ""},
        {"offset": "-1"},
        {"offset": "2147483648"},
        {"task_id": ""},
        {"region": ""},
        {"page": "1"},
    ],
)
def test_list_refuses_a_query_that_is_not_documented(query: dict[str, str]) -> None:
    with pytest.raises(ServiceError, match=next(iter(query))):
        service_with().list(query)


def test_list_pages_and_filters() -> None:
    service = Service(seed_many(25, NOW))
    first, last = service.list({}), service.list({"offset": "20", "limit": "100"})
    assert (len(first.task_infos), first.total, len(last.task_infos)) == (10, 25, 5)
    assert service.list({"region": "elsewhere"}).total == 0
    assert service.list({"offset": "25"}).task_infos == []


def test_delete_removes_the_task_with_the_id_and_region() -> None:
    service = service_with()
    with pytest.raises(ServiceError):
        service.delete({"task_id": PAUSED_ID, "region": "elsewhere"})
    with pytest.raises(ServiceError, match="task_id"):
        service.delete({})
    assert service.delete({"task_id": PAUSED_ID, "region": "cn-north-4"}) == PAUSED_ID
    assert service.list({}).total == 3


def test_a_modify_is_listed_after_some_seconds() -> None:
    clock = FakeClock(start=NOW)
    service = Service(seed_tasks(NOW), behaviour=Behaviour(lag=5), now=clock.utc)
    service.modify({"task_id": CHANNEL_ID, "status": "pause"})
    assert listed(service, CHANNEL_ID)["status"] == "enable"
    clock.advance(5)
    assert listed(service, CHANNEL_ID)["status"] == "pause"


def test_lag_by_reads_lasts_through_another_modify() -> None:
    service = service_with(lag_reads=2)
    service.modify({"task_id": CHANNEL_ID, "status": "pause"})
    assert listed(service, CHANNEL_ID)["status"] == "enable"
    service.modify({"task_id": CHANNEL_ID, "vod_loop_time": "2"})
    assert [listed(service, CHANNEL_ID)["status"] for _turn in range(3)] == ["enable", "enable", "pause"]
    assert service.task(CHANNEL_ID)["vod_loop_time"] == "2"


def test_with_never_apply_an_invalid_modify_is_refused() -> None:
    service = service_with(never_apply=True)
    before = service.tasks()
    assert service.modify({"task_id": CHANNEL_ID, "status": "pause"}) == CHANNEL_ID
    with pytest.raises(ServiceError):
        service.modify({"task_id": CHANNEL_ID, "status": "stop"})
    assert service.tasks() == before


def test_with_ignore_task_filter_and_page_cap_the_first_tasks_are_listed() -> None:
    page = service_with(ignore_task_filter=True, page_cap=2).list({"task_id": CHANNEL_ID, "limit": "100"})
    assert (len(page.task_infos), page.total) == (2, 4)


@pytest.mark.parametrize(
    ("total", "counted"), [("matching", 1), ("all", 4), ("page", 1), ("text", "1"), ("none", None)], ids=str
)
def test_total_counts_as_the_switch_says(total: str, counted: object) -> None:
    assert service_with(total=total).list({"task_id": CHANNEL_ID}).total == counted


def test_with_ignore_offset_every_page_is_the_first() -> None:
    service = service_with(ignore_offset=True)
    assert service.list({"offset": "2", "limit": "2"}) == service.list({"limit": "2"})


def test_changing_an_answer_does_not_change_the_task() -> None:
    service = service_with()
    listed(service, CHANNEL_ID)["source_urls"].clear()
    service.tasks()[0].clear()
    assert len(service.task(CHANNEL_ID)["source_urls"]) == 3
