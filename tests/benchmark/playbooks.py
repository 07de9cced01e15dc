# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plays that are timed, as data. Each takes how many tasks, or loop items, it is to have."""

from __future__ import annotations

from typing import Any

from tests.emulator import ACCESS_KEY, AUTH_TOKEN, CHANNEL_ID, PROJECT_ID, SECRET_KEY, fleet_id

Task = dict[str, Any]
Play = dict[str, Any]


def play(tasks: list[Task], endpoint: str) -> list[Play]:
    """Return a playbook of one play with these tasks."""
    connection = {
        "endpoint": endpoint,
        "project_id": PROJECT_ID,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
    }
    return [
        {
            "name": "Benchmark",
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {
                "group/huaweicloud.live.live": connection,
                "sdk_pull_task": connection,
                "ansible.builtin.uri": {"headers": {"X-Auth-Token": AUTH_TOKEN}},
            },
            "vars": {"url": f"{endpoint}/v1/{PROJECT_ID}/pull/stream/task"},
            "tasks": tasks,
        }
    ]


def ping(items: int) -> list[Task]:
    """The floor: a module that does nothing."""
    return [{"ansible.builtin.ping": {}, "loop": list(range(items))}]


def module_unchanged(items: int) -> list[Task]:
    """Our module with nothing to change: one read."""
    return [
        {
            "huaweicloud.live.live_pull_task": {"task_id": CHANNEL_ID, "status": "enable", "vod_loop_time": "-1"},
            "loop": list(range(items)),
        }
    ]


def uri_read(items: int) -> list[Task]:
    """The same read by hand; uri cannot sign, so that it has a token."""
    return [
        {
            "ansible.builtin.uri": {"url": f"{{{{ url }}}}?limit=100&offset=0&task_id={CHANNEL_ID}"},
            "loop": list(range(items)),
        }
    ]


def sdk_read(items: int) -> list[Task]:
    """The same read by a module on the official SDK."""
    return [{"sdk_pull_task": {"task_id": CHANNEL_ID}, "loop": list(range(items))}]


def module_changes(items: int) -> list[Task]:
    """Our module with something to change each time: read, write, read back."""
    return [
        {"huaweicloud.live.live_pull_task": {"task_id": CHANNEL_ID, "vod_loop_time": number + 1}}
        for number in range(items)
    ]


def uri_changes(items: int) -> list[Task]:
    """What a person would write for the same: GET, PUT when different, GET."""
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


def fleet(rounds: dict[int, str], concurrency: int = 8) -> list[Task]:
    """Our bulk module; rounds has the vod_loop_time to ask for by the number of the task in the fleet."""
    return [{"huaweicloud.live.live_pull_tasks": {"tasks": _asked(rounds), "concurrency": concurrency}}]


def idle_fleet(rounds: dict[int, str]) -> list[Task]:
    """The floor of a fleet: the playbook holds the same list, and does nothing with it."""
    return [{"ansible.builtin.ping": {}, "vars": {"fleet": _asked(rounds)}}]


def _asked(rounds: dict[int, str]) -> list[dict[str, str]]:
    return [{"task_id": fleet_id(number), "vod_loop_time": value} for number, value in rounds.items()]
