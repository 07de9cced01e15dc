# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a relay task is on air, by its settings and a moment. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection

from .fields import is_over
from .task import PullTask

_ON_AIR = frozenset(("status", "start_time", "end_time"))


def dark(task_id: str, task: PullTask, asked: Collection[str], changes: Collection[str], moment: float) -> str | None:
    """Return a warning if the task is enabled, and all the same off air because of its window.

    Args:
        task_id: the task.
        task: the task as it would be.
        asked: the options that are managed. Of a window that is over nothing is said if none of them has to do with it.
        changes: those that change. Of a window that lies ahead nothing is said if none of them has to do with it.
        moment: seconds since the epoch.
    """
    start, end = task.values.get("start_time"), task.values.get("end_time")
    if task.values.get("status") != "enable":
        return None
    if is_over(end, moment):
        text = f"end_time {end} has passed. To put it on air, give it another start_time and end_time."
        return None if _ON_AIR.isdisjoint(asked) else f"Task {task_id} is to be on air, but its {text}"
    if start is not None and not is_over(start, moment) and not _ON_AIR.isdisjoint(changes):
        return f"Task {task_id} is enabled, but its start_time {start} lies ahead: it is off air until then."
    return None
