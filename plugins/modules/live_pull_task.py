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
  - This module compares a task with the declared options, and changes it only if they differ. A missing task is
    created. With O(state=absent), the task is deleted.
  - The task is identified by its destination, which is O(domain), O(app_name) and O(stream_name), or
    O(destination_url). If several tasks push to the same destination, use O(task_id).
  - The task keeps the value of an option that is not set or null.
  - The service cannot change immutable options of a task, for example O(callback_url). They change only with
    O(recreate), which replaces the task.
  - Tasks of the source type C(PullVodPushLive) are created, modified and deleted. Tasks of the source type
    C(PullLivePushLive) are created and deleted, because the service cannot modify them.
options:
  recreate:
    description:
      - Whether to delete the task and create it again if an immutable option differs. These are O(source_type),
        O(task_region), O(push_args), O(callback_url), O(backup_source_type) and O(backup_source_urls). All options of a
        task that relays a live stream are immutable.
      - The new task has the declared options. It keeps all other values of the old task, except for a start in the
        past. It has another id, and the channel is off air until it is created.
      - If no immutable option differs, nothing is deleted. With V(false), such a difference is an error, and nothing is
        changed.
      - If the create fails after the delete, RV(request) contains the settings.
      - Between the delete and the create, only this run knows the settings, and an interruption would lose them.
        Therefore all options are displayed before the delete, with masked secrets. If the old task has O(push_args),
        O(callback_url), O(destination_url) or O(backup_source_urls), these must be declared.
      - If the module is shipped to the target, if C(no_log) is set, or if the display would mask an undeclared option,
        every option that is not at its default must be declared.
      - An option that the service does not list, or lists as null or masked, cannot be compared. If it is
        declared, this causes a warning, and the task is not deleted for it.
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
# If an example contains no credentials, they come from the environment (HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK).

# The service ends every task after seven days at most, so a task that is created without an end causes a warning. The
# role huaweicloud.live.playlist keeps a channel on air for longer.
- name: Ensure that a channel exists
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

- name: Play the playlist of the channel three times
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
    vod_loop_time: 3

- name: Delete the channel
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
    state: absent

# callback_url is immutable. The new task has another id, and the channel is off air until it is created. Preview the
# change with --check --diff.
- name: Replace a task because its callback_url is wrong
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
    callback_url: https://ops.example.com/new-live-events
    recreate: true

- name: Create a channel for New Year's Eve that is not visible before its start
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

- name: Play two files in an endless loop
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status: enable
    source_urls:
      - https://media.example.com/channel/morning.mp4
      - https://media.example.com/channel/evening.mp4
    vod_loop_time: -1

- name: Play the playlist three times, then stop
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    vod_loop_time: 3

- name: Schedule a show for an evening in Beijing
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

- name: Replace the playlist and continue at the current position
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: "{{ new_programme }}"
    vod_refresh_type: continue_from_break_point

- name: Start with the third file, at 90 seconds
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    vod_start_video_index: 2
    vod_start_video_time: 90

- name: Receive events only when the task starts, stops or has a problem
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    callback_events:
      - TaskStart
      - TaskExit
      - TaskAlarm

- name: Receive all events again
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    callback_events: []

- name: Take a channel off air
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status: pause

- name: Put a channel on air, and wait until its stream is pushed
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status: enable
    wait_for: stream
  register: channel

- name: Report what viewers get
  ansible.builtin.debug:
    msg: "{{ channel.stream.resolution }} since {{ channel.stream.since }}"

- name: Preview a change without sending it
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    end_time: "2026-12-31T23:59:59Z"
  check_mode: true
  diff: true
  register: preview

