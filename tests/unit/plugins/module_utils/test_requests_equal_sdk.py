# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes over the wire is what the official SDK sends for the same call."""

from __future__ import annotations

from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdklive.v1 import (
    ListLiveStreamsOnlineRequest,
    ListPullTasksRequest,
    ModifyLivePullStreamTask,
    ModifyPullTaskRequest,
)
from huaweicloudsdklive.v1 import LiveClient as SdkClient

from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import connect
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.plan import plan
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask
from ansible_collections.huaweicloud.live.tests.emulator import (
    ACCESS_KEY,
    CHANNEL_ID,
    PROJECT_ID,
    REGION,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    Emulator,
    Entry,
)

# The SDK signs its own User-Agent, which a proxy on the way may alter. It is the only header it signs and we do not.
ONLY_SIGNED_BY_THE_SDK = {"user-agent"}
# The modules always send limit and offset. The SDK sends them only if they are set.
PAGING = {"limit": "100", "offset": "0"}
ODD_ID = "任务/1 2~+%&=#"

ALL_OPTIONS: dict[str, Any] = {
    "status": "pause",
    "source_urls": ["https://media.example.com/片/é a.mp4".replace(" ", "%20"), "rtmp://h/app?key=a+b&c=d~e#f"],
    "vod_loop_time": "3",
    "vod_refresh_type": "continue_from_break_point",
    "vod_start_video_index": 1,
    "vod_start_video_time": 90,
    "start_time": "2026-02-01T00:00:00Z",
    "end_time": "2026-02-08T00:00:00Z",
    "callback_events": ["TaskStart", "TaskAlarm"],
}
# Options that the official SDK does not have yet.
NOT_IN_THE_SDK: set[str] = set()
KEYS = [
    pytest.param((ACCESS_KEY, SECRET_KEY, None), id="permanent key"),
    pytest.param((TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, SECURITY_TOKEN), id="temporary key"),
]
Keys = tuple[str, str, "str | None"]


@pytest.fixture(params=KEYS)
def keys(request: pytest.FixtureRequest) -> Keys:
    """Access key, secret key, and the security token of a temporary one."""
    return request.param


@pytest.fixture
def ours(emulator: Emulator, keys: Keys) -> LiveClient:
    """Our client."""
    options: dict[str, Any] = dict(zip(("access_key", "secret_key", "security_token"), keys))
    connection = {
        "endpoint": emulator.url,
        "project_id": PROJECT_ID,
        "validate_certs": True,
        "timeout": 5,
        "retries": 0,
    }
    return connect({**options, **connection}, {}, lambda text, verbosity: None)


@pytest.fixture
def theirs(emulator: Emulator, keys: Keys) -> SdkClient:
    """The official client."""
    credentials = BasicCredentials(keys[0], keys[1], PROJECT_ID)
    if keys[2]:
        credentials = credentials.with_security_token(keys[2])
    return SdkClient.new_builder().with_credentials(credentials).with_endpoints([emulator.url]).build()


def signed_headers(entry: Entry) -> set[str]:
    """The names of the headers that the signature covers."""
    return {*entry["headers"]["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")}


def assert_same(emulator: Emulator, sent_more: dict[str, str] | None = None) -> None:
    """The last two requests are the same, but for what we send more in the query."""
    theirs, ours = emulator.journal
    for part in ("operation", "method", "path", "json", "status"):
        assert ours[part] == theirs[part], part
    assert ours["query"] == {**theirs["query"], **(sent_more or {})}
    assert signed_headers(ours) == signed_headers(theirs) - ONLY_SIGNED_BY_THE_SDK
    for name in ("content-type", "x-project-id", "x-security-token", "host"):
        # Media types and charsets are the same in any case.
        assert str(ours["headers"].get(name)).lower() == str(theirs["headers"].get(name)).lower(), name
    assert ours["headers"]["x-project-id"] == PROJECT_ID


@pytest.mark.parametrize("task_id", [CHANNEL_ID, ODD_ID])
def test_a_list_with_a_filter_equals_that_of_the_sdk(
    emulator: Emulator, ours: LiveClient, theirs: SdkClient, task_id: str
) -> None:
    theirs.list_pull_tasks(ListPullTasksRequest(task_id=task_id, region=REGION, limit=100, offset=0))
    list(ours.list({"task_id": task_id, "region": REGION}))
    assert_same(emulator)
    assert emulator.journal[1]["raw_query"] == emulator.journal[0]["raw_query"]


def test_a_get_equals_that_of_the_sdk(emulator: Emulator, ours: LiveClient, theirs: SdkClient) -> None:
    theirs.list_pull_tasks(ListPullTasksRequest(task_id=CHANNEL_ID))
    ours.get(CHANNEL_ID)
    assert_same(emulator, sent_more=PAGING)


def test_a_list_without_a_filter_equals_that_of_the_sdk(
    emulator: Emulator, ours: LiveClient, theirs: SdkClient
) -> None:
    theirs.list_pull_tasks(ListPullTasksRequest())
    list(ours.list())
    assert_same(emulator, sent_more=PAGING)


def test_a_list_of_streams_equals_that_of_the_sdk(emulator: Emulator, ours: LiveClient, theirs: SdkClient) -> None:
    theirs.list_live_streams_online(ListLiveStreamsOnlineRequest(publish_domain="push.example.com"))
    ours.streams("push.example.com")
    assert_same(emulator, sent_more=PAGING)


def test_a_single_stream_equals_that_of_the_sdk(emulator: Emulator, ours: LiveClient, theirs: SdkClient) -> None:
    where = {"app": "live", "stream": "é/1 2"}
    theirs.list_live_streams_online(
        ListLiveStreamsOnlineRequest(publish_domain="push.example.com", offset=0, limit=100, **where)
    )
    ours.streams("push.example.com", where["app"], where["stream"])
    assert_same(emulator)
    assert emulator.journal[1]["raw_query"] == emulator.journal[0]["raw_query"]


def test_a_modify_with_all_fields_equals_that_of_the_sdk(
    emulator: Emulator, ours: LiveClient, theirs: SdkClient
) -> None:
    assert {*ALL_OPTIONS} == {*FIELDS} - NOT_IN_THE_SDK
    wanted = Declaration.from_options({"task_id": CHANNEL_ID, **ALL_OPTIONS})
    planned = plan(PullTask.from_answer({"task_id": CHANNEL_ID}), wanted, 0.0)
    body = ModifyLivePullStreamTask(task_id=CHANNEL_ID, **ALL_OPTIONS)
    their_id = theirs.modify_pull_task(ModifyPullTaskRequest(body=body)).request_id
    our_id = ours.modifying(CHANNEL_ID).send(planned.request).request_id
    assert_same(emulator)
    assert [their_id, our_id] == [entry["request_id"] for entry in emulator.journal]
    assert emulator.journal[1]["status"] == 200
    assert {name: emulator.task(CHANNEL_ID)[name] for name in ALL_OPTIONS} == ALL_OPTIONS


def test_a_modify_with_one_field_equals_that_of_the_sdk(
    emulator: Emulator, ours: LiveClient, theirs: SdkClient
) -> None:
    theirs.modify_pull_task(
        ModifyPullTaskRequest(body=ModifyLivePullStreamTask(task_id=CHANNEL_ID, source_urls=ALL_OPTIONS["source_urls"]))
    )
    ours.modifying(CHANNEL_ID).send({"task_id": CHANNEL_ID, "source_urls": ALL_OPTIONS["source_urls"]})
    assert_same(emulator)
