# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints under /emulator/, which control the emulator from any language.

GET, PUT, PATCH  /emulator/behaviour  read, replace or change the switches
GET, DELETE      /emulator/journal    read or delete the requests so far
GET, POST, DELETE /emulator/faults    read the planned faults, add one or a list, or delete them
GET, PUT, POST   /emulator/tasks      read, replace ({"tasks": [...]}) or add ({"count": 200}) the tasks of ?project_id=
GET, POST        /emulator/writer     read the changes of the second writer, planned and finished, or plan one or a list
GET              /emulator/player     what each channel shows, and how often its viewers were disturbed
GET, POST        /emulator/streams    read the listed streams, or end the push of a channel ({"knock": task_id})
GET              /emulator/files      the requests to the file server so far
GET              /emulator/cut        the channels that were on air when they were deleted
POST             /emulator/reset      restore the state at the start, then change the given switches, as with PATCH
GET              /emulator/health     check that the emulator runs
POST             /emulator/stop       stop the emulator
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from .backend import Backend
from .behaviour import Behaviour
from .checks import Check, integer, problem_in, text
from .faults import Fault
from .gateway import Answer
from .seeds import seed_many
from .service import PROJECT_ID
from .writer import Change

PREFIX = "/emulator/"

Handler = Callable[[Backend, Mapping[str, str], Any], Any]


def control(backend: Backend, stop: Callable[[], None], method: str, path: str, raw_query: str, body: bytes) -> Answer:
    """Carry out a control request. An invalid request gets 400 with the reason."""
    if (method, path) == ("POST", PREFIX + "stop"):
        stop()
        return Answer(200, {"status": "stopping"})
    handler = _HANDLERS.get((method, path.removeprefix(PREFIX)))
    if handler is None:
        return Answer(404, {"error": f"there is no {method} {path}"})
    try:
        return Answer(200, handler(backend, dict(parse_qsl(raw_query)), json.loads(body) if body else {}))
    except ValueError as error:
        return Answer(400, {"error": str(error)})


def _health(_backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return {"status": "ok"}


def _reset(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    # Before the reset: a wrong switch must change nothing.
    behaviour = Behaviour.from_json(_object(body), backend.first_behaviour)
    backend.reset()
    backend.service.behaviour = behaviour
    return _health(backend, query, body)


def _get_behaviour(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return backend.service.behaviour.to_json()


def _put_behaviour(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    backend.service.behaviour = Behaviour.from_json(_object(body))
    return _get_behaviour(backend, query, body)


def _patch_behaviour(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    backend.service.behaviour = Behaviour.from_json(_object(body), backend.service.behaviour)
    return _get_behaviour(backend, query, body)


def _get_journal(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return {"requests": backend.journal.entries()}


def _delete_journal(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    backend.journal.clear()
    return _get_journal(backend, query, body)


def _get_faults(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return {"faults": [fault.to_json() for fault in backend.faults.pending()]}


def _post_faults(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    described = body if isinstance(body, list) else [body]
    backend.faults.add(*[Fault.from_json(_object(fault)) for fault in described])
    return _get_faults(backend, query, body)


def _delete_faults(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    backend.faults.clear()
    return _get_faults(backend, query, body)


def _get_tasks(backend: Backend, query: Mapping[str, str], _body: Any) -> Any:
    project_id = query.get("project_id", PROJECT_ID)
    return {"project_id": project_id, "tasks": backend.service.tasks(project_id)}


def _put_tasks(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    tasks = _object(body, {"tasks": _tasks})["tasks"]
    backend.service.replace_tasks(tasks, query.get("project_id", PROJECT_ID))
    return _get_tasks(backend, query, body)


def _post_tasks(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    count = _object(body, {"count": integer(0, 100_000)})["count"]
    backend.service.add_tasks(seed_many(count), query.get("project_id", PROJECT_ID))
    return {"added": count}


def _get_writer(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    service = backend.service
    meddled = [{"task_id": task_id, "fields": fields} for task_id, fields in service.meddled]
    return {"changes": [change.to_json() for change in service.planned], "meddled": meddled}


def _post_writer(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    described = body if isinstance(body, list) else [body]
    backend.service.plan(*[Change.from_json(_object(change)) for change in described])
    return _get_writer(backend, query, body)


def _get_player(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return backend.service.player.to_json()


def _get_streams(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return {"streams": backend.service.pushes.listed()}


def _post_streams(backend: Backend, query: Mapping[str, str], body: Any) -> Any:
    task_id = _object(body, {"knock": text(1)})["knock"]
    try:
        backend.service.knock(task_id)
    except KeyError as error:
        raise ValueError(f"the task {task_id} does not exist") from error
    return _get_streams(backend, query, body)


def _get_files(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return {"requests": backend.files.requests}


def _get_cut(backend: Backend, _query: Mapping[str, str], _body: Any) -> Any:
    return {"cut": backend.service.player.cut}


def _object(body: Any, table: Mapping[str, Check] | None = None) -> dict[str, Any]:
    """Return ``body`` if it is an object. If ``table`` is given, the fields must be exactly those."""
    if not isinstance(body, dict):
        raise ValueError("a JSON object is needed")
    problem = problem_in(body, table, required=tuple(table)) if table else None
    if problem:
        raise ValueError(problem)
    return body


def _tasks(value: object) -> str | None:
    good = isinstance(value, list) and all(isinstance(task, dict) and "task_id" in task for task in value)
    return None if good else "must be an array of objects with a task_id"


_HANDLERS: dict[tuple[str, str], Handler] = {
    ("GET", "health"): _health,
    ("POST", "reset"): _reset,
    ("GET", "behaviour"): _get_behaviour,
    ("PUT", "behaviour"): _put_behaviour,
    ("PATCH", "behaviour"): _patch_behaviour,
    ("GET", "journal"): _get_journal,
    ("DELETE", "journal"): _delete_journal,
    ("GET", "faults"): _get_faults,
    ("POST", "faults"): _post_faults,
    ("DELETE", "faults"): _delete_faults,
    ("GET", "tasks"): _get_tasks,
    ("PUT", "tasks"): _put_tasks,
    ("POST", "tasks"): _post_tasks,
    ("GET", "writer"): _get_writer,
    ("POST", "writer"): _post_writer,
    ("GET", "player"): _get_player,
    ("GET", "cut"): _get_cut,
    ("GET", "files"): _get_files,
    ("GET", "streams"): _get_streams,
    ("POST", "streams"): _post_streams,
}
