# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service leaves open, as switches: a client has to be right in every position."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from .checks import Check, flag, integer, list_of, map_of, number, one_of, optional, problem_in, text

_TIME_STYLES = ("plain", "fraction", "offset", "zoneless", "zoneless_local", "epoch", "epoch_ms", "epoch_text")

IMMUTABLE = (
    *("region", "source_type", "domain", "app_name", "stream_name", "destination_url"),
    *("push_args", "callback_url", "backup_source_type", "backup_source_urls"),
)

_CHECKS: dict[str, Check] = {
    "left_out": one_of("keep", "reset", "replace"),
    "empties_status": flag,
    "past_start": one_of("accept", "refuse", "now"),
    "past_end": one_of("accept", "refuse"),
    "seven_days": one_of("at_most", "less_than"),
    "restarts": one_of("sent", "differ", "immediate"),
    "durations": map_of(number(0.001)),
    "lag": number(0),
    "lag_reads": integer(0),
    "never_apply": flag,
    "max_tasks": optional(integer(0)),
    "one_per_destination": flag,
    "time_style": one_of(*_TIME_STYLES),
    "no_time": one_of("as_is", "zero"),
    "numbers": one_of("plain", "text", "float"),
    "loop_number": flag,
    "encode_urls": flag,
    "upper_case": flag,
    "absent": one_of("as_is", "omit", "null"),
    "loop_time_empty": flag,
    "events_empty": flag,
    "more_events": list_of(text(1)),
    "ignore_task_filter": flag,
    "ignore_offset": flag,
    "total": one_of("matching", "all", "page", "text", "none"),
    "status_words": optional(map_of(text(1))),
    "own_end": optional(text(1)),
    "status_override": optional(text(0)),
    "immutable": one_of("as_is", "absent", "null", "masked", "lower_case"),
    "immutable_fields": list_of(one_of(*IMMUTABLE)),
    "extra_fields": flag,
    "page_cap": optional(integer(1)),
    "latency": number(0),
    "max_concurrent": optional(integer(0)),
    "max_rate": optional(integer(0)),
    "retry_after": integer(0),
    "token_uses": optional(integer(0)),
    "agency": flag,
    "metadata_tokens": flag,
}


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """How the emulator behaves where the documentation does not say.

    Raises ValueError, naming the switch, for a value that is none of its positions.
    """

    left_out: str = "keep"
    """What a modify does to what it leaves out. ``keep``: nothing; ``reset``: the six fields with a documented default
    go back to it; ``replace``: on top of that ``source_urls`` becomes ``[]`` and ``end_time`` ``""``."""
    empties_status: bool = False
    """Under ``replace``, ``status`` becomes ``""`` too; such a task is off air."""
    past_start: str = "accept"
    """What becomes of a ``start_time`` in a body that is earlier than now: ``accept``, ``refuse`` (400), or ``now``: it
    is taken for the current time."""
    past_end: str = "accept"
    """What becomes of an ``end_time`` in a body that is not later than now: ``accept`` or ``refuse`` (400)."""
    seven_days: str = "at_most"
    """Whether a window may last exactly seven days: ``at_most`` or ``less_than``."""
    restarts: str = "sent"
    """When a modify makes a channel that is on air take up its playlist again, in the way of ``vod_refresh_type``:
    ``sent``, whenever it carries ``source_urls``; ``differ``, only when they differ from the task's; ``immediate``, as
    ``differ``, and at every modify after which ``vod_refresh_type`` is ``immediate_new_source``."""
    durations: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """How many seconds files last, by URL; see ``player`` for all others."""
    lag: float = 0
    """Seconds after an accepted modify, create or delete during which List, ``total`` included, still shows the task
    as it was: a new one not yet, a deleted one still."""
    lag_reads: int = 0
    """Number of List answers that do so too. An answer counts that has the task on its page; for a task that is not
    listed yet, any answer whose filters let it through."""
    never_apply: bool = False
    """A modify is accepted and changes nothing."""
    max_tasks: int | None = None
    """The most tasks that a project may have; a create beyond it is refused (400)."""
    one_per_destination: bool = False
    """A create is refused (400) if another task of the project has the same ``domain``, ``app_name`` and
    ``stream_name``, or the same ``destination_url``; otherwise doubles are made."""
    time_style: str = "plain"
    """How List writes times: ``plain`` (``...Z``), ``fraction`` (``....000Z``), ``offset`` (``...+08:00``),
    ``zoneless`` (UTC, without the ``Z``), ``zoneless_local`` (UTC+8, without a zone), ``epoch`` (seconds),
    ``epoch_ms`` (milliseconds) or ``epoch_text`` (milliseconds as text)."""
    no_time: str = "as_is"
    """How List shows a time that is missing, null or empty: ``as_is``, or ``zero``: Go's zero time."""
    numbers: str = "plain"
    """How List writes ``vod_start_video_index`` and ``vod_start_video_time``: ``plain``, ``text`` or ``float``."""
    loop_number: bool = False
    """List writes ``vod_loop_time`` as a number."""
    encode_urls: bool = False
    """List shows ``source_urls`` percent-encoded, but for what is so already."""
    upper_case: bool = False
    """List writes ``status`` and ``vod_refresh_type`` in upper case."""
    absent: str = "as_is"
    """How List shows a field that is empty or at its default: ``as_is``, ``omit`` or ``null``."""
    loop_time_empty: bool = False
    """List shows an endless ``vod_loop_time`` as ``""``."""
    events_empty: bool = False
    """List shows all six ``callback_events`` as ``[]``."""
    more_events: Sequence[str] = ()
    """Events that List shows on top where all six ``callback_events`` are on."""
    ignore_task_filter: bool = False
    """List pays no attention to ``task_id``."""
    ignore_offset: bool = False
    """List pays no attention to ``offset``: every page is the first one."""
    total: str = "matching"
    """What List counts in ``total``: the tasks that are ``matching`` the filters, ``all`` tasks whatever the filters,
    or those of the ``page``. ``text`` writes the number as text, ``none`` leaves it out."""
    status_words: Mapping[str, str] | None = None
    """List's own words for a status, by the documented one: ``{"enable": "running"}``."""
    own_end: str | None = None
    """List's status of an enabled task whose window is over or whose rounds are all played."""
    status_override: str | None = None
    """The status that every listed task shows."""
    immutable: str = "as_is"
    """How List shows what a modify cannot change, where it is not empty: ``as_is``, ``absent``, ``null``, ``masked``
    (``********``) or in ``lower_case``."""
    immutable_fields: Sequence[str] = ("push_args", "callback_url", "backup_source_urls")
    """The fields that ``immutable`` is for."""
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
    token_uses: int | None = None
    """How many requests a token is good for that is issued from now on, and an access key of the agency; those of the
    directory never end."""
    agency: bool = True
    """Whether the server has an agency, whose access key its metadata hold."""
    metadata_tokens: bool = True
    """Whether the metadata of the server want a token."""

    def __post_init__(self) -> None:
        problem = problem_in(dataclasses.asdict(self), _CHECKS)
        if problem:
            raise ValueError(problem)
        object.__setattr__(self, "immutable_fields", tuple(self.immutable_fields))
        object.__setattr__(self, "more_events", tuple(self.more_events))  # a list, where it comes from JSON

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
