# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All channels at a glance, the urgent ones first: for a page, and as a table. Pure, without a clock.

Private to this collection.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from .._errors import InvalidOptionError, refused, shown
from .._masking import clean
from .._options import STATUSES
from .._task.air import Air, air
from .._task.fields import to_datetime
from .._task.immutable import Destination
from .._task.task import PullTask
from .columns import columns, fitted
from .timeline import Axis, stripe, window

GROUPS = ("over", "ends_soon", "unknown", "no_end", "ahead", "on_air", "paused")
"""The states of `air`, the most urgent first. A channel on air may be one that ends soon, or one that has no end."""
WIDTH = 100
"""No line of the table takes more columns."""
FINE = ("on_air", "paused")
"""The groups of which nobody has to see every channel."""

_FINE_LINES = 30
_FILES = 3
# What is shown of a task, and nothing else: Ansible's own lists and dictionaries take their time for each value.
_FIELDS = (
    "task_id",
    "status",
    "source_type",
    "source_urls",
    "vod_loop_time",
    "start_time",
    "end_time",
    *Destination._fields,
)
_AIR = ("status", "start_time", "end_time")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Plan(NamedTuple):
    """What is planned for a channel.

    Attributes:
        now: what it plays now, in words.
        until: until when, in normal form.
        next: what it plays then, in words.
    """

    now: str
    until: str
    next: str


# By the id of a task, or its destination; None where nobody can tell.
Plans = Mapping[Any, "Plan | None"]
NO_PLAN: Plans = MappingProxyType({})


def overview(
    tasks: object, now: object, warn_hours: float, zone: tzinfo, zone_name: str, plans: Plans = NO_PLAN
) -> dict[str, Any]:
    """Return the overview of tasks: `counts`, `channels`, `axis` and `lines`.

    Args:
        tasks: as the info module lists them.
        now: the time, RFC 3339.
        warn_hours: less than this is left of a channel that ends soon.
        zone: the time zone of who looks.
        zone_name: what it is called.
        plans: what is planned for channels.

    Raises:
        InvalidOptionError: naming what is not allowed.
    """
    axis = Axis.at(now, zone, zone_name)
    hours = isinstance(warn_hours, (int, float)) and not isinstance(warn_hours, bool)
    if not hours or not 0 <= warn_hours < math.inf:
        raise InvalidOptionError(refused("warn_hours", warn_hours, "a number of 0 or more"))
    found = sorted((channel(task, axis, warn_hours, plans) for task in _listed(tasks)), key=urgency)
    counts = count(found)
    return {"counts": counts, "channels": found, "axis": axis.result(), "lines": lines(found, counts, axis)}


def _listed(tasks: object) -> Sequence[Mapping[str, Any]]:
    allowed = "a list of tasks, as live_pull_task_info returns it in live_pull_tasks"
    if not isinstance(tasks, (list, tuple)):
        what = f"a dictionary of {', '.join(map(str, tasks))}" if isinstance(tasks, Mapping) else shown(tasks)
        raise InvalidOptionError(refused("tasks", tasks, allowed, f"{what} is not allowed"))
    found = []
    for position, task in enumerate(tasks):
        if not isinstance(task, Mapping) or "task_id" not in task:
            raise InvalidOptionError(refused(f"tasks[{position}]", task, "a task, with its task_id"))
        found.append({name: task[name] for name in _FIELDS if name in task} | {"status": _status(task)})
    return found


def channel(task: Mapping[str, Any], axis: Axis, warn_hours: float, plans: Plans = NO_PLAN) -> dict[str, Any]:
    """Return all there is to show of a task."""
    relay = PullTask.from_answer({name: task[name] for name in _AIR if name in task})
    state = air(relay, axis.now.timestamp())
    destination = _destination(task)
    start, end = (axis.written(relay.values.get(name)) for name in ("start_time", "end_time"))
    return {
        "group": _group(state, warn_hours),
        "state": state.state,
        "task_id": clean(task.get("task_id")),
        "name": clean(task.get("stream_name") or destination or task.get("task_id")),
        "destination": destination,
        "programme": programme(task),
        "planned": _planned(task, axis, plans),
        "seconds_left": state.seconds_left,
        "time_left": None if state.seconds_left is None else duration(state.seconds_left),
        "remark": remark(state, relay, axis.now),
        "start": start,
        "end": end,
        "window": window(start, end, axis),
        "bar": stripe(relay.values, axis),
    }


def _group(state: Air, warn_hours: float) -> str:
    if state.state != "on_air":
        return state.state
    # The service ends the task after seven days at most, and does not say when.
    if state.seconds_left is None:
        return "no_end"
    return "ends_soon" if state.seconds_left < warn_hours * _HOUR else "on_air"


def _status(task: Mapping[str, Any]) -> Any:
    """Return the status of a task, by what the info module knew of the service's words when it looked."""
    known = task.get("air")
    state = known.get("state") if isinstance(known, Mapping) else None
    if state == "paused":
        return "pause"
    return "enable" if state in ("on_air", "ahead", "over") else task.get("status")


