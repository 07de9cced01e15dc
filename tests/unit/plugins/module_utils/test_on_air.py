# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases that once failed on air: other interpretations of the API page, other writers, and lost responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    SHOW_ID,
    fleet_id,
    seed_many,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.results import summary_of
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox, report, want
from ansible_collections.huaweicloud.live.tests.unit.fakes.tasks import OWN, channel

NEW_PLAYLIST = ["https://media.example.com/new/one.mp4", "https://media.example.com/new/two.mp4"]


# Other writers


def test_a_change_of_others_before_the_modify_is_kept() -> None:
    """Others change a task after the list was read, and before its modify."""
    sandbox = Sandbox(*(channel(fleet_id(number)) for number in range(30)))
    theirs = {"vod_loop_time": "7", "callback_events": ["TaskAlarm"], "vod_refresh_type": "immediate_new_source"}
    sandbox.service.meddle(9, fleet_id(29), theirs)

    def before(method: str, _what: Mapping[str, Any]) -> None:
        sandbox.clock.advance(0.2)  # five requests a second

    sandbox.before = before
    outcomes = sandbox.bring(*(want(fleet_id(number), status="pause") for number in range(30)))
    assert all(outcome.changed and not outcome.error for outcome in outcomes)
    assert sandbox.task(fleet_id(29)) == {**channel(fleet_id(29)), **theirs, "status": "pause"}


def test_a_pause_is_accepted_while_a_rolling_window_moves() -> None:
    """Others move the window between the read and the modify: with the old start, it would be too long."""
    moved = {"start_time": after(hours=-1), "end_time": after(days=6)}
    sandbox = Sandbox(channel(start_time=after(days=-5), end_time=after(days=1)))
    sandbox.service.meddle(2, CHANNEL_ID, moved)
    outcome = sandbox.bring_one(want(status="pause"))
    assert outcome.error is None
    assert sandbox.task() == channel(status="pause", **moved)
    assert "start_time" in sandbox.writes[0]
    assert "start_time" not in sandbox.writes[1]
    assert outcome.warnings["meanwhile"].startswith(f"Task {CHANNEL_ID}: someone else changed end_time during")


@pytest.mark.parametrize("name", [*OWN, "source_urls", "status"])
def test_a_change_of_others_after_the_modify_is_reported_and_kept(name: str) -> None:
    theirs: dict[str, Any] = {**dict.fromkeys(OWN), **{"source_urls": NEW_PLAYLIST, "status": "pause"}}
    theirs.update(vod_loop_time="7", vod_refresh_type="continue_from_file_start", vod_start_video_index=0)
    theirs.update(vod_start_video_time=5, callback_events=["TaskAlarm"])
    sandbox = Sandbox(channel())
    sandbox.service.meddle(2, CHANNEL_ID, {name: theirs[name]}, after=True)
    outcome = sandbox.bring_one(want(end_time=after(days=5)))
    assert outcome.error is None
    assert sandbox.task() == channel(end_time=after(days=5), **{name: theirs[name]})
    assert outcome.warnings == {
        "meanwhile": f"Task {CHANNEL_ID}: someone else changed {name} during the run. The run kept this change."
    }
    assert "restored" not in outcome.result()


def test_a_declared_option_that_others_change_meanwhile_is_set_again() -> None:
    sandbox = Sandbox(channel())
    sandbox.service.meddle(2, CHANNEL_ID, {"source_urls": NEW_PLAYLIST}, after=True)
    declared = {"status": "pause", "source_urls": channel()["source_urls"]}
    outcome = sandbox.bring_one(want(**declared))
    assert outcome.error is None
    assert outcome.result()["changes"] == ["source_urls", "status"]
    assert sandbox.task() == channel(status="pause")
    sandbox.changes_nothing(want(**declared))


