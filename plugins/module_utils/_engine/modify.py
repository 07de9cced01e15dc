# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send a modify, and verify it if the response was lost. Private to this collection."""

from __future__ import annotations

import math

from .._errors import LiveApiError, LiveError
from .._service.client import Accepted
from .._task.fields import WINDOW, has_passed
from .._task.plan import Form, Lessons, Plan
from .._task.task import PullTask
from . import messages
from .context import Context
from .outcome import Outcome, State, Step
from .planning import plan_modify
from .verify import LOST_MODIFY, LOST_PLAYLIST, CarriedOut

BAD_REQUEST = 400
READ_SECONDS = 10.0


class Modify:
    """One modify of a task.

    Args:
        outcome: the record of the task.
        step: the record of the modify.
        context: what all steps share.
        lessons: what the run has learned about the service.
    """

    def __init__(self, outcome: Outcome, step: Step, context: Context, lessons: Lessons) -> None:
        self._outcome = outcome
        self._step = step
        self._context = context
        self._lessons = lessons
        self._form = Form.FULL
        # Why the service refused the fuller forms.
        self._refusal: LiveApiError | None = None
        # The task as it was last read, and what was last sent in this form.
        self._task: PullTask | None = None
        self._plan: Plan | None = None
        # The moment of the monotonic clock when a request failed that may have been carried out. The task has to be
        # read after it.
        self._uncertain_at = -math.inf

    def send(self) -> None:
        """Send the modify. If the service refuses a form, send the next one, which carries fewer options.

        Raises:
            LiveError: it was refused, or it is not known whether it was carried out.
        """
        done = False
        while not done:
            try:
                done = self._send_form()
            except LiveApiError as error:
                done = self._recover(error)

    def _send_form(self) -> bool:
        """Send the modify in one form until it is accepted, or not needed any more; return True.

        Raises:
            LiveError: it failed.
        """
        context, step = self._context, self._step
        write = context.client.modifying(str(self._outcome.declared.task_id))
        while True:
            # One at a time: between the read for this modify and its write, no other task may get its turn.
            with context.lock:
                plan = self._fresh_plan(write.turn())
                if plan is None or plan.request is None:
                    if self._plan:
                        self._accept(self._plan, None)
                    elif step.state is State.PLANNED and not context.interruption.stopped:
                        step.state = State.NOT_NEEDED
                    return True
                self._plan = plan
                write.wait()
            accepted = write.attempt(plan.request)
            if accepted:
                self._accept(plan, accepted)
                return True
            if write.uncertain:
                step.state, self._uncertain_at = State.UNKNOWN, context.clock.monotonic()
                self._was_carried_out(plan)

    def _fresh_plan(self, turn: float) -> Plan | None:
        """Return what to send at a moment of the monotonic clock; None if the run was interrupted.

        Raises:
            LiveError: the task is missing, could not be read, or the options break a constraint.
        """
        context, outcome = self._context, self._outcome
        if context.interruption.stopped and not outcome.must_pause:
            return None
        declared = outcome.declared
        task = self._task = context.snapshot.fresh(str(declared.task_id), turn, self._uncertain_at)
        if task is None:
            raise messages.missing(declared, context.client.place)
        moment = context.clock.now()
        try:
            plan = plan_modify(outcome, task, moment, self._lessons, self._form)
        except LiveError as error:
            raise self._modify_failed(error) from error
        outcome.record_plan(plan, task, moment)
        if plan.request is None and plan.changes and self._refusal:
            # A reduced form has nothing to send: report the first refusal.
            raise self._refusal
        return plan

    def _recover(self, error: LiveApiError) -> bool:
        """Return True if the modify was carried out after all, and False if it has to be sent in its next form.

        Raises:
            LiveError: the last form has failed.
        """
        following = self._next_form()
        if error.details.get("http_status") == BAD_REQUEST and following:
            self._refusal, self._form, self._plan = self._refusal or error, following, None
            return False
        # A fuller form whose response was lost may still be carried out after a shorter one was refused.
        if not (error.uncertain or self._step.state is State.UNKNOWN):
            raise self._modify_failed(self._refusal or error) from error
        if self._plan is None or not self._was_carried_out(self._plan):
            self._step.state, self._outcome.task = State.UNKNOWN, None
            raise messages.modify_unknown(self._outcome, self._refusal or error) from error
        self._accept(self._plan, None)
        return True

    def _next_form(self) -> Form | None:
        """Return how to send the modify after the service refused this form."""
        if not (self._plan and self._task):
            return None
        # An unknown status never equals pause, so without this the pause would be repeated, and each pause alone may
        # empty the other options.
        paused = "status" in self._outcome.carried and self._task.status_is_unknown
        return None if paused and self._plan.next_form is Form.STATUS_ONLY else self._plan.next_form

    def _modify_failed(self, error: LiveError) -> LiveError:
        self._outcome.task = None
        wrong = messages.differences(self._outcome, self._task, self._context.clock.now()) if self._task else ""
        return messages.modify_failed(self._outcome, error, wrong)

    def _was_carried_out(self, plan: Plan) -> bool:
        """Return whether a modify whose response was lost was carried out. With source_urls, the delays are longer."""
        sent = plan.request or {}
        delays = LOST_PLAYLIST if "source_urls" in sent else LOST_MODIFY
        condition = CarriedOut(self._outcome, sent, self._context.clock)
        return not self._context.until(condition, delays, READ_SECONDS).pending

    def _accept(self, plan: Plan, accepted: Accepted | None) -> None:
        """Record that the modify was carried out, and learn whether past start times are refused."""
        sent = plan.request or {}
        start_passed = has_passed(plan.task.values.get("start_time"), self._context.clock.now())
        self._step.accept(sent, accepted.request_id if accepted else None)
        if self._form is Form.WITHOUT_WINDOW and self._refusal:
            self._outcome.abandon({*WINDOW} - sent.keys(), self._refusal)
        if self._form is not Form.FULL and start_passed:
            self._lessons.no_past_start = True
