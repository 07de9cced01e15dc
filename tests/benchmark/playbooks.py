# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plays that are timed, as data. The argument is the number of tasks or loop items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.emulator import ACCESS_KEY, AUTH_TOKEN, CHANNEL_ID, PROJECT_ID, SECRET_KEY, fleet_id

Task = dict[str, Any]
Play = dict[str, Any]

MODULE = "huaweicloud.live.live_pull_task"
FLEET = "huaweicloud.live.live_pull_tasks"
SHIPPED = {"huaweicloud_live_direct": False}


def play(tasks: list[Task], endpoint: str) -> list[Play]:
    """Return a playbook of one play with these tasks, for all hosts."""
    # The certificate of the emulator is signed by an unknown authority.
    trusting = {"validate_certs": False} if endpoint.startswith("https") else {}
    keys = {"endpoint": endpoint, "project_id": PROJECT_ID, "access_key": ACCESS_KEY, "secret_key": SECRET_KEY}
    return [
        {
            "name": "Benchmark",
            "hosts": "all",
            "gather_facts": False,
            "module_defaults": {
                "group/huaweicloud.live.live": {**keys, **trusting},
                "sdk_pull_task": keys,
                "ansible.builtin.uri": {"headers": {"X-Auth-Token": AUTH_TOKEN}, **trusting},
            },
            "vars": {"url": f"{endpoint}/v1/{PROJECT_ID}/pull/stream/task"},
            "tasks": tasks,
        }
    ]


def debug(items: int) -> list[Task]:
    """Return an action that does nothing, as the floor."""
    return [{"ansible.builtin.debug": {"msg": ""}, "loop": [*range(items)]}]


def ping(items: int) -> list[Task]:
    """Return a module that does nothing, as the floor of shipped modules."""
    return [{"ansible.builtin.ping": {}, "loop": [*range(items)]}]


def module_unchanged(items: int) -> list[Task]:
    """Return live_pull_task with nothing to change, which reads once."""
    return [{**module_once()[0], "loop": [*range(items)]}]


def module_once() -> list[Task]:
    """Return the same without a loop."""
    return [{MODULE: {"task_id": CHANNEL_ID, "status": "enable", "vod_loop_time": "-1"}}]


def module_shipped(items: int) -> list[Task]:
    """Return the same, shipped."""
    return [{**module_unchanged(items)[0], "vars": SHIPPED}]


def uri_read(items: int) -> list[Task]:
    """Return the same read with uri, which has a token because it cannot sign."""
    return [{**uri_once()[0], "loop": [*range(items)]}]


def uri_once() -> list[Task]:
    """Return the same without a loop."""
    return [{"ansible.builtin.uri": {"url": f"{{{{ url }}}}?limit=100&offset=0&task_id={CHANNEL_ID}"}}]


def sdk_read(items: int) -> list[Task]:
    """Return the same read by a module on the official SDK."""
    return [{"sdk_pull_task": {"task_id": CHANNEL_ID}, "loop": [*range(items)]}]


def module_changes(items: int) -> list[Task]:
    """Return live_pull_task with a change in each item: read, write, verify."""
    return [{MODULE: {"task_id": CHANNEL_ID, "vod_loop_time": "{{ item + 1 }}"}, "loop": [*range(items)]}]


def uri_changes(items: int) -> list[Task]:
    """Return the same change with uri: GET, PUT if different, GET."""
    tasks: list[Task] = []
    for number in range(items):
        read = {"ansible.builtin.uri": {"url": f"{{{{ url }}}}?task_id={CHANNEL_ID}"}, "register": "found"}
        rounds = str(number + 1)
        write = {
            "ansible.builtin.uri": {
                "url": "{{ url }}",
                "method": "PUT",
                "body_format": "json",
                "body": {"task_id": CHANNEL_ID, "vod_loop_time": rounds},
            },
            "when": f"found.json.task_infos[0].vod_loop_time != '{rounds}'",
        }
        tasks += [read, write, read]
    return tasks


def fleet(rounds: Mapping[int, str], concurrency: int = 8) -> list[Task]:
    """Return live_pull_tasks; rounds has the declared vod_loop_time by the number of the task."""
    return [{FLEET: {"tasks": _asked(rounds), "concurrency": concurrency}}]


def idle_fleet(rounds: Mapping[int, str], concurrency: int = 8) -> list[Task]:
    """Return an action that gets the same arguments and does nothing, as the floor of a fleet."""
    return [{"idle": {"tasks": _asked(rounds), "concurrency": concurrency}}]


def _asked(rounds: Mapping[int, str]) -> list[dict[str, str]]:
    return [{"task_id": fleet_id(number), "vod_loop_time": value} for number, value in rounds.items()]
