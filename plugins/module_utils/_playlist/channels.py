# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The channels of the role playlist as options of tasks. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._errors import InvalidOptionError, refused
from .._options import MODES
from .._task.fields import is_integer
from .._task.task import Wanted
from .m3u import check_base_url, m3u_urls
from .window import current_window, moved_times

# What a user of the role calls the options of a task whose rules are checked together.
_CHANNEL_NAMES = {
    "vod_start_video_index": "start_at.index",
    "vod_start_video_time": "start_at.seconds",
    "vod_refresh_type": "on_update",
}


Typed = Callable[[object], Mapping[str, Any]]
Read = Callable[[str], str]


def playlist_tasks(channels: Any, current_tasks: Any, now: str, *, typed: Typed, read: Read) -> list[dict[str, Any]]:
    """Return what the channels of the role playlist ask for, as the `tasks` of live_pull_tasks in normal form.

    Args:
        channels: the channels, a list.
        current_tasks: the tasks as they are; used for channels with a rolling window.
        now: the time, RFC 3339.
        typed: returns a channel brought to the types of `CHANNEL_OPTIONS`, with None for what was not given.
        read: returns the text of a playlist file.

    Both raise InvalidOptionError where that cannot be done.

    Raises:
        InvalidOptionError: naming every channel that breaks a rule, and every rule that it breaks.
    """
    if not _is_list(channels):
        raise InvalidOptionError(refused("playlist_channels", channels, "a list of channels"))
    listed = [task for task in current_tasks if isinstance(task, Mapping)] if _is_list(current_tasks) else None
    if listed is None or len(listed) < len(current_tasks):
        raise InvalidOptionError(
            "What follows the channels is no list of tasks. Allowed: the live_pull_tasks of live_pull_task_info."
        )
    current = {str(task.get("task_id")): task for task in listed}
    tasks, broken = [], []
    first: dict[object, int] = {}
    for position, channel in enumerate(channels):
        task_id = channel.get("task_id") if isinstance(channel, Mapping) else None
        label = f"playlist_channels[{position}]{'' if task_id is None else f' (task {task_id})'}"
        try:
            options = typed(channel)
            tasks.append(_task(options, current.get(options["task_id"]), now, read))
        except InvalidOptionError as error:
            broken.append(f"{label}: {error.message}")
        if task_id is not None and first.setdefault(str(task_id), position) != position:
            broken.append(
                f"{label}: the same task as playlist_channels[{first[str(task_id)]}]. Allowed: each task once."
            )
    if broken:
        raise InvalidOptionError(" ".join(broken))
    return tasks


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _task(options: Mapping[str, Any], current: Mapping[str, Any] | None, now: str, read: Read) -> dict[str, Any]:
    """Return the options of a task for a channel in the types of `CHANNEL_OPTIONS`."""
    broken = []
    task: dict[str, Any] = {
        "task_id": options["task_id"],
        "vod_refresh_type": options["on_update"],
        "callback_events": options["callback_events"],
    }
    parts: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: _source(options, read),
        lambda: _loop(options),
        lambda: _air_time(options, current, now),
        lambda: _start_at(options),
    )
    for part in parts:
        try:
            task.update(part())
        except InvalidOptionError as error:
            broken.append(error.message)
    if options["on_air"] is not None:
        task["status"] = "enable" if options["on_air"] else "pause"
    try:
        wanted = Wanted.from_options(task)
    except InvalidOptionError as error:
        broken.append(re.sub("|".join(_CHANNEL_NAMES), lambda name: _CHANNEL_NAMES[name[0]], error.message))
    if broken:
        raise InvalidOptionError(" ".join(broken))
    return {"task_id": wanted.task_id, **wanted.values}


def _source(options: Mapping[str, Any], read: Read) -> dict[str, Any]:
    urls, path, base_url = options["source_urls"], options["m3u"], options["m3u_base_url"]
    if (urls is None) == (path is None):
        given = "neither is given" if urls is None else "both are given"
        raise InvalidOptionError(f"source_urls, m3u: {given}. Allowed: exactly one of them.")
    if path is None:
        if base_url is not None:
            raise InvalidOptionError("m3u_base_url: not allowed without m3u.")
        return {"source_urls": urls}
    if base_url is not None:
        check_base_url("m3u_base_url", base_url)
    try:
        return {"source_urls": m3u_urls(read(path), base_url)}
    except InvalidOptionError as error:
        raise InvalidOptionError(f"m3u {path}: {error.message}") from None


def _loop(options: Mapping[str, Any]) -> dict[str, Any]:
    mode, rounds = options["mode"], options["rounds"]
    if mode not in MODES:
        raise InvalidOptionError(refused("mode", mode, ", ".join(MODES)))
    if mode != "rounds":
        if rounds is not None:
            raise InvalidOptionError(f"rounds: not allowed with mode {mode}. Allowed: with mode rounds only.")
        return {"vod_loop_time": "-1" if mode == "loop" else "1"}
    if rounds is None:
        raise InvalidOptionError("rounds: missing. Mode rounds needs it, an integer of 1 or more.")
    if not is_integer(rounds, 1):
        raise InvalidOptionError(refused("rounds", rounds, "an integer of 1 or more"))
    return {"vod_loop_time": str(rounds)}


def _air_time(options: Mapping[str, Any], current: Mapping[str, Any] | None, now: str) -> dict[str, Any]:
    rolling = options["rolling"]
    fixed = {name: options[name] for name in ("start_time", "end_time") if options[name] is not None}
    if rolling is None:
        return fixed
    moved: dict[str, Any] = {}
    broken = [f"rolling: not allowed with {name}, because it sets the window itself." for name in fixed]
    if options["mode"] != "loop":
        broken.append(
            f"rolling: not allowed with mode {options['mode']}. Allowed: with mode loop, which does not end by itself."
        )
    try:
        window, on_air = current_window(current), bool(options["on_air"])
        # What stays is left out: then it is not managed, and nothing touches it.
        moved = moved_times(window, rolling["days"], rolling["renew_before_hours"], now, on_air)
    except InvalidOptionError as error:
        broken.append(f"rolling: {error.message}")
    if broken:
        raise InvalidOptionError(" ".join(broken))
    # So is the window of a task that was not listed: it may have slipped from page to page while others went.
    return moved if current is not None else {}


def _start_at(options: Mapping[str, Any]) -> dict[str, Any]:
    start_at = options["start_at"]
    if start_at is None:
        return {}
    return {"vod_start_video_index": start_at["index"], "vod_start_video_time": start_at["seconds"]}
