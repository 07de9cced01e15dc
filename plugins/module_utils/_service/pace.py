# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast requests go out: one turnstile for all threads. Private to this collection."""

from __future__ import annotations

import threading
from collections import deque

from .._clock import Clock

# Services count their requests by the second; a little slower than that, or each uneven moment would be one too many.
SECOND = 1.0
SLACK = 1.05
# So long after it was throttled, the service is tried with more again.
CALM_SECONDS = 30.0
FASTER = 0.9


class Pace:
    """Lets requests go as fast as threads send them, until the service has had enough, and then at the service's pace.

    That is what it served in the second before, so a service that throttles is never slowed down further than to what
    it can do.

    Attributes:
        written: how many requests were served so far that are no reads.
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
        """Return the moment when a request that went out next would have its turn."""
        with self._lock:
            return max(self._clock.monotonic(), self._next)

    def wait(self, deadline: float) -> float:
        """Wait for the turn of a request, but not beyond the deadline, and return the moment when it came."""
        with self._lock:
            now = self._clock.monotonic()
            if self._gap and now - self._throttled > CALM_SECONDS:
                self._gap *= FASTER
            turn = max(now, min(self._next, deadline))
            self._next = turn + self._gap
        if turn > now:
            self._clock.sleep(turn - now)
        return turn

    def answered(self, method: str) -> None:
        """Count a request that was served."""
        with self._lock:
            self.written += method != "GET"
            self._answers.append(self._clock.monotonic())

    def throttle(self, sent: float, pause: float) -> None:
        """Slow down, because a request that was sent at that moment was one too many.

        Args:
            sent: the moment of its turn.
            pause: for how many seconds the service asks everybody to wait.
        """
        with self._lock:
            now = self._clock.monotonic()
            self._next = max(self._next, now + pause)
            while self._answers and self._answers[0] <= now - SECOND:
                self._answers.popleft()
            if self._answers:
                gap = SLACK * SECOND / len(self._answers)
                # Those that were under way at the same time say nothing new, unless more were served than it seemed.
                self._gap = gap if sent >= self._throttled else min(self._gap, gap)
            if sent >= self._throttled:
                self._throttled = now
