# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats that people give for an M3U playlist, in one table. Pure. Private to this collection.

No message quotes the text: it may be any file, and hold passwords.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .._errors import InvalidOptionError
from .lines import EXTENSION, SCHEME, Line, is_setting

_AS_M3U = "Save it as M3U in a player, or write its URLs into a file, one a line"
_NO_LIST = "Give the text of a playlist, with one URL a line"
_STREAM = "It is one stream, and its entries are pieces or qualities of it. Give its own URL as a source URL instead"
_ALONE = "Write each file or URL on a line of its own, without"

_BLANK = r"[^\S\n]"
# From one entry to the next one; comments and empty lines may be between them.
_NEXT = r"\n(?:(?:#.*)?\n)*"
_HLS_TAGS = (
    "TARGETDURATION|MEDIA-SEQUENCE|STREAM-INF|I-FRAME-STREAM-INF|MEDIA|KEY|MAP|BYTERANGE|PLAYLIST-TYPE|PART|SKIP"
)
_SEGMENT = r"[^#\n].*\.(?:ts|m4s|cmf[av])(?:\?.*)?$"
_PLAYLIST = r"\.(?:m3u|pls|xspf|asx|wax|wvx|wpl|zpl|b4s|smil?|cue|mpcpl|dpl|ffconcat)(?:[?#].*)?$"
_FILE_END = rf"{EXTENSION}(?:[?#|].*)?$"
_AM = rf"{_BLANK}*[ap]\.?m\b\.?"
_CLOCK = rf"(?:[0-2]?[0-9][:h][0-5][0-9](?::[0-5][0-9])?(?:{_AM}|Z)?|[01]?[0-9]{_AM})"
_DATE = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./](?:[0-9]{2}){0,2})"
_DAY = rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?{_BLANK}+)?(?:{_DATE}(?:T|{_BLANK}+))?"
_COLUMN = r"\"?(?:ur[il]s?|links?|files?|file[ _-]?names?|paths?|names?|titles?|sources?|source_urls?|videos?)\"?"
# Names of files begin with 01, lists with 1.
_COUNT = r"[1-9][0-9]{0,2}"
_NUMBER = (
    rf"(?:{_COUNT}(?:\.{_COUNT})*(?:\.?\){_BLANK}*|\.{_BLANK}+)"
    rf"|(?:[1-9][0-9]?:|[(\[]{_COUNT}[)\]]|[a-z]\)){_BLANK}+)\S"
)


class Format(NamedTuple):
    """A format that is not M3U.

    Attributes:
        name: what people call it.
        advice: what to do instead.
        pattern: matches what only this format has, in the stripped lines of the text.
        first: whether it has to match the first entry and what follows. If not, any line, comments included.
        names: whether its lines may be the names of files. Then a text with #EXTM3U or #EXTINF is an M3U playlist.
    """

    name: str
    advice: str
    pattern: re.Pattern[str]
    first: bool
    names: bool


def _first(name: str, advice: str, *patterns: str, names: bool = False) -> Format:
    return Format(name, advice, _compiled(patterns), True, names)


def _any(name: str, advice: str, *patterns: str, names: bool = False) -> Format:
    return Format(name, advice, _compiled(patterns), False, names)


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)


def _rows(separator: str) -> str:
    """Return what matches a whole table of at least two rows. Where a blank follows, it is a comma in a name."""
    row = rf"(?!#|{SCHEME})[^{separator}\n]+{separator}\S.*"
    return rf"{row}(?:{_NEXT}{row})+(?:\n(?:#.*)?)*\Z"


