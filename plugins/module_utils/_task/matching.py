# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find tasks by id, by destination, and by similar names. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from .._errors import LiveError
from .fields import from_timestamp
from .immutable import Destination, pushes_elsewhere
from .task import Declaration, PullTask

# The position of a part in a name, the other parts, and the digits and the length of the part.
_Key = tuple[int, tuple[str, ...], str, int]

_LOOSE_SEPARATOR = re.compile(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])")
# A separator between two digits counts: 1-11 and 11-1 are different numbers.
_TIGHT_SEPARATOR = re.compile(r"[\W_]")
_NO_DIGITS = re.compile("[^0-9]+")
# Names with fewer letters, such as en and es, are one letter apart on purpose.
_SHORTEST = 3
# A hint names at most this number of tasks.
_MOST_SIMILAR = 3


class SimilarNames:
    """Things that can be found by a similar name.

    Channels are numbered, so only names with the same digits are compared. The time of a search is linear in the number
    of things, and mostly much shorter.

    Args:
        things: the name of each thing, in one or more parts, and the thing.
    """

    def __init__(self, things: Iterable[tuple[Sequence[str], Any]]) -> None:
        self._found: dict[_Key, list[tuple[Sequence[str], str, Any]]] = {}
        for name, thing in things:
            for key, part in _keys(name):
                self._found.setdefault(key, []).append((name, part, thing))

    def nearest(self, name: Sequence[str]) -> list[Any]:
        """Return the things with a similar name: first other case, then other separators, then another letter."""
        ranked = []
        for (position, rest, digits, length), part in _keys(name):
            for key in ((position, rest, digits, length + more) for more in (-1, 0, 1)):
                for other, its_part, thing in self._found.get(key, ()):
                    if part != its_part and _is_one_letter_apart(part, its_part):
                        ranked.append((2, other, thing))
                    elif part == its_part and position == 0:
                        ranked.append((int([*map(str.casefold, name)] != [*map(str.casefold, other)]), other, thing))
        return [thing for _rank, _other, thing in sorted(ranked, key=lambda found: found[:2])]


def _keys(name: Sequence[str]) -> Iterator[tuple[_Key, str]]:
    """Return for each part of a name, without case and separators, the key that similar names share; and the part."""
    folded = [*map(_folded, name)]
    parts = tuple(part for part, _digits in folded)
    for position, (part, digits) in enumerate(folded):
        # An empty part has no similar one. Equal names share the key of the first part.
        if part or not position:
            yield (position, parts[:position] + parts[position + 1 :], digits, len(part)), part


@lru_cache(maxsize=1024)
def _folded(part: str) -> tuple[str, str]:
    """Return a part of a name without case and separators, and its digits."""
    folded = part.casefold()
    if not folded.isalnum():
        folded = _TIGHT_SEPARATOR.sub("-", _LOOSE_SEPARATOR.sub("", folded))
    return folded, _NO_DIGITS.sub("", folded)


def _is_one_letter_apart(one: str, other: str) -> bool:
    """Return whether a letter was inserted, removed, replaced, or swapped with the next."""
    half = (min(len(one), len(other)) - 1) // 2
    if one[:half] != other[:half] and one[-half:] != other[-half:]:
        # This ends most comparisons early: another letter leaves one half of the name unchanged.
        return False
    start = next((position for position, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    if a[1:] == b[1:]:
        touched = a[:1] + b[:1]
    elif a == b[1:] or a[1:] == b:
        touched = max(a, b, key=len)[:1]
    elif a[2:] == b[2:] and a[:2] == b[1::-1]:
        touched = a[:2]
    else:
        return False
    return max(len(one), len(other)) >= _SHORTEST and any(map(str.isalpha, touched))


class Listing:
    """Tasks that can be found by id and by destination.

    Args:
        tasks: the tasks.
    """

    def __init__(self, tasks: Iterable[PullTask]) -> None:
        self._tasks = [*tasks]
        self._by_id = {task.task_id: task for task in self._tasks}

    @cached_property
    def _by_destination(self) -> Mapping[Destination, list[PullTask]]:
        found: dict[Destination, list[PullTask]] = {}
        for task in self._tasks:
            for form in Destination.forms(task.answer):
                found.setdefault(form, []).append(task)
        return found

    @cached_property
    def _similar(self) -> SimilarNames:
        """The tasks by their destinations, and by the names of their streams alone."""
        forms = [(form, task) for form, tasks in self._by_destination.items() for task in tasks]
        streams = [((form.stream_name,), task) for form, task in forms if form.stream_name]
        return SimilarNames([*((form.plain_parts, task) for form, task in forms), *streams])

    def with_id(self, task_id: str) -> Sequence[PullTask]:
        """Return the task with an id, if it is listed."""
        return [self._by_id[task_id]] if task_id in self._by_id else []

    def at(self, destination: Destination | None) -> Sequence[PullTask]:
        """Return the tasks that push to a destination, in any of its forms."""
        return self._by_destination.get(destination, ()) if destination else ()

    def find(self, declared: Declaration) -> PullTask | None:
        """Return the declared task; None if it does not exist.

        Raises:
            LiveError: several tasks have the destination, or the task with the id has another destination.
        """
        destination = declared.destination
        if declared.task_id is not None:
            found = self._by_id.get(declared.task_id)
            if found and destination and pushes_elsewhere(found.answer, destination):
                raise LiveError(
                    f"Task {declared.task_id} pushes to {found.destination}, not to {destination}. Allowed: a task_id"
                    " and a destination that name the same task."
                )
            return found
        same = self.at(destination)
        if len(same) > 1:
            listed = "; ".join(f"{task.task_id} ({window(task)}, {task.values.get('status')})" for task in same)
            raise LiveError(f"Several tasks push to {destination}: {listed}. Identify the task by its task_id.")
        return same[0] if same else None

    def hint(self, declared: Declaration) -> str:
        """Return a sentence, after a blank, that names tasks with a similar name; an empty text if there are none.

        If only an id is declared, it is compared with the names of streams, because people confuse the two.
        """
        destination = declared.destination
        near = self._similar.nearest(destination.plain_parts if destination else [str(declared.task_id)])
        if not near:
            return ""
        named = ", ".join(f"{task.destination} (task_id {task.task_id})" for task in near[:_MOST_SIMILAR])
        more = f" and {len(near) - _MOST_SIMILAR} more" if len(near) > _MOST_SIMILAR else ""
        return f" {named}{more} {'has a similar name' if len(near) == 1 else 'have similar names'}."

    def overlapping(self, task_id: str | None, task: PullTask, moment: float) -> PullTask | None:
        """Return another enabled task that would push to the destination of an enabled task at the same time."""
        if task.values.get("status") != "enable":
            return None
        enabled = (other for other in self.at(task.destination) if other.values.get("status") == "enable")
        return next((other for other in enabled if other.task_id != task_id and _overlap(task, other, moment)), None)


def window(task: PullTask) -> str:
    """Return the window of a task in words."""
    start, end = task.values.get("start_time"), task.values.get("end_time")
    return f"{start or 'now'} to {end or 'no end'}"


def _overlap(one: PullTask, other: PullTask, moment: float) -> bool:
    """Return whether the windows of two tasks have a time in common that is not in the past."""
    starts = [start for task in (one, other) if (start := task.values.get("start_time"))]
    ends = [end for task in (one, other) if (end := task.values.get("end_time"))]
    # In normal form, times sort as texts.
    return not ends or max([from_timestamp(moment), *starts]) < min(ends)
