# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run waits for in the list of tasks: carried out, unlisted, created, settled. Private to this collection."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from .._clock import Clock
from .._errors import LiveApiError
from .._task.immutable import Destination, immutable_differences
from .._task.matching import Listing
from .._task.plan import Lessons
from .._task.task import PullTask
from .._task.verdict import Verdict, judge
from . import messages
from .outcome import Outcome
from .snapshot import Snapshot
from .waiting import Check, Condition

# A run has at most this number of accepted modifies of a task.
MOST_MODIFIES = 3
# The list may be late. If an unknown status cannot show whether the list has the modify, trust the list from the fourth
# reading on, or at the deadline.
READINGS_BEHIND = 3
# Seconds before each reading that looks for a write whose response was lost.
LOST_MODIFY = (0.0,)
LOST_PLAYLIST = (0.5, 1.0, 2.0)
LOST_CREATE = (1.0, 2.0, 3.0, 4.0)
LOST_DELETE = (0.0, 1.0, 2.0, 4.0)


class Reading:
    """One reading of the tasks.

    Args:
        tasks: id to the task, or to the error with which it could not be read.
        failed: why none of the tasks could be read.
    """

    def __init__(self, tasks: Mapping[str, PullTask | LiveApiError], failed: LiveApiError | None = None) -> None:
        self._tasks = tasks
        self.failed = failed

    def task(self, task_id: str | None) -> PullTask | LiveApiError | None:
        """Return a task, or why it could not be read; None if it is not listed."""
        return self.failed or self._tasks.get(str(task_id))

    @cached_property
    def listing(self) -> Listing:
        """The tasks that were read."""
        return Listing(task for task in self._tasks.values() if isinstance(task, PullTask))


class TaskCondition(Condition[Reading]):
    """Something to wait for in the list of tasks.

    Attributes:
        task_id: the task that has to be read; None if all have to be.
    """

    task_id: str | None = None


class Unlisted(TaskCondition):
    """A task that was deleted is no longer listed.

    Attributes:
        holds: whether that is so; None if the task could not be read.
    """

    def __init__(self, task_id: str, deadline: float = math.inf) -> None:
        self.task_id = task_id
        self.deadline = deadline
        self.holds: bool | None = None
        self.now: PullTask | LiveApiError | None = None

    def check(self, reading: Reading, number: int) -> Check:
        self.now = reading.task(self.task_id)
        if not isinstance(self.now, LiveApiError):
            self.holds = self.now is None
        return Check.DONE if self.holds else Check.NOT_YET


class CarriedOut(TaskCondition):
    """A modify whose response was lost was carried out: no declared or restored option that it carried differs."""

    def __init__(self, outcome: Outcome, sent: Mapping[str, Any], clock: Clock) -> None:
        self.task_id = outcome.declared.task_id
        self._outcome = outcome
        self._sent = sent
        self._clock = clock

    def check(self, reading: Reading, number: int) -> Check:
        task = reading.task(self.task_id)
        if not isinstance(task, PullTask):
            return Check.NOT_YET
        differing = task.differing(self._outcome.targets, self._clock.now())
        return Check.DONE if self._sent.keys().isdisjoint(differing) else Check.NOT_YET


class Created(TaskCondition):
    """A task whose create has lost its response is listed.

    Attributes:
        found: the task.
        was_read: whether the list could be read.
    """

    def __init__(self, outcome: Outcome, body: Mapping[str, Any]) -> None:
        self.found: PullTask | None = None
        self.was_read = False
        self._outcome = outcome
        self._destination = Destination.of(body)

    def check(self, reading: Reading, number: int) -> Check:
        self.was_read = self.was_read or reading.failed is None
        new = [task for task in reading.listing.at(self._destination) if task.task_id not in self._outcome.ids_at_start]
        if not new:
            return Check.NOT_YET
        # Someone else may have created one as well.
        immutable = self._outcome.declared.immutable
        self.found = min(new, key=lambda task: len(immutable_differences(task.answer, immutable)))
        return Check.DONE


