# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator from the command line."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.tests.emulator import SECRET_KEY, Behaviour, Emulator
from ansible_collections.huaweicloud.live.tests.emulator import __main__ as command_line
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION


@contextmanager
def command(ready: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command until it is ready, and stop it at the end."""
    process = subprocess.Popen(
        # The port in the guides.
        [sys.executable, "-m", "tests.emulator", "--ready-file", str(ready), *arguments],
        cwd=COLLECTION,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 20
        while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_command_starts_and_stops_by_signal(tmp_path: Path, number: signal.Signals) -> None:
    ready = tmp_path / "ready"
    with command(ready, "--tasks", "20", "--behaviour", '{"left_out": "reset"}') as process:
        url = ready.read_text().strip()
        assert requests.get(f"{url}/emulator/behaviour", timeout=5).json()["left_out"] == "reset"
        assert len(requests.get(f"{url}/emulator/tasks", timeout=5).json()["tasks"]) == 24
        process.send_signal(number)
        output, _errors = process.communicate(timeout=5)
    assert process.returncode == 0
    first, *exports = output.splitlines()
    assert url in first
    assert f"export HUAWEICLOUD_LIVE_ENDPOINT={url}" in exports
    assert f"export HUAWEICLOUD_SDK_SK={SECRET_KEY}" in exports
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
@pytest.mark.newest
def test_command_stops_by_http_request(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with command(ready) as process:
        answer = requests.post(f"{ready.read_text().strip()}/emulator/stop", timeout=5)
        assert answer.json() == {"status": "stopping"}
        assert process.wait(timeout=5) == 0
    assert not ready.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--behaviour", '{"x": 1}'],
        ["--behaviour", "["],
        ["--like", "nowhere.json"],
        ["--like", "README.md"],
        ["--behaviour", "{}", "--like", "report.json"],
        ["--tls-cert", "nowhere.pem"],
        ["--tls-cert", "nowhere.pem", "--tls-key", "nowhere.pem"],
    ],
)
def test_invalid_arguments_are_refused_with_a_message(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main(arguments)
    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_default_port_is_that_of_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a ready file the port is any free one, because several emulators may run."""
    ports: list[int] = []

    def emulator(**how: Any) -> None:
        ports.append(how["port"])
        raise OSError("not now")

    monkeypatch.setattr(command_line, "Emulator", emulator)
    for arguments in ([], ["--port", "0"], ["--port", "4711"], ["--ready-file", "ready"]):
        with pytest.raises(SystemExit):
            command_line.main(arguments)
    assert ports == [18080, 0, 4711, 0]


def test_used_port_error_advises_another_port(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert command_line.main(["--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert f"cannot listen on 127.0.0.1 port {port}" in said
    assert "Set another port with --port" in said


def test_a_reset_restores_the_switches_of_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text('{"answers": {}, "behaviour": {"time_style": "epoch", "hosts": "lower_case"}}')
    like = command_line._parser().parse_args(["--like", str(report)]).like
    with Emulator(behaviour=like) as emulator:
        requests.put(f"{emulator.url}/emulator/behaviour", json={}, timeout=5)
        answer = requests.post(f"{emulator.url}/emulator/reset", json={"lag": 2}, timeout=5)
        assert answer.json() == {"status": "ok"}
        assert emulator.behaviour == Behaviour(time_style="epoch", hosts="lower_case", lag=2)
        requests.post(f"{emulator.url}/emulator/reset", timeout=5)
        assert emulator.behaviour == Behaviour(time_style="epoch", hosts="lower_case")
