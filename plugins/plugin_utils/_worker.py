# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of Ansible's worker when Ansible was killed: nobody would get the results. Private to this collection."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..module_utils._parent import is_orphan

LOOK_SECONDS = 1.0


def end_orphan() -> None:
    """End this process if Ansible was killed: it would wait for ever to hand over results that fill the pipe."""
    if is_orphan():
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def ended_with_parent(seconds: float = LOOK_SECONDS) -> Iterator[None]:
    """End this process when Ansible was killed, which ends the module that it waits for, or shows it that nobody waits.

    Without this, the worker would wait until the module has written all its tasks.

    Args:
        seconds: how often to look.
    """
    over = threading.Event()
    is_orphan()

    def watch() -> None:
        # The main thread, which waits for the module, must get every signal: it would wait on.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while not over.wait(seconds):
            end_orphan()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