class Settled(TaskCondition):
    """The task is in the declared state, and nothing is lost; see `_task.verdict`.

    Args:
        outcome: the record of the task.
        deadline: the moment of the monotonic clock when waiting ends.
        waits: whether the option wait is true. Otherwise the task is read once, and may still differ.
        lessons: what the run learns about the service.
        clock: time.
    """

    def __init__(self, outcome: Outcome, deadline: float, waits: bool, lessons: Lessons, clock: Clock) -> None:
        self.outcome = outcome
        self.deadline = deadline
        # All tasks are read after a create, to see whether someone else has created the same one.
        self.task_id = None if outcome.created else outcome.declared.task_id
        self.now: PullTask | LiveApiError | None = None
        self._waits = waits
        self._lessons = lessons
        self._clock = clock

    def check(self, reading: Reading, number: int) -> Check:
        outcome = self.outcome
        self.now = reading.task(outcome.declared.task_id)
        verdict = self._verdict(self.now)
        if not verdict:
            return Check.NOT_YET
        late = number >= READINGS_BEHIND or self._clock.monotonic() >= self.deadline
        # While something that was sent is not listed, the reading may be from before the modify.
        behind = bool({*verdict.pending} - outcome.abandoned) or (verdict.unproven and not late)
        unsent = {*verdict.unsent} - outcome.abandoned
        if self._has_to_restore(verdict) or (unsent and not behind):
            if len(outcome.modifies) < MOST_MODIFIES:
                return Check.WRITE
            if not behind:
                wrong = messages.differences(outcome, outcome.task, self._clock.now()) if outcome.task else ""
                outcome.error = messages.accepted_but(outcome, f"and {MOST_MODIFIES - 1} more after it, but {wrong}.")
                return Check.DONE
        if behind:
            return Check.NOT_YET
        self._finish(verdict, reading)
        return Check.DONE

    def _verdict(self, now: PullTask | LiveApiError | None) -> Verdict | None:
        """Return what became of the task; None if it could not be read, which counts as not yet."""
        outcome = self.outcome
        # A new task has no earlier state: compare it with itself; once a modify was planned, with the state of that
        # plan.
        before, baseline = (now, outcome.baseline or now) if outcome.created else (outcome.before, outcome.baseline)
        if not (isinstance(now, PullTask) and isinstance(before, PullTask) and isinstance(baseline, PullTask)):
            outcome.task = None if self._waits else outcome.task
            return None
        sent = outcome.unverified.body if outcome.unverified else {}
        verdict = judge(before, baseline, sent, now, outcome.declared.values, outcome.to_restore, self._clock.now())
        if not verdict.pending or self._waits:
            outcome.task = now
        return verdict

    def _has_to_restore(self, verdict: Verdict) -> bool:
        """Record what was lost, and return whether any of it can be restored."""
        lost = [name for name in verdict.lost if name not in self.outcome.unrestorable]
        self._lessons.learn(lost)
        return self.outcome.record_lost(lost)

    def _finish(self, verdict: Verdict, reading: Reading) -> None:
        """Record the warnings about a task that is in the declared state, and what is wrong with a new one."""
        outcome, declared = self.outcome, self.outcome.declared
        unknown = messages.unknown_status(outcome.task, declared) if outcome.task and verdict.unknown else None
        outcome.warn("status", unknown)
        outcome.warn("meanwhile", messages.changed_meanwhile(declared.label, verdict.others))
        if outcome.created and outcome.task:
            self._check_immutable(outcome.task)
            here = reading.listing.at(declared.destination)
            same = [task.task_id for task in here if task.task_id not in outcome.ids_at_start]
            if len(same) > 1:
                outcome.error = messages.accepted_but(outcome, messages.created_twice(declared.destination, same))
        conclude(outcome, self._clock.now())

    def _check_immutable(self, task: PullTask) -> None:
        """Report the immutable options that a new task lists with a value other than the one sent, or does not list."""
        outcome, declared = self.outcome, self.outcome.declared
        hidden = messages.not_comparable(declared.label, task.answer, declared.immutable)["hidden"]
        if hidden and declared.destination not in Destination.forms(task.answer):
            hidden += messages.not_found_again(task.task_id)
        outcome.warn("hidden", hidden)
        wrong = messages.listed_otherwise(task.answer, declared.immutable, declared.recreate)
        if wrong:
            outcome.error = messages.accepted_but(outcome, f"but {wrong}")


def conclude(outcome: Outcome, moment: float) -> None:
    """Mark the steps of a task as verified, and add the last warnings or the error.

    Args:
        outcome: the record.
        moment: seconds since the epoch.
    """
    outcome.mark_verified()
    outcome.warn("restored", messages.restored(outcome, moment))
    wrong = messages.differences(outcome, outcome.task, moment) if outcome.refusal and outcome.task else ""
    if wrong and outcome.refusal:
        outcome.error = messages.accepted_but(outcome, f"but {wrong}. {outcome.refusal.message}", outcome.refusal)
    elif outcome.unrestorable and not outcome.error:
        outcome.error = messages.accepted_but(outcome)


def tasks_in(snapshot: Snapshot) -> Callable[[Sequence[TaskCondition], float], Reading]:
    """Return a function that reads the tasks of conditions, with as few requests as possible; see `until`."""

    def read(conditions: Sequence[TaskCondition], deadline: float) -> Reading:
        try:
            if any(condition.task_id is None for condition in conditions):
                return Reading({task.task_id: task for task in snapshot.read_all(deadline)})
            return Reading(snapshot.read([str(condition.task_id) for condition in conditions], deadline))
        except LiveApiError as error:
            return Reading({}, error)

    return read
