# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of this collection, and the masking of secrets in whatever leaves it. Private to this collection."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "********"
_LONGEST_SHOWN = 200
_LONGEST_MESSAGE = 5000
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


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
    spellings = sorted({text for secret in secrets for text in _spellings(secret)}, key=len, reverse=True)
    return _redacted(value, spellings) if spellings else value


def redact_results(results: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """Return the results of a module with every secret masked, and the message cut if it is very long."""
    secrets = list(secrets)
    # The names of results are ours, and stay.
    redacted = {name: redact(value, secrets) for name, value in results.items()}
    return {**redacted, **({"msg": _cut(redacted["msg"], _LONGEST_MESSAGE)} if "msg" in redacted else {})}


def _redacted(value: Any, spellings: Sequence[str]) -> Any:
    if isinstance(value, str):
        for spelling in spellings:
            value = value.replace(spelling, MASK)
        return value
    if isinstance(value, Mapping):
        return {_redacted(key, spellings): _redacted(item, spellings) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(item, spellings) for item in value]
    return value


def _spellings(secret: str) -> set[str]:
    """Return the ways to write a secret: as it is; as in JSON, a URL or HTML; and each of these quoted."""
    plain = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, errors="replace"),
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
        secret.translate(_HTML),
    }
    # The repr of a text escapes the single quotes in it only if there are double ones too.
    return plain | {repr(text)[1:-1] for text in plain} | {repr(f'{text}"')[1:-2] for text in plain}
