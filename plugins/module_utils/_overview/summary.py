# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The overview of all channels, the most urgent first: for a page, and as a table. Pure, without a clock.

Private to this collection.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from .._errors import InvalidOptionError, counted, refused, shown
from .._masking import clean
from .._options import LIVE_TYPE, STATUSES
from .._task.air import AIR_STATES, Air, air
from .._task.fields import WINDOW, to_datetime
from .._task.immutable import Destination
from .._task.task import PullTask
from .columns import columns
from .pushed import pushed, refused_domains, stream_of
from .timeline import Axis

_CALM_LINES = 30
_FILES = 3
# The fields that the overview needs. A plain copy of them is faster to read than the dictionaries of Ansible.
_FIELDS = (
    *("task_id", "status", "source_type", "source_urls", "vod_loop_time", "start_time", "end_time", "stream"),
    *Destination._fields,
)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NOT_PUSHED = {"dark": "not pushed", "played": "at its end, or dark"}


class PlannedSlot(NamedTuple):
    """What the programme of a channel plans.

    Attributes:
        now: what the channel plays now, in words.
        until: when the next slot begins, in normal form.
        next: what the channel plays then, in words.
        week: the rows of the next days; None if they are not shown.
    """

    now: str
    until: str
    next: str
    week: Mapping[str, Any] | None = None


# By the id or the destination of a task. None: several channels have this destination, so the plan is not known.
Plans = Mapping[Any, "PlannedSlot | None"]


def overview(
    tasks: object, now: object, warn_hours: float, zone: tzinfo, zone_name: str, plans: Plans | None = None
) -> dict[str, Any]:
    """Return the overview of tasks: `counts`, `channels`, `refused_domains`, `axis` and `lines`.

    Args:
        tasks: the tasks, as live_pull_task_info returns them, with or without their streams.
        now: the current time, RFC 3339.
        warn_hours: a channel on air that ends in fewer hours is in the group `ends_soon`.
        zone: the time zone of the reader.
        zone_name: the name of the time zone.
        plans: what the programmes of the channels plan.

    Raises:
        InvalidOptionError: naming the argument that is not allowed.
    """
    axis = Axis.at(now, zone, zone_name)
    if isinstance(warn_hours, bool) or not isinstance(warn_hours, (int, float)) or not 0 <= warn_hours < math.inf:
        raise InvalidOptionError(refused("warn_hours", warn_hours, "a number of 0 or more"))
    listed = _listed(tasks)
    channels = sorted((_channel(task, axis, warn_hours, plans or {}) for task in listed), key=_urgency)
    found = Counter(channel["group"] for channel in channels)
    # Without streams it is not known how many channels are dark.
    known = not listed or any("stream" in task for task in listed)
    groups = {group: found[group] if known or not row.from_stream else None for group, row in AIR_STATES.items()}
    counts = {"total": len(channels), **groups}
    return {
        "counts": counts,
        "channels": channels,
        "refused_domains": refused_domains(listed),
        "axis": axis.result(),
        "lines": _lines(channels, counts, axis),
    }


def _listed(tasks: object) -> list[dict[str, Any]]:
    if not isinstance(tasks, (list, tuple)):
        allowed = "a list of tasks, as live_pull_task_info returns it in live_pull_tasks"
        what = f"a dictionary of {', '.join(map(str, tasks))}" if isinstance(tasks, Mapping) else shown(tasks)
        raise InvalidOptionError(refused("tasks", tasks, allowed, f"{what} is not allowed"))
    found = []
    for position, task in enumerate(tasks):
        if not isinstance(task, Mapping) or "task_id" not in task:
            raise InvalidOptionError(refused(f"tasks[{position}]", task, "a task, with its task_id"))
        fields = {name: task[name] for name in _FIELDS if name in task}
        # The info module may have known the status word: its option status_words is not known here.
        known = task.get("air")
        row = AIR_STATES.get(str(known.get("state"))) if isinstance(known, Mapping) else None
        found.append({**fields, "status": row.status} if row and row.status else fields)
    return found


def _channel(task: Mapping[str, Any], axis: Axis, warn_hours: float, plans: Plans) -> dict[str, Any]:
    """Return everything that the overview shows of a task."""
    relay, listed = PullTask.from_answer(task), stream_of(task)
    state = air(relay, axis.now.timestamp(), listed)
    stream = pushed(listed, axis, off_air=state.state in ("over", "ahead", "paused"))
    remarks = [_remark(state, relay, axis.now), "is pushed" if stream and stream["by_others"] else ""]
    destination = _destination(task)
    start, end = (axis.written(relay.values.get(name)) for name in WINDOW)
    return {
        "group": _group(state, warn_hours),
        "state": state.state,
        "task_id": clean(task.get("task_id")),
        "name": clean(task.get("stream_name") or destination or task.get("task_id")),
        "destination": destination,
        "programme": _programme(task),
        "planned": _planned(task, axis, plans),
        "seconds_left": state.seconds_left,
        "time_left": None if state.seconds_left is None else duration(state.seconds_left),
        "remark": ", but ".join(filter(None, remarks)),
        "stream": stream,
        "start": start,
        "end": end,
        "window": axis.window_words(start, end),
        "bar": axis.window_bar(relay.values),
    }


def _group(state: Air, warn_hours: float) -> str:
    if state.state != "on_air":
        return state.state
    # The service ends such a task after seven days at most, at a time that is not known.
    if state.seconds_left is None:
        return "no_end"
    return "ends_soon" if state.seconds_left < warn_hours * _HOUR else "on_air"


