# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a task is on air, by its settings and a moment."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given

from ansible_collections.huaweicloud.live.plugins.module_utils._task.air import AIR_STATES, Air, air, with_air
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import PullTask
from ansible_collections.huaweicloud.live.tests.emulator import Service, vod_task
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils import drawn

NOON = "2027-01-15T12:00:00Z"
MOMENT = datetime(2027, 1, 15, 12, tzinfo=timezone.utc).timestamp()
BEFORE, AFTER = "2027-01-15T11:00:00Z", "2027-01-15T13:00:00Z"
YEARS_AGO = "2020-01-01T00:00:00Z"


def at_noon(**fields: Any) -> Air:
    """Return the air of a task with these fields at noon."""
    return air(PullTask.from_answer({"task_id": "t", "status": "enable", **fields}, {"running": "enable"}), MOMENT)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Air("on_air")),
        ({"start_time": BEFORE}, Air("on_air", BEFORE)),
        ({"end_time": AFTER}, Air("on_air", None, AFTER, 3600)),
        ({"start_time": BEFORE, "end_time": AFTER}, Air("on_air", BEFORE, AFTER, 3600)),
        ({"start_time": NOON, "end_time": AFTER}, Air("on_air", NOON, AFTER, 3600)),
        ({"start_time": AFTER}, Air("ahead", None, AFTER, 3600)),
        ({"start_time": AFTER, "end_time": "2027-01-15T14:00:00Z"}, Air("ahead", None, AFTER, 3600)),
        ({"start_time": "2027-01-15T20:00:30+08:00"}, Air("ahead", None, "2027-01-15T12:00:30Z", 30)),
        ({"start_time": BEFORE, "end_time": NOON}, Air("over", NOON)),
        ({"end_time": YEARS_AGO}, Air("over", YEARS_AGO)),
        # If the end is before the start, the state follows from the end.
        ({"start_time": AFTER, "end_time": BEFORE}, Air("over", BEFORE)),
        ({"status": "pause", "start_time": BEFORE, "end_time": AFTER}, Air("paused")),
        ({"status": "PAUSE", "end_time": "nonsense"}, Air("paused")),
        ({"status": "running"}, Air("on_air")),
        ({"status": "finished", "end_time": AFTER}, Air("unknown")),
        ({"status": None}, Air("unknown")),
        ({"status": ""}, Air("unknown")),
        ({"start_time": "2027-01-15T11:00:00"}, Air("unknown")),
        ({"end_time": [NOON]}, Air("unknown")),
        ({"end_time": "0001-01-01T00:00:00Z"}, Air("on_air")),
        ({"end_time": MOMENT + 60}, Air("on_air", None, "2027-01-15T12:01:00Z", 60)),
    ],
    ids=str,
)
def test_air_follows_from_the_settings_of_a_task(fields: dict[str, Any], expected: Air) -> None:
    assert at_noon(**fields) == expected
    assert expected.state in AIR_STATES


def test_a_reported_task_has_its_air() -> None:
    task = PullTask.from_answer({"task_id": "t", "status": "running", "end_time": AFTER}, {"running": "enable"})
    reported = with_air(task, MOMENT)
    assert reported.pop("air") == {"state": "on_air", "since": None, "until": AFTER, "seconds_left": 3600}
    assert reported == task.result()


@given(task=drawn.tasks)
def test_a_task_is_on_air_when_the_player_of_the_emulator_plays_it(task: dict[str, Any]) -> None:
    """Rounds are left out, because the settings do not say how long they take."""
    task = {**task, "task_id": "t", "vod_loop_time": "-1"}
    service = Service([task], now=lambda: drawn.NOW)
    found = air(PullTask.from_answer(task), drawn.NOW.timestamp())
    assert (found.state == "on_air") == (service.player.showing("t") is not None)


def test_a_live_relay_without_times_is_on_air() -> None:
    task = vod_task("t", "channel", drawn.NOW, source_type="PullLivePushLive")
    assert air(PullTask.from_answer(task), drawn.NOW.timestamp()).state == "on_air"


def test_times_do_not_depend_on_the_time_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert at_noon(end_time=MOMENT + 60).until == "2027-01-15T12:01:00Z"
    finally:
        monkeypatch.undo()
        time.tzset()
