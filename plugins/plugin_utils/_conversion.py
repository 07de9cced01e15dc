# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of options of filters. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ..module_utils._errors import InvalidOptionError, refused, shown


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
    # Unknown key, malformed key, or a directory.
    except (KeyError, ValueError, OSError):
        raise InvalidOptionError(refused(option, name, *_allowed_zones(name))) from None


def _allowed_zones(name: object) -> tuple[str, str]:
    """Return what is allowed in place of a time zone that was not found, and why it was not found."""
    # Some images have UTC, and nothing else.
    if any("/" in zone and not zone.startswith("Etc/") for zone in available_timezones()):
        return "the IANA name of a time zone that this machine knows, such as UTC or Asia/Shanghai", ""
    return (
        "UTC. For other time zones, install the Python package tzdata for the Python that runs Ansible (add it to the"
        " requirements of an execution environment), or the package tzdata of the operating system",
        f"{shown(name)} cannot be looked up, because this machine has no time zone database",
    )
