# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters for the channels of the role playlist, and what the overview and the lookup need of them.

Private to this collection.

Before ansible-core 2.19, Ansible evaluates texts in facts as templates unless they are marked unsafe. So `wrap_var`
marks results with texts of users or servers.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from jinja2 import pass_context
from jinja2.runtime import Context

from ..module_utils._errors import InvalidOptionError, collected, refused
from ..module_utils._overview import xmltv as guide
from ..module_utils._overview.week import rehearsal
from ..module_utils._programme import channels as channel_list
from ..module_utils._programme.adopted import adopted
from ..module_utils._programme.options import CHANNEL_OPTIONS, PROBE_KINDS
from ..module_utils._programme.probe import probe_problems, sources
from ..module_utils._programme.schedule import moment_of
from ..module_utils._programme.slots import Tools
from ._arguments import given, plain, time_zone, typed
from ._filters import converted, filter_errors, time_text

_M3U = {"m3u": CHANNEL_OPTIONS["m3u"]}
_ANY_TIME = "2026-01-01T00:00:00Z"


@pass_context
def playlist_check(context: Context, channels: Any, now: Any, files: Any = None) -> dict[str, Any]:
    """Return the `problems` of channels, and the parsed `channels` for the other filters; see `parsed_channels`.

    Args:
        context: the variables.
        channels: the channels.
        now: the current time, RFC 3339.
        files: the result of the lookup playlist_files; None if it was not called.
    """
    moment, broken = _valid_time(now)
    parsed = channel_list.parsed_channels(given(channels, context.get("omit")), moment, tools(files))
    problems = [*broken, *channel_list.declared(parsed, [], moment).problems]
    return {"problems": problems, "channels": wrap_var(parsed)}


@pass_context
def playlist_problems(context: Context, channels: Any, now: Any, files: Any = None) -> list[str]:
    """Return the problems of channels; see `playlist_check`."""
    return _declared(context, channels, None, now, files, None).problems


@pass_context
def playlist_tasks(
    context: Context,
    channels: Any,
    current_tasks: Any,
    now: Any,
    base_dir: Any = None,
    files: Any = None,
    clock: Any = None,
) -> list[dict[str, Any]]:
    """Return the tasks that channels declare; see `channels.declared`, and `playlist_check`.

    Args:
        context: the variables.
        channels: the channels, or the result of `playlist_check`.
        current_tasks: the tasks as the service has them; None for no tasks.
        now: the time for windows and programmes, RFC 3339.
        base_dir: has no effect since 2.0.0; kept for old calls.
        files: the result of the lookup playlist_files; None if it was not called.
        clock: the current time, RFC 3339; None if it is `now`.

    Raises:
        AnsibleFilterError: naming every problem of the channels.
    """
    found = _declared(context, channels, current_tasks, now, files, clock)
    if found.problems:
        raise AnsibleFilterError("\n".join(found.problems))
    return found.tasks


def _declared(context: Context, channels: Any, tasks: Any, now: Any, files: Any, clock: Any) -> channel_list.Declared:
    is_checked = isinstance(channels, Mapping) and "channels" in channels
    parsed = channels if is_checked else playlist_check(context, channels, now, files)
    tasks = given(tasks or [], context.get("omit"))
    moment, broken = _valid_time(now)
    found = channel_list.Declared([], [])
    with collected(broken):
        found = channel_list.declared(plain(parsed["channels"]), tasks, moment, None if clock is None else str(clock))
    return found._replace(problems=[*broken, *found.problems])


def _valid_time(now: Any) -> tuple[str, list[str]]:
    """Return the time as a text, and no problems; for an invalid time a placeholder and the problem.

    Otherwise each channel would report the problem in place of its own problems.
    """
    problems: list[str] = []
    with collected(problems):
        moment_of(str(now), "now (playlist_now of the role playlist)")
    return _ANY_TIME if problems else str(now), problems


@filter_errors
def playlist_rehearsal(result: Any, now: Any, days: Any = 7) -> list[str]:
    """Return the plans of channels as a table; see `week.rehearsal`.

    Args:
        result: the result of `playlist_check`, without problems.
        now: the time at which the plans begin, RFC 3339.
        days: how many days they cover.
    """
    return rehearsal(_channels_of(result), time_text(now), converted("int", days), tools())


@filter_errors
def playlist_sources(result: Any) -> list[str]:
    """Return the URLs of all files that channels play; see `probe.sources`, and `playlist_rehearsal`."""
    return wrap_var(sources(_channels_of(result)))


@filter_errors
def playlist_source_problems(result: Any, found: Any, ignore: Any = None) -> list[str]:
    """Return the problems of the files of channels; see `probe.probe_problems`.

    Args:
        result: the result of `playlist_check`, without problems.
        found: the result of live_source_info for the URLs of `playlist_sources`.
        ignore: kinds of problems that are not reported; None for none.
    """
    channels = _channels_of(result)
    # Ansible splits a text at commas too, when it checks the option of the role.
    kinds = ignore.split(",") if isinstance(ignore, str) and ignore else ignore or []
    if not channel_list.is_list(kinds) or not {*map(str, kinds)} <= {*PROBE_KINDS}:
        raise InvalidOptionError(refused("ignore", ignore, f"a list of {', '.join(PROBE_KINDS)}"))
    looked = found.get("sources") if isinstance(found, Mapping) else None
    if not channel_list.is_list(looked) or len(looked) != len(sources(channels)):
        allowed = "the result of huaweicloud.live.live_source_info for the URLs of huaweicloud.live.playlist_sources"
        raise InvalidOptionError(f"found: this value is not allowed. Allowed: {allowed}.")
    return wrap_var(probe_problems(channels, plain(found), kinds))


def _channels_of(result: Any) -> Any:
    """Return the parsed channels in the result of `playlist_check`; raise InvalidOptionError if it is not one."""
    if not isinstance(result, Mapping) or "channels" not in result or result.get("problems") != []:
        allowed = "the result of huaweicloud.live.playlist_check, without problems"
        raise InvalidOptionError(f"The input is not allowed. Allowed: {allowed}.")
    return plain(result["channels"])


@filter_errors
@pass_context
def xmltv(context: Context, channels: Any, now: Any, days: Any = 7) -> str:
    """Return the XMLTV document of channels; see `xmltv.xmltv`."""
    channels = given(channels, context.get("omit"))
    return wrap_var(guide.xmltv(channels, time_text(now), converted("int", days), tools()))


@filter_errors
def playlist_adopt(tasks: Any, now: Any) -> dict[str, Any]:
    """Return the channels that declare tasks as they are; see `adopted.adopted`.

    Args:
        tasks: the tasks that live_pull_task_info returns.
        now: the current time.
    """
    if not channel_list.is_list(tasks) or not all(isinstance(task, Mapping) for task in tasks):
        allowed = "the live_pull_tasks of live_pull_task_info"
        raise InvalidOptionError(f"The input is not a list of tasks. Allowed: {allowed}.")
    return wrap_var(adopted(plain(tasks), moment_of(str(now)))._asdict())


def tools(files: Any = None) -> Tools:
    """Return the functions that convert values of channels.

    Args:
        files: the result of the lookup playlist_files; None if it was not called.
    """

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
