# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module from the command line: the commands of the guide "Getting started", on the emulator."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION, run_as_user

GUIDE_TASK_ID = "7864b3dc-e92f-42db-a754-08e627b6d8dd"


def guide_commands() -> list[list[str]]:
    """Return the ad-hoc commands that change a task, as a shell reads them, naming a task that exists."""
    text = (COLLECTION / "docs/docsite/rst/getting_started_guide.rst").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^ +\$ (ansible localhost -m huaweicloud\.live\.live_pull_task .*)$", text, re.MULTILINE)
    named = [
        line.replace(GUIDE_TASK_ID, CHANNEL_ID).replace("stream_name=evening", "stream_name=channel") for line in lines
    ]
    return [shlex.split(line) for line in named]


def ansible(emulator: Emulator, folder: Path, command: list[str]) -> dict[str, Any]:
    """Run an ad-hoc command with the environment of a user, and return the result that it prints."""
    environ = {"ANSIBLE_LOAD_CALLBACK_PLUGINS": "true", "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"}
    done = run_as_user(emulator, folder, *command, environ=environ)
    printed = done.stdout + done.stderr
    # After the diff, if there is one: "localhost | CHANGED => {", and JSON to the end.
    found = re.search(r"^localhost \| [A-Z]+!? => (\{.*\})", done.stdout, re.MULTILINE | re.DOTALL)
    assert found, printed
    assert emulation.SECRET_KEY not in printed
    return {"returned": done.returncode, "printed": printed, **json.loads(found[1])}


@pytest.mark.parametrize(
    "number", [pytest.param(0, id="by its stream"), pytest.param(1, id="by its id", marks=pytest.mark.slow)]
)
def test_the_guide_pauses_a_channel(emulator: Emulator, tmp_path: Path, number: int) -> None:
    """With key=value arguments."""
    result = ansible(emulator, tmp_path, guide_commands()[number])
    assert result["changed"]
    assert result["changes"] == ["status"]
    assert emulator.task(CHANNEL_ID)["status"] == "pause"


@pytest.mark.slow
def test_the_guide_shows_what_a_list_of_urls_would_change(emulator: Emulator, tmp_path: Path) -> None:
    """A list in key=value arguments is separated by commas; nothing is written in check mode."""
    result = ansible(emulator, tmp_path, guide_commands()[2])
    assert result["changed"]
    assert result["request"]["source_urls"] == ["https://media.example.com/1.mp4", "https://media.example.com/2.mp4"]
    assert '+        "https://media.example.com/2.mp4"' in result["printed"]
    assert emulator.writes() == []


@pytest.mark.slow
def test_the_guide_gives_json(emulator: Emulator, tmp_path: Path) -> None:
    """A list in JSON arguments is a list."""
    result = ansible(emulator, tmp_path, guide_commands()[3])
    assert result["changed"]
    assert emulator.task(CHANNEL_ID)["source_urls"] == ["https://media.example.com/1.mp4"]


@pytest.mark.slow
def test_what_is_as_asked_and_an_error(emulator: Emulator, tmp_path: Path) -> None:
    """A URL with a comma needs JSON; what is wrong is said in words and in the exit code."""
    urls = ["https://media.example.com/a,b.mp4", "https://media.example.com/2.mp4"]
    emulator.service.replace_tasks([{**emulator.task(CHANNEL_ID), "source_urls": urls}])
    command = ["ansible", "localhost", "-m", "huaweicloud.live.live_pull_task", "-a"]
    result = ansible(emulator, tmp_path, [*command, json.dumps({"task_id": CHANNEL_ID, "source_urls": urls})])
    assert result["returned"] == 0
    assert not result["changed"]

    result = ansible(emulator, tmp_path, [*command, f"task_id={CHANNEL_ID} vod_loop_time=0"])
    assert result["returned"] != 0
    assert result["msg"].startswith("vod_loop_time: ")
    assert emulator.writes() == []


def test_the_guide_has_these_commands() -> None:
    """The tests above go by their order."""
    assert [command[-1] for command in guide_commands()] == [
        "domain=push.example.com app_name=live stream_name=channel status=pause",
        f"task_id={CHANNEL_ID} status=pause",
        f"task_id={CHANNEL_ID} source_urls=https://media.example.com/1.mp4,https://media.example.com/2.mp4",
        f'{{"task_id": "{CHANNEL_ID}", "source_urls": ["https://media.example.com/1.mp4"]}}',
    ]
