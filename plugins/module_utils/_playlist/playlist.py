# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a channel plays, or a slot of its programme. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused
from .._options import MODES
from .._task.fields import is_integer
from .._task.task import Declaration
from .m3u import Entry, check_base_url, m3u_entries

# What a user of the role calls the options of a task whose rules are checked together.
_NAMES = {
    "vod_start_video_index": "start_at.index",
    "vod_start_video_time": "start_at.seconds",
    "vod_refresh_type": "on_update",
}

Read = Callable[[str], str]


class Playlist(NamedTuple):
    """What is played.

    Attributes:
        entries: its files; none if they cannot be told.
        values: the options of a task that say so, as they were given; None for what was not.
        problems: what is wrong with it, as far as it is not wrong with the options of a task.
    """

    entries: Sequence[Entry]
    values: dict[str, Any]
    problems: list[str]


def playlist(options: Mapping[str, Any], read: Read) -> Playlist:
    """Return what a channel or a slot plays.

    Args:
        options: those of the channel or slot, in their types, with None for what was not given.
        read: returns the text of a playlist file. Raises InvalidOptionError where that cannot be done.
    """
    found = Playlist([], {"vod_refresh_type": options["on_update"]}, [])
    start_at = options["start_at"] or {}
    found.values.update(vod_start_video_index=start_at.get("index"), vod_start_video_time=start_at.get("seconds"))
    try:
        found.values["vod_loop_time"] = _loop_time(options)
    except InvalidOptionError as error:
        found.problems.extend(error.problems)
    try:
        entries = _entries(options, read)
    except InvalidOptionError as error:
        return found._replace(problems=[*error.problems, *found.problems])
    return found._replace(entries=entries, values={"source_urls": [entry.url for entry in entries], **found.values})


def checked(options: Mapping[str, Any], problems: Sequence[str]) -> Declaration:
    """Return what the options of a task ask for.

    Args:
        options: the options of a task.
        problems: what is known to be wrong with them.

    Raises:
        InvalidOptionError: naming all that is wrong with them, after what is known to be.
    """
    try:
        wanted = Declaration.from_options(options)
    except InvalidOptionError as error:
        renamed = (re.sub("|".join(_NAMES), lambda name: _NAMES[name[0]], problem) for problem in error.problems)
        raise InvalidOptionError(*problems, *renamed) from None
    if problems:
        raise InvalidOptionError(*problems)
    return wanted


def _entries(options: Mapping[str, Any], read: Read) -> list[Entry]:
    urls, path, base_url = options["source_urls"], options["m3u"], options["m3u_base_url"]
    if (urls is None) == (path is None):
        given = "neither is given" if urls is None else "both are given"
        raise InvalidOptionError(f"source_urls, m3u: {given}. Allowed: exactly one of them.")
    if path is None:
        if base_url is not None:
            raise InvalidOptionError("m3u_base_url: not allowed without m3u.")
        return [Entry(url, None) for url in urls]
    if base_url is not None:
        check_base_url("m3u_base_url", base_url)
    try:
        return m3u_entries(read(path), base_url, base_option="m3u_base_url")
    except InvalidOptionError as error:
        raise InvalidOptionError(*(f"m3u {path}: {problem}" for problem in error.problems)) from None


def _loop_time(options: Mapping[str, Any]) -> str:
    mode, rounds = options["mode"], options["rounds"]
    if mode not in MODES:
        raise InvalidOptionError(refused("mode", mode, ", ".join(MODES)))
    if mode != "rounds":
        if rounds is not None:
            raise InvalidOptionError(f"rounds: not allowed with mode {mode}. Allowed: with mode rounds only.")
        return "-1" if mode == "loop" else "1"
    if rounds is None:
        raise InvalidOptionError("rounds: missing. Mode rounds needs it, an integer of 1 or more.")
    if not is_integer(rounds, 1):
        raise InvalidOptionError(refused("rounds", rounds, "an integer of 1 or more"))
    return str(rounds)
