# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of tasks that were written: they are read back, all of them, until they are as asked or time is up.

Private to this collection.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from enum import Enum

from ._errors import LiveApiError, counted
from ._modify import Writer
from ._outcome import Outcome
from ._task.immutable import Destination, listed_otherwise, uncompared
from ._task.matching import Listing
from ._task.task import PullTask, unknown_status
from ._task.verdict import Verdict, judge

# A task is written again when something was lost, or changed by someone else on the way.
MOST_WRITES = 3
FIRST_DELAY = 0.5
LONGEST_DELAY = 5.0
# A status that nobody understands does not show whether the list is still behind: so many reads may be, however slow.
LOOKS_BEHIND = 3


class Step(Enum):
    """What comes next for a task that was read back."""

    WAIT = 1
    WRITE = 2
    END = 3


class Look:
    """Reads tasks back.

    Args:
        writer: what has written them.
        wait_timeout: for how many seconds to read again until the changes took; None to look once, and fail nothing.
    """

    def __init__(self, writer: Writer, wait_timeout: float | None) -> None:
        self._writer = writer
        self._book = writer.book
        self._clock = writer.clock
        self._wait_timeout = wait_timeout
        self._listing = Listing(())

    def until_done(self, outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
        """Read until every task is as asked, one has to be written again, or time is up.

        Return those that have to be written again, and those that have to be looked at again then.
        """
        deadline = self._clock.monotonic() + (self._wait_timeout or 0.0)
        delay = FIRST_DELAY
        waiting = outcomes
        for earlier_looks in itertools.count():
            tasks = self._read_back(waiting, deadline)
            proven = earlier_looks >= LOOKS_BEHIND or self._clock.monotonic() >= deadline
            pending: list[Outcome] = []
            again: list[Outcome] = []
            for outcome in waiting:
                step = self._step(outcome, tasks.get(str(outcome.wanted.task_id)), proven)
                pending += [outcome] if step is Step.WAIT else []
                again += [outcome] if step is Step.WRITE else []
            if again:
                return again, pending
            waiting = pending
            left = deadline - self._clock.monotonic()
            if not waiting or left <= 0:
                break
            self._clock.sleep(min(delay, left))
            delay = min(2 * delay, LONGEST_DELAY)
        if self._wait_timeout is not None:
            for outcome in waiting:
                self._give_up(outcome, tasks.get(str(outcome.wanted.task_id)))
        return [], []

    def _step(self, outcome: Outcome, now: PullTask | LiveApiError | None, proven: bool) -> Step:
        """Return what comes next for a task, and say what there is to say of one that is done.

        Args:
            outcome: of the task.
            now: the task as it was read.
            proven: whether a reading that shows nothing of the modify counts as later than it.
        """
        if outcome.wanted.absent:
            return Step.WAIT if now else Step.END
        verdict = self._verdict(outcome, now)
        if not verdict:
            return Step.WAIT
        # While something that was sent does not show, the reading may be from before the modify.
        behind = bool({*verdict.pending} - outcome.abandoned) or (verdict.unproven and not proven)
        unsent = {*verdict.unsent} - outcome.abandoned
        if self._owes(outcome, verdict) or (unsent and not behind):
            if outcome.writes < MOST_WRITES:
                return Step.WRITE
            if not behind:
                outcome.fail(f"and {MOST_WRITES - 1} more after it, but {self._instead(outcome)}.")
                return Step.END
        if behind:
            return Step.WAIT
        self._finish(outcome, verdict)
        return Step.END

    def _instead(self, outcome: Outcome) -> str:
        return outcome.instead(outcome.task, self._clock.now()) if outcome.task else ""

    def _read_back(self, outcomes: Sequence[Outcome], deadline: float) -> Mapping[str, PullTask | LiveApiError]:
        """Return the tasks; one that could not be read has the error in its place."""
        task_ids = [str(outcome.wanted.task_id) for outcome in outcomes]
        try:
            if not any(outcome.created for outcome in outcomes):
                return self._book.read(task_ids, deadline)
            # All of them, or nobody would see that someone else has created the same one.
            tasks = self._book.read_all(deadline)
            self._listing = Listing(tasks)
            return {task.task_id: task for task in tasks}
        except LiveApiError as error:
            return dict.fromkeys(task_ids, error)

    def _verdict(self, outcome: Outcome, now: PullTask | LiveApiError | None) -> Verdict | None:
        """Return what became of a task; None if it could not be read, which is no more than not yet."""
        # Of what was created just now, nothing was otherwise before, but for what a modify may have emptied since.
        before, planned = (now, outcome.planned or now) if outcome.created else (outcome.before, outcome.planned)
        if not (isinstance(now, PullTask) and isinstance(before, PullTask) and isinstance(planned, PullTask)):
            outcome.task = None if self._wait_timeout is not None else outcome.task
            return None
        moment = self._clock.now()
        verdict = judge(before, planned, outcome.sent or {}, now, outcome.wanted.values, outcome.owed, moment)
        if not verdict.pending or self._wait_timeout is not None:
            outcome.task = now
        return verdict

    def _owes(self, outcome: Outcome, verdict: Verdict) -> bool:
        """Take down what was lost, and return whether there is something to restore."""
        lost = [name for name in verdict.lost if name not in outcome.gone]
        self._writer.learn(lost)
        return outcome.owe(lost)

    def _finish(self, outcome: Outcome, verdict: Verdict) -> None:
        """Say what there is to say of a task that is as asked."""
        outcome.warn(
            "status", unknown_status(outcome.task, outcome.wanted) if outcome.task and verdict.unknown else None
        )
        outcome.warn("meanwhile", outcome.meanwhile_warning(verdict.others))
        if outcome.created and outcome.task:
            self._check_immutable(outcome, outcome.task)
        here = self._listing.at(outcome.wanted.destination)
        same = [task.task_id for task in here if task.task_id not in outcome.known]
        if outcome.created and len(same) > 1:
            outcome.fail(
                f"but now there are several that push to {outcome.wanted.destination}: {', '.join(same)}. Someone else"
                " has created one at the same time. Delete all but one."
            )
        self.conclude(outcome)

    def conclude(self, outcome: Outcome) -> None:
        """Report what was restored, and what could not be."""
        outcome.warn("restored", outcome.restored_warning(self._clock.now()))
        wrong = self._instead(outcome) if outcome.refusal else ""
        if wrong and outcome.refusal:
            outcome.fail(f"but {wrong}. {outcome.refusal.message}", outcome.refusal)
        elif outcome.gone and not outcome.error:
            outcome.fail()

    def _check_immutable(self, outcome: Outcome, task: PullTask) -> None:
        """Report the immutable options that a new task lists otherwise than they were sent, or not at all."""
        wanted = outcome.wanted
        hidden = uncompared(wanted.label, task.answer, wanted.immutable)["hidden"]
        if hidden and wanted.destination not in Destination.forms(task.answer):
            hidden += f" Name the task by task_id {task.task_id}, or the next run creates another one."
        outcome.warn("hidden", hidden)
        wrong = listed_otherwise(task.answer, wanted.immutable, wanted.recreate)
        if wrong:
            outcome.fail(f"but {wrong}")

    def _give_up(self, outcome: Outcome, now: PullTask | LiveApiError | None) -> None:
        """Say what is wrong with a task when time is up."""
        if isinstance(now, LiveApiError):
            emptied = f" The service had emptied {', '.join(sorted(outcome.owed))} before." if outcome.owed else ""
            outcome.fail(f"but reading it back failed: {now.message}{emptied}", now)
            return
        wrong = f"the task is {'not yet' if outcome.created else 'no longer'} listed"
        if outcome.wanted.absent:
            wrong = "the task is still listed"
        elif now:
            wrong = f"these options have not taken: {outcome.instead(now, self._clock.now())}"
        outcome.fail(f"but after {counted(self._wait_timeout or 0, 'second')} (wait_timeout) {wrong}.")
