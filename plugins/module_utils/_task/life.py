# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How relay tasks come, are told apart, and go. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from .._errors import InvalidOptionError, LiveError, refused
from .._options import CALLBACK_EVENTS, RELAY_TYPE, SOURCE_TYPE
from .fields import FIELDS, from_timestamp, is_over
from .fixed import FIXED, Destination, fixed_differences, option_of, pushes_elsewhere
from .likeness import is_masked
from .plan import Plan
from .rules import PLAYLIST_ONLY, broken_rules, source_rules
from .similar import SimilarNames
from .task import PullTask, Wanted

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

    def find(self, wanted: Wanted) -> PullTask | None:
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

    def hint(self, wanted: Wanted) -> str:
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


def creation(wanted: Wanted, moment: float, old: PullTask | None = None) -> Plan:
    """Return what creates a task: a Plan whose request is the body of CreatePullTask.

    Args:
        wanted: what is asked of it.
        moment: seconds since the epoch.
        old: the task whose place it takes; what is not asked for is as in there, but for a start that is over.

    Raises:
        InvalidOptionError: naming what is missing or breaks a rule.
    """
    kept = _kept(old, wanted, moment) if old else {}
    fields = {"source_type": SOURCE_TYPE, **kept, **wanted.fixed, **wanted.values}
    status = fields.pop("status", None)
    _check_creation(wanted, fields, status, moment)
    if set(fields.get("callback_events", ())) >= set(CALLBACK_EVENTS):
        # All of them, which is the default, whichever they are.
        del fields["callback_events"]
    body = {name: fields[name] for name in (*FIXED, *FIELDS) if fields.get(name) not in (None, "", [])}
    after = {**_by_option(body), **({"status": status} if status else {})}
    return Plan(
        changes=sorted(after),
        request=body,
        before=settings(old) if old else {},
        after=after,
        task=created(body, None, status or "enable"),
    )


def _by_option(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {option_of(name) if name in FIXED else name: value for name, value in fields.items()}


def settings(task: PullTask) -> dict[str, Any]:
    """Return all that a task has and another one could have, by the names of the options."""
    return _by_option(_fields(task))


def _fields(task: PullTask) -> dict[str, Any]:
    values = {name: task.values[name] for name in FIELDS if task.has(name) and task.values.get(name) is not None}
    return {**values, **{name: task.answer[name] for name in FIXED if task.answer.get(name) not in (None, "", [])}}


def _kept(old: PullTask, wanted: Wanted, moment: float) -> dict[str, Any]:
    """Return what a task that takes the place of another has from it."""
    odd = [name for name in FIELDS if name not in wanted.values and _is_odd(name, old)]
    told = [f"{name} {old.answer[name]!r}" for name in odd]
    left = _left(old, wanted)
    hidden = [name for name in FIXED if name not in {*left, *wanted.fixed} and is_masked(old.answer.get(name))]
    told += [f"{option_of(name)} masked" for name in hidden]
    if told:
        raise LiveError(
            f"Task {wanted.label} cannot be created anew as it is: the service answered {', '.join(told)}, which cannot"
            f" be understood. Set {', '.join([*odd, *map(option_of, hidden)])} too."
        )
    kept = _fields(old)
    if is_over(kept.get("start_time"), moment):
        del kept["start_time"]
    return {name: value for name, value in kept.items() if name not in left}


def _left(old: PullTask, wanted: Wanted) -> set[str]:
    """Return the fields that a task does not have from the one whose place it takes."""
    left = set(Destination._fields) if wanted.destination else set()
    if old.destination and not old.destination.destination_url:
        left.add("destination_url")
    if wanted.fixed.get("source_type", old.answer.get("source_type")) == RELAY_TYPE:
        left.update(PLAYLIST_ONLY)
    return left


def _is_odd(name: str, old: PullTask) -> bool:
    """Return whether an option cannot be had by another task, because nobody knows what it means."""
    if name == "callback_events":
        events = set(old.values.get(name, ()))
        return name not in old.values or not (events <= set(CALLBACK_EVENTS) or events >= set(CALLBACK_EVENTS))
    return name not in old.values or (name == "status" and old.status_is_unknown)


def _check_creation(wanted: Wanted, fields: Mapping[str, Any], status: str | None, moment: float) -> None:
    broken = [] if "source_urls" in fields else ["source_urls: missing. A task that is created needs them."]
    values = {name: value for name, value in fields.items() if name in FIELDS}
    start = values.get("start_time") or from_timestamp(moment)
    broken += broken_rules({**values, "start_time": start}, values)
    broken += source_rules(fields, values)
    if is_over(fields.get("end_time"), moment):
        broken.append(refused("end_time", fields["end_time"], f"later than now, {from_timestamp(moment)}"))
    if fields["source_type"] == RELAY_TYPE and status == "pause":
        broken.append(f"status: pause is not possible for a {RELAY_TYPE} task, which cannot be modified.")
    if broken:
        raise InvalidOptionError(f"Task {wanted.label} would be created: {' '.join(broken)}")


def created(body: Mapping[str, Any], task_id: str | None, status: str = "enable") -> PullTask:
    """Return a task as it is when a create with this body was accepted."""
    return PullTask.from_answer({**({"task_id": task_id} if task_id else {}), "status": status, **body})


def removal(task: PullTask) -> Plan:
    """Return what deletes a task: a Plan whose request is the query of DeletePullTask."""
    return Plan(
        changes=["state"],
        request={"task_id": task.task_id},
        before={"task_id": task.task_id, **settings(task)},
        after={},
        task=PullTask({}, {}),
    )


def check_fixed(task: PullTask, wanted: Wanted, moment: float) -> list[str]:
    """Return the sorted names of the options that only another task in its place can have as asked.

    Raises:
        LiveError: there are some, and the task may not be created anew.
    """
    names = fixed_differences(task.answer, wanted.fixed)
    relay = not task.has_playlist
    if relay:
        names = sorted([*names, *task.differing(wanted.values, moment)])
    if names and not wanted.recreate:
        if relay:
            raise LiveError(
                f"Task {wanted.label} has source_type {task.answer['source_type']!r}. Only a {SOURCE_TYPE} task can be"
                f" modified. Not as asked: {', '.join(names)}."
            )
        raise LiveError(
            f"Task {wanted.label}: {', '.join(names)} cannot be changed, because the service fixes"
            f" {'it' if len(names) == 1 else 'them'} for the life of a task. Allowed: what the task has, or recreate,"
            " which deletes it and creates another one in its place: with another id, and off air in between."
        )
    return names


def _overlap(one: PullTask, other: PullTask, moment: float) -> bool:
    now = from_timestamp(moment)
    starts = [task.values.get("start_time") or now for task in (one, other)]
    ends = [end for task in (one, other) if (end := task.values.get("end_time"))]
    # In normal form, times sort as texts.
    return not ends or max(*starts, now) < min(ends)
