# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The channels of the role playlist as options of tasks. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused, shown
from .._options import CHANNEL_OPTIONS
from .._playlist.playlist import checked, playlist
from .._playlist.window import current_window, moved_times
from .._task.immutable import STREAM, Destination, option_of
from .._task.task import Declaration
from .schedule import moment_of
from .slots import Schedule, Tools, schedule

_NAMES = ("task_id", *STREAM, "destination_url")
# What a channel and a task call the same.
_SAME = (*_NAMES, "callback_events", "callback_url", "push_args", "backup_source_type", "backup_source_urls")

FoundFor = Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]]]


class Declared(NamedTuple):
    """What channels ask for.

    Attributes:
        tasks: options of a task in normal form, for each channel without a problem.
        problems: everything that is wrong, each with the channel that it is wrong with.
    """

    tasks: list[dict[str, Any]]
    problems: list[str]


def declared(channels: Any, current_tasks: Any, now: str, tools: Tools) -> Declared:
    """Return what the channels of the role playlist ask for, as the `tasks` of live_pull_tasks.

    Args:
        channels: the channels, a list.
        current_tasks: the tasks as they are; used for channels with a rolling window or a programme. One that is named
            by its destination, and is not among them, will be created.
        now: the time, RFC 3339.
        tools: what turns what the user gave into what is meant.
    """
    if not is_list(channels):
        return Declared([], [refused("playlist_channels", channels, "a list of channels")])
    listed = [task for task in current_tasks if isinstance(task, Mapping)] if is_list(current_tasks) else None
    if listed is None or len(listed) < len(current_tasks):
        allowed = "the live_pull_tasks of live_pull_task_info"
        return Declared([], [f"What follows the channels is no list of tasks. Allowed: {allowed}."])
    found_for = _index(listed)
    found = Declared([], [])
    first: dict[object, int] = {}
    for position, channel in enumerate(channels):
        name = name_of(channel)
        label = f"playlist_channels[{position}]{'' if name is None else f' (task {name})'}"
        try:
            if not isinstance(channel, Mapping):
                raise InvalidOptionError(f"{shown(channel)} is not a channel. Allowed: a dictionary of its options.")
            options = tools.typed(channel, CHANNEL_OPTIONS)
            found.tasks.append(_task(options, found_for(options), now, tools))
        except InvalidOptionError as error:
            found.problems.extend(f"{label}: {problem}" for problem in error.problems)
        if name is not None and first.setdefault(name, position) != position:
            found.problems.append(
                f"{label}: the same task as playlist_channels[{first[name]}]. Allowed: each task once."
            )
    return found


def m3u_values(channels: Any) -> Iterator[Any]:
    """Return what channels give as m3u, and the slots of their programmes, whatever it is."""
    for channel in channels if is_list(channels) else []:
        slots: Any = channel.get("programme") if isinstance(channel, Mapping) else None
        for part in (channel, *(slots if is_list(slots) else ())):
            if isinstance(part, Mapping) and part.get("m3u") is not None:
                yield part["m3u"]


def is_list(value: object) -> bool:
    """Return whether a value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def name_of(channel: Any) -> str | Destination | None:
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
        destination = Destination.of(options)
        if destination is None or destination in by_destination:
            return by_destination.get(destination, [])
        # The tasks may be results, in which what is secret of a URL is masked.
        found = by_destination.get(destination.masked, [])
        if len(found) > 1:
            raise InvalidOptionError(
                f"destination_url: {len(found)} tasks push to {destination.masked}, and it does not show which of them"
                " this is. Name the task by its task_id."
            )
        return found

    return found_for


def _task(options: Mapping[str, Any], found: Sequence[Mapping[str, Any]], now: str, tools: Tools) -> dict[str, Any]:
    """Return the options of a task for a channel in the types of `CHANNEL_OPTIONS`.

    Args:
        options: the channel.
        found: the tasks that its name fits.
        now: the time, RFC 3339.
        tools: what turns what the user gave into what is meant.
    """
    if options["remove"]:
        # What the channel was like may stay where it is written, and does not count any more.
        return _given(checked({**{name: options[name] for name in _NAMES}, "state": "absent"}, []))
    task: dict[str, Any] = {name: options[name] for name in _SAME}
    programme: Schedule | None = None
    broken: list[str] = []
    try:
        if options["programme"] is not None:
            programme = schedule(options, moment_of(now), tools)
            options = {**options, "on_air": programme.on_air(options["on_air"])}
        else:
            _entries, values, broken = playlist(options, tools.read)
            task.update(values)
            if options["timezone"] is not None:
                broken.append("timezone: not allowed without programme.")
    except InvalidOptionError as error:
        broken = [*error.problems]
    created = not found and options["task_id"] is None
    try:
        task.update(_air_time(options, found, now))
    except InvalidOptionError as error:
        broken += error.problems
    if options["on_air"] is not None:
        task["status"] = "enable" if options["on_air"] else "pause"
    if programme:
        task.update(programme.asks(task, found[0] if len(found) == 1 else None, created))
    return _given(checked(task, broken))


def _given(wanted: Declaration) -> dict[str, Any]:
    """Return what is asked as options of a task."""
    return {
        **({"task_id": wanted.task_id} if wanted.task_id is not None else {}),
        **{option_of(name): value for name, value in wanted.immutable.items()},
        **({"state": "absent"} if wanted.absent else {}),
        **wanted.values,
    }


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
