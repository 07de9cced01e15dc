# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a relay task is on air, by its settings and a moment. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._options import STATUSES
from .fields import has_passed, to_datetime
from .task import PullTask

AIR_STATES = ("on_air", "ahead", "over", "paused", "unknown")


class Air(NamedTuple):
    """What the settings of a task say of a moment. The service does not tell what viewers see.

    Attributes:
        state: one of AIR_STATES: on air; enabled before its window, or after it; paused; or nobody can tell.
        since: when that began, as far as the settings tell.
        until: when that ends, as far as they do. Rounds and playlists have no known length.
        seconds_left: whole seconds until then.
    """

    state: str
    since: str | None = None
    until: str | None = None
    seconds_left: int | None = None


def air(task: PullTask, moment: float) -> Air:
    """Return whether a task is on air at a moment, in seconds since the epoch."""
    values = task.values
    if values.get("status") == "pause":
        return Air("paused")
    # A time that cannot be understood is not among the values.
    if values.get("status") not in STATUSES or not {"start_time", "end_time"} <= values.keys():
        return Air("unknown")
    start, end = values["start_time"], values["end_time"]
    if has_passed(end, moment):
        return Air("over", since=end)
    waits = start is not None and not has_passed(start, moment)
    until = start if waits else end
    left = None if until is None else int(to_datetime(until).timestamp() - moment)
    return Air("ahead", None, until, left) if waits else Air("on_air", start, until, left)


def with_air(task: PullTask, moment: float) -> dict[str, Any]:
    """Return the task as a module reports it, and whether it is on air at a moment."""
    return {**task.result(), "air": air(task, moment)._asdict()}
