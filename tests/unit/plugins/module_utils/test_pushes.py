# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run waits for the streams of its tasks: what it waits for, for how long, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task, live_pull_tasks
from ansible_collections.huaweicloud.live.tests.emulator import AUTH_TOKEN, CHANNEL_ID, Emulator, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.module import options, served, silent
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, Sandbox, want

DOMAIN = "push.example.com"
OTHER_IP = "198.51.100.7"
ON = {"start_time": after(hours=-1), "end_time": after(days=2)}
PERMISSION = "live:stream:listLiveStreamsOnline"


def channel(number: int = 1, **fields: Any) -> Any:
    """Return a channel that is on air."""
    return vod_task(f"t{number}", f"s{number}", NOW, **{**ON, **fields})


def theirs(since: str = after(hours=-3), number: int = 1) -> dict[str, str]:
    """Return someone else's push to the address of a channel."""
    names = {"publish_domain": DOMAIN, "app": "live", "stream": f"s{number}"}
    return {**names, "client_ip": OTHER_IP, "start_time": since}


def wait(service: Sandbox, number: int = 1, /, **declared: Any) -> Ran:
    """Bring a channel to the declared state, and wait for its stream."""
    return service.bring_one(want(f"t{number}", **declared), streams=True)


def looks(service: Sandbox) -> list[Mapping[str, Any]]:
    """Return the queries of the requests for streams."""
    return [what for _method, what in service.sent if "publish_domain" in what]


def waited(service: Sandbox) -> float:
    """Return how many seconds have passed."""
    return service.clock.seconds - 1000


def message(ran: Ran) -> str:
    """Return the message of a failure, as the user reads it."""
    assert ran.error
    return str(ran.error.result()["msg"])


def breaks(service: Sandbox, applies: Callable[[int], bool], status: int | None = 503) -> None:
    """Let reads of streams fail, chosen by their number from 1."""

    def before(_method: str, what: Mapping[str, Any]) -> None:
        if "publish_domain" in what and applies(len(looks(service))):
            raise LiveApiError("GET the streams failed: no.", http_status=status)

    service.before = before


# On air


@pytest.mark.parametrize(
    ("delay", "lag", "seconds"), [(0, 0, 0), (7, 0, 7), (0, 7, 7), (7, 10, 17)], ids=["at once", "late", "lag", "both"]
)
def test_a_channel_that_is_put_on_air_is_waited_for(delay: float, lag: float, seconds: float) -> None:
    service = Sandbox(channel(status="pause"), push_delay=delay, streams_lag=lag)
    ran = wait(service, status="enable")
    assert (ran.error, ran.changed, waited(service)) == (None, True, seconds)
    assert (ran.result()["stream"]["online"], ran.result()["stream"]["client_ip"]) == (True, "192.0.2.10")


def test_a_new_channel_is_waited_for() -> None:
    service = Sandbox(push_delay=5)
    urls = ["https://media.example.com/a.mp4"]
    named = {"domain": DOMAIN, "app_name": "live", "stream_name": "new"}
    ran = service.bring_one({**named, "source_urls": urls, "end_time": after(days=1)}, streams=True)
    assert (ran.error, ran.created, ran.result()["stream"]["online"]) == (None, True, True)
    assert waited(service) >= 5


def test_a_recreated_channel_needs_a_new_push() -> None:
    service = Sandbox(channel(callback_url=""), streams_lag=12)
    ran = wait(service, callback_url="https://ops.example.com/new", recreate=True, **ON, status="enable")
    assert (ran.error, ran.deleted, ran.created) == (None, True, True)
    assert ran.result()["stream"]["since"] == after(seconds=0)
    assert waited(service) >= 12


def test_a_channel_on_air_that_did_not_change_is_waited_for() -> None:
    service = Sandbox(channel(start_time=after(seconds=0)), push_delay=20)
    ran = wait(service, status="enable")
    assert (ran.error, ran.changed, ran.result()["stream"]["online"]) == (None, False, True)
    assert waited(service) >= 20


def test_a_change_of_a_channel_on_air_needs_no_new_push() -> None:
    service = Sandbox(channel())
    ran = wait(service, vod_start_video_index=1)
    assert (ran.error, ran.changed, waited(service)) == (None, True, 0)
    assert ran.result()["stream"]["since"] == ON["start_time"]


def test_a_dark_channel_fails_with_what_to_check() -> None:
    service = Sandbox(channel(status="pause"), missing_files=channel()["source_urls"])
    ran = wait(service, status="enable")
    assert message(ran) == (
        f"Task t1 has the declared settings, but after 60 seconds (wait_timeout) the stream live/s1 at {DOMAIN} is not"
        f" pushed. By its settings, the task should have been on air since {after(seconds=0)}. Check whether"
        " the service can read its source_urls, whether someone else pushes to this address, and the quota of the"
        " project. The task was changed, and keeps its new settings."
    )
    assert (ran.changed, waited(service), service.task("t1")["status"]) == (True, 60, "enable")
    assert ran.result()["stream"]["online"] is False


