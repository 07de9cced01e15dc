# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules and the role take: argument specifications, allowed words and ranges.

The words and numbers are those of the service's page of ModifyPullTask. Private to this collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._errors import InvalidOptionError, refused

STATUSES = ("pause", "enable")
REFRESH_TYPES = ("immediate_new_source", "continue_from_file_start", "continue_from_break_point")
CALLBACK_EVENTS = ("TaskStart", "TaskExit", "VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig", "TaskAlarm")
# What a task that relays a live stream does not have.
PLAYLIST_EVENTS = ("VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig")
SOURCE_TYPE = "PullVodPushLive"
RELAY_TYPE = "PullLivePushLive"
SOURCE_TYPES = (RELAY_TYPE, SOURCE_TYPE)
BACKUP_SOURCE_TYPES = (RELAY_TYPE,)
STATES = ("present", "absent")
MODES = ("loop", "once", "rounds")
JOINS = ("from_start", "in_progress")
MAX_SOURCE_URLS = 30
MAX_INTEGER = 2147483647
MAX_DAYS = 7

CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "region": {"type": "str"},
    "endpoint": {"type": "str"},
    "iam_endpoint": {"type": "str"},
    "cloud": {"type": "str"},
    "project_id": {"type": "str"},
    "project_name": {"type": "str"},
    "auth_token": {"type": "str", "no_log": True},
    "access_key": {"type": "str", "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "security_token": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "domain_name": {"type": "str"},
    "profile": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30},
    "retries": {"type": "int", "default": 5},
}

SETTINGS_OPTIONS: dict[str, dict[str, Any]] = {
    "status": {"type": "str", "choices": STATUSES},
    "source_urls": {"type": "list", "elements": "str"},
    "vod_loop_time": {"type": "str"},
    "vod_refresh_type": {"type": "str", "choices": REFRESH_TYPES},
    "vod_start_video_index": {"type": "int"},
    "vod_start_video_time": {"type": "int"},
    "start_time": {"type": "str"},
    "end_time": {"type": "str"},
    "callback_events": {"type": "list", "elements": "str", "choices": CALLBACK_EVENTS},
}

# No choices within a list: Ansible would stop at the first wrong value, and would not name the task.
# Named by these, and fixed for the life of a task.
LIFE_OPTIONS: dict[str, dict[str, Any]] = {
    "task_id": {"type": "str"},
    "domain": {"type": "str"},
    "app_name": {"type": "str"},
    "stream_name": {"type": "str"},
    "destination_url": {"type": "str"},
    "state": {"type": "str", "choices": STATES, "default": STATES[0]},
    "source_type": {"type": "str", "choices": SOURCE_TYPES},
    "task_region": {"type": "str"},
    "push_args": {"type": "str"},
    "callback_url": {"type": "str"},
    "backup_source_type": {"type": "str", "choices": BACKUP_SOURCE_TYPES},
    "backup_source_urls": {"type": "list", "elements": "str"},
}
TASK_OPTIONS = {**LIFE_OPTIONS, **SETTINGS_OPTIONS}
RECREATE_OPTIONS: dict[str, dict[str, Any]] = {"recreate": {"type": "bool", "default": False}}

_LISTED = {name: {key: option[key] for key in option if key != "choices"} for name, option in TASK_OPTIONS.items()}
TASKS_OPTIONS: dict[str, dict[str, Any]] = {
    "tasks": {"type": "list", "elements": "dict", "required": True, "options": _LISTED}
}

# Options that name something. A number is refused for them: YAML has already changed 007 and 12:30.
NAME_OPTIONS = frozenset(
    (
        *("task_id", "domain", "app_name", "stream_name", "destination_url", "push_args", "task_region", "m3u"),
        *("region", "project_id", "project_name", "access_key", "username", "domain_name", "profile"),
    )
)

FILTER_OPTIONS: dict[str, dict[str, Any]] = {
    "task_id": {"type": "str"},
    "task_region": {"type": "str"},
    "status": {"type": "str"},
    **{name: {"type": "str"} for name in ("domain", "app_name", "stream_name", "destination_url")},
    "source_type": {"type": "str", "choices": SOURCE_TYPES},
}

WORDS_OPTIONS: dict[str, dict[str, Any]] = {"status_words": {"type": "dict", "default": {}}}

# Not a secret, whatever Ansible thinks of its name.
SECRETS_OPTIONS: dict[str, dict[str, Any]] = {"show_secrets": {"type": "bool", "default": False, "no_log": False}}

