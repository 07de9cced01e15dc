# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The acceptance tests as a program next to the emulator, and what the guides say of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.tests.acceptance import command
from ansible_collections.huaweicloud.live.tests.acceptance.report import ON_AIR, QUESTIONS
from ansible_collections.huaweicloud.live.tests.emulator import environment
from ansible_collections.huaweicloud.live.tests.unit.fakes.acceptance import DOMAIN, Account
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION
from ansible_collections.huaweicloud.live.tests.unit.fakes.wire import wait_until

GUIDE = (COLLECTION / "docs/docsite/rst/decisions_guide.rst").read_text(encoding="utf-8")
WORLD = {"left_out": "reset", "past_start": "now", "time_style": "epoch", "hosts": "lower_case", "create_end": 7200}


@contextmanager
def emulator(ready: Path, *arguments: str) -> Iterator[str]:
    """Run an emulator in a process of its own, and yield its URL."""
    run = [sys.executable, "-m", "tests.emulator", "--ready-file", str(ready), *arguments]
    process = subprocess.Popen(run, cwd=COLLECTION, stdout=subprocess.DEVNULL)
    try:
        wait_until(ready.exists)
        yield ready.read_text(encoding="utf-8").strip()
    finally:
        process.terminate()
        process.wait()


def behaviour(url: str) -> dict[str, Any]:
    return dict(requests.get(f"{url}/emulator/behaviour", timeout=5).json())


@pytest.mark.slow
@pytest.mark.newest
def test_a_second_emulator_behaves_like_the_report_of_the_first(tmp_path: Path) -> None:
    with emulator(tmp_path / "one", "--behaviour", json.dumps(WORLD)) as url:
        first = behaviour(url)
        arguments = ["--domain", DOMAIN, "--pace", "0", "--report", str(tmp_path)]
        run = [sys.executable, "-m", "tests.acceptance", *arguments]
        # Not from the folder in which the collection has its name, as in a clone.
        environ = {**os.environ, **environment(url), "PYTHONPATH": ""}
        ended = subprocess.run(
            run, cwd=COLLECTION, env=environ, capture_output=True, text=True, timeout=120, check=False
        )
    assert (ended.returncode, ended.stderr) == (0, "")
    with emulator(tmp_path / "two", "--like", str(tmp_path / "report.json")) as url:
        assert behaviour(url) == first


def test_the_plan_is_printed_before_the_first_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(monkeypatch, tmp_path)
    printed: list[str] = []
    account.on_request = lambda number: printed.append(capsys.readouterr().out)
    assert account.run() == 0
    for words in (DOMAIN, "None of them is ever on air", "never more than 120", "in two days", "Ctrl-C"):
        assert words in printed[0]
    assert "The run sent 58 requests." in capsys.readouterr().out


def test_the_id_of_each_task_is_printed_once_it_is_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(monkeypatch, tmp_path)
    ids: set[str] = set()
    account.after_request = lambda number: ids.update(task["task_id"] for task in account.left)
    assert account.run() == 0
    printed = capsys.readouterr().out
    # The task of the life is created by a module.
    assert len([task_id for task_id in ids if task_id in printed]) == len(ids) - 1 == 4


def test_the_guide_has_every_option_of_the_command() -> None:
    section = GUIDE.partition("Ask the real service\n---")[2]
    options = re.findall(r"(--[a-z-]+)", command._parser().format_help())
    assert {*options} - {"--help"} <= {*re.findall(r"``(--[a-z-]+)", section)}


def test_the_guide_names_every_question() -> None:
    table = GUIDE.partition("What the documentation leaves open\n---")[2]
    missing = [name for name in {**QUESTIONS, **ON_AIR} if f"``{name}``" not in table]
    # A question about the permission, not about the service.
    assert missing == ["streams"]


def test_every_question_has_its_words() -> None:
    assert {key for key, _question in command.OFF_AIR if key} == {*QUESTIONS}
