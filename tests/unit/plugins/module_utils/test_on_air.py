# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What went wrong on air once: services that mean something else, others who write too, and answers that are lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._outcome import Outcome
from ansible_collections.huaweicloud.live.plugins.module_utils._reconcile import reconcile
from ansible_collections.huaweicloud.live.plugins.module_utils._report import report
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Wanted
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    SHOW_ID,
    Behaviour,
    Service,
    fleet_id,
    seed_many,
    vod_task,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, FakeClock, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply, client_to
from ansible_collections.huaweicloud.live.tests.unit.fakes.results import summary_of
from ansible_collections.huaweicloud.live.tests.unit.fakes.service import ServiceAdapter, ServiceTransport

NEW_PLAYLIST = ["https://media.example.com/new/one.mp4", "https://media.example.com/new/two.mp4"]
# Away from every default.
OWN = {
    "vod_loop_time": "3",
    "vod_refresh_type": "continue_from_break_point",
    "vod_start_video_index": 1,
    "vod_start_video_time": 90,
    "callback_events": ["TaskStart"],
}


def channel(task_id: str = CHANNEL_ID, **fields: Any) -> dict[str, Any]:
    """A channel on air, with settings away from every default."""
    return vod_task(task_id, "channel", NOW, **{**OWN, **fields})


def want(task_id: str = CHANNEL_ID, **options: Any) -> Wanted:
    """What is asked of a task."""
    return Wanted.from_options({"task_id": task_id, **options})


class Station:
    """A service in whose time everything happens, straight or over HTTP."""

    def __init__(self, *tasks: dict[str, Any], **behaviour: Any) -> None:
        self.clock = FakeClock()
        self.service = Service(tasks, behaviour=Behaviour(**behaviour), now=self.clock.utc)
        self.transport = ServiceTransport(self.service, lambda: self.clock.seconds)

    def bring(self, *wanted: Wanted, **how: Any) -> list[Outcome]:
        """Bring tasks to what is asked."""
        how = {"wait_timeout": 60, **how}
        return reconcile(self.transport.client(), wanted, clock=self.clock.clock, **how)

    def bring_one(self, *, asked: Mapping[str, Any], **how: Any) -> Outcome:
        """The same for the channel."""
        [outcome] = self.bring(want(**asked), **how)
        return outcome

    def writes(self) -> list[dict[str, Any]]:
        """The modifies so far."""
        return self.transport.writes

    def calm(self, *wanted: Wanted, **how: Any) -> None:
        """Check that doing the same again changes nothing."""
        before = len(self.writes())
        assert [(one.error, one.changed) for one in self.bring(*wanted, **how)] == [(None, False)] * len(wanted)
        assert len(self.writes()) == before

    def task(self, task_id: str = CHANNEL_ID) -> dict[str, Any]:
        """A task as the service holds it."""
        return self.service.task(task_id)


# Others write too


def test_what_others_set_while_a_fleet_is_paused_is_theirs() -> None:
    """On a task whose turn is still to come, after the list was read."""
    station = Station(*(channel(fleet_id(number)) for number in range(30)))
    theirs = {"vod_loop_time": "7", "callback_events": ["TaskAlarm"], "vod_refresh_type": "immediate_new_source"}
    station.service.meddle(9, fleet_id(29), theirs)

    def before(method: str, _what: Mapping[str, Any]) -> None:
        station.clock.seconds += 0.2  # five requests a second

    station.transport.before = before
    outcomes = station.bring(*(want(fleet_id(number), status="pause") for number in range(30)))
    assert all(outcome.changed and not outcome.error for outcome in outcomes)
    assert station.task(fleet_id(29)) == {**channel(fleet_id(29)), **theirs, "status": "pause"}


def test_a_pause_gets_through_while_a_rolling_job_moves_the_window() -> None:
    """Between the read and the write: the start that goes along would make the window too long."""
    moved = {"start_time": after(hours=-1), "end_time": after(days=6)}
    station = Station(channel(start_time=after(days=-5), end_time=after(days=1)))
    station.service.meddle(2, CHANNEL_ID, moved)
    outcome = station.bring_one(asked={"status": "pause"})
    assert outcome.error is None
    assert station.task() == channel(status="pause", **moved)
    assert "start_time" in station.writes()[0]
    assert "start_time" not in station.writes()[1]
    assert outcome.warnings["meanwhile"].startswith(f"Task {CHANNEL_ID}: end_time has changed meanwhile")


