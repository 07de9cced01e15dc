# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pace of requests: one queue for all threads. Private to this collection."""

from __future__ import annotations

import threading
from collections import deque

from .._clock import Clock

# A service counts requests per second. Go a little slower, so that uneven timing does not exceed its limit.
SECOND = 1.0
SLACK = 1.05
# After this many seconds without throttling, the pace increases again.
CALM_SECONDS = 30.0
FASTER = 0.9


class Pace:
    """Lets requests go as fast as threads send them; after a 429, as fast as the service can serve them.

    The service's pace is the number of requests that it served in the last second.

    Attributes:
        written: how many writes were served so far.
    """

    def __init__(self, clock: Clock) -> None:
        self.written = 0
        self._clock = clock
        self._gap = 0.0
        self._next = clock.monotonic()
        self._throttled = clock.monotonic()
        self._answers: deque[float] = deque()
        self._lock = threading.Lock()

    def turn(self) -> float:
        """Return the moment of the next turn."""
        with self._lock:
            return max(self._clock.monotonic(), self._next)

    def wait(self, deadline: float) -> None:
        """Wait for the turn of a request, but not beyond the deadline."""
        with self._lock:
            now = self._clock.monotonic()
            if self._gap and now - self._throttled > CALM_SECONDS:
                self._gap *= FASTER
            turn = max(now, min(self._next, deadline))
            self._next = turn + self._gap
        if turn > now:
            self._clock.sleep(turn - now)

    def answered(self, method: str) -> None:
        """Count a request that was served."""
        with self._lock:
            self.written += method != "GET"
            self._answers.append(self._clock.monotonic())

    def throttle(self, sent: float, pause: float) -> None:
        """Slow down after a request that was answered with 429.

        Args:
            sent: the moment of its turn.
            pause: seconds that the service asks all clients to wait.
        """
        with self._lock:
            now = self._clock.monotonic()
            self._next = max(self._next, now + pause)
            while self._answers and self._answers[0] <= now - SECOND:
                self._answers.popleft()
            if self._answers:
                gap = SLACK * SECOND / len(self._answers)
                # The other requests of the same burst change nothing, unless more were served meanwhile.
                self._gap = gap if sent >= self._throttled else min(self._gap, gap)
            if sent >= self._throttled:
                self._throttled = now
