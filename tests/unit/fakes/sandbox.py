# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulated service with a fake clock, and runs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.report import (
    diff,
    fleet_results,
    is_changed,
    task_results,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.run import reconcile
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Behaviour, Service, Shown, Task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.service import FakeService


def want(task_id: str = CHANNEL_ID, **options: Any) -> Declaration:
    """Return the declaration of a task by its id."""
    return Declaration.from_options({"task_id": task_id, **options})


class Ran:
    """What a user sees of one task after a run.

    Args:
        outcome: the record of the task.
        check_mode: whether the run was in check mode.
    """

    def __init__(self, outcome: Outcome, check_mode: bool = False) -> None:
        self.outcome = outcome
        self.check_mode = check_mode

    @property
    def error(self) -> LiveError | None:
        """Why the task is not in the declared state."""
        return self.outcome.error

    @property
    def warnings(self) -> dict[str, str]:
        """Kind to text."""
        return self.outcome.warnings

    @property
    def declared(self) -> Declaration:
        """The declaration."""
        return self.outcome.declared

    @property
    def changed(self) -> bool:
        """Whether the task was, may have been, or in check mode would be changed."""
        return is_changed(self.outcome, self.check_mode)

    @property
    def created(self) -> bool:
        """Whether the task was, or in check mode would be, created."""
        return "created" in self.result()

    @property
    def deleted(self) -> bool:
        """Whether the task was, or in check mode would be, deleted."""
        return "deleted" in self.result()

    @property
    def diff(self) -> dict[str, Any]:
        """The declared options before and after."""
        return diff(self.outcome)

    def result(self) -> dict[str, Any]:
        """Return the results of the module."""
        return task_results(self.outcome, self.check_mode)


def bring(client: LiveClient, declared: Sequence[Declaration], **how: Any) -> list[Ran]:
    """Bring tasks to the declared state, with the arguments of `reconcile`."""
    return [Ran(outcome, bool(how.get("check_mode"))) for outcome in reconcile(client, declared, **how)]


def report(ran: Sequence[Ran], check_mode: bool = False) -> dict[str, Any]:
    """Return the results of the module for fleets."""
    return fleet_results([one.outcome for one in ran], check_mode)


class Sandbox(FakeService):
    """A service with some tasks and a fake clock, and runs that wait up to a minute for their changes.

    Args:
        tasks: the tasks that the service has.
        start: the time at which the clock begins.
        behaviour: switches of the emulator.

    Attributes:
        displayed: what the user sees during the runs.
    """

    def __init__(self, *tasks: Task, start: datetime = NOW, **behaviour: Any) -> None:
        clock = FakeClock(start=start)
        super().__init__(Service(tasks, behaviour=Behaviour(**behaviour), now=clock.utc), clock)
        self.displayed: list[str] = []

    def display(self, text: str, _verbosity: int) -> None:
        """Show a sentence to the user, as in Ansible's worker."""
        self.displayed.append(text)

    def bring(
        self, *wanted: Declaration | Mapping[str, Any], client: LiveClient | None = None, **how: Any
    ) -> list[Ran]:
        """Bring tasks to their declared state. ``wanted`` are options of a module, or declarations."""
        declared = [one if isinstance(one, Declaration) else Declaration.from_options(one) for one in wanted]
        how = {"wait_timeout": 60, "tell": self.display, **how}
        return bring(client or self.client(), declared, clock=self.clock.clock, **how)

    def bring_one(self, wanted: Declaration | Mapping[str, Any], **how: Any) -> Ran:
        """Bring one task to its declared state."""
        [outcome] = self.bring(wanted, **how)
        return outcome

    def bring_over_http(self, *wanted: Declaration | Mapping[str, Any], retries: int = 5, **how: Any) -> list[Ran]:
        """Bring tasks to their declared state, over HTTP."""
        return self.bring(*wanted, client=self.client_over_http(retries=retries), **how)

    def bring_one_over_http(self, wanted: Declaration | Mapping[str, Any], **how: Any) -> Ran:
        """Bring one task to its declared state, over HTTP."""
        [outcome] = self.bring_over_http(wanted, **how)
        return outcome

    def changes_nothing(self, *wanted: Declaration | Mapping[str, Any], **how: Any) -> None:
        """Check that a run with the same declaration sends no write."""
        before = len(self.writes)
        assert [(one.error, one.changed) for one in self.bring(*wanted, **how)] == [(None, False)] * len(wanted)
        assert len(self.writes) == before

    def task(self, task_id: str = CHANNEL_ID) -> Task:
        """Return a task as the service holds it."""
        return self.service.task(task_id)

    def shown(self, task_id: str = CHANNEL_ID) -> Shown | None:
        """Return the file and second that viewers of a task see, or None."""
        return self.service.player.showing(task_id)

    def disturbances(self, task_id: str = CHANNEL_ID) -> int:
        """Return how often viewers of a task were disturbed."""
        return self.service.player.disturbances(task_id)
