# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a task, and the earlier state that List shows for a while after a write. Pure."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from .behaviour import Behaviour
from .player import Channel
from .view import Task


@dataclasses.dataclass(frozen=True)
class Record:
    """A task, its playback, and the earlier state that List shows while it lags."""

    task: Task
    channel: Channel
    deleted: bool = False
    """The task is deleted. List may still show it."""
    before: Task | None = None
    """What List shows while it lags; None: no task."""
    stale_until: datetime | None = None
    stale_reads: int = 0
    settled: bool = dataclasses.field(init=False)
    """List shows the current state."""

    def __post_init__(self) -> None:
        """Calculate ``settled`` once, because every page of a long list reads it of every record."""
        object.__setattr__(self, "settled", not (self.deleted or self.stale_until or self.stale_reads))

    @property
    def task_id(self) -> str:
        """Return the id of the task."""
        return str(self.task["task_id"])

    def visible(self, now: datetime) -> Task | None:
        """Return the task as List shows it now, or None if List does not show it."""
        if self.stale_reads > 0 or (self.stale_until is not None and now < self.stale_until):
            return self.before
        return None if self.deleted else self.task

    def lagging(self, before: Task | None, now: datetime, behaviour: Behaviour) -> Record:
        """Return the record right after a write: List may show ``before`` for a while."""
        until = now + timedelta(seconds=behaviour.lag) if behaviour.lag else None
        return dataclasses.replace(self, before=before, stale_until=until, stale_reads=behaviour.lag_reads)

    def after_read(self) -> Record:
        """Return the record after one List answer."""
        return dataclasses.replace(self, stale_reads=self.stale_reads - 1) if self.stale_reads else self
