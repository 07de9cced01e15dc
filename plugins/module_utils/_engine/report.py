# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of a run: of one task, and of many. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .._errors import counted
from .outcome import Kind, Outcome, State

MOST_NAMED = 5


def task_results(outcome: Outcome, check_mode: bool = False) -> dict[str, Any]:
    """Return the results for one task, without the diff; in check mode, what they would be."""
    results: dict[str, Any] = {
        "changed": is_changed(outcome, check_mode),
        **({"failed": True} if outcome.error else {}),
    }
    if outcome.task or (outcome.declared.absent and not outcome.error):
        results["live_pull_task"] = outcome.task.result() if outcome.task else {}
    if outcome.plan:
        results["changes"] = outcome.plan.changes
        if outcome.plan.request:
            results["request"] = outcome.plan.request
    results.update({name: True for name, kind in _FLAGS.items() if _is_done(outcome, kind, check_mode)})
    if outcome.request_id:
        results["request_id"] = outcome.request_id
    results.update(_stream(outcome))
    if outcome.to_restore and not outcome.error:
        results["restored"] = sorted(outcome.to_restore)
    if outcome.error:
        results.update(outcome.error.result())
    return results


def _stream(outcome: Outcome) -> dict[str, Any]:
    """Return the stream of a task, if the run has read it."""
    return {"stream": outcome.stream._asdict() if outcome.stream else None} if outcome.stream_is_read else {}


def diff(outcome: Outcome) -> dict[str, Any]:
    """Return the declared options before and after, in the form that Ansible shows."""
    declared, plan = outcome.declared, outcome.plan
    before = after = f"pull task {declared.label}"
    if outcome.step(Kind.CREATE):
        after = f"new pull task {declared.destination or declared.label}"
        before = f"no {after[4:]}"
        if outcome.old_id:
            before = f"pull task {outcome.old_id}, deleted; off air until the new task exists"
    elif outcome.step(Kind.DELETE):
        after = f"{before}, deleted"
    return {
        "before": plan.before if plan else {},
        "after": plan.after if plan else {},
        "before_header": before,
        "after_header": after,
    }


def is_changed(outcome: Outcome, check_mode: bool = False) -> bool:
    """Return whether the task was, or may have been, changed; in check mode, whether it would be."""
    return bool(outcome.steps) if check_mode else outcome.changed


_FLAGS = {"created": Kind.CREATE, "deleted": Kind.DELETE}


def _is_done(outcome: Outcome, kind: Kind, check_mode: bool) -> bool:
    step = outcome.step(kind)
    return step is not None and (check_mode or step.state in (State.ACCEPTED, State.VERIFIED))


def fleet_results(outcomes: Sequence[Outcome], check_mode: bool = False) -> dict[str, Any]:
    """Return the results of a run over many tasks; in check mode, what they would be."""
    failed = [outcome for outcome in outcomes if outcome.error]
    changed = sum(is_changed(outcome, check_mode) for outcome in outcomes if not outcome.error)
    summary = {
        "changed": changed,
        "unchanged": len(outcomes) - changed - len(failed),
        "failed": len(failed),
        "created": sum(_is_done(outcome, Kind.CREATE, check_mode) for outcome in outcomes),
        "deleted": sum(_is_done(outcome, Kind.DELETE, check_mode) for outcome in outcomes),
        "not_attempted": sum(not outcome.attempted for outcome in outcomes),
    }
    results: dict[str, Any] = {
        "changed": any(is_changed(outcome, check_mode) for outcome in outcomes),
        "live_pull_tasks": [_slim(outcome, check_mode) for outcome in outcomes],
        "summary": summary,
        "diff": [diff(outcome) for outcome in outcomes if is_changed(outcome, check_mode)],
        "warnings": _grouped(outcomes),
    }
    if failed:
        results["failed"] = True
        results["msg"] = _message(outcomes, failed, summary, check_mode)
    return results


def _slim(outcome: Outcome, check_mode: bool) -> dict[str, Any]:
    """Return the results for one task of many; most are unchanged, and then their id is enough."""
    destination = outcome.declared.destination
    named = {"destination": str(destination)} if destination else {}
    full = is_changed(outcome, check_mode) or outcome.error
    known = {**named, **task_results(outcome, check_mode)} if full else {"changed": False, **_stream(outcome)}
    return {"task_id": outcome.declared.task_id, **known}


def _message(outcomes: Sequence[Outcome], failed: Sequence[Outcome], summary: dict[str, int], check_mode: bool) -> str:
    """Return a message that fits a terminal: the first failures, and what became of all."""
    attempted = [outcome for outcome in failed if outcome.attempted] or failed
    named = "; ".join(_named(outcome) for outcome in attempted[:MOST_NAMED])
    more = f"; and {len(failed) - MOST_NAMED} more, see live_pull_tasks" if len(failed) > MOST_NAMED else ""
    end = "." if not (named + more).endswith(".") else ""
    perhaps = sum(is_changed(outcome, check_mode) for outcome in failed)
    of_them = ", ".join(
        f"{count} of them {words}"
        for count, words in ((summary["not_attempted"], "not attempted"), (perhaps, "changed or perhaps changed"))
        if count
    )
    became = (
        f"{summary['changed']} {'would be changed' if check_mode else 'changed'}, {summary['unchanged']} unchanged,"
        f" {len(failed)} failed{f' ({of_them})' if of_them else ''}"
    )
    return f"{len(failed)} of {counted(len(outcomes), 'task')} failed. {named}{more}{end} In all: {became}."


def _named(outcome: Outcome) -> str:
    """Return why a task failed, with its id."""
    label, message = outcome.declared.label, str(outcome.error)
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
            others = [outcome.declared.label for outcome in concerned[1:MOST_NAMED]]
            more = ", ..." if len(concerned) > MOST_NAMED else ""
            number, have = counted(len(concerned) - 1, "other task"), "has" if len(concerned) == 2 else "have"
            text += f" {number} {have} the same problem: {', '.join(others)}{more}."
        grouped.append(text)
    return grouped
