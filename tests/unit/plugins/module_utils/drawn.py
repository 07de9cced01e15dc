# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random tasks, declarations, services, and changes of other writers: strategies for Hypothesis."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.tests.emulator import EVENTS, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
WEEK = 7 * DAY
URLS = (
    "https://media.example.com/a.mp4",
    "https://media.example.com/b.mp4",
    "https://media.example.com/b.mp4?key=a+b%20c&d=e~f#g",
    "https://media.example.com/片/é.mp4",
    "rtmp://user:word@[2001:db8::1]:1935/live/c",
)
WORDS = {"enable": "running", "pause": "stopped"}
"""The status that a service may list in place of the documented words."""
ENDED = "finished"
"""The status that a service may list for a channel whose window has ended, or whose rounds are played."""
SEVENTH = "Seventh"
"""An event that is not documented."""


class _Own:
    """A placeholder for the value that the task has. A failure prints it in the form of an example."""

    def __repr__(self) -> str:
        return "OWN"


OWN = _Own()


class Meddling(NamedTuple):
    """A change of another writer to a task during a run.

    Attributes:
        at: the number of the request of the run at which it happens.
        which: the position of the task, modulo the number of tasks.
        fields: the new fields; None: the task is deleted.
        after: whether it happens right after the request, or right before.
    """

    at: int
    which: int
    fields: dict[str, Any] | None
    after: bool


class Drawn(NamedTuple):
    """One example.

    Attributes:
        pairs: tasks, each with its declared options, or None.
        switches: how the service behaves.
        explained: whether status_words defines the undocumented words of the service.
        latency: how many seconds the response to a request takes.
        meddling: the changes of other writers.
        backwards: whether the tasks are declared in reverse order.
    """

    pairs: list[tuple[dict[str, Any], dict[str, Any] | None]]
    switches: Mapping[str, Any] = MappingProxyType({})
    explained: bool = False
    latency: float = 0.0
    meddling: Sequence[Meddling] = ()
    backwards: bool = False


def at(seconds: int) -> str:
    """Return the time in so many seconds, as the service writes it."""
    return (NOW + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def far(seconds: int) -> int:
    """Return seconds from now, but at least an hour if they are in the future, so that no run reaches them."""
    return seconds if seconds <= 0 else max(seconds, HOUR)


def window(drawn: tuple[int, int]) -> dict[str, str]:
    """Return a start in so many seconds from now, and an end so many seconds after it."""
    start = far(drawn[0])
    end = start + drawn[1]
    if 0 < end < HOUR:
        end = 0 if start else HOUR
    return {"start_time": at(start), "end_time": at(end)}


# A task of the service

starts = st.sampled_from([0, -1, -HOUR, -DAY, -WEEK, HOUR, DAY]) | st.integers(-WEEK, 2 * DAY)
durations = st.sampled_from([WEEK, WEEK - 1, 1]) | st.integers(1, WEEK) | st.integers(3 * DAY, WEEK)
short_urls = [[*some] for count in (1, 2, 3) for some in itertools.product(URLS, repeat=count)]
long_urls = [[*some * 6][:count] for count in (30, 29) for some in itertools.permutations(URLS)]
# One choice takes Hypothesis less time than many small ones.
urls = st.sampled_from(short_urls + long_urls)
statuses = st.sampled_from(["enable", "pause"])
refresh_types = st.sampled_from(["immediate_new_source", "continue_from_file_start", "continue_from_break_point"])
rounds = st.sampled_from(["-1", "1", "3", "1000"]) | st.integers(1, 10**12).map(str)
places = st.integers(0, 3) | st.sampled_from([28, 29, 30, 2147483647])
moments = st.sampled_from([0, 90, 2147483647])
events = st.sampled_from([[*some] for count in range(7) for some in itertools.permutations(EVENTS, count)][:200])
windows = st.tuples(starts, durations).map(window)


def fitting(playlist: tuple[list[str], int]) -> dict[str, Any]:
    """Return a playlist with a start index that exists."""
    source_urls, index = playlist
    return {"source_urls": source_urls, "vod_start_video_index": index % len(source_urls)}


playlists = st.tuples(urls, places).map(fitting)


def task_of(drawn: dict[str, Any]) -> dict[str, Any]:
    """Return a task that breaks no rule, without its id."""
    fields = {**drawn, **drawn["playlist"], **drawn["window"]}
    fields["callback_events"] = fields["callback_events"] or [*EVENTS]
    endless = fields.pop("endless")
    del fields["playlist"], fields["window"]
    task = vod_task("", "channel", NOW, **fields)
    if endless:
        del task["end_time"]
    return task


tasks = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["enable", "enable", "pause"]),
        "playlist": playlists,
        "vod_loop_time": rounds,
        "vod_refresh_type": refresh_types,
        "vod_start_video_time": moments,
        "window": windows,
        "endless": st.sampled_from([False, False, False, True]),
        "callback_events": events,
        "callback_url": st.sampled_from(["", "https://hooks.example.com/live"]),
    }
).map(task_of)

# What a user may declare. Each value alone is allowed. Often a value is equal to that of the task, in another form.

