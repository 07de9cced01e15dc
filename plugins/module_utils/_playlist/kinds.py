# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people give for a playlist that is none, told by its content. Pure. Private to this collection.

No message quotes what was given: it may be any file, one with passwords too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .._errors import InvalidOptionError, shown

LINE_END = re.compile(r"\r\n|\n|\r")
SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+://"
# A bare file name is told from other words by this, and a setting from the name of a file.
MEDIA = re.compile(
    r"\.(?:3g[2p]|aac|asf|avi|divx|dv|f4v|flac|flv|m2ts?|m2v|m3u8?|m4[asv]|mk[av]|mov|mp[234]|mpe?g|mpd|mts|mxf|og[agv]"
    r"|opus|rm|rmvb|ts|vob|wav|webm|wm[av])(?:[?#|,].*)?$",
    re.IGNORECASE,
)
_SETTING = re.compile(r"(?:export\s+)?[A-Za-z_][\w.-]*(?:\s*=|:\s|:$)")
_NAME_AND_URL = re.compile(rf"(?!{SCHEME}).*[,\uff0c]\s*{SCHEME}|.*[,\uff0c]\s*#genre#", re.IGNORECASE)
_HLS = re.compile(
    r"^[ \t\ufeff]*#EXT-X-(?:TARGETDURATION|MEDIA-SEQUENCE|STREAM-INF|I-FRAME-STREAM-INF|MEDIA|KEY|MAP|BYTERANGE"
    r"|PLAYLIST-TYPE|PART|SKIP)\b",
    re.MULTILINE,
)
_ANY_HLS = re.compile(r"^[ \t\ufeff]*#EXT-X-", re.MULTILINE)
_SEGMENT = re.compile(r"\.(?:ts|m4s|cmf[av])(?:\?.*)?$", re.IGNORECASE)
_LIST_FILE = re.compile(r"[^\n\r]*\.(?:m3u8?|txt|lst|pls|xspf|wpl|asx|json|ya?ml|csv)", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}(?:[?#].*)?$")

_AS_M3U = "Save it as M3U in a player, or write its URLs into a file, one a line"
_NO_LIST = "Give the text of a playlist, with one URL a line"
_STREAM = "It is one stream, and its entries are pieces or qualities of it. Give its own URL as a source URL instead"
# How the first entry, and what follows it, begins.
_BEGINNINGS = tuple(
    (re.compile(beginning, re.IGNORECASE | re.DOTALL), kind, advice)
    for beginning, kind, advice in (
        (
            r"<(?=!doctype html\b|html\b|head\b|body\b)",
            "HTML",
            f"That is a page, perhaps one of an error or a login. {_NO_LIST}",
        ),
        (r"<(?=.{0,2000}(?:xspf|<trackList))", "an XSPF playlist", _AS_M3U),
        (r"<(?=.{0,200}<?(?:\?wpl|smil\b))", "a WPL playlist", _AS_M3U),
        (r"<asx\b", "an ASX playlist", _AS_M3U),
        (r"<(?=.{0,2000}<MPD\b)|<MPD\b", "a DASH manifest", _STREAM),
        (r"<", "XML", _AS_M3U),
        (
            r"\{\s*[\"'}]|\[\s*(?:[\"'\[{\]]|u['\"])|[\[{]\s*(?:\n|$)",
            "JSON",
            "Give the list of URLs in it as source URLs, without this filter",
        ),
        (r"\[playlist\]|\[reference\]|(?:file|ref)[0-9]+\s*=", "a PLS playlist", _AS_M3U),
        (
            r"file\s+(['\"])[^\n]*\1\s*(?:\n|$)",
            "a list for ffmpeg",
            "Write each file on a line of its own, without the word file and the quotes",
        ),
        (
            r"\$ANSIBLE_VAULT;[0-9]",
            "a file that Ansible Vault has encrypted",
            "Read it with the lookup ansible.builtin.file, which decrypts it",
        ),
        (r"-----BEGIN [A-Z ]+-----", "a key or a certificate", _NO_LIST),
        (r"---[ \t]*(?:[#\n]|$)|%YAML [0-9]|\[[\w .:-]+\]\s*[\r\n]+\s*[\w.-]+\s*=", "a file of settings", _NO_LIST),
    )
)


class Line(NamedTuple):
    """An entry of a playlist.

    Attributes:
        number: of its line, counted from 1.
        text: what is in it.
        seconds: how long it plays, as the comment before it says; None if that says nothing.
    """

    number: int
    text: str
    seconds: float | None


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
            f"These are several entries in line {_line_at(text, place)}, with ',' between"
            " them. If the text is from the lookup ansible.builtin.url, give that split_lines=false; in a file, write"
            " each entry on a line of its own."
        )
    return text


def _line_at(text: str, position: int) -> int:
    return len(LINE_END.findall(text[:position])) + 1


def _is_joined(text: str) -> bool:
    """Return whether the lines of a playlist were joined with commas, as the lookup url does."""
    parts = text.split(",")
    if LINE_END.search(text) or len(parts) == 1:
        return False
    urls = sum(bool(re.match(rf"\s*{SCHEME}", part)) for part in parts)
    if text.startswith("#"):
        return urls > 0 or any(part.startswith("#EXT") or MEDIA.search(part) for part in parts[1:])
    return urls > 1 or holds_names(text)


def holds_names(entry: str) -> bool:
    """Return whether an entry is several names of video files, with commas between them."""
    parts = entry.split(",")
    return len(parts) > 1 and "://" not in entry and all(MEDIA.search(part) for part in parts)


def is_setting(entry: str) -> bool:
    """Return whether an entry has the form NAME=value or name: value, and is not the name of a video file."""
    return bool(_SETTING.match(entry)) and not MEDIA.search(entry)


def refuse_other_kinds(text: str, lines: Sequence[Line]) -> None:
    """Refuse a text that is no list of entries.

    Args:
        text: the whole of it.
        lines: its entries.

    Raises:
        InvalidOptionError: saying what it is, and what to do instead.
    """
    tag = _HLS.search(text) or (lines and _SEGMENT.search(lines[0].text) and _ANY_HLS.search(text))
    if tag:
        raise _other("an HLS manifest", _STREAM, _line_at(text, tag.end()))
    if not lines:
        bouquet = re.search(r"^#SERVICE ", text, re.MULTILINE)
        if bouquet:
            raise _other(
                "a bouquet of Enigma2", "Write its URLs into a file, one a line", _line_at(text, bouquet.end())
            )
        raise InvalidOptionError("The playlist has no entries.")
    beginning = "\n".join(line.text for line in lines)
    for pattern, kind, advice in _BEGINNINGS:
        if pattern.match(beginning):
            raise _other(kind, advice, lines[0].number)
    if _NAME_AND_URL.match(lines[0].text) or any(line.text.lower().endswith("#genre#") for line in lines):
        raise _other(
            "a list of the form name,URL",
            "Keep the URL of each line alone, and leave out the names, and the lines with #genre#",
            lines[0].number,
        )
    _refuse_other_words(text, lines)


def _refuse_other_words(text: str, lines: Sequence[Line]) -> None:
    """Refuse words that are no names of files: a path, settings, and what people and servers say."""
    only = lines[0].text
    if text.strip().lstrip("\ufeff") == only and "://" not in only and _LIST_FILE.fullmatch(only):
        raise InvalidOptionError(
            "This is the path of a file, not the text in it. Read the file with lookup('ansible.builtin.file', path)."
            " (If it is a playlist with one entry, write #EXTM3U on the line before.)"
        )
    if is_setting(only):
        sign = "=" if "=" in only else ":"
        raise _other(f"a file of settings, with '{sign}'", _NO_LIST, lines[0].number)
    # Prose, and the messages of servers. A single word may be a name, and was always taken for one.
    prose = [line for line in lines if " " in line.text]
    if (
        prose
        and "#EXTM3U" not in text
        and not any("://" in line.text or _EXTENSION.search(line.text) for line in lines)
    ):
        raise InvalidOptionError(
            f"This does not look like a playlist: no line is a URL or the name of a file, and line"
            f" {prose[0].number} holds ' ' (a blank)."
        )


def _other(kind: str, advice: str, line: int) -> InvalidOptionError:
    return InvalidOptionError(f"This is {kind}, not an M3U playlist: see line {line}. {advice}.")