@pytest.mark.parametrize("before", ["", after(days=3)])
def test_a_change_of_others_between_two_modifies_is_restored(before: str) -> None:
    theirs = {"status": "pause", "end_time": after(days=2)}
    sandbox = Sandbox(channel(end_time=before), left_out="replace")
    # Either the task has no end, or the first modify empties the end. Then others set an end.
    sandbox.service.meddle(2, CHANNEL_ID, theirs, after=True)
    declared = {"source_urls": NEW_PLAYLIST, "status": "enable"}
    outcome = sandbox.bring_one(want(**declared))
    assert outcome.error is None
    assert sandbox.task() == channel(source_urls=NEW_PLAYLIST, end_time=theirs["end_time"])
    assert [body.get("end_time") for body in sandbox.writes] == [None, None, theirs["end_time"]]
    sandbox.changes_nothing(want(**declared))


def test_a_task_that_is_deleted_between_read_and_write_is_reported() -> None:
    sandbox = Sandbox(channel(), channel(SHOW_ID))
    sandbox.before = lambda method, what: sandbox.clock.advance(2)
    sandbox.service.meddle(2, SHOW_ID, None)
    outcomes = sandbox.bring(want(status="pause"), want(SHOW_ID, status="pause"))
    assert outcomes[0].error is None
    message = outcomes[1].result()["msg"]
    assert message.startswith(f"There is no task {SHOW_ID} in ")
    assert message.endswith("Nothing was changed.")
    assert len(sandbox.writes) == 1


# Other interpretations of the API page


@pytest.mark.parametrize("empties_status", [False, True])
@pytest.mark.parametrize(
    "declared",
    [{"status": "pause"}, {"vod_loop_time": 7}, {"source_urls": NEW_PLAYLIST}, {"end_time": after(days=5)}],
    ids=str,
)
def test_options_that_the_service_empties_are_restored(declared: dict[str, Any], empties_status: bool) -> None:
    sandbox = Sandbox(channel(), left_out="replace", empties_status=empties_status)
    outcome = sandbox.bring_one(want(**declared))
    assert outcome.error is None
    assert sandbox.task() == channel(**want(**declared).values)
    emptied = {"source_urls", "end_time", *(["status"] if empties_status else [])} - {*declared}
    assert outcome.result()["restored"] == sorted(emptied)
    assert outcome.warnings["restored"] == (
        f"Task {CHANNEL_ID}: the service emptied {', '.join(sorted(emptied))}, which the modify had left out. The run"
        f" restored {'it' if len(emptied) == 1 else 'them'}."
    )
    assert len(sandbox.writes) == 2
    sandbox.changes_nothing(want(**declared))


def test_a_service_that_empties_options_empties_only_those_of_the_canary() -> None:
    tasks = [channel(fleet_id(number)) for number in range(20)]
    sandbox = Sandbox(*tasks, left_out="replace")
    emptied = []
    sandbox.before = lambda _method, _what: emptied.extend(
        task["task_id"] for task in sandbox.service.tasks() if not task["source_urls"]
    )
    outcomes = sandbox.bring(*(want(task["task_id"], status="pause") for task in tasks), concurrency=4)
    assert [outcome.error for outcome in outcomes] == [None] * 20
    assert [sandbox.task(task["task_id"]) for task in tasks] == [{**task, "status": "pause"} for task in tasks]
    assert {*emptied} == {fleet_id(0)}
    # The canary is modified twice. The others are modified once, with all options.
    assert len(sandbox.writes) == 21


def test_the_canary_is_verified_without_wait_too() -> None:
    tasks = [channel(fleet_id(number)) for number in range(5)]
    sandbox = Sandbox(*tasks, left_out="replace", lag=0)
    outcomes = sandbox.bring(*(want(task["task_id"], status="pause") for task in tasks), wait_timeout=None)
    assert [outcome.error for outcome in outcomes] == [None] * 5
    assert [sandbox.task(task["task_id"]) for task in tasks] == [{**task, "status": "pause"} for task in tasks]
    assert len(sandbox.reads) == 3  # the page, the canary, and the canary again
    assert sandbox.clock.naps == []


def test_a_lost_start_in_the_future_is_restored() -> None:
    """The service refuses the modify with the start, and the pause alone resets the start."""
    ahead = {"start_time": after(days=1), "end_time": after(days=2)}
    sandbox = Sandbox(channel(**ahead), left_out="reset")
    refusals = [LiveApiError("PUT failed: HTTP 400.", http_status=400)]
    sandbox.before = lambda method, _what: raise_one(refusals if method == "PUT" else [])
    outcome = sandbox.bring_one(want(status="pause"))
    assert outcome.error is None
    assert sandbox.task() == channel(status="pause", **ahead)
    assert outcome.result()["restored"] == ["start_time"]


