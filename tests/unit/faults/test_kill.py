# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run over a fleet is killed at each of its requests, and the next run brings all tasks to their declared state.

A separate process is killed with SIGKILL during a request: before the request is carried out, or after it and before
its answer. From this request on the emulator sends no answer, so that no later request succeeds. The next run knows
only what the service returns.

The tests do not use `replace`: if the service empties the fields that the first modify of a run leaves out, this run
restores them. If the run is killed before, the next run cannot know the lost values.
"""

from __future__ import annotations

import itertools
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

import pytest
import requests

from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, Emulator, Entry, Fault, fleet_id
from ansible_collections.huaweicloud.live.tests.unit.fakes.wire import wait_until
from ansible_collections.huaweicloud.live.tests.unit.faults import fleet
from ansible_collections.huaweicloud.live.tests.unit.faults.summary import KILLS

# The requests of a run that is not killed. The first modify is the canary.
REQUESTS = ["list", "modify", "list", *["modify"] * 5, "list"]
PATIENCE = 60.0
# The state of the request when the process is killed, and the fault that keeps it in this state.
MOMENTS = {"received": "timeout", "carried out": "timeout_after"}
CONCURRENCIES = (1, 4)

# Processes are forked from a process without threads that has imported everything.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([fleet.__name__])


@pytest.fixture(scope="module")
def station() -> Iterator[Emulator]:
    """Yield an emulator whose clock moves a second at every read, so that a channel that restarts jumps."""
    seconds = itertools.count()

    def now() -> datetime:
        return fleet.NOW + timedelta(seconds=next(seconds))

    with Emulator(tasks=fleet.TASKS, now=now) as emulator:
        yield emulator


@contextmanager
def process(station: Emulator, concurrency: int) -> Iterator[BaseProcess]:
    """Run in a separate process, and end it with the test."""
    running = _processes.Process(target=fleet.run, args=(station.url, concurrency))
    running.start()
    try:
        yield running
    finally:
        running.kill()
        running.join()


def settle(station: Emulator) -> None:
    """Wait until the emulator has finished all requests of a killed process."""
    # Connections are accepted in order: this one is the last.
    requests.get(f"{station.url}/emulator/health", timeout=PATIENCE)
    wait_until(lambda: station.connections == 0)


def killed_at(station: Emulator, number: int, kind: str, concurrency: int) -> None:
    """Start a run and kill it at one of its requests."""
    station.add_fault(Fault(kind, times=-1, after=number - 1, seconds=2 * PATIENCE))
    with process(station, concurrency) as running:
        wait_until(lambda: len(station.journal) >= number or not running.is_alive())
        running.kill()
        running.join(PATIENCE)
        assert running.exitcode == -signal.SIGKILL
    settle(station)
    station.clear_faults()


def was_done(entry: Entry) -> bool:
    """Return whether a modify was carried out, with or without an answer."""
    return entry["status"] == 200 or entry["fault"] == MOMENTS["carried out"]


def playlists_sent(station: Emulator, number: int) -> list[bool]:
    """Return for each modify with a playlist of the task whether it was carried out."""
    return [
        was_done(entry)
        for entry in station.writes()
        if entry["json"]["task_id"] == fleet_id(number) and "source_urls" in entry["json"]
    ]


def check_converged(station: Emulator) -> None:
    """Check that all tasks are in their declared state, and that each new playlist was carried out once."""
    assert station.tasks == fleet.DONE
    for number in range(len(fleet.TASKS)):
        sent = playlists_sent(station, number)
        assert sent == [False] * (len(sent) - 1) + [True] if number in fleet.SWAPPED else not sent
        disturbances = station.service.player.disturbances(fleet_id(number))
        assert disturbances == (number in fleet.SWAPPED_ON_AIR)


@pytest.mark.slow
@pytest.mark.parametrize("concurrency", CONCURRENCIES)
@pytest.mark.parametrize("left_out", ["keep", "reset"])
def test_run_without_a_kill_completes_the_fleet(station: Emulator, left_out: str, concurrency: int) -> None:
    station.reset()
    station.behaviour = Behaviour(left_out=left_out)
    with process(station, concurrency) as running:
        running.join(PATIENCE)
        assert running.exitcode == 0
    assert [entry["operation"] for entry in station.journal] == REQUESTS
    check_converged(station)


def check_run_after_kill(station: Emulator, number: int, moment: str, left_out: str, concurrency: int) -> None:
    """Kill a run at one of its requests, run again, and check the fleet."""
    station.reset()
    station.behaviour = Behaviour(left_out=left_out)

    killed_at(station, number, MOMENTS[moment], concurrency)
    before = station.journal
    assert [entry["status"] == 200 for entry in before] == [True] * (number - 1) + [False] * (len(before) - number + 1)
    assert number <= len(before) < number + concurrency
    outcomes = fleet.bring(station.url, concurrency)
    assert not [outcome.error for outcome in outcomes if outcome.error]
    check_converged(station)
    # No task was written again whose modify was carried out before the kill.
    done = [entry["json"]["task_id"] for entry in station.writes() if was_done(entry)]
    assert len(done) == len({*done})


def test_the_run_after_a_kill_completes_the_fleet(
    station: Emulator, record_property: Callable[[str, object], None]
) -> None:
    record_property(KILLS, "carried out")
    check_run_after_kill(station, 5, "carried out", "reset", 4)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, len(REQUESTS) + 1))
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("left_out", ["keep", "reset"])
@pytest.mark.parametrize("concurrency", CONCURRENCIES)
def test_the_run_after_a_kill_at_any_request_completes_the_fleet(
    station: Emulator,
    record_property: Callable[[str, object], None],
    concurrency: int,
    left_out: str,
    moment: str,
    number: int,
) -> None:
    record_property(KILLS, moment)
    check_run_after_kill(station, number, moment, left_out, concurrency)
