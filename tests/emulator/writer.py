# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second writer: changes that someone else makes to tasks, just as a given request is served."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from .checks import Check, flag, integer, problem_in, text


def _fields(value: object) -> str | None:
    good = value is None or (isinstance(value, Mapping) and all(isinstance(name, str) for name in value))
    return None if good else "must be an object, or null to delete the task"


_CHECKS: dict[str, Check] = {"at": integer(1), "task_id": text(1), "fields": _fields, "after": flag}


@dataclasses.dataclass(frozen=True)
class Change:
    """A change to one task. Raises ValueError, naming the field, for values that mean nothing."""

    at: int
    """The request it goes with, 1 being the next: any List, Modify, Create or Delete that reaches the service."""
    task_id: str
    fields: Mapping[str, Any] | None
    """What the fields become, without any check; all others stay. None deletes the task. A task that there is not is
    created if ``source_type`` is among them, all others as a create leaves them out."""
    after: bool = False
    """Made right after the request has been carried out, or refused; otherwise right before."""

    def __post_init__(self) -> None:
        problem = problem_in(dataclasses.asdict(self), _CHECKS)
        if problem:
            raise ValueError(problem)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Change:
        """Return the change that ``values`` describe."""
        problem = problem_in(values, _CHECKS, required=("at", "task_id", "fields"))
        if problem:
            raise ValueError(problem)
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Return the change as from_json takes it."""
        return dataclasses.asdict(self)


class Writer:
    """The changes to come. Not safe by itself: the service has the lock."""

    def __init__(self) -> None:
        self._changes: list[Change] = []

    def add(self, *changes: Change) -> None:
        """Plan changes; their requests are counted from now."""
        self._changes.extend(changes)

    def pending(self) -> list[Change]:
        """Return the changes to come, their requests counted from now."""
        return [*self._changes]

    def next_request(self) -> list[Change]:
        """Count one more request, and return the changes that go with it."""
        due = [change for change in self._changes if change.at == 1]
        self._changes = [dataclasses.replace(change, at=change.at - 1) for change in self._changes if change.at > 1]
        return due
