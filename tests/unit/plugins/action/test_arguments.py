# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that Ansible would convert to something else: each is refused, and what the message says helps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from ansible.parsing.splitter import parse_kv

from ansible_collections.huaweicloud.live.plugins.modules import (
    live_pull_task,
    live_pull_task_info,
    live_pull_tasks,
)
from ansible_collections.huaweicloud.live.plugins.plugin_utils._arguments import mistakes
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID
from ansible_collections.huaweicloud.live.tests.unit.fakes.worker import Worker

A, B = "https://a.example.com/1.mp4", "https://b.example.com/2.mp4"


@pytest.mark.parametrize(
    ("wrong", "words", "right"),
    [
        ({"status": True}, "status: YAML reads on, yes and true as True, which is not allowed.", {"status": "enable"}),
        (
            {"status": False},
            "YAML reads off, no and false as False, which is not allowed. Allowed: pause, ena",
            {"status": "pause"},
        ),
        ({"stream_name": False}, "stream_name: YAML reads off, no and false as False", {"stream_name": "no"}),
        ({"stream_name": 1.1}, "stream_name: the number 1.1 is not allowed", {"stream_name": "1.10"}),
        (
            {"stream_name": 7},
            "stream_name: the number 7 is not allowed, because YAML reads 007",
            {"stream_name": "007"},
        ),
        (
            {"stream_name": datetime(2026, 11, 30, 12, 30)},
            "stream_name: the time 2026-11-30 12:30:00 is not allowed, because YAML",
            {"stream_name": date(2026, 11, 30)},
        ),
        ({"app_name": 750}, "Allowed: a text, in quotes; in an expression, | string.", {"app_name": "12:30"}),
        ({"task_id": 7}, "task_id: the number 7 is not allowed", {"task_id": "7"}),
        ({"domain": 7}, "domain: the number 7 is not allowed", {"domain": "7.example.com"}),
        ({"destination_url": 7}, "destination_url: the number is not allowed", {"destination_url": "rtmp://a/b/7"}),
        ({"push_args": 7}, "push_args: the number is not allowed", {"push_args": "7"}),
        ({"task_region": 7}, "task_region: the number 7 is not allowed", {"task_region": "7"}),
        ({"task_id": ["a"]}, "task_id: a list is not allowed. Allowed: a text", {"task_id": "a"}),
        ({"task_id": {"id": "a"}}, "task_id: a dictionary is not allowed", {"task_id": "a"}),
        ({"end_time": True}, "end_time: YAML reads on", {"end_time": "2027-01-01T00:00:00Z"}),
        ({"password": 1.5}, "password: the number is not allowed", {"password": "1.50"}),
        ({"source_urls": f"{A},b.mp4"}, f"makes the entry 'b.mp4' of '{A},b.mp4'", {"source_urls": [f"{A},b.mp4"]}),
        (
            {"source_urls": f"{A}, {B}"},
            f"a string is split at commas, and that makes the entry ' {B}'",
            {"source_urls": [A, B]},
        ),
        ({"source_urls": f"{A},"}, "makes the entry ''", {"source_urls": [A]}),
        ({"source_urls": f'["{A}"]'}, "is a text that looks like a list. Allowed: a list", {"source_urls": [A]}),
        (
            {"source_urls": {"url": A}},
            "source_urls: a dictionary is not allowed. Allowed: a list",
            {"source_urls": [A]},
        ),
        (
            {"source_urls": [[A, B]]},
            "source_urls: entry 1 is a list. Allowed: a list of texts",
            {"source_urls": [A, B]},
        ),
        ({"source_urls": [A, {"url": B}]}, "source_urls: entry 2 is a dictionary.", {"source_urls": [A, B]}),
        ({"callback_events": "[]"}, "callback_events: '[]' is a text that looks like a list", {"callback_events": []}),
        ({"callback_events": "[]"}, "can also be written as callback_events=, without", {"callback_events": ""}),
        (
            {"callback_events": "TaskStart, TaskExit"},
            "the entry ' TaskExit'",
            {"callback_events": "TaskStart,TaskExit"},
        ),
        (
            {"backup_source_urls": f"{A},b"},
            "backup_source_urls: a string is split at commas",
            {"backup_source_urls": [A]},
        ),
    ],
)
def test_a_value_that_ansible_would_convert_to_another_is_refused(
    wrong: dict[str, Any], words: str, right: dict[str, Any]
) -> None:
    [message] = mistakes(wrong, live_pull_task.ARGUMENTS)
    assert words in message
    assert mistakes(right, live_pull_task.ARGUMENTS) == []
    if "password" not in wrong:
        [message] = mistakes({"tasks": [{}, {"task_id": "t", **wrong}]}, live_pull_tasks.ARGUMENTS)
        assert message.startswith("tasks[1]")
        assert words.partition(":")[2] in message
        assert mistakes({"tasks": [{}, {"task_id": "t", **right}]}, live_pull_tasks.ARGUMENTS) == []


