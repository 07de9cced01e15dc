# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that cannot change: constraints, normal forms, and comparison with what the service lists. Pure.

Follows the service's page of CreatePullTask. The service may list such an option in another form, masked, or not at
all. Only another value is a difference. Private to this collection.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from enum import IntEnum
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import unquote

from .._errors import counted, shown
from .._masking import HIDDEN, mask_urls
from .._options import BACKUP_SOURCE_TYPES, SOURCE_TYPES
from .fields import choice
from .urls import URL_ALLOWED, parse_urls, plain_destination_url, plain_host, same_address

# A real value has no three of these signs in a row, and does not consist of them.
_MASKED = re.compile(r"\*{3}|\u2022{3}|^[*\u2022]+$")
# Every task has a value for them.
_NEVER_EMPTY = frozenset(("region", "source_type"))
_URLS = frozenset(("callback_url", "backup_source_urls"))


class Likeness(IntEnum):
    """How a listed value compares with the declared one, from the same to another value."""

    SAME = 0
    SPELLING = 1
    HIDDEN = 2
    OTHER = 3


def plain(name: str, value: Any) -> Any:
    """Return the value of a field in the form in which two are compared: each host has one spelling."""
    return IMMUTABLE[name].plain(value) if name in IMMUTABLE and isinstance(value, str) else value


def likeness(name: str, listed: Any, declared: Any) -> Likeness:
    """Return how a listed value compares with the declared one.

    Args:
        name: name of the field.
        listed: the value in the list of tasks; None if it is missing.
        declared: the value in normal form.
    """
    if listed is None or (listed == "" and name in _NEVER_EMPTY):
        return Likeness.HIDDEN if declared else Likeness.SAME
    if listed == declared or str(listed) == declared:
        return Likeness.SAME
    if is_masked(listed):
        return Likeness.HIDDEN
    if isinstance(listed, str) and isinstance(declared, str):
        return _text_likeness(name, listed, declared)
    if isinstance(listed, list) and isinstance(declared, list) and len(listed) == len(declared):
        return max(likeness(name, one, other) for one, other in zip(listed, declared))
    return Likeness.OTHER if listed or declared else Likeness.SAME


def _text_likeness(name: str, listed: str, declared: str) -> Likeness:
    if plain(name, listed) == plain(name, declared) or (name in _URLS and same_address(listed, declared)):
        return Likeness.SAME
    # Another form of a destination is another channel.
    is_spelling = name not in Destination._fields and _core(listed) == _core(declared)
    return Likeness.SPELLING if is_spelling else Likeness.OTHER


def is_masked(value: Any) -> bool:
    """Return whether the service hides a listed value, or a part of it."""
    if isinstance(value, list):
        return any(map(is_masked, value))
    return isinstance(value, str) and bool(_MASKED.search(value))


def _core(text: str) -> str:
    """Return a text without case, encoding and surrounding signs, all of which a service may change."""
    import html  # takes 3 ms, and most runs compare no option in another form

    return html.unescape(unquote(text)).strip(" \t/?&").casefold()


class ImmutableField(NamedTuple):
    """A field of a task that cannot change.

    Attributes:
        parse: converts a declared value to the normal form. Its ValueError says what is wrong with the value.
        allowed: the allowed values, in words.
        plain: converts a text to the form in which two are compared.
    """

    parse: Callable[[object], Any]
    allowed: str
    plain: Callable[[str], str] = str


