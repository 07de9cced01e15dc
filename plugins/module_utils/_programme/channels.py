# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The channels of the role playlist as options of tasks. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, collected, raise_problems, refused, shown
from .._playlist.playlist import checked, playlist
from .._playlist.window import current_window, moved_times
from .._task.fields import WINDOW
from .._task.immutable import IMMUTABLE, Destination, option_of
from .._task.matching import Listing
from .._task.task import Declaration, PullTask
from .options import CHANNEL_OPTIONS
from .schedule import moment_of
from .slots import Programme, Tools, check_texts, parsed_programme

_NAMES = ("task_id", *Destination._fields)
# The options with the same name and the same meaning in a channel and in a task.
_SAME = ("task_id", "callback_events", *(name for name in IMMUTABLE if name in CHANNEL_OPTIONS))


class Declared(NamedTuple):
    """What channels declare.

    Attributes:
        tasks: options of a task in normal form, for each channel without a problem.
        problems: everything that is wrong, each with its channel.
    """

    tasks: list[dict[str, Any]]
    problems: list[str]


def parsed_channels(channels: Any, now: str, tools: Tools) -> list[dict[str, Any]]:
    """Return channels as plain data for `declared`, with their files read and their options checked.

    Args:
        channels: the channels, a list.
        now: the current time, RFC 3339.
        tools: functions that convert values of the user.
    """
    if not is_list(channels):
        problem = refused("playlist_channels", channels, "a list of channels")
        return [{"label": "", "options": None, "problems": [problem]}]
    found = []
    first: dict[object, int] = {}
    for position, channel in enumerate(channels):
        name = name_of(channel)
        label = f"playlist_channels[{position}]{'' if name is None else f' (task {name})'}: "
        parsed: dict[str, Any] = {"label": label, "options": None, "problems": []}
        with collected(parsed["problems"]):
            parsed.update(_parsed(channel, now, tools))
        if name is not None and first.setdefault(name, position) != position:
            parsed["problems"].append(f"the same task as playlist_channels[{first[name]}]. Allowed: each task once.")
        found.append(parsed)
    return found


def _parsed(channel: Any, now: str, tools: Tools) -> dict[str, Any]:
    if not isinstance(channel, Mapping):
        raise InvalidOptionError(f"{shown(channel)} is not a channel. Allowed: a dictionary of its options.")
    options = tools.typed(channel, CHANNEL_OPTIONS)
    changing = options["rolling"] is not None or options["programme"] is not None
    found: dict[str, Any] = {"options": {**options, "programme": None}, "values": {}, "problems": []}
    found["changes_with_time"] = changing
    if options["remove"]:
        # Its other options may stay in the file, and are not checked.
        return found
    if options["programme"] is None:
        _entries, found["values"], found["problems"] = playlist(options, tools.read)
        if options["timezone"] is not None:
            found["problems"].append("timezone: not allowed without programme.")
    else:
        with collected(found["problems"]):
            found["options"]["programme"] = parsed_programme(options, moment_of(now), tools)
    with collected(found["problems"]):
        check_texts(options, "title", "guide_id")
    return found


def declared(channels: Sequence[Mapping[str, Any]], current_tasks: Any, now: str, clock: str | None = None) -> Declared:
    """Return what channels declare, as the `tasks` of live_pull_tasks.

    Args:
        channels: the result of `parsed_channels`.
        current_tasks: the tasks as they are, for channels with a rolling window or a programme. If a channel is named
            by its destination and is not among them, it will be created.
        now: the time for windows and programmes, RFC 3339.
        clock: the current time, RFC 3339; None if it is `now`.

    Raises:
        InvalidOptionError: `clock` is not a time.
    """
    real = None if clock is None else moment_of(clock, "clock")
    if not is_list(current_tasks) or not all(isinstance(task, Mapping) for task in current_tasks):
        allowed = "the live_pull_tasks of live_pull_task_info"
        return Declared([], [f"current_tasks: this value is not a list of tasks. Allowed: {allowed}."])
    # If a task is listed twice, the later one is newer.
    by_id = {str(task.get("task_id")): PullTask.from_answer(task) for task in current_tasks}
    listing = Listing(by_id.values())
    found = Declared([], [])
    for channel in channels:
        with collected(found.problems, channel["label"]):
            found.tasks.append(_task(channel, listing, now, real))
    return found


