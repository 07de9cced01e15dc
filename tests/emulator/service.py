# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pull tasks of the Live service: their constraints and their state, without HTTP.

Every constraint is one that the pages of ListPullTasks, ModifyPullTask, CreatePullTask and DeletePullTask document;
unknown fields and null are refused on top, so that a client that sends them does not go unnoticed.
"""

from __future__ import annotations

import copy
import dataclasses
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from .behaviour import Behaviour
from .checks import MAX_INTEGER, Check, digits, integer, list_of, one_of, pattern, problem_in, text
from .clock import Clock, is_time, read_time, utc_now, write_time
from .errors import TASK_NOT_FOUND, ServiceError, invalid
from .view import DEFAULTS, EVENTS, Task, shown

PROJECT_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
REGION = "cn-north-4"
DEFAULT_LIMIT = 10
"""The page size when ``limit`` is left out. The documentation names none; a small one shows who forgets to page."""

VOD = "PullVodPushLive"
LIVE = "PullLivePushLive"
MAX_DURATION = timedelta(days=7)

_url = pattern(
    r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*", "must be a URL: scheme://host/path"
)
_urls = list_of(_url, 1, 30)

_SCHEDULE: dict[str, Check] = {
    "source_urls": _urls,
    "vod_loop_time": pattern("|-1|[1-9][0-9]*", 'must be "-1", a number of rounds, or empty'),
    "vod_refresh_type": one_of("immediate_new_source", "continue_from_file_start", "continue_from_break_point"),
    "vod_start_video_index": integer(0),
    "vod_start_video_time": integer(0),
    "start_time": is_time,
    "end_time": is_time,
    "callback_events": list_of(one_of(*EVENTS)),
}
_MODIFY: dict[str, Check] = {"task_id": text(1), "status": one_of("pause", "enable"), **_SCHEDULE}
_CREATE: dict[str, Check] = {
    "region": text(1, 64),
    "source_type": one_of(LIVE, VOD),
    "domain": text(0, 255),
    "app_name": text(0, 128),
    "stream_name": text(0, 512),
    "push_args": text(0),
    "destination_url": text(0),
    "callback_url": text(0),
    "backup_source_type": one_of(LIVE),
    "backup_source_urls": list_of(_url),
    **_SCHEDULE,
}
_LIST: dict[str, Check] = {
    "task_id": text(1),
    "region": text(1, 64),
    "offset": digits(0, MAX_INTEGER),
    "limit": digits(1, 100),
}
_DELETE: dict[str, Check] = {"task_id": text(1), "region": text(1, 64)}

_VOD_ONLY = (
    "vod_loop_time",
    "vod_refresh_type",
    "vod_start_video_index",
    "vod_start_video_time",
    "backup_source_type",
    "backup_source_urls",
)
_VOD_EVENTS = ("VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig")
_TARGET = ("domain", "app_name", "stream_name")
_EMPTY: Task = {**dict.fromkeys((*_TARGET, "push_args", "destination_url", "callback_url", "backup_source_type"), "")}


@dataclasses.dataclass(frozen=True)
class _Record:
    """A task, and what List shows in its place for a while after a modify."""

    task: Task
    before: Task | None = None
    stale_until: datetime | None = None
    stale_reads: int = 0

    def visible(self, now: datetime) -> Task:
        """Return the task as a List answer at this moment has it."""
        stale = self.stale_reads > 0 or (self.stale_until is not None and now < self.stale_until)
        return self.before if stale and self.before is not None else self.task

    def after_read(self) -> _Record:
        """Return the record after one List answer."""
        return dataclasses.replace(self, stale_reads=self.stale_reads - 1) if self.stale_reads else self


@dataclasses.dataclass(frozen=True)
class Page:
    """A List answer."""

    task_infos: list[Task]
    total: int


class Service:
    """The pull tasks of all projects. Safe to use from any thread.

    A request that is refused raises ServiceError and has changed nothing.
    """

    def __init__(
        self,
        tasks: Iterable[Task] = (),
        *,
        behaviour: Behaviour | None = None,
        now: Clock = utc_now,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        """Start with ``tasks`` in the default project; ``now`` and ``new_id`` are for tests that want them fixed."""
        self.behaviour = behaviour or Behaviour()
        self._now = now
        self._new_id = new_id
        self._projects: dict[str, dict[str, _Record]] = {}
        # Requests are served by one thread, but tests look in from another.
        self._lock = threading.RLock()
        self.replace_tasks(tasks)

    # What tests may do to the state, without any constraint.

    def tasks(self, project_id: str = PROJECT_ID) -> list[Task]:
        """Return copies of the tasks as the service holds them, in the order of creation."""
        with self._lock:
            return [copy.deepcopy(record.task) for record in self._records(project_id).values()]

    def task(self, task_id: str, project_id: str = PROJECT_ID) -> Task:
        """Return a copy of one task as the service holds it. KeyError if there is none."""
        with self._lock:
            return copy.deepcopy(self._records(project_id)[task_id].task)

    def replace_tasks(self, tasks: Iterable[Task], project_id: str = PROJECT_ID) -> None:
        """Make ``tasks`` all that the project has."""
        with self._lock:
            self._projects[project_id] = {}
            self.add_tasks(tasks, project_id)

    def add_tasks(self, tasks: Iterable[Task], project_id: str = PROJECT_ID) -> None:
        """Add ``tasks``, in place of those with the same id."""
        with self._lock:
            self._records(project_id).update({task["task_id"]: _Record(copy.deepcopy(task)) for task in tasks})

    def clear(self) -> None:
        """Forget every task of every project."""
        with self._lock:
            self._projects.clear()

    # The four operations.

    def list(self, query: Mapping[str, str], project_id: str = PROJECT_ID) -> Page:
        """Answer ListPullTasks; ``query`` holds the decoded query parameters."""
        _refuse(problem_in(query, _LIST))
        with self._lock:
            now, records = self._now(), self._records(project_id)
            found = self._matching(records, query)
            offset, limit = int(query.get("offset", 0)), int(query.get("limit", DEFAULT_LIMIT))
            page = found[offset : offset + min(limit, self.behaviour.page_cap or limit)]
            infos = [shown(records[task_id].visible(now), self.behaviour) for task_id in page]
            records.update({task_id: records[task_id].after_read() for task_id in page})
            return Page(infos, len(found))

    def modify(self, body: object, project_id: str = PROJECT_ID) -> str:
        """Carry out ModifyPullTask and return the task's id; ``body`` is the decoded JSON."""
        wanted = _checked(body, _MODIFY, required=("task_id",))
        with self._lock:
            record = self._record(project_id, wanted["task_id"])
            merged = merge(record.task, wanted, self.behaviour.left_out, self._now())
            if not self.behaviour.never_apply:
                self._records(project_id)[wanted["task_id"]] = self._replaced(record, merged)
        return str(wanted["task_id"])

    def create(self, body: object, project_id: str = PROJECT_ID, region: str = REGION) -> str:
        """Carry out CreatePullTask and return the new task's id; ``region`` is the tenant's own."""
        wanted = _checked(body, _CREATE, required=("source_type", "source_urls"))
        with self._lock:
            task = created(wanted, self._new_id(), region, self._now())
            self._records(project_id)[task["task_id"]] = _Record(task)
        return str(task["task_id"])

    def delete(self, query: Mapping[str, str], project_id: str = PROJECT_ID) -> str:
        """Carry out DeletePullTask and return the id of the task that is no more."""
        _refuse(problem_in(query, _DELETE, required=("task_id",)))
        with self._lock:
            task = self._record(project_id, query["task_id"]).task
            if query.get("region", task.get("region")) != task.get("region"):
                raise _not_found(query["task_id"])
            del self._records(project_id)[query["task_id"]]
        return query["task_id"]

    def _records(self, project_id: str) -> dict[str, _Record]:
        return self._projects.setdefault(project_id, {})

    def _record(self, project_id: str, task_id: str) -> _Record:
        try:
            return self._records(project_id)[task_id]
        except KeyError:
            raise _not_found(task_id) from None

    def _matching(self, records: Mapping[str, _Record], query: Mapping[str, str]) -> Sequence[str]:
        """Return the ids of the tasks that the filters let through, in the order of creation."""
        candidates: Iterable[str] = records
        if "task_id" in query and not self.behaviour.ignore_task_filter:
            candidates = [query["task_id"]] if query["task_id"] in records else []
        if "region" in query:
            return [task_id for task_id in candidates if records[task_id].task.get("region") == query["region"]]
        return [*candidates]

    def _replaced(self, record: _Record, task: Task) -> _Record:
        """Return the record after a modify, which for a while may go on showing what it shows now."""
        now = self._now()
        return _Record(
            task,
            before=record.visible(now),
            stale_until=now + timedelta(seconds=self.behaviour.lag) if self.behaviour.lag else None,
            stale_reads=self.behaviour.lag_reads,
        )