@pytest.mark.parametrize("status", ["pause", "enable"])
def test_an_emptied_playlist_is_restored_although_the_list_lags_and_the_status_is_unknown(status: str) -> None:
    words = {"enable": "running", "pause": "stopped"}
    sandbox = Sandbox(channel(), left_out="replace", status_words=words, lag_reads=3)
    outcome = sandbox.bring_one(want(status=status))
    assert outcome.error is None
    assert outcome.result()["restored"] == ["end_time", "source_urls"]
    assert sandbox.task() == channel(status=status)


def test_a_playlist_is_restored_even_if_the_service_refuses_the_end() -> None:
    over = {"start_time": after(days=-2), "end_time": after(hours=-1)}
    sandbox = Sandbox(channel(**over), left_out="replace", past_end="refuse")
    outcome = sandbox.bring_one(want(status="pause"))
    assert sandbox.task() == channel(status="pause", start_time=sandbox.task()["start_time"], end_time="")
    message = outcome.result()["msg"]
    assert f"but end_time is None instead of '{over['end_time']}'. 400 " in message
    assert message.endswith("end_time must be later than the current time")
    assert "source_urls" in outcome.warnings["restored"]
    assert "end_time" not in outcome.warnings["restored"]
    # A refused option is not sent again and again.
    assert len(sandbox.writes) == 4


def test_a_pause_is_carried_out_if_the_service_empties_options_and_refuses_the_end() -> None:
    over = {"start_time": after(days=-2), "end_time": after(hours=-1)}
    sandbox = Sandbox(channel(fleet_id(0)), channel(fleet_id(1), **over), left_out="replace", past_end="refuse")
    outcomes = sandbox.bring(*(want(fleet_id(number), status="pause") for number in range(2)))
    assert outcomes[0].error is None
    assert f"end_time is None instead of '{over['end_time']}'" in str(outcomes[1].error)
    paused = sandbox.task(fleet_id(1))
    assert (paused["status"], paused["source_urls"]) == ("pause", channel()["source_urls"])


def test_lost_options_are_restored_even_if_the_declared_end_breaks_a_rule_with_the_start_of_others() -> None:
    sandbox = Sandbox(channel(), left_out="replace")
    theirs = {"start_time": after(days=6), "end_time": after(days=7)}
    sandbox.service.meddle(2, CHANNEL_ID, theirs, after=True)
    outcome = sandbox.bring_one(want(end_time=after(days=5)))
    assert sandbox.task() == channel(**theirs)
    message = outcome.result()["msg"]
    assert f"but end_time is '{after(days=7)}' instead of '{after(days=5)}'." in message
    assert "Allowed: later than start_time" in message


def test_a_run_that_gives_up_after_three_modifies_names_all_wrong_options() -> None:
    sandbox = Sandbox(channel(), left_out="reset")
    refuse_all_but_pauses(sandbox)
    # Another writer enables the channel after each pause.
    for request in (2, 4, 6):
        sandbox.service.meddle(request, CHANNEL_ID, {"status": "enable"}, after=True)
    outcome = sandbox.bring_one(want(status="pause"))
    lost = [name for name in OWN if sandbox.task()[name] != OWN[name]]
    assert lost == [*OWN]
    assert [name for name in [*lost, "status"] if f"{name} is " not in str(outcome.error)] == []


def test_emptied_options_are_named_if_it_is_not_known_whether_they_were_restored() -> None:
    sandbox = Sandbox(channel(), left_out="replace")
    sandbox.lose(*range(2, 9), carries_out=False)
    outcome = sandbox.bring_one_over_http(want(status="pause"), retries=0)
    assert sandbox.task()["source_urls"] == []
    assert str(outcome.error).endswith(
        " It is not known whether the change of status was made, and end_time, source_urls restored, which the service"
        " had emptied. Running the same again is safe."
    )


