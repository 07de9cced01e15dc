# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The channels of the role playlist as options of tasks. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .._options import MODES
from .._task.fields import is_integer
from .._task.fixed import STREAM, Destination, option_of
from .._task.task import Wanted
from .m3u import check_base_url, m3u_urls
from .window import current_window, moved_times

# What a user of the role calls the options of a task whose rules are checked together.
_CHANNEL_NAMES = {
    "vod_start_video_index": "start_at.index",
    "vod_start_video_time": "start_at.seconds",
    "vod_refresh_type": "on_update",
}
_NAMES = ("task_id", *STREAM, "destination_url")
# What a channel and a task call the same.
_SAME = (*_NAMES, "callback_events", "callback_url", "push_args", "backup_source_type", "backup_source_urls")

Typed = Callable[[object], Mapping[str, Any]]
Read = Callable[[str], str]
FoundFor = Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]]]


class Declared(NamedTuple):
    """What channels ask for.

    Attributes:
        tasks: options of a task in normal form, for each channel without a problem.
        problems: everything that is wrong, each with the channel that it is wrong with.
    """

    tasks: list[dict[str, Any]]
    problems: list[str]


def declared(channels: Any, current_tasks: Any, now: str, *, typed: Typed, read: Read) -> Declared:
    """Return what the channels of the role playlist ask for, as the `tasks` of live_pull_tasks.

    Args:
        channels: the channels, a list.
        current_tasks: the tasks as they are; used for channels with a rolling window. One that is named by its
            destination, and is not among them, will be created.
        now: the time, RFC 3339.
        typed: returns a channel brought to the types of `CHANNEL_OPTIONS`, with None for what was not given.
        read: returns the text of a playlist file.

    Both raise InvalidOptionError where that cannot be done.
    """
    if not _is_list(channels):
        return Declared([], [refused("playlist_channels", channels, "a list of channels")])
    listed = [task for task in current_tasks if isinstance(task, Mapping)] if _is_list(current_tasks) else None
    if listed is None or len(listed) < len(current_tasks):
        allowed = "the live_pull_tasks of live_pull_task_info"
        return Declared([], [f"What follows the channels is no list of tasks. Allowed: {allowed}."])
    found_for = _index(listed)
    found = Declared([], [])
    first: dict[object, int] = {}
    for position, channel in enumerate(channels):
        name = _name(channel)
        label = f"playlist_channels[{position}]{'' if name is None else f' (task {name})'}"
        try:
            found.tasks.append(_task(typed(channel), found_for, now, read))
        except InvalidOptionError as error:
            found.problems.extend(f"{label}: {problem}" for problem in error.problems)
        if name is not None and first.setdefault(name, position) != position:
            found.problems.append(
                f"{label}: the same task as playlist_channels[{first[name]}]. Allowed: each task once."
            )
    return found


def m3u_values(channels: Any) -> Iterator[Any]:
    """Return what channels give as m3u, and the slots of their programmes, whatever it is."""
    for channel in channels if _is_list(channels) else []:
        slots: Any = channel.get("programme") if isinstance(channel, Mapping) else None
        for part in (channel, *(slots if _is_list(slots) else ())):
            if isinstance(part, Mapping) and part.get("m3u") is not None:
                yield part["m3u"]


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _name(channel: Any) -> str | Destination | None:
    """Return what names the task of a channel, whatever its types: its id, or else where it pushes to."""
    if not isinstance(channel, Mapping):
        return None
    return Destination.of(channel) if channel.get("task_id") is None else str(channel["task_id"])


def _index(tasks: Sequence[Mapping[str, Any]]) -> FoundFor:
    """Return what finds the tasks that the name of a channel fits: that with its id, or all with its destination."""
    # Should one be listed twice, the later one is newer.
    by_id = {str(task.get("task_id")): task for task in tasks}
    by_destination: dict[Destination | None, list[Mapping[str, Any]]] = {}
    for task in by_id.values():
        for form in Destination.forms(task):
            by_destination.setdefault(form, []).append(task)

    def found_for(options: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        if options["task_id"] is not None:
            return [by_id[options["task_id"]]] if options["task_id"] in by_id else []
        return by_destination.get(Destination.of(options), [])

    return found_for


def _task(options: Mapping[str, Any], found_for: FoundFor, now: str, read: Read) -> dict[str, Any]:
    """Return the options of a task for a channel in the types of `CHANNEL_OPTIONS`."""
    if options["remove"]:
        # What the channel was like may stay where it is written, and does not count any more.
        return _checked({**{name: options[name] for name in _NAMES}, "state": "absent"}, [])
    broken: list[str] = []
    task: dict[str, Any] = {**{name: options[name] for name in _SAME}, "vod_refresh_type": options["on_update"]}
    parts: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: _source(options, read),
        lambda: _loop(options),
        lambda: _air_time(options, found_for(options), now),
        lambda: _start_at(options),
    )
    for part in parts:
        try:
            task.update(part())
        except InvalidOptionError as error:
            broken += error.problems
    if options["on_air"] is not None:
        task["status"] = "enable" if options["on_air"] else "pause"
    return _checked(task, broken)


def _checked(task: Mapping[str, Any], broken: Sequence[str]) -> dict[str, Any]:
    """Return what is given of the options of a task, in normal form.

    Raises:
        InvalidOptionError: naming all that is wrong with them, after what is known to be.
    """
    problems = [*broken]
    try:
        wanted = Wanted.from_options(task)
    except InvalidOptionError as error:
        problems += (
            re.sub("|".join(_CHANNEL_NAMES), lambda name: _CHANNEL_NAMES[name[0]], problem)
            for problem in error.problems
        )
    if problems:
        raise InvalidOptionError(*problems)
    return {
        **({"task_id": wanted.task_id} if wanted.task_id is not None else {}),
        **{option_of(name): value for name, value in wanted.fixed.items()},
        **({"state": "absent"} if wanted.absent else {}),
        **wanted.values,
    }


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
        raise InvalidOptionError(*(f"m3u {path}: {problem}" for problem in error.problems)) from None


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


def _air_time(options: Mapping[str, Any], found: Sequence[Mapping[str, Any]], now: str) -> dict[str, Any]:
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
        window, on_air = current_window(found[0] if len(found) == 1 else None), bool(options["on_air"])
        # What stays is left out: then it is not managed, and nothing touches it.
        moved = moved_times(window, rolling["days"], rolling["renew_before_hours"], now, on_air)
    except InvalidOptionError as error:
        broken += [f"rolling: {problem}" for problem in error.problems]
    if broken:
        raise InvalidOptionError(*broken)
    if found or options["task_id"] is not None:
        # So is the window of a task with an id that was not listed: it may have slipped from page to page while others
        # went. Of several tasks with one destination nobody can say which is meant.
        return moved if len(found) == 1 else {}
    # It will be created, and begins then: a start that is a second ago by that time could be refused.
    return {"end_time": moved["end_time"]}


def _start_at(options: Mapping[str, Any]) -> dict[str, Any]:
    start_at = options["start_at"]
    if start_at is None:
        return {}
    return {"vod_start_video_index": start_at["index"], "vod_start_video_time": start_at["seconds"]}
