# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches for what the API page leaves open. A client must be correct for every value."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from .checks import Check, flag, integer, list_of, map_of, number, one_of, optional, problem_in, text
from .errors import TASK_NOT_FOUND
from .fields import CREATE, DEFAULTS, MODIFY

_TIME_STYLES = ("plain", "fraction", "offset", "zoneless", "zoneless_local", "epoch", "epoch_ms", "epoch_text")

IMMUTABLE = tuple(name for name in CREATE if name not in MODIFY)

_IMMUTABLE_FORMS = ("as_is", "absent", "null", "masked", "lower_case")
_WITH_DEFAULT = (*DEFAULTS, "start_time")
_EMPTIED = ("source_urls", "end_time")
_PLACE = ("publish_domain", "app", "stream")


def _pushes(value: object) -> str | None:
    good = isinstance(value, (list, tuple)) and all(
        isinstance(push, Mapping) and all(isinstance(push.get(name), str) for name in _PLACE) for push in value
    )
    return None if good else f"must be an array of objects with {', '.join(_PLACE)}"


def _map_of_fields(names: Sequence[str], *words: str) -> Check:
    """Check for a map from some of these fields to one of these words."""
    values = map_of(one_of(*words))

    def check(value: object) -> str | None:
        problem = values(value)
        unknown = [] if problem or not isinstance(value, Mapping) else [name for name in value if name not in names]
        return problem or (f"must not have {unknown[0]!r}" if unknown else None)

    return check


def _unknown_task(value: object) -> str | None:
    if not isinstance(value, Mapping) or value.keys() != {"http_status", "error_code"}:
        return "must have http_status and error_code"
    code = value["error_code"]
    return integer(200, 599)(value["http_status"]) or (None if code is None else text(1)(code))


