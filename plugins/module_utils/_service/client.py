# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Live service: list, create, modify and delete relay tasks. Private to this collection."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from .._errors import LiveApiError
from .answers import NO_ERROR, Answer, code_and_text, excerpt, member
from .exchange import Auth, Failure
from .pages import Items, Pager
from .signature import encode
from .transport import Attempts, Transport

TASKS = Items("task", "task_infos", "total", ("task_id",), per_page=True)
STREAMS = Items("stream", "streams", "total_num", ("app", "stream"), frozenset(("publish_domain",)))


class Accepted(NamedTuple):
    """The response to a write that the service accepts.

    Attributes:
        task_id: id of the task, or None.
        request_id: the service's id of the request, or None.
    """

    task_id: str | None
    request_id: str | None


Write = Attempts[Accepted]
"""A create, modify or delete."""


class LiveClient:
    """The relay tasks of one project.

    Args:
        transport: sends the requests.
        auth: authenticates them.
        endpoint: root URL of the service.
        project_id: the project.
        region: its region, if it is known.

    Attributes:
        transport: what sends the requests: its adapter is the place for a pace or a budget of one's own.
        secrets: the secrets that must not appear in any output.
        tasks: the list of the tasks; it can be filtered by `task_id` or `region`.
        project_id: as above.
        region: as above.
        place: project and endpoint, as messages name them.
    """

    def __init__(
        self, transport: Transport, auth: Auth, endpoint: str, project_id: str, region: str | None = None
    ) -> None:
        root = f"{endpoint}/v1/{encode(project_id)}"
        self._auth = auth
        self._url = f"{root}/pull/stream/task"
        self._streams = Pager(transport, auth, f"{root}/realtime/streams", STREAMS)
        self.transport = transport
        self.secrets = transport.secrets
        self.tasks = Pager(transport, auth, self._url, TASKS)
        self.project_id = project_id
        self.place = f"project {project_id} at {endpoint}"
        self.region = region

    def hurry(self) -> None:
        """Stop retrying requests, because the run is being ended."""
        self.transport.hurried = True

    def streams(
        self, domain: str, app_name: str | None = None, stream_name: str | None = None, deadline: float = math.inf
    ) -> Sequence[dict[str, Any]]:
        """Return the streams that are being pushed to an ingest domain, with ListLiveStreamsOnline.

        Args:
            domain: the domain, as the tasks spell it.
            app_name: only the streams of this application.
            stream_name: only this stream.
            deadline: the moment of the monotonic clock by which each response has to arrive.

        Raises:
            LiveApiError: a request failed, or the list contradicts itself.
        """
        query = {"publish_domain": domain, "app": app_name, "stream": stream_name}
        given = {name: value for name, value in query.items() if value is not None}
        return [stream for _offset, page, _left in self._streams.pages(given, deadline) for stream in page]

    def list(self, query: Mapping[str, str] | None = None, deadline: float = math.inf) -> Iterator[dict[str, Any]]:
        """Yield every task that matches the filters, once. Takes and raises what `Pager.pages` does."""
        for _offset, tasks, _left in self.tasks.pages(query, deadline, overlap=True):
            yield from tasks

    def get(self, task_id: str, deadline: float = math.inf) -> dict[str, Any] | None:
        """Return a task, or None if it does not exist.

        Args:
            task_id: id of the task.
            deadline: as for `Pager.pages`.

        Raises:
            LiveApiError: as for `Pager.pages`.
        """
        # A service that ignores the filter lists other tasks too.
        listed = self.list({"task_id": task_id}, deadline)
        return next((task for task in listed if task.get("task_id") == task_id), None)

    def modifying(self, task_id: str) -> Write:
        """Return the request ModifyPullTask for a task."""
        return self.transport.attempts("PUT", self._url, self._auth, partial(self._accept_write, "PUT", task_id))

    def creating(self) -> Write:
        """Return the request CreatePullTask."""
        return self.transport.attempts("POST", self._url, self._auth, self._accept_create)

    def delete(self, task_id: str) -> str | None:
        """Delete a task with DeletePullTask, and return the service's id of the request.

        Raises:
            LiveApiError: the request failed, or its response reports an error or names another task.
        """
        url = f"{self._url}?task_id={encode(task_id)}"
        accept = partial(self._accept_write, "DELETE", task_id)
        return self.transport.attempts("DELETE", url, self._auth, accept).send().request_id

    def _accept_create(self, answer: Answer) -> Accepted:
        task_id = member(answer.body, "task_id")
        if isinstance(task_id, str) and task_id:
            return Accepted(task_id, answer.request_id)
        raise self._error("POST", f"the response contains no task id, but {excerpt(answer.body, self.secrets)}", answer)

    def _accept_write(self, method: str, task_id: str, answer: Answer) -> Accepted:
        """Return the response to a modify or delete, unless it reports an error or names another task."""
        answered = member(answer.body, "task_id")
        code, text = code_and_text(answer.body, self.secrets)
        if answered is None and (code or text) and code != NO_ERROR:
            problem = f"HTTP {answer.status}, {' '.join(filter(None, (code, text)))}"
        elif answered not in (None, task_id):
            problem = f"the response is about task {excerpt(answered, self.secrets)}, not about {task_id}"
        else:
            # A response without a task is accepted, because the task is verified anyway.
            return Accepted(answered, answer.request_id)
        raise self._error(method, problem, answer, error_code=code, error_msg=text)

    def _error(self, method: str, text: str, answer: Answer, **details: Any) -> LiveApiError:
        """Return the error for a response that contradicts its status. The write is uncertain then."""
        details = {"http_status": answer.status, **details, "request_id": answer.request_id}
        return self.transport.error(f"{method} {self._url}", Failure(text, True, details=details))
