# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare what viewers of two players see."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.huaweicloud.live.tests.emulator import Shown


def is_a_second_late_at_most(here: Shown | None, on_time: Shown | None, durations: Sequence[float]) -> bool:
    """Return whether a player is at most a second behind another one.

    None is a player that has finished all its rounds.
    """

    def place(shown: Shown) -> float:
        return sum(durations[: shown.index]) + shown.second

    total = sum(durations)
    if here is None:
        return on_time is None
    late = total - place(here) if on_time is None else (place(on_time) - place(here)) % total
    return min(late, total - late if on_time else late) <= 0.001 or late <= 1.001
