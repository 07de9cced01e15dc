# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A relay task: what is asked of it, and what it is as the service lists it. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .._options import SOURCE_TYPE
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


def has(answer: Mapping[str, Any], name: str) -> bool:
    """Return whether the service answered a value: it may leave a field out, or write null or an empty text."""
    return answer.get(name) not in (None, "")


class PullTask(NamedTuple):
    """A task as the service listed it.

    Attributes:
        answer: the service's own words.
        values: the nine options in normal form, documented defaults filled in; None where the answer has nothing and
            no default is documented. An option whose answer cannot be understood is not in here.
    """

    answer: Mapping[str, Any]
    values: dict[str, Any]

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> PullTask:
        """Return the task of one entry of `task_infos`, whatever its fields hold."""
        values = {}
        for name, field in FIELDS.items():
            try:
                values[name] = field.read(answer[name]) if has(answer, name) else field.default
            except ValueError:
                continue
        return cls(answer, values)

    def differing(self, wanted: Wanted) -> list[str]:
        """Return the sorted names of the managed options that are not as asked."""
        return sorted(
            name for name, value in wanted.values.items() if name not in self.values or self.values[name] != value
        )

    @property
    def has_playlist(self) -> bool:
        """Whether this collection can change the task. One that does not tell its source type is taken to have one."""
        return not has(self.answer, "source_type") or self.answer["source_type"] == SOURCE_TYPE

    def result(self) -> dict[str, Any]:
        """Return the task as a module reports it: the service's fields, the nine options of a playlist normalized."""
        return {**self.answer, **(self.values if self.has_playlist else {})}
