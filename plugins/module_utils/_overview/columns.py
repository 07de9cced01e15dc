# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text in columns, as a terminal shows it. Pure. Private to this collection."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_GAP = "  "
_CUT = "\u2026"


def width(text: str) -> int:
    """Return how many columns a text takes: two for a wide letter, none for what joins or adorns another."""
    return sum(map(_width, text)) if not text.isascii() else len(text)


def _width(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def fitted(text: str, room: int) -> str:
    """Return the text, with its end replaced by an ellipsis if it takes more columns than there is room for."""
    if width(text) <= room:
        return text
    taken, kept = 1, []
    for sign in text:
        taken += _width(sign)
        if taken > room:
            break
        kept.append(sign)
    return f"{''.join(kept)}{_CUT}"


def columns(rows: Sequence[Sequence[str]], most: Sequence[int], room: int) -> list[str]:
    """Return rows as lines, their cells one below the other.

    Args:
        rows: cells, as many in each; what is in the last one gets the room that is left.
        most: how many columns each of the others takes at most.
        room: how many a line takes at most.
    """
    widths = [min(max(width(row[place]) for row in rows), limit) for place, limit in enumerate(most)]
    rest = room - sum(widths) - len(_GAP) * len(widths)
    lines = []
    for row in rows:
        cells = [fitted(text, taken) for text, taken in zip(row, widths)]
        padded = [cell + " " * (taken - width(cell)) for cell, taken in zip(cells, widths)]
        lines.append(_GAP.join([*padded, fitted(row[-1], rest)]).rstrip())
    return lines
