#!/usr/bin/python

# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: live_pull_task_info
short_description: Read the relay tasks of Huawei Cloud Live
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Lists the relay tasks of a project, all of them or those that the options let through.
  - An option that is left out does not filter. With several, a task has to match all.
options:
  task_id:
    description: Only the task with this id.
    type: str
  task_region:
    description: Only tasks of this region. It need not be the O(region) whose service is asked.
    type: str
  source_type:
    description:
      - Only tasks that relay a live stream, V(PullLivePushLive), or that play a list of files, V(PullVodPushLive).
        Nothing else is allowed.
    type: str
  status:
    description: Only tasks with this status, for example V(enable) or V(pause).
    type: str
  domain:
    description: Only tasks that push to this ingest domain.
    type: str
  app_name:
    description: Only tasks that push to this application.
    type: str
  stream_name:
    description: Only tasks that push this stream.
    type: str
extends_documentation_fragment:
  - huaweicloud.live._attributes
  - huaweicloud.live._attributes.info
  - huaweicloud.live._connection
seealso:
  - module: huaweicloud.live.live_pull_task
  - module: huaweicloud.live.live_pull_tasks
"""

EXAMPLES = r"""
- name: List every relay task of the project
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
  register: relay

- name: Read one task
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
  register: relay

- name: Find the channels that are off air
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    source_type: PullVodPushLive
    status: pause
  register: off_air

- name: Name them
  ansible.builtin.debug:
    msg: "{{ off_air.live_pull_tasks | map(attribute='stream_name') | list }}"
"""

RETURN = r"""
live_pull_tasks:
  description:
    - The tasks, in the service's order. An empty list if there is none.
    - Each is what RV(huaweicloud.live.live_pull_task#module:live_pull_task) describes. A V(PullLivePushLive) task has
      just the fields that the service lists.
  returned: success
  type: list
  elements: dict
  sample:
    - task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
      status: enable
      source_type: PullVodPushLive
      source_urls: ["https://media.example.com/channel/morning.mp4"]
      vod_loop_time: "-1"
      vod_refresh_type: immediate_new_source
      vod_start_video_index: 0
      vod_start_video_time: 0
      start_time: "2026-12-24T12:00:00Z"
      end_time: "2026-12-24T14:30:00Z"
      callback_events: [TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm]
      domain: push.example.com
      app_name: live
      stream_name: channel1
total:
  description: How many tasks that is.
  returned: success
  type: int
  sample: 1
"""

import os

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.huaweicloud.live.plugins.module_utils._arguments import CONNECTION_OPTIONS
from ansible_collections.huaweicloud.live.plugins.module_utils._client import REQUESTS_IMPORT_ERROR, connect
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError, redact
from ansible_collections.huaweicloud.live.plugins.module_utils._pull_task import FILTERS, PullTask, TaskFilter

FILTER_OPTIONS = {name: {"type": "str"} for name in FILTERS}


def main() -> None:
    module = AnsibleModule({**FILTER_OPTIONS, **CONNECTION_OPTIONS}, supports_check_mode=True)
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    try:
        wanted = TaskFilter.from_options(module.params)
        client = connect(module.params, os.environ)
        tasks = [PullTask.from_answer(task).result() for task in client.list(**wanted.query) if wanted.matches(task)]
    except LiveError as error:
        module.fail_json(**error.result())
    module.exit_json(changed=False, live_pull_tasks=redact(tasks, client.secrets), total=len(tasks))


if __name__ == "__main__":
    main()
