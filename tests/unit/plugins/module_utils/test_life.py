# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks are created, found by their destination, recreated, and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import (
    InvalidOptionError,
    LiveApiError,
    LiveError,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._task.creation import (
    creation,
    new_task,
    options_of,
    removal,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.immutable import immutable_differences
from ansible_collections.huaweicloud.live.plugins.module_utils._task.matching import Listing, window
from ansible_collections.huaweicloud.live.plugins.module_utils._task.plan import Plan, check_immutable
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    RELAY_ID,
    SHOW_ID,
    Behaviour,
    Task,
    seed_tasks,
    vod_task,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import EPOCH, NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox, report

URLS = ["https://media.example.com/one.mp4", "https://media.example.com/two.mp4"]
HERE = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}


def requests_of(sandbox: Sandbox) -> tuple[int, int, list[str]]:
    """Return the number of reads, the number of modifies, and the methods of creates and deletes."""
    methods = [method for method, _what in sandbox.sent]
    return methods.count("GET"), methods.count("PUT"), [method for method in methods if method in ("POST", "DELETE")]


# Created


def test_a_missing_task_is_created_and_verified() -> None:
    sandbox = Sandbox()
    declared = {**HERE, "source_urls": URLS, "vod_loop_time": 3, "callback_url": "https://hooks.example.com/live"}
    outcome = sandbox.bring_one(declared)
    assert outcome.error is None
    assert requests_of(sandbox) == (2, 0, ["POST"])
    [task] = sandbox.service.tasks()
    result = outcome.result()
    assert (result["changed"], result["created"], "deleted" in result) == (True, True, False)
    assert result["live_pull_task"] == {**dict.fromkeys(FIELDS), **task}
    body = {"source_type": "PullVodPushLive", **HERE, "callback_url": declared["callback_url"]}
    assert result["request"] == {**body, "source_urls": URLS, "vod_loop_time": "3"} == sandbox.writes[0]
    assert result["changes"] == sorted(result["request"])
    assert outcome.diff == {
        "before": {},
        "after": result["request"],
        "before_header": "no pull task push.example.com/live/new",
        "after_header": "new pull task push.example.com/live/new",
    }
    sandbox.changes_nothing(declared)
    sandbox.changes_nothing({**declared, "task_id": task["task_id"]})


def test_check_mode_reports_the_task_to_create() -> None:
    sandbox = Sandbox()
    outcome = sandbox.bring_one({**HERE, "source_urls": URLS, "status": "pause"}, check_mode=True)
    assert requests_of(sandbox) == (1, 0, [])
    result = outcome.result()
    assert (result["changed"], result["created"]) == (True, True)
    assert result["live_pull_task"]["status"] == "pause"
    assert "task_id" not in result["live_pull_task"]
    made = sandbox.bring_one({**HERE, "source_urls": URLS, "status": "pause"})
    assert made.diff == outcome.diff
    assert (made.result()["changes"], made.result()["request"]) == (result["changes"], result["request"])


@pytest.mark.parametrize("left_out", ["keep", "reset", "replace"])
@pytest.mark.parametrize("lag", [0, 2])
def test_a_new_task_that_is_declared_paused_is_paused_at_once(left_out: str, lag: int) -> None:
    sandbox = Sandbox(left_out=left_out, lag_reads=lag)
    declared = {**HERE, "source_urls": URLS, "status": "pause", "vod_loop_time": 3, "end_time": after(days=2)}
    outcome = sandbox.bring_one(declared)
    assert outcome.error is None
    [task] = sandbox.service.tasks()
    assert (task["status"], task["vod_loop_time"], task["source_urls"]) == ("pause", "3", URLS)
    assert task["end_time"] == after(days=2)
    # Nothing is read in between.
    assert outcome.changed
    sandbox.clock.seconds += 60
    sandbox.service.behaviour = Behaviour(left_out=left_out)
    sandbox.changes_nothing(declared)


def test_a_task_is_found_by_its_destination_and_changed() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    channel = {"domain": "push.example.com", "app_name": "live", "stream_name": "channel"}
    outcome = sandbox.bring_one({**channel, "status": "pause"})
    assert outcome.error is None
    assert outcome.result()["live_pull_task"]["task_id"] == CHANNEL_ID
    assert requests_of(sandbox) == (2, 1, [])
    relay = {"destination_url": "rtmp://partner.example.com/live/main"}
    assert sandbox.bring_one(relay).result()["live_pull_task"]["task_id"] == RELAY_ID


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({}, "source_urls: missing. A new task requires them."),
        ({"source_urls": URLS, "end_time": after(days=-1)}, "end_time: "),
        ({"source_urls": URLS, "end_time": after(days=8)}, "end_time: "),
        (
            {"source_urls": URLS[:1], "source_type": "PullLivePushLive", "status": "pause"},
            "status: pause is not possible",
        ),
    ],
    ids=str,
)
def test_an_invalid_create_is_refused_before_any_write(declared: dict[str, Any], words: str) -> None:
    sandbox = Sandbox()
    message = sandbox.bring_one({**HERE, **declared}).result()["msg"]
    assert message.startswith("Task push.example.com/live/new would be created: ")
    assert words in message
    assert message.endswith("Nothing was changed.")
    assert requests_of(sandbox) == (1, 0, [])


def test_a_task_with_an_unknown_id_is_not_created() -> None:
    sandbox = Sandbox()
    message = sandbox.bring_one({"task_id": "channel-1", "source_urls": URLS}).result()["msg"]
    assert message.startswith("There is no task channel-1 in project ")
    assert "identify it by domain, app_name and stream_name" in message
    assert requests_of(sandbox) == (2, 0, [])


