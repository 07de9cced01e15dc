# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a recreate declares and displays before the delete, so that an interruption loses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import Reporter, silent
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._task.creation import displayed
from ansible_collections.huaweicloud.live.tests.emulator import REGION, Task, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import ENDPOINT, PROJECT_ID
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, Sandbox

HERE = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
NEW_URL = {"callback_url": "https://hooks.example.com/new", "recreate": True}
URL_ONLY = {"domain": "", "app_name": "", "stream_name": "", "destination_url": "rtmp://partner.example.com/live/key"}
BACKUP = {
    "backup_source_type": "PullLivePushLive",
    "backup_source_urls": ["rtmp://origin.example.com/live/backup"],
}
HIDDEN = {"push_args": "?auth_key=a-key", "callback_url": "https://hooks.example.com/old"}


class Channel(Sandbox):
    """One task, and runs that declare it.

    Args:
        region: the region of the connection.
        fields: what the task has, apart from a playlist and a window that is open.
    """

    def __init__(self, region: str | None = REGION, **fields: Any) -> None:
        self.old: Task = vod_task("old", "new", NOW, **fields)
        super().__init__(self.old)
        self._region = region

    def display(self, text: str, verbosity: int) -> None:
        """Record what the user sees, and check that nothing is deleted yet."""
        assert self.writes == []
        super().display(text, verbosity)

    def client(self) -> LiveClient:
        """Return a client whose connection has a region."""
        return LiveClient(self, None, ENDPOINT, PROJECT_ID, self._region)  # type: ignore[arg-type]

    def ship(self, asked: Mapping[str, Any], **how: Any) -> Ran:
        """The same as a module that is shipped, or with no_log."""
        return self.bring_one(asked, tell=silent, **how)

    def check_refused(self, outcome: Ran, *missing: str) -> None:
        """Check that nothing was written, and that these options have to be declared."""
        message = outcome.result()["msg"]
        assert f"recreate would keep {', '.join(missing)} of the old task" in message
        assert f"Declare {', '.join(missing)}:" in message
        assert message.endswith("Nothing was changed.")
        assert self.writes == []
        assert self.service.tasks() == [self.old]


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("name", "own"),
    [*((name, HIDDEN) for name in HIDDEN), ("backup_source_urls", BACKUP), ("destination_url", URL_ONLY)],
)
def test_a_hidden_setting_that_recreate_would_keep_must_be_declared(
    name: str, own: dict[str, Any], check_mode: bool
) -> None:
    channel = Channel(**own)
    declared = {other: value for other, value in own.items() if value and other != name}
    asked = {"task_id": "old", "task_region": "cn-south-1", "recreate": True, **declared}
    outcome = channel.bring_one(asked, check_mode=check_mode)
    channel.check_refused(outcome, name)
    assert " of the old task. Results and messages hide their values. If the run were" in str(outcome.error)
    assert channel.bring_one({**asked, name: own[name]}, check_mode=check_mode).error is None


def test_the_whole_request_is_displayed_before_the_delete() -> None:
    window = {"start_time": after(days=1), "end_time": after(days=3)}
    url = "https://media.example.com/\u7247.mp4"
    channel = Channel(status="pause", vod_loop_time="3", source_urls=[url], **window)
    outcome = channel.bring_one({**HERE, **NEW_URL})
    assert outcome.error is None
    [text] = channel.displayed
    assert text.startswith("deletes task old, and creates it again with these options: {")
    options = json.loads(text.partition(": ")[2])
    assert options.pop("callback_url") == "********"
    # These options create the same task again, if nothing else is left of it.
    [task] = channel.service.tasks()
    assert {name: task["region" if name == "task_region" else name] for name in options} == options
    assert options.items() >= {**HERE, **window, "status": "pause", "vod_loop_time": "3"}.items()
    assert options["source_urls"] == [url]
    assert url in text


def test_nothing_is_displayed_in_check_mode() -> None:
    channel = Channel()
    assert channel.bring_one({**HERE, **NEW_URL}, check_mode=True).error is None
    assert channel.displayed == []


@pytest.mark.parametrize("name", ["url", "password"])
def test_a_playlist_of_which_the_display_would_mask_a_part_must_be_declared(name: str) -> None:
    url = {
        "url": "https://media.example.com/a.mp4?X-Amz-Signature=abc",
        "password": "https://me:pw@media.example.com/a",
    }
    channel = Channel(source_urls=[url[name]])
    outcome = channel.bring_one({**HERE, **NEW_URL})
    channel.check_refused(outcome, "end_time", "source_urls")
    assert "source_urls would be masked" in str(outcome.error)
    declared = {"source_urls": [url[name]], "end_time": channel.old["end_time"]}
    assert channel.bring_one({**HERE, **NEW_URL, **declared}).error is None
    assert url[name] not in channel.displayed[0]


def test_a_declared_playlist_with_a_key_may_be_masked() -> None:
    url = "https://media.example.com/a.mp4?X-Amz-Signature=abc"
    channel = Channel(source_urls=[url])
    assert channel.bring_one({**HERE, **NEW_URL, "source_urls": [url]}).error is None


