# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulated service with a clock of its own, and runs on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._outcome import Outcome
from ansible_collections.huaweicloud.live.plugins.module_utils._reconcile import reconcile
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Behaviour, Service, Shown, Task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.service import FakeService


def want(task_id: str = CHANNEL_ID, **options: Any) -> Declaration:
    """Return what is declared for a task that is named by its id."""
    return Declaration.from_options({"task_id": task_id, **options})


class Sandbox(FakeService):
    """A service with some tasks, a clock of its own, and runs that wait up to a minute for what they change.

    Args:
        tasks: the tasks that the service has.
        start: the time at which the clock begins.
        behaviour: switches of the emulator.

    Attributes:
        displayed: what the user saw while the runs went on.
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
    ) -> list[Outcome]:
        """Bring tasks to what is declared for them: the options of a module, or what was made of them."""
        declared = [one if isinstance(one, Declaration) else Declaration.from_options(one) for one in wanted]
        how = {"wait_timeout": 60, "tell": self.display, **how}
        return reconcile(client or self.client(), declared, clock=self.clock.clock, **how)

    def bring_one(self, wanted: Declaration | Mapping[str, Any], **how: Any) -> Outcome:
        """Bring one task to what is declared for it."""
        [outcome] = self.bring(wanted, **how)
        return outcome

    def bring_over_http(self, *wanted: Declaration | Mapping[str, Any], retries: int = 5, **how: Any) -> list[Outcome]:
        """Bring tasks to what is declared for them, over HTTP."""
        return self.bring(*wanted, client=self.client_over_http(retries=retries), **how)

    def bring_one_over_http(self, wanted: Declaration | Mapping[str, Any], **how: Any) -> Outcome:
        """Bring one task to what is declared for it, over HTTP."""
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
        """Return the file and second that viewers of a task see; None for nothing."""
        return self.service.player.showing(task_id)

    def disturbances(self, task_id: str = CHANNEL_ID) -> int:
        """Return how often viewers of a task were disturbed."""
        return self.service.player.disturbances(task_id)
