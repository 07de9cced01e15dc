# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that connect a module to an emulator, and results of runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._options import CONNECTION_OPTIONS
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_tasks
from ansible_collections.huaweicloud.live.tests.emulator import PROJECT_ID, REGION, Emulator


def silent(_text: str, _verbosity: int) -> None:
    """Show nothing to the user."""


def options(emulator: Emulator, /, **given: Any) -> dict[str, Any]:
    """Return the connection options of a module with their defaults."""
    defaults = {name: option.get("default") for name, option in CONNECTION_OPTIONS.items()}
    own = {"endpoint": emulator.url, "iam_endpoint": emulator.url, "region": REGION, "project_id": PROJECT_ID}
    return {**defaults, **own, "retries": 0, **given}


def paused(emulator: Emulator, task_ids: Iterable[str], **given: Any) -> dict[str, Any]:
    """Return the results of pausing some tasks."""
    defaults = {name: option.get("default") for name, option in live_pull_tasks.ARGUMENTS.items()}
    tasks = [{"task_id": task_id, "status": "pause"} for task_id in task_ids]
    return perform(live_pull_tasks.run, {**defaults, **options(emulator, tasks=tasks, **given)}, {}, False, silent)


def served(emulator: Emulator) -> list[str]:
    """Return the operations of the requests so far."""
    return [entry["operation"] for entry in emulator.journal]
