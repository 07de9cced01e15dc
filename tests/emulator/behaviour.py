# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service leaves open, as switches: a client has to be right in every position."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from .checks import Check, flag, integer, number, one_of, optional, problem_in, text

_CHECKS: dict[str, Check] = {
    "left_out": one_of("keep", "reset"),
    "lag": number(0),
    "lag_reads": integer(0),
    "never_apply": flag,
    "time_style": one_of("plain", "fraction", "offset"),
    "absent": one_of("as_is", "omit", "null"),
    "loop_time_empty": flag,
    "events_empty": flag,
    "ignore_task_filter": flag,
    "status_override": optional(text(0)),
    "extra_fields": flag,
    "page_cap": optional(integer(1)),
    "latency": number(0),
    "max_concurrent": optional(integer(0)),
    "max_rate": optional(integer(0)),
    "retry_after": integer(0),
}


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """How the emulator behaves where the documentation does not say.

    Raises ValueError, naming the switch, for a value that is none of its positions.
    """

    left_out: str = "keep"
    """``keep`` or ``reset``: what a modify does to the six fields with a documented default that it leaves out."""
    lag: float = 0
    """Seconds after an accepted modify during which List still shows the task as it was."""
    lag_reads: int = 0
    """Number of List answers after an accepted modify that still show the task as it was."""
    never_apply: bool = False
    """A modify is accepted and changes nothing."""
    time_style: str = "plain"
    """How List writes times: ``plain`` (``...Z``), ``fraction`` (``....000Z``) or ``offset`` (``...+08:00``)."""
    absent: str = "as_is"
    """How List shows a field that is empty or at its default: ``as_is``, ``omit`` or ``null``."""
    loop_time_empty: bool = False
    """List shows an endless ``vod_loop_time`` as ``""``."""
    events_empty: bool = False
    """List shows all six ``callback_events`` as ``[]``."""
    ignore_task_filter: bool = False
    """List pays no attention to ``task_id``."""
    status_override: str | None = None
    """The status that every listed task shows."""
    extra_fields: bool = False
    """Listed tasks carry fields that are not documented."""
    page_cap: int | None = None
    """The most tasks that a page holds, whatever ``limit`` asks for."""
    latency: float = 0
    """Seconds that every request takes."""
    max_concurrent: int | None = None
    """The most requests served at a time; those beyond it are answered 429."""
    max_rate: int | None = None
    """The most requests served in any one second; those beyond it are answered 429."""
    retry_after: int = 1
    """Seconds in the ``Retry-After`` of those 429 answers."""

    def __post_init__(self) -> None:
        problem = problem_in(dataclasses.asdict(self), _CHECKS)
        if problem:
            raise ValueError(problem)

    @classmethod
    def from_json(cls, values: Mapping[str, Any], base: Behaviour | None = None) -> Behaviour:
        """Return ``base`` (the defaults, if None) with ``values`` on top; ValueError for a switch it does not know."""
        problem = problem_in(values, _CHECKS)
        if problem:
            raise ValueError(problem)
        return dataclasses.replace(base or cls(), **values)

    def to_json(self) -> dict[str, Any]:
        """Return every switch with its position."""
        return dataclasses.asdict(self)
