# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The circuit breaker: it ends a run when no further task can succeed, or when no process reads the results.

Private to this collection.
"""

from __future__ import annotations

import threading

from .._errors import LiveError, service_error
from .._service.answers import UNAUTHORIZED
from .parent import is_orphan

MOST_IN_A_ROW = 3


class Breaker:
    """Counts the failures of the network and of the service, and says when the run has to end. Shared by threads.

    Attributes:
        written: how many tasks were written without an error.
    """

    def __init__(self) -> None:
        # The first call records the parent.
        is_orphan()
        self.written = 0
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._unauthorized = False

    def succeeded(self) -> None:
        """Record that a task was written."""
        with self._lock:
            self.written += 1
            self._in_a_row = 0

    def failed(self, error: LiveError) -> None:
        """Record why a task failed. Only the network, HTTP 5xx and HTTP 401 count, in any step."""
        cause = service_error(error)
        if cause is None:
            return
        status = cause.details.get("http_status")
        with self._lock:
            self._in_a_row += status is None or status >= 500
            self._unauthorized = self._unauthorized or status == UNAUTHORIZED

    @property
    def reason(self) -> str | None:
        """Why no further task is begun; None while the run goes on."""
        if is_orphan():
            return "the process that started this run has ended"
        with self._lock:
            if self._unauthorized:
                return "the service does not accept the credentials any more"
            if self._in_a_row >= MOST_IN_A_ROW:
                return f"{MOST_IN_A_ROW} tasks in a row failed, so the service seems to be unavailable"
        return None
