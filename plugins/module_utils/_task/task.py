# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A relay task as the service lists it. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._options import SOURCE_TYPE
from .fields import FIELDS
from .wanted import Wanted


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
