# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values brought to the types of options, with messages for people. Private to this collection.

It converts as Ansible does, which would stop at the first mistake in a structure, and speak of types of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from ansible.module_utils.common.validation import (
    check_type_bool,
    check_type_dict,
    check_type_float,
    check_type_int,
    check_type_list,
    check_type_path,
    check_type_raw,
    check_type_str,
)

from ..module_utils._errors import InvalidOptionError, refused
from ..module_utils._masking import HIDDEN

Options = Mapping[str, Mapping[str, Any]]

# How a value is converted, and what is allowed.
_TYPES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "bool": (check_type_bool, "true or false"),
    "dict": (check_type_dict, "a dictionary"),
    "float": (check_type_float, "a number"),
    "int": (check_type_int, "an integer"),
    "list": (check_type_list, "a list"),
    "path": (check_type_path, "the path of a file"),
    "raw": (check_type_raw, "anything"),
    "str": (check_type_str, "a text"),
}


def typed(values: Mapping[Any, Any], options: Options) -> dict[str, Any]:
    """Return the values of options in their types, defaults filled in; None is what is not given.

    Raises:
        InvalidOptionError: naming every option that is not known, and every value that has another type.
    """
    found, broken = _typed(values, options, "")
    if broken:
        raise InvalidOptionError(*broken)
    return found


def _typed(values: Mapping[Any, Any], options: Options, place: str) -> tuple[dict[str, Any], list[str]]:
    broken = [unknown_option(name, options, place) for name in values if name not in options]
    found = {}
    for name, option in options.items():
        value = values.get(name)
        if value is None:
            value = option.get("default")
        try:
            found[name] = None if value is None else _value(value, option, f"{place}{name}")
        except InvalidOptionError as error:
            broken += error.problems
    return found, broken


def _value(value: Any, option: Mapping[str, Any], name: str, entry: str = "") -> Any:
    kind = option["type"]
    convert, allowed = _TYPES[kind]
    if "options" in option:
        allowed = f"a dictionary of {', '.join(option['options'])}"
    try:
        if kind in ("str", "path") and isinstance(value, (Mapping, list, bool, float)):
            raise TypeError
        value = convert(value)
    except (TypeError, ValueError, OverflowError):
        reason = f"{called(value)} is not allowed" if name in HIDDEN and isinstance(value, (Mapping, list)) else ""
        raise InvalidOptionError(refused(f"{name}{entry}", value, allowed, reason)) from None
    broken: list[str] = []
    if kind == "list":
        value, broken = _entries(value, option["elements"], name)
    elif "options" in option:
        value, broken = _typed(value, option["options"], f"{name}.")
    if broken:
        raise InvalidOptionError(*broken)
    return value


def _entries(values: list[Any], kind: str, name: str) -> tuple[list[Any], list[str]]:
    found, broken = [], []
    for number, value in enumerate(values, start=1):
        try:
            found.append(_value(value, {"type": kind}, name, f": entry {number}"))
        except InvalidOptionError as error:
            broken += error.problems
    return found, broken


def called(value: Any) -> str:
    """Return what people call a value that is a structure or a truth value."""
    return "a dictionary" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "a truth value"


def unknown_option(name: object, options: Options, place: str = "") -> str:
    """Return the sentences for an option that there is not; `place` stands before its name."""
    near = get_close_matches(str(name), options, 1)
    guess = f" Did you mean {place}{near[0]}?" if near else ""
    return f"{place}{name} is not an option.{guess} Allowed: {', '.join(options)}."