@pytest.mark.parametrize("name", [*OWN, "source_urls", "status"])
def test_what_others_change_after_the_write_is_told_and_left_alone(name: str) -> None:
    theirs: dict[str, Any] = {**dict.fromkeys(OWN), **{"source_urls": NEW_PLAYLIST, "status": "pause"}}
    theirs.update(vod_loop_time="7", vod_refresh_type="continue_from_file_start", vod_start_video_index=0)
    theirs.update(vod_start_video_time=5, callback_events=["TaskAlarm"])
    station = Station(channel())
    station.service.meddle(2, CHANNEL_ID, {name: theirs[name]}, after=True)
    outcome = station.bring_one(asked={"end_time": after(days=5)})
    assert outcome.error is None
    assert station.task() == channel(end_time=after(days=5), **{name: theirs[name]})
    assert outcome.warnings == {
        "meanwhile": f"Task {CHANNEL_ID}: {name} has changed meanwhile, and not by this run. That was left alone."
    }
    assert "restored" not in outcome.result()


def test_an_option_that_was_as_asked_and_is_changed_meanwhile_is_set_again() -> None:
    station = Station(channel())
    station.service.meddle(2, CHANNEL_ID, {"source_urls": NEW_PLAYLIST}, after=True)
    asked = {"status": "pause", "source_urls": channel()["source_urls"]}
    outcome = station.bring_one(asked=asked)
    assert outcome.error is None
    assert outcome.result()["changes"] == ["source_urls", "status"]
    assert station.task() == channel(status="pause")
    station.calm(want(**asked))


@pytest.mark.parametrize("before", ["", after(days=3)])
def test_what_others_set_between_two_modifies_is_theirs_where_the_second_one_empties_it(before: str) -> None:
    theirs = {"status": "pause", "end_time": after(days=2)}
    station = Station(channel(end_time=before), left_out="replace")
    # The task has no end that the first modify could empty, or the end is emptied and set by them.
    station.service.meddle(2, CHANNEL_ID, theirs, after=True)
    asked = {"source_urls": NEW_PLAYLIST, "status": "enable"}
    outcome = station.bring_one(asked=asked)
    assert outcome.error is None
    assert station.task() == channel(source_urls=NEW_PLAYLIST, end_time=theirs["end_time"])
    assert [body.get("end_time") for body in station.writes()] == [None, None, theirs["end_time"]]
    station.calm(want(**asked))


def test_a_task_that_is_deleted_between_read_and_write_is_told() -> None:
    station = Station(channel(), channel(SHOW_ID))
    station.transport.before = lambda method, what: setattr(station.clock, "seconds", station.clock.seconds + 2)
    station.service.meddle(2, SHOW_ID, None)
    outcomes = station.bring(want(status="pause"), want(SHOW_ID, status="pause"))
    assert outcomes[0].error is None
    message = outcomes[1].result()["msg"]
    assert message.startswith(f"There is no task {SHOW_ID} in ")
    assert message.endswith("Nothing was changed.")
    assert len(station.writes()) == 1


# Services that mean something else


@pytest.mark.parametrize("empties_status", [False, True])
@pytest.mark.parametrize(
    "asked",
    [{"status": "pause"}, {"vod_loop_time": 7}, {"source_urls": NEW_PLAYLIST}, {"end_time": after(days=5)}],
    ids=str,
)
def test_what_a_service_empties_is_restored(asked: dict[str, Any], empties_status: bool) -> None:
    station = Station(channel(), left_out="replace", empties_status=empties_status)
    outcome = station.bring_one(asked=asked)
    assert outcome.error is None
    assert station.task() == channel(**want(**asked).values)
    emptied = {"source_urls", "end_time", *(["status"] if empties_status else [])} - {*asked}
    assert outcome.result()["restored"] == sorted(emptied)
    assert outcome.warnings["restored"] == (
        f"Task {CHANNEL_ID}: the service emptied {', '.join(sorted(emptied))}, which the modify had left out. That was"
        " noticed and restored."
    )
    assert len(station.writes()) == 2
    station.calm(want(**asked))


