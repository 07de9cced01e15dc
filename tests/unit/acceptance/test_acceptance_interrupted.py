# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The acceptance tests are ended at each of their requests: they leave nothing that a sweep does not find."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, Emulator, environment, seed_tasks
from ansible_collections.huaweicloud.live.tests.unit.acceptance.test_acceptance_round_trip import WORLDS
from ansible_collections.huaweicloud.live.tests.unit.fakes.acceptance import DOMAIN, Account
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION

SOME = ("as documented", "another", "a third")


def requests_of_a_run(monkeypatch: pytest.MonkeyPatch, folder: Path, world: str) -> int:
    account = Account(monkeypatch, folder, behaviour=Behaviour(**WORLDS[world]))
    assert account.run() == 0
    return account.number


def check_interruption(monkeypatch: pytest.MonkeyPatch, folder: Path, world: str, at: int, answered: bool) -> None:
    """Press Ctrl-C at one request: the run cleans up itself."""
    account = Account(monkeypatch, folder, behaviour=Behaviour(**WORLDS[world]))

    def interrupt(number: int) -> None:
        if number == at:
            raise KeyboardInterrupt

    if answered:
        account.after_request = interrupt
    else:
        account.on_request = interrupt
    assert account.run() == 1
    assert (account.left, account.untouched) == ([], True), f"request {at}"


def check_kill(monkeypatch: pytest.MonkeyPatch, folder: Path, world: str, at: int) -> None:
    """Let no request leave after one of them, as if the process was killed. A sweep finds what is left."""
    account = Account(monkeypatch, folder, behaviour=Behaviour(**WORLDS[world]))

    def kill(number: int) -> None:
        if number >= at:
            raise KeyboardInterrupt

    account.after_request = kill
    assert account.run() == 1
    assert account.untouched
    assert len(account.left) <= 1
    account.after_request = lambda number: None
    account.clock.advance(30)
    assert account.run("--sweep") == 0
    assert (account.left, account.untouched) == ([], True), f"request {at}"


def test_an_interrupted_run_deletes_its_tasks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for at in (6, 8, 24, 33):
        check_interruption(monkeypatch, tmp_path, "as documented", at, answered=True)


def test_a_sweep_deletes_the_tasks_of_a_killed_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for at in (6, 8, 12, 24, 33):
        check_kill(monkeypatch, tmp_path, "another", at)


@pytest.mark.slow
@pytest.mark.newest
@pytest.mark.parametrize("world", SOME)
@pytest.mark.parametrize("answered", [False, True])
def test_a_run_interrupted_at_any_request_deletes_its_tasks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, world: str, answered: bool
) -> None:
    for at in range(1, requests_of_a_run(monkeypatch, tmp_path, world) + 1):
        check_interruption(monkeypatch, tmp_path, world, at, answered)


@pytest.mark.slow
@pytest.mark.newest
@pytest.mark.parametrize("answered", [False, True])
def test_a_lost_response_to_any_request_leaves_no_task(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], answered: bool
) -> None:
    for at in range(1, requests_of_a_run(monkeypatch, tmp_path, "another") + 1):
        account = Account(monkeypatch, tmp_path, behaviour=Behaviour(**WORLDS["another"]))

        def lose(number: int, last: int = at) -> None:
            if number == last:
                raise requests.exceptions.ReadTimeout

        if answered:
            account.after_request = lose
        else:
            account.on_request = lose
        capsys.readouterr()
        status = account.run()
        errors = capsys.readouterr().err
        # Only a create is not sent again, and then the run ends.
        lost_create = not answered and "create a task" in errors
        assert status == lost_create, f"request {at}: {errors}"
        assert len(errors.splitlines()) == status
        assert (account.left, account.untouched) == ([], True), f"request {at}"


@pytest.mark.slow
@pytest.mark.newest
@pytest.mark.parametrize("world", SOME)
def test_a_sweep_deletes_the_tasks_of_a_run_killed_at_any_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, world: str
) -> None:
    for at in range(1, requests_of_a_run(monkeypatch, tmp_path, world) + 1):
        check_kill(monkeypatch, tmp_path, world, at)


@pytest.mark.slow
@pytest.mark.newest
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_the_command_ends_by_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with Emulator(behaviour=Behaviour(latency=0.05)) as emulator:
        arguments = [sys.executable, "-m", "tests.acceptance", "--domain", DOMAIN, "--report", str(tmp_path)]
        environ = {**os.environ, **environment(emulator.url)}
        running = subprocess.Popen([*arguments, "--pace", "0"], cwd=COLLECTION, env=environ, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while len(emulator.writes()) < 8 and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(number)
        _output, errors = running.communicate(timeout=60)
        before = [task["task_id"] for task in seed_tasks()]
        if number == signal.SIGKILL:
            assert [task["task_id"] for task in emulator.tasks] != before
            subprocess.run([*arguments, "--sweep"], cwd=COLLECTION, env=environ, timeout=120, check=True)
        else:
            assert (running.returncode, errors.decode().splitlines()) == (1, ["Interrupted."])
        assert [task["task_id"] for task in emulator.tasks] == before
        assert requests.get(f"{emulator.url}/emulator/cut", timeout=5).json() == {"cut": []}
