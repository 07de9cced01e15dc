# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in how a value is written, which nobody can see any more once Ansible has made a text or a list of it.

Ansible makes 'True' of `status: on`, 'False' of a stream called `no`, '7' of one called `007`, and two entries of a URL
with a comma. Pure. Private to this collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..module_utils._errors import refused, shown
from ..module_utils._task.immutable import Destination
from ._types import called, text_problem, unknown_option

_URLS = ("source_urls", "backup_source_urls")


def mistakes(arguments: Mapping[str, Any], specification: Mapping[str, Any], place: str = "") -> list[str]:
    """Return a sentence or two for each argument that would be taken for something else than what was meant.

    Args:
        arguments: the arguments as YAML and `given` have made them.
        specification: the arguments that the module takes.
        place: what stands before the name of an argument in a message.
    """
    found: list[str] = []
    for name, value in arguments.items():
        option = specification.get(name)
        if option is None or (isinstance(value, str) and option["type"] == "str"):
            continue
        if "options" in option:
            found += _in_entries(name, value, option["options"])
        elif option["type"] == "list":
            found += (f"{place}{sentence}" for sentence in _of_list(name, value))
        elif option["type"] in ("str", "path") and (problem := text_problem(name, value, option)):
            found.append(f"{place}{problem}")
    return found


def _of_list(name: str, value: Any) -> Iterator[str]:
    """Yield what is wrong with a list that is none, or with entries that are no texts."""
    if isinstance(value, str):
        yield from _of_split_text(name, value)
    elif isinstance(value, (dict, bool)):
        yield refused(name, value, "a list", f"{called(value)} is not allowed")
    elif isinstance(value, list):
        for number, entry in enumerate(value, start=1):
            if isinstance(entry, (dict, list)):
                flat = " (the filter flatten makes one list of several)" if isinstance(entry, list) else ""
                reason = f"entry {number} is {called(entry)}"
                yield refused(name, value, f"a list of texts{flat}", reason)


def _of_split_text(name: str, text: str) -> Iterator[str]:
    parts = text.split(",")
    if text.lstrip()[:1] == "[":
        yield refused(
            name,
            text,
            f"a list. On a command line, give all arguments as JSON, -a '{{\"{name}\": [...]}}'; an empty list is also"
            f" written {name}= with nothing behind it",
            f"{shown(text)} is a text that looks like a list",
        )
    elif len(parts) > 1:
        odd = [part for part in parts if part != part.strip() or not part or (name in _URLS and "://" not in part)]
        if odd:
            reason = f"a text is split at commas, and that makes the entry {shown(odd[0])} of {shown(text)}"
            yield refused(name, text, "a list. Give a list", reason)


def _in_entries(name: str, value: Any, options: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a list of dictionaries, and in those."""
    if isinstance(value, Mapping):
        yield refused(name, value, f"a list; begin each of the {name} with '- '", "a dictionary is not allowed")
        return
    if isinstance(value, str) and not {"=", "{"} & {*value}:
        yield refused(name, value, f"a list of dictionaries, on a command line as JSON: -a '{{\"{name}\": [...]}}'")
        return
    for position, entry in enumerate(value if isinstance(value, list) else ()):
        place = f"{name}[{position}]"
        if not isinstance(entry, Mapping):
            # Ansible makes a dictionary of name=value and of JSON.
            if not (isinstance(entry, str) and {"=", "{"} & {*entry}):
                yield refused(place, entry, "a dictionary of options")
            continue
        task = entry.get("task_id") or Destination.of(entry)
        label = f"{place}{f' (task {task})' if task else ''}: "
        yield from (f"{label}{unknown_option(key, options)}" for key in entry if key not in options)
        yield from mistakes(entry, options, label)