def test_a_service_that_empties_does_it_to_one_task_of_a_fleet() -> None:
    tasks = [channel(fleet_id(number)) for number in range(20)]
    station = Station(*tasks, left_out="replace")
    emptied = []
    station.transport.before = lambda _method, _what: emptied.extend(
        task["task_id"] for task in station.service.tasks() if not task["source_urls"]
    )
    outcomes = station.bring(*(want(task["task_id"], status="pause") for task in tasks), concurrency=4)
    assert [outcome.error for outcome in outcomes] == [None] * 20
    assert [station.task(task["task_id"]) for task in tasks] == [{**task, "status": "pause"} for task in tasks]
    assert {*emptied} == {fleet_id(0)}
    # The first twice, the others once, with all that would be emptied.
    assert len(station.writes()) == 21


def test_one_task_of_a_fleet_is_looked_at_without_waiting_too() -> None:
    tasks = [channel(fleet_id(number)) for number in range(5)]
    station = Station(*tasks, left_out="replace", lag=0)
    outcomes = station.bring(*(want(task["task_id"], status="pause") for task in tasks), wait_timeout=None)
    assert [outcome.error for outcome in outcomes] == [None] * 5
    assert [station.task(task["task_id"]) for task in tasks] == [{**task, "status": "pause"} for task in tasks]
    assert len(station.transport.reads) == 3  # the page, the first, and the first again
    assert station.clock.naps == []


def test_a_start_that_lies_ahead_and_is_lost_is_restored() -> None:
    """Where a start is refused for another reason than being over, and the pause resets what it leaves out."""
    ahead = {"start_time": after(days=1), "end_time": after(days=2)}
    station = Station(channel(**ahead), left_out="reset")
    refusals = [LiveApiError("PUT failed: HTTP 400.", http_status=400)]
    station.transport.before = lambda method, _what: raise_one(refusals if method == "PUT" else [])
    outcome = station.bring_one(asked={"status": "pause"})
    assert outcome.error is None
    assert station.task() == channel(status="pause", **ahead)
    assert outcome.result()["restored"] == ["start_time"]


def raise_one(errors: list[LiveApiError]) -> None:
    """Raise the next of the errors, if there is one."""
    if errors:
        raise errors.pop(0)


def test_what_nobody_could_read_and_is_lost_fails_the_task() -> None:
    ahead = {"start_time": after(days=1), "end_time": after(days=2)}
    station = Station(channel(**ahead), left_out="reset", time_style="zoneless")
    outcome = station.bring_one(asked={"vod_loop_time": 7})
    assert outcome.changed
    assert "it left start_time otherwise than before" in str(outcome.error)


@pytest.mark.parametrize("asked", [{"status": "pause"}, {"vod_loop_time": 7}], ids=str)
@pytest.mark.parametrize("left_out", ["keep", "reset"])
def test_a_service_that_takes_no_start_in_the_past_can_be_written_to(left_out: str, asked: dict[str, Any]) -> None:
    tasks = [channel(fleet_id(number)) for number in range(3)]
    station = Station(*tasks, past_start="refuse", left_out=left_out)
    wanted = [want(task["task_id"], **asked) for task in tasks]
    assert [outcome.error for outcome in station.bring(*wanted)] == [None] * 3
    # Learned once.
    assert ["start_time" in body for body in station.writes()] == [True, False, False, False]
    for task in tasks:
        now = station.task(task["task_id"])
        assert {name: now[name] for name in OWN if name not in asked} == {n: OWN[n] for n in OWN if n not in asked}
        assert (now["source_urls"], now["end_time"]) == (task["source_urls"], task["end_time"])
    station.calm(*wanted)


