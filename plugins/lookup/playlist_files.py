# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: playlist_files
short_description: Read the M3U files of the channels of the role playlist
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Finds and reads all files that channels, and the slots of their C(programme), name as C(m3u), for the filter
    P(huaweicloud.live.playlist_check#filter). The role P(huaweicloud.live.playlist#role) calls this lookup for you.
  - It finds a file like P(ansible.builtin.file#lookup). The path is absolute, or relative to C(files/) next to the
    playbook or in the role, or to the folder of either. A file that is encrypted with Ansible Vault is decrypted.
  - A file that is missing or cannot be read is not an error of this lookup. The filter reports it with its channel,
    together with all other problems of the channels.
  - Folders, devices, named pipes, sockets, and files of C(/proc) and C(/sys) are refused without reading them. A file
    of more than 1 MiB is refused too.
options:
  _terms:
    description:
      - One or several lists of channels, as in the role's O(huaweicloud.live.playlist#role:main:playlist_channels).
    type: list
    elements: list
    required: true
seealso:
  - plugin: huaweicloud.live.playlist_check
    plugin_type: filter
  - plugin: huaweicloud.live.playlist_tasks
    plugin_type: filter
  - plugin: huaweicloud.live.playlist_problems
    plugin_type: filter
  - plugin: huaweicloud.live.m3u_urls
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Check channels without a request to the service
  ansible.builtin.debug:
    msg: "{{ channels | huaweicloud.live.playlist_tasks([], time, files=files) }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    files: "{{ lookup('huaweicloud.live.playlist_files', channels) }}"
    channels:
      - task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        m3u: channel.m3u
        on_air: true
"""

RETURN = r"""
_raw:
  description:
    - One dictionary of all files by their paths in the channels. Each file has its text as C(text), or the reason why
      it cannot be used as C(error).
    - Bytes that are not UTF-8 are kept with C(surrogateescape) of Python, because they are allowed in comments.
  type: list
  elements: dict
  sample:
    - channel.m3u: {text: "https://media.example.com/one.mp4\n"}
      films.m3u: {error: "This file was not found. Looked for: /srv/play/files/films.m3u, /srv/play/films.m3u."}
"""

import os
import stat
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError, AnsibleFileNotFound
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._channels import m3u_paths

# Thirty URLs and their comments are far smaller. A larger file is a video, given by mistake.
MAX_SIZE = 1024 * 1024
# The system generates these files while they are read. Some have no end, and some block.
_GENERATED = ("/proc", "/sys")
_KINDS = {stat.S_IFDIR: "a directory", stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}
_KINDS.update(dict.fromkeys((stat.S_IFCHR, stat.S_IFBLK), "a device"))


def _other_kind(path: str) -> str | None:
    """Return what a path leads to if that is not a file of the disk. Nothing is opened, because that could block."""
    target = os.path.realpath(path)
    generated = [f"a file that the system generates, in {root}" for root in _GENERATED if target.startswith(f"{root}/")]
    return _KINDS.get(stat.S_IFMT(os.stat(path).st_mode)) or next(iter(generated), None)


class LookupModule(LookupBase):
    """The lookup playlist_files."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[dict[str, Any]]:
        """Return the texts of the files of channels; see RETURN."""
        return [{path: self._read(path, variables or {}) for term in terms for path in m3u_paths(term)}]

    def _read(self, path: str, variables: Mapping[str, Any]) -> dict[str, str]:
        folders = variables.get("ansible_search_path") or [self.get_basedir(variables)]
        try:
            found = self._loader.path_dwim_relative_stack(folders, "files", path, is_role="role_path" in variables)
            kind = _other_kind(found)
            if kind:
                return {"error": f"This is not a file but {kind}: {found}."}
            content = self._content(found) if os.path.getsize(found) <= MAX_SIZE else None
            if content is None or len(content) > MAX_SIZE:
                return {"error": f"This file is larger than {MAX_SIZE} bytes, and so not an M3U playlist: {found}."}
            return {"text": content.decode("utf-8", "surrogateescape")}
        except AnsibleFileNotFound as error:
            places = ", ".join(dict.fromkeys(error.paths or [path]))
            return {"error": f"This file was not found. Looked for: {places}."}
        except (AnsibleError, OSError, ValueError) as error:
            return {"error": f"This file cannot be read: {str(error).rstrip('.')}."}

    def _content(self, path: str) -> bytes:
        """Return the content of a file, up to one byte more than is allowed.

        The loader decrypts a file of Ansible Vault into a temporary file.
        """
        plain = self._loader.get_real_file(path)
        try:
            with open(plain, "rb") as file:
                return file.read(MAX_SIZE + 1)
        finally:
            self._loader.cleanup_tmp_file(plain)
