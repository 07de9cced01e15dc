# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of one task, as results and in words. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from ._errors import LiveError, service_error
from ._masking import HIDDEN_CHANGE, masked
from ._options import STATUSES
from ._service.answers import THROTTLED
from ._task.plan import Plan
from ._task.task import Declaration, PullTask


class Outcome:
    """What became of one task.

    Attributes:
        wanted: what was asked.
        plan: what that takes; None when there could be none.
        before: the task as it was when its first modify was planned.
        planned: the same, but what a modify has carried, and what others have set since, is as it was when the last
            one was planned.
        sent: the body of the last modify that was accepted.
        carried: the names of all that was in the bodies of those that were.
        writes: how many were.
        changed: whether the task was modified, or may have been; in check mode, whether it would be.
        task: the task as it is now, or in check mode would be; None when that is not known.
        current: the task as it was found.
        request_id: the service's id for the modify.
        error: why the task is not as asked; None when it is.
        attempted: whether the task's turn came.
        owed: what the service emptied and has to be restored.
        gone: the names of what the service emptied and nobody can restore.
        abandoned: the names of options that are not sent again, because that was refused.
        refusal: why.
        removes: id of the task that has to be deleted.
        creates: body of the create that has to be sent.
        known: ids of the tasks that had its destination when the run began.
        replaced: id of the task in whose place this one came.
        created: whether the task was created; in check mode, whether it would be.
        deleted: the same for deleted.
        warnings: kind to what the user should know besides.
    """

    def __init__(self, wanted: Declaration) -> None:
        self.wanted = wanted
        self.plan: Plan | None = None
        self.before: PullTask | None = None
        self.planned: PullTask | None = None
        self.sent: Mapping[str, Any] | None = None
        self.carried: set[str] = set()
        self.writes = 0
        self.changed = False
        self.task: PullTask | None = None
        self.current: PullTask | None = None
        self.request_id: str | None = None
        self.error: LiveError | None = None
        self.attempted = True
        self.owed: dict[str, Any] = {}
        self.gone: list[str] = []
        self.abandoned: set[str] = set()
        self.refusal: LiveError | None = None
        self.removes: str | None = None
        self.creates: Mapping[str, Any] | None = None
        self.known: frozenset[str] = frozenset()
        self.replaced: str | None = None
        self.created = False
        self.deleted = False
        self.warnings: dict[str, str] = {}

    @property
    def targets(self) -> dict[str, Any]:
        """What the task has to become: what is asked, and what has to be restored."""
        return {**self.owed, **self.wanted.values}

    @property
    def sends_all(self) -> bool:
        """Whether the modify carries even what is usually left out, as far as the task has it."""
        if not self.plan:
            return False
        return not any(self.plan.task.has(name) for name in {"source_urls", "end_time"} - {*(self.plan.request or ())})

    @property
    def throttled(self) -> bool:
        """Whether the task met nothing but HTTP 429."""
        cause = service_error(self.error)
        return cause is not None and cause.details.get("http_status") == THROTTLED and not self.changed

    @property
    def is_chain(self) -> bool:
        """Whether the next write calls for another one: a delete for its create, a create for its pause."""
        pauses = self.wanted.values.get("status") == "pause"
        return bool(self.creates and (self.removes or pauses)) or self.owes_pause

    @property
    def owes_pause(self) -> bool:
        """Whether the task was created, is to be paused, and was not: until then it is on air."""
        return self.created and self.wanted.values.get("status") == "pause" and "status" not in self.carried

    def warn(self, kind: str, text: str | None) -> None:
        """Take down a warning in place of an earlier one of its kind; None takes that away."""
        self.warnings.pop(kind, None)
        if text:
            self.warnings[kind] = text

    def note(self, plan: Plan, task: PullTask, moment: float) -> None:
        """Take down what a modify takes, and of what task; later ones only add to it."""
        if self.changed and self.plan:
            # What the service emptied is restored, not changed.
            more = [name for name in plan.changes if name not in self.owed]
            self.plan = self.plan._replace(changes=sorted({*self.plan.changes, *more}))
            theirs = task.values.keys() - task.still_lost(task.values, moment).keys()
            # One that was created just now was planned for the first time.
            self.planned = (self.planned or task).with_values(task, self.carried | theirs)
        else:
            self.plan, self.before, self.planned, self.task = plan, task, task, plan.task

    def found(self, task: PullTask) -> None:
        """Take down which task is meant."""
        self.wanted = self.wanted._replace(task_id=task.task_id)
        self.task = self.current = task

    def refuse(self, error: LiveError) -> None:
        """Take down that the task cannot be done."""
        self.error, self.changed, self.removes, self.creates = error, False, None, None
        self.plan, self.task = None, self.current

    def skip(self, reason: str) -> None:
        """Take down that the task's turn never came."""
        self.attempted = False
        self.refuse(LiveError(f"Task {self.wanted.label} was not attempted: {reason}."))

    def removed(self) -> None:
        """Take down that the task was deleted."""
        self.sent = {"task_id": self.removes}
        self.replaced, self.removes = self.removes, None
        self.deleted = self.changed = True

    def became(self, task_id: str, body: Mapping[str, Any]) -> None:
        """Take down that the task was created, and with which id."""
        self.wanted = self.wanted._replace(task_id=task_id)
        self.sent, self.creates = {"task_id": task_id, **body}, None
        self.created = self.changed = True

    def owe(self, lost: Sequence[str]) -> bool:
        """Take down what the service emptied, and return whether there is something to restore."""
        before = self.planned.values if self.planned else {}
        owed = {name: self.wanted.values.get(name, before.get(name)) for name in lost}
        if owed.get("status") not in STATUSES:
            owed.update(dict.fromkeys({"status"} & owed.keys()))
        self.gone += [name for name in lost if owed[name] is None]
        self.owed.update({name: value for name, value in owed.items() if value is not None})
        return any(value is not None and name not in self.abandoned for name, value in owed.items())

    def abandon(self, names: Set[str], refusal: LiveError) -> None:
        """Record options that cannot be set, and why. The run goes on with the others, and fails at its end."""
        self.abandoned.update(names)
        self.refusal = self.refusal or refusal

    def accept(self, sent: Mapping[str, Any]) -> None:
        """Take down that a modify was carried out."""
        self.sent, self.changed = sent, True
        self.carried.update(sent)
        self.writes += 1

    def fail(self, trouble: str = "", cause: LiveError | None = None) -> None:
        """Take down what is wrong with a task whose modify was accepted, and what cannot be restored."""
        if self.gone:
            gone = (
                f"it left {', '.join(self.gone)} otherwise than before, and what they were could not be understood, so"
                " that they cannot be restored. Set them."
            )
            trouble = f"{trouble} Besides, {gone}" if trouble else f"but {gone}"
        request_id = f" (request id {self.request_id})" if self.request_id else ""
        self.error = LiveError(
            f"The service accepted the {self._verb} of task {self.wanted.label}{request_id}, {trouble}",
            changed=True,
            **{"request_id": self.request_id, **(cause.details if cause else {})},
        )
        # Without its cause, nobody sees that it was the network or the service.
        self.error.__cause__ = cause

    @property
    def _verb(self) -> str:
        return "create" if self.created else "delete" if self.deleted else "modify"

    def not_written(self, error: LiveError, wrong: str) -> LiveError:
        """Return the error of a modify that was refused, or could not be planned.

        Args:
            error: why.
            wrong: what of the task is not as it should be, in words.
        """
        self.task = None
        if not self.changed:
            return error
        if not (self.writes or self.created):
            return self.unknown(error)
        what = f"restoring {', '.join(sorted(self.owed))}" if self.owed else "the rest of what is asked"
        became = f" Now {wrong}." if wrong else ""
        if self.owes_pause:
            what, became = "the pause", " The task is not paused: it is on air in its window. Run again to pause it."
        self.fail(f"but {what} failed: {error.message}{became}", error)
        return self.error or error

    def unknown(self, error: LiveError) -> LiveError:
        """Return the error of a modify of which nobody knows whether it was carried out."""
        self.changed, self.task = True, None
        what = f"the change of {', '.join(self.plan.changes if self.plan else ())} was made"
        if self.created:
            error.message, what = f"Task {self.wanted.label} was created. {error.message}", "it was paused as well"
        elif self.owed:
            what += f", and {', '.join(sorted(self.owed))} restored, which the service had emptied"
        error.message += f" It is not known whether {what}. Running the same again is safe."
        return error

    def restored_warning(self, moment: float) -> str | None:
        """Return a warning if something had to be restored, and was."""
        names = sorted(self.owed.keys() - (self.task.still_lost(self.owed, moment) if self.task else self.owed).keys())
        if not names:
            return None
        return (
            f"Task {self.wanted.label}: the service emptied {', '.join(names)}, which the modify had left out. That was"
            " noticed and restored."
        )

    def meanwhile_warning(self, names: Sequence[str]) -> str | None:
        """Return a warning if someone else changed these options while the run was on."""
        if not names:
            return None
        return (
            f"Task {self.wanted.label}: {', '.join(names)} {'has' if len(names) == 1 else 'have'} changed meanwhile,"
            " and not by this run. That was left alone."
        )

    def instead(self, task: PullTask, moment: float) -> str:
        """Return what of the task is not as it should be, in words."""
        now, targets = task.result(), {**task.still_lost(self.owed, moment), **self.wanted.values}
        if task.status_is_unknown:
            targets.pop("status", None)

        def told(name: str) -> str:
            one, other = f"{masked(now.get(name))!r}", f"{masked(targets[name])!r}"
            return f"{name} is {one} instead of {other}{HIDDEN_CHANGE if one == other else ''}"

        return "; ".join(map(told, task.differing(targets, moment)))

    @property
    def diff(self) -> dict[str, Any]:
        """The managed options before and after, in the form that Ansible shows."""
        before = after = f"pull task {self.wanted.label}"
        if self.created or self.creates:
            after = f"new pull task {self.wanted.destination or self.wanted.label}"
            going = self.replaced or self.removes
            before = f"no {after[4:]}"
            if going:
                before = f"pull task {going}, deleted: off air until the new one is there"
        elif self.deleted or self.removes:
            after = f"{before}, deleted"
        return {
            "before": self.plan.before if self.plan else {},
            "after": self.plan.after if self.plan else {},
            "before_header": before,
            "after_header": after,
        }

    def result(self) -> dict[str, Any]:
        """Return the results for this task, of success and of failure, but for the diff."""
        results: dict[str, Any] = {"changed": self.changed, **({"failed": True} if self.error else {})}
        if self.task or (self.wanted.absent and not self.error):
            results["live_pull_task"] = self.task.result() if self.task else {}
        if self.plan:
            results["changes"] = self.plan.changes
            if self.plan.request:
                results["request"] = self.plan.request
        results.update({name: True for name in ("created", "deleted") if getattr(self, name)})
        if self.request_id:
            results["request_id"] = self.request_id
        if self.owed and not self.error:
            results["restored"] = sorted(self.owed)
        if self.error:
            results.update(self.error.result())
        return results

    def slim_result(self) -> dict[str, Any]:
        """Return the same, but for a task that is as asked only that: large fleets are mostly such tasks."""
        destination = self.wanted.destination
        named = {"destination": str(destination)} if destination else {}
        known = {**named, **self.result()} if self.changed or self.error else {"changed": False}
        return {"task_id": self.wanted.task_id, **known}
