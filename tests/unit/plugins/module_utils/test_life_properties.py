# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Never two, never one too many gone: however the service is, whichever answers are lost, and whoever else writes.

After one run a task is there once and as asked, or gone, and no other was touched; an error says what may have been
done. One that is created anew has all that the old one had, or the error tells how to get it back. The second run
writes nothing, and check mode said what would happen.

The service is played by the emulator's model of it, which takes down what was sent, carried out and listed. Nothing of
the code under test decides what is right. What is let pass is counted, and printed with "let pass" before it.
"""

from __future__ import annotations

import collections
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings

from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import DEFAULTS, EVENTS, Behaviour, Service
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import client_to
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, bring
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.drawn import NOW
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.drawn_life import (
    LIVE,
    LIVE_EVENTS,
    PLACES,
    PUSHED,
    THEIRS,
    Asked,
    Example,
    Task,
    life_examples,
)
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.witness import (
    Done,
    Line,
    Sent,
    Shown,
    Witness,
)

IMMUTABLE = ("source_type", "callback_url", "push_args", "backup_source_type", "backup_source_urls")
LOOKS, LOOKED_SECONDS = 4, 10.0
"""How often, and for how long, a create whose answer was lost is looked for before it is sent again."""
LATE_SECONDS = 7.0
"""For how long a delete whose answer was lost is."""


def pushed(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a task pushes to."""
    return tuple(fields.get(name) or "" for name in PUSHED)


def fresh(options: Mapping[str, Any]) -> Task:
    """What the service makes of a create with these options."""
    service = Service(now=lambda: NOW)
    body = {name: value for name, value in options.items() if name not in ("state", "recreate", "status")}
    if body.get("callback_events") == [*EVENTS]:
        del body["callback_events"]
    return service.task(service.create({"source_type": "PullVodPushLive", **body}))


# What happens