def merge(task: Task, wanted: Mapping[str, Any], left_out: str, now: datetime) -> Task:
    """Return what a modify makes of ``task``, under either reading of the documentation.

    ``wanted`` is a body whose fields have been checked one by one. Under ``keep``, a field it leaves out stays; under
    ``reset``, the six with a documented default go back to it. Raises ServiceError where the result is not allowed.
    """
    if task.get("source_type") != VOD:
        raise invalid(f"source_type of the task must be {VOD}")
    base = {**task, **_defaults(now)} if left_out == "reset" else task
    merged = _filled({**base, **wanted}, now)
    _refuse(_problem_with(merged))
    return copy.deepcopy(merged)


def created(wanted: Mapping[str, Any], task_id: str, region: str, now: datetime) -> Task:
    """Return the new task that a create asks for. Raises ServiceError where that is not allowed."""
    _refuse(_problem_with_source(wanted))
    if wanted.get("destination_url") and any(wanted.get(name) for name in _TARGET):
        raise invalid("destination_url excludes domain, app_name and stream_name")
    defaults = _defaults(now) if wanted["source_type"] == VOD else {}
    fixed = {"task_id": task_id, "status": "enable", "create_time": write_time(now), "region": region}
    task = _filled({**fixed, **_EMPTY, "backup_source_urls": [], **defaults, **wanted}, now)
    _refuse(_problem_with(task))
    return copy.deepcopy(task)


