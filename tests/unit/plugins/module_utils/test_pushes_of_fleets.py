# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run over many tasks waits for all streams together after its writes, with few requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.breaker import MOST_IN_A_ROW
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.pushes import FIRST_DELAY, READ_SECONDS, Pushes
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.snapshot import Snapshot
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.transport import LEAST_TIMEOUT
from ansible_collections.huaweicloud.live.tests.emulator import vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, Sandbox, report, want

ON = {"start_time": after(hours=-1), "end_time": after(days=2)}
ALLOWED_A_MINUTE = 1000


def channel(number: int, domain: str = "push.example.com", **fields: Any) -> Any:
    """Return a channel that is on air."""
    return vod_task(f"t{number}", f"s{number}", NOW, **{**ON, "domain": domain, **fields})


class Fleet(Sandbox):
    """A service that records when each request arrives.

    Attributes:
        looks: the second, and the domain, of each request for streams.
        written: the second of each write.
        fails: the domains whose streams cannot be read, and the HTTP status, or None if the network fails.
        hangs: the domains whose requests for streams get no answer.
    """

    def __init__(self, *tasks: Any, **behaviour: Any) -> None:
        super().__init__(*tasks, **behaviour)
        self.looks: list[tuple[float, str]] = []
        self.written: list[float] = []
        self.fails: dict[str, int | None] = {}
        self.hangs: set[str] = set()
        self.before = self._record

    def _record(self, method: str, what: Mapping[str, Any]) -> None:
        domain = what.get("publish_domain")
        if domain:
            self.looks.append((self.seconds, domain))
        elif method != "GET":
            self.written.append(self.seconds)
        if domain in self.fails:
            raise LiveApiError("GET the streams failed: no.", http_status=self.fails[domain])

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        if any(f"publish_domain={domain}" in str(request.url) for domain in self.hangs):
            self.clock.advance(how["timeout"])
            raise requests.exceptions.ReadTimeout
        return super().send(request, **how)

    @property
    def seconds(self) -> float:
        """Return how many seconds have passed."""
        return self.clock.seconds - 1000

    @property
    def most_in_a_minute(self) -> int:
        """Return the most requests for streams within a minute."""
        return max(sum(start <= at < start + 60 for at, _domain in self.looks) for start, _domain in self.looks)

    def wait(self, *numbers: int, **declared: Any) -> list[Ran]:
        """Bring channels to the declared state, and wait for their streams."""
        return self.bring(*(want(f"t{number}", **declared) for number in numbers), streams=True, concurrency=4)


def at_ten_domains(**fields: Any) -> list[Any]:
    """Return a thousand channels."""
    return [channel(number, f"push{number % 10}.example.com", **fields) for number in range(1000)]


def online(ran: list[Ran]) -> list[bool | None]:
    """Return for each task whether its stream is online; None if that is not known."""
    return [(one.result().get("stream") or {}).get("online") for one in ran]


# The number of requests


@pytest.mark.slow
@pytest.mark.newest
def test_a_thousand_channels_on_air_at_ten_domains_take_twenty_requests_if_all_change() -> None:
    service = Fleet(*at_ten_domains())
    ran = service.wait(*range(1000), callback_events=["TaskExit"])
    assert ({one.error for one in ran}, {*online(ran)}) == ({None}, {True})
    assert len(service.looks) == 20


def test_a_thousand_channels_that_did_not_change_take_ten_requests() -> None:
    service = Fleet(*at_ten_domains())
    ran = service.wait(*range(1000), status="enable")
    assert ({one.changed for one in ran}, {*online(ran)}, service.seconds) == ({False}, {True}, 0)
    assert len(service.looks) == 10


def test_the_interval_grows_with_the_number_of_domains() -> None:
    service = Fleet(*at_ten_domains(start_time=after(seconds=0)), push_delay=20)
    ran = service.wait(*range(1000), status="enable")
    assert ({one.error for one in ran}, {*online(ran)}) == ({None}, {True})
    polls = sorted({at for at, _domain in service.looks})
    assert len(service.looks) == 10 * len(polls)
    # Ten requests each: two seconds apart, and then longer.
    assert [round(later - one, 1) for one, later in zip(polls, polls[1:])][:4] == [2, 2, 4, 5]
    assert service.most_in_a_minute < ALLOWED_A_MINUTE / 3


