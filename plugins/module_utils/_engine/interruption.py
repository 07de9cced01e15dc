# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signals that arrive between two writes that belong together. Private to this collection.

Between the delete and the create of a recreate, the channel does not exist. Between a create and its pause, it is on
air. If a signal ended the run there, the channel would stay so. So the signal is deferred until both writes are done.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

# Ctrl-C, the end of a job, the end of a terminal, and `timeout` of a task.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


class Interruption:
    """Ends a run on a signal, but not between two writes that belong together. Shared by the threads of the run.

    Args:
        hurry: called when a signal has to wait. From then on, no request is sent twice.

    Attributes:
        stopped: whether the run was interrupted: no task is begun any more.
    """

    def __init__(self, hurry: Callable[[], None]) -> None:
        self.stopped = False
        self._hurry = hurry
        self._lock = threading.Lock()
        self._between = 0
        self._arrived: list[int] = []
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Interruption:
        # Python runs the handlers of signals in the main thread, and only there they can be set.
        for number in SIGNALS if threading.current_thread() is threading.main_thread() else ():
            handler = signal.getsignal(number)
            if handler not in (None, signal.SIG_IGN):
                self._handlers[number] = handler
                signal.signal(number, self._arrive)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    @property
    def waits(self) -> bool:
        """Whether a signal waits for writes that belong together."""
        return bool(self._arrived)

    def begin(self) -> bool:
        """Begin writes that belong together, unless the run was interrupted; return whether they are begun."""
        # Count first. If a signal arrives now, it either waits for this task, or `stopped` refuses the task below.
        self._count(1)
        if self.stopped:
            self.end()
            return False
        return True

    def end(self) -> None:
        """End writes that belong together."""
        self._count(-1)
        self.deliver()

    def deliver(self) -> None:
        """Deliver the signals that were put off, if no task is between two writes. Only the main thread does."""
        if threading.current_thread() is threading.main_thread():
            while self._arrived and not self._between:
                self._deliver(self._arrived.pop(0))

    def _count(self, step: int) -> None:
        with self._lock:
            self._between += step

    def _arrive(self, number: int, _frame: FrameType | None) -> None:
        # Takes no lock: the main thread, which runs this, may hold it.
        self.stopped = True
        if self._between:
            self._arrived.append(number)
            self._hurry()
        else:
            self._deliver(number)

    def _deliver(self, number: int) -> None:
        signal.signal(number, self._handlers[number])
        signal.raise_signal(number)
