# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run does to each task: the tasks are found, compared and planned. Without I/O and without a clock.

Private to this collection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .._errors import InvalidOptionError, LiveApiError, LiveError
from .._task.creation import check_recreate, creation, removal
from .._task.fields import FIELDS
from .._task.immutable import IMMUTABLE
from .._task.matching import Listing
from .._task.plan import Form, Lessons, Plan, check_immutable, plan
from .._task.task import PullTask
from . import messages
from .outcome import Kind, Outcome, Step


class Situation(NamedTuple):
    """What was read at the start of a run, and what the run knows of its surroundings.

    Attributes:
        tasks: the tasks that were read.
        failed: id of a task to the error with which it could not be read.
        complete: whether these are all tasks of the project.
        for_hints: the tasks among which similar names are looked for.
        place: the project and the endpoint, in words.
        region: the region of the connection, if that is known.
        mask: masks what is displayed before a task is deleted to be recreated; None if nothing can be displayed.
        moment: seconds since the epoch.
        lessons: what the run learns about the service.
    """

    tasks: Sequence[PullTask]
    failed: Mapping[str, LiveApiError]
    complete: bool
    for_hints: Sequence[PullTask]
    place: str
    region: str | None
    mask: Callable[[str], str] | None
    moment: float
    lessons: Lessons


def plan_all(outcomes: Sequence[Outcome], situation: Situation) -> None:
    """Record for each task the steps that it takes, or why it cannot be brought to the declared state."""
    listing = Listing(situation.tasks)
    hints = listing if situation.for_hints is situation.tasks else Listing(situation.for_hints)
    for outcome in outcomes:
        failed = situation.failed.get(str(outcome.declared.task_id))
        try:
            if failed:
                raise failed
            _plan_one(outcome, listing, hints, situation)
        except LiveError as error:
            outcome.error = error
    _refuse_doubles(outcomes)
    if situation.complete:
        _refuse_overlaps(outcomes, situation)


def skip(outcome: Outcome, reason: str) -> None:
    """Record why the run does not get to a task."""
    outcome.attempted = False
    outcome.reject(messages.not_attempted(outcome.declared.label, reason))


def plan_modify(outcome: Outcome, task: PullTask, moment: float, lessons: Lessons, form: Form = Form.FULL) -> Plan:
    """Return what brings a task to the declared state, and record the warnings.

    Args:
        outcome: the record of the task.
        task: the task as it was read.
        moment: seconds since the epoch.
        lessons: what the run has learned about the service.
        form: how much the request carries.

    Raises:
        LiveError: together with what the task has, the options break a constraint.
    """
    declared = outcome.declared
    try:
        result = plan(task, declared, moment, outcome.to_restore, lessons, form)
    except InvalidOptionError as error:
        if not outcome.to_restore:
            raise
        # What was lost is restored even if the rest no longer fits what someone else has set.
        names = {*outcome.to_restore, "status"}
        result = plan(task, declared.only(names), moment, outcome.to_restore, lessons, form)
        if not result.request:
            raise
        outcome.abandon(declared.values.keys() - names, error)
    label = declared.label
    outcome.warn("off_air", messages.off_air(label, result.task, declared.values, result.changes, moment))
    outcome.warn("status", messages.unknown_status(task, declared))
    if not outcome.created:
        enables = "status" in result.changes and result.task.values.get("status") == "enable"
        outcome.warn("endless", messages.endless(label, result.task) if enables else None)
    return result


def _plan_one(outcome: Outcome, listing: Listing, hints: Listing, situation: Situation) -> None:
    """Record the steps of one task; raises LiveError if there can be none."""
    task = listing.find(outcome.declared)
    if task is None:
        _plan_missing(outcome, hints.hint(outcome.declared), situation)
    else:
        outcome.record_found(task)
        if outcome.declared.absent:
            outcome.plan = removal(task)
            outcome.steps = [Step(Kind.DELETE, outcome.plan.request)]
        else:
            _plan_existing(outcome, task, situation)
    outcome.ids_at_start = frozenset(other.task_id for other in listing.at(outcome.declared.destination))
    if outcome.plan:
        outcome.task = None if outcome.declared.absent else outcome.plan.task


def _plan_missing(outcome: Outcome, hint: str, situation: Situation) -> None:
    """Record the steps of a task that does not exist: a create, or none. An error gets the hint."""
    declared = outcome.declared
    if declared.task_id and not declared.absent:
        raise messages.missing(declared, situation.place, hint)
    if not declared.absent:
        try:
            _plan_create(outcome, creation(declared, situation.moment))
        except LiveError as error:
            error.message += hint
            raise
    outcome.warn("similar", messages.similar_name(declared, hint))


def _plan_create(outcome: Outcome, created: Plan) -> None:
    """Record that a task is created, and paused at once if that is declared."""
    outcome.plan = created
    outcome.steps.append(Step(Kind.CREATE, created.request))
    if created.after.get("status") == "pause":
        outcome.steps.append(Step(Kind.MODIFY))
    outcome.warn("endless", messages.endless(outcome.declared.label, created.task))


def _plan_existing(outcome: Outcome, task: PullTask, situation: Situation) -> None:
    """Record what brings a task that exists to the declared state."""
    declared, moment = outcome.declared, situation.moment
    names = check_immutable(task, declared, moment)
    for kind, text in messages.not_comparable(declared.label, task.answer, declared.immutable).items():
        outcome.warn(kind, text)
    if names:
        created = creation(declared, moment, task)
        check_recreate(declared, created, situation.region, situation.mask)
        body = created.request or {}
        # The new task has to have what is kept, so it is declared as well.
        outcome.declared = declared._replace(
            values={name: value for name, value in created.after.items() if name in FIELDS},
            immutable={name: body[name] for name in IMMUTABLE if name in body},
        )
        outcome.steps = [Step(Kind.DELETE, {"task_id": task.task_id})]
        outcome.warn("recreate", messages.recreated(declared.label, names))
        _plan_create(outcome, created)
    elif not task.has_playlist:
        values = dict(declared.values)
        outcome.plan = Plan([], None, values, values, task)
    else:
        outcome.plan = plan_modify(outcome, task, moment, situation.lessons)
        outcome.steps = [Step(Kind.MODIFY, outcome.plan.request)] if outcome.plan.request else []


def _refuse_doubles(outcomes: Sequence[Outcome]) -> None:
    """Refuse a task that is named by its id, and once more by its destination."""
    named = Counter(outcome.declared.task_id for outcome in outcomes if outcome.declared.task_id)
    for outcome in outcomes:
        task_id = outcome.declared.task_id
        if task_id and named[task_id] > 1 and not outcome.error:
            outcome.reject(messages.named_twice(task_id))


def _refuse_overlaps(outcomes: Sequence[Outcome], situation: Situation) -> None:
    """Refuse to put two tasks on air at one destination at the same time."""
    planned = {task.task_id: task for task in situation.tasks}
    for outcome in outcomes:
        if outcome.old_id:
            planned.pop(outcome.old_id, None)
        elif outcome.task and outcome.declared.task_id:
            planned[outcome.declared.task_id] = outcome.task
    after_run = Listing(planned.values())
    for outcome in outcomes:
        changes = outcome.plan.changes if outcome.plan else ()
        touched = outcome.step(Kind.CREATE) or not messages.ON_AIR_OPTIONS.isdisjoint(changes)
        if outcome.error or not touched or not outcome.task:
            continue
        other = after_run.overlapping(outcome.declared.task_id, outcome.task, situation.moment)
        if other:
            outcome.reject(messages.overlapping(outcome.declared.label, other))
