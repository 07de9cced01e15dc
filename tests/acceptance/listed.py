# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task as the service lists it, with values in any form. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS, to_datetime

NO_TIME = "0001-01-01T00:00:00"
"""How some services list a time that is not set."""
_ZONELESS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")


class Listed:
    """A listed task.

    Args:
        info: the task.
        ahead: seconds that listed times without a zone are ahead of UTC.
    """

    def __init__(self, info: Mapping[str, Any], ahead: float = 0.0) -> None:
        self.info = info
        self._ahead = ahead

    def value(self, name: str) -> Any:
        """Return an option in normal form; what is missing has its default; None if it cannot be understood."""
        field, value = FIELDS[name], self.info.get(name)
        if value in (None, "", []):
            return field.default
        try:
            return field.read(value)
        except ValueError:
            return None

    def time(self, name: str) -> float | None:
        """Return a time in seconds since the epoch; None if it is not set, or cannot be understood."""
        value = self.info.get(name)
        zoneless = _ZONELESS.fullmatch(value) if isinstance(value, str) else None
        if zoneless and not value.startswith(NO_TIME):
            plain = datetime.fromisoformat(f"{zoneless[1]}T{zoneless[2]}").replace(tzinfo=timezone.utc)
            return plain.timestamp() - self._ahead
        found = self.value(name)
        return to_datetime(found).timestamp() if isinstance(found, str) else None

    @property
    def word(self) -> str | None:
        """The word for the status; None if it is not one word."""
        status = self.info.get("status")
        return status if isinstance(status, str) and _WORD.fullmatch(status) else None


def time_form(value: Any) -> tuple[str, str] | None:
    """Return the form of a listed time: the answer and the switch of the emulator; None if it is unknown."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "epoch", "epoch_ms" if value >= 10**11 else "epoch"
    if not isinstance(value, str):
        return None
    if value.isdecimal():
        return "epoch", "epoch_text"
    if _ZONELESS.fullmatch(value):
        return "no zone", "zoneless"
    if value.endswith(("Z", "z")):
        return ("fraction", "fraction") if "." in value else ("Z", "plain")
    return "offset", "offset"


def number_form(value: Any) -> tuple[str, str] | None:
    """Return the form of a listed number: the answer and the switch of the emulator; None if it is unknown."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return "numbers", "plain"
    if isinstance(value, float):
        return "numbers", "float"
    return ("text", "text") if isinstance(value, str) else None
