#!/usr/bin/python

# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: live_pull_tasks
short_description: Bring many relay tasks of Huawei Cloud Live to their declared state
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Creates, changes and deletes many tasks in one call. Each task has the options of
    M(huaweicloud.live.live_pull_task), except O(huaweicloud.live.live_pull_task#module:recreate).
  - The tasks are read in pages of 100, so a fleet in the declared state takes only a few requests. Tasks that differ
    are changed and verified one by one until one has succeeded (the canary). Then several are changed at a time, and
    all are verified together. So a change with an unexpected effect reaches only one task.
  - The options of all tasks are checked before the first request. Then every task is attempted, even if others fail. If
    any task fails, the module fails and returns the results of all tasks.
  - If three tasks in a row fail with a network error or an HTTP status of 500 or more, the rest is not attempted. The
    same applies if the service rejects the credentials, or if none of the first three accepted changes takes effect.
options:
  concurrency:
    description:
      - How many tasks are changed at a time, 1 to 16.
      - If the service throttles a request (HTTP 429), all requests wait for the time that it requests, and then
        continue at the rate that it served in the second before.
    type: int
    default: 4
  preflight:
    description:
      - Whether to change nothing if any task would fail, because it does not exist, or because a declared option is not
        allowed together with a value that the task has.
    type: bool
    default: false
    version_added: 2.0.0
extends_documentation_fragment:
  - huaweicloud.live._attributes
  - huaweicloud.live._attributes.changes
  - huaweicloud.live._pull_task.tasks
  - huaweicloud.live._pull_task.secrets
  - huaweicloud.live._pull_task.words
  - huaweicloud.live._pull_task.wait
  - huaweicloud.live._connection
seealso:
  - module: huaweicloud.live.live_pull_task
  - module: huaweicloud.live.live_pull_task_info
"""

EXAMPLES = r"""
- name: Change two channels
  huaweicloud.live.live_pull_tasks:
    region: cn-north-4
    tasks:
      - task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        status: enable
        source_urls:
          - https://media.example.com/one/morning.mp4
          - https://media.example.com/one/evening.mp4
      - task_id: 0b9b2f6e-64bb-4c55-8e4e-7ad1c0ef3b0a
        status: enable
        vod_loop_time: 3

- name: Create one channel, pause one, and delete one
  huaweicloud.live.live_pull_tasks:
    region: cn-north-4
    tasks:
      - domain: push.example.com
        app_name: live
        stream_name: films
        source_urls:
          - https://media.example.com/films/one.mp4
          - https://media.example.com/films/two.mp4
      - domain: push.example.com
        app_name: live
        stream_name: news
        status: pause
      - domain: push.example.com
        app_name: live
        stream_name: summer
        state: absent

# The variable fleet is a list of tasks as above, for example from a variables file.
- name: Pause all channels of a fleet, eight at a time
  huaweicloud.live.live_pull_tasks:
    region: cn-north-4
    concurrency: 8
    tasks: "{{ fleet | map('combine', {'status': 'pause'}) }}"

- name: Preview the changes of a fleet
  huaweicloud.live.live_pull_tasks:
    region: cn-north-4
    tasks: "{{ fleet }}"
  check_mode: true
  diff: true

- name: Continue if some channels fail, and report their errors
  block:
    - name: Bring the fleet to its declared state
      huaweicloud.live.live_pull_tasks:
        region: cn-north-4
        tasks: "{{ fleet }}"
      register: converged
  rescue:
    - name: Report the errors
      ansible.builtin.debug:
        msg: "{{ converged.live_pull_tasks | selectattr('failed', 'defined') | map(attribute='msg') | list }}"
"""

RETURN = r"""
live_pull_tasks:
  description: The result of each task, in the order of declaration.
  returned: success, and on failure if the tasks were read
  type: list
  elements: dict
  contains:
    task_id:
      description: The id of the task. V(null) for a task that was declared by its destination and does not exist.
      type: str
      returned: always
      sample: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    destination:
      description: The destination of the task, as declared.
      type: str
      returned: when the task was declared by its destination, and was not in the declared state
      sample: push.example.com/live/films
    changed:
      description:
        - Whether the task was changed. In check mode, whether it would be changed. On failure, whether it may have
          been changed.
      type: bool
      returned: always
      sample: true
    changes:
      description:
        - The names of the options that differed, sorted. For a created task, all options that it was created with. For
          a deleted task, C(state).
      type: list
      elements: str
      returned: when the task could be compared, and differs
      sample: [vod_loop_time]
    live_pull_task:
      description:
        - The current task, in check mode the expected task. Empty with O(tasks[].state=absent).
        - It has the fields of RV(huaweicloud.live.live_pull_task#module:live_pull_task).
      type: dict
      returned: when it is known, and the task was not in the declared state
      sample:
        task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        status: enable
        vod_loop_time: "3"
    request:
      description:
        - The body of the request that was sent, or in check mode would be sent. For a created task, the body of the
          create. For a deleted task, its id.
      type: dict
      returned: when something differs
      sample:
        task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        vod_loop_time: "3"
        vod_refresh_type: immediate_new_source
        vod_start_video_index: 0
        vod_start_video_time: 0
        start_time: "2026-12-24T12:00:00Z"
        callback_events: [TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm]
    request_id:
      description: The service's id of the request.
      type: str
      returned: when the service returned one
      sample: 85968475-e92f-42db-a754-08e627b6d8dd
    created:
      description: V(true) if the task was created. In check mode, if it would be created.
      type: bool
      returned: when the task was created
      sample: true
    deleted:
      description: V(true) if the task was deleted. In check mode, if it would be deleted.
      type: bool
      returned: when the task was deleted
      sample: true
    restored:
      description:
        - The names of the options that the service emptied because the change left them out, and were restored.
      type: list
      elements: str
      returned: when there are any
      sample: [end_time, source_urls]
    stream:
      description:
        - The stream of the task, with the fields of RV(huaweicloud.live.live_pull_task#module:stream).
      type: dict
      returned: with O(wait_for=stream), unless it could not be read, or the task failed before
      sample: {online: true, since: "2026-12-24T12:00:03Z", client_ip: 192.0.2.10}
    failed:
      description: V(true) if the task failed.
      type: bool
      returned: failure of this task
      sample: true
    msg:
      description: The error, and whether the task was changed.
      type: str
      returned: failure of this task
      sample: >-
        PUT https://live.cn-north-4.myhuaweicloud.com/v1/0a1b2c3d4e5f60718293a4b5c6d7e8f9/pull/stream/task failed:
        HTTP 400, LIVE.100011001 Request Illegal (request id 85968475-e92f-42db-a754-08e627b6d8dd). Nothing was changed.
    error_code:
      description: The error code of the service.
      type: str
      returned: failure of this task, when the service returned one
      sample: LIVE.100011001
    error_msg:
      description: The error message of the service.
      type: str
      returned: failure of this task, when the service returned one
      sample: Request Illegal
    http_status:
      description: The HTTP status of the response.
      type: int
      returned: failure of this task, when there was a response
      sample: 400
summary:
  description:
    - The numbers of changed, unchanged and failed tasks, which add up to all tasks. The other numbers are included in
      these.
  returned: success, and on failure if the tasks were read
  type: dict
  contains:
    changed:
      description: The number of tasks that were changed, created or deleted, or would be in check mode.
      type: int
      returned: always
      sample: 12
    unchanged:
      description: The number of tasks that were in the declared state.
      type: int
      returned: always
      sample: 188
    failed:
      description: The number of tasks that failed.
      type: int
      returned: always
      sample: 0
    created:
      description: The number of tasks that were created, or would be in check mode.
      type: int
      returned: always
      sample: 2
    deleted:
      description: The number of tasks that were deleted, or would be in check mode.
      type: int
      returned: always
      sample: 1
    not_attempted:
      description: The number of failed tasks that were not attempted, because others failed or with O(preflight=true).
      type: int
      returned: always
      sample: 0
diff:
  description:
    - For each task that was changed, or in check mode would be, the declared options before and after. Passwords and
      tokens in URLs are masked.
  returned: success, and on failure if the tasks were read
  type: list
  elements: dict
  sample:
    - before_header: pull task 7864b3dc-e92f-42db-a754-08e627b6d8dd
      before: {vod_loop_time: "-1"}
      after_header: pull task 7864b3dc-e92f-42db-a754-08e627b6d8dd
      after: {vod_loop_time: "3"}
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._clock import Reporter
from ..module_utils._engine.report import fleet_results
from ..module_utils._engine.run import reconcile
from ..module_utils._module import main
from ..module_utils._options import FLEET_OPTIONS, TASKS_OPTIONS, WRITE_OPTIONS, number, reconcile_arguments
from ..module_utils._service.connect import connect
from ..module_utils._task.task import Declaration

ARGUMENTS = {**TASKS_OPTIONS, **FLEET_OPTIONS, **WRITE_OPTIONS}


def run(options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Reporter) -> dict[str, Any]:
    """Bring many tasks to the declared state; see `_module.Run`."""
    declared, how = Declaration.from_list(options["tasks"]), reconcile_arguments(options)
    workers = int(number(options, "concurrency"))
    how.update(concurrency=workers, preflight=options["preflight"])
    client = connect(options, environ, tell, workers)
    outcomes = reconcile(client, declared, check_mode=check_mode, tell=tell, **how)
    return client.secrets.mask_results(fleet_results(outcomes, check_mode))


if __name__ == "__main__":
    main(ARGUMENTS, run)