def test_emptied_options_are_named_if_the_task_cannot_be_read_any_more() -> None:
    sandbox = Sandbox(channel(), left_out="replace")

    def before(method: str, _what: Mapping[str, Any]) -> None:
        if method == "GET" and len(sandbox.writes) == 2:
            raise LiveApiError("GET failed: HTTP 500.", http_status=500)

    sandbox.before = before
    message = sandbox.bring_one(want(status="pause")).result()["msg"]
    assert message.endswith(
        "but the task could not be verified: GET failed: HTTP 500. The service had emptied end_time, source_urls,"
        " and accepted the modify that restores them."
    )


def test_a_playlist_that_a_pause_empties_is_restored_although_the_declared_start_is_refused() -> None:
    sandbox = Sandbox(channel(), left_out="replace", past_start="refuse", time_style="zoneless")
    playlist, start = sandbox.task()["source_urls"], after(hours=-2)
    outcome = sandbox.bring_one_over_http(want(status="pause", source_urls=playlist, start_time=start))
    assert (sandbox.task()["status"], sandbox.task()["source_urls"]) == ("pause", playlist)
    assert outcome.changed
    assert "start_time must not be earlier than the current time" in str(outcome.error)
    assert f"instead of '{start}'" in str(outcome.error)


def refuse_all_but_pauses(sandbox: Sandbox) -> None:
    """Let the service refuse each modify that carries other options than the status."""

    def before(method: str, what: Mapping[str, Any]) -> None:
        if method == "PUT" and what.keys() != {"task_id", "status"}:
            raise LiveApiError("PUT failed: HTTP 400.", http_status=400)

    sandbox.before = before


def raise_one(errors: list[LiveApiError]) -> None:
    """Raise the next of the errors, if any is left."""
    if errors:
        raise errors.pop(0)


def test_a_lost_option_that_could_not_be_understood_fails_the_task() -> None:
    ahead = {"start_time": after(days=1), "end_time": after(days=2)}
    sandbox = Sandbox(channel(**ahead), left_out="reset", time_style="zoneless")
    outcome = sandbox.bring_one(want(vod_loop_time=7))
    assert outcome.changed
    assert "but the modify changed start_time. The run could not understand the earlier value" in str(outcome.error)


@pytest.mark.parametrize("declared", [{"status": "pause"}, {"vod_loop_time": 7}], ids=str)
@pytest.mark.parametrize("left_out", ["keep", "reset"])
def test_tasks_can_be_changed_if_the_service_refuses_a_start_in_the_past(
    left_out: str, declared: dict[str, Any]
) -> None:
    tasks = [channel(fleet_id(number)) for number in range(3)]
    sandbox = Sandbox(*tasks, past_start="refuse", left_out=left_out)
    wanted = [want(task["task_id"], **declared) for task in tasks]
    assert [outcome.error for outcome in sandbox.bring(*wanted)] == [None] * 3
    # The run learns it from the first refusal.
    assert ["start_time" in body for body in sandbox.writes] == [True, False, False, False]
    for task in tasks:
        now = sandbox.task(task["task_id"])
        assert {name: now[name] for name in OWN if name not in declared} == {
            n: OWN[n] for n in OWN if n not in declared
        }
        assert (now["source_urls"], now["end_time"]) == (task["source_urls"], task["end_time"])
    sandbox.changes_nothing(*wanted)


def test_a_pause_is_sent_alone_if_the_service_refuses_other_options() -> None:
    """An old task may have values that are not allowed any more, so the service refuses them in a modify."""
    sandbox = Sandbox(channel(callback_events=["Seventh"]))
    outcome = sandbox.bring_one(want(status="pause"))
    assert outcome.error is None
    assert sandbox.writes[-1] == {"task_id": CHANNEL_ID, "status": "pause"}
    assert sandbox.task() == channel(status="pause", callback_events=["Seventh"])


def test_other_changes_are_not_sent_alone_after_a_refusal() -> None:
    """A service may reset the options that a modify leaves out."""
    sandbox = Sandbox(channel(callback_events=["Seventh"]), left_out="reset")
    outcome = sandbox.bring_one(want(vod_loop_time=7))
    assert outcome.result()["msg"].endswith("Nothing was changed.")
    assert sandbox.task() == channel(callback_events=["Seventh"])
    assert all("callback_events" in body for body in sandbox.writes)