def test_a_pause_needs_nothing_but_itself() -> None:
    """A service that refuses whatever else goes along: an old task may hold what is no longer allowed."""
    station = Station(channel(callback_events=["Seventh"]))
    outcome = station.bring_one(asked={"status": "pause"})
    assert outcome.error is None
    assert station.writes()[-1] == {"task_id": CHANNEL_ID, "status": "pause"}
    assert station.task() == channel(status="pause", callback_events=["Seventh"])


def test_other_changes_are_not_sent_alone_after_a_refusal() -> None:
    """Leaving out all else would reset it."""
    station = Station(channel(callback_events=["Seventh"]), left_out="reset")
    outcome = station.bring_one(asked={"vod_loop_time": 7})
    assert outcome.result()["msg"].endswith("Nothing was changed.")
    assert station.task() == channel(callback_events=["Seventh"])
    assert all("callback_events" in body for body in station.writes())


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
def test_an_odd_answer_is_understood(behaviour: dict[str, Any]) -> None:
    asked = {
        **OWN,
        "status": "enable",
        "source_urls": ["https://例子.example/片/é b.mp4".replace(" ", "%20")],
        "vod_start_video_index": 0,
        "start_time": after(hours=-5),
        "end_time": after(days=3),
        "callback_events": [],
    }
    station = Station(channel(), **behaviour)
    outcome = station.bring_one(asked=asked)
    assert outcome.error is None
    assert outcome.warnings == {}
    station.calm(want(**asked))
    result = outcome.result()["live_pull_task"]
    assert (result["status"], result["end_time"]) == ("enable", asked["end_time"])


@pytest.mark.parametrize("style", ["zoneless", "zoneless_local"])
def test_a_time_without_a_zone_is_neither_believed_nor_sent_back(style: str) -> None:
    station = Station(channel(), time_style=style)
    assert station.bring_one(asked={"status": "pause"}).error is None
    assert {"start_time", "end_time"}.isdisjoint(station.writes()[0])
    assert station.task() == channel(status="pause")
    outcome = station.bring_one(asked={"end_time": after(days=3)}, wait_timeout=0)
    assert "end_time is '" in str(outcome.error)
    assert station.task()["end_time"] == after(days=3)


def test_the_zero_time_of_go_is_no_end() -> None:
    endless = channel()
    del endless["end_time"]
    station = Station(endless, no_time="zero")
    assert station.bring_one(asked={"status": "enable"}).warnings == {}
    outcome = station.bring_one(asked={"vod_loop_time": 7})
    assert (outcome.error, outcome.warnings) == (None, {})
    assert "end_time" not in station.writes()[0]


def test_a_status_that_nobody_knows_is_written_once_and_not_waited_for() -> None:
    station = Station(channel(), status_words={"enable": "running", "pause": "stopped"})
    outcome = station.bring_one(asked={"status": "enable"})
    assert (outcome.error, outcome.changed, station.clock.naps) == (None, True, [])
    assert "status_words: {running: pause or enable}" in outcome.warnings["status"]
    words = {"running": "enable", "stopped": "pause"}
    station.calm(want(status="enable"), status_words=words)
    outcome = station.bring_one(asked={"status": "pause"}, status_words=words)
    assert (outcome.error, outcome.warnings) == (None, {})
    assert outcome.result()["live_pull_task"]["status"] == "pause"


# Answers that are lost


def over_http(service: Service, clock: FakeClock, trouble: Callable[[int, Mapping[str, Any]], Any]) -> ServiceAdapter:
    """The service over HTTP. The function says what becomes of the answer to a modify; None for nothing."""
    return ServiceAdapter(service, clock, trouble)


@pytest.mark.parametrize("wanted", [{"source_urls": NEW_PLAYLIST}, {"status": "pause"}], ids=str)
def test_a_change_whose_answers_are_lost_is_sent_once(wanted: dict[str, Any]) -> None:
    station = Station(channel())
    adapter = over_http(station.service, station.clock, lambda _number, _body: requests.exceptions.ConnectionError())
    [outcome] = reconcile(
        client_to(adapter, station.clock), [want(**wanted)], wait_timeout=60, clock=station.clock.clock
    )
    assert (outcome.error, outcome.changed) == (None, True)
    assert len(adapter.writes) == 1
    assert station.task() == channel(**wanted)
    assert station.service.player.disturbances(CHANNEL_ID) <= 1


