# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the service lists an immutable option as declared. Pure. Private to this collection.

The service may list such an option in another form, masked, or not at all. Only a different value is a difference.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from enum import Enum
from typing import Any
from urllib.parse import unquote

from .urls import plain_destination_url, plain_host, same_address

# Nobody declares a value with three of them, or with nothing else.
_MASKED = re.compile(r"\*{3}|\u2022{3}|^[*\u2022]+$")
# No task is without them.
_NEVER_EMPTY = frozenset(("region", "source_type"))
_DESTINATION: dict[str, Callable[[str], str]] = {
    "domain": plain_host,
    "app_name": str,
    "stream_name": str,
    "destination_url": plain_destination_url,
}
_URLS = frozenset(("callback_url", "backup_source_urls"))
_WORDS = frozenset(("source_type", "backup_source_type"))


class Likeness(Enum):
    """How a listed value compares with the declared one."""

    SAME = "same"
    FORM = "another form"
    HIDDEN = "not comparable"
    OTHER = "different"


def compared(name: str, value: Any) -> Any:
    """Return the value of a field in the form in which two are compared: one spelling for each host."""
    return _DESTINATION[name](value) if name in _DESTINATION and isinstance(value, str) else value


def likeness(name: str, listed: Any, declared: Any) -> Likeness:
    """Return how a listed value compares with the declared one.

    Args:
        name: name of the field.
        listed: the value in the list of tasks; None if there is none.
        declared: the value in normal form.
    """
    if listed is None or (listed == "" and name in _NEVER_EMPTY):
        return Likeness.HIDDEN if declared else Likeness.SAME
    if listed == declared or str(listed) == declared:
        return Likeness.SAME
    if is_masked(listed):
        return Likeness.HIDDEN
    if isinstance(listed, str) and isinstance(declared, str):
        return _alike(name, listed, declared)
    if isinstance(listed, list) and isinstance(declared, list) and len(listed) == len(declared):
        return _worst([likeness(name, one, other) for one, other in zip(listed, declared)])
    return Likeness.OTHER if listed or declared else Likeness.SAME


def _worst(found: list[Likeness]) -> Likeness:
    order = (Likeness.OTHER, Likeness.HIDDEN, Likeness.FORM)
    return next((one for one in order if one in found), Likeness.SAME)


def _alike(name: str, listed: str, declared: str) -> Likeness:
    if name in _DESTINATION:
        # Another form of these is another channel.
        return Likeness.SAME if compared(name, listed) == compared(name, declared) else Likeness.OTHER
    same = (name in _URLS and same_address(listed, declared)) or (name in _WORDS and listed.lower() == declared.lower())
    if same:
        return Likeness.SAME
    return Likeness.FORM if _core(listed) == _core(declared) else Likeness.OTHER


def is_masked(value: Any) -> bool:
    """Return whether a listed value, or a part of it, stands for one that the service hides."""
    if isinstance(value, list):
        return any(map(is_masked, value))
    return isinstance(value, str) and bool(_MASKED.search(value))


def _core(text: str) -> str:
    """Return what is left of a text that a service may store in another case, encoded, or without what is around it."""
    return html.unescape(unquote(text)).strip(" \t/?&").casefold()
