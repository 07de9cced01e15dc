# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Initial tasks: a small station, and fleets of any size."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from .behaviour import Behaviour
from .clock import read_time, utc_now, write_time
from .fields import DEFAULTS, EVENTS, LIVE, VOD
from .service import REGION
from .view import Task

CHANNEL_ID = "11111111-0000-4000-8000-000000000001"
"""An endless channel that is on air round the clock."""
SHOW_ID = "22222222-0000-4000-8000-000000000002"
"""A show with three rounds tomorrow evening. No setting has its default."""
RELAY_ID = "33333333-0000-4000-8000-000000000003"
"""A relay of a live stream, which ModifyPullTask refuses."""
PAUSED_ID = "44444444-0000-4000-8000-000000000004"
"""A paused channel."""

_SOURCES = "https://media.example.com"


def vod_task(task_id: str, name: str, day: datetime, **fields: object) -> Task:
    """Return an endless channel of three files, on air for a week from the day before ``day``. ``fields`` override."""
    return {
        "task_id": task_id,
        "status": "enable",
        "create_time": write_time(day - timedelta(days=30)),
        "region": REGION,
        "source_type": VOD,
        "source_urls": [f"{_SOURCES}/{name}/{part}.mp4" for part in ("opening", "feature", "closing")],
        "domain": "push.example.com",
        "app_name": "live",
        "stream_name": name,
        "push_args": "",
        "destination_url": "",
        "start_time": write_time(day - timedelta(days=1)),
        "end_time": write_time(day + timedelta(days=6)),
        "callback_events": [*EVENTS],
        "callback_url": "",
        "backup_source_type": "",
        "backup_source_urls": [],
        **{name: value for name, value in DEFAULTS.items() if name.startswith("vod_")},
        **fields,
    }


def seed_tasks(now: datetime | None = None) -> list[Task]:
    """Return the four tasks of the station. Their times are relative to the midnight (UTC) before ``now``."""
    day = _midnight(now)
    evening = day + timedelta(days=1, hours=18)
    relay = vod_task(
        RELAY_ID,
        "relay",
        day,
        source_type=LIVE,
        source_urls=["rtmp://origin.example.com/live/main"],
        domain="",
        app_name="",
        stream_name="",
        destination_url="rtmp://partner.example.com/live/main",
        callback_events=["TaskStart", "TaskExit", "TaskAlarm"],
    )
    for name in [name for name in relay if name.startswith("vod_")]:
        del relay[name]
    return [
        vod_task(CHANNEL_ID, "channel", day),
        vod_task(
            SHOW_ID,
            "show",
            day,
            start_time=write_time(evening),
            end_time=write_time(evening + timedelta(hours=3)),
            vod_loop_time="3",
            vod_refresh_type="continue_from_file_start",
            vod_start_video_index=1,
            vod_start_video_time=90,
            callback_events=["TaskStart", "TaskExit"],
            callback_url="https://hooks.example.com/live",
        ),
        relay,
        vod_task(PAUSED_ID, "paused", day, status="pause"),
    ]


def fitted(tasks: Iterable[Task], behaviour: Behaviour) -> list[Task]:
    """Return tasks with windows that a service with this behaviour allows."""
    if behaviour.seven_days == "at_most":
        return [*tasks]
    minute = timedelta(minutes=1)
    return [{**task, "end_time": write_time(read_time(task["end_time"]) - minute)} for task in tasks]


def fleet_id(number: int) -> str:
    """Return the id of a task of seed_many. ``number`` begins with 0."""
    return f"ffffffff-0000-4000-8000-{number:012d}"


def seed_many(count: int, now: datetime | None = None) -> list[Task]:
    """Return ``count`` channels. Two calls on the same day return the same channels."""
    day = _midnight(now)
    return [vod_task(fleet_id(number), f"channel-{number}", day) for number in range(count)]


def _midnight(now: datetime | None) -> datetime:
    return (now or utc_now()).replace(hour=0, minute=0, second=0, microsecond=0)