own = st.just(OWN)
zones = [("Z", 0), ("+08:00", 480), ("-0330", -210), ("+00:00", 0)]
time_writings = st.sampled_from([(*zone, between, rest) for zone in zones for between in "T " for rest in ("", ".9")])


def how(drawn: tuple[dict[str, Any], Any]) -> dict[str, Any]:
    """Return options that are all written in the same way."""
    return {name: value if name == "vod_start_video_index" else (value, drawn[1]) for name, value in drawn[0].items()}


def flat(drawn: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return groups of options as one dictionary."""
    return {name: value for options in drawn.values() for name, value in options.items()}


def named(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for an option with its value."""
    return st.fixed_dictionaries({name: values})


declared_window = st.one_of(
    windows,
    windows.map(lambda window: {"end_time": window["end_time"]}),
    st.sampled_from([{"start_time": at(-MINUTE)}, {"start_time": at(HOUR)}, {"start_time": OWN}]),
    st.just({"start_time": OWN, "end_time": OWN}),
    windows.map(lambda window: {"start_time": OWN, "end_time": window["end_time"]}),
)
declared_playlist = st.one_of(
    playlists,
    urls.map(lambda value: {"source_urls": value}),
    st.just({"source_urls": OWN, "vod_start_video_index": OWN}),
)
options = st.fixed_dictionaries(
    {},
    optional={
        "status": named("status", st.sampled_from(["enable", "pause", "pause", None])),
        "playlist": st.tuples(declared_playlist, st.just(list)).map(how),
        "index": named("vod_start_video_index", st.sampled_from([OWN, 0, 0, 1, 2, 30])),
        "rounds": st.tuples(
            named("vod_loop_time", own | rounds), st.sampled_from([str, int, lambda value: value.replace("-1", "")])
        ).map(how),
        "refresh_type": named("vod_refresh_type", own | refresh_types),
        "second": named("vod_start_video_time", own | moments),
        "window": st.tuples(declared_window, time_writings).map(how),
        "events": st.tuples(
            named("callback_events", own | events), st.sampled_from([list, lambda value: [*value[::-1], *value]])
        ).map(how),
    },
).map(flat)


def written(name: str, drawn: Any, task: dict[str, Any]) -> Any:
    """Return the value of an option as the user writes it."""
    value, how = drawn if isinstance(drawn, tuple) else (drawn, None)
    if value is OWN:
        value = task.get(name, task["start_time"])
    if name not in ("start_time", "end_time"):
        return how(value) if how else value
    zone, minutes, between, fraction = how
    moment = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ") + timedelta(minutes=minutes)
    return f"{moment.strftime(f'%Y-%m-%d{between}%H:%M:%S')}{fraction}{zone}"


# How a service may behave. The tests decide what a modify does to other options, and what restarts a channel.

switches = st.fixed_dictionaries(
    {
        "empties_status": st.booleans(),
        "past_start": st.sampled_from(["accept", "refuse", "now"]),
        "past_end": st.sampled_from(["accept", "refuse"]),
        "seven_days": st.sampled_from(["at_most", "less_than"]),
        # A time without a zone cannot be understood.
        "time_style": st.sampled_from(
            [*["plain"] * 5, "fraction", "offset", "epoch", "epoch_ms", "epoch_text", "zoneless", "zoneless_local"]
        ),
        "no_time": st.sampled_from(["as_is", "zero"]),
        "numbers": st.sampled_from(["plain", "text", "float"]),
        "loop_number": st.booleans(),
        "encode_urls": st.booleans(),
        "upper_case": st.booleans(),
        "absent": st.sampled_from(["as_is", "omit", "null"]),
        "loop_time_empty": st.booleans(),
        "events_empty": st.booleans(),
        "more_events": st.sampled_from([(), (SEVENTH,)]),
        "status_words": st.sampled_from([None, None, WORDS]),
        "own_end": st.sampled_from([None, None, ENDED]),
        "extra_fields": st.booleans(),
        "ignore_task_filter": st.booleans(),
        "total": st.sampled_from(["matching", "all", "text", "none"]),
        "page_cap": st.sampled_from([None, None, None, 2, 1]),
        "lag_reads": st.sampled_from([0, 0, 1, 2, 3]),
    }
)

# What another writer may change, without breaking a rule

changes = st.one_of(
    statuses.map(lambda value: {"status": value}),
    rounds.map(lambda value: {"vod_loop_time": value}),
    refresh_types.map(lambda value: {"vod_refresh_type": value}),
    moments.map(lambda value: {"vod_start_video_time": value}),
    events.map(lambda value: {"callback_events": value or [*EVENTS]}),
    playlists,
    windows,
    st.none(),
)
meddling = st.lists(
    st.builds(
        Meddling,
        at=st.sampled_from([1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8]),
        which=st.integers(0, 2),
        fields=changes,
        after=st.booleans(),
    ),
    min_size=1,
    max_size=2,
)

examples = st.builds(
    Drawn,
    pairs=st.lists(st.tuples(tasks, st.one_of(options, options, options, st.none())), min_size=1, max_size=3),
    switches=switches,
    explained=st.booleans(),
    latency=st.sampled_from([0.0, 0.7, 2.5]),
    meddling=st.just([]) | meddling,
    backwards=st.booleans(),
)
