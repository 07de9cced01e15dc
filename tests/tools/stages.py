# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run stages of the tests, report how far they are, and sum up: python stages.py [OPTION...] STAGE...

A stage is a target of the Makefile. Its output goes to RESULTS/STAGE.log. A line there that begins with "NOTE: " says
what the stage leaves out, and one with "SKIPPED: " why the machine cannot run it: both are repeated in the summary.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

WIDTH = 110
TAIL = 25
SILENCE_SECONDS = 60
VERSIONED = ("sanity", "unit", "integration")
BEGIN, END = "<!-- make test-all writes this: -->\n", "<!-- until here -->\n"

# The first pattern that matches says best why a stage failed. Its last match counts: expected failures come before it.
_REASONS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^(?:FAILED|ERROR) (tests/.*)",
        r"^ERROR: (Ansible warns.*)",
        r"^fatal: \[.*?\]: FAILED! => (.*)",
        r"^FATAL: (.*)",
        r"^ERROR: (.*)",
        r"^\S+:\d+:.*",
        r"^E +(.*)",
    )
)
_NOTE = re.compile(r"^NOTE: (.*)", re.MULTILINE)
_SKIPPED = re.compile(r"^SKIPPED: (.*)", re.MULTILINE)
_SKIPPED_SANITY = re.compile(r"^WARNING: Skipping sanity test .([\w-]+)", re.MULTILINE)


class Ending(NamedTuple):
    """How a stage ended.

    Attributes:
        passed: whether it passed; None if it was skipped.
        text: the same for people.
        seconds: how long it took, and how many seconds of CPU.
        notes: what it left out.
    """

    passed: bool | None
    text: str
    seconds: tuple[float, float]
    notes: list[str]


