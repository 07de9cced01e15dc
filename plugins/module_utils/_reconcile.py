# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, plan, write, read back: how tasks are brought to what is asked. Private to this collection.

The page leaves open what a modify does with what it leaves out, and others write at the same time. So a modify is
planned from a fresh read each time it goes out, all of the task is read back, and what was lost is restored.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from ._book import Book
from ._errors import LiveApiError, LiveError
from ._foresee import foresee
from ._life import Life
from ._modify import Writer
from ._options import RELAY_TYPE
from ._outcome import Outcome
from ._progress import Progress
from ._service.client import LiveClient
from ._service.pace import Clock
from ._service.transport import Tell
from ._task.life import Listing
from ._task.task import PullTask, Wanted, unknown_status
from ._task.verdict import Verdict, judge

FIRST_DELAY = 0.5
LONGEST_DELAY = 5.0
# A task is written again when something was lost, or changed by someone else on the way.
MOST_WRITES = 3
MOST_IN_A_ROW = 3


def reconcile(
    client: LiveClient,
    wanted: Sequence[Wanted],
    *,
    check_mode: bool = False,
    wait_timeout: float | None = None,
    concurrency: int = 1,
    preflight: bool = False,
    status_words: Mapping[str, str] | None = None,
    tell: Tell | None = None,
    clock: Clock | None = None,
) -> list[Outcome]:
    """Bring every task to what is asked of it, and return what became of each, in the order asked.

    Args:
        client: the service.
        wanted: what is asked; each task once.
        check_mode: only tell what would be done.
        wait_timeout: for how many seconds to read again until the changes took; None not to wait.
        concurrency: how many tasks are modified at a time.
        preflight: refuse all if any cannot be done.
        status_words: what words of the service, in lower case, mean as a status.
        tell: is told how far it is, when there are many tasks.
        clock: time and chance.

    Raises:
        LiveApiError: the list of tasks could not be read. Nothing was changed.
    """
    clock = clock or Clock()
    book = Book(client, clock, status_words or {})
    writer = Writer(client, book, clock)
    run = _Run(client, writer, wait_timeout, concurrency)
    outcomes = [Outcome(one) for one in wanted]
    with Progress(tell or (lambda text, verbosity: None), outcomes) as progress:
        foresee(outcomes, book, writer)
        unfit = sum(outcome.error is not None for outcome in outcomes)
        if preflight and unfit:
            for outcome in outcomes:
                if not outcome.error:
                    outcome.skip(f"{unfit} of {len(outcomes)} tasks cannot be done (preflight)")
        elif check_mode:
            for outcome in outcomes:
                outcome.created, outcome.deleted = outcome.creates is not None, outcome.removes is not None
        else:
            ahead = [outcome for outcome in outcomes if outcome.changed]
            progress.writing(ahead)
            run.converge(ahead)
    return outcomes