def _checked(body: object, table: Mapping[str, Check], required: tuple[str, ...]) -> dict[str, Any]:
    """Return ``body`` if it is an object whose every field is allowed."""
    if not isinstance(body, dict):
        raise invalid("the body must be a JSON object")
    _refuse(problem_in(body, table, required))
    return body


def _refuse(problem: str | None) -> None:
    if problem:
        raise invalid(problem)


def _not_found(task_id: str) -> ServiceError:
    return ServiceError(400, TASK_NOT_FOUND, f"The pull task does not exist: task_id {task_id}")


def _defaults(now: datetime) -> Task:
    """Return the six fields that document a default, at it."""
    return {**DEFAULTS, "start_time": write_time(now)}


def _filled(task: Task, now: datetime) -> Task:
    """Return ``task`` with what empty means written out: the field is at its default."""
    filled = {**task, "start_time": task.get("start_time") or write_time(now)}
    if not filled.get("callback_events"):
        vod = filled.get("source_type") == VOD
        filled["callback_events"] = [event for event in EVENTS if vod or event not in _VOD_EVENTS]
    if filled.get("source_type") == VOD and not filled.get("vod_loop_time"):
        filled["vod_loop_time"] = DEFAULTS["vod_loop_time"]
    return filled


def _problem_with(task: Task) -> str | None:
    """Return what is wrong between the fields of a whole task, or None."""
    last = len(task.get("source_urls") or ()) - 1
    if (task.get("vod_start_video_index") or 0) > max(last, 0):
        return f"vod_start_video_index must be at most {last}, the last of source_urls"
    if not task.get("end_time"):
        return None
    start, end = read_time(task["start_time"]), read_time(task["end_time"])
    if start >= end:
        return "start_time must be less than end_time"
    if end - start > MAX_DURATION:
        return "end_time must be at most 7 days after start_time"
    return None


def _problem_with_source(wanted: Mapping[str, Any]) -> str | None:
    """Return what does not go with a live source, or None."""
    if wanted["source_type"] == VOD:
        return None
    if len(wanted["source_urls"]) != 1:
        return f"source_urls must hold exactly one URL when source_type is {LIVE}"
    unfit = [name for name in _VOD_ONLY if name in wanted]
    if unfit:
        return f"{unfit[0]} is for source_type {VOD} only"
    events = [event for event in wanted.get("callback_events", ()) if event in _VOD_EVENTS]
    return f"callback_events {events[0]} is for source_type {VOD} only" if events else None