@pytest.mark.slow
@pytest.mark.newest
def test_a_thousand_dark_channels_take_few_requests() -> None:
    service = Fleet(*at_ten_domains(start_time=after(seconds=0)), push_delay=1000)
    ran = service.wait(*range(1000), status="enable")
    assert all("is not pushed" in str(one.error) for one in ran)
    # Fifteen looks within a minute. In the last one, the lists are read twice, because a page may have lost streams.
    assert len(service.looks) == 10 * 15 + 10
    assert service.most_in_a_minute < ALLOWED_A_MINUTE / 3


@pytest.mark.slow
@pytest.mark.newest
def test_a_thousand_paused_channels_are_read_twice() -> None:
    service = Fleet(*at_ten_domains())
    ran = service.wait(*range(1000), status="pause")
    assert ({one.error for one in ran}, {*online(ran)}) == ({None}, {False})
    # No look before a pause. Two looks after it, each with a second list of what the first one does not hold.
    assert len(service.looks) == 40


def test_only_the_domains_of_tasks_that_are_still_awaited_are_read_again() -> None:
    service = Fleet(channel(1, "a.example.com"), channel(2, "b.example.com", start_time=after(seconds=0)), push_delay=9)
    ran = service.wait(1, 2, status="enable")
    assert online(ran) == [True, True]
    assert {domain for at, domain in service.looks if at > 0} == {"b.example.com"}


def test_a_domain_is_read_at_most_once_a_second() -> None:
    service = Fleet(channel(1, status="pause"), channel(2), push_delay=5)
    service.wait(1, 2, status="enable")
    times = [at for at, _domain in service.looks[1:]]
    assert all(later - one >= FIRST_DELAY for one, later in zip(times, times[1:]))


# All together, after the writes


def test_no_task_waits_for_the_stream_of_another_one() -> None:
    service = Fleet(*(channel(number, status="pause") for number in range(20)), push_delay=30)
    ran = service.wait(*range(20), status="enable")
    assert ({one.error for one in ran}, {*online(ran)}) == ({None}, {True})
    assert service.written == [0] * 20
    assert service.seconds >= 30


def test_the_progress_counts_the_streams_that_are_left() -> None:
    service = Fleet(channel(1), channel(2), channel(3, start_time=after(seconds=0)), push_delay=9)
    left: list[int] = []
    client, clock = service.client(), service.clock.clock
    outcomes = [Outcome(want(f"t{number}", status="enable")) for number in (1, 2, 3)]
    for outcome, task in zip(outcomes, Snapshot(client, clock, {}).read_all()):
        outcome.record_found(task)
    service.clock.later(5, lambda: left.append(sum(outcome.awaits_stream for outcome in outcomes)))
    Pushes(client, clock, outcomes, [], 60).wait(check_mode=False)
    assert (left, [outcome.error for outcome in outcomes]) == ([1], [None] * 3)


def test_a_fleet_waits_from_its_last_write_on() -> None:
    # Each task takes 40 seconds to settle, and the second one is written after the canary has settled.
    service = Fleet(*(channel(number, status="pause") for number in range(3)), lag=40, push_delay=1000)
    ran = service.wait(*range(3), status="enable")
    assert all("after 60 seconds (wait_timeout)" in str(one.error) for one in ran)
    assert service.seconds == max(service.written) + 60


def test_pauses_creates_and_deletes_are_awaited_together() -> None:
    service = Fleet(channel(1), channel(2), channel(3, status="pause"), streams_lag=8)
    new = {"domain": "push.example.com", "app_name": "live", "stream_name": "new", "end_time": after(days=1)}
    ran = service.bring(
        want("t1", status="pause"),
        want("t2", state="absent"),
        want("t3", status="enable"),
        {**new, "source_urls": ["https://media.example.com/a.mp4"]},
        want("t1000", state="absent"),
        streams=True,
    )
    assert [one.error for one in ran] == [None] * 5
    assert online(ran) == [False, None, True, True, None]
    assert service.seconds >= 8


def test_results_of_unchanged_tasks_have_their_stream_too() -> None:
    service = Fleet(channel(1), channel(2))
    results = report(service.wait(1, 2, status="enable"))
    assert [one["stream"]["since"] for one in results["live_pull_tasks"]] == [ON["start_time"]] * 2
    without = report(service.bring(want("t1", status="enable"), want("t2", status="enable")))
    assert all("stream" not in one for one in without["live_pull_tasks"])


# Trouble


def test_a_missing_permission_fails_all_and_stops_all_but_pauses() -> None:
    service = Fleet(*(channel(number) for number in range(4)), streams_allowed=False)
    wanted = [{"status": "pause"}, {"status": "enable"}, {"vod_loop_time": "3"}, {"state": "absent"}]
    ran = service.bring(*(want(f"t{number}", **declared) for number, declared in enumerate(wanted)), streams=True)
    assert [one.changed for one in ran] == [True, False, False, True]
    assert [bool(one.error) for one in ran] == [True, True, True, False]
    assert all("live:stream:listLiveStreamsOnline" in str(one.error) for one in ran[:3])
    results = report(ran)
    assert results["summary"] == {
        **dict.fromkeys(("created", "unchanged", "not_attempted"), 0),
        **{"changed": 1, "deleted": 1, "failed": 3},
    }


