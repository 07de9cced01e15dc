# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._channels import xmltv

DOCUMENTATION = r"""
name: xmltv
short_description: Write the programmes of channels as an XMLTV guide
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Returns an XMLTV document. Players read it to show a programme guide. It contains each channel with a C(programme),
    and each slot with its start, its end and its title.
  - The start and the end of a slot are those of P(huaweicloud.live.programme#filter), in the time zone of the channel.
    So the slots of a channel follow each other without overlap, also when the clocks change.
  - The same arguments give the same document. Set O(now) to the beginning of the day. A task that writes the document
    then changes the file only once a day, and when the programme changes.
  - The filter reports all problems of all channels in one error. It opens no file.
positional: _input, now, days
options:
  _input:
    description:
      - The channels of the role P(huaweicloud.live.playlist#role). Channels without a C(programme) and channels with
        C(remove) are left out. A channel with C(on_air=false) is listed without slots.
      - The id of a channel is its C(guide_id), otherwise its C(stream_name), otherwise its C(task_id). Each id is
        allowed once. A channel that has only a C(destination_url) needs a C(guide_id), because such a URL often
        contains a secret.
      - The display name of a channel is its C(title), otherwise its C(stream_name), otherwise the id.
      - The title of a slot is its C(title), otherwise the names of its first three files without their extensions, or
        the name of its C(m3u). A slot with C(off_air) is left out if it has no C(title).
    type: list
    elements: dict
    required: true
  now:
    description: When the guide begins, in RFC 3339 with V(Z) or an offset. Its first slot is the slot that is on then.
    type: str
    required: true
  days:
    description: How many days of 24 hours from O(now) the guide covers, 1 to 366. The last slot may end later.
    type: int
    default: 7
seealso:
  - plugin: huaweicloud.live.programme
    plugin_type: filter
  - plugin: huaweicloud.live.playlist
    plugin_type: role
"""

EXAMPLES = r"""
- name: Write the guide of the week
  ansible.builtin.copy:
    content: "{{ channels | huaweicloud.live.xmltv(today) }}"
    dest: /srv/www/guide.xml
    mode: "0644"
  vars:
    today: "{{ now(utc=true, fmt='%Y-%m-%dT00:00:00Z') }}"
    channels:
      - domain: push.example.com
        app_name: live
        stream_name: films
        title: Films all day
        timezone: Asia/Shanghai
        programme:
          - from: "06:00"
            title: Breakfast
            source_urls: [https://media.example.com/breakfast.mp4]
          - from: "20:15"
            source_urls: [https://media.example.com/Harbour%20Lights.mp4]
"""

RETURN = r"""
_value:
  description: The document, in UTF-8 by its declaration.
  type: str
  sample: |
    <?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE tv SYSTEM "xmltv.dtd">
    <tv generator-info-name="huaweicloud.live">
      <channel id="films">
        <display-name>Films all day</display-name>
      </channel>
      <programme start="20261224060000 +0800" stop="20261224201500 +0800" channel="films">
        <title>Breakfast</title>
      </programme>
      <programme start="20261224201500 +0800" stop="20261225060000 +0800" channel="films">
        <title>Harbour Lights</title>
      </programme>
    </tv>
"""


class FilterModule:
    """The filter xmltv."""

    def filters(self) -> dict[str, object]:
        return {"xmltv": xmltv}
