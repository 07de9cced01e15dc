# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The URLs of a playlist file. Pure. Private to this collection."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from .._errors import InvalidOptionError, refused, shown
from .._options import MAX_SOURCE_URLS
from .._task.fields import URL_ALLOWED, is_integer, is_source_url

_MOST_NAMED = 5
_LINE_END = re.compile(r"\r\n|\n|\r")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# U+FFFD and lone surrogates are what is left of bytes that are no UTF-8.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_OTHER_FORMATS = (("<", "HTML or XML"), (r"\{|\[\s*[\"\[{]", "JSON"), (r"\[playlist\]", "a PLS playlist"))


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
        check_base_url("base_url", base_url)
    if limit is not None and not is_integer(limit, 1, MAX_SOURCE_URLS):
        raise InvalidOptionError(refused("limit", limit, f"an integer from 1 to {MAX_SOURCE_URLS}"))
    if not is_integer(offset, 0):
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


def check_base_url(name: str, base_url: object) -> None:
    """Refuse what no entry of a playlist can be relative to.

    Args:
        name: what the option is called.
        base_url: its value.

    Raises:
        InvalidOptionError: it is no URL, or that of a folder without a slash at its end.
    """
    if not is_source_url(base_url):
        raise InvalidOptionError(refused(name, base_url, URL_ALLOWED))
    # What follows the last slash is dropped: right for the address of a playlist, a trap for that of a folder.
    last = _path(str(base_url)).rpartition("/")[2]
    if last and not last.lower().endswith((".m3u", ".m3u8")):
        allowed = "the address of a folder, with a slash at its end, or of a playlist file, with .m3u or .m3u8"
        raise InvalidOptionError(refused(name, base_url, allowed))


def _path(url: str) -> str:
    return re.sub(r"^[^:]*://[^/?#]*|[?#].*", "", url)


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
