#!/usr/bin/python

# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: live_pull_task
short_description: Bring a relay task of Huawei Cloud Live to a declared state
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - A relay task of Huawei Cloud Live plays a list of video files in order and pushes it out as a live stream, for
    example a 24/7 channel or a scheduled show.
  - This module compares a task with what is asked, and changes it only if they differ.
  - An option that is left out (or null) is not managed. The task keeps what it has.
  - Works on tasks of the source type C(PullVodPushLive) that exist. It neither creates nor deletes tasks.
extends_documentation_fragment:
  - huaweicloud.live._attributes
  - huaweicloud.live._attributes.changes
  - huaweicloud.live._pull_task
  - huaweicloud.live._pull_task.words
  - huaweicloud.live._pull_task.wait
  - huaweicloud.live._connection
seealso:
  - module: huaweicloud.live.live_pull_task_info
  - module: huaweicloud.live.live_pull_tasks
"""

EXAMPLES = r"""
# The credentials come from the environment (HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK) where an example shows none.

- name: A 24/7 channel, two files in an endless loop
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status: enable
    source_urls:
      - https://media.example.com/channel/morning.mp4
      - https://media.example.com/channel/evening.mp4
    vod_loop_time: -1

- name: Three rounds, then stop
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    vod_loop_time: 3

- name: A show on an evening in Beijing
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls:
      - https://media.example.com/show/premiere.mp4
    vod_loop_time: 1
    start_time: "2026-12-24T20:00:00+08:00"
    end_time: "2026-12-24T22:30:00+08:00"

- name: Swap the playlist and continue where the channel is
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: "{{ new_programme }}"
    vod_refresh_type: continue_from_break_point

- name: Start with the third file, 90 seconds into it
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    vod_start_video_index: 2
    vod_start_video_time: 90

- name: Be called back only when the task starts, stops or is in trouble
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    callback_events:
      - TaskStart
      - TaskExit
      - TaskAlarm

- name: Be called back for everything again
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    callback_events: []

- name: Take a channel off air
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status: pause

- name: See what a change would send, without sending it
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    end_time: "2026-12-31T23:59:59Z"
  check_mode: true
  diff: true
  register: preview

- name: Say where and who once for all modules of this collection
  hosts: localhost
  gather_facts: false
  module_defaults:
    group/huaweicloud.live.live:
      region: cn-north-4
      project_id: 7e0f54d8f3a54b9c8bd8b4e1b6a3c6f2
      access_key: "{{ vault_access_key }}"
      secret_key: "{{ vault_secret_key }}"
  tasks:
    - name: Put the channel on air
      huaweicloud.live.live_pull_task:
        task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        status: enable
"""

RETURN = r"""
live_pull_task:
  description:
    - The task as it is now; in check mode, and with O(wait=false), as it would be.
    - Every field that the service lists. The nine options of this module are in normal form, with times in UTC and the
      documented defaults filled in; V(null) where the service has no value and documents no default.
  returned: success, and on failure if it is known
  type: dict
  contains:
    task_id:
      description: Id of the task.
      type: str
      returned: always
      sample: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status:
      description: Whether the task is on air, V(enable), or not, V(pause).
      type: str
      returned: always
      sample: enable
    source_type:
      description: What the task plays. Only V(PullVodPushLive) tasks can be changed.
      type: str
      returned: when the service gives it
      sample: PullVodPushLive
    source_urls:
      description: The playlist.
      type: list
      elements: str
      returned: always
      sample: ["https://media.example.com/channel/morning.mp4", "https://media.example.com/channel/evening.mp4"]
    vod_loop_time:
      description: Number of rounds, or V(-1) for endless.
      type: str
      returned: always
      sample: "-1"
    vod_refresh_type:
      description: How a change of the playlist takes effect.
      type: str
      returned: always
      sample: immediate_new_source
    vod_start_video_index:
      description: The file to start with, counted from 0.
      type: int
      returned: always
      sample: 0
    vod_start_video_time:
      description: The second at which to start in that file.
      type: int
      returned: always
      sample: 0
    start_time:
      description: When the task starts, in UTC.
      type: str
      returned: always
      sample: "2026-12-24T12:00:00Z"
    end_time:
      description: When the task ends, in UTC.
      type: str
      returned: always
      sample: "2026-12-24T14:30:00Z"
    callback_events:
      description: The events that are called back.
      type: list
      elements: str
      returned: always
      sample: [TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm]
    create_time:
      description: When the task was created.
      type: str
      returned: when the service gives it
      sample: "2026-11-01T08:00:00Z"
    region:
      description: Region of the task.
      type: str
      returned: when the service gives it
      sample: cn-north-4
    domain:
      description: Ingest domain that the stream is pushed to.
      type: str
      returned: when the service gives it
      sample: push.example.com
    app_name:
      description: Application name of the stream.
      type: str
      returned: when the service gives it
      sample: live
    stream_name:
      description: Name of the stream.
      type: str
      returned: when the service gives it
      sample: channel1
    push_args:
      description: Arguments of the push URL.
      type: str
      returned: when the service gives it
      sample: ""
    destination_url:
      description: Address that the stream is pushed to, if it is not given by domain, application and stream.
      type: str
      returned: when the service gives it
      sample: rtmp://push.example.com/live/channel1
    callback_url:
      description: Address that events are reported to.
      type: str
      returned: when the service gives it
      sample: https://ops.example.com/live-events
    backup_source_type:
      description: What is played if the playlist fails.
      type: str
      returned: when the service gives it
      sample: PullVodPushLive
    backup_source_urls:
      description: The playlist that is played if the main one fails.
      type: list
      elements: str
      returned: when the service gives it
      sample: ["https://media.example.com/slate.mp4"]
