# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another spelling of a host is the same destination; applications and streams are compared exactly."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._task.filters import TaskFilter
from ansible_collections.huaweicloud.live.plugins.module_utils._task.immutable import (
    Destination,
    immutable_differences,
    pushes_elsewhere,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._task.matching import Listing
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask

DOMAIN, URL = "push.example.com", "rtmps://user:Pass@push.example.com:444/Live/x?a=B"
SAME = [
    ("domain", DOMAIN, "Push.Example.COM"),
    ("domain", DOMAIN, "push.example.com."),
    ("domain", DOMAIN, "push.example.com:1935"),
    ("domain", DOMAIN, "PUSH.example.com.:01935"),
    ("domain", DOMAIN, "push。example。com"),
    ("domain", "bücher.example.com", "xn--bcher-kva.EXAMPLE.com"),
    ("destination_url", URL, "RTMPS://user:Pass@PUSH.example.com.:444/Live/x?a=B"),
    ("destination_url", "rtmp://h.example.com/a/b", "rtmp://h.example.com:1935/a/b"),
    ("destination_url", "rtmp://h.example.com/a/b", "rtmp://h.example.com:/a/b"),
    ("destination_url", "rtmps://h.example.com/a/b", "rtmps://H.example.com:443/a/b"),
    ("destination_url", "rtmp://[2001:DB8::1]/a/b", "rtmp://[2001:db8::1]:1935/a/b"),
]
DIFFERENT = [
    ("domain", DOMAIN, "push2.example.com"),
    ("domain", DOMAIN, "push.example.com:1936"),
    ("destination_url", URL, URL.replace("Pass", "pass")),
    ("destination_url", URL, URL.replace("Live", "live")),
    ("destination_url", URL, URL.replace("=B", "=b")),
    ("destination_url", URL, URL.replace(":444", "")),
    ("destination_url", "rtmps://h.example.com/a/b", "rtmps://h.example.com:1935/a/b"),
    ("destination_url", "rtmp://h.example.com/a/b", "rtmps://h.example.com/a/b"),
    ("destination_url", "rtmp://h.example.com/a/b", "rtmp://h.example.com/a/b/"),
    ("destination_url", "not-a-url", "Not-A-URL"),
    ("app_name", "live", "Live"),
    ("stream_name", "news", "News"),
    ("stream_name", "news", "news."),
]
SPELLINGS = [(*case, True) for case in SAME] + [(*case, False) for case in DIFFERENT]


def fields(name: str, value: str) -> dict[str, str]:
    """Return the fields of a task with this field in its destination."""
    if name == "destination_url":
        return {name: value}
    return {"domain": DOMAIN, "app_name": "live", "stream_name": "news", name: value}


@pytest.mark.parametrize(("name", "one", "other", "same"), SPELLINGS)
def test_another_spelling_of_a_host_is_the_same_destination(name: str, one: str, other: str, same: bool) -> None:
    listed, declared = fields(name, one), fields(name, other)
    places = [Destination.of(listed), Destination.of(declared)]
    assert (places[0] == places[1]) is same
    assert (places[0] != places[1]) is not same
    assert len({*places}) == 2 - same
    listing = Listing([PullTask.from_answer({"task_id": "a", **listed})])
    assert (listing.find(Declaration.from_options(declared)) is not None) is same
    assert immutable_differences(listed, declared) == ([] if same else [name])
    assert TaskFilter.from_options({name: other}).matches(listed) is same


@pytest.mark.parametrize(("name", "one", "other", "same"), SPELLINGS)
def test_a_destination_that_is_spelled_in_two_ways_is_named_twice(name: str, one: str, other: str, same: bool) -> None:
    tasks: list[dict[str, Any]] = [{**fields(name, spelling), "status": "pause"} for spelling in (one, other)]
    if not same:
        assert len(Declaration.from_list(tasks)) == 2
        return
    with pytest.raises(InvalidOptionError, match=r"tasks\[1\] .*: the same task as tasks\[0\]"):
        Declaration.from_list(tasks)


def test_a_destination_keeps_its_spelling() -> None:
    destination = Destination.of({"domain": "Push.example.com.", "app_name": "live", "stream_name": "news"})
    assert str(destination) == "Push.example.com./live/news"
    assert destination != tuple(destination or ())


STREAM = {"domain": DOMAIN, "app_name": "live", "stream_name": "news"}


@pytest.mark.parametrize(
    ("listed", "declared", "elsewhere"),
    [
        (STREAM, STREAM, False),
        (STREAM, {**STREAM, "app_name": "Live"}, True),
        (STREAM, {"destination_url": URL}, True),
        ({"destination_url": URL}, STREAM, True),
        ({**STREAM, "destination_url": URL}, {"destination_url": URL}, False),
        ({**STREAM, "stream_name": "****"}, STREAM, False),
        ({**STREAM, "stream_name": "****"}, {**STREAM, "app_name": "Live"}, True),
        ({**STREAM, "stream_name": "****"}, {"destination_url": URL}, False),
        ({"domain": DOMAIN}, STREAM, False),
        ({"domain": "another.example.com"}, STREAM, True),
        ({"domain": DOMAIN}, {"destination_url": URL}, False),
        ({}, STREAM, False),
    ],
    ids=str,
)
def test_a_task_pushes_elsewhere_only_if_its_destination_is_listed(
    listed: dict[str, str], declared: dict[str, str], elsewhere: bool
) -> None:
    assert pushes_elsewhere(listed, Destination(**declared)) is elsewhere