def test_a_name_similar_to_that_of_another_task_causes_a_warning() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    slip = {"domain": "push.example.com", "app_name": "live", "stream_name": "chanel"}
    outcome = sandbox.bring_one({**slip, "source_urls": URLS}, check_mode=True)
    assert outcome.warnings["similar"] == (
        "There is no task push.example.com/live/chanel, so it is created."
        f" push.example.com/live/channel (task_id {CHANNEL_ID}) has a similar name."
    )
    other = {**slip, "stream_name": "channel-17"}
    sandbox = Sandbox(vod_task("a", "channel-16", NOW))
    assert "similar" not in sandbox.bring_one({**other, "source_urls": URLS}, check_mode=True).warnings


BOLLY = " push.example.com/live/bolly1 (task_id a) has a similar name."
SLIP = {**HERE, "stream_name": "boly1"}


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (
            {**SLIP, "status": "pause"},
            f"would be created: source_urls: missing. A new task requires them.{BOLLY}",
        ),
        ({"task_id": "boly1", "status": "pause"}, f"in place of task_id.{BOLLY}"),
        ({"task_id": "bolly1", "status": "pause"}, f"in place of task_id.{BOLLY}"),
        ({"task_id": "boly1", **SLIP, "source_urls": URLS}, f"in place of task_id.{BOLLY}"),
    ],
)
def test_the_error_of_a_missing_task_names_a_task_with_a_similar_name(declared: dict[str, Any], words: str) -> None:
    sandbox = Sandbox(vod_task("a", "bolly1", NOW), vod_task("b", "bolly2", NOW), vod_task("c", "other", NOW))
    outcome = sandbox.bring_one(declared)
    assert outcome.result()["msg"].endswith(f"{words} Nothing was changed.")
    [first, second] = sandbox.bring({"task_id": "c", "status": "pause"}, declared)
    assert (first.error, words in str(second.error)) == (None, True)


@pytest.mark.parametrize("declared", [SLIP, {"task_id": "boly1"}])
def test_a_delete_without_a_task_warns_of_a_task_with_a_similar_name(declared: dict[str, Any]) -> None:
    sandbox = Sandbox(vod_task("a", "bolly1", NOW), vod_task("b", "bolly2", NOW))
    outcome = sandbox.bring_one({**declared, "state": "absent"})
    assert (outcome.error, outcome.changed) == (None, False)
    assert outcome.warnings["similar"].startswith("There is no task ")
    assert outcome.warnings["similar"].endswith(BOLLY)
    assert len(sandbox.service.tasks()) == 2


def test_all_tasks_are_read_for_a_missing_id_only_if_it_looks_like_a_name() -> None:
    sandbox = Sandbox(vod_task("a", "bolly1", NOW))
    assert "similar" not in str(sandbox.bring_one({"task_id": CHANNEL_ID, "status": "pause"}).error)
    assert requests_of(sandbox) == (1, 0, [])


def test_a_failed_read_for_the_hint_is_ignored() -> None:
    sandbox = Sandbox(vod_task("a", "bolly1", NOW))

    def fail(method: str, what: Mapping[str, Any]) -> None:
        if "task_id" not in what:
            raise LiveApiError("The service is out of order.", http_status=503)

    sandbox.before = fail
    message = sandbox.bring_one({"task_id": "boly1", "status": "pause"}).result()["msg"]
    assert message.endswith("in place of task_id. Nothing was changed.")


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("declared", "warned"),
    [
        ({}, True),
        ({"status": "pause"}, True),
        ({"source_type": "PullLivePushLive", "source_urls": ["rtmp://origin.example.com/live/x"]}, True),
        ({"end_time": after(days=6)}, False),
    ],
    ids=str,
)
def test_a_create_without_an_end_causes_a_warning(declared: dict[str, Any], warned: bool, check_mode: bool) -> None:
    outcome = Sandbox().bring_one({**HERE, "source_urls": URLS, **declared}, check_mode=check_mode)
    assert outcome.error is None
    words = "Task push.example.com/live/new has no end_time. The service ends every task after seven days at most."
    assert outcome.warnings.get("endless", "").startswith(words) is warned


def test_a_recreate_without_an_end_causes_a_warning() -> None:
    sandbox = Sandbox(vod_task(CHANNEL_ID, "new", NOW, start_time="", end_time=""))
    recreated = {**HERE, "callback_url": "https://ops.example.com/", "recreate": True}
    assert "endless" in sandbox.bring_one(recreated).warnings
    assert "endless" not in sandbox.bring_one(recreated).warnings


def test_a_live_relay_is_created_and_not_modified() -> None:
    sandbox = Sandbox()
    declared = {
        "destination_url": "rtmp://partner.example.com/live/x",
        "source_type": "PullLivePushLive",
        "source_urls": ["rtmp://origin.example.com/live/x"],
    }
    assert sandbox.bring_one(declared).error is None
    sandbox.changes_nothing(declared)
    message = sandbox.bring_one({**declared, "source_urls": ["rtmp://other.example.com/live/x"]}).result()["msg"]
    assert "Only a PullVodPushLive task can be modified. Different from the declaration: source_urls." in message


@pytest.mark.parametrize("events", [[], ["TaskExit", "TaskStart", "TaskAlarm"]], ids=str)
def test_a_live_relay_has_all_events_except_those_of_files(events: list[str]) -> None:
    sandbox = Sandbox()
    url = "rtmp://partner.example.com/live/x"
    live = {"source_type": "PullLivePushLive", "source_urls": ["rtmp://a.example.com/b"]}
    declared = {"destination_url": url, **live, "callback_events": events, "recreate": True}
    assert sandbox.bring_one(declared).error is None
    assert sandbox.service.tasks()[0]["callback_events"] == ["TaskStart", "TaskExit", "TaskAlarm"]
    sandbox.changes_nothing(declared)


