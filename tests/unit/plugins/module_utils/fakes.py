# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for time, for the network, and for the service."""

from __future__ import annotations

import io
import json
import math
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._secrets import Secrets
from ansible_collections.huaweicloud.live.plugins.module_utils._service.answers import Answer
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import Settings
from ansible_collections.huaweicloud.live.plugins.module_utils._service.transport import (
    Body,
    Clock,
    Tell,
    Transport,
)
from ansible_collections.huaweicloud.live.tests.emulator import Service, ServiceError

ENDPOINT = "http://127.0.0.1:9"
PROJECT_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
URL = f"{ENDPOINT}/v1/{PROJECT_ID}/pull/stream/task"
TASK_ID = "7864b3dc-e92f-42db-a754-08e627b6d8dd"
BODY = {"task_id": TASK_ID, "status": "pause"}
PAGE = b"<!DOCTYPE html>\n<html><head><title>Bad Request</title></head>\n<body><h1>Sorry</h1> we cannot</body></html>"
EPOCH = 1_800_000_000.0  # 2027-01-15T08:00:00Z


def settings_with(**changes: Any) -> Settings:
    """Return settings of a connection, the usual ones but for what is given."""
    usual = Settings(
        endpoint=ENDPOINT,
        iam_endpoint=ENDPOINT,
        region="cn-north-4",
        project_id=PROJECT_ID,
        verify=True,
        timeout=30,
        retries=5,
    )
    return usual._replace(**changes)


class FakeClock:
    """A clock that only moves when someone sleeps, and dice that always fall on the same side.

    Args:
        chance: where in its bounds each random number is: 0 the least, 1 the most.
    """

    def __init__(self, chance: float = 1.0) -> None:
        self.seconds = 1000.0
        self.naps: list[float] = []
        self.bounds: list[tuple[float, float]] = []
        self._chance = chance
        self._later: list[tuple[float, Callable[[], object]]] = []
        self.clock = Clock(
            monotonic=lambda: self.seconds,
            now=lambda: EPOCH + self.seconds - 1000.0,
            sleep=self._sleep,
            uniform=self._uniform,
        )

    def utc(self) -> datetime:
        """The same as an aware datetime, for the emulated service."""
        return datetime.fromtimestamp(self.clock.now(), timezone.utc)

    def _sleep(self, seconds: float) -> None:
        assert seconds >= 0
        assert len(self.naps) < 1000, "nobody waits that often: it would be for ever"
        self.naps.append(seconds)
        self.seconds += seconds
        for due in [due for due in self._later if due[0] <= self.seconds]:
            self._later.remove(due)
            due[1]()

    def later(self, seconds: float, what: Callable[[], object]) -> None:
        """Do something when so many seconds were slept away."""
        self._later.append((self.seconds + seconds, what))

    def _uniform(self, least: float, most: float) -> float:
        self.bounds.append((least, most))
        return least + (most - least) * self._chance


class Reply(NamedTuple):
    """An answer that a server gives."""

    status: int = 200
    body: bytes | Any = b""
    headers: Mapping[str, str] = {}

    @property
    def content(self) -> bytes:
        """The body as bytes; anything else is sent as JSON."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Script(BaseAdapter):
    """A transport of requests that goes by a script: for each request a Reply, or an error to raise.

    A line may also be a function of the request that returns one of them. The last line of the script is repeated.
    """

    def __init__(self, *lines: Reply | Exception | Callable[[requests.PreparedRequest], Reply | Exception]) -> None:
        super().__init__()
        self._lines = list(lines)
        self.sent: list[requests.PreparedRequest] = []
        self.how: list[dict[str, Any]] = []

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Answer as the script says."""
        self.sent.append(request)
        self.how.append(how)
        scripted = self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]
        line = scripted if isinstance(scripted, (Reply, Exception)) else scripted(request)
        if isinstance(line, Exception):
            raise line
        raw = HTTPResponse(
            body=io.BytesIO(line.content), headers=line.headers, status=line.status, preload_content=False
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def transport_to(
    adapter: BaseAdapter,
    clock: FakeClock | None = None,
    *,
    secrets: Iterable[str] = (),
    environ: Mapping[str, str] | None = None,
    tell: Tell = lambda text, verbosity: None,
    **settings: Any,
) -> Transport:
    """Return a transport that speaks to the adapter in place of the network."""
    return Transport(
        settings_with(**settings),
        environ or {},
        Secrets(secrets),
        tell=tell,
        clock=(clock or FakeClock()).clock,
        adapter=adapter,
    )


def client_to(adapter: BaseAdapter, clock: FakeClock | None = None, **how: Any) -> LiveClient:
    """Return a client that speaks to the adapter in place of the network."""
    return LiveClient(transport_to(adapter, clock, **how), None, ENDPOINT, PROJECT_ID)


OK = Reply(200, {"task_id": TASK_ID, "request_id": "r1"})


def failure(*lines: Reply | Exception, clock: FakeClock | None = None, **how: Any) -> LiveApiError:
    """Return the error that a modify ends with when it goes like this."""
    with pytest.raises(LiveApiError) as raised:
        client_to(Script(*lines), clock, **how).modify(BODY)
    return raised.value


def page(*numbers: int, **more: Any) -> Reply:
    """Return an answer with the tasks of these numbers."""
    return Reply(200, {"task_infos": [{"task_id": f"t{number}"} for number in numbers], **more})


def asked(script: Script) -> list[str]:
    """Return the queries that were sent."""
    return [str(request.url).partition("?")[2] for request in script.sent]


def summary_of(results: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Return how many tasks were changed, unchanged, failed and not attempted; none was created or deleted."""
    summary = results["summary"]
    assert summary.keys() == {"changed", "unchanged", "failed", "created", "deleted", "not_attempted"}
    assert (summary["created"], summary["deleted"]) == (0, 0)
    return summary["changed"], summary["unchanged"], summary["failed"], summary["not_attempted"]


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
    """A transport of requests to the model of the service, on which the answer to a modify may be lost.

    Args:
        service: the service.
        clock: the clock of the run.
        trouble: is given the number of a write, from 1, and its body; returns the error that its answer becomes.

    Attributes:
        writes: the bodies of what was to be created, modified or deleted so far.
        carries_out: whether a write whose answer is lost is carried out.
        on_read: the same as `trouble` for a read, which is given its time-out.
    """

    def __init__(
        self, service: Service, clock: FakeClock, trouble: Callable[[int, Mapping[str, Any]], Exception | None]
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
        if error and (request.method == "GET" or not self.carries_out):
            raise error
        try:
            answer = self._transport.request(str(request.method), str(request.url), None, body)
            reply = Reply(200, answer.body)
        except LiveApiError as refused:
            reply = Reply(refused.details["http_status"], {"error_code": "LIVE.1", "error_msg": refused.message})
        if error:
            raise error
        raw = HTTPResponse(body=io.BytesIO(reply.content), status=reply.status, preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""
