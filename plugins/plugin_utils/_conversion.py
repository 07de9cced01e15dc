# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of options of filters. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ..module_utils._errors import InvalidOptionError, refused


def converted(convert: Callable[[Any], Any], value: Any) -> Any:
    """Return the value of an option converted, or as it is if that fails: it is refused with its name later."""
    try:
        return convert(value)
    except (TypeError, ValueError, OverflowError):
        return value


def time_zone(option: str, name: object) -> tzinfo:
    """Return the time zone of this name. UTC is there on a machine without any, too.

    Raises:
        InvalidOptionError: naming the option; this is no name of a zone, or the machine does not have it.
    """
    if name == "UTC":
        return timezone.utc
    try:
        return ZoneInfo(str(name))
    # What is no such key, no key at all, or a folder of keys.
    except (KeyError, ValueError, OSError):
        allowed = "the IANA name of a time zone that this machine knows, such as UTC or Asia/Shanghai"
        raise InvalidOptionError(refused(option, name, allowed)) from None
