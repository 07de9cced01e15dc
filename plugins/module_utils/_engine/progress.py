# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report every few seconds how far a run over many tasks is. Private to this collection."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from types import TracebackType

from .._clock import Reporter
from .outcome import Outcome

EVERY_SECONDS = 5.0


class Progress:
    """Reports how far a run over several tasks is, until the run ends.

    Args:
        tell: reports.
        outcomes: all tasks of the run.
        seconds: time between two reports.
    """

    def __init__(self, tell: Reporter, outcomes: Sequence[Outcome], seconds: float = EVERY_SECONDS) -> None:
        self._tell = tell
        self._outcomes = outcomes
        self._seconds = seconds
        self._ended = threading.Event()
        self._to_write: list[Outcome] | None = None
        self._begun = 0.0

    def __enter__(self) -> Progress:
        if len(self._outcomes) > 1:
            threading.Thread(target=self._report, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()

    def writing(self, outcomes: Sequence[Outcome]) -> None:
        """Record that reading has ended, and which tasks are written now."""
        self._begun, self._to_write = time.monotonic(), [*outcomes]

    def _report(self) -> None:
        while not self._ended.wait(self._seconds):
            self._tell(self.now(time.monotonic()), 0)

    def now(self, moment: float) -> str:
        """Return how far the run is at a moment of the monotonic clock."""
        total, to_write = len(self._outcomes), self._to_write
        awaited = sum(outcome.awaits_stream for outcome in self._outcomes)
        if awaited:
            return f"waiting for {awaited:,} of {total:,} streams"
        if to_write is None:
            return f"reading, to compare {total:,} tasks"
        left = sum(bool(outcome.pending and not outcome.error) for outcome in to_write)
        failed = sum(outcome.error is not None for outcome in self._outcomes)
        text = f"{total - left:,} of {total:,} tasks{f', {failed:,} failed' if failed else ''}"
        done = len(to_write) - left
        if not left:
            return f"{text}, verifying"
        return f"{text}, about {(moment - self._begun) / done * left:.0f} s left" if done else text
