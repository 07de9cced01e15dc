# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file that is not a playlist is not quoted at any verbosity."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import run_as_user

# Only these files contain the word.
WORD = "cr0wn-jewels"
FILES = {
    "secret.env": f"# Of production\nDB_PASSWORD={WORD}\nexport TOKEN='{WORD}'\n",
    "database.url": f"DATABASE_URL=postgres://admin:{WORD}@db.example.com/live\n",
    "clouds.yml": f"clouds:\n  live:\n    password: {WORD}\n",
    "credentials": f"[default]\nsk = {WORD}\n",
    "config.json": json.dumps({"secret_key": WORD}),
    "id_rsa": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{WORD}\n-----END OPENSSH PRIVATE KEY-----\n",
    "shadow": f"root:$6${WORD}:19000:0:99999:7:::\n",
    ".netrc": f"machine media.example.com login admin password {WORD}\n",
    ".pgpass": f"db.example.com:5432:live:admin:{WORD}\n",
    "vault-password": f"{WORD}\n",
    "words": f"a\nb {WORD} c\n",
    "binary": f"\x00\x01{WORD}",
}


@pytest.mark.parametrize("verbosity", ["-vvvvv", pytest.param("--diff", marks=pytest.mark.slow)])
def test_a_file_that_is_not_a_playlist_is_not_quoted(emulator: Emulator, tmp_path: Path, verbosity: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "play").mkdir()
    for name, text in FILES.items():
        (tmp_path / "x" / name).write_text(text, encoding="utf-8")
    channels = [{"task_id": CHANNEL_ID, "m3u": f"../x/{name}"} for name in FILES]
    role = {"role": "huaweicloud.live.playlist", "playlist_channels": channels}
    play = [{"hosts": "localhost", "gather_facts": False, "roles": [role]}]
    (tmp_path / "play" / "play.yml").write_text(json.dumps(play), encoding="utf-8")
    done = run_as_user(emulator, tmp_path / "play", "ansible-playbook", "play.yml", verbosity)
    printed = done.stdout + done.stderr
    assert done.returncode != 0
    for position, name in enumerate(FILES):
        assert f"playlist_channels[{position}] (task {CHANNEL_ID}): m3u ../x/{name}: " in printed
    assert WORD not in printed
    assert emulator.journal == []
