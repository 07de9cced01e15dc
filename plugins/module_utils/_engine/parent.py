# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Detect that no process reads the results of this process. Private to this collection.

A process continues after its parent is killed. The parent of Ansible's worker is ansible-playbook. The parent of a
shipped module is a shell, which can outlive Ansible. So the standard output of the module is watched too.
"""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import contextmanager

# The parent of each process that asked: a plugin is loaded once, and runs in many processes that are forked later.
_parents: dict[int, int] = {}
_outputs: list[int] = []


def is_orphan() -> bool:
    """Return whether the parent of this process has ended since the first call, or its output is closed."""
    parent = os.getppid()
    return _parents.setdefault(os.getpid(), parent) != parent or any(map(_is_closed, _outputs))


@contextmanager
def results_go_to(descriptor: int) -> Iterator[None]:
    """Watch the file descriptor that the results of this process are written to."""
    _outputs.append(descriptor)
    try:
        yield
    finally:
        _outputs.remove(descriptor)


def _is_closed(descriptor: int) -> bool:
    """Return whether the other end of a pipe, a socket or a terminal is closed."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _descriptor, event in poll.poll(0))
