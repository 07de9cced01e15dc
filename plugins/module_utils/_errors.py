# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of this collection, and the masking of secrets in whatever leaves it. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

MASK = "********"
_LONGEST_SHOWN = 200
_LONGEST_MESSAGE = 5000
# Without any of these, nothing in a text is escaped.
_ESCAPED = re.compile(r"[\\%&+]")


class LiveError(Exception):
    """Something the person who runs the play has to know about.

    Args:
        message: what is wrong, with what is allowed or what to do. Where something was changed it says so.
        changed: whether a task was, or may have been, modified before this happened.
        details: further results for the failure, such as error_code or request_id; None values are left out.
    """

    def __init__(self, message: str, *, changed: bool = False, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.changed = changed
        self.details = {name: value for name, value in details.items() if value is not None}

    def result(self) -> dict[str, Any]:
        """Return the results of the failure; the message ends with what became of the task."""
        message = self.message if self.changed else f"{self.message} Nothing was changed."
        return {"msg": message, "changed": self.changed, **self.details}


class InvalidOptionError(LiveError):
    """One or more options break a constraint. Raised before anything is written."""


def shown(value: object) -> str:
    """Return the value as an error message quotes it: its repr, cut when it is very long.

    Not for what a server said, unless it was redacted before: what a cut leaves of a secret is not known for one.
    """
    return _cut(repr(value), _LONGEST_SHOWN)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"


def redact(value: Any, secrets: Iterable[str]) -> Any:
    """Return the JSON-like value with every secret in it masked, in strings and in the keys of mappings."""
    # Longest first: one secret may be a part of another.
    ordered = sorted(secrets, key=len, reverse=True)
    return _redacted(value, ordered) if ordered else value


def redact_results(results: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """Return the results of a module with every secret masked, and the message cut if it is very long."""
    secrets = list(secrets)
    # The names of results are ours, and stay.
    redacted = {name: redact(value, secrets) for name, value in results.items()}
    return {**redacted, **({"msg": _cut(redacted["msg"], _LONGEST_MESSAGE)} if "msg" in redacted else {})}


def _redacted(value: Any, secrets: Sequence[str]) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
            if _ESCAPED.search(value):
                value = _spellings(secret).sub(MASK, value)
        return value
    if isinstance(value, Mapping):
        return {_redacted(key, secrets): _redacted(item, secrets) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(item, secrets) for item in value]
    return value


@lru_cache(maxsize=16)
def _spellings(secret: str) -> re.Pattern[str]:
    """Return what matches a secret however a server or a log writes it: each character as it is or escaped."""
    # Two backslashes in a row match as one: how often each is doubled is not known.
    return re.compile("".join(_spelling(character) for character in re.sub(r"\\+", r"\\", secret)))


def _spelling(character: str) -> str:
    """Return a regular expression for a character: as it is, or escaped as in JSON, Python, a URL or HTML.

    Escaping may have been done more than once, up to a bound that keeps the search fast.
    """
    code = ord(character)
    units = re.findall("....", character.encode("utf-16-be", "surrogatepass").hex())
    octets = re.findall("..", character.encode("utf-8", "surrogatepass").hex())
    named = {"&": "|amp", "<": "|lt", ">": "|gt", '"': "|quot", "'": "|apos"}.get(character, "")
    short = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}.get(character)
    ways = [
        r"\\{1,16}" if character == "\\" else rf"\\{{0,8}}{re.escape(character)}",
        r"\\{1,8}u" + r"\\{1,8}u".join(units),
        rf"\\{{1,8}}(?:x{code:02x}|U{code:08x})",
        "".join(f"%(?:25){{0,4}}{octet}" for octet in octets),
        rf"&(?:amp;){{0,4}}(?:#0{{0,8}}{code}|#x0{{0,8}}{code:x}{named});",
        *([rf"\\{{1,8}}{short}"] if short else []),
        *([r"\+"] if character == " " else []),
    ]
    # The case of hexadecimal digits does not matter; that of the character itself does.
    return f"(?:{ways[0]}|(?i:{'|'.join(ways[1:])}))"
