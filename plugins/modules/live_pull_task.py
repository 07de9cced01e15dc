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
  - This module compares a task with what is asked, and changes it only if they differ. A task that is not there is
    created; with O(state=absent), one that is there is deleted.
  - The task is named by where it pushes its stream to, which is O(domain), O(app_name) and O(stream_name), or
    O(destination_url). Where several push to the same place, it is named by O(task_id).
  - An option that is left out (or null) is not managed. The task keeps what it has.
  - What is fixed for the life of a task, O(callback_url) for example, changes only with O(recreate), which puts another
    task in its place.
  - Tasks of the source type C(PullVodPushLive) are created, changed and deleted; those of the type C(PullLivePushLive)
    are created and deleted, because the service cannot modify them.
options:
  recreate:
    description:
      - Whether the task may be deleted and created anew, if what is fixed for its life is not as asked, which is
        O(source_type), O(task_region), O(push_args), O(callback_url), O(backup_source_type) and O(backup_source_urls).
        For a task that relays a live stream it is every option.
      - The new task has what is asked, and all else as the old one had it, but for a start that is over. It has
        another id, and the channel is off air in between.
      - If the create fails after the delete, the settings are in the results, as RV(request).
      - Between the delete and the create, only this run knows the settings. So that an interruption loses none,
        O(push_args), O(callback_url), O(destination_url) and O(backup_source_urls) must be declared if the old task has
        them, and all options are displayed before the delete, masked.
      - A run that is shipped or has C(no_log) can display nothing. There, and if the display would mask a part of an
        option that is not declared, every option must be declared that is not at its default.
      - If nothing of that kind differs, nothing is deleted. With V(false), such a difference is an error, and nothing
        is changed.
      - An option that the service lists as missing, null or masked cannot be compared. If it is declared, that is a
        warning, and no reason to delete the task.
    type: bool
    default: false
    version_added: 2.0.0
extends_documentation_fragment:
  - huaweicloud.live._attributes
  - huaweicloud.live._attributes.changes
  - huaweicloud.live._pull_task
  - huaweicloud.live._pull_task.secrets
  - huaweicloud.live._pull_task.words
  - huaweicloud.live._pull_task.wait
  - huaweicloud.live._connection
seealso:
  - module: huaweicloud.live.live_pull_task_info
  - module: huaweicloud.live.live_pull_tasks
"""

EXAMPLES = r"""
# The credentials come from the environment (HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK) where an example shows none.

# The service ends every task after seven days at most, so that a task created without an end draws a warning. The role
# huaweicloud.live.playlist keeps a channel on air for longer.
- name: A channel by its stream, created if it is not there
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
    status: enable
    source_urls:
      - https://media.example.com/channel/morning.mp4
      - https://media.example.com/channel/evening.mp4
    callback_url: https://ops.example.com/live-events

- name: Change it, found by its stream
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
    vod_loop_time: 3

- name: Delete it
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
    state: absent

# The address for events is fixed for the life of a task. The new task has another id, and the channel is off air in
# between. See what would become of it with --check --diff first.
- name: Put another task in the place of one, because its address for events is wrong
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
    callback_url: https://ops.example.com/new-live-events
    recreate: true

- name: Create a channel for New Year's Eve that nobody sees before
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: new-year
    status: enable
    source_urls:
      - https://media.example.com/new-year/countdown.mp4
    start_time: "2026-12-31T20:00:00+08:00"
    end_time: "2027-01-01T01:00:00+08:00"