FORMATS = (
    _any("an HLS manifest", _STREAM, rf"^#EXT-X-(?:{_HLS_TAGS})\b", rf"^#EXT-X-.*(?:\n(?:#.*)?){{0,9}}\n{_SEGMENT}"),
    _first("an HLS manifest", _STREAM, rf"{_SEGMENT}(?:\n.*)*?\n#EXT-X-"),
    _any("a bouquet of Enigma2", "Write its URLs into a file, one a line", r"^#SERVICE [0-9]"),
    _any("an AIMP playlist", _AS_M3U, r"^#-----SUMMARY-----#"),
    _any("an EDL of mpv", f"{_ALONE} times", r"^# mpv EDL v[0-9]", r"^edl://"),
    _first(
        "HTML",
        f"That is a page, perhaps one of an error or a login. {_NO_LIST}",
        r"<(?:!doctype html\b|html\b|head\b|body\b)",
    ),
    _any("a file with a merge conflict", "Resolve it", r"^(?:<{7}|>{7})\s"),
    _first("an XSPF playlist", _AS_M3U, r"<(?=(?s:.){0,2000}(?:xspf|<trackList))"),
    _first("a WPL playlist", _AS_M3U, r"<(?=(?s:.){0,200}<?\?wpl\b)"),
    _first("a SMIL playlist", _AS_M3U, r"<smil\b|<(?=(?s:.){0,2000}<smil\b)"),
    _first("an ASX playlist", _AS_M3U, r"<asx\b|<(?=(?s:.){0,2000}<asx\b)"),
    _first("a DASH manifest", _STREAM, r"<MPD\b|<(?=(?s:.){0,2000}<MPD\b)"),
    _first("a Smooth Streaming manifest", _STREAM, r"<(?=(?s:.){0,2000}SmoothStreamingMedia\b)"),
    _first("XML", _AS_M3U, r"<"),
    _first("a document of an office program", f"Save it as plain text. {_NO_LIST}", r"PK\x03\x04|\{\\rtf|%PDF-"),
    _first(
        "JSON",
        "Give the list of URLs in it as source URLs, without this filter",
        r"\{\s*[\"'}]|\[\s*(?:[\"'\[{\]]|u['\"])|[\[{]\s*(?:\n|\Z)",
    ),
    _first("a PLS playlist", _AS_M3U, r"\[(?:playlist|reference)\]|(?:(?:file|ref)[0-9]+|NumberOfEntries)\s*="),
    _first("MPCPLAYLIST, a playlist of MPC", _AS_M3U, r"MPCPLAYLIST\b|[0-9]+,(?:type|filename|label|subtitle),"),
    _first("DAUMPLAYLIST, a playlist of PotPlayer", _AS_M3U, r"DAUMPLAYLIST\b|[0-9]+\*(?:file|title|duration2?)\*"),
    _any("a playlist of Zoom Player", _AS_M3U, r"^br!$"),
    _any(
        "an edit decision list (EDL)",
        f"{_ALONE} times",
        r"^[0-9]{3,6}\s+\S+\s+\S+\s.*\s[0-9]{2}:[0-9]{2}:[0-9]{2}[:;][0-9]{2}",
    ),
    _any("subtitles", _NO_LIST, r"^WEBVTT\b|^[0-9:.,]+ --> [0-9:.,]+"),
    _any(
        "a cue sheet",
        "It says where the tracks of one file begin. Give the URL of that file as a source URL",
        r"^(?-i:TRACK\s+[0-9]+\s+[A-Z]|FILE\s.*\s(?:WAVE|MP3|AIFF|FLAC|BINARY|MOTOROLA)$)",
    ),
    _first(
        "a list for ffmpeg",
        "Write each file on a line of its own, without the word file and the quotes",
        rf"ffconcat{_BLANK}+version\b|concatf?:|file{_BLANK}+'|file{_BLANK}+\".*\"$",
    ),
    _first(
        "a list for ffmpeg",
        "Write each file on a line of its own, without the word file",
        rf"(?-i:file){_BLANK}+\S",
        names=True,
    ),
    _any(
        "a list for ffmpeg",
        "Write each file on a line of its own, and leave out the other lines",
        rf"^(?:duration|inpoint|outpoint){_BLANK}+-?[0-9][0-9:.]*(?:us|ms|s)?$",
        names=True,
    ),
    _any("a playlist of Liquidsoap", f"{_ALONE} annotate: and what that says of it", r"^annotate:"),
    _first(
        "a file that Ansible Vault has encrypted",
        "Read it with the lookup ansible.builtin.file, which decrypts it",
        r"\$ANSIBLE_VAULT;[0-9]",
    ),
    _first("a key or a certificate", _NO_LIST, r"-----BEGIN [A-Z ]+-----"),
    _any(
        "the listing of a folder",
        "Write the names alone, as ls -1 and dir /b do",
        r"^[bcdlps-](?:[r-][w-][xst-]){3}[.+@]?\s",
        r"^(?:d-|-a)[a-z-]{3,4}\s+[0-9]",
        r"^[0-9]{2}[./-][0-9]{2}[./-](?:[0-9]{2}){1,2}\s+[0-9]{2}:[0-9]{2}.*\s[0-9<]",
        r"^[\u2502\u251c\u2514]|^(?:\|\s+)*[|`+\\]--(?!.*\|$)",
    ),
    _first(
        "a YAML list",
        "Give the list in it as source URLs, without this filter",
        rf"(?:---.*{_NEXT})?(?:[\w.-]+:{_NEXT})?-{_BLANK}+(?:[\w.-]+:{_BLANK})",
        rf"(?:---.*{_NEXT})?[\w.-]+:{_NEXT}-{_BLANK}|---.*{_NEXT}-{_BLANK}",
    ),
    _first("a file of settings", _NO_LIST, r"---[ \t]*(?:[#\n]|\Z)|%YAML [0-9]|\[[\w .:-]+\]\s*\n\s*[\w.-]+\s*="),
    _any("a list of the form name,URL", f"{_ALONE} names, and without the lines with #genre#", r"^[^#\n].*#genre#$"),
    _first(
        "a list of the form name,URL",
        "Keep the URL of each line alone, and leave out the names, and the lines with #genre#",
        rf"(?!{SCHEME}|.*[\"\t]).*[,\uff0c]{_BLANK}*{SCHEME}",
    ),
    _any(
        "a list of other playlists",
        "Write the entries of each of them in its place",
        rf"^[^?#\n]+{_PLAYLIST}",
    ),
    _first("a table (CSV)", f"{_ALONE} the other columns", r"sep=[,;\t|]?$"),
    _any(
        "a list with times",
        f"{_ALONE} the time. What is played when is the programme of a channel, in the role huaweicloud.live.playlist",
        rf"^[(\[]?{_DAY}{_CLOCK}(?:{_BLANK}*[-\u2013]{_BLANK}*{_CLOCK})?[)\]]?(?:{_BLANK}|[:|=,;>\u2013-])+\S",
        names=True,
    ),
    _any(
        "a table (CSV)",
        f"{_ALONE} the other columns",
        r"^[^#\n].*\t",
        rf"^\"[^\"\n]*\"{_BLANK}*[,;]{_BLANK}*\S|^[^#\",;\n]+[,;]{_BLANK}*\"[^\"\n]*\"(?:[,;]|$)|^\|.*\|$",
        rf"^{SCHEME}[^\s,;]*{EXTENSION}{_BLANK}*[,;](?!.*(?:=|/|{EXTENSION}))",
        rf"^(?!#|.*://).*?{EXTENSION}{_BLANK}*[,;](?!.*{_FILE_END})",
        rf"^[0-9]+{_BLANK}*[,;]{_BLANK}*[^0-9\s]",
        names=True,
    ),
    _first(
        "a table (CSV)",
        f"{_ALONE} the other columns",
        rf"(?!{SCHEME}).*[;|]{_BLANK}*\"?{SCHEME}",
        rf"(?!.*(?:://|{EXTENSION}))[^,;\n]+(?P<separator>[,;]).*{_NEXT}(?=.*(?:://|{EXTENSION})).*(?P=separator)",
        rf"{_COLUMN}{_NEXT}(?=.*(?:://|{EXTENSION}))",
        _rows(","),
        _rows(";"),
        names=True,
    ),
    _any(
        "a list with bullets, as YAML and Markdown have it",
        f"{_ALONE} the bullet. A YAML list of URLs is a source_urls as it is, without this filter",
        rf"^[-*+>\u2022\u2013\u2014\u00b7\u25aa\u25ba]{_BLANK}+\S|^\[[ x]?\]{_BLANK}+\S",
        names=True,
    ),
    _any("a numbered list", f"{_ALONE} the number", rf"^(?=[(\[]?1[^0-9]){_NUMBER}", names=True),
    _first("a numbered list", f"{_ALONE} the number", _NUMBER, names=True),
    _any(
        "a list of names in quotes",
        f"{_ALONE} the quotes",
        r"^(?:\"[^\"\n]+\"|'[^'\n]+'|[\u201c\u201e\u00ab].+[\u201d\u201c\u00bb]),?$",
        names=True,
    ),
    _any(
        "a list with more than a file in a line",
        f"{_ALONE} what follows it",
        rf"^(?!#|.*://|.*{_FILE_END}).*{EXTENSION}{_BLANK}+\S",
        names=True,
    ),
)
"""Of those that match, the first counts."""

