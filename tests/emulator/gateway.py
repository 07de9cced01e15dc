# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request to its answer: operation, authentication, and the answer of the services. No I/O."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from .auth import Authenticator, Received
from .errors import BAD_REQUEST, NO_SUCH_API, IamError, ServiceError, invalid
from .service import REGION, Service

_TASKS = re.compile("/v1/([^/]+)/pull/stream/task")
_STREAMS = re.compile("/v1/([^/]+)/realtime/streams")
_TASK_OPERATIONS = {"GET": "list", "PUT": "modify", "POST": "create", "DELETE": "delete"}
_OTHER_OPERATIONS = {
    ("POST", "/v3/auth/tokens"): "token",
    ("GET", "/v3/projects"): "projects",
    ("PUT", "/meta-data/latest/api/token"): "metadata_token",
    ("GET", "/openstack/latest/securitykey"): "agency_key",
}
_JSON_TYPE = re.compile(r'application/json(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Answer:
    """An answer. Bytes are sent as they are, other values as JSON."""

    status: int
    payload: Any
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    content_type: str = "application/json"

    @property
    def body(self) -> bytes:
        """Return the bytes to send."""
        return self.payload if isinstance(self.payload, bytes) else json.dumps(self.payload).encode()


@dataclasses.dataclass(frozen=True)
class Call:
    """A parsed request."""

    received: Received
    operation: str
    project_id: str | None
    json: Any
    """The decoded body, or None if it is not JSON."""
    json_problem: str | None
    request_id: str

    @property
    def task_id(self) -> str | None:
        """Return the id of the task in the request, if it has one."""
        named = dict(self.received.query).get("task_id")
        if named is None and isinstance(self.json, dict):
            named = self.json.get("task_id")
        return named if isinstance(named, str) else None


def parse(received: Received, request_id: str) -> Call:
    """Parse a request. This checks nothing."""
    operation, project_id = _operation(received.method, received.path)
    try:
        decoded, problem = _decoded(received.body) if received.body else None, None
    except ValueError as error:
        decoded, problem = None, f"the body is not JSON: {error}"
    return Call(received, operation, project_id, decoded, problem, request_id)


def perform(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    """Carry out a request, or refuse it, and return the answer."""
    handlers: dict[str, Callable[[Call, Service, Authenticator], Answer]] = {
        "list": _list,
        "modify": _modify,
        "create": _create,
        "delete": _delete,
        "streams": _streams,
        "token": _token,
        "projects": _projects,
        "metadata_token": _metadata_token,
        "agency_key": _agency_key,
        "unknown": _unknown,
    }
    try:
        return handlers[call.operation](call, service, authenticator)
    except ServiceError as error:
        return refusal(error, call.request_id)


def refusal(error: ServiceError, request_id: str) -> Answer:
    """Return the answer for an error."""
    return Answer(error.status, error.payload(request_id), error.headers)


def _list(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    project_id = _admitted(call, authenticator)
    page = service.list(_query(call), project_id)
    total = {} if page.total is None else {"total": page.total}
    return Answer(200, {"task_infos": page.task_infos, **total, "request_id": call.request_id})


def _modify(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    project_id = _admitted(call, authenticator)
    return _task_answer(service.modify(_body(call), project_id), call)


def _create(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    project_id = _admitted(call, authenticator)
    regions = {known: name for name, known in authenticator.directory.projects.items()}
    return _task_answer(service.create(_body(call), project_id, regions.get(project_id, REGION)), call)


def _delete(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    project_id = _admitted(call, authenticator)
    return _task_answer(service.delete(_query(call), project_id), call)


def _streams(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    _admitted(call, authenticator)
    query = _query(call)
    streams, total = service.streams(query)
    limit, offset = int(query.get("limit", 10)), int(query.get("offset", 0))
    counts = {"total_page": -(-total // limit), "total_num": total, "offset": offset, "limit": limit}
    return Answer(200, {**counts, "streams": streams, "request_id": call.request_id})


def _token(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    try:
        body = _body(call)
    except ServiceError as error:
        raise IamError(400, "Bad Request", error.message) from error
    token, payload = authenticator.issue_token(body, service.behaviour.token_uses)
    return Answer(201, payload, {"X-Subject-Token": token})


def _projects(call: Call, _service: Service, authenticator: Authenticator) -> Answer:
    authenticator.authenticate(call.received)
    return Answer(200, {"projects": authenticator.projects(_query(call))})


def _metadata_token(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    if not service.behaviour.metadata_tokens:
        return _unknown(call, service, authenticator)
    if not call.received.headers.get("x-metadata-token-ttl-seconds", "").isdecimal():
        raise ServiceError(400, BAD_REQUEST, "X-Metadata-Token-Ttl-Seconds is missing")
    return Answer(200, authenticator.issue_metadata_token().encode(), content_type="text/plain")


def _agency_key(call: Call, service: Service, authenticator: Authenticator) -> Answer:
    behaviour = service.behaviour
    if not behaviour.agency:
        raise ServiceError(401, BAD_REQUEST, "Please configure Cloud Service Agency first")
    token = call.received.headers.get("x-metadata-token", "") if behaviour.metadata_tokens else None
    return Answer(200, {"credential": authenticator.agency_key(token, behaviour.token_uses)})


def _unknown(_call: Call, _service: Service, _authenticator: Authenticator) -> Answer:
    raise ServiceError(404, NO_SUCH_API, "The API does not exist or has not been published in the environment")


def _admitted(call: Call, authenticator: Authenticator) -> str:
    """Check the credentials for the project of the path, and return its id."""
    project_id = call.project_id or ""
    authenticator.authenticate(call.received, project_id)
    return project_id


def _task_answer(task_id: str, call: Call) -> Answer:
    return Answer(200, {"task_id": task_id, "request_id": call.request_id})


def _query(call: Call) -> dict[str, str]:
    pairs = call.received.query
    query = dict(pairs)
    if len(query) != len(pairs):
        raise invalid("a query parameter is given twice")
    return query


def _body(call: Call) -> object:
    content_type = call.received.headers.get("content-type", "")
    if not _JSON_TYPE.fullmatch(content_type.strip()):
        raise invalid(f"Content-Type must be application/json, not {content_type!r}")
    if call.json_problem:
        raise invalid(call.json_problem)
    return call.json


def _operation(method: str, path: str) -> tuple[str, str | None]:
    """Return the operation, and the project id of the path if it has one."""
    match = _TASKS.fullmatch(path)
    if match and method in _TASK_OPERATIONS:
        return _TASK_OPERATIONS[method], unquote(match[1])
    match = _STREAMS.fullmatch(path)
    if match and method == "GET":
        return "streams", unquote(match[1])
    return _OTHER_OPERATIONS.get((method, path), "unknown"), None


def _decoded(body: bytes) -> Any:
    """Return the value of a JSON body. Raises ValueError for JSON that only some parsers accept."""
    try:
        return json.loads(body.decode(), parse_constant=_no_constant, object_pairs_hook=_unique)
    except RecursionError:
        raise ValueError("too deeply nested") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name is given twice in an object")
    return values
