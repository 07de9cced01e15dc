# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of each kind of fault on a request."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .errors import BAD_REQUEST, THROTTLED, ServiceError, invalid
from .faults import READS, Fault
from .gateway import Answer, Call, refusal

ANOTHER_TASK_ID = "99999999-0000-4000-8000-000000000009"
"""The task in an ``other_task`` answer."""

PAGE = b"<!DOCTYPE html>\n<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"

_POLL_SECONDS = 0.02
_DRIP_SECONDS = 0.05
_LINGER_NOT = struct.pack("ii", 1, 0)


def answer_of_fault(fault: Fault, call: Call, perform: Callable[[], Answer]) -> Answer | None:
    """Return the answer of a fault, or None if the fault sends no answer.

    ``perform`` carries out the request. Only some faults call it for a write.
    """
    makers: dict[str, Callable[[], Answer]] = {
        "status": lambda: _status(fault, call),
        "html": lambda: Answer(fault.status or 502, _bytes(fault.body, PAGE), fault.headers, "text/html"),
        "redirect": lambda: Answer(fault.status or 302, b"", {"Location": fault.location, **fault.headers}),
        "raw": lambda: Answer(fault.status or 200, _bytes(fault.body, b""), fault.headers, fault.content_type),
        "json": lambda: Answer(fault.status or 200, fault.body, fault.headers),
        "no_task_infos": lambda: _listed(call, perform, lambda infos: {}),
        "null_task_infos": lambda: _listed(call, perform, lambda infos: {"task_infos": None}),
        "empty_page": lambda: _listed(call, perform, lambda infos: {"task_infos": []}),
        "error_in_200": lambda: _error_in_200(fault, call),
        "error_in_200_after": lambda: _error_in_200(fault, call, perform()),
        "other_task": lambda: _other_task(call, perform),
        "echo_secrets": lambda: refusal(invalid(_echo(call)), call.request_id),
    }
    maker = makers.get(fault.kind)
    return maker() if maker else None


async def break_connection(fault: Fault, request: web.BaseRequest, answer: Answer | None, stop: asyncio.Event) -> None:
    """Break the connection before the client gets the complete ``answer``."""
    if fault.kind in ("timeout", "timeout_after"):
        await _idle(request, fault.seconds, stop)
    elif fault.kind == "drip":
        await _drip(request, fault.seconds, stop)
    transport = request.transport
    if transport is None:
        return
    if fault.kind == "truncate" and answer is not None:
        transport.write(_half(answer))
    if fault.kind == "reset":
        # With a linger time of zero the kernel sends RST instead of FIN.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()
    else:
        transport.close()


async def _idle(request: web.BaseRequest, seconds: float, stop: asyncio.Event) -> None:
    """Wait until the time has passed, the client has disconnected, or the emulator stops."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not stop.is_set() and not _gone(request):
        await asyncio.sleep(_POLL_SECONDS)


async def _drip(request: web.BaseRequest, seconds: float, stop: asyncio.Event) -> None:
    """Send white space byte by byte, which may still become JSON, until the same conditions as in _idle."""
    deadline = time.monotonic() + seconds
    transport = request.transport
    if transport is not None:
        transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
    while transport is not None and time.monotonic() < deadline and not stop.is_set() and not _gone(request):
        transport.write(b" ")
        await asyncio.sleep(_DRIP_SECONDS)


def _gone(request: web.BaseRequest) -> bool:
    return request.transport is None or request.transport.is_closing()


def _half(answer: Answer) -> bytes:
    """Return the head of the answer and the first half of its body."""
    body = answer.body
    head = f"HTTP/1.1 {answer.status} OK\r\nContent-Type: {answer.content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body[: len(body) // 2]


def _status(fault: Fault, call: Call) -> Answer:
    status = fault.status or 503
    code = THROTTLED if status == 429 else BAD_REQUEST
    usual = ServiceError(status, code, "Emulated trouble").payload(call.request_id)
    payload = usual if fault.body is None else _bytes(fault.body, b"")
    return Answer(status, payload, fault.headers, fault.content_type)


def _listed(call: Call, perform: Callable[[], Answer], of_infos: Callable[[list[Any]], dict[str, Any]]) -> Answer:
    """Return the List answer with a changed list. Answers to other operations have no list."""
    answer = perform() if call.operation in READS else Answer(200, {"request_id": call.request_id})
    if answer.status != 200:
        return answer
    payload = dict(answer.payload)
    infos = payload.pop("task_infos", [])
    return Answer(200, {**payload, **of_infos(infos)}, answer.headers)


def _error_in_200(fault: Fault, call: Call, answer: Answer | None = None) -> Answer:
    """Return an answer in the form of success, with an error."""
    success = {"task_infos": [], "total": 0} if call.operation in READS else {"task_id": call.task_id}
    usual = ServiceError(200, BAD_REQUEST, "Emulated trouble").payload(call.request_id)
    return Answer(fault.status or 200, {**success, **(answer.payload if answer else {}), **usual}, fault.headers)


def _other_task(call: Call, perform: Callable[[], Answer]) -> Answer:
    if call.operation not in READS:
        return Answer(200, {"task_id": ANOTHER_TASK_ID, "request_id": call.request_id})
    return _listed(
        call, perform, lambda infos: {"task_infos": [{**info, "task_id": ANOTHER_TASK_ID} for info in infos]}
    )


def _echo(call: Call) -> str:
    headers = " ".join(f"{name}: {value}" for name, value in call.received.headers.items())
    return f"cannot serve {headers} {call.received.body.decode('utf-8', 'replace')}"


def _bytes(body: Any, default: bytes) -> bytes:
    """Return ``body`` as bytes: text as UTF-8, any other value as JSON."""
    if body is None:
        return default
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
