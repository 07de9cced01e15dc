# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create and delete: when List shows them, what is refused, and what viewers see."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    OTHER_PROJECT_ID,
    PAUSED_ID,
    RELAY_ID,
    SHOW_ID,
    Behaviour,
    Emulator,
    Service,
    ServiceError,
    seed_tasks,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.model import NOW, listed, service_with

URL = "https://media.example.com/a.mp4"
VOD = {"source_type": "PullVodPushLive", "source_urls": [URL]}
LIVE = {"source_type": "PullLivePushLive", "source_urls": ["rtmp://origin.example.com/live/a"]}
PUSHED = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
SEEDS = [CHANNEL_ID, SHOW_ID, RELAY_ID, PAUSED_ID]


def ids(service: Service, **query: str) -> list[str]:
    page = service.list(query)
    assert page.total >= len(page.task_infos)
    return [task["task_id"] for task in page.task_infos]


# When List shows them


def test_a_new_task_is_listed_after_some_seconds() -> None:
    clock = FakeClock(start=NOW)
    service = Service(seed_tasks(NOW), behaviour=Behaviour(lag=5), now=clock.utc)
    created = service.create(VOD)
    clock.advance(4.9)
    assert (ids(service), ids(service, task_id=created), service.list({}).total) == (SEEDS, [], 4)
    assert service.task(created)["source_urls"] == [URL]
    clock.advance(0.1)
    assert (ids(service), ids(service, task_id=created), service.list({}).total) == ([*SEEDS, created], [created], 5)


def test_a_deleted_task_is_listed_for_some_seconds() -> None:
    clock = FakeClock(start=NOW)
    service = Service(seed_tasks(NOW), behaviour=Behaviour(lag=5), now=clock.utc)
    before = service.task(SHOW_ID)
    service.delete({"task_id": SHOW_ID})
    clock.advance(4.9)
    assert (ids(service), listed(service, SHOW_ID), service.list({}).total) == (SEEDS, before, 4)
    assert SHOW_ID not in [task["task_id"] for task in service.tasks()]
    with pytest.raises(KeyError):
        service.task(SHOW_ID)
    clock.advance(0.1)
    assert ids(service) == [CHANNEL_ID, RELAY_ID, PAUSED_ID]
    assert service.list({"task_id": SHOW_ID}).total == 0


def test_lag_reads_of_a_new_task_count_answers_whose_filters_match() -> None:
    service = service_with(lag_reads=2)
    created = service.create({**VOD, "region": "elsewhere"})
    for query in ({"task_id": CHANNEL_ID}, {"region": "cn-north-4"}, {"task_id": created, "region": "cn-north-4"}):
        assert created not in ids(service, **query)
    assert ids(service, task_id=created) == []
    assert ids(service, region="elsewhere", offset="1", limit="1") == []
    assert ids(service, task_id=created) == [created]


def test_lag_reads_of_a_deleted_task_count_answers_that_show_it() -> None:
    service = service_with(lag_reads=2)
    service.delete({"task_id": PAUSED_ID})
    assert ids(service, limit="3") == [CHANNEL_ID, SHOW_ID, RELAY_ID]
    assert (ids(service), ids(service, task_id=PAUSED_ID)) == (SEEDS, [PAUSED_ID])
    assert (ids(service), ids(service, task_id=PAUSED_ID)) == (SEEDS[:3], [])


def test_lag_reads_count_for_each_task() -> None:
    service = service_with(lag_reads=1)
    first, second = service.create(VOD), service.create(VOD)
    assert ids(service, task_id=first) == []
    assert ids(service) == [*SEEDS, first]
    assert ids(service) == [*SEEDS, first, second]


def test_a_new_task_can_be_modified_before_it_is_listed() -> None:
    service = service_with(lag_reads=2)
    created = service.create(VOD)
    assert ids(service, task_id=created) == []
    service.modify({"task_id": created, "status": "pause"})
    assert [ids(service, task_id=created) for _turn in range(2)] == [[], []]
    assert listed(service, created)["status"] == "pause"


def test_a_new_task_can_be_deleted_before_it_is_listed() -> None:
    service = service_with(lag_reads=2)
    created = service.create(VOD)
    service.delete({"task_id": created})
    assert [ids(service, task_id=created) for _turn in range(4)] == [[]] * 4


def test_deleted_task_is_listed_in_its_last_listed_state() -> None:
    service = service_with(lag=60)
    service.modify({"task_id": CHANNEL_ID, "status": "pause"})
    service.delete({"task_id": CHANNEL_ID})
    assert listed(service, CHANNEL_ID)["status"] == "enable"


@pytest.mark.parametrize("operation", ["modify", "delete"])
def test_deleted_task_that_is_still_listed_is_unknown_to_writes(operation: str) -> None:
    service = service_with(lag=60)
    service.delete({"task_id": CHANNEL_ID})
    with pytest.raises(ServiceError, match="does not exist"):
        getattr(service, operation)({"task_id": CHANNEL_ID})
    assert ids(service, task_id=CHANNEL_ID) == [CHANNEL_ID]


def test_refused_create_or_delete_does_not_lag() -> None:
    service = service_with(lag=60)
    for refused in (lambda: service.create({}), lambda: service.delete({"task_id": CHANNEL_ID, "region": "elsewhere"})):
        with pytest.raises(ServiceError):
            refused()
    service.behaviour = Behaviour()
    assert ids(service) == SEEDS