def test_a_playlist_that_lands_late_is_waited_for() -> None:
    station = Station(channel())

    def lands_late(_number: int, body: Mapping[str, Any]) -> Exception:
        station.clock.later(1.0, lambda: station.service.modify({**body}))
        return requests.exceptions.ReadTimeout()

    adapter = over_http(station.service, station.clock, lands_late)
    adapter.carries_out = False
    [outcome] = reconcile(
        client_to(adapter, station.clock), [want(source_urls=NEW_PLAYLIST)], wait_timeout=60, clock=station.clock.clock
    )
    assert outcome.error is None
    assert len(adapter.writes) == 1
    assert station.task() == channel(source_urls=NEW_PLAYLIST)


def test_a_change_that_never_arrives_is_sent_as_often_as_may_be() -> None:
    station = Station(channel())
    adapter = over_http(station.service, station.clock, lambda _number, _body: requests.exceptions.ConnectionError())
    adapter.carries_out = False
    [outcome] = reconcile(
        client_to(adapter, station.clock, retries=2), [want(source_urls=NEW_PLAYLIST)], clock=station.clock.clock
    )
    assert len(adapter.writes) == 3
    assert "It is not known whether the change of source_urls was made" in str(outcome.error)
    assert outcome.changed


def test_what_a_lost_change_emptied_is_restored() -> None:
    station = Station(channel(), left_out="replace")
    adapter = over_http(
        station.service,
        station.clock,
        lambda number, _body: requests.exceptions.ConnectionError() if number == 1 else None,
    )
    [outcome] = reconcile(
        client_to(adapter, station.clock), [want(status="pause")], wait_timeout=60, clock=station.clock.clock
    )
    assert outcome.error is None
    assert outcome.result()["restored"] == ["end_time", "source_urls"]
    assert station.task() == channel(status="pause")


# An end to trouble


def test_a_service_that_goes_dark_is_not_tried_for_every_task() -> None:
    station = Station(*seed_many(200, NOW))
    adapter = over_http(station.service, station.clock, lambda _number, _body: requests.exceptions.ConnectionError())
    adapter.carries_out = False
    wanted = [want(fleet_id(number), vod_loop_time=7) for number in range(200)]
    outcomes = reconcile(
        client_to(adapter, station.clock, retries=1), wanted, wait_timeout=60, clock=station.clock.clock, concurrency=4
    )
    results = report(outcomes)
    assert summary_of(results) == (0, 0, 200, 197)
    assert len(adapter.writes) == 6
    assert results["msg"].endswith(
        " In all: 0 changed, 0 as asked, 200 failed (197 of them not attempted, 3 of them changed or perhaps changed)."
    )
    assert all(isinstance(entry["changed"], bool) for entry in results["live_pull_tasks"])


def test_a_service_that_accepts_and_does_nothing_is_not_waited_for_with_every_task() -> None:
    station = Station(*seed_many(20, NOW), never_apply=True)
    outcomes = station.bring(*(want(fleet_id(number), vod_loop_time=7) for number in range(20)), wait_timeout=5)
    assert summary_of(report(outcomes)) == (0, 0, 20, 17)
    assert station.clock.seconds - 1000 == pytest.approx(15)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_unexpected_error_is_one_of_its_task(concurrency: int) -> None:
    station = Station(*seed_many(20, NOW))

    def before(method: str, what: Mapping[str, Any]) -> None:
        if method == "PUT" and what["task_id"] == fleet_id(13):
            raise ZeroDivisionError("who would have thought")

    station.transport.before = before
    wanted = [want(fleet_id(number), vod_loop_time=7) for number in range(20)]
    outcomes = station.bring(*wanted, concurrency=concurrency)
    assert [number for number, outcome in enumerate(outcomes) if outcome.error] == [13]
    assert report(outcomes)["msg"] == (
        f"1 of 20 tasks failed. Task {fleet_id(13)} failed unexpectedly: ZeroDivisionError: who would have thought."
        " In all: 19 changed, 0 as asked, 1 failed."
    )


