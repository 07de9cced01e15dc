# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a relay task is on air, by its settings and a moment. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from .fields import to_datetime
from .task import PullTask, Wanted


def window_warnings(task: PullTask, wanted: Wanted, now: float) -> list[str]:
    """Return a warning if the task is asked to be on air and its time is over.

    Args:
        task: the task as it would be.
        wanted: what is asked of it.
        now: seconds since the epoch.
    """
    end = task.values.get("end_time")
    if wanted.values.get("status") != "enable" or not end or to_datetime(end).timestamp() > now:
        return []
    return [
        f"Task {wanted.task_id} is to be on air, but its end_time {end} has passed. To put it on air, give it another"
        " start_time and end_time."
    ]