- name: Relay a live stream to a partner
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    destination_url: rtmp://partner.example.com/live/channel1
    source_type: PullLivePushLive
    source_urls:
      - rtmp://origin.example.com/live/channel1

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
    vod_start_video_index: 0
    vod_start_video_time: 0
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
    - The task as it is now; in check mode, and with O(wait=false), as it would be. Empty with O(state=absent).
    - Every field that the service lists. The nine options that a modify can change are in normal form, with times in
      UTC and the documented defaults filled in; V(null) where the service has no value and documents no default. A
      V(PullLivePushLive) task has just the fields that the service lists.
  returned: success, and on failure if it is known
  type: dict
  contains:
    task_id:
      description: Id of the task.
      type: str
      returned: always, but in check mode for a task that would be created
      sample: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status:
      description: Whether the task is on air, V(enable), or not, V(pause).
      type: str
      returned: always
      sample: enable
    source_type:
      description: What the task plays. Only a V(PullVodPushLive) task can be modified.
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
      description: Arguments of the push URL. V(********) unless O(show_secrets).
      type: str
      returned: when the service gives it
      sample: ""
    destination_url:
      description:
        - Address that the stream is pushed to, if it is not given by domain, application and stream. A password and
          what follows a question mark are V(********) unless O(show_secrets).
      type: str
      returned: when the service gives it
      sample: rtmp://push.example.com/live/channel1
    callback_url:
      description: Address that events are reported to. V(********) unless O(show_secrets).
      type: str
      returned: when the service gives it
      sample: "********"
    backup_source_type:
      description: What is played when the main source breaks off, V(PullLivePushLive) for a live stream.
      type: str
      returned: when the service gives it
      sample: PullLivePushLive
    backup_source_urls:
      description:
        - The URLs that are played when the main source breaks off. Each is V(********) unless O(show_secrets).
      type: list
      elements: str
      returned: when the service gives it
      sample: ["********"]
changes:
  description:
    - Names of the options that differed, sorted. Empty if nothing had to be changed.
    - Of a task that was created, all options that it was given. Of one that was deleted, C(state).
  returned: when the task could be compared
  type: list
  elements: str
  sample: [end_time, source_urls]
request:
  description:
    - The body of the change that was sent, on failure perhaps in vain; in check mode, that would be sent.
    - Of a task that was created, the body of the create, which holds no status. Of one that was deleted, its id.
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
created:
  description: V(true) if the task was created; in check mode, if it would be.
  returned: when it was
  type: bool
  sample: true
deleted:
  description:
    - V(true) if the task was deleted; in check mode, if it would be.
    - Together with RV(created), the task that is there took the place of another.
  returned: when it was
  type: bool
  sample: true
restored:
  description: Names of the options that the service emptied because the change left them out, and that were restored.
  returned: when there are any
  type: list
  elements: str
  sample: [end_time, source_urls]
diff:
  description:
    - The options given, before and after. Empty on both sides if the task could not be compared.
    - Passwords and tokens in URLs are masked. A value that differs only there ends with V((hidden, changed\)).
    - Of a task that was created or deleted, all that it has or had.
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
      description: Names the task, and tells if it was not there, or is deleted to make place for another.
      type: str
      returned: always
      sample: pull task 7864b3dc-e92f-42db-a754-08e627b6d8dd
    after_header:
      description: Names the task, and tells if it is new, or was deleted.
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

from ..module_utils._clock import Reporter
from ..module_utils._engine.report import diff, task_results
from ..module_utils._engine.run import reconcile
from ..module_utils._module import main
from ..module_utils._options import (
    CONNECTION_OPTIONS,
    RECREATE_OPTIONS,
    SECRETS_OPTIONS,
    TASK_OPTIONS,
    WAIT_OPTIONS,
    WORDS_OPTIONS,
    status_words,
    wait_timeout,
)
from ..module_utils._service.connect import connect
from ..module_utils._task.task import Declaration

ARGUMENTS = {
    **TASK_OPTIONS,
    **RECREATE_OPTIONS,
    **SECRETS_OPTIONS,
    **WORDS_OPTIONS,
    **WAIT_OPTIONS,
    **CONNECTION_OPTIONS,
}


def run(options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Reporter) -> dict[str, Any]:
    """Bring one task to the declared state; see `_module.Run`."""
    declared = Declaration.from_options(options)
    timeout, words = wait_timeout(options), status_words(options)
    client = connect(options, environ, tell)
    [outcome] = reconcile(
        client, [declared], check_mode=check_mode, wait_timeout=timeout, status_words=words, tell=tell
    )
    results = {**task_results(outcome, check_mode), "diff": diff(outcome), "warnings": [*outcome.warnings.values()]}
    return client.secrets.mask_results(results)


if __name__ == "__main__":
    main(ARGUMENTS, run)
