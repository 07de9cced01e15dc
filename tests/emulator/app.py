# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated services over HTTP."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

from aiohttp import web

from .auth import Received
from .backend import Backend
from .control import PREFIX, control
from .errors import BAD_REQUEST, THROTTLED, ServiceError
from .faults import LOST_ANSWERS, SLOW, WRITES, Fault
from .files import PREFIX as FILES
from .gateway import Answer, Call, parse, perform, refusal
from .journal import Entry
from .trouble import answer_of_fault, break_connection


class App:
    """Serves a backend. It is a handler for the low-level server of aiohttp: no router or middleware is needed."""

    def __init__(self, backend: Backend, stop: asyncio.Event) -> None:
        """A control request sets ``stop`` to stop the emulator."""
        self._backend = backend
        self._stop = stop

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path, _mark, raw_query = request.raw_path.partition("?")
        request_id = str(uuid.uuid4())
        if path.startswith(FILES):
            return await self._backend.files.serve(request)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            error = ServiceError(413, BAD_REQUEST, "Request entity too large")
            return _response(refusal(error, request_id), request_id)
        if path.startswith(PREFIX):
            answer = control(self._backend, self._stop_soon, request.method, path, raw_query, body)
            return _response(answer, request_id)
        received = Received(request.method, path, raw_query, _headers(request), body)
        return await self._serve(request, parse(received, request_id))

    async def _serve(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        backend, behaviour = self._backend, self._backend.service.behaviour
        entry = backend.journal.start(call.operation, call.received, call.json, call.request_id)
        try:
            admitted = backend.throttle.admits(behaviour, entry["in_flight"])
            if behaviour.latency:
                await asyncio.sleep(behaviour.latency)
            if not admitted:
                headers = {"Retry-After": str(behaviour.retry_after)}
                error = ServiceError(429, THROTTLED, "The throttling threshold has been reached", headers)
                answer: Answer | None = refusal(error, call.request_id)
            else:
                answer = await self._answer(request, call, entry)
            entry["status"] = answer.status if answer else None
        finally:
            backend.journal.end(entry)
        # If the connection is broken, aiohttp drops this response as after an early disconnect.
        return _response(answer, call.request_id) if answer else web.Response()

    async def _answer(self, request: web.BaseRequest, call: Call, entry: Entry) -> Answer | None:
        """Carry out the request or apply a fault. Return None if the fault broke the connection."""
        backend = self._backend

        def perform_it() -> Answer:
            return perform(call, backend.service, backend.authenticator)

        fault = backend.faults.take(call.operation, call.task_id)
        if fault is None:
            return perform_it()
        entry["fault"] = fault.kind
        answer = answer_of_fault(fault, call, perform_it)
        if answer is None:
            await self._break(fault, request, perform_it, entry)
        return answer

    async def _break(
        self, fault: Fault, request: web.BaseRequest, perform_it: Callable[[], Answer], entry: Entry
    ) -> None:
        lost = perform_it() if fault.kind in LOST_ANSWERS else None
        if fault.kind not in SLOW:
            # As before an answer: the client must not be ahead of the journal.
            self._backend.journal.end(entry)
        await break_connection(fault, request, lost, self._stop)
        if fault.lands_after is not None and entry["operation"] in WRITES:
            self._land_later(fault.lands_after, perform_it, entry)

    def _land_later(self, seconds: float, perform_it: Callable[[], Answer], entry: Entry) -> None:
        """Carry out a request after its connection is closed, unless the emulator is reset or stopped before."""
        resets = self._backend.resets

        def land() -> None:
            with self._backend.landing:
                if self._backend.resets == resets:
                    entry["landed"] = perform_it().status

        asyncio.get_running_loop().call_later(seconds, land)

    def _stop_soon(self) -> None:
        """Stop after the answer to this request is sent."""
        asyncio.get_running_loop().call_later(0.05, self._stop.set)


def _headers(request: web.BaseRequest) -> dict[str, str]:
    """Return the headers by lower-case name. The values of repeated names are joined, as in HTTP."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return headers


def _response(answer: Answer, request_id: str) -> web.Response:
    headers = {"Content-Type": answer.content_type, "X-Request-Id": request_id, **answer.headers}
    return web.Response(status=answer.status, body=answer.body, headers=headers)
