# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.validation import check_type_int

from ..module_utils._errors import InvalidOptionError
from ..module_utils._playlist import m3u
from ..plugin_utils._arguments import converted

DOCUMENTATION = r"""
name: m3u_urls
short_description: List the URLs of an M3U playlist
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Takes the text of a playlist and returns its entries as a list of URLs, ready for O(ignore:source_urls) of
    M(huaweicloud.live.live_pull_task).
  - It reads M3U, M3U8 and plain lists with one URL a line, in UTF-8, with any line ends. Empty lines and lines that
    begin with C(#), such as C(#EXTM3U) and C(#EXTINF), are passed over, whatever bytes they hold, and so is a byte
    order mark at the beginning of any line.
  - An entry that is a full URL is returned exactly as it is written. It has to be one that O(ignore:source_urls) takes.
  - Any other entry is the name of a file, relative to O(base_url). What a URL may not hold, such as a blank, is
    percent-encoded; C(#) always, C(%) where no two hex digits follow, C(?) where no query of the form C(name=value)
    follows. A backslash counts as a slash.
  - Any other format is an error with its name, and with what to do instead. That is an HLS or DASH manifest, a table
    (CSV, separated by commas, semicolons or tabs), a list of the form C(name,URL), a numbered list, a list with times
    or bullets, YAML, JSON, HTML, XML, PLS, XSPF, WPL, SMIL, ASX, MPCPLAYLIST, DAUMPLAYLIST, a cue sheet, a list for
    ffmpeg, C(annotate:) of Liquidsoap, a list of other playlists, a file of settings, the path of a file, a list
    instead of a text, lines that were joined with commas, and a text in UTF-16.
  - C(01 Intro.mp4) and C(02 - Film.mp4) are names of files, C(1. intro.mp4) is a line of a numbered list. If such lines
    are names of files, write C(#EXTM3U) on the line before the first.
  - Entries with paths on a Windows machine or share, with several URLs, with what players put behind a bar, or in GBK
    or Latin-1 are errors too. An error names the line, and what is wrong in it. It quotes the line only if that looks
    like an entry of a playlist.
positional: _input, base_url, limit, offset, part
options:
  _input:
    description: The text of the playlist.
    type: str
    required: true
  base_url:
    description:
      - What entries that are no full URLs are relative to, as links in a web page are to its address. With
        V(https://media.example.com/shows/), and with V(https://media.example.com/shows/channel.m3u), the entry
        C(Evening News.mp4) becomes C(https://media.example.com/shows/Evening%20News.mp4).
      - It ends with a slash, or is the address of a playlist file with C(.m3u) or C(.m3u8). A folder without the slash
        would be dropped; it is refused with the address that has one.
      - If left out, such an entry is an error.
    type: str
  limit:
    description:
      - How many entries to return at most, 1 to 30. There may be fewer at the end.
      - If left out, all are returned, and more than 30 are an error, because a task takes no more.
      - Entries beyond it, and those that O(offset) skips, are not judged.
    type: int
  offset:
    description: How many entries to skip. Less than the playlist has.
    type: int
    default: 0
  part:
    description:
      - Which part of O(limit) entries to return, counted from 0. After the last part the first one comes again, so that
        a number of days makes a rotation. The last part may be shorter.
      - Needs O(limit). Not allowed with O(offset).
    type: int
    version_added: 2.0.0
notes:
  - An HLS manifest is a playlist of this format too, but its entries are the pieces of one video. To play that
    video, use the URL of the manifest itself as a source URL.
  - The lookup P(ansible.builtin.url#lookup) joins the lines of what it reads with commas. Give it C(split_lines=false).
seealso:
  - plugin: huaweicloud.live.playlist_tasks
    plugin_type: filter
  - module: huaweicloud.live.live_pull_task
"""

EXAMPLES = r"""
- name: Play what is in a file beside the playbook
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: "{{ lookup('ansible.builtin.file', 'channel.m3u') | huaweicloud.live.m3u_urls }}"

- name: Play a list of file names that lie on one server
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: >-
      {{ lookup('ansible.builtin.file', 'files.txt')
         | huaweicloud.live.m3u_urls(base_url='https://media.example.com/shows/') }}

- name: Play a list from a web server
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: >-
      {{ lookup('ansible.builtin.url', 'https://media.example.com/shows/channel.m3u', split_lines=false)
         | huaweicloud.live.m3u_urls(base_url='https://media.example.com/shows/') }}

- name: Play the second thirty entries of a long programme
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: >-
      {{ lookup('ansible.builtin.file', 'programme.m3u') | huaweicloud.live.m3u_urls(limit=30, offset=30) }}

- name: Play other thirty entries of it each day
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: >-
      {{ lookup('ansible.builtin.file', 'programme.m3u')
         | huaweicloud.live.m3u_urls(limit=30, part=now(utc=true).toordinal()) }}
"""

RETURN = r"""
_value:
  description: The URLs, in the order of the playlist.
  type: list
  elements: str
  sample:
    - https://media.example.com/channel/morning.mp4
    - https://media.example.com/channel/evening.mp4
"""


def m3u_urls(text: Any, base_url: Any = None, limit: Any = None, offset: Any = 0, part: Any = None) -> list[str]:
    """Return the URLs of a playlist; see `m3u.m3u_urls`."""
    try:
        return m3u.m3u_urls(text, base_url, *(converted(check_type_int, number) for number in (limit, offset, part)))
    except InvalidOptionError as error:
        raise AnsibleFilterError(f"huaweicloud.live.m3u_urls: {error}") from None


class FilterModule:
    """The filter m3u_urls."""

    def filters(self) -> dict[str, Any]:
        return {"m3u_urls": m3u_urls}
