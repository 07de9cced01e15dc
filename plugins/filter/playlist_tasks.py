# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._errors import InvalidOptionError, refused, shown
from ..module_utils._options import CHANNEL_OPTIONS
from ..module_utils._playlist import channels as channel_list

DOCUMENTATION = r"""
name: playlist_tasks
short_description: Turn the channels of the role playlist into tasks
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Checks the channels that the role P(huaweicloud.live.playlist#role) is given, reads their M3U files, and returns the
    O(ignore:tasks) for M(huaweicloud.live.live_pull_tasks) that they ask for. The role does it for you.
  - All problems of all channels are reported in one error, each with its channel. No request is made.
positional: _input, current_tasks, now, base_dir
options:
  _input:
    description: The channels, as the role's O(huaweicloud.live.playlist#role:main:playlist_channels).
    type: list
    elements: dict
    required: true
  current_tasks:
    description:
      - The tasks as they are, from RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks). Only those of
        channels with a rolling window are looked at.
      - A channel that is named by its id, and is not in the list, keeps the window it has. One that is named by its
        stream or C(destination_url) will be created, and gets a window.
    type: list
    elements: dict
    required: true
  now:
    description: The time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  base_dir:
    description: The folder that the paths of M3U files are relative to.
    type: path
    required: true
seealso:
  - plugin: huaweicloud.live.m3u_urls
    plugin_type: filter
  - plugin: huaweicloud.live.rolling_window
    plugin_type: filter
  - module: huaweicloud.live.live_pull_tasks
"""

EXAMPLES = r"""
- name: Check channels without asking anything of the service
  ansible.builtin.debug:
    msg: "{{ channels | huaweicloud.live.playlist_tasks([], time, playbook_dir) }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    channels:
      - task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        m3u: channel.m3u
        on_air: true
      - domain: push.example.com
        app_name: live
        stream_name: channel2
        remove: true
"""

RETURN = r"""
_value:
  description: Options of M(huaweicloud.live.live_pull_task), one dictionary for each channel, in the same order.
  type: list
  elements: dict
  sample:
    - task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
      status: enable
      source_urls: ["https://media.example.com/channel/morning.mp4"]
      vod_loop_time: "-1"
    - domain: push.example.com
      app_name: live
      stream_name: channel2
      state: absent
"""

# Thirty URLs and their comments are far smaller; what is larger is a video given by mistake.
MAX_SIZE = 1024 * 1024


def _plain(value: Any) -> Any:
    """Return a copy of ordinary dictionaries and lists, as those of a template may fill themselves in only when read.

    What is null in a dictionary is left out: it means the same.
    """
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items() if item is not None}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _typed(channel: object) -> Mapping[str, Any]:
    if not isinstance(channel, Mapping):
        raise InvalidOptionError(f"{shown(channel)} is not a channel. Allowed: a dictionary of its options.")
    for name, option in CHANNEL_OPTIONS.items():
        value = channel.get(name)
        if option["type"] == "dict" and not isinstance(value, (Mapping, str, type(None))):
            raise InvalidOptionError(refused(name, value, f"a dictionary of {', '.join(option['options'])}"))
    try:
        result = ArgumentSpecValidator(CHANNEL_OPTIONS).validate({str(name): value for name, value in channel.items()})
    except OverflowError as error:
        raise InvalidOptionError(f"A number cannot be read: {error}.") from error
    if result.error_messages:
        raise InvalidOptionError(" ".join(f"{message.rstrip('.')}." for message in result.error_messages))
    return dict(result.validated_parameters)


def _read(base_dir: str, path: str) -> str:
    path = os.path.join(base_dir, path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise InvalidOptionError("This is not a file.")
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        raise InvalidOptionError(f"This file cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(content) > MAX_SIZE:
        raise InvalidOptionError(f"This file is larger than {MAX_SIZE} bytes, and so not an M3U playlist.")
    # Bytes that are no UTF-8 are left to the parser, which names their line.
    return content.decode("utf-8", "surrogateescape")


def playlist_tasks(channels: Any, current_tasks: Any, now: Any, base_dir: Any) -> list[dict[str, Any]]:
    """Return the tasks that the channels ask for; see `channels.playlist_tasks`."""
    try:
        return channel_list.playlist_tasks(
            _plain(channels),
            _plain(current_tasks or []),
            str(now),
            typed=_typed,
            read=lambda path: _read(str(base_dir), path),
        )
    except InvalidOptionError as error:
        raise AnsibleFilterError(error.result()["msg"]) from None


class FilterModule:
    """The filter playlist_tasks."""

    def filters(self) -> dict[str, Any]:
        return {"playlist_tasks": playlist_tasks}
