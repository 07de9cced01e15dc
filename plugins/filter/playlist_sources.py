# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import playlist_sources

DOCUMENTATION = r"""
name: playlist_sources
short_description: List the URLs of all files that channels play
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Returns the source URLs of channels, and of all slots of their C(programme), each URL once. With C(playlist_probe),
    the role P(huaweicloud.live.playlist#role) passes them to M(huaweicloud.live.live_source_info).
  - A channel with C(remove=true) or C(on_air=false) is left out, because its files do not go on air.
positional: _input
options:
  _input:
    description: The result of P(huaweicloud.live.playlist_check#filter), without problems.
    type: dict
    required: true
notes:
  - URLs may contain passwords and signatures. Use C(no_log) when you keep the result in a variable.
seealso:
  - plugin: huaweicloud.live.playlist_source_problems
    plugin_type: filter
  - module: huaweicloud.live.live_source_info
"""

EXAMPLES = r"""
- name: Check the files of all channels from a machine next to them
  huaweicloud.live.live_source_info:
    source_urls: "{{ checked | huaweicloud.live.playlist_sources }}"
  delegate_to: media1.example.com
  register: found
  vars:
    checked: "{{ channels | huaweicloud.live.playlist_check(time, files) }}"
    files: "{{ lookup('huaweicloud.live.playlist_files', channels) }}"
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
"""

RETURN = r"""
_value:
  description: The URLs, in the order of the channels.
  type: list
  elements: str
  sample:
    - https://media.example.com/channel/opening.mp4
    - https://media.example.com/channel/feature.mp4
"""


class FilterModule:
    """The filter playlist_sources."""

    def filters(self) -> dict[str, object]:
        return {"playlist_sources": playlist_sources}
