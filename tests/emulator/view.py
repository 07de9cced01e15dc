# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task as List shows it, which need not be how the service keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .behaviour import Behaviour
from .clock import read_time

Task = dict[str, Any]

EVENTS = ("TaskStart", "TaskExit", "VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig", "TaskAlarm")

DEFAULTS: Mapping[str, Any] = {
    "vod_loop_time": "-1",
    "vod_refresh_type": "immediate_new_source",
    "vod_start_video_index": 0,
    "vod_start_video_time": 0,
    "callback_events": list(EVENTS),
}
"""The fixed values of the fields that document one; the sixth, ``start_time``, defaults to the current time."""

EXTRA_FIELDS: Mapping[str, Any] = {"task_name": "", "scheduler": {"shard": 7, "pinned": False}}
"""What ``Behaviour.extra_fields`` adds."""

_TIMES = ("create_time", "start_time", "end_time")


def shown(task: Task, behaviour: Behaviour) -> Task:
    """Return ``task`` as a List answer writes it under ``behaviour``; ``task`` itself stays as it is."""
    view: Task = {name: [*value] if isinstance(value, list) else value for name, value in task.items()}
    for name in _TIMES:
        if view.get(name):
            view[name] = _restyled(view[name], behaviour.time_style)
    if behaviour.loop_time_empty and view.get("vod_loop_time") == DEFAULTS["vod_loop_time"]:
        view["vod_loop_time"] = ""
    if behaviour.events_empty and set(view.get("callback_events") or ()) == set(EVENTS):
        view["callback_events"] = []
    if behaviour.absent != "as_is":
        view = _without_defaults(view, as_null=behaviour.absent == "null")
    if behaviour.status_override is not None:
        view["status"] = behaviour.status_override
    if behaviour.extra_fields:
        view.update(EXTRA_FIELDS)
    return view


def _restyled(plain: str, style: str) -> str:
    """Return the same instant in another of the forms that RFC 3339 allows."""
    if style == "fraction":
        return plain.replace("Z", ".000Z")
    if style == "offset":
        return (read_time(plain) + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00")
    return plain


def _without_defaults(task: Task, *, as_null: bool) -> Task:
    """Return ``task`` with the fields that are empty or at their default left out, or null."""
    absent = {name for name, value in task.items() if value in ("", []) or _is_default(name, value)}
    return {name: None if name in absent else value for name, value in task.items() if as_null or name not in absent}


def _is_default(name: str, value: object) -> bool:
    if name == "callback_events" and isinstance(value, list):
        return set(value) == set(EVENTS)
    return name in DEFAULTS and value == DEFAULTS[name]
