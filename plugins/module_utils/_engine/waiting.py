# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read again until conditions hold, or the time is up. Private to this collection."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from .._clock import Clock

FIRST_DELAY, LONGEST_DELAY = 0.5, 5.0

ReadingT = TypeVar("ReadingT")


class Check(Enum):
    """What a reading says about a condition."""

    DONE = "nothing is left to wait for"
    NOT_YET = "not yet"
    WRITE = "has to be written again"


class Condition(ABC, Generic[ReadingT]):
    """Something to wait for.

    Attributes:
        deadline: the moment of the monotonic clock when waiting ends.
    """

    deadline = math.inf

    @abstractmethod
    def check(self, reading: ReadingT, number: int) -> Check:
        """Return what a reading says; number counts the readings from 0."""


class Waited(NamedTuple):
    """How waiting ended.

    Attributes:
        to_write: the conditions whose task has to be written again.
        pending: the conditions that do not hold yet.
        expired: the conditions that did not hold in time.
    """

    to_write: list[Any]
    pending: list[Any]
    expired: list[Any]


def until(
    conditions: Sequence[Any],
    read: Callable[[Sequence[Any], float], Any],
    clock: Clock,
    delays: Iterable[float],
    read_seconds: float = math.inf,
) -> Waited:
    """Read until every condition holds, a task has to be written again, or the time or the delays are used up.

    Args:
        conditions: what to wait for.
        read: reads what conditions need, until a moment of the monotonic clock; returns what they check.
        clock: time.
        delays: seconds to wait before each reading.
        read_seconds: for how many seconds a reading may take.
    """
    pending, expired, to_write = [*conditions], [], []
    for number, delay in enumerate(delays):
        deadline = min(condition.deadline for condition in pending)
        left = deadline - clock.monotonic()
        if delay and left > 0:
            clock.sleep(min(delay, left))
        reading = read(pending, min(deadline, clock.monotonic() + read_seconds))
        judged = [(condition, condition.check(reading, number)) for condition in pending]
        to_write = [condition for condition, check in judged if check is Check.WRITE]
        pending = [condition for condition, check in judged if check is Check.NOT_YET]
        expired += [condition for condition in pending if condition.deadline <= clock.monotonic()]
        pending = [condition for condition in pending if condition not in expired]
        if to_write or not pending:
            break
    return Waited(to_write, pending, expired)


def growing(first: float = FIRST_DELAY) -> Iterator[float]:
    """Return the delays while waiting: none, then a first one, then longer ones."""
    yield 0.0
    delay = first
    while True:
        yield delay
        delay = min(2 * delay, LONGEST_DELAY)
