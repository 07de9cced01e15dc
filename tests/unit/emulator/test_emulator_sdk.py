# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official SDK works with the emulator."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    ConnectionException,
    ServerResponseException,
)
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdklive.v1 import (
    CreatePullTaskRequest,
    DeletePullTaskRequest,
    ListPullTasksRequest,
    LiveClient,
    LivePullStreamTask,
    ModifyLivePullStreamTask,
    ModifyPullTaskRequest,
)

from ansible_collections.huaweicloud.live.tests.emulator import (
    ACCESS_KEY,
    CHANNEL_ID,
    OTHER_PROJECT_ID,
    PROJECT_ID,
    REGION,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    Behaviour,
    Emulator,
    Fault,
)


def client_with(emulator: Emulator, credentials: BasicCredentials) -> LiveClient:
    return LiveClient.new_builder().with_credentials(credentials).with_endpoints([emulator.url]).build()


@pytest.fixture
def client(emulator: Emulator) -> LiveClient:
    return client_with(emulator, BasicCredentials(ACCESS_KEY, SECRET_KEY, PROJECT_ID))


def test_the_sdk_creates_lists_modifies_and_deletes(client: LiveClient, emulator: Emulator) -> None:
    task = LivePullStreamTask(
        source_type="PullVodPushLive",
        source_urls=["https://media.example.com/a%20b.mp4", "https://media.example.com/片.mp4"],
        destination_url="rtmp://push.example.com/live/x",
        end_time="2099-01-01T00:00:00Z",
        start_time="2098-12-31T00:00:00Z",
    )
    task_id = client.create_pull_task(CreatePullTaskRequest(body=task)).task_id
    assert str(uuid.UUID(task_id)) == task_id

    body = ModifyLivePullStreamTask(task_id=task_id, vod_start_video_index=1, callback_events=["TaskExit"])
    answer = client.modify_pull_task(ModifyPullTaskRequest(body=body))
    assert (answer.task_id, answer.request_id) == (task_id, emulator.journal[-1]["request_id"])

    [listed] = client.list_pull_tasks(ListPullTasksRequest(task_id=task_id)).task_infos
    assert (listed.vod_start_video_index, listed.callback_events) == (1, ["TaskExit"])
    assert listed.source_urls[1] == "https://media.example.com/片.mp4"
    assert (listed.region, listed.status, listed.vod_loop_time) == (REGION, "enable", "-1")

    client.delete_pull_task(DeletePullTaskRequest(task_id=task_id))
    assert client.list_pull_tasks(ListPullTasksRequest(task_id=task_id)).total == 0
    assert [entry["operation"] for entry in emulator.journal] == ["create", "modify", "list", "delete", "list"]


EVERY_FIELD: dict[str, Any] = {
    "region": "cn-east-3",
    "source_type": "PullVodPushLive",
    "source_urls": ["https://media.example.com/a.mp4", "https://media.example.com/b.mp4"],
    "domain": "push.example.com",
    "app_name": "live",
    "stream_name": "sdk",
    "push_args": "auth_key=1-0-0-abc&x=y",
    "destination_url": "",
    "start_time": "2098-12-31T00:00:00Z",
    "end_time": "2099-01-01T00:00:00Z",
    "vod_loop_time": "3",
    "vod_refresh_type": "continue_from_break_point",
    "vod_start_video_index": 1,
    "vod_start_video_time": 90,
    "backup_source_type": "PullLivePushLive",
    "backup_source_urls": ["rtmp://origin.example.com/live/backup"],
    "callback_events": ["TaskStart", "TaskExit"],
    "callback_url": "https://hooks.example.com/live",
}
LISTED_AS_WELL = {"task_id", "status", "create_time"}


