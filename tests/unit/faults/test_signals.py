# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible is terminated by a signal while a task writes, in its own process and shipped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.emulator import PAUSED_ID, REGION, Behaviour, Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import user_environment
from ansible_collections.huaweicloud.live.tests.unit.fakes.wire import wait_until

pytestmark = pytest.mark.slow

PATIENCE = 120.0
PLAYLIST = ["https://media.example.com/a.mp4"]
# Far more than a run writes before the signal.
FLEET = 2000


@contextmanager
def ansible(emulator: Emulator, folder: Path, direct: bool, **task: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a task of a playbook in a separate session."""
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/huaweicloud.live.live": {"region": REGION}},
        "tasks": [task],
    }
    (folder / "play.json").write_text(json.dumps([play]))
    variables = {"ansible_python_interpreter": sys.executable, "huaweicloud_live_direct": direct}
    # The name of the folder is in the command line of each process of the run.
    environ = {**user_environment(emulator, folder), "ANSIBLE_REMOTE_TMP": str(folder / "remote")}
    with (folder / "printed").open("wb") as printed:
        running = subprocess.Popen(
            [sys.executable, "-m", "ansible", "playbook", "-e", json.dumps(variables), str(folder / "play.json")],
            env=environ,
            stdout=printed,
            stderr=printed,
            start_new_session=True,
        )
        try:
            yield running
        finally:
            running.kill()
            running.wait()


def works_for(folder: Path) -> bool:
    """Return whether a process of the run still exists."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid():
            try:
                if os.fsencode(folder) in (process / "cmdline").read_bytes():
                    return True
            except OSError:
                continue
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("direct", [True, False], ids=["direct", "shipped"])
def test_writes_to_a_fleet_stop_when_ansible_ends(tmp_path: Path, direct: bool, number: signal.Signals) -> None:
    stream = {"domain": "push.example.com", "app_name": "live", "source_urls": PLAYLIST, "status": "pause"}
    tasks = [{**stream, "stream_name": f"new-{place}"} for place in range(FLEET)]
    with Emulator(behaviour=Behaviour(latency=0.02)) as emulator:
        with ansible(emulator, tmp_path, direct, **{"huaweicloud.live.live_pull_tasks": {"tasks": tasks}}) as running:
            wait_until(lambda: len(emulator.writes()) > 10, PATIENCE)
            os.kill(running.pid, number)
            running.wait(PATIENCE)
        wait_until(lambda: not works_for(tmp_path), PATIENCE)
        created = [task for task in emulator.tasks if task["stream_name"].startswith("new-")]
        assert 0 < len(created) < FLEET
        assert [task["stream_name"] for task in created if task["status"] != "pause"] == []


@pytest.mark.parametrize("direct", [True, False], ids=["direct", "shipped"])
def test_recreate_is_completed_when_ansible_is_terminated_after_the_delete(tmp_path: Path, direct: bool) -> None:
    with Emulator(behaviour=Behaviour(latency=1.0)) as emulator:
        old = emulator.task(PAUSED_ID)
        names = ("domain", "app_name", "stream_name", "source_urls", "end_time", "status")
        new = {name: old[name] for name in names}
        new.update(callback_url="https://hooks.example.com/new", recreate=True)
        with ansible(emulator, tmp_path, direct, **{"huaweicloud.live.live_pull_task": new}) as running:
            wait_until(lambda: bool(emulator.writes()), PATIENCE)
            running.terminate()
            running.wait(PATIENCE)
        wait_until(lambda: not works_for(tmp_path), PATIENCE)
        [task] = [task for task in emulator.tasks if task["stream_name"] == old["stream_name"]]
        assert task["task_id"] != PAUSED_ID
        assert (task["status"], task["callback_url"]) == ("pause", new["callback_url"])
