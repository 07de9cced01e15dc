# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report contains no value of the account, for any response of the service."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.acceptance.report import RefusedReportError, check, write
from ansible_collections.huaweicloud.live.tests.emulator import ACCESS_KEY, PROJECT_ID, SECRET_KEY, Behaviour
from ansible_collections.huaweicloud.live.tests.unit.fakes.acceptance import DOMAIN, Account
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply

REPORT = {"answers": {"urls": "as sent"}, "behaviour": {}, "life": {}}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Account:
    """An account whose service behaves as documented."""
    return Account(monkeypatch, tmp_path)


def texts(folder: Path) -> str:
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("report.json", "report.md"))


def test_a_report_names_nothing_of_the_account(account: Account, tmp_path: Path) -> None:
    assert account.run() == 0
    ids = [task["task_id"] for task in account.others]
    created = [what["stream_name"] for method, what in account.sent if method == "POST"]
    assert len(created) == 5
    for value in (DOMAIN, PROJECT_ID, ACCESS_KEY, SECRET_KEY, "ansible-acceptance.invalid", *ids, *created):
        assert value not in texts(tmp_path)


def test_a_trace_is_for_its_owner_alone_and_holds_no_secret(account: Account, tmp_path: Path) -> None:
    (tmp_path / "trace.jsonl").write_text("old")
    assert account.run() == 0
    trace = tmp_path / "trace.jsonl"
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]
    assert [line["number"] for line in lines] == [*range(1, account.number + 1)]
    assert SECRET_KEY not in trace.read_text(encoding="utf-8")


def test_no_text_of_the_service_gets_into_a_report(account: Account, tmp_path: Path) -> None:
    """Refusals, words and codes that repeat what was sent."""
    echo = f"{ACCESS_KEY} of {PROJECT_ID} may not use {DOMAIN}"

    def refuse(request: Any) -> Reply | None:
        body = str(request.body or "")
        if request.method == "PUT" and ("title" in body or "start_time" not in body):
            return Reply(400, {"error_code": echo, "error_msg": echo})
        return None

    def edit(_method: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        infos = [
            {**info, "status": echo, "callback_events": [echo], echo: echo} for info in answer.get("task_infos", [])
        ]
        return {**answer, "task_infos": infos} if infos else answer

    account.instead, account.edit = refuse, edit
    assert account.run() == 0
    assert account.report()["answers"]["status_words"] == "unknown: the status is not one word"
    assert account.report()["answers"]["omission"].endswith("was refused, HTTP 400")
    for value in (ACCESS_KEY, PROJECT_ID, DOMAIN, "may not use"):
        assert value not in texts(tmp_path)


def test_a_report_with_a_value_of_the_account_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(
        monkeypatch, tmp_path, behaviour=Behaviour(status_words={"enable": "on", "pause": f"x{ACCESS_KEY}"})
    )
    assert account.run() == 1
    assert "would contain a value of the account" in capsys.readouterr().err
    assert not (tmp_path / "report.json").exists()
    assert account.left == []


@pytest.mark.parametrize("known", ["as sent", "AS SENT", "s sent"])
def test_a_known_value_in_any_case_is_refused(tmp_path: Path, known: str) -> None:
    with pytest.raises(RefusedReportError):
        write(tmp_path, REPORT, [known])
    assert [*tmp_path.iterdir()] == []


def test_a_word_of_the_page_does_not_count_as_a_value_of_the_account() -> None:
    check("the page names the account", ["account", "a", ""])


def test_a_page_has_every_answer_and_what_was_not_found_out(account: Account, tmp_path: Path) -> None:
    account.service.behaviour = Behaviour(past_start="refuse", create_end=3600)
    assert account.run() == 0
    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    answers = account.report()["answers"]
    assert [name for name in answers if f"(`{name}`) |" not in page] == []
    assert "| 3600 |" in page
    assert "- `past_end`: a start in the past is not accepted" in page
    assert "- what a task does at its end" in page


@pytest.mark.parametrize(
    ("behaviour", "tasks", "reason"),
    [
        ({"time_style": "zoneless"}, 0, "times are listed without a zone"),
        ({"never_apply": True}, 0, "changes are accepted, and not listed"),
        ({"status_override": "existing"}, 0, "the list does not tell whether a task is paused"),
        ({}, 301, "the account has more than 300 tasks"),
    ],
)
def test_a_life_is_skipped_with_its_reason(
    account: Account, behaviour: dict[str, Any], tasks: int, reason: str
) -> None:
    account.service.behaviour = Behaviour(**behaviour)
    if tasks:
        account.fill(tasks)
    assert account.run() == 0
    assert {*account.report()["life"].values()} == {f"skipped: {reason}"}
    assert account.left == []


def test_a_life_stops_at_its_first_failure(account: Account) -> None:
    def refuse(request: Any) -> Reply | None:
        changes = request.method == "PUT" and b'"vod_loop_time": "4"' in request.body
        return Reply(400, {"error_code": "LIVE.1", "error_msg": "no"}) if changes else None

    account.instead = refuse
    assert account.run() == 0
    life = account.report()["life"]
    assert (life["created"], life["again"], life["changed"]) == ("ok", "ok", "failed, HTTP 400")
    assert life["deleted"] == "skipped: the step before went wrong"
    assert account.left == []