def test_an_event_that_a_live_relay_does_not_have_is_refused_before_the_delete() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    declared = {"task_id": RELAY_ID, "callback_events": ["TaskStart", "ResetTaskConfig"], "recreate": True}
    message = sandbox.bring_one(declared).result()["msg"]
    assert "callback_events: ResetTaskConfig not allowed with source_type PullLivePushLive." in message
    assert requests_of(sandbox)[1:] == (0, [])


# Finding a task


@pytest.mark.parametrize("domain", ["Push.example.com", "push.example.com.", "push.example.com:1935"])
def test_another_spelling_of_the_domain_creates_no_second_channel(domain: str) -> None:
    sandbox = Sandbox(vod_task("a", "new", NOW))
    declared = {**HERE, "domain": domain}
    assert sandbox.bring_one({**declared, "status": "pause"}).error is None
    assert [(task["task_id"], task["status"]) for task in sandbox.service.tasks()] == [("a", "pause")]
    assert sandbox.bring_one({"task_id": "a", **declared, "recreate": True}).changed is False
    outcome = sandbox.bring_one({**declared, "state": "absent"})
    assert (outcome.deleted, sandbox.service.tasks()) == (True, [])


def test_tasks_with_other_spellings_of_one_domain_are_not_on_air_at_the_same_time() -> None:
    sandbox = Sandbox(vod_task("a", "new", NOW, status="pause"), vod_task("b", "new", NOW, domain="PUSH.example.com."))
    outcome = sandbox.bring_one({"task_id": "a", "status": "enable", "recreate": True})
    assert "at the same time as task b" in str(outcome.error)


def test_a_create_with_a_lost_response_is_found_if_the_domain_is_listed_in_another_case() -> None:
    sandbox = Sandbox()

    def lose(method: str, body: Mapping[str, Any]) -> None:
        if method == "POST":
            sandbox.service.create(dict(body, domain="push.example.com"))
            raise LiveApiError("The answer was lost.", uncertain=True)

    sandbox.before = lose
    outcome = sandbox.bring_one({**HERE, "domain": "Push.Example.com", "source_urls": URLS})
    assert (outcome.error, outcome.created, len(sandbox.service.tasks())) == (None, True, 1)


def test_several_tasks_with_one_destination_have_to_be_named_by_id() -> None:
    sandbox = Sandbox(vod_task("a", "new", NOW), vod_task("b", "new", NOW, status="pause"))
    message = sandbox.bring_one({**HERE, "vod_loop_time": 3}).result()["msg"]
    window = f"{after(days=-1)} to {after(days=6)}"
    assert message == (
        f"Several tasks push to push.example.com/live/new: a ({window}, enable); b ({window}, pause). Identify the task"
        " by its task_id. Nothing was changed."
    )
    assert sandbox.bring_one({**HERE, "task_id": "b", "vod_loop_time": 3}).error is None


def test_an_id_and_a_destination_have_to_agree() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    message = sandbox.bring_one({**HERE, "task_id": CHANNEL_ID, "status": "pause"}).result()["msg"]
    assert message.startswith(
        f"Task {CHANNEL_ID} pushes to push.example.com/live/channel, not to push.example.com/live/new."
    )
    assert requests_of(sandbox)[1:] == (0, [])


