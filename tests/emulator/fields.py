# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of each operation, with the constraints of each field, and the documented defaults.

The pages of ListPullTasks, ModifyPullTask, CreatePullTask and DeletePullTask document these constraints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .checks import MAX_INTEGER, Check, digits, integer, list_of, one_of, pattern, text
from .clock import is_time

VOD = "PullVodPushLive"
LIVE = "PullLivePushLive"
EVENTS = ("TaskStart", "TaskExit", "VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig", "TaskAlarm")

DEFAULTS: Mapping[str, Any] = {
    "vod_loop_time": "-1",
    "vod_refresh_type": "immediate_new_source",
    "vod_start_video_index": 0,
    "vod_start_video_time": 0,
    "callback_events": list(EVENTS),
}
"""The documented defaults. The sixth, of ``start_time``, is the current time."""

_url = pattern(
    r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*", "must be a URL: scheme://host/path"
)
_urls = list_of(_url, 1, 30)

_SCHEDULE: dict[str, Check] = {
    "source_urls": _urls,
    "vod_loop_time": pattern("|-1|[1-9][0-9]*", 'must be "-1", a number of rounds, or empty'),
    "vod_refresh_type": one_of("immediate_new_source", "continue_from_file_start", "continue_from_break_point"),
    "vod_start_video_index": integer(0),
    "vod_start_video_time": integer(0),
    "start_time": is_time,
    "end_time": is_time,
    "callback_events": list_of(one_of(*EVENTS)),
}
MODIFY: dict[str, Check] = {"task_id": text(1), "status": one_of("pause", "enable"), **_SCHEDULE}
CREATE: dict[str, Check] = {
    "region": text(1, 64),
    "source_type": one_of(LIVE, VOD),
    "domain": text(0, 255),
    "app_name": text(0, 128),
    "stream_name": text(0, 512),
    "push_args": text(0),
    "destination_url": text(0),
    "callback_url": text(0),
    "backup_source_type": one_of(LIVE),
    "backup_source_urls": list_of(_url),
    **_SCHEDULE,
}
LIST: dict[str, Check] = {
    "task_id": text(1),
    "region": text(1, 64),
    "offset": digits(0, MAX_INTEGER),
    "limit": digits(1, 100),
}
STREAMS: dict[str, Check] = {
    "publish_domain": text(1, 255),
    "app": text(1, 255),
    "stream": text(1, 512),
    "offset": digits(0, MAX_INTEGER),
    "limit": digits(1, 100),
}
DELETE: dict[str, Check] = {"task_id": text(1), "region": text(1, 64)}
