# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulated service without sockets, called directly or over HTTP."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._secrets import Secrets
from ansible_collections.huaweicloud.live.plugins.module_utils._service.answers import Answer
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.pace import Pace
from ansible_collections.huaweicloud.live.tests.emulator import Service, ServiceError
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import ENDPOINT, PROJECT_ID, Reply, client_to

Fate = Callable[[int, Mapping[str, Any]], "Exception | Reply | None"]


class FakeService(BaseAdapter):
    """The model of the service, for clients that call it directly (`client`) or over HTTP (`client_over_http`).

    Both ways convert all values to JSON and back. Direct calls are faster. Over HTTP, the client repeats requests.

    Args:
        service: the model.
        clock: the clock of the run; None: no time passes.

    Attributes:
        sent: the method, and the query or body, of each request so far.
        before: called with the same arguments before each request. The client gets its exceptions.
        edit: called with the method and the answer of a request. The client gets its return value.
        fate: called over HTTP with the number of a write, from 1, and its body or query. Returns an error instead of
            the answer, an answer that refuses the write, or None for success.
        fate_of_read: the same for a read, called with its number, from 0, and its time-out.
        carries_out: whether a write is carried out if `fate` returns an error.
    """

    def __init__(self, service: Service, clock: FakeClock | None = None) -> None:
        super().__init__()
        self.service = service
        self.clock = clock or FakeClock()
        self.secrets = Secrets()
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.before: Callable[[str, Mapping[str, Any]], None] = lambda method, what: None
        self.edit: Callable[[str, Mapping[str, Any]], Mapping[str, Any]] = lambda method, answer: answer
        self.fate: Fate = lambda number, what: None
        self.fate_of_read: Callable[[int, float], Exception | None] = lambda number, timeout: None
        self.carries_out = True
        self._lock = threading.Lock()

    @property
    def reads(self) -> list[dict[str, Any]]:
        """Return the queries of the List requests so far."""
        return [what for method, what in self.sent if method == "GET"]

    @property
    def writes(self) -> list[dict[str, Any]]:
        """Return the bodies of the creates and modifies, and the queries of the deletes, so far."""
        return [what for method, what in self.sent if method != "GET"]

    @property
    def write_methods(self) -> list[str]:
        """Return the methods of the writes so far."""
        return [method for method, _what in self.sent if method != "GET"]

    def client(self) -> LiveClient:
        """Return a client that calls the service directly."""
        return LiveClient(self, None, ENDPOINT, PROJECT_ID)  # type: ignore[arg-type]

    def client_over_http(self, **settings: Any) -> LiveClient:
        """Return a client that calls the service over HTTP, with these settings."""
        return client_to(self, self.clock, **settings)

    def lose(self, *numbers: int, carries_out: bool = True) -> None:
        """Lose the answers to writes; number 1 is the next one. ``carries_out``: whether they are carried out."""
        before = len(self.writes)

        def fate(number: int, _what: Mapping[str, Any]) -> Exception | None:
            return requests.exceptions.ReadTimeout() if number - before in numbers else None

        self.fate, self.carries_out = fate, carries_out

    def on(self, method: str, happens: Callable[[], object], number: int = 1) -> None:
        """Call ``happens`` right before a request with this method. Number 1 is the next request."""
        left = [number]

        def before(sent: str, _what: Mapping[str, Any]) -> None:
            left[0] -= sent == method
            if sent == method and left[0] == 0:
                happens()

        self.before = before

    def request(
        self,
        method: str,
        url: str,
        auth: object,
        body: Mapping[str, Any] | None = None,
        *,
        deadline: float = math.inf,
    ) -> Answer:
        """Carry out a direct request."""
        try:
            return Answer(*self._perform(method, url, body))
        except ServiceError as error:
            raise LiveApiError(str(error), http_status=error.status, error_code=error.code) from error

    @property
    def pace(self) -> Pace:
        """No request of a client that is connected straight waits for its turn."""
        return Pace(self.clock.clock)

    def attempts(self, method: str, url: str, _auth: object, accept: Callable[[Answer], Any]) -> _Attempts:
        """Return a request of a client that is connected straight."""
        return _Attempts(self, method, url, accept)

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        """Carry out a request over HTTP."""
        method, url = str(request.method), str(request.url)
        body = json.loads(request.body) if request.body else None
        if method == "GET":
            fate: Exception | Reply | None = self.fate_of_read(len(self.reads), how["timeout"])
        else:
            fate = self.fate(len(self.writes) + 1, body or _query(url))
        if isinstance(fate, Exception) and (method == "GET" or not self.carries_out):
            self._note(method, body or _query(url))
            raise fate
        if isinstance(fate, Reply):
            self._note(method, body or _query(url))
            return fate.to(request)
        try:
            reply = Reply(200, self._perform(method, url, body)[0])
        except ServiceError as refused:
            reply = Reply(refused.status, {"error_code": refused.code, "error_msg": str(refused)})
        if fate:
            raise fate
        return reply.to(request)

    def close(self) -> None:
        """Do nothing."""

    def _note(self, method: str, what: Mapping[str, Any]) -> str:
        with self._lock:
            self.sent.append((method, json.loads(json.dumps(what))))
            return f"request-{len(self.sent)}"

    def _perform(self, method: str, url: str, body: Mapping[str, Any] | None) -> tuple[Any, dict[str, str], str]:
        """Return the body, headers and request id of an answer."""
        query = _query(url)
        request_id = self._note(method, query if body is None else body)
        self.before(method, query if body is None else body)
        answer = self.edit(method, {**self._answer(method, query, body), "request_id": request_id})
        return json.loads(json.dumps(answer)), {}, request_id

    def _answer(self, method: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> dict[str, Any]:
        if "publish_domain" in query:
            streams, number = self.service.streams(query)
            return {"streams": streams, "total_num": number}
        if method == "GET":
            page = self.service.list(query)
            return {"task_infos": page.task_infos, "total": page.total}
        if method == "DELETE":
            return {"task_id": self.service.delete(query)}
        perform = self.service.create if method == "POST" else self.service.modify
        return {"task_id": perform(json.loads(json.dumps(body)))}


class _Attempts:
    """One request of a client that is connected straight: its first attempt is the last one."""

    uncertain = False

    def __init__(self, service: FakeService, method: str, url: str, accept: Callable[[Answer], Any]) -> None:
        self._service = service
        self._method = method
        self._url = url
        self._accept = accept

    def turn(self) -> float:
        """Return the moment of the turn."""
        return self._service.pace.turn()

    def wait(self) -> None:
        """Wait for the turn."""
        self._service.pace.wait(math.inf)

    def attempt(self, body: Mapping[str, Any] | None = None) -> Any:
        """Carry out the request after `wait`."""
        return self._accept(self._service.request(self._method, self._url, None, body))

    def send(self, body: Mapping[str, Any] | None = None) -> Any:
        """Carry out the request."""
        self.wait()
        return self.attempt(body)


def _query(url: str) -> dict[str, str]:
    """Return the query of a URL, which has to be that of the tasks, or of the streams."""
    parts = urlsplit(url)
    path = "realtime/streams" if "publish_domain=" in parts.query else "pull/stream/task"
    assert parts.path == f"/v1/{PROJECT_ID}/{path}"
    return dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
