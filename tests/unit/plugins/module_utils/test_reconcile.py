# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, plan, modify, wait: for one task and for many."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.report import fleet_results
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.snapshot import Snapshot
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import (
    InvalidOptionError,
    LiveApiError,
    LiveError,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._task.plan import plan
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    RELAY_ID,
    SHOW_ID,
    Behaviour,
    fleet_id,
    seed_many,
    seed_tasks,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import EPOCH, NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import ENDPOINT, PROJECT_ID
from ansible_collections.huaweicloud.live.tests.unit.fakes.results import summary_of
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox, report, want


def counts(sandbox: Sandbox) -> tuple[int, int]:
    """Return the numbers of reads and writes."""
    return len(sandbox.reads), len(sandbox.writes)


def failing(sandbox: Sandbox, method: str, *errors: Exception | None) -> None:
    """Let the requests with this method fail with these errors, in order; None for a request that succeeds."""
    left = list(errors)

    def before(sent: str, _what: Mapping[str, Any]) -> None:
        error = left.pop(0) if sent == method and left else None
        if error:
            raise error

    sandbox.before = before


# One task


def test_a_task_in_the_declared_state_takes_one_read() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    outcome = sandbox.bring_one(want(status="enable"))
    assert counts(sandbox) == (1, 0)
    result = outcome.result()
    assert result.keys() == {"changed", "changes", "live_pull_task"}
    assert (result["changed"], result["changes"]) == (False, [])


def test_a_change_is_written_and_verified() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    outcome = sandbox.bring_one(want(status="pause", vod_loop_time=2))
    assert counts(sandbox) == (2, 1)
    task = sandbox.service.task(CHANNEL_ID)
    assert (task["status"], task["vod_loop_time"]) == ("pause", "2")
    assert outcome.result() == {
        "changed": True,
        "changes": ["status", "vod_loop_time"],
        "request": sandbox.writes[0],
        "request_id": "request-2",
        "live_pull_task": task,
    }
    header = f"pull task {CHANNEL_ID}"
    assert outcome.diff == {
        "before": {"status": "enable", "vod_loop_time": "-1"},
        "after": {"status": "pause", "vod_loop_time": "2"},
        "before_header": header,
        "after_header": header,
    }


def test_check_mode_reports_and_writes_nothing() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    before = sandbox.service.tasks()
    outcome = sandbox.bring_one(want(status="pause"), check_mode=True)
    assert counts(sandbox) == (1, 0)
    assert sandbox.service.tasks() == before
    result = outcome.result()
    assert (result["changed"], result["changes"]) == (True, ["status"])
    assert result["live_pull_task"] == {**sandbox.service.task(CHANNEL_ID), "status": "pause"}
    assert "request_id" not in result


def test_without_wait_the_result_is_the_declared_state() -> None:
    sandbox = Sandbox(*seed_tasks(NOW), never_apply=True)
    outcome = sandbox.bring_one(want(status="pause"), wait_timeout=None)
    assert counts(sandbox) == (1, 1)
    assert outcome.error is None
    assert outcome.result()["live_pull_task"]["status"] == "pause"
    assert outcome.result()["request_id"] == "request-2"


def test_a_warning_of_the_plan_is_reported() -> None:
    assert (
        "has the undocumented status 'odd'"
        in Sandbox(*seed_tasks(NOW), status_override="odd")
        .bring_one(want(status="pause"), check_mode=True)
        .warnings["status"]
    )


@pytest.mark.parametrize(
    ("urls", "index", "words"),
    [
        ([], 1, "0 entries"),
        (["https://a/has blank"], 1, "1 entry"),
        (["https://a/has blank"] * 2, 1, None),
        (["https://a/b"] * 31, 31, "31 entries"),
        (["https://a/b"] * 31, 30, None),
        ("https://a/b", 50, None),
    ],
)
def test_the_start_index_is_compared_with_the_number_of_urls(urls: Any, index: int, words: str | None) -> None:
    task = PullTask.from_answer({"task_id": CHANNEL_ID, "source_type": "PullVodPushLive", "source_urls": urls})
    if words:
        with pytest.raises(InvalidOptionError, match=rf"index: {index} is not allowed.* has {words}, counted"):
            plan(task, want(vod_start_video_index=index), EPOCH)
    else:
        assert plan(task, want(vod_start_video_index=index), EPOCH).changes == ["vod_start_video_index"]


def test_the_result_names_a_task_that_the_message_does_not_name() -> None:
    outcomes = [Outcome(want("1")), Outcome(want("2"))]
    for outcome in outcomes:
        outcome.error = LiveError("PUT https://127.0.0.1:8121/v1/2/1 failed: HTTP 503, after 1 attempts.")
    message = fleet_results(outcomes)["msg"]
    assert " 1: PUT https" in message
    assert "; 2: PUT https" in message


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("status", "window", "options", "warned"),
    [
        ("pause", (-48, 0), {"status": "enable"}, "over"),
        ("enable", (-48, 0), {"status": "enable"}, "over"),
        ("enable", (-48, 0), {"end_time": after(hours=0)}, "over"),
        ("enable", (-48, 0), {"start_time": after(hours=-48)}, "over"),
        ("enable", (-48, 0), {"vod_loop_time": 7}, None),
        ("enable", (-48, 1), {"status": "enable"}, None),
        ("enable", (-48, 0), {"status": "pause"}, None),
        ("pause", (48, 72), {"status": "enable"}, "ahead"),
        ("enable", (-48, 72), {"start_time": after(hours=48)}, "ahead"),
        ("enable", (48, 72), {"end_time": after(hours=73)}, "ahead"),
        ("enable", (48, 72), {"status": "enable", "vod_loop_time": 7}, None),
        ("pause", (48, 72), {"end_time": after(hours=73)}, None),
        ("running", (48, 72), {"end_time": after(hours=73)}, None),
    ],
)
def test_an_enabled_task_outside_its_window_causes_a_warning(
    status: str, window: tuple[int, int], options: dict[str, Any], warned: str | None, check_mode: bool
) -> None:
    start, end = (after(hours=hours) for hours in window)
    task = {**seed_tasks(NOW)[0], "status": status, "start_time": start, "end_time": end}
    outcome = Sandbox(task).bring_one(want(**options), check_mode=check_mode)
    assert outcome.error is None
    start = options.get("start_time", start)
    words = {
        "over": f"is enabled, but its end_time {end} is in the past: it is off air. To put it on air, set another"
        " start_time and end_time.",
        "ahead": f"is enabled, but its start_time {start} is in the future: it is off air until then.",
    }
    assert outcome.warnings == ({"off_air": f"Task {CHANNEL_ID} {words[warned]}"} if warned else {})


