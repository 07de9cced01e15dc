# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times in the form that the service writes. Pure. Private to this collection."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from .._errors import shown

_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)


def parse_time(value: object, *, zone: str | None = None) -> str:
    """Return an RFC 3339 time as the service writes it: UTC, whole seconds, `2026-01-01T00:00:00Z`.

    Takes what YAML makes of an unquoted time stamp too (a blank for the `T`). A fraction of a second is dropped.

    Args:
        value: the time, a string.
        zone: what a time without a zone means; without it such a time is refused.

    Raises:
        ValueError: it is no such time, or has no zone.
    """
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    offset = found and (found["zone"] or zone)
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
