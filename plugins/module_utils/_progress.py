# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a run over many tasks is, said every few seconds. Private to this collection."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from types import TracebackType

from ._clock import Reporter
from ._outcome import Outcome

EVERY_SECONDS = 5.0


class Progress:
    """Says how far a run is, as long as it goes on; of a single task there is nothing to say.

    Args:
        tell: is told.
        outcomes: all tasks of the run.
        seconds: how often.
    """

    def __init__(self, tell: Reporter, outcomes: Sequence[Outcome], seconds: float = EVERY_SECONDS) -> None:
        self._tell = tell
        self._outcomes = outcomes
        self._seconds = seconds
        self._over = threading.Event()
        self._ahead: list[Outcome] | None = None
        self._begun = 0.0

    def __enter__(self) -> Progress:
        if len(self._outcomes) > 1:
            threading.Thread(target=self._say, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()

    def writing(self, outcomes: Sequence[Outcome]) -> None:
        """Take down that reading is over, and that these are written now."""
        self._begun, self._ahead = time.monotonic(), [*outcomes]

    def _say(self) -> None:
        while not self._over.wait(self._seconds):
            self._tell(self.now(time.monotonic()), 0)

    def now(self, moment: float) -> str:
        """Return how far the run is at a moment of the monotonic clock."""
        total, ahead = len(self._outcomes), self._ahead
        if ahead is None:
            return f"reading, to compare {total:,} tasks"
        left = sum(not (outcome.sent or outcome.error) for outcome in ahead)
        failed = sum(outcome.error is not None for outcome in self._outcomes)
        text = f"{total - left:,} of {total:,} tasks{f', {failed:,} failed' if failed else ''}"
        done = len(ahead) - left
        if not left:
            return f"{text}, reading back"
        return f"{text}, about {(moment - self._begun) / done * left:.0f} s left" if done else text
