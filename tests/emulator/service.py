# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pull tasks of the Live service: their state, and the operations, without HTTP.

In addition to the documented constraints, unknown fields and null are refused, so that tests find a client that sends
them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from .behaviour import Behaviour
from .checks import Check, problem_in
from .clock import Clock, utc_now
from .errors import TASK_NOT_FOUND, ServiceError, invalid
from .fields import CREATE, DELETE, LIST, MODIFY, STREAMS
from .player import Channel, Player, channel_after_modify, channel_at_start, channel_since_window, has_ended, showing
from .records import Record
from .rules import check_limits, merge, new_task, new_task_unchecked, raise_invalid
from .streams import Streams, kind_of_change
from .view import Task, as_listed, copied
from .writer import Change, Writer

PROJECT_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
REGION = "cn-north-4"
DEFAULT_LIMIT = 10
"""The page size if ``limit`` is left out. The API page names none. A small one reveals clients that read one page."""


@dataclasses.dataclass(frozen=True)
class Page:
    """A List answer."""

    task_infos: list[Task]
    total: int | str | None
    """The value in the answer; None: left out."""


class Service:
    """The pull tasks of all projects. Safe to use from any thread.

    A refused request raises ServiceError and changes nothing.
    """

    def __init__(
        self,
        tasks: Iterable[Task] = (),
        *,
        behaviour: Behaviour | None = None,
        now: Clock = utc_now,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        """Start with ``tasks`` in the default project. Tests replace ``now`` and ``new_id`` by fixed values."""
        self.behaviour = behaviour or Behaviour()
        self._now = now
        self._new_id = new_id
        self._projects: dict[str, dict[str, Record]] = {}
        self._writer = Writer()
        self._meddled: list[tuple[str, Mapping[str, Any] | None]] = []
        # One thread serves the requests, and tests read the state in another.
        self._lock = threading.RLock()
        self.player = Player(self._channels, lambda: self.behaviour, now)
        """What the channels of the default project show."""
        self.pushes = Streams(self._channels, lambda: self.behaviour, now)
        """What the channels of the default project push."""
        self.replace_tasks(tasks)

    # Access for tests, without constraints.

    def tasks(self, project_id: str = PROJECT_ID) -> list[Task]:
        """Return copies of the tasks as the service holds them, in the order of creation."""
        with self._lock:
            return [copied(record.task) for record in self._held(project_id).values()]

    def task(self, task_id: str, project_id: str = PROJECT_ID) -> Task:
        """Return a copy of one task as the service holds it. Raises KeyError if it does not exist."""
        with self._lock:
            return copied(self._held(project_id)[task_id].task)

    def replace_tasks(self, tasks: Iterable[Task], project_id: str = PROJECT_ID) -> None:
        """Replace all tasks of the project by ``tasks``."""
        with self._lock:
            self._projects[project_id] = {}
            self.add_tasks(tasks, project_id)

    def add_tasks(self, tasks: Iterable[Task], project_id: str = PROJECT_ID) -> None:
        """Add ``tasks``. They replace tasks with the same id."""
        with self._lock:
            now, records = self._now(), self._records(project_id)
            records.update({task["task_id"]: Record(copied(task), channel_since_window(task, now)) for task in tasks})

    def clear(self) -> None:
        """Delete all tasks of all projects, the list of cut channels, and the changes of the second writer."""
        with self._lock:
            self._projects.clear()
            self.player.clear()
            self.pushes.clear()
            self._writer = Writer()
            self._meddled = []

    # The second writer.

    def meddle(self, at: int, task_id: str, fields: Mapping[str, Any] | None, *, after: bool = False) -> None:
        """Plan a change of the second writer to a task of the default project. See ``writer.Change``."""
        self.plan(Change(at, task_id, fields, after))

    def plan(self, *changes: Change) -> None:
        """Plan changes of the second writer. Their requests are counted from now."""
        with self._lock:
            self._writer.add(*changes)

    @property
    def planned(self) -> Sequence[Change]:
        """Return the planned changes. Their requests are counted from now."""
        with self._lock:
            return self._writer.pending()

    @property
    def meddled(self) -> Sequence[tuple[str, Mapping[str, Any] | None]]:
        """Return the ids and fields of the finished changes, without those whose task did not exist."""
        with self._lock:
            return [*self._meddled]

    # The four operations.

    def list(self, query: Mapping[str, str], project_id: str = PROJECT_ID) -> Page:
        """Answer ListPullTasks. ``query`` holds the decoded query parameters."""
        with self._serving():
            raise_invalid(problem_in(query, LIST))
            now, records = self._now(), self._records(project_id)
            found, hidden = self._matching(records, query, now)
            offset = 0 if self.behaviour.ignore_offset else int(query.get("offset", 0))
            limit = int(query.get("limit", DEFAULT_LIMIT))
            page = found[offset : offset + min(limit, self.behaviour.page_cap or limit)]
            infos = [self._info(task, record.channel, now) for record in page if (task := record.visible(now))]
            records.update({record.task_id: record.after_read() for record in (*page, *hidden)})
            return Page(infos, self._total(len(found), len(infos), records, now))

    def modify(self, body: object, project_id: str = PROJECT_ID) -> str:
        """Carry out ModifyPullTask and return the id of the task. ``body`` is the decoded JSON."""
        with self._serving():
            wanted, now = _checked(body, MODIFY, required=("task_id",)), self._now()
            if wanted["task_id"] not in self._held(project_id):
                return self._answer_unknown(wanted["task_id"])
            record = self._record(project_id, wanted["task_id"])
            merged = merge(record.task, wanted, self.behaviour.left_out, now, behaviour=self.behaviour)
            if not self.behaviour.never_apply:
                changed = self._changed(record, wanted, merged, now)
                behind = changed.lagging(record.visible(now), now, self.behaviour)
                self._put(behind, project_id)
                if project_id == PROJECT_ID and kind_of_change(record.task, merged) in self.behaviour.new_push:
                    self.pushes.renew(wanted["task_id"])
        return str(wanted["task_id"])

    def _answer_unknown(self, task_id: str) -> str:
        """Answer a modify of a task that does not exist."""
        answer = self.behaviour.unknown_task
        if answer["http_status"] >= 300:
            raise ServiceError(answer["http_status"], answer["error_code"] or "", _does_not_exist(task_id))
        return task_id

    def create(self, body: object, project_id: str = PROJECT_ID, region: str = REGION) -> str:
        """Carry out CreatePullTask and return the id of the new task. ``region`` is that of the tenant."""
        with self._serving():
            wanted, now = _checked(body, CREATE, required=("source_type", "source_urls")), self._now()
            task = new_task(wanted, self._new_id(), region, now, behaviour=self.behaviour)
            check_limits(task, [record.task for record in self._held(project_id).values()], self.behaviour)
            behind = Record(task, channel_at_start(task, now)).lagging(None, now, self.behaviour)
            self._put(behind, project_id)
        return str(task["task_id"])

    def delete(self, query: Mapping[str, str], project_id: str = PROJECT_ID) -> str:
        """Carry out DeletePullTask and return the id of the deleted task."""
        with self._serving():
            raise_invalid(problem_in(query, DELETE, required=("task_id",)))
            record, now = self._record(project_id, query["task_id"]), self._now()
            region = record.task.get("region")
            if query.get("region", region) != region:
                raise _not_found(query["task_id"])
            if project_id == PROJECT_ID:
                self.player.record_deletion(query["task_id"])
            behind = dataclasses.replace(record, deleted=True).lagging(record.visible(now), now, self.behaviour)
            self._put(behind, project_id)
        return query["task_id"]

    def streams(self, query: Mapping[str, str]) -> tuple[Sequence[dict[str, Any]], int]:
        """Answer ListLiveStreamsOnline for the default project: a page of streams, and their number."""
        with self._serving():
            raise_invalid(problem_in(query, STREAMS, required=("publish_domain",)))
            if "stream" in query and "app" not in query:
                raise invalid("stream needs app")
            return self.pushes.list(query)

    def knock(self, task_id: str) -> None:
        """Let a channel of the default project go dark, until it begins again. Raises KeyError if it does not exist."""
        with self._lock:
            self.pushes.knock(task_id)

    def _records(self, project_id: str) -> dict[str, Record]:
        """Return all records that List needs, with those of deleted tasks."""
        return self._projects.setdefault(project_id, {})

    def _put(self, record: Record, project_id: str = PROJECT_ID) -> None:
        """Replace the record of a task. A push begins or ends with it."""
        records = self._records(project_id)
        before, records[record.task_id] = records.get(record.task_id), record
        if project_id == PROJECT_ID:
            for one in (before, record):
                known = (one.task, one.channel) if one and not one.deleted else None
                self.pushes.observe({record.task_id: known})

    def _held(self, project_id: str) -> Mapping[str, Record]:
        """Return the existing tasks."""
        return {task_id: record for task_id, record in self._records(project_id).items() if not record.deleted}

    def _record(self, project_id: str, task_id: str) -> Record:
        record = self._records(project_id).get(task_id)
        if record is None or record.deleted:
            raise _not_found(task_id)
        return record

    def _matching(
        self, records: Mapping[str, Record], query: Mapping[str, str], now: datetime
    ) -> tuple[Sequence[Record], Sequence[Record]]:
        """Return the records that match the filters, in the order of creation: visible and hidden ones."""
        candidates: Iterable[Record] = records.values()
        if "task_id" in query and not self.behaviour.ignore_task_filter:
            candidates = [records[query["task_id"]]] if query["task_id"] in records else []
        if "region" in query:
            candidates = [record for record in candidates if record.task.get("region") == query["region"]]
        found = [record for record in candidates if record.settled or record.visible(now)]
        return found, [record for record in candidates if not (record.settled or record.visible(now))]

    def _total(self, found: int, infos: int, records: Mapping[str, Record], now: datetime) -> int | str | None:
        """Return the number of tasks as a List answer writes it."""
        everything = len([record for record in records.values() if record.visible(now)])
        totals = {"matching": found, "all": everything, "page": infos, "text": str(found), "none": None}
        return totals[self.behaviour.total]

    def _info(self, task: Task, channel: Channel, now: datetime) -> Task:
        """Return the task as a List answer writes it."""
        behaviour = self.behaviour
        if behaviour.own_end is not None and has_ended(task, channel, now, behaviour.durations):
            task = {**task, "status": behaviour.own_end}
        elif behaviour.on_air_word is not None and showing(task, channel, now, behaviour.durations):
            task = {**task, "status": behaviour.on_air_word}
        return as_listed(task, behaviour)

    def _changed(self, record: Record, body: Mapping[str, Any], task: Task, now: datetime) -> Record:
        """Return the record after a change to ``task``. List shows it at once."""
        return Record(task, channel_after_modify(record.channel, record.task, body, task, now, self.behaviour))

    def _channels(self) -> Mapping[str, tuple[Task, Channel]]:
        with self._lock:
            return {task_id: (record.task, record.channel) for task_id, record in self._held(PROJECT_ID).items()}

    @contextlib.contextmanager
    def _serving(self) -> Iterator[None]:
        """Serve one request at a time, with the changes of the second writer right before and right after it."""
        with self._lock:
            due = self._writer.next_request()
            self._meddle([change for change in due if not change.after])
            try:
                yield
            finally:
                self._meddle([change for change in due if change.after])

    def _meddle(self, changes: Iterable[Change]) -> None:
        """Apply changes of the second writer. List shows them at once."""
        records, now = self._records(PROJECT_ID), self._now()
        for change in changes:
            task_id, fields = change.task_id, change.fields
            record = self._held(PROJECT_ID).get(task_id)
            if record is None and "source_type" not in (fields or {}):
                continue
            if fields is None:
                self.player.record_deletion(task_id)
                self.pushes.observe({task_id: (record.task, record.channel) if record else None})
                self.pushes.observe({task_id: None})
                del records[task_id]
            elif record is None:
                records.pop(task_id, None)  # a deleted task that List still shows
                task = new_task_unchecked(fields, task_id, REGION, now)
                self._put(Record(task, channel_at_start(task, now)))
            else:
                task = copied({**record.task, **fields})
                self._put(self._changed(record, fields, task, now))
            self._meddled.append((task_id, fields))


def _checked(body: object, table: Mapping[str, Check], required: tuple[str, ...]) -> dict[str, Any]:
    """Return ``body`` if it is an object and all its fields are allowed."""
    if not isinstance(body, dict):
        raise invalid("the body must be a JSON object")
    raise_invalid(problem_in(body, table, required))
    return body


def _not_found(task_id: str) -> ServiceError:
    return ServiceError(400, TASK_NOT_FOUND, _does_not_exist(task_id))


def _does_not_exist(task_id: str) -> str:
    return f"The pull task does not exist: task_id {task_id}"
