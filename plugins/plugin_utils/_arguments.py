# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of options: how they are checked and converted. Private to this collection.

Ansible converts silently: `status: on` becomes 'True', a stream called `007` becomes '7', and a URL with a comma
becomes two entries. At the first value that it cannot convert it stops, with a message about types of Python. So values
are checked here before Ansible sees them, and every problem is reported.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timezone, tzinfo
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ansible.module_utils.common.parameters import DEFAULT_TYPE_VALIDATORS

from ..module_utils._errors import InvalidOptionError, raise_problems, refused, shown
from ..module_utils._masking import HIDDEN
from ..module_utils._options import DESTINATION, TASK_OPTIONS
from ..module_utils._task.fields import FIELDS
from ..module_utils._task.immutable import Destination

Options = Mapping[str, Mapping[str, Any]]

_ALLOWED = {
    "bool": "true or false",
    "dict": "a dictionary",
    "float": "a number",
    "int": "an integer",
    "list": "a list",
    "path": "the path of a file",
    "str": "a text",
}
_URLS = ("source_urls", "backup_source_urls")
# Options with a name or an id. A number is refused for them: YAML has already changed 007 and 12:30.
_NAMES = {
    *("task_id", *DESTINATION, "push_args", "task_region", "m3u", "region", "project_id", "project_name"),
    *("access_key", "username", "domain_name", "profile"),
}


def given(value: Any, omit: object) -> Any:
    """Return a copy of a value without the null and omitted entries of mappings and the omitted entries of lists.

    Args:
        value: the value, as Ansible passes it.
        omit: the value of the variable `omit`.
    """
    if isinstance(value, Mapping):
        return {name: given(item, omit) for name, item in value.items() if item is not None and item != omit}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [given(item, omit) for item in value if omit is None or item != omit]
    return value


