# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time, chance and progress reports, which tests replace. Private to this collection."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import NamedTuple

Reporter = Callable[[str, int], None]
"""Reports the progress of a run: a sentence without secrets, and the verbosity from which on to display it."""

# The verbosity of a sentence that is displayed even if the user has switched off the progress.
ALWAYS = -1


def silent(text: str, verbosity: int) -> None:
    """Report nothing: the module is shipped, or no_log is set."""


class Clock(NamedTuple):
    """Time and chance.

    Attributes:
        monotonic: returns the seconds since some moment.
        now: returns the seconds since the epoch.
        sleep: waits for some seconds.
        uniform: returns a random number between two.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform
