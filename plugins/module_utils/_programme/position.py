# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where in its playlist a channel is that began some time ago. Pure, without a clock. Private to this collection."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple


class Position(NamedTuple):
    """A place in a playlist.

    Attributes:
        file: counted from 0.
        second: the whole second in that file.
        rounds: how many rounds are left, this one among them; None if there is no end to them.
    """

    file: int
    second: int
    rounds: int | None


def position(
    elapsed: float, durations: Sequence[float], rounds: int | None, start_index: int, start_second: float
) -> Position:
    """Return where a playlist is by now. One that is over is at its last second, where it ends by itself.

    Args:
        elapsed: seconds since it began, 0 or more.
        durations: seconds of its files, each more than 0.
        rounds: how often it is played; None for without end.
        start_index: the file that the first round began with; every other round begins with the first file.
        start_second: the second in that file.
    """
    ends = [*accumulate(durations)]
    begins = [0.0, *ends]
    start = begins[start_index] + min(start_second, durations[start_index])
    played, place = divmod(start + elapsed, ends[-1])
    if rounds is not None and played >= rounds:
        return Position(len(durations) - 1, max(0, math.ceil(durations[-1]) - 1), 1)
    index = bisect_right(ends, place)
    left = None if rounds is None else rounds - int(played)
    return Position(index, max(0, int(place - begins[index])), left)
