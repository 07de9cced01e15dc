# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import playlist_tasks

DOCUMENTATION = r"""
name: playlist_tasks
short_description: Turn the channels of the role playlist into options of tasks
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Checks the channels of the role P(huaweicloud.live.playlist#role), and returns the O(ignore:tasks) for
    M(huaweicloud.live.live_pull_tasks) that they declare. The role calls this filter for you.
  - It reports all problems of all channels in one error, each with its channel. It makes no request and opens no file.
positional: _input, current_tasks, now, base_dir, files, clock
options:
  _input:
    description:
      - The channels, as in the role's O(huaweicloud.live.playlist#role:main:playlist_channels).
      - The result of P(huaweicloud.live.playlist_check#filter) is allowed too. Then O(files) is not needed.
    type: list
    elements: dict
    required: true
  current_tasks:
    description:
      - The tasks as they are, from RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks). Only channels with
        a rolling window or a programme need them.
      - If a channel is named by its id and is not in the list, its window and its position in the playlist stay as they
        are. If it is named by its stream or C(destination_url), a new task is declared, with a window and a start
        position.
    type: list
    elements: dict
    required: true
  now:
    description: The time for rolling windows and programmes, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  base_dir:
    description: Has no effect since version 2.0.0, which takes the text of files from O(files).
    type: path
  files:
    description:
      - The result of the lookup P(huaweicloud.live.playlist_files#lookup) for the channels.
      - Required if a channel has an C(m3u).
    type: dict
    version_added: 2.0.0
  clock:
    description:
      - The current time, if O(now) is another one, for example to rehearse a date. If not set, O(now) is the current
        time.
      - A new task whose window rolls begins at O(clock), without a C(start_time). If O(now) is later, it begins then.
    type: str
    version_added: 2.0.0
seealso:
  - plugin: huaweicloud.live.playlist_files
    plugin_type: lookup
  - plugin: huaweicloud.live.playlist_check
    plugin_type: filter
  - plugin: huaweicloud.live.playlist_problems
    plugin_type: filter
  - plugin: huaweicloud.live.m3u_urls
    plugin_type: filter
  - plugin: huaweicloud.live.rolling_window
    plugin_type: filter
  - module: huaweicloud.live.live_pull_tasks
"""

EXAMPLES = r"""
- name: Check channels without a request to the service
  ansible.builtin.debug:
    msg: "{{ channels | huaweicloud.live.playlist_tasks([], time, files=files) }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    files: "{{ lookup('huaweicloud.live.playlist_files', channels) }}"
    channels:
      - task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        m3u: channel.m3u
        on_air: true
      - domain: push.example.com
        app_name: live
        stream_name: channel2
        remove: true
"""

RETURN = r"""
_value:
  description: Options of M(huaweicloud.live.live_pull_task), one dictionary for each channel, in the same order.
  type: list
  elements: dict
  sample:
    - task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
      status: enable
      source_urls: ["https://media.example.com/channel/morning.mp4"]
      vod_loop_time: "-1"
    - domain: push.example.com
      app_name: live
      stream_name: channel2
      state: absent
"""


class FilterModule:
    """The filter playlist_tasks."""

    def filters(self) -> dict[str, object]:
        return {"playlist_tasks": playlist_tasks}
