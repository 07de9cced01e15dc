# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The URLs of a playlist file. Pure. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin

from .._errors import InvalidOptionError, counted, refused, shown
from .._options import MAX_SOURCE_URLS
from .._task.fields import is_integer
from .._task.urls import NO_TEXT, NOT_OF_THE_NETWORK, URL_ALLOWED, WINDOWS, url_problem
from .formats import refuse_other_formats
from .lines import MEDIA, SCHEME, Line, checked_text, entries_of, is_setting, separator_of_names, stripped

_MOST_NAMED = 5
_FULL = re.compile(SCHEME)
# What has no // behind it, and is a slip in a URL or a host with its port all the same.
_COLON = re.compile(
    rf"(?:https?|rtmp[a-z]*|rtsps?|srt|rtp|udp|s?ftps?|mms[a-z]*|{'|'.join(NOT_OF_THE_NETWORK)}):(?! )"
    r"|[A-Za-z][A-Za-z0-9+.-]*:[0-9]+(?:/|$)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLAYER_OPTION = re.compile(r"\|[\w-]+=")
_QUERY = re.compile(r"\?[\w.~%\[\]-]+=")
# A byte-order mark is one where files were put together without a line end between them.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufeff]")
_TO_ENCODE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9/:@!$&'()*+,;=._~%?-]")
_FILE_ADDRESS = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


class Entry(NamedTuple):
    """An entry of a playlist.

    Attributes:
        url: a source URL.
        seconds: how long it plays, as its #EXTINF says; None if nothing says so.
        unclear: what its #EXTINF says, if that is not a number of seconds that a file can have.
    """

    url: str
    seconds: float | None
    unclear: str = ""


def m3u_urls(
    text: object, base_url: object = None, limit: object = None, offset: object = 0, part: object = None
) -> list[str]:
    """Return the URLs of a playlist; see `m3u_entries`."""
    return [entry.url for entry in m3u_entries(text, base_url, limit, offset, part)]


def m3u_entries(
    text: object,
    base_url: object = None,
    limit: object = None,
    offset: object = 0,
    part: object = None,
    base_option: str = "base_url",
) -> list[Entry]:
    """Return the entries of a playlist: M3U, M3U8, or a plain list with one URL a line.

    Args:
        text: the playlist. Empty lines and lines that begin with `#` are passed over.
        base_url: what entries that are no full URLs are relative to, as links in a page are to its address.
        limit: how many entries to return at most, 1 to 30; None for all.
        offset: how many entries to skip. What is skipped, and what is beyond the limit, is not judged.
        part: which part of `limit` entries to return, counted from 0; after the last part the first comes again.
        base_option: what the option for the base URL is called.

    Raises:
        InvalidOptionError: the text is no playlist, has an entry that is no URL, or has more entries than a task takes.
    """
    if base_url is not None:
        check_base_url(base_option, base_url)
    if limit is not None and not is_integer(limit, 1, MAX_SOURCE_URLS):
        raise InvalidOptionError(refused("limit", limit, f"an integer from 1 to {MAX_SOURCE_URLS}"))
    if not is_integer(offset, 0):
        raise InvalidOptionError(refused("offset", offset, "an integer of 0 or more"))
    if part is not None:
        _check_part(part, limit, offset)
    all_lines = stripped(checked_text(text))
    lines = entries_of(all_lines)
    refuse_other_formats(all_lines, lines)
    entries, broken = [], []
    for line in _page(lines, limit, offset if part is None else _turn(part, limit, len(lines))):
        try:
            entries.append(Entry(_resolved(line, base_url, base_option), *line.duration))
        except ValueError as error:
            broken.append((line, str(error)))
    if broken:
        raise InvalidOptionError(*_told(broken, lines))
    return entries


def _check_part(part: object, limit: object, offset: object) -> None:
    if not is_integer(part, 0):
        raise InvalidOptionError(refused("part", part, "an integer of 0 or more"))
    if limit is None or offset:
        given = "offset" if offset else "no limit"
        raise InvalidOptionError(f"part: not allowed with {given}. Allowed: with limit, and without offset.")


def _turn(part: Any, limit: Any, count: int) -> int:
    """Return the offset of a part; after the last one it is the turn of the first."""
    return int(part % -(-count // limit) * limit)


def check_base_url(name: str, base_url: object) -> None:
    """Refuse what no entry of a playlist can be relative to.

    Args:
        name: what the option is called.
        base_url: its value.

    Raises:
        InvalidOptionError: it is no URL, or that of a folder without a slash at its end.
    """
    problem = url_problem(base_url)
    if problem is not None:
        raise InvalidOptionError(refused(name, base_url, URL_ALLOWED, f"{shown(base_url)} is not allowed: {problem}"))
    # What follows the last slash is dropped: right for the address of a playlist, a trap for that of a folder.
    origin, path, rest = _split(str(base_url))
    folder, _slash, last = path.rpartition("/")
    if last and not last.lower().endswith((".m3u", ".m3u8")):
        right = f"{origin}{folder}/" if _FILE_ADDRESS.search(last) else f"{origin}{path}/{rest}"
        allowed = "the address of a folder, with a slash at its end, or of a playlist file, with .m3u or .m3u8"
        reason = f"{shown(base_url)} is not allowed. Write {shown(right)}"
        raise InvalidOptionError(refused(name, base_url, allowed, reason))


def _split(url: str) -> tuple[str, str, str]:
    """Return a URL in three parts: up to its path, the path, and what follows."""
    found = re.fullmatch(r"((?:[^:/?#]*:)?(?://[^/?#]*)?)([^?#]*)(.*)", url)
    return (found[1], found[2], found[3]) if found else ("", url, "")


def _page(lines: Sequence[Line], limit: Any, offset: Any) -> Sequence[Line]:
    if offset >= len(lines):
        raise InvalidOptionError(
            refused("offset", offset, f"less than the {counted(len(lines), 'entry', 'entries')} of the playlist")
        )
    left = len(lines) - offset
    if limit is None and left > MAX_SOURCE_URLS:
        skipped = f", {left} of them after offset {offset}" if offset else ""
        raise InvalidOptionError(
            f"The playlist has {len(lines)} entries{skipped}. A task takes {MAX_SOURCE_URLS} at most. Page through a"
            " longer programme with limit and offset of the filter huaweicloud.live.m3u_urls."
        )
    return lines[offset:] if limit is None else lines[offset : offset + limit]


def _resolved(line: Line, base_url: object, base_option: str) -> str:
    """Return an entry as a full URL.

    Raises:
        ValueError: it is none; the text says why.
    """
    entry = line.text
    left = NO_TEXT.search(entry)
    if left:
        raise ValueError(
            f"is no text in UTF-8: it holds {left[0]!a}. It looks like GBK or Latin-1. Convert the file to UTF-8,"
            " for example with iconv -f GBK -t UTF-8, or with -f LATIN1"
        )
    if is_setting(entry):
        sign = "=" if "=" in entry else ":"
        raise ValueError(f"looks like a setting, with '{sign}', and not like a URL or the name of a file")
    separator = separator_of_names(entry)
    if separator:
        raise ValueError(f"is several names, with '{separator}' between them; write each on a line of its own")
    url = entry
    if _names_file(entry):
        if not isinstance(base_url, str):
            raise ValueError(
                f"is no full URL, and there is no base URL to resolve it against. Give one, with {base_option}"
            )
        url = _joined(entry, base_url)
    problem = url_problem(url)
    if problem is not None:
        raise ValueError(f"is not allowed: {problem}")
    return url


def _names_file(entry: str) -> bool:
    """Return whether an entry is relative. All else is judged as a URL, which says what is wrong with it."""
    query = _QUERY.search(entry)
    name = entry[: query.start()] if query else entry
    return not (
        "://" in name
        or WINDOWS.match(entry)
        or _PLAYER_OPTION.search(entry)
        or _CONTROL.search(entry)
        or _COLON.match(entry)
        or (_SCHEME.match(entry) and not MEDIA.search(entry))
    )


def _joined(name: str, base_url: str) -> str:
    """Return the URL of a file by its name, relative to a base URL."""
    origin, folder, _rest = _split(base_url)
    other_origin, path, query = _split(name) if name.startswith("//") else ("", name, "")
    encoded = _encoded(path + query)
    if "//" in folder or "//" in encoded.partition("?")[0]:
        # urljoin takes these for single ones, and another file would be played.
        raise ValueError("cannot be resolved, because there are two slashes in a row; write the whole URL")
    if other_origin:
        return f"{origin.partition(':')[0]}:{other_origin}{encoded}"
    # A colon would be the end of a scheme, and urljoin resolves only for the schemes that it knows.
    link = encoded if encoded.startswith(("/", "?")) else f"./{encoded}"
    return origin + urljoin(f"http://host{folder or '/'}", link).removeprefix("http://host")


def _encoded(name: str) -> str:
    """Return the name of a file as a URL writes it; what is percent-encoded already, and a query, stay so."""
    name = name.replace("\\", "/")
    query = _QUERY.search(name)
    end = query.start() if query else len(name)
    return _TO_ENCODE.sub(_escaped, name[:end]).replace("?", "%3F") + _TO_ENCODE.sub(_escaped, name[end:])


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    return character if not character.isascii() and character.isprintable() else quote(character, safe="")


def _told(broken: Sequence[tuple[Line, str]], lines: Sequence[Line]) -> list[str]:
    """Return what is wrong with entries. An entry is quoted only if it looks like one: the file may be any."""
    has_urls = any(_FULL.match(line.text) and url_problem(line.text) is None for line in lines)

    def quoted(entry: str) -> str:
        fit = MEDIA.search(entry) or (has_urls and not is_setting(entry))
        return shown(entry) if fit else "this entry"

    told = [f"line {line.number}: {quoted(line.text)} {reason}." for line, reason in broken[:_MOST_NAMED]]
    more = [f"And {len(broken) - _MOST_NAMED} more."] if len(broken) > _MOST_NAMED else []
    return told + more
