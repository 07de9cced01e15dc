# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service keeps of a task, and what List shows in its place for a while after a write. Pure."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from .behaviour import Behaviour
from .player import Channel
from .view import Task


@dataclasses.dataclass(frozen=True)
class Record:
    """A task, how it is being played, and what List shows as long as it is behind."""

    task: Task
    channel: Channel
    deleted: bool = False
    """There is no such task any more, but List may not know yet."""
    before: Task | None = None
    """What List shows while it is behind; None: no such task."""
    stale_until: datetime | None = None
    stale_reads: int = 0
    settled: bool = dataclasses.field(init=False)
    """List shows the task itself, for good."""

    def __post_init__(self) -> None:
        """Work out once what each page of a long list asks of each record."""
        object.__setattr__(self, "settled", not (self.deleted or self.stale_until or self.stale_reads))

    @property
    def task_id(self) -> str:
        """Id of the task."""
        return str(self.task["task_id"])

    def visible(self, now: datetime) -> Task | None:
        """Return the task as a List answer at this moment has it, or None if it has no such task."""
        if self.stale_reads > 0 or (self.stale_until is not None and now < self.stale_until):
            return self.before
        return None if self.deleted else self.task

    def lagging(self, before: Task | None, now: datetime, behaviour: Behaviour) -> Record:
        """Return the record right after a write: for a while List may go on showing ``before``."""
        until = now + timedelta(seconds=behaviour.lag) if behaviour.lag else None
        return dataclasses.replace(self, before=before, stale_until=until, stale_reads=behaviour.lag_reads)

    def after_read(self) -> Record:
        """Return the record after one List answer."""
        return dataclasses.replace(self, stale_reads=self.stale_reads - 1) if self.stale_reads else self