- name: Set region and credentials once for all modules of this collection
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
    - The current task. In check mode, and with O(wait=false), the expected task. Empty with O(state=absent).
    - It contains every field that the service lists. The nine options that can be modified are normalized, with times
      in UTC and documented defaults. They are V(null) if the service has no value and documents no default. A
      V(PullLivePushLive) task contains only the fields that the service lists.
  returned: success, and on failure if it is known
  type: dict
  contains:
    task_id:
      description: The id of the task.
      type: str
      returned: always, except in check mode for a task that would be created
      sample: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    status:
      description: V(enable) if the task is on air in its window, V(pause) if it is paused.
      type: str
      returned: always
      sample: enable
    source_type:
      description: The type of the task. Only V(PullVodPushLive) tasks can be modified.
      type: str
      returned: when the service lists it
      sample: PullVodPushLive
    source_urls:
      description: The playlist.
      type: list
      elements: str
      returned: always
      sample: ["https://media.example.com/channel/morning.mp4", "https://media.example.com/channel/evening.mp4"]
    vod_loop_time:
      description: The number of rounds, or V(-1) for an endless loop.
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
      description: The position in seconds at which that file starts.
      type: int
      returned: always
      sample: 0
    start_time:
      description: The time at which the task starts, in UTC.
      type: str
      returned: always
      sample: "2026-12-24T12:00:00Z"
    end_time:
      description: The time at which the task ends, in UTC.
      type: str
      returned: always
      sample: "2026-12-24T14:30:00Z"
    callback_events:
      description: The events that are sent to C(callback_url).
      type: list
      elements: str
      returned: always
      sample: [TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm]
    create_time:
      description: The time at which the task was created.
      type: str
      returned: when the service lists it
      sample: "2026-11-01T08:00:00Z"
    region:
      description: The region of the task.
      type: str
      returned: when the service lists it
      sample: cn-north-4
    domain:
      description: The ingest domain that the stream is pushed to.
      type: str
      returned: when the service lists it
      sample: push.example.com
    app_name:
      description: The application name of the stream.
      type: str
      returned: when the service lists it
      sample: live
    stream_name:
      description: The name of the stream.
      type: str
      returned: when the service lists it
      sample: channel1
    push_args:
      description: The arguments of the push URL. V(********) unless O(show_secrets=true).
      type: str
      returned: when the service lists it
      sample: ""
    destination_url:
      description:
        - The URL that the stream is pushed to, if the task has no domain, application and stream. A password and the
          part after a question mark are V(********) unless O(show_secrets=true).
      type: str
      returned: when the service lists it
      sample: rtmp://push.example.com/live/channel1
    callback_url:
      description: The URL that events are sent to. V(********) unless O(show_secrets=true).
      type: str
      returned: when the service lists it
      sample: "********"
    backup_source_type:
      description: The type of the backup source, V(PullLivePushLive) for a live stream.
      type: str
      returned: when the service lists it
      sample: PullLivePushLive
    backup_source_urls:
      description:
        - The URLs that are played if the main source fails. Each is V(********) unless O(show_secrets=true).
      type: list
      elements: str
      returned: when the service lists it
      sample: ["********"]
changes:
  description:
    - The names of the options that differed, sorted. Empty if nothing was changed.
    - For a created task, all options that it was created with. For a deleted task, C(state).
  returned: when the task could be compared
  type: list
  elements: str
  sample: [end_time, source_urls]
request:
  description:
    - The body of the request that was sent. In check mode, the body that would be sent.
    - For a created task, the body of the create, which has no status. For a deleted task, its id.
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
  description:
    - The id that the service gave to the change. If a request failed, the id of that request. Support asks for it.
  returned: when the service returned one
  type: str
  sample: 85968475-e92f-42db-a754-08e627b6d8dd
created:
  description: V(true) if the task was created. In check mode, if it would be created.
  returned: when the task was created
  type: bool
  sample: true
deleted:
  description:
    - V(true) if the task was deleted. In check mode, if it would be deleted.
    - Together with RV(created), the task was replaced.
  returned: when the task was deleted
  type: bool
  sample: true
