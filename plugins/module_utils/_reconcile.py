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
from contextlib import suppress
from functools import partial

from ._book import Book
from ._breaker import MOST_IN_A_ROW, Breaker
from ._clock import ALWAYS, Clock, Reporter, silent
from ._errors import LiveError
from ._foresee import foresee
from ._life import Life
from ._look import Look
from ._masking import presentable
from ._modify import Writer
from ._options import RELAY_TYPE
from ._outcome import Outcome
from ._progress import Progress
from ._service.client import LiveClient
from ._task.creation import check_recreate, displayed
from ._task.task import Declaration

# How soon a signal is heeded while threads work.
SIGNAL_SECONDS = 0.2


def reconcile(
    client: LiveClient,
    wanted: Sequence[Declaration],
    *,
    check_mode: bool = False,
    wait_timeout: float | None = None,
    concurrency: int = 1,
    preflight: bool = False,
    status_words: Mapping[str, str] | None = None,
    tell: Reporter = silent,
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
        tell: is told how far it is, when there are many tasks, and what a task is like that is deleted to be recreated.
        clock: time and chance.

    Raises:
        LiveApiError: the list of tasks could not be read. Nothing was changed.
    """
    clock = clock or Clock()
    book = Book(client, clock, status_words or {})
    writer = Writer(client, book, clock)
    run = _Run(client, writer, wait_timeout, concurrency, tell)
    outcomes = [Outcome(one) for one in wanted]
    with Progress(tell, outcomes) as progress:
        mask = None if tell is silent else lambda text: presentable(client.secrets.mask_message(text))
        foresee(outcomes, book, writer, partial(check_recreate, region=client.region, mask=mask))
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
            with writer.interruption:
                run.converge(ahead)
    return outcomes


class _Run:
    """One run over tasks."""

    def __init__(
        self, client: LiveClient, writer: Writer, wait_timeout: float | None, concurrency: int, tell: Reporter
    ) -> None:
        self._client = client
        self._tell = tell
        self._writer = writer
        self._life = Life(client, writer)
        self._book = writer.book
        self._look = Look(writer, wait_timeout)
        self._clock = writer.clock
        self._waits = wait_timeout is not None
        self._concurrency = concurrency
        self._breaker = Breaker()
        self._interruption = writer.interruption

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
        self._rounds(queue, look=self._waits)

    def _rounds(self, outcomes: Iterable[Outcome], look: bool) -> None:
        """Write and read back, and write again what has to be, whatever becomes of the others."""
        again = list(outcomes)
        waiting: list[Outcome] = []
        while again or waiting:
            self._write_all(again)
            waiting += [outcome for outcome in again if outcome.sent and not outcome.error]
            for outcome in [outcome for outcome in again if outcome.changed and not (outcome.sent or outcome.error)]:
                # Someone else has set what was to be written again.
                self._look.conclude(outcome)
            written = waiting
            again, waiting = self._look.until_done(waiting) if look and waiting else ([], [])
            for outcome in written:
                if outcome.error:
                    self._breaker.failed(outcome.error)

    def _write_all(self, outcomes: Sequence[Outcome]) -> None:
        waiting = outcomes
        while waiting:
            accepted = self._breaker.accepted
            self._work(deque(waiting))
            # What met nothing but HTTP 429 comes again while others get through.
            waiting = [outcome for outcome in outcomes if outcome.throttled and self._breaker.accepted > accepted]

    def _work(self, queue: deque[Outcome]) -> None:
        """Write so many at a time as may be."""

        def work() -> None:
            while not self._interruption.stopped:
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
                # With a time: Python 3.13 may heed no signal while it waits without one.
                while thread.is_alive():
                    thread.join(SIGNAL_SECONDS)
                    self._interruption.deliver()
        except BaseException:
            self._interruption.stopped = True
            raise

    def _attempt(self, outcome: Outcome) -> None:
        """Write one task, unless the run has ended."""
        end = self._breaker.reason
        if end and not outcome.changed:
            outcome.skip(end)
        elif not outcome.is_chain:
            self._perform(outcome)
        elif self._interruption.begin():
            try:
                self._perform(outcome)
                if self._interruption.waits:
                    self._tell_finished(outcome)
            finally:
                self._interruption.end()

    def _tell_finished(self, outcome: Outcome) -> None:
        """Display what became of a task that was finished after a signal: its results may reach nobody."""
        where = outcome.wanted.destination
        became = f"Task {outcome.wanted.label} ({where}) was created{', and paused' * (outcome.writes > 0)}."
        # Whoever displays it may have ended.
        with suppress(Exception):
            self._tell(f"was interrupted. {outcome.error or became}", ALWAYS)

    def _perform(self, outcome: Outcome) -> None:
        """Write one task. The only place where an exception becomes an outcome."""
        outcome.error = outcome.sent = None
        try:
            self._write(outcome)
        except LiveError as error:
            outcome.error = error
        except Exception as error:  # pylint: disable=broad-exception-caught
            text = self._client.secrets.mask_message(f"{type(error).__name__}: {error}")
            outcome.error = LiveError(f"Task {outcome.wanted.label} failed unexpectedly: {text}.")
            outcome.error.__cause__ = error
        self._count(outcome)

    def _write(self, outcome: Outcome) -> None:
        """Delete, create and modify, as far as a task takes it. Raises LiveError where it cannot be done."""
        if outcome.removes:
            if outcome.creates and outcome.plan:
                settings = displayed(outcome.plan.after, self._client.secrets.mask_message)
                self._tell(
                    f"deletes task {outcome.removes}, and creates it again with these options: {settings}", ALWAYS
                )
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
        relay = outcome.wanted.immutable.get("source_type") == RELAY_TYPE
        if not outcome.wanted.absent and not (outcome.created and relay):
            self._writer.write(outcome)

    def _count(self, outcome: Outcome) -> None:
        if outcome.error:
            outcome.error.changed = outcome.changed
            self._breaker.failed(outcome.error)
        elif outcome.sent:
            self._breaker.succeeded()
