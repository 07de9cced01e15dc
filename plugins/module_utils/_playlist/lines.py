# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a playlist, and its lines. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .._errors import InvalidOptionError, cut, shown
from .._options import MAX_DAYS

SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+://"
EXTENSION = (
    r"\.(?:3g[2p]|aac|asf|avi|divx|dv|f4v|flac|flv|m2ts?|m2v|m3u8?|m4[asv]|mk[av]|mov|mp[234]|mpe?g|mpd|mts|mxf|og[agv]"
    r"|opus|rm|rmvb|ts|vob|wav|webm|wm[av])"
)
# A bare file name is told from other words by this, and a setting from the name of a file.
MEDIA = re.compile(rf"{EXTENSION}(?:[?#|,].*)?$", re.IGNORECASE)
LONGEST = MAX_DAYS * 86400
"""Seconds. No window of a task is longer, so no file has to be."""

_NAME = re.compile(rf"\S{EXTENSION}(?:[?#].*)?\s*$", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_SETTING = re.compile(r"(?:export\s+)?[A-Za-z_][\w.-]*(?:\s*=|:\s|:$)")
# Up to the title, or the attributes before it. A unit belongs to the number.
_DURATION = re.compile(r"#EXTINF:\s*([^,\s]*(?:\s+(?:ms|milli\w*|s|sec\w*|m|min\w*|h|hours?|hrs?)\b(?!=))?)")
_SECONDS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_LONGEST_SHOWN = 40


class Duration(NamedTuple):
    """How long an entry plays, as its #EXTINF says.

    Attributes:
        seconds: None if it is missing, 0, negative or unclear.
        unclear: what the comment says, if that is not a number of seconds that a file can have.
    """

    seconds: float | None = None
    unclear: str = ""


class Line(NamedTuple):
    """An entry of a playlist.

    Attributes:
        number: of its line, counted from 1.
        text: what is in it.
        duration: how long it plays.
    """

    number: int
    text: str
    duration: Duration


def checked_text(text: object) -> str:
    """Return the text of a playlist.

    Raises:
        InvalidOptionError: it is no text at all, or one in another encoding, or its lines are not apart any more.
    """
    if isinstance(text, Mapping):
        advice = "Give the text in it, such as result.content; with ansible.builtin.slurp, result.content | b64decode"
        raise InvalidOptionError(f"A playlist is text, not a dictionary. {advice}.")
    if isinstance(text, Iterable) and not isinstance(text, (str, bytes)):
        raise InvalidOptionError(
            "A playlist is text, not a list. A list of URLs is a source_urls as it is, without this filter. Lines of a"
            " playlist become its text with join('\\n')."
        )
    if not isinstance(text, str):
        raise InvalidOptionError(f"A playlist is text, not {'bytes' if isinstance(text, bytes) else shown(text)}.")
    # In UTF-16 there is a zero byte beside each letter of ASCII.
    marked = text.startswith(("\udcff\udcfe", "\udcfe\udcff", "\ufffd\ufffd"))
    beginning = text[: 100 if marked else 4]
    if "\x00\x00" in beginning:
        raise InvalidOptionError(
            "This is no text in UTF-8 but a video or another binary file: there is a character '\\x00' in line 1. Give"
            " the text of a playlist; for a video, its URL is a source URL."
        )
    if "\x00" in beginning:
        raise InvalidOptionError(
            "This is text in UTF-16, and no text in UTF-8: there is a character '\\x00' in line 1. Convert it, for"
            " example with iconv -f UTF-16 -t UTF-8."
        )
    joined, all_of_it = re.search(",\ufeff?#EXTM3U", text), text.strip().lstrip("\ufeff")
    if joined or _is_joined(all_of_it):
        place = joined.start() if joined else text.index(all_of_it)
        raise InvalidOptionError(
            f"These are several entries in line {len(_LINE_END.findall(text[:place])) + 1}, with ',' between"
            " them. If the text is from the lookup ansible.builtin.url, give that split_lines=false; in a file, write"
            " each entry on a line of its own."
        )
    return text


def _is_joined(text: str) -> bool:
    """Return whether the lines of a playlist were joined with commas, as the lookup url does."""
    parts = text.split(",")
    if _LINE_END.search(text) or len(parts) == 1:
        return False
    urls = sum(bool(re.match(rf"\s*{SCHEME}", part)) for part in parts)
    if text.startswith("#"):
        return urls > 0 or any(part.startswith("#EXT") or MEDIA.search(part) for part in parts[1:])
    return urls > 1 or separator_of_names(text) == ","


def separator_of_names(entry: str) -> str | None:
    """Return what is between the names of video files in an entry; None if it is not several of them."""
    if "://" in entry:
        return None
    splits = ((separator, entry.split(separator)) for separator in ",;|")
    return next((sign for sign, parts in splits if len(parts) > 1 and all(map(_NAME.search, parts))), None)


def is_setting(entry: str) -> bool:
    """Return whether an entry has the form NAME=value or name: value, and is not the name of a video file."""
    return bool(_SETTING.match(entry)) and not MEDIA.search(entry)


def stripped(text: str) -> list[str]:
    """Return the lines of a playlist, without blanks and byte-order marks at either side."""
    # The mark at the beginning of a file is in the middle when files are put together, and this is how it looks when it
    # was read as Latin-1.
    return [raw.strip().removeprefix("\u00ef\u00bb\u00bf").lstrip("\ufeff").lstrip() for raw in _LINE_END.split(text)]


def entries_of(lines: Sequence[str]) -> list[Line]:
    """Return the entries of a playlist: its lines, without those that are empty or comments."""
    found, duration = [], Duration()
    for number, line in enumerate(lines, start=1):
        if line.startswith("#"):
            said = _DURATION.match(line)
            duration = _duration(said[1]) if said else duration
        elif line:
            found.append(Line(number, line, duration))
            duration = Duration()
    return found


def _duration(text: str) -> Duration:
    seconds = float(text) if _SECONDS.fullmatch(text) else None
    if seconds is None or seconds > LONGEST:
        return Duration(unclear=cut(text, _LONGEST_SHOWN)) if text else Duration()
    return Duration(seconds if seconds > 0 else None)
