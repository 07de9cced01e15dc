# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the host of each relay task is called. Private to this collection."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..module_utils._errors import InvalidOptionError, shown

_NAME = re.compile("[A-Za-z0-9._-]+")
_ID = "task_id"


class HostNames(NamedTuple):
    """What hosts are called.

    Attributes:
        names: the name of each, no two the same.
        doubles: what several tasks would have been called, each once.
        bad: what a host cannot be called; such tasks are called by their id.
    """

    names: list[str]
    doubles: list[str]
    bad: list[str]


def _made_of(variables: Mapping[str, Any]) -> Iterator[str]:
    """Return the id of the task that a host was made of by this plugin, whatever prefix its variables had."""
    for name in variables:
        prefix = name.removesuffix(_ID)
        if name != prefix and f"{prefix}air" in variables:
            yield str(variables[name])


def host_names(
    wishes: Sequence[Sequence[str]],
    ids: Sequence[str],
    taken: Collection[str],
    others: Mapping[str, Mapping[str, Any]],
) -> HostNames:
    """Return names for tasks: of the wishes of each the first that is unique among all tasks, or else its id.

    A task that is a host already stays that host, and no other host is taken over.

    Args:
        wishes: what each task would be called, the best first. As many for each; an empty one is none.
        ids: the id of each.
        taken: names that are no host's, such as those of groups.
        others: the hosts of other inventory files and their variables.

    Raises:
        InvalidOptionError: a host cannot be called by the id of its task either.
    """
    counts = [Counter(column) for column in zip(*wishes)]
    all_ids = set(ids)
    made = {task_id: name for name, variables in others.items() for task_id in _made_of(variables)}
    earlier = {task_id: name for task_id, name in made.items() if name not in taken}

    def is_free(name: str, task_id: str) -> bool:
        if not _NAME.fullmatch(name) or name in taken:
            return False
        return name not in others or task_id in (others[name].get(_ID), *_made_of(others[name]))

    names: dict[str, None] = {}
    doubles: dict[str, None] = {}
    bad: dict[str, None] = {}
    for wished, task_id in zip(wishes, ids):
        name = earlier.get(task_id, task_id)
        for place, wish in enumerate(wished if task_id not in earlier else ()):
            if not wish:
                continue
            if not is_free(wish, task_id):
                bad[wish] = None
                break
            # The id of a task is its last resort, so that no other may be called like it.
            if counts[place][wish] > 1 or (wish != task_id and wish in all_ids):
                if place == 0:
                    doubles[wish] = None
            elif wish not in names:
                name = wish
                break
        if name in names or not is_free(name, task_id):
            raise InvalidOptionError(
                f"A task has the id {shown(name)}, and no other name that its host could have. Allowed: a name of"
                " letters, digits, '.', '_' and '-' that is not the name of a group or another host. Give it one with"
                " hostnames."
            )
        names[name] = None
    return HostNames([*names], [*doubles], [*bad])
