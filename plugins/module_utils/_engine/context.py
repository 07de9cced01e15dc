# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send writes, whose turns come one at a time, and read what they did. Private to this collection."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .._clock import Clock
from .._service.client import Accepted, LiveClient, Write
from .interruption import Interruption
from .snapshot import Snapshot
from .verify import TaskCondition, tasks_in
from .waiting import Waited, until

READ_SECONDS = 30.0


class Context(NamedTuple):
    """What all steps of all tasks share. May be shared by threads.

    Attributes:
        client: the service.
        snapshot: the tasks as they were last read.
        clock: time.
        interruption: after it has stopped the run, nothing is begun.
        lock: held by the thread whose write has its turn.
    """

    client: LiveClient
    snapshot: Snapshot
    clock: Clock
    interruption: Interruption
    lock: threading.Lock

    def send(self, write: Write, body: Mapping[str, Any]) -> Accepted | None:
        """Send a write once, when its turn has come; return None if it has to be sent again."""
        with self.lock:
            write.wait()
        return write.attempt(body)

    def until(self, condition: TaskCondition, delays: Iterable[float], read_seconds: float = READ_SECONDS) -> Waited:
        """Read until a condition holds or the delays are used up; each reading may take `read_seconds`."""
        return until([condition], tasks_in(self.snapshot), self.clock, delays, read_seconds)
