# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, plan, modify, wait: how tasks are brought to what is asked. Private to this collection."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ._errors import LiveApiError, LiveError
from ._service.client import PAGE, LiveClient
from ._service.pace import Clock
from ._task.air import window_warnings
from ._task.plan import Plan, plan
from ._task.task import PullTask, Wanted

FIRST_DELAY = 0.5
LONGEST_DELAY = 5.0
MOST_NAMED = 5


class Outcome:
    """What became of one task.

    Attributes:
        wanted: what was asked.
        plan: what that takes; None when there could be none.
        changed: whether the task was modified, or in check mode would be.
        task: the task as it is now, or in check mode would be; None when that is not known.
        request_id: the service's id for the modify.
        error: why the task is not as asked; None when it is.
        warnings: what the user should know besides.
    """

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.plan: Plan | None = None
        self.changed = False
        self.task: PullTask | None = None
        self.request_id: str | None = None
        self.error: LiveError | None = None
        self.warnings: list[str] = []

    @property
    def diff(self) -> dict[str, Any]:
        """The managed options before and after, in the form that Ansible shows."""
        header = f"pull task {self.wanted.task_id}"
        return {
            "before": self.plan.before if self.plan else {},
            "after": self.plan.after if self.plan else {},
            "before_header": header,
            "after_header": header,
        }

    def result(self) -> dict[str, Any]:
        """Return the results for this task, of success and of failure, but for the diff."""
        results: dict[str, Any] = {"changed": self.changed, **({"failed": True} if self.error else {})}
        if self.task:
            results["live_pull_task"] = self.task.result()
        if self.plan:
            results["changes"] = self.plan.changes
            if self.plan.request:
                results["request"] = self.plan.request
        if self.request_id:
            results["request_id"] = self.request_id
        if self.error:
            results.update(self.error.result())
        return results


def reconcile(
    client: LiveClient,
    wanted: Sequence[Wanted],
    *,
    check_mode: bool = False,
    wait_timeout: float | None = None,
    concurrency: int = 1,
    clock: Clock | None = None,
) -> list[Outcome]:
    """Bring every task to what is asked of it, and return what became of each, in the order asked.

    Args:
        client: the service.
        wanted: what is asked; each task once.
        check_mode: only tell what would be done.
        wait_timeout: for how many seconds to read again until the changes took; None not to wait.
        concurrency: how many tasks are modified at a time.
        clock: time and chance.

    Raises:
        LiveApiError: the list of tasks could not be read. Nothing was changed.
    """
    clock = clock or Clock()
    outcomes = [Outcome(one) for one in wanted]
    tasks = read_tasks(client, [one.task_id for one in wanted])
    for outcome in outcomes:
        _plan(outcome, tasks.get(outcome.wanted.task_id), client.place, clock.now())
    pending = [outcome for outcome in outcomes if outcome.changed]
    if not check_mode and pending:
        _modify_all(client, pending, concurrency)
        if wait_timeout is not None:
            _wait(client, [outcome for outcome in pending if not outcome.error], wait_timeout, clock)
    return outcomes


def report(outcomes: Sequence[Outcome], check_mode: bool = False) -> dict[str, Any]:
    """Return the results of a run over many tasks; in check mode their words are of what would be."""
    failed = [outcome for outcome in outcomes if outcome.error]
    changed = sum(outcome.changed for outcome in outcomes if not outcome.error)
    results: dict[str, Any] = {
        "changed": any(outcome.changed for outcome in outcomes),
        "live_pull_tasks": [{"task_id": outcome.wanted.task_id, **outcome.result()} for outcome in outcomes],
        "summary": {
            "changed": changed,
            "unchanged": len(outcomes) - changed - len(failed),
            "failed": len(failed),
        },
        "diff": [outcome.diff for outcome in outcomes if outcome.plan and outcome.plan.changes],
        "warnings": [warning for outcome in outcomes for warning in outcome.warnings],
    }
    if failed:
        results["failed"] = True
        named = "; ".join(_named(outcome) for outcome in failed[:MOST_NAMED])
        more = f"; and {len(failed) - MOST_NAMED} more, see live_pull_tasks" if len(failed) > MOST_NAMED else ""
        perhaps = sum(outcome.changed for outcome in failed)
        results["msg"] = (
            f"{len(failed)} of {len(outcomes)} tasks failed{f' ({perhaps} may have been changed)' if perhaps else ''},"
            f" {changed} {'would be' if check_mode else 'were'} changed. {named}{more}"
        )
    return results


def _named(outcome: Outcome) -> str:
    """Return why a task failed, with its id."""
    task_id, message = outcome.wanted.task_id, str(outcome.result()["msg"])
    return message if re.search(rf"task {re.escape(task_id)}\b", message, re.I) else f"{task_id}: {message}"


