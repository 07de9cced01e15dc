# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send the steps of a task: create, modify, delete.

A create or modify whose response was lost is verified before it is sent again. A delete is repeated, then verified.

Private to this collection.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .._clock import ALWAYS, Clock, Reporter
from .._errors import LiveApiError, LiveError
from .._options import RELAY_TYPE
from .._service.client import Accepted, LiveClient, Write
from .._task.creation import displayed, new_task
from .._task.fields import has_passed
from .._task.immutable import immutable_differences
from .._task.plan import Form, Lessons, Plan
from .._task.task import PullTask
from . import messages
from .interruption import Interruption
from .outcome import Kind, Outcome, State, Step
from .planning import plan_modify
from .snapshot import Snapshot
from .verify import (
    LOST_CREATE,
    LOST_DELETE,
    LOST_MODIFY,
    LOST_PLAYLIST,
    CarriedOut,
    Created,
    Gone,
    TaskCondition,
    tasks_in,
)
from .waiting import Waited, until

BAD_REQUEST = 400
READ_SECONDS, READ_MODIFY_SECONDS = 30.0, 10.0
DEFAULT_WAIT_SECONDS = 60.0


class Steps:
    """Sends the steps of tasks. May be shared by threads.

    Args:
        client: the service.
        snapshot: the tasks as they were last read.
        lessons: what the run has learned about the service.
        clock: time.
        tell: reports what is about to be deleted and created again.
        wait_timeout: how many seconds to wait until a deleted task is no longer listed.

    Attributes:
        interruption: after it has stopped the run, nothing is begun.
    """

    def __init__(
        self,
        client: LiveClient,
        snapshot: Snapshot,
        lessons: Lessons,
        clock: Clock,
        tell: Reporter,
        wait_timeout: float | None,
    ) -> None:
        self.interruption = Interruption(client.hurry)
        self._lessons = lessons
        self._client = client
        self._snapshot = snapshot
        self._clock = clock
        self._tell = tell
        self._wait_seconds = DEFAULT_WAIT_SECONDS if wait_timeout is None else wait_timeout
        self._send_lock = threading.Lock()

    def perform(self, outcome: Outcome) -> None:
        """Send the pending steps of a task.

        Raises:
            LiveError: one was refused, or it is not known whether it was carried out.
        """
        send: dict[Kind, Callable[[Outcome, Step], None]] = {
            Kind.DELETE: self._delete,
            Kind.CREATE: self._create,
            Kind.MODIFY: self._modify,
        }
        # Sending a step may append another one.
        for step in outcome.steps:
            if step.state is not State.PLANNED:
                continue
            send[step.kind](outcome, step)
            if step.state is State.PLANNED:
                # The run was interrupted.
                return

    # Deleting

    def _delete(self, outcome: Outcome, step: Step) -> None:
        """Delete a task; if it is recreated, display its settings first, and wait until it is no longer listed."""
        task_id = step.body["task_id"]
        if outcome.recreates and outcome.plan:
            settings = displayed(outcome.plan.after, self._client.secrets.mask_message)
            self._tell(f"deletes task {task_id}, and creates it again with these options: {settings}", ALWAYS)
        try:
            request_id = self._client.delete(task_id)
        except LiveApiError as error:
            # The response may be lost, or someone else was faster: what counts is whether the task is listed.
            gone = Gone(task_id)
            self._until(gone, LOST_DELETE if error.uncertain else LOST_DELETE[:1])
            if not gone.gone:
                if error.uncertain:
                    step.state, outcome.task = State.UNKNOWN, None
                    messages.delete_unknown(error, task_id, outcome.recreates)
                raise
            request_id = None
        step.accept(step.body, request_id)
        if outcome.recreates:
            self._wait_until_gone(outcome, task_id)

    def _wait_until_gone(self, outcome: Outcome, task_id: str) -> None:
        """Wait until a deleted task is no longer listed, so that two are never on air at one destination.

        If the list cannot be read, the accepted delete is believed: the channel must not stay missing.

        Raises:
            LiveError: the task is still listed.
        """
        outcome.deadline = self._clock.monotonic() + self._wait_seconds
        gone = Gone(task_id, outcome.deadline)
        self._until(gone, self._delays_until_gone())
        if gone.gone is False:
            raise messages.still_listed(task_id)

    def _delays_until_gone(self) -> Iterator[float]:
        yield from LOST_DELETE
        # Stop early if a signal is pending.
        while not self.interruption.waits:
            yield 5.0

    # Creating

    def _create(self, outcome: Outcome, step: Step) -> None:
        """Create a task, never twice.

        Raises:
            LiveError: it was refused, or it is not known whether the task was created.
        """
        try:
            self._send_create(outcome, step)
        except LiveError as error:
            if outcome.deleted and outcome.old_id:
                messages.create_failed(error, outcome.old_id)
            raise

    def _send_create(self, outcome: Outcome, step: Step) -> None:
        write, body = self._client.creating(), step.body
        # After the delete of a recreate, go on even if interrupted: only this body still holds the settings.
        while outcome.deleted or not self.interruption.stopped:
            failure: LiveApiError | None = None
            accepted: Accepted | None = None
            try:
                accepted = self._send(write, body)
            except LiveApiError as error:
                if not (error.uncertain or step.state is State.UNKNOWN):
                    outcome.task = None
                    raise
                failure = error
            if accepted:
                self._created(outcome, step, str(accepted.task_id), accepted.request_id)
                self._snapshot.put(new_task(body, accepted.task_id))
                return
            if failure or write.uncertain:
                step.state, outcome.task = State.UNKNOWN, None
                self._look_for_created(outcome, step, failure)
                if step.state is State.ACCEPTED:
                    return

    def _look_for_created(self, outcome: Outcome, step: Step, failure: LiveApiError | None) -> None:
        """Look for the created task in the list.

        Raises:
            LiveError: another task is listed, or none is listed and there is no further attempt.
        """
        condition = Created(outcome, step.body)
        self._until(condition, LOST_CREATE)
        destination = outcome.declared.destination
        if condition.found is None:
            if failure is None and not condition.was_read:
                failure = LiveApiError("A response was lost, and the list of tasks could not be read.", uncertain=True)
            if failure:
                messages.create_unknown(failure, destination)
                raise failure
            return
        names = immutable_differences(condition.found.answer, outcome.declared.immutable)
        if names:
            raise messages.created_by_others(condition.found, destination, names)
        self._created(outcome, step, condition.found.task_id, None)
        if outcome.declared.immutable.get("source_type") != RELAY_TYPE and not outcome.step(Kind.MODIFY):
            # Its settings may be those of someone else's create.
            outcome.steps.append(Step(Kind.MODIFY))

    @staticmethod
    def _created(outcome: Outcome, step: Step, task_id: str, request_id: str | None) -> None:
        outcome.become(task_id)
        step.accept({"task_id": task_id, **step.body}, request_id)

    # Modifying

    def _modify(self, outcome: Outcome, step: Step) -> None:
        """Modify a task. If the service refuses a form, send the next one, which carries fewer options.

        Raises:
            LiveError: it was refused, or it is not known whether it was carried out.
        """
        modify, done = _Modify(outcome, step), False
        while not done:
            try:
                done = self._send_modify(modify)
            except LiveApiError as error:
                done = self._failed_modify(modify, error)

    def _send_modify(self, modify: _Modify) -> bool:
        """Send a modify in one form until it is accepted, or not needed any more; return True.

        Raises:
            LiveError: it failed.
        """
        outcome, step = modify.outcome, modify.step
        write = self._client.modifying(str(outcome.declared.task_id))
        while True:
            # One at a time: what is read for this modify must not wait for the turns of others.
            with self._send_lock:
                plan = self._plan(modify, write.turn())
                if plan is None or plan.request is None:
                    if modify.plan:
                        self._accept(modify, modify.plan, None)
                    elif step.state is State.PLANNED and not self.interruption.stopped:
                        step.state = State.NOT_NEEDED
                    return True
                modify.plan = plan
                write.wait()
            accepted = write.attempt(plan.request)
            if accepted:
                self._accept(modify, plan, accepted)
                return True
            if write.uncertain:
                step.state, modify.lost_at = State.UNKNOWN, self._clock.monotonic()
                self._was_carried_out(outcome, plan)

    def _plan(self, modify: _Modify, turn: float) -> Plan | None:
        """Return what to send at a moment of the monotonic clock; None if the run was interrupted.

        Raises:
            LiveError: the task is missing, could not be read, or the options break a constraint.
        """
        outcome = modify.outcome
        if self.interruption.stopped and not outcome.owes_pause:
            return None
        declared = outcome.declared
        task = modify.task = self._snapshot.fresh(str(declared.task_id), turn, modify.lost_at)
        if task is None:
            raise messages.missing(declared, self._client.place)
        moment = self._clock.now()
        try:
            plan = plan_modify(outcome, task, moment, self._lessons, modify.form)
        except LiveError as error:
            raise self._not_written(modify, error) from error
        outcome.record_plan(plan, task, moment)
        if plan.request is None and plan.changes and modify.refusal:
            raise modify.refusal
        return plan

    def _failed_modify(self, modify: _Modify, error: LiveApiError) -> bool:
        """Return True if the modify was carried out after all, and False if it has to be sent in its next form.

        Raises:
            LiveError: there is no next form.
        """
        if error.details.get("http_status") == BAD_REQUEST and modify.next_form:
            modify.refusal, modify.form, modify.plan = modify.refusal or error, modify.next_form, None
            return False
        # A fuller form whose response was lost may still be carried out after a shorter one was refused.
        if not (error.uncertain or modify.step.state is State.UNKNOWN):
            raise self._not_written(modify, modify.refusal or error) from error
        if modify.plan is None or not self._was_carried_out(modify.outcome, modify.plan):
            modify.step.state, modify.outcome.task = State.UNKNOWN, None
            raise messages.unknown(modify.outcome, modify.refusal or error) from error
        self._accept(modify, modify.plan, None)
        return True

    def _not_written(self, modify: _Modify, error: LiveError) -> LiveError:
        outcome, task = modify.outcome, modify.task
        outcome.task = None
        wrong = messages.differences(outcome, task, self._clock.now()) if task else ""
        return messages.not_written(outcome, error, wrong)

    def _was_carried_out(self, outcome: Outcome, plan: Plan) -> bool:
        """Return whether a modify whose response was lost was carried out; a playlist is given some time for it."""
        sent = plan.request or {}
        delays = LOST_PLAYLIST if "source_urls" in sent else LOST_MODIFY
        condition = CarriedOut(outcome, sent, self._clock)
        return not self._until(condition, delays, READ_MODIFY_SECONDS).pending

    def _accept(self, modify: _Modify, plan: Plan, accepted: Accepted | None) -> None:
        """Record that a modify was carried out, and what that says about the service."""
        sent = plan.request or {}
        start_passed = has_passed(plan.task.values.get("start_time"), self._clock.now())
        modify.step.accept(sent, accepted.request_id if accepted else None)
        if modify.form is Form.WITHOUT_END and modify.refusal:
            modify.outcome.abandon({"start_time", "end_time"} - sent.keys(), modify.refusal)
        if modify.form is not Form.FULL and start_passed:
            self._lessons.no_past_start = True

    # Both

    def _send(self, write: Write, body: Mapping[str, Any]) -> Accepted | None:
        """Send a write once, when its turn has come."""
        with self._send_lock:
            write.wait()
        return write.attempt(body)

    def _until(self, condition: TaskCondition, delays: Iterable[float], read_seconds: float = READ_SECONDS) -> Waited:
        return until([condition], tasks_in(self._snapshot), self._clock, delays, read_seconds)


class _Modify:
    """One modify that is being sent.

    Attributes:
        form: how much it carries.
        refusal: why the service refused the fuller forms.
        task: the task as it was last read.
        plan: what was last sent in this form.
        lost_at: the moment of the monotonic clock when a response was lost; the task has to be read after it.
    """

    def __init__(self, outcome: Outcome, step: Step) -> None:
        self.outcome = outcome
        self.step = step
        self.form = Form.FULL
        self.refusal: LiveApiError | None = None
        self.task: PullTask | None = None
        self.plan: Plan | None = None
        self.lost_at = -math.inf

    @property
    def next_form(self) -> Form | None:
        """How to send it when the service refuses this form."""
        if not (self.plan and self.task):
            return None
        # An unknown status always differs. One pause is enough: each pause alone may empty the task again.
        paused = "status" in self.outcome.carried and self.task.status_is_unknown
        return None if paused and self.plan.next_form is Form.STATUS_ONLY else self.plan.next_form
