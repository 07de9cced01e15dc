# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module on the official SDK that reads one relay task."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdklive.v1 import ListPullTasksRequest, LiveClient


def main() -> None:
    module = AnsibleModule(
        {
            "task_id": {"type": "str", "required": True},
            "endpoint": {"type": "str", "required": True},
            "project_id": {"type": "str", "required": True},
            "access_key": {"type": "str", "required": True, "no_log": False},
            "secret_key": {"type": "str", "required": True, "no_log": True},
        }
    )
    credentials = BasicCredentials(
        module.params["access_key"], module.params["secret_key"], module.params["project_id"]
    )
    client = LiveClient.new_builder().with_credentials(credentials).with_endpoints([module.params["endpoint"]]).build()
    response = client.list_pull_tasks(ListPullTasksRequest(task_id=module.params["task_id"], limit=100, offset=0))
    if len(response.task_infos) != 1:
        module.fail_json(msg="the task was not listed")
    module.exit_json(changed=False, live_pull_task=response.task_infos[0].to_dict())


if __name__ == "__main__":
    main()
