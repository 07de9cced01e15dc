# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small fleet, its declared state, and a run. A separate file, so that the process that is killed can import it."""

from __future__ import annotations

import sys
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.exchange import Adapter
from ansible_collections.huaweicloud.live.plugins.module_utils._service.signature import TokenAuth
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import AUTH_TOKEN, PROJECT_ID, Task, fleet_id, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, FakeClock, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import transport_to
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import bring as bring_tasks
from ansible_collections.huaweicloud.live.tests.unit.fakes.tasks import OWN

# More rounds than are finished by now.
ENDLESS = {**OWN, "vod_loop_time": "500", "vod_refresh_type": "continue_from_file_start"}
# More than a busy machine needs for an answer.
TIMEOUT = 60


def channel(number: int, **fields: Any) -> Task:
    """Return one of the tasks."""
    return vod_task(fleet_id(number), f"channel-{number}", NOW, **{**ENDLESS, **fields})


def playlist(number: int) -> list[str]:
    """Return the new playlist of a task."""
    return [f"https://media.example.com/new-{number}/{part}.mp4" for part in ("one", "two")]


TASKS = [
    channel(0, vod_refresh_type="immediate_new_source"),
    channel(1),
    channel(2),
    channel(3),
    channel(4, status="pause"),
    channel(5, start_time=after(hours=1), end_time=after(hours=4)),
    channel(6),
]
DECLARED: list[dict[str, Any]] = [
    {"source_urls": playlist(0)},
    {"status": "pause"},
    {"source_urls": TASKS[2]["source_urls"], "status": "enable"},
    {"source_urls": playlist(3), "vod_loop_time": "600"},
    {"source_urls": playlist(4), "status": "enable"},
    {"status": "pause", "end_time": after(hours=5)},
    {"source_urls": TASKS[6]["source_urls"], "vod_loop_time": "600"},
]
DONE = [{**task, **declared} for task, declared in zip(TASKS, DECLARED)]
# Those that get another playlist, and those of them that are on air while they do.
SWAPPED, SWAPPED_ON_AIR = (0, 3, 4), (0, 3)


def bring(url: str, concurrency: int) -> list[Ran]:
    """Bring the fleet to its declared state over HTTP. The clock stands still, so no read is too old."""
    clock = FakeClock()
    client = LiveClient(
        transport_to(Adapter(concurrency), clock, timeout=TIMEOUT), TokenAuth(AUTH_TOKEN), url, PROJECT_ID
    )
    wanted = Declaration.from_list(
        [{"task_id": fleet_id(number), **declared} for number, declared in enumerate(DECLARED)]
    )
    return bring_tasks(client, wanted, wait_timeout=60, concurrency=concurrency, clock=clock.clock)


def run(url: str, concurrency: int) -> None:
    """Run ``bring`` in a separate process. The exit code is 0 if no task failed."""
    sys.exit(any(outcome.error for outcome in bring(url, concurrency)))
