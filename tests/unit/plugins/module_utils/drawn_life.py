# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random accounts, tasks to create, delete and create anew in them, and what may happen: strategies for Hypothesis."""

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
"""All that a task with a live source has."""
THEIRS = "theirs"
"""The id of a task that someone else creates."""


class Asked(NamedTuple):
    """What is asked of one task.

    Attributes:
        which: the place of the task in the account; beyond the last one there is none.
        place: the destination of one that is not there.
        by_id: whether it is named by its id.
        kind: present, absent or recreate.
        options: what is asked, but for its name.
    """

    which: int
    place: int
    by_id: bool
    kind: str
    options: dict[str, Any]


class Meddling(NamedTuple):
    """What someone else does with a request of the run: a task, and what its fields become; None: it is deleted."""

    at: int
    change: tuple[str, dict[str, Any] | None]
    after: bool


class Example(NamedTuple):
    """One example.

    Attributes:
        account: the tasks.
        asked: what is asked.
        switches: how the service behaves.
        lost: what becomes of the writes whose answers are lost, by their number: carried out at once (0), after so
            many seconds if it is a create, or never (None).
        retries: how often a request is sent again.
        meddling: what others do.
    """

    account: list[Task]
    asked: list[Asked]
    switches: Mapping[str, Any]
    lost: Mapping[int, float | None]
    retries: int
    meddling: Meddling | None


def placed(task: Task, place: int, live: bool) -> Task:
    """A task at one of the places, perhaps with a live source."""
    task = {**task, **dict.fromkeys(PUSHED, ""), **PLACES[place]}
    if live:
        task = {name: value for name, value in task.items() if not name.startswith("vod_")}
        task.update(LIVE, callback_events=LIVE_EVENTS, status="enable")
    return task


rarely = st.sampled_from([False, False, False, True])
# Mostly each task at a place of its own.
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
anew = st.tuples(fixed, st.just({}) | some_values | values).map(lambda drawn: {**drawn[1], **drawn[0]}) | st.just(LIVE)


def asking(kind: str, options: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Asked]:
    """What is asked, of this kind."""
    which = st.sampled_from([0, 0, 0, 1] if kind == "recreate" else [0, 0, 1, 2, 3])
    return st.builds(Asked, which, st.integers(0, 2), st.sampled_from([False, False, True]), st.just(kind), options)


one_asked = st.one_of(
    asking("present", values | live_values), asking("present", some_values), asking("absent", st.just({}))
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
    asked=st.lists(one_asked, min_size=1, max_size=2) | asking("recreate", anew).map(lambda one: [one]),
    switches=switches,
    lost=st.just({}) | lost,
    retries=st.sampled_from([5, 5, 2, 0]),
    meddling=st.none() | meddling,
)
