# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text in columns for a terminal. Pure. Private to this collection."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

WIDTH = 100
"""The most columns that a line takes."""
_CELL = 32


def width(text: str) -> int:
    """Return how many columns a text takes: two for a wide letter, none for a mark or a joiner."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def fitted(text: str, room: int) -> str:
    """Return the text, cut and ended with an ellipsis if it takes more columns than `room`."""
    ends = [*accumulate(map(_width, text), initial=0)]
    return text if ends[-1] <= room else f"{text[: bisect_right(ends, room - 1) - 1]}\u2026"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with aligned cells. All rows have the same number of cells. Only the last may be long."""
    cells = [[*(fitted(cell, _CELL) for cell in row[:-1]), row[-1]] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells)]
    lines = ("  ".join(cell + " " * (room - width(cell)) for cell, room in zip(row, widths)) for row in cells)
    return [fitted(line.rstrip(), WIDTH) for line in lines]
