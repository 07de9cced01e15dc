# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress that a user sees while a task runs."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import ALWAYS
from ansible_collections.huaweicloud.live.plugins.plugin_utils._direct import reporter


class Screen:
    """A fake of Ansible's display.

    Args:
        verbosity: the number of -v on the command line.

    Attributes:
        shown: each displayed text, and whether it went to standard error.
    """

    def __init__(self, verbosity: int) -> None:
        self.verbosity = verbosity
        self.shown: list[tuple[str, bool]] = []

    def display(self, text: str, color: str | None = None, stderr: bool = False) -> None:
        """Record a text."""
        self.shown.append((text, stderr))


@pytest.mark.parametrize(
    ("verbosity", "texts"), [(0, ["x: far"]), (1, ["x: far", "x: wait"]), (3, ["x: far", "x: wait"])]
)
def test_progress_goes_to_standard_error(verbosity: int, texts: list[str]) -> None:
    screen = Screen(verbosity)
    report = reporter(screen, "x")
    report("far", 0)
    report("wait", 1)
    assert screen.shown == [(text, True) for text in texts]


def test_messages_that_are_always_displayed_are_displayed_without_progress() -> None:
    screen = Screen(verbosity=3)
    report = reporter(screen, "x", progress=False)
    for verbosity in (ALWAYS, 0, 1):
        report(f"at {verbosity}", verbosity)
    assert screen.shown == [(f"x: at {ALWAYS}", True)]