@pytest.mark.parametrize(
    "behaviour",
    [
        {"past_start": "now"},
        {"past_start": "now", "left_out": "reset"},
        {"encode_urls": True},
        {"numbers": "text", "loop_number": True},
        {"numbers": "float"},
        {"time_style": "epoch"},
        {"time_style": "epoch_ms"},
        {"time_style": "epoch_text"},
        {"upper_case": True},
        {"more_events": ["Seventh"]},
        {"no_time": "zero"},
    ],
    ids=str,
)
def test_every_form_of_a_response_is_understood(behaviour: dict[str, Any]) -> None:
    declared = {
        **OWN,
        "status": "enable",
        "source_urls": ["https://例子.example/片/é b.mp4".replace(" ", "%20")],
        "vod_start_video_index": 0,
        "start_time": after(hours=-5),
        "end_time": after(days=3),
        "callback_events": [],
    }
    sandbox = Sandbox(channel(), **behaviour)
    outcome = sandbox.bring_one(want(**declared))
    assert outcome.error is None
    assert outcome.warnings == {}
    sandbox.changes_nothing(want(**declared))
    result = outcome.result()["live_pull_task"]
    assert (result["status"], result["end_time"]) == ("enable", declared["end_time"])


@pytest.mark.parametrize("style", ["zoneless", "zoneless_local"])
def test_a_time_without_a_zone_is_neither_used_nor_sent_back(style: str) -> None:
    sandbox = Sandbox(channel(), time_style=style)
    assert sandbox.bring_one(want(status="pause")).error is None
    assert {"start_time", "end_time"}.isdisjoint(sandbox.writes[0])
    assert sandbox.task() == channel(status="pause")
    outcome = sandbox.bring_one(want(end_time=after(days=3)), wait_timeout=0)
    assert "end_time is '" in str(outcome.error)
    assert sandbox.task()["end_time"] == after(days=3)


def test_the_zero_time_of_go_does_not_count_as_an_end() -> None:
    endless = channel()
    del endless["end_time"]
    sandbox = Sandbox(endless, no_time="zero")
    assert sandbox.bring_one(want(status="enable")).warnings == {}
    outcome = sandbox.bring_one(want(vod_loop_time=7))
    assert (outcome.error, outcome.warnings) == (None, {})
    assert "end_time" not in sandbox.writes[0]


def test_an_unknown_status_is_written_once_and_waited_for_briefly() -> None:
    sandbox = Sandbox(channel(), status_words={"enable": "running", "pause": "stopped"})
    outcome = sandbox.bring_one(want(status="enable"))
    # The status is the same as before, so the list may lag.
    assert (outcome.error, outcome.changed, sandbox.clock.naps) == (None, True, [0.5, 1.0, 2.0])
    assert len(sandbox.writes) == 1
    assert "status_words: {running: enable}" in outcome.warnings["status"]
    words = {"running": "enable", "stopped": "pause"}
    sandbox.changes_nothing(want(status="enable"), status_words=words)
    outcome = sandbox.bring_one(want(status="pause"), status_words=words)
    assert (outcome.error, outcome.warnings) == (None, {})
    assert outcome.result()["live_pull_task"]["status"] == "pause"


# Lost responses


@pytest.mark.parametrize("wanted", [{"source_urls": NEW_PLAYLIST}, {"status": "pause"}], ids=str)
def test_a_change_with_lost_responses_is_sent_once(wanted: dict[str, Any]) -> None:
    sandbox = Sandbox(channel())
    sandbox.lose(*range(1, 100))
    outcome = sandbox.bring_one_over_http(want(**wanted))
    assert (outcome.error, outcome.changed) == (None, True)
    assert len(sandbox.writes) == 1
    assert sandbox.task() == channel(**wanted)
    assert sandbox.disturbances() <= 1


