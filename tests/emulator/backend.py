# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the emulator, and its reset."""

from __future__ import annotations

import collections
import threading
import time
from collections.abc import Iterable

from .auth import Authenticator, Directory
from .behaviour import Behaviour
from .clock import Clock, utc_now
from .faults import FaultQueue
from .files import Files
from .journal import Journal
from .seeds import seed_tasks
from .service import Service
from .view import Task, copied


class Backend:
    """The services, their behaviour, the planned faults, and the journal."""

    def __init__(
        self,
        tasks: Iterable[Task] | None = None,
        behaviour: Behaviour | None = None,
        directory: Directory | None = None,
        now: Clock = utc_now,
    ) -> None:
        """Start with ``tasks`` in the default project; None: the seeds."""
        self._first_tasks = [*map(copied, seed_tasks(now()) if tasks is None else tasks)]
        self.first_behaviour = behaviour or Behaviour()
        """The behaviour after a reset."""
        self.service = Service(self._first_tasks, behaviour=self.first_behaviour, now=now)
        self.authenticator = Authenticator(directory, now)
        self.faults = FaultQueue()
        self.journal = Journal()
        self.files = Files()
        self.throttle = Throttle()
        self.resets = 0
        """Number of resets. A late write from before the last reset is dropped."""
        self.landing = threading.Lock()
        """Held during a late write and during a reset."""

    def reset(self) -> None:
        """Restore the initial tasks and behaviour. Delete faults, planned changes, issued tokens and both journals."""
        with self.landing:
            self.resets += 1
            self.service.clear()
            self.service.replace_tasks(self._first_tasks)
            self.service.behaviour = self.first_behaviour
            self.authenticator.forget_issued_tokens()
            self.faults.clear()
            self.journal.clear()
            self.files.clear()
            self.throttle = Throttle()


class Throttle:
    """Counts the requests of the last second."""

    def __init__(self) -> None:
        self._served: collections.deque[float] = collections.deque()

    def admits(self, behaviour: Behaviour, in_flight: int) -> bool:
        """Return whether one more request is within the limits, and count it if it is."""
        if behaviour.max_concurrent is not None and in_flight > behaviour.max_concurrent:
            return False
        if behaviour.max_rate is None:
            return True
        now = time.monotonic()
        while self._served and self._served[0] <= now - 1:
            self._served.popleft()
        if len(self._served) >= behaviour.max_rate:
            return False
        self._served.append(now)
        return True
