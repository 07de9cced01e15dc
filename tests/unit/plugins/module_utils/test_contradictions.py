# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of the service that contradict themselves: nothing is created, deleted or called missing because of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._outcome import Outcome
from ansible_collections.huaweicloud.live.plugins.module_utils._reconcile import reconcile
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Wanted
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task_info
from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, Service, Task, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply, Script, client_to
from ansible_collections.huaweicloud.live.tests.unit.fakes.service import FakeService

HERE = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
NEW = {**HERE, "source_urls": ["https://media.example.com/one.mp4"]}
ERROR = {"error_code": "LIVE.1", "error_msg": "no", "request_id": "r1"}

Tamper = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes the answer that the client gets of the right one."""


class Station:
    """A service whose answers may be tampered with, and runs on it.

    Args:
        tasks: its tasks.
        behaviour: switches of the emulator.

    Attributes:
        writes: the methods of the writes so far.
        tampered: by method, what the client gets in place of the answer.
        refused: the methods of the writes that are not carried out.
    """

    def __init__(self, *tasks: Task, **behaviour: Any) -> None:
        self.clock = FakeClock()
        self.service = Service(tasks, behaviour=Behaviour(**behaviour), now=self.clock.utc)
        self.writes: list[str] = []
        self.tampered: dict[str, Tamper] = {}
        self.refused: set[str] = set()
        self._fake = FakeService(self.service, self.clock)
        self.script = Script(self._answer)

    def _answer(self, request: requests.PreparedRequest) -> Reply:
        method = str(request.method)
        self.writes += [] if method == "GET" else [method]
        body = json.loads(request.body) if request.body else None
        right = {} if method in self.refused else self._fake.request(method, str(request.url), None, body).body
        return Reply(200, self.tampered.get(method, dict)(right))

    def bring(self, asked: Mapping[str, Any]) -> Outcome:
        """Bring a task to what is asked."""
        client = client_to(self.script, self.clock)
        [outcome] = reconcile(client, [Wanted.from_options(asked)], wait_timeout=60, clock=self.clock.clock)
        return outcome

    @property
    def ids(self) -> list[str]:
        """The ids of the tasks that there are."""
        return [task["task_id"] for task in self.service.tasks()]


LISTS: dict[str, Tamper] = {
    "error in 200": lambda right: {**right, "task_infos": [], "total": 0, **ERROR},
    "empty page": lambda right: {**right, "task_infos": []},
    "empty page, total as text": lambda right: {**right, "task_infos": [], "total": str(right["total"])},
    "no tasks, null": lambda right: {**right, "task_infos": None},
}


@pytest.mark.parametrize("tamper", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("asked", [NEW, {**HERE, "state": "absent"}, {**NEW, "recreate": True}], ids=str)
def test_a_task_is_not_missing_because_a_list_contradicts_itself(tamper: Tamper, asked: dict[str, Any]) -> None:
    station = Station(vod_task("old", "new", NOW))
    station.tampered["GET"] = tamper
    with pytest.raises(LiveApiError):
        station.bring(asked)
    assert (station.writes, station.ids) == ([], ["old"])


@pytest.mark.parametrize("asked", [{"state": "absent"}, {"status": "pause"}], ids=str)
def test_a_task_is_not_missing_because_reading_it_by_its_id_failed(asked: dict[str, Any]) -> None:
    station = Station(vod_task("old", "new", NOW))
    station.tampered["GET"] = LISTS["error in 200"]
    outcome = station.bring({"task_id": "old", **asked})
    assert "HTTP 200, LIVE.1 no" in str(outcome.error)
    assert (station.writes, station.ids) == ([], ["old"])


def test_pages_that_repeat_do_not_hide_a_task() -> None:
    station = Station(vod_task("a", "a", NOW), vod_task("old", "new", NOW), page_cap=1, ignore_offset=True)
    with pytest.raises(LiveApiError, match="lists the same tasks again"):
        station.bring(NEW)
    assert station.ids == ["a", "old"]


@pytest.mark.parametrize(
    ("total", "page_cap"),
    [*((total, cap) for total in ("all", "text", "none") for cap in (None, 2)), ("page", None)],
)
def test_whatever_the_total_counts_tasks_are_found(total: str, page_cap: int | None) -> None:
    others = [vod_task(f"t{number}", f"s{number}", NOW) for number in range(4)]
    station = Station(*others, vod_task("old", "new", NOW), total=total, page_cap=page_cap)
    for asked in ({**HERE, "status": "pause"}, {"task_id": "old", "status": "enable"}):
        outcome = station.bring(asked)
        assert (outcome.error, outcome.changed) == (None, True)
    assert station.writes == ["PUT", "PUT"]
    assert station.bring({"task_id": "nothing", "state": "absent"}).changed is False


# Writes


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_create_with_an_error_in_200_is_verified_and_never_sent_twice(carried_out: bool) -> None:
    station = Station()
    station.tampered["POST"] = lambda right: {"task_id": "t", **ERROR}
    station.refused = set() if carried_out else {"POST"}
    outcome = station.bring(NEW)
    assert station.writes == ["POST"]
    if carried_out:
        assert (outcome.error, outcome.created, [outcome.wanted.task_id]) == (None, True, station.ids)
    else:
        assert outcome.changed
        assert "HTTP 200, LIVE.1 no" in str(outcome.error)
        assert "It is not known whether task push.example.com/live/new was created" in str(outcome.error)


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_modify_with_an_error_in_200_is_verified(carried_out: bool) -> None:
    station = Station(vod_task("old", "new", NOW))
    station.tampered["PUT"] = lambda right: {"task_id": "old", **ERROR}
    station.refused = set() if carried_out else {"PUT"}
    outcome = station.bring({"task_id": "old", "status": "pause"})
    assert outcome.changed
    assert (outcome.error is None) == carried_out
    assert carried_out or "HTTP 200, LIVE.1 no" in str(outcome.error)


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_delete_with_an_error_in_200_is_verified(carried_out: bool) -> None:
    station = Station(vod_task("old", "new", NOW))
    station.tampered["DELETE"] = lambda right: {"task_id": "old", **ERROR}
    station.refused = set() if carried_out else {"DELETE"}
    outcome = station.bring({"task_id": "old", "state": "absent"})
    assert (outcome.error is None, outcome.deleted) == (carried_out, carried_out)


def test_nothing_is_created_after_a_delete_that_was_refused_in_200() -> None:
    station = Station(vod_task("old", "new", NOW))
    station.tampered["DELETE"] = lambda right: {"task_id": "old", **ERROR}
    station.refused = {"DELETE"}
    outcome = station.bring({**HERE, "push_args": "?a=b", "recreate": True})
    assert (station.writes, station.ids) == (["DELETE"], ["old"])
    assert "HTTP 200, LIVE.1 no" in str(outcome.error)


def test_nothing_is_created_while_the_old_task_is_listed() -> None:
    station = Station(vod_task("old", "new", NOW))
    station.refused = {"DELETE"}
    outcome = station.bring({**HERE, "push_args": "?a=b", "recreate": True})
    assert (station.writes, station.ids) == (["DELETE"], ["old"])
    assert "still lists the task after 60.5 seconds. No task was created in its place." in str(outcome.error)
    assert outcome.result()["request"]["push_args"] == "?a=b"


# Readers


@pytest.mark.parametrize("tamper", LISTS.values(), ids=LISTS)
def test_a_reader_fails_instead_of_showing_nothing(tamper: Tamper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inventory and overview read with the info module."""
    station = Station(vod_task("old", "new", NOW))
    station.tampered["GET"] = tamper
    client = client_to(station.script, station.clock)
    monkeypatch.setattr(live_pull_task_info, "connect", lambda options, environ, tell: client)
    with pytest.raises(LiveApiError):
        live_pull_task_info.run({}, {}, False, lambda text, verbosity: None)