class _Run:
    """One run over tasks."""

    def __init__(self, client: LiveClient, writer: Writer, wait_timeout: float | None, concurrency: int) -> None:
        self._client = client
        self._writer = writer
        self._life = Life(client, writer)
        self._book = writer.book
        self._clock = writer.clock
        self._wait_timeout = wait_timeout
        self._concurrency = concurrency
        self._listing = Listing(())
        self._troubles = 0
        self._accepted = 0

    def converge(self, outcomes: Sequence[Outcome]) -> None:
        """Write the tasks and read them back: one by one until one has succeeded, then the others together.

        So a service that does what nobody expects does it to one task.
        """
        for outcome in outcomes:
            outcome.changed = False
        # A task of which all is sent tells nothing of what becomes of the rest. Otherwise page by page, so that each is
        # read again as seldom as can be.
        queue = deque(
            sorted(outcomes, key=lambda outcome: (outcome.sends_all, self._book.place(outcome.wanted.task_id)))
        )
        astray = 0
        while len(outcomes) > 1 and queue:
            first = queue.popleft()
            self._rounds([first], look=True)
            if first.sent and not first.error:
                break
            astray += first.sent is not None
            if astray == MOST_IN_A_ROW:
                for outcome in queue:
                    outcome.skip(f"{astray} tasks in a row did not become what the service had accepted")
                return
            if first.throttled:
                # Its turn comes again when others got through.
                queue.append(first)
                if all(outcome.throttled for outcome in queue):
                    return
        self._rounds(queue, look=self._wait_timeout is not None)

    def _rounds(self, outcomes: Iterable[Outcome], look: bool) -> None:
        """Write and read back, and write again what has to be, whatever becomes of the others."""
        again = list(outcomes)
        waiting: list[Outcome] = []
        while again or waiting:
            self._write_all(again)
            waiting += [outcome for outcome in again if outcome.sent and not outcome.error]
            again, waiting = self._look(waiting) if look and waiting else ([], [])
            for outcome in [outcome for outcome in again if outcome.writes == MOST_WRITES]:
                again.remove(outcome)
                wrong = outcome.instead(outcome.task, self._clock.now()) if outcome.task else ""
                outcome.fail(f"and {MOST_WRITES - 1} more after it, but {wrong}.")

    def _write_all(self, outcomes: Sequence[Outcome]) -> None:
        waiting = outcomes
        while waiting:
            accepted = self._accepted
            self._work(deque(waiting))
            # What met nothing but HTTP 429 comes again while others get through.
            waiting = [outcome for outcome in outcomes if outcome.throttled and self._accepted > accepted]

    def _work(self, queue: deque[Outcome]) -> None:
        """Write so many at a time as may be."""

        def work() -> None:
            while not self._writer.stop.is_set():
                try:
                    outcome = queue.popleft()
                except IndexError:
                    return
                self._attempt(outcome)

        if self._concurrency == 1 or len(queue) == 1:
            work()
            return
        # Daemons: when the run is ended from outside, what is not begun must not be written.
        threads = [threading.Thread(target=work, daemon=True) for _one in range(min(self._concurrency, len(queue)))]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        except BaseException:
            self._writer.stop.set()
            raise

    def _attempt(self, outcome: Outcome) -> None:
        """Write one task. The only place where an exception becomes an outcome."""
        if self._troubles >= MOST_IN_A_ROW and not outcome.changed:
            outcome.skip(f"{MOST_IN_A_ROW} tasks in a row failed before, so the service seems to be out of order")
            return
        outcome.error = outcome.sent = None
        try:
            self._write(outcome)
        except LiveError as error:
            outcome.error = error
        except Exception as error:  # pylint: disable=broad-exception-caught
            text = self._client.secrets.mask_message(f"{type(error).__name__}: {error}")
            outcome.error = LiveError(f"Task {outcome.wanted.label} failed unexpectedly: {text}.")
        self._count(outcome)

    def _write(self, outcome: Outcome) -> None:
        """Delete, create and modify, as far as a task takes it. Raises LiveError where it cannot be done."""
        if outcome.removes:
            self._life.delete(outcome, outcome.removes)
            if outcome.creates and outcome.replaced:
                self._life.wait_until_gone(outcome.replaced)
        if outcome.creates:
            try:
                self._life.create(outcome, outcome.creates)
            except LiveError as error:
                if outcome.replaced:
                    error.message = (
                        f"Task {outcome.replaced} was deleted, and the one in its place could not be created:"
                        f" {error.message} Its settings are in the results, as request."
                    )
                raise
        relay = outcome.wanted.fixed.get("source_type") == RELAY_TYPE
        if not outcome.wanted.absent and not (outcome.created and relay):
            self._writer.write(outcome)

    def _count(self, outcome: Outcome) -> None:
        if outcome.error:
            outcome.error.changed = outcome.changed
            self._troubles += outcome.in_trouble
        elif outcome.sent:
            self._troubles = 0
            self._accepted += 1

    def _look(self, outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
        """Read until every task is as asked, one has to be written again, or time is up.

        Return those that have to be written again, and those that have to be looked at again then.
        """
        deadline = self._clock.monotonic() + (self._wait_timeout or 0.0)
        delay = FIRST_DELAY
        waiting = outcomes
        while True:
            tasks = self._read_back(waiting, deadline)
            pending: list[Outcome] = []
            again: list[Outcome] = []
            for outcome in waiting:
                now = tasks.get(str(outcome.wanted.task_id))
                if outcome.wanted.absent:
                    pending += [outcome] if now else []
                    continue
                verdict = self._verdict(outcome, now)
                # While something that was sent does not show, the reading may be from before the modify.
                if verdict and (self._owes(outcome, verdict) or (verdict.unsent and not verdict.pending)):
                    again.append(outcome)
                elif not verdict or verdict.pending:
                    pending.append(outcome)
                else:
                    self._finish(outcome, verdict)
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
        # Of what was created just now, nothing was otherwise before.
        before, planned = (now, now) if outcome.created else (outcome.before, outcome.planned)
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
        outcome.warn("restored", outcome.restored_warning())
        outcome.warn("meanwhile", outcome.meanwhile_warning(verdict.others))
        same = [task.task_id for task in self._listing.at(outcome.wanted.destination)]
        if outcome.created and len(same) > 1:
            outcome.fail(
                f"but now there are several that push to {outcome.wanted.destination}: {', '.join(same)}. Someone else"
                " has created one at the same time. Delete all but one."
            )
        if outcome.gone:
            outcome.fail()

    def _give_up(self, outcome: Outcome, now: PullTask | LiveApiError | None) -> None:
        """Say what is wrong with a task when time is up."""
        if isinstance(now, LiveApiError):
            outcome.fail(f"but reading it back failed: {now.message}", now)
            return
        wrong = f"the task is {'not yet' if outcome.created else 'no longer'} listed"
        if outcome.wanted.absent:
            wrong = "the task is still listed"
        elif now:
            wrong = f"these options have not taken: {outcome.instead(now, self._clock.now())}"
        outcome.fail(f"but after {self._wait_timeout:g} seconds (wait_timeout) {wrong}.")
