# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emulates the Live pull-task API, IAM and the metadata of a server on loopback, for tests, demos and benchmarks.

In a test::

    with Emulator(behaviour=Behaviour(left_out="reset")) as emulator:
        emulator.add_fault(Fault("reset", on="write"))
        emulator.service.meddle(2, CHANNEL_ID, {"vod_loop_time": "2"})  # someone else, right before the second request
        ...  # point the client to emulator.url
        assert emulator.task(CHANNEL_ID)["status"] == "pause"
        assert emulator.service.player.disturbances(CHANNEL_ID) == 0

From the command line: ``python -m tests.emulator --help``. Over HTTP: see ``control``.
"""

from __future__ import annotations

from .auth import (
    ACCESS_KEY,
    AUTH_TOKEN,
    DOMAIN_NAME,
    OTHER_PROJECT_AUTH_TOKEN,
    OTHER_PROJECT_ID,
    OTHER_REGION,
    PASSWORD,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    USERNAME,
    AccessKey,
    Directory,
    User,
)
from .behaviour import Behaviour
from .environment import environment
from .errors import ServiceError
from .faults import KINDS, Fault
from .fields import DEFAULTS, EVENTS
from .journal import Entry
from .player import FILE_SECONDS, Player, Shown
from .rules import merge
from .seeds import CHANNEL_ID, PAUSED_ID, RELAY_ID, SHOW_ID, fleet_id, seed_many, seed_tasks, vod_task
from .server import Emulator
from .service import DEFAULT_LIMIT, PROJECT_ID, REGION, Page, Service
from .trouble import ANOTHER_TASK_ID
from .view import EXTRA_FIELDS, NO_TIME, Task
from .writer import Change

__all__ = [
    "ACCESS_KEY",
    "ANOTHER_TASK_ID",
    "AUTH_TOKEN",
    "CHANNEL_ID",
    "DEFAULTS",
    "DEFAULT_LIMIT",
    "DOMAIN_NAME",
    "EVENTS",
    "EXTRA_FIELDS",
    "FILE_SECONDS",
    "KINDS",
    "NO_TIME",
    "OTHER_PROJECT_AUTH_TOKEN",
    "OTHER_PROJECT_ID",
    "OTHER_REGION",
    "PASSWORD",
    "PAUSED_ID",
    "PROJECT_ID",
    "REGION",
    "RELAY_ID",
    "SECRET_KEY",
    "SECURITY_TOKEN",
    "SHOW_ID",
    "TEMPORARY_ACCESS_KEY",
    "TEMPORARY_SECRET_KEY",
    "USERNAME",
    "AccessKey",
    "Behaviour",
    "Change",
    "Directory",
    "Emulator",
    "Entry",
    "Fault",
    "Page",
    "Player",
    "Service",
    "ServiceError",
    "Shown",
    "Task",
    "User",
    "environment",
    "fleet_id",
    "merge",
    "seed_many",
    "seed_tasks",
    "vod_task",
]
