# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find tasks by id, by destination, and by similar names. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from .._errors import LiveError
from .fields import from_timestamp
from .immutable import Destination, pushes_elsewhere
from .task import Declaration, PullTask

Item = TypeVar("Item")
# The place of a part in a name, the other parts, and the digits and the length of the part.
_Key = tuple[int, tuple[str, ...], str, int]
# A name, one of its parts, and the thing.
_Entry = tuple[Sequence[str], str, Item]

_LOOSE_SEPARATOR = re.compile(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])")
# Between two digits a separator counts: 1-11 and 11-1 are two numbers.
_TIGHT_SEPARATOR = re.compile(r"[\W_]")
_NO_DIGITS = re.compile("[^0-9]+")
# With fewer letters, names such as en and es are one letter apart on purpose.
_SHORTEST = 3


class SimilarNames(Generic[Item]):
    """Things with names, found by a name that is similar to theirs.

    Numbers are no slips, because channels are numbered: only names with the same digits are compared. A search takes
    time that is linear in the number of things, and mostly far less.

    Args:
        things: the name of each, in one or more parts, and the thing.
    """

    def __init__(self, things: Iterable[tuple[Sequence[str], Item]]) -> None:
        self._found: dict[_Key, list[_Entry[Item]]] = {}
        for name, thing in things:
            for key, part in _keys(name):
                self._found.setdefault(key, []).append((name, part, thing))

    def nearest(self, name: Sequence[str]) -> list[Item]:
        """Return the things with a similar name, the nearest first: by case, by separators, by one letter."""
        ranked = []
        for (place, rest, digits, length), part in _keys(name):
            for key in ((place, rest, digits, length + more) for more in (-1, 0, 1)):
                for other, its_part, thing in self._found.get(key, ()):
                    if part != its_part and _is_one_letter_apart(part, its_part):
                        ranked.append((2, other, thing))
                    elif part == its_part and place == 0:
                        ranked.append((_differs_by_more_than_case(name, other), other, thing))
        return [thing for _rank, _other, thing in sorted(ranked, key=lambda found: found[:2])]


def _keys(name: Sequence[str]) -> Iterator[tuple[_Key, str]]:
    """Return for each part of a name, without case and separators, what else has to be the same; and the part."""
    folded = [*map(_folded, name)]
    parts = tuple(part for part, _digits in folded)
    for place, (part, digits) in enumerate(folded):
        # No text is one letter apart from an empty one. The first part is there for names that are equal.
        if part or not place:
            yield (place, parts[:place] + parts[place + 1 :], digits, len(part)), part


@lru_cache(maxsize=1024)
def _folded(part: str) -> tuple[str, str]:
    """Return a part of a name without case and separators, and its digits."""
    folded = part.casefold()
    if not folded.isalnum():
        folded = _TIGHT_SEPARATOR.sub("-", _LOOSE_SEPARATOR.sub("", folded))
    return folded, _NO_DIGITS.sub("", folded)


def _differs_by_more_than_case(one: Sequence[str], other: Sequence[str]) -> bool:
    return [part.casefold() for part in one] != [part.casefold() for part in other]


def _is_one_letter_apart(one: str, other: str) -> bool:
    """Return whether a letter was inserted, removed, replaced, or swapped with the next."""
    half = (min(len(one), len(other)) - 1) // 2
    if one[:half] != other[:half] and one[-half:] != other[-half:]:
        # Most names end here: one slip leaves one half as it was.
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
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


# So many tasks with a similar name are named.
_MOST_SIMILAR = 3


class Listing:
    """Tasks, found by their ids and by where they push to.

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
    def _similar_destinations(self) -> SimilarNames[PullTask]:
        return SimilarNames((form.place, task) for form, tasks in self._by_destination.items() for task in tasks)

    @cached_property
    def _similar_streams(self) -> SimilarNames[PullTask]:
        forms = self._by_destination.items()
        return SimilarNames(((form.stream_name,), task) for form, tasks in forms if form.stream_name for task in tasks)

    def at(self, destination: Destination | None) -> Sequence[PullTask]:
        """Return the tasks that push there, in whichever form the service tells it."""
        return self._by_destination.get(destination, ()) if destination else ()

    def find(self, wanted: Declaration) -> PullTask | None:
        """Return the task that is meant; None if there is none.

        Raises:
            LiveError: several have the destination, or the task with the id has another.
        """
        destination = wanted.destination
        if wanted.task_id is not None:
            found = self._by_id.get(wanted.task_id)
            if found and destination and pushes_elsewhere(found.answer, destination):
                raise LiveError(
                    f"Task {wanted.task_id} pushes to {found.destination}, not to {destination}. Allowed: a task_id and"
                    " a destination that name the same task."
                )
            return found
        same = self.at(destination)
        if len(same) > 1:
            listed = "; ".join(f"{task.task_id} ({window(task)}, {task.values.get('status')})" for task in same)
            raise LiveError(
                f"Several tasks push to {destination}: {listed}. Name the one that is meant by its task_id."
            )
        return same[0] if same else None

    def hint(self, wanted: Declaration) -> str:
        """Return a sentence, with a blank before it, about tasks with a similar name; nothing if there are none.

        If only an id names the task, it is taken for the name of a stream, as people do.
        """
        if wanted.destination:
            near = self._similar_destinations.nearest(wanted.destination.place)
        else:
            near = self._similar_streams.nearest([str(wanted.task_id)])
        if not near:
            return ""
        named = ", ".join(f"{task.destination} (task_id {task.task_id})" for task in near[:_MOST_SIMILAR])
        more = f" and {len(near) - _MOST_SIMILAR} more" if len(near) > _MOST_SIMILAR else ""
        return f" {named}{more} {'has a similar name' if len(near) == 1 else 'have similar names'}."

    def overlapping(self, task_id: str | None, task: PullTask, moment: float) -> PullTask | None:
        """Return an enabled task that pushes to the destination of an enabled task while it does."""
        if task.values.get("status") != "enable":
            return None
        enabled = (other for other in self.at(task.destination) if other.values.get("status") == "enable")
        return next((other for other in enabled if other.task_id != task_id and _overlap(task, other, moment)), None)


def window(task: PullTask) -> str:
    """Return the window of a task in words."""
    start, end = task.values.get("start_time"), task.values.get("end_time")
    return f"{start or 'now'} to {end or 'no end'}"


def _overlap(one: PullTask, other: PullTask, moment: float) -> bool:
    now = from_timestamp(moment)
    starts = [task.values.get("start_time") or now for task in (one, other)]
    ends = [end for task in (one, other) if (end := task.values.get("end_time"))]
    # In normal form, times sort as texts.
    return not ends or max(*starts, now) < min(ends)
