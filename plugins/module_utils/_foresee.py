# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run would do to each task: the tasks are read, found and compared. Private to this collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ._book import Book
from ._errors import InvalidOptionError, LiveApiError, LiveError
from ._modify import Writer
from ._outcome import Outcome
from ._task.air import endless
from ._task.creation import check_immutable, creation, removal
from ._task.fields import FIELDS
from ._task.immutable import IMMUTABLE, looks_like_stream, uncompared
from ._task.matching import Listing, window
from ._task.plan import Plan
from ._task.task import Declaration, PullTask

CheckRecreate = Callable[[Declaration, Plan], None]

_ON_AIR = frozenset(("status", "start_time", "end_time"))


def foresee(outcomes: Sequence[Outcome], book: Book, writer: Writer, check: CheckRecreate) -> None:
    """Take down for each task what it would take, or why it cannot be done.

    All tasks are listed if one of them is named by its destination alone, or may be created anew.

    Args:
        outcomes: the tasks.
        book: reads them.
        writer: plans what they take.
        check: raises LiveError if a task must not be recreated.

    Raises:
        LiveApiError: the list of tasks could not be read.
    """
    by_id = all(outcome.wanted.task_id and not outcome.wanted.recreate for outcome in outcomes)
    read = book.read([str(outcome.wanted.task_id) for outcome in outcomes]) if by_id else {}
    tasks = [task for task in read.values() if isinstance(task, PullTask)] if by_id else book.read_all()
    listing = Listing(tasks)
    hints = Listing(_for_hints(outcomes, book)) if by_id and len(read) < len(outcomes) else listing
    for outcome in outcomes:
        failed = read.get(str(outcome.wanted.task_id))
        try:
            if isinstance(failed, LiveApiError):
                raise failed
            _foresee(outcome, listing, hints, writer, check)
        except LiveError as error:
            outcome.error = error
    _refuse_doubles(outcomes)
    if not by_id:
        _refuse_overlaps(outcomes, tasks, writer.clock.now())


def _for_hints(outcomes: Sequence[Outcome], book: Book) -> Sequence[PullTask]:
    """Return all tasks if one of the ids looks like a name: then the task with a similar name is meant."""
    try:
        return book.read_all() if any(looks_like_stream(str(outcome.wanted.task_id)) for outcome in outcomes) else []
    except LiveApiError:
        return []


def _foresee(outcome: Outcome, listing: Listing, hints: Listing, writer: Writer, check: CheckRecreate) -> None:
    task = listing.find(outcome.wanted)
    if task is not None:
        outcome.found(task)
    wanted = outcome.wanted
    if task and wanted.absent:
        outcome.removes, outcome.plan = task.task_id, removal(task)
    elif task:
        _compare(outcome, task, writer, check)
    else:
        _foresee_missing(outcome, hints.hint(wanted), writer)
    outcome.known = frozenset(other.task_id for other in listing.at(outcome.wanted.destination))
    if outcome.plan:
        # A plan for a task without an id is one for a task that is not there yet.
        outcome.creates = None if "task_id" in outcome.plan.task.answer or wanted.absent else outcome.plan.request
        if outcome.creates:
            outcome.warn("endless", endless(wanted.label, outcome.plan.task))
        outcome.task = None if wanted.absent else outcome.plan.task
        outcome.changed = bool(outcome.plan.changes)


def _foresee_missing(outcome: Outcome, hint: str, writer: Writer) -> None:
    """Take down what it takes if there is no such task: a create, nothing, or an error; each with the hint."""
    wanted = outcome.wanted
    if wanted.absent:
        hint = f"{looks_like_stream(wanted.task_id) if wanted.task_id else ''}{hint}"
        outcome.warn("similar", hint and f"There is no task {wanted.label}, so none was deleted.{hint}")
    elif wanted.task_id:
        raise writer.missing(wanted, hint)
    else:
        try:
            outcome.plan = creation(wanted, writer.clock.now())
        except LiveError as error:
            error.message += hint
            raise
        outcome.warn("similar", hint and f"There is no task {wanted.label}, so it is created.{hint}")


def _compare(outcome: Outcome, task: PullTask, writer: Writer, check: CheckRecreate) -> None:
    """Take down what it takes to bring a task that is there to what is asked."""
    wanted, moment = outcome.wanted, writer.clock.now()
    names = check_immutable(task, wanted, moment)
    for kind, text in uncompared(wanted.label, task.answer, wanted.immutable).items():
        outcome.warn(kind, text)
    if names:
        anew = creation(wanted, moment, task)
        check(wanted, anew)
        outcome.removes, outcome.plan, body = task.task_id, anew, anew.request or {}
        # What was kept is declared as well: the new task has to have it.
        outcome.wanted = wanted._replace(
            values={name: value for name, value in anew.after.items() if name in FIELDS},
            immutable={name: body[name] for name in IMMUTABLE if name in body},
        )
        outcome.warn(
            "recreate",
            f"Task {wanted.label} is deleted and created anew, because {', '.join(names)} cannot be changed: it gets"
            " another id, and is off air in between.",
        )
    elif not task.has_playlist:
        asked = dict(wanted.values)
        outcome.plan = Plan([], None, asked, asked, task)
    else:
        outcome.plan = writer.plan(outcome, task)


def _refuse_doubles(outcomes: Sequence[Outcome]) -> None:
    """Refuse a task that is named by its id, and once more by its destination."""
    named = Counter(outcome.wanted.task_id for outcome in outcomes if outcome.wanted.task_id)
    for outcome in outcomes:
        task_id = outcome.wanted.task_id
        if task_id and named[task_id] > 1 and not outcome.error:
            outcome.refuse(
                InvalidOptionError(f"Task {task_id} is named twice, once by its destination. Allowed: once.")
            )


def _refuse_overlaps(outcomes: Sequence[Outcome], listed: Sequence[PullTask], moment: float) -> None:
    """Refuse to put two tasks on air at one destination at the same time."""
    planned = {task.task_id: task for task in listed}
    for outcome in outcomes:
        if outcome.removes:
            planned.pop(outcome.removes, None)
        elif outcome.task and outcome.wanted.task_id:
            planned[outcome.wanted.task_id] = outcome.task
    on_air = Listing(planned.values())
    for outcome in outcomes:
        touched = outcome.plan and (outcome.creates or not _ON_AIR.isdisjoint(outcome.plan.changes))
        if outcome.error or not touched or not outcome.task:
            continue
        other = on_air.overlapping(outcome.wanted.task_id, outcome.task, moment)
        if other:
            outcome.refuse(
                InvalidOptionError(
                    f"Task {outcome.wanted.label} would push to {other.destination} at the same time as task"
                    f" {other.task_id}, which is enabled from {window(other)}. Allowed: one of them at a time."
                )
            )
