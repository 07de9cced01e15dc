# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The circuit breaker: a fleet ends when the network or the service is out of order, in any step of a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.tests.emulator import fleet_id, seed_many
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox, report

NETWORK = LiveApiError("failed: Connection refused.")
UNCERTAIN = LiveApiError("failed: Connection reset by peer.", uncertain=True)
UNAVAILABLE = LiveApiError("failed: HTTP 503.", uncertain=True, http_status=503)
UNAUTHORIZED = LiveApiError("failed: HTTP 401.", http_status=401)
REFUSED = LiveApiError("failed: HTTP 400.", http_status=400)


def again(error: LiveApiError) -> LiveApiError:
    """Return a new error like this one, as each request has its own."""
    return LiveApiError(error.message, uncertain=error.uncertain, **error.details)


class Fleet(Sandbox):
    """Twelve channels, and a service that fails one kind of request after so many of them.

    Args:
        error: what the request meets.
        method: the kind of request.
        after: how many of them succeed.
        seeds: how many tasks there are.
    """

    def __init__(self, error: LiveApiError, method: str, after: int = 0, seeds: int = 0) -> None:
        super().__init__(*seed_many(seeds, NOW))
        self._error, self._method, self._after = error, method, after
        self.before = self._fail

    def _fail(self, method: str, _what: Mapping[str, Any]) -> None:
        if method == self._method:
            self._after -= 1
            if self._after < 0:
                raise again(self._error)


PAUSED = [
    {
        "domain": "push.example.com",
        "app_name": "live",
        "stream_name": f"new{number}",
        "source_urls": ["https://media.example.com/one.mp4"],
        "status": "pause",
    }
    for number in range(12)
]


@pytest.mark.parametrize("after", [0, 1], ids=["canary too", "canary paused"])
@pytest.mark.parametrize(
    ("error", "most"), [(NETWORK, 3), (UNCERTAIN, 3), (UNAVAILABLE, 3), (UNAUTHORIZED, 1)], ids=str
)
def test_no_channel_is_created_when_the_pauses_of_the_last_ones_failed(
    error: LiveApiError, most: int, after: int
) -> None:
    fleet = Fleet(error, "PUT", after)
    results = report(fleet.bring(*PAUSED))
    assert results["summary"]["created"] == len(fleet.service.tasks()) == after + most
    assert results["summary"]["not_attempted"] == 12 - after - most
    on_air = [task for task in fleet.service.tasks() if task["status"] != "pause"]
    assert len(on_air) == most


def test_threads_create_no_more_than_what_was_under_way() -> None:
    fleet = Fleet(NETWORK, "PUT", after=1)
    results = report(fleet.bring(*PAUSED, concurrency=4))
    # Three that fail, and the three that the other threads had begun.
    assert len(fleet.service.tasks()) <= 1 + 3 + 3
    assert results["summary"]["not_attempted"] >= 5


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize(("error", "most"), [(NETWORK, 3), (UNAVAILABLE, 3), (UNAUTHORIZED, 1)], ids=str)
def test_each_kind_of_write_ends_the_run(error: LiveApiError, most: int, method: str) -> None:
    fleet = Fleet(error, method, seeds=12)
    asked = {
        "POST": PAUSED,
        "DELETE": [{"task_id": fleet_id(number), "state": "absent"} for number in range(12)],
        "PUT": [{"task_id": fleet_id(number), "vod_loop_time": 7} for number in range(12)],
    }
    assert report(fleet.bring(*asked[method]))["summary"]["not_attempted"] == 12 - most


def test_a_login_that_ends_while_the_canary_is_read_back_ends_the_run() -> None:
    # One request lists the fleet; what reads the first channel back is refused.
    fleet = Fleet(UNAUTHORIZED, "GET", after=1, seeds=12)
    outcomes = fleet.bring(*({"task_id": fleet_id(number), "vod_loop_time": 7} for number in range(12)))
    assert len(fleet.writes) == 1
    assert report(outcomes)["summary"]["not_attempted"] == 11
    assert "the task could not be verified" in str(outcomes[0].error)


def test_refusals_of_single_tasks_do_not_end_the_run() -> None:
    fleet = Fleet(REFUSED, "PUT", after=1)
    results = report(fleet.bring(*PAUSED))
    assert results["summary"]["not_attempted"] == 0
    assert len(fleet.service.tasks()) == 12


def test_a_success_between_failures_lets_the_run_go_on() -> None:
    fleet = Fleet(NETWORK, "PUT", seeds=12)
    fails = iter([True, True, False] * 4)
    fleet.before = lambda method, _what: throw(again(NETWORK)) if method == "PUT" and next(fails) else None
    results = report(fleet.bring(*({"task_id": fleet_id(number), "vod_loop_time": 7} for number in range(12))))
    assert (results["summary"]["changed"], results["summary"]["failed"]) == (4, 8)
    assert results["summary"]["not_attempted"] == 0


def test_the_network_is_seen_behind_a_refusal_that_came_first() -> None:
    fleet = Fleet(NETWORK, "PUT", seeds=12)
    errors = [again(REFUSED), again(NETWORK)] * 12
    fleet.before = lambda method, _what: throw(errors.pop(0)) if method == "PUT" else None
    outcomes = fleet.bring(*({"task_id": fleet_id(number), "status": "pause"} for number in range(12)))
    results = report(outcomes)
    assert results["summary"]["not_attempted"] == 9
    # The user reads what the service said of the whole modify.
    assert "HTTP 400" in str(outcomes[0].error)


def throw(error: Exception) -> None:
    """Raise an error."""
    raise error


def test_a_pause_is_reported_as_unknown_when_the_response_to_its_short_form_is_lost() -> None:
    fleet = Fleet(NETWORK, "PUT", seeds=1)
    errors = [again(REFUSED), again(REFUSED), again(UNCERTAIN)]
    fleet.before = lambda method, _what: throw(errors.pop(0)) if method == "PUT" else None
    [outcome] = fleet.bring({"task_id": fleet_id(0), "status": "pause"})
    assert outcome.changed
    assert "It is not known whether the change of status was made" in str(outcome.error)
