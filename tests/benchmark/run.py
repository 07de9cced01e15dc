# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure what the modules cost beside what one would write by hand, and write the page with the results.

Run from the root of the repository, with ansible-playbook on the PATH: python -m tests.benchmark.run PAGE.rst
Every figure is the median of whole playbook processes, the variants taken in turns. What one more loop item costs is
the difference between a long and a short loop, divided by the difference of their lengths.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import requests

from tests.benchmark import playbooks
from tests.benchmark.page import Cell, Results, render
from tests.emulator import seed_many, seed_tasks

ROUNDS = 5
ITEMS = 20
CHANGES = 10
SIZES = (10, 100, 1000)
SHARES = (0, 10, 100)
LATENCIES = (0.0, 0.05)
CONCURRENCY = 8

Builder = Callable[[int], list[playbooks.Task]]


class Service:
    """The emulator, in a process of its own as the real service would be."""

    def __init__(self, url: str) -> None:
        self.url = url

    def prepare(self, size: int | None = None, latency: float = 0) -> None:
        """Start over, with a fleet of that size if one is given."""
        requests.post(f"{self.url}/emulator/reset", timeout=10).raise_for_status()
        tasks = seed_tasks() if size is None else seed_many(size)
        requests.put(f"{self.url}/emulator/tasks", json={"tasks": tasks}, timeout=30).raise_for_status()
        requests.patch(f"{self.url}/emulator/behaviour", json={"latency": latency}, timeout=10).raise_for_status()

    def operations(self) -> list[str]:
        """Return the operations since it was prepared."""
        journal = requests.get(f"{self.url}/emulator/journal", timeout=30).json()
        return [entry["operation"] for entry in journal["requests"]]


@contextmanager
def emulator() -> Iterator[Service]:
    """Run the emulator."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready"
        command = [sys.executable, "-m", "tests.emulator", "--ready-file", str(ready)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                while not ready.exists():
                    time.sleep(0.05)
                yield Service(ready.read_text().strip())
            finally:
                process.terminate()


def seconds(tasks: list[playbooks.Task], service: Service) -> float:
    """Return how long a whole ansible-playbook process with these tasks takes."""
    with tempfile.TemporaryDirectory() as folder:
        playbook = Path(folder) / "playbook.yml"
        playbook.write_text(json.dumps(playbooks.play(tasks, service.url)))
        environment = {
            **os.environ,
            "ANSIBLE_LIBRARY": str(Path(__file__).parent / "library"),
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        }
        started = time.perf_counter()
        run = subprocess.run(
            ["ansible-playbook", str(playbook)], env=environment, capture_output=True, text=True, check=False
        )
        taken = time.perf_counter() - started
    if run.returncode:
        sys.exit(f"A playbook failed:\n{run.stdout}\n{run.stderr}")
    return taken


def marginal(builders: dict[str, Builder], items: int, service: Service) -> dict[str, float]:
    """Return what one more item costs in each variant, in seconds."""
    costs: dict[str, list[float]] = {name: [] for name in builders}
    for turn in range(ROUNDS):
        for name, build in builders.items():
            service.prepare()
            short = seconds(build(1), service)
            service.prepare()
            costs[name].append((seconds(build(1 + items), service) - short) / items)
            print(f"  {turn + 1}/{ROUNDS} {name}: {costs[name][-1] * 1000:.0f} ms")
    return {name: median(values) for name, values in costs.items()}


def fleets(service: Service) -> list[Cell]:
    """Return what fleets cost, over sizes, shares that change, and round trips."""
    grid = [(size, share, latency) for latency in LATENCIES for size in SIZES for share in SHARES]
    taken: dict[tuple[int, int, float], list[float]] = {cell: [] for cell in grid}
    floors: dict[int, list[float]] = {size: [] for size in SIZES}
    operations: dict[tuple[int, int, float], list[str]] = {}
    for turn in range(ROUNDS):
        for size in SIZES:
            floors[size].append(seconds(playbooks.idle_fleet(dict.fromkeys(range(size), "-1")), service))
        for cell in grid:
            size, share, latency = cell
            service.prepare(size, latency)
            rounds = {number: "2" if number * 100 < share * size else "-1" for number in range(size)}
            taken[cell].append(seconds(playbooks.fleet(rounds, CONCURRENCY), service))
            operations[cell] = service.operations()
            print(f"  {turn + 1}/{ROUNDS} {size} tasks, {share} %, {latency:g} s: {taken[cell][-1]:.2f} s")
    return [_cell(cell, median(taken[cell]), median(floors[cell[0]]), operations[cell]) for cell in grid]


def _cell(cell: tuple[int, int, float], taken: float, floor: float, operations: list[str]) -> Cell:
    size, share, latency = cell
    writes, reads = operations.count("modify"), operations.count("list")
    on_the_way = reads + -(-writes // CONCURRENCY)
    return Cell(size, share, latency, taken, floor, reads, writes, on_the_way * latency)


def peak_memory(service: Service, module: str, arguments: dict[str, Any]) -> float:
    """Return the most memory that the process of a module held, in MiB."""
    service.prepare(1000)
    connection = playbooks.play([], service.url)[0]["module_defaults"]["group/huaweicloud.live.live"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"ANSIBLE_MODULE_ARGS": {**connection, **arguments}}, file)
        file.flush()
        # What a process held before it became another program counts as well: so it is started by a small one.
        measure = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
            " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        command = ["-m", f"ansible_collections.huaweicloud.live.plugins.modules.{module}", file.name]
        run = subprocess.run(
            [sys.executable, "-c", measure, sys.executable, *command],
            env={**os.environ, "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]},
            check=True,
            capture_output=True,
            text=True,
        )
    return int(run.stdout) / 1024


def machine() -> str:
    """Describe this machine in a line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor"
    )
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Measure everything, and write the page."""
    version = subprocess.run(["ansible", "--version"], capture_output=True, text=True, check=True).stdout.split("]")[0]
    with emulator() as service:
        print("One more loop item, nothing to change")
        items = marginal(
            {
                "ping": playbooks.ping,
                "module": playbooks.module_unchanged,
                "uri": playbooks.uri_read,
                "sdk": playbooks.sdk_read,
            },
            ITEMS,
            service,
        )
        print("One change")
        changes = marginal({"module": playbooks.module_changes, "uri": playbooks.uri_changes}, CHANGES, service)
        print("Fleets")
        cells = fleets(service)
        fleet = playbooks.fleet(dict.fromkeys(range(1000), "-1"))[0]["huaweicloud.live.live_pull_tasks"]
        memory = {
            "live_pull_task": peak_memory(
                service, "live_pull_task", {"task_id": playbooks.fleet_id(0), "status": "enable"}
            ),
            "live_pull_tasks, 1,000 tasks": peak_memory(service, "live_pull_tasks", fleet),
        }
    results = Results(
        machine=machine(),
        ansible=version.split("[core ")[1].strip(),
        day=date.today().isoformat(),
        rounds=ROUNDS,
        concurrency=CONCURRENCY,
        items=items,
        changes=changes,
        cells=cells,
        memory=memory,
    )
    page = render(results)
    Path(sys.argv[1]).write_text(page)
    print(page.split(".. raw:: html")[0])


if __name__ == "__main__":
    main()
