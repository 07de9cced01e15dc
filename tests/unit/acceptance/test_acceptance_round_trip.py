# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator in a behaviour, the acceptance tests on it, their report: the same behaviour."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.acceptance.life import STEPS
from ansible_collections.huaweicloud.live.tests.emulator import Behaviour
from ansible_collections.huaweicloud.live.tests.unit.fakes.acceptance import Account

WORLDS: dict[str, dict[str, Any]] = {
    "as documented": {},
    "another": {
        "left_out": "reset",
        "past_start": "now",
        "time_style": "offset",
        "numbers": "text",
        "encode_urls": True,
        "hosts": "lower_case",
        "foreign_domain": "refuse",
        "status_words": {"enable": "running", "pause": "stopped"},
        "upper_case": True,
        "unknown_task": {"http_status": 404, "error_code": "LIVE.1404"},
    },
    "a third": {
        "left_out": "replace",
        "past_start": "refuse",
        "seven_days": "less_than",
        "time_style": "epoch_ms",
        "lag": 3,
        "pause_alone": "refuse",
        "create_end": 86400,
        "absent": "omit",
        "immutable": "masked",
        "streams_allowed": False,
        "ignore_task_filter": True,
    },
}
ALONE: list[dict[str, Any]] = [
    *({"left_out": word} for word in ("reset", "replace")),
    {"left_out_fields": {"start_time": "reset", "vod_loop_time": "reset"}},
    {"left_out_fields": {"source_urls": "empty"}},
    {"left_out_fields": {"vod_start_video_time": "reset", "end_time": "empty"}},
    {"pause_alone": "refuse"},
    {"unknown_task": {"http_status": 404, "error_code": "LIVE.1404"}},
    {"unknown_task": {"http_status": 200, "error_code": None}},
    *({"create_end": seconds} for seconds in (3600, 604800)),
    *({"past_start": word} for word in ("refuse", "now")),
    {"past_end": "refuse"},
    {"seven_days": "less_than"},
    *({"lag": seconds} for seconds in (0.4, 2, 7)),
    *({"lag_reads": reads} for reads in (1, 2)),
    {"never_apply": True},
    *(
        {"time_style": style}
        for style in ("fraction", "offset", "zoneless", "zoneless_local", "epoch", "epoch_ms", "epoch_text")
    ),
    {"no_time": "zero"},
    *({"numbers": form} for form in ("text", "float")),
    {"loop_number": True},
    {"encode_urls": True},
    {"upper_case": True},
    *({"absent": form} for form in ("omit", "null")),
    {"loop_time_empty": True},
    {"events_empty": True},
    {"more_events": ["TaskWarning"]},
    {"ignore_task_filter": True},
    {"ignore_offset": True},
    {"page_cap": 2},
    *({"total": word} for word in ("all", "page", "text", "none")),
    {"status_words": {"enable": "running", "pause": "stopped"}},
    {"status_words": {"enable": "ready"}},
    {"status_override": "existing"},
    *({"immutable": form} for form in ("absent", "null", "masked", "lower_case")),
    {"immutable": "null", "immutable_fields": ["push_args"]},
    {"immutable_each": {"push_args": "masked", "callback_url": "absent"}},
    {"hosts": "lower_case"},
    {"extra_fields": True},
    {"streams_allowed": False},
    {"foreign_domain": "refuse"},
]


# Switches that no run finds out, or that do not go together with others.
TOGETHER = [world for world in ALONE if not {"never_apply", "lag", "lag_reads", "status_override"} & world.keys()]


def combination(seed: int) -> dict[str, Any]:
    """Return some switches of some worlds, by chance."""
    chance = random.Random(seed)
    world: dict[str, Any] = {}
    for one in chance.sample(TOGETHER, 8):
        if not world.keys() & one.keys():
            world.update(one)
    lag = chance.choice([{}, {}, {"lag": 2}, {"lag_reads": 1}])
    world.update(lag)
    if "left_out_fields" in world:
        world.pop("left_out", None)
    if "immutable_each" in world:
        world.pop("immutable", None)
    if "ignore_task_filter" in world:
        # Each read of one task reads all pages, and no requests are left.
        world.pop("page_cap", None)
    if world.get("total") in ("page", "none", "text"):
        # Modules read no further than a total that counts one page.
        world.pop("page_cap", None)
    if "ignore_offset" in world:
        # The end of such a list must be seen on its one page: otherwise modules fail.
        world.pop("total", None)
        world.pop("page_cap", None)
    return world


def effect(switches: dict[str, Any]) -> dict[str, Any]:
    """Return switches so that two with the same effect are equal, and those left out that no run can find out."""
    behaviour = Behaviour.from_json(switches).to_json()
    forms = dict.fromkeys(behaviour.pop("immutable_fields"), behaviour.pop("immutable"))
    forms.update(behaviour.pop("immutable_each"))
    behaviour["immutable"] = {name: form for name, form in forms.items() if form != "as_is"}
    if behaviour["absent"] != "as_is":
        # What is at its default is not listed at all.
        behaviour.update(loop_time_empty=False, events_empty=False)
    if behaviour["absent"] != "as_is" or behaviour["events_empty"]:
        behaviour["more_events"] = []
    if behaviour["ignore_task_filter"] and behaviour["total"] == "all":
        behaviour["total"] = "matching"
    if behaviour["create_end"]:
        # No task is listed without an end.
        behaviour["no_time"] = "as_is"
    if not behaviour["streams_allowed"]:
        behaviour["foreign_domain"] = "empty"
    if behaviour["past_start"] != "accept":
        behaviour["past_end"] = "accept"
    return behaviour


def check_round_trip(account: Account, world: dict[str, Any]) -> None:
    assert account.run() == 0
    report = account.report()
    found, expected = effect(report["behaviour"]), effect(world)
    # Lists are only read now and then.
    lag, expected_lag = found.pop("lag"), expected.pop("lag")
    assert expected_lag <= lag <= 1.3 * expected_lag + 0.5
    assert found == expected, report["answers"]
    assert account.left == []
    assert account.untouched
    assert account.number <= 120
    wrong = {step: result for step, result in report["life"].items() if result != "ok" and "skipped" not in result}
    assert wrong == {}


@pytest.mark.parametrize("world", [*WORLDS.values()], ids=[*WORLDS])
def test_the_report_of_an_emulator_has_its_behaviour(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, world: dict[str, Any]
) -> None:
    account = Account(monkeypatch, tmp_path, behaviour=Behaviour(**world))
    check_round_trip(account, world)
    assert account.report()["life"] == dict.fromkeys(STEPS, "ok")


@pytest.mark.slow
@pytest.mark.newest
@pytest.mark.parametrize("world", ALONE, ids=str)
def test_a_report_has_each_behaviour(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, world: dict[str, Any]) -> None:
    check_round_trip(Account(monkeypatch, tmp_path, behaviour=Behaviour(**world)), world)


@pytest.mark.slow
@pytest.mark.newest
def test_a_report_has_behaviours_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for seed in range(60):
        world = combination(seed)
        account = Account(monkeypatch, tmp_path, behaviour=Behaviour(**world))
        check_round_trip(account, world)