def test_a_playlist_that_is_stored_late_is_verified() -> None:
    sandbox = Sandbox(channel())

    def lands_late(_number: int, body: Mapping[str, Any]) -> Exception:
        sandbox.clock.later(1.0, lambda: sandbox.service.modify({**body}))
        return requests.exceptions.ReadTimeout()

    sandbox.fate = lands_late
    sandbox.carries_out = False
    outcome = sandbox.bring_one_over_http(want(source_urls=NEW_PLAYLIST))
    assert outcome.error is None
    assert len(sandbox.writes) == 1
    assert sandbox.task() == channel(source_urls=NEW_PLAYLIST)


@pytest.mark.parametrize("wanted", [{"source_urls": NEW_PLAYLIST}, {"status": "pause"}, {"vod_loop_time": 7}], ids=str)
def test_a_change_with_a_lost_response_that_is_then_refused_is_not_reported_as_accepted(wanted: dict[str, Any]) -> None:
    """The first modify may still be carried out, but the service accepted none."""
    sandbox = Sandbox(channel())
    fates = iter([requests.exceptions.ReadTimeout()])
    sandbox.fate = lambda _number, _body: next(fates, Reply(400, {"error_code": "LIVE.1", "error_msg": "Bad start."}))
    sandbox.carries_out = False
    outcome = sandbox.bring_one_over_http(want(**wanted), retries=2)
    assert "accepted" not in str(outcome.error)
    assert "Bad start." in str(outcome.error)
    assert f"It is not known whether the change of {next(iter(wanted))} was made" in str(outcome.error)
    assert outcome.changed


def test_a_change_that_never_arrives_is_sent_until_the_last_attempt() -> None:
    sandbox = Sandbox(channel())
    sandbox.lose(*range(1, 100), carries_out=False)
    outcome = sandbox.bring_one_over_http(want(source_urls=NEW_PLAYLIST), retries=2)
    assert len(sandbox.writes) == 3
    assert "It is not known whether the change of source_urls was made" in str(outcome.error)
    assert outcome.changed


def test_options_that_a_change_with_a_lost_response_emptied_are_restored() -> None:
    sandbox = Sandbox(channel(), left_out="replace")
    sandbox.lose(1)
    outcome = sandbox.bring_one_over_http(want(status="pause"))
    assert outcome.error is None
    assert outcome.result()["restored"] == ["end_time", "source_urls"]
    assert sandbox.task() == channel(status="pause")


# Circuit breaker and throttling


def test_a_fleet_ends_if_the_service_does_not_respond() -> None:
    sandbox = Sandbox(*seed_many(200, NOW))
    sandbox.lose(*range(1, 100), carries_out=False)
    wanted = [want(fleet_id(number), vod_loop_time=7) for number in range(200)]
    outcomes = sandbox.bring_over_http(*wanted, retries=1, concurrency=4)
    results = report(outcomes)
    assert summary_of(results) == (0, 0, 200, 197)
    assert len(sandbox.writes) == 6
    assert results["msg"].endswith(
        " In all: 0 changed, 0 unchanged, 200 failed (197 of them not attempted, 3 of them changed or perhaps changed)."
    )
    assert all(isinstance(entry["changed"], bool) for entry in results["live_pull_tasks"])


def test_a_fleet_ends_if_accepted_modifies_have_no_effect() -> None:
    sandbox = Sandbox(*seed_many(20, NOW), never_apply=True)
    outcomes = sandbox.bring(*(want(fleet_id(number), vod_loop_time=7) for number in range(20)), wait_timeout=5)
    assert summary_of(report(outcomes)) == (0, 0, 20, 17)
    assert sandbox.clock.seconds - 1000 == pytest.approx(15)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_unexpected_error_is_reported_for_its_task(concurrency: int) -> None:
    sandbox = Sandbox(*seed_many(20, NOW))

    def before(method: str, what: Mapping[str, Any]) -> None:
        if method == "PUT" and what["task_id"] == fleet_id(13):
            raise ZeroDivisionError("who would have thought")

    sandbox.before = before
    wanted = [want(fleet_id(number), vod_loop_time=7) for number in range(20)]
    outcomes = sandbox.bring(*wanted, concurrency=concurrency)
    assert [number for number, outcome in enumerate(outcomes) if outcome.error] == [13]
    assert report(outcomes)["msg"] == (
        f"1 of 20 tasks failed. Task {fleet_id(13)} failed unexpectedly: ZeroDivisionError: who would have thought."
        " In all: 19 changed, 0 unchanged, 1 failed."
    )


