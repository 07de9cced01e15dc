# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second writer: its changes, their time, and the record of them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    DEFAULTS,
    PAUSED_ID,
    RELAY_ID,
    SHOW_ID,
    Behaviour,
    Change,
    Emulator,
    Fault,
    Service,
    ServiceError,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.model import listed, service_with

ROUNDS = {"vod_loop_time": "7"}


def rounds(service: Service, task_id: str = CHANNEL_ID) -> Any:
    return service.task(task_id)["vod_loop_time"]


def test_a_change_is_made_right_before_the_request() -> None:
    service = service_with()
    service.meddle(2, CHANNEL_ID, ROUNDS)
    before = listed(service, CHANNEL_ID)
    assert (before["vod_loop_time"], service.meddled) == ("-1", [])
    assert listed(service, CHANNEL_ID) == {**before, **ROUNDS}
    assert service.meddled == [(CHANNEL_ID, ROUNDS)]
    assert service.planned == []


def test_a_change_is_made_right_after_the_request() -> None:
    service = service_with()
    service.meddle(1, CHANNEL_ID, ROUNDS, after=True)
    assert listed(service, CHANNEL_ID)["vod_loop_time"] == "-1"
    assert (service.meddled, rounds(service)) == ([(CHANNEL_ID, ROUNDS)], "7")


@pytest.mark.parametrize(("after", "left"), [(False, "2"), (True, "7")])
def test_a_change_before_a_modify_is_overwritten_and_one_after_it_stays(after: bool, left: str) -> None:
    service = service_with()
    service.meddle(1, CHANNEL_ID, {**ROUNDS, "callback_url": "https://b.example.com"}, after=after)
    service.modify({"task_id": CHANNEL_ID, "vod_loop_time": "2"})
    assert (rounds(service), service.task(CHANNEL_ID)["callback_url"]) == (left, "https://b.example.com")


def test_every_request_counts() -> None:
    service = service_with()
    service.meddle(5, CHANNEL_ID, ROUNDS, after=True)
    service.list({"task_id": SHOW_ID})
    service.create({"source_type": "PullVodPushLive", "source_urls": ["https://media.example.com/a.mp4"]})
    service.delete({"task_id": PAUSED_ID})
    service.modify({"task_id": SHOW_ID})
    assert service.planned == [Change(1, CHANNEL_ID, ROUNDS, True)]
    with pytest.raises(ServiceError):
        service.modify({"task_id": SHOW_ID, "status": "stop"})
    assert service.meddled == [(CHANNEL_ID, ROUNDS)]


def test_requests_are_counted_from_the_plan() -> None:
    service = service_with()
    service.meddle(3, CHANNEL_ID, ROUNDS)
    service.list({})
    service.meddle(1, SHOW_ID, ROUNDS)
    service.list({})
    assert service.meddled == [(SHOW_ID, ROUNDS)]
    service.list({})
    assert service.meddled == [(SHOW_ID, ROUNDS), (CHANNEL_ID, ROUNDS)]


def test_changes_of_the_writer_are_not_checked() -> None:
    service = service_with()
    service.meddle(1, RELAY_ID, {"status": "odd", "source_urls": [], "own": None})
    assert listed(service, RELAY_ID).items() >= {"status": "odd", "source_urls": [], "own": None}.items()


@pytest.mark.parametrize("after", [False, True])
def test_the_writer_deletes_a_task(after: bool) -> None:
    service = service_with()
    service.meddle(1, CHANNEL_ID, None, after=after)
    assert service.list({"task_id": CHANNEL_ID}).total == after
    assert service.list({"task_id": CHANNEL_ID}).total == 0
    assert service.meddled == [(CHANNEL_ID, None)]


def test_a_change_of_an_unknown_task_is_dropped() -> None:
    service = service_with()
    service.meddle(1, CHANNEL_ID, None)
    service.meddle(1, CHANNEL_ID, ROUNDS)
    service.list({})
    assert service.meddled == [(CHANNEL_ID, None)]


