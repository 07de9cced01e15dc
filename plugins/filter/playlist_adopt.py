# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import playlist_adopt

DOCUMENTATION = r"""
name: playlist_adopt
short_description: Turn relay tasks into channels of the role playlist
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Returns channels that declare relay tasks in their current state. If the role P(huaweicloud.live.playlist#role) runs
    with these channels, it changes nothing.
  - A channel is identified by the stream of its task. If several tasks push to the stream, or the task has a
    C(destination_url), the channel is identified by the id of the task.
  - A channel has each option that its task has and that can be declared. There are two exceptions. A C(start_time) in
    the past is left out, because it has no effect any more. C(callback_events) are left out if they are all events,
    which is the default.
  - In C(source_urls), characters that a URL cannot contain, such as a blank, are percent-encoded. For the role, this is
    no difference.
positional: _input, now
options:
  _input:
    description:
      - All tasks of the project, from RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks).
      - By default their C(callback_url), C(push_args) and C(backup_source_urls) are masked, and so not declared. With
        O(huaweicloud.live.live_pull_task_info#module:show_secrets=true) they are declared.
    type: list
    elements: dict
    required: true
  now:
    description: The current time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
seealso:
  - module: huaweicloud.live.live_pull_task_info
  - plugin: huaweicloud.live.playlist
    plugin_type: role
  - plugin: huaweicloud.live.playlist_tasks
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read all relay tasks
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
  register: relay

- name: Check that no channel would change
  ansible.builtin.include_role:
    name: huaweicloud.live.playlist
  vars:
    playlist_channels: "{{ (relay.live_pull_tasks | huaweicloud.live.playlist_adopt(time)).channels }}"
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
"""

RETURN = r"""
_value:
  description: The channels, and what they do not declare.
  type: dict
  contains:
    channels:
      description:
        - The options of the role's O(huaweicloud.live.playlist#role:main:playlist_channels), one dictionary for each
          task that can be a channel, in the same order.
      returned: always
      type: list
      elements: dict
      sample:
        - domain: push.example.com
          app_name: live
          stream_name: channel1
          source_urls: ["https://media.example.com/channel/morning.mp4"]
          mode: loop
          start_at: {index: 0, seconds: 0}
          on_update: continue_from_break_point
          on_air: true
          end_time: "2026-12-30T12:00:00Z"
    notes:
      description:
        - A sentence for each task that is left out, such as a task that relays a live stream, and for each channel that
          does not declare all options of its task.
      returned: always
      type: list
      elements: str
      sample:
        - >-
          push.example.com/live/channel1 (task 7864b3dc-e92f-42db-a754-08e627b6d8dd): not declared: callback_url
          (hidden). The role leaves them as they are.
"""


class FilterModule:
    """The filter playlist_adopt."""

    def filters(self) -> dict[str, object]:
        return {"playlist_adopt": playlist_adopt}
