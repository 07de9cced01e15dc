# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playlist of a channel, or of a slot of its programme. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, collected, raise_problems, refused
from .._options import MODES
from .._task.fields import is_integer
from .._task.task import Declaration
from .m3u import Entry, check_base_url, m3u_entries

# The names that the role gives to options of a task.
_NAMES = {
    "vod_start_video_index": "start_at.index",
    "vod_start_video_time": "start_at.seconds",
    "vod_refresh_type": "on_update",
}

Read = Callable[[str], str]


class Playlist(NamedTuple):
    """A playlist, and how it is played.

    Attributes:
        entries: its files; empty if they are not known because of a problem.
        values: the options of a task that declare it, as given; None for an option that was not given.
        problems: what is wrong with it. Values that a task does not take are not among them.
    """

    entries: list[Entry]
    values: dict[str, Any]
    problems: list[str]


def playlist(options: Mapping[str, Any], read: Read) -> Playlist:
    """Return the playlist of a channel or a slot.

    Args:
        options: the options of the channel or slot, in their types, with None for an option that was not given.
        read: returns the text of a playlist file. Raises InvalidOptionError if the file cannot be read.
    """
    start_at = options["start_at"] or {}
    start = {"vod_start_video_index": start_at.get("index"), "vod_start_video_time": start_at.get("seconds")}
    found = Playlist([], {"vod_refresh_type": options["on_update"], **start}, [])
    with collected(found.problems):
        found.entries.extend(_entries(options, read))
        found.values["source_urls"] = [entry.url for entry in found.entries]
    with collected(found.problems):
        found.values["vod_loop_time"] = _loop_time(options)
    return found


def checked(options: Mapping[str, Any], problems: Sequence[str]) -> Declaration:
    """Return what the options of a task declare.

    Args:
        options: the options of a task.
        problems: the problems that were found before.

    Raises:
        InvalidOptionError: naming these problems, and everything that is wrong with the options.
    """
    broken: list[str] = []
    with collected(broken):
        declaration = Declaration.from_options(options)
    renamed = (re.sub("|".join(_NAMES), lambda name: _NAMES[name[0]], problem) for problem in broken)
    raise_problems([*problems, *renamed])
    return declaration


def _entries(options: Mapping[str, Any], read: Read) -> list[Entry]:
    urls, path, base_url = options["source_urls"], options["m3u"], options["m3u_base_url"]
    if (urls is None) == (path is None):
        given = "neither is given" if urls is None else "both are given"
        raise InvalidOptionError(f"source_urls, m3u: {given}. Allowed: exactly one of them.")
    if path is None and base_url is not None:
        raise InvalidOptionError("m3u_base_url: not allowed without m3u.")
    if path is None:
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
    if not is_integer(rounds, 1):
        missing = "missing. Mode rounds needs it" if rounds is None else ""
        raise InvalidOptionError(refused("rounds", rounds, "an integer of 1 or more", missing))
    return str(rounds)
