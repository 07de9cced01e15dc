# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that cannot change: constraints, normal forms, and comparison with what the service lists. Pure.

Follows the service's page of CreatePullTask. The service may list such an option in another form, masked, or not at
all. Only a different value is a difference. Private to this collection.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import unquote

from .._errors import counted, shown
from .._masking import HIDDEN, masked
from .._options import BACKUP_SOURCE_TYPES, SOURCE_TYPES
from .fields import choice
from .urls import URL_ALLOWED, parse_urls, plain_destination_url, plain_host, same_address

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


class ImmutableField(NamedTuple):
    """What is fixed for the life of a task.

    Attributes:
        parse: brings what the user asked for to the normal form; ValueError says what is wrong with it.
        allowed: what is allowed, in words.
        empty: the value that stands for nothing.
        option: the name of the option, where it is not that of the field.
    """

    parse: Callable[[object], Any]
    allowed: str
    empty: Any = ""
    option: str | None = None


def _text(least: int, most: float, value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or value != value.strip():
        raise ValueError
    if not least <= len(value) <= most:
        raise ValueError(f"{shown(value)} has {counted(len(value), 'character')}")
    return value


_PLAIN = "without line breaks or white space around it"

IMMUTABLE: dict[str, ImmutableField] = {
    "region": ImmutableField(partial(_text, 1, 64), f"1 to 64 characters, {_PLAIN}", option="task_region"),
    "source_type": ImmutableField(partial(choice, SOURCE_TYPES), ", ".join(SOURCE_TYPES)),
    "domain": ImmutableField(partial(_text, 0, 255), f"up to 255 characters, {_PLAIN}"),
    "app_name": ImmutableField(partial(_text, 0, 128), f"up to 128 characters, {_PLAIN}"),
    "stream_name": ImmutableField(partial(_text, 0, 512), f"up to 512 characters, {_PLAIN}"),
    "destination_url": ImmutableField(partial(_text, 0, math.inf), f"a text {_PLAIN}"),
    "push_args": ImmutableField(partial(_text, 0, math.inf), f"a text {_PLAIN}"),
    "callback_url": ImmutableField(partial(_text, 0, math.inf), f"a text {_PLAIN}"),
    "backup_source_type": ImmutableField(partial(choice, BACKUP_SOURCE_TYPES), ", ".join(BACKUP_SOURCE_TYPES)),
    "backup_source_urls": ImmutableField(parse_urls, f"a list of URLs, each {URL_ALLOWED}", empty=[]),
}

STREAM = ("domain", "app_name", "stream_name")


class Destination(NamedTuple):
    """Where a task pushes its stream to: a domain, an application and a stream, or a URL.

    It keeps the spelling of who named it. Two are equal if they are the same place, however their hosts are spelled.
    """

    domain: str = ""
    app_name: str = ""
    stream_name: str = ""
    destination_url: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Destination) and self.place == other.place

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.place)

    @property
    def place(self) -> tuple[str, ...]:
        """The destination in the form in which two are compared."""
        return tuple(map(compared, self._fields, self))

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Destination | None:
        """Return the destination that the fields of a task name; None if they name none."""
        values = [fields.get(name) for name in cls._fields]
        return cls(*(str(value or "") for value in values)) if any(values) else None

    @classmethod
    def forms(cls, fields: Mapping[str, Any]) -> list[Destination]:
        """Return each form in which the fields of a task name its destination: the stream first, then the URL."""
        found = cls.of(fields)
        stream = [cls(*found[:3])] if found and all(found[:3]) else []
        url = [cls(destination_url=found.destination_url)] if found and found.destination_url else []
        return [*stream, *url] or ([found] if found else [])

    def __str__(self) -> str:
        return masked(self.destination_url) or "/".join(self[:3])

    @property
    def masked(self) -> Destination:
        """The destination as results have it, without what is secret of a URL."""
        return self._replace(destination_url=HIDDEN["destination_url"](self.destination_url))

    @property
    def problem(self) -> str | None:
        """What is wrong with it, as the sentences of an error; None if it is complete."""
        stream = [name for name in STREAM if getattr(self, name)]
        if self.destination_url and stream:
            return f"destination_url: not allowed with {', '.join(stream)}. Allowed: either of them."
        if stream and len(stream) < len(STREAM):
            missing = [name for name in STREAM if name not in stream]
            return f"{', '.join(missing)}: missing. Allowed: {', '.join(STREAM)} together."
        return None


def option_of(name: str) -> str:
    """Return the name of the option for a field that is fixed."""
    return IMMUTABLE[name].option or name


def immutable_differences(answer: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return the sorted names of the immutable options that the service lists with another value than declared.

    Args:
        answer: the task as the service lists it.
        asked: fields in normal form.
    """
    return options_that_are(Likeness.OTHER, answer, asked)


def options_that_are(kind: Likeness, answer: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return the sorted names of the declared options whose listed value compares like this with the declared one."""
    return sorted(option_of(name) for name, value in asked.items() if likeness(name, answer.get(name), value) is kind)


def pushes_elsewhere(answer: Mapping[str, Any], destination: Destination) -> bool:
    """Return whether a task certainly has another destination, as far as the service lists it."""
    forms = Destination.forms(answer)
    if destination in forms:
        return False
    if any((form.destination_url or all(form[:3])) and not any(map(is_masked, form)) for form in forms):
        return True
    declared = {name: value for name, value in destination._asdict().items() if value}
    return any(options_that_are(kind, answer, declared) for kind in (Likeness.FORM, Likeness.OTHER))


# The service documents no form for its ids. Those that it shows are hexadecimal, as the name of a stream hardly is.
_ID_LIKE = re.compile(r"[0-9a-fA-F-]{20,}")


def looks_like_stream(task_id: str) -> str:
    """Return a sentence for an id that no task has, if it has the form of a stream's name; otherwise nothing."""
    if _ID_LIKE.fullmatch(task_id):
        return ""
    return (
        f" {shown(task_id)} looks like the name of a stream: name the task by domain, app_name and stream_name, in"
        " place of task_id."
    )
