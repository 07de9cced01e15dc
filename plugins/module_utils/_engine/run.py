# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, plan, write, verify: how tasks are brought to the declared state. Private to this collection.

The API page leaves open what a modify does with what it leaves out, and others write at the same time. So a modify is
planned from a fresh read each time it is sent. Unless wait is false, the whole task is verified, and what was lost is
restored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from .._clock import Clock, Reporter, silent
from .._errors import LiveApiError
from .._masking import presentable
from .._service.client import LiveClient
from .._task.immutable import stream_name_hint
from .._task.plan import Lessons
from .._task.task import Declaration, PullTask
from .outcome import Outcome
from .planning import Situation, plan_all, skip
from .progress import Progress
from .snapshot import Snapshot

if TYPE_CHECKING:
    from .pushes import Pushes


def reconcile(
    client: LiveClient,
    declared: Sequence[Declaration],
    *,
    check_mode: bool = False,
    wait_timeout: float | None = None,
    concurrency: int = 1,
    preflight: bool = False,
    status_words: Mapping[str, str] | None = None,
    streams: bool = False,
    tell: Reporter = silent,
    clock: Clock | None = None,
) -> list[Outcome]:
    """Bring every task to the declared state, and return the record of each, in the order of the declarations.

    Args:
        client: the service.
        declared: the declarations; each task once.
        check_mode: plan only.
        wait_timeout: for how many seconds to wait until the changes take effect; None not to wait.
        concurrency: how many tasks are written at a time.
        preflight: whether to write nothing if any task cannot be changed.
        status_words: words of the service, in lower case, to the status that they mean.
        streams: whether to wait for the streams of the tasks too.
        tell: reports the progress of many tasks, and the settings of a task that is deleted to be recreated.
        clock: time and chance.

    Raises:
        LiveApiError: the list of tasks could not be read. Nothing was changed.
    """
    clock, lessons = clock or Clock(), Lessons()
    snapshot = Snapshot(client, clock, status_words or {})
    outcomes = [Outcome(one) for one in declared]
    with Progress(tell, outcomes) as progress:
        mask = None if tell is silent else lambda text: presentable(client.secrets.mask_message(text))
        situation = _read_situation(client, snapshot, declared, lessons, clock, mask)
        plan_all(outcomes, situation)
        pushes = _pushes(client, clock, outcomes, situation, wait_timeout, check_mode) if streams else None
        unfit = sum(outcome.error is not None for outcome in outcomes)
        to_write = [outcome for outcome in outcomes if outcome.steps]
        if preflight and unfit:
            for outcome in outcomes:
                if not outcome.error:
                    skip(outcome, f"{unfit} of {len(outcomes)} tasks cannot be changed (preflight)")
        elif to_write and not check_mode:
            # Import this only if something is written: a shipped module compiles its imports at every start.
            from .rollout import Rollout

            progress.writing(to_write)
            Rollout(
                client,
                snapshot,
                lessons,
                wait_timeout=wait_timeout,
                concurrency=concurrency,
                tell=tell,
                clock=clock,
            ).write(to_write)
        if pushes:
            pushes.wait(check_mode)
    return outcomes


def _pushes(
    client: LiveClient,
    clock: Clock,
    outcomes: Sequence[Outcome],
    situation: Situation,
    wait_timeout: float | None,
    check_mode: bool,
) -> Pushes:
    """Return the pushes of a run, as they are before its writes."""
    # Like the import of Rollout, only if it is needed.
    from .pushes import Pushes

    pushes = Pushes(client, clock, outcomes, situation.tasks, wait_timeout or 0.0)
    if not check_mode:
        pushes.look_before()
    return pushes


def _read_situation(
    client: LiveClient,
    snapshot: Snapshot,
    declared: Sequence[Declaration],
    lessons: Lessons,
    clock: Clock,
    mask: Callable[[str], str] | None,
) -> Situation:
    """Read the tasks: all of them if one is named by its destination alone, or may be recreated.

    Raises:
        LiveApiError: the list of tasks could not be read.
    """
    by_id = all(one.task_id and not one.recreate for one in declared)
    read = snapshot.read([str(one.task_id) for one in declared]) if by_id else {}
    tasks = [task for task in read.values() if isinstance(task, PullTask)] if by_id else snapshot.read_all()
    return Situation(
        tasks=tasks,
        failed={task_id: error for task_id, error in read.items() if isinstance(error, LiveApiError)},
        complete=not by_id,
        for_hints=_read_for_hints(snapshot, declared) if by_id and len(read) < len(declared) else tasks,
        place=client.place,
        region=client.region,
        mask=mask,
        moment=clock.now(),
        lessons=lessons,
    )


def _read_for_hints(snapshot: Snapshot, declared: Sequence[Declaration]) -> Sequence[PullTask]:
    """Return all tasks if an id looks like the name of a stream: then a similar name can be named."""
    try:
        return snapshot.read_all() if any(stream_name_hint(str(one.task_id)) for one in declared) else []
    except LiveApiError:
        return []
