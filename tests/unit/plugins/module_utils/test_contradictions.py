# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of the service that contradict themselves: nothing is created, deleted or called missing because of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task_info
from ansible_collections.huaweicloud.live.tests.emulator import vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox

HERE = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
NEW = {**HERE, "source_urls": ["https://media.example.com/one.mp4"]}
ERROR = {"error_code": "LIVE.1", "error_msg": "no", "request_id": "r1"}

Tamper = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes the answer that the client gets of the right one."""


def edit(sandbox: Sandbox, method: str, tamper: Tamper, carried_out: bool = True) -> None:
    """Let the client get other answers to requests with this method; a write is carried out, or not."""
    sandbox.edit = lambda sent, right: tamper(right) if sent == method else right
    if not carried_out:
        sandbox.fate = lambda number, what: Reply(200, tamper({}))


def ids(sandbox: Sandbox) -> list[str]:
    """Return the ids of the tasks that there are."""
    return [task["task_id"] for task in sandbox.service.tasks()]


LISTS: dict[str, Tamper] = {
    "error in 200": lambda right: {**right, "task_infos": [], "total": 0, **ERROR},
    "empty page": lambda right: {**right, "task_infos": []},
    "empty page, total as text": lambda right: {**right, "task_infos": [], "total": str(right["total"])},
    "no tasks, null": lambda right: {**right, "task_infos": None},
}


@pytest.mark.parametrize("tamper", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("asked", [NEW, {**HERE, "state": "absent"}, {**NEW, "recreate": True}], ids=str)
def test_a_task_is_not_missing_because_a_list_contradicts_itself(tamper: Tamper, asked: dict[str, Any]) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    edit(sandbox, "GET", tamper)
    with pytest.raises(LiveApiError):
        sandbox.bring_one_over_http(asked)
    assert (sandbox.write_methods, ids(sandbox)) == ([], ["old"])


@pytest.mark.parametrize("asked", [{"state": "absent"}, {"status": "pause"}], ids=str)
def test_a_task_is_not_missing_because_reading_it_by_its_id_failed(asked: dict[str, Any]) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    edit(sandbox, "GET", LISTS["error in 200"])
    outcome = sandbox.bring_one_over_http({"task_id": "old", **asked})
    assert "HTTP 200, LIVE.1 no" in str(outcome.error)
    assert (sandbox.write_methods, ids(sandbox)) == ([], ["old"])


def test_pages_that_repeat_do_not_hide_a_task() -> None:
    sandbox = Sandbox(vod_task("a", "a", NOW), vod_task("old", "new", NOW), page_cap=1, ignore_offset=True)
    with pytest.raises(LiveApiError, match="lists the same tasks again"):
        sandbox.bring_one_over_http(NEW)
    assert ids(sandbox) == ["a", "old"]


@pytest.mark.parametrize(
    ("total", "page_cap"),
    [*((total, cap) for total in ("all", "text", "none") for cap in (None, 2)), ("page", None)],
)
def test_whatever_the_total_counts_tasks_are_found(total: str, page_cap: int | None) -> None:
    others = [vod_task(f"t{number}", f"s{number}", NOW) for number in range(4)]
    sandbox = Sandbox(*others, vod_task("old", "new", NOW), total=total, page_cap=page_cap)
    for asked in ({**HERE, "status": "pause"}, {"task_id": "old", "status": "enable"}):
        outcome = sandbox.bring_one_over_http(asked)
        assert (outcome.error, outcome.changed) == (None, True)
    assert sandbox.write_methods == ["PUT", "PUT"]
    assert sandbox.bring_one_over_http({"task_id": "nothing", "state": "absent"}).changed is False


# Writes


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_create_with_an_error_in_200_is_verified_and_never_sent_twice(carried_out: bool) -> None:
    sandbox = Sandbox()
    edit(sandbox, "POST", lambda right: {"task_id": "t", **ERROR}, carried_out)
    outcome = sandbox.bring_one_over_http(NEW)
    assert sandbox.write_methods == ["POST"]
    if carried_out:
        assert (outcome.error, outcome.created, [outcome.declared.task_id]) == (None, True, ids(sandbox))
    else:
        assert outcome.changed
        assert "HTTP 200, LIVE.1 no" in str(outcome.error)
        assert "It is not known whether task push.example.com/live/new was created" in str(outcome.error)


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_modify_with_an_error_in_200_is_verified(carried_out: bool) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    edit(sandbox, "PUT", lambda right: {"task_id": "old", **ERROR}, carried_out)
    outcome = sandbox.bring_one_over_http({"task_id": "old", "status": "pause"})
    assert outcome.changed
    assert (outcome.error is None) == carried_out
    assert carried_out or "HTTP 200, LIVE.1 no" in str(outcome.error)


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_delete_with_an_error_in_200_is_verified(carried_out: bool) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    edit(sandbox, "DELETE", lambda right: {"task_id": "old", **ERROR}, carried_out)
    outcome = sandbox.bring_one_over_http({"task_id": "old", "state": "absent"})
    assert (outcome.error is None, outcome.deleted) == (carried_out, carried_out)


def test_nothing_is_created_after_a_delete_that_was_refused_in_200() -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    edit(sandbox, "DELETE", lambda right: {"task_id": "old", **ERROR}, carried_out=False)
    outcome = sandbox.bring_one_over_http({**HERE, "push_args": "?a=b", "recreate": True})
    assert (sandbox.write_methods, ids(sandbox)) == (["DELETE"], ["old"])
    assert "HTTP 200, LIVE.1 no" in str(outcome.error)


def test_nothing_is_created_while_the_old_task_is_listed() -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    edit(sandbox, "DELETE", dict, carried_out=False)
    outcome = sandbox.bring_one_over_http({**HERE, "push_args": "?a=b", "recreate": True})
    assert (sandbox.write_methods, ids(sandbox)) == (["DELETE"], ["old"])
    assert "still lists the task. No task was created in its place." in str(outcome.error)
    assert outcome.result()["request"]["push_args"] == "?a=b"


# Readers


@pytest.mark.parametrize("tamper", LISTS.values(), ids=LISTS)
def test_a_reader_fails_instead_of_showing_nothing(tamper: Tamper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inventory and overview read with the info module."""
    sandbox = Sandbox(vod_task("old", "new", NOW))
    edit(sandbox, "GET", tamper)
    client = sandbox.client_over_http()
    monkeypatch.setattr(live_pull_task_info, "connect", lambda options, environ, tell: client)
    with pytest.raises(LiveApiError):
        live_pull_task_info.run({}, {}, False, lambda text, verbosity: None)
