# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said while a long run goes on."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.outcome import Kind, Outcome, State, Step
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.progress import Progress
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration


def outcomes(count: int) -> list[Outcome]:
    """Return the records of tasks that are to be modified."""
    records = [
        Outcome(Declaration.from_options({"task_id": str(number), "status": "pause"})) for number in range(count)
    ]
    for record in records:
        record.steps = [Step(Kind.MODIFY)]
    return records


@pytest.mark.parametrize(
    ("written", "failed", "says"),
    [
        (0, 0, "200 of 1,200 tasks"),
        (250, 0, "450 of 1,200 tasks, about 30 s left"),
        (500, 250, "950 of 1,200 tasks, 250 failed, about 3 s left"),
        (1000, 0, "1,200 of 1,200 tasks, verifying"),
        (998, 2, "1,200 of 1,200 tasks, 2 failed, verifying"),
    ],
)
def test_progress_counts_written_and_failed_tasks(written: int, failed: int, says: str) -> None:
    every = outcomes(1200)
    progress = Progress(lambda text, verbosity: None, every)
    assert progress.now(time.monotonic()) == "reading, to compare 1,200 tasks"
    ahead = every[200:]
    progress.writing(ahead)
    begun = time.monotonic()
    for outcome in ahead[:written]:
        outcome.steps[0].state = State.ACCEPTED
    for outcome in ahead[written : written + failed]:
        outcome.error = LiveError("no")
    assert progress.now(begun + 10) == says


def test_progress_counts_the_streams_that_are_awaited() -> None:
    every = outcomes(1200)
    for outcome in every[:37]:
        outcome.awaits_stream = True
    assert Progress(lambda text, verbosity: None, every).now(0) == "waiting for 37 of 1,200 streams"


def test_progress_is_reported_until_the_run_ends() -> None:
    reported: list[tuple[str, int]] = []
    twice = threading.Event()

    def tell(text: str, verbosity: int) -> None:
        reported.append((text, verbosity))
        if len(reported) == 2:
            twice.set()

    with Progress(tell, outcomes(2), seconds=0.01):
        assert twice.wait(30)
    assert reported[0] == ("reading, to compare 2 tasks", 0)


def test_a_single_task_reports_no_progress() -> None:
    reported: list[str] = []
    with Progress(lambda text, _verbosity: reported.append(text), outcomes(1), seconds=0.001):
        time.sleep(0.05)
    assert reported == []