ENDLESS = (
    f"Task {CHANNEL_ID} has no end_time. The service ends every task after seven days at most. Set an end_time, or keep"
    " the channel on air with rolling of the role huaweicloud.live.playlist."
)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("status", "options", "warned"),
    [
        ("pause", {"status": "enable"}, True),
        ("running", {"status": "enable"}, True),
        ("pause", {"status": "enable", "end_time": after(days=6), "start_time": after()}, False),
        # An endless task that stays as it is.
        ("enable", {"status": "enable"}, False),
        ("enable", {"status": "enable", "vod_loop_time": 7}, False),
        ("enable", {"status": "pause"}, False),
        ("pause", {"vod_loop_time": 7}, False),
    ],
)
def test_a_task_that_is_enabled_without_an_end_causes_a_warning(
    status: str, options: dict[str, Any], warned: bool, check_mode: bool
) -> None:
    task = {**seed_tasks(NOW)[0], "status": status, "start_time": "", "end_time": ""}
    outcome = Sandbox(task).bring_one(want(**options), check_mode=check_mode)
    assert outcome.error is None
    assert outcome.warnings.get("endless") == (ENDLESS if warned else None)


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_changed_end_must_be_in_the_future(check_mode: bool) -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    outcome = sandbox.bring_one(want(end_time=after(seconds=0)), check_mode=check_mode)
    assert outcome.result()["msg"] == (
        f"Task {CHANNEL_ID}: end_time: '{after()}' is not allowed. Allowed: later than now, {after()}, when it changes."
        " Nothing was changed."
    )
    assert sandbox.writes == []
    assert Sandbox(*seed_tasks(NOW)).bring_one(want(end_time=after(seconds=1)), check_mode=check_mode).changed


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("wanted", "kind", "words", "has_task"),
    [
        (want("f" * 32, status="pause"), LiveError, f"There is no task {'f' * 32} in project ", False),
        (want(RELAY_ID, status="pause"), LiveError, "has source_type 'PullLivePushLive'", True),
        (want(vod_start_video_index=3), InvalidOptionError, "vod_start_video_index: 3 is not allowed", True),
    ],
    ids=["no such task", "another source type", "against the rules"],
)
def test_a_task_that_cannot_be_changed_is_not_written(
    wanted: Declaration, kind: type, words: str, has_task: bool, check_mode: bool
) -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    outcome = sandbox.bring_one(wanted, check_mode=check_mode)
    assert counts(sandbox) == (1, 0)
    assert isinstance(outcome.error, kind)
    result = outcome.result()
    assert words in result["msg"]
    assert result["msg"].endswith("Nothing was changed.")
    assert result["changed"] is False
    assert ("live_pull_task" in result) is has_task
    assert outcome.warnings == {}


