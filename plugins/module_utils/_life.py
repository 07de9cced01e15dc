# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks are created, never twice, and deleted. Private to this collection."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import LiveApiError, LiveError
from ._modify import NothingLeft, Writer
from ._outcome import Outcome
from ._service.client import LiveClient
from ._task.creation import created
from ._task.immutable import Destination, immutable_differences
from ._task.matching import Listing
from ._task.task import PullTask

# A create whose answer was lost is looked for after so many seconds each, before it is sent again.
LOOKS = (1.0, 2.0, 3.0, 4.0)
# Each look may take so many seconds.
LOOK_SECONDS = 30.0
# A task whose delete was lost is given so many seconds to go; one whose place another takes gets more, because nothing
# is created while it is listed.
GOING = (0.5, 1.0, 2.0, 4.0)
MAKING_PLACE = (*GOING, *(5.0,) * 10)


class Life:
    """Creates and deletes tasks. May be shared by threads.

    Args:
        client: the service.
        writer: modifies what was created.
    """

    def __init__(self, client: LiveClient, writer: Writer) -> None:
        self.writer = writer
        self._client = client

    def delete(self, outcome: Outcome, task_id: str) -> None:
        """Delete a task.

        Raises:
            LiveError: it is still there, or nobody knows whether it is.
        """
        try:
            outcome.request_id = self._client.delete(task_id)
        except LiveApiError as error:
            # An answer may have been lost, or someone else was faster: what counts is whether it is there.
            if self._is_gone(task_id, GOING if error.uncertain else (0.0,)) is not True:
                if not error.uncertain:
                    raise
                outcome.changed, outcome.task = True, None
                again = "Running the same again is safe."
                if outcome.creates:
                    again = "Its settings are in the results, as request: if it is gone, create it with them."
                error.message += f" It is not known whether task {task_id} was deleted. {again}"
                raise
        outcome.removed()

    def wait_until_gone(self, task_id: str) -> None:
        """Wait until a task that was deleted is no longer listed, so that two are never on air in one place.

        If the list cannot be read, the accepted delete is believed: the place must not stay empty.

        Raises:
            LiveError: it is still listed.
        """
        # A signal waits for this. Then it is given up earlier.
        delays = (delay for delay in MAKING_PLACE if delay in GOING or not self.writer.interruption.waits)
        if self._is_gone(task_id, delays) is False:
            raise LiveError(
                f"The service accepted the delete of task {task_id}, but still lists the task. No task was created in"
                " its place. The settings for it are in the results, as request: when the old task is gone, create it"
                " with them."
            )

    def _is_gone(self, task_id: str, delays: Iterable[float]) -> bool | None:
        """Return whether a task is not listed any more; None if that could not be read."""
        gone = None
        for delay in delays:
            if gone is not None and delay:
                self.writer.clock.sleep(delay)
            try:
                gone = self.writer.book.read_one(task_id, self.writer.clock.monotonic() + LOOK_SECONDS) is None
            except LiveApiError:
                continue
            if gone:
                return True
        return gone

    def create(self, outcome: Outcome, body: Mapping[str, Any]) -> None:
        """Create a task, and pause it at once if that is asked.

        Raises:
            LiveError: it was refused, or nobody knows whether it was created.
        """
        creation = _Creation(self.writer, outcome, body)
        try:
            task_id, outcome.request_id = self._client.create(creation)
        except NothingLeft:
            pass
        except LiveApiError as error:
            outcome.task = None
            if not (error.uncertain or creation.was_lost):
                raise
            creation.look()
            if not creation.found:
                outcome.changed = True
                error.message += (
                    f" It is not known whether task {outcome.wanted.destination} was created. Run again: it is looked"
                    " for by its destination first."
                )
                raise
        else:
            outcome.became(task_id, body)
            self.writer.book.put(created(body, task_id))
            return
        if creation.found:
            self._take(outcome, body, creation.found)

    def _take(self, outcome: Outcome, body: Mapping[str, Any], found: PullTask) -> None:
        """Take a task for the one that was created, unless it cannot be.

        Raises:
            LiveError: it cannot, and nobody knows whether there will be another one.
        """
        names = immutable_differences(found.answer, outcome.wanted.immutable)
        if names:
            outcome.changed, outcome.task = True, None
            raise LiveError(
                f"The answer to the create of task {outcome.wanted.destination} was lost. Task {found.task_id} is there"
                f" now, but {', '.join(names)} {'is' if len(names) == 1 else 'are'} not as asked: someone else seems to"
                " have created it. It is not known whether there is another one."
            )
        outcome.became(found.task_id, body)


class _Creation:
    """The body of a create; see `_service.transport.Body`."""

    def __init__(self, writer: Writer, outcome: Outcome, body: Mapping[str, Any]) -> None:
        self.found: PullTask | None = None
        self._writer = writer
        self._outcome = outcome
        self._body = body
        self._destination = Destination.of(body)
        self._lost_at = -math.inf
        self._looked = False

    @property
    def was_lost(self) -> bool:
        """Whether the answer to one that went out was lost."""
        return self._lost_at > -math.inf

    def at(self, turn: float) -> Mapping[str, Any]:
        """Return what to send, unless it was found, or nobody could look."""
        # Of a task that was deleted to be created again, nothing is left but this body.
        stopped = self._writer.interruption.stopped and not self._outcome.replaced
        if stopped or self.found:
            raise NothingLeft
        if self.was_lost and not self._looked:
            raise LiveApiError("An answer was lost, and the list of tasks could not be read.", uncertain=True)
        return self._body

    def lost(self) -> None:
        """Look for the task, before it is created again."""
        self._lost_at = self._writer.clock.monotonic()
        self._outcome.changed = True
        self.look()

    def look(self) -> None:
        """Find the task that was created after all, if it is listed within some seconds."""
        clock = self._writer.clock
        self._looked = False
        for delay in LOOKS:
            clock.sleep(delay)
            try:
                tasks = self._writer.book.read_all(clock.monotonic() + LOOK_SECONDS)
            except LiveApiError:
                continue
            self._looked = True
            new = [task for task in Listing(tasks).at(self._destination) if task.task_id not in self._outcome.known]
            if new:
                # Someone else may have created one as well.
                self.found = min(
                    new, key=lambda task: len(immutable_differences(task.answer, self._outcome.wanted.immutable))
                )
                return
