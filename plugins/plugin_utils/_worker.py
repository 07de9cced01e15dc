# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's worker while it waits for a module that was shipped. Private to this collection."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..module_utils._parent import is_orphan

LOOK_SECONDS = 1.0


@contextmanager
def ended_with_parent(seconds: float = LOOK_SECONDS) -> Iterator[None]:
    """End this process when Ansible was killed, which ends what it waits for, or lets it see that nobody waits.

    Nobody would get the results. Without this, the worker would wait until the module has written all its tasks.

    Args:
        seconds: how often to look.
    """
    over = threading.Event()
    is_orphan()

    def watch() -> None:
        # The main thread, which waits for the module, must get every signal: it would wait on.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while not over.wait(seconds):
            if is_orphan():
                os.kill(os.getpid(), signal.SIGTERM)
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()