_CHECKS: dict[str, Check] = {
    "left_out": one_of("keep", "reset", "replace"),
    "left_out_fields": _map_of_fields((*_WITH_DEFAULT, *_EMPTIED), "keep", "reset", "empty"),
    "empties_status": flag,
    "pause_alone": one_of("accept", "refuse"),
    "unknown_task": _unknown_task,
    "create_end": optional(integer(1)),
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
    "immutable": one_of(*_IMMUTABLE_FORMS),
    "immutable_fields": list_of(one_of(*IMMUTABLE)),
    "immutable_each": _map_of_fields(IMMUTABLE, *_IMMUTABLE_FORMS),
    "hosts": one_of("as_sent", "lower_case"),
    "extra_fields": flag,
    "page_cap": optional(integer(1)),
    "latency": number(0),
    "max_concurrent": optional(integer(0)),
    "max_rate": optional(integer(0)),
    "retry_after": integer(0),
    "token_uses": optional(integer(0)),
    "push_delay": number(0),
    "new_push": list_of(one_of("playlist", "end", "six")),
    "on_air_word": optional(text(1)),
    "missing_files": list_of(text(1)),
    "other_pushes": _pushes,
    "streams_allowed": flag,
    "refused_domains": list_of(text(1)),
    "foreign_domain": one_of("empty", "refuse"),
    "streams_lag": number(0),
    "streams_slip": flag,
    "agency": flag,
    "metadata_tokens": flag,
}


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """How the emulator behaves where the documentation does not say.

    Raises ValueError with the name of the switch if a value is not allowed.
    """

    left_out: str = "keep"
    """What a modify does to the fields that it leaves out. ``keep``: nothing. ``reset``: the six fields with a
    documented default return to it. ``replace``: in addition, ``source_urls`` becomes ``[]`` and ``end_time`` becomes
    ``""``."""
    left_out_fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What a modify does to single fields that it leaves out, in place of ``left_out``: ``keep``, ``reset`` (a field
    with a documented default) or ``empty`` (``source_urls`` or ``end_time``)."""
    empties_status: bool = False
    """With ``replace``, ``status`` becomes ``""`` too. Such a task is off air."""
    pause_alone: str = "accept"
    """Whether a modify may have nothing but ``task_id`` and ``status``: ``accept``, or ``refuse`` (400)."""
    unknown_task: Mapping[str, Any] = dataclasses.field(
        default_factory=lambda: {"http_status": 400, "error_code": TASK_NOT_FOUND}
    )
    """How a modify of a task that does not exist is answered."""
    create_end: int | None = None
    """Seconds after its start at which a task ends that is created without an end. By default it has no end."""
    past_start: str = "accept"
    """What happens to a ``start_time`` in the past: ``accept``, ``refuse`` (400), or ``now``: the service uses
    the current time."""
    past_end: str = "accept"
    """What happens to an ``end_time`` that is not in the future: ``accept`` or ``refuse`` (400)."""
    seven_days: str = "at_most"
    """Whether a window may last exactly seven days: ``at_most`` allows it, ``less_than`` does not."""
    restarts: str = "sent"
    """When a modify of a channel on air starts its playlist again, in the way of ``vod_refresh_type``. ``sent``: if it
    carries ``source_urls``. ``differ``: if ``source_urls`` differ from those of the task. ``immediate``: as ``differ``,
    and after every modify that leaves ``vod_refresh_type`` at ``immediate_new_source``."""
    durations: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """Seconds that each file lasts, by URL. All other files last ``player.FILE_SECONDS``."""
    lag: float = 0
    """Seconds after an accepted modify, create or delete in which List and ``total`` still show the earlier state: a
    new task is missing, a deleted task is listed."""
    lag_reads: int = 0
    """Number of List answers that still show the earlier state. An answer counts if the task is on its page. For a task
    that is not listed yet, an answer counts if its filters match the task."""
    never_apply: bool = False
    """A modify is accepted and changes nothing."""
    max_tasks: int | None = None
    """The maximum number of tasks in a project. A create beyond it is refused (400)."""
    one_per_destination: bool = False
    """A create is refused (400) if another task of the project has the same ``domain``, ``app_name`` and
    ``stream_name``, or the same ``destination_url``. Otherwise duplicates are created."""
    time_style: str = "plain"
    """How List writes times: ``plain`` (``...Z``), ``fraction`` (``....000Z``), ``offset`` (``...+08:00``),
    ``zoneless`` (UTC, without the ``Z``), ``zoneless_local`` (UTC+8, without a zone), ``epoch`` (seconds), ``epoch_ms``
    (milliseconds) or ``epoch_text`` (milliseconds as text)."""
    no_time: str = "as_is"
    """How List shows a time that is missing, null or empty: ``as_is``, or ``zero``, the zero time of Go."""
    numbers: str = "plain"
    """How List writes ``vod_start_video_index`` and ``vod_start_video_time``: ``plain``, ``text`` or ``float``."""
    loop_number: bool = False
    """List writes ``vod_loop_time`` as a number."""
    encode_urls: bool = False
    """List percent-encodes ``source_urls``, except what is already encoded."""
    upper_case: bool = False
    """List writes ``status`` and ``vod_refresh_type`` in upper case."""
    absent: str = "as_is"
    """How List shows a field that is empty or at its default: ``as_is``, ``omit`` or ``null``."""
    loop_time_empty: bool = False
    """List shows an endless ``vod_loop_time`` as ``""``."""
    events_empty: bool = False
    """List shows ``callback_events`` as ``[]`` if all six are on."""
    more_events: Sequence[str] = ()
    """Events that List adds if all six ``callback_events`` are on."""
    ignore_task_filter: bool = False
    """List ignores ``task_id``."""
    ignore_offset: bool = False
    """List ignores ``offset``: every page is the first one."""
    total: str = "matching"
    """What ``total`` counts: ``matching``, the tasks that match the filters; ``all`` tasks; or those of the ``page``.
    ``text`` writes the number as text, ``none`` leaves it out."""
    status_words: Mapping[str, str] | None = None
    """Other status values in List, by the documented value: ``{"enable": "running"}``."""
    own_end: str | None = None
    """Status in List of an enabled task whose window or rounds have ended."""
    status_override: str | None = None
    """Status in List of every task."""
    immutable: str = "as_is"
    """How List shows immutable fields that are not empty: ``as_is``, ``absent``, ``null``, ``masked`` (``********``) or
    in ``lower_case``."""
    immutable_fields: Sequence[str] = ("push_args", "callback_url", "backup_source_urls")
    """The fields that ``immutable`` applies to."""
    immutable_each: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """How List shows single immutable fields, in place of ``immutable``: ``{"push_args": "masked"}``."""
    hosts: str = "as_sent"
    """How List writes ``domain``: ``as_sent``, or in ``lower_case``."""
    extra_fields: bool = False
    """Listed tasks have undocumented fields."""
    page_cap: int | None = None
    """The maximum number of tasks on a page, independent of ``limit``."""
    latency: float = 0
    """Seconds that every request takes."""
    max_concurrent: int | None = None
    """The maximum number of requests at a time. Requests beyond it get 429."""
    max_rate: int | None = None
    """The maximum number of requests in a second. Requests beyond it get 429."""
    retry_after: int = 1
    """Seconds in the ``Retry-After`` of these 429 answers."""
    token_uses: int | None = None
    """Number of requests that a new token, or a new access key of the agency, is valid for. Those of the directory
    never expire."""
    push_delay: float = 0
    """Seconds after a channel comes on air until its stream is pushed."""
    new_push: Sequence[str] = ()
    """What begins a new push of a stream that is pushed: a modify that changes the ``playlist`` or the ``end``, or that
    changes neither of them (``six``)."""
    on_air_word: str | None = None
    """Status in List of a task that is on air."""
    missing_files: Sequence[str] = ()
    """Source URLs that the service cannot read: a channel is not pushed while such a file is its turn."""
    other_pushes: Sequence[Mapping[str, Any]] = ()
    """Streams that others push, as ListLiveStreamsOnline lists them; with at least ``publish_domain``, ``app`` and
    ``stream``."""
    streams_allowed: bool = True
    """Whether the credentials have the permission to list streams. Otherwise the answer is 403."""
    refused_domains: Sequence[str] = ()
    """Domains, in lower case, whose streams are refused (400)."""
    foreign_domain: str = "empty"
    """The streams of a domain that is the ``domain`` of no task: an ``empty`` list, or ``refuse`` (400)."""
    streams_lag: float = 0
    """Seconds that the list of streams is late: a push that has begun is missing, a push that has ended is listed."""
    streams_slip: bool = False
    """Between two pages of streams, a stream ends, so that another one is on no page."""
    agency: bool = True
    """Whether the server has an agency, with an access key in its metadata."""
    metadata_tokens: bool = True
    """Whether the metadata of the server require a token."""

    def __post_init__(self) -> None:
        problem = problem_in(dataclasses.asdict(self), _CHECKS)
        if problem:
            raise ValueError(problem)
        object.__setattr__(self, "immutable_fields", tuple(self.immutable_fields))
        # JSON gives lists.
        for name in ("more_events", "new_push", "missing_files", "other_pushes", "refused_domains"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @classmethod
    def from_json(cls, values: Mapping[str, Any], base: Behaviour | None = None) -> Behaviour:
        """Return ``base`` (None: the defaults) with ``values`` changed. Raises ValueError for an unknown switch."""
        problem = problem_in(values, _CHECKS)
        if problem:
            raise ValueError(problem)
        return dataclasses.replace(base or cls(), **values)

    def to_json(self) -> dict[str, Any]:
        """Return every switch with its value."""
        return dataclasses.asdict(self)
