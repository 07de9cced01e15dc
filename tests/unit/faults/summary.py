# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plugin of pytest that prints the size of the fault matrix and the number of killed runs at the end."""

from __future__ import annotations

import collections
from typing import Any

import pytest

CELL = "fault matrix"
AUTH = "way to authenticate"
KILLS = "killed runs"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sizes and outcomes. With xdist, the controller prints those of all workers."""
    cells = _recorded(terminalreporter, CELL)
    if cells:
        parts: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
        for _outcome, cell in cells:
            parts[cell[AUTH]].append(cell)
        sizes = "; ".join(f"with a {auth} {_size(part)}" for auth, part in sorted(parts.items(), reverse=True))
        terminalreporter.write_line(f"fault matrix: {len(cells)} cells ({sizes}): {_outcomes(cells)}")
    kills = _recorded(terminalreporter, KILLS)
    if kills:
        moments = collections.Counter(moment for _outcome, moment in kills)
        counts = ", ".join(f"{count} when a request had been {moment}" for moment, count in sorted(moments.items()))
        terminalreporter.write_line(f"killed runs: {len(kills)} ({counts}): {_outcomes(kills)}")


def _recorded(terminalreporter: pytest.TerminalReporter, name: str) -> list[tuple[str, Any]]:
    """Return the properties that tests recorded under a name, with the outcomes of the tests."""
    return [
        (outcome, dict(report.user_properties)[name])
        for outcome, reports in terminalreporter.stats.items()
        for report in reports
        if getattr(report, "when", "") == "call" and name in dict(report.user_properties)
    ]


def _outcomes(recorded: list[tuple[str, Any]]) -> str:
    results = collections.Counter(outcome for outcome, _what in recorded)
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(results.items()))


def _size(cells: list[dict[str, str]]) -> str:
    return " x ".join(f"{len({cell[axis] for cell in cells})} {axis}" for axis in cells[0] if axis != AUTH)