def test_a_dark_channel_that_did_not_change_says_since_when_it_should_be_on_air() -> None:
    service = Sandbox(channel())
    service.service.knock("t1")
    text = message(wait(service, status="enable"))
    assert f"By its settings, the task should have been on air since {ON['start_time']}." in text
    assert text.endswith("Nothing was changed.")
    endless = Sandbox(channel(start_time=None))
    endless.service.knock("t1")
    assert "By its settings, the task should be on air, because it has no start_time." in message(
        wait(endless, status="enable")
    )


def test_the_push_of_someone_else_does_not_count_for_a_channel_that_was_off_air() -> None:
    service = Sandbox(channel(status="pause"), other_pushes=[theirs()], missing_files=channel()["source_urls"])
    text = message(wait(service, status="enable"))
    assert f"The push that is listed there, since {after(hours=-3)} from {OTHER_IP}, began before this run" in text


def test_the_path_of_a_destination_url_is_in_no_message() -> None:
    hidden = {"domain": "", "app_name": "", "stream_name": "", "destination_url": f"rtmp://{DOMAIN}/live/k3y"}
    service = Sandbox(channel(2), channel(status="pause", **hidden), missing_files=channel()["source_urls"])
    text = message(wait(service, status="enable"))
    assert "the stream at its destination_url is not pushed" in text
    assert "k3y" not in text


def test_a_run_stops_waiting_when_the_window_ends() -> None:
    service = Sandbox(channel(start_time=after(seconds=-1), end_time=after(seconds=20)), push_delay=90)
    ran = wait(service, status="enable")
    # After its end it is off air, so that no push is missing.
    assert (ran.error, ran.result()["stream"]["online"]) == (None, False)
    assert 20 <= waited(service) < 30


# Off air


@pytest.mark.parametrize("lag", [0, 3, 30])
def test_the_end_of_the_push_of_a_paused_channel_is_waited_for(lag: float) -> None:
    service = Sandbox(channel(), streams_lag=lag)
    ran = wait(service, status="pause")
    assert (ran.error, ran.changed, ran.result()["stream"]["online"]) == (None, True, False)
    assert waited(service) >= lag
    assert ran.warnings == {}


def test_a_pause_is_sent_before_streams_are_read() -> None:
    service = Sandbox(channel())
    wait(service, status="pause")
    methods = [method if "publish_domain" not in what else "streams" for method, what in service.sent]
    assert methods.index("PUT") < methods.index("streams")


def test_a_push_that_goes_on_after_a_pause_fails() -> None:
    service = Sandbox(channel(), streams_lag=100)
    ran = wait(service, status="pause")
    assert message(ran) == (
        f"Task t1 is paused, but after 60 seconds (wait_timeout) the stream live/s1 at {DOMAIN} is still pushed, since"
        f" {ON['start_time']} from 192.0.2.10. Check whether someone else pushes to this address. If not, wait and read"
        " the stream again with live_pull_task_info. The task was changed, and keeps its new settings."
    )
    assert service.task("t1")["status"] == "pause"


def test_a_push_that_someone_else_begins_after_a_pause_is_a_warning() -> None:
    service = Sandbox(channel(), other_pushes=[theirs(after(seconds=2))])
    ran = wait(service, status="pause")
    assert ran.error is None
    assert "Someone else seems to push to this address." in ran.warnings["pushed"]


def test_a_push_that_goes_on_is_a_warning_if_nothing_was_written() -> None:
    service = Sandbox(channel(status="pause"), other_pushes=[theirs()])
    ran = wait(service, status="pause")
    assert (ran.error, ran.changed, waited(service)) == (None, False, 60)
    assert ran.warnings["pushed"] == (
        f"Task t1 is paused, but the stream live/s1 at {DOMAIN} is pushed, since {after(hours=-3)} from {OTHER_IP}."
        " Someone else seems to push to this address."
    )


def test_a_window_in_the_past_is_off_air() -> None:
    service = Sandbox(channel(end_time=after(minutes=-1)), other_pushes=[theirs()])
    ran = wait(service, vod_loop_time="-1")
    assert f"Task t1 has been off air since its end_time {after(minutes=-1)}, but" in ran.warnings["pushed"]


