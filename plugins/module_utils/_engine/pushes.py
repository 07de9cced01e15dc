# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until the streams of tasks are pushed, or no longer pushed, as the settings of the tasks say.

The list of streams is late, and contains the pushes of everyone. So a stream is missing only if two lists lack it, and
a task that was off air needs a push that was not listed before. Private to this collection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Union

from .._clock import Clock
from .._errors import LiveApiError
from .._service.answers import FORBIDDEN
from .._service.client import LiveClient
from .._task.air import air, should_be_pushed
from .._task.stream import Address, Stream
from .._task.task import PullTask
from . import stream_messages as messages
from .breaker import MOST_IN_A_ROW
from .outcome import Outcome
from .streams import Domain, RefusedDomainError, domains_of
from .waiting import Check, Condition, growing, until

# A domain is read at most once a second.
FIRST_DELAY = 1.0
# The service allows 1,000 requests a minute for a user. Waiting takes less than a third of them.
SECONDS_PER_REQUEST = 0.2
# For how many seconds the streams of one domain may be read, so that the others are read too.
READ_SECONDS = 10.0
_OFF_AIR = ("paused", "over", "ahead")

Seen = Union[Stream, LiveApiError, None]
"""A stream, or why it could not be read; None if the service does not know it."""


class Pushes:
    """The pushes of the tasks of one run.

    Args:
        client: the service.
        clock: time.
        outcomes: the records of the tasks.
        listed: the tasks that were read, also those of others: their domains are ingest domains of the project.
        wait_timeout: for how many seconds to wait.
    """

    def __init__(
        self,
        client: LiveClient,
        clock: Clock,
        outcomes: Sequence[Outcome],
        listed: Iterable[PullTask],
        wait_timeout: float,
    ) -> None:
        self._client = client
        self._clock = clock
        self._outcomes = outcomes
        self._wait_timeout = wait_timeout
        self._begun = clock.now()
        self._listed = [*map(Address.of, listed)]
        self._before: dict[Outcome, Seen] = {}
        self._requests = 0

    def look_before(self) -> None:
        """Read the streams of the tasks that are to be written, and refuse those whose streams must not be read.

        Skip pauses, because nothing may delay a pause. No other failure to read a stream refuses a task.
        """
        tasks = {
            outcome: outcome.task
            for outcome in self._outcomes
            if outcome.steps and outcome.task and outcome.task.values.get("status") != "pause"
        }
        self._before = self._read(self._domains(tasks), (), self._clock.monotonic() + READ_SECONDS)
        for outcome, seen in self._before.items():
            if isinstance(seen, LiveApiError) and is_final(seen):
                outcome.reject(messages.refused(outcome.declared.label, seen))

    def wait(self, check_mode: bool) -> None:
        """Wait for the streams of all tasks together, and record them; in check mode, only read them."""
        deadline = self._deadline()
        conditions = []
        for outcome in self._outcomes:
            if outcome.task and not outcome.error:
                conditions.append(self._condition(outcome, outcome.task, deadline, check_mode))
            elif not outcome.error:
                # The task does not exist, so it has no stream.
                outcome.record_stream(None)
        domains = self._domains({condition.outcome: condition.task for condition in conditions})

        def read(pending: Sequence[AsDeclared], read_until: float) -> Mapping[Outcome, Seen]:
            waiting = {condition.outcome for condition in pending}
            # Look again for a stream that a list does not have. If the run waits for it, the next reading is enough.
            late = self._clock.monotonic() >= deadline
            look_again = {condition.outcome for condition in pending if late or not condition.expects}
            return self._read([one for one in domains if not waiting.isdisjoint(one.addresses)], look_again, read_until)

        if conditions:
            until(conditions, read, self._clock, self._delays())
        for condition in conditions:
            condition.conclude(self._wait_timeout)

    def _condition(self, outcome: Outcome, task: PullTask, deadline: float, check_mode: bool) -> AsDeclared:
        found, written_at, moment = outcome.found, outcome.written_at, self._begun
        if written_at is not None:
            moment = self._clock.now() - (self._clock.monotonic() - written_at)
        was_off = found is None or outcome.recreates or air(found, self._begun).state in _OFF_AIR
        before = self._before.get(outcome) if outcome.changed and was_off else None
        return AsDeclared(outcome, task, before, moment, deadline, None if check_mode else self._clock)

    def _deadline(self) -> float:
        """Return the moment of the monotonic clock when waiting ends.

        One task has one deadline. In a fleet, the time begins with the last write.
        """
        now = self._clock.monotonic()
        if len(self._outcomes) == 1:
            return min(self._outcomes[0].deadline, now + self._wait_timeout)
        written = [outcome.written_at for outcome in self._outcomes if outcome.written_at is not None]
        return max(written, default=now) + self._wait_timeout

    def _domains(self, tasks: Mapping[Outcome, PullTask]) -> list[Domain]:
        return domains_of({outcome: Address.of(task) for outcome, task in tasks.items()}, self._listed)

    def _delays(self) -> Iterator[float]:
        """Return the seconds before each reading. They grow with the number of requests that a reading takes."""
        for delay in growing(FIRST_DELAY):
            yield max(delay, self._requests * SECONDS_PER_REQUEST if delay else 0.0)

    def _read(self, domains: Sequence[Domain], look_again: Collection[Outcome], deadline: float) -> dict[Outcome, Seen]:
        """Return the streams at these domains. If one cannot be read, the others are read nevertheless.

        After the deadline, the service counts as unreachable if the network failed several times in a row.
        """
        seen: dict[Outcome, Seen] = {}
        unreachable: Seen = None
        self._requests = failed = 0
        for domain in domains:
            now = self._clock.monotonic()
            if failed >= MOST_IN_A_ROW and now >= deadline:
                seen.update(dict.fromkeys(domain.addresses, unreachable))
                continue
            try:
                seen.update(domain.read(self._client, look_again, min(deadline, now + READ_SECONDS)))
                failed = 0
            except LiveApiError as error:
                unreachable, failed = error, 0 if "http_status" in error.details else failed + 1
                refused = isinstance(error, RefusedDomainError)
                seen.update({key: None if refused and one.is_url else error for key, one in domain.addresses.items()})
            self._requests += domain.requests
        return seen