def test_the_writer_creates_a_task() -> None:
    service = service_with(max_tasks=4, one_per_destination=True, lag_reads=3)
    double = service.task(CHANNEL_ID)
    service.meddle(1, "theirs", double)
    fields = {"source_type": "PullVodPushLive", "region": "elsewhere"}
    service.meddle(1, "sparse", fields, after=True)
    assert [task["task_id"] for task in service.list({}).task_infos][4:] == ["theirs"]
    assert service.task("theirs") == {**double, "task_id": "theirs"}
    sparse = service.task("sparse")
    assert sparse.items() >= {"status": "enable", "region": "elsewhere", "source_urls": [], **DEFAULTS}.items()
    assert service.meddled == [("theirs", double), ("sparse", fields)]
    service.meddle(1, "theirs", {"source_type": "PullLivePushLive"})
    service.list({})
    assert service.task("theirs") == {**double, "task_id": "theirs", "source_type": "PullLivePushLive"}


def test_the_writer_creates_a_deleted_task_that_is_still_listed() -> None:
    service = service_with(lag=60)
    service.delete({"task_id": CHANNEL_ID})
    service.meddle(1, CHANNEL_ID, ROUNDS)
    service.meddle(2, CHANNEL_ID, {"source_type": "PullVodPushLive", **ROUNDS})
    assert listed(service, CHANNEL_ID)["vod_loop_time"] == "-1"
    assert (listed(service, CHANNEL_ID)["vod_loop_time"], len(service.meddled)) == ("7", 1)
    assert service.list({}).task_infos[-1]["task_id"] == CHANNEL_ID


def test_change_of_a_new_task_ends_its_lag() -> None:
    service = service_with(lag=60)
    created = service.create({"source_type": "PullVodPushLive", "source_urls": ["https://media.example.com/a.mp4"]})
    assert service.list({}).total == 4
    service.meddle(1, created, ROUNDS)
    assert listed(service, created)["vod_loop_time"] == "7"


@pytest.mark.parametrize("lag", [{"lag": 60}, {"lag_reads": 2}])
def test_change_of_the_writer_does_not_lag(lag: dict[str, Any]) -> None:
    service = service_with(**lag)
    service.modify({"task_id": CHANNEL_ID, "status": "pause"})
    assert listed(service, CHANNEL_ID)["status"] == "enable"
    service.meddle(1, CHANNEL_ID, ROUNDS)
    assert listed(service, CHANNEL_ID).items() >= {"status": "pause", **ROUNDS}.items()


def test_clear_deletes_planned_changes() -> None:
    service = service_with()
    service.meddle(1, CHANNEL_ID, ROUNDS)
    service.meddle(2, CHANNEL_ID, ROUNDS)
    service.list({})
    service.clear()
    assert (service.planned, service.meddled) == ([], [])


@pytest.mark.parametrize(("at", "fields"), [(0, {}), (True, {}), (1, [])])
def test_a_change_with_wrong_fields_is_refused(at: Any, fields: Any) -> None:
    with pytest.raises(ValueError, match="must be"):
        service_with().meddle(at, CHANNEL_ID, fields)


def test_changes_are_planned_and_read_over_http(emulator: Emulator, caller: Any) -> None:
    first = {"at": 1, "task_id": CHANNEL_ID, "fields": ROUNDS, "after": False}
    second = {"at": 2, "task_id": SHOW_ID, "fields": None}
    assert caller.control("POST", "writer", first).json() == {"changes": [first], "meddled": []}
    caller.control("POST", "writer", [second])
    emulator.add_fault(Fault("status", on="read"))
    assert caller.list().status_code == 503  # has not reached the service
    assert caller.list(task_id=CHANNEL_ID).json()["task_infos"][0]["vod_loop_time"] == "7"
    assert caller.control("GET", "writer").json() == {
        "changes": [{**second, "at": 1, "after": False}],
        "meddled": [{"task_id": CHANNEL_ID, "fields": ROUNDS}],
    }
    assert caller.list().json()["total"] == 3
    for wrong in ({}, {**first, "at": 0}, {**first, "who": "me"}, [1], {"at": 1, "task_id": CHANNEL_ID}):
        assert caller.control("POST", "writer", wrong).status_code == 400
    caller.control("POST", "reset")
    assert caller.control("GET", "writer").json() == {"changes": [], "meddled": []}
    assert emulator.behaviour == Behaviour()