restored:
  description:
    - The names of the options that the module restored. The service had emptied them, because the change left them out.
  returned: when there are any
  type: list
  elements: str
  sample: [end_time, source_urls]
stream:
  description:
    - The stream at the address of the task, as the service lists it. It may be pushed by someone else.
    - V(null) if the service does not know it, because the O(destination_url) is not at an ingest domain of the project,
      or if the task does not exist.
  returned: with O(wait_for=stream), unless it could not be read, or the task failed before
  type: dict
  contains:
    online:
      description: Whether a stream is being pushed. The other fields are V(null) if not.
      returned: always
      type: bool
      sample: true
    since:
      description: The time at which this push began.
      returned: always
      type: str
      sample: "2026-12-24T12:00:03Z"
    video_codec:
      description: The codec of the pictures.
      returned: always
      type: str
      sample: H264
    audio_codec:
      description: The codec of the sound.
      returned: always
      type: str
      sample: AAC
    resolution:
      description: The width and height of the pictures in pixels.
      returned: always
      type: str
      sample: 1920*1080
    video_frame_rate:
      description: The number of pictures per second.
      returned: always
      type: float
      sample: 25
    audio_frame_rate:
      description: The number of audio frames per second.
      returned: always
      type: float
      sample: 43
    video_bitrate:
      description: The bit rate of the pictures, in kbit/s.
      returned: always
      type: float
      sample: 4000
    audio_bitrate:
      description: The bit rate of the sound, in kbit/s.
      returned: always
      type: float
      sample: 128
    client_ip:
      description: The address from which the stream is pushed.
      returned: always
      type: str
      sample: 192.0.2.10
diff:
  description:
    - The declared options, before and after. Empty on both sides if the task could not be compared.
    - Passwords and tokens in URLs are masked. A value that differs only there ends with V((hidden, changed\)).
    - For a created or deleted task, all its values.
  returned: always, once the task was read
  type: dict
  contains:
    before:
      description: The options before the change.
      type: dict
      returned: always
      sample: {vod_loop_time: "-1"}
    after:
      description: The declared options.
      type: dict
      returned: always
      sample: {vod_loop_time: "3"}
    before_header:
      description: The task, with a note if it did not exist or is replaced.
      type: str
      returned: always
      sample: pull task 7864b3dc-e92f-42db-a754-08e627b6d8dd
    after_header:
      description: The task, with a note if it is new or deleted.
      type: str
      returned: always
      sample: pull task 7864b3dc-e92f-42db-a754-08e627b6d8dd
error_code:
  description: The error code of the service.
  returned: failure, when the service returned one
  type: str
  sample: LIVE.100011001
error_msg:
  description: The error message of the service.
  returned: failure, when the service returned one
  type: str
  sample: Request Illegal
http_status:
  description: The HTTP status of the response.
  returned: failure, when there was a response
  type: int
  sample: 400
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._clock import Reporter
from ..module_utils._engine.report import diff, task_results
from ..module_utils._engine.run import reconcile
from ..module_utils._module import main
from ..module_utils._options import RECREATE_OPTIONS, TASK_OPTIONS, WRITE_OPTIONS, reconcile_arguments
from ..module_utils._service.connect import connect
from ..module_utils._task.task import Declaration

ARGUMENTS = {**TASK_OPTIONS, **RECREATE_OPTIONS, **WRITE_OPTIONS}


def run(options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Reporter) -> dict[str, Any]:
    """Bring one task to the declared state; see `_module.Run`."""
    declared, how = Declaration.from_options(options), reconcile_arguments(options)
    client = connect(options, environ, tell)
    [outcome] = reconcile(client, [declared], check_mode=check_mode, tell=tell, **how)
    results = {**task_results(outcome, check_mode), "diff": diff(outcome), "warnings": [*outcome.warnings.values()]}
    return client.secrets.mask_results(results)


if __name__ == "__main__":
    main(ARGUMENTS, run)
