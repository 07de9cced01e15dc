# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which relay tasks to list. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .._options import FILTER_OPTIONS
from .fields import TASK_ID_ALLOWED, is_task_id


class TaskFilter(NamedTuple):
    """Which tasks to list.

    Attributes:
        fields: field of a task to the value that it must have.
    """

    fields: dict[str, str]

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> TaskFilter:
        """Return the filter that the options of a module ask for; None lets every task through.

        Raises:
            InvalidOptionError: task_id can be the id of no task.
        """
        task_id = options.get("task_id")
        if task_id is not None and not is_task_id(task_id):
            raise InvalidOptionError(refused("task_id", task_id, TASK_ID_ALLOWED))
        given = {name: options[name] for name in FILTER_OPTIONS if options.get(name) is not None}
        return cls({"region" if name == "task_region" else name: value for name, value in given.items()})

    @property
    def query(self) -> dict[str, str]:
        """The part of the filter that ListPullTasks can do."""
        return {name: self.fields[name] for name in ("task_id", "region") if name in self.fields}

    def matches(self, answer: Mapping[str, Any]) -> bool:
        """Return whether the filter lets the task through. What the service filtered already need not be answered."""
        return all(
            answer.get(name) == value or (name == "region" and answer.get(name) is None)
            for name, value in self.fields.items()
        )
