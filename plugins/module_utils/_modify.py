# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modify of one task: planned anew each time it goes out, and looked for when its answer was lost.

Private to this collection.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ._book import Book
from ._clock import Clock
from ._errors import InvalidOptionError, LiveApiError, LiveError
from ._interruption import Interruption
from ._outcome import Outcome
from ._service.client import LiveClient
from ._task.air import dark, endless
from ._task.fields import is_over
from ._task.immutable import looks_like_stream
from ._task.plan import Form, Lessons, Plan, plan
from ._task.task import Declaration, PullTask, unknown_status

BAD_REQUEST = 400
# A modify whose answer was lost is looked for; one with a playlist, which may land late, after so many seconds each.
LATE_LOOKS = (0.5, 1.0, 2.0)
# A look at a task whose modify was lost may take so many seconds.
LOOK_SECONDS = 10.0


class NothingLeft(Exception):
    """There is nothing to send."""


class Writer:
    """Modifies tasks. May be shared by threads.

    Args:
        client: the service.
        book: the tasks as they were read.
        clock: time.

    Attributes:
        interruption: when it has stopped the run, nothing is begun any more.
    """

    def __init__(self, client: LiveClient, book: Book, clock: Clock) -> None:
        self.interruption = Interruption(client.hurry)
        self.book = book
        self.clock = clock
        self._client = client
        self._lessons = Lessons()

    def missing(self, wanted: Declaration, hint: str = "") -> LiveError:
        """Return the error for a missing task; the hint names those with a similar name."""
        return LiveError(
            f"There is no task {wanted.label} in {self._client.place}. A task_id is given by the service, and is no"
            " name of a stream: to have a task created, name it by domain, app_name and stream_name."
            f"{looks_like_stream(str(wanted.task_id))}{hint}"
        )

    def plan(self, outcome: Outcome, task: PullTask, form: Form = Form.FULL) -> Plan:
        """Return what a task takes, by the clock of now, and take down what there is to warn of.

        Raises:
            LiveError: together with what the task has, the options break a constraint.
        """
        wanted, moment = outcome.wanted, self.clock.now()
        try:
            result = plan(task, wanted, moment, outcome.owed, self._lessons, form)
        except InvalidOptionError as error:
            if not outcome.owed:
                raise
            # What was lost is restored even if the rest no longer fits what someone else has set.
            result = plan(task, wanted.only({*outcome.owed, "status"}), moment, outcome.owed, self._lessons, form)
            if not result.request:
                raise
            outcome.abandon(wanted.values.keys() - outcome.owed.keys() - {"status"}, error)
        outcome.warn("dark", dark(wanted.label, result.task, wanted.values, result.changes, moment))
        outcome.warn("status", unknown_status(task, wanted))
        if not outcome.created:
            enables = "status" in result.changes and result.task.values.get("status") == "enable"
            outcome.warn("endless", endless(wanted.label, result.task) if enables else None)
        return result

    def learn(self, emptied: list[str]) -> None:
        """Take down for all that follow what the service emptied because it was left out."""
        if not {"source_urls", "end_time", "status"}.isdisjoint(emptied):
            self._lessons.replaces = True

    def write(self, outcome: Outcome) -> None:
        """Modify a task, if it is not as asked; with less where the service refuses more.

        Raises:
            LiveError: it was refused, or nobody knows whether it was done.
        """
        refusal: LiveApiError | None = None
        form = Form.FULL
        was_lost = False
        while True:
            modify = _Modify(self, outcome, form, refusal)
            try:
                outcome.request_id = self._client.modify(modify)
            except NothingLeft:
                pass
            except LiveApiError as error:
                # What was lost in a fuller form may still be carried out after a shorter one was refused.
                was_lost = was_lost or modify.was_lost
                refused, next_form = error.details.get("http_status") == BAD_REQUEST, modify.next_form
                if refused and next_form:
                    refusal, form = refusal or error, next_form
                    continue
                told = refusal or error
                if not (error.uncertain or was_lost):
                    raise outcome.not_written(told, modify.wrong) from error
                if not modify.look():
                    raise outcome.unknown(told) from error
            if modify.sent:
                outcome.accept(modify.sent)
                if form is Form.WITHOUT_END and refusal:
                    outcome.abandon({"start_time", "end_time"} - modify.sent.keys(), refusal)
                if form is not Form.FULL and is_over(modify.start, self.clock.now()):
                    self._lessons.no_past_start = True
            return


class _Modify:
    """The body of a modify; see `_service.client.ModifyBody`."""

    def __init__(self, writer: Writer, outcome: Outcome, form: Form, refusal: LiveApiError | None) -> None:
        self._writer = writer
        self._outcome = outcome
        self._form = form
        self._refusal = refusal
        self._found: PullTask | None = None
        self._plan: Plan | None = None
        self._lost_at = -math.inf

    @property
    def task_id(self) -> str:
        """Id of the task."""
        return str(self._outcome.wanted.task_id)

    @property
    def sent(self) -> Mapping[str, Any] | None:
        """What was sent last."""
        return self._plan.request if self._plan else None

    @property
    def start(self) -> str | None:
        """When the task starts."""
        return self._plan.task.values.get("start_time") if self._plan else None

    @property
    def next_form(self) -> Form | None:
        """How to send it when the service refuses it like this."""
        if not (self._plan and self._found):
            return None
        # An unknown status always differs. One pause is enough: each pause alone may empty the task again.
        paused = "status" in self._outcome.carried and self._found.status_is_unknown
        return None if paused and self._plan.next_form is Form.STATUS_ONLY else self._plan.next_form

    @property
    def wrong(self) -> str:
        """What of the task, as it was read last, is not as it should be."""
        return self._outcome.instead(self._found, self._writer.clock.now()) if self._found else ""

    @property
    def was_lost(self) -> bool:
        """Whether the answer to one that went out was lost."""
        return self._lost_at > -math.inf

    def at(self, turn: float) -> Mapping[str, Any]:
        """Return what to send by a fresh read of the task."""
        if self._writer.interruption.stopped and not self._outcome.owes_pause:
            raise NothingLeft
        self._found = task = self._writer.book.fresh(self.task_id, turn, self._lost_at)
        if task is None:
            raise self._writer.missing(self._outcome.wanted)
        try:
            result = self._writer.plan(self._outcome, task, self._form)
        except LiveError as error:
            raise self._outcome.not_written(error, self.wrong) from error
        self._outcome.note(result, task, self._writer.clock.now())
        if result.request is None:
            if self._refusal and result.changes:
                raise self._refusal
            raise NothingLeft
        self._plan = result
        return result.request

    def lost(self) -> None:
        """Look whether it was carried out, before it is sent again."""
        self._lost_at = self._writer.clock.monotonic()
        self._outcome.changed = True
        self.look()

    def look(self) -> bool:
        """Return whether the task has become what was sent; a playlist is given some time for it."""
        clock = self._writer.clock
        for delay in LATE_LOOKS if "source_urls" in (self.sent or {}) else (0.0,):
            if delay:
                clock.sleep(delay)
            try:
                task = self._writer.book.read_one(self.task_id, clock.monotonic() + LOOK_SECONDS)
            except LiveApiError:
                continue
            differing = task.differing(self._outcome.targets, clock.now()) if task else self._outcome.targets
            if self.sent and self.sent.keys().isdisjoint(differing):
                return True
        return False