# What is refused


def refusal(service: Service, **body: Any) -> str:
    before = service.tasks()
    with pytest.raises(ServiceError) as raised:
        service.create({**VOD, **body})
    assert (raised.value.status, service.tasks()) == (400, before)
    return raised.value.code


def test_max_tasks_limits_creates() -> None:
    service = service_with(max_tasks=5, lag=60)
    service.create(VOD)
    assert refusal(service) == "LIVE.103011429"
    assert refusal(service, region="") == "LIVE.100011001"
    assert service.create(VOD, OTHER_PROJECT_ID)
    service.delete({"task_id": SHOW_ID})
    assert service.create(VOD)
    service.behaviour = Behaviour(max_tasks=0)
    assert refusal(service) == "LIVE.103011429"


def test_with_one_per_destination_a_second_task_is_refused() -> None:
    service = service_with(one_per_destination=True, lag=60)
    relayed = service.task(RELAY_ID)["destination_url"]
    shown = {**PUSHED, "stream_name": "show"}
    for taken in ({"destination_url": relayed}, shown, {**shown, "push_args": "a=b", "region": "elsewhere"}):
        assert refusal(service, **taken) == "LIVE.103011409"
    assert service.create({**VOD, **shown}, OTHER_PROJECT_ID)
    new = service.create({**VOD, **PUSHED})
    assert refusal(service, **PUSHED, destination_url="") == "LIVE.103011409"
    for free in ({**PUSHED, "app_name": "test"}, {**PUSHED, "domain": "b"}, {"destination_url": f"{relayed}/2"}):
        service.create({**VOD, **free})
    service.delete({"task_id": new})
    service.create({**VOD, **PUSHED})


def test_tasks_without_destination_are_not_duplicates() -> None:
    service = service_with(one_per_destination=True)
    assert service.create(VOD) != service.create({**VOD, "domain": "", "destination_url": ""})


def test_duplicates_are_created_by_default() -> None:
    service = service_with()
    assert len({service.create({**VOD, **PUSHED}) for _turn in range(3)}) == 3
    assert service.list({}).total == 7


# What viewers see


@pytest.mark.parametrize("switches", [{}, {"lag": 60}])
def test_a_new_channel_plays_from_its_creation(switches: dict[str, Any]) -> None:
    clock = FakeClock(start=NOW)
    service = Service(behaviour=Behaviour(**switches), now=clock.utc)
    created = service.create({**VOD, "start_time": "2026-01-10T11:00:00Z"})
    clock.advance(7)
    assert (service.player.showing(created), service.player.disturbances(created)) == ((0, URL, 7), 0)


def test_a_new_channel_waits_for_its_window() -> None:
    clock = FakeClock(start=NOW)
    service = Service(now=clock.utc)
    created = service.create({**VOD, "start_time": "2026-01-10T12:01:00Z"})
    assert service.player.showing(created) is None
    clock.advance(61)
    assert (service.player.showing(created), service.player.disturbances(created)) == ((0, URL, 1), 0)


@pytest.mark.parametrize("switches", [{}, {"lag": 60}])
def test_deleting_a_task_on_air_is_counted_as_cut(switches: dict[str, Any]) -> None:
    service = service_with(**switches)
    for task_id in (SHOW_ID, RELAY_ID, PAUSED_ID):
        service.delete({"task_id": task_id})
    assert service.player.cut == [RELAY_ID]
    with pytest.raises(ServiceError):
        service.delete({"task_id": CHANNEL_ID, "region": "elsewhere"})
    service.meddle(1, CHANNEL_ID, None)
    service.list({})
    elsewhere = service.create(VOD, OTHER_PROJECT_ID)
    service.delete({"task_id": elsewhere}, OTHER_PROJECT_ID)
    assert service.player.cut == [RELAY_ID, CHANNEL_ID]
    assert service.player.to_json() == {}
    service.clear()
    assert service.player.cut == []


def test_quota_duplicates_and_cut_channels_over_http(emulator: Emulator, caller: Any) -> None:
    caller.control("PATCH", "behaviour", {"max_tasks": 4})
    assert caller.create(**VOD).json()["error_code"] == "LIVE.103011429"
    assert caller.delete(task_id=CHANNEL_ID).json()["task_id"] == CHANNEL_ID
    caller.control("PATCH", "behaviour", {"one_per_destination": True})
    assert caller.create(**VOD, **{**PUSHED, "stream_name": "show"}).json()["error_code"] == "LIVE.103011409"
    assert caller.create(**LIVE, **PUSHED).status_code == 200
    assert caller.control("GET", "cut").json() == {"cut": [CHANNEL_ID]}
    emulator.reset()
    assert caller.control("GET", "cut").json() == {"cut": []}


@pytest.mark.parametrize("query", [{}, {"task_id": ""}, {"task_id": "a" * 9, "limit": "1"}, {"task_id": ["a", "b"]}])
def test_delete_refuses_a_query_that_is_not_documented(emulator: Emulator, caller: Any, query: dict[str, Any]) -> None:
    assert caller.delete(**query).json()["error_code"] == "LIVE.100011001"
    assert len(emulator.tasks) == 4
