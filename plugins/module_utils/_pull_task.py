# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relay tasks: their documented constraints, their normal form, and what to send to change one.

Pure: no I/O, no clock, no Ansible. Follows the service's page of ModifyPullTask. Private to this collection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError, LiveError, shown

STATUSES = ("pause", "enable")
REFRESH_TYPES = ("immediate_new_source", "continue_from_file_start", "continue_from_break_point")
CALLBACK_EVENTS = ("TaskStart", "TaskExit", "VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig", "TaskAlarm")
SOURCE_TYPE = "PullVodPushLive"
SOURCE_TYPES = ("PullLivePushLive", SOURCE_TYPE)
MAX_SOURCE_URLS = 30
MAX_INTEGER = 2147483647
MAX_DURATION = timedelta(days=7)

_URL = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://"
    r"(?:[^/?#@]*@)?"
    r"(?:\[[0-9A-Fa-f:.]+\]|[^/?#@:\[\]]+)(?::[0-9]{1,5})?"
    r"(?:[/?#].*)?"
)
_ROUNDS = re.compile(r"-1|[1-9][0-9]*")
_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)


def parse_time(value: object, *, zone: str | None = None) -> str:
    """Return an RFC 3339 time as the service writes it: UTC, whole seconds, `2026-01-01T00:00:00Z`.

    Takes what YAML makes of an unquoted time stamp too (a blank for the `T`). A fraction of a second is dropped.

    Args:
        value: the time, a string.
        zone: what a time without a zone means; without it such a time is refused.

    Raises:
        ValueError: it is no such time, or has no zone.
    """
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    offset = found and (found["zone"] or zone)
    if not found or not offset:
        raise ValueError(f"{shown(value)} has no time zone" if found else "")
    try:
        moment = datetime.fromisoformat(f"{found['date']}T{found['time']}")
        if offset not in "Zz":
            shift = datetime.strptime(offset, "%z").utcoffset() or timedelta(0)
            moment -= shift
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{shown(value)} is no time: {error}") from error
    return f"{moment.isoformat()}Z"


def to_datetime(time: str) -> datetime:
    """Return a time in normal form as an aware datetime in UTC."""
    return datetime.fromisoformat(time[:-1]).replace(tzinfo=timezone.utc)


def _choice(*values: str) -> Callable[[object], str]:
    def parse(value: object) -> str:
        if not isinstance(value, str) or value not in values:
            raise ValueError
        return value

    return parse


def is_source_url(value: object) -> bool:
    """Return whether the value can be an entry of source_urls."""
    # isprintable() is False for control characters and for all white space but the blank.
    return isinstance(value, str) and value.isprintable() and " " not in value and bool(_URL.fullmatch(value))