def read_tasks(
    client: LiveClient, task_ids: Iterable[str], deadline: float = math.inf
) -> dict[str, PullTask | LiveApiError]:
    """Return the tasks with these ids, as far as they exist, with as few requests as the list allows.

    A task that could not be read has the error in its place, so that the others can go on.

    Args:
        client: the service.
        task_ids: ids of the tasks.
        deadline: the moment of the monotonic clock after which no request is sent again.

    Raises:
        LiveApiError: the list could not be read.
    """
    missing = dict.fromkeys(task_ids)
    found: dict[str, PullTask | LiveApiError] = {}
    for page, left in client.pages(deadline=deadline) if len(missing) > 1 else ():
        for answer in page:
            task_id = answer.get("task_id")
            if isinstance(task_id, str) and task_id in missing:
                found[task_id] = PullTask.from_answer(answer)
                del missing[task_id]
        if -(-left // PAGE) >= len(missing):
            break
    # One by one is cheaper now. It is done at the end of the list too: tasks slip from page to page when others go.
    for task_id in missing:
        try:
            one = client.get(task_id, deadline)
        except LiveApiError as error:
            found[task_id] = error
        else:
            if one is not None:
                found[task_id] = PullTask.from_answer(one)
    return found


def _plan(outcome: Outcome, current: PullTask | LiveApiError | None, place: str, now: float) -> None:
    if isinstance(current, LiveApiError):
        outcome.error = current
        return
    if current is None:
        outcome.error = LiveError(
            f"There is no task {outcome.wanted.task_id} in {place}. This collection changes tasks that exist; it does"
            " not create them."
        )
        return
    outcome.task = current
    try:
        outcome.plan = plan(current, outcome.wanted)
    except LiveError as error:
        outcome.error = error
        return
    outcome.task = outcome.plan.task
    outcome.warnings = [*outcome.plan.warnings, *window_warnings(outcome.task, outcome.wanted, now)]
    outcome.changed = bool(outcome.plan.changes)


def _modify_all(client: LiveClient, outcomes: Sequence[Outcome], concurrency: int) -> None:
    if concurrency == 1 or len(outcomes) == 1:
        for outcome in outcomes:
            _modify(client, outcome)
        return
    # Not at the top: a run that changes one task has no use for it.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(lambda outcome: _modify(client, outcome), outcomes))


def _modify(client: LiveClient, outcome: Outcome) -> None:
    if not outcome.plan or not outcome.plan.request:
        return
    try:
        outcome.request_id = client.modify(outcome.plan.request)
    except LiveApiError as error:
        outcome.changed = error.changed = error.uncertain
        outcome.task = None
        if error.uncertain:
            error.message += (
                f" It is not known whether the change of {', '.join(outcome.plan.changes)} was made."
                " Running the same again is safe."
            )
        outcome.error = error


def _wait(client: LiveClient, outcomes: Sequence[Outcome], timeout: float, clock: Clock) -> None:
    """Read until every task is as asked, or time is up."""
    deadline = clock.monotonic() + timeout
    delay = FIRST_DELAY
    while outcomes:
        task_ids = [outcome.wanted.task_id for outcome in outcomes]
        try:
            tasks = read_tasks(client, task_ids, deadline)
        except LiveApiError as error:
            tasks = dict.fromkeys(task_ids, error)
        outcomes = [outcome for outcome in outcomes if not _has_taken(outcome, tasks.get(outcome.wanted.task_id))]
        left = deadline - clock.monotonic()
        if left <= 0:
            break
        if outcomes:
            clock.sleep(min(delay, left))
            delay = min(2 * delay, LONGEST_DELAY)
    for outcome in outcomes:
        outcome.error = _accepted(outcome, f"but after {timeout:g} seconds (wait_timeout) {_not_taken(outcome)}")


def _has_taken(outcome: Outcome, now: PullTask | LiveApiError | None) -> bool:
    """Take down what was read back, and return whether there is nothing to wait for any more."""
    if isinstance(now, LiveApiError):
        outcome.task = None
        outcome.error = _accepted(outcome, f"but reading it back failed: {now.message}", now)
        return True
    outcome.task = now
    return now is not None and not now.differing(outcome.wanted)


def _not_taken(outcome: Outcome) -> str:
    """Return what is not yet as asked, in words."""
    if not outcome.task:
        return "the task is no longer listed."
    now = outcome.task.result()
    differences = (
        f"{name} is {now.get(name)!r} instead of {outcome.wanted.values[name]!r}"
        for name in outcome.task.differing(outcome.wanted)
    )
    return f"these options have not taken: {'; '.join(differences)}."


def _accepted(outcome: Outcome, trouble: str, cause: LiveError | None = None) -> LiveError:
    request_id = f" (request id {outcome.request_id})" if outcome.request_id else ""
    return LiveError(
        f"The service accepted the modify of task {outcome.wanted.task_id}{request_id}, {trouble}",
        changed=True,
        **(cause.details if cause else {"request_id": outcome.request_id}),
    )
