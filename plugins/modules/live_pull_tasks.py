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
  - Does for many tasks at once what M(huaweicloud.live.live_pull_task) does for one, with the same options for each.
    Tasks are created, changed and deleted in one call. Only O(huaweicloud.live.live_pull_task#module:recreate) is for
    one task at a time.
  - The tasks are read by pages of 100 instead of one by one, so that a fleet that is as asked costs a few requests. One
    list serves all tasks that are named by their destination. Tasks that differ are written and read back one by one
    until one has succeeded, then several at a time, and all are read back together. So a service that does what nobody
    expects does it to one task.
  - The options of all tasks are checked before the first request. Then every task is attempted, also after another has
    failed; if any has, the module fails with the results of all. After three tasks in a row failed at the network or
    with an HTTP status of 500 or more, or one because the service does not accept the credentials any more, the others
    are not attempted.
options:
  concurrency:
    description:
      - How many tasks are written at a time, 1 to 16.
      - When the service throttles a request (HTTP 429), all wait for as long as it asks, and then go on at its pace, as
        many in a second as it served in the second before.
    type: int
    default: 4
  preflight:
    description:
      - Whether to write nothing at all if any of the tasks cannot be done, because it does not exist or what is asked
        breaks a rule together with what it has.
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
- name: Two channels, one call
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

- name: One channel comes, one changes, one goes
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

# fleet is a list like the one above, for example from a variables file.
- name: Take every channel of a fleet off air, eight at a time
  huaweicloud.live.live_pull_tasks:
    region: cn-north-4
    concurrency: 8
    tasks: "{{ fleet | map('combine', {'status': 'pause'}) }}"

- name: See what would change in a fleet
  huaweicloud.live.live_pull_tasks:
    region: cn-north-4
    tasks: "{{ fleet }}"
  check_mode: true
  diff: true

- name: Go on if some channels fail, and name them
  block:
    - name: Converge the fleet
      huaweicloud.live.live_pull_tasks:
        region: cn-north-4
        tasks: "{{ fleet }}"
      register: converged
  rescue:
    - name: Name the channels that failed
      ansible.builtin.debug:
        msg: "{{ converged.live_pull_tasks | selectattr('failed', 'defined') | map(attribute='msg') | list }}"
"""

RETURN = r"""
live_pull_tasks:
  description: What became of each task, in the order asked.
  returned: success, and on failure once the tasks were read
  type: list
  elements: dict
  contains:
    task_id:
      description: Id of the task; V(null) for one that is named by its destination and is not there.
      type: str
      returned: always
      sample: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    destination:
      description: Where the task pushes its stream to, as it was named.
      type: str
      returned: when it was named by its destination, and was not as asked already
      sample: push.example.com/live/films
    changed:
      description:
        - Whether the task was changed; in check mode, whether it would be. On failure, whether it may have been.
      type: bool
      returned: always
      sample: true
    changes:
      description:
        - Names of the options that differed, sorted. Of a task that was created, all that it was given. Of one that was
          deleted, C(state).
      type: list
      elements: str
      returned: when the task could be compared, and differs
      sample: [vod_loop_time]
    live_pull_task:
      description:
        - The task as it is now, in check mode as it would be. Empty after O(tasks[].state=absent).
        - It has the fields of RV(huaweicloud.live.live_pull_task#module:live_pull_task).
      type: dict
      returned: when it is known, and the task was not as asked already
      sample:
        task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        status: enable
        vod_loop_time: "3"
    request:
      description:
        - The body that was sent, or that would be in check mode. Of a task that was created, the body of the create. Of
          one that was deleted, its id.
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
      description: The service's id for the request.
      type: str
      returned: when the service gave one
      sample: 85968475-e92f-42db-a754-08e627b6d8dd
    created:
      description: V(true) if the task was created; in check mode, if it would be.
      type: bool
      returned: when it was
      sample: true
    deleted:
      description: V(true) if the task was deleted; in check mode, if it would be.
      type: bool
      returned: when it was
      sample: true
    restored:
      description: Names of the options that the service emptied because the change left them out, and were restored.
      type: list
      elements: str
      returned: when there are any
      sample: [end_time, source_urls]
    failed:
      description: V(true) for a task that failed.
      type: bool
      returned: failure of this task
      sample: true
    msg:
      description: Why the task failed, and whether it was changed.
      type: str
      returned: failure of this task
      sample: >-
        There is no task 7864b3dc-e92f-42db-a754-08e627b6d8dd in project 0a1b2c3d4e5f60718293a4b5c6d7e8f9 at
        https://live.cn-north-4.myhuaweicloud.com. A task_id is given by the service, and is no name of a stream: to
        have a task created, name it by domain, app_name and stream_name. Nothing was changed.
    error_code:
      description: The service's code for the error.
      type: str
      returned: failure of this task, when the service gave one
      sample: LIVE.100011001
    error_msg:
      description: The service's words for the error.
      type: str
      returned: failure of this task, when the service gave them
      sample: Request Illegal
    http_status:
      description: The HTTP status of the answer.
      type: int
      returned: failure of this task, when there was an answer
      sample: 400
summary:
  description:
    - How many tasks were changed, were as asked already, and failed, which is all of them. The other numbers count
      within these.
  returned: success, and on failure once the tasks were read
  type: dict
  contains:
    changed:
      description: Tasks that were changed, created or deleted; in check mode, that would be.
      type: int
      returned: always
      sample: 12
    unchanged:
      description: Tasks that were as asked.
      type: int
      returned: always
      sample: 188
    failed:
      description: Tasks that failed.
      type: int
      returned: always
      sample: 0
    created:
      description: Tasks that were created; in check mode, that would be.
      type: int
      returned: always
      sample: 2
    deleted:
      description: Tasks that were deleted; in check mode, that would be.
      type: int
      returned: always
      sample: 1
    not_attempted:
      description: Those of the failed tasks whose turn never came, after others had failed or with O(preflight=true).
      type: int
      returned: always
      sample: 0
diff:
  description:
    - Of each task that was changed, or in check mode would be, the options given before and after. Passwords and tokens
      in URLs are masked.
  returned: success, and on failure once the tasks were read
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
from ..module_utils._options import (
    CONNECTION_OPTIONS,
    FLEET_OPTIONS,
    SECRETS_OPTIONS,
    TASKS_OPTIONS,
    WAIT_OPTIONS,
    WORDS_OPTIONS,
    number,
    status_words,
    wait_timeout,
)
from ..module_utils._service.connect import connect
from ..module_utils._task.task import Declaration

ARGUMENTS = {**TASKS_OPTIONS, **SECRETS_OPTIONS, **WORDS_OPTIONS, **FLEET_OPTIONS, **WAIT_OPTIONS, **CONNECTION_OPTIONS}


def run(options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Reporter) -> dict[str, Any]:
    """Bring many tasks to the declared state; see `_module.Run`."""
    declared = Declaration.from_list(options["tasks"])
    timeout, words = wait_timeout(options), status_words(options)
    workers = int(number(options, "concurrency"))
    client = connect(options, environ, tell, workers)
    outcomes = reconcile(
        client,
        declared,
        check_mode=check_mode,
        wait_timeout=timeout,
        concurrency=workers,
        preflight=options["preflight"],
        status_words=words,
        tell=tell,
    )
    return client.secrets.mask_results(fleet_results(outcomes, check_mode))


if __name__ == "__main__":
    main(ARGUMENTS, run)
