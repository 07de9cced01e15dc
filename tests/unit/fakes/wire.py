# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain connections to the emulator, and a helper that waits."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

from ansible_collections.huaweicloud.live.tests.emulator import AUTH_TOKEN, PROJECT_ID, Emulator, Fault

PATH = f"/v1/{PROJECT_ID}/pull/stream/task"
PATIENCE = 60.0
"""Seconds to wait for an event that is immediate on an idle machine."""


def ask(connection: socket.socket) -> None:
    """Send ListPullTasks."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: emulator\r\nX-Auth-Token: {AUTH_TOKEN}\r\n\r\n"
    connection.sendall(request.encode())


def wait_until(reached: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until ``reached`` returns true."""
    deadline = time.monotonic() + patience
    while not reached():
        assert time.monotonic() < deadline, "the condition was not reached in time"
        time.sleep(0.01)


@contextlib.contextmanager
def requests_under_way(emulator: Emulator, count: int) -> Iterator[None]:
    """Keep ``count`` requests open that the emulator does not answer."""
    before = len(emulator.journal)
    emulator.add_fault(Fault("timeout", seconds=2 * PATIENCE, times=count))
    with contextlib.ExitStack() as stack:
        for _request in range(count):
            connection = socket.create_connection(("127.0.0.1", emulator.port), timeout=PATIENCE)
            ask(stack.enter_context(connection))
        wait_until(lambda: len(emulator.journal) == before + count)
        yield
    wait_until(lambda: all(entry["ended"] for entry in emulator.journal))
