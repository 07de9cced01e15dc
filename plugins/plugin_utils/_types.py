# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values brought to the types of options, with messages for people. Private to this collection.

It converts as Ansible does, which would stop at the first mistake in a structure, and speak of types of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
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
from ..module_utils._options import NAME_OPTIONS, TASK_OPTIONS
from ..module_utils._task.fields import FIELDS

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

_OF_YAML = {True: "on, yes and true", False: "off, no and false"}


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
    problem = text_problem(f"{name}{entry}", value, option) if kind in ("str", "path") else None
    if problem:
        raise InvalidOptionError(problem)
    try:
        value = convert(value)
    except (TypeError, ValueError, OverflowError):
        raise InvalidOptionError(refused(f"{name}{entry}", value, allowed)) from None
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


def text_problem(name: str, value: Any, option: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a value for a text, as the sentences of an error; None if it can stand for one.

    Args:
        name: the name of the option.
        value: its value, as YAML or JSON has it.
        option: what the specification says of it.
    """
    text = "a text, in quotes"
    allowed = ", ".join(TASK_OPTIONS.get(name, option).get("choices") or ()) or text
    if isinstance(value, bool):
        return refused(name, value, allowed, f"{value}, which YAML makes of {_OF_YAML[value]}, is not allowed")
    if isinstance(value, (Mapping, list)):
        return refused(name, value, allowed, f"{called(value)} is not allowed")
    changed = isinstance(value, float) and name not in FIELDS
    if changed or (name in NAME_OPTIONS and isinstance(value, (int, datetime))):
        kind = "time" if isinstance(value, datetime) else "number"
        seen = "" if option.get("no_log") or name in HIDDEN else f" {value}"
        reason = "because YAML makes 7 of 007, 1.1 of 1.10, and 750 of 12:30"
        return refused(name, value, f"{text}; in an expression, | string", f"the {kind}{seen} is not allowed, {reason}")
    return None


def called(value: Any) -> str:
    """Return what people call a value that is a structure or a truth value."""
    return "a dictionary" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "a truth value"


def unknown_option(name: object, options: Options, place: str = "") -> str:
    """Return the sentences for an option that there is not; `place` stands before its name."""
    near = get_close_matches(str(name), options, 1)
    guess = f" Did you mean {place}{near[0]}?" if near else ""
    return f"{place}{name} is not an option.{guess} Allowed: {', '.join(options)}."