@pytest.mark.parametrize("check_mode", [True, False])
def test_preflight_changes_nothing_if_one_task_cannot_be_changed(check_mode: bool) -> None:
    sandbox = Sandbox(*seed_many(3, NOW))
    wanted = [want(fleet_id(0), status="pause"), want("nobody", status="pause"), want(fleet_id(1), status="enable")]
    results = report(sandbox.bring(*wanted, preflight=True, check_mode=check_mode), check_mode)
    assert sandbox.writes == []
    assert summary_of(results) == (0, 0, 3, 2)
    assert results["changed"] is False
    assert results["diff"] == []
    assert results["msg"].startswith("3 of 3 tasks failed. There is no task nobody in ")
    assert "1 of 3 tasks cannot be changed (preflight)" in results["live_pull_tasks"][0]["msg"]
    assert report(sandbox.bring(wanted[0], wanted[2], preflight=True))["summary"]["changed"] == 1


def test_wait_timeout_holds_although_responses_are_slow() -> None:
    sandbox = Sandbox(channel())

    def drip(_number: int, timeout: float) -> Exception | None:
        if not sandbox.writes:
            return None
        sandbox.clock.advance(timeout)
        return requests.exceptions.ReadTimeout()

    sandbox.fate_of_read = drip
    outcome = sandbox.bring_one_over_http(want(status="pause"), wait_timeout=5)
    assert "the task could not be verified" in str(outcome.error)
    assert sandbox.clock.seconds - 1000 <= 5 + 1


def test_a_throttled_task_goes_back_into_the_queue() -> None:
    """Otherwise the canary waits for all."""
    sandbox = Sandbox(*seed_many(6, NOW))
    refused = {fleet_id(0): 2}

    def before(method: str, what: Mapping[str, Any]) -> None:
        if method == "PUT" and refused.get(what["task_id"], 0):
            refused[what["task_id"]] -= 1
            raise LiveApiError("PUT failed: HTTP 429.", http_status=429)

    sandbox.before = before
    outcomes = sandbox.bring(*(want(fleet_id(number), vod_loop_time=7) for number in range(6)))
    assert [outcome.error for outcome in outcomes] == [None] * 6


def test_a_run_that_is_always_throttled_ends() -> None:
    sandbox = Sandbox(*seed_many(6, NOW))
    throttled = LiveApiError("PUT failed: HTTP 429.", http_status=429)

    def before(method: str, _what: Mapping[str, Any]) -> None:
        if method == "PUT":
            raise throttled

    sandbox.before = before
    outcomes = sandbox.bring(*(want(fleet_id(number), vod_loop_time=7) for number in range(6)))
    assert [outcome.error for outcome in outcomes] == [throttled] * 6
    assert len(sandbox.writes) == 6


def test_a_throttled_fleet_waits_for_retry_after_and_continues() -> None:
    sandbox = Sandbox(*seed_many(20, NOW))
    moments: list[float] = []

    def third_is_throttled(number: int, _body: Mapping[str, Any]) -> Reply | None:
        moments.append(sandbox.clock.seconds)
        sandbox.clock.advance(0.05)
        return Reply(429, {"error_code": "APIGW.0308"}, {"Retry-After": "1"}) if number == 3 else None

    sandbox.fate = third_is_throttled
    wanted = [want(fleet_id(number), vod_loop_time=7) for number in range(20)]
    outcomes = sandbox.bring_over_http(*wanted)
    assert summary_of(report(outcomes)) == (20, 0, 0, 0)
    assert [task["vod_loop_time"] for task in sandbox.service.tasks()] == ["7"] * 20
    assert len(sandbox.writes) == 21
    gaps = [after - before for before, after in zip(moments, moments[1:])]
    assert gaps[2] == pytest.approx(1.05), "Retry-After, and the latency of the response"
    # At the rate of the last second before the refusal: two per second.
    assert max(gaps[3:]) <= 0.6
