# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second writer, which changes tasks right before or after a given request."""

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
    """A change of one task. Raises ValueError with the name of the field if a value is not allowed."""

    at: int
    """The number of the request, 1 for the next. All List, Modify, Create and Delete requests count."""
    task_id: str
    fields: Mapping[str, Any] | None
    """The new values, without any check. Other fields stay. None deletes the task. If the task does not exist and
    ``source_type`` is given, it is created, and other fields have the values of a new task."""
    after: bool = False
    """Whether the change happens right after the request was carried out or refused, instead of right before."""

    def __post_init__(self) -> None:
        problem = problem_in(dataclasses.asdict(self), _CHECKS)
        if problem:
            raise ValueError(problem)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Change:
        """Return the change in ``values``."""
        problem = problem_in(values, _CHECKS, required=("at", "task_id", "fields"))
        if problem:
            raise ValueError(problem)
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Return the change in the format of from_json."""
        return dataclasses.asdict(self)


class Writer:
    """The planned changes. Not thread-safe: the service holds the lock."""

    def __init__(self) -> None:
        self._changes: list[Change] = []

    def add(self, *changes: Change) -> None:
        """Plan changes. Their requests are counted from now."""
        self._changes.extend(changes)

    def pending(self) -> list[Change]:
        """Return the planned changes. Their requests are counted from now."""
        return [*self._changes]

    def next_request(self) -> list[Change]:
        """Count one more request, and return its changes."""
        due = [change for change in self._changes if change.at == 1]
        self._changes = [dataclasses.replace(change, at=change.at - 1) for change in self._changes if change.at > 1]
        return due
