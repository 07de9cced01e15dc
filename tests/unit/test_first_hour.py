# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "Your first hour", from top to bottom on the emulator."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION, user_environment

GUIDE = (COLLECTION / "docs/docsite/rst/first_hour_guide.rst").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^   \$ (.+)$", GUIDE, re.MULTILINE)
# The tests have all this, and a network must not be needed.
INSTALLED = ("ansible-galaxy ", "python3 -m pip ", "git clone ", "export ")
MAKE = re.compile(r'make -C huaweicloud.live acceptance ARGS="(.+)"')
CHECK = "ansible-playbook station.yml --check --diff"


def block(language: str) -> str:
    """Return the only block of code in a language."""
    [text] = re.findall(rf"^\.\. code-block:: {language}\n\n((?:   .*\n|\n)+)", GUIDE, re.MULTILINE)
    return re.sub("^   ", "", text, flags=re.MULTILINE)


def start(command: str, emulator: Emulator, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader of the guide would."""
    environ = user_environment(emulator, folder)
    environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    made = MAKE.fullmatch(command)
    if made:
        command = f"cd huaweicloud.live && python -m tests.acceptance {made[1]} --pace 0 --report {folder}"
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environ, capture_output=True, text=True, timeout=240, check=False
    )


def run(command: str, emulator: Emulator, folder: Path) -> str:
    """Run a command of the guide, which must succeed, and return what it prints."""
    ended = start(command, emulator, folder)
    assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
    return ended.stdout


@pytest.mark.slow
def test_the_guide_works_from_top_to_bottom(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "huaweicloud.live").symlink_to(COLLECTION)
    file = tmp_path / "channels.yml"
    key, _newline, channel = block("yaml").partition("\n")
    before = emulator.tasks
    printed: list[tuple[str, str]] = []
    for command in (command for command in COMMANDS if not command.startswith(INSTALLED)):
        if command == CHECK and CHECK in dict(printed):
            # Between the two checks, the reader adds the channel at the end of the file.
            adopted = file.read_text(encoding="utf-8")
            assert f"\n{key}\n" in adopted
            assert emulator.tasks == before
            file.write_text(adopted + channel, encoding="utf-8")
        printed.append((command, run(command, emulator, tmp_path)))
    notes = block("text").replace("/home/me", str(tmp_path)).strip().splitlines()
    assert [note for note in notes if note not in dict(printed)["ansible-playbook adopt.yml"]] == []
    runs = ["changed=0" not in text for command, text in printed if "station.yml" in command.split()]
    assert runs == [False, True, True, False]
    assert {*json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["life"].values()} == {"ok"}
    assert "first-hour" in (tmp_path / "overview.html").read_text(encoding="utf-8")
    assert emulator.tasks == before


@pytest.mark.slow
def test_a_station_without_channels_names_the_file_that_is_missing(emulator: Emulator, tmp_path: Path) -> None:
    playbook = COLLECTION / "docs/examples/station.yml"
    (tmp_path / "station.yml").write_bytes(playbook.read_bytes())
    ended = start("ansible-playbook station.yml", emulator, tmp_path)
    assert ended.returncode != 0
    assert f"playlist_channels: missing. Declare the channels in {tmp_path}/channels.yml" in ended.stdout + ended.stderr
    assert emulator.journal == []


def test_every_step_of_the_guide_is_in_its_table() -> None:
    table = GUIDE.partition("Prepare\n---")[0]
    headings = re.findall(r"^(.+)\n-{3,}$", GUIDE, re.MULTILINE)
    assert [step for step in re.findall("`([^`]+)`_", table) if "<" not in step] == [
        heading for heading in headings if heading not in ("What it costs", "Next")
    ]