@pytest.mark.parametrize(
    ("tasks", "messages"),
    [
        ({"task_id": "a"}, ["tasks: a dictionary is not allowed. Allowed: a list; begin each of the tasks with '- '."]),
        (
            "a",
            [
                "tasks: 'a' is not allowed. Allowed: a list of dictionaries, on a command line as JSON:"
                """ -a '{"tasks": [...]}'."""
            ],
        ),
        (["a"], ["tasks[0]: 'a' is not allowed. Allowed: a dictionary of options."]),
        ("task_id=a", []),
        ('{"task_id": "a"}', []),
        ([], []),
    ],
)
def test_a_value_that_is_not_a_list_of_tasks_is_refused(tasks: Any, messages: list[str]) -> None:
    assert mistakes({"tasks": tasks}, live_pull_tasks.ARGUMENTS) == messages


def test_an_unknown_option_is_refused_with_its_task_and_a_similar_name() -> None:
    entries = [{"task_id": "a"}, {"task_id": "b", "stauts": "pause", 3: 4}]
    near, far = mistakes({"tasks": entries}, live_pull_tasks.ARGUMENTS)
    assert near.startswith("tasks[1] (task b): stauts is not an option. Did you mean status? Allowed: task_id, domain,")
    assert far.startswith("tasks[1] (task b): 3 is not an option. Allowed: task_id, domain,")


def test_allowed_values_are_accepted() -> None:
    task = {
        "task_id": "7",
        "stream_name": "7",
        "vod_loop_time": 3,
        "source_urls": f"{A},{B}",
        "vod_start_video_index": "1",
    }
    assert mistakes({**task, "callback_events": ["TaskStart"], "wait": "no"}, live_pull_task.ARGUMENTS) == []
    assert (
        mistakes({"status": "enable", "timeout": 1.5, "status_words": {"a": "enable"}}, live_pull_task_info.ARGUMENTS)
        == []
    )


def reported(results: dict[str, Any]) -> str:
    """Return the message and the warnings of a task."""
    return " ".join([results.get("msg", ""), *results.get("warnings", ())])


NAMED = "domain=push.example.com app_name=live stream_name=channel"


@pytest.mark.parametrize(
    ("module", "wrong", "words", "right"),
    [
        (
            "live_pull_task",
            f"task_id={CHANNEL_ID} callback_events=[]",
            "callback_events: '[]'",
            f"task_id={CHANNEL_ID} callback_events=",
        ),
        (
            "live_pull_task",
            "task_id=channel status=pause",
            "'channel' looks like the name of a stream",
            f"{NAMED} status=pause",
        ),
        (
            "live_pull_task",
            "task_id=channel state=absent",
            "so none was deleted. 'channel' looks",
            f"{NAMED} state=absent",
        ),
        ("live_pull_task_info", "task_id=channel", "'channel' looks like the name of a stream", NAMED),
        ("live_pull_task_info", "status=enable,pause", "'enable,pause' is not one word", "status=pause"),
        (
            "live_pull_task_info",
            f"task_id=[{CHANNEL_ID}]",
            "is not one id, and no task can match it",
            f"task_id={CHANNEL_ID}",
        ),
        (
            "live_pull_task_info",
            "status=enabled",
            "No task has the status enabled. The service documents pause and enable",
            "status=enable",
        ),
        (
            "live_pull_task",
            f"task_id={CHANNEL_ID} source_urls={A} vod_start_video_index=1",
            "at most 0, because source_urls has 1 entry, counted from 0",
            f"task_id={CHANNEL_ID} source_urls={A} vod_start_video_index=0",
        ),
        (
            "live_pull_tasks",
            "tasks=x",
            "on a command line as JSON",
            {"tasks": [{"task_id": CHANNEL_ID, "status": "pause"}]},
        ),
    ],
)
def test_following_the_message_solves_the_problem(
    worker: Worker, module: str, wrong: str, words: str, right: str | dict[str, Any]
) -> None:
    """The arguments are those of a command line: texts, or JSON."""
    message = reported(worker.run(module, parse_kv(wrong)))
    assert words in message
    assert ("Nothing was changed" in message) == (module != "live_pull_task_info" and "absent" not in wrong)
    better = worker.run(module, parse_kv(right) if isinstance(right, str) else right)
    assert not better.get("failed"), better
    assert words not in reported(better)
