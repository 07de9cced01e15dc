# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names are similar, and which is the nearest."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._task.matching import Listing, SimilarNames
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task_info
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, PROJECT_ID, Emulator, environment


def nearest(name: str, *others: str) -> list[str]:
    """Return which of the other names are similar."""
    return SimilarNames([([other], other) for other in others]).nearest([name])


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("News", "news"),
        ("ÄRTE", "ärte"),
        ("bolly_1", "bolly1"),
        ("bolly 1", "Bolly-1"),
        ("2026-11-30", "2026.11.30"),
        ("cam1-2", "cam1_2"),
        ("boly1", "bolly1"),
        ("bollly1", "bolly1"),
        ("bally1", "bolly1"),
        ("oblly1", "bolly1"),
        ("boll1y", "bolly1"),
        ("kaanl1", "kanal1"),
        ("dog", "dot"),
        ("new\u00b2", "newa\u00b2"),
        ("new", "news"),
        ("ews", "news"),
        ("新闻频道", "新聞频道"),
    ],
)
def test_case_separators_and_one_letter_make_similar_names(name: str, other: str) -> None:
    assert nearest(name, other) == [other]
    assert nearest(other, name) == [name]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("channel1", "channel2"),
        ("channel1", "channel11"),
        ("channel12", "channel21"),
        ("cam1-11", "cam11-1"),
        ("cam1-1", "cam11"),
        ("golf", "my-golf"),
        ("boly1", "bolly2"),
        ("bolly", "blloyy"),
        ("lalboy", "bollay"),
        ("oblly1", "bolxy1"),
        ("bxxly", "bolly"),
        ("new\u00b2s", "new\u00b3s"),
        ("new\u00b2s", "news"),
        ("new\u00b2\u00b3s", "new\u00b3\u00b2s"),
        ("en", "es"),
        ("a", ""),
        ("", "a"),
    ],
)
def test_other_numbers_or_two_other_letters_do_not_make_similar_names(name: str, other: str) -> None:
    assert nearest(name, other) == []
    assert nearest(other, name) == []


def test_the_nearest_name_comes_first() -> None:
    names = ["bollyy-1", "BOLLY-1", "bolly1", "bally-1", "bolly-2"]
    assert nearest("Bolly-1", *names) == ["BOLLY-1", "bolly1", "bally-1", "bollyy-1"]


def test_similar_names_differ_by_one_letter_in_all_their_parts_together() -> None:
    names = [
        ["push", "live", "news"],
        ["pushh", "live", "new"],
        ["pushh", "lives", "new"],
        ["push", "lives", "news"],
        ["pus", "hlive", "news"],
    ]
    found = SimilarNames([(name, name) for name in names]).nearest(["PUSH", "live", "new"])
    assert found == names[:2]


def test_names_with_an_empty_part_are_similar() -> None:
    assert SimilarNames([(["", "News"], 1), (["", "new"], 2), (["x", "News"], 3)]).nearest(["", "news"]) == [1, 2]


def test_things_with_the_same_name_keep_their_order() -> None:
    things = [{"id": 2}, {"id": 1}]
    assert SimilarNames([(["News"], thing) for thing in things]).nearest(["news"]) == things


def task(task_id: str, stream: str, domain: str = "push.example.com") -> PullTask:
    """Return a task."""
    return PullTask.from_answer({"task_id": task_id, "domain": domain, "app_name": "live", "stream_name": stream})


def test_the_info_module_names_the_task_with_a_similar_stream_in_place_of_the_id(emulator: Emulator) -> None:
    options = {name: option.get("default") for name, option in live_pull_task_info.ARGUMENTS.items()}
    environ = {**environment(emulator.url), "HW_PROJECT_ID": PROJECT_ID}
    declared = {**options, "task_id": "chanel"}
    results = live_pull_task_info.run(declared, environ, False, lambda text, verbosity: None)
    [warning] = results["warnings"]
    assert warning.startswith("No task has the id chanel. 'chanel' looks like the name of a stream")
    assert warning.endswith(f" push.example.com/live/channel (task_id {CHANNEL_ID}) has a similar name.")


def test_a_hint_names_at_most_three_tasks() -> None:
    tasks = [task(f"id-{letter}", f"new{letter}", "PUSH.example.com:1935") for letter in "abcdefg"]
    listing = Listing(tasks)
    declaration = Declaration.from_options({"domain": "push.example.com", "app_name": "live", "stream_name": "new"})
    named = ", ".join(f"PUSH.example.com:1935/live/new{letter} (task_id id-{letter})" for letter in "abc")
    assert listing.hint(declaration) == f" {named} and 4 more have similar names."
    assert Listing(tasks[:3]).hint(declaration) == f" {named} have similar names."
    assert listing.hint(declaration._replace(task_id="x", immutable={})) == ""
    assert listing.hint(Declaration("newg", {})).startswith(" PUSH.example.com:1935/live/newg (task_id id-g), ")
