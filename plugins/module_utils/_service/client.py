# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Live service: list, create, modify and delete relay tasks. Private to this collection."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .._errors import LiveApiError
from .._secrets import Secrets
from .answers import NO_ERROR, Answer, code_and_text, excerpt
from .exchange import Auth, Failure
from .pace import Pace
from .pages import Kind, Pager
from .signature import encode
from .transport import Attempts, Transport


def _task_id(task: Mapping[str, Any]) -> str | None:
    return None if task.get("task_id") is None else str(task["task_id"])


TASKS = Kind("task", "task_infos", "total", _task_id)
STREAMS = Kind(
    "stream",
    "streams",
    "total_num",
    lambda stream: (stream.get("app"), stream.get("stream")),
    frozenset(("publish_domain",)),
)


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
        self._tasks = Pager(transport, auth, self._url, TASKS)
        self._streams = Pager(transport, auth, f"{endpoint}/v1/{encode(project_id)}/realtime/streams", STREAMS)
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
        """Yield the tasks page by page, filtered by `task_id` or `region`; see `Pager.pages`."""
        return self._tasks.pages(query, deadline, overlap=overlap)

    def page(self, offset: int) -> tuple[builtins.list[dict[str, Any]], int]:
        """Return one page of the tasks, and how many come after it; see `Pager.page`."""
        return self._tasks.page(offset)

    def streams(
        self, domain: str, app_name: str | None = None, stream_name: str | None = None, deadline: float = math.inf
    ) -> builtins.list[dict[str, Any]]:
        """Return the streams that are being pushed to an ingest domain, with ListLiveStreamsOnline.

        Args:
            domain: the domain, as the tasks spell it.
            app_name: only those of this application.
            stream_name: only this one of them.
            deadline: the moment of the monotonic clock by which each response has to arrive.

        Raises:
            LiveApiError: a request failed, or the list contradicts itself.
        """
        query = {"publish_domain": domain, "app": app_name, "stream": stream_name}
        given = {name: value for name, value in query.items() if value is not None}
        return [stream for _offset, page, _left in self._streams.pages(given, deadline) for stream in page]

    def list(self, query: Mapping[str, str] | None = None, deadline: float = math.inf) -> Iterator[dict[str, Any]]:
        """Yield every task that the filters let through, once. Takes and raises what `pages` does."""
        for _offset, tasks, _left in self.pages(query, deadline, overlap=True):
            yield from tasks

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
