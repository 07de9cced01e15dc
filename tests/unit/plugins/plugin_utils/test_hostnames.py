# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of the hosts of tasks, with groups and hosts of other inventory files."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.plugin_utils._hostnames import HostNames, host_names

OURS = {"task_id": "A", "air": {"state": "over"}, "ansible_connection": "local"}


def one(others: dict[str, Any], candidate: str = "news", reserved: tuple[str, ...] = ()) -> HostNames:
    """Return the names for the task A, whose candidate is news."""
    return host_names([[candidate]], ["A"], reserved, others)


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
def test_a_task_keeps_the_host_that_another_file_has_made_of_it(variables: dict[str, Any]) -> None:
    assert one({"morning": variables}) == HostNames(["morning"], [], [])
    both = host_names([["news"], ["news"]], ["A", "B"], (), {"news": variables})
    assert both == HostNames(["news", "B"], [], ["news"])


def test_a_server_with_the_id_of_a_task_in_a_variable_is_not_its_host() -> None:
    assert one({"encoder": {"task_id": "A"}}) == HostNames(["news"], [], [])


def test_the_name_of_a_group_is_refused_even_if_the_host_of_this_task_has_it() -> None:
    assert one({"news": OURS}, reserved=("news",)) == HostNames(["A"], [], ["news"])


@pytest.mark.parametrize(("others", "reserved"), [({"A": {}}, ()), ({}, ("A",))])
def test_an_id_that_is_the_name_of_another_host_or_of_a_group_is_an_error(
    others: dict[str, Any], reserved: tuple[str]
) -> None:
    with pytest.raises(InvalidOptionError, match="A task has the id 'A', and no other name that its host could have"):
        one(others, candidate="", reserved=reserved)
