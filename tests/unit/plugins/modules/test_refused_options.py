# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that violate a documented constraint: the message of live_pull_task, and that nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task
from ansible_collections.huaweicloud.live.plugins.plugin_utils._direct import validated
from ansible_collections.huaweicloud.live.tests.emulator import ACCESS_KEY, CHANNEL_ID, PROJECT_ID, REGION, SECRET_KEY
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Server

ONE, TWO = "https://media.example.com/one.mp4", "https://media.example.com/two.mp4"
PLACE = {"domain": "push.example.com", "app_name": "live", "stream_name": "news"}
TARGET = {"destination_url": "rtmp://example.com/live"}


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    """Return a service that must not receive a request."""
    with Server() as server:
        yield server


def refusal(service: Server, options: dict[str, Any]) -> dict[str, Any]:
    """Return the results of the module for options that it must refuse before it sends anything."""
    connection = {
        "endpoint": service.url,
        "iam_endpoint": service.url,
        "region": REGION,
        "project_id": PROJECT_ID,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "retries": 0,
    }
    given, refused = validated(live_pull_task.ARGUMENTS, {**connection, **options}, {}, "live_pull_task")
    if refused:
        return {"msg": refused, "changed": False}
    results = perform(live_pull_task.run, given, {}, False, lambda text, verbosity: None)
    assert results["failed"]
    assert "exception" not in results
    assert service.connections == 0
    return results


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"task_id": ""}, ["'' is not allowed", "the id of a task"]),
        ({"task_id": "1\r\nX-Auth-Token: 2"}, ["is not allowed", "without line breaks"]),
        # For choices, the message is that of Ansible.
        ({"status": "paused"}, ["value of status must be one of: pause, enable, got: paused"]),
        ({"source_urls": []}, ["0 entries are not allowed", "a list of 1 to 30 URLs"]),
        ({"source_urls": [ONE] * 31}, ["31 entries are not allowed", "a list of 1 to 30 URLs"]),
        (
            {"source_urls": [ONE, "media.example.com/two.mp4"]},
            ["entry 2 (the 2nd), 'media.example.com/two.mp4', is not allowed", "scheme://host..."],
        ),
        (
            {"source_urls": ["https:///one.mp4"]},
            ["entry 1 (the first), 'https:///one.mp4', is not allowed: it has no host", "scheme://host..."],
        ),
        (
            {"source_urls": ["https://media.example.com/a film.mp4"]},
            ["'https://media.example.com/a film.mp4'", "(a space)"],
        ),
        ({"source_urls": [f"{ONE}\n"]}, ["one.mp4\\n'", "a control character"]),
        ({"vod_loop_time": 0}, ["'0' is not allowed", "-1 (endless), an integer of 1 or more (rounds), or empty"]),
        ({"vod_loop_time": -2}, ["'-2' is not allowed", "an integer of 1 or more"]),
        ({"vod_loop_time": 1.5}, ["'1.5' is not allowed", "an integer of 1 or more"]),
        ({"vod_loop_time": "endless"}, ["'endless' is not allowed", "-1 (endless)"]),
        (
            {"vod_refresh_type": "at_once"},
            [
                "value of vod_refresh_type must be one of",
                "immediate_new_source, continue_from_file_start, continue_from_break_point, got: at_once",
            ],
        ),
        ({"vod_start_video_index": -1}, ["-1 is not allowed", "an integer from 0 to 2147483647"]),
        ({"vod_start_video_index": "first"}, ["int"]),
        ({"source_urls": [ONE, TWO], "vod_start_video_index": 2}, ["2 is not allowed", "at most 1"]),
        (
            {"vod_start_video_time": 2147483648},
            ["2147483648 is not allowed", "an integer from 0 to 2147483647 (seconds)"],
        ),
        ({"vod_start_video_time": 1.5}, ["int"]),
        (
            {"start_time": "2026-11-22T00:00:00"},
            ["'2026-11-22T00:00:00' has no time zone", "RFC 3339 with Z or an offset"],
        ),
        ({"start_time": "2026-11-22"}, ["'2026-11-22' is not allowed", "RFC 3339 with Z or an offset"]),
        (
            {"start_time": "2026-02-30T00:00:00Z"},
            ["'2026-02-30T00:00:00Z' is not a valid time", "RFC 3339 with Z or an offset"],
        ),
        ({"end_time": "tomorrow"}, ["'tomorrow' is not allowed", "RFC 3339 with Z or an offset"]),
        (
            {"start_time": "2026-11-22T08:00:00+08:00", "end_time": "2026-11-22T00:00:00Z"},
            ["2026-11-22T00:00:00Z is not allowed", "later than start_time"],
        ),
        (
            {"start_time": "2026-11-22T00:00:00Z", "end_time": "2026-11-29T00:00:01Z"},
            ["2026-11-29T00:00:01Z is not allowed", "by 7 days at most"],
        ),
        (
            {"callback_events": ["TaskStart", "TaskStop"]},
            [
                "value of callback_events must be one or more of",
                "TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm. Got no match"
                " for: TaskStop",
            ],
        ),
        (
            {"vod_loop_time": 0, "vod_start_video_time": -1, "end_time": "never"},
            ["'0' is not allowed", "-1 is not allowed", "'never' is not allowed"],
        ),
        ({"wait_timeout": -1}, ["-1.0 is not allowed", "0 to 86400 seconds"]),
        ({"region": "cn north"}, ["'cn north' is not allowed", "without white space"]),
        (
            {"endpoint": "http://live.example.com"},
            ["'http://live.example.com' is not allowed", "http:// for a loopback host only"],
        ),
        (
            {"iam_endpoint": "http://iam.example.com"},
            ["'http://iam.example.com' is not allowed", "http:// for a loopback host only"],
        ),
        ({"project_id": "1\nX-Auth-Token: 2"}, ["is not allowed", "printable ASCII"]),
        ({"ca_path": "/nowhere"}, ["'/nowhere' is not allowed", "a file or folder of certificates that exists"]),
        ({"timeout": 0}, ["0.0 is not allowed", "seconds"]),
        ({"retries": -1}, ["-1 is not allowed", "0 to 100 times"]),
    ],
    ids=ascii,
)
def test_a_value_that_is_not_allowed_is_refused_before_anything_is_sent(
    service: Server, options: dict[str, Any], says: list[str]
) -> None:
    results = refusal(service, {"task_id": CHANNEL_ID, **options})
    assert [text for text in (*options, *says) if text not in results["msg"]] == []
    assert results["changed"] is False


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"status": "pause"},
            ["task_id: missing. Allowed: task_id, or domain, app_name, stream_name, or destination_u"],
        ),
        (
            {"domain": "push.example.com", "app_name": "live"},
            ["stream_name: missing. Allowed: domain, app_name, stream_name together."],
        ),
        (
            {"task_id": CHANNEL_ID, "stream_name": "channel"},
            ["domain, app_name: missing. Allowed: domain, app_name, stream_name together."],
        ),
        (
            {**PLACE, **TARGET},
            ["destination_url: not allowed with domain, app_name, stream_name. Allowed: either of them."],
        ),
        ({**PLACE, "domain": "d" * 256}, ["domain: 'ddd", "has 256 characters", "up to 255 characters"]),
        (
            {**PLACE, "domain": "https://push.example.com"},
            ["domain: 'https://push.example.com' is not allowed. Allowed: the host alone, such as push.example.com"],
        ),
        ({**PLACE, "domain": "push.example.com/live"}, ["'push.example.com/live' is not allowed", "the host alone"]),
        ({**PLACE, "domain": "push example.com"}, ["'push example.com' is not allowed", "the host alone"]),
        ({**PLACE, "app_name": "a" * 129}, ["app_name: 'aaa", "has 129 characters", "up to 128 characters"]),
        ({**PLACE, "stream_name": "s" * 513}, ["stream_name: 'sss", "has 513 characters", "up to 512 characters"]),
        (
            {**PLACE, "stream_name": " news"},
            ["stream_name: ' news' is not allowed", "without line breaks or white space around it"],
        ),
        ({**TARGET, "task_region": "r" * 65}, ["task_region: 'rrr", "has 65 characters", "1 to 64 characters"]),
        (
            {**TARGET, "backup_source_urls": ["slate.mp4"]},
            ["backup_source_urls: entry 1 (the first), 'slate.mp4', is not allowed", "scheme://host..."],
        ),
        (
            {**TARGET, "callback_url": "https://hooks.example.com/\n"},
            ["callback_url: '********' is not allowed", "without line breaks"],
        ),
        (
            {
                **TARGET,
                "source_type": "PullLivePushLive",
                "source_urls": ["rtmp://example.com/one", "rtmp://example.com/two"],
                "vod_start_video_index": 1,
            },
            [
                "vod_start_video_index: not allowed with source_type PullLivePushLive. Allowed: with PullVodPushLive"
                " only.",
                "source_urls: 2 entries are not allowed. Allowed: exactly one with PullLivePushLive.",
            ],
        ),
        ({**TARGET, "state": "gone"}, ["value of state must be one of: present, absent, got: gone"]),
        (
            {**TARGET, "source_type": "Pull"},
            ["value of source_type must be one of: PullLivePushLive, PullVodPushLive, got: Pull"],
        ),
        (
            {**TARGET, "backup_source_type": "PullVodPushLive"},
            ["value of backup_source_type must be one of: PullLivePushLive, got: PullVodPushLive"],
        ),
    ],
    ids=lambda value: ascii(value)[:80],
)
def test_a_name_or_an_immutable_option_that_is_not_allowed_is_refused_before_anything_is_sent(
    service: Server, options: dict[str, Any], says: list[str]
) -> None:
    results = refusal(service, options)
    assert ("missing" in results["msg"]) == any("missing" in text for text in says)
    assert [text for text in says if text not in results["msg"]] == []
    assert results["changed"] is False
