# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of single values, combined into tables of fields.

A check takes a decoded JSON value. It returns what the value must be, or None if the value is valid.
Checks are strict: a boolean is not an integer, a number is not text, and null is not allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Optional

Check = Callable[[object], Optional[str]]

MAX_INTEGER = 2147483647


def integer(minimum: int, maximum: int = MAX_INTEGER) -> Check:
    """Check for an integer in the range, both ends included."""
    expected = f"must be an integer from {minimum} to {maximum}"

    def check(value: object) -> str | None:
        good = isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= maximum
        return None if good else expected

    return check


def digits(minimum: int, maximum: int) -> Check:
    """Check for the text of an integer in the range, as in a query parameter."""

    def check(value: object) -> str | None:
        good = isinstance(value, str) and re.fullmatch("[0-9]{1,10}", value) and minimum <= int(value) <= maximum
        return None if good else f"must be an integer from {minimum} to {maximum}"

    return check


def number(minimum: float) -> Check:
    """Check for a finite number that is at least ``minimum``."""

    def check(value: object) -> str | None:
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and minimum <= value < float("inf")
        return None if good else f"must be a number of at least {minimum}"

    return check


def flag(value: object) -> str | None:
    """Check for a boolean."""
    return None if isinstance(value, bool) else "must be true or false"


def text(minimum: int, maximum: int | None = None) -> Check:
    """Check for text with a number of characters in the range, both ends included."""
    limit = "any number of" if maximum is None else maximum

    def check(value: object) -> str | None:
        good = isinstance(value, str) and minimum <= len(value) and (maximum is None or len(value) <= maximum)
        return None if good else f"must be a string of {minimum} to {limit} characters"

    return check


def pattern(expression: str, expected: str) -> Check:
    """Check for text that matches the whole regular expression. ``expected`` describes the format."""
    compiled = re.compile(expression)

    def check(value: object) -> str | None:
        return None if isinstance(value, str) and compiled.fullmatch(value) else expected

    return check


def one_of(*values: str) -> Check:
    """Check for one of ``values``."""

    def check(value: object) -> str | None:
        return None if isinstance(value, str) and value in values else f"must be one of {', '.join(values)}"

    return check


def list_of(item: Check, minimum: int = 0, maximum: int | None = None) -> Check:
    """Check for a list with a length in the range whose items all pass ``item``."""
    limit = "any number of" if maximum is None else maximum

    def check(value: object) -> str | None:
        if (
            not isinstance(value, (list, tuple))
            or len(value) < minimum
            or (maximum is not None and len(value) > maximum)
        ):
            return f"must be an array of {minimum} to {limit} items"
        problems = ((position, item(entry)) for position, entry in enumerate(value))
        return next((f"item {position} {problem}" for position, problem in problems if problem), None)

    return check


def map_of(item: Check) -> Check:
    """Check for a map from strings to values that all pass ``item``."""

    def check(value: object) -> str | None:
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            return "must map strings to values"
        problems = ((name, item(entry)) for name, entry in value.items())
        return next((f"{name!r} {problem}" for name, problem in problems if problem), None)

    return check


def optional(check: Check) -> Check:
    """Check for None, or a value that passes ``check``."""
    return lambda value: None if value is None else check(value)


def problem_in(values: Mapping[str, object], table: Mapping[str, Check], required: tuple[str, ...] = ()) -> str | None:
    """Return the first problem in ``values``, which begins with the name of the field, or None.

    An unknown field and a missing required field are problems.
    """
    for name in required:
        if name not in values:
            return f"{name} is required"
    for name, value in values.items():
        problem = table[name](value) if name in table else "is not a known field"
        if problem:
            return f"{name} {problem}"
    return None
