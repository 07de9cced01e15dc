# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The acceptance tests in trouble: one sentence with the status, exit status 1, and nothing left behind."""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from ansible_collections.huaweicloud.live.tests.acceptance import gate
from ansible_collections.huaweicloud.live.tests.acceptance.command import main
from ansible_collections.huaweicloud.live.tests.emulator import ACCESS_KEY, CHANNEL_ID, Behaviour
from ansible_collections.huaweicloud.live.tests.unit.fakes.acceptance import DOMAIN, Account
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import EPOCH
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply

Answer = Callable[[requests.PreparedRequest], "Reply | Exception | None"]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Account:
    """An account whose service behaves as documented."""
    return Account(monkeypatch, tmp_path)


def answers(method: str, reply: Reply | Exception) -> Answer:
    """Return what the requests of a method get instead."""
    return lambda request: reply if request.method == method else None


def problem(status: int, code: str = "LIVE.1") -> Reply:
    return Reply(status, {"error_code": code, "error_msg": f"no {ACCESS_KEY} for you"})


def sentence(capsys: pytest.CaptureFixture[str], account: Account, *arguments: str) -> str:
    """Run, and return what standard error has."""
    assert account.run(*arguments) == 1
    errors = capsys.readouterr().err
    assert len(errors.splitlines()) == 1
    assert not (account.folder / "report.json").exists()
    assert account.untouched
    return errors.strip()


@pytest.mark.parametrize(
    ("method", "reply", "words"),
    [
        ("GET", problem(401, "APIGW.0301"), ["refuses the credentials", "HTTP 401, APIGW.0301"]),
        ("GET", problem(403, "APIGW.0302"), ["forbids to list tasks", "HTTP 403", "live:stream:listPullTask"]),
        ("GET", problem(503), ["out of order", "HTTP 503"]),
        ("GET", Reply(502, b"<html>Bad Gateway</html>"), ["out of order", "HTTP 502"]),
        ("GET", Reply(200, {"nothing": 1}), ["a form that is not documented", "HTTP 200"]),
        ("GET", requests.exceptions.ReadTimeout(), ["does not answer"]),
        ("POST", problem(401), ["refuses the credentials", "HTTP 401"]),
        ("POST", problem(403), ["forbids to create a task", "HTTP 403", "live:stream:createPullTask"]),
        ("POST", problem(400), ["refuses to create a task (HTTP 400, LIVE.1)", "--domain", "--source"]),
        ("POST", problem(503), ["out of order", "HTTP 503"]),
        ("POST", requests.exceptions.ConnectionError(), ["does not answer", "create a task"]),
        ("PUT", problem(403), ["forbids to modify the task", "HTTP 403"]),
        ("PUT", problem(500), ["out of order", "HTTP 500"]),
    ],
)
def test_an_error_is_one_sentence_and_leaves_no_task(
    capsys: pytest.CaptureFixture[str], account: Account, method: str, reply: Reply | Exception, words: list[str]
) -> None:
    account.instead = answers(method, reply)
    text = sentence(capsys, account)
    assert [word for word in words if word not in text] == []
    assert ACCESS_KEY not in text
    assert account.left == []


def test_a_task_that_cannot_be_deleted_is_named(capsys: pytest.CaptureFixture[str], account: Account) -> None:
    account.instead = answers("DELETE", problem(403))
    text = sentence(capsys, account)
    [task] = account.left
    assert task["task_id"] in text
    assert "--sweep" in text
    assert "HTTP 403" in text
    assert task["status"] == "pause"


@pytest.mark.parametrize("found", [True, False])
def test_a_create_without_a_response_is_verified_and_not_repeated(
    capsys: pytest.CaptureFixture[str], account: Account, found: bool
) -> None:
    account.lose(2, carries_out=found)  # the first write is the modify of a task that does not exist
    if found:
        assert account.run() == 0
    else:
        text = sentence(capsys, account)
        assert "does not answer the request to create a task" in text
        assert "A create without an answer may still take effect" in text
        assert account.write_methods.count("POST") == 1
    assert account.left == []


