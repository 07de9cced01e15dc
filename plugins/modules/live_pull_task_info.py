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
  - Lists the relay tasks of a project that match all filters. Without a filter, all tasks are listed.
extends_documentation_fragment:
  - huaweicloud.live._attributes
  - huaweicloud.live._attributes.info
  - huaweicloud.live._filters
  - huaweicloud.live._pull_task.streams
  - huaweicloud.live._pull_task.secrets
  - huaweicloud.live._pull_task.words
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

- name: Report the channels that are enabled but outside their window
  ansible.builtin.debug:
    msg: "{{ relay.live_pull_tasks | selectattr('air.state', 'in', off_air) | map(attribute='stream_name') | list }}"
  vars:
    off_air: [ahead, over]

- name: Find the channels that should be on air and are not pushed
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    streams: true
  register: relay

- name: Report the names of the dark channels
  ansible.builtin.debug:
    msg: "{{ relay.live_pull_tasks | selectattr('air.state', 'eq', 'dark') | map(attribute='stream_name') | list }}"

- name: Read one task
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
  register: relay

- name: Find a channel by its destination
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    domain: push.example.com
    app_name: live
    stream_name: channel1
  register: relay

- name: Read the callback URLs of all channels, which are masked by default
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    show_secrets: true
  register: with_urls
  no_log: true

- name: Find the channels that are paused
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    source_type: PullVodPushLive
    status: pause
  register: paused

- name: Report their names
  ansible.builtin.debug:
    msg: "{{ paused.live_pull_tasks | map(attribute='stream_name') | list }}"
"""

RETURN = r"""
live_pull_tasks:
  description:
    - The tasks in the order of the service. An empty list if no task matches.
    - Each task has the fields of RV(huaweicloud.live.live_pull_task#module:live_pull_task) and V(air). A
      V(PullLivePushLive) task has only the fields that the service lists, and V(air).
    - Fields that often contain a key are masked unless O(show_secrets=true).
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
      air: {state: ahead, since: null, until: "2026-12-24T12:00:00Z", seconds_left: 3600}
  contains:
    stream:
      description:
        - The stream at the address of the task, as the service lists it. It may be pushed by someone else.
        - V(null) if the service does not know it, because the domain is refused or the O(ignore:destination_url) is
          not at an ingest domain of the project.
      returned: O(streams=true)
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
    air:
      description:
        - Whether the task is on air now, by its settings, the clock of this machine and, with O(streams=true), its
          stream. See also the guide "Watching channels".
      returned: always
      type: dict
      contains:
        state:
          description:
            - V(on_air) - the task is enabled and in its window. A window can have no start or no end.
            - V(dark) - with O(streams=true), the task has been in its window for at least a minute, and is not pushed.
            - V(played) - with O(streams=true), the task has a number of rounds, and is not pushed. They may have ended.
            - V(ahead) - the task is enabled, and its window is in the future.
            - V(over) - the task is enabled, and its window is in the past.
            - V(paused) - the task is paused.
            - V(unknown) - the status is an unknown word (see O(status_words)), or a time cannot be parsed.
          returned: always
          type: str
          sample: ahead
        since:
          description: The time at which this state began. V(null) if the settings do not say.
          returned: always
          type: str
          sample: "2026-12-24T12:00:00Z"
        until:
          description: The time at which this state ends. V(null) if it does not end, or the settings do not say.
          returned: always
          type: str
          sample: "2026-12-24T14:30:00Z"
        seconds_left:
          description: The number of seconds from now to RV(live_pull_tasks[].air.until).
          returned: always
          type: int
          sample: 3600
total:
  description: The number of tasks.
  returned: success
  type: int
  sample: 1
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._clock import Clock, Reporter
from ..module_utils._engine.streams import report_tasks
from ..module_utils._errors import LiveApiError
from ..module_utils._module import main
from ..module_utils._options import FILTER_OPTIONS, READ_OPTIONS, status_words
from ..module_utils._service.client import LiveClient
from ..module_utils._service.connect import connect
from ..module_utils._task.filters import TaskFilter
from ..module_utils._task.matching import Listing
from ..module_utils._task.task import Declaration, PullTask

ARGUMENTS = {**FILTER_OPTIONS, **READ_OPTIONS}


def run(options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Reporter) -> dict[str, Any]:
    """List the tasks that match the options; see `_module.Run`."""
    task_filter, words = TaskFilter.from_options(options), status_words(options)
    client = connect(options, environ, tell)
    listed = ((answer, PullTask.from_answer(answer, words)) for answer in client.list(task_filter.query))
    # The filter may have the word of the service for a status, or its meaning.
    found = [task for answer, task in listed if task_filter.matches(answer) or task_filter.matches(task.result())]
    tasks, warnings = report_tasks(client if options.get("streams") else None, found, Clock().now())
    warnings += [] if tasks else task_filter.doubts(_hint(task_filter, client))
    results = {"changed": False, "live_pull_tasks": tasks, "total": len(tasks), "warnings": warnings}
    return client.secrets.mask_results(results)


def _hint(task_filter: TaskFilter, client: LiveClient) -> str:
    """Return a sentence about tasks whose stream has a name similar to the task_id of the filter."""
    if not task_filter.stream_for_id:
        return ""
    try:
        listing = Listing(map(PullTask.from_answer, client.list({})))
    except LiveApiError:
        return ""
    return listing.hint(Declaration(task_filter.stream_for_id, {}))


if __name__ == "__main__":
    main(ARGUMENTS, run, reads=True)
