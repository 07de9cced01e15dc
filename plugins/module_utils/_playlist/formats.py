# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats that users mistake for an M3U playlist, in one table. Pure. Private to this collection.

No message quotes the text: it may be any file, and may hold passwords.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from .._errors import InvalidOptionError

SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+://"
_EXTENSION = (
    r"\.(?:3g[2p]|aac|asf|avi|divx|dv|f4v|flac|flv|m2ts?|m2v|m3u8?|m4[asv]|mk[av]|mov|mp[234]|mpe?g|mpd|mts|mxf|og[agv]"
    r"|opus|rm|rmvb|ts|vob|wav|webm|wm[av])"
)
# The end of a file name distinguishes it from other words, and from a setting.
MEDIA = re.compile(rf"{_EXTENSION}(?:[?#|,].*)?$", re.IGNORECASE)
_SETTING = rf"(?!.*{MEDIA.pattern})(?:export[^\S\n]+)?[A-Za-z_][\w.-]*(?:[^\S\n]*=|:[^\S\n]|:$)"
SETTING = re.compile(_SETTING, re.IGNORECASE)
# Several file names in a line, with the same separator between them.
_SEVERAL = [rf"(?:[^{sign}\n]*\S{_EXTENSION}(?:[?#][^{sign}\n]*)?[^\S\n]*(?:[{sign}](?=.)|$)){{2,}}" for sign in ",;|"]
SEVERAL_NAMES = re.compile(rf"(?!.*://)(?:{'|'.join(_SEVERAL)})", re.IGNORECASE)

_SAVE_AS_M3U = "Save it as M3U in a player, or write its URLs into a file, one URL in a line"
_GIVE_TEXT = "Give the text of a playlist, with one URL in a line"
_GIVE_URL = "Give its own URL as a source URL"
_ONE_STREAM = f"It is one stream, and its entries are parts or qualities of it. {_GIVE_URL}"
_REMOVE = "Write each file or URL on a line of its own, without"

_BLANK = r"[^\S\n]"
# The first characters of a text, or more of them if it begins with the byte-order mark of UTF-16.
_START = r"\A(?:(?:\udcff\udcfe|\udcfe\udcff|\ufffd\ufffd)(?s:.){0,96}|(?s:.){0,3})"
# From an entry to the next one. Comments and empty lines may be between them.
_NEXT = r"\n(?:(?:#.*)?\n)*"
_HLS_TAGS = (
    "TARGETDURATION|MEDIA-SEQUENCE|STREAM-INF|I-FRAME-STREAM-INF|MEDIA|KEY|MAP|BYTERANGE|PLAYLIST-TYPE|PART|SKIP"
)
_SEGMENT = r"[^#\n].*\.(?:ts|m4s|cmf[av])(?:\?.*)?$"
_PLAYLIST = r"\.(?:m3u|pls|xspf|asx|wax|wvx|wpl|zpl|b4s|smil?|cue|mpcpl|dpl|ffconcat)(?:[?#].*)?$"
_FILE_END = rf"{_EXTENSION}(?:[?#|].*)?$"
_AM = rf"{_BLANK}*[ap]\.?m\b\.?"
_CLOCK = rf"(?:[0-2]?[0-9][:h][0-5][0-9](?::[0-5][0-9])?(?:{_AM}|Z)?|[01]?[0-9]{_AM})"
_DATE = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./](?:[0-9]{2}){0,2})"
_DAY = rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?{_BLANK}+)?(?:{_DATE}(?:T|{_BLANK}+))?"
_COLUMN = r"\"?(?:ur[il]s?|links?|files?|file[ _-]?names?|paths?|names?|titles?|sources?|source_urls?|videos?)\"?"
# File names begin with 01, numbered lists with 1.
_COUNT = r"[1-9][0-9]{0,2}"
_NUMBER = (
    rf"(?:{_COUNT}(?:\.{_COUNT})*(?:\.?\){_BLANK}*|\.{_BLANK}+)"
    rf"|(?:[1-9][0-9]?:|[(\[]{_COUNT}[)\]]|[a-z]\)){_BLANK}+)\S"
)
# A separator before a blank is a comma in a file name, not the separator of a table with at least two rows.
_ROWS = "|".join(
    rf"{row}(?:{_NEXT}{row})+(?:\n(?:#.*)?)*\Z" for row in (rf"(?!#|{SCHEME})[^{sign}\n]+{sign}\S.*" for sign in ",;")
)


