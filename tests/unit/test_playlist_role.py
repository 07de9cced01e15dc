# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role playlist as users run it: in check mode, and with options of the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import run_as_user

STREAM = {"domain": "push.example.com", "app_name": "live"}
SLOTS = [
    {
        "from": "06:00",
        "title": "{% raw %}{{ 6 * 7 }}{% endraw %}",
        "source_urls": ["https://media.example.com/a.mp4?key=SECRET"],
    },
    {"from": "20:15", "off_air": True},
]
CHANNELS = [
    {**STREAM, "stream_name": "plain", "source_urls": ["https://media.example.com/plain.mp4"]},
    {**STREAM, "stream_name": "films", "timezone": "Asia/Shanghai", "rolling": {}, "programme": SLOTS},
]
WEEK = "playlist_channels[1] (task push.example.com/live/films), 7 days in Asia/Shanghai"


@pytest.mark.parametrize(
    ("arguments", "channels", "printed"),
    [
        (["--check", "-v"], CHANNELS, True),
        pytest.param(["--check"], CHANNELS, False, marks=pytest.mark.slow),
        pytest.param(["-v"], CHANNELS, False, marks=pytest.mark.slow),
        pytest.param(["--check", "-v"], CHANNELS[:1], False, marks=pytest.mark.slow),
    ],
)
def test_the_week_is_printed_in_check_mode_with_v(
    emulator: Emulator, tmp_path: Path, arguments: list[str], channels: list[dict[str, object]], printed: bool
) -> None:
    book = tmp_path / "book.yml"
    variables = {"playlist_channels": channels, "playlist_now": "2099-12-24T10:00:00+08:00"}
    role = {"role": "huaweicloud.live.playlist", "vars": variables}
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": [role]}]))
    done = run_as_user(emulator, tmp_path, "ansible-playbook", str(book), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (WEEK in done.stdout) is printed
    assert ("Thu 2099-12-24 06:00  20:15                {{ 6 * 7 }} (a.mp4)" in done.stdout) is printed
    assert bool(emulator.writes()) is ("--check" not in arguments)


@pytest.mark.slow
@pytest.mark.parametrize(("probe", "looks"), [("yes", True), ("no", False)])
def test_an_option_of_the_command_line_is_a_text(emulator: Emulator, tmp_path: Path, probe: str, looks: bool) -> None:
    book = tmp_path / "book.yml"
    # A URL of this scheme is in the results, without a connection.
    channel = {**STREAM, "stream_name": "plain", "source_urls": ["rtmp://media.example.com/live/plain"]}
    role = {"role": "huaweicloud.live.playlist", "vars": {"playlist_channels": [channel]}}
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": [role]}]))
    arguments = [part for name in ("preflight", "wait") for part in ("-e", f"playlist_{name}={probe}")]
    arguments += ["-e", f"playlist_probe={probe}", "-e", "playlist_probe_ignore=empty,not_seekable", "--check"]
    done = run_as_user(emulator, tmp_path, "ansible-playbook", str(book), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("roles/playlist/tasks/probe.yml for localhost" in done.stdout) is looks
