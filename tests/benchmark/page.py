# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark page of the documentation and its picture."""

from __future__ import annotations

import io
import re

import matplotlib

from tests.benchmark.results import Cell, Results, fraction

matplotlib.use("svg")
from matplotlib import pyplot

# The picture has its own background, because pages may be light or dark.
_INK, _PAPER = "#1f2328", "#ffffff"
# A smaller limit is not meaningful.
_LEAST_LIMIT = 0.2

_FLEET_HEAD = (
    "Tasks",
    "To change",
    "Round trip",
    "Reads",
    "Writes",
    "Seconds",
    "Beyond Ansible",
    "Limit",
    "Ratio",
    "MiB",
)


def render(results: Results, picture: str) -> str:
    """Return the page. ``picture`` is the path of the picture, relative to the page."""
    items, thousand = results.items, results.cell(1000, 0, 0.0)
    loop = thousand.floor + 1000 * items["uri"]
    sections = (
        _heading("What it costs", "="),
        f"In a loop, one more channel takes {_ms(items['module'])} ms, and ``ansible.builtin.uri`` takes"
        f" {_ms(items['uri'])} for the same read: the module takes {fraction(items['module'] / items['uri'])} of it."
        f" A thousand channels in their declared state take {thousand.seconds:.1f} s in one call of"
        f" ``live_pull_tasks``, and {loop:.0f} s in a loop of ``uri``.",
        f".. image:: {picture}\n   :alt: Seconds of a playbook over the number of channels, for three ways to read"
        " them",
        "The picture shows the seconds of a whole playbook without changes, with the service on the same machine. The"
        " cost of a loop is the cost of one more item, times their number.",
        _heading("How it was measured", "-"),
        f"One run of ``make benchmark`` on {results.day} measured all numbers: {results.machine}, ansible-core"
        f" {results.ansible}, with the emulator on the same machine. Each number is the median of {results.rounds} runs"
        " of a whole ``ansible-playbook`` process, with the variants in turn. The times depend on the machine, so"
        " compare the ratios. ``uri`` uses a token, because it cannot sign. The others sign each request.",
        _heading("One channel", "-"),
        _table(("What", "Milliseconds", "Ratio"), _single_rows(results)),
        "The ratio is the time of this collection, divided by the time of the row. The network delays each direction by"
        " 25 ms, with the TCP handshake. The items of a loop share one connection. ``uri`` opens a new TLS connection"
        " for each item.",
        _heading("Fleets", "-"),
        f"The concurrency is {results.cells[0].concurrency}. Ansible itself needs time for so many arguments. ``Beyond"
        " Ansible`` is the time minus that of an action with the same arguments that does nothing. ``Limit`` is the"
        " number of requests that must wait for each other, times the round trip. ``Ratio`` is ``Beyond Ansible``"
        " divided by ``Limit``.",
        _table(_FLEET_HEAD, [_fleet_row(cell) for cell in results.cells]),
        f"If the service accepts 20 requests a second, a fleet with 200 changes takes {results.throttled:.2f} times the"
        " minimum.",
    )
    return "\n\n".join((".. _ansible_collections.huaweicloud.live.docsite.benchmark_guide:", *sections)) + "\n"


def _heading(text: str, underline: str) -> str:
    return f"{text}\n{underline * len(text)}"


