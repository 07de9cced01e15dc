# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a task is and whatever is asked of it: one apply does exactly that, a second apply does nothing.

The service is played by the emulator's model of it, under both readings of what leaving a field out of a modify
means, and in every way it may write its answers. Here nothing of the code under test decides what is right: values
are compared in a normal form of this file's own, and the model says which requests break a rule.
"""

from __future__ import annotations

import collections
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._outcome import Outcome
from ansible_collections.huaweicloud.live.plugins.module_utils._reconcile import reconcile
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Wanted
from ansible_collections.huaweicloud.live.tests.emulator import (
    EVENTS,
    RELAY_ID,
    Behaviour,
    Service,
    ServiceError,
    fleet_id,
    merge,
    seed_tasks,
    vod_task,
)
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.fakes import (
    EPOCH,
    FakeClock,
    ServiceTransport,
)

NOW = datetime.fromtimestamp(EPOCH, timezone.utc)
DAY = 24 * 60 * 60
URLS = (
    "https://media.example.com/a.mp4",
    "https://media.example.com/b.mp4",
    "https://media.example.com/b.mp4?key=a+b%20c&d=e~f#g",
    "https://media.example.com/片/é.mp4",
    "rtmp://user:word@[2001:db8::1]:1935/live/c",
)

OWN = object()
"""In place of a value to ask for: the one that the task has."""

# A task as it may stand in the service

seconds = st.sampled_from([0, 1, DAY, 7 * DAY - 1, 7 * DAY]) | st.integers(0, 8 * DAY)
long_urls = st.tuples(st.permutations(URLS), st.integers(29, 30)).map(lambda drawn: (drawn[0] * 6)[: drawn[1]])
urls = st.lists(st.sampled_from(URLS), min_size=1, max_size=4) | long_urls
statuses = st.sampled_from(["pause", "enable"])
refresh_types = st.sampled_from(["immediate_new_source", "continue_from_file_start", "continue_from_break_point"])
rounds = st.sampled_from(["-1", "1", "3"]) | st.integers(1, 10**12).map(str)
places = st.integers(0, 3) | st.sampled_from([28, 29, 30, 2147483647])
moments = st.sampled_from([0, 90, 2147483647])
events = st.lists(st.sampled_from(EVENTS), unique=True)


def plain(after: int) -> str:
    """The time so many seconds after a moment long ago, as the service writes it."""
    return (NOW - timedelta(days=3) + timedelta(seconds=after)).strftime("%Y-%m-%dT%H:%M:%SZ")


def task_of(drawn: dict[str, Any]) -> dict[str, Any]:
    """A task that keeps to the rules, without its id."""
    fields = {**drawn, "callback_events": drawn["callback_events"] or [*EVENTS]}
    fields["vod_start_video_index"] %= len(fields["source_urls"])
    start, duration = fields["start_time"], fields.pop("duration")
    fields["start_time"], fields["end_time"] = plain(start), plain(start + duration)
    task = vod_task("", "channel", NOW, **fields)
    if not duration:
        del task["end_time"]
    return task


tasks = st.fixed_dictionaries(
    {
        "status": statuses,
        "source_urls": urls,
        "vod_loop_time": rounds,
        "vod_refresh_type": refresh_types,
        "vod_start_video_index": places,
        "vod_start_video_time": moments,
        "start_time": seconds,
        "duration": st.sampled_from([0, 1, 7 * DAY]) | st.integers(1, 7 * DAY),
        "callback_events": events,
        "callback_url": st.sampled_from(["", "https://hooks.example.com/live"]),
    }
).map(task_of)

# What a user may ask for, every value allowed by itself. Often an option asks for what is there, in other words.

own = st.just(OWN)
time_writings = st.tuples(
    own | seconds.map(plain),
    st.sampled_from([("Z", 0), ("+08:00", 480), ("-0330", -210), ("+00:00", 0)]),
    st.sampled_from("T "),
    st.sampled_from(["", ".9", ".000"]),
)
options = st.fixed_dictionaries(
    {},
    optional={
        "status": statuses | st.none(),
        "source_urls": st.tuples(own | urls, st.sampled_from([list, lambda value: value[::-1]])),
        "vod_loop_time": st.tuples(own | rounds, st.sampled_from([str, int, lambda value: value.replace("-1", "")])),
        "vod_refresh_type": own | refresh_types,
        "vod_start_video_index": own | places,
        "vod_start_video_time": own | moments,
        "start_time": time_writings,
        "end_time": time_writings,
        "callback_events": st.tuples(own | events, st.sampled_from([list, lambda value: [*value[::-1], *value]])),
    },
)


def written(name: str, drawn: Any, task: dict[str, Any]) -> Any:
    """The value of an option as the user writes it."""
    value, *how = drawn if isinstance(drawn, tuple) else (drawn,)
    if value is OWN:
        value = task.get(name, task["start_time"])
    if name not in ("start_time", "end_time"):
        return how[0](value) if how else value
    (zone, minutes), between, fraction = how
    moment = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ") + timedelta(minutes=minutes)
    return f"{moment.strftime(f'%Y-%m-%d{between}%H:%M:%S')}{fraction}{zone}"


behaviours = st.fixed_dictionaries(
    {},
    optional={
        "time_style": st.sampled_from(["plain", "fraction", "offset"]),
        "absent": st.sampled_from(["as_is", "omit", "null"]),
        "loop_time_empty": st.booleans(),
        "events_empty": st.booleans(),
        "ignore_task_filter": st.booleans(),
        "extra_fields": st.booleans(),
        "page_cap": st.sampled_from([None, 1, 2]),
        "lag_reads": st.integers(0, 3),
    },
)
# Some tasks, each with what is asked of it, if anything; how the service behaves; and whether to ask in reverse order.
cases = st.tuples(st.lists(st.tuples(tasks, options | st.none()), min_size=1, max_size=3), behaviours, st.booleans())

# One for each way it can go, so that none is left to chance.
ON_AIR = task_of(
    {
        "status": "enable",
        "source_urls": [URLS[0]],
        "vod_loop_time": "3",
        "vod_refresh_type": "continue_from_break_point",
        "vod_start_video_index": 0,
        "vod_start_video_time": 90,
        "start_time": 0,
        "duration": DAY,
        "callback_events": [EVENTS[0]],
        "callback_url": "",
    }
)
FIXED = {
    "tasks changed": {"status": "pause"},
    "tasks as asked already": {"status": "enable"},
    "tasks refused after the read": {"vod_start_video_index": 1},
    "tasks refused at once": {"source_urls": ([URLS[1]], list), "vod_start_video_index": 1},
}


# What is right


def normal(name: str, value: Any) -> Any:
    """The meaning of a value, whoever wrote it."""
    if name in ("start_time", "end_time") and value:
        return datetime.fromisoformat(value.replace("Z", "+00:00").replace("-0330", "-03:30")).replace(microsecond=0)
    if name == "callback_events":
        return frozenset(value or EVENTS)
    if name == "vod_loop_time":
        return str(value) if value != "" else "-1"
    return value


def on_the_wire(asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked, as a modify may say it."""
    body: dict[str, Any] = {}
    for name, value in asked.items():
        meaning = normal(name, value)
        if isinstance(meaning, datetime):
            meaning = meaning.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        body[name] = sorted(meaning) if isinstance(meaning, frozenset) else meaning
    return body


