# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of many tasks: results, a message that fits a terminal, and warnings. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ._errors import counted
from ._outcome import Outcome

MOST_NAMED = 5


def report(outcomes: Sequence[Outcome], check_mode: bool = False) -> dict[str, Any]:
    """Return the results of a run over many tasks; in check mode their words are of what would be."""
    failed = [outcome for outcome in outcomes if outcome.error]
    changed = sum(outcome.changed for outcome in outcomes if not outcome.error)
    summary = {
        "changed": changed,
        "unchanged": len(outcomes) - changed - len(failed),
        "failed": len(failed),
        "created": sum(outcome.created for outcome in outcomes),
        "deleted": sum(outcome.deleted for outcome in outcomes),
        "not_attempted": sum(not outcome.attempted for outcome in outcomes),
    }
    results: dict[str, Any] = {
        "changed": any(outcome.changed for outcome in outcomes),
        "live_pull_tasks": [outcome.slim_result() for outcome in outcomes],
        "summary": summary,
        "diff": [outcome.diff for outcome in outcomes if outcome.changed],
        "warnings": _grouped(outcomes),
    }
    if failed:
        results["failed"] = True
        results["msg"] = _message(outcomes, failed, summary, check_mode)
    return results


def _message(outcomes: Sequence[Outcome], failed: Sequence[Outcome], summary: dict[str, int], check_mode: bool) -> str:
    """Return a message that fits a terminal: the first failures, and what became of all."""
    telling = [outcome for outcome in failed if outcome.attempted] or failed
    named = "; ".join(_named(outcome) for outcome in telling[:MOST_NAMED])
    more = f"; and {len(failed) - MOST_NAMED} more, see live_pull_tasks" if len(failed) > MOST_NAMED else ""
    end = "." if not (named + more).endswith(".") else ""
    perhaps = sum(outcome.changed for outcome in failed)
    of_them = ", ".join(
        f"{count} of them {words}"
        for count, words in ((summary["not_attempted"], "not attempted"), (perhaps, "changed or perhaps changed"))
        if count
    )
    became = (
        f"{summary['changed']} {'would be changed' if check_mode else 'changed'}, {summary['unchanged']} as asked,"
        f" {len(failed)} failed{f' ({of_them})' if of_them else ''}"
    )
    return f"{len(failed)} of {counted(len(outcomes), 'task')} failed. {named}{more}{end} In all: {became}."


def _named(outcome: Outcome) -> str:
    """Return why a task failed, with its id, and without what became of it."""
    label, message = outcome.wanted.label, str(outcome.error)
    return message if re.search(rf"task {re.escape(label)}\b", message, re.I) else f"{label}: {message}"


def _grouped(outcomes: Sequence[Outcome]) -> list[str]:
    """Return one warning of each kind."""
    kinds: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for kind in outcome.warnings:
            kinds.setdefault(kind, []).append(outcome)
    grouped = []
    for kind, concerned in kinds.items():
        text = concerned[0].warnings[kind]
        if len(concerned) > 1:
            others = [outcome.wanted.label for outcome in concerned[1:MOST_NAMED]]
            more = ", ..." if len(concerned) > MOST_NAMED else ""
            text += f" So it is with {len(concerned) - 1} more: {', '.join(others)}{more}"
        grouped.append(text)
    return grouped
