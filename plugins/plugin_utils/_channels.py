# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The channels of the role playlist, as Ansible passes them. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from ansible.module_utils.common.validation import check_type_int
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._errors import InvalidOptionError, collected, refused
from ..module_utils._options import CHANNEL_OPTIONS, PROBE_KINDS
from ..module_utils._overview.planned import plans
from ..module_utils._overview.summary import Plans
from ..module_utils._overview.week import rehearsal
from ..module_utils._overview.xmltv import xmltv
from ..module_utils._programme import adopted as adoption
from ..module_utils._programme import channels as channel_list
from ..module_utils._programme.probe import probe_problems, sources
from ..module_utils._programme.schedule import moment_of
from ..module_utils._programme.slots import Tools
from ._arguments import converted, given, plain, time_zone, typed

_M3U = {"m3u": CHANNEL_OPTIONS["m3u"]}
_ANY_TIME = "2026-01-01T00:00:00Z"


def checked(channels: Any, now: Any, files: Any, omit: object) -> dict[str, Any]:
    """Return the `problems` of channels, and the parsed `channels` for `declared`.

    Args:
        channels: the channels.
        now: the current time, RFC 3339.
        files: the result of the lookup playlist_files; None if it was not called.
        omit: the value of the variable `omit`.
    """
    broken: list[str] = []
    moment = _valid_time(now, broken)
    parsed = channel_list.parsed_channels(given(channels, omit), moment, _tools(files))
    # Before ansible-core 2.19, Ansible evaluates a text in a fact that looks like a template, unless it is unsafe.
    problems = [*broken, *channel_list.declared(parsed, [], moment).problems]
    return {"problems": problems, "channels": wrap_var(parsed)}


def declared(
    channels: Any, current_tasks: Any, now: Any, files: Any, omit: object, clock: Any = None
) -> channel_list.Declared:
    """Return what channels declare; see `channels.declared`, and `checked`.

    Args:
        channels: the channels, or the result of `checked`.
        current_tasks: the tasks as the service has them; None for no tasks.
        now: the current time, RFC 3339.
        files: the result of the lookup playlist_files; None if it was not called.
        omit: the value of the variable `omit`.
        clock: the current time, RFC 3339; None if it is `now`.
    """
    parsed = channels if isinstance(channels, Mapping) and "channels" in channels else None
    parsed = parsed or checked(channels, now, files, omit)
    tasks = given(current_tasks or [], omit)
    broken: list[str] = []
    moment = _valid_time(now, broken)
    found = channel_list.declared(plain(parsed["channels"]), tasks, moment, None if clock is None else str(clock))
    return found._replace(problems=[*broken, *found.problems])


def planned(channels: Any, now: Any, omit: object, days: Any = None) -> Plans:
    """Return what is planned for channels, without their playlist files; see `planned.plans`, and `declared`."""
    return plans(given(channels, omit), now, _tools(None), converted(check_type_int, days)) if channels else {}


def rehearsed(result: Any, now: Any, days: Any) -> list[str]:
    """Return the plans of channels as a table; see `week.rehearsal`.

    Args:
        result: the result of `checked`, without problems.
        now: the time at which the plans begin, RFC 3339.
        days: how many days they cover.

    Raises:
        InvalidOptionError: an argument is not allowed.
    """
    return rehearsal(_channels_of(result), _time(now), converted(check_type_int, days), _tools(None))


def sources_of(result: Any) -> list[str]:
    """Return the URLs of all files that channels play; see `probe.sources`, and `rehearsed`."""
    # Before ansible-core 2.19, Ansible evaluates a text in a fact that looks like a template, unless it is unsafe.
    urls: list[str] = wrap_var(sources(_channels_of(result)))
    return urls


def probed(result: Any, found: Any, ignored: Any) -> list[str]:
    """Return the problems of the files of channels; see `probe.probe_problems`, and `rehearsed`.

    Args:
        result: the result of `checked`, without problems.
        found: the result of live_source_info for the URLs of `sources_of`.
        ignored: kinds of problems that are not reported; None for none.

    Raises:
        InvalidOptionError: an argument is not allowed.
    """
    channels = _channels_of(result)
    # Ansible splits a text at commas too, when it checks the option of the role.
    kinds = ignored.split(",") if isinstance(ignored, str) and ignored else ignored or []
    if not channel_list.is_list(kinds) or not {*map(str, kinds)} <= {*PROBE_KINDS}:
        raise InvalidOptionError(refused("ignore", ignored, f"a list of {', '.join(PROBE_KINDS)}"))
    looked = found.get("sources") if isinstance(found, Mapping) else None
    if not channel_list.is_list(looked) or len(looked) != len(sources(channels)):
        allowed = "the result of huaweicloud.live.live_source_info for the URLs of huaweicloud.live.playlist_sources"
        raise InvalidOptionError(f"The argument after the channels is not allowed. Allowed: {allowed}.")
    # The server of a file may send a text that looks like a template.
    texts: list[str] = wrap_var(probe_problems(channels, plain(found), kinds))
    return texts


def _channels_of(result: Any) -> Any:
    """Return the parsed channels in the result of `checked`; raise InvalidOptionError if it is not one."""
    if not isinstance(result, Mapping) or "channels" not in result or result.get("problems") != []:
        allowed = "the result of huaweicloud.live.playlist_check, without problems"
        raise InvalidOptionError(f"The first argument is not allowed. Allowed: {allowed}.")
    return plain(result["channels"])


def guide(channels: Any, now: Any, days: Any, omit: object) -> str:
    """Return the XMLTV document of channels; see `xmltv.xmltv`, and `declared`."""
    # Before ansible-core 2.19, Ansible evaluates a text in a fact that looks like a template, unless it is unsafe.
    return wrap_var(xmltv(given(channels, omit), _time(now), converted(check_type_int, days), _tools(None)))


def adopted(tasks: Any, now: Any) -> dict[str, Any]:
    """Return the channels that declare tasks as they are; see `adopted.adopted`.

    Args:
        tasks: the tasks that live_pull_task_info returns.
        now: the current time.

    Raises:
        InvalidOptionError: an argument is not allowed.
    """
    if not channel_list.is_list(tasks) or not all(isinstance(task, Mapping) for task in tasks):
        allowed = "the live_pull_tasks of live_pull_task_info"
        raise InvalidOptionError(f"The argument before the time is not a list of tasks. Allowed: {allowed}.")
    return wrap_var(adoption.adopted(plain(tasks), moment_of(str(now)))._asdict())


def _valid_time(now: Any, broken: list[str]) -> str:
    """Return the time as a text. If it is not allowed, add that to the problems, and return another time.

    Otherwise each channel would report it, and its other problems would be hidden.
    """
    with collected(broken):
        moment_of(str(now), "now (playlist_now of the role playlist)")
    return _ANY_TIME if broken else str(now)


def _time(now: Any) -> Any:
    # YAML reads an unquoted time stamp as a time.
    return str(now) if isinstance(now, date) else now


def _tools(files: Any) -> Tools:
    def read(path: str) -> str:
        file = files.get(path) if isinstance(files, Mapping) else None
        if not isinstance(file, Mapping):
            raise InvalidOptionError(
                "This file was not read, because a filter opens no file. Give the result of the lookup"
                " huaweicloud.live.playlist_files for these channels as files."
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