def test_a_failed_first_read_ends_the_run() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    failing(sandbox, "GET", LiveApiError("GET failed."))
    outcome = sandbox.bring_one(want(status="pause"))
    assert outcome.result() == {"changed": False, "failed": True, "msg": "GET failed. Nothing was changed."}
    assert sandbox.writes == []


# Waiting


@pytest.mark.parametrize(
    ("stale", "naps"),
    [(0, []), (1, [0.5]), (2, [0.5, 1]), (4, [0.5, 1, 2, 4]), (7, [0.5, 1, 2, 4, 5, 5, 5])],
)
def test_a_lagging_task_is_read_again_at_growing_intervals(stale: int, naps: list[float]) -> None:
    sandbox = Sandbox(*seed_tasks(NOW), lag_reads=stale)
    outcome = sandbox.bring_one(want(status="pause"))
    assert outcome.error is None
    assert outcome.result()["live_pull_task"]["status"] == "pause"
    assert sandbox.clock.naps == naps
    assert counts(sandbox) == (2 + stale, 1)


@pytest.mark.parametrize(
    ("timeout", "naps"),
    [
        (0, []),
        (0.25, [0.25]),
        (1, [0.5, 0.5]),
        (3.5, [0.5, 1, 2]),
        (10, [0.5, 1, 2, 4, 2.5]),
        (20, [0.5, 1, 2, 4, 5, 5, 2.5]),
    ],
)
def test_the_last_read_is_when_wait_timeout_ends(timeout: float, naps: list[float]) -> None:
    sandbox = Sandbox(*seed_tasks(NOW), never_apply=True)
    outcome = sandbox.bring_one(want(status="pause", vod_loop_time=2), wait_timeout=timeout)
    assert sandbox.clock.naps == naps
    assert counts(sandbox) == (1 + len(naps) + 1, 1)
    result = outcome.result()
    assert result["msg"] == (
        f"The service accepted the modify of task {CHANNEL_ID} (request id request-2), but after"
        f" {timeout:g} second{'' if timeout == 1 else 's'} (wait_timeout) these options have not taken effect: status"
        " is 'enable' instead of 'pause'; vod_loop_time is '-1' instead of '2'."
    )
    assert result["changed"] is True
    assert result["request_id"] == "request-2"
    # The result is the task as it is listed, not its declared state.
    assert result["live_pull_task"]["status"] == "enable"


def test_a_change_that_the_last_read_shows_is_in_time() -> None:
    sandbox = Sandbox(*seed_tasks(NOW), lag_reads=3)
    assert sandbox.bring_one(want(status="pause"), wait_timeout=3.5).error is None
    assert sandbox.clock.naps == [0.5, 1, 2]


def test_only_options_that_have_not_taken_effect_are_named() -> None:
    sandbox = Sandbox(*seed_tasks(NOW), status_override="enable")
    outcome = sandbox.bring_one(want(status="pause", vod_loop_time=2), wait_timeout=0)
    assert "have not taken effect: status is 'enable' instead of 'pause'." in outcome.result()["msg"]


def test_a_task_that_is_missing_after_the_modify_is_an_error() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    sandbox.before = lambda method, what: (
        sandbox.service.replace_tasks([]) if method == "GET" and sandbox.writes else None
    )
    result = sandbox.bring_one(want(status="pause"), wait_timeout=1).result()
    assert "accepted the modify" in result["msg"]
    assert result["msg"].endswith("but after 1 second (wait_timeout) the task is no longer listed.")
    assert result["changed"] is True
    assert "live_pull_task" not in result