WAIT_OPTIONS: dict[str, dict[str, Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 60},
}

FLEET_OPTIONS: dict[str, dict[str, Any]] = {
    "concurrency": {"type": "int", "default": 4},
    "preflight": {"type": "bool", "default": False},
}

_ROLLING = {"days": {"type": "int", "default": MAX_DAYS}, "renew_before_hours": {"type": "float", "default": 24}}
_START_AT = {name: {"type": "int", "default": 0} for name in ("index", "seconds")}
# What a channel of the role playlist plays, and a slot of its programme.
_PLAYLIST_OPTIONS: dict[str, dict[str, Any]] = {
    "source_urls": {"type": "list", "elements": "str"},
    "m3u": {"type": "path"},
    "m3u_base_url": {"type": "str"},
    "mode": {"type": "str", "default": MODES[0]},
    "rounds": {"type": "int"},
    "start_at": {"type": "dict", "options": _START_AT},
    "on_update": {"type": "str"},
}
# When a slot begins.
TIMES_OPTIONS: dict[str, dict[str, Any]] = {
    "from": {"type": "str"},
    "days": {"type": "list", "elements": "str"},
    "dates": {"type": "list", "elements": "str"},
}
# The options of a slot. Not within those of a channel, as Ansible would stop at the first wrong slot, and not name it.
SLOT_OPTIONS: dict[str, dict[str, Any]] = {
    **TIMES_OPTIONS,
    "off_air": {"type": "bool", "default": False},
    **_PLAYLIST_OPTIONS,
    "join": {"type": "str", "default": JOINS[0]},
    "durations": {"type": "list", "elements": "float"},
}
# The options of a channel of the role playlist; its meta/argument_specs.yml says the same in its own format.
CHANNEL_OPTIONS: dict[str, dict[str, Any]] = {
    "task_id": {"type": "str"},
    "domain": {"type": "str"},
    "app_name": {"type": "str"},
    "stream_name": {"type": "str"},
    "destination_url": {"type": "str"},
    "remove": {"type": "bool", "default": False},
    **_PLAYLIST_OPTIONS,
    "programme": {"type": "list", "elements": "raw"},
    "timezone": {"type": "str"},
    "on_air": {"type": "bool"},
    "start_time": {"type": "str"},
    "end_time": {"type": "str"},
    "rolling": {"type": "dict", "options": _ROLLING},
    "callback_events": {"type": "list", "elements": "str"},
    "callback_url": {"type": "str"},
    "push_args": {"type": "str"},
    "backup_source_type": {"type": "str"},
    "backup_source_urls": {"type": "list", "elements": "str"},
}

_LONGEST = 24 * 60 * 60
# Least, most and unit.
_RANGES: dict[str, tuple[float, float, str]] = {
    "timeout": (0.001, _LONGEST, "seconds"),
    "retries": (0, 100, "times"),
    "wait_timeout": (0, _LONGEST, "seconds"),
    "concurrency": (1, 16, "tasks"),
}


def number(options: Mapping[str, Any], name: str) -> float:
    """Return the value of one of the options that have a range.

    Raises:
        InvalidOptionError: it is out of its range.
    """
    value = options[name]
    least, most, unit = _RANGES[name]
    # A comparison with NaN is False.
    if isinstance(value, bool) or not least <= value <= most:
        raise InvalidOptionError(refused(name, value, f"{least} to {most} {unit}"))
    return float(value)


def wait_timeout(options: Mapping[str, Any]) -> float | None:
    """Return for how many seconds to wait until a change took, or None not to wait.

    Raises:
        InvalidOptionError: wait_timeout is out of its range.
    """
    seconds = number(options, "wait_timeout")
    return seconds if options["wait"] else None


def status_words(options: Mapping[str, Any]) -> dict[str, str]:
    """Return what words of the service, in lower case, mean as a status.

    Raises:
        InvalidOptionError: a word is said to mean what is no status, or is a documented one and said to mean another.
    """
    words = {str(word).lower(): meaning for word, meaning in (options.get("status_words") or {}).items()}
    for word, meaning in words.items():
        if meaning not in STATUSES:
            raise InvalidOptionError(refused(f"status_words.{word}", meaning, " or ".join(STATUSES)))
        if word in STATUSES and word != meaning:
            raise InvalidOptionError(refused(f"status_words.{word}", meaning, f"{word}, which the service documents"))
    return words
