# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a relay task that can change: constraints and normal forms. Pure.

Follows the service's page of ModifyPullTask. Private to this collection.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Collection
from datetime import datetime, timezone
from functools import partial
from typing import Any, NamedTuple

from .._errors import refused, shown
from .._options import CALLBACK_EVENTS, MAX_INTEGER, MAX_SOURCE_URLS, REFRESH_TYPES, STATUSES
from .urls import URL_ALLOWED, parse_urls, same_urls

_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?"
    r"(?P<zone>[Zz]|(?P<hours>[+-][0-9]{2}):?(?P<minutes>[0-5][0-9]))?"
)
_ROUNDS = re.compile(r"(-1|[1-9][0-9]*)?")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,19}")
# The zero time of Go means that no time is set.
_NO_TIME = "0001-01-01T00:00:00"
# Seconds since the epoch, from 1973 to 5138. A larger number can only be milliseconds.
_SECONDS, _MILLISECONDS = 10**8, 10**11


def parse_time(value: object) -> str:
    """Return an RFC 3339 time in normal form, which is how the service writes it: `2026-01-01T00:00:00Z`.

    The normal form is in UTC, with whole seconds: a fraction of a second is dropped. Between date and time, a blank is
    accepted as well, because YAML converts an unquoted time stamp to that form.

    Args:
        value: the time, a string.

    Raises:
        ValueError: the value is not a time, or has no zone.
    """
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found or not found["zone"]:
        raise ValueError(f"{shown(value)} has no time zone" if found else "")
    offset = f"{found['hours'] or '+00'}:{found['minutes'] or '00'}"
    try:
        return from_timestamp(datetime.fromisoformat(f"{found['date']}T{found['time']}{offset}").timestamp())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{shown(value)} is not a valid time: {error}") from error


def to_datetime(time: str) -> datetime:
    """Return a time in normal form as an aware datetime in UTC."""
    return datetime.fromisoformat(time[:-1]).replace(tzinfo=timezone.utc)


def from_timestamp(seconds: float) -> str:
    """Return the seconds since the epoch as a time in normal form.

    Raises:
        ValueError, OverflowError or OSError: the year is outside the calendar.
    """
    return f"{datetime.fromtimestamp(int(seconds), timezone.utc).replace(tzinfo=None).isoformat()}Z"


def has_passed(time: str | None, moment: float) -> bool:
    """Return whether a time in normal form is in the past at a moment in seconds since the epoch; None never is."""
    return time is not None and to_datetime(time).timestamp() <= moment


def choice(words: Collection[str], value: object) -> str:
    """Return the value if it is one of these words; raise ValueError otherwise."""
    if not isinstance(value, str) or value not in words:
        raise ValueError
    return value


def _parse_source_urls(value: object) -> list[str]:
    if isinstance(value, list) and not 1 <= len(value) <= MAX_SOURCE_URLS:
        raise ValueError(f"{len(value)} entries are not allowed")
    return parse_urls(value)