def test_a_failed_read_while_waiting_is_repeated() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    failing(sandbox, "GET", None, *[LiveApiError("GET failed: HTTP 503.", http_status=503)] * 3)
    outcome = sandbox.bring_one(want(status="pause"), wait_timeout=3.5)
    assert (outcome.error, sandbox.clock.naps) == (None, [0.5, 1, 2])


def test_if_every_read_fails_the_error_says_that_the_modify_was_accepted() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    failing(sandbox, "GET", None, *[LiveApiError("GET failed: HTTP 500.", http_status=500, error_code="X")] * 9)
    result = sandbox.bring_one(want(status="pause"), wait_timeout=1).result()
    assert result["msg"] == (
        f"The service accepted the modify of task {CHANNEL_ID} (request id request-2), but the task could not be"
        " verified: GET failed: HTTP 500."
    )
    assert result["changed"] is True
    assert (result["http_status"], result["error_code"], result["request_id"]) == (500, "X", "request-2")
    assert "live_pull_task" not in result
    assert sandbox.service.task(CHANNEL_ID)["status"] == "pause"


# A modify that fails


def test_a_refused_modify_changes_nothing() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    failing(sandbox, "PUT", LiveApiError("PUT failed: HTTP 403.", http_status=403))
    result = sandbox.bring_one(want(status="pause")).result()
    assert result["msg"] == "PUT failed: HTTP 403. Nothing was changed."
    assert (result["changed"], result["http_status"]) == (False, 403)
    assert counts(sandbox) == (1, 1)


def test_a_modify_with_an_unknown_result_counts_as_a_change() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    failing(sandbox, "PUT", LiveApiError("PUT failed: no answer.", uncertain=True))
    result = sandbox.bring_one(want(status="pause", vod_loop_time=2)).result()
    assert result["msg"] == (
        "PUT failed: no answer. It is not known whether the change of status, vod_loop_time was made."
        " Running the same again is safe."
    )
    assert result["changed"] is True
    assert "live_pull_task" not in result
    assert result["request"] == sandbox.writes[0]


# Many tasks


def fleet(count: int, **options: Any) -> list[Declaration]:
    """Return declarations of the first tasks of a fleet."""
    return [want(fleet_id(number), **options) for number in range(count)]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_outcomes_are_in_the_declared_order_and_every_task_is_attempted(concurrency: int) -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    refused = LiveApiError("PUT failed: HTTP 403.", http_status=403)
    sandbox.before = lambda method, what: raise_if(method == "PUT" and what["task_id"] == SHOW_ID, refused)
    declared = [
        want("nobody", status="pause"),
        want(SHOW_ID, status="pause"),
        want(RELAY_ID, status="pause"),
        want(CHANNEL_ID, status="pause"),
        want("44444444-0000-4000-8000-000000000004", status="pause"),
    ]
    outcomes = sandbox.bring(*declared, concurrency=concurrency)
    assert [outcome.declared for outcome in outcomes] == declared
    assert [outcome.changed for outcome in outcomes] == [False, False, False, True, False]
    assert [outcome.error is None for outcome in outcomes] == [False, False, False, True, True]
    assert outcomes[1].error is refused
    assert sandbox.service.task(CHANNEL_ID)["status"] == "pause"
    assert sandbox.service.task(SHOW_ID)["status"] == "enable"
    assert len(sandbox.writes) == 2


def raise_if(condition: bool, error: Exception) -> None:
    """Raise the error if the condition holds."""
    if condition:
        raise error


def test_one_read_verifies_all_tasks() -> None:
    sandbox = Sandbox(*seed_many(100, NOW))
    outcomes = sandbox.bring(*fleet(100, status="pause"), concurrency=4)
    assert all(outcome.changed and not outcome.error for outcome in outcomes)
    # The page, the canary alone, and the page again.
    assert counts(sandbox) == (3, 100)