def _text(least: int, most: float, value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or value != value.strip():
        raise ValueError
    if not least <= len(value) <= most:
        raise ValueError(f"{shown(value)} has {counted(len(value), 'character')}")
    return value


def _domain(value: object) -> str:
    domain = _text(0, 255, value)
    # The start of a URL, or the application too: it would name another destination, where no push arrives.
    if "/" in domain or " " in domain:
        raise ValueError
    return domain


_PLAIN = "without line breaks or white space around it"

IMMUTABLE: dict[str, ImmutableField] = {
    "region": ImmutableField(partial(_text, 1, 64), f"1 to 64 characters, {_PLAIN}"),
    "source_type": ImmutableField(partial(choice, SOURCE_TYPES), ", ".join(SOURCE_TYPES), str.lower),
    "domain": ImmutableField(_domain, "the host alone, such as push.example.com, up to 255 characters", plain_host),
    "app_name": ImmutableField(partial(_text, 0, 128), f"up to 128 characters, {_PLAIN}"),
    "stream_name": ImmutableField(partial(_text, 0, 512), f"up to 512 characters, {_PLAIN}"),
    "destination_url": ImmutableField(partial(_text, 0, math.inf), f"a text {_PLAIN}", plain_destination_url),
    "push_args": ImmutableField(partial(_text, 0, math.inf), f"a text {_PLAIN}"),
    "callback_url": ImmutableField(partial(_text, 0, math.inf), f"a text {_PLAIN}"),
    "backup_source_type": ImmutableField(
        partial(choice, BACKUP_SOURCE_TYPES), ", ".join(BACKUP_SOURCE_TYPES), str.lower
    ),
    "backup_source_urls": ImmutableField(parse_urls, f"a list of URLs, each {URL_ALLOWED}"),
}

STREAM = ("domain", "app_name", "stream_name")


class Destination(NamedTuple):
    """Where a task pushes its stream to: a domain, an application and a stream, or a URL.

    It keeps its spelling. Two are equal if they differ only in the spelling of their hosts.
    """

    domain: str = ""
    app_name: str = ""
    stream_name: str = ""
    destination_url: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Destination) and self.plain_parts == other.plain_parts

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.plain_parts)

    @property
    def plain_parts(self) -> tuple[str, ...]:
        """The destination in the form in which two are compared."""
        return tuple(map(plain, self._fields, self))

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Destination | None:
        """Return the destination in the fields of a task; None if they have none."""
        values = [fields.get(name) for name in cls._fields]
        return cls(*(str(value or "") for value in values)) if any(values) else None

    @classmethod
    def forms(cls, fields: Mapping[str, Any]) -> list[Destination]:
        """Return each form of the destination in the fields of a task: the stream first, then the URL."""
        found = cls.of(fields)
        if found is None:
            return []
        stream = cls(*found[:3]) if all(found[:3]) else None
        url = cls(destination_url=found.destination_url) if found.destination_url else None
        return [form for form in (stream, url) if form] or [found]

    def __str__(self) -> str:
        return mask_urls(self.destination_url) or "/".join(self[:3])

    @property
    def masked(self) -> Destination:
        """The destination as results show it, without the secrets of its URL."""
        return self._replace(destination_url=HIDDEN["destination_url"](self.destination_url))

    @property
    def problem(self) -> str | None:
        """What is wrong with the destination, as the sentences of an error; None if it is complete."""
        stream = [name for name in STREAM if getattr(self, name)]
        if self.destination_url and stream:
            return f"destination_url: not allowed with {', '.join(stream)}. Allowed: either of them."
        if stream and len(stream) < len(STREAM):
            missing = [name for name in STREAM if name not in stream]
            return f"{', '.join(missing)}: missing. Allowed: {', '.join(STREAM)} together."
        return None


def option_of(name: str) -> str:
    """Return the name of the option for a field of a task."""
    return "task_region" if name == "region" else name


def immutable_differences(
    answer: Mapping[str, Any], declared: Mapping[str, Any], kinds: Collection[Likeness] = (Likeness.OTHER,)
) -> list[str]:
    """Return the sorted names of the declared immutable options whose listed value compares in one of these ways.

    Args:
        answer: the task as the service lists it.
        declared: immutable fields in normal form.
        kinds: the ways; if not set, the service lists another value.
    """
    return sorted(
        option_of(name) for name, value in declared.items() if likeness(name, answer.get(name), value) in kinds
    )


def pushes_elsewhere(answer: Mapping[str, Any], destination: Destination) -> bool:
    """Return whether a task certainly has another destination, by what the service lists."""
    forms = Destination.forms(answer)
    if destination in forms:
        return False
    if any((form.destination_url or all(form[:3])) and not any(map(is_masked, form)) for form in forms):
        return True
    declared = {name: value for name, value in destination._asdict().items() if value}
    return bool(immutable_differences(answer, declared))


# The service documents no format for ids. All that it shows are hexadecimal, and names of streams hardly are.
_ID_LIKE = re.compile(r"[0-9a-fA-F-]{20,}")


def stream_name_hint(task_id: str) -> str:
    """Return a sentence if the id of a missing task looks like the name of a stream; otherwise an empty text."""
    if _ID_LIKE.fullmatch(task_id):
        return ""
    return (
        f" {shown(task_id)} looks like the name of a stream: identify the task by domain, app_name and stream_name, in"
        " place of task_id."
    )