ALL = {
    "source_urls": ["https://media.example.com/a.mp4"],
    "status": "pause",
    "vod_loop_time": "3",
    "vod_refresh_type": "continue_from_break_point",
    "vod_start_video_index": 1,
    "vod_start_video_time": 9,
    "start_time": after(days=1),
    "end_time": after(days=2),
    # All events of a live stream, but not of a playlist.
    "callback_events": ["TaskStart", "TaskExit", "TaskAlarm"],
}


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_module_has_every_setting_declared_that_is_not_at_its_default(name: str) -> None:
    own = {"source_urls": ["https://media.example.com/a.mp4"] * 3, "end_time": after(days=3), name: ALL[name]}
    if name == "start_time":
        own["end_time"] = ALL["end_time"]
    if name == "vod_start_video_index":
        own["source_urls"] = ["https://media.example.com/a.mp4", "https://media.example.com/b.mp4"]
    channel = Channel(**own)
    declared = {other: own[other] for other in own if other != name}
    channel.check_refused(channel.ship({**HERE, **NEW_URL, **declared}), name)
    assert channel.ship({**HERE, **NEW_URL, **own}).error is None
    assert channel.displayed == []


def test_a_shipped_module_takes_a_past_start_and_the_own_region_as_defaults() -> None:
    channel = Channel(REGION, end_time="")
    assert channel.old["start_time"] < after()
    assert channel.ship({**HERE, **NEW_URL, "source_urls": channel.old["source_urls"]}).error is None


@pytest.mark.parametrize("region", [None, "cn-south-1"])
def test_a_shipped_module_has_another_region_declared(region: str | None) -> None:
    channel = Channel(region, end_time="")
    declared = {"source_urls": channel.old["source_urls"]}
    channel.check_refused(channel.ship({**HERE, **NEW_URL, **declared}), "task_region")
    assert channel.ship({**HERE, **NEW_URL, **declared, "task_region": channel.old["region"]}).error is None


@pytest.mark.parametrize("events", [["TaskStart", "TaskExit", "TaskAlarm"], ["TaskStart"]], ids=str)
def test_a_shipped_module_takes_all_events_of_a_live_stream_as_the_default(events: list[str]) -> None:
    live = {"source_type": "PullLivePushLive", "source_urls": ["rtmp://origin.example.com/live/main"]}
    channel = Channel(**live, **URL_ONLY, end_time="", callback_events=events)
    outcome = channel.ship({"destination_url": URL_ONLY["destination_url"], **NEW_URL, **live}, check_mode=True)
    assert ("callback_events" in str(outcome.error)) == (len(events) == 1)
    assert (outcome.error is None) == (len(events) == 3)


def test_a_shipped_module_has_the_destination_declared() -> None:
    channel = Channel(end_time="")
    declared = {"source_urls": channel.old["source_urls"]}
    outcome = channel.ship({"task_id": "old", **NEW_URL, **declared})
    channel.check_refused(outcome, "app_name", "domain", "stream_name")
    assert channel.ship({"task_id": "old", **HERE, **NEW_URL, **declared}).error is None


def test_a_shipped_module_names_all_that_is_missing_at_once() -> None:
    channel = Channel(**HIDDEN, **BACKUP, status="pause")
    outcome = channel.ship({**HERE, **NEW_URL})
    channel.check_refused(
        outcome, "backup_source_type", "backup_source_urls", "end_time", "push_args", "source_urls", "status"
    )
    missing = "backup_source_type, backup_source_urls, end_time, push_args, source_urls, status"
    assert str(outcome.error) == (
        f"Task old: recreate would keep {missing} of the old task. This run cannot display them"
        " before the delete: the module is shipped, or no_log is set. If the run were interrupted between the delete"
        f" and the create, they would be lost. Declare {missing}: live_pull_task_info returns the values, with"
        " show_secrets: true also those that are masked."
    )


def test_a_run_that_would_mask_values_names_all_of_them() -> None:
    channel = Channel(push_args=HIDDEN["push_args"], source_urls=["https://me:pw@media.example.com/a"], end_time="")
    outcome = channel.bring_one({**HERE, **NEW_URL})
    channel.check_refused(outcome, "push_args", "source_urls")
    assert (
        "of the old task. This run cannot display them before the delete: push_args, source_urls would be masked. If"
        in str(outcome.error)
    )


def test_what_is_displayed_is_masked_but_for_the_name_of_the_task() -> None:
    options = {
        "destination_url": "rtmp://partner.example.com/live/new?key=a-key",
        "push_args": "?a",
        "backup_source_urls": ["rtmp://origin.example.com/live/a", "rtmp://origin.example.com/live/b"],
    }
    assert displayed(options, lambda text: text.replace("new", "old")) == (
        '{"destination_url": "rtmp://partner.example.com/live/old?********", "push_args": "********",'
        ' "backup_source_urls": ["********", "********"]}'
    )


@pytest.mark.parametrize("speaks", [True, False])
def test_a_run_knows_whether_it_can_display_anything(speaks: bool) -> None:
    known: list[bool] = []

    def run(_options: object, _environ: object, _check_mode: bool, tell: Reporter) -> dict[str, Any]:
        known.append(tell is not silent)
        return {}

    perform(run, {}, {}, False, (lambda _text, _verbosity: None) if speaks else silent)
    assert known == [speaks]