def test_a_task_that_is_named_by_id_and_by_destination_is_refused_twice() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    channel = {"domain": "push.example.com", "app_name": "live", "stream_name": "channel"}
    outcomes = sandbox.bring({**channel, "status": "pause"}, {"task_id": CHANNEL_ID, "vod_loop_time": 3})
    assert ["declared more than once" in str(outcome.error) for outcome in outcomes] == [True, True]
    assert requests_of(sandbox)[1:] == (0, [])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "task_id: missing. Allowed: task_id, or domain, app_name, stream_name, or destination_url."),
        ({"domain": "d", "app_name": "a"}, "stream_name: missing. Allowed: domain, app_name, stream_name together."),
        ({"task_id": "a", "stream_name": "s"}, "domain, app_name: missing."),
        ({**HERE, "destination_url": "rtmp://a/b"}, "destination_url: not allowed with domain, app_name, stream_name."),
        ({**HERE, "domain": "d" * 256}, "domain: 'ddd"),
        ({**HERE, "app_name": "a" * 129}, "app_name: 'aaa"),
        ({**HERE, "stream_name": "a" * 513}, "stream_name: 'aaa"),
        ({**HERE, "task_region": ""}, "task_region: '' has 0 characters. Allowed: 1 to 64 characters"),
        ({**HERE, "task_region": "r" * 65}, "task_region: 'rrr"),
        ({**HERE, "source_type": "Pull"}, "source_type: 'Pull' is not allowed."),
        ({**HERE, "state": "gone"}, "state: 'gone' is not allowed. Allowed: present, absent."),
        (
            {**HERE, "backup_source_urls": ["x"]},
            "backup_source_urls: entry 1 (the first), 'x', is not allowed: it has no scheme",
        ),
        (
            {**HERE, "source_type": "PullLivePushLive", "source_urls": URLS},
            "source_urls: 2 entries are not allowed. Allowed: exactly one with PullLivePushLive.",
        ),
        (
            {**HERE, "source_type": "PullLivePushLive", "vod_loop_time": 1, "backup_source_urls": URLS},
            "vod_loop_time: not allowed with source_type PullLivePushLive. Allowed: with PullVodPushLive only."
            " backup_source_urls: not allowed",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_name_that_names_nothing_is_refused_before_any_request(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        Declaration.from_options(options)
    assert words in refused.value.message


def test_a_destination_is_named_once_in_a_list() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        Declaration.from_list([HERE, {**HERE, "task_id": "a"}, {**HERE, "state": "absent"}])
    assert refused.value.message == (
        "tasks[2] (task push.example.com/live/new): the same task as tasks[0]. Allowed: each task once."
    )


# Two on air at one destination


def windows(*hours: tuple[int, int, str]) -> list[Task]:
    """Return tasks with one destination and these windows."""
    return [
        vod_task(f"t{number}", "new", NOW, status=status, start_time=after(hours=start), end_time=after(hours=end))
        for number, (start, end, status) in enumerate(hours)
    ]


@pytest.mark.parametrize(
    ("declared", "refused"),
    [
        ({"status": "enable"}, True),
        ({"status": "enable", "start_time": after(hours=10), "end_time": after(hours=20)}, False),
        ({"status": "enable", "start_time": after(hours=9), "end_time": after(hours=20)}, True),
        ({"status": "pause"}, False),
        ({"vod_loop_time": 3}, False),
        ({"state": "absent"}, False),
    ],
    ids=str,
)
def test_two_tasks_on_air_at_one_destination_are_refused(declared: dict[str, Any], refused: bool) -> None:
    sandbox = Sandbox(*windows((-1, 10, "enable"), (-2, 5, "pause")), *seed_tasks(NOW))
    # All tasks are read if another task is named by its destination.
    other = {"domain": "push.example.com", "app_name": "live", "stream_name": "channel", "status": "enable"}
    outcome, _other = sandbox.bring({"task_id": "t1", **declared}, other)
    assert (outcome.error is not None) is refused
    if refused:
        assert f"at the same time as task t0, which is enabled ({after(hours=-1)} to" in str(outcome.error)


def test_two_tasks_of_one_destination_may_swap_their_status() -> None:
    sandbox = Sandbox(*windows((-1, 10, "enable"), (-2, 5, "pause")))
    sandbox.service.add_tasks(seed_tasks(NOW))
    other = {"domain": "push.example.com", "app_name": "live", "stream_name": "channel"}
    outcomes = sandbox.bring({"task_id": "t0", "status": "pause"}, {"task_id": "t1", "status": "enable"}, other)
    assert [outcome.error for outcome in outcomes] == [None] * 3


# Deleted


@pytest.mark.parametrize("lag", [0, 3])
def test_a_delete_waits_until_the_task_is_not_listed(lag: int) -> None:
    sandbox = Sandbox(*seed_tasks(NOW), lag_reads=lag)
    outcome = sandbox.bring_one({"task_id": CHANNEL_ID, "state": "absent", "vod_loop_time": 7})
    assert outcome.error is None
    result = outcome.result()
    assert (result["changed"], result["deleted"], result["live_pull_task"]) == (True, True, {})
    assert result["changes"] == ["state"]
    assert requests_of(sandbox)[1:] == (0, ["DELETE"])
    assert CHANNEL_ID not in [task["task_id"] for task in sandbox.service.tasks()]
    assert (outcome.diff["before"]["status"], outcome.diff["after"]) == ("enable", {})
    again = sandbox.bring_one({"task_id": CHANNEL_ID, "state": "absent"})
    assert (again.error, again.changed, again.result()["live_pull_task"]) == (None, False, {})


def test_check_mode_reports_the_task_to_delete() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    outcome = sandbox.bring_one({"task_id": CHANNEL_ID, "state": "absent"}, check_mode=True)
    assert requests_of(sandbox) == (1, 0, [])
    assert (outcome.result()["changed"], outcome.result()["deleted"]) == (True, True)


def test_a_live_relay_can_be_deleted() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    assert sandbox.bring_one({"task_id": RELAY_ID, "state": "absent"}).error is None
    assert RELAY_ID not in [task["task_id"] for task in sandbox.service.tasks()]


# Recreated


def test_a_change_of_immutable_options_is_refused_and_names_them() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    declared = {"task_id": SHOW_ID, "callback_url": "https://new.example.com", "push_args": "?a=b", "vod_loop_time": 7}
    message = sandbox.bring_one(declared).result()["msg"]
    assert message.startswith(f"Task {SHOW_ID}: callback_url, push_args cannot be changed after a task is created")
    assert requests_of(sandbox)[1:] == (0, [])


@pytest.mark.parametrize("status", ["enable", "pause"])
def test_recreate_replaces_the_task(status: str) -> None:
    own = {"vod_loop_time": "3", "vod_start_video_index": 1, "vod_start_video_time": 9, "callback_events": ["TaskExit"]}
    old = vod_task("old", "new", NOW, status=status, **own)
    sandbox = Sandbox(old)
    declared = {**HERE, "callback_url": "https://new.example.com", "vod_loop_time": 7, "recreate": True}
    outcome = sandbox.bring_one(declared)
    assert outcome.error is None
    [task] = sandbox.service.tasks()
    changed = {"task_id": task["task_id"], "callback_url": "https://new.example.com", "vod_loop_time": "7"}
    assert task == {**old, **changed, "create_time": after(), "start_time": after()}
    result = outcome.result()
    assert (result["created"], result["deleted"]) == (True, True)
    assert "The new task has another id, and the channel is off air in between" in outcome.warnings["recreate"]
    assert "; off air until the new task exists" in outcome.diff["before_header"]
    sandbox.changes_nothing(declared)


@pytest.mark.parametrize("left_out", ["keep", "reset", "replace"])
@pytest.mark.parametrize("old", [[], [vod_task("old", "new", NOW, status="pause")]], ids=["create", "recreate"])
def test_a_pause_right_after_a_create_leaves_nothing_empty(left_out: str, old: list[Task]) -> None:
    sandbox = Sandbox(*old, left_out=left_out, empties_status=True)
    declared = {**HERE, "callback_url": "https://new.example.com", "source_urls": URLS, "end_time": after(days=2)}
    outcome = sandbox.bring_one({**declared, "status": "pause", "recreate": True})
    assert outcome.error is None
    [task] = sandbox.service.tasks()
    assert (task["status"], task["source_urls"], task["end_time"]) == ("pause", URLS, after(days=2))
    restored = ["end_time", "source_urls"] if left_out == "replace" else []
    assert outcome.result().get("restored", []) == restored


@pytest.mark.parametrize("lost", [(), (2,)], ids=str)
def test_a_task_that_shares_its_destination_is_recreated(lost: tuple[int, ...]) -> None:
    other = vod_task("b", "new", NOW, status="pause")
    sandbox = Sandbox(vod_task("a", "new", NOW), other)

    sandbox.lose(*lost, carries_out=False)
    outcome = sandbox.bring_one_over_http({"task_id": "a", "push_args": "?a=b", "recreate": True})
    assert outcome.error is None
    # The other task existed before: it is not a second create.
    kept, new = sandbox.service.tasks()
    assert kept == other
    assert (new["task_id"], new["push_args"]) == (outcome.declared.task_id, "?a=b")


def test_recreate_without_a_difference_changes_nothing() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    assert sandbox.bring_one({"task_id": SHOW_ID, "recreate": True}).changed is False


def test_a_failed_recreate_reports_the_settings_of_the_task() -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    failed = LiveApiError("POST failed: HTTP 403.", http_status=403)

    def before(method: str, _what: Mapping[str, Any]) -> None:
        if method == "POST":
            raise failed

    sandbox.before = before
    outcome = sandbox.bring_one({**HERE, "push_args": "?a=b", "recreate": True})
    result = outcome.result()
    assert result["changed"]
    assert result["msg"] == (
        "Task old was deleted, and the new task in its place could not be created: POST failed: HTTP 403. Its settings"
        " are in the results, as request."
    )
    assert result["request"]["source_urls"] == vod_task("old", "new", NOW)["source_urls"]


# Lost responses


@pytest.mark.parametrize("lag", [0, 2])
def test_a_create_with_a_lost_response_is_verified(lag: int) -> None:
    sandbox = Sandbox(lag_reads=lag)
    sandbox.lose(1, 2, 3)
    outcome = sandbox.bring_one_over_http({**HERE, "source_urls": URLS, "status": "pause"})
    assert outcome.error is None
    [task] = sandbox.service.tasks()
    assert task["status"] == "pause"
    assert outcome.result()["live_pull_task"]["task_id"] == task["task_id"]


def test_a_create_that_is_carried_out_late_is_found() -> None:
    sandbox = Sandbox()

    def late(_number: int, body: Mapping[str, Any]) -> Exception:
        sandbox.clock.later(5.0, lambda: sandbox.service.create({**body}))
        return requests.exceptions.ReadTimeout()

    sandbox.fate = late
    sandbox.carries_out = False
    assert sandbox.bring_one_over_http({**HERE, "source_urls": URLS}).error is None
    assert len(sandbox.service.tasks()) == 1


def test_a_create_that_never_arrives_is_sent_again_and_then_reported() -> None:
    sandbox = Sandbox()
    sandbox.lose(1, 2, 3, carries_out=False)
    outcome = sandbox.bring_one_over_http({**HERE, "source_urls": URLS}, retries=2)
    assert len(sandbox.writes) == 3
    assert outcome.changed
    assert str(outcome.error).endswith(
        "It is not known whether task push.example.com/live/new was created. Run again: the run first looks for"
        " it by its destination."
    )
    sandbox.lose(1, 2, carries_out=False)
    assert sandbox.bring_one_over_http({**HERE, "source_urls": URLS}, retries=2).error is None
    assert len(sandbox.service.tasks()) == 1


def test_a_create_is_not_sent_again_if_the_list_cannot_be_read() -> None:
    sandbox = Sandbox()
    sandbox.lose(1)
    sandbox.fate_of_read = lambda number, timeout: requests.exceptions.ReadTimeout() if sandbox.writes else None
    outcome = sandbox.bring_one_over_http({**HERE, "source_urls": URLS})
    assert len(sandbox.writes) == 1
    assert outcome.changed
    assert "It is not known whether task push.example.com/live/new was created" in str(outcome.error)


def test_two_runs_that_create_the_same_task_are_reported() -> None:
    sandbox = Sandbox()
    theirs: list[str] = []

    def before(method: str, what: Mapping[str, Any]) -> None:
        if method == "POST" and not theirs:
            theirs.append(sandbox.service.create({**what}))

    sandbox.before = before
    outcome = sandbox.bring_one({**HERE, "source_urls": URLS})
    ids = [task["task_id"] for task in sandbox.service.tasks()]
    assert len(ids) == 2
    assert all(task_id in str(outcome.error) for task_id in ids)
    assert str(outcome.error).endswith("Delete all but one.")


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_delete_with_a_lost_response_is_verified(carried_out: bool) -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    sandbox.lose(1, carries_out=carried_out)
    outcome = sandbox.bring_one_over_http({"task_id": CHANNEL_ID, "state": "absent"})
    assert outcome.error is None
    assert outcome.result()["deleted"]
    assert CHANNEL_ID not in [task["task_id"] for task in sandbox.service.tasks()]


def test_a_delete_that_never_arrives_is_reported() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    sandbox.lose(1, 2, 3, carries_out=False)
    outcome = sandbox.bring_one_over_http({"task_id": CHANNEL_ID, "state": "absent"}, retries=2)
    assert outcome.changed
    assert "It is not known whether task" in str(outcome.error)


@pytest.mark.parametrize("lag", [2, 20])
def test_a_delete_with_a_lost_response_is_verified_while_the_list_is_outdated(lag: int) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW), lag_reads=lag)
    sandbox.lose(1)
    outcome = sandbox.bring_one_over_http({**HERE, "push_args": "?a=b", "recreate": True})
    if lag == 2:
        assert outcome.error is None
        assert [task["push_args"] for task in sandbox.service.tasks()] == ["?a=b"]
        return
    # The next run would find no task, and its settings would be lost.
    assert sandbox.service.tasks() == []
    assert str(outcome.error).endswith(
        "It is not known whether task old was deleted. Its settings are in the results, as request: if the task"
        " no longer exists, create it with them."
    )
    assert outcome.result()["request"]["source_urls"] == vod_task("old", "new", NOW)["source_urls"]


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_a_pause_that_is_lost_right_after_a_create_is_sent_again(lag: int) -> None:
    sandbox = Sandbox(lag_reads=lag)

    sandbox.lose(2, carries_out=False)
    assert sandbox.bring_one_over_http({**HERE, "source_urls": URLS, "status": "pause"}).error is None
    assert [task["status"] for task in sandbox.service.tasks()] == ["pause"]


