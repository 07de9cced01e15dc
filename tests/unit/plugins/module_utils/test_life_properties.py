# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No task exists twice, and no other task is deleted: for any service, any lost responses, and any other writer.

After one run, a task exists once and in its declared state, or it is deleted. No other task was changed. An error
reports what may have been done. A recreated task has all options of the old task, or the error reports how to get them
back. The second run writes nothing, and check mode reports what a run does.

The emulator's model plays the service, and records what was sent, carried out and listed. No code under test decides
what is correct. Deviations that are allowed are counted, and printed with "tolerated" in front.
"""

from __future__ import annotations

import collections
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pytest
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
    Declared,
    Example,
    Task,
    life_examples,
)
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.found import FOUND_IN_LIVES
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.witness import (
    Done,
    Line,
    Sent,
    Shown,
    Witness,
)

IMMUTABLE = ("source_type", "callback_url", "push_args", "backup_source_type", "backup_source_urls")
LOOKS, LOOKED_SECONDS = 4, 10.0
"""How often, and for how many seconds, a run looks for a create without a response before it sends it again."""
LATE_SECONDS = 7.0
"""For how many seconds a run looks for a delete without a response."""


def pushed(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the destination of a task."""
    return tuple(fields.get(name) or "" for name in PUSHED)


def fresh(options: Mapping[str, Any]) -> Task:
    """Return the task that the service creates with these options."""
    service = Service(now=lambda: NOW)
    body = {name: value for name, value in options.items() if name not in ("state", "recreate", "status")}
    if body.get("callback_events") == [*EVENTS]:
        del body["callback_events"]
    return service.task(service.create({"source_type": "PullVodPushLive", **body}))


# What happens