def m3u_values(channels: Any) -> Iterator[Any]:
    """Return each value of `m3u` in channels and in the slots of their programmes, of any type."""
    for channel in channels if is_list(channels) else []:
        slots: Any = channel.get("programme") if isinstance(channel, Mapping) else None
        for part in (channel, *(slots if is_list(slots) else ())):
            if isinstance(part, Mapping) and part.get("m3u") is not None:
                yield part["m3u"]


def is_list(value: object) -> bool:
    """Return whether a value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def name_of(channel: Any) -> str | Destination | None:
    """Return the name of the task of a channel with values of any type: its id, otherwise its destination."""
    if not isinstance(channel, Mapping):
        return None
    return Destination.of(channel) if channel.get("task_id") is None else str(channel["task_id"])


def _found(options: Mapping[str, Any], listing: Listing) -> Sequence[PullTask]:
    """Return the tasks that the name of a channel fits: the one with its id, or all with its destination."""
    if options["task_id"] is not None:
        return listing.with_id(options["task_id"])
    destination = Destination.of(options)
    found = listing.at(destination)
    if found or destination is None:
        return found
    # The tasks may be results, in which the secrets of URLs are masked.
    found = listing.at(destination.masked)
    if len(found) > 1:
        raise InvalidOptionError(
            f"destination_url: {len(found)} tasks push to {destination.masked}. The masked URL does not show which one"
            " you mean. Identify the task by its task_id."
        )
    return found


def _task(channel: Mapping[str, Any], listing: Listing, now: str, clock: datetime | None) -> dict[str, Any]:
    """Return the options of a task for a channel.

    Args:
        channel: an entry of the result of `parsed_channels`.
        listing: the tasks as they are.
        now: the time for its window and its programme, RFC 3339.
        clock: the current time; None if it is `now`.

    Raises:
        InvalidOptionError: naming everything that is wrong with the channel.
    """
    options, problems = channel["options"], [*channel["problems"]]
    if not options:
        raise InvalidOptionError(*problems)
    found = _found(options, listing)
    if options["remove"]:
        return _given(checked({**{name: options[name] for name in _NAMES}, "state": "absent"}, problems))
    task: dict[str, Any] = {**{name: options[name] for name in _SAME}, **channel["values"]}
    on_air, current = options["on_air"], found[0] if len(found) == 1 else None
    programme: Programme | None = None
    if options["programme"]:
        programme = Programme.at(options["programme"], moment_of(now).timestamp())
        on_air = programme.on_air(on_air)
    created = not found and options["task_id"] is None
    with collected(problems):
        task.update(_air_time(options, bool(on_air), current, created, now, clock))
    if on_air is not None:
        task["status"] = "enable" if on_air else "pause"
    if programme:
        task.update(programme.values(task, current, created))
    return _given(checked(task, problems))


def _given(declaration: Declaration) -> dict[str, Any]:
    """Return the declared options as options of a task."""
    immutable = {option_of(name): value for name, value in declaration.immutable.items()}
    options = {"task_id": declaration.task_id, **immutable, "state": "absent" if declaration.absent else None}
    return {name: value for name, value in {**options, **declaration.values}.items() if value is not None}


def _air_time(
    options: Mapping[str, Any],
    on_air: bool,
    current: PullTask | None,
    created: bool,
    now: str,
    clock: datetime | None,
) -> dict[str, Any]:
    rolling = options["rolling"]
    fixed = {name: options[name] for name in WINDOW if options[name] is not None}
    if rolling is None:
        return fixed
    moved: dict[str, Any] = {}
    broken = [f"rolling: not allowed with {name}, because rolling sets the window." for name in fixed]
    if options["mode"] != "loop":
        broken.append(f"rolling: not allowed with mode {options['mode']}. Allowed: with mode loop, which is endless.")
    ahead = clock is not None and moment_of(now) > clock
    # The window of a new task cannot be in the past.
    begins = clock.isoformat() if created and clock and not ahead else now
    with collected(broken, "rolling: "):
        # A time that does not change is not declared.
        moved = moved_times(current_window(current and current.answer), **rolling, now=begins, on_air=on_air)
    raise_problems(broken)
    if created:
        # A new task begins at once, because a start_time of a second ago could be refused. If `now` is in the future,
        # its start_time is declared.
        return moved if ahead else {"end_time": moved["end_time"]}
    # If the task is not known, its window stays. Either it was on no page of the list, because other tasks were deleted
    # between two pages, or several tasks have this destination.
    return {} if current is None else moved