def _parse_source_urls(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError
    if not 1 <= len(value) <= MAX_SOURCE_URLS:
        raise ValueError(f"{len(value)} entries are not allowed")
    for position, url in enumerate(value):
        if not is_source_url(url):
            raise ValueError(f"entry {position}, {shown(url)}, is not allowed")
    return list(value)


def _parse_loop_time(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if text == "":
        return "-1"
    if not isinstance(text, str) or not _ROUNDS.fullmatch(text):
        raise ValueError
    return text


def _parse_integer(value: object) -> int:
    # True is an int to Python, and YAML reads an unquoted yes as True.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_INTEGER:
        raise ValueError
    return value


def _parse_callback_events(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError
    if value == [""]:  # an empty text, which Ansible makes a list
        value = []
    for event in value:
        if event not in CALLBACK_EVENTS:
            raise ValueError(f"{shown(event)} is not allowed")
    return _ordered_events(value)


def _ordered_events(events: list[str]) -> list[str]:
    known = [event for event in CALLBACK_EVENTS if event in events or not events]
    return known + sorted(set(events) - set(known))


def _read_text(parse: Callable[[object], str]) -> Callable[[object], str]:
    """Return a reader that takes any text the service answers: it may use words its page does not list."""

    def read(value: object) -> str:
        try:
            return parse(value)
        except ValueError:
            if isinstance(value, str):
                return value
            raise

    return read


def _read_time(value: object) -> str:
    return parse_time(value, zone="Z")


def _read_callback_events(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(event, str) for event in value):
        raise ValueError
    return _ordered_events(value)


class Field(NamedTuple):
    """One option of a task: everything this collection knows about it.

    Attributes:
        parse: brings what the user asked for to the normal form; ValueError says what is wrong with it.
        read: the same for what the service answers.
        allowed: what is allowed, in words.
        default: the documented meaning of leaving it out, in normal form; None where none is documented, or where it
            is no fixed value (start_time: the current time).
        resent: whether a default for leaving it out is documented. The page does not say if a modify that leaves it
            out keeps the value of the task or resets it, so it is sent every time.
    """

    parse: Callable[[object], Any]
    read: Callable[[object], Any]
    allowed: str
    default: Any = None
    resent: bool = False


_TIME_ALLOWED = (
    "RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z or 2026-02-01T04:00:00+08:00"
    " (a time without a zone is ambiguous)"
)
URL_ALLOWED = "scheme://host... without white space or control characters"
_INTEGER_ALLOWED = f"an integer from 0 to {MAX_INTEGER}"
_parse_status = _choice(*STATUSES)
_parse_refresh_type = _choice(*REFRESH_TYPES)

FIELDS: dict[str, Field] = {
    "status": Field(_parse_status, _read_text(_parse_status), " or ".join(STATUSES)),
    "source_urls": Field(
        _parse_source_urls,
        _parse_source_urls,
        f"a list of 1 to {MAX_SOURCE_URLS} URLs, each {URL_ALLOWED}",
    ),
    "vod_loop_time": Field(
        _parse_loop_time,
        _read_text(_parse_loop_time),
        "-1 (endless), an integer of 1 or more (rounds), or empty (the default, -1)",
        default="-1",
        resent=True,
    ),
    "vod_refresh_type": Field(
        _parse_refresh_type,
        _read_text(_parse_refresh_type),
        ", ".join(REFRESH_TYPES),
        default=REFRESH_TYPES[0],
        resent=True,
    ),
    "vod_start_video_index": Field(_parse_integer, _parse_integer, _INTEGER_ALLOWED, default=0, resent=True),
    "vod_start_video_time": Field(
        _parse_integer, _parse_integer, f"{_INTEGER_ALLOWED} (seconds)", default=0, resent=True
    ),
    "start_time": Field(parse_time, _read_time, _TIME_ALLOWED, resent=True),
    "end_time": Field(parse_time, _read_time, _TIME_ALLOWED),
    "callback_events": Field(
        _parse_callback_events,
        _read_callback_events,
        f"a list of {', '.join(CALLBACK_EVENTS)} (empty: all of them)",
        default=list(CALLBACK_EVENTS),
        resent=True,
    ),
}


TASK_ID_ALLOWED = "the id of a task, without line breaks or white space around it"


def is_task_id(value: object) -> bool:
    """Return whether the value can be the id of a task; the service documents no form for it."""
    return isinstance(value, str) and value != "" and value.isprintable() and value == value.strip()


def refused(name: str, value: object, allowed: str, reason: str = "") -> str:
    """Return the sentences for an option whose value breaks a constraint."""
    return f"{name}: {reason or f'{shown(value)} is not allowed'}. Allowed: {allowed}."


def _broken_rules(
    values: Mapping[str, Any], changes: Iterable[str], task_values: Collection[str] = frozenset()
) -> list[str]:
    """Return a sentence for every rule between options that the values break.

    Args:
        values: options in normal form; a rule is checked when all it speaks of is known.
        changes: options that change. A rule is left alone when none of its options does: a task that breaks it by
            itself must still be possible to pause.
        task_values: the options whose value is not asked for but stands in the task.
    """

    def own(name: str) -> str:
        return " (the task's own)" if name in task_values else ""

    broken = []
    urls, index = values.get("source_urls"), values.get("vod_start_video_index")
    concerned = not {"source_urls", "vod_start_video_index"}.isdisjoint(changes)
    if concerned and urls is not None and index is not None and index >= len(urls):
        broken.append(
            f"vod_start_video_index: {index}{own('vod_start_video_index')} is not allowed. Allowed: at most"
            f" {len(urls) - 1}, because source_urls{own('source_urls')} has {len(urls)}"
            f" {'entry' if len(urls) == 1 else 'entries'}, counted from 0."
        )
    start, end = values.get("start_time"), values.get("end_time")
    concerned = not {"start_time", "end_time"}.isdisjoint(changes)
    if concerned and start is not None and end is not None:
        duration = to_datetime(end) - to_datetime(start)
        if not timedelta(0) < duration <= MAX_DURATION:
            broken.append(
                f"end_time: {end}{own('end_time')} is not allowed. Allowed: later than start_time"
                f" {start}{own('start_time')}, by {MAX_DURATION.days} days at most."
            )
    return broken


class Wanted(NamedTuple):
    """What is asked of one task.

    Attributes:
        task_id: the task.
        values: the managed options in normal form; one that is not in here is not managed.
    """

    task_id: str
    values: dict[str, Any]

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Wanted:
        """Return what the options of a module ask for; None means not managed.

        Raises:
            InvalidOptionError: naming every option that breaks a constraint.
        """
        task_id = options.get("task_id")
        broken, values = [], {}
        if not is_task_id(task_id):
            broken.append(refused("task_id", task_id, TASK_ID_ALLOWED))
        for name, field in FIELDS.items():
            value = options.get(name)
            if value is None:
                continue
            try:
                values[name] = field.parse(value)
            except ValueError as error:
                broken.append(refused(name, value, field.allowed, str(error)))
        broken += _broken_rules(values, values)
        if broken:
            raise InvalidOptionError(" ".join(broken))
        return cls(str(task_id), values)

    @classmethod
    def from_list(cls, tasks: Sequence[Mapping[str, Any]]) -> list[Wanted]:
        """Return what a list of options, one entry for each task, asks for.

        Raises:
            InvalidOptionError: naming every entry that breaks a constraint, or names the task of an earlier one.
        """
        broken, wanted = [], []
        first: dict[object, int] = {}
        for position, options in enumerate(tasks):
            task_id = options.get("task_id")
            label = f"tasks[{position}] (task {task_id})"
            try:
                wanted.append(cls.from_options(options))
            except InvalidOptionError as error:
                broken.append(f"{label}: {error.message}")
            if first.setdefault(task_id, position) != position:
                broken.append(f"{label}: the same task as tasks[{first[task_id]}]. Allowed: each task once.")
        if broken:
            raise InvalidOptionError(" ".join(broken))
        return wanted


FILTERS = ("task_id", "task_region", "source_type", "status", "domain", "app_name", "stream_name")


class TaskFilter(NamedTuple):
    """Which tasks to list.

    Attributes:
        fields: field of a task to the value that it must have.
    """

    fields: dict[str, str]

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> TaskFilter:
        """Return the filter that the options of a module ask for; None lets every task through.

        Raises:
            InvalidOptionError: task_id can be the id of no task, or source_type is none.
        """
        task_id = options.get("task_id")
        if task_id is not None and not is_task_id(task_id):
            raise InvalidOptionError(refused("task_id", task_id, TASK_ID_ALLOWED))
        source_type = options.get("source_type")
        if source_type not in (None, *SOURCE_TYPES):
            raise InvalidOptionError(refused("source_type", source_type, " or ".join(SOURCE_TYPES)))
        given = {name: options[name] for name in FILTERS if options.get(name) is not None}
        return cls({"region" if name == "task_region" else name: value for name, value in given.items()})

    @property
    def query(self) -> dict[str, str]:
        """The part of the filter that ListPullTasks can do."""
        return {name: self.fields[name] for name in ("task_id", "region") if name in self.fields}

    def matches(self, answer: Mapping[str, Any]) -> bool:
        """Return whether the filter lets the task through. What the service filtered already need not be answered."""
        return all(
            answer.get(name) == value or (name == "region" and answer.get(name) is None)
            for name, value in self.fields.items()
        )


def _has(answer: Mapping[str, Any], name: str) -> bool:
    """Return whether the service answered a value: it may leave a field out, or write null or an empty text."""
    return answer.get(name) not in (None, "")


class PullTask(NamedTuple):
    """A task as the service listed it.

    Attributes:
        answer: the service's own words.
        values: the nine options in normal form, documented defaults filled in; None where the answer has nothing and
            no default is documented. An option whose answer cannot be understood is not in here.
    """

    answer: Mapping[str, Any]
    values: dict[str, Any]

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> PullTask:
        """Return the task of one entry of `task_infos`, whatever its fields hold."""
        values = {}
        for name, field in FIELDS.items():
            try:
                values[name] = field.read(answer[name]) if _has(answer, name) else field.default
            except ValueError:
                continue
        return cls(answer, values)

    def differing(self, wanted: Wanted) -> list[str]:
        """Return the sorted names of the managed options that are not as asked."""
        return sorted(
            name for name, value in wanted.values.items() if name not in self.values or self.values[name] != value
        )

    @property
    def has_playlist(self) -> bool:
        """Whether this collection can change the task. One that does not tell its source type is taken to have one."""
        return not _has(self.answer, "source_type") or self.answer["source_type"] == SOURCE_TYPE

    def result(self) -> dict[str, Any]:
        """Return the task as a module reports it: the service's fields, the nine options of a playlist normalized."""
        return {**self.answer, **(self.values if self.has_playlist else {})}


class Plan(NamedTuple):
    """What brings a task to what is asked.

    Attributes:
        changes: sorted names of the options that differ; empty when there is nothing to do.
        request: body of the modify, or None when there is nothing to do.
        before: the managed options as they are.
        after: the managed options as asked.
        task: the task as it would be.
        warnings: what the user should know besides.
    """

    changes: list[str]
    request: dict[str, Any] | None
    before: dict[str, Any]
    after: dict[str, Any]
    task: PullTask
    warnings: list[str]


def plan(current: PullTask, wanted: Wanted) -> Plan:
    """Return what has to be sent to bring the task to what is asked.

    Sent are the options that differ and, so that they survive whether the service keeps or resets what is left out,
    every option with a documented default. `source_urls`, `status` and `end_time` only when they differ:
    sending `source_urls` again could restart the playlist on air.

    Raises:
        InvalidOptionError: together with what the task has, the options break a constraint.
        LiveError: the task is of another source type, or has a value that would be lost.
    """
    if not current.has_playlist:
        raise LiveError(
            f"Task {wanted.task_id} has source_type {current.answer['source_type']!r}."
            f" Only a {SOURCE_TYPE} task can be modified."
        )
    changes = current.differing(wanted)
    merged = {**current.values, **wanted.values}
    return Plan(
        changes=changes,
        request=_request(current, wanted, changes, merged) if changes else None,
        before={name: current.result().get(name) for name in wanted.values},
        after=dict(wanted.values),
        task=PullTask(current.answer, merged),
        warnings=_status_warnings(current, wanted),
    )


def _request(current: PullTask, wanted: Wanted, changes: list[str], merged: Mapping[str, Any]) -> dict[str, Any]:
    _check_merged(current, wanted, changes, merged)
    body = {"task_id": wanted.task_id}
    for name, field in FIELDS.items():
        # A field that the answer lacks has nothing to lose: left out it stays as it is, or gets the same default.
        kept = field.resent and (name in wanted.values or _has(current.answer, name))
        if name in changes or kept:
            body[name] = merged[name]
    return body


def _check_merged(current: PullTask, wanted: Wanted, changes: list[str], merged: Mapping[str, Any]) -> None:
    """Refuse a request that breaks a rule together with what the task has, or that would lose what the task has."""
    lost = [name for name, field in FIELDS.items() if field.resent and name not in merged]
    if lost:
        raise LiveError(
            f"Task {wanted.task_id}: the service answered"
            f" {', '.join(f'{name} {current.answer[name]!r}' for name in lost)}, which this module does not"
            f" understand and a change of {', '.join(changes)} could lose. Set {', '.join(lost)} too."
        )
    unmanaged = frozenset(FIELDS) - frozenset(wanted.values)
    urls = current.answer.get("source_urls")
    # Whatever the task's own URLs look like, their number is known.
    known = {"source_urls": urls, **merged} if isinstance(urls, list) else merged
    broken = _broken_rules(known, changes, unmanaged)
    if broken:
        raise InvalidOptionError(f"Task {wanted.task_id}: {' '.join(broken)}")


def window_warnings(task: PullTask, wanted: Wanted, now: float) -> list[str]:
    """Return a warning if the task is asked to be on air and its time is over.

    Args:
        task: the task as it would be.
        wanted: what is asked of it.
        now: seconds since the epoch.
    """
    end = task.values.get("end_time")
    if wanted.values.get("status") != "enable" or not end or to_datetime(end).timestamp() > now:
        return []
    return [
        f"Task {wanted.task_id} is to be on air, but its end_time {end} has passed. To put it on air, give it another"
        " start_time and end_time."
    ]


def _status_warnings(current: PullTask, wanted: Wanted) -> list[str]:
    status = current.values.get("status")
    if "status" not in wanted.values or status is None or status in STATUSES:
        return []
    return [
        f"Task {wanted.task_id} has status {status!r}, which the service does not document; known are"
        f" {', '.join(STATUSES)}. It counts as different from the {wanted.values['status']} asked for."
    ]
