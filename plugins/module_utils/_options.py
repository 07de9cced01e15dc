# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specifications of the modules, with allowed words and ranges.

The words and numbers are those of the service's page of ModifyPullTask. Private to this collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._errors import InvalidOptionError, refused

STATUSES = ("pause", "enable")
REFRESH_TYPES = ("immediate_new_source", "continue_from_file_start", "continue_from_break_point")
CALLBACK_EVENTS = ("TaskStart", "TaskExit", "VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig", "TaskAlarm")
# A task that relays a live stream does not send these.
PLAYLIST_EVENTS = ("VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig")
PLAYLIST_TYPE = "PullVodPushLive"
LIVE_TYPE = "PullLivePushLive"
SOURCE_TYPES = (LIVE_TYPE, PLAYLIST_TYPE)
BACKUP_SOURCE_TYPES = (LIVE_TYPE,)
STATES = ("present", "absent")
WAIT_FOR = ("settings", "stream")
MODES = ("loop", "once", "rounds")
MAX_SOURCE_URLS = 30
MAX_INTEGER = 2147483647
MAX_DAYS = 7

Options = dict[str, dict[str, Any]]
TEXT: dict[str, Any] = {"type": "str"}
TEXTS: dict[str, Any] = {"type": "list", "elements": "str"}
_SECRET: dict[str, Any] = {"type": "str", "no_log": True}
DESTINATION = ("domain", "app_name", "stream_name", "destination_url")


def texts(*names: str) -> Options:
    """Return options that are texts."""
    return dict.fromkeys(names, TEXT)


CONNECTION_OPTIONS: Options = {
    **texts("region", "endpoint", "iam_endpoint", "cloud", "project_id", "project_name"),
    **texts("username", "domain_name", "profile"),
    "access_key": {"type": "str", "no_log": False},
    **dict.fromkeys(("auth_token", "secret_key", "security_token", "password"), _SECRET),
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30},
    "retries": {"type": "int", "default": 5},
}

SETTINGS_OPTIONS: Options = {
    "status": {"type": "str", "choices": STATUSES},
    "source_urls": TEXTS,
    "vod_loop_time": TEXT,
    "vod_refresh_type": {"type": "str", "choices": REFRESH_TYPES},
    "vod_start_video_index": {"type": "int"},
    "vod_start_video_time": {"type": "int"},
    **texts("start_time", "end_time"),
    "callback_events": {**TEXTS, "choices": CALLBACK_EVENTS},
}

TASK_OPTIONS: Options = {
    **texts("task_id", *DESTINATION),
    "state": {"type": "str", "choices": STATES, "default": STATES[0]},
    "source_type": {"type": "str", "choices": SOURCE_TYPES},
    **texts("task_region", "push_args", "callback_url"),
    "backup_source_type": {"type": "str", "choices": BACKUP_SOURCE_TYPES},
    "backup_source_urls": TEXTS,
    **SETTINGS_OPTIONS,
}
RECREATE_OPTIONS: Options = {"recreate": {"type": "bool", "default": False}}

# No choices within a list: Ansible would stop at the first wrong value, and would not name the task.
_LISTED = {name: {key: option[key] for key in option if key != "choices"} for name, option in TASK_OPTIONS.items()}
TASKS_OPTIONS: Options = {"tasks": {"type": "list", "elements": "dict", "required": True, "options": _LISTED}}

FILTER_OPTIONS: Options = {
    **texts("task_id", "task_region", "status", *DESTINATION),
    "source_type": {"type": "str", "choices": SOURCE_TYPES},
}

WORDS_OPTIONS: Options = {"status_words": {"type": "dict", "default": {}}}

STREAMS_OPTIONS: Options = {"streams": {"type": "bool", "default": False}}

# Without no_log, Ansible warns of the name: it looks like that of a secret.
SECRETS_OPTIONS: Options = {"show_secrets": {"type": "bool", "default": False, "no_log": False}}

WAIT_OPTIONS: Options = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 60},
    "wait_for": {"type": "str", "choices": WAIT_FOR, "default": WAIT_FOR[0]},
}

# What all modules have in common that read tasks, and all that write tasks.
READ_OPTIONS: Options = {**STREAMS_OPTIONS, **SECRETS_OPTIONS, **WORDS_OPTIONS, **CONNECTION_OPTIONS}
WRITE_OPTIONS: Options = {**SECRETS_OPTIONS, **WORDS_OPTIONS, **WAIT_OPTIONS, **CONNECTION_OPTIONS}

FLEET_OPTIONS: Options = {"concurrency": {"type": "int", "default": 4}, "preflight": {"type": "bool", "default": False}}

# Not the timeout of a connection, which is for one attempt of a request to the service.
SOURCE_OPTIONS: Options = {
    "source_urls": {**TEXTS, "required": True},
    "timeout": {"type": "float", "default": 15},
    "concurrency": FLEET_OPTIONS["concurrency"],
    **{name: CONNECTION_OPTIONS[name] for name in ("validate_certs", "ca_path")},
}

# Minimum, maximum and unit.
_RANGES: dict[str, tuple[float, float, str]] = {
    "timeout": (0.001, 24 * 60 * 60, "seconds"),
    "retries": (0, 100, "times"),
    "wait_timeout": (0, 24 * 60 * 60, "seconds"),
    "concurrency": (1, 16, "at a time"),
}


def number(options: Mapping[str, Any], name: str) -> float:
    """Return the value of an option that has a range.

    Raises:
        InvalidOptionError: the value is out of its range.
    """
    value = options[name]
    least, most, unit = _RANGES[name]
    # A comparison with NaN is False.
    if isinstance(value, bool) or not least <= value <= most:
        raise InvalidOptionError(refused(name, value, f"{least} to {most} {unit}"))
    return float(value)


def wait_timeout(options: Mapping[str, Any]) -> float | None:
    """Return how many seconds to wait until a change takes effect; None not to wait.

    Raises:
        InvalidOptionError: wait_timeout is out of its range.
    """
    seconds = number(options, "wait_timeout")
    return seconds if options["wait"] else None


def waits_for_streams(options: Mapping[str, Any]) -> bool:
    """Return whether to wait for the streams of the tasks too.

    Raises:
        InvalidOptionError: the run is not to wait at all.
    """
    streams = options["wait_for"] == WAIT_FOR[1]
    if streams and not options["wait"]:
        raise InvalidOptionError(refused("wait_for", options["wait_for"], f"{WAIT_FOR[0]} if wait is false"))
    return bool(streams)


def reconcile_arguments(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `run.reconcile` that every module which writes tasks has an option for.

    Raises:
        InvalidOptionError: see `wait_timeout`, `waits_for_streams` and `status_words`.
    """
    timeout, streams = wait_timeout(options), waits_for_streams(options)
    return {"wait_timeout": timeout, "streams": streams, "status_words": status_words(options)}


def status_words(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the status that each undocumented status word of the service, in lower case, stands for.

    Raises:
        InvalidOptionError: a word stands for something that is not a status, or a documented word for the other one.
    """
    words = {str(word).lower(): meaning for word, meaning in (options.get("status_words") or {}).items()}
    for word, meaning in words.items():
        if meaning not in STATUSES:
            raise InvalidOptionError(refused(f"status_words.{word}", meaning, " or ".join(STATUSES)))
        if word in STATUSES and word != meaning:
            raise InvalidOptionError(refused(f"status_words.{word}", meaning, f"{word}, which the service documents"))
    return words
