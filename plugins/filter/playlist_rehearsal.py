# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import playlist_rehearsal

DOCUMENTATION = r"""
name: playlist_rehearsal
short_description: Show what the programmes of channels play in the next days
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Returns the plan of each channel with a C(programme) as a table. The role P(huaweicloud.live.playlist#role) prints
    it in check mode with C(-v).
  - The times are in the time zone of the channel. If the clocks change within the plan, each time has its offset.
  - If a slot does not start at the beginning of its playlist, the plan shows the position. For the slot that is on now,
    this is the position at which a channel joins. If a playlist ends before the next slot begins, the plan shows when.
  - A channel has at most 170 lines. After 500 lines, no further channel is shown.
positional: _input, now, days
options:
  _input:
    description: The result of P(huaweicloud.live.playlist_check#filter), without problems.
    type: dict
    required: true
  now:
    description: The time at which the plan begins, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  days:
    description: How many days of 24 hours from O(now) the plan covers, 1 to 366.
    type: int
    default: 7
seealso:
  - plugin: huaweicloud.live.playlist_check
    plugin_type: filter
  - plugin: huaweicloud.live.programme
    plugin_type: filter
  - plugin: huaweicloud.live.xmltv
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the next two days of all channels
  ansible.builtin.debug:
    msg: "{{ channels | huaweicloud.live.playlist_check(time, files) | huaweicloud.live.playlist_rehearsal(time, 2) }}"
  vars:
    files: "{{ lookup('huaweicloud.live.playlist_files', channels) }}"
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
"""

RETURN = r"""
_value:
  description: The plans. A row has at most 100 columns. Empty if no channel has a C(programme).
  type: list
  elements: str
  sample:
    - "playlist_channels[0] (task push.example.com/live/films), 1 day in Asia/Shanghai"
    - "START                 END        JOINS AT         PLAYS"
    - "Thu 2026-12-24 10:00  20:15      file 2, 0:02:05  carols.mp4, choir.mp4"
    - "Thu 2026-12-24 20:15  22:05                       Films (film.mp4)"
    - "Thu 2026-12-24 22:05  Fri 06:00                   nothing, the playlist has ended"
"""


class FilterModule:
    """The filter playlist_rehearsal."""

    def filters(self) -> dict[str, object]:
        return {"playlist_rehearsal": playlist_rehearsal}
