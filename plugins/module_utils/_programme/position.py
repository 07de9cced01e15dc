# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The position in a playlist that began some time ago. Pure, without a clock. Private to this collection."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple


class Position(NamedTuple):
    """A position in a playlist.

    Attributes:
        file: the number of the file, counted from 0.
        second: the whole second in that file.
        rounds: how many rounds are left, including the current one; None if the playlist is endless.
    """

    file: int
    second: int
    rounds: int | None


def position(
    elapsed: float, durations: Sequence[float], rounds: int | None, start_index: int, start_second: float
) -> Position:
    """Return the position in a playlist. If it has ended, return its last second, so that the task ends soon.

    Args:
        elapsed: seconds since the playlist began, 0 or more.
        durations: seconds of its files, each more than 0.
        rounds: how many times it is played; None if it is endless.
        start_index: the file that the first round began with. Every other round begins with the first file.
        start_second: the second in that file.
    """
    begins = [*accumulate(durations, initial=0.0)]
    start = begins[start_index] + min(start_second, durations[start_index])
    played, second = divmod(start + elapsed, begins[-1])
    if rounds is not None and played >= rounds:
        return Position(len(durations) - 1, max(0, math.ceil(durations[-1]) - 1), 1)
    index = bisect_right(begins, second) - 1
    return Position(index, max(0, int(second - begins[index])), None if rounds is None else rounds - int(played))
