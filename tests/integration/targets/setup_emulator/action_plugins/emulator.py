# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send control requests to the emulator in the process of Ansible, because ansible.builtin.uri takes half a second."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Send `body` as JSON to `url` with `method`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send the request, and fail with the error of the emulator. See `ActionBase.run`."""
        result = super().run(tmp, task_vars)
        address = urlsplit(self._task.args["url"])
        connection = HTTPConnection(address.netloc)
        connection.request(self._task.args["method"], address.path, json.dumps(self._task.args.get("body", {})))
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status >= 400:
            raise AnsibleActionFail(f"The emulator answered {answer.status}: {text}")
        return {**result, "json": json.loads(text)}
