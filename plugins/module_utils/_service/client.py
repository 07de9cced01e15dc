# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Live service: list, create, modify and delete relay tasks. Private to this collection."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .._errors import LiveApiError
from .._secrets import Secrets
from .answers import NO_ERROR, Answer, code_and_text, excerpt
from .exchange import Auth, Failure
from .pace import Pace
from .signature import encode
from .transport import Attempts, Transport

PAGE = 100
# The service lists 10,000 tasks at most; beyond twice that, a list will not come to an end.
MAX_TASKS = 20000
# So often a page may be read again because tasks slipped from one to another.
MAX_SLIPS = 100


class Accepted(NamedTuple):
    """What the service answers to a write that it accepts.

    Attributes:
        task_id: id of the task; None if the response names none.
        request_id: the service's id for the request, if it gives one.
    """

    task_id: str | None
    request_id: str | None


class Write:
    """A create, modify or delete, sent attempt by attempt. The caller decides what to send each time.

    Args:
        pace: how fast requests are sent.
        attempts: the request.
        accept: reads a response; raises LiveApiError if the response contradicts itself.
    """

    def __init__(self, pace: Pace, attempts: Attempts, accept: Callable[[Answer], Accepted]) -> None:
        self._pace = pace
        self._attempts = attempts
        self._accept = accept

    @property
    def uncertain(self) -> bool:
        """Whether the service may have carried out the last attempt, although it failed."""
        return self._attempts.uncertain

    def turn(self) -> float:
        """Return the moment of the monotonic clock at which the next request would be sent."""
        return self._pace.turn()

    def wait(self) -> None:
        """Wait until it is this request's turn."""
        self._pace.wait(math.inf)

    def attempt(self, body: Mapping[str, Any] | None = None) -> Accepted | None:
        """Send the request once, after `wait`; takes, returns None, and raises what `Attempts.send` does."""
        answer = self._attempts.send(body)
        return self._accept(answer) if answer else None

    def send(self, body: Mapping[str, Any] | None = None) -> Accepted:
        """Send the request until it is accepted. Takes and raises what `attempt` does."""
        while True:
            self.wait()
            accepted = self.attempt(body)
            if accepted:
                return accepted