def test_only_tasks_that_lag_are_read_again() -> None:
    tasks = seed_many(300, NOW)
    sandbox = Sandbox(*tasks)
    first = fleet(300, status="enable")[:-1]
    sandbox.before = lambda method, what: lag_one_task(sandbox, method)
    outcomes = sandbox.bring(*first, want(fleet_id(299), status="pause"))
    assert [outcome.error for outcome in outcomes] == [None] * 300
    # Three pages; then only the one task that was changed, twice.
    assert [query.get("task_id") for query in sandbox.reads] == [None, None, None, fleet_id(299), fleet_id(299)]
    assert sandbox.clock.naps == [0.5]


def lag_one_task(sandbox: Sandbox, method: str) -> None:
    """Let the second read show a modify."""
    if method == "PUT":
        sandbox.service.behaviour = Behaviour(lag_reads=1)


def test_each_task_that_never_changes_has_its_own_error() -> None:
    sandbox = Sandbox(*seed_many(3, NOW), never_apply=True)
    outcomes = sandbox.bring(*fleet(3, status="pause"), wait_timeout=0)
    assert [fleet_id(number) in str(outcome.error) for number, outcome in enumerate(outcomes)] == [True] * 3
    assert [outcome.result()["request_id"] for outcome in outcomes] == ["request-2", "request-4", "request-6"]


def test_a_failed_read_is_an_error_of_every_task_that_waits() -> None:
    sandbox = Sandbox(*seed_many(3, NOW))
    failing(sandbox, "GET", None, *[LiveApiError("GET failed.")] * 9)
    outcomes = sandbox.bring(want(fleet_id(2), status="enable"), *fleet(2, status="pause"), wait_timeout=0)
    assert [bool(outcome.error) for outcome in outcomes] == [False, True, True]
    assert all("accepted the modify" in str(outcome.error) for outcome in outcomes[1:])


@pytest.mark.parametrize("concurrency", [1, 4, 8])
def test_at_most_concurrency_modifies_run_at_a_time(concurrency: int) -> None:
    # The canary is modified first, and then all others.
    sandbox = Sandbox(*seed_many(9, NOW))
    together = threading.Barrier(concurrency)
    lock, running, most = threading.Lock(), 0, 0

    def before(method: str, _what: Mapping[str, Any]) -> None:
        nonlocal running, most
        if method != "PUT" or len(sandbox.writes) == 1:
            return
        with lock:
            running += 1
            most = max(most, running)
        # No modify continues before as many as allowed have begun.
        together.wait(30)
        with lock:
            running -= 1

    sandbox.before = before
    outcomes = sandbox.bring(*fleet(9, status="pause"), concurrency=concurrency)
    assert all(outcome.changed and not outcome.error for outcome in outcomes)
    assert most == concurrency


# The report about many tasks


def test_the_report_has_every_result_and_counts_them() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    outcomes = sandbox.bring(want("nobody", status="pause"), want(status="pause"), want(SHOW_ID, status="enable"))
    results = report(outcomes)
    assert results["changed"] is True
    assert summary_of(results) == (1, 1, 1, 0)
    assert results["live_pull_tasks"][2] == {"task_id": SHOW_ID, "changed": False}
    assert [(entry["task_id"], entry["changed"], entry.get("failed")) for entry in results["live_pull_tasks"]] == [
        ("nobody", False, True),
        (CHANNEL_ID, True, None),
        (SHOW_ID, False, None),
    ]
    assert results["diff"] == [outcomes[1].diff]
    assert results["msg"] == (
        f"1 of 3 tasks failed. There is no task nobody in project {PROJECT_ID} at {ENDPOINT}. The service gives"
        " each task its task_id, which is not the name of its stream. To create a task, identify it by domain,"
        " app_name and stream_name."
        " 'nobody' looks like the name of a stream: identify the task by domain, app_name and stream_name, in place of"
        " task_id. In all: 1 changed, 1 unchanged, 1 failed."
    )


def test_without_a_failure_the_report_has_no_message() -> None:
    results = report(Sandbox(*seed_tasks(NOW)).bring(want(status="enable")))
    assert "msg" not in results
    assert (results["changed"], results["diff"]) == (False, [])
    assert summary_of(results) == (0, 1, 0, 0)


@pytest.mark.parametrize(("failed", "more"), [(5, None), (6, "; and 1 more, see live_pull_tasks.")])
def test_the_message_names_the_first_of_many_failures(failed: int, more: str | None) -> None:
    message = report(Sandbox().bring(*fleet(failed, status="pause")))["msg"]
    assert [fleet_id(number) in message for number in range(failed)] == [number < 5 for number in range(failed)]
    assert message.endswith(f"{more or ''} In all: 0 changed, 0 unchanged, {failed} failed.")


