# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the demo prints."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.live.tests.demo.__main__ import wrap

PATH = "/home/" + "a-long-folder/" * 8 + "main.yml:12:3"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("TASK [Set the playlist]", ["TASK [Set the playlist]"], id="a line that fits"),
        pytest.param("", [""], id="an empty line"),
        pytest.param("word " * 25, ["word " * 18 + "word", "    " + "word " * 5 + "word"], id="between words"),
        pytest.param(f"Origin: {PATH}", ["Origin:", f"    {PATH}"], id="before a long path"),
        pytest.param(f"    {PATH}", [f"    {PATH}"], id="an indented long path"),
        pytest.param(f"\x1b[0;31m{'x' * 98}\x1b[0m", [f"\x1b[0;31m{'x' * 98}\x1b[0m"], id="colours take no room"),
    ],
)
def test_a_line_is_broken_only_between_words(text: str, lines: list[str]) -> None:
    assert wrap(text) == lines