class Case:
    """A service with some tasks, and what is asked of them."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.clock = FakeClock()
        account = [{**task, "task_id": f"old-{number}"} for number, task in enumerate(example.account)]
        self.service = Witness(account, Behaviour(**example.switches), self.clock)
        # Nobody names a task twice in the same way.
        self.asked = [*{(one.by_id, one.which if one.by_id else self.here(one)): one for one in example.asked}.values()]

    def here(self, one: Asked) -> tuple[str, ...]:
        """Where the task that is meant pushes to."""
        account = self.example.account
        return pushed(account[one.which] if one.which < len(account) else PLACES[one.place])

    def options(self, one: Asked, task_id: str | None = None) -> dict[str, Any]:
        """The options of a module."""
        destination = {name: value for name, value in zip(PUSHED, self.here(one)) if value}
        name = {"task_id": task_id or f"old-{one.which}"} if one.by_id else destination
        state = "absent" if one.kind == "absent" else "present"
        return {**name, **one.options, "state": state, "recreate": one.kind == "recreate"}

    def now(self) -> dict[str, Task]:
        """The tasks as the service itself holds them."""
        return {task["task_id"]: task for task in self.service.tasks()}

    def run(self, options: Sequence[Mapping[str, Any]], lost: Mapping[int, float | None], **how: Any) -> list[Ran]:
        """Bring the tasks to what is asked."""
        self.service.events.clear()
        client = client_to(Line(self.service, self.clock, lost), self.clock, retries=self.example.retries)
        wanted = [Declaration.from_options(one) for one in options]
        return bring(
            client, wanted, wait_timeout=60, clock=self.clock.clock, tell=lambda _text, _verbosity: None, **how
        )


# What is right


class Judge:
    """Says whether a run was right, and counts what it saw.

    Attributes:
        calm: whether nobody else wrote.
        doubled: whether there are two of ours, which nobody could know.
    """

    def __init__(self, case: Case, before: Mapping[str, Task], counts: collections.Counter[str]) -> None:
        self.case, self.before, self.after, self.counts = case, before, case.now(), counts
        self.events = [*case.service.events]
        self.sent = [event for event in self.events if isinstance(event, Sent)]
        self.made = case.service.made
        self.meddled = dict(case.service.meddled)
        self.calm = not self.meddled
        self.doubled = False

    def judge(self, foretold: Sequence[Ran], outcomes: Sequence[Ran]) -> None:
        """Look at every task."""
        self._looked_for()
        meant = [self._meant(one) for one in self.case.asked]
        for task_id in self.before.keys() - set().union(*meant):
            theirs = self.meddled.get(task_id, {})
            assert self.after.get(task_id) == (None if theirs is None else {**self.before[task_id], **theirs})
        may_go = [ids for one, ids in zip(self.case.asked, meant) if one.kind != "present"]
        assert {event.what["task_id"] for event in self.sent if event.method == "DELETE"} <= set().union(*may_go)
        for one, ids, told, outcome in zip(self.case.asked, meant, foretold, outcomes):
            self._one(one, ids, told, outcome)

    def _let_pass(self, why: str) -> None:
        self.counts[f"let pass: {why}"] += 1

    def _meant(self, one: Asked) -> set[str]:
        """The ids of the tasks that may be meant; of several with one destination none is."""
        if one.by_id:
            return {f"old-{one.which}"}
        tasks = {**self.before, THEIRS: self.meddled.get(THEIRS) or {}}
        here = {task_id for task_id, task in tasks.items() if pushed(task) == self.case.here(one)}
        by_id = {f"old-{other.which}" for other in self.case.asked if other.by_id}
        return set() if self.calm and len(here) > 1 else here - by_id

    def _looked_for(self) -> None:
        """A create is only sent again when the one before was looked for in vain."""
        sent = [(place, event) for place, event in enumerate(self.events) if isinstance(event, Sent)]
        creates = [(place, event) for place, event in sent if event.method == "POST"]
        for (first, one), (second, other) in itertools.combinations(creates, 2):
            if pushed(one.what) == pushed(other.what):
                looks = [event for event in self.events[first:second] if isinstance(event, Shown)]
                assert one.lost
                assert sum(look.first for look in looks) >= LOOKS
                assert other.moment - one.moment >= LOOKED_SECONDS
                shown = {task_id for look in looks for task_id in look.task_ids}
                assert all(pushed(self.made[task_id]) != pushed(one.what) for task_id in shown & self.made.keys())

    def _one(self, one: Asked, meant: set[str], told: Ran, outcome: Ran) -> None:
        here, error, task_id = self.case.here(one), outcome.error, str(outcome.declared.task_id)
        creates = not one.by_id or one.kind == "recreate"
        made = {new for new, body in self.made.items() if creates and pushed(body) == here}
        posts = [event for event in self.sent if event.method == "POST" and creates and pushed(event.what) == here]
        sent = [event for event in self.sent if event in posts or event.what.get("task_id") in meant | made]
        done = [event for event in self.events if isinstance(event, Done) and event.task_id in meant | made]
        # What may have been done is told.
        assert outcome.changed or not (done or any(event.lost for event in sent))
        assert sent or not (outcome.changed and error)
        assert len({event.what["task_id"] for event in sent if event.method == "DELETE"}) <= 1
        alive = made & self.after.keys()
        if len(alive) > 1:
            assert len(posts) > 1
            self.doubled = True
            self._let_pass("a create whose answer was lost shows later than it is looked for")
        deleted = any(event.method == "DELETE" for event in done)
        if one.kind == "recreate" and deleted and not made and task_id not in self.after:
            assert "in the results, as request" in str(error)
            assert outcome.result()["request"]["source_type"]
            self.counts["tasks deleted and not created anew, told"] += 1
        theirs = pushed(self.meddled.get(THEIRS) or {}) == here
        if "there are several" in str(error):
            assert len(alive) > 1 or theirs
            # What lands after the last look is not among them.
            assert sum(f" {new}" in str(error) for new in (*alive, THEIRS)) > 1
            self.counts["doubles told"] += 1
        elif error and self.calm:
            self._failed(told, outcome, sent, done)
        elif self.calm and not self.doubled:
            self._right(one, meant, made, outcome)
        elif not error and alive and theirs and THEIRS in self.after:
            self._let_pass("someone else creates the same, and nobody could see it")
        if not error and one.kind != "absent" and task_id in self.after:
            compared = one.options.keys() & {*IMMUTABLE} - _uncompared(outcome)
            assert all(self.after[task_id][name] == one.options[name] for name in compared)

    def _failed(self, told: Ran, outcome: Ran, sent: Sequence[Sent], done: Sequence[Done]) -> None:
        """There is a reason for the error: check mode told it, the service refused, or answers were lost too often."""
        if not sent:
            assert str(told.error).partition("later than now")[0] == str(outcome.error).partition("later than now")[0]
            self.counts["tasks refused before any write"] += 1
            return
        assert told.error is None
        last = [event for event in sent if event.method == sent[-1].method]
        lost = sum(event.lost for event in last)
        refused = lost + sum(event.method == last[0].method for event in done) < len(last)
        switches = self.case.example.switches
        if refused and not lost:
            self.counts["tasks refused by the service, told"] += 1
        elif switches["time_style"] == "zoneless":
            self.counts["tasks whose times nobody understands, told"] += 1
        else:
            late = refused or switches["lag"] > LATE_SECONDS
            assert lost > self.case.example.retries or (lost and late), str(outcome.error)
            assert "not known whether" in str(outcome.error)
            self.counts["tasks of which answers were lost, told"] += 1

    def _right(self, one: Asked, meant: set[str], made: set[str], outcome: Ran) -> None:
        """The task is there once and as asked, or gone."""
        how = "created" if made else "changed" if outcome.changed else "as asked"
        self.counts[f"tasks {one.kind}, {how}"] += 1
        there = (meant | made) & self.after.keys()
        if one.kind == "absent":
            assert not there
            return
        [task_id] = there
        assert outcome.result()["live_pull_task"]["task_id"] == task_id
        [old] = [self.before[old] for old in meant & self.before.keys()] or [None]
        assert (outcome.created, outcome.deleted) == (bool(made), bool(made and old))
        after, expected = self.after[task_id], {**(old or fresh(self.case.options(one))), **one.options}
        names = {*after, *expected} - ({"task_id", "create_time"} if made else set())
        if old and old["source_type"] != after["source_type"]:
            names &= after.keys()
        live = after["source_type"] == LIVE["source_type"]
        names -= _uncompared(outcome)
        different = [name for name in names if not self._same(name, after.get(name), expected.get(name), live)]
        assert different == []

    def _same(self, name: str, one: Any, other: Any, live: bool) -> bool:
        """Whether two values mean the same. One start that is over is as good as another."""
        if name == "source_urls":
            one, other = ([quote(url, safe="".join(map(chr, range(33, 127)))) for url in urls] for urls in (one, other))
        elif name == "callback_events":
            one, other = (
                {*events} & {*(LIVE_EVENTS if live and {*events} == {*EVENTS} else EVENTS)} for events in (one, other)
            )
        elif live and name in DEFAULTS:
            # A live relay does not have this option, so declaring its default changes nothing.
            one, other = (None if value == DEFAULTS[name] else value for value in (one, other))
        elif name == "start_time":
            now = self.case.clock.utc().strftime("%Y-%m-%dT%H:%M:%SZ")
            one, other = max(one, now), max(other, now)
        return bool((one or None) == (other or None))


def _uncompared(outcome: Ran) -> set[str]:
    """Return the options that the service does not list: nobody can tell, and a warning says so."""
    return {name for name in IMMUTABLE if name in outcome.warnings.get("hidden", "")}


def check(example: Example, counts: collections.Counter[str]) -> None:
    """Try one example."""
    case = Case(example)
    counts["accounts"] += 1
    before = case.now()
    options = [case.options(one) for one in case.asked]
    foretold = case.run(options, {}, check_mode=True)
    assert all(isinstance(event, Shown) for event in case.service.events)
    assert case.now() == before

    if example.meddling:
        case.service.meddle(example.meddling.at, *example.meddling.change, after=example.meddling.after)
    outcomes = case.run(options, example.lost)
    # What lands late does so now.
    case.clock.clock.sleep(30)
    judge = Judge(case, before, counts)
    judge.judge(foretold, outcomes)
    if not judge.calm:
        return
    for told, outcome in zip(foretold, outcomes):
        if not outcome.error:
            names = ("created", "deleted", "changed", "diff")
            assert [getattr(told, name) for name in names] == [getattr(outcome, name) for name in names]
            assert told.result().get("changes") == outcome.result().get("changes")
    if any(outcome.error for outcome in outcomes) or judge.doubled or case.service.planned:
        return
    # What was created anew has another id.
    new = [outcome.declared.task_id if one.kind == "recreate" else None for one, outcome in zip(case.asked, outcomes)]
    after = case.now()
    again = case.run([case.options(one, task_id) for one, task_id in zip(case.asked, new)], {})
    assert [(outcome.error, outcome.changed) for outcome in again] == [(None, False)] * len(again)
    assert case.now() == after


def test_never_two_and_never_one_too_many_gone(examples: collections.Counter[str]) -> None:
    @settings(max_examples=math.ceil(1.5 * settings.get_profile("properties").max_examples))
    @given(life_examples)
    def try_one(one: Example) -> None:
        check(one, examples)

    try_one()