class Case:
    """A service with some tasks, and their declarations."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.clock = FakeClock()
        account = [{**task, "task_id": f"old-{number}"} for number, task in enumerate(example.account)]
        self.service = Witness(account, Behaviour(**example.switches), self.clock)
        # Two declarations of one task would be an error.
        self.declared = [
            *{(one.by_id, one.which if one.by_id else self.here(one)): one for one in example.declared}.values()
        ]

    def here(self, one: Declared) -> tuple[str, ...]:
        """Return the destination of the declared task."""
        account = self.example.account
        return pushed(account[one.which] if one.which < len(account) else PLACES[one.place])

    def options(self, one: Declared, task_id: str | None = None) -> dict[str, Any]:
        """Return the options of a module."""
        destination = {name: value for name, value in zip(PUSHED, self.here(one)) if value}
        name = {"task_id": task_id or f"old-{one.which}"} if one.by_id else destination
        state = "absent" if one.kind == "absent" else "present"
        return {**name, **one.options, "state": state, "recreate": one.kind == "recreate"}

    def now(self) -> dict[str, Task]:
        """Return the tasks as the service itself stores them."""
        return {task["task_id"]: task for task in self.service.tasks()}

    def run(self, options: Sequence[Mapping[str, Any]], lost: Mapping[int, float | None], **how: Any) -> list[Ran]:
        """Bring the tasks to their declared state."""
        self.service.events.clear()
        client = client_to(Line(self.service, self.clock, lost), self.clock, retries=self.example.retries)
        wanted = [Declaration.from_options(one) for one in options]
        return bring(
            client, wanted, wait_timeout=60, clock=self.clock.clock, tell=lambda _text, _verbosity: None, **how
        )


# What is right


class Judge:
    """Checks a run, and counts its cases.

    Attributes:
        calm: whether no other writer changed a task.
        doubled: whether the run created two tasks, which it could not know.
    """

    def __init__(self, case: Case, before: Mapping[str, Task], counts: collections.Counter[str]) -> None:
        self.case, self.before, self.after, self.counts = case, before, case.now(), counts
        self.events = [*case.service.events]
        self.sent = [event for event in self.events if isinstance(event, Sent)]
        self.made = case.service.made
        self.meddled = dict(case.service.meddled)
        self.calm = not self.meddled
        self.doubled = False

    def judge(self, planned: Sequence[Ran], outcomes: Sequence[Ran]) -> None:
        """Check every task."""
        self._looked_for()
        meant = [self._meant(one) for one in self.case.declared]
        for task_id in self.before.keys() - set().union(*meant):
            theirs = self.meddled.get(task_id, {})
            assert self.after.get(task_id) == (None if theirs is None else {**self.before[task_id], **theirs})
        may_go = [ids for one, ids in zip(self.case.declared, meant) if one.kind != "present"]
        assert {event.what["task_id"] for event in self.sent if event.method == "DELETE"} <= set().union(*may_go)
        for one, ids, plan, outcome in zip(self.case.declared, meant, planned, outcomes):
            self._one(one, ids, plan, outcome)

    def _tolerate(self, why: str) -> None:
        self.counts[f"tolerated: {why}"] += 1

    def _meant(self, one: Declared) -> set[str]:
        """Return the ids of the tasks that a declaration may mean: none, if several have its destination."""
        if one.by_id:
            return {f"old-{one.which}"}
        tasks = {**self.before, THEIRS: self.meddled.get(THEIRS) or {}}
        here = {task_id for task_id, task in tasks.items() if pushed(task) == self.case.here(one)}
        by_id = {f"old-{other.which}" for other in self.case.declared if other.by_id}
        return set() if self.calm and len(here) > 1 else here - by_id

    def _looked_for(self) -> None:
        """A create is sent again only if the list does not show the task of the first create."""
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

    def _one(self, one: Declared, meant: set[str], plan: Ran, outcome: Ran) -> None:
        here, error, task_id = self.case.here(one), outcome.error, str(outcome.declared.task_id)
        creates = not one.by_id or one.kind == "recreate"
        made = {new for new, body in self.made.items() if creates and pushed(body) == here}
        posts = [event for event in self.sent if event.method == "POST" and creates and pushed(event.what) == here]
        sent = [event for event in self.sent if event in posts or event.what.get("task_id") in meant | made]
        done = [event for event in self.events if isinstance(event, Done) and event.task_id in meant | made]
        # A write that may have been carried out is reported.
        assert outcome.changed or not (done or any(event.lost for event in sent))
        assert sent or not (outcome.changed and error)
        assert len({event.what["task_id"] for event in sent if event.method == "DELETE"}) <= 1
        alive = made & self.after.keys()
        if len(alive) > 1:
            assert len(posts) > 1
            self.doubled = True
            self._tolerate("a create without a response is listed after the run has stopped looking for it")
        deleted = any(event.method == "DELETE" for event in done)
        if one.kind == "recreate" and deleted and not made and task_id not in self.after:
            assert "in the results, as request" in str(error)
            assert outcome.result()["request"]["source_type"]
            self.counts["tasks deleted and not created again (reported)"] += 1
        theirs = pushed(self.meddled.get(THEIRS) or {}) == here
        if "there are several" in str(error):
            assert len(alive) > 1 or theirs
            # A task that is created after the last read is not among them.
            assert sum(f" {new}" in str(error) for new in (*alive, THEIRS)) > 1
            self.counts["tasks that exist twice (reported)"] += 1
        elif error and self.calm:
            self._failed(plan, outcome, sent, done)
        elif self.calm and not self.doubled:
            self._right(one, meant, made, outcome)
        elif not error and alive and theirs and THEIRS in self.after:
            self._tolerate("another writer creates the same task, and the run could not see it")
        if not error and one.kind != "absent" and task_id in self.after:
            compared = one.options.keys() & {*IMMUTABLE} - _uncompared(outcome)
            assert all(self.after[task_id][name] == one.options[name] for name in compared)

    def _failed(self, plan: Ran, outcome: Ran, sent: Sequence[Sent], done: Sequence[Done]) -> None:
        """The error has a reason: check mode reports it, the service refuses, or too many responses are lost."""
        if not sent:
            assert str(plan.error).partition("later than now")[0] == str(outcome.error).partition("later than now")[0]
            self.counts["tasks refused before any write"] += 1
            return
        assert plan.error is None
        last = [event for event in sent if event.method == sent[-1].method]
        lost = sum(event.lost for event in last)
        carried_out = [event for event in done if event.method == last[0].method]
        refused = lost + sum(event.answered for event in carried_out) < len(last)
        switches = self.case.example.switches
        # Where each lost write was carried out, the run can see that.
        if refused and lost == sum(not event.answered for event in carried_out):
            self.counts["tasks refused by the service (reported)"] += 1
        elif switches["time_style"] == "zoneless":
            self.counts["tasks whose times cannot be understood (reported)"] += 1
        else:
            late = refused or switches["lag"] > LATE_SECONDS
            assert lost > self.case.example.retries or (lost and late), str(outcome.error)
            assert "not known whether" in str(outcome.error)
            self.counts["tasks with lost responses (reported)"] += 1

    def _right(self, one: Declared, meant: set[str], made: set[str], outcome: Ran) -> None:
        """The task exists once, in its declared state, or it is deleted."""
        how = "created" if made else "changed" if outcome.changed else "unchanged"
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
        """Return whether two values are equal. All starts in the past are equal."""
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
    """Return the options that the service does not list, and that a warning names."""
    return {name for name in IMMUTABLE if name in outcome.warnings.get("hidden", "")}


def check(example: Example, counts: collections.Counter[str]) -> None:
    """Check one example."""
    case = Case(example)
    counts["accounts"] += 1
    before = case.now()
    options = [case.options(one) for one in case.declared]
    planned = case.run(options, {}, check_mode=True)
    assert all(isinstance(event, Shown) for event in case.service.events)
    assert case.now() == before

    if example.meddling:
        case.service.meddle(example.meddling.at, *example.meddling.change, after=example.meddling.after)
    outcomes = case.run(options, example.lost)
    # Creates that are carried out late are carried out now.
    case.clock.clock.sleep(30)
    judge = Judge(case, before, counts)
    judge.judge(planned, outcomes)
    if not judge.calm:
        return
    for plan, outcome in zip(planned, outcomes):
        if not outcome.error:
            names = ("created", "deleted", "changed", "diff")
            assert [getattr(plan, name) for name in names] == [getattr(outcome, name) for name in names]
            assert plan.result().get("changes") == outcome.result().get("changes")
    if any(outcome.error for outcome in outcomes) or judge.doubled or case.service.planned:
        return
    # A recreated task has another id.
    new = [
        outcome.declared.task_id if one.kind == "recreate" else None for one, outcome in zip(case.declared, outcomes)
    ]
    after = case.now()
    again = case.run([case.options(one, task_id) for one, task_id in zip(case.declared, new)], {})
    assert [(outcome.error, outcome.changed) for outcome in again] == [(None, False)] * len(again)
    assert case.now() == after


@pytest.mark.hypothesis
def test_no_task_exists_twice_and_no_other_task_is_deleted(examples: collections.Counter[str]) -> None:
    @settings(max_examples=math.ceil(1.5 * settings.get_profile("properties").max_examples))
    @given(life_examples)
    def try_one(one: Example) -> None:
        check(one, examples)

    try_one()


@pytest.mark.parametrize("what", FOUND_IN_LIVES)
def test_examples_that_failed_once_pass(what: str) -> None:
    check(FOUND_IN_LIVES[what], collections.Counter())
