# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time format of the services."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]

_PLAIN = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(timezone.utc)


def write_time(instant: datetime) -> str:
    """Return ``instant`` as ``YYYY-MM-DDTHH:MM:SSZ``. The fraction of a second is cut off."""
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(value: str) -> datetime:
    """Return the instant of ``value``. Raises ValueError if the format is not ``YYYY-MM-DDTHH:MM:SSZ``."""
    match = _PLAIN.fullmatch(value)
    if not match:
        raise ValueError(f"not YYYY-MM-DDTHH:MM:SSZ: {value!r}")
    year, month, day, hour, minute, second = map(int, match.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)


def is_time(value: object) -> str | None:
    """Check for a time in exactly this format."""
    expected = "must be a time written YYYY-MM-DDTHH:MM:SSZ"
    if not isinstance(value, str):
        return expected
    try:
        read_time(value)
    except ValueError:
        return expected
    return None
