# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of options of filters. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def converted(convert: Callable[[Any], Any], value: Any) -> Any:
    """Return the value of an option converted, or as it is if that fails: it is refused with its name later."""
    try:
        return convert(value)
    except (TypeError, ValueError, OverflowError):
        return value
