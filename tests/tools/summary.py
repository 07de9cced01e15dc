# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sum up the stages of `make test`: python summary.py RESULTS [--table README] STAGE...

RESULTS is the folder with a file for each stage: how it ended, and a line for each part that was skipped. With --table
the table of versions in README is written anew, if nothing failed.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import NamedTuple

WIDTH = 100
TAIL = 25
KINDS = ("sanity", "unit", "integration")
BEGIN, END = "<!-- make test-all writes this: -->\n", "<!-- until here -->\n"

# The first line that matches tells more than that something failed.
_REASONS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^(?:FAILED|ERROR) (tests/.*)",
        r"^fatal: \[.*?\]: FAILED! => (.*)",
        r"^FATAL: (.*)",
        r"^ERROR: (.*)",
        r"^\S+:\d+:.*",
        r"^E +(.*)",
    )
)
_SKIPPED = re.compile(r"^WARNING: (Skipping sanity test .*)", re.MULTILINE)


class Ending(NamedTuple):
    """How a stage ended.

    Attributes:
        passed: whether it passed; None if it was skipped.
        text: the same for people.
        notes: what it left out.
    """

    passed: bool | None
    text: str
    notes: list[str]


def reason(log: str) -> str:
    """Return the line of a log that says best why the stage failed."""
    for pattern in _REASONS:
        if found := pattern.search(log):
            return found[found.re.groups].strip()
    lines = [line for line in log.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it printed nothing"


def ending(results: Path, stage: str) -> Ending:
    """Return how a stage ended."""
    log = results / f"{stage}.log"
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    file = results / stage
    if not file.is_file():
        return Ending(False, "FAILED: its environment was not built; the reason is above", [])
    said, *notes = file.read_text(encoding="utf-8").splitlines()
    notes += dict.fromkeys(_SKIPPED.findall(text))
    if said.startswith("FAILED"):
        return Ending(False, f"{said}: {reason(text)}", notes)
    return Ending(None if said.startswith("skipped") else True, said, notes)


def shortened(line: str) -> str:
    """Return a line that fits the terminal."""
    return line if len(line) <= WIDTH else line[: WIDTH - 3] + "..."


def versions(results: Path) -> dict[str, tuple[str, str]]:
    """Return the ansible-core and the Python of each environment that was built."""
    found = {}
    for package in (results.parent / "venv").glob("2.*/lib/python*/site-packages/ansible_core-*.dist-info"):
        environment = package.parents[3].name
        found[environment] = (package.name[len("ansible_core-") : -len(".dist-info")], package.parents[1].name[6:])
    return found


def table(results: Path, endings: dict[str, Ending]) -> str:
    """Return what was tested, as a table for README."""
    known = versions(results)
    rows = ["| ansible-core | Python | sanity | unit | integration |", "|---|---|---|---|---|"]
    for stage in endings:
        kind, _dash, version = stage.partition("-")
        if kind != KINDS[0]:
            continue
        core, python = known.get(version, (version, "-"))
        words = (endings[f"{kind}-{version}"] for kind in KINDS)
        cells = ("passed" if word.passed else word.text for word in words)
        rows.append(f"| {core} | {python} | {' | '.join(cells)} |")
    return "\n".join(f"  {row}" for row in rows) + "\n"


def write_table(readme: Path, text: str) -> None:
    """Put a table into README, between the lines that say where."""
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    readme.write_text(f"{before}{begin}{text}  {end}{after}", encoding="utf-8")


def main() -> int:
    """Print the summary, and return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("--table", type=Path)
    parser.add_argument("stages", nargs="+")
    arguments = parser.parse_args()
    endings = {stage: ending(arguments.results, stage) for stage in arguments.stages}
    failed = [stage for stage, end in endings.items() if end.passed is False]
    for stage in failed:
        log = arguments.results / f"{stage}.log"
        if log.is_file():
            print(f"\n--- The end of {log}\n")
            print("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]))
    print()
    for stage, end in endings.items():
        print(shortened(f"{stage:18} {end.text}"))
        for note in end.notes:
            print(shortened(f"{'':18} {note}"))
        if stage in failed:
            print(f"{'':18} {arguments.results / f'{stage}.log'}")
    print()
    print(table(arguments.results, endings))
    if arguments.table and not failed:
        write_table(arguments.table, table(arguments.results, endings))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
