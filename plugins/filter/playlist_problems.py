# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import playlist_problems

DOCUMENTATION = r"""
name: playlist_problems
short_description: List the problems of the channels of the role playlist
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Returns every problem for which P(huaweicloud.live.playlist_tasks#filter) would refuse channels. The role
    P(huaweicloud.live.playlist#role) checks channels in the same way.
  - It makes no request and opens no file, so that you can check channels on any machine before you use them.
positional: _input, now, files
options:
  _input:
    description: The channels, as in the role's O(huaweicloud.live.playlist#role:main:playlist_channels).
    type: list
    elements: dict
    required: true
  now:
    description: The current time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  files:
    description:
      - The result of the lookup P(huaweicloud.live.playlist_files#lookup) for the channels.
      - Required if a channel has an C(m3u).
    type: dict
seealso:
  - plugin: huaweicloud.live.playlist_files
    plugin_type: lookup
  - plugin: huaweicloud.live.playlist_tasks
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Check channels without a request to the service
  ansible.builtin.assert:
    that: problems == []
    fail_msg: "{{ problems | join('\n') }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    files: "{{ lookup('huaweicloud.live.playlist_files', channels) }}"
    problems: "{{ channels | huaweicloud.live.playlist_problems(time, files) }}"
"""

RETURN = r"""
_value:
  description: The problems, each with its channel. Empty if there is none.
  type: list
  elements: str
  sample:
    - >-
      playlist_channels[2] (task push.example.com/live/films): rounds: missing. Mode rounds needs it. Allowed: an
      integer of 1 or more.
"""


class FilterModule:
    """The filter playlist_problems."""

    def filters(self) -> dict[str, object]:
        return {"playlist_problems": playlist_problems}