def test_a_create_that_lands_late_is_found_by_a_sweep(capsys: pytest.CaptureFixture[str], account: Account) -> None:
    late: list[requests.PreparedRequest] = []

    def lose(request: requests.PreparedRequest) -> Exception | None:
        if request.method != "POST":
            return None
        late.append(request)
        return requests.exceptions.ReadTimeout()

    account.instead = lose
    assert "may still take effect: run it with --sweep" in sentence(capsys, account)
    assert len(late) == 1
    account.instead = lambda request: None
    account.clock.later(5, lambda: account.send(late[0]))
    assert account.run("--sweep") == 0
    assert (account.left, account.untouched) == ([], True)


def test_a_create_that_is_answered_with_the_id_of_another_task_touches_nothing(
    capsys: pytest.CaptureFixture[str], account: Account
) -> None:
    account.instead = answers("POST", Reply(200, {"task_id": CHANNEL_ID}))
    assert "a form that is not documented" in sentence(capsys, account)
    assert account.write_methods == ["PUT"]


def test_a_throttled_create_is_sent_again(account: Account) -> None:
    throttled = [Reply(429, {}, {"Retry-After": "7"})]
    account.instead = lambda request: throttled.pop() if request.method == "POST" and throttled else None
    assert account.run() == 0
    assert account.left == []


def test_nothing_is_written_if_the_clocks_differ(capsys: pytest.CaptureFixture[str], account: Account) -> None:
    date = email.utils.formatdate(EPOCH - 600, usegmt=True)
    account.instead = answers("GET", Reply(200, {"task_infos": [], "total": 0}, {"Date": date}))
    assert "differ by 600 seconds" in sentence(capsys, account)
    assert account.writes == []


def test_it_stops_if_another_start_is_listed(capsys: pytest.CaptureFixture[str], account: Account) -> None:
    def earlier(_method: str, answer: dict[str, object]) -> dict[str, object]:
        infos = [{**info, "start_time": "2027-01-17T00:00:00Z"} for info in answer.get("task_infos", [])]  # type: ignore[attr-defined]
        return {**answer, "task_infos": infos} if "task_infos" in answer else answer

    account.edit = earlier  # type: ignore[assignment]
    assert "another start" in sentence(capsys, account)
    assert account.left == []
    assert account.write_methods == ["PUT", "POST", "DELETE"]


def test_it_says_which_credentials_are_missing(capsys: pytest.CaptureFixture[str], account: Account) -> None:
    account.run(environ={"HUAWEICLOUD_SDK_SK": ""})
    assert "incomplete: only HUAWEICLOUD_SDK_AK given, without HUAWEICLOUD_SDK_SK" in capsys.readouterr().err
    assert account.number == 0


def test_a_domain_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {}) == 1
    assert "HW_LIVE_INGEST_DOMAIN_NAME" in capsys.readouterr().err


@pytest.mark.parametrize("pace", ["-1", "nan"])
def test_a_wrong_pace_is_refused(capsys: pytest.CaptureFixture[str], account: Account, pace: str) -> None:
    assert "--pace" in sentence(capsys, account, "--pace", pace)
    assert account.number == 0


def test_requests_keep_the_pace(account: Account) -> None:
    begun = account.clock.seconds
    assert account.run("--pace", "2") == 0
    assert account.clock.seconds - begun >= (account.number - 1) / 2


def test_no_run_sends_more_than_120_requests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    account = Account(monkeypatch, tmp_path, behaviour=Behaviour(ignore_task_filter=True, page_cap=1))
    assert account.run() == 0
    assert account.number <= 120
    report = account.report()
    assert "skipped: no requests were left" in report["life"].values()
    assert account.left == []


@pytest.mark.parametrize("used", range(58, 76))
def test_a_life_without_requests_is_skipped(account: Account, monkeypatch: pytest.MonkeyPatch, used: int) -> None:
    monkeypatch.setattr(gate, "MOST", used)
    assert account.run() == 0
    life = [*account.report()["life"].values()]
    done = life.index("skipped: no requests were left") if "skipped: no requests were left" in life else len(life)
    assert life == ["ok"] * done + ["skipped: no requests were left"] * (len(life) - done)
    assert account.left == []


def test_the_domain_is_taken_from_the_environment(account: Account) -> None:
    arguments = ["--report", str(account.folder), "--sweep"]
    assert main(arguments, {"HUAWEICLOUD_SDK_AK": "a", "HW_LIVE_INGEST_DOMAIN_NAME": DOMAIN}) == 1
    assert account.number == 0
