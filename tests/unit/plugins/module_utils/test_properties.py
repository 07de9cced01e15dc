# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Right on air: whatever tasks are, whatever is asked of them, however the service is, and whoever else writes.

After one run every managed option is as asked, and every unmanaged one is what it was, or what the other writer made
it. What a modify emptied is back as soon as its loss could be seen. The second run writes nothing, check mode said
what would happen, and no channel is disturbed more often than by a client that knew the service.

The service is played by the emulator's model of it. Nothing of the code under test decides what is right: values are
compared in a normal form of this file's own, and the model says what breaks a rule and what can be had at all. What is
let pass is counted, and printed with "let pass" before it.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import math
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.answers import Answer
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import (
    EVENTS,
    RELAY_ID,
    Behaviour,
    Service,
    ServiceError,
    fleet_id,
    merge,
    seed_tasks,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, bring
from ansible_collections.huaweicloud.live.tests.unit.fakes.service import FakeService
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils import drawn
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.drawn import (
    ENDED,
    NOW,
    SEVENTH,
    WORDS,
    Drawn,
    Meddling,
    written,
)
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.found import FOUND

Task = dict[str, Any]

TIMES = ("start_time", "end_time")
RESENT = (
    "vod_loop_time",
    "vod_refresh_type",
    "vod_start_video_index",
    "vod_start_video_time",
    "start_time",
    "callback_events",
)
OPTIONS = ("status", "source_urls", "end_time", *RESENT)
RESENT_BUT_START, OPTIONS_BUT_START = (
    tuple(name for name in names if name != "start_time") for names in (RESENT, OPTIONS)
)
WAITED = (0.0, 0.5, 1.5, 3.5)
"""For how many seconds a run has waited when it sees a change that so many answers came too early to show."""
FRESH_SECONDS = 2.0


# What values mean


def normal(name: str, value: Any) -> Any:
    """The meaning of a value, whoever wrote it."""
    if name in TIMES and value:
        whole = re.sub(r"\.\d+", "", value)
        return datetime.fromisoformat(whole.replace("Z", "+00:00").replace("-0330", "-03:30"))
    if name in TIMES:
        return None
    if name == "callback_events":
        return frozenset(value or EVENTS) - {SEVENTH}
    if name == "vod_loop_time":
        return str(value) if value != "" else "-1"
    if name == "source_urls":
        return [quote(url, safe="".join(map(chr, range(33, 127)))) for url in value]
    return value


def on_the_wire(values: Mapping[str, Any]) -> Task:
    """The same, as a modify may say it."""
    body: Task = {}
    for name, value in values.items():
        meaning = normal(name, value)
        if isinstance(meaning, datetime):
            meaning = meaning.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        body[name] = sorted(meaning) if isinstance(meaning, frozenset) else meaning
    return body


def plain(moment: datetime) -> str:
    """A moment as the service writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def inconsistent(values: Mapping[str, Any]) -> bool:
    """Whether these values together break a documented rule. A start that nobody knows breaks none."""
    body = on_the_wire({name: values[name] for name in OPTIONS if name in values})
    end = body.get("end_time")
    start = body.get("start_time") or plain(normal("end_time", end) - timedelta(seconds=1) if end else NOW)
    task = {"source_type": "PullVodPushLive", "source_urls": [], "start_time": start}
    try:
        merge(task, body, "keep", NOW)
    except ServiceError:
        return True
    return False


def needed(task: Task, asked: Mapping[str, Any], now: datetime, unread: Collection[str] = ()) -> list[str]:
    """The sorted names of the options that are not as asked, or of which nobody can tell whether they are.

    Two starts that are over are the same, unless the window would be too long under any reading of the page.
    """
    names = [name for name in asked if name in unread or normal(name, task.get(name)) != normal(name, asked[name])]
    if "start_time" in names and "start_time" not in unread:
        start, wanted = (normal("start_time", values["start_time"]) for values in (task, asked))
        end = normal("end_time", asked.get("end_time", task.get("end_time")))
        if start <= now and wanted <= now and (end is None or timedelta(0) < end - start < timedelta(days=7)):
            names.remove("start_time")
    return sorted(names)


# What happens


@dataclasses.dataclass
class Event:
    """A request that reached the service.

    Attributes:
        begun: the moment of the clock when it did.
        slept: for how many seconds the run had waited by then.
        body: what it carries; None for a List.
        listed: the ids that its answer lists.
        ended: the moment when its answer arrived.
        accepted: whether it was carried out.
        after: what a modify made of the task.
    """

    begun: float
    slept: float
    body: Task | None
    listed: Collection[str] = ()
    ended: float = 0.0
    accepted: bool = False
    after: Task = dataclasses.field(default_factory=dict)

    @property
    def utc(self) -> datetime:
        """When it was."""
        return NOW + timedelta(seconds=self.begun - 1000.0)


class Wire(FakeService):
    """A transport on which every answer takes a while, and everything is written down."""

    def __init__(self, service: Service, clock: FakeClock, latency: float) -> None:
        super().__init__(service, clock)
        self.events: list[Event] = []
        self.before = self._begin
        self._latency = latency

    def _begin(self, method: str, what: Mapping[str, Any]) -> None:
        self.events.append(Event(self.clock.seconds, sum(self.clock.naps), None if method == "GET" else {**what}))

    def request(self, *args: Any, **how: Any) -> Answer:
        """Carry out a request."""
        try:
            answer = super().request(*args, **how)
            self.events[-1].accepted = True
        finally:
            self.clock.seconds += self._latency
            event = self.events[-1]
            event.ended = self.clock.seconds
        if event.body is None:
            event.listed = {task["task_id"] for task in answer.body["task_infos"]}
        else:
            with contextlib.suppress(KeyError):  # someone has deleted it at once
                event.after = self.service.task(event.body["task_id"])
        return answer


class Theirs(NamedTuple):
    """A change that someone else made: between which requests, and what the fields became; None: deleted."""

    place: float
    fields: Task | None


class Run:
    """One run, and all that happened meanwhile.

    Attributes:
        before: the tasks as they were, by id.
        after: the tasks as they are.
        outcomes: what became of those asked for, by id.
        theirs: what others did, by id.
        events: the requests, the first of which has place 1.
        disturbances: how often viewers of each channel were disturbed.
    """

    def __init__(self, case: Case, meddling: Collection[Meddling] = (), *, check_mode: bool = False) -> None:
        self.before = case.now()
        disturbed = case.disturbances()
        for one in meddling:
            case.service.meddle(one.at, case.id_of(one), one.fields, after=one.after)
        case.wire.events.clear()
        outcomes = bring(
            case.wire.client(),
            case.wanted,
            check_mode=check_mode,
            wait_timeout=60,
            status_words=case.words,
            clock=case.clock.clock,
        )
        self.outcomes = {outcome.declared.task_id: outcome for outcome in outcomes}
        self.events = [*case.wire.events]
        self.after = case.now()
        self.end = case.clock.utc()
        self.disturbances = {
            task_id: count - disturbed.get(task_id, 0) for task_id, count in case.disturbances().items()
        }
        self.theirs: dict[str, list[Theirs]] = {}
        for one in sorted(meddling, key=lambda one: (one.at, one.after)):
            done = self.theirs.setdefault(case.id_of(one), [])
            if one.at <= len(self.events) and not (done and done[-1].fields is None):
                done.append(Theirs(one.at + (0.5 if one.after else -0.5), one.fields))

    def modifies(self, task_id: str) -> dict[int, Event]:
        """The modifies of a task, by their places."""
        return {
            place: event
            for place, event in enumerate(self.events, 1)
            if event.body is not None and event.body["task_id"] == task_id
        }

    def last_look(self, task_id: str, before: float = math.inf) -> int:
        """The place of the last answer that lists a task, before a certain place; 0 if there is none."""
        places = [place for place, event in enumerate(self.events, 1) if place < before and task_id in event.listed]
        return max(places, default=0)

    def looks(self, task_id: str, after: int) -> list[int]:
        """The places of the answers that list a task, after a certain place."""
        return [place for place, event in enumerate(self.events, 1) if place > after and task_id in event.listed]

    def next_look(self, task_id: str, after: int) -> float:
        """The place of the next of them; infinity if there is none."""
        return min(self.looks(task_id, after), default=math.inf)

    def looked(self, task_id: str, place: float, modify: Event) -> bool:
        """Whether a modify may go by a look at its task that is older than what happened at a place."""
        return any(
            task_id in event.listed and modify.begun - event.ended <= FRESH_SECONDS
            for event in self.events[: math.ceil(place) - 1]
        )


class Case:
    """A service with some tasks, and what is asked of them."""

    def __init__(self, example: Drawn, left_out: str, restarts: str) -> None:
        held = [({**task, "task_id": fleet_id(number)}, asked) for number, (task, asked) in enumerate(example.pairs)]
        relay = next(task for task in seed_tasks(NOW) if task["task_id"] == RELAY_ID)
        self.clock = FakeClock()
        self.behaviour = Behaviour(left_out=left_out, restarts=restarts, **example.switches)
        self.service = Service([relay, *(task for task, _asked in held)], behaviour=self.behaviour, now=self.clock.utc)
        self.wire = Wire(self.service, self.clock, example.latency)
        self.words = {**{word: status for status, word in WORDS.items()}, ENDED: "enable"} if example.explained else {}
        self.zoneless = self.behaviour.time_style.startswith("zoneless")
        self.asked: dict[str, dict[str, Any]] = {}
        self.wanted: list[Declaration] = []
        self.refused = 0
        self._ids = [task["task_id"] for task, _asked in held]
        for task, asked in held[::-1] if example.backwards else held:
            if asked is not None:
                self._ask(task, {name: written(name, value, task) for name, value in asked.items()})

    def _ask(self, task: Task, asked: dict[str, Any]) -> None:
        managed = {name: value for name, value in asked.items() if value is not None}
        try:
            wanted = Declaration.from_options({"task_id": task["task_id"], **asked})
        except InvalidOptionError:
            assert inconsistent(managed)
            self.refused += 1
            return
        assert not inconsistent(managed)
        self.wanted.append(wanted)
        self.asked[wanted.task_id] = managed

    def id_of(self, meddling: Meddling) -> str:
        """The task that someone else changes."""
        return self._ids[meddling.which % len(self._ids)]

    def now(self) -> dict[str, Task]:
        """The tasks as the service itself holds them."""
        return {task["task_id"]: task for task in self.service.tasks()}

    def disturbances(self) -> dict[str, int]:
        """How often the viewers of each channel have been disturbed so far."""
        return {task_id: channel["disturbances"] for task_id, channel in self.service.player.to_json().items()}

    def settle(self) -> None:
        """Let what is late be shown, and what others have planned be done."""
        for _once in range(8 if self.service.planned else self.behaviour.lag_reads):
            for offset in range(0, max(1, len(self.service.tasks())), self.behaviour.page_cap or 100):
                self.service.list({"limit": "100", "offset": str(offset)})

    def unread(self, task: Task, ended: bool) -> set[str]:
        """What of a task a client cannot understand. That it has ended counts where the service has a word for it."""
        names = {name for name in TIMES if self.zoneless and task.get(name)}
        status = task.get("status")
        word = self.behaviour.own_end if ended and self.behaviour.own_end else None
        word = word or (self.behaviour.status_words or {}).get(status, status)
        return names | ({"status"} if word not in ("pause", "enable", "", *self.words) else set())

    def ended(self, task: Task) -> bool:
        """Whether an enabled channel is over, or has played its rounds, now."""
        end = normal("end_time", task.get("end_time"))
        now = self.clock.utc()
        if task.get("status") != "enable":
            return False
        if end is not None and end <= now:
            return True
        begun = normal("start_time", task["start_time"]) <= now
        return begun and bool(task["source_urls"]) and self.service.player.showing(task["task_id"]) is None

    def wrong(self, before: Task, after: Task, asked: Mapping[str, Any], now: datetime, moved: bool) -> list[str]:
        """The names of the fields that are neither as asked nor as they were.

        Args:
            moved: whether the service may have given a start that is over for another.
        """
        unmanaged = {*before, *after} - {*asked}
        names = [name for name in unmanaged if not same(name, before.get(name), after.get(name), now, moved)]
        return sorted([*names, *needed(after, asked, now)])

    def had(self, before: Task, asked: Mapping[str, Any], unread: Collection[str], now: datetime) -> Iterator[Task]:
        """Yield the bodies by which a client that knew the service could make the task right in one go."""
        need = {name: asked[name] for name in needed(before, asked, now, unread)}
        listed = {name: before[name] for name in OPTIONS if before.get(name) and name not in unread}
        if self.behaviour.encode_urls and "source_urls" in listed:
            listed["source_urls"] = normal("source_urls", listed["source_urls"])
        # A playlist is not sent without need: that it starts anew may be less of a jump, but by chance.
        whole = (OPTIONS, OPTIONS_BUT_START) if self.behaviour.left_out == "replace" else ()
        for names in ((), RESENT, RESENT_BUT_START, *whole):
            body = on_the_wire({**{name: listed[name] for name in names if name in listed}, **need})
            try:
                after = merge(before, body, self.behaviour.left_out, now, behaviour=self.behaviour)
            except ServiceError:
                continue
            if not self.wrong(before, after, asked, now, not self.zoneless):
                yield body

    def restorable(
        self, before: Task, after: Task, asked: Mapping[str, Any], unread: Collection[str], wrong: Collection[str]
    ) -> Iterator[str]:
        """Yield what is still lost at the end of a run and could have been restored, without losing anything else."""
        now = self.clock.utc()
        kept = {name: after[name] for name in OPTIONS if after.get(name) and name not in unread}
        for name in {*wrong} - {*asked, *unread}:
            for left_out in ((), ("start_time",)):
                body = {other: value for other, value in kept.items() if other not in left_out}
                try:
                    restored = merge(
                        after,
                        on_the_wire({**body, name: before[name]}),
                        self.behaviour.left_out,
                        now,
                        behaviour=self.behaviour,
                    )
                except ServiceError:
                    continue
                if {*self.wrong(before, restored, asked, now, not self.zoneless)} < {*wrong}:
                    yield name

    def least_disturbances(self, before: Task, bodies: Collection[Task], now: datetime) -> int:
        """How often such a client would disturb the channel."""
        counts = []
        for body in bodies:
            service = Service([before], behaviour=self.behaviour, now=lambda: now)
            service.modify({"task_id": before["task_id"], **body})
            counts.append(service.player.disturbances(before["task_id"]))
        return min(counts)


def same(name: str, one: Any, other: Any, now: datetime, moved: bool) -> bool:
    """Whether two values of a field mean the same. A start that is over may stand for another if it was moved."""
    one, other = normal(name, one), normal(name, other)
    return one == other or (moved and name == "start_time" and max(one, other) <= now)


def named(name: str, outcome: Ran) -> bool:
    """Whether a failure names an option. A status that nobody explained is in a warning of its own."""
    return name in str(outcome.error) or (name == "status" and name in outcome.warnings)


def may_slip(case: Case, run: Run) -> bool:
    """Whether a task may not be found because another was deleted while pages of one task each were turned."""
    deleted = any(change.fields is None for changes in run.theirs.values() for change in changes)
    return deleted and case.behaviour.page_cap == 1


def slipped(case: Case, run: Run, outcome: Ran) -> bool:
    """Whether that happened to a task."""
    missed = "There is no task" in str(outcome.error) or "no longer listed" in str(outcome.error)
    return missed and may_slip(case, run)


# What is right


class Judge:
    """Says whether a run was right, and counts what it saw."""

    def __init__(self, case: Case, run: Run, counts: collections.Counter[str]) -> None:
        self.case = case
        self.run = run
        self.counts = counts
        self.refused = any(event.body is not None and not event.accepted for event in run.events)
        self.moved = not case.zoneless and (case.behaviour.past_start == "now" or self.refused)

    def judge(self) -> None:
        """Look at every task."""
        self._fresh()
        self._one_first()
        for task_id, before in self.run.before.items():
            asked = self.case.asked.get(task_id)
            if asked is None:
                self._not_asked(task_id, before)
            elif self.run.theirs.get(task_id):
                self._meddled_with(task_id, before, asked)
            else:
                self._left_alone(task_id, before, asked)

    def _let_pass(self, why: str) -> None:
        self.counts[f"let pass: {why}"] += 1

    def _fresh(self) -> None:
        """A modify goes out within two seconds of a read of its task."""
        for place, event in enumerate(self.run.events, 1):
            if event.body is not None:
                look = self.run.last_look(event.body["task_id"], place)
                assert event.begun - self.run.events[look - 1].ended <= FRESH_SECONDS

    def _one_first(self) -> None:
        """A service that empties what is left out does it to one task; then the others are sent with everything."""
        emptied: set[str] = set()
        for place, event in enumerate(self.run.events, 1):
            if event.accepted and event.body is not None:
                task_id = event.body["task_id"]
                before = self.run.before[task_id]
                # An end that cannot be understood cannot be sent either.
                left_out = {"source_urls", *(() if self.case.zoneless else ("end_time",))} - {*event.body}
                seen = task_id in self.run.after
                lost = {name for name in left_out if before.get(name) and not event.after.get(name)}
                if lost == {"end_time"} and self._pauses_without_end(task_id, place):
                    self._let_pass("a pause that the service refuses with the end goes without it, and that is told")
                elif seen and lost - self._filled(task_id, place):
                    emptied.add(task_id)
        assert len(emptied) <= 1

    def _pauses_without_end(self, task_id: str, place: int) -> bool:
        """Whether a modify at that place is a pause that was refused with the end, and its failure names the end."""
        modifies = self.run.modifies(task_id)
        with_end = [event for at, event in modifies.items() if at < place and "end_time" in (event.body or {})]
        pauses = (modifies[place].body or {}).get("status") == "pause"
        told = "end_time" in str(self.run.outcomes[task_id].error)
        return pauses and told and bool(with_end) and not any(event.accepted for event in with_end)

    def _filled(self, task_id: str, place: int) -> set[str]:
        """The fields that someone else writes after a modify at that place, before it shows what it made of them."""
        look = self.run.looks(task_id, place)[: self.case.behaviour.lag_reads + 1][-1:] or [math.inf]
        changes = [change for change in self.run.theirs.get(task_id, ()) if place < change.place < look[0]]
        return {name for change in changes for name in change.fields or {}}

    def _slipped(self, outcome: Ran) -> bool:
        """Whether a task was not found because another was deleted while pages of one task each were turned."""
        if slipped(self.case, self.run, outcome):
            self._let_pass("a task slips from page to page, of one task each, because another is deleted")
            return True
        return False

    def _not_asked(self, task_id: str, before: Task) -> None:
        expected: Task | None = before
        for change in self.run.theirs.get(task_id, ()):
            expected = None if expected is None or change.fields is None else {**expected, **change.fields}
        assert self.run.after.get(task_id) == expected
        assert not self.run.modifies(task_id)

    def _left_alone(self, task_id: str, before: Task, asked: Mapping[str, Any]) -> None:
        """Nobody else changed the task."""
        run, case, outcome, after = self.run, self.case, self.run.outcomes[task_id], self.run.after[task_id]
        if self._slipped(outcome):
            return
        modifies = run.modifies(task_id)
        carried_out = [event for event in modifies.values() if event.accepted]
        now = next((event.utc for event in modifies.values()), run.end)
        unread = case.unread(before, task_id in case.ended_before)
        need = needed(before, asked, now, unread)
        if not need:
            self.counts["tasks as asked already"] += 1
            assert (outcome.error, outcome.changed, modifies) == (None, False, {})
            assert after == before
            return
        known = {name: value for name, value in before.items() if name not in unread}
        end = normal("end_time", asked["end_time"]) if "end_time" in need else None
        if inconsistent({**known, **{name: asked[name] for name in need}}) or (end and end <= now):
            self.counts["tasks refused after the read"] += 1
            assert isinstance(outcome.error, InvalidOptionError)
            assert (outcome.changed, modifies) == (False, {})
            assert after == before
            return
        wrong = case.wrong(before, after, asked, run.end, self.moved)
        lost = [name for name in wrong if name not in asked]
        message = str(outcome.error)
        if "meanwhile" in outcome.warnings:
            # The service may have a word of its own for a channel that has ended, and a change may make it end.
            assert case.behaviour.own_end and ": status has changed" in outcome.warnings["meanwhile"]
            self._let_pass("a channel ends, or does not any more, and its other word is told as a change")
        assert after["source_urls"]
        if outcome.error is None:
            assert wrong == []
            assert outcome.changed
            assert outcome.result()["changes"] == need
            self._emptied(outcome, before, asked, carried_out)
            self.counts["tasks changed"] += 1
        else:
            # A start that nobody understands stays only by chance: when it is the moment of the modify.
            by_chance = "start_time" in lost and "start_time" in unread and case.behaviour.left_out != "keep"
            possible = not by_chance and any(case.had(before, asked, unread, now))
            assert not carried_out or all(named(name, outcome) for name in wrong), (wrong, message)
            assert [*case.restorable(before, after, asked, unread, wrong)] == []
            assert outcome.changed == bool(carried_out)
            assert carried_out or after == before
            if possible and self._too_slow(task_id):
                self._let_pass("the time of the run ends before a restored option is listed, and that is told")
                assert wrong == [] and "accepted the modify that restores" in message, (wrong, message)
            elif possible:
                self._let_pass("a time without a zone is asked for, so that nobody sees that it has taken")
                assert case.zoneless and not asked.keys().isdisjoint(TIMES), message
                assert "have not taken" in message
                # A start that is left out because nobody understands it becomes the time of the last modify.
                assert wrong == [] or (wrong == ["start_time"] and case.behaviour.left_out != "keep")
            else:
                self.counts["tasks that the service cannot make so, told" + (", with what was lost" * bool(lost))] += 1
        if "status" in unread and "status" in asked and outcome.error is None:
            self._let_pass("a status that nobody explained is written in every run, and warned of")
        assert ("status" in outcome.warnings) <= ("status" in asked)
        if case.judges_disturbances and carried_out and not wrong and run.disturbances[task_id]:
            self.counts["disturbances"] += run.disturbances[task_id]
            bodies = [*case.had(before, asked, unread, now)]
            if bodies and len(carried_out) == 1:
                assert run.disturbances[task_id] <= case.least_disturbances(before, bodies, now)

    def _too_slow(self, task_id: str) -> bool:
        """Whether the time of the run ended before an answer could list the last modify of a task."""
        places = [place for place, event in self.run.modifies(task_id).items() if event.accepted]
        looks = self.run.looks(task_id, max(places, default=0))
        return len(places) > 1 and len(looks) <= self.case.behaviour.lag_reads

    def _emptied(self, outcome: Ran, before: Task, asked: Mapping[str, Any], carried_out: Collection[Event]) -> None:
        """What a modify emptied was restored with the next one, as soon as it could be seen, and told."""
        first, *others = carried_out
        open_ = needed(first.after, asked, first.utc)
        emptied = sorted(
            name
            for name in OPTIONS
            if name not in first.body and not same(name, before.get(name), first.after.get(name), first.utc, True)
            if name not in asked or name in open_
        )
        assert outcome.result().get("restored", []) == emptied
        assert ("restored" in outcome.warnings) == bool(emptied)
        assert len(others) == bool(emptied)
        if emptied:
            self.counts["tasks restored"] += 1
            assert others[0].slept - first.slept <= WAITED[self.case.behaviour.lag_reads] or may_slip(
                self.case, self.run
            )

    def _meddled_with(self, task_id: str, before: Task, asked: Mapping[str, Any]) -> None:
        """Somebody else changed the task, or deleted it."""
        run, case, outcome, theirs = self.run, self.case, self.run.outcomes[task_id], self.run.theirs[task_id]
        last_look = run.last_look(task_id)
        if self._slipped(outcome):
            return
        modifies = run.modifies(task_id)
        carried_out = {place: event for place, event in modifies.items() if event.accepted}
        if theirs[-1].fields is None:
            self.counts["tasks deleted meanwhile"] += 1
            assert task_id not in run.after
            # Fine only if it was there when its change was looked for.
            assert outcome.error or not carried_out or max(carried_out) < last_look < theirs[-1].place
            return
        self.counts["tasks changed meanwhile"] += 1
        after, message = run.after[task_id], str(outcome.error)
        # What they made of it does not go with what is asked: by a rule, or by the service.
        unfit = isinstance(outcome.error, InvalidOptionError) or (
            outcome.error is not None and isinstance(outcome.error.__cause__, InvalidOptionError)
        )
        excused = case.zoneless or unfit or len(modifies) > len(carried_out)
        for name in {*before, *after}:
            values = [before.get(name)]
            place = 0.0
            for change in theirs:
                if name in (change.fields or {}):
                    values.append((change.fields or {})[name])
                    place = change.place
            if name in asked:
                if name not in needed(after, asked, run.end):
                    continue
                if name == "status" and name in outcome.warnings and not outcome.error:
                    self._let_pass("a status that nobody explained is changed by others after it was written, and told")
                elif outcome.error:
                    late = place > last_look
                    assert named(name, outcome) or late or (excused and not carried_out), (name, message)
                    self._let_pass("an option asked for is changed by others after it was written, and told")
                else:
                    assert place > run.next_look(task_id, max(carried_out, default=0))
                    self._let_pass("an option asked for is changed by others after the last look")
                continue
            if same(name, values[-1], after.get(name), run.end, self.moved):
                continue
            blind = [event for at, event in carried_out.items() if at > place and run.looked(task_id, place, event)]
            put_back = any(name in event.body or case.behaviour.left_out != "keep" for event in blind)
            if put_back and any(same(name, value, after.get(name), run.end, self.moved) for value in values):
                self._let_pass("a change by others between read and write is put back")
                continue
            assert outcome.error
            assert name in message, (name, message)
            self._let_pass("what others did to an option cannot be restored")
        if outcome.error is None:
            assert outcome.changed == bool(carried_out)
        else:
            self.counts["tasks failed that others changed"] += 1
            touched = {name for change in theirs for name in change.fields or {}}
            assert excused or any(name in message for name in touched & {*asked}) or "restor" in message, message


def check(example: Drawn, left_out: str, restarts: str, counts: collections.Counter[str]) -> None:
    """Try one example."""
    case = Case(example, left_out, restarts)
    counts["services"] += 1
    counts["tasks refused at once"] += case.refused
    case.ended_before = {task_id for task_id, task in case.now().items() if case.ended(task)}
    case.judges_disturbances = True

    foretold = Run(case, check_mode=True)
    assert not any(event.body for event in foretold.events)
    assert foretold.after == foretold.before

    applied = Run(case, example.meddling)
    Judge(case, applied, counts).judge()
    for task_id, outcome in applied.outcomes.items():
        if not applied.theirs.get(task_id) and not slipped(case, applied, outcome):
            foresaw(case, foretold.outcomes[task_id], outcome)

    case.settle()
    now = case.now()
    unchanged = {task_id for task_id, task in now.items() if task == applied.after.get(task_id)}
    case.ended_before = {task_id for task_id, task in now.items() if case.ended(task)}
    case.judges_disturbances = False
    if now.keys() != applied.before.keys():
        return
    again = Run(case)
    Judge(case, again, collections.Counter()).judge()
    for task_id, outcome in applied.outcomes.items():
        if outcome.error is None and task_id in unchanged and not applied.theirs.get(task_id):
            unread = case.unread(again.before[task_id], task_id in case.ended_before)
            assert not again.modifies(task_id) or not unread.isdisjoint(case.asked[task_id])


def foresaw(case: Case, foretold: Ran, outcome: Ran) -> None:
    """Check mode said what happened."""
    if isinstance(outcome.error, InvalidOptionError):
        # But for the time of the run.
        assert str(foretold.error).partition("later than now")[0] == str(outcome.error).partition("later than now")[0]
        return
    assert foretold.error is None
    assert foretold.diff == outcome.diff
    if outcome.error is None:
        assert foretold.result()["changes"] == outcome.result()["changes"]
        assert foretold.changed == outcome.changed
        now = case.clock.utc()
        one, other = (one.result()["live_pull_task"] for one in (foretold, outcome))
        different = [name for name in {*one, *other} if not same(name, one.get(name), other.get(name), now, True)]
        assert different == [] or different == ["status"]
        assert different == [] or "status" in outcome.warnings or case.behaviour.own_end


@pytest.mark.parametrize("restarts", ["sent", "differ", "immediate"])
@pytest.mark.parametrize("left_out", ["keep", "reset", "replace"])
def test_right_on_air(left_out: str, restarts: str, examples: collections.Counter[str]) -> None:
    @settings(max_examples=math.ceil(10 * settings.get_profile("properties").max_examples / 9))
    @given(drawn.examples)
    def try_one(one: Drawn) -> None:
        check(one, left_out, restarts, examples)

    try_one()


@pytest.mark.parametrize("left_out", ["keep", "reset", "replace"])
@pytest.mark.parametrize("what", FOUND)
def test_what_was_found_once_is_right_on_air(what: str, left_out: str) -> None:
    for restarts in ("sent", "differ", "immediate"):
        check(FOUND[what], left_out, restarts, collections.Counter())