def plain(value: Any) -> Any:
    """Return a value as a shipped module receives it: plain JSON without Ansible's marks and YAML's types."""
    return json.loads(json.dumps(value, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    # A value of a vault is decrypted when it is converted to a text.
    return value.isoformat() if isinstance(value, date) else str(value)


def typed(values: Mapping[Any, Any], options: Options) -> dict[str, Any]:
    """Return the values of options in their types, with defaults; None for an option without a value.

    Raises:
        InvalidOptionError: naming every unknown option, and every value that cannot be converted.
    """
    problems: list[str] = []
    found = _typed(values, options, "", problems)
    raise_problems(problems)
    return found


def _typed(values: Mapping[Any, Any], options: Options, prefix: str, problems: list[str]) -> dict[str, Any]:
    problems += (unknown_option(name, options, prefix) for name in values if name not in options)
    found = {}
    for name, option in options.items():
        value = option.get("default") if values.get(name) is None else values[name]
        found[name] = None if value is None else _converted(value, option, f"{prefix}{name}", problems)
    return found


def _converted(value: Any, option: Mapping[str, Any], name: str, problems: list[str]) -> Any:
    wrong = _text_problems(name, value, option)
    kind, suboptions = option["type"], option.get("options")
    try:
        value = value if wrong else DEFAULT_TYPE_VALIDATORS[kind](value)
    except (TypeError, ValueError, OverflowError):
        wrong = [refused(name, value, f"a dictionary of {', '.join(suboptions)}" if suboptions else _ALLOWED[kind])]
    problems += wrong
    if kind == "list" and not wrong:
        entry = {"type": option["elements"]}
        return [_converted(item, entry, f"{name}: entry {number}", problems) for number, item in enumerate(value, 1)]
    return _typed(value, suboptions, f"{name}.", problems) if suboptions and not wrong else value


def mistakes(arguments: Mapping[str, Any], specification: Options, prefix: str = "") -> list[str]:
    """Return the problems of arguments that Ansible would convert to something that the user did not mean.

    Args:
        arguments: the arguments as YAML and `given` have made them.
        specification: the arguments that the module takes.
        prefix: what a message writes before the name of an argument.
    """
    found: list[str] = []
    for name, value in arguments.items():
        option = specification.get(name, {"type": "raw"})
        if "options" in option:
            found += _problems_of_entries(name, value, option["options"])
        else:
            problems = _list_problems(name, value) if option["type"] == "list" else _text_problems(name, value, option)
            found += (f"{prefix}{problem}" for problem in problems)
    return found


def _text_problems(name: str, value: Any, option: Mapping[str, Any]) -> list[str]:
    """Return why a value cannot be that of an option which takes a text; nothing for other options."""
    if isinstance(value, str) or option["type"] not in ("str", "path"):
        return []
    allowed = ", ".join(TASK_OPTIONS.get(name, option).get("choices") or ["a text, in quotes"])
    if isinstance(value, bool):
        words = "on, yes and true" if value else "off, no and false"
        return [refused(name, value, allowed, f"YAML reads {words} as {value}, which is not allowed")]
    if isinstance(value, (Mapping, list)):
        return [refused(name, value, allowed, f"{_kind(value)} is not allowed")]
    changed_by_yaml = (int, float, datetime) if name in _NAMES else float
    if isinstance(value, changed_by_yaml) and name not in FIELDS:
        kind = "time" if isinstance(value, datetime) else "number"
        seen = "" if option.get("no_log") or name in HIDDEN else f" {value}"
        reason = f"the {kind}{seen} is not allowed, because YAML reads 007 as 7, 1.10 as 1.1, and 12:30 as 750"
        return [refused(name, value, "a text, in quotes; in an expression, | string", reason)]
    return []


def _list_problems(name: str, value: Any) -> Iterator[str]:
    """Yield why a value cannot be that of an option which takes a list of texts."""
    if isinstance(value, str):
        yield from _split_problems(name, value)
    elif isinstance(value, (dict, bool)):
        yield refused(name, value, "a list", f"{_kind(value)} is not allowed")
    for number, entry in enumerate(value if isinstance(value, list) else (), 1):
        if isinstance(entry, (dict, list)):
            flat = " (the filter flatten makes one list of several)" if isinstance(entry, list) else ""
            yield refused(name, value, f"a list of texts{flat}", f"entry {number} is {_kind(entry)}")


def _split_problems(name: str, text: str) -> Iterator[str]:
    """Yield why a text cannot stand for a list: Ansible would split it into entries that the user did not mean."""
    if text.lstrip().startswith("["):
        allowed = (
            f"a list. On a command line, give all arguments as JSON, -a '{{\"{name}\": [...]}}'. An empty list can also"
            f" be written as {name}=, without a value"
        )
        yield refused(name, text, allowed, f"{shown(text)} is a text that looks like a list")
        return
    parts = text.split(",")
    odd = (part for part in parts if part != part.strip() or not part or (name in _URLS and "://" not in part))
    if len(parts) > 1 and (part := next(odd, None)) is not None:
        reason = f"a string is split at commas, and that makes the entry {shown(part)} of {shown(text)}"
        yield refused(name, text, "a list", reason)


def _problems_of_entries(name: str, value: Any, options: Options) -> Iterator[str]:
    """Yield the problems of a list of dictionaries, and of the options in them."""
    if isinstance(value, Mapping):
        yield refused(name, value, f"a list; begin each of the {name} with '- '", "a dictionary is not allowed")
    elif isinstance(value, str) and not _is_dictionary(value):
        yield refused(name, value, f"a list of dictionaries, on a command line as JSON: -a '{{\"{name}\": [...]}}'")
    for position, entry in enumerate(value if isinstance(value, list) else ()):
        name_of_entry = f"{name}[{position}]"
        if isinstance(entry, Mapping):
            task = entry.get("task_id") or Destination.of(entry)
            label = f"{name_of_entry}{f' (task {task})' if task else ''}: "
            yield from (f"{label}{unknown_option(key, options)}" for key in entry if key not in options)
            yield from mistakes(entry, options, label)
        elif not _is_dictionary(entry):
            yield refused(name_of_entry, entry, "a dictionary of options")


def _is_dictionary(value: Any) -> bool:
    """Return whether Ansible makes a dictionary of a text: of name=value, and of JSON."""
    return isinstance(value, str) and not {"=", "{"}.isdisjoint(value)


def _kind(value: Any) -> str:
    """Return what people call a structure or a truth value."""
    return "a dictionary" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "a truth value"


def unknown_option(name: object, options: Iterable[str], prefix: str = "") -> str:
    """Return the sentences that refuse an unknown option, with a prefix for names."""
    text = str(name)
    near = get_close_matches(text, options, 1)
    guess = f" Did you mean {prefix}{near[0]}?" if near else ""
    # A blank at an end and a byte-order mark, as the columns of a spreadsheet have them, are invisible.
    visible = text if text.isprintable() and text == text.strip() else repr(text)
    return f"{prefix}{visible} is not an option.{guess} Allowed: {', '.join(options)}."


def time_zone(option: str, name: object) -> tzinfo:
    """Return the time zone with this name. UTC needs no time zone database.

    Raises:
        InvalidOptionError: naming the option: the zone is unknown, or the machine has no time zone database.
    """
    if name == "UTC":
        return timezone.utc
    # Unknown key, malformed key, or a directory.
    with suppress(KeyError, ValueError, OSError):
        return ZoneInfo(str(name))
    allowed, reason = "the IANA name of a time zone that this machine knows, such as UTC or Asia/Shanghai", ""
    # Some images have UTC alone.
    if all("/" not in zone or zone.startswith("Etc/") for zone in available_timezones()):
        allowed = (
            "UTC. For other time zones, install the Python package tzdata for the Python that runs Ansible (add it to"
            " the requirements of an execution environment), or the package tzdata of the operating system"
        )
        reason = f"{shown(name)} cannot be looked up, because this machine has no time zone database"
    raise InvalidOptionError(refused(option, name, allowed, reason))
