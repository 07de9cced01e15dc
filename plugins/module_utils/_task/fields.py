# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a relay task: the constraint and the normal form of each. Pure.

Follows the service's page of ModifyPullTask. Private to this collection.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Collection
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, NamedTuple

from .._errors import shown
from .._options import CALLBACK_EVENTS, MAX_INTEGER, MAX_SOURCE_URLS, REFRESH_TYPES, STATUSES
from .urls import URL_ALLOWED, parse_urls, same_urls

_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_ROUNDS = re.compile(r"-1|[1-9][0-9]*")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,19}")
# Go's zero time, which stands for no time.
_NO_TIME = "0001-01-01T00:00:00"
# Seconds since the epoch, from 1973 to 5138; what is beyond can only be milliseconds.
_SECONDS, _MILLISECONDS = 10**8, 10**11


def parse_time(value: object) -> str:
    """Return an RFC 3339 time as the service writes it: UTC, whole seconds, `2026-01-01T00:00:00Z`.

    Takes what YAML makes of an unquoted time stamp too (a blank for the `T`). A fraction of a second is dropped.

    Args:
        value: the time, a string.

    Raises:
        ValueError: it is no such time, or has no zone.
    """
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    offset = found and found["zone"]
    if not found or not offset:
        raise ValueError(f"{shown(value)} has no time zone" if found else "")
    try:
        moment = datetime.fromisoformat(f"{found['date']}T{found['time']}")
        if offset not in "Zz":
            shift = datetime.strptime(offset, "%z").utcoffset() or timedelta(0)
            moment -= shift
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{shown(value)} is no time: {error}") from error
    return f"{moment.isoformat()}Z"


def to_datetime(time: str) -> datetime:
    """Return a time in normal form as an aware datetime in UTC."""
    return datetime.fromisoformat(time[:-1]).replace(tzinfo=timezone.utc)


def from_timestamp(seconds: float) -> str:
    """Return the seconds since the epoch as a time in normal form.

    Raises:
        OverflowError or OSError: no calendar goes so far.
    """
    return f"{datetime.fromtimestamp(int(seconds), timezone.utc).replace(tzinfo=None).isoformat()}Z"


def is_over(time: str | None, moment: float) -> bool:
    """Return whether a time in normal form has come at a moment, in seconds since the epoch. None never comes."""
    return time is not None and to_datetime(time).timestamp() <= moment


def choice(words: Collection[str], value: object) -> str:
    """Return the value if it is one of these words, and refuse everything else with ValueError."""
    if not isinstance(value, str) or value not in words:
        raise ValueError
    return value


_parse_refresh_type = partial(choice, REFRESH_TYPES)


def _parse_source_urls(value: object) -> list[str]:
    if isinstance(value, list) and not 1 <= len(value) <= MAX_SOURCE_URLS:
        raise ValueError(f"{len(value)} entries are not allowed")
    return parse_urls(value)


