# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account for the acceptance tests: the emulated service without sockets, and time that does not pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._engine import run as engine
from ansible_collections.huaweicloud.live.plugins.module_utils._service import transport
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import forget
from ansible_collections.huaweicloud.live.tests.acceptance import command
from ansible_collections.huaweicloud.live.tests.emulator import (
    PROJECT_ID,
    Behaviour,
    Service,
    Task,
    environment,
    seed_many,
    seed_tasks,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import ENDPOINT, Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.service import FakeService

DOMAIN = "push.example.com"


class Account(FakeService):
    """An account with some tasks, and runs of the acceptance tests on it.

    Args:
        monkeypatch: replaces network and clock.
        folder: where the report is written.
        tasks: the tasks of the account; by default those of the emulator.
        behaviour: switches of the emulator.

    Attributes:
        on_request: called with the number of each request, from 1, before it is carried out.
        after_request: the same after it is carried out, before its answer arrives.
        instead: called with each request; returns an answer of another service, or None.
    """

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        folder: Path,
        tasks: list[Task] | None = None,
        behaviour: Behaviour | None = None,
    ) -> None:
        clock = FakeClock()
        self.others = seed_tasks(clock.utc()) if tasks is None else tasks
        super().__init__(Service(self.others, behaviour=behaviour, now=clock.utc), clock)
        self.folder = folder
        self.number = 0
        self.on_request: Callable[[int], None] = lambda number: None
        self.after_request: Callable[[int], None] = lambda number: None
        self.instead: Callable[[requests.PreparedRequest], Reply | Exception | None] = lambda request: None
        monkeypatch.setattr(transport, "Adapter", lambda concurrency: self)
        monkeypatch.setattr(transport, "Clock", lambda: clock.clock)
        monkeypatch.setattr(engine, "Clock", lambda: clock.clock)

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        """Carry out a request."""
        self.number += 1
        self.on_request(self.number)
        other = self.instead(request)
        if isinstance(other, Reply):
            return other.to(request)
        if other is not None:
            raise other
        response = super().send(request, **how)
        self.after_request(self.number)
        return response

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None) -> int:
        """Run the command as a user would, and return its exit status."""
        forget()
        self.clock.naps.clear()
        usual = {**environment(ENDPOINT), "HUAWEICLOUD_SDK_PROJECT_ID": PROJECT_ID}
        given = ["--pace", "0", "--report", str(self.folder), "--domain", DOMAIN]
        return command.main([*given, *arguments], {**usual, **(environ or {})})

    def fill(self, count: int) -> None:
        """Give the account many more tasks."""
        more = seed_many(count, self.clock.utc())
        self.service.add_tasks(more)
        self.others = [*self.others, *more]

    def report(self) -> dict[str, Any]:
        """Return the report."""
        return dict(json.loads((self.folder / "report.json").read_text(encoding="utf-8")))

    @property
    def left(self) -> list[Task]:
        """Return the tasks that are not those of the account."""
        ids = {task["task_id"] for task in self.others}
        return [task for task in self.service.tasks() if task["task_id"] not in ids]

    @property
    def untouched(self) -> bool:
        """Whether the tasks of the account are as they were."""
        ids = {task["task_id"] for task in self.others}
        return [task for task in self.service.tasks() if task["task_id"] in ids] == self.others
