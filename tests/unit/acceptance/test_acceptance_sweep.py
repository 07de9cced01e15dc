# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a sweep deletes, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.acceptance.probe import SOURCE
from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, Task, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.acceptance import Account
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, after

NAME = "ansible-acceptance-0123456789ab"
OWN_SOURCE = "https://media.example.com/own.mp4"


def left_over(number: int = 0, **fields: Any) -> Task:
    """Return a task as a killed run leaves it."""
    usual = {
        "app_name": "ansible-acceptance",
        "source_urls": [SOURCE, f"{SOURCE}?part=2"],
        "start_time": after(days=2),
        "end_time": after(days=2, hours=1),
        "status": "pause",
    }
    return vod_task(f"99999999-0000-4000-8000-{number:012d}", NAME, NOW - timedelta(days=1), **{**usual, **fields})


BEGUN = {"start_time": after(hours=-1), "end_time": after(hours=1)}
SWEPT: list[dict[str, Any]] = [
    {},
    {"status": "enable"},
    BEGUN,
    {"source_urls": []},
    {"source_urls": [SOURCE, f"{SOURCE}?title=\u00e9t\u00e9"], "end_time": ""},
    {"domain": "Other.example.com"},
]
KEPT: list[dict[str, Any]] = [
    {**BEGUN, "status": "enable"},
    {"stream_name": f"{NAME}c"},
    {"stream_name": NAME[:-1]},
    {"stream_name": NAME.upper()},
    {"stream_name": f"my-{NAME}"},
    {"app_name": "live"},
    {"source_urls": ["https://media.example.com/film.mp4"]},
    {"source_urls": [SOURCE, "https://media.example.com/film.mp4"]},
    {"source_urls": [f"{SOURCE}.other"]},
    {"source_urls": [OWN_SOURCE]},
    {"destination_url": "rtmp://partner.example.com/live/main"},
]


def swept(monkeypatch: pytest.MonkeyPatch, folder: Path, task: Task, *arguments: str, **behaviour: Any) -> bool:
    """Return whether a sweep deletes a task. It has to leave alone all others."""
    account = Account(monkeypatch, folder, behaviour=Behaviour(**behaviour))
    account.service.add_tasks([task])
    assert account.run("--sweep", *arguments) == 0
    assert account.untouched
    assert account.left in ([], [task])
    return account.left == []


@pytest.mark.parametrize("fields", SWEPT, ids=str)
@pytest.mark.parametrize("form", [{}, {"encode_urls": True, "time_style": "epoch_ms", "upper_case": True}], ids=str)
def test_a_sweep_deletes_tasks_that_a_run_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fields: dict[str, Any], form: dict[str, Any]
) -> None:
    assert swept(monkeypatch, tmp_path, left_over(**fields), **form)


@pytest.mark.parametrize("fields", KEPT, ids=str)
def test_a_sweep_does_not_delete_other_tasks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fields: dict[str, Any]
) -> None:
    assert not swept(monkeypatch, tmp_path, left_over(**fields))


@pytest.mark.parametrize("status", ["pause", "enable"])
def test_a_sweep_finds_out_the_word_for_a_pause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: str) -> None:
    words = {"enable": "running", "pause": "stopped"}
    task = left_over(**BEGUN, status=status)
    assert swept(monkeypatch, tmp_path, task, status_words=words) == (status == "pause")


def test_a_sweep_needs_the_source_of_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    task = left_over(source_urls=[OWN_SOURCE, f"{OWN_SOURCE}?part=2"])
    assert not swept(monkeypatch, tmp_path, task)
    assert swept(monkeypatch, tmp_path, task, "--source", OWN_SOURCE)


def test_a_time_without_a_zone_may_be_local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for hours, expected in ((12, False), (30, True)):
        task = left_over(status="enable", start_time=after(hours=hours), end_time=after(hours=hours + 1))
        assert swept(monkeypatch, tmp_path, task, time_style="zoneless_local") == expected


@pytest.mark.parametrize(
    "behaviour", [{"total": "page", "page_cap": 2}, {"total": "none"}, {"page_cap": 1}, {"total": "all", "page_cap": 3}]
)
def test_a_sweep_reads_all_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, behaviour: dict[str, Any]) -> None:
    assert swept(monkeypatch, tmp_path, left_over(), **behaviour)


def test_a_sweep_prints_what_it_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(monkeypatch, tmp_path)
    account.service.add_tasks([left_over(1), left_over(2, **{**BEGUN, "status": "enable"})])
    assert account.run("--sweep") == 0
    output = capsys.readouterr().out
    assert f"deleted task 99999999-0000-4000-8000-000000000001, {NAME}" in output
    assert f"left alone, because it may be on air: task 99999999-0000-4000-8000-000000000002, {NAME}" in output
    assert account.run("--sweep") == 0
    assert "No task of an earlier run was found" not in capsys.readouterr().out


def test_a_run_leaves_the_tasks_of_other_runs_to_a_sweep(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(monkeypatch, tmp_path)
    account.service.add_tasks([left_over()])
    assert account.run() == 0
    assert [task["stream_name"] for task in account.left] == [NAME]
    assert f"{NAME}: left by another run" in capsys.readouterr().out
