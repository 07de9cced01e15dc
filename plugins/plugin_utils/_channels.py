# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The channels of the role playlist, as Ansible passes them. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..module_utils._errors import InvalidOptionError
from ..module_utils._options import CHANNEL_OPTIONS
from ..module_utils._overview.planned import plans
from ..module_utils._overview.summary import NO_PLAN, Plans
from ..module_utils._programme import channels as channel_list
from ..module_utils._programme.slots import Tools
from ._arguments import given, time_zone, typed

_M3U = {"m3u": CHANNEL_OPTIONS["m3u"]}


def declared(channels: Any, current_tasks: Any, now: Any, files: Any, omit: object) -> channel_list.Declared:
    """Return what channels declare; see `channels.declared`.

    Args:
        channels: the channels.
        current_tasks: the tasks as the service has them; None for no tasks.
        now: the time, RFC 3339.
        files: the result of the lookup playlist_files; None if it was not called.
        omit: the value of the variable `omit`.
    """
    return channel_list.declared(given(channels, omit), given(current_tasks or [], omit), str(now), _tools(files))


def planned(channels: Any, now: Any, omit: object) -> Plans:
    """Return what is planned for channels, without their playlist files; see `planned.plans`, and `declared`."""
    return plans(given(channels, omit), now, _tools(None)) if channels else NO_PLAN


def _tools(files: Any) -> Tools:
    def read(path: str) -> str:
        file = files.get(path) if isinstance(files, Mapping) else None
        if not isinstance(file, Mapping):
            raise InvalidOptionError(
                "This file was not read, because a filter opens no file. Give as files what the lookup"
                " huaweicloud.live.playlist_files returns for these channels."
            )
        if file.get("text") is None:
            raise InvalidOptionError(str(file.get("error")))
        return str(file["text"])

    return Tools(typed=typed, read=read, zone=time_zone)


def m3u_paths(channels: Any) -> list[str]:
    """Return the paths of the playlist files of channels, each once, without values that are not a path."""
    paths: dict[str, None] = {}
    for value in channel_list.m3u_values(channels):
        with suppress(InvalidOptionError):
            paths[typed({"m3u": value}, _M3U)["m3u"]] = None
    return [*paths]