@pytest.mark.parametrize("check_mode", [True, False])
def test_preflight_refuses_all_if_one_cannot_be_done(check_mode: bool) -> None:
    station = Station(*seed_many(3, NOW))
    wanted = [want(fleet_id(0), status="pause"), want("nobody", status="pause"), want(fleet_id(1), status="enable")]
    results = report(station.bring(*wanted, preflight=True, check_mode=check_mode), check_mode)
    assert station.writes() == []
    assert summary_of(results) == (0, 0, 3, 2)
    assert results["changed"] is False
    assert results["diff"] == []
    assert results["msg"].startswith("3 of 3 tasks failed. There is no task nobody in ")
    assert "1 of 3 tasks cannot be done (preflight)" in results["live_pull_tasks"][0]["msg"]
    assert report(station.bring(wanted[0], wanted[2], preflight=True))["summary"]["changed"] == 1


def test_the_time_for_waiting_is_kept_although_answers_drip() -> None:
    station = Station(channel())
    adapter = over_http(station.service, station.clock, lambda _number, _body: None)

    def drip(_number: int, timeout: float) -> Exception | None:
        if not adapter.writes:
            return None
        station.clock.seconds += timeout
        return requests.exceptions.ReadTimeout()

    adapter.on_read = drip
    [outcome] = reconcile(
        client_to(adapter, station.clock), [want(status="pause")], wait_timeout=5, clock=station.clock.clock
    )
    assert "reading it back failed" in str(outcome.error)
    assert station.clock.seconds - 1000 <= 5 + 1


def test_a_task_that_met_nothing_but_429_gets_its_turn() -> None:
    """The first one must not pay for all."""
    station = Station(*seed_many(6, NOW))
    refused = {fleet_id(0): 2}

    def before(method: str, what: Mapping[str, Any]) -> None:
        if method == "PUT" and refused.get(what["task_id"], 0):
            refused[what["task_id"]] -= 1
            raise LiveApiError("PUT failed: HTTP 429.", http_status=429)

    station.transport.before = before
    outcomes = station.bring(*(want(fleet_id(number), vod_loop_time=7) for number in range(6)))
    assert [outcome.error for outcome in outcomes] == [None] * 6


def test_throttled_for_good_is_no_endless_loop() -> None:
    station = Station(*seed_many(6, NOW))
    throttled = LiveApiError("PUT failed: HTTP 429.", http_status=429)

    def before(method: str, _what: Mapping[str, Any]) -> None:
        if method == "PUT":
            raise throttled

    station.transport.before = before
    outcomes = station.bring(*(want(fleet_id(number), vod_loop_time=7) for number in range(6)))
    assert [outcome.error for outcome in outcomes] == [throttled] * 6
    assert len(station.writes()) == 6


def test_a_throttled_fleet_pauses_as_long_as_the_service_asks_and_then_goes_on() -> None:
    station = Station(*seed_many(20, NOW))
    moments: list[float] = []

    def third_is_throttled(number: int, _body: Mapping[str, Any]) -> Reply | None:
        moments.append(station.clock.seconds)
        station.clock.advance(0.05)
        return Reply(429, {"error_code": "APIGW.0308"}, {"Retry-After": "1"}) if number == 3 else None

    adapter = ServiceAdapter(station.service, station.clock, third_is_throttled)
    wanted = [want(fleet_id(number), vod_loop_time=7) for number in range(20)]
    outcomes = reconcile(client_to(adapter, station.clock), wanted, wait_timeout=60, clock=station.clock.clock)
    assert summary_of(report(outcomes)) == (20, 0, 0, 0)
    assert [task["vod_loop_time"] for task in station.service.tasks()] == ["7"] * 20
    assert len(adapter.writes) == 21
    gaps = [after - before for before, after in zip(moments, moments[1:])]
    assert gaps[2] == pytest.approx(1.05), "the pause, and the time that the answer took"
    # As fast as the service served before it was too much: two in the last second.
    assert max(gaps[3:]) <= 0.6