def _parse_loop_time(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _ROUNDS.fullmatch(text):
        raise ValueError
    return text or "-1"


def is_integer(value: object, least: int, most: float = math.inf) -> bool:
    """Return whether the value is an integer within these bounds."""
    # In Python, True is an int, and YAML reads an unquoted yes as True.
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _parse_integer(value: object) -> int:
    if not isinstance(value, int) or not is_integer(value, 0, MAX_INTEGER):
        raise ValueError
    return value


def _parse_callback_events(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError
    # Ansible converts an empty text to [""].
    events = [] if value == [""] else value
    for event in events:
        if event not in CALLBACK_EVENTS:
            raise ValueError(f"{shown(event)} is not allowed")
    return _ordered_events(events)


def _ordered_events(events: list[str]) -> list[str]:
    known = [event for event in CALLBACK_EVENTS if event in events or not events]
    return known + sorted(set(events) - set(known))


def _read_status(value: object) -> str:
    """Return any text, because the service may use words that its page does not list; a known word in lower case."""
    if not isinstance(value, str):
        raise ValueError
    return value.lower() if value.lower() in STATUSES else value


def _read_refresh_type(value: object) -> str:
    return choice(REFRESH_TYPES, value.lower() if isinstance(value, str) else value)


def _read_texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError
    return list(value)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read_integer(value: object) -> int:
    return _parse_integer(int(value) if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value) else _whole(value))


def _read_time(value: object) -> str | None:
    """Take a time with a zone, or the seconds or milliseconds since the epoch; return None if no time is set."""
    if isinstance(value, str) and not _WHOLE_NUMBER.fullmatch(value):
        return None if value.startswith(_NO_TIME) else parse_time(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError
    try:
        seconds = float(value)
        if seconds and seconds < _SECONDS:
            raise ValueError
        return from_timestamp(seconds / 1000 if seconds >= _MILLISECONDS else seconds) if seconds else None
    except (OverflowError, OSError) as error:
        raise ValueError from error


class Field(NamedTuple):
    """What the collection knows about one option of a task.

    Attributes:
        parse: converts a declared value to the normal form. Its ValueError says what is wrong with the value.
        read: converts a value of the service to the normal form, leniently; None means that no value is set. It raises
            ValueError for a value that cannot be understood.
        allowed: the allowed values, in words.
        default: the value, in normal form, that the service documents for an option that is left out. None if it
            documents none, or no constant (start_time: the current time).
        same: whether two values in normal form mean the same.
    """

    parse: Callable[[object], Any]
    read: Callable[[object], Any]
    allowed: str
    default: Any = None
    same: Callable[[Any, Any], bool] = operator.eq


_TIME_ALLOWED = (
    "RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z or 2026-02-01T04:00:00+08:00"
    " (a time without a zone is ambiguous)"
)
_INTEGER_ALLOWED = f"an integer from 0 to {MAX_INTEGER}"

FIELDS: dict[str, Field] = {
    "status": Field(partial(choice, STATUSES), _read_status, " or ".join(STATUSES)),
    "source_urls": Field(
        _parse_source_urls, _read_texts, f"a list of 1 to {MAX_SOURCE_URLS} URLs, each {URL_ALLOWED}", same=same_urls
    ),
    "vod_loop_time": Field(
        _parse_loop_time,
        lambda value: _parse_loop_time(_whole(value)),
        "-1 (endless), an integer of 1 or more (rounds), or empty (the default, -1)",
        default="-1",
    ),
    "vod_refresh_type": Field(
        partial(choice, REFRESH_TYPES), _read_refresh_type, ", ".join(REFRESH_TYPES), default=REFRESH_TYPES[0]
    ),
    "vod_start_video_index": Field(_parse_integer, _read_integer, _INTEGER_ALLOWED, default=0),
    "vod_start_video_time": Field(_parse_integer, _read_integer, f"{_INTEGER_ALLOWED} (seconds)", default=0),
    "start_time": Field(parse_time, _read_time, _TIME_ALLOWED),
    "end_time": Field(parse_time, _read_time, _TIME_ALLOWED),
    "callback_events": Field(
        _parse_callback_events,
        lambda value: _ordered_events(_read_texts(value)),
        f"a list of {', '.join(CALLBACK_EVENTS)} (empty: all of them)",
        default=list(CALLBACK_EVENTS),
    ),
}

WINDOW = ("start_time", "end_time")
START_AT = ("vod_start_video_index", "vod_start_video_time")
# The options with a documented default. The page does not say if a modify that leaves one out keeps or resets its
# value, so a modify carries all of them that are declared or listed.
RESENT = tuple(name for name, field in FIELDS.items() if field.default is not None or name == "start_time")


def task_id_problems(value: object) -> list[str]:
    """Return an error if a value is set and cannot be the id of a task. The service documents no format for ids."""
    if value is None or (isinstance(value, str) and value != "" and value.isprintable() and value == value.strip()):
        return []
    return [refused("task_id", value, "the id of a task, without line breaks or white space around it")]
