# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entries of a playlist file, and their URLs. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin

from .._errors import InvalidOptionError, counted, cut, refused, shown
from .._options import MAX_DAYS, MAX_SOURCE_URLS
from .._task.fields import is_integer
from .._task.urls import NO_TEXT, NOT_OF_THE_NETWORK, URL_ALLOWED, WINDOWS, url_problem
from .formats import MEDIA, SCHEME, SETTING, SEVERAL_NAMES, refuse_other_formats

LONGEST = MAX_DAYS * 86400
"""Seconds. The window of a task is not longer, so no file can play for longer."""

_MOST_NAMED = 5
_LINE_END = re.compile(r"\r\n|\n|\r")
# Up to the title, or the attributes before it. The unit is a part of the duration.
_DURATION = re.compile(r"#EXTINF:\s*([^,\s]*(?:\s+(?:ms|milli\w*|s|sec\w*|m|min\w*|h|hours?|hrs?)\b(?!=))?)")
_SECONDS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
# A mistake in a URL, or a host with its port: both are not file names.
_COLON = re.compile(
    rf"(?:https?|rtmp[a-z]*|rtsps?|srt|rtp|udp|s?ftps?|mms[a-z]*|{'|'.join(NOT_OF_THE_NETWORK)}):(?! )"
    r"|[A-Za-z][A-Za-z0-9+.-]*:[0-9]+(?:/|$)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# The place between a name and its query.
_BEFORE_QUERY = re.compile(r"(?=\?[\w.~%\[\]-]+=)")
# A byte-order mark within a line: files were put together without a line end between them.
_PLAYER_OPTION_OR_CONTROL = re.compile("\\|[\\w-]+=|[\x00-\x1f\x7f-\x9f\ufeff]")
_TO_ENCODE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9/:@!$&'()*+,;=._~%?-]")
_FILE_ADDRESS = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


class Entry(NamedTuple):
    """An entry of a playlist.

    Attributes:
        url: a source URL.
        seconds: the duration that its #EXTINF gives; None if it is missing, 0, negative or unclear.
        unclear: the duration that its #EXTINF gives, if that is not a number of seconds that a file can have.
    """

    url: str
    seconds: float | None
    unclear: str = ""


# The entries by their line numbers, with the text of the line as their URL.
_Lines = Mapping[int, Entry]


def m3u_entries(
    text: object,
    base_url: object = None,
    limit: object = None,
    offset: object = 0,
    part: object = None,
    base_option: str = "base_url",
) -> list[Entry]:
    """Return the entries of a playlist: M3U, M3U8, or a plain list with one URL in a line.

    Args:
        text: the playlist. Empty lines and lines that begin with `#` are skipped.
        base_url: the URL that relative entries are resolved against, as links in a web page are.
        limit: how many entries to return at most, 1 to 30; None for all.
        offset: how many entries to skip. Entries that are skipped, or are beyond the limit, are not checked.
        part: which part of `limit` entries to return, counted from 0. After the last part, the first one follows.
        base_option: the name of the option for the base URL.

    Raises:
        InvalidOptionError: the text is not a playlist, or has an entry that is not a URL, or has too many entries.
    """
    if base_url is not None:
        check_base_url(base_option, base_url)
    if limit is not None and not is_integer(limit, 1, MAX_SOURCE_URLS):
        raise InvalidOptionError(refused("limit", limit, f"an integer from 1 to {MAX_SOURCE_URLS}"))
    for name, number in {"offset": offset, "part": 0 if part is None else part}.items():
        if not is_integer(number, 0):
            raise InvalidOptionError(refused(name, number, "an integer of 0 or more"))
    if part is not None and (limit is None or offset):
        given = "offset" if offset else "no limit"
        raise InvalidOptionError(f"part: not allowed with {given}. Allowed: with limit, and without offset.")
    lines = _lines(_text(text))
    entries, broken = [], {}
    for number in _page([*lines], limit, offset, part):
        try:
            entries.append(lines[number]._replace(url=_resolved(lines[number].url, base_url, base_option)))
        except ValueError as error:
            broken[number] = str(error)
    if broken:
        raise InvalidOptionError(*_problems(broken, lines))
    return entries


def _text(text: object) -> str:
    """Return the text of a playlist, and refuse any other type."""
    if isinstance(text, Mapping):
        advice = "Give the text in it, such as result.content; with ansible.builtin.slurp, result.content | b64decode"
        raise InvalidOptionError(f"A playlist is text, not a dictionary. {advice}.")
    if isinstance(text, Iterable) and not isinstance(text, (str, bytes)):
        raise InvalidOptionError(
            "A playlist is text, not a list. Give a list of URLs as source_urls, without this filter. Join a list of"
            " lines with join('\\n')."
        )
    if not isinstance(text, str):
        raise InvalidOptionError(f"A playlist is text, not {'bytes' if isinstance(text, bytes) else shown(text)}.")
    return text


def _lines(text: str) -> _Lines:
    """Return the entries of a playlist, and refuse any other format."""
    # A byte-order mark is within the text if files were put together. The other three characters are the mark, read
    # as Latin-1.
    lines = [raw.strip().removeprefix("\u00ef\u00bb\u00bf").lstrip("\ufeff").lstrip() for raw in _LINE_END.split(text)]
    refuse_other_formats(lines)
    found = {}
    duration: tuple[float | None, str] = (None, "")
    for number, line in enumerate(lines, start=1):
        given = _DURATION.match(line)
        if given:
            duration = _duration(given[1])
        elif line and not line.startswith("#"):
            found[number] = Entry(line, *duration)
            duration = (None, "")
    return found


def _duration(text: str) -> tuple[float | None, str]:
    """Return a duration in seconds, and the text of an unclear one."""
    seconds = float(text) if _SECONDS.fullmatch(text) else None
    if seconds is None or seconds > LONGEST:
        return None, cut(text, 40)
    return seconds if seconds > 0 else None, ""


def check_base_url(name: str, base_url: object) -> None:
    """Refuse a base URL that no entry can be resolved against.

    Args:
        name: the name of the option.
        base_url: its value.

    Raises:
        InvalidOptionError: it is not a URL, or is the URL of a folder without a slash at its end.
    """
    problem = url_problem(base_url)
    if problem is not None:
        raise InvalidOptionError(refused(name, base_url, URL_ALLOWED, f"{shown(base_url)} is not allowed: {problem}"))
    # The part after the last slash is dropped, which is right for the address of a playlist, not for that of a folder.
    origin, path, rest = _split(str(base_url))
    folder, _slash, last = path.rpartition("/")
    if last and not last.lower().endswith((".m3u", ".m3u8")):
        right = f"{origin}{folder}/" if _FILE_ADDRESS.search(last) else f"{origin}{path}/{rest}"
        allowed = "the address of a folder, with a slash at its end, or of a playlist file, with .m3u or .m3u8"
        reason = f"{shown(base_url)} is not allowed. Write {shown(right)}"
        raise InvalidOptionError(refused(name, base_url, allowed, reason))


def _split(url: str) -> tuple[str, str, str]:
    """Return a URL in three parts: the part before its path, the path, and the part after it."""
    found = re.fullmatch(r"((?:[^:/?#]*:)?(?://[^/?#]*)?)([^?#]*)(.*)", url)
    return (found[1], found[2], found[3]) if found else ("", url, "")


def _page(lines: Sequence[int], limit: Any, offset: Any, part: Any) -> Sequence[int]:
    if part is not None:
        offset = part % max(1, -(-len(lines) // limit)) * limit
    if offset >= len(lines):
        raise InvalidOptionError(
            refused("offset", offset, f"less than the {counted(len(lines), 'entry', 'entries')} of the playlist")
        )
    left = len(lines) - offset
    if limit is None and left > MAX_SOURCE_URLS:
        skipped = f", {left} of them after offset {offset}" if offset else ""
        raise InvalidOptionError(
            f"The playlist has {len(lines)} entries{skipped}. A task takes {MAX_SOURCE_URLS} at most. Page through a"
            " longer playlist with limit and offset of the filter huaweicloud.live.m3u_urls."
        )
    return lines[offset:] if limit is None else lines[offset : offset + limit]


def _resolved(entry: str, base_url: object, base_option: str) -> str:
    """Return an entry as a full URL. A ValueError says why the entry is not one."""
    not_utf_8 = NO_TEXT.search(entry)
    if not_utf_8:
        raise ValueError(
            f"is not text in UTF-8: it contains {not_utf_8[0]!a}. It looks like GBK or Latin-1. Convert the file to"
            " UTF-8, for example with iconv -f GBK -t UTF-8, or with -f LATIN1"
        )
    if SETTING.match(entry):
        raise ValueError("looks like a setting, not like a URL or a file name")
    if SEVERAL_NAMES.fullmatch(entry):
        raise ValueError("is several file names; write each on a line of its own")
    url = entry
    if _names_file(entry):
        if not isinstance(base_url, str):
            raise ValueError(f"is not a full URL, and a base URL to resolve it against is missing. Set {base_option}")
        url = _joined(entry, base_url)
    problem = url_problem(url)
    if problem is not None:
        raise ValueError(f"is not allowed: {problem}")
    return url


def _names_file(entry: str) -> bool:
    """Return whether an entry is relative. Any other is checked as a URL, so that the message says what is wrong."""
    name = _BEFORE_QUERY.split(entry)[0]
    if "://" in name or WINDOWS.match(entry) or _COLON.match(entry) or _PLAYER_OPTION_OR_CONTROL.search(entry):
        return False
    return not _SCHEME.match(entry) or bool(MEDIA.search(entry))


def _joined(name: str, base_url: str) -> str:
    """Return the URL of a file whose name is relative to a base URL."""
    origin, folder, _rest = _split(base_url)
    other_origin, path, query = _split(name) if name.startswith("//") else ("", name, "")
    encoded = _encoded(path + query)
    if "//" in folder or "//" in encoded.partition("?")[0]:
        # urljoin makes one slash of them, which is the URL of another file.
        raise ValueError("cannot be resolved, because there are two slashes in a row; write the whole URL")
    if other_origin:
        return f"{origin.partition(':')[0]}:{other_origin}{encoded}"
    # urljoin takes a colon for the end of a scheme, and resolves only for the schemes that it knows.
    link = encoded if encoded.startswith(("/", "?")) else f"./{encoded}"
    return origin + urljoin(f"http://host{folder or '/'}", link).removeprefix("http://host")


def _encoded(name: str) -> str:
    """Return a file name, percent-encoded where it is not. The query stays as it is."""
    file, *query = _BEFORE_QUERY.split(name.replace("\\", "/"))
    return _TO_ENCODE.sub(_escaped, file).replace("?", "%3F") + _TO_ENCODE.sub(_escaped, "".join(query))


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    return character if not character.isascii() and character.isprintable() else quote(character, safe="")


def _problems(broken: Mapping[int, str], lines: _Lines) -> list[str]:
    """Return what is wrong with entries. An entry is quoted only if it looks like one: the file may be any file."""
    has_urls = any(re.match(SCHEME, entry.url) and url_problem(entry.url) is None for entry in lines.values())
    found = []
    for number, reason in [*broken.items()][:_MOST_NAMED]:
        text = lines[number].url
        quoted = MEDIA.search(text) or (has_urls and not SETTING.match(text))
        found.append(f"line {number}: {shown(text) if quoted else 'this entry'} {reason}.")
    return [*found, *([f"And {len(broken) - _MOST_NAMED} more."] if len(broken) > _MOST_NAMED else [])]