class Format(NamedTuple):
    """A format that is not M3U.

    Attributes:
        name: what users call it.
        advice: what to do instead.
        patterns: one of them matches the text, whose lines are stripped. A pattern that begins with `^` or `\\A` is
            searched in all lines; any other has to match the first entry and what follows it.
        names: whether its lines may be file names. Then a text with #EXTM3U or #EXTINF is an M3U playlist.
    """

    name: str
    advice: str
    patterns: Sequence[re.Pattern[str]]
    names: bool


def _format(name: str, advice: str, *patterns: str, names: bool = False) -> Format:
    return Format(name, advice, [re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns], names)


FORMATS = (
    _format("a video or another binary file", _GIVE_URL, rf"{_START}\0\0"),
    _format("a text in UTF-16", "Convert it with iconv -f UTF-16 -t UTF-8", rf"{_START}\0"),
    _format(
        "a text with several entries in a line",
        f"{_REMOVE} a comma. If the text is from the lookup ansible.builtin.url, set split_lines=false",
        r"^.*,\ufeff?#EXTM3U",
        rf"\A\n*#.*,(?:{_BLANK}*{SCHEME}|#EXT|[^,\n]*{_EXTENSION}(?:[?#|][^,\n]*)?(?:,|$)).*\n*\Z",
        rf"\A\n*(?!#)(?:.*,)?{_BLANK}*{SCHEME}.*,{_BLANK}*{SCHEME}.*\n*\Z",
        rf"\A\n*(?!#|.*://){_SEVERAL[0]}\n*\Z",
    ),
    _format(
        "the path of a file",
        "Read the file with lookup('ansible.builtin.file', path)",
        r"\A\n*(?!.*://).*\.(?:m3u8?|txt|lst|pls|xspf|wpl|asx|json|ya?ml|csv)\n*\Z",
        names=True,
    ),
    _format(
        "an HLS manifest",
        _ONE_STREAM,
        rf"^#EXT-X-(?:{_HLS_TAGS})\b",
        rf"^#EXT-X-.*(?:\n(?:#.*)?){{0,9}}\n{_SEGMENT}",
        rf"{_SEGMENT}(?:\n.*)*?\n#EXT-X-",
    ),
    _format("a bouquet of Enigma2", "Write its URLs into a file, one URL in a line", r"^#SERVICE [0-9]"),
    _format("an AIMP playlist", _SAVE_AS_M3U, r"^#-----SUMMARY-----#"),
    _format("an EDL of mpv", f"{_REMOVE} the times", r"^# mpv EDL v[0-9]", r"^edl://"),
    _format("HTML", f"It may be an error page or a login page. {_GIVE_TEXT}", r"<(?:!doctype html|html|head|body)\b"),
    _format("a file with a merge conflict", "Resolve the conflict", r"^(?:<{7}|>{7})\s"),
    _format("an XSPF playlist", _SAVE_AS_M3U, r"<(?=(?s:.){0,2000}(?:xspf|<trackList))"),
    _format("a WPL playlist", _SAVE_AS_M3U, r"<(?=(?s:.){0,200}<?\?wpl\b)"),
    _format("a SMIL playlist", _SAVE_AS_M3U, r"<smil\b|<(?=(?s:.){0,2000}<smil\b)"),
    _format("an ASX playlist", _SAVE_AS_M3U, r"<asx\b|<(?=(?s:.){0,2000}<asx\b)"),
    _format("a DASH manifest", _ONE_STREAM, r"<MPD\b|<(?=(?s:.){0,2000}<MPD\b)"),
    _format("a Smooth Streaming manifest", _ONE_STREAM, r"<(?=(?s:.){0,2000}SmoothStreamingMedia\b)"),
    _format("XML", _SAVE_AS_M3U, r"<"),
    _format("a document of an office program", f"Save it as plain text. {_GIVE_TEXT}", r"PK\x03\x04|\{\\rtf|%PDF-"),
    _format(
        "JSON", "Give its list of URLs as source_urls", r"\{\s*[\"'}]|\[\s*(?:[\"'\[{\]]|u['\"])|[\[{]\s*(?:\n|\Z)"
    ),
    _format("a PLS playlist", _SAVE_AS_M3U, r"\[(?:playlist|reference)\]|(?:(?:file|ref)[0-9]+|NumberOfEntries)\s*="),
    _format("MPCPLAYLIST (of MPC)", _SAVE_AS_M3U, r"MPCPLAYLIST\b|[0-9]+,(?:type|filename|label|subtitle),"),
    _format("DAUMPLAYLIST (of PotPlayer)", _SAVE_AS_M3U, r"DAUMPLAYLIST\b|[0-9]+\*(?:file|title|duration2?)\*"),
    _format("a playlist of Zoom Player", _SAVE_AS_M3U, r"^br!$"),
    _format(
        "an edit decision list (EDL)",
        f"{_REMOVE} the times",
        r"^[0-9]{3,6}(\s+\S+){2}\s.*\s([0-9]{2}[:;]){3}[0-9]{2}",
    ),
    _format("a file of subtitles", _GIVE_TEXT, r"^WEBVTT\b|^[0-9:.,]+ --> [0-9:.,]+"),
    _format(
        "a cue sheet",
        "It lists the tracks of one file. Give the URL of that file as a source URL",
        r"^(?-i:TRACK\s+[0-9]+\s+[A-Z]|FILE\s.*\s(?:WAVE|MP3|AIFF|FLAC|BINARY|MOTOROLA)$)",
    ),
    _format(
        "a list for ffmpeg",
        f"{_REMOVE} the word file and the quotes",
        rf"ffconcat{_BLANK}+version\b|concatf?:|file{_BLANK}+'|file{_BLANK}+\".*\"$",
    ),
    _format(
        "a list for ffmpeg",
        f"{_REMOVE} the word file, and without the other lines",
        rf"(?-i:file){_BLANK}+\S",
        rf"^(?:duration|inpoint|outpoint){_BLANK}+-?[0-9][0-9:.]*(?:us|ms|s)?$",
        names=True,
    ),
    _format("a playlist of Liquidsoap", f"{_REMOVE} annotate: and the annotations", r"^annotate:"),
    _format("a file of Ansible Vault", "Decrypt it with the lookup ansible.builtin.file", r"\$ANSIBLE_VAULT;[0-9]"),
    _format("a key or a certificate", _GIVE_TEXT, r"-----BEGIN [A-Z ]+-----"),
    _format(
        "the listing of a folder",
        "Write the names alone, as ls -1 and dir /b do",
        r"^[bcdlps-](?:[r-][w-][xst-]){3}[.+@]?\s",
        r"^(?:d-|-a)[a-z-]{3,4}\s+[0-9]",
        r"^[0-9]{2}[./-][0-9]{2}[./-](?:[0-9]{2}){1,2}\s+[0-9]{2}:[0-9]{2}.*\s[0-9<]",
        r"^[\u2502\u251c\u2514]|^(?:\|\s+)*[|`+\\]--(?!.*\|$)",
    ),
    _format(
        "a YAML list",
        "Give the list in it as source URLs, without this filter",
        rf"(?:---.*{_NEXT})?(?:[\w.-]+:{_NEXT})?-{_BLANK}+(?:[\w.-]+:{_BLANK})",
        rf"(?:---.*{_NEXT})?[\w.-]+:{_NEXT}-{_BLANK}|---.*{_NEXT}-{_BLANK}",
    ),
    _format("a file of settings", _GIVE_TEXT, r"---[ \t]*(?:[#\n]|\Z)|%YAML [0-9]|\[[\w .:-]+\]\s*\n\s*[\w.-]+\s*="),
    _format(
        "a list of the form name,URL",
        f"{_REMOVE} the names, and without the lines with #genre#",
        r"^[^#\n].*#genre#$",
        rf"(?!{SCHEME}|.*[\"\t]).*[,\uff0c]{_BLANK}*{SCHEME}",
    ),
    _format("a list of other playlists", "Replace each of them by its entries", rf"^[^?#\n]+{_PLAYLIST}"),
    _format(
        "a list with times",
        f"{_REMOVE} the time. To play files at certain times, use the programme of a channel in the role"
        " huaweicloud.live.playlist",
        rf"^[(\[]?{_DAY}{_CLOCK}(?:{_BLANK}*[-\u2013]{_BLANK}*{_CLOCK})?[)\]]?(?:{_BLANK}|[:|=,;>\u2013-])+\S",
        names=True,
    ),
    _format(
        "a table (CSV)",
        f"{_REMOVE} the other columns",
        r"^[^#\n].*\t",
        rf"^\"[^\"\n]*\"{_BLANK}*[,;]{_BLANK}*\S|^[^#\",;\n]+[,;]{_BLANK}*\"[^\"\n]*\"(?:[,;]|$)|^\|.*\|$",
        rf"^{SCHEME}[^\s,;]*{_EXTENSION}{_BLANK}*[,;](?!.*(?:=|/|{_EXTENSION}))",
        rf"^(?!#|.*://).*?{_EXTENSION}{_BLANK}*[,;](?!.*{_FILE_END})",
        rf"^[0-9]+{_BLANK}*[,;]{_BLANK}*[^0-9\s]",
        rf"sep=[,;\t|]?$|(?!{SCHEME}).*[;|]{_BLANK}*\"?{SCHEME}",
        rf"(?!.*(?:://|{_EXTENSION}))[^,;\n]+(?P<separator>[,;]).*{_NEXT}(?=.*(?:://|{_EXTENSION})).*(?P=separator)",
        rf"{_COLUMN}{_NEXT}(?=.*(?:://|{_EXTENSION}))",
        _ROWS,
        names=True,
    ),
    _format(
        "a list with bullets, as YAML and Markdown have it",
        f"{_REMOVE} the bullet. Give a YAML list of URLs as source_urls, without this filter",
        rf"^[-*+>\u2022\u2013\u2014\u00b7\u25aa\u25ba]{_BLANK}+\S|^\[[ x]?\]{_BLANK}+\S",
        names=True,
    ),
    _format("a numbered list", f"{_REMOVE} the number", rf"^(?=[(\[]?1[^0-9]){_NUMBER}", _NUMBER, names=True),
    _format(
        "a list of names in quotes",
        f"{_REMOVE} the quotes",
        r"^(?:\"[^\"\n]+\"|'[^'\n]+'|[\u201c\u201e\u00ab].+[\u201d\u201c\u00bb]),?$",
        names=True,
    ),
    _format(
        "a list with more than a file name in a line",
        f"{_REMOVE} the words after it",
        rf"^(?!#|.*://|.*{_FILE_END}).*{_EXTENSION}{_BLANK}+\S",
        names=True,
    ),
    _format("a file of settings", _GIVE_TEXT, _SETTING),
)
"""The first format that matches counts."""

