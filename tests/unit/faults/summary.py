# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plugin of pytest that prints the size of the fault matrix, and what came of it, at the end of a run."""

from __future__ import annotations

import collections

import pytest

CELL = "fault matrix"
AUTH = "way to authenticate"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the size of the matrix and what came of it; with xdist, where the reports of all workers come together."""
    cells = [
        (outcome, dict(report.user_properties)[CELL])
        for outcome, reports in terminalreporter.stats.items()
        for report in reports
        if getattr(report, "when", "") == "call" and CELL in dict(report.user_properties)
    ]
    if not cells:
        return
    parts: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
    for _outcome, cell in cells:
        parts[cell[AUTH]].append(cell)
    sizes = "; ".join(f"with a {auth} {_size(part)}" for auth, part in sorted(parts.items(), reverse=True))
    results = collections.Counter(outcome for outcome, _cell in cells)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(results.items()))
    terminalreporter.write_line(f"fault matrix: {len(cells)} cells ({sizes}): {told}")


def _size(cells: list[dict[str, str]]) -> str:
    return " x ".join(f"{len({cell[axis] for cell in cells})} {axis}" for axis in cells[0] if axis != AUTH)
