# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The streams that are pushed to ingest domains, as the client lists them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.streams import report_tasks
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._task.air import AIR_STATES, air
from ansible_collections.huaweicloud.live.plugins.module_utils._task.stream import Address, Stream
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import PullTask
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task_info
from ansible_collections.huaweicloud.live.tests.emulator import AUTH_TOKEN, Emulator, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import EPOCH, NOW, FakeClock, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.module import options, silent
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply, Script, client_to
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox

DOMAIN = "push.example.com"
ON = {"start_time": after(hours=-1), "end_time": after(days=2)}


def page(*names: str, total: int | None = None) -> Reply:
    """Return a page of streams."""
    streams = [{"publish_domain": DOMAIN, "app": "live", "stream": name} for name in names]
    return Reply(200, {"streams": streams, "total_num": len(names) if total is None else total})


def listed(*lines: Any, **how: Any) -> list[str]:
    """Return the names of the streams that a service with these responses lists."""
    return [stream["stream"] for stream in client_to(Script(*lines), FakeClock(), **how).streams(DOMAIN)]


def test_all_pages_of_a_domain_are_read() -> None:
    first = [f"s{number}" for number in range(100)]
    assert listed(page(*first, total=101), page("last", total=101)) == [*first, "last"]


def test_an_empty_list_is_a_list() -> None:
    assert listed(page()) == []
    assert listed(Reply(200, {"streams": None, "total_num": 0})) == []


@pytest.mark.parametrize("odd", [["live"], {"name": "live"}, 5, None], ids=str)
def test_a_stream_whose_application_is_not_a_text_is_listed(odd: Any) -> None:
    assert listed(Reply(200, {"streams": [{"app": odd, "stream": "name"}], "total_num": 1})) == ["name"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([page(total=3)], "the service lists no stream from offset 0 on, but counts 3 streams"),
        ([page("a", total=2), page("a", total=2)], "the service lists the same streams again from offset 1 on"),
        ([Reply(200, {"total_num": 1})], "the response contains no list of streams in streams, but"),
        ([Reply(200, {"streams": ["a"]})], "the response contains no list of streams in streams, but"),
        ([Reply(200, {"error_code": "LIVE.1", "error_msg": "no"})], "LIVE.1"),
        ([Reply(403, {"error_code": "APIGW.0302", "error_msg": "no"})], "HTTP 403"),
        ([Reply(400, {"error_code": "LIVE.100011001", "error_msg": "no"})], "HTTP 400"),
    ],
)
def test_a_list_that_cannot_be_read_is_an_error(lines: list[Reply], words: str) -> None:
    with pytest.raises(LiveApiError, match=words):
        listed(*lines)


def test_reads_of_streams_are_retried_like_all_reads() -> None:
    assert listed(Reply(503), Reply(429), page("a"), retries=2) == ["a"]


# The address of a task


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"domain": DOMAIN, "app_name": "live", "stream_name": "one"}, (DOMAIN, "live", "one", False)),
        ({"destination_url": f"rtmp://{DOMAIN}/live/one"}, (DOMAIN, "live", "one", True)),
        (
            {"destination_url": f"RTMP://u:w@{DOMAIN}:1935/live/one?key=x"},
            (f"{DOMAIN}:1935", "live", "one", True),
        ),
        ({"destination_url": f"rtmp://{DOMAIN}/XXL/MAX/"}, (DOMAIN, "XXL", "MAX", True)),
        ({"domain": DOMAIN, "app_name": "", "stream_name": ""}, None),
        ({"destination_url": "rtmp:///live/one"}, None),
        ({"destination_url": f"rtmp://{DOMAIN}//one"}, None),
        ({"destination_url": f"rtmp://{DOMAIN}/live"}, None),
        ({"destination_url": f"rtmp://{DOMAIN}/live/one/two"}, None),
        ({"destination_url": f"srt://{DOMAIN}/live/one"}, None),
        ({"destination_url": "rtmp://[/live/one"}, None),
        ({"destination_url": "********"}, None),
        ({}, None),
    ],
)
def test_the_address_of_a_task(fields: dict[str, Any], address: Any) -> None:
    assert Address.of(PullTask.from_answer({"task_id": "a", **fields})) == address


