# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which relay tasks to list. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .._errors import raise_problems, refused, refused_mask, shown
from .._masking import holds_mask
from .._options import FILTER_OPTIONS, STATUSES
from .fields import task_id_problems
from .immutable import IMMUTABLE, plain, stream_name_hint

_ONE = {"task_id": "one id", "status": "one word, such as enable or pause"}
_NO_WORD = re.compile(r"[\s,;|\[\]{}()\"']")


class TaskFilter(NamedTuple):
    """The filter of a list of tasks.

    Attributes:
        fields: field of a task to the value that it must have.
    """

    fields: dict[str, str]

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> TaskFilter:
        """Return the filter in the options of a module; an option that is None matches all tasks.

        Raises:
            InvalidOptionError: no task can have a value.
        """
        given = {name: options[name] for name in FILTER_OPTIONS if options.get(name) is not None}
        wrong_id = task_id_problems(given.get("task_id"))
        broken = [*wrong_id, *_wrong_domain(given.get("domain", ""))]
        broken += [refused_mask(name) for name, value in given.items() if holds_mask(value)]
        broken += [
            refused(
                name,
                given[name],
                f"{one}. If {name} is not set, all tasks are listed, and the play can select some of them",
                f"{shown(given[name])} is not {one.partition(',')[0]}, and no task can match it",
            )
            for name, one in _ONE.items()
            if not (wrong_id and name == "task_id") and _NO_WORD.search(given.get(name, ""))
        ]
        raise_problems(broken)
        return cls({"region" if name == "task_region" else name: value for name, value in given.items()})

    @property
    def query(self) -> dict[str, str]:
        """The part of the filter that ListPullTasks supports."""
        return {name: self.fields[name] for name in ("task_id", "region") if name in self.fields}

    @property
    def stream_for_id(self) -> str | None:
        """The task_id, if it looks like the name of a stream."""
        task_id = self.fields.get("task_id")
        return task_id if task_id and stream_name_hint(task_id) else None

    def doubts(self, hint: str) -> list[str]:
        """Return warnings about a filter that found no task, if its values look wrong; with the hint."""
        task_id, status = self.stream_for_id, self.fields.get("status")
        doubts = [f"No task has the id {task_id}.{stream_name_hint(task_id)}{hint}"] if task_id else []
        if status not in (None, *STATUSES):
            doubts.append(f"No task has the status {status}. The service documents {' and '.join(STATUSES)}.")
        return doubts

    def matches(self, answer: Mapping[str, Any]) -> bool:
        """Return whether the task matches. The service may omit the region, by which it has filtered already."""
        return all(
            plain(name, answer.get(name)) == plain(name, value) or (name == "region" and answer.get(name) is None)
            for name, value in self.fields.items()
        )


def _wrong_domain(domain: str) -> list[str]:
    try:
        IMMUTABLE["domain"].parse(domain)
    except ValueError:
        return [refused("domain", domain, IMMUTABLE["domain"].allowed)]
    return []
