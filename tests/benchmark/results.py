# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The measurements and their limits."""

from __future__ import annotations

from typing import NamedTuple


class Cell(NamedTuple):
    """A fleet that was measured.

    Attributes:
        size: number of tasks.
        share: how many percent of them had to change.
        latency: seconds that each request took at the service.
        seconds: of the whole playbook process.
        floor: seconds of the playbook process with an action that gets the same arguments, and does nothing.
        reads: requests that read.
        writes: requests that wrote.
        memory: the most MiB that one of its processes held.
        concurrency: how many tasks were written at a time.
    """

    size: int
    share: int
    latency: float
    seconds: float
    floor: float
    reads: int
    writes: int
    memory: float
    concurrency: int

    @property
    def beyond(self) -> float:
        """Seconds without those that Ansible needs for the arguments."""
        return self.seconds - self.floor

    @property
    def limit(self) -> float:
        """Seconds of the requests that have to wait for each other. The canary is written alone."""
        alone = min(1, self.writes)
        return (self.reads + alone + -(-(self.writes - alone) // self.concurrency)) * self.latency


class Row(NamedTuple):
    """A measurement and its limit.

    Attributes:
        name: what it is about.
        value: what was measured.
        most: what it may be.
        unit: of both; nothing for a ratio.
    """

    name: str
    value: float
    most: float
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the limit is met."""
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.name}: {self._shown(self.value)}, at most {self._shown(self.most)}"

    def _shown(self, value: float) -> str:
        if self.unit:
            return f"{value:.2f} {self.unit}"
        return fraction(value) if self.most < 0.5 else f"{value:.2f}"


def fraction(value: float) -> str:
    """Return a small ratio as a fraction, such as 1/8."""
    return f"1/{1 / value:.0f}" if 1 / value >= 10 else f"1/{1 / value:.1f}"


class Results(NamedTuple):
    """All measurements, in seconds.

    Attributes:
        machine: where.
        ansible: the version of ansible-core.
        day: when.
        rounds: how often.
        items: what one more loop item costs, by variant.
        distant: the same over a long wire, with TLS.
        changes: what one change costs.
        whole: a whole playbook with one task, for one host and for many.
        throttled: a fleet of changes on a service with a limit, over what that limit allows.
        cells: fleets.
    """

    machine: str
    ansible: str
    day: str
    rounds: int
    items: dict[str, float]
    distant: dict[str, float]
    changes: dict[str, float]
    whole: dict[str, float]
    throttled: float
    cells: list[Cell]

    def cell(self, size: int, share: int, latency: float) -> Cell:
        """Return a fleet."""
        return next(cell for cell in self.cells if cell[:3] == (size, share, latency))

    def summary(self) -> list[Row]:
        """Return the measurements that have a limit."""
        items, thousand, most = self.items, self.cell(1000, 0, 0.0), self.cell(10000, 0, 0.0)
        changed = self.cell(1000, 100, 0.05)
        loop = thousand.floor + 1000 * items["uri"]
        return [
            Row("one more loop item / uri", items["module"] / items["uri"], 1 / 30),
            Row("one more loop item / debug", items["module"] / items["debug"], 2.5),
            Row("the same over 50 ms and TLS / uri", self.distant["module"] / self.distant["uri"], 1 / 6),
            Row("one change / three uri", self.changes["module"] / self.changes["uri"], 1 / 20),
            Row("a whole playbook with one task / uri", self.whole["module"] / self.whole["uri"], 0.7),
            Row("100 hosts / uri", self.whole["module, hosts"] / self.whole["uri, hosts"], 1 / 7),
            Row("1,000 unchanged, beyond Ansible", thousand.beyond, 0.35, "s"),
            Row("1,000 unchanged, the whole playbook / a loop of uri", thousand.seconds / loop, 1 / 250),
            Row("10,000 unchanged, beyond Ansible", most.beyond, 2, "s"),
            Row("10,000 unchanged, memory", most.memory, 250, "MiB"),
            Row("1,000 changed, 50 ms / limit", changed.beyond / changed.limit, 1.3),
            Row("200 changed at 20 requests a second / limit", self.throttled, 1.2),
            Row("shipped, one more loop item / uri", items["shipped"] / items["uri"], 1.05),
        ]
