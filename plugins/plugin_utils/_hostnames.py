# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of the hosts of relay tasks. Private to this collection."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ..module_utils._errors import InvalidOptionError, shown

_NAME = re.compile("[A-Za-z0-9._-]+")
_ID = "task_id"
Hosts = Mapping[str, Mapping[str, Any]]


class HostNames(NamedTuple):
    """The names of hosts.

    Attributes:
        names: the name of each host, no two the same.
        duplicates: the first candidates of several tasks, each once.
        refused: candidates that no host can have as a name, each once; such tasks get their id as name.
    """

    names: list[str]
    duplicates: list[str]
    refused: list[str]


def host_names(
    candidates: Sequence[Sequence[str]], ids: Sequence[str], reserved: Collection[str], others: Hosts
) -> HostNames:
    """Return a name for each task: the first candidate that no other task has, or else its id.

    A task that another inventory file has made a host of keeps that host. No other host is taken over.

    Args:
        candidates: the possible names of each task, the best first. All tasks have as many; an empty name is skipped.
        ids: the id of each task.
        reserved: names that are not allowed, such as those of groups.
        others: the hosts of other inventory files, and their variables.

    Raises:
        InvalidOptionError: the id of a task cannot be the name of its host either.
    """
    all_ids, counts = {*ids}, [Counter(column) for column in zip(*candidates)]
    existing = {of: name for name, own in others.items() if name not in reserved for of in _tasks_of(own)}
    # Dictionaries serve as ordered sets.
    names: dict[str, None] = {}
    duplicates: dict[str, None] = {}
    refused: dict[str, None] = {}
    for own, task_id in zip(candidates, ids):
        name = existing.get(task_id, task_id)
        for rank, candidate in enumerate(own if task_id not in existing else ()):
            if not candidate:
                continue
            if not _is_allowed(candidate, task_id, reserved, others):
                refused[candidate] = None
                break
            # The id of a task is its last resort, so no other task may have it as name.
            if counts[rank][candidate] == 1 and (candidate == task_id or candidate not in all_ids):
                if candidate not in names:
                    name = candidate
                    break
            elif rank == 0:
                duplicates[candidate] = None
        if name in names or not _is_allowed(name, task_id, reserved, others):
            raise InvalidOptionError(
                f"A task has the id {shown(name)}, and no other name that its host could have. Allowed: a name of"
                " letters, digits, '.', '_' and '-' that is not the name of a group or another host. Give it one with"
                " hostnames."
            )
        names[name] = None
    return HostNames([*names], [*duplicates], [*refused])


def _is_allowed(name: str, task_id: str, reserved: Collection[str], others: Hosts) -> bool:
    if not _NAME.fullmatch(name) or name in reserved:
        return False
    return name not in others or task_id in (others[name].get(_ID), *_tasks_of(others[name]))


def _tasks_of(variables: Mapping[str, Any]) -> list[str]:
    """Return the ids of the tasks of a host that this plugin has made, with any prefix of its variables."""
    prefixes = (name.removesuffix(_ID) for name in variables if name.endswith(_ID))
    return [str(variables[f"{prefix}{_ID}"]) for prefix in prefixes if f"{prefix}air" in variables]
