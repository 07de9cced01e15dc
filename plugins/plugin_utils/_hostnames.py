# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the host of each relay task is called. Private to this collection."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ..module_utils._errors import InvalidOptionError, shown

_NAME = re.compile("[A-Za-z0-9._-]+")


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


def host_names(wishes: Sequence[Sequence[str]], ids: Sequence[str], taken: Collection[str]) -> HostNames:
    """Return names for tasks: of the wishes of each the first that is unique among all tasks, or else its id.

    Args:
        wishes: what each task would be called, the best first. As many for each; an empty one is none.
        ids: the id of each.
        taken: names that are no host's, such as those of groups.

    Raises:
        InvalidOptionError: a host cannot be called by the id of its task either.
    """
    counts = [Counter(column) for column in zip(*wishes)]
    all_ids = set(ids)
    names: dict[str, None] = {}
    doubles: dict[str, None] = {}
    bad: dict[str, None] = {}
    for wished, task_id in zip(wishes, ids):
        name = task_id
        for place, wish in enumerate(wished):
            if not wish:
                continue
            if not _NAME.fullmatch(wish) or wish in taken:
                bad[wish] = None
                break
            # The id of a task is its last resort, so that no other may be called like it.
            if counts[place][wish] > 1 or (wish != task_id and wish in all_ids):
                if place == 0:
                    doubles[wish] = None
            elif wish not in names:
                name = wish
                break
        if name in names or not _NAME.fullmatch(name) or name in taken:
            raise InvalidOptionError(
                f"A task has the id {shown(name)}, and no other name that its host could have. Allowed: a name of"
                " letters, digits, '.', '_' and '-' that is not the name of a group. Give it one with hostnames."
            )
        names[name] = None
    return HostNames([*names], [*doubles], [*bad])
