# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random accounts, declarations of tasks to create, delete and recreate, and faults: strategies for Hypothesis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.tests.emulator import EVENTS
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils import drawn
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.drawn import DAY, HOUR, SEVENTH, at

Task = dict[str, Any]

PUSHED = ("domain", "app_name", "stream_name", "destination_url")
PLACES: list[dict[str, str]] = [
    {"domain": "push.example.com", "app_name": "live", "stream_name": "one"},
    {"domain": "push.example.com", "app_name": "live", "stream_name": "two"},
    {"destination_url": "rtmp://partner.example.com/live/three"},
]
LIVE = {"source_type": "PullLivePushLive", "source_urls": ["rtmp://origin.example.com/live/main"]}
LIVE_EVENTS = ["TaskStart", "TaskExit", "TaskAlarm"]
"""All events of a live relay."""
THEIRS = "theirs"
"""The id of a task that another writer creates."""


class Declared(NamedTuple):
    """The declaration of one task.

    Attributes:
        which: the position of the task in the account. After the last position, the task does not exist.
        place: the destination of a task that does not exist.
        by_id: whether the task is identified by its id.
        kind: present, absent or recreate.
        options: the declared options, without those that identify the task.
    """

    which: int
    place: int
    by_id: bool
    kind: str
    options: dict[str, Any]


class Meddling(NamedTuple):
    """A change of another writer at a request of the run: a task and its new fields; None: it is deleted."""

    at: int
    change: tuple[str, dict[str, Any] | None]
    after: bool


class Example(NamedTuple):
    """One example.

    Attributes:
        account: the tasks.
        declared: the declarations.
        switches: how the service behaves.
        lost: the writes whose responses are lost, by their number. Each is carried out at once (0), after so many
            seconds if it is a create, or never (None).
        retries: how often a request is sent again.
        meddling: the change of another writer.
    """

    account: list[Task]
    declared: list[Declared]
    switches: Mapping[str, Any]
    lost: Mapping[int, float | None]
    retries: int
    meddling: Meddling | None


def placed(task: Task, place: int, live: bool) -> Task:
    """Return a task with one of the destinations, as a live relay if `live` is set."""
    task = {**task, **dict.fromkeys(PUSHED, ""), **PLACES[place]}
    if live:
        task = {name: value for name, value in task.items() if not name.startswith("vod_")}
        task.update(LIVE, callback_events=LIVE_EVENTS, status="enable")
    return task


rarely = st.sampled_from([False, False, False, True])
# Most accounts have at most one task at each destination.
places = st.permutations([0, 1, 2]) | st.permutations([0, 1, 2]) | st.tuples(*[st.integers(0, 2)] * 3)
tasks = st.lists(st.tuples(drawn.tasks, rarely), min_size=1, max_size=3)
account = st.tuples(st.just([]) | tasks | tasks, places).map(
    lambda drawn: [placed(task, place, live) for (task, live), place in zip(*drawn)]
)
some_values = st.fixed_dictionaries(
    {},
    optional={
        "status": drawn.statuses,
        "vod_loop_time": drawn.rounds,
        "vod_start_video_time": drawn.moments,
        "end_time": st.sampled_from([at(DAY), at(6 * DAY)]),
        "start_time": st.just(at(HOUR)),
        "callback_events": st.sampled_from([["TaskStart"], LIVE_EVENTS, ["VodSourceFileStart"], [*EVENTS]]),
        "callback_url": st.just("https://hooks.example.com/live"),
    },
)
values = st.tuples(some_values, drawn.urls).map(lambda drawn: {**drawn[0], "source_urls": drawn[1]})
live_values = st.sampled_from([LIVE, {**LIVE, "callback_events": [*EVENTS]}, {**LIVE, "push_args": "?a=b"}])
fixed = st.sampled_from(
    [
        {"callback_url": "https://new.example.com/live"},
        {"push_args": "?a=b"},
        {"callback_url": "", "push_args": "a=b"},
        {"backup_source_type": "PullLivePushLive", "backup_source_urls": ["rtmp://origin.example.com/live/backup"]},
    ]
)
recreated = st.tuples(fixed, st.just({}) | some_values | values).map(lambda drawn: {**drawn[1], **drawn[0]}) | st.just(
    LIVE
)


def declarations(kind: str, options: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Declared]:
    """Return a strategy for declarations of a kind."""
    which = st.sampled_from([0, 0, 0, 1] if kind == "recreate" else [0, 0, 1, 2, 3])
    return st.builds(Declared, which, st.integers(0, 2), st.sampled_from([False, False, True]), st.just(kind), options)


one_declared = st.one_of(
    declarations("present", values | live_values),
    declarations("present", some_values),
    declarations("absent", st.just({})),
)
switches = st.fixed_dictionaries(
    {
        "left_out": st.sampled_from(["keep", "reset", "replace"]),
        "empties_status": st.booleans(),
        "past_start": st.sampled_from(["accept", "refuse", "now"]),
        "past_end": st.sampled_from(["accept", "refuse"]),
        "seven_days": st.sampled_from(["at_most", "less_than"]),
        "lag": st.sampled_from([0, 0, 3, 8, 15]),
        "lag_reads": st.sampled_from([0, 0, 1, 2, 3]),
        "max_tasks": st.sampled_from([None, None, None, 1, 2, 3]),
        "one_per_destination": st.booleans(),
        "page_cap": st.sampled_from([None, None, 2, 1]),
        "ignore_task_filter": st.booleans(),
        "total": st.sampled_from(["matching", "all", "text", "none"]),
        "time_style": st.sampled_from([*["plain"] * 5, "offset", "epoch_ms", "zoneless"]),
        "no_time": st.sampled_from(["as_is", "zero"]),
        "absent": st.sampled_from(["as_is", "omit", "null"]),
        "numbers": st.sampled_from(["plain", "text", "float"]),
        "loop_number": st.booleans(),
        "encode_urls": st.booleans(),
        "upper_case": st.booleans(),
        "events_empty": st.booleans(),
        "more_events": st.sampled_from([(), (SEVENTH,)]),
    }
)
theirs = st.sampled_from(PLACES).map(
    lambda place: (THEIRS, {"source_type": "PullVodPushLive", "source_urls": [drawn.URLS[0]], **place})
)
meddling = st.builds(
    Meddling,
    at=st.sampled_from([1, 2, 2, 3, 3, 4, 4, 5, 6, 8]),
    change=theirs | st.tuples(st.sampled_from(["old-0", "old-1", "new-0"]), st.none() | drawn.changes),
    after=st.booleans(),
)
lost = st.dictionaries(st.integers(1, 4), st.sampled_from([0.0, 0.0, None, None, 5.0, 15.0]), max_size=3)
life_examples = st.builds(
    Example,
    account=account,
    declared=st.lists(one_declared, min_size=1, max_size=2)
    | declarations("recreate", recreated).map(lambda one: [one]),
    switches=switches,
    lost=st.just({}) | lost,
    retries=st.sampled_from([5, 5, 2, 0]),
    meddling=st.none() | meddling,
)