def _planned(task: Mapping[str, Any], axis: Axis, plans: Plans) -> dict[str, Any] | None:
    """Return what is planned for a task; None if nothing is."""
    names = (task.get("task_id"), *Destination.forms(task)) if plans else ()
    plan = next((plans[name] for name in names if name in plans), None)
    if plan is None:
        return None
    until = axis.written(plan.until) or {}
    words = f"{plan.now} until {until['local'] or until['utc']}, then {plan.next}"
    return {"now": plan.now, "until": until, "next": plan.next, "words": words}


def _destination(task: Mapping[str, Any]) -> str:
    """Return where a task pushes to; of a URL what tells it from others, and nothing that might open a door."""
    found = next(iter(Destination.forms(task)), None)
    address = str(found or "").partition("?")[0].rpartition("://")[2]
    host, slash, path = address.partition("/")
    return clean(f"{host.rpartition('@')[2]}{slash}{path}")


def programme(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a task plays: the first files by their names, how many there are, and in words."""
    urls = task.get("source_urls")
    urls = urls if isinstance(urls, list) else []
    if task.get("source_type") == "PullLivePushLive":
        how = "live stream"
    else:
        rounds = str(task.get("vod_loop_time") or "-1")
        often = "endless" if rounds == "-1" else "once" if rounds == "1" else f"{clean(rounds)} rounds"
        how = f"{len(urls)} {'file' if len(urls) == 1 else 'files'}, {often}"
    files = [file_name(str(url)) for url in urls[:_FILES]]
    return {"files": files, "count": len(urls), "plays": playing(urls), "how": how}


def playing(urls: Sequence[Any]) -> str:
    """Return what is played: the first files by their names."""
    files = [file_name(str(url)) for url in urls[:_FILES]]
    return ", ".join([*files, "\u2026"] if len(urls) > len(files) else files)


def file_name(url: str) -> str:
    """Return the name of the file at a URL, without what follows it: that may hold a key."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0]
    name = unquote(path.rstrip("/").rpartition("/")[2])
    try:
        return clean(name or urlsplit(url).hostname or "?")
    except ValueError:
        return "?"


def remark(state: Air, task: PullTask, now: datetime) -> str:
    """Return in words how long a channel has been so, or will be."""
    if state.state == "over":
        return f"ended {duration((now - to_datetime(str(state.since))).total_seconds())} ago"
    if state.state == "ahead":
        return f"begins in {duration(state.seconds_left or 0)}"
    if state.state == "on_air":
        return "no end set" if state.seconds_left is None else f"ends in {duration(state.seconds_left)}"
    if state.state == "paused":
        return ""
    status = task.values.get("status")
    # A status that is no text, or a time, is not among the values.
    return "cannot be understood" if status in STATUSES else f"status {clean(status) if status else 'missing'}"


def duration(seconds: float) -> str:
    """Return a length of time in words: its two largest units, `2 d 3 h`."""
    whole = int(seconds)
    days, rest = divmod(whole, _DAY)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if not days:
        return _two(rest // _HOUR, "h", rest % _HOUR // _MINUTE, "min")
    return _two(days, "d", rest // _HOUR if days < 100 else 0, "h")


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large} {unit} {small} {small_unit}" if small else f"{large} {unit}"


def urgency(channel: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what channels are sorted by: what ended last, ends first or begins first comes first in its group."""
    order: float = math.inf if channel["seconds_left"] is None else channel["seconds_left"]
    if channel["state"] == "over":
        order = -to_datetime(channel["end"]["time"]).timestamp()
    # So that channel-2 comes before channel-10.
    name = re.sub("[0-9]+", lambda number: number[0].zfill(20), channel["name"].casefold())
    return (GROUPS.index(channel["group"]), order, name, channel["name"], channel["task_id"])


def count(channels: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many channels there are, in all and of each group."""
    found = Counter(channel["group"] for channel in channels)
    return {"total": sum(found.values()), **{group: found[group] for group in GROUPS}}


def lines(channels: Sequence[Mapping[str, Any]], counts: Mapping[str, int], axis: Axis) -> list[str]:
    """Return the channels as a table for a terminal; of those that are fine, only the first."""
    shown_ones = channels[: len(channels) - sum(counts[group] for group in FINE) + _FINE_LINES]
    rows = [
        (
            channel["name"],
            channel["group"].replace("_", " "),
            channel["remark"],
            str(channel["programme"]["count"]),
            # Where YAML folds lines, it does so at single blanks only.
            "  ".join(channel["programme"]["files"]),
        )
        for channel in shown_ones
    ]
    table = columns([("CHANNEL", "STATE", "WHEN", "FILES", "PLAYS"), *rows], (32, 9, 24, 5), WIDTH) if rows else []
    moment = axis.result()["moment"]
    total, more = counts["total"], len(channels) - len(rows)
    title = f"{total} {'channel' if total == 1 else 'channels'} at {moment['local'] or moment['utc']}"
    told = ", ".join(f"{counts[group]} {group.replace('_', ' ')}" for group in GROUPS if counts[group])
    rest = [f"and {more} more, on air or paused"] if more else []
    planned = [(channel["name"], channel["planned"]["words"]) for channel in shown_ones if channel["planned"]]
    plan = columns([("CHANNEL", "PLANNED"), *planned], (32,), WIDTH) if planned else []
    return [fitted(line, WIDTH) for line in (title, told) if line] + table + rest + plan
