# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks as they were last read: when, and on which page, so that they can be read again.

Private to this collection.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from .._clock import Clock
from .._errors import LiveApiError
from .._service.client import LiveClient
from .._service.pages import PAGE
from .._task.task import PullTask

# A modify is sent within two seconds of the read that it was planned from. 0.2 seconds are left for sending it.
FRESH_SECONDS = 1.8


class _Entry(NamedTuple):
    task: PullTask | None
    read_at: float
    offset: int | None


class Snapshot:
    """The tasks as they were last read.

    Args:
        client: the service.
        clock: time.
        status_words: words of the service, in lower case, to the status that they mean.
    """

    def __init__(self, client: LiveClient, clock: Clock, status_words: Mapping[str, str]) -> None:
        self._client = client
        self._clock = clock
        self._words = status_words
        self._entries: dict[str, _Entry] = {}
        self._put: dict[str, PullTask] = {}

    def read(self, task_ids: Iterable[str], deadline: float = math.inf) -> dict[str, PullTask | LiveApiError]:
        """Read the tasks with these ids, as far as they exist, with as few requests as the list allows.

        A task that could not be read has the error in its place, so that the others can go on.

        Args:
            task_ids: ids of the tasks.
            deadline: the moment of the monotonic clock by which each response has to arrive.

        Raises:
            LiveApiError: the list could not be read.
        """
        missing = dict.fromkeys(task_ids)
        found: dict[str, PullTask | LiveApiError] = {}
        for offset, page, left in self._client.tasks.pages(deadline=deadline) if len(missing) > 1 else ():
            for task_id, task in self._enter(page, offset, missing).items():
                found[task_id] = task
                del missing[task_id]
            if -(-left // PAGE) >= len(missing):
                break
        # Single reads are cheaper now. They follow the last page too, because tasks slip from page to page.
        for task_id in missing:
            try:
                one = self.read_one(task_id, deadline)
            except LiveApiError as error:
                found[task_id] = error
            else:
                found.update({task_id: one} if one else {})
        return found

    def read_all(self, deadline: float = math.inf) -> list[PullTask]:
        """Read all tasks. Miss none if tasks are deleted meanwhile. Takes and raises what `read` does."""
        found: list[PullTask] = []
        for offset, answers, _left in self._client.tasks.pages(deadline=deadline, overlap=True):
            named = [answer for answer in answers if isinstance(answer.get("task_id"), str)]
            found += self._enter(named, offset, {answer["task_id"] for answer in named}).values()
        return found

    def put(self, task: PullTask) -> None:
        """Record a task that the service has just created. It need not be listed yet."""
        self._put[task.task_id] = task
        self._entries[task.task_id] = _Entry(task, self._clock.monotonic(), None)

    def read_one(self, task_id: str, deadline: float = math.inf) -> PullTask | None:
        """Read one task; None if there is none. Takes and raises what `read` does."""
        answer = self._client.get(task_id, deadline)
        if answer is None:
            self._entries[task_id] = _Entry(self._put.get(task_id), self._clock.monotonic(), None)
            return None
        return self._enter([answer], None, (task_id,)).get(task_id)

    def fresh(self, task_id: str, turn: float, since: float = -math.inf) -> PullTask | None:
        """Return a task, read again if the last read is too old; None if there is none.

        A whole page that begins with the task is read, so that the tasks after it need not be read again.

        Args:
            task_id: id of the task.
            turn: the moment of the monotonic clock when the modify has its turn.
            since: the earliest moment of the read, in any case.

        Raises:
            LiveApiError: the task could not be read.
        """
        entry = self._entries[task_id]
        if entry.read_at >= since and turn - entry.read_at <= FRESH_SECONDS:
            return entry.task
        if entry.offset is not None:
            page, _left = self._client.tasks.page(entry.offset)
            # The other tasks of the page may be fresh by now, and are needed next.
            task = self._enter(page, entry.offset, self._entries).get(task_id)
            if task:
                return task
        self.read_one(task_id)
        return self._entries[task_id].task

    def offset_of(self, task_id: str | None) -> float:
        """Return the offset of a task in the list; infinity if it was read alone."""
        offset = self._entries[task_id].offset if task_id in self._entries else None
        return math.inf if offset is None else offset

    def _enter(
        self, answers: Iterable[Mapping[str, Any]], offset: int | None, task_ids: Collection[str]
    ) -> dict[str, PullTask]:
        """Record those of the tasks that have one of these ids."""
        now = self._clock.monotonic()
        found = {}
        for position, answer in enumerate(answers, offset or 0):
            task_id = answer.get("task_id")
            if isinstance(task_id, str) and task_id in task_ids:
                found[task_id] = PullTask.from_answer(answer, self._words)
                self._entries[task_id] = _Entry(found[task_id], now, None if offset is None else position)
        return found