def lose_while_others_create(sandbox: Sandbox, carried_out: bool, **fields: Any) -> None:
    """Lose the response to the first create, while someone else creates the same task."""

    def trouble(_number: int, body: Mapping[str, Any]) -> Exception | None:
        sandbox.carries_out = carried_out
        if "source_type" not in body or sandbox.service.meddled:
            return None
        sandbox.service.meddle(1, "theirs", {**body, **fields})
        sandbox.service.list({})
        return requests.exceptions.ReadTimeout()

    sandbox.fate = trouble


def test_a_task_that_someone_else_created_is_changed_to_the_declaration() -> None:
    sandbox = Sandbox()
    lose_while_others_create(sandbox, False, vod_loop_time="3", end_time=after(days=1))
    declared = {**HERE, "source_urls": URLS, "vod_loop_time": 7, "end_time": after(days=2)}
    assert sandbox.bring_one_over_http(declared).error is None
    [task] = sandbox.service.tasks()
    assert (task["task_id"], task["vod_loop_time"], task["end_time"]) == ("theirs", "7", after(days=2))


def test_a_task_with_other_immutable_options_is_not_taken_for_the_created_one() -> None:
    sandbox = Sandbox()
    lose_while_others_create(sandbox, False, callback_url="https://their.example.com")
    outcome = sandbox.bring_one_over_http({**HERE, "source_urls": URLS, "callback_url": "https://our.example.com"})
    assert outcome.changed
    assert str(outcome.error) == (
        "The response to the create of task push.example.com/live/new was lost. Task theirs exists now, but"
        " callback_url differs from the declaration: someone else seems to have created it. It is not known"
        " whether this run created another one. List the tasks, and delete all but one."
    )
    assert [task["vod_loop_time"] for task in sandbox.service.tasks()] == ["-1"]
    # If both exist, the run takes its own task.
    sandbox = Sandbox()
    lose_while_others_create(sandbox, True, callback_url="https://their.example.com")
    outcome = sandbox.bring_one_over_http({**HERE, "source_urls": URLS, "callback_url": "https://our.example.com"})
    assert "but several tasks push to push.example.com/live/new now: theirs, " in str(outcome.error)
    assert outcome.declared.task_id != "theirs"


