# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of the service without what steers a terminal. Pure. Private to this collection."""

from __future__ import annotations

import re
import unicodedata

# They join letters, and take no room.
_JOINERS = "\u200c\u200d"
_BREAKS = re.compile(r"[\t\n\r]+")


def clean(value: object) -> str:
    """Return a text without what moves the cursor, changes colours, breaks a line, or hides or reverses letters."""
    text = "" if value is None else str(value)
    return text if text.isprintable() else "".join(map(_seen, text))


def clean_line(value: object) -> str:
    """Return the same for a message: a line break in it becomes a blank."""
    return clean(_BREAKS.sub(" ", str(value)))


def _seen(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return " " if unicodedata.category(sign) == "Zs" else "\ufffd"
