# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare a task before and after a modify: what the modify did, and what others did. Pure, without a clock.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .fields import FIELDS, has_passed
from .task import CLOCK_SKEW, PullTask


class Verdict(NamedTuple):
    """How a task differs from the declaration after a modify, and why.

    Attributes:
        pending: options that were sent and differ, at least for now.
        unsent: options that differ and were not sent.
        lost: options that the modify left out and that are empty, or at their default, because of it.
        others: options that someone else has changed.
        unknown: whether the status is a word with an unknown meaning, so that it cannot be compared.
        unproven: whether the task may have been read before the modify took effect: its status cannot be compared, and
            nothing else shows the modify.
    """

    pending: list[str]
    unsent: list[str]
    lost: list[str]
    others: list[str]
    unknown: bool
    unproven: bool = False


def judge(
    before: PullTask,
    baseline: PullTask,
    sent: Mapping[str, Any],
    after: PullTask,
    declared: Mapping[str, Any],
    to_restore: Mapping[str, Any],
    moment: float,
) -> Verdict:
    """Return what a modify did, and what others did.

    Args:
        before: the task before the first modify.
        baseline: what the modify is compared with; see `Outcome`.
        sent: the body of the modify.
        after: the task as it is now.
        declared: the declared options in normal form.
        to_restore: options that the service emptied, with the values to restore.
        moment: seconds since the epoch.
    """
    targets = {**after.still_lost(to_restore, moment), **declared}
    differing = after.differing(targets, moment)
    # A declared option at its default was not lost.
    lost = [
        name
        for name in FIELDS
        if name not in sent and (name not in targets or name in differing) and _is_lost(name, baseline, after, moment)
    ]
    unknown = "status" in differing and "status" not in lost and after.status_is_unknown
    still = [name for name in FIELDS if name in differing and name not in lost and not (unknown and name == "status")]
    kept = [name for name in FIELDS if name not in targets and name not in lost]
    return Verdict(
        pending=[name for name in still if name in sent],
        unsent=[name for name in still if name not in sent],
        lost=lost,
        others=[name for name in kept if not _unchanged(name, before, after, moment)],
        unknown=unknown,
        unproven=unknown and not lost and not _proves(baseline, sent, after, to_restore, moment),
    )


def _proves(
    baseline: PullTask, sent: Mapping[str, Any], after: PullTask, to_restore: Mapping[str, Any], moment: float
) -> bool:
    """Return whether a task with an unknown status shows that the modify has taken effect."""
    if "status" not in sent or baseline.values.get("status") != after.values.get("status"):
        return True
    others = {name: value for name, value in sent.items() if name in FIELDS and name != "status"}
    return bool(baseline.differing(others, moment)) or not others.keys().isdisjoint(to_restore)


def _unchanged(name: str, before: PullTask, after: PullTask, moment: float) -> bool:
    if name not in before.values or name not in after.values:
        return before.answer.get(name) == after.answer.get(name)
    one, other = before.values[name], after.values[name]
    if one is None or other is None:
        return one is other
    both_passed = name == "start_time" and has_passed(one, moment) and has_passed(other, moment)
    return both_passed or FIELDS[name].same(one, other)


def _is_lost(name: str, before: PullTask, after: PullTask, moment: float) -> bool:
    if _unchanged(name, before, after, moment) or before.has_default(name):
        return False
    if name not in before.values:
        # The value before cannot be understood, so it may be lost.
        return True
    start = after.values.get("start_time")
    if name == "start_time" and start is not None:
        return not has_passed(before.values[name], moment) and has_passed(start, moment + CLOCK_SKEW)
    return after.has_default(name)