# Some patterns take time that grows with the square of a line.
_LONGEST = 10_000
_LIST_FILE = re.compile(r"[^\n\r]*\.(?:m3u8?|txt|lst|pls|xspf|wpl|asx|json|ya?ml|csv)", re.IGNORECASE)
_ANY_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}(?:[?#].*)?$")
_HEADER = re.compile(r"^#EXT(?:M3U|INF)", re.MULTILINE)


def refuse_other_formats(lines: Sequence[str], entries: Sequence[Line]) -> None:
    """Refuse a text that is not a list of entries.

    Args:
        lines: all lines of it, stripped.
        entries: those that are entries.

    Raises:
        InvalidOptionError: with the name of the format, and what to do instead.
    """
    long = next((line for line in entries if len(line.text) > _LONGEST), None)
    if long:
        raise InvalidOptionError(
            f"line {long.number}: an entry of {len(long.text)} characters is not allowed. Allowed: {_LONGEST} at most."
            " Write each entry on a line of its own."
        )
    text = "\n".join(lines)
    _refuse_path(text.strip("\n"))
    is_m3u = bool(_HEADER.search(text))
    start = sum(len(line) + 1 for line in lines[: entries[0].number - 1]) if entries else len(text)
    for format_ in FORMATS:
        if format_.names and is_m3u:
            continue
        found = format_.pattern.match(text, start) if format_.first else format_.pattern.search(text)
        if found:
            raise _other(format_.name, format_.advice, text.count("\n", 0, found.start()) + 1, format_.names)
    if not entries:
        raise InvalidOptionError("The playlist has no entries.")
    _refuse_other_words(entries, is_m3u)


def _refuse_path(text: str) -> None:
    if "://" not in text and _LIST_FILE.fullmatch(text):
        raise InvalidOptionError(
            "This is the path of a file, not the text in it. Read the file with lookup('ansible.builtin.file', path)."
            " (If it is a playlist with one entry, write #EXTM3U on the line before.)"
        )


def _refuse_other_words(entries: Sequence[Line], is_m3u: bool) -> None:
    """Refuse words that are not names of files: settings, prose, and the messages of servers."""
    only = entries[0].text
    if is_setting(only):
        sign = "=" if "=" in only else ":"
        raise _other(f"a file of settings, with '{sign}'", _NO_LIST, entries[0].number)
    # A single word may be a name.
    prose = [line for line in entries if " " in line.text]
    if prose and not is_m3u and not any("://" in line.text or _ANY_EXTENSION.search(line.text) for line in entries):
        raise InvalidOptionError(
            f"This does not look like a playlist: no line is a URL or the name of a file, and line"
            f" {prose[0].number} holds ' ' (a blank)."
        )


def _other(name: str, advice: str, line: int, names: bool = False) -> InvalidOptionError:
    way_out = " (If these are names of files, write #EXTM3U on the line before the first.)" if names else ""
    return InvalidOptionError(f"This is {name}, not an M3U playlist: see line {line}. {advice}.{way_out}")
