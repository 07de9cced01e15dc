# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Examples that `make explore` found: each failed once, through the collection or through its judge.

The name of an example says what happens. Every run tries all of them, for every interpretation of a modify.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.huaweicloud.live.tests.emulator import EVENTS, vod_task
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.drawn import (
    ENDED,
    MINUTE,
    NOW,
    OWN,
    URLS,
    WEEK,
    WORDS,
    Drawn,
    Meddling,
    at,
    window,
)
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.drawn_life import PLACES, Declared, Example

PLAIN = ("Z", 0, "T", "")
"""How a time is written: in UTC, with a T, without a fraction."""
OWN_PLAYLIST = {"source_urls": (OWN, list), "vod_start_video_index": OWN}
LATE = {"status_words": WORDS, "lag_reads": 2}
"""A service with undocumented status words and a list that is behind: nothing shows that a pause was carried out."""


def a_week(**fields: Any) -> dict[str, Any]:
    """Return a task that is on air for exactly seven days."""
    return vod_task(
        "", "channel", NOW, **{"source_urls": [URLS[0]], "callback_events": [*EVENTS], **window((0, WEEK)), **fields}
    )


def times(**declared: Any) -> dict[str, Any]:
    """Return declared times as an example holds them."""
    return {name: (value, PLAIN) for name, value in declared.items()}


def shortened(at_request: int) -> Meddling:
    """Someone else ends the task a second earlier, right before a request."""
    return Meddling(at_request, 0, window((0, WEEK - 1)), after=False)


FOUND = {
    "someone gives an endless channel an end that cannot be understood, and a modify empties it": Drawn(
        [(vod_task("", "channel", NOW, end_time=""), {"source_urls": ([URLS[1]], list)})],
        switches={"time_style": "zoneless"},
        meddling=[Meddling(1, 0, window((0, WEEK)), after=False)],
    ),
    "a pause alone resets the events, and the list is behind": Drawn(
        [
            (
                a_week(callback_events=["TaskStart"]),
                {**OWN_PLAYLIST, "status": "pause", **times(start_time=OWN, end_time=OWN)},
            )
        ],
        switches={**LATE, "seven_days": "less_than"},
        meddling=[shortened(1)],
    ),
    "the service refuses the declared end only after someone has shortened the window": Drawn(
        [
            (
                a_week(callback_events=["TaskStart"]),
                {**OWN_PLAYLIST, "status": "pause", **times(start_time=OWN, end_time=OWN)},
            )
        ],
        switches={**LATE, "seven_days": "less_than"},
        meddling=[shortened(5)],
    ),
    "a pause alone empties the playlist, and the list is behind": Drawn(
        [(a_week(vod_start_video_time=90), {**OWN_PLAYLIST, "status": "pause", **times(**window((0, WEEK)))})],
        switches={**LATE, "seven_days": "less_than"},
        meddling=[shortened(1)],
    ),
    "the declared end was emptied, and the list is behind": Drawn(
        [(a_week(), {**OWN_PLAYLIST, "status": "enable", **times(**window((0, WEEK - 1)))})],
        switches=LATE,
        meddling=[shortened(1)],
    ),
    "the end that someone else had set was emptied, and the list is behind": Drawn(
        [(a_week(), {**OWN_PLAYLIST, "status": "enable", **times(start_time=at(-MINUTE))})],
        switches=LATE,
        meddling=[shortened(1)],
    ),
    "the list is behind, and slow": Drawn([(a_week(), {"status": "pause"})], switches=LATE, latency=2.5),
    "a task is emptied, and the next one is a pause whose end the service refuses": Drawn(
        [
            (a_week(source_urls=[URLS[0], URLS[0]]), {"vod_start_video_index": 1}),
            (a_week(), {"status": "pause"}),
        ],
        switches={"seven_days": "less_than"},
    ),
    "a channel that has ended begins again, and its own status changes with that": Drawn(
        [(a_week(**window((-MINUTE, 0))), times(**window((0, WEEK))))], switches={"own_end": ENDED}
    ),
    "the service refuses the end that it has emptied": Drawn(
        [(a_week(vod_start_video_time=90), {**OWN_PLAYLIST, "status": "pause", **times(**window((0, WEEK)))})],
        switches={**LATE, "seven_days": "less_than"},
    ),
}


def lost_at_first(task: dict[str, Any], declared: Declared, **switches: Any) -> Example:
    """Return an example of one task, where the first write is carried out and its response is lost."""
    return Example([task], [declared], switches, lost={1: 0.0}, retries=5, meddling=None)


FOUND_IN_LIVES = {
    "a modify without a response empties the end, and the service refuses the end that it has emptied": lost_at_first(
        {**a_week(), **PLACES[0], **window((60 * MINUTE, 60 * MINUTE + WEEK))},
        Declared(0, 0, by_id=False, kind="present", options={"source_urls": [URLS[1]]}),
        left_out="replace",
        seven_days="less_than",
    ),
    "a modify without a response empties the status, which did not differ": lost_at_first(
        {**a_week(), **PLACES[0]},
        Declared(0, 0, by_id=False, kind="present", options={"status": "enable", "vod_start_video_time": 90}),
        left_out="replace",
        empties_status=True,
    ),
}
