# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of one task in a run: its steps, what the service emptied, and why it failed. Data, no words.

Private to this collection.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from enum import Enum
from typing import Any

from .._errors import LiveError, service_error
from .._options import STATUSES
from .._service.answers import THROTTLED
from .._task.plan import Plan
from .._task.stream import Stream
from .._task.task import Declaration, PullTask


class Kind(Enum):
    """What a step writes."""

    DELETE = "delete"
    CREATE = "create"
    MODIFY = "modify"


class State(Enum):
    """How far a step is."""

    PLANNED = "planned"
    UNKNOWN = "not known whether it was carried out"
    ACCEPTED = "accepted"
    VERIFIED = "verified"
    NOT_NEEDED = "not needed"


# The service has, or may have, carried out a step in one of these states.
_MAYBE_CARRIED_OUT = (State.UNKNOWN, State.ACCEPTED, State.VERIFIED)
_ACCEPTED = (State.ACCEPTED, State.VERIFIED)


class Step:
    """One write of a task, and its record.

    Args:
        kind: what it writes.
        body: what it sends. A modify gets its body when it is sent.

    Attributes:
        state: how far it is.
        request_id: the service's id for the request that was accepted.
    """

    def __init__(self, kind: Kind, body: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        self.body = body or {}
        self.state = State.PLANNED
        self.request_id: str | None = None

    def accept(self, body: Mapping[str, Any], request_id: str | None) -> None:
        """Record that the service accepted the step, and what was sent."""
        self.body, self.request_id, self.state = body, request_id, State.ACCEPTED


class Outcome:
    """The record of one task.

    Attributes:
        declared: the declaration. It gets the id of the task as soon as that is known; if the task is recreated, it
            also gets what the old task had.
        plan: what the task takes; None if that could not be planned.
        steps: the writes, in order.
        found: the task as it was when the run began.
        before: the task as it was when its first modify was planned.
        baseline: what the last modify is compared with: the task as it was when that was planned, but an option that no
            modify had carried, and that was at its default by then, is as it was before.
        task: the task as it was last read; before a write, as the steps would make it; None if that is not known.
        to_restore: what the service emptied, and has to be restored.
        unrestorable: names of what the service emptied and what cannot be restored.
        abandoned: names of options that are not sent again, because the service refused them.
        refusal: why it refused them.
        ids_at_start: ids of the tasks that had the destination when the run began.
        deadline: the moment of the monotonic clock when waiting for this task ends; infinity before it begins.
        written_at: the moment of the monotonic clock when the last step was sent; None if none was.
        stream: the stream of the task as it was last read; None if the service does not know it, or without a task.
        stream_is_read: whether the run has read the stream.
        awaits_stream: whether the run waits for the stream now.
        error: why the task is not in the declared state.
        attempted: whether the run got as far as this task.
        warnings: kind to text.
    """

    def __init__(self, declared: Declaration) -> None:
        self.declared = declared
        self.plan: Plan | None = None
        self.steps: list[Step] = []
        self.found: PullTask | None = None
        self.before: PullTask | None = None
        self.baseline: PullTask | None = None
        self.task: PullTask | None = None
        self.to_restore: dict[str, Any] = {}
        self.unrestorable: list[str] = []
        self.abandoned: set[str] = set()
        self.refusal: LiveError | None = None
        self.ids_at_start: frozenset[str] = frozenset()
        self.deadline = math.inf
        self.written_at: float | None = None
        self.stream: Stream | None = None
        self.stream_is_read = self.awaits_stream = False
        self.error: LiveError | None = None
        self.attempted = True
        self.warnings: dict[str, str] = {}

    def step(self, kind: Kind, states: Sequence[State] = tuple(State)) -> Step | None:
        """Return the step of a kind that is in one of the states; None if there is none."""
        return next((step for step in self.steps if step.kind is kind and step.state in states), None)

    @property
    def pending(self) -> list[Step]:
        """The steps that are still to be sent."""
        return [step for step in self.steps if step.state is State.PLANNED]

    @property
    def unverified(self) -> Step | None:
        """The last step that was accepted and is not verified yet."""
        return next((step for step in reversed(self.steps) if step.state is State.ACCEPTED), None)

    @property
    def changed(self) -> bool:
        """Whether the service has, or may have, changed the task."""
        return any(step.state in _MAYBE_CARRIED_OUT for step in self.steps)

    @property
    def accepted(self) -> bool:
        """Whether the service has accepted a step."""
        return any(step.state in _ACCEPTED for step in self.steps)

    @property
    def created(self) -> bool:
        """Whether the task was created."""
        return self.step(Kind.CREATE, _ACCEPTED) is not None

    @property
    def deleted(self) -> bool:
        """Whether the task was deleted."""
        return self.step(Kind.DELETE, _ACCEPTED) is not None

    @property
    def recreates(self) -> bool:
        """Whether the task is deleted and created again."""
        return self.step(Kind.DELETE) is not None and self.step(Kind.CREATE) is not None

    @property
    def old_id(self) -> str | None:
        """Id of the task that is deleted; None if none is."""
        step = self.step(Kind.DELETE)
        return step.body["task_id"] if step else None

    @property
    def modifies(self) -> list[Step]:
        """The modifies that were accepted."""
        return [step for step in self.steps if step.kind is Kind.MODIFY and step.state in _ACCEPTED]

    @property
    def carried(self) -> set[str]:
        """Names of all that was in the bodies of the accepted modifies."""
        return {name for step in self.modifies for name in step.body}

    @property
    def request_id(self) -> str | None:
        """The service's id for the last request that it accepted."""
        return next((step.request_id for step in reversed(self.steps) if step.state in _ACCEPTED), None)

    @property
    def targets(self) -> dict[str, Any]:
        """What the task has to become: what is declared, and what has to be restored."""
        return {**self.to_restore, **self.declared.values}

    @property
    def throttled(self) -> bool:
        """Whether the task met nothing but HTTP 429."""
        cause = service_error(self.error)
        return cause is not None and cause.details.get("http_status") == THROTTLED and not self.changed

    @property
    def must_pause(self) -> bool:
        """Whether the task was created, is declared paused, and is not paused yet: it is on air in its window."""
        return self.created and self.declared.values.get("status") == "pause" and "status" not in self.carried

    @property
    def is_chain(self) -> bool:
        """Whether an interruption before the last pending step would leave the channel missing or on air."""
        return len(self.pending) > 1 or self.must_pause

    def record_stream(self, stream: Stream | None) -> None:
        """Record the stream of the task as it was read."""
        self.stream, self.stream_is_read = stream, True

    def warn(self, kind: str, text: str | None) -> None:
        """Record a warning in place of an earlier one of its kind; None removes that."""
        self.warnings.pop(kind, None)
        if text:
            self.warnings[kind] = text

    def record_found(self, task: PullTask) -> None:
        """Record which task is meant."""
        self.declared = self.declared._replace(task_id=task.task_id)
        self.task = self.found = task

    def reject(self, error: LiveError) -> None:
        """Record that the task cannot be brought to the declared state."""
        self.error, self.steps, self.plan, self.task = error, [], None, self.found

    def record_id(self, task_id: str) -> None:
        """Record the id of the task that was created."""
        self.declared = self.declared._replace(task_id=task_id)

    def record_plan(self, plan: Plan, task: PullTask, moment: float) -> None:
        """Record the plan of a modify, and the task that it was planned for. Later plans only add to the first one.

        Args:
            plan: the plan.
            task: the task as it was read.
            moment: seconds since the epoch.
        """
        if self.changed and self.plan:
            has = task.values.keys() - task.still_lost(task.values, moment).keys()
            # What the service emptied is restored, not changed. After a lost response, it is not in `to_restore` yet.
            more = (has & {*plan.changes}) - self.to_restore.keys()
            self.plan = self.plan._replace(changes=sorted({*self.plan.changes, *more}))
            # A new task is planned for the first time here.
            self.baseline = (self.baseline or task).with_values(task, self.carried | has)
        else:
            self.plan, self.before, self.baseline, self.task = plan, task, task, plan.task

    def record_lost(self, lost: Sequence[str]) -> bool:
        """Record what the service emptied, and return whether any of it can be restored."""
        before = self.baseline.values if self.baseline else {}
        values = {name: self.declared.values.get(name, before.get(name)) for name in lost}
        if values.get("status") not in STATUSES:
            values.update(dict.fromkeys({"status"} & values.keys()))
        self.unrestorable += [name for name in lost if values[name] is None]
        self.to_restore.update({name: value for name, value in values.items() if value is not None})
        return any(value is not None and name not in self.abandoned for name, value in values.items())

    def abandon(self, names: Set[str], refusal: LiveError) -> None:
        """Record options that cannot be set, and why. The run goes on with the others, and fails at its end."""
        self.abandoned.update(names)
        self.refusal = self.refusal or refusal

    def write_again(self) -> None:
        """Plan one more modify: it is known what the accepted steps did, and something is left to do."""
        self.mark_verified()
        self.steps.append(Step(Kind.MODIFY))

    def mark_verified(self) -> None:
        """Record that it is known what the accepted steps did, as declared or not."""
        for step in self.steps:
            if step.state is State.ACCEPTED:
                step.state = State.VERIFIED
