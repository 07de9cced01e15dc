# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to send to bring a relay task to what is asked. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from enum import Enum
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, LiveError, refused
from .._options import CALLBACK_EVENTS, SOURCE_TYPE
from .fields import FIELDS, RESENT, from_timestamp, has_passed
from .rules import broken_rules
from .task import Declaration, PullTask


class Lessons:
    """What a run has learned about the service. Shared by all tasks of the run, and by its threads.

    Attributes:
        replaces: a modify empties what it leaves out, source_urls and end_time too.
        no_past_start: a modify with a start that is over is refused.
    """

    def __init__(self) -> None:
        self.replaces = False
        self.no_past_start = False

    def learn(self, emptied: Collection[str]) -> None:
        """Record what the service emptied because a modify left it out."""
        if not {"source_urls", "end_time", "status"}.isdisjoint(emptied):
            self.replaces = True


class Form(Enum):
    """How much a modify carries; each is for when the service refuses the one before."""

    FULL = 1
    WITHOUT_START = 2
    WITHOUT_END = 3
    STATUS_ONLY = 4


class Plan(NamedTuple):
    """What brings a task to what is asked.

    Attributes:
        changes: sorted names of the options asked that differ.
        request: body of the modify, or None when there is nothing to send.
        before: the managed options as they are.
        after: the managed options as asked.
        task: the task as it would be.
        next_form: how to send it if the service refuses the request although it keeps to the rules; None when that is
            all.
    """

    changes: list[str]
    request: dict[str, Any] | None
    before: dict[str, Any]
    after: dict[str, Any]
    task: PullTask
    next_form: Form | None = None


def plan(
    now: PullTask,
    wanted: Declaration,
    moment: float,
    owed: Mapping[str, Any] | None = None,
    lessons: Lessons | None = None,
    form: Form = Form.FULL,
) -> Plan:
    """Return what has to be sent to bring the task to what is asked.

    Sent are the options that differ and, so that they survive whether the service keeps or resets what is left out,
    every option with a documented default. `source_urls`, `status` and `end_time` only when they differ:
    sending `source_urls` again could restart the playlist on air. What the service answered and this collection does
    not understand is not sent back.

    Args:
        now: the task as it is.
        wanted: what is asked of it.
        moment: seconds since the epoch.
        owed: what the service emptied, and has to be restored.
        lessons: what was learned about the service.
        form: how much the request carries.

    Raises:
        InvalidOptionError: together with what the task has, the options break a constraint.
        LiveError: the task is of another source type.
    """
    if not now.has_playlist:
        raise LiveError(
            f"Task {wanted.label} has source_type {now.answer['source_type']!r}."
            f" Only a {SOURCE_TYPE} task can be modified."
        )
    targets = {**now.still_lost(owed or {}, moment), **wanted.values}
    differing = now.differing(targets, moment)
    changes = [name for name in differing if name in wanted.values]
    merged = {**now.values, **{name: targets[name] for name in differing}}
    _check(now, wanted, [name for name in changes if name not in (owed or {})], merged, moment)
    over = has_passed(merged.get("start_time"), moment)
    lessons, shown = lessons or Lessons(), now.result()
    names = _sent(now, wanted, {*wanted.values, *(owed or ())}, differing, merged, over, lessons, form)
    return Plan(
        changes=changes,
        request={"task_id": wanted.task_id, **{name: merged[name] for name in names}} if names else None,
        before={name: shown.get(name) for name in wanted.values},
        after=dict(wanted.values),
        task=PullTask(now.answer, merged),
        next_form=_next_form(form, names, wanted, owed or {}, differing, merged, over, lessons),
    )


def _next_form(
    form: Form,
    names: Sequence[str],
    wanted: Declaration,
    owed: Collection[str],
    differing: Collection[str],
    merged: Mapping[str, Any],
    over: bool,
    lessons: Lessons,
) -> Form | None:
    start_over = over and "start_time" not in differing
    if form is Form.FULL and "start_time" in names and ("start_time" not in wanted.values or start_over):
        return Form.WITHOUT_START
    pauses = form is not Form.STATUS_ONLY and "status" in differing and merged["status"] == "pause"
    # What was lost is restored even if the service refuses the end. A pause that would empty the rest carries the rest.
    needs_rest = {*owed} & {*differing} - {"end_time"} or (pauses and lessons.replaces)
    if needs_rest and form in (Form.FULL, Form.WITHOUT_START) and "end_time" in names:
        return Form.WITHOUT_END
    # Where it is known to empty all else, a pause by itself is no way.
    return Form.STATUS_ONLY if pauses and len(names) > 1 and not lessons.replaces else None


def _sent(
    now: PullTask,
    wanted: Declaration,
    targets: Set[str],
    differing: Collection[str],
    merged: Mapping[str, Any],
    over: bool,
    lessons: Lessons,
    form: Form,
) -> list[str]:
    """Return the names of the options that the modify carries; none when nothing differs."""
    if form is Form.STATUS_ONLY:
        return [name for name in ("status",) if name in differing]
    if not differing:
        return []
    # A field that the answer lacks has nothing to lose: left out it stays as it is, or gets the same default.
    sent = {*differing, *(name for name in RESENT if name in wanted.values or now.has(name))}
    if lessons.replaces:
        sent.update(name for name in ("source_urls", "end_time") if now.has(name))
        sent.update({"status"} & targets)
    # All events and one that is not documented: the service may refuse it, and left out it is all events again.
    if set(merged.get("callback_events") or ()) > set(CALLBACK_EVENTS):
        sent.discard("callback_events")
    # Two starts that are over are the same: one that is over may go, whoever asked for it.
    start_over = over and "start_time" not in differing
    if form is Form.WITHOUT_START and (start_over or "start_time" not in wanted.values):
        sent.discard("start_time")
    if form is Form.WITHOUT_END:
        # Left out, a start in the future might become now: the channel would go on air.
        sent -= {"end_time", "start_time"} if over else {"end_time"}
    if lessons.no_past_start and start_over:
        sent.discard("start_time")
    return [name for name in FIELDS if name in sent and merged.get(name) is not None]


def _check(
    now: PullTask, wanted: Declaration, changes: Collection[str], merged: Mapping[str, Any], moment: float
) -> None:
    """Refuse what breaks a rule together with what the task has."""
    unmanaged = frozenset(FIELDS) - frozenset(wanted.values)
    # Whatever the task's own URLs look like, their number is known.
    urls = now.answer.get("source_urls")
    known = {**merged, "source_urls": merged.get("source_urls") or (urls if isinstance(urls, list) else None)}
    broken = broken_rules(known, changes, unmanaged)
    if "end_time" in changes and has_passed(merged["end_time"], moment):
        allowed = f"later than now, {from_timestamp(moment)}, when it changes"
        broken.append(refused("end_time", merged["end_time"], allowed))
    if broken:
        raise InvalidOptionError(f"Task {wanted.label}: {' '.join(broken)}")