def test_a_task_that_may_have_been_changed_makes_the_report_changed() -> None:
    sandbox = Sandbox(*seed_tasks(NOW))
    failing(sandbox, "PUT", LiveApiError("PUT failed.", uncertain=True))
    results = report(sandbox.bring(want(status="pause")))
    assert results["changed"] is True
    assert summary_of(results) == (0, 0, 1, 0)
    assert results["msg"].endswith("1 failed (1 of them changed or perhaps changed).")


# How many requests reading takes


@pytest.mark.parametrize(
    ("listed", "declared", "pages", "single"),
    [
        pytest.param(1000, [], 0, 0, id="no task"),
        pytest.param(1000, [999], 0, 1, id="one task"),
        pytest.param(1000, range(1000), 10, 0, id="all of 1,000"),
        pytest.param(1001, range(1001), 10, 1, id="all of 1,001: reading the last one alone is cheaper"),
        pytest.param(1000, range(100), 1, 0, id="all on the first page"),
        pytest.param(1000, [0, 999], 1, 1, id="two far apart"),
        pytest.param(1000, [998, 999], 1, 2, id="two at the end"),
        pytest.param(150, [148, 149], 2, 0, id="two on the second of two pages"),
        pytest.param(300, range(290, 300), 3, 0, id="ten at the end of three pages"),
        pytest.param(150, [0, "nobody"], 1, 1, id="one is missing"),
        pytest.param(50, ["nobody", "no one", 1], 1, 2, id="two are missing"),
        pytest.param(0, ["nobody", "no one"], 1, 2, id="an empty list"),
    ],
)
def test_tasks_are_read_with_as_few_requests_as_the_list_allows(
    listed: int, declared: Any, pages: int, single: int
) -> None:
    sandbox = Sandbox(*seed_many(listed, NOW))
    wanted = [fleet_id(one) if isinstance(one, int) else one for one in declared]
    found = Snapshot(sandbox.client(), sandbox.clock.clock, {}).read(wanted)
    assert {*found} == {task_id for task_id in wanted if task_id not in ("nobody", "no one")}
    assert all(task.answer["task_id"] == task_id for task_id, task in found.items())
    by_page = [query for query in sandbox.reads if "task_id" not in query]
    by_id = [query["task_id"] for query in sandbox.reads if "task_id" in query]
    assert [query["offset"] for query in by_page] == [str(100 * number) for number in range(pages)]
    assert len(by_id) == len({*by_id}) == single


def test_a_task_that_moved_to_an_earlier_page_is_found() -> None:
    sandbox = Sandbox(*seed_many(101, NOW))

    def before(_method: str, what: Mapping[str, Any]) -> None:
        # After the first page was read, its first task is deleted, and the last task moves to the first page.
        if what.get("offset") == "100":
            sandbox.service.delete({"task_id": fleet_id(0)})

    sandbox.before = before
    found = Snapshot(sandbox.client(), sandbox.clock.clock, {}).read([fleet_id(100), fleet_id(1), "a", "b"])
    assert {*found} == {fleet_id(100), fleet_id(1)}


def test_a_task_that_is_listed_twice_counts_once() -> None:
    sandbox = Sandbox(*seed_many(150, NOW), page_cap=60)

    def before(_method: str, what: Mapping[str, Any]) -> None:
        # A new task comes first in the list while pages are read: the last task of a page is also on the next.
        if what.get("offset") == "60":
            sandbox.service.replace_tasks([{**seed_many(1, NOW)[0], "task_id": "new"}, *sandbox.service.tasks()])

    sandbox.before = before
    found = Snapshot(sandbox.client(), sandbox.clock.clock, {}).read([fleet_id(number) for number in range(150)])
    assert len(found) == 150


def test_a_fleet_without_a_difference_takes_its_pages_and_no_write() -> None:
    sandbox = Sandbox(*seed_many(1000, NOW))
    outcomes = sandbox.bring(*fleet(1000, status="enable", vod_loop_time=-1), concurrency=4)
    assert counts(sandbox) == (10, 0)
    assert not any(outcome.changed or outcome.error for outcome in outcomes)