def test_a_refused_domain_fails_only_its_tasks() -> None:
    service = Fleet(*(channel(number, f"push{number % 2}.example.com") for number in range(6)), push_delay=0)
    service.service.behaviour = service.service.behaviour.from_json({"refused_domains": ["push1.example.com"]})
    ran = service.wait(*range(6), vod_start_video_index=1)
    assert [bool(one.error) for one in ran] == [False, True] * 3
    assert [one.changed for one in ran] == [True, False] * 3
    assert online(ran) == [True, None] * 3


def test_a_destination_url_at_a_refused_domain_is_not_known() -> None:
    url = {"domain": "", "app_name": "", "stream_name": "", "destination_url": "rtmp://push.example.com/live/x"}
    service = Fleet(channel(1), channel(2, **url), refused_domains=["push.example.com"])
    ran = service.wait(1, 2, vod_start_video_index=1)
    assert [bool(one.error) for one in ran] == [True, False]
    assert "stream" in ran[1].result()
    assert ran[1].result()["stream"] is None


@pytest.mark.parametrize("status", [503, None])
def test_a_domain_that_cannot_be_read_does_not_affect_other_domains(status: int | None) -> None:
    service = Fleet(channel(1, "a.example.com"), channel(2, "b.example.com"))
    service.fails = {"a.example.com": status}
    ran = service.wait(1, 2, vod_start_video_index=1)
    assert [one.changed for one in ran] == [True, True]
    assert "its stream could not be read" in str(ran[0].error)
    assert (ran[1].error, online(ran)) == (None, [None, True])


def test_a_domain_whose_requests_hang_does_not_keep_the_others_from_it() -> None:
    service = Fleet(
        channel(1, "a.example.com"), channel(2, "b.example.com", start_time=after(seconds=0)), push_delay=15
    )
    service.hangs = {"a.example.com"}
    ran = service.bring_over_http(want("t1", status="enable"), want("t2", status="enable"), streams=True)
    assert "its stream could not be read" in str(ran[0].error)
    assert (ran[1].error, online(ran)) == (None, [None, True])
    assert next(at for at, domain in service.looks if domain == "b.example.com") <= 10
    assert service.seconds <= 60 + LEAST_TIMEOUT


def test_a_network_that_hangs_does_not_hold_the_run_up_after_its_time() -> None:
    service = Fleet(*(channel(number, f"push{number}.example.com") for number in range(30)))
    service.hangs = {f"push{number}.example.com" for number in range(30)}
    wanted = [want(f"t{number}", vod_start_video_index=1) for number in range(30)]
    ran = service.bring_over_http(*wanted, streams=True, wait_timeout=30)
    assert all("its stream could not be read" in str(one.error) and one.changed for one in ran)
    before = min(service.written)
    assert before <= READ_SECONDS + MOST_IN_A_ROW * LEAST_TIMEOUT
    assert service.seconds - max(service.written) <= 30 + MOST_IN_A_ROW * LEAST_TIMEOUT


def test_preflight_writes_nothing_if_a_stream_must_not_be_read() -> None:
    service = Fleet(channel(1), channel(2), streams_allowed=False)
    ran = service.bring(want("t1", status="pause"), want("t2", vod_loop_time="3"), streams=True, preflight=True)
    assert service.writes == []
    assert all("Nothing was changed." in one.result()["msg"] for one in ran)
    assert "preflight" in str(ran[0].error)


def test_check_mode_reads_each_list_once() -> None:
    service = Fleet(*at_ten_domains(status="pause"))
    ran = service.bring(*(want(f"t{n}", status="enable") for n in range(1000)), streams=True, check_mode=True)
    assert ({one.error for one in ran}, {*online(ran)}, service.writes) == ({None}, {False}, [])
    assert service.seconds == 0
    assert len(service.looks) == 20


def test_streams_that_a_page_has_lost_are_looked_for_before_a_pause_counts_as_done() -> None:
    service = Fleet(*(channel(number) for number in range(150)), streams_slip=True, streams_lag=4)
    ran = service.wait(*range(150), status="pause")
    assert ({one.error for one in ran}, {*online(ran)}) == ({None}, {False})
    assert service.seconds >= 4
