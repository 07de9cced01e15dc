# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of a modify or create on a task, and the constraints between fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from .behaviour import Behaviour
from .clock import read_time, write_time
from .errors import DESTINATION_TAKEN, QUOTA_EXCEEDED, ServiceError, invalid
from .fields import DEFAULTS, EVENTS, LIVE, MODIFY, VOD
from .view import Task, copied

MAX_DURATION = timedelta(days=7)

_VOD_ONLY = (*(name for name in MODIFY if name.startswith("vod_")), "backup_source_type", "backup_source_urls")
_VOD_EVENTS = ("VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig")
_TARGET = ("domain", "app_name", "stream_name")
_EMPTY: Task = {**dict.fromkeys((*_TARGET, "push_args", "destination_url", "callback_url", "backup_source_type"), "")}
_USUAL = Behaviour()


def merge(
    task: Task, wanted: Mapping[str, Any], left_out: str, now: datetime, *, behaviour: Behaviour = _USUAL
) -> Task:
    """Return ``task`` after a modify, for any interpretation of the API page.

    ``wanted`` is a body with valid fields. ``left_out`` is as in Behaviour, and overrides that of ``behaviour``.
    Raises ServiceError if the result is not allowed.
    """
    if task.get("source_type") != VOD:
        raise invalid(f"source_type of the task must be {VOD}")
    if behaviour.pause_alone == "refuse" and wanted.keys() == {"task_id", "status"}:
        raise invalid("status must not be the only field")
    base = {**task, **_values_left_out(left_out, now, behaviour)}
    merged = _with_defaults({**base, **_with_accepted_times(wanted, now, behaviour)}, now)
    raise_invalid(_problem_with(merged, behaviour.seven_days))
    return copied(merged)


def new_task(
    wanted: Mapping[str, Any], task_id: str, region: str, now: datetime, *, behaviour: Behaviour = _USUAL
) -> Task:
    """Return the new task of a create. Raises ServiceError if it is not allowed."""
    raise_invalid(_problem_with_source(wanted))
    if wanted.get("destination_url") and any(wanted.get(name) for name in _TARGET):
        raise invalid("destination_url excludes domain, app_name and stream_name")
    task = new_task_unchecked(_with_accepted_times(wanted, now, behaviour), task_id, region, now)
    raise_invalid(_problem_with(task, behaviour.seven_days))
    if behaviour.create_end is not None and not task.get("end_time"):
        task["end_time"] = write_time(read_time(task["start_time"]) + timedelta(seconds=behaviour.create_end))
    return task


def new_task_unchecked(fields: Mapping[str, Any], task_id: str, region: str, now: datetime) -> Task:
    """Return a new task with these fields, by default in ``region``. All other fields have the values of a new task."""
    defaults = _defaults(now) if fields["source_type"] == VOD else {}
    fixed = {"status": "enable", "create_time": write_time(now), "region": region, "source_urls": []}
    filled = _with_defaults(
        {"task_id": task_id, **fixed, **_EMPTY, "backup_source_urls": [], **defaults, **fields}, now
    )
    return copied({**filled, "task_id": task_id})


def check_limits(task: Task, others: Sequence[Task], behaviour: Behaviour) -> None:
    """Raise ServiceError if a project with the tasks ``others`` must not get a new task."""
    if behaviour.max_tasks is not None and len(others) >= behaviour.max_tasks:
        raise ServiceError(400, QUOTA_EXCEEDED, f"The number of pull tasks exceeds the quota: {behaviour.max_tasks}")
    destination = _destination(task)
    if behaviour.one_per_destination and destination and destination in map(_destination, others):
        raise ServiceError(400, DESTINATION_TAKEN, "A pull task with this destination already exists")


def _destination(task: Task) -> tuple[str, ...] | None:
    """Return the destination of a task, or None if it has none."""
    names = tuple(task.get(name) or "" for name in (*_TARGET, "destination_url"))
    return names if any(names) else None


def raise_invalid(problem: str | None) -> None:
    """Raise ServiceError if there is a problem."""
    if problem:
        raise invalid(problem)


def _values_left_out(reading: str, now: datetime, behaviour: Behaviour) -> Task:
    """Return the values of fields that a modify leaves out. Fields that are not in the result stay."""
    defaults, emptied = _defaults(now), {"source_urls": [], "end_time": ""}
    reset = {"keep": {}, "reset": defaults, "replace": {**defaults, **emptied}}[reading]
    if reading == "replace" and behaviour.empties_status:
        reset["status"] = ""
    values = {**defaults, **emptied}
    each = {name: values[name] for name, fate in behaviour.left_out_fields.items() if fate != "keep"}
    return {**{name: reset[name] for name in reset if name not in behaviour.left_out_fields}, **each}


def _with_accepted_times(wanted: Mapping[str, Any], now: datetime, behaviour: Behaviour) -> Task:
    """Return a body with its times as the service uses them. Raises ServiceError for a refused time in the past."""
    # Times have whole seconds: a start in the current second is not in the past.
    moment, timely = now.replace(microsecond=0), dict(wanted)
    if behaviour.past_start != "accept" and "start_time" in wanted and read_time(wanted["start_time"]) < moment:
        if behaviour.past_start == "refuse":
            raise invalid("start_time must not be earlier than the current time")
        timely["start_time"] = write_time(now)
    if behaviour.past_end == "refuse" and "end_time" in wanted and read_time(wanted["end_time"]) <= now:
        raise invalid("end_time must be later than the current time")
    return timely


def _defaults(now: datetime) -> Task:
    """Return the six fields with a documented default at this default."""
    return {**DEFAULTS, "start_time": write_time(now)}


def _with_defaults(task: Task, now: datetime) -> Task:
    """Return ``task`` with the default in each empty field."""
    filled = {**task, "start_time": task.get("start_time") or write_time(now)}
    if not filled.get("callback_events"):
        vod = filled.get("source_type") == VOD
        filled["callback_events"] = [event for event in EVENTS if vod or event not in _VOD_EVENTS]
    if filled.get("source_type") == VOD and not filled.get("vod_loop_time"):
        filled["vod_loop_time"] = DEFAULTS["vod_loop_time"]
    return filled


def _problem_with(task: Task, seven_days: str) -> str | None:
    """Return the violated constraint between fields of a task, or None. An empty playlist allows any index."""
    last = len(task.get("source_urls") or ()) - 1
    if (task.get("vod_start_video_index") or 0) > last >= 0:
        return f"vod_start_video_index must be at most {last}, the last of source_urls"
    if not task.get("end_time"):
        return None
    start, end = read_time(task["start_time"]), read_time(task["end_time"])
    if start >= end:
        return "start_time must be less than end_time"
    if end - start > MAX_DURATION or (seven_days == "less_than" and end - start == MAX_DURATION):
        return f"end_time must be {seven_days.replace('_', ' ')} 7 days after start_time"
    return None


def _problem_with_source(wanted: Mapping[str, Any]) -> str | None:
    """Return the violated constraint of a live source, or None."""
    if wanted["source_type"] == VOD:
        return None
    if len(wanted["source_urls"]) != 1:
        return f"source_urls must hold exactly one URL when source_type is {LIVE}"
    unfit = [name for name in _VOD_ONLY if name in wanted]
    if unfit:
        return f"{unfit[0]} is for source_type {VOD} only"
    events = [event for event in wanted.get("callback_events", ()) if event in _VOD_EVENTS]
    return f"callback_events {events[0]} is for source_type {VOD} only" if events else None
