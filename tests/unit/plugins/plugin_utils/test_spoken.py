# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user sees while a run goes on, and the variables that steer it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import ALWAYS
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.plugin_utils._action import DIRECT, PROGRESS, switched
from ansible_collections.huaweicloud.live.plugins.plugin_utils._spoken import teller


class Screen:
    """A display of Ansible.

    Args:
        verbosity: how many -v there are.

    Attributes:
        shown: each text, and whether it went to standard error.
    """

    def __init__(self, verbosity: int) -> None:
        self.verbosity = verbosity
        self.shown: list[tuple[str, bool]] = []

    def display(self, text: str, color: str | None = None, stderr: bool = False) -> None:
        """Show a text."""
        self.shown.append((text, stderr))


@pytest.mark.parametrize(
    ("verbosity", "texts"), [(0, ["x: far"]), (1, ["x: far", "x: wait"]), (3, ["x: far", "x: wait"])]
)
def test_progress_goes_to_standard_error(verbosity: int, texts: list[str]) -> None:
    screen = Screen(verbosity)
    tell = teller(screen, "x")
    tell("far", 0)
    tell("wait", 1)
    assert screen.shown == [(text, True) for text in texts]


def test_what_must_be_seen_is_shown_although_progress_is_off() -> None:
    screen = Screen(verbosity=3)
    tell = teller(screen, "x", progress=False)
    for verbosity in (ALWAYS, 0, 1):
        tell(f"at {verbosity}", verbosity)
    assert screen.shown == [(f"x: at {ALWAYS}", True)]


@pytest.mark.parametrize(
    ("value", "on"), [(None, True), (True, True), ("yes", True), ("False", False), (0, False), ("off", False)]
)
def test_a_switch_is_on_unless_it_is_off(value: Any, on: bool) -> None:
    assert switched({DIRECT: value, PROGRESS: None}) == {DIRECT: on, PROGRESS: True}


@pytest.mark.parametrize("value", ["maybe", "", 2, [], {}])
def test_a_switch_that_is_neither_is_an_error_that_names_the_variable(value: Any) -> None:
    with pytest.raises(InvalidOptionError) as raised:
        switched({DIRECT: value, PROGRESS: value})
    assert str(raised.value) == " ".join(
        f"The variable {name}: {value!r} is not allowed. Allowed: true or false." for name in (DIRECT, PROGRESS)
    )
