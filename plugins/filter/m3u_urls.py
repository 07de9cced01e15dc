# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..module_utils._playlist.m3u import m3u_entries
from ..plugin_utils._filters import converted, filter_errors

DOCUMENTATION = r"""
name: m3u_urls
short_description: List the URLs of an M3U playlist
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Takes the text of a playlist and returns its entries as a list of URLs for O(ignore:source_urls) of
    M(huaweicloud.live.live_pull_task).
  - It reads M3U, M3U8 and plain lists with one URL in a line, in UTF-8, with any line ends. It skips empty lines, lines
    that begin with C(#), such as C(#EXTM3U) and C(#EXTINF), and a byte-order mark at the beginning of a line.
  - An entry that is a full URL is returned exactly as it is written. O(ignore:source_urls) has to allow it.
  - Any other entry is a file name, relative to O(base_url). Characters that a URL may not contain, such as a blank, are
    percent-encoded. C(#) is always encoded, C(%) if two hex digits do not follow, and C(?) if a query of the form
    C(name=value) does not follow. A backslash counts as a slash.
  - Any other format is an error with its name, and with advice. These formats are an HLS or DASH manifest, a table
    (CSV, separated by commas, semicolons or tabs), a list of the form C(name,URL), a numbered list, a list with times
    or bullets, YAML, JSON, HTML, XML, PLS, XSPF, WPL, SMIL, ASX, MPCPLAYLIST, DAUMPLAYLIST, a cue sheet, a list for
    ffmpeg, C(annotate:) of Liquidsoap, a list of other playlists, a file of settings, the path of a file, a list
    instead of a text, lines that were joined with commas, and a text in UTF-16.
  - C(01 Intro.mp4) and C(02 - Film.mp4) are file names, C(1. intro.mp4) is a line of a numbered list. If such lines
    are file names, write C(#EXTM3U) on the line before the first.
  - Paths on a Windows machine or share, several URLs in a line, options of players after a bar, and text in GBK or
    Latin-1 are errors too. An error names the line and the reason. It quotes the line only if the line looks like an
    entry of a playlist.
positional: _input, base_url, limit, offset, part
options:
  _input:
    description: The text of the playlist.
    type: str
    required: true
  base_url:
    description:
      - The URL that relative entries are resolved against, as links in a web page are. With
        V(https://media.example.com/shows/), and with V(https://media.example.com/shows/channel.m3u), the entry
        C(Evening News.mp4) becomes C(https://media.example.com/shows/Evening%20News.mp4).
      - It ends with a slash, or is the address of a playlist file with C(.m3u) or C(.m3u8). A folder without a slash at
        its end is an error, because it would be dropped. The message has the right address.
      - If not set, a relative entry is an error.
    type: str
  limit:
    description:
      - How many entries to return at most, 1 to 30.
      - If not set, all entries are returned. More than 30 are an error, because a task takes no more.
      - Entries beyond the limit, and those that O(offset) skips, are not checked.
    type: int
  offset:
    description: How many entries to skip. Has to be less than the number of entries of the playlist.
    type: int
    default: 0
  part:
    description:
      - Which part of O(limit) entries to return, counted from 0. After the last part, the first one follows. With the
        number of the day, each day gets the next part. The last part may be shorter.
      - Needs O(limit). Not allowed with O(offset).
    type: int
    version_added: 2.0.0
notes:
  - An HLS manifest has the same format, but its entries are the parts of one video. To play the video, use the URL of
    the manifest as a source URL.
  - The lookup P(ansible.builtin.url#lookup) joins lines with commas. Set C(split_lines=false).
seealso:
  - plugin: huaweicloud.live.playlist_tasks
    plugin_type: filter
  - module: huaweicloud.live.live_pull_task
"""

EXAMPLES = r"""
- name: Play a playlist file next to the playbook
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: "{{ lookup('ansible.builtin.file', 'channel.m3u') | huaweicloud.live.m3u_urls }}"

- name: Play a list of file names on one server
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

- name: Play entries 31 to 60 of a long playlist
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
    source_urls: >-
      {{ lookup('ansible.builtin.file', 'programme.m3u') | huaweicloud.live.m3u_urls(limit=30, offset=30) }}

- name: Play another thirty entries of it each day
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


@filter_errors
def m3u_urls(text: Any, base_url: Any = None, limit: Any = None, offset: Any = 0, part: Any = None) -> list[str]:
    """Return the URLs of a playlist; see `m3u.m3u_entries`."""
    numbers = [converted("int", number) for number in (limit, offset, part)]
    return [entry.url for entry in m3u_entries(text, base_url, *numbers)]


class FilterModule:
    """The filter m3u_urls."""

    def filters(self) -> dict[str, Any]:
        return {"m3u_urls": m3u_urls}