def breaks_a_rule(task: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether the service would refuse to make of the task what is asked."""
    try:
        merge(task, on_the_wire(asked), "keep", NOW)
    except ServiceError:
        return True
    return False


def assert_as_asked(now: dict[str, Any], before: dict[str, Any], asked: dict[str, Any]) -> None:
    """Every managed option is as asked, everything else is as it was."""
    for name in {*now, *before}:
        assert normal(name, now.get(name)) == normal(name, asked.get(name, before.get(name))), name


def predicted(outcome: Outcome) -> dict[str, Any]:
    """All that a result tells except for the id of the request, which cannot be known before."""
    return {name: value for name, value in outcome.result().items() if name != "request_id"}


class Case:
    """A service with some tasks, and what is asked of them."""

    def __init__(self, drawn: tuple[Any, Any, bool], left_out: str) -> None:
        pairs, behaviour, backwards = drawn
        held = [({**task, "task_id": fleet_id(number)}, asked) for number, (task, asked) in enumerate(pairs)]
        relay = next(task for task in seed_tasks(NOW) if task["task_id"] == RELAY_ID)
        self.service = Service(
            [relay, *(task for task, _asked in held)],
            behaviour=Behaviour(left_out=left_out, **behaviour),
            now=lambda: NOW,
        )
        self.connection = ServiceTransport(self.service)
        self.before = self.now()
        self.asked: dict[str, dict[str, Any]] = {}
        self.wanted: list[Wanted] = []
        self.refused = 0
        for task, asked in held[::-1] if backwards else held:
            if asked is not None:
                self._ask(task, {name: written(name, value, task) for name, value in asked.items()})

    def _ask(self, task: dict[str, Any], asked: dict[str, Any]) -> None:
        managed = {name: value for name, value in asked.items() if value is not None}
        try:
            wanted = Wanted.from_options({"task_id": task["task_id"], **asked})
        except InvalidOptionError:
            assert breaks_a_rule(task, managed)
            self.refused += 1
            return
        self.wanted.append(wanted)
        self.asked[wanted.task_id] = managed

    def run(self, *, check_mode: bool = False) -> list[Outcome]:
        """Bring the tasks to what is asked; return what became of each."""
        self.connection.reads.clear()
        self.connection.writes.clear()
        return reconcile(
            self.connection.client(),
            self.wanted,
            check_mode=check_mode,
            wait_timeout=60,
            clock=FakeClock().clock,
        )

    def now(self) -> dict[str, dict[str, Any]]:
        """The tasks as the service itself holds them."""
        return {task["task_id"]: task for task in self.service.tasks()}


@pytest.mark.parametrize("left_out", ["keep", "reset"])
def test_applying(left_out: str, examples: collections.Counter[str]) -> None:
    def try_one(drawn: tuple[Any, Any, bool]) -> None:
        case = Case(drawn, left_out)
        examples["services"] += 1

        foretold = case.run(check_mode=True)
        assert case.connection.writes == []
        assert case.now() == case.before

        applied = case.run()
        writes, after = [*case.connection.writes], case.now()
        requests_expected = []
        for outcome, prediction in zip(applied, foretold):
            task_id = outcome.wanted.task_id
            before, asked = case.before[task_id], case.asked[task_id]
            assert predicted(outcome) == predicted(prediction)
            if breaks_a_rule(before, asked):
                examples["tasks refused after the read"] += 1
                assert isinstance(outcome.error, InvalidOptionError)
                assert not outcome.changed
                assert after[task_id] == before
                continue
            assert outcome.error is None
            differing = [name for name, value in asked.items() if normal(name, value) != normal(name, before.get(name))]
            assert outcome.result()["changes"] == sorted(differing)
            assert outcome.changed == bool(differing)
            examples["tasks changed" if differing else "tasks as asked already"] += 1
            if differing:
                requests_expected.append(outcome.result()["request"])
                assert_as_asked(after[task_id], before, asked)
            else:
                assert after[task_id] == before
        assert writes == requests_expected
        assert {task_id: after[task_id] for task_id in case.before if task_id not in case.asked} == {
            task_id: before for task_id, before in case.before.items() if task_id not in case.asked
        }
        examples["tasks refused at once"] += case.refused

        again = case.run()
        assert case.connection.writes == []
        assert case.now() == after
        for outcome, first in zip(again, applied):
            assert not outcome.changed
            if not first.error:
                assert outcome.result()["changes"] == []
                assert outcome.result()["live_pull_task"] == first.result()["live_pull_task"]

    for kind, asked in FIXED.items():
        try_one(([(ON_AIR, asked)], {}, False))
        assert examples[kind] == 1
    given(cases)(try_one)()
