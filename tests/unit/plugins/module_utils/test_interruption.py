# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signals, and a parent that ends, while a run writes: nothing is lost, and nothing further is begun."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.parent import is_orphan, results_go_to
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.tests.emulator import fleet_id, seed_many, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox, report

HERE = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
RECREATED = {**HERE, "callback_url": "https://hooks.example.com/new", "recreate": True}
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM]


class Ended(BaseException):
    """What the handlers of Ansible raise on a signal."""


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Let every signal raise in the main thread, as in Ansible's worker, and check that its handler is back after."""

    def end(_number: int, _frame: object) -> None:
        raise Ended

    before = {number: signal.signal(number, end) for number in SIGNALS}
    yield
    for number, handler in before.items():
        assert signal.signal(number, handler) is end


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize(
    ("method", "status"),
    [("DELETE", "enable"), ("POST", "enable"), ("DELETE", "pause"), ("POST", "pause"), ("PUT", "pause")],
)
def test_a_recreate_that_is_interrupted_creates_the_task_and_pauses_it(
    method: str, status: str, number: signal.Signals
) -> None:
    old = vod_task("old", "new", NOW, status=status)
    sandbox = Sandbox(old)
    sandbox.on(method, lambda: signal.raise_signal(number))
    with pytest.raises(Ended):
        sandbox.bring(RECREATED)
    [task] = sandbox.service.tasks()
    assert (task["status"], task["callback_url"]) == (status, RECREATED["callback_url"])
    assert task["source_urls"] == old["source_urls"]
    assert sandbox.write_methods == ["DELETE", "POST", *(["PUT"] if status == "pause" else [])]
    became = "was created, and paused." if status == "pause" else "was created."
    ended = f"was interrupted. Task {task['task_id']} (push.example.com/live/new) {became}"
    assert sandbox.displayed[1:] == [ended]


@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_a_create_is_sent_once_after_a_signal(method: str) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))

    def before(one: str, _what: Mapping[str, Any]) -> None:
        if one == method:
            signal.raise_signal(signal.SIGINT)
        if one == "POST":
            assert sandbox.hurried  # type: ignore[attr-defined]
            raise LiveApiError("POST failed: HTTP 503.", http_status=503)

    sandbox.before = before
    with pytest.raises(Ended):
        sandbox.bring(RECREATED)
    assert sandbox.write_methods == ["DELETE", "POST"]
    assert "was interrupted. Task old was deleted, and the new task in its place could not be" in sandbox.displayed[1]


def test_a_signal_does_not_wait_long_for_a_deleted_task_that_stays_listed() -> None:
    waited = []
    for interrupted in (False, True):
        sandbox = Sandbox(vod_task("old", "new", NOW), lag_reads=999)
        if interrupted:
            sandbox.on("DELETE", lambda: signal.raise_signal(signal.SIGTERM))
            with pytest.raises(Ended):
                sandbox.bring(RECREATED)
            assert "still lists the task. No task was created in its place." in sandbox.displayed[1]
        else:
            sandbox.bring(RECREATED)
        assert sandbox.write_methods == ["DELETE"]
        waited.append(sum(sandbox.clock.naps))
    assert waited[1] < 10 < 50 < waited[0]


def test_a_second_signal_waits_as_well() -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW, status="pause"))
    sandbox.on("POST", lambda: [signal.raise_signal(number) for number in (signal.SIGINT, signal.SIGTERM)])
    with pytest.raises(Ended):
        sandbox.bring(RECREATED)
    assert [task["status"] for task in sandbox.service.tasks()] == ["pause"]


