# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests a run sends, and how old what was read is when a modify goes out."""

from __future__ import annotations

import math
import threading
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import Clock
from ansible_collections.huaweicloud.live.plugins.module_utils._service.answers import Answer
from ansible_collections.huaweicloud.live.plugins.module_utils._service.pace import Pace
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import fleet_id, seed_many
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.results import summary_of
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, Sandbox, report

PAGE = 100
# What is promised: that no modify is planned from a read that is older.
OLDEST = 2.0


class Turns(Pace):
    """Notes when each thread planned a write: at its turn, or at the read that the plan needed.

    The requests of other threads, which move the clock, come later.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._noted = threading.local()

    def turn(self) -> float:
        """Note the turn of a write."""
        self._noted.moment = super().turn()
        return self.last

    def read(self, moment: float) -> None:
        """Note the end of a read."""
        self._noted.moment = moment

    @property
    def last(self) -> float:
        """When this thread planned."""
        return float(self._noted.moment)


class SlowService(Sandbox):
    """A service that serves one request at a time, each in so many seconds.

    Attributes:
        ages: for each modify, how long before it went out its thread had the answer that shows its task.
    """

    def __init__(self, size: int, seconds: float = 0.0) -> None:
        super().__init__(*seed_many(size, NOW))
        # A thread looks at the clock right after an answer. Here, the requests of other threads may move it before.
        self.clock.clock = self.clock.clock._replace(monotonic=self._look)
        self._thread = threading.local()
        self.ages: list[float] = []
        self._seconds = seconds
        self._read_at: dict[str, float] = {}
        self._one_at_a_time = threading.RLock()
        self._turns = Turns(self.clock.clock)

    @property
    def pace(self) -> Turns:
        """The moment at which each thread had its turn."""
        return self._turns

    def request(self, *what: Any, **how: Any) -> Answer:
        """Carry out a request, when no other is under way."""
        with self._one_at_a_time:
            return super().request(*what, **how)

    def _answer(self, method: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> dict[str, Any]:
        if body is not None:
            self.ages.append(self._turns.last - self._read_at[body["task_id"]])
        answer = super()._answer(method, query, body)
        self.clock.seconds += self._seconds
        self._thread.unseen = [task["task_id"] for task in answer.get("task_infos", ())]
        if body is None:
            self._turns.read(self.clock.seconds)
        return answer

    def _look(self) -> float:
        """Return the time. What the thread has just read is as old as its first look at the clock after it."""
        now = self.clock.seconds
        for task_id in self._thread.__dict__.pop("unseen", ()):
            self._read_at[task_id] = now
        return now

    def change_evenly(self, size: int, changed: int, concurrency: int = 4) -> list[Ran]:
        """Change tasks that lie evenly among those of the fleet, and declare the others as they are."""
        return self.change(size, {number * size // changed for number in range(changed)}, concurrency)

    def change(self, size: int, numbers: Collection[int], concurrency: int) -> list[Ran]:
        """Change the tasks with these numbers, and declare the others as they are."""
        wanted = [
            Declaration(fleet_id(number), {"vod_loop_time": "3" if number in numbers else "-1"})
            for number in range(size)
        ]
        outcomes = self.bring(*wanted, concurrency=concurrency)
        assert not [outcome.error for outcome in outcomes if outcome.error]
        assert sum(outcome.changed for outcome in outcomes) == len(numbers)
        return outcomes

    @property
    def cost(self) -> tuple[int, int, int]:
        """How many pages were read, how many single tasks, and how many modifies were sent."""
        single = sum("task_id" in query for query in self.reads)
        return len(self.reads) - single, single, len(self.writes)


def test_one_change_is_a_read_a_write_and_a_read() -> None:
    service = SlowService(1)
    service.change_evenly(1, 1)
    assert service.cost == (0, 2, 1)


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize(
    ("size", "changed", "pages", "single"),
    [
        pytest.param(10, 0, 1, 0, id="none of 10"),
        pytest.param(10, 1, 1, 1, id="one of 10"),
        pytest.param(10, 10, 2, 1, id="all of 10"),
        pytest.param(100, 0, 1, 0, id="none of 100"),
        pytest.param(100, 10, 2, 1, id="a tenth of 100"),
        pytest.param(100, 100, 2, 1, id="all of 100"),
        pytest.param(1000, 0, 10, 0, id="none of 1,000"),
        pytest.param(500, 50, 10, 1, id="a tenth of 500"),
        pytest.param(300, 300, 6, 1, id="all of 300"),
    ],
)
def test_a_fleet_costs_its_pages_twice_and_a_look_at_the_first(
    size: int, changed: int, pages: int, single: int, concurrency: int
) -> None:
    service = SlowService(size)
    service.change_evenly(size, changed, concurrency)
    assert service.cost == (pages, single, changed)


@pytest.mark.parametrize("concurrency", [1, 8])
def test_changes_on_one_page_cost_that_page_again_and_are_the_only_ones_reported(concurrency: int) -> None:
    service = SlowService(1000)
    results = report(service.change(1000, range(10), concurrency))
    assert service.cost == (10 + 1, 1, 10)
    assert summary_of(results) == (10, 990, 0, 0)
    assert [change["after"] for change in results["diff"]] == [{"vod_loop_time": "3"}] * 10


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("seconds", [0.1, 0.2, 0.7], ids=lambda seconds: f"{seconds} s each")
def test_a_modify_goes_out_by_a_fresh_read(seconds: float, concurrency: int) -> None:
    service = SlowService(105, seconds)
    service.change_evenly(105, 105, concurrency)
    assert len(service.ages) == 105
    assert 0 < max(service.ages) <= OLDEST


# Read again is a page that begins with the task that needs it, so that every second of its read is of use.
@pytest.mark.parametrize(
    ("size", "changed", "seconds"),
    [
        (100, 100, 0.1),
        (100, 100, 0.2),
        (200, 200, 0.1),
        (200, 200, 0.2),
        (500, 50, 0.1),
        (500, 50, 0.2),
        (300, 300, 0.1),
        (300, 300, 0.2),
    ],
)
def test_a_fleet_on_a_slow_service_costs_a_page_in_two_seconds(size: int, changed: int, seconds: float) -> None:
    service = SlowService(size, seconds)
    begun = service.clock.seconds
    service.change_evenly(size, changed, concurrency=1)
    pages, single, writes = service.cost
    more = pages - 2 * -(-size // PAGE)
    assert (writes, single) == (changed, 1)
    assert more <= max(-(-size // PAGE), math.ceil((service.clock.seconds - begun) / 2))
