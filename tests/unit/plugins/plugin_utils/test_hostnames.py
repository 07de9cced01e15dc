# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the hosts of tasks are called, next to groups and hosts that other inventory files have made."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.plugin_utils._hostnames import HostNames, host_names

OURS = {"task_id": "A", "air": {"state": "over"}, "ansible_connection": "local"}


def one(others: dict[str, Any], wish: str = "news", taken: tuple[str, ...] = ()) -> HostNames:
    """Return what the host of the task A is called that would be called news."""
    return host_names([[wish]], ["A"], taken, others)


@pytest.mark.parametrize(
    "variables",
    [
        {"ansible_host": "192.0.2.10"},
        {"task_id": "B"},
        {**OURS, "task_id": "B"},
        {"live_task_id": "A"},
        {"backup_task_id": "A", "task_id": "B", "air": {}},
    ],
)
def test_a_host_that_is_not_this_task_is_not_taken_over(variables: dict[str, Any]) -> None:
    assert one({"news": variables}) == HostNames(["A"], [], ["news"])


@pytest.mark.parametrize("variables", [OURS, {"live_task_id": "A", "live_air": {}}, {"task_id": "A"}])
def test_a_host_that_is_this_task_is_the_same_host(variables: dict[str, Any]) -> None:
    assert one({"news": variables}) == HostNames(["news"], [], [])


@pytest.mark.parametrize("variables", [OURS, {"live_task_id": "A", "live_air": {}}])
def test_a_task_stays_the_host_that_another_file_has_made_of_it(variables: dict[str, Any]) -> None:
    assert one({"morning": variables}) == HostNames(["morning"], [], [])
    both = host_names([["news"], ["news"]], ["A", "B"], (), {"news": variables})
    assert both == HostNames(["news", "B"], [], ["news"])


def test_a_server_that_notes_the_id_of_a_task_is_not_taken_for_it() -> None:
    assert one({"encoder": {"task_id": "A"}}) == HostNames(["news"], [], [])


def test_the_name_of_a_group_is_not_taken_even_if_a_host_of_this_task_has_it() -> None:
    assert one({"news": OURS}, taken=("news",)) == HostNames(["A"], [], ["news"])


@pytest.mark.parametrize(("others", "taken"), [({"A": {}}, ()), ({}, ("A",))])
def test_there_is_no_host_if_its_id_is_the_name_of_something_else(others: dict[str, Any], taken: tuple[str]) -> None:
    with pytest.raises(InvalidOptionError, match="A task has the id 'A', and no other name that its host could have"):
        one(others, wish="", taken=taken)
