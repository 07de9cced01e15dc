# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write small files in the process of Ansible, because ansible.builtin.copy ships two modules for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Write `files`, a dictionary of names and texts, to the folder `path`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Write the files. See `ActionBase.run`."""
        result = super().run(tmp, task_vars)
        for name, text in self._task.args["files"].items():
            Path(self._task.args["path"], name).write_bytes(text.encode())
        return {**result, "changed": True, "path": self._task.args["path"]}
