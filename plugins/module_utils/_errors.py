# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of this collection, and the masking of secrets in whatever leaves it. Private to this collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MASK = "********"
_LONGEST_SHOWN = 200


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
    """Return the value as an error message quotes it: its repr, cut when it is very long."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"


def redact(value: Any, secrets: Iterable[str]) -> Any:
    """Return the JSON-like value with every secret in it masked, in strings and in the keys of mappings."""
    if isinstance(value, str):
        # Longest first: one secret may be a part of another.
        for secret in sorted(secrets, key=len, reverse=True):
            value = value.replace(secret, MASK)
        return value
    if isinstance(value, Mapping):
        return {redact(key, secrets): redact(item, secrets) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact(item, secrets) for item in value]
    return value