def _single_rows(results: Results) -> list[tuple[str, ...]]:
    items, distant, changes, whole = results.items, results.distant, results.changes, results.whole

    def rows(what: str, ours: float, others: dict[str, float]) -> list[tuple[str, ...]]:
        compared = [(f"{name}", _ms(cost), _ratio(ours / cost)) for name, cost in others.items()]
        return [(f"**{what}**", _ms(ours), ""), *compared]

    return [
        *rows(
            "One more item of a loop, nothing to change",
            items["module"],
            {
                "``ansible.builtin.debug``, which does nothing": items["debug"],
                "``ansible.builtin.uri``, the same read": items["uri"],
                "a module on the official SDK, the same read": items["sdk"],
                "``ansible.builtin.ping``, a module that does nothing": items["ping"],
                "this module, shipped": items["shipped"],
            },
        ),
        *rows(
            "The same with a round trip of 50 ms and TLS",
            distant["module"],
            {"``ansible.builtin.uri``": distant["uri"]},
        ),
        *rows(
            "One change: read, write, verify",
            changes["module"],
            {"three tasks of ``ansible.builtin.uri``: GET, PUT, GET": changes["uri"]},
        ),
        *rows(
            "A whole playbook with one task", whole["module"], {"the same with ``ansible.builtin.uri``": whole["uri"]}
        ),
        *rows(
            "A hundred channels as hosts, ten forks",
            whole["module, hosts"],
            {"the same with ``ansible.builtin.uri``": whole["uri, hosts"]},
        ),
    ]


def _fleet_row(cell: Cell) -> tuple[str, ...]:
    limited = cell.limit >= _LEAST_LIMIT
    return (
        f"{cell.size:,}",
        f"{cell.share} %",
        f"{cell.latency * 1000:.0f} ms",
        f"{cell.reads:,}",
        f"{cell.writes:,}",
        f"{cell.seconds:.2f}",
        f"{cell.beyond:.2f}",
        *((f"{cell.limit:.2f}", f"{cell.beyond / cell.limit:.2f}") if limited else ("", "")),
        f"{cell.memory:.0f}",
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    def row(cells: tuple[str, ...]) -> str:
        return "\n".join(f"   {'* -' if place == 0 else '  -'} {cell}".rstrip() for place, cell in enumerate(cells))

    return "\n".join([".. list-table::", "   :header-rows: 1", "", row(head), *(row(cells) for cells in rows)])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}" if seconds < 0.1 else f"{seconds * 1000:.0f}"


def _ratio(value: float) -> str:
    return fraction(value) if value < 0.5 else f"{value:.2f}"


def draw(results: Results) -> str:
    """Return the picture, as SVG: seconds over number of tasks."""
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "fixed", "font.family": "sans-serif"})
    matplotlib.rcParams.update(dict.fromkeys(("text.color", "axes.edgecolor", "xtick.color", "ytick.color"), _INK))
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    floor = results.whole["module"]
    bulk = [cell for cell in results.cells if not cell.latency and not cell.share]
    sizes = [1, 10, 100, 1000, 10000]
    lines = (
        ("ansible.builtin.uri in a loop", "#c2621b", ":", "s", [floor + size * results.items["uri"] for size in sizes]),
        ("live_pull_task in a loop", "#2f7fc1", "--", "o", [floor + size * results.items["module"] for size in sizes]),
        ("live_pull_tasks, one call", "#2e8b57", "-", "D", [floor, *(cell.seconds for cell in bulk)]),
    )
    for label, colour, style, marker, seconds in lines:
        axes.plot(sizes, seconds, style, color=colour, marker=marker, linewidth=2)
        axes.annotate(label, (sizes[-1], seconds[-1]), (8, 0), textcoords="offset points", va="center")
        axes.annotate(
            f"{seconds[-2]:,.0f} s" if seconds[-2] >= 10 else f"{seconds[-2]:.1f} s",
            (sizes[-2], seconds[-2]),
            (-16, 8),
            textcoords="offset points",
            ha="center",
        )
    axes.set(xscale="log", yscale="log")
    axes.set_xlabel("channels", color=_INK)
    axes.set_ylabel("seconds", color=_INK)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    axes.minorticks_off()
    axes.grid(True, color=_INK, alpha=0.15)
    axes.spines[["top", "right"]].set_visible(False)
    buffer = io.StringIO()
    metadata = {"Date": None, "Creator": None, "Type": None, "Format": None}
    figure.savefig(buffer, format="svg", metadata=metadata, bbox_inches="tight", facecolor=_PAPER)
    svg = buffer.getvalue()
    return re.sub(r"\n\s*\n", "\n", svg[svg.index("<svg") :]).strip() + "\n"