@pytest.mark.parametrize(
    ("fields", "online", "state"),
    [
        ({}, True, "on_air"),
        ({}, False, "dark"),
        ({}, None, "on_air"),
        ({"start_time": after(seconds=-59)}, False, "on_air"),
        ({"start_time": after(seconds=-60)}, False, "dark"),
        ({"start_time": None}, False, "dark"),
        ({"vod_loop_time": "3"}, False, "played"),
        ({"vod_loop_time": "3"}, True, "on_air"),
        ({"source_type": "PullLivePushLive", "vod_loop_time": "3"}, False, "dark"),
        ({"status": "pause"}, False, "paused"),
        ({"status": "pause"}, True, "paused"),
        ({"start_time": after(hours=1)}, False, "ahead"),
        ({"end_time": after(hours=-1)}, True, "over"),
        ({"status": "odd"}, False, "unknown"),
    ],
)
def test_dark_is_only_what_should_be_on_air_and_is_not_pushed(
    fields: dict[str, Any], online: bool | None, state: str
) -> None:
    task = PullTask.from_answer(vod_task("a", "one", NOW, **{**ON, **fields}))
    stream = None if online is None else Stream(online)
    assert air(task, EPOCH, stream).state == state
    assert state in AIR_STATES


# Reading


def sandbox(*tasks: Any, **behaviour: Any) -> Sandbox:
    """Return a service with these tasks."""
    return Sandbox(*tasks, **behaviour)


def channel(number: int, domain: str = DOMAIN, **fields: Any) -> Any:
    """Return a channel that is on air."""
    return vod_task(f"t{number}", f"s{number}", NOW, **{**ON, "domain": domain, **fields})


def states(service: Sandbox) -> dict[str, tuple[str, bool | None]]:
    """Return the state of each task, and whether its stream is online."""
    tasks = [PullTask.from_answer(task) for task in service.service.tasks()]
    reported, _warnings = report_tasks(service.client(), tasks, service.clock.utc().timestamp())
    return {
        one["task_id"]: (one["air"]["state"], one["stream"]["online"] if one["stream"] else None) for one in reported
    }


def test_a_channel_that_is_knocked_out_is_dark_and_the_others_are_on_air() -> None:
    service = sandbox(channel(1), channel(2), channel(3, status="pause"), channel(4, vod_loop_time="1"))
    service.service.knock("t1")
    assert states(service) == {
        "t1": ("dark", False),
        "t2": ("on_air", True),
        "t3": ("paused", False),
        "t4": ("played", False),
    }


def test_a_stream_has_what_the_service_lists_of_it() -> None:
    service = sandbox(channel(1))
    reported, warnings = report_tasks(service.client(), [PullTask.from_answer(channel(1))], EPOCH)
    assert warnings == []
    assert reported[0]["stream"] == {
        "online": True,
        "since": ON["start_time"],
        "video_codec": "H264",
        "audio_codec": "AAC",
        "resolution": "1920*1080",
        "video_frame_rate": 25,
        "audio_frame_rate": 43,
        "video_bitrate": 4000,
        "audio_bitrate": 128,
        "client_ip": "192.0.2.10",
    }


def test_one_request_serves_all_tasks_of_a_domain_however_it_is_spelled() -> None:
    service = sandbox(
        channel(1),
        channel(2, domain="PUSH.example.com"),
        channel(3, domain="", destination_url=f"rtmp://{DOMAIN}:1935/live/s3", app_name="", stream_name=""),
    )
    assert {state for state, _online in states(service).values()} == {"on_air"}
    assert [what for method, what in service.sent] == [{"publish_domain": DOMAIN, "limit": "100", "offset": "0"}]


