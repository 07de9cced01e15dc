# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a modify did, as the task reads afterwards, and what others did. Pure, without a clock.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .fields import FIELDS, has_passed
from .task import CLOCK_SKEW, PullTask


class Verdict(NamedTuple):
    """What became of a task.

    Attributes:
        pending: options that were sent and are not as asked, at least not yet.
        unsent: options that are not as asked and were not sent, because they were as asked then.
        lost: options that the modify left out and that are empty, or at their default, because of it.
        others: options that were changed by someone else.
        unknown: whether the status is a word of which nobody knows whether it is what was asked.
        unproven: whether nothing in the reading shows the modify, because nobody understands the status.
    """

    pending: list[str]
    unsent: list[str]
    lost: list[str]
    others: list[str]
    unknown: bool
    unproven: bool = False


def judge(
    before: PullTask,
    planned: PullTask,
    sent: Mapping[str, Any],
    after: PullTask,
    asked: Mapping[str, Any],
    owed: Mapping[str, Any],
    moment: float,
) -> Verdict:
    """Return what a modify did, and what others did.

    Args:
        before: the task as it was before the first modify.
        planned: the same, but what an earlier modify carried is as it was when this one was planned.
        sent: the body of the modify.
        after: the task as it is now.
        asked: the managed options in normal form.
        owed: what had to be restored.
        moment: seconds since the epoch.
    """
    targets = {**after.still_lost(owed, moment), **asked}
    differing = set(after.differing(targets, moment))
    lost = [name for name in FIELDS if name not in sent and _is_lost(name, planned, after, moment)]
    # An option that is as asked although it is at its default was not lost.
    lost = [name for name in lost if name not in targets or name in differing]
    unknown = "status" in differing and "status" not in lost and after.status_is_unknown
    open_ = [name for name in FIELDS if name in differing and name not in lost and not (unknown and name == "status")]
    return Verdict(
        unproven=unknown and not lost and not _proves(planned, sent, after, owed, moment),
        pending=[name for name in open_ if name in sent],
        unsent=[name for name in open_ if name not in sent],
        lost=lost,
        others=[
            name
            for name in FIELDS
            if name not in targets and name not in lost and not _unchanged(name, before, after, moment)
        ],
        unknown=unknown,
    )


def _proves(
    planned: PullTask, sent: Mapping[str, Any], after: PullTask, owed: Mapping[str, Any], moment: float
) -> bool:
    """Return whether the task shows a modify that carried a status, now that nobody understands the one it has."""
    if "status" not in sent or planned.values.get("status") != after.values.get("status"):
        return True
    others = {name: value for name, value in sent.items() if name in FIELDS and name != "status"}
    return bool(planned.differing(others, moment)) or not others.keys().isdisjoint(owed)


def _unchanged(name: str, before: PullTask, after: PullTask, moment: float) -> bool:
    if name not in before.values or name not in after.values:
        return before.answer.get(name) == after.answer.get(name)
    one, other = before.values[name], after.values[name]
    if one is None or other is None:
        return one is other
    over = name == "start_time" and has_passed(one, moment) and has_passed(other, moment)
    return over or FIELDS[name].same(one, other)


def _is_lost(name: str, before: PullTask, after: PullTask, moment: float) -> bool:
    if _unchanged(name, before, after, moment) or before.has_default(name):
        return False
    if name not in before.values:
        # Nobody can tell what it was, nor what it is: to call it lost is the safe side.
        return True
    start = after.values.get("start_time")
    if name == "start_time" and start is not None:
        return not has_passed(before.values[name], moment) and has_passed(start, moment + CLOCK_SKEW)
    return after.has_default(name)
