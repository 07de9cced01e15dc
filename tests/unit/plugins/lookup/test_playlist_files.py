# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of channels: where they are found, and the reasons why they cannot be read."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.huaweicloud.live.plugins.lookup.playlist_files import MAX_SIZE, LookupModule
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import run_as_user

ONE, TWO = "https://media.example.com/one.mp4", "https://media.example.com/two.mp4"
PASSWORD = b"the word that opens it"


def read(folder: Path, *channels: Any, password: bytes | None = None, **variables: Any) -> dict[str, dict[str, str]]:
    """Return the result of the lookup for channels in a playbook of that folder."""
    loader = DataLoader()
    loader.set_basedir(str(folder))
    if password is not None:
        loader.set_vault_secrets([("default", VaultSecret(password))])
    [files] = LookupModule(loader=loader).run([list(channels)], variables)
    return files


def write(path: Path, text: str, encrypted: bool = False) -> str:
    """Write a file, with the folders that it needs, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(VaultLib().encrypt(text.encode(), VaultSecret(PASSWORD)) if encrypted else text.encode())
    return str(path)


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (["role/files", "role", "files", "."], "role/files"),
        (["role", "files", "."], "role"),
        (["files", "."], "files"),
        (["."], "."),
    ],
)
def test_a_file_of_the_role_is_found_before_a_file_of_the_playbook(
    tmp_path: Path, places: list[str], found: str
) -> None:
    for place in places:
        write(tmp_path / place / "channel.m3u", f"in {place}")
    role = str(tmp_path / "role")
    files = read(tmp_path, {"m3u": "channel.m3u"}, role_path=role, ansible_search_path=[role, str(tmp_path)])
    assert files == {"channel.m3u": {"text": f"in {found}"}}


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_file_is_read_by_its_absolute_path(tmp_path: Path, encrypted: bool) -> None:
    path = write(tmp_path / "elsewhere" / "channel.m3u", ONE, encrypted)
    assert read(tmp_path / "playbook", {"m3u": path}, password=PASSWORD) == {path: {"text": ONE}}


@pytest.mark.parametrize("password", [None, b"another word"])
def test_a_file_that_cannot_be_decrypted_is_named_with_the_reason(tmp_path: Path, password: bytes | None) -> None:
    write(tmp_path / "channel.m3u", ONE, encrypted=True)
    error = read(tmp_path, {"m3u": "channel.m3u"}, password=password)["channel.m3u"]["error"]
    assert error.startswith("This file cannot be read: ")
    assert "vault" in error
    assert "$ANSIBLE_VAULT" not in error


def test_a_missing_file_is_named_with_all_places(tmp_path: Path) -> None:
    role = str(tmp_path / "role")
    files = read(tmp_path, {"m3u": "lists/a.m3u"}, role_path=role, ansible_search_path=[role, str(tmp_path)])
    error = files["lists/a.m3u"]["error"]
    places = error.removeprefix("This file was not found. Looked for: ").removesuffix(".").split(", ")
    assert {*places} >= {f"{tmp_path}/{place}lists/a.m3u" for place in ("role/files/", "role/", "files/", "")}
    assert len(places) == len({*places})


def test_a_path_that_is_not_a_file_of_the_disk_is_refused_without_opening_it(tmp_path: Path) -> None:
    """A read of a named pipe or of a device could block for ever."""
    (tmp_path / "folder.m3u").mkdir()
    os.mkfifo(tmp_path / "pipe.m3u")
    (tmp_path / "link.m3u").symlink_to(tmp_path / "pipe.m3u")
    (tmp_path / "maps.m3u").symlink_to("/proc/self/maps")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.m3u"))
    expected = {
        "folder.m3u": "a directory",
        "pipe.m3u": "a named pipe",
        "link.m3u": "a named pipe",
        "socket.m3u": "a socket",
        "/dev/zero": "a device",
        "/proc/kmsg": "a file that the system generates, in /proc",
        "maps.m3u": "a file that the system generates, in /proc",
    }
    files = read(tmp_path, *({"m3u": path} for path in expected))
    for path, kind in expected.items():
        assert f"This is not a file but {kind}: " in files[path]["error"]


def test_a_file_that_grows_is_read_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "channel.m3u", "#" * (2 * MAX_SIZE))
    assert "larger than 1048576 bytes" in read(tmp_path, {"m3u": "channel.m3u"})["channel.m3u"]["error"]
    monkeypatch.setattr(os.path, "getsize", lambda _path: 0)
    assert "larger than 1048576 bytes" in read(tmp_path, {"m3u": "channel.m3u"})["channel.m3u"]["error"]


def test_every_file_of_channels_and_slots_is_read_once(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / name, name)
    channels: list[Any] = [
        {"m3u": "a"},
        {"programme": [{"m3u": "b"}, {"source_urls": [ONE]}, {"m3u": "a"}, None], "m3u": None},
        {"m3u": ["c"]},
        {"programme": "c"},
        "c",
        None,
    ]
    assert read(tmp_path, *channels) == {"a": {"text": "a"}, "b": {"text": "b"}}
    assert read(tmp_path) == {}


def test_the_role_finds_the_files_of_the_role_that_includes_it(emulator: Emulator, tmp_path: Path) -> None:
    """It finds an encrypted file of that role, and a file of the playbook."""
    write(tmp_path / "roles" / "station" / "files" / "channel.m3u", ONE, encrypted=True)
    write(tmp_path / "files" / "playbook.m3u", TWO)
    write(tmp_path / "password", PASSWORD.decode())
    paused = next(task["task_id"] for task in emulator.tasks if task["status"] == "pause")
    channels = [{"task_id": CHANNEL_ID, "m3u": "channel.m3u"}, {"task_id": paused, "m3u": "playbook.m3u"}]
    include = {"name": "huaweicloud.live.playlist"}
    tasks = [{"name": "Play", "ansible.builtin.include_role": include, "vars": {"playlist_channels": channels}}]
    write(tmp_path / "roles" / "station" / "tasks" / "main.yml", json.dumps(tasks))
    write(tmp_path / "play.yml", json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": ["station"]}]))
    word = ("--vault-password-file", "password")
    done = run_as_user(emulator, tmp_path, "ansible-playbook", *word, "play.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [emulator.task(task_id)["source_urls"] for task_id in (CHANNEL_ID, paused)] == [[ONE], [TWO]]