# Some patterns take time that grows with the square of a line.
_LONGEST = 10_000
_FILE_OR_URL = re.compile(r"://|\.[A-Za-z0-9]{2,5}(?:[?#].*)?$")
_HEADER = re.compile(r"^#EXT(?:M3U|INF)", re.MULTILINE)


def refuse_other_formats(lines: Sequence[str]) -> None:
    """Refuse a text that is not a list of entries.

    Args:
        lines: all lines of the text, stripped.

    Raises:
        InvalidOptionError: with the name of the format, and what to do instead.
    """
    text = "\n".join(line[:_LONGEST] for line in lines)
    is_m3u = bool(_HEADER.search(text))
    entries = {number: line for number, line in enumerate(lines, start=1) if line and not line.startswith("#")}
    start = sum(len(line[:_LONGEST]) + 1 for line in takewhile(lambda line: not line or line.startswith("#"), lines))
    for format_ in FORMATS:
        for pattern in format_.patterns if not (format_.names and is_m3u) else ():
            anywhere = pattern.pattern.startswith(("^", r"\A"))
            found = pattern.search(text) if anywhere else pattern.match(text, start)
            if found:
                number = text[: found.end() - len(found[0].lstrip("\n"))].count("\n") + 1
                hint = " (If these are file names, write #EXTM3U on the line before the first.)"
                raise InvalidOptionError(
                    f"This is {format_.name}, not an M3U playlist: see line {number}. {format_.advice}."
                    f"{hint if format_.names else ''}"
                )
    if not entries:
        raise InvalidOptionError("The playlist has no entries.")
    for number, line in entries.items():
        if len(line) > _LONGEST:
            raise InvalidOptionError(
                f"line {number}: an entry of {len(line)} characters is not allowed. Allowed: {_LONGEST} at most."
                " Write each entry on a line of its own."
            )
    # A single word may be a file name.
    prose = [number for number, line in entries.items() if " " in line]
    if prose and not is_m3u and not any(map(_FILE_OR_URL.search, entries.values())):
        raise InvalidOptionError(
            f"This does not look like a playlist: no line is a URL or a file name, and line {prose[0]} has a blank."
        )
