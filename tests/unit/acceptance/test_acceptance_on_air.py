# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The questions on air, which need an option and its confirmation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import Behaviour
from ansible_collections.huaweicloud.live.tests.unit.fakes.acceptance import Account

URL = "https://media.example.com/film.mp4"
ON_AIR = ("--on-air", URL, "--confirm-on-air")
PUSH_ARGS = "?auth=secret-of-the-domain"


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        ({}, {"new_push": ["paused and enabled"], "status_on_air": "enable"}),
        (
            {"push_delay": 7, "new_push": ["playlist"], "on_air_word": "playing", "left_out": "reset"},
            {"new_push": ["playlist changed", "paused and enabled"], "status_on_air": "playing"},
        ),
        (
            {"new_push": ["playlist", "end", "six"], "past_start": "refuse", "lag": 2},
            {
                "new_push": ["playlist changed", "end changed", "only the six options sent", "paused and enabled"],
                "status_on_air": "enable",
            },
        ),
        (
            {"left_out": "replace"},
            {
                "new_push": "unknown: a modify that leaves options out may take the task off air",
                "status_on_air": "enable",
            },
        ),
    ],
)
def test_the_report_has_the_answers_about_a_task_on_air(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, behaviour: dict[str, Any], expected: dict[str, Any]
) -> None:
    account = Account(monkeypatch, tmp_path, behaviour=Behaviour(**behaviour))
    assert account.run(*ON_AIR) == 0
    report = account.report()
    assert {name: report["answers"][name] for name in expected} == expected
    delay = behaviour.get("push_delay", 0)
    assert delay <= report["answers"]["push_seconds"] <= delay + 4
    like = Behaviour.from_json(report["behaviour"])
    if behaviour.get("left_out") != "replace":
        assert like.new_push == Behaviour(**behaviour).new_push
    assert like.on_air_word == behaviour.get("on_air_word")
    assert (account.left, account.untouched) == ([], True)
    assert account.number <= 120
    assert {*report["life"].values()} == {"ok"}


def test_nothing_is_sent_without_the_confirmation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(monkeypatch, tmp_path)
    assert account.run("--on-air", URL) == 1
    printed = capsys.readouterr()
    assert "ONE MORE TASK IS ON AIR" in printed.out
    assert "recording, transcoding" in printed.out
    assert "--confirm-on-air" in printed.err
    assert account.number == 0


def test_nothing_is_on_air_without_the_option(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    account = Account(monkeypatch, tmp_path)
    seen: list[Any] = []

    def look(_number: int) -> None:
        ours = {task["task_id"] for task in account.left}
        seen.extend(stream for stream in account.service.pushes.listed() if stream["app"] == "ansible-acceptance")
        seen.extend(task_id for task_id in ours if account.service.player.showing(task_id))

    account.after_request = look
    assert account.run() == 0
    assert seen == []


def test_nothing_is_on_air_if_streams_cannot_be_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    account = Account(monkeypatch, tmp_path, behaviour=Behaviour(streams_allowed=False))
    assert account.run(*ON_AIR) == 0
    answers = account.report()["answers"]
    reason = "unknown: the permission to list streams is missing"
    assert {answers[name] for name in ("push_seconds", "status_on_air", "new_push")} == {reason}
    assert URL not in str(account.sent)


def test_the_authentication_of_the_push_is_taken_from_the_environment_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(monkeypatch, tmp_path)
    assert account.run(*ON_AIR, environ={"HW_LIVE_PUSH_ARGS": PUSH_ARGS}) == 0
    creates = [what for method, what in account.sent if method == "POST"]
    assert [what for what in creates if what.get("push_args") == PUSH_ARGS] != []
    assert PUSH_ARGS not in capsys.readouterr().out
    report = (tmp_path / "report.json").read_text() + (tmp_path / "report.md").read_text()
    assert PUSH_ARGS not in report
    assert URL not in report


@pytest.mark.slow
@pytest.mark.newest
def test_an_interrupted_run_deletes_the_task_on_air(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    account = Account(monkeypatch, tmp_path)
    assert account.run(*ON_AIR) == 0
    for at in range(30, account.number + 1):
        account = Account(monkeypatch, tmp_path)

        def interrupt(number: int, last: int = at) -> None:
            if number == last:
                raise KeyboardInterrupt

        account.after_request = interrupt
        assert account.run(*ON_AIR) == 1
        assert (account.left, account.untouched) == ([], True), f"request {at}"
