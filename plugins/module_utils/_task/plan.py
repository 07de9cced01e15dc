# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a modify has to send to bring a relay task to the declared state. Pure, without a clock.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, LiveError, refused
from .._options import CALLBACK_EVENTS, PLAYLIST_TYPE
from .fields import FIELDS, RESENT, from_timestamp, has_passed
from .immutable import immutable_differences
from .rules import broken_rules
from .task import Declaration, PullTask


class Lessons:
    """What a run has learned about the service. Shared by all tasks of the run, and by its threads.

    Attributes:
        replaces: a modify empties what it leaves out, even source_urls and end_time.
        no_past_start: a modify with a start_time in the past is refused.
    """

    replaces = False
    no_past_start = False

    def learn(self, emptied: Collection[str]) -> None:
        """Record what the service emptied because a modify left it out."""
        if not {"source_urls", "end_time", "status"}.isdisjoint(emptied):
            self.replaces = True


class Form(Enum):
    """How much a modify carries. If the service refuses one form, the next one carries less."""

    FULL = 1
    WITHOUT_START = 2
    WITHOUT_WINDOW = 3
    STATUS_ONLY = 4


class Plan(NamedTuple):
    """What brings a task to the declared state.

    Attributes:
        changes: sorted names of the declared options that differ; of a delete, `state`.
        request: body of a modify or create, or query of a delete; None if nothing has to be sent.
        before: the declared options as the task has them.
        after: the declared options.
        task: the task as it would be.
        next_form: the form to send if the service refuses the request although it is valid; None after the last form.
    """

    changes: list[str]
    request: dict[str, Any] | None
    before: dict[str, Any]
    after: dict[str, Any]
    task: PullTask
    next_form: Form | None = None


def plan(
    now: PullTask,
    declared: Declaration,
    moment: float,
    to_restore: Mapping[str, Any] | None = None,
    lessons: Lessons | None = None,
    form: Form = Form.FULL,
) -> Plan:
    """Return what has to be sent to bring the task to the declared state.

    The request has the options that differ. It also has every option with a documented default, because the service may
    keep or reset what is left out. `source_urls`, `status` and `end_time` are sent only if they differ, because sending
    `source_urls` again could restart the playlist on air. Once the run has seen that the service empties what is left
    out, they are sent too. A value that cannot be understood is not sent back.

    Args:
        now: the task as it is.
        declared: the declaration.
        moment: seconds since the epoch.
        to_restore: options that the service emptied, with the values to restore.
        lessons: what the run has learned about the service.
        form: how much the request carries.

    Raises:
        InvalidOptionError: together with the options of the task, the declared ones break a constraint.
        LiveError: the task is of another source type.
    """
    if not now.has_playlist:
        raise LiveError(_cannot_be_modified(now, declared))
    to_restore = to_restore or {}
    targets = {**now.still_lost(to_restore, moment), **declared.values}
    differing = now.differing(targets, moment)
    changes = [name for name in differing if name in declared.values]
    merged = {**now.values, **{name: targets[name] for name in differing}}
    start_passed = has_passed(merged.get("start_time"), moment)
    modify = _Modify(now, declared, to_restore, differing, merged, start_passed, lessons or Lessons(), form)
    modify.check([name for name in changes if name not in to_restore], moment)
    names, shown = modify.names(), now.result()
    return Plan(
        changes=changes,
        request={"task_id": declared.task_id, **{name: merged[name] for name in names}} if names else None,
        before={name: shown.get(name) for name in declared.values},
        after=dict(declared.values),
        task=PullTask(now.answer, merged),
        next_form=modify.next_form(names),
    )


def check_immutable(task: PullTask, declared: Declaration, moment: float) -> list[str]:
    """Return the sorted names of the options that differ and that only a recreate can change.

    Raises:
        LiveError: there are some, and the declaration does not allow to recreate the task.
    """
    names = immutable_differences(task.answer, declared.immutable)
    if not task.has_playlist:
        names = sorted([*names, *task.differing(declared.values, moment)])
    if not names or declared.recreate:
        return names
    if not task.has_playlist:
        raise LiveError(f"{_cannot_be_modified(task, declared)} Different from the declaration: {', '.join(names)}.")
    raise LiveError(
        f"Task {declared.label}: {', '.join(names)} cannot be changed after a task is created. Allowed: the value of"
        " the task. To replace the task, use live_pull_task with recreate: true. The new task has another id, and the"
        " channel is off air until it exists."
    )


