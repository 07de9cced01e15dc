# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service as a witness: it records what was sent to it, what it carried out, and what it listed."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import requests

from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, Page, Service, ServiceError, Task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.service import FakeService


class Sent(NamedTuple):
    """A write that was sent: its body, or the query of a delete, and whether its response was lost."""

    moment: float
    method: str
    what: Mapping[str, Any]
    lost: bool


class Done(NamedTuple):
    """A write of the run that was carried out, its task, and whether it was answered."""

    method: str
    task_id: str
    answered: bool


class Shown(NamedTuple):
    """A response with a list: whether it is the first page of all tasks, and the ids of its tasks."""

    first: bool
    task_ids: Collection[str]


class Witness(Service):
    """The service, which records what it does.

    Attributes:
        events: what was sent, carried out and listed.
        made: the bodies of the creates, by the ids of their tasks.
        answers: whether what is carried out now is answered.
    """

    def __init__(self, tasks: Sequence[Task], behaviour: Behaviour, clock: FakeClock) -> None:
        self.events: list[Sent | Done | Shown] = []
        self.made: dict[str, Mapping[str, Any]] = {}
        self.answers = True
        numbers = itertools.count()
        super().__init__(tasks, behaviour=behaviour, now=clock.utc, new_id=lambda: f"new-{next(numbers)}")

    def list(self, query: Mapping[str, str], *project: str) -> Page:
        """Answer ListPullTasks."""
        page = super().list(query, *project)
        first = "task_id" not in query and query["offset"] == "0"
        self.events.append(Shown(first, [task["task_id"] for task in page.task_infos]))
        return page

    def create(self, body: Any, *project: str) -> str:
        """Carry out CreatePullTask."""
        task_id = self._done("POST", super().create(body, *project))
        self.made[task_id] = body
        return task_id

    def modify(self, body: object, *project: str) -> str:
        """Carry out ModifyPullTask."""
        return self._done("PUT", super().modify(body, *project))

    def delete(self, query: Mapping[str, str], *project: str) -> str:
        """Carry out DeletePullTask."""
        return self._done("DELETE", super().delete(query, *project))

    def _done(self, method: str, task_id: str) -> str:
        self.events.append(Done(method, task_id, self.answers))
        return task_id


class Line(FakeService):
    """A transport that loses the responses to some writes.

    Args:
        service: the service.
        clock: the clock of the run.
        lost: the numbers of these writes. Each is carried out at once (0), after so many seconds if it is a create,
            or never (None).
    """

    def __init__(self, service: Witness, clock: FakeClock, lost: Mapping[int, float | None]) -> None:
        super().__init__(service, clock)
        self.fate = self._fate
        self._witness, self._lost = service, lost

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Carry out a request."""
        if request.method != "GET":
            what = json.loads(request.body) if request.body else dict(parse_qsl(urlsplit(str(request.url)).query))
            lost = len(self.writes) + 1 in self._lost
            self._witness.events.append(Sent(self.clock.seconds, str(request.method), what, lost))
            self._witness.answers = not lost
        return super().send(request, **how)

    def _fate(self, number: int, body: Mapping[str, Any]) -> Exception | None:
        if number not in self._lost:
            return None
        seconds = self._lost[number]
        self.carries_out = seconds == 0
        if seconds and "source_type" in body:
            self.clock.later(seconds, lambda: self._land(body))
        return requests.exceptions.ReadTimeout()

    def _land(self, body: Mapping[str, Any]) -> None:
        self._witness.answers = False
        with contextlib.suppress(ServiceError):
            self._witness.create(body)
