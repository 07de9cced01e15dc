# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role overview where its page cannot be written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import PAUSED_ID, Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import user_environment

ROLE = "huaweicloud.live.overview"


@pytest.mark.slow
@pytest.mark.parametrize("fail_on", [[], ["paused"]])
def test_the_table_and_the_channels_come_before_a_page_that_cannot_be_written(
    emulator: Emulator, tmp_path: Path, fail_on: list[str]
) -> None:
    page = tmp_path / "no folder" / "page.html"
    role = {"role": ROLE, "vars": {"overview_path": str(page), "overview_fail_on": fail_on}}
    book = tmp_path / "book.yml"
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": [role]}]))
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), str(book)],
        env={**user_environment(emulator, tmp_path), "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    table, last = done.stdout.find("CHANNEL "), done.stdout.rfind("FAILED!")
    assert 0 < table < last, done.stdout
    message = done.stdout[last:]
    assert f"overview_path: the page {page} cannot be written. " in message
    assert "mount its folder instead, or set another path." in message
    attention = f"1 of 4 channels needs attention: paused is paused (task {PAUSED_ID}). overview_path: "
    assert (attention in message) == bool(fail_on)
