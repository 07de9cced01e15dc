# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the documentation that shows what was measured."""

from __future__ import annotations

import io
import re
import textwrap
from typing import NamedTuple

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

BULK_TARGET = 1 / 200


class Cell(NamedTuple):
    """A fleet that was timed.

    Attributes:
        size: number of tasks.
        share: how many percent of them had to change.
        latency: seconds that each request took at the service.
        seconds: of the whole playbook process.
        floor: seconds of a playbook process that reads the same list of tasks, and does nothing.
        reads: requests that read.
        writes: requests that wrote.
        limit: seconds that the requests on the critical path take, if nothing else took time.
    """

    size: int
    share: int
    latency: float
    seconds: float
    floor: float
    reads: int
    writes: int
    limit: float


class Results(NamedTuple):
    """All that was measured; seconds and MiB."""

    machine: str
    ansible: str
    day: str
    rounds: int
    concurrency: int
    items: dict[str, float]
    changes: dict[str, float]
    cells: list[Cell]
    memory: dict[str, float]


_FLEET_HEAD = ("Tasks", "To change", "Round trip", "Reads", "Writes", "Seconds", "Ansible alone", "Limit", "Ratio")


def render(results: Results) -> str:
    """Return the page."""
    sections = (
        _heading("What it costs", "="),
        f"What the modules cost beside what one would write by hand. Everything here was measured in one run of"
        f" ``make benchmark`` on {results.day}: {results.machine}, ansible-core {results.ansible}, with the emulation"
        f" of the service on the same machine. Figures are medians of {results.rounds} runs of whole"
        " ``ansible-playbook`` processes, the variants taken in turns."
        " The times depend on the machine; look at the ratios.",
        _heading("One task", "-"),
        _table(("", "Milliseconds", "Ratio", "Target"), _single_rows(results)),
        "What one more item of a loop, or one more change, costs. The ratio is that of our module to the line. The"
        " hand-written tasks use ``ansible.builtin.uri`` with a token, because it cannot sign; our module and the one"
        " on the SDK sign each request.",
        _heading("Fleets", "-"),
        f":ansplugin:`huaweicloud.live.live_pull_tasks#module` with a concurrency of {results.concurrency}. The limit"
        " is what the requests that have to wait for each other take, if nothing else took time: their number times the"
        " round trip. Ansible alone is a playbook that holds the same list of tasks, and runs a module that does"
        " nothing. The ratio is that of the seconds beyond Ansible alone to the limit.",
        _table(_FLEET_HEAD, _fleet_rows(results.cells)),
        _verdicts(results),
        _heading("Memory", "-"),
        _table(
            ("Module", "Most memory of its process"),
            [(name, f"{size:.0f} MiB") for name, size in results.memory.items()],
        ),
        _heading("Seconds over number of tasks", "-"),
        "Nothing to change, no round trip. The loops were measured up to 20 items; beyond that their lines go on with"
        " the cost of one item.",
        f".. raw:: html\n\n{textwrap.indent(_plot(results), '   ')}",
    )
    return "\n\n".join((".. _ansible_collections.huaweicloud.live.docsite.benchmark_guide:", *sections)) + "\n"


def _heading(text: str, underline: str) -> str:
    return f"{text}\n{underline * len(text)}"


def _single_rows(results: Results) -> list[tuple[str, ...]]:
    items, changes = results.items, results.changes
    return [
        ("ansible.builtin.ping (the floor)", _ms(items["ping"]), "", ""),
        ("live_pull_task, nothing to change", _ms(items["module"]), "", ""),
        (
            "ansible.builtin.uri, the same read",
            _ms(items["uri"]),
            _ratio(items["module"] / items["uri"]),
            "at most 1.05",
        ),
        ("A module on the official SDK", _ms(items["sdk"]), _ratio(items["module"] / items["sdk"]), "at most 0.85"),
        ("live_pull_task, one change", _ms(changes["module"]), "", ""),
        (
            "Three ansible.builtin.uri tasks: GET, PUT, GET",
            _ms(changes["uri"]),
            _ratio(changes["module"] / changes["uri"]),
            "at most 0.6",
        ),
    ]


def _fleet_rows(cells: list[Cell]) -> list[tuple[str, ...]]:
    return [
        (
            f"{cell.size:,}",
            f"{cell.share} %",
            f"{cell.latency * 1000:.0f} ms",
            str(cell.reads),
            str(cell.writes),
            f"{cell.seconds:.2f}",
            f"{cell.floor:.2f}",
            *((f"{cell.limit:.2f}", _ratio((cell.seconds - cell.floor) / cell.limit)) if cell.latency else ("", "")),
        )
        for cell in cells
    ]


def _verdicts(results: Results) -> str:
    bulk = next(cell for cell in results.cells if (cell.size, cell.share, cell.latency) == (1000, 0, 0))
    loop = bulk.floor + 1000 * results.items["module"]
    slow = [cell for cell in results.cells if cell.latency]
    whole, without = (sum(cell.seconds - part * cell.floor <= 1.3 * cell.limit + 1 for cell in slow) for part in (0, 1))
    beyond = (loop - bulk.floor) / (bulk.seconds - bulk.floor)
    return (
        f"* 1,000 unchanged tasks: {bulk.seconds:.2f} s in one call, {loop:.0f} s in a loop of the single module:"
        f" 1/{loop / bulk.seconds:.0f} (target: at most 1/{1 / BULK_TARGET:.0f})."
        f" Ansible alone takes {bulk.floor:.2f} s of both; without them it is 1/{beyond:.0f}.\n"
        f"* With a round trip of 50 ms the target is at most 1.3 times the limit plus one second. {without} of"
        f" {len(slow)} fleets meet it with what they take beyond Ansible alone, and {whole} with the whole playbook."
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    def row(cells: tuple[str, ...]) -> str:
        return "\n".join(f"   {'* -' if place == 0 else '  -'} {cell}".rstrip() for place, cell in enumerate(cells))

    return "\n".join([".. list-table::", "   :header-rows: 1", "", row(head), *(row(cells) for cells in rows)])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _ratio(value: float) -> str:
    return f"{value:.2f}"


def _plot(results: Results) -> str:
    """Return the SVG of seconds over number of tasks."""
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "fixed", "font.family": "sans-serif"})
    figure, axes = pyplot.subplots(figsize=(7, 4))
    floor = results.cells[0].floor
    sizes = [1, 10, 100, 1000]
    for name, label in (("uri", "uri in a loop"), ("module", "live_pull_task in a loop")):
        axes.plot(sizes, [floor + size * results.items[name] for size in sizes], label=label)
    bulk = [cell for cell in results.cells if not cell.latency and not cell.share]
    axes.plot([cell.size for cell in bulk], [cell.seconds for cell in bulk], marker="o", label="live_pull_tasks")
    axes.set(xscale="log", yscale="log", xlabel="tasks", ylabel="seconds", ylim=(1, None))
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_yticks([1, 10, 100], ["1", "10", "100"])
    axes.grid(True, alpha=0.3)
    axes.legend()
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    svg = buffer.getvalue()
    return re.sub(r"\n\s*\n", "\n", svg[svg.index("<svg") :]).strip()
