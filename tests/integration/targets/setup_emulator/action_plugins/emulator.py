# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request that steers the emulator, sent by Ansible itself: ansible.builtin.uri is shipped, half a second each."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Sends `body` as JSON to `url`, by `method`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send it, and fail with what the emulator says against it; see `ActionBase.run`."""
        result = super().run(tmp, task_vars)
        body = json.dumps(self._task.args.get("body", {})).encode()
        try:
            with urlopen(Request(self._task.args["url"], data=body, method=self._task.args["method"])) as answer:
                return {**result, "json": json.load(answer)}
        except HTTPError as error:
            raise AnsibleActionFail(f"The emulator answered {error.code}: {error.read().decode()}") from error