changes:
  description: Names of the options that differed, sorted. Empty if nothing had to be changed.
  returned: when the task could be compared
  type: list
  elements: str
  sample: [end_time, source_urls]
request:
  description: The body of the change that was sent, on failure perhaps in vain; in check mode, that would be sent.
  returned: when something differs
  type: dict
  sample:
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    vod_loop_time: "3"
    vod_refresh_type: immediate_new_source
    vod_start_video_index: 0
    vod_start_video_time: 0
    start_time: "2026-12-24T12:00:00Z"
    callback_events: [TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm]
request_id:
  description: The service's id for the change, or on failure for the request that failed. Its support asks for it.
  returned: when the service gave one
  type: str
  sample: 85968475-e92f-42db-a754-08e627b6d8dd
restored:
  description: Names of the options that the service emptied because the change left them out, and that were restored.
  returned: when there are any
  type: list
  elements: str
  sample: [end_time, source_urls]
diff:
  description: The options given, before and after. Empty on both sides if the task could not be compared.
  returned: always, once the task was read
  type: dict
  contains:
    before:
      description: The options as they were.
      type: dict
      returned: always
      sample: {vod_loop_time: "-1"}
    after:
      description: The options as asked.
      type: dict
      returned: always
      sample: {vod_loop_time: "3"}
    before_header:
      description: Names the task.
      type: str
      returned: always
      sample: pull task 7864b3dc-e92f-42db-a754-08e627b6d8dd
    after_header:
      description: Names the task.
      type: str
      returned: always
      sample: pull task 7864b3dc-e92f-42db-a754-08e627b6d8dd
error_code:
  description: The service's code for the error.
  returned: failure, when the service gave one
  type: str
  sample: LIVE.100011001
error_msg:
  description: The service's words for the error.
  returned: failure, when the service gave them
  type: str
  sample: Request Illegal
http_status:
  description: The HTTP status of the answer.
  returned: failure, when there was an answer
  type: int
  sample: 400
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._module import main
from ..module_utils._options import (
    CONNECTION_OPTIONS,
    RECREATE_OPTIONS,
    TASK_OPTIONS,
    WAIT_OPTIONS,
    WORDS_OPTIONS,
    status_words,
    wait_timeout,
)
from ..module_utils._reconcile import reconcile
from ..module_utils._service.connect import connect
from ..module_utils._service.transport import Tell
from ..module_utils._task.task import Wanted

ARGUMENTS = {**TASK_OPTIONS, **RECREATE_OPTIONS, **WORDS_OPTIONS, **WAIT_OPTIONS, **CONNECTION_OPTIONS}


def run(options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Tell) -> dict[str, Any]:
    """Bring one task to what is asked; see `_module.Run`."""
    wanted = Wanted.from_options(options)
    timeout, words = wait_timeout(options), status_words(options)
    client = connect(options, environ, tell)
    [outcome] = reconcile(client, [wanted], check_mode=check_mode, wait_timeout=timeout, status_words=words)
    results = {**outcome.result(), "diff": outcome.diff, "warnings": [*outcome.warnings.values()]}
    return client.secrets.mask_results(results)


if __name__ == "__main__":
    main(ARGUMENTS, run)