class Stage:
    """A stage that runs.

    Args:
        name: the target of the Makefile.
        results: the folder for its log.
    """

    def __init__(self, name: str, results: Path) -> None:
        self.name = name
        self.log = results / f"{name}.log"
        self._begun = time.monotonic()
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                ["make", "--no-print-directory", "--jobs=2", name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def seconds(self) -> float:
        """For how long it has been running."""
        return time.monotonic() - self._begun

    def ending(self) -> Ending | None:
        """Return how it ended; None while it runs."""
        pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
        if not pid:
            return None
        self._process.returncode = os.waitstatus_to_exitcode(status)
        seconds = (self.seconds, usage.ru_utime + usage.ru_stime)
        return judged(self.log.read_text(encoding="utf-8", errors="replace"), self._process.returncode, seconds)

    def stop(self) -> None:
        """Stop it, and what it has started."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()


def judged(log: str, exit_status: int, seconds: tuple[float, float]) -> Ending:
    """Return how a stage ended, by its output and its exit status."""
    notes = _NOTE.findall(log)
    unfit = dict.fromkeys(_SKIPPED_SANITY.findall(log))
    if unfit:
        notes.append(f"{len(unfit)} sanity tests that ansible-test skips: {', '.join(unfit)}")
    if exit_status:
        return Ending(False, f"FAILED: {reason(log)}", seconds, notes)
    if skipped := _SKIPPED.search(log):
        return Ending(None, f"skipped: {skipped[1]}", seconds, notes)
    return Ending(True, "passed", seconds, notes)


def reason(log: str) -> str:
    """Return the line of a log that says best why the stage failed."""
    for pattern in _REASONS:
        if found := [*pattern.finditer(log)]:
            return found[-1][pattern.groups].strip()
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith("make")]
    return lines[-1].strip() if lines else "it printed nothing"


def shortened(line: str) -> str:
    """Return a line that fits the terminal."""
    return line if len(line) <= WIDTH else line[: WIDTH - 3] + "..."


def duration(seconds: float) -> str:
    """Return a duration for people, such as 2 min 05 s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


class Report:
    """Prints lines with the time since the start."""

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been since the start."""
        return time.monotonic() - self._begun

    def line(self, text: str) -> None:
        """Print a line."""
        self._last = time.monotonic()
        minutes, seconds = divmod(round(self.seconds), 60)
        print(shortened(f"{minutes:02}:{seconds:02}  {text}"), flush=True)

    def still(self, running: list[Stage]) -> None:
        """Say what runs, if nothing was printed for a minute."""
        if time.monotonic() - self._last >= SILENCE_SECONDS:
            self.line("running: " + ", ".join(f"{stage.name} ({duration(stage.seconds)})" for stage in running))


def run(stages: list[str], jobs: int, results: Path, report: Report) -> dict[str, Ending]:
    """Run the stages, as many at a time as jobs says, in the order given, and return how each ended."""
    endings: dict[str, Ending] = {}
    waiting, running = list(stages), []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(Stage(waiting.pop(0), results))
                report.line(f"{running[-1].name}: begins")
            time.sleep(0.1)
            for stage in list(running):
                ending = stage.ending()
                if ending:
                    running.remove(stage)
                    endings[stage.name] = ending
                    report.line(f"{stage.name}: {ending.text}, {duration(ending.seconds[0])}")
            report.still(running)
    finally:
        for stage in running:
            stage.stop()
    return endings


def print_summary(endings: dict[str, Ending], results: Path, seconds: float) -> None:
    """Print the end of the log of each stage that failed, a table of all, and one sentence."""
    failed = [name for name, ending in endings.items() if ending.passed is False]
    for name in failed:
        log = (results / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        print(f"\n--- The end of {results / f'{name}.log'}\n")
        print("\n".join(log.splitlines()[-TAIL:]))
    print(f"\n{'stage':18} {'time':>12} {'CPU':>12}")
    for name, ending in endings.items():
        wall, cpu = map(duration, ending.seconds)
        print(shortened(f"{name:18} {wall:>12} {cpu:>12}  {ending.text}"))
        for note in ending.notes:
            print(shortened(f"{'':18} {note}"))
    cpu = duration(sum(ending.seconds[1] for ending in endings.values()))
    skipped = sum(ending.passed is None for ending in endings.values())
    took = f"in {duration(seconds)} ({cpu} of CPU)"
    if failed:
        print(f"\n{len(failed)} of {len(endings)} stages failed {took}: {', '.join(failed)}.")
    else:
        beyond = f", {skipped} could not run on this machine" if skipped else ""
        print(f"\n{len(endings) - skipped} stages passed {took}{beyond}.")


def versions(environments: Path) -> dict[str, tuple[str, str]]:
    """Return the ansible-core and the Python of each environment that was built."""
    found = {}
    for package in environments.glob("2.*/lib/python*/site-packages/ansible_core-*.dist-info"):
        environment = package.parents[3].name
        found[environment] = (package.name[len("ansible_core-") : -len(".dist-info")], package.parents[1].name[6:])
    return found


def table(known: dict[str, tuple[str, str]], endings: dict[str, Ending]) -> str:
    """Return what was tested, as a table for README."""
    rows = ["| ansible-core | Python | sanity | unit | integration |", "|---|---|---|---|---|"]
    for stage in endings:
        kind, _dash, version = stage.partition("-")
        if kind == VERSIONED[0]:
            core, python = known.get(version, (version, "-"))
            cells = " | ".join(endings[f"{kind}-{version}"].text for kind in VERSIONED)
            rows.append(f"| {core} | {python} | {cells} |")
    return "\n".join(f"  {row}" for row in rows) + "\n"


def write_table(readme: Path, text: str) -> None:
    """Put a table into README, between the lines that say where."""
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    readme.write_text(f"{before}{begin}{text}  {end}{after}", encoding="utf-8")


def main() -> int:
    """Run the stages, and return the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=Path, default=Path(".build/results"))
    parser.add_argument("--jobs", type=int, default=1, help="how many stages run at a time")
    parser.add_argument("--about", default="", help="what runs, and how long it takes, for the first line")
    parser.add_argument("--table", type=Path, help="README, whose table is written if all stages passed")
    parser.add_argument("stages", nargs="+")
    arguments = parser.parse_args()
    arguments.results.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    print(f"{arguments.about} The output of each stage is in {arguments.results}.", flush=True)
    report = Report()
    endings = run(arguments.stages[:1], 1, arguments.results, report)
    if all(ending.passed for ending in endings.values()):
        endings |= run(arguments.stages[1:], arguments.jobs, arguments.results, report)
    print_summary(endings, arguments.results, report.seconds)
    passed = all(ending.passed is not False for ending in endings.values())
    if arguments.table and passed:
        write_table(arguments.table, table(versions(arguments.results.parent / "venv"), endings))
    return 0 if passed else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted: the stages that ran were stopped.")
