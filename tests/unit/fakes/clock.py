# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A clock that does not wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import Clock

EPOCH = 1_800_000_000.0
NOW = datetime.fromtimestamp(EPOCH, timezone.utc)
"""The first time of the clock: 2027-01-15T08:00:00Z, a Friday."""


def after(**time: float) -> str:
    """Return the time this long after NOW, in the format of the service."""
    return (NOW + timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")


class FakeClock:
    """A clock that moves only during a sleep or by a test, with fixed random numbers.

    Args:
        chance: the position of each random number between its bounds: 0 lowest, 1 highest.
        start: the time at which the clock begins.

    Attributes:
        seconds: the monotonic clock, which begins at 1000.
        naps: the duration of each sleep.
        bounds: the bounds of each random number.
    """

    def __init__(self, chance: float = 1.0, start: datetime = NOW) -> None:
        self.seconds = 1000.0
        self.naps: list[float] = []
        self.bounds: list[tuple[float, float]] = []
        self._chance = chance
        self._later: list[tuple[float, Callable[[], object]]] = []
        self.clock = Clock(
            monotonic=lambda: self.seconds,
            now=lambda: start.timestamp() + self.seconds - 1000.0,
            sleep=self._sleep,
            uniform=self._uniform,
        )

    def utc(self) -> datetime:
        """Return the time as an aware datetime, for the emulated service."""
        return datetime.fromtimestamp(self.clock.now(), timezone.utc)

    def _sleep(self, seconds: float) -> None:
        assert seconds >= 0
        assert len(self.naps) < 1000, "too many sleeps: the code under test never ends"
        self.naps.append(seconds)
        self.seconds += seconds
        for due in [due for due in self._later if due[0] <= self.seconds]:
            self._later.remove(due)
            due[1]()

    def later(self, seconds: float, what: Callable[[], object]) -> None:
        """Call ``what`` after the run has slept for this many seconds."""
        self._later.append((self.seconds + seconds, what))

    def advance(self, seconds: float) -> None:
        """Move the clock forward, as if the test had waited."""
        self.seconds += seconds

    def _uniform(self, least: float, most: float) -> float:
        self.bounds.append((least, most))
        return least + (most - least) * self._chance
