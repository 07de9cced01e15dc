# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to send to bring a relay task to what is asked. Pure, without a clock. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, LiveError
from .._options import SOURCE_TYPE, STATUSES
from .fields import FIELDS, RESENT
from .rules import broken_rules
from .task import PullTask, Wanted, has


class Plan(NamedTuple):
    """What brings a task to what is asked.

    Attributes:
        changes: sorted names of the options that differ; empty when there is nothing to do.
        request: body of the modify, or None when there is nothing to do.
        before: the managed options as they are.
        after: the managed options as asked.
        task: the task as it would be.
        warnings: what the user should know besides.
    """

    changes: list[str]
    request: dict[str, Any] | None
    before: dict[str, Any]
    after: dict[str, Any]
    task: PullTask
    warnings: list[str]


def plan(current: PullTask, wanted: Wanted) -> Plan:
    """Return what has to be sent to bring the task to what is asked.

    Sent are the options that differ and, so that they survive whether the service keeps or resets what is left out,
    every option with a documented default. `source_urls`, `status` and `end_time` only when they differ:
    sending `source_urls` again could restart the playlist on air.

    Raises:
        InvalidOptionError: together with what the task has, the options break a constraint.
        LiveError: the task is of another source type, or has a value that would be lost.
    """
    if not current.has_playlist:
        raise LiveError(
            f"Task {wanted.task_id} has source_type {current.answer['source_type']!r}."
            f" Only a {SOURCE_TYPE} task can be modified."
        )
    changes = current.differing(wanted)
    merged = {**current.values, **wanted.values}
    return Plan(
        changes=changes,
        request=_request(current, wanted, changes, merged) if changes else None,
        before={name: current.result().get(name) for name in wanted.values},
        after=dict(wanted.values),
        task=PullTask(current.answer, merged),
        warnings=_status_warnings(current, wanted),
    )


def _request(current: PullTask, wanted: Wanted, changes: list[str], merged: Mapping[str, Any]) -> dict[str, Any]:
    _check_merged(current, wanted, changes, merged)
    body = {"task_id": wanted.task_id}
    for name in FIELDS:
        # A field that the answer lacks has nothing to lose: left out it stays as it is, or gets the same default.
        kept = name in RESENT and (name in wanted.values or has(current.answer, name))
        if name in changes or kept:
            body[name] = merged[name]
    return body


def _check_merged(current: PullTask, wanted: Wanted, changes: list[str], merged: Mapping[str, Any]) -> None:
    """Refuse a request that breaks a rule together with what the task has, or that would lose what the task has."""
    lost = [name for name in RESENT if name not in merged]
    if lost:
        raise LiveError(
            f"Task {wanted.task_id}: the service answered"
            f" {', '.join(f'{name} {current.answer[name]!r}' for name in lost)}, which this module does not"
            f" understand and a change of {', '.join(changes)} could lose. Set {', '.join(lost)} too."
        )
    unmanaged = frozenset(FIELDS) - frozenset(wanted.values)
    urls = current.answer.get("source_urls")
    # Whatever the task's own URLs look like, their number is known.
    known = {"source_urls": urls, **merged} if isinstance(urls, list) else merged
    broken = broken_rules(known, changes, unmanaged)
    if broken:
        raise InvalidOptionError(f"Task {wanted.task_id}: {' '.join(broken)}")


def _status_warnings(current: PullTask, wanted: Wanted) -> list[str]:
    status = current.values.get("status")
    if "status" not in wanted.values or status is None or status in STATUSES:
        return []
    return [
        f"Task {wanted.task_id} has status {status!r}, which the service does not document; known are"
        f" {', '.join(STATUSES)}. It counts as different from the {wanted.values['status']} asked for."
    ]
