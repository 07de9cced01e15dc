# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows that move on, for channels that stay on air longer than a task may. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from .._errors import InvalidOptionError, refused, shown
from .._options import MAX_DAYS
from .._task.fields import FIELDS, WINDOW, is_integer, parse_time, to_datetime

# The API page allows seven days; the SDKs say that it has to be less.
_LONGEST = timedelta(days=MAX_DAYS, minutes=-1)
_NOW_ALLOWED = "the time in RFC 3339 with Z or an offset, in a playbook now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ')"


def rolling_window(
    current: Mapping[str, Any] | None, days: int, renew_before_hours: float, now: str, on_air: bool = False
) -> dict[str, str | None]:
    """Return the window that a rolling channel should have now, as `start_time` and `end_time` in UTC.

    Args:
        current: the task, or a dictionary with its `start_time` or `end_time`. Without an end it has no window yet.
        days: how many days after now a new window ends, 1 to 7; with 7, it ends one minute earlier.
        renew_before_hours: move the window if fewer hours are left; more than 0, and less than a new window has.
        now: the current time, RFC 3339.
        on_air: whether the channel should be on air now. Then a window that begins later is moved too.

    Raises:
        InvalidOptionError: naming the argument that is not allowed.
    """
    window = current_window(current)
    return {**window, **moved_times(window, days, renew_before_hours, now, on_air)}


def moved_times(
    window: Mapping[str, str | None], days: int, renew_before_hours: float, now: str, on_air: bool
) -> dict[str, str]:
    """Return the times of a window that have to change: none, the end, or both. For the rest see `rolling_window`."""
    length = _length(days, renew_before_hours)
    if not isinstance(on_air, bool):
        raise InvalidOptionError(refused("on_air", on_air, "true or false"))
    begin = _time("now", now, parse_time, _NOW_ALLOWED)
    moment = to_datetime(begin)
    start, end = (None if time is None else to_datetime(time) for time in (window[name] for name in WINDOW))
    too_late = on_air and start is not None and start > moment
    if end and end - moment >= timedelta(hours=renew_before_hours) and not too_late:
        return {}
    try:
        new_end = moment + length
    except OverflowError:
        raise InvalidOptionError(refused("now", now, f"a time that has {days} days after it")) from None
    times = {"end_time": parse_time(new_end.isoformat())}
    if not start or too_late or not timedelta(0) < new_end - start <= _LONGEST:
        times["start_time"] = begin
    return times


def current_window(current: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Return the window of a task in normal form; None is a time that is not set.

    Raises:
        InvalidOptionError: `current` is neither a task nor a window, or a time in it cannot be understood.
    """
    current = {} if current is None else current
    if not isinstance(current, Mapping) or (current and {"task_id", *WINDOW}.isdisjoint(current)):
        allowed = "a task as live_pull_task_info lists it, a dictionary with start_time and end_time, or nothing"
        raise InvalidOptionError(refused("current", current, allowed, _why_not_a_task(current)))
    return {
        name: None if current.get(name) in (None, "") else _time(name, current[name], field.read, field.allowed)
        for name, field in FIELDS.items()
        if name in WINDOW
    }


def _why_not_a_task(current: object) -> str:
    """Return what was given instead of a task, and where in it the task is."""
    if isinstance(current, Sequence) and current and isinstance(current[0], Mapping):
        return "a list of tasks is not allowed; give one, such as tasks | first"
    if not isinstance(current, Mapping):
        return f"{shown(current)} is not allowed"
    for name, task in {"live_pull_tasks": "live_pull_tasks | first", "live_pull_task": "live_pull_task"}.items():
        if name in current:
            return f"the result of a module is not allowed; give a task of it, such as result.{task}"
    return f"a dictionary of {', '.join(map(str, current))} is not allowed"


def _length(days: int, renew_before_hours: float) -> timedelta:
    """Return the length of a new window."""
    if not is_integer(days, 1, MAX_DAYS):
        raise InvalidOptionError(refused("days", days, f"an integer from 1 to {MAX_DAYS}", _missing(days)))
    length = min(timedelta(days=days), _LONGEST)
    hours, least = length / timedelta(hours=1), renew_before_hours
    if isinstance(least, bool) or not isinstance(least, (int, float)) or not 0 < least < hours:
        allowed = f"more than 0 and less than {hours:g}, the hours of a window of {days} days"
        raise InvalidOptionError(refused("renew_before_hours", least, allowed, _missing(least)))
    return length


def _time(name: str, value: object, parse: Callable[[object], Any], allowed: str) -> Any:
    try:
        return parse(value)
    except ValueError as error:
        raise InvalidOptionError(refused(name, value, allowed, _missing(value) or str(error))) from None


def _missing(value: object) -> str:
    return "missing" if value is None else ""