def _cannot_be_modified(task: PullTask, declared: Declaration) -> str:
    return (
        f"Task {declared.label} has source_type {task.answer['source_type']!r}. Only a {PLAYLIST_TYPE} task can be"
        " modified."
    )


class _Modify(NamedTuple):
    """A modify that is being planned: the arguments of `plan`, and what follows from them.

    Attributes:
        differing: names of the options that differ.
        merged: the options as they are to become.
        start_passed: whether the start_time among them is in the past.
    """

    now: PullTask
    declared: Declaration
    to_restore: Mapping[str, Any]
    differing: Collection[str]
    merged: Mapping[str, Any]
    start_passed: bool
    lessons: Lessons
    form: Form

    def check(self, changes: Collection[str], moment: float) -> None:
        """Raise InvalidOptionError if changes break a rule together with the options of the task."""
        # The number of the task's URLs is known even if they cannot be understood.
        urls, merged = self.now.answer.get("source_urls"), self.merged
        known = {**merged, "source_urls": merged.get("source_urls") or (urls if isinstance(urls, list) else None)}
        broken = broken_rules(known, changes, FIELDS.keys() - self.declared.values)
        if "end_time" in changes and has_passed(merged["end_time"], moment):
            allowed = f"later than now, {from_timestamp(moment)}, when it changes"
            broken.append(refused("end_time", merged["end_time"], allowed))
        if broken:
            raise InvalidOptionError(f"Task {self.declared.label}: {' '.join(broken)}")

    @property
    def keeps_past_start(self) -> bool:
        """Whether the start_time stays, and is in the past: then any other one in the past means the same."""
        return self.start_passed and "start_time" not in self.differing

    @property
    def needs_no_start(self) -> bool:
        """Whether the start_time may be left out if the service refuses it."""
        return self.keeps_past_start or "start_time" not in self.declared.values

    @property
    def window(self) -> set[str]:
        """The options of the window that may be left out if the service refuses them."""
        # A start_time in the future stays: left out, it might become now, and the channel would go on air.
        return {"end_time", "start_time"} if self.start_passed else {"end_time"}

    def names(self) -> list[str]:
        """Return the names of the options that the modify carries; none if nothing differs."""
        if self.form is Form.STATUS_ONLY or not self.differing:
            return ["status"] if "status" in self.differing else []
        # A field that the service does not list has nothing to lose: left out, it stays or gets the same default.
        sent = {*self.differing, *(name for name in RESENT if name in self.declared.values or self.now.has(name))}
        if self.lessons.replaces:
            sent.update(name for name in ("source_urls", "end_time") if self.now.has(name))
            sent.update({"status"} & {*self.declared.values, *self.to_restore})
        # The service may refuse an undocumented event next to all others. Left out, the task has all events again.
        if set(self.merged.get("callback_events") or ()) > set(CALLBACK_EVENTS):
            sent.discard("callback_events")
        refused_start = self.form is Form.WITHOUT_START and self.needs_no_start
        if refused_start or (self.lessons.no_past_start and self.keeps_past_start):
            sent.discard("start_time")
        if self.form is Form.WITHOUT_WINDOW:
            sent -= self.window
        return [name for name in FIELDS if name in sent and self.merged.get(name) is not None]

    def next_form(self, names: Collection[str]) -> Form | None:
        """Return the form to send if the service refuses a modify with these options."""
        if self.form is Form.FULL and "start_time" in names and self.needs_no_start:
            return Form.WITHOUT_START
        pauses = self.form is not Form.STATUS_ONLY and "status" in self.differing and self.merged["status"] == "pause"
        # What was lost is restored even if the service refuses the window. If a pause alone would empty the other
        # options, the pause carries them.
        needs_rest = {*self.to_restore} & {*self.differing} - {"end_time"} or (pauses and self.lessons.replaces)
        if needs_rest and self.form in (Form.FULL, Form.WITHOUT_START) and not self.window.isdisjoint(names):
            return Form.WITHOUT_WINDOW
        return Form.STATUS_ONLY if pauses and len(names) > 1 and not self.lessons.replaces else None