def test_every_field_of_the_sdk_is_stored_and_listed(client: LiveClient) -> None:
    assert set(EVERY_FIELD) == set(LivePullStreamTask.openapi_types)
    created = client.create_pull_task(CreatePullTaskRequest(body=LivePullStreamTask(**EVERY_FIELD)))
    query = ListPullTasksRequest(task_id=created.task_id, region="cn-east-3", offset=0, limit=100)
    page = client.list_pull_tasks(query)
    [listed] = [task.to_dict() for task in page.task_infos]
    assert (page.total, set(listed)) == (1, set(EVERY_FIELD) | LISTED_AS_WELL)
    assert listed.items() >= {**EVERY_FIELD, "task_id": created.task_id, "status": "enable"}.items()
    deleted = client.delete_pull_task(DeletePullTaskRequest(task_id=created.task_id, region="cn-east-3"))
    assert (deleted.task_id, client.list_pull_tasks(query).total) == (created.task_id, 0)


def test_a_relay_of_a_live_stream_is_listed_without_the_fields_of_a_playlist(client: LiveClient) -> None:
    task = LivePullStreamTask(
        source_type="PullLivePushLive",
        source_urls=["rtmp://origin.example.com/live/a"],
        destination_url="rtmp://partner.example.com/live/a",
        callback_events=["TaskAlarm"],
    )
    task_id = client.create_pull_task(CreatePullTaskRequest(body=task)).task_id
    [listed] = client.list_pull_tasks(ListPullTasksRequest(task_id=task_id)).task_infos
    assert (listed.source_type, listed.callback_events) == ("PullLivePushLive", ["TaskAlarm"])
    assert (listed.vod_loop_time, listed.vod_refresh_type, listed.vod_start_video_index) == (None, None, None)


@pytest.mark.parametrize(
    ("switches", "fields", "code"),
    [
        ({}, {"region": ""}, "LIVE.100011001"),
        ({}, {"destination_url": "rtmp://partner.example.com/live/a"}, "LIVE.100011001"),
        ({}, {"source_type": "PullLivePushLive", "source_urls": ["rtmp://a.example.com/a"]}, "LIVE.100011001"),
        ({"max_tasks": 4}, {}, "LIVE.103011429"),
        ({"one_per_destination": True}, {"stream_name": "channel"}, "LIVE.103011409"),
    ],
)
def test_sdk_reports_a_refused_create(
    client: LiveClient, emulator: Emulator, switches: dict[str, Any], fields: dict[str, Any], code: str
) -> None:
    emulator.behaviour = Behaviour(**switches)
    with pytest.raises(ClientRequestException) as raised:
        client.create_pull_task(CreatePullTaskRequest(body=LivePullStreamTask(**{**EVERY_FIELD, **fields})))
    assert (raised.value.status_code, raised.value.error_code) == (400, code)
    assert raised.value.request_id == emulator.journal[-1]["request_id"]
    assert len(emulator.tasks) == 4


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"task_id": "unknown"}, "LIVE.103011404"),
        ({"task_id": CHANNEL_ID, "region": "cn-east-3"}, "LIVE.103011404"),
        ({"region": REGION}, "LIVE.100011001"),
    ],
)
def test_sdk_reports_a_refused_delete(client: LiveClient, emulator: Emulator, query: dict[str, str], code: str) -> None:
    with pytest.raises(ClientRequestException) as raised:
        client.delete_pull_task(DeletePullTaskRequest(**query))
    assert (raised.value.status_code, raised.value.error_code) == (400, code)
    assert len(emulator.tasks) == 4


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("status", status=429), ClientRequestException),
        (Fault("status", status=503), ServerResponseException),
        (Fault("close"), ConnectionException),
        (Fault("close_after"), ConnectionException),
        (Fault("reset", lands_after=0), ConnectionException),
    ],
)
@pytest.mark.parametrize("operation", ["create", "delete"])
def test_the_sdk_raises_its_error_for_a_fault(
    client: LiveClient, emulator: Emulator, operation: str, fault: Fault, error: type[Exception]
) -> None:
    emulator.add_fault(dataclasses.replace(fault, on=operation))
    with pytest.raises(error):
        if operation == "create":
            client.create_pull_task(CreatePullTaskRequest(body=LivePullStreamTask(**EVERY_FIELD)))
        else:
            client.delete_pull_task(DeletePullTaskRequest(task_id=CHANNEL_ID))
    assert [entry["operation"] for entry in emulator.journal] == [operation]


