# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a task in this process as a worker process of Ansible does."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.shell.sh import ShellModule
from ansible.template import Templar

from ansible_collections.huaweicloud.live.plugins.action import (
    live_pull_task,
    live_pull_task_info,
    live_pull_tasks,
    live_source_info,
)

ACTIONS = {
    "live_pull_task": live_pull_task.ActionModule,
    "live_pull_task_info": live_pull_task_info.ActionModule,
    "live_pull_tasks": live_pull_tasks.ActionModule,
    "live_source_info": live_source_info.ActionModule,
}


class Worker:
    """A worker of Ansible, which runs the items of a loop one after the other.

    Attributes:
        displayed: each line that the user sees.
        shipped: the arguments of each shipped module.
        answer: the results of a shipped module.
    """

    def __init__(self) -> None:
        self.displayed: list[str] = []
        self.shipped: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {"changed": False}

    def run(
        self,
        module: str,
        arguments: Mapping[str, Any],
        variables: Mapping[str, Any] | None = None,
        connection: Mapping[str, Any] | None = None,
        **keywords: Any,
    ) -> dict[str, Any]:
        """Run a task, and return its results.

        Args:
            module: the name of the module.
            arguments: its arguments.
            variables: those of the host.
            connection: attributes of the connection that differ from the defaults.
            keywords: those of the task.
        """
        task = Task()
        task.action = f"huaweicloud.live.{module}"
        task.args = dict(arguments)
        for name, value in keywords.items():
            setattr(task, name, value)
        usual = {"transport": "local", "become": None, "has_native_async": False, "_shell": ShellModule()}
        loader = DataLoader()
        action = ACTIONS[module](
            task=task,
            connection=SimpleNamespace(**{**usual, **(connection or {})}),
            play_context=PlayContext(),
            loader=loader,
            templar=Templar(loader=loader, variables=dict(variables or {})),
            shared_loader_obj=None,
        )
        action._execute_module = self._ship
        results = action.run(task_vars={"inventory_hostname": "here", "omit": "omitted", **(variables or {})})
        return dict(results)

    def _ship(self, module_args: dict[str, Any], **_others: Any) -> dict[str, Any]:
        self.shipped.append(module_args)
        return dict(self.answer)
