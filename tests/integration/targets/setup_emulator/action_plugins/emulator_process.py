# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start and stop an emulator in the process of Ansible, because a shipped module takes half a second."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

# Should the tests end without stopping it, killed or because a file of theirs is not YAML, the time limit does.
START = """
import runpy, signal
signal.alarm(1800)
runpy.run_module("ansible_collections.huaweicloud.live.tests.emulator", run_name="__main__", alter_sys=True)
"""


class ActionModule(ActionBase):
    """Start an emulator, perhaps `like` a report. With its `path`, wait until it has stopped, and delete the folder."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the address of the emulator, and a folder for files of the tests. See `ActionBase.run`."""
        result = super().run(tmp, task_vars)
        if "path" in self._task.args:
            path = Path(self._task.args["path"])
            _wait(lambda: not (path / "url").exists(), "The emulator did not stop.")
            shutil.rmtree(path)
            return {**result, "changed": True}
        like = ["--like", self._task.args["like"]] if self._task.args.get("like") else []
        path = Path(tempfile.mkdtemp(prefix="emulator."))
        ready = path / "url"
        subprocess.Popen(
            [sys.executable, "-c", START, "--ready-file", str(ready), *like],
            env={**os.environ, "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _wait(ready.exists, "The emulator did not start.")
        return {**result, "changed": True, "path": str(path), "url": ready.read_text(encoding="utf-8").strip()}


def _wait(until: Any, otherwise: str) -> None:
    for _time in range(1500):
        if until():
            return
        time.sleep(0.02)
    raise AnsibleActionFail(otherwise)
