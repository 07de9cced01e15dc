# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import playlist_check

DOCUMENTATION = r"""
name: playlist_check
short_description: Check the channels of the role playlist, once for a run
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Checks channels as P(huaweicloud.live.playlist_problems#filter) does, and also returns the channels, parsed, for
    P(huaweicloud.live.playlist_tasks#filter). The role P(huaweicloud.live.playlist#role) calls this filter for you.
  - The role checks the channels before it reads the tasks, and needs the tasks to declare windows and programmes. With
    this filter, each file is read once, and each channel is parsed once.
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
notes:
  - The result holds everything that the channels hold, secrets included. Use C(no_log) when you keep it in a variable.
seealso:
  - plugin: huaweicloud.live.playlist_files
    plugin_type: lookup
  - plugin: huaweicloud.live.playlist_tasks
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the files and check the channels
  ansible.builtin.set_fact:
    checked: "{{ channels | huaweicloud.live.playlist_check(time, files) }}"
  no_log: true
  vars:
    files: "{{ lookup('huaweicloud.live.playlist_files', channels) }}"
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
"""

RETURN = r"""
_value:
  description: The problems, and the parsed channels.
  type: dict
  contains:
    problems:
      description: What P(huaweicloud.live.playlist_problems#filter) returns.
      type: list
      elements: str
      sample: []
    channels:
      description: The parsed channels, in a form that may change. Give the whole result to the next filter instead.
      type: list
      elements: dict
"""


class FilterModule:
    """The filter playlist_check."""

    def filters(self) -> dict[str, object]:
        return {"playlist_check": playlist_check}