def test_a_thousand_channels_at_ten_domains_take_ten_requests() -> None:
    service = sandbox(*(channel(number, domain=f"push{number % 10}.example.com") for number in range(1000)))
    assert {*states(service).values()} == {("on_air", True)}
    assert len(service.sent) == 10


def test_a_stream_that_a_page_has_lost_is_looked_for_alone() -> None:
    service = sandbox(*(channel(number) for number in range(150)), streams_slip=True)
    assert {*states(service).values()} == {("on_air", True)}
    alone = [what["stream"] for _method, what in service.sent if "stream" in what]
    assert len(service.sent) == 3
    assert len(alone) == 1


def test_many_missing_streams_mean_that_the_pages_are_read_again() -> None:
    service = sandbox(*(channel(number) for number in range(30)))
    for number in range(11):
        service.service.knock(f"t{number}")
    assert [state for state, _online in states(service).values()].count("dark") == 11
    assert len(service.sent) == 2


def test_streams_of_tasks_that_are_off_air_are_not_looked_for_again() -> None:
    service = sandbox(channel(1, status="pause"), channel(2, start_time=after(hours=1)))
    states(service)
    assert len(service.sent) == 1


def test_a_destination_at_another_service_is_unknown_and_not_dark() -> None:
    other = channel(1, domain="", destination_url="rtmp://elsewhere.example.net/live/s1", app_name="", stream_name="")
    assert states(sandbox(other)) == {"t1": ("on_air", None)}
    assert states(sandbox(other, foreign_domain="refuse", refused_domains=["elsewhere.example.net"])) == {
        "t1": ("on_air", None)
    }


def test_a_domain_that_is_refused_is_unknown_with_a_warning() -> None:
    service = sandbox(channel(1), channel(2, domain="other.example.com"), refused_domains=[DOMAIN])
    tasks = [PullTask.from_answer(task) for task in service.service.tasks()]
    reported, [warning] = report_tasks(service.client(), tasks, EPOCH)
    assert [one["stream"] is None for one in reported] == [True, False]
    assert f"refuses to list the streams of {DOMAIN}" in warning


def test_a_missing_permission_is_named() -> None:
    service = sandbox(channel(1), streams_allowed=False)
    with pytest.raises(LiveApiError, match=r"the credentials need the permission live:stream:listLiveStreamsOnline\."):
        states(service)


def test_the_streams_of_others_are_online_with_their_address() -> None:
    theirs = {"publish_domain": DOMAIN, "app": "live", "stream": "s1", "client_ip": "198.51.100.7"}
    service = sandbox(channel(1, status="pause"), other_pushes=[theirs])
    reported, _warnings = report_tasks(service.client(), [PullTask.from_answer(channel(1, status="pause"))], EPOCH)
    assert (reported[0]["air"]["state"], reported[0]["stream"]["client_ip"]) == ("paused", "198.51.100.7")


def test_without_streams_a_task_has_none_and_nothing_is_requested() -> None:
    [reported], warnings = report_tasks(None, [PullTask.from_answer(channel(1))], EPOCH)
    assert "stream" not in reported
    assert (reported["air"]["state"], warnings) == ("on_air", [])


# The module


def test_the_info_module_adds_streams_only_if_they_are_declared() -> None:
    with Emulator(tasks=[vod_task("a", "one", datetime.now(timezone.utc))]) as emulator:
        defaults = {name: option.get("default") for name, option in live_pull_task_info.ARGUMENTS.items()}
        for streams, operations in ((False, ["list"]), (True, ["list", "streams"])):
            emulator.clear_journal()
            given = {**defaults, **options(emulator, auth_token=AUTH_TOKEN, streams=streams)}
            results = perform(live_pull_task_info.run, given, {}, False, silent, reads=True)
            assert [entry["operation"] for entry in emulator.journal] == operations
            assert [task["air"]["state"] for task in results["live_pull_tasks"]] == ["on_air"]
            assert [task.get("stream", {}).get("online") for task in results["live_pull_tasks"]] == [streams or None]