class LiveClient:
    """The relay tasks of one project.

    Args:
        transport: sends the requests.
        auth: authenticates them.
        endpoint: root URL of the service.
        project_id: the project.
        region: its region, if that is known.

    Attributes:
        place: where the tasks are, in words.
        region: as above.
    """

    def __init__(
        self, transport: Transport, auth: Auth, endpoint: str, project_id: str, region: str | None = None
    ) -> None:
        self._transport = transport
        self._auth = auth
        self._url = f"{endpoint}/v1/{encode(project_id)}/pull/stream/task"
        self.place = f"project {project_id} at {endpoint}"
        self.region = region

    @property
    def secrets(self) -> Secrets:
        """What must not be seen by anyone."""
        return self._transport.secrets

    def hurry(self) -> None:
        """Send no request again from now on: the run is being ended."""
        self._transport.hurried = True

    def pages(
        self, query: Mapping[str, str] | None = None, deadline: float = math.inf, *, overlap: bool = False
    ) -> Iterator[tuple[int, builtins.list[dict[str, Any]], int]]:
        """Yield page by page the tasks that no earlier page held.

        Each item is the offset of the first of these tasks, the tasks, and how many tasks come after the page.

        Args:
            query: filters by `task_id` or `region`, as in ListPullTasks.
            deadline: the moment of the monotonic clock by which each response has to arrive.
            overlap: whether to miss no task while others are deleted. Each page then begins with the last task of the
                page before; if it does not, the page before is read again.

        Raises:
            LiveApiError: a request failed, its response holds no list of tasks, or the pages do not come to an end.
        """
        seen: set[str] = set()
        offset = slips = furthest = 0
        overlaps = False
        last: list[dict[str, Any]] = []
        while offset <= MAX_TASKS and slips <= MAX_SLIPS:
            tasks, left = self.page(offset, query, deadline)
            slipped = overlaps and not (tasks and str(tasks[0].get("task_id")) in seen)
            new = _unseen(tasks[1 if overlaps and tasks[:1] == last[-1:] else 0 :], seen)
            # After a slip, or if a page is no longer than the overlap, a page need not hold a new task.
            end = offset + len(tasks)
            self._check_progress(offset, tasks, again=tasks == last or (end > furthest and not new))
            yield end - len(new), new, left
            furthest = max(furthest, end)
            if slipped:
                offset, last, slips = max(0, offset - PAGE), [], slips + 1
            elif not left or (query or {}).get("task_id") in seen:
                return
            else:
                offset, last = end - (overlap and len(tasks) > 1), tasks
            overlaps = overlap and offset > 0 and (slipped or len(tasks) > 1)
        raise self._error(f"GET {self._url}", f"more than {MAX_TASKS} tasks were listed, without an end")

    def page(
        self, offset: int, query: Mapping[str, str] | None = None, deadline: float = math.inf
    ) -> tuple[list[dict[str, Any]], int]:
        """Return one page of the tasks, and how many come after it. Takes and raises what `pages` does.

        Args:
            offset: the place of its first task, from 0.
            query: filters by `task_id` or `region`, as in ListPullTasks.
            deadline: as for `pages`.

        Raises:
            LiveApiError: also when an unfiltered page is empty although there are more tasks.
        """
        tasks, total = self._page({**(query or {}), "limit": str(PAGE), "offset": str(offset)}, deadline)
        end = offset + len(tasks)
        if not tasks:
            # A service may count all tasks, whatever the filter.
            if not query and total is not None and total > offset:
                text = f"the service lists no task from offset {offset} on, but counts {total} tasks"
                raise self._error(f"GET {self._url}", text)
            return tasks, 0
        # Without a total, or with one that cannot be right, only an empty page shows the end.
        return tasks, 1 if total is None or total < end else total - end

    def _page(self, query: Mapping[str, str], deadline: float) -> tuple[list[dict[str, Any]], int | None]:
        """Return one page of tasks, and how many tasks there are in all, when the service says it."""
        url = f"{self._url}?{'&'.join(f'{name}={encode(query[name])}' for name in sorted(query))}"
        answer = self._transport.request("GET", url, self._auth, deadline=deadline)
        body = answer.body if isinstance(answer.body, dict) else {}
        tasks, total = body.get("task_infos"), body.get("total")
        if tasks is None and total == 0:
            tasks = []
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            text = f"the answer holds no list of tasks in task_infos, but {excerpt(answer.body, self.secrets)}"
            raise self._error(f"GET {url}", text, http_status=answer.status, request_id=answer.request_id)
        return tasks, _count(total)

    def list(self, query: Mapping[str, str] | None = None, deadline: float = math.inf) -> Iterator[dict[str, Any]]:
        """Yield every task that the filters let through, once. Takes and raises what `pages` does."""
        for _offset, tasks, _left in self.pages(query, deadline, overlap=True):
            yield from tasks

    def _check_progress(self, offset: int, tasks: builtins.list[dict[str, Any]], again: bool) -> None:
        # The tasks that a service without regard for the offset keeps back must not be taken for missing.
        if tasks and again:
            text = f"the service lists the same tasks again from offset {offset} on"
            raise self._error(f"GET {self._url}", text)

    def get(self, task_id: str, deadline: float = math.inf) -> dict[str, Any] | None:
        """Return the task, or None if there is none with this id.

        Args:
            task_id: id of the task.
            deadline: as for `pages`.

        Raises:
            LiveApiError: as for `pages`.
        """
        # Other tasks are passed over: a service that ignores the filter lists them all.
        listed = self.list({"task_id": task_id}, deadline)
        return next((task for task in listed if task.get("task_id") == task_id), None)

    def modifying(self, task_id: str) -> Write:
        """Return the request ModifyPullTask for a task."""
        return self._write("PUT", self._url, lambda answer: self._check_answer("PUT", answer, task_id))

    def creating(self) -> Write:
        """Return the request CreatePullTask."""
        return self._write("POST", self._url, self._created)

    def modify(self, body: Mapping[str, Any]) -> str | None:
        """Change a task with ModifyPullTask, and return the service's id for the request.

        Raises:
            LiveApiError: the request failed, or its response reports an error or names another task.
        """
        return self.modifying(body["task_id"]).send(body).request_id

    def create(self, body: Mapping[str, Any]) -> tuple[str, str | None]:
        """Create a task with CreatePullTask, and return its id and the service's id for the request.

        Raises:
            LiveApiError: the request failed, or its response names no task.
        """
        accepted = self.creating().send(body)
        return str(accepted.task_id), accepted.request_id

    def delete(self, task_id: str) -> str | None:
        """Delete a task with DeletePullTask, and return the service's id for the request.

        Raises:
            LiveApiError: the request failed, or its response reports an error or names another task.
        """
        url = f"{self._url}?task_id={encode(task_id)}"
        return (
            self._write("DELETE", url, lambda answer: self._check_answer("DELETE", answer, task_id)).send().request_id
        )

    def _write(self, method: str, url: str, accept: Callable[[Answer], Accepted]) -> Write:
        return Write(self._transport.pace, self._transport.attempts(method, url, self._auth), accept)

    def _created(self, answer: Answer) -> Accepted:
        """Return the id of a task that was created."""
        task_id = answer.body.get("task_id") if isinstance(answer.body, dict) else None
        if isinstance(task_id, str) and task_id:
            return Accepted(task_id, answer.request_id)
        text = f"the answer names no task, but is {excerpt(answer.body, self.secrets)}"
        raise self._error(
            f"POST {self._url}", text, uncertain=True, http_status=answer.status, request_id=answer.request_id
        )

    def _check_answer(self, method: str, answer: Answer, task_id: str) -> Accepted:
        """Return the service's id for a write, unless its answer tells of an error or is about another task."""
        answered = answer.body.get("task_id") if isinstance(answer.body, dict) else None
        code, text = code_and_text(answer.body, self.secrets)
        if answered is None and (code or text) and code != NO_ERROR:
            trouble = f"HTTP {answer.status}, {' '.join(filter(None, (code, text)))}"
        elif answered not in (None, task_id):
            trouble = f"the answer is about task {excerpt(answered, self.secrets)}, not about {task_id}"
        else:
            # An answer that names no task is let pass: what it is worth shows when the task is read back.
            return Accepted(answered, answer.request_id)
        raise self._error(
            f"{method} {self._url}",
            trouble,
            uncertain=True,
            http_status=answer.status,
            error_code=code,
            error_msg=text,
            request_id=answer.request_id,
        )

    def _error(self, target: str, text: str, *, uncertain: bool = False, **details: Any) -> LiveApiError:
        return self._transport.error(target, Failure(text, uncertain, details=details))


def _unseen(tasks: Iterable[dict[str, Any]], seen: set[str]) -> list[dict[str, Any]]:
    """Return the tasks that were not seen before, and add their ids. Without an id, none can be told from another."""
    new = []
    for task in tasks:
        task_id = task.get("task_id")
        if task_id is None or str(task_id) not in seen:
            new.append(task)
        seen.add(str(task_id))
    return new


def _count(total: object) -> int | None:
    """Return how many tasks there are in all; None if the service does not say it."""
    if isinstance(total, str) and total.isdecimal():
        return int(total[:9])
    return total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