def _parse_loop_time(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if text == "":
        return "-1"
    if not isinstance(text, str) or not _ROUNDS.fullmatch(text):
        raise ValueError
    return text


def is_integer(value: object, least: int, most: float = math.inf) -> bool:
    """Return whether the value is an integer within these bounds."""
    # True is an int to Python, and YAML reads an unquoted yes as True.
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _parse_integer(value: object) -> int:
    if not isinstance(value, int) or not is_integer(value, 0, MAX_INTEGER):
        raise ValueError
    return value


def _parse_callback_events(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError
    if value == [""]:  # an empty text, which Ansible makes a list
        value = []
    for event in value:
        if event not in CALLBACK_EVENTS:
            raise ValueError(f"{shown(event)} is not allowed")
    return _ordered_events(value)


def _ordered_events(events: list[str]) -> list[str]:
    known = [event for event in CALLBACK_EVENTS if event in events or not events]
    return known + sorted(set(events) - set(known))


def _read_status(value: object) -> str:
    """Take any text the service answers, in any case: it may use words its page does not list."""
    if not isinstance(value, str):
        raise ValueError
    return value.lower() if value.lower() in STATUSES else value


def _read_refresh_type(value: object) -> str:
    return _parse_refresh_type(value.lower() if isinstance(value, str) else value)


def _read_source_urls(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(url, str) for url in value):
        raise ValueError
    return list(value)


def _read_integer(value: object) -> int:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        value = int(value)
    return _parse_integer(int(value) if isinstance(value, float) and value.is_integer() else value)


def _read_loop_time(value: object) -> str:
    return _parse_loop_time(int(value) if isinstance(value, float) and value.is_integer() else value)


def _read_time(value: object) -> str | None:
    """Take a time with a zone, or the seconds or milliseconds since the epoch; None stands for no time."""
    if isinstance(value, str):
        if value.startswith(_NO_TIME):
            return None
        if not _WHOLE_NUMBER.fullmatch(value):
            return parse_time(value)
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError
    try:
        seconds = float(value)
        if seconds == 0:
            return None
        if seconds < _SECONDS:
            raise ValueError
        return from_timestamp(seconds / 1000 if seconds >= _MILLISECONDS else seconds)
    except (OverflowError, OSError) as error:
        raise ValueError from error


def _read_callback_events(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(event, str) for event in value):
        raise ValueError
    return _ordered_events(value)


class Field(NamedTuple):
    """One option of a task: everything this collection knows about it.

    Attributes:
        parse: brings what the user asked for to the normal form; ValueError says what is wrong with it.
        read: the same for what the service answers, where it is lenient. ValueError: it cannot be understood. None: it
            stands for nothing.
        allowed: what is allowed, in words.
        default: the documented meaning of leaving it out, in normal form; None where none is documented, or where it
            is no fixed value (start_time: the current time).
        resent: whether a default for leaving it out is documented. The page does not say if a modify that leaves it
            out keeps the value of the task or resets it, so it is sent every time.
        same: whether two values in normal form mean the same.
    """

    parse: Callable[[object], Any]
    read: Callable[[object], Any]
    allowed: str
    default: Any = None
    resent: bool = False
    same: Callable[[Any, Any], bool] = operator.eq


_TIME_ALLOWED = (
    "RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z or 2026-02-01T04:00:00+08:00"
    " (a time without a zone is ambiguous)"
)
_INTEGER_ALLOWED = f"an integer from 0 to {MAX_INTEGER}"

FIELDS: dict[str, Field] = {
    "status": Field(partial(choice, STATUSES), _read_status, " or ".join(STATUSES)),
    "source_urls": Field(
        _parse_source_urls,
        _read_source_urls,
        f"a list of 1 to {MAX_SOURCE_URLS} URLs, each {URL_ALLOWED}",
        same=same_urls,
    ),
    "vod_loop_time": Field(
        _parse_loop_time,
        _read_loop_time,
        "-1 (endless), an integer of 1 or more (rounds), or empty (the default, -1)",
        default="-1",
        resent=True,
    ),
    "vod_refresh_type": Field(
        _parse_refresh_type, _read_refresh_type, ", ".join(REFRESH_TYPES), default=REFRESH_TYPES[0], resent=True
    ),
    "vod_start_video_index": Field(_parse_integer, _read_integer, _INTEGER_ALLOWED, default=0, resent=True),
    "vod_start_video_time": Field(
        _parse_integer, _read_integer, f"{_INTEGER_ALLOWED} (seconds)", default=0, resent=True
    ),
    "start_time": Field(parse_time, _read_time, _TIME_ALLOWED, resent=True),
    "end_time": Field(parse_time, _read_time, _TIME_ALLOWED),
    "callback_events": Field(
        _parse_callback_events,
        _read_callback_events,
        f"a list of {', '.join(CALLBACK_EVENTS)} (empty: all of them)",
        default=list(CALLBACK_EVENTS),
        resent=True,
    ),
}

# The page does not say whether a modify that leaves one of these out keeps or resets it: a modify carries them all.
RESENT = tuple(name for name, field in FIELDS.items() if field.resent)

TASK_ID_ALLOWED = "the id of a task, without line breaks or white space around it"


def is_task_id(value: object) -> bool:
    """Return whether the value can be the id of a task; the service documents no form for it."""
    return isinstance(value, str) and value != "" and value.isprintable() and value == value.strip()