def test_a_signal_that_is_ignored_interrupts_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sandbox = Sandbox(vod_task("old", "new", NOW))
    sandbox.on("POST", lambda: signal.raise_signal(signal.SIGHUP))
    [outcome] = sandbox.bring(RECREATED)
    assert outcome.error is None
    assert signal.signal(signal.SIGHUP, before) is signal.SIG_IGN


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_new_channel_is_paused_although_a_signal_arrives(method: str) -> None:
    sandbox = Sandbox()
    sandbox.on(method, lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(Ended):
        sandbox.bring({**HERE, "source_urls": ["https://media.example.com/a.mp4"], "status": "pause"})
    assert [task["status"] for task in sandbox.service.tasks()] == ["pause"]


def test_a_signal_before_a_modify_ends_the_run_at_once() -> None:
    sandbox = Sandbox(*seed_many(3, NOW))
    sandbox.on("PUT", lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(Ended):
        sandbox.bring(*({"task_id": fleet_id(number), "vod_loop_time": 7} for number in range(3)))
    assert [task["vod_loop_time"] for task in sandbox.service.tasks()] == ["-1"] * 3


PAUSED = [
    {**HERE, "stream_name": f"new{number}", "source_urls": ["https://media.example.com/a.mp4"], "status": "pause"}
    for number in range(12)
]


def test_threads_pause_what_they_have_created_and_create_nothing_more() -> None:
    sandbox = Sandbox()
    # The signal arrives while four creates, or what is left of them, are under way.
    created = threading.Barrier(4, timeout=30)

    def before(method: str, what: Mapping[str, Any]) -> None:
        if method == "POST" and what["stream_name"] != "new0" and created.wait() == 0:
            os.kill(os.getpid(), signal.SIGINT)
            hurried.wait(30)
        elif method == "PUT" and sandbox.write_methods.count("PUT") > 1:
            hurried.wait(30)

    hurried = threading.Event()
    sandbox.before = before
    client = sandbox.client()
    client.hurry = hurried.set  # type: ignore[method-assign]
    with pytest.raises(Ended):
        sandbox.bring(*PAUSED, client=client, concurrency=4)
    # The canary, and four that had been begun.
    assert [task["status"] for task in sandbox.service.tasks()] == ["pause"] * 5


# A parent that ends


def test_no_task_is_begun_when_the_parent_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox()
    sandbox.on("POST", lambda: monkeypatch.setattr(os, "getppid", lambda: 1), number=3)
    results = report(sandbox.bring(*PAUSED))
    # What was begun is finished.
    assert [task["status"] for task in sandbox.service.tasks()] == ["pause"] * 3
    assert results["summary"]["not_attempted"] == 9
    last = results["live_pull_tasks"][-1]["msg"]
    assert last == (
        "Task push.example.com/live/new11 was not attempted: the process that started this run has ended. Nothing was"
        " changed."
    )


def test_a_recreate_is_finished_when_the_parent_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW, status="pause"))
    sandbox.on("DELETE", lambda: monkeypatch.setattr(os, "getppid", lambda: 1))
    [outcome] = sandbox.bring(RECREATED)
    assert outcome.error is None
    assert [task["status"] for task in sandbox.service.tasks()] == ["pause"]


def test_the_next_item_of_a_loop_begins_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(*seed_many(2, NOW))
    assert not sandbox.bring({"task_id": fleet_id(0), "vod_loop_time": 7})[0].error
    monkeypatch.setattr(os, "getppid", lambda: 1)
    [outcome] = sandbox.bring({"task_id": fleet_id(1), "vod_loop_time": 7})
    assert "was not attempted: the process that started this run has ended" in str(outcome.error)


@pytest.mark.parametrize("make", ["pipe", "terminal"])
def test_a_shipped_module_sees_that_nobody_reads_its_results(make: str) -> None:
    reader, writer = os.pipe() if make == "pipe" else os.openpty()
    with results_go_to(writer):
        assert not is_orphan()
        os.close(reader)
        assert is_orphan()
    assert not is_orphan()
    os.close(writer)


def test_results_in_a_file_are_read_some_time(tmp_path: Any) -> None:
    with (tmp_path / "results").open("w") as file, results_go_to(file.fileno()):
        assert not is_orphan()
