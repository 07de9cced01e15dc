# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of relay tasks, checked and in normal form. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .fields import FIELDS, TASK_ID_ALLOWED, is_task_id
from .rules import broken_rules


class Wanted(NamedTuple):
    """What is asked of one task.

    Attributes:
        task_id: the task.
        values: the managed options in normal form; one that is not in here is not managed.
    """

    task_id: str
    values: dict[str, Any]

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Wanted:
        """Return what the options of a module ask for; None means not managed.

        Raises:
            InvalidOptionError: naming every option that breaks a constraint.
        """
        task_id = options.get("task_id")
        broken, values = [], {}
        if not is_task_id(task_id):
            broken.append(refused("task_id", task_id, TASK_ID_ALLOWED))
        for name, field in FIELDS.items():
            value = options.get(name)
            if value is None:
                continue
            try:
                values[name] = field.parse(value)
            except ValueError as error:
                broken.append(refused(name, value, field.allowed, str(error)))
        broken += broken_rules(values, values)
        if broken:
            raise InvalidOptionError(" ".join(broken))
        return cls(str(task_id), values)

    @classmethod
    def from_list(cls, tasks: Sequence[Mapping[str, Any]]) -> list[Wanted]:
        """Return what a list of options, one entry for each task, asks for.

        Raises:
            InvalidOptionError: naming every entry that breaks a constraint, or names the task of an earlier one.
        """
        broken, wanted = [], []
        first: dict[object, int] = {}
        for position, options in enumerate(tasks):
            task_id = options.get("task_id")
            label = f"tasks[{position}] (task {task_id})"
            try:
                wanted.append(cls.from_options(options))
            except InvalidOptionError as error:
                broken.append(f"{label}: {error.message}")
            if first.setdefault(task_id, position) != position:
                broken.append(f"{label}: the same task as tasks[{first[task_id]}]. Allowed: each task once.")
        if broken:
            raise InvalidOptionError(" ".join(broken))
        return wanted