# Many tasks


def test_tasks_are_created_changed_and_deleted_in_one_call() -> None:
    sandbox = Sandbox(*(vod_task(f"t{number}", f"s{number}", NOW) for number in range(6)))
    stream = {"domain": "push.example.com", "app_name": "live"}
    declared = [
        *({**stream, "stream_name": f"new{number}", "source_urls": URLS} for number in range(3)),
        *({**stream, "stream_name": f"s{number}", "status": "pause"} for number in range(3)),
        *({"task_id": f"t{number}", "state": "absent"} for number in range(3, 5)),
        {**stream, "stream_name": "s5", "status": "enable"},
    ]
    results = report(sandbox.bring(*declared, concurrency=4))
    assert "msg" not in results
    counts = {"changed": 8, "unchanged": 1, "failed": 0, "created": 3, "deleted": 2, "not_attempted": 0}
    assert results["summary"] == counts
    assert results["live_pull_tasks"][0]["destination"] == "push.example.com/live/new0"
    assert results["live_pull_tasks"][0]["task_id"] == results["live_pull_tasks"][0]["live_pull_task"]["task_id"]
    # The list, the canary, and the others together.
    assert requests_of(sandbox)[0] <= 4
    assert len(sandbox.service.tasks()) == 7
    sandbox.changes_nothing(*declared)


def test_a_refused_pause_after_a_create_is_reported_as_a_failed_pause() -> None:
    sandbox = Sandbox()
    refused = LiveApiError("PUT failed: HTTP 403.", http_status=403)

    def before(method: str, _what: Mapping[str, Any]) -> None:
        if method == "PUT":
            raise refused

    sandbox.before = before
    result = sandbox.bring_one({**HERE, "source_urls": URLS, "status": "pause"}).result()
    assert result["changed"]
    assert result["created"]
    assert "accepted the create of task" in result["msg"]
    assert result["msg"].endswith(
        "but the pause failed: PUT failed: HTTP 403. The task is not paused: it is on air in its window. Run again to"
        " pause it."
    )
    assert "live_pull_task" not in result


# Values that cannot be understood


@pytest.mark.parametrize(
    ("behaviour", "own", "odd"),
    [
        ({"status_words": {"enable": "running"}}, {}, "status 'running'"),
        ({"time_style": "zoneless"}, {}, "start_time"),
        ({}, {"callback_events": ["TaskExit", "Seventh"]}, "callback_events ['TaskExit', 'Seventh']"),
    ],
    ids=str,
)
def test_a_task_with_values_that_cannot_be_understood_is_not_recreated(
    behaviour: dict[str, Any], own: dict[str, Any], odd: str
) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW, **own), **behaviour)
    message = sandbox.bring_one({**HERE, "push_args": "?a=b", "recreate": True}).result()["msg"]
    assert message.startswith("Task old cannot be recreated as it is: the service lists ")
    assert odd in message
    assert requests_of(sandbox)[1:] == (0, [])


