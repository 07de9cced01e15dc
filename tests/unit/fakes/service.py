# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulated service in place of the real one: straight, or by way of HTTP."""

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
from ansible_collections.huaweicloud.live.plugins.module_utils._service.transport import Body
from ansible_collections.huaweicloud.live.tests.emulator import Service, ServiceError
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import ENDPOINT, PROJECT_ID, Reply


class ServiceTransport:
    """A transport straight to the model of the service, without HTTP but with everything turned into JSON and back.

    Attributes:
        reads: the queries of the List requests so far.
        writes: the bodies of the Modify requests so far.
        lives: method and body or query of the Create and Delete requests so far.
        before: called with the method and the query or body ahead of each request; what it raises, the client gets.
        monotonic: the clock; without one, no time passes.
    """

    def __init__(self, service: Service, monotonic: Callable[[], float] = lambda: 1000.0) -> None:
        self.service = service
        self.monotonic = monotonic
        self.secrets = Secrets()
        self.reads: list[dict[str, str]] = []
        self.writes: list[dict[str, Any]] = []
        self.lives: list[tuple[str, dict[str, Any]]] = []
        self.before: Callable[[str, Mapping[str, Any]], None] = lambda method, what: None
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        auth: object,
        body: Mapping[str, Any] | Body | None = None,
        *,
        deadline: float = math.inf,
    ) -> Answer:
        """Carry out a request."""
        if body is not None and not isinstance(body, Mapping):
            body = body.at(self.monotonic())
        parts = urlsplit(url)
        assert parts.path == f"/v1/{PROJECT_ID}/pull/stream/task"
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        with self._lock:
            if method == "GET":
                self.reads.append(query)
            elif method == "PUT":
                self.writes.append(json.loads(json.dumps(body)))
            else:
                self.lives.append((method, json.loads(json.dumps(body or query))))
            request_id = f"request-{len(self.reads) + len(self.writes) + len(self.lives)}"
        self.before(method, query if body is None else body)
        try:
            answer = self._perform(method, query, body)
        except ServiceError as error:
            raise LiveApiError(str(error), http_status=error.status, error_code=error.code) from error
        return Answer(json.loads(json.dumps({**answer, "request_id": request_id})), {}, request_id)

    def _perform(self, method: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> dict[str, Any]:
        if method == "GET":
            page = self.service.list(query)
            return {"task_infos": page.task_infos, "total": page.total}
        if method == "DELETE":
            return {"task_id": self.service.delete(query)}
        perform = self.service.create if method == "POST" else self.service.modify
        return {"task_id": perform(json.loads(json.dumps(body)))}

    def client(self) -> LiveClient:
        """Return a client that uses this transport."""
        return LiveClient(self, None, ENDPOINT, PROJECT_ID)  # type: ignore[arg-type]


class ServiceAdapter(BaseAdapter):
    """A transport of requests to the model of the service, on which answers may be lost or requests refused.

    Args:
        service: the service.
        clock: the clock of the run.
        trouble: is given the number of a write, from 1, and its body; returns the error that its answer becomes, or
            the answer with which the request is refused.

    Attributes:
        writes: the bodies of what was to be created, modified or deleted so far.
        carries_out: whether a write whose answer is lost is carried out.
        on_read: the same as `trouble` for a read, which is given its time-out.
    """

    def __init__(
        self, service: Service, clock: FakeClock, trouble: Callable[[int, Mapping[str, Any]], Exception | Reply | None]
    ) -> None:
        super().__init__()
        self.writes: list[dict[str, Any]] = []
        self.carries_out = True
        self.on_read: Callable[[int, float], Exception | None] = lambda number, timeout: None
        self._transport = ServiceTransport(service)
        self._trouble = trouble

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Carry out a request."""
        if request.method == "GET":
            error = self.on_read(len(self._transport.reads), how["timeout"])
            body = None
        else:
            body = json.loads(request.body) if request.body else None
            self.writes.append(body or {})
            error = self._trouble(len(self.writes), body or {})
        if isinstance(error, Reply):
            return error.to(request)
        if error and (request.method == "GET" or not self.carries_out):
            raise error
        try:
            answer = self._transport.request(str(request.method), str(request.url), None, body)
            reply = Reply(200, answer.body)
        except LiveApiError as refused:
            reply = Reply(refused.details["http_status"], {"error_code": "LIVE.1", "error_msg": refused.message})
        if error:
            raise error
        return reply.to(request)

    def close(self) -> None:
        """Nothing is open."""
