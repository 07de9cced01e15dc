# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import playlist_source_problems

DOCUMENTATION = r"""
name: playlist_source_problems
short_description: List the problems of the files of channels
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Returns the problems that M(huaweicloud.live.live_source_info) found, with the channel, the slot and the entry of
    the playlist. With C(playlist_probe), the role P(huaweicloud.live.playlist#role) fails with these texts.
  - Adds the problem V(not_seekable). The channel has to start in the middle of a file, but its server sends only whole
    files. This applies to files with C(start_at.seconds), and to slots with C(join=in_progress).
positional: _input, found, ignore
options:
  _input:
    description: The result of P(huaweicloud.live.playlist_check#filter), without problems.
    type: dict
    required: true
  found:
    description:
      - The result of M(huaweicloud.live.live_source_info) for the URLs of P(huaweicloud.live.playlist_sources#filter).
    type: dict
    required: true
  ignore:
    description: The kinds of problems that are left out. If not set, none.
    type: list
    elements: str
    choices: [unreachable, empty, web_page, not_media, not_seekable]
seealso:
  - plugin: huaweicloud.live.playlist_sources
    plugin_type: filter
  - module: huaweicloud.live.live_source_info
"""

EXAMPLES = r"""
- name: Report the problems of the files of all channels, and change nothing
  ansible.builtin.debug:
    msg: "{{ checked | huaweicloud.live.playlist_source_problems(found, ignore=['not_seekable']) }}"
"""

RETURN = r"""
_value:
  description: A text for each entry that has a problem, with secrets of URLs masked.
  type: list
  elements: str
  sample:
    - >-
      playlist_channels[0] (task push.example.com/live/films): entry 2 (the 2nd):
      'https://media.example.com/films/feature.mp4' cannot be read: the server answers HTTP 404 (Not Found): the file
      does not exist.
"""


class FilterModule:
    """The filter playlist_source_problems."""

    def filters(self) -> dict[str, object]:
        return {"playlist_source_problems": playlist_source_problems}