def test_only_two_lists_in_a_row_without_the_push_show_that_it_has_ended() -> None:
    service = Sandbox(channel(), streams_lag=100)

    def edit(_method: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        # The push is missing from the first list, and from the third one on.
        lacks = "streams" in answer and waited(service) != 1
        return {**answer, "streams": [], "total_num": 0} if lacks else answer

    service.edit = edit
    ran = wait(service, status="pause")
    assert (ran.error, ran.result()["stream"]["online"]) == (None, False)
    assert waited(service) == 1 + 2 + 4


# Nothing to wait for


@pytest.mark.parametrize(
    ("fields", "online"),
    [
        ({"vod_loop_time": "9"}, True),
        ({"vod_loop_time": "1", "vod_start_video_index": 2, "start_time": after(hours=-20)}, False),
        ({"start_time": after(hours=1)}, False),
    ],
    ids=["rounds", "played", "ahead"],
)
def test_a_stream_that_need_not_be_pushed_is_read_once(fields: dict[str, Any], online: bool) -> None:
    service = Sandbox(channel(**fields))
    ran = wait(service, callback_events=["TaskStart"])
    assert (ran.error, ran.changed, waited(service)) == (None, True, 0)
    assert ran.result()["stream"]["online"] is online


@pytest.mark.parametrize("foreign", ["empty", "refuse"])
def test_a_destination_at_another_service_is_not_waited_for(foreign: str) -> None:
    elsewhere = {"domain": "", "app_name": "", "stream_name": "", "destination_url": "rtmp://else.example.net/live/x"}
    service = Sandbox(channel(status="pause", **elsewhere), foreign_domain=foreign)
    ran = wait(service, status="enable")
    assert (ran.error, ran.changed, ran.result()["stream"], waited(service)) == (None, True, None, 0)


def test_a_destination_that_is_not_an_ingest_domain_takes_no_request() -> None:
    elsewhere = {"domain": "", "app_name": "", "stream_name": "", "destination_url": "srt://else.example.net:9000"}
    service = Sandbox(channel(status="pause", **elsewhere))
    ran = wait(service, status="enable")
    assert (ran.error, ran.result()["stream"], looks(service)) == (None, None, [])


def test_a_destination_url_at_a_domain_of_the_project_is_waited_for() -> None:
    own = {"domain": "", "app_name": "", "stream_name": "", "destination_url": f"rtmp://{DOMAIN.upper()}/live/s1"}
    service = Sandbox(channel(status="pause", **own), channel(2, status="pause"), push_delay=5)
    ran = service.bring_one({"destination_url": own["destination_url"], "status": "enable"}, streams=True)
    assert (ran.error, ran.changed, ran.result()["stream"]["online"]) == (None, True, True)
    assert waited(service) >= 5


def test_check_mode_reads_the_stream_and_waits_for_nothing() -> None:
    service = Sandbox(channel(status="pause"))
    ran = service.bring_one(want("t1", status="enable"), streams=True, check_mode=True)
    assert (ran.error, ran.changed, service.writes, waited(service)) == (None, True, [], 0)
    assert ran.result()["stream"]["online"] is False
    assert ran.warnings == {}


def test_a_deleted_task_has_no_stream() -> None:
    service = Sandbox(channel())
    ran = wait(service, state="absent")
    assert (ran.error, ran.deleted, ran.result()["stream"], looks(service)) == (None, True, None, [])


def test_without_wait_for_there_is_no_stream_and_no_request_for_it() -> None:
    service = Sandbox(channel())
    ran = service.bring_one(want("t1", status="pause"))
    assert "stream" not in ran.result()
    assert looks(service) == []


# Trouble


@pytest.mark.parametrize(
    ("behaviour", "words", "status"),
    [
        ({"streams_allowed": False}, f"the credentials need the permission {PERMISSION}.", 403),
        ({"refused_domains": [DOMAIN]}, f"Check that {DOMAIN} is an ingest domain of this project.", 400),
    ],
    ids=["permission", "domain"],
)
@pytest.mark.parametrize(
    ("fields", "declared"),
    [({"status": "pause"}, {"status": "enable"}), ({}, {"vod_loop_time": "3"}), ({}, {"end_time": after(days=1)})],
    ids=["enable", "rounds", "window"],
)
def test_a_stream_that_must_not_be_read_refuses_the_change(
    behaviour: dict[str, Any], words: str, status: int, fields: dict[str, Any], declared: dict[str, Any]
) -> None:
    service = Sandbox(channel(**fields), **behaviour)
    ran = wait(service, **declared)
    text = message(ran)
    assert words in text
    assert text.endswith("set wait_for to settings. Nothing was changed.")
    assert (ran.changed, service.writes, ran.error and ran.error.details["http_status"]) == (False, [], status)


@pytest.mark.parametrize("behaviour", [{"streams_allowed": False}, {"refused_domains": [DOMAIN]}])
def test_a_pause_is_sent_when_streams_must_not_be_read(behaviour: dict[str, Any]) -> None:
    service = Sandbox(channel(), **behaviour)
    ran = wait(service, status="pause")
    assert service.task("t1")["status"] == "pause"
    assert message(ran).endswith("The task was changed, and keeps its new settings.")
    assert (ran.changed, waited(service)) == (True, 0)


def test_a_task_that_did_not_change_fails_when_streams_must_not_be_read() -> None:
    for declared in ({"status": "enable"}, {"vod_loop_time": "-1"}):
        ran = wait(Sandbox(channel(), streams_allowed=False), **declared)
        assert PERMISSION in message(ran)
        assert message(ran).endswith("Nothing was changed.")


@pytest.mark.parametrize("status", [503, None])
def test_streams_that_cannot_be_read_do_not_stop_the_change_and_fail_the_run(status: int | None) -> None:
    for fields, wanted in (({"status": "pause"}, "enable"), ({}, "pause")):
        service = Sandbox(channel(**fields))
        breaks(service, lambda _number: True, status)
        ran = wait(service, status=wanted)
        assert service.task("t1")["status"] == wanted
        assert message(ran) == (
            "Task t1: its stream could not be read: GET the streams failed: no. The task was changed, and keeps its new"
            " settings."
        )
        assert waited(service) == 60
        assert "stream" not in ran.result()


def test_a_failed_read_after_the_change_is_repeated() -> None:
    service = Sandbox(channel(status="pause"))
    breaks(service, lambda number: 2 <= number <= 4)
    ran = wait(service, status="enable")
    assert (ran.error, ran.result()["stream"]["online"]) == (None, True)


def test_if_the_list_before_the_change_failed_only_a_later_push_counts() -> None:
    for since, fails in ((after(hours=-3), True), (after(seconds=0), False), ("unknown", True)):
        service = Sandbox(channel(status="pause"), other_pushes=[theirs(since)], missing_files=channel()["source_urls"])
        breaks(service, lambda number: number == 1)
        assert bool(wait(service, status="enable").error) is fails


def test_an_interruption_ends_the_waiting() -> None:
    service = Sandbox(channel(status="pause"), push_delay=50)

    def interrupt() -> None:
        raise KeyboardInterrupt

    service.clock.later(10, interrupt)
    with pytest.raises(KeyboardInterrupt):
        wait(service, status="enable")
    assert service.task("t1")["status"] == "enable"


def test_settings_and_stream_of_one_task_share_one_deadline() -> None:
    service = Sandbox(channel(status="pause"), lag=40, push_delay=90)
    assert "after 60 seconds (wait_timeout)" in message(wait(service, status="enable"))
    assert waited(service) == 60


def test_streams_of_a_task_whose_settings_did_not_take_are_not_read() -> None:
    service = Sandbox(channel(status="pause"), never_apply=True)
    ran = wait(service, status="enable")
    assert "these options have not taken effect" in message(ran)
    assert len(looks(service)) == 1
    assert "stream" not in ran.result()


# The modules


@pytest.mark.parametrize("module", [live_pull_task, live_pull_tasks])
def test_a_run_that_does_not_wait_cannot_wait_for_streams(module: Any) -> None:
    with Emulator() as emulator:
        defaults = {name: option.get("default") for name, option in module.ARGUMENTS.items()}
        task = {"task_id": CHANNEL_ID, "status": "pause"}
        given = options(emulator, auth_token=AUTH_TOKEN, wait=False, wait_for="stream", tasks=[task], **task)
        results = perform(module.run, {**defaults, **given}, {}, False, silent)
        assert results["msg"] == (
            "wait_for: 'stream' is not allowed. Allowed: settings if wait is false. Nothing was changed."
        )
        assert served(emulator) == []


@pytest.mark.parametrize("module", [live_pull_task, live_pull_tasks])
def test_the_modules_wait_only_if_it_is_declared(module: Any) -> None:
    for wait_for, streams in (("settings", 0), ("stream", 2)):
        with Emulator() as emulator:
            defaults = {name: option.get("default") for name, option in module.ARGUMENTS.items()}
            task = {"task_id": CHANNEL_ID, "callback_events": ["TaskExit"]}
            given = options(emulator, auth_token=AUTH_TOKEN, wait_for=wait_for, tasks=[task], **task)
            results = perform(module.run, {**defaults, **given}, {}, False, silent)
            assert "failed" not in results
            assert served(emulator).count("streams") == streams
            [result] = results.get("live_pull_tasks", [results])
            assert result.get("stream", {}).get("online") == (True if streams else None)