def test_a_task_with_an_undocumented_event_is_recreated_with_all_events() -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW), more_events=["Seventh"])
    assert sandbox.bring_one({**HERE, "push_args": "?a=b", "recreate": True}).error is None
    [task] = sandbox.service.tasks()
    assert task["push_args"] == "?a=b"


def test_a_task_that_is_listed_with_both_forms_of_its_destination_is_found_by_each() -> None:
    both = {"destination_url": "rtmp://push.example.com/live/new"}
    sandbox = Sandbox(vod_task("old", "new", NOW, **both))
    for named in (HERE, both):
        assert sandbox.bring_one({**named, "vod_loop_time": 3}).declared.task_id == "old"
    assert sandbox.bring_one({**HERE, "push_args": "?a=b", "recreate": True}).error is None
    assert [task["push_args"] for task in sandbox.service.tasks()] == ["?a=b"]


def test_another_source_type_needs_a_recreate() -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    declared = {"task_id": "old", "source_type": "PullLivePushLive", "source_urls": ["rtmp://a.example.com/b"]}
    assert sandbox.bring_one({**declared, "recreate": True}).error is None
    [task] = sandbox.service.tasks()
    assert (task["source_type"], task["stream_name"]) == ("PullLivePushLive", "new")
    # A task with another destination is another task: a typing error must not delete this task.
    elsewhere = {"task_id": task["task_id"], "destination_url": "rtmp://push.example.com/x/y", "recreate": True}
    assert "Allowed: a task_id and a destination that name the same task" in str(sandbox.bring_one(elsewhere).error)


def test_a_task_that_was_not_attempted_is_reported_unchanged() -> None:
    sandbox = Sandbox(vod_task("a", "a", NOW, status="pause"))
    outcomes = sandbox.bring(
        {"task_id": "a", "status": "enable"}, {"task_id": "b"}, {**HERE, "source_urls": URLS}, preflight=True
    )
    assert outcomes[0].result()["live_pull_task"]["status"] == "pause"
    assert "live_pull_task" not in outcomes[2].result()
    assert all("request" not in outcome.result() for outcome in outcomes)


@pytest.mark.parametrize(("stream", "similar"), [("news", False), ("golff", True), ("my-golf", False)])
def test_a_long_domain_does_not_make_names_similar(stream: str, similar: bool) -> None:
    sandbox = Sandbox(vod_task("a", "golf", NOW, domain="push.streaming.broadcaster.example.com"))
    declared = {**HERE, "domain": "push.streaming.broadcaster.example.com", "stream_name": stream, "source_urls": URLS}
    assert ("similar" in sandbox.bring_one(declared, check_mode=True).warnings) is similar


# Plans


def planned(old: Mapping[str, Any] | None = None, **declared: Any) -> Plan:
    """Return the plan to create a task with two files, or to recreate a task."""
    declaration = Declaration.from_options({"source_urls": URLS, **({"task_id": "old"} if old else HERE), **declared})
    return creation(declaration, EPOCH, PullTask.from_answer({"task_id": "old", **old}) if old else None)


def test_the_plan_of_a_create_has_the_declared_options_that_are_not_empty() -> None:
    plan = planned(push_args="", callback_url="https://h/x", task_region="cn-north-4", status="pause")
    body = {"source_type": "PullVodPushLive", **HERE, "callback_url": "https://h/x", "source_urls": URLS}
    after = {**body, "task_region": "cn-north-4", "status": "pause"}
    assert plan == Plan(
        sorted(after), {"region": "cn-north-4", **body}, {}, after, new_task(plan.request, None, status="pause")
    )
    assert plan.task.values["status"] == "pause"
    assert planned().task.values["status"] == new_task({}, None).values["status"] == "enable"


def test_a_window_may_begin_in_more_than_seven_days() -> None:
    times = {"start_time": after(days=10), "end_time": after(days=11)}
    assert {name: planned(**times).request[name] for name in times} == times


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            {"source_urls": None, "start_time": after(days=-2), "end_time": after(days=-1)},
            "source_urls: missing. A new task requires them."
            f" end_time: '{after(days=-1)}' is not allowed. Allowed: later than now, {after()}.",
        ),
        (
            {"end_time": after(days=8)},
            f"end_time: {after(days=8)} is not allowed. Allowed: later than start_time {after()}, by 7 days at most.",
        ),
        (
            {"source_type": "PullLivePushLive", "source_urls": URLS[:1], "status": "pause"},
            "status: pause is not possible for a PullLivePushLive task, which cannot be modified.",
        ),
    ],
)
def test_an_invalid_create_names_the_broken_rules(declared: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOptionError) as caught:
        planned(**declared)
    assert caught.value.message == f"Task push.example.com/live/new would be created: {message}"


def test_a_recreated_task_keeps_the_options_of_the_old_one() -> None:
    """Except for a start_time in the past, and the other form of its destination."""
    rest = {"push_args": "", "backup_source_urls": [], "start_time": after(days=-1), "vod_loop_time": "2"}
    old = {**HERE, "destination_url": "rtmp://push.example.com/live/new", "source_urls": URLS, **rest}
    plan = planned(old, callback_url="https://h/x")
    kept = {"source_type": "PullVodPushLive", **HERE, "source_urls": URLS, "vod_loop_time": "2"}
    assert plan.request == {**kept, "callback_url": "https://h/x"}
    assert (
        plan.before
        == options_of(PullTask.from_answer(old))
        == {
            **HERE,
            "destination_url": old["destination_url"],
            "source_urls": URLS,
            "vod_loop_time": "2",
            "start_time": after(days=-1),
        }
    )


BY_URL = {"destination_url": "rtmp://push.example.com/live/new"}


