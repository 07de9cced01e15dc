# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The streams that the emulator lists, and its switches for them."""

from __future__ import annotations

from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdklive.v1 import ListLiveStreamsOnlineRequest, LiveClient

from ansible_collections.huaweicloud.live.tests.emulator import (
    ACCESS_KEY,
    PROJECT_ID,
    SECRET_KEY,
    Behaviour,
    Emulator,
    Service,
    ServiceError,
    vod_task,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, FakeClock, after

DOMAIN = "push.example.com"
ON = {"start_time": after(hours=-1), "end_time": after(days=2)}


class World:
    """A service with two channels, and a clock that a test moves."""

    def __init__(self, *tasks: dict[str, Any], **behaviour: Any) -> None:
        self.clock = FakeClock()
        self.service = Service(
            tasks or [vod_task("a", "one", NOW, **ON), vod_task("b", "two", NOW, **ON)],
            behaviour=Behaviour(**behaviour),
            now=self.clock.utc,
        )

    def streams(self, domain: str = DOMAIN, **query: str) -> list[str]:
        """Return the names of the listed streams."""
        return [stream["stream"] for stream in self.service.streams({"publish_domain": domain, **query})[0]]

    def since(self) -> str:
        """Return when the push of the first channel began."""
        return str(self.service.streams({"publish_domain": DOMAIN, "app": "live", "stream": "one"})[0][0]["start_time"])

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.seconds += seconds


def test_channels_on_air_are_pushed_since_their_window_opened() -> None:
    world = World()
    assert world.streams() == ["one", "two"]
    assert world.streams("PUSH.example.com") == ["one", "two"]
    assert world.streams(app="live", stream="two") == ["two"]
    assert world.streams("other.example.com") == []
    assert world.since() == after(hours=-1)


@pytest.mark.parametrize(
    ("fields", "pushed"),
    [
        ({}, True),
        ({"status": "pause"}, False),
        ({"start_time": after(hours=1)}, False),
        ({"end_time": after(minutes=-1)}, False),
        ({"vod_loop_time": "1"}, False),
        ({"domain": "", "destination_url": f"rtmp://{DOMAIN}:1935/live/one"}, True),
        ({"domain": "", "destination_url": f"srt://{DOMAIN}/live/one"}, False),
    ],
)
def test_a_channel_that_is_off_air_or_played_is_not_pushed(fields: dict[str, Any], pushed: bool) -> None:
    other = vod_task("b", "two", NOW, **{**ON, "status": "pause"})
    assert World(vod_task("a", "one", NOW, **{**ON, **fields}), other).streams() == (["one"] if pushed else [])


def test_a_pause_ends_the_push_and_enable_begins_a_new_one() -> None:
    world = World(push_delay=5)
    first = world.since()
    world.service.modify({"task_id": "a", "status": "pause"})
    assert world.streams() == ["two"]
    world.later(60)
    world.service.modify({"task_id": "a", "status": "enable"})
    assert world.streams() == ["two"]
    world.later(6)
    assert sorted(world.streams()) == ["one", "two"]
    assert world.since() > first


def test_a_modify_that_shows_no_gap_goes_on_with_the_same_push() -> None:
    world = World()
    first = world.since()
    world.later(60)
    world.service.modify({"task_id": "a", "vod_loop_time": "500"})
    assert world.since() == first


def test_a_knocked_channel_is_dark_until_it_begins_again() -> None:
    world = World()
    world.service.knock("a")
    assert world.streams() == ["two"]
    world.service.modify({"task_id": "a", "status": "pause"})
    world.later(1)
    world.service.modify({"task_id": "a", "status": "enable"})
    assert sorted(world.streams()) == ["one", "two"]
    with pytest.raises(KeyError):
        world.service.knock("c")


def test_a_missing_file_is_not_pushed() -> None:
    url = vod_task("a", "one", NOW)["source_urls"][0]
    assert World(vod_task("a", "one", NOW, source_urls=[url], **ON), missing_files=[url]).streams() == []


def test_the_list_of_streams_may_be_late() -> None:
    world = World(streams_lag=30)
    world.service.modify({"task_id": "a", "status": "pause"})
    world.service.create(
        {
            k: v
            for k, v in vod_task("x", "new", NOW).items()
            if k in ("domain", "app_name", "stream_name", "source_urls", "source_type")
        }
    )
    assert world.streams() == ["one", "two"]
    world.later(31)
    assert sorted(world.streams()) == ["new", "two"]


def test_a_stream_between_two_pages_is_lost_only_where_the_switch_says_so() -> None:
    tasks = [vod_task(f"t{number}", f"s{number}", NOW, **ON) for number in range(5)]
    for slip, second in ((False, ["s2", "s3"]), (True, ["s3", "s4"])):
        world = World(*tasks, streams_slip=slip)
        assert world.streams(limit="2") == ["s0", "s1"]
        assert world.streams(limit="2", offset="2") == second


def test_pushes_of_others_are_listed_as_given() -> None:
    other = {"publish_domain": DOMAIN, "app": "live", "stream": "theirs", "client_ip": "198.51.100.7"}
    world = World(other_pushes=[other])
    assert world.streams() == ["one", "two", "theirs"]
    assert world.service.streams({"publish_domain": DOMAIN})[0][2]["client_ip"] == "198.51.100.7"


@pytest.mark.parametrize(
    ("behaviour", "query", "status"),
    [
        ({"streams_allowed": False}, {"publish_domain": DOMAIN}, 403),
        ({"refused_domains": [DOMAIN]}, {"publish_domain": DOMAIN}, 400),
        ({"foreign_domain": "refuse"}, {"publish_domain": "other.example.com"}, 400),
        ({}, {}, 400),
        ({}, {"publish_domain": DOMAIN, "stream": "one"}, 400),
        ({}, {"publish_domain": DOMAIN, "limit": "101"}, 400),
    ],
)
def test_streams_are_refused(behaviour: dict[str, Any], query: dict[str, str], status: int) -> None:
    with pytest.raises(ServiceError) as refused:
        World(**behaviour).service.streams(query)
    assert refused.value.status == status


def test_the_sdk_lists_the_streams(emulator: Emulator) -> None:
    builder = LiveClient.new_builder().with_credentials(BasicCredentials(ACCESS_KEY, SECRET_KEY, PROJECT_ID))
    client = builder.with_endpoints([emulator.url]).build()
    answer = client.list_live_streams_online(ListLiveStreamsOnlineRequest(publish_domain=DOMAIN, limit=2))
    assert (answer.limit, answer.offset) == (2, 0)
    assert answer.total_num >= len(answer.streams) > 0
    stream = answer.streams[0]
    assert (stream.publish_domain, stream.video_codec, stream.resolution) == (DOMAIN, "H264", "1920*1080")
    assert emulator.journal[-1]["operation"] == "streams"
