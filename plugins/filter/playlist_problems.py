# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from ..plugin_utils._channels import declared

DOCUMENTATION = r"""
name: playlist_problems
short_description: List what is wrong with the channels of the role playlist
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Returns everything that P(huaweicloud.live.playlist_tasks#filter) would refuse of channels, as a list with one
    problem after the other. The role P(huaweicloud.live.playlist#role) does it for you.
  - No request is made, and no file is opened, so that it can check channels anywhere before they are used.
positional: _input, now, files
options:
  _input:
    description: The channels, as the role's O(huaweicloud.live.playlist#role:main:playlist_channels).
    type: list
    elements: dict
    required: true
  now:
    description: The time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  files:
    description:
      - What the lookup P(huaweicloud.live.playlist_files#lookup) returns for the channels.
      - Required if a channel has an C(m3u).
    type: dict
seealso:
  - plugin: huaweicloud.live.playlist_files
    plugin_type: lookup
  - plugin: huaweicloud.live.playlist_tasks
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Check channels without asking anything of the service
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
  description: A sentence or more for each problem, with the channel. Empty if there is none.
  type: list
  elements: str
  sample:
    - >-
      playlist_channels[2] (task push.example.com/live/films): rounds: missing. Mode rounds needs it, an integer of 1 or
      more.
"""


@pass_context
def playlist_problems(context: Context, channels: Any, now: Any, files: Any = None) -> list[str]:
    """Return what is wrong with the channels; see `channels.declared`."""
    return declared(channels, None, now, files, context.get("omit")).problems


class FilterModule:
    """The filter playlist_problems."""

    def filters(self) -> dict[str, Any]:
        return {"playlist_problems": playlist_problems}
