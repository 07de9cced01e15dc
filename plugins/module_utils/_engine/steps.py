# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send the steps of a task: delete, create, modify.

A create whose response was lost is verified before it is sent again. A delete is repeated, then verified.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .._clock import ALWAYS, Reporter
from .._errors import LiveApiError, LiveError
from .._options import LIVE_TYPE
from .._service.client import Accepted
from .._task.creation import displayed, new_task
from .._task.immutable import immutable_differences
from .._task.plan import Lessons
from . import messages
from .context import Context
from .modify import Modify
from .outcome import Kind, Outcome, State, Step
from .verify import LOST_CREATE, LOST_DELETE, Created, Unlisted

DEFAULT_WAIT_SECONDS = 60.0


class Steps:
    """Sends the steps of tasks. May be shared by threads.

    Args:
        context: what all steps share.
        lessons: what the run has learned about the service.
        tell: reports what is about to be deleted and created again.
        wait_timeout: how many seconds to wait until a deleted task is no longer listed.
    """

    def __init__(self, context: Context, lessons: Lessons, tell: Reporter, wait_timeout: float | None) -> None:
        self._context = context
        self._lessons = lessons
        self._tell = tell
        self._wait_seconds = DEFAULT_WAIT_SECONDS if wait_timeout is None else wait_timeout

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

    def _modify(self, outcome: Outcome, step: Step) -> None:
        Modify(outcome, step, self._context, self._lessons).send()

    # Deleting

    def _delete(self, outcome: Outcome, step: Step) -> None:
        """Delete a task; if it is recreated, display its settings first, and wait until it is no longer listed."""
        task_id = step.body["task_id"]
        if outcome.recreates and outcome.plan:
            settings = displayed(outcome.plan.after, self._context.client.secrets.mask_message)
            self._tell(f"deletes task {task_id}, and creates it again with these options: {settings}", ALWAYS)
        try:
            request_id = self._context.client.delete(task_id)
        except LiveApiError as error:
            # The response may be lost, or someone else may have deleted the task: the list shows it.
            unlisted = Unlisted(task_id)
            self._context.until(unlisted, LOST_DELETE if error.uncertain else LOST_DELETE[:1])
            if not unlisted.holds:
                if error.uncertain:
                    step.state, outcome.task = State.UNKNOWN, None
                    messages.explain_delete_unknown(error, task_id, outcome.recreates)
                raise
            request_id = None
        step.accept(step.body, request_id)
        if outcome.recreates:
            self._wait_until_unlisted(outcome, task_id)

    def _wait_until_unlisted(self, outcome: Outcome, task_id: str) -> None:
        """Wait until a deleted task is no longer listed, so that two are never on air at one destination.

        If the list cannot be read, trust the accepted delete. Otherwise the channel would stay off air.

        Raises:
            LiveError: the task is still listed.
        """
        outcome.deadline = self._context.clock.monotonic() + self._wait_seconds
        unlisted = Unlisted(task_id, outcome.deadline)
        self._context.until(unlisted, self._delays_until_unlisted())
        if unlisted.holds is False:
            raise messages.still_listed(task_id)

    def _delays_until_unlisted(self) -> Iterator[float]:
        yield from LOST_DELETE
        # Stop early if a signal is pending.
        while not self._context.interruption.waits:
            yield 5.0

    # Creating

    def _create(self, outcome: Outcome, step: Step) -> None:
        """Create a task. If the response is lost, look for the task before sending the create again.

        Raises:
            LiveError: it was refused, or it is not known whether the task was created.
        """
        try:
            self._send_create(outcome, step)
        except LiveError as error:
            if outcome.deleted and outcome.old_id:
                messages.explain_create_failed(error, outcome.old_id)
            raise

    def _send_create(self, outcome: Outcome, step: Step) -> None:
        write, body = self._context.client.creating(), step.body
        # After the delete of a recreate, go on even if interrupted: only this body still holds the settings.
        while outcome.deleted or not self._context.interruption.stopped:
            failure: LiveApiError | None = None
            accepted: Accepted | None = None
            try:
                accepted = self._context.send(write, body)
            except LiveApiError as error:
                if not (error.uncertain or step.state is State.UNKNOWN):
                    outcome.task = None
                    raise
                failure = error
            if accepted:
                self._created(outcome, step, str(accepted.task_id), accepted.request_id)
                self._context.snapshot.put(new_task(body, accepted.task_id))
                return
            if failure or write.uncertain:
                step.state, outcome.task = State.UNKNOWN, None
                self._look_for_created(outcome, step, failure)
                if step.state is State.ACCEPTED:
                    return

    def _look_for_created(self, outcome: Outcome, step: Step, failure: LiveApiError | None) -> None:
        """Look for the created task in the list.

        Raises:
            LiveError: another task is listed, or none is listed after the last attempt.
        """
        condition = Created(outcome, step.body)
        self._context.until(condition, LOST_CREATE)
        destination = outcome.declared.destination
        if condition.found is None:
            if failure is None and not condition.was_read:
                failure = LiveApiError("A response was lost, and the list of tasks could not be read.", uncertain=True)
            if failure:
                messages.explain_create_unknown(failure, destination)
                raise failure
            return
        names = immutable_differences(condition.found.answer, outcome.declared.immutable)
        if names:
            raise messages.created_by_others(condition.found, destination, names)
        self._created(outcome, step, condition.found.task_id, None)
        if outcome.declared.immutable.get("source_type") != LIVE_TYPE and not outcome.step(Kind.MODIFY):
            # Its settings may be those of someone else's create.
            outcome.steps.append(Step(Kind.MODIFY))

    @staticmethod
    def _created(outcome: Outcome, step: Step, task_id: str, request_id: str | None) -> None:
        outcome.record_id(task_id)
        step.accept({"task_id": task_id, **step.body}, request_id)