class AsDeclared(Condition[Mapping[Outcome, Seen]]):
    """The stream of a task is pushed, or no longer pushed, as the settings of the task and the clock say.

    Args:
        outcome: the record of the task.
        task: the task.
        before: the stream before the write, or why it could not be read: another push has to be listed. None if any
            push counts.
        moment: when the task was written, or if it was not, when the run began, in seconds since the epoch.
        deadline: the moment of the monotonic clock when waiting ends.
        clock: time; None to read the stream once, and to wait for nothing.

    Attributes:
        outcome: as above.
        task: as above.
    """

    def __init__(
        self, outcome: Outcome, task: PullTask, before: Seen, moment: float, deadline: float, clock: Clock | None
    ) -> None:
        self.outcome = outcome
        self.task = task
        self.deadline = deadline
        self._before = before
        self._moment = moment
        self._clock = clock
        self._seen: Seen = None
        self._holds = self._was_gone = False
        outcome.awaits_stream = True

    @property
    def expects(self) -> bool | None:
        """Whether the stream should be pushed now; None if nothing is expected of it."""
        return should_be_pushed(self.task, self._clock.now()) if self._clock else None

    def check(self, reading: Mapping[Outcome, Seen], number: int) -> Check:
        check = self._check(reading)
        self.outcome.awaits_stream = check is Check.NOT_YET
        return check

    def _check(self, reading: Mapping[Outcome, Seen]) -> Check:
        self._seen = seen = reading.get(self.outcome)
        if isinstance(seen, LiveApiError):
            return Check.DONE if is_final(seen) else Check.NOT_YET
        self.outcome.record_stream(seen)
        expects = self.expects
        if seen is None or expects is None:
            self._holds = True
        else:
            self._holds = self._is_pushed(seen) if expects else self._has_ended(seen)
        return Check.DONE if self._holds else Check.NOT_YET

    def _is_pushed(self, seen: Stream) -> bool:
        """Return whether the push is listed that the task should make."""
        if isinstance(self._before, Stream):
            return seen.online and seen.push != self._before.push
        if isinstance(self._before, LiveApiError):
            # Times are listed in whole seconds.
            return seen.online and not seen.began_by(int(self._moment) - 1)
        return seen.online

    def _has_ended(self, seen: Stream) -> bool:
        """Return whether no push is left that began before the write."""
        was_gone, self._was_gone = self._was_gone, not seen.online
        if seen.online:
            return not seen.began_by(self._moment)
        # A single list does not decide, unless no time is left for another one.
        return was_gone or (self._clock is not None and self._clock.monotonic() >= self.deadline)

    def conclude(self, wait_timeout: float) -> None:
        """Record why the stream is not as declared, or a warning about someone else's push.

        Args:
            wait_timeout: for how many seconds the run has waited.
        """
        outcome, seen = self.outcome, self._seen
        if isinstance(seen, LiveApiError):
            outcome.error = messages.unread(outcome, seen)
        elif seen and self._clock:
            now, expects = self._clock.now(), self.expects
            if not self._holds and expects:
                put_on_air = self._moment if self._before else None
                outcome.error = messages.not_pushed(outcome, self.task, seen, wait_timeout, now, put_on_air)
            elif seen.online and expects is False and outcome.changed and not self._holds:
                outcome.error = messages.still_pushed(outcome, self.task, seen, wait_timeout, now)
            elif seen.online and expects is False:
                outcome.warn("pushed", messages.pushed_by_others(outcome.declared.label, self.task, seen, now))


def is_final(error: LiveApiError) -> bool:
    """Return whether reading a stream again would fail as well: a permission is missing, or the domain is refused."""
    return isinstance(error, RefusedDomainError) or error.details.get("http_status") == FORBIDDEN
