# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playlist files, rolling windows, and the channels of the role playlist as options of tasks.

Pure: no I/O, no clock, no Ansible. Private to this collection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError, shown
from ansible_collections.huaweicloud.live.plugins.module_utils._pull_task import (
    FIELDS,
    MAX_DURATION,
    MAX_SOURCE_URLS,
    URL_ALLOWED,
    Wanted,
    is_source_url,
    parse_time,
    refused,
    to_datetime,
)

MODES = ("loop", "once", "rounds")
DEFAULT_DAYS = 7
DEFAULT_RENEW_BEFORE_HOURS = 24

# The options of a channel, in the words of an argument specification. The role's meta/argument_specs.yml says the same.
# No choices: Ansible would refuse null, which means not managed; and it would not name the channel.
CHANNEL_OPTIONS: dict[str, dict[str, Any]] = {
    "task_id": {"type": "str", "required": True},
    "source_urls": {"type": "list", "elements": "str"},
    "m3u": {"type": "path"},
    "m3u_base_url": {"type": "str"},
    "mode": {"type": "str", "default": MODES[0]},
    "rounds": {"type": "int"},
    "on_air": {"type": "bool"},
    "start_time": {"type": "str"},
    "end_time": {"type": "str"},
    "rolling": {
        "type": "dict",
        "options": {
            "days": {"type": "int", "default": DEFAULT_DAYS},
            "renew_before_hours": {"type": "float", "default": DEFAULT_RENEW_BEFORE_HOURS},
        },
    },
    "start_at": {
        "type": "dict",
        "options": {
            "index": {"type": "int", "default": 0},
            "seconds": {"type": "int", "default": 0},
        },
    },
    "on_update": {"type": "str"},
    "callback_events": {"type": "list", "elements": "str"},
}

_MOST_NAMED = 5
_LINE_END = re.compile(r"\r\n|\n|\r")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# U+FFFD and lone surrogates are what is left of bytes that are no UTF-8.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_OTHER_FORMATS = (("<", "HTML or XML"), (r"\{|\[\s*[\"\[{]", "JSON"), (r"\[playlist\]", "a PLS playlist"))
# What a user of the role calls the options of a task whose rules are checked together.
_CHANNEL_NAMES = {
    "vod_start_video_index": "start_at.index",
    "vod_start_video_time": "start_at.seconds",
    "vod_refresh_type": "on_update",
}


def converted(convert: Callable[[Any], Any], value: Any) -> Any:
    """Return the value of an option converted, or as it is if that fails: it is refused with its name later."""
    try:
        return convert(value)
    except (TypeError, ValueError, OverflowError):
        return value


def m3u_urls(text: object, base_url: object = None, limit: object = None, offset: object = 0) -> list[str]:
    """Return the URLs of a playlist: M3U, M3U8, or a plain list with one URL a line.

    Args:
        text: the playlist. Empty lines and lines that begin with `#` are passed over.
        base_url: what entries that are no full URLs are relative to, as links in a page are to its address.
        limit: how many entries to return at most, 1 to 30; None for all.
        offset: how many entries to skip.

    Raises:
        InvalidOptionError: the text is no playlist, has an entry that is no URL, or has more entries than a task takes.
    """
    if base_url is not None:
        _check_base_url("base_url", base_url)
    if limit is not None and not _is_integer(limit, 1, MAX_SOURCE_URLS):
        raise InvalidOptionError(refused("limit", limit, f"an integer from 1 to {MAX_SOURCE_URLS}"))
    if not _is_integer(offset, 0):
        raise InvalidOptionError(refused("offset", offset, "an integer of 0 or more"))
    entries = _entries(text)
    urls, broken = [], []
    for line, entry in entries:
        try:
            urls.append(_resolved(entry, base_url))
        except ValueError as error:
            broken.append(f"line {line}: {shown(entry)} {error}.")
    if broken:
        more = f" And {len(broken) - _MOST_NAMED} more." if len(broken) > _MOST_NAMED else ""
        raise InvalidOptionError(" ".join(broken[:_MOST_NAMED]) + more)
    return _page(urls, limit, offset)


