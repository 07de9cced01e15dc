# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks without default settings, so that a test finds lost values."""

from __future__ import annotations

from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import RESENT
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Task, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW

_VALUES = {
    "vod_loop_time": "3",
    "vod_refresh_type": "continue_from_break_point",
    "vod_start_video_index": 1,
    "vod_start_video_time": 90,
    "callback_events": ["TaskStart"],
}
OWN = {name: _VALUES[name] for name in RESENT if name != "start_time"}
"""A value for every option that each modify carries, except the start, whose default is the current time."""


def channel(task_id: str = CHANNEL_ID, **fields: Any) -> Task:
    """Return a channel on air without default settings."""
    return vod_task(task_id, "channel", NOW, **{**OWN, **fields})