def test_the_sdk_lists_a_page_of_a_region(client: LiveClient) -> None:
    page = client.list_pull_tasks(ListPullTasksRequest(limit=3, offset=2, region=REGION))
    assert (page.total, len(page.task_infos)) == (4, 2)


@pytest.mark.parametrize("odd", ["a+b&c=d~e", "任务/1 2", "%41"])
def test_a_signature_of_the_sdk_over_any_query_is_accepted(client: LiveClient, odd: str) -> None:
    assert client.list_pull_tasks(ListPullTasksRequest(task_id=odd)).total == 0


def test_temporary_credentials_of_the_sdk_are_accepted(emulator: Emulator) -> None:
    credentials = BasicCredentials(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, PROJECT_ID)
    client = client_with(emulator, credentials.with_security_token(SECURITY_TOKEN))
    assert client.list_pull_tasks(ListPullTasksRequest(task_id=CHANNEL_ID)).total == 1


@pytest.mark.parametrize(
    ("access", "secret", "security_token"),
    [
        (ACCESS_KEY, "wrong", None),
        ("WRONG", SECRET_KEY, None),
        (ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN),
        (TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, None),
        (TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, "wrong"),
    ],
)
def test_wrong_keys_are_refused(emulator: Emulator, access: str, secret: str, security_token: str | None) -> None:
    client = client_with(emulator, BasicCredentials(access, secret, PROJECT_ID).with_security_token(security_token))
    with pytest.raises(ClientRequestException) as raised:
        client.list_pull_tasks(ListPullTasksRequest())
    assert (raised.value.status_code, raised.value.error_code) == (401, "APIGW.0301")


def test_an_unknown_project_is_refused(emulator: Emulator) -> None:
    client = client_with(emulator, BasicCredentials(ACCESS_KEY, SECRET_KEY, "0" * 32))
    with pytest.raises(ClientRequestException) as raised:
        client.list_pull_tasks(ListPullTasksRequest())
    assert (raised.value.status_code, raised.value.error_code) == (403, "APIGW.0302")


def test_another_project_has_other_tasks(emulator: Emulator) -> None:
    client = client_with(emulator, BasicCredentials(ACCESS_KEY, SECRET_KEY, OTHER_PROJECT_ID))
    assert client.list_pull_tasks(ListPullTasksRequest()).total == 0


def test_sdk_reports_a_refused_modify(client: LiveClient, emulator: Emulator) -> None:
    body = ModifyLivePullStreamTask(task_id=CHANNEL_ID, vod_start_video_index=3)
    with pytest.raises(ClientRequestException) as raised:
        client.modify_pull_task(ModifyPullTaskRequest(body=body))
    assert (raised.value.status_code, raised.value.error_code) == (400, "LIVE.100011001")
    assert "vod_start_video_index" in raised.value.error_msg
    assert raised.value.request_id == emulator.journal[-1]["request_id"]


def test_the_sdk_looks_up_the_project_by_its_region(emulator: Emulator) -> None:
    credentials = BasicCredentials(ACCESS_KEY, SECRET_KEY).with_iam_endpoint(emulator.iam_url)
    region = Region(REGION, emulator.url)
    client = LiveClient.new_builder().with_credentials(credentials).with_region(region).build()
    assert client.list_pull_tasks(ListPullTasksRequest(task_id=CHANNEL_ID)).total == 1
    assert credentials.project_id == PROJECT_ID
    assert [entry["operation"] for entry in emulator.journal] == ["projects", "list"]