@pytest.mark.parametrize(
    ("old", "declared"),
    [(BY_URL, {}), (BY_URL, {"task_id": None, **BY_URL}), ({**HERE, **BY_URL}, {"task_id": None, **BY_URL})],
)
def test_a_recreated_task_has_one_form_of_its_destination(old: dict[str, Any], declared: dict[str, Any]) -> None:
    request = planned({**old, "source_urls": URLS}, callback_url="https://h/x", **declared).request
    assert request is not None
    assert {name: request[name] for name in (*HERE, "destination_url") if name in request} == BY_URL


def test_a_region_is_reported_under_the_name_of_its_option() -> None:
    assert options_of(PullTask.from_answer({"region": "cn-north-4"})) == {"task_region": "cn-north-4"}


@pytest.mark.parametrize("declared", [{}, {"source_type": "PullLivePushLive"}], ids=str)
def test_a_live_relay_keeps_no_options_of_a_playlist(declared: dict[str, str]) -> None:
    source_type = "PullVodPushLive" if declared else "PullLivePushLive"
    old = {**HERE, "source_type": source_type, "source_urls": URLS[:1], "vod_loop_time": "2"}
    request = planned(old, source_urls=None, callback_url="https://h/x", **declared).request
    assert request == {
        **HERE,
        "source_type": "PullLivePushLive",
        "source_urls": URLS[:1],
        "callback_url": "https://h/x",
    }


def test_all_values_that_cannot_be_understood_are_named() -> None:
    with pytest.raises(LiveError) as caught:
        planned({**HERE, "callback_events": 5, "start_time": "soon"}, callback_url="https://h/x")
    assert caught.value.message == (
        "Task old cannot be recreated as it is: the service lists start_time 'soon', callback_events 5, which"
        " cannot be understood. Declare start_time, callback_events too."
    )


def test_the_plan_of_a_delete_has_the_id_and_the_options_of_the_task() -> None:
    task = PullTask.from_answer({"task_id": "old", **HERE, "source_urls": URLS})
    before = {"task_id": "old", **HERE, "source_urls": URLS}
    assert removal(task) == Plan(["state"], {"task_id": "old"}, before, {}, PullTask({}, {}))


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({}, "now to no end"),
        ({"start_time": after(), "end_time": after(hours=1)}, f"{after()} to {after(hours=1)}"),
    ],
)
def test_a_window_is_described_in_words(times: dict[str, str], words: str) -> None:
    assert window(PullTask.from_answer(times)) == words


def test_windows_in_the_past_do_not_overlap() -> None:
    one, other = (
        PullTask.from_answer(
            {"task_id": name, **HERE, "status": "enable", "start_time": after(hours=-3), "end_time": end}
        )
        for name, end in (("a", after(hours=-1)), ("b", after(hours=-2)))
    )
    assert Listing([one, other]).overlapping("a", one, EPOCH) is None


@pytest.mark.parametrize(
    ("answer", "declared", "differ"),
    [
        ({}, {"region": "cn-north-4", "source_type": "PullVodPushLive"}, []),
        ({"region": "", "source_type": None}, {"region": "cn-north-4", "source_type": "PullVodPushLive"}, []),
        ({"region": "eu-west-101"}, {"region": "cn-north-4"}, ["task_region"]),
        ({"source_type": "PullLivePushLive"}, {"source_type": "PullVodPushLive"}, ["source_type"]),
        ({"callback_url": ""}, {"push_args": "", "callback_url": "https://h/x"}, ["callback_url"]),
        ({"callback_url": "https://h/x"}, {"callback_url": ""}, ["callback_url"]),
        ({"backup_source_urls": ["rtmp://h/a%20b"]}, {"backup_source_urls": ["rtmp://H/a%20b"]}, []),
        ({"backup_source_urls": ["rtmp://h/a"]}, {"backup_source_urls": ["rtmp://h/b"]}, ["backup_source_urls"]),
        ({"backup_source_urls": None}, {"backup_source_urls": []}, []),
        ({"backup_source_urls": "rtmp://h/a"}, {"backup_source_urls": ["rtmp://h/a"]}, ["backup_source_urls"]),
        ({}, {"region": "x", "push_args": "a", "callback_url": "b"}, []),
        (
            {"region": "", "push_args": "", "callback_url": ""},
            {"region": "x", "push_args": "a", "callback_url": "b"},
            ["callback_url", "push_args"],
        ),
    ],
)
def test_immutable_differences_names_the_options_with_another_value(
    answer: dict[str, Any], declared: dict[str, Any], differ: list[str]
) -> None:
    assert immutable_differences(answer, declared) == differ


IMMUTABLE = (
    "Task old: {} cannot be changed after a task is created. Allowed: the value of the task. To replace the"
    " task, use live_pull_task with recreate: true. The new task has another id, and the channel is off air until it"
    " exists."
)


@pytest.mark.parametrize(
    ("answer", "declared", "message"),
    [
        ({"push_args": ""}, {"push_args": "a"}, IMMUTABLE.format("push_args")),
        (
            {"push_args": "", "callback_url": ""},
            {"push_args": "a", "callback_url": "b"},
            IMMUTABLE.format("callback_url, push_args"),
        ),
        (
            {"source_type": "PullLivePushLive", "push_args": "", "start_time": after(days=-1)},
            {"push_args": "a", "status": "pause", "start_time": after(days=-2)},
            "Task old has source_type 'PullLivePushLive'. Only a PullVodPushLive task can be modified. Different from"
            " the declaration: push_args, status.",
        ),
    ],
)
def test_options_that_only_a_recreate_can_change_are_named(
    answer: dict[str, Any], declared: dict[str, Any], message: str
) -> None:
    task, declaration = PullTask.from_answer(answer), Declaration.from_options({"task_id": "old", **declared})
    with pytest.raises(LiveError) as caught:
        check_immutable(task, declaration, EPOCH)
    assert caught.value.message == message
    assert check_immutable(task, declaration._replace(recreate=True), EPOCH)
