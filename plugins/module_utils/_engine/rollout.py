# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write and verify tasks: the canary, then the others in threads; and end the run. Private to this collection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress

from .._clock import ALWAYS, Clock, Reporter
from .._errors import LiveError
from .._service.client import LiveClient
from .._task.plan import Lessons
from . import messages
from .breaker import MOST_IN_A_ROW, Breaker
from .context import Context
from .interruption import Interruption
from .outcome import Outcome
from .planning import skip
from .snapshot import Snapshot
from .steps import Steps
from .verify import Settled, Unlisted, conclude, tasks_in
from .waiting import growing, until

# How soon a signal is handled while threads work.
SIGNAL_SECONDS = 0.2


class Rollout:
    """Writes and verifies the tasks of a run.

    Args:
        client: the service.
        snapshot: the tasks as they were last read.
        lessons: what the run has learned about the service.
        wait_timeout: for how many seconds to wait until the changes take effect; None not to wait.
        concurrency: how many tasks are written at a time.
        tell: reports what is deleted to be recreated, and what was finished after a signal.
        clock: time.
    """

    def __init__(
        self,
        client: LiveClient,
        snapshot: Snapshot,
        lessons: Lessons,
        *,
        wait_timeout: float | None,
        concurrency: int,
        tell: Reporter,
        clock: Clock,
    ) -> None:
        self._client = client
        self._snapshot = snapshot
        self._lessons = lessons
        self._wait_timeout = wait_timeout
        self._concurrency = concurrency
        self._tell = tell
        self._clock = clock
        self._interruption = Interruption(client.hurry)
        context = Context(client, snapshot, clock, self._interruption, threading.Lock())
        self._steps = Steps(context, lessons, tell, wait_timeout)
        self._breaker = Breaker()

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write and verify the tasks: one by one until one has succeeded (the canary), then the others together."""
        with self._interruption:
            # A modify that carries every option cannot show what the service does with left-out options, so such a task
            # is a late canary. The others follow the order of the list, so that few pages are read again.
            queue = deque(
                sorted(outcomes, key=lambda one: (_sends_all(one), self._snapshot.offset_of(one.declared.task_id)))
            )
            not_applied = 0
            while len(outcomes) > 1 and queue:
                canary = queue.popleft()
                self._write_and_verify([canary], verify=True)
                if canary.accepted and not canary.error:
                    break
                not_applied += canary.accepted
                if not_applied == MOST_IN_A_ROW:
                    reason = (
                        f"the service accepted changes of {not_applied} tasks in a row, but the list does not show them"
                    )
                    for outcome in queue:
                        skip(outcome, reason)
                    return
                if canary.throttled:
                    # It comes again after others got through.
                    queue.append(canary)
                    if all(outcome.throttled for outcome in queue):
                        return
            self._write_and_verify(queue, verify=self._wait_timeout is not None)

    def _write_and_verify(self, outcomes: Iterable[Outcome], verify: bool) -> None:
        """Write and verify the tasks, and write those again that need it. No task waits for another one."""
        again = list(outcomes)
        waiting: list[Outcome] = []
        while again or waiting:
            self._write_all(again)
            waiting += [outcome for outcome in again if outcome.unverified and not outcome.error]
            for outcome in [
                outcome for outcome in again if outcome.changed and not (outcome.unverified or outcome.error)
            ]:
                # Nothing is left to write: someone else has set it.
                conclude(outcome, self._clock.now())
            verified = waiting
            again, waiting = self._verify(waiting) if verify and waiting else ([], [])
            for outcome in verified:
                if outcome.error:
                    self._breaker.failed(outcome.error)

    def _verify(self, outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
        """Read until every task is in the declared state, one has to be written again, or time is up.

        Return the tasks that have to be written again, and those that are still waited for.
        """
        waits = self._wait_timeout is not None
        now = self._clock.monotonic()
        conditions: dict[Settled | Unlisted, Outcome] = {}
        for outcome in outcomes:
            outcome.deadline = min(outcome.deadline, now + (self._wait_timeout or 0.0))
            deadline = outcome.deadline if waits else now
            if outcome.declared.absent:
                conditions[Unlisted(str(outcome.declared.task_id), deadline)] = outcome
            else:
                conditions[Settled(outcome, deadline, waits, self._lessons, self._clock)] = outcome
        ended = until([*conditions], tasks_in(self._snapshot), self._clock, growing())
        for condition in ended.expired if waits else ():
            outcome = conditions[condition]
            outcome.error = messages.not_taken(outcome, condition.now, self._wait_timeout or 0, self._clock.now())
        again = [conditions[condition] for condition in ended.to_write]
        for outcome in again:
            outcome.write_again()
        return again, [conditions[condition] for condition in ended.pending]

    def _write_all(self, outcomes: Sequence[Outcome]) -> None:
        waiting = outcomes
        while waiting:
            written = self._breaker.written
            self._work(deque(waiting))
            # A throttled task is tried again as long as others succeed.
            waiting = [outcome for outcome in outcomes if outcome.throttled and self._breaker.written > written]

    def _work(self, queue: deque[Outcome]) -> None:
        """Write as many tasks at a time as the option concurrency allows."""

        def work() -> None:
            while not self._interruption.stopped:
                try:
                    outcome = queue.popleft()
                except IndexError:
                    return
                self._write_one(outcome)

        if self._concurrency == 1 or len(queue) == 1:
            work()
            return
        # Daemon threads end with the process, so no further task is written.
        threads = [threading.Thread(target=work, daemon=True) for _one in range(min(self._concurrency, len(queue)))]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                # With a time-out: Python 3.13 may handle no signal while it waits without one.
                while thread.is_alive():
                    thread.join(SIGNAL_SECONDS)
                    self._interruption.deliver()
        except BaseException:
            self._interruption.stopped = True
            raise

    def _write_one(self, outcome: Outcome) -> None:
        """Write one task, unless the run has ended."""
        end = self._breaker.reason
        if end and not outcome.changed:
            skip(outcome, end)
        elif not outcome.is_chain:
            self._perform(outcome)
        elif self._interruption.begin():
            try:
                self._perform(outcome)
                if self._interruption.waits:
                    # The process that displays this may have ended.
                    with suppress(Exception):
                        self._tell(messages.finished(outcome), ALWAYS)
            finally:
                self._interruption.end()

    def _perform(self, outcome: Outcome) -> None:
        """Send the steps of one task. An exception becomes its error."""
        outcome.error = None
        try:
            self._steps.perform(outcome)
        except LiveError as error:
            outcome.error = error
        except Exception as error:  # pylint: disable=broad-exception-caught
            text = self._client.secrets.mask_message(f"{type(error).__name__}: {error}")
            outcome.error = LiveError(f"Task {outcome.declared.label} failed unexpectedly: {text}.")
            outcome.error.__cause__ = error
        outcome.written_at = self._clock.monotonic() if outcome.changed else None
        if outcome.error:
            outcome.error.changed = outcome.changed
            self._breaker.failed(outcome.error)
        elif outcome.unverified:
            self._breaker.succeeded()


def _sends_all(outcome: Outcome) -> bool:
    """Return whether the first write carries even what a modify usually leaves out, as far as the task has it."""
    if not outcome.plan:
        return False
    left_out = {"source_urls", "end_time"} - {*(outcome.plan.request or ())}
    return not any(outcome.plan.task.has(name) for name in left_out)