def _planned(task: Mapping[str, Any], axis: Axis, plans: Plans) -> dict[str, Any] | None:
    names = (task.get("task_id"), *Destination.forms(task)) if plans else ()
    plan = next((plans[name] for name in names if name in plans), None)
    if plan is None:
        return None
    until = axis.written(plan.until) or {}
    words = f"{plan.now} until {until['local'] or until['utc']}, then {plan.next}"
    return {"now": plan.now, "until": until, "next": plan.next, "words": words, "week": plan.week}


def _destination(task: Mapping[str, Any]) -> str:
    """Return the destination of a task. The user, the password and the arguments of a URL are left out."""
    address = str(next(iter(Destination.forms(task)), "")).partition("?")[0].rpartition("://")[2]
    host, slash, path = address.partition("/")
    return clean(f"{host.rpartition('@')[2]}{slash}{path}")


def _programme(task: Mapping[str, Any]) -> dict[str, Any]:
    urls = task["source_urls"] if isinstance(task.get("source_urls"), list) else []
    how = "live stream"
    if task.get("source_type") != LIVE_TYPE:
        rounds = str(task.get("vod_loop_time") or "-1")
        often = {"-1": "endless", "1": "once"}.get(rounds, f"{clean(rounds)} rounds")
        how = f"{counted(len(urls), 'file')}, {often}"
    return {"files": file_names(urls), "count": len(urls), "plays": playing(urls), "how": how}


def playing(urls: Sequence[Any]) -> str:
    """Return in words the names of the first files of a playlist."""
    return ", ".join([*file_names(urls), *(["\u2026"] if len(urls) > _FILES else [])])


def file_names(urls: Sequence[Any]) -> list[str]:
    """Return the names of the first files of a playlist."""
    return [file_name(str(url)) for url in urls[:_FILES]]


def file_name(url: str) -> str:
    """Return the name of the file at a URL. The query is left out, because it may hold a key."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0]
    name = unquote(path.rstrip("/").rpartition("/")[2])
    try:
        return clean(name or urlsplit(url).hostname or "?")
    except ValueError:
        return "?"


def _remark(state: Air, task: PullTask, now: datetime) -> str:
    """Return in words when the channel ended, ends or begins, that it is not pushed, or why its state is unknown."""
    status, left = task.values.get("status"), state.seconds_left
    if state.state == "over":
        return f"ended {duration((now - to_datetime(str(state.since))).total_seconds())} ago"
    if state.state == "unknown":
        # If the status is known, a time cannot be understood.
        return "cannot be understood" if status in STATUSES else f"status {clean(status) if status else 'missing'}"
    if state.state in _NOT_PUSHED:
        return _NOT_PUSHED[state.state]
    if left is None:
        return "no end set" if state.state == "on_air" else ""
    return f"{'begins' if state.state == 'ahead' else 'ends'} in {duration(left)}"


def duration(seconds: float) -> str:
    """Return a length of time in words, in its largest units, such as `2 d 3 h`."""
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole} s" if whole < _MINUTE else f"{whole // _MINUTE} min"
    hours = whole % _DAY // _HOUR
    if whole < _DAY:
        parts = {"h": hours, "min": whole % _HOUR // _MINUTE}
    else:
        parts = {"d": whole // _DAY, "h": hours if whole < 100 * _DAY else 0}
    return " ".join(f"{number} {unit}" for unit, number in parts.items() if number)


def _urgency(channel: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the sort key: the group, then the nearest time, then the name, with channel-2 before channel-10.

    In a group, channels that others push come first.
    """
    by_others = bool(channel["stream"] and channel["stream"]["by_others"])
    order: float = math.inf if channel["seconds_left"] is None else channel["seconds_left"]
    if channel["state"] == "over":
        order = -to_datetime(channel["end"]["time"]).timestamp()
    name = re.sub("[0-9]+", lambda number: number[0].zfill(20), channel["name"].casefold())
    return ([*AIR_STATES].index(channel["group"]), not by_others, order, name, channel["name"], channel["task_id"])


def _lines(channels: Sequence[Mapping[str, Any]], counts: Mapping[str, int | None], axis: Axis) -> list[str]:
    """Return the channels as a table for a terminal. Of the groups that are not urgent, only the first are listed."""
    calm = sum(counts[group] or 0 for group, row in AIR_STATES.items() if not row.urgent)
    listed = channels[: len(channels) - calm + _CALM_LINES]
    moment = axis.result()["moment"]
    title = f"{counted(len(channels), 'channel')} at {moment['local'] or moment['utc']}"
    if not listed:
        return [title]
    rows = [("CHANNEL", "STATE", "WHEN", "FILES", "PLAYS")]
    for channel in listed:
        # Two blanks between files: YAML callbacks fold lines at single blanks.
        files, count = "  ".join(channel["programme"]["files"]), str(channel["programme"]["count"])
        rows.append((channel["name"], channel["group"].replace("_", " "), channel["remark"], count, files))
    planned = [(channel["name"], channel["planned"]["words"]) for channel in listed if channel["planned"]]
    known = [channel for channel in listed if channel["stream"] and channel["stream"]["online"]]
    streams = [(channel["name"], channel["stream"]["words"]) for channel in known]
    return [
        title,
        ", ".join(f"{counts[group]} {group.replace('_', ' ')}" for group in AIR_STATES if counts[group]),
        *columns(rows),
        *([f"and {len(channels) - len(listed)} more, on air or paused"] if len(channels) > len(listed) else []),
        *(columns([("CHANNEL", "PUSHED"), *streams]) if streams else []),
        *(columns([("CHANNEL", "PLANNED"), *planned]) if planned else []),
    ]
