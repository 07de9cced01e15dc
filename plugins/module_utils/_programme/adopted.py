# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relay tasks as channels of the role playlist: the reverse of `channels`. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, raise_problems, shown
from .._masking import holds_mask, presentable
from .._options import CALLBACK_EVENTS, PLAYLIST_TYPE
from .._task.fields import FIELDS, START_AT, WINDOW, Field, has_passed, task_id_problems
from .._task.immutable import IMMUTABLE, STREAM, Destination, ImmutableField, is_masked
from .._task.matching import Listing
from .._task.rules import broken_rules
from .._task.task import PullTask
from .._task.urls import encoded
from .options import CHANNEL_OPTIONS

# A task without them cannot become a channel: the role requires the first, and always declares the second.
_REQUIRED = ("source_urls", "vod_loop_time")
_IMMUTABLE = tuple(name for name in IMMUTABLE if name in CHANNEL_OPTIONS and name not in Destination._fields)


class Adopted(NamedTuple):
    """Channels that declare tasks as they are.

    Attributes:
        channels: a channel of the role for each task that can be one, in the order of the tasks.
        notes: a sentence for each task that is left out, and for each channel that does not declare all its options.
    """

    channels: list[dict[str, Any]]
    notes: list[str]


def adopted(tasks: Sequence[Mapping[str, Any]], now: datetime) -> Adopted:
    """Return the channels that declare tasks as they are.

    A channel has each option of its task that it can declare. A start_time in the past is left out, because it has no
    effect any more. callback_events are left out if they are all events, which is the default.

    Args:
        tasks: all tasks of the project, as live_pull_task_info returns them.
        now: the current time.
    """
    listed = [PullTask.from_answer(task) for task in tasks]
    listing = Listing(listed)
    found = Adopted([], [])
    for task in listed:
        try:
            channel, missing = _channel(task, listing, now.timestamp())
            found.channels.append(channel)
            note = f"not declared: {', '.join(missing)}. The role leaves them as they are." if missing else ""
        except InvalidOptionError as error:
            note = f"left out. {error}"
        if note:
            found.notes.append(presentable(f"{task.destination or 'no destination'} (task {task.task_id}): {note}"))
    return found


def _channel(task: PullTask, listing: Listing, moment: float) -> tuple[dict[str, Any], list[str]]:
    """Return the channel of a task, and the options that it does not declare.

    Raises:
        InvalidOptionError: the task cannot be a channel.
    """
    if not task.has_playlist:
        raise InvalidOptionError(f"Its source_type is {task.answer['source_type']}. A channel has {PLAYLIST_TYPE}.")
    values, missing = _settings(task, moment)
    options, unknown = _options(values)
    missing += [name for name in unknown if values[name] != FIELDS[name].default]
    immutable, wrong = _declarable(_listed(task, _IMMUTABLE))
    missing += [f"{name} (hidden)" if is_masked(task.answer[name]) else name for name in wrong]
    return {**_name(task, listing), **options, **immutable}, missing


def _name(task: PullTask, listing: Listing) -> dict[str, str]:
    """Return the options that identify the task: its stream, if no other task pushes to it; otherwise its id.

    Raises:
        InvalidOptionError: it has neither.
    """
    stream, _wrong = _declarable(_listed(task, STREAM))
    if len(stream) < len(STREAM):
        stream = {}
    if len(listing.at(Destination.of(stream))) == 1:
        return stream
    raise_problems(task_id_problems(task.answer.get("task_id") or ""))
    return {"task_id": task.task_id, **stream}


def _settings(task: PullTask, moment: float) -> tuple[dict[str, Any], list[str]]:
    """Return the settings of a task that a channel declares, and the names of those that cannot be declared.

    Raises:
        InvalidOptionError: a setting that a channel needs cannot be declared.
    """
    given = {name: value for name, value in task.values.items() if value is not None}
    if has_passed(given.get("start_time"), moment):
        del given["start_time"]
    settings, wrong = _declarable(given)
    reasons = {**{name: "it cannot be understood" for name in FIELDS if name not in task.values}, **wrong}
    for name in _REQUIRED:
        if name not in settings:
            raise InvalidOptionError(f"{name}: {reasons.get(name, 'it is empty')}.")
    left_out = dict.fromkeys(reasons)
    # A declaration must not break a rule, even if the task does.
    for names in (START_AT, WINDOW):
        # The role declares both options of start_at, or neither.
        if broken_rules(settings, names) or (names is START_AT and not left_out.keys().isdisjoint(names)):
            left_out.update(dict.fromkeys(names))
    missing = [f"{name} ({shown(task.answer.get(name))})" if name == "status" else name for name in left_out]
    return {name: value for name, value in settings.items() if name not in left_out}, missing


def _declared(name: str, value: Any) -> Any:
    """Return the value of a setting or an immutable option as a declaration takes it; ValueError if it does not."""
    if holds_mask(value) or (name in IMMUTABLE and is_masked(value)):
        raise ValueError("a part of it is hidden")
    if name == "source_urls":
        value = [*map(encoded, value)]
    if name == "callback_events" and {*value} > {*CALLBACK_EVENTS}:
        # If all documented events are on, ignore undocumented ones.
        value = [*CALLBACK_EVENTS]
    field: Field | ImmutableField = FIELDS[name] if name in FIELDS else IMMUTABLE[name]
    return field.parse(value)


def _listed(task: PullTask, names: Sequence[str]) -> dict[str, Any]:
    """Return those of the immutable options that the service lists."""
    return {name: task.answer[name] for name in names if task.answer.get(name)}


def _declarable(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values that can be declared, and why the others cannot."""
    declarable, reasons = {}, {}
    for name, value in values.items():
        try:
            declarable[name] = _declared(name, value)
        except ValueError as error:
            reasons[name] = str(error)
    return declarable, reasons


def _options(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return settings of a task as options of a channel, and the names of those that a channel does not have."""
    left = dict(values)
    rounds, events = left.pop("vod_loop_time"), left.pop("callback_events", None)
    start = [left.pop(name, None) for name in START_AT]
    options = {
        "source_urls": left.pop("source_urls"),
        "mode": {"-1": "loop", "1": "once"}.get(rounds, "rounds"),
        "rounds": None if rounds in ("-1", "1") else int(rounds),
        "start_at": None if None in start else dict(zip(("index", "seconds"), start)),
        "on_update": left.pop("vod_refresh_type", None),
        "on_air": {"enable": True, "pause": False}.get(left.pop("status", "")),
        **{name: left.pop(name, None) for name in WINDOW},
        "callback_events": None if events == [*CALLBACK_EVENTS] else events,
    }
    return {name: value for name, value in options.items() if value is not None}, [*left]