def _check_base_url(name: str, base_url: object) -> None:
    if not is_source_url(base_url):
        raise InvalidOptionError(refused(name, base_url, URL_ALLOWED))
    # What follows the last slash is dropped: right for the address of a playlist, a trap for that of a folder.
    last = _path(str(base_url)).rpartition("/")[2]
    if last and not last.lower().endswith((".m3u", ".m3u8")):
        allowed = "the address of a folder, with a slash at its end, or of a playlist file, with .m3u or .m3u8"
        raise InvalidOptionError(refused(name, base_url, allowed))


def _path(url: str) -> str:
    return re.sub(r"^[^:]*://[^/?#]*|[?#].*", "", url)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_integer(value: object, least: int, most: int | None = None) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and least <= value and (most is None or value <= most)  # type: ignore[operator]


def _entries(text: object) -> list[tuple[int, str]]:
    """Return the entries of a playlist, each with the number of its line."""
    if not isinstance(text, str):
        raise InvalidOptionError(f"A playlist is text, not {shown(text)}.")
    text = text.removeprefix("\ufeff")
    for beginning, name in _OTHER_FORMATS:
        if re.match(beginning, text.lstrip(), re.IGNORECASE):
            raise InvalidOptionError(
                f"This is {name}, not an M3U playlist: it begins with {shown(text.lstrip()[:40])}."
            )
    lines = [line.strip(" \t") for line in _LINE_END.split(text)]
    for number, line in enumerate(lines, start=1):
        found = _NO_TEXT.search(line)
        if found:
            raise InvalidOptionError(
                f"This is no text in UTF-8, and so not an M3U playlist: there is a character {found[0]!a} in line"
                f" {number}."
            )
    entries = [(number, line) for number, line in enumerate(lines, start=1) if line and not line.startswith("#")]
    if not entries:
        raise InvalidOptionError("The playlist has no entries.")
    return entries


def _resolved(entry: str, base_url: object) -> str:
    """Return an entry as a full URL.

    Raises:
        ValueError: it is none; the text says why.
    """
    url = entry
    if not _SCHEME.match(entry):
        if not isinstance(base_url, str):
            raise ValueError("is no full URL, and there is no base URL to resolve it against")
        if "//" in _path(base_url) or "//" in _path(entry).removeprefix("//"):
            # urljoin takes these for single ones, and another file would be played.
            raise ValueError("cannot be resolved, because there are two slashes in a row; write the whole URL")
        scheme, _colon, rest = base_url.partition(":")
        # urljoin resolves only for the schemes that it knows, and drops tabs.
        url = f"{scheme}:{urljoin(f'http:{rest}', entry).partition(':')[2]}"
    if not is_source_url(url) or entry.split() != [entry]:
        hint = "; write a blank as %20" if " " in entry else ""
        raise ValueError(f"is not allowed. Allowed: {URL_ALLOWED}{hint}")
    return url


def _page(urls: list[str], limit: Any, offset: Any) -> list[str]:
    if offset >= len(urls):
        raise InvalidOptionError(refused("offset", offset, f"less than the {len(urls)} entries of the playlist"))
    left = len(urls) - offset
    if limit is None and left > MAX_SOURCE_URLS:
        raise InvalidOptionError(
            f"The playlist has {len(urls)} entries{f', {left} of them after offset {offset}' if offset else ''}. A task"
            f" takes {MAX_SOURCE_URLS} at most. Page through a longer programme with limit and offset of the filter"
            " huaweicloud.live.m3u_urls."
        )
    return urls[offset:] if limit is None else urls[offset : offset + limit]


