# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows that roll on, for channels that stay on air longer than a task may. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .._errors import InvalidOptionError, refused
from .._options import MAX_DAYS
from .._task.fields import FIELDS, is_integer, parse_time, to_datetime


def rolling_window(
    current: Mapping[str, Any] | None, days: int, renew_before_hours: float, now: str
) -> dict[str, str | None]:
    """Return the window that a rolling channel should have now, as `start_time` and `end_time` in UTC.

    It is the current window while at least `renew_before_hours` of that are left, and otherwise the `days` from now.

    Args:
        current: the task, or anything with its `start_time` and `end_time`; one without an end has no window yet.
        days: length of a new window, 1 to 7.
        renew_before_hours: hours; more than 0 and less than the window has.
        now: the time, RFC 3339.

    Raises:
        InvalidOptionError: naming what is not allowed.
    """
    window = current_window(current)
    return new_window(window, days, renew_before_hours, now) or window


def new_window(
    window: Mapping[str, str | None], days: int, renew_before_hours: float, now: str
) -> dict[str, str | None] | None:
    """Return the window to move to, or None when the current one is to stay. As `rolling_window` otherwise."""
    _check_rolling(days, renew_before_hours)
    moment = to_datetime(_time("now", now))
    end = window["end_time"]
    if end is not None and to_datetime(end) - moment >= timedelta(hours=renew_before_hours):
        return None
    try:
        moved = moment + timedelta(days=days)
    except OverflowError:
        raise InvalidOptionError(refused("now", now, f"a time that has {days} days after it")) from None
    return {
        "start_time": _time("now", now),
        "end_time": _time("now", moved.isoformat()),
    }


def _check_rolling(days: int, renew_before_hours: float) -> None:
    if not is_integer(days, 1, MAX_DAYS):
        raise InvalidOptionError(refused("days", days, f"an integer from 1 to {MAX_DAYS}"))
    number = isinstance(renew_before_hours, (int, float)) and not isinstance(renew_before_hours, bool)
    if not number or not 0 < renew_before_hours < 24 * days:
        raise InvalidOptionError(
            refused(
                "renew_before_hours",
                renew_before_hours,
                f"more than 0 and less than {24 * days}, the hours of a window of days {days}",
            )
        )


def current_window(current: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Return the window of a task in normal form; None is a time that is not set."""
    if current is not None and not isinstance(current, Mapping):
        raise InvalidOptionError(refused("current", current, "a task, or nothing"))
    times = {name: (current or {}).get(name) for name in ("start_time", "end_time")}
    return {name: None if time in (None, "") else _time(name, time) for name, time in times.items()}


def _time(name: str, value: object) -> str:
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidOptionError(refused(name, value, FIELDS["start_time"].allowed, str(error))) from None
