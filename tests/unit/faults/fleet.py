# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small fleet, what is asked of it, and a run that does it: in a file that the process to be killed can import."""

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

# More rounds than were played by now.
ENDLESS = {**OWN, "vod_loop_time": "500", "vod_refresh_type": "continue_from_file_start"}
# More than a busy machine takes for an answer.
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
ASKED: list[dict[str, Any]] = [
    {"source_urls": playlist(0)},
    {"status": "pause"},
    {"source_urls": TASKS[2]["source_urls"], "status": "enable"},
    {"source_urls": playlist(3), "vod_loop_time": "600"},
    {"source_urls": playlist(4), "status": "enable"},
    {"status": "pause", "end_time": after(hours=5)},
    {"source_urls": TASKS[6]["source_urls"], "vod_loop_time": "600"},
]
DONE = [{**task, **asked} for task, asked in zip(TASKS, ASKED)]
# Those that get another playlist, and those of them that are on air while they do.
SWAPPED, SWAPPED_ON_AIR = (0, 3, 4), (0, 3)


def bring(url: str, concurrency: int) -> list[Ran]:
    """Bring the fleet to what is asked, over HTTP, in a time that stands still: nothing is read again for its age."""
    clock = FakeClock()
    client = LiveClient(
        transport_to(Adapter(concurrency), clock, timeout=TIMEOUT), TokenAuth(AUTH_TOKEN), url, PROJECT_ID
    )
    wanted = Declaration.from_list([{"task_id": fleet_id(number), **asked} for number, asked in enumerate(ASKED)])
    return bring_tasks(client, wanted, wait_timeout=60, concurrency=concurrency, clock=clock.clock)


def run(url: str, concurrency: int) -> None:
    """Do the same as a process of its own, which ends with 0 if all went well."""
    sys.exit(any(outcome.error for outcome in bring(url, concurrency)))