def rolling_window(
    current: Mapping[str, Any] | None, days: int, renew_before_hours: float, now: str
) -> dict[str, str | None]:
    """Return the window that a rolling channel should have now, as `start_time` and `end_time` in UTC.

    It is the current window while at least `renew_before_hours` of that are left, and otherwise the `days` from now.

    Args:
        current: the task, or anything with its `start_time` and `end_time`; one without an end has no window yet.
        days: length of a new window, 1 to 7.
        renew_before_hours: hours; more than 0 and less than the window has.
        now: the time, RFC 3339.

    Raises:
        InvalidOptionError: naming what is not allowed.
    """
    window = _window(current)
    return new_window(window, days, renew_before_hours, now) or window


def new_window(
    window: Mapping[str, str | None], days: int, renew_before_hours: float, now: str
) -> dict[str, str | None] | None:
    """Return the window to move to, or None when the current one is to stay. As `rolling_window` otherwise."""
    _check_rolling(days, renew_before_hours)
    moment = to_datetime(_time("now", now))
    end = window["end_time"]
    if end is not None and to_datetime(end) - moment >= timedelta(hours=renew_before_hours):
        return None
    try:
        moved = moment + timedelta(days=days)
    except OverflowError:
        raise InvalidOptionError(refused("now", now, f"a time that has {days} days after it")) from None
    return {
        "start_time": _time("now", now),
        "end_time": _time("now", moved.isoformat()),
    }


def _check_rolling(days: int, renew_before_hours: float) -> None:
    if not _is_integer(days, 1, MAX_DURATION.days):
        raise InvalidOptionError(refused("days", days, f"an integer from 1 to {MAX_DURATION.days}"))
    number = isinstance(renew_before_hours, (int, float)) and not isinstance(renew_before_hours, bool)
    if not number or not 0 < renew_before_hours < 24 * days:
        raise InvalidOptionError(
            refused(
                "renew_before_hours",
                renew_before_hours,
                f"more than 0 and less than {24 * days}, the hours of a window of days {days}",
            )
        )


def _window(current: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Return the window of a task in normal form; None is a time that is not set."""
    if current is not None and not isinstance(current, Mapping):
        raise InvalidOptionError(refused("current", current, "a task, or nothing"))
    times = {name: (current or {}).get(name) for name in ("start_time", "end_time")}
    return {name: None if time in (None, "") else _time(name, time) for name, time in times.items()}


def _time(name: str, value: object) -> str:
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidOptionError(refused(name, value, FIELDS["start_time"].allowed, str(error))) from None


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
        _check_base_url("m3u_base_url", base_url)
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
    if not _is_integer(rounds, 1):
        raise InvalidOptionError(refused("rounds", rounds, "an integer of 1 or more"))
    return {"vod_loop_time": str(rounds)}


def _air_time(options: Mapping[str, Any], current: Mapping[str, Any] | None, now: str) -> dict[str, Any]:
    rolling = options["rolling"]
    fixed = {name: options[name] for name in ("start_time", "end_time") if options[name] is not None}
    if rolling is None:
        return fixed
    window: Mapping[str, Any] = {}
    broken = [f"rolling: not allowed with {name}, because it sets the window itself." for name in fixed]
    if options["mode"] != "loop":
        broken.append(
            f"rolling: not allowed with mode {options['mode']}. Allowed: with mode loop, which does not end by itself."
        )
    try:
        moved = new_window(_window(current), rolling["days"], rolling["renew_before_hours"], now)
        # A window that stays is left out: then it is not managed, and nothing touches it. So is that of a task that was
        # not listed: it may have slipped from page to page while others went.
        window = (moved if current is not None else None) or {}
    except InvalidOptionError as error:
        broken.append(f"rolling: {error.message}")
    if broken:
        raise InvalidOptionError(" ".join(broken))
    return dict(window)


def _start_at(options: Mapping[str, Any]) -> dict[str, Any]:
    start_at = options["start_at"]
    if start_at is None:
        return {}
    return {"vod_start_video_index": start_at["index"], "vod_start_video_time": start_at["seconds"]}
