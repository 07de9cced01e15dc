# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's model of the service without HTTP, at a fixed time."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, Service, Task, seed_tasks

NOW = datetime(2026, 1, 10, 12, tzinfo=timezone.utc)


def service_with(**switches: Any) -> Service:
    """Return a service with the seeds and these switches, whose clock always shows NOW."""
    return Service(seed_tasks(NOW), behaviour=Behaviour(**switches), now=lambda: NOW)


def listed(service: Service, task_id: str) -> Task:
    """Return a task as List shows it."""
    [task] = service.list({"task_id": task_id}).task_infos
    return task
