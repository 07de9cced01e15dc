# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan a create, a delete, and a delete that is followed by a create. Pure, without a clock.

Between a delete and a create, the settings of the task exist in the run alone, so an interruption could lose them.
Private to this collection.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .._errors import InvalidOptionError, LiveError, refused
from .._masking import HIDDEN, masked
from .._options import CALLBACK_EVENTS, PLAYLIST_EVENTS, RELAY_TYPE, SOURCE_TYPE
from .fields import FIELDS, from_timestamp, has_passed
from .immutable import IMMUTABLE, Destination, immutable_differences, is_masked, option_of
from .plan import Plan
from .rules import PLAYLIST_ONLY, broken_rules, source_rules
from .task import Declaration, PullTask


def creation(wanted: Declaration, moment: float, old: PullTask | None = None) -> Plan:
    """Return what creates a task: a Plan whose request is the body of CreatePullTask.

    Args:
        wanted: what is asked of it.
        moment: seconds since the epoch.
        old: the task whose place it takes; what is not asked for is as in there, but for a start that is over.

    Raises:
        InvalidOptionError: naming what is missing or breaks a rule.
    """
    kept = _kept(old, wanted, moment) if old else {}
    fields = {"source_type": SOURCE_TYPE, **kept, **wanted.immutable, **wanted.values}
    status = fields.pop("status", None)
    _check_creation(wanted, fields, status, moment)
    if set(fields.get("callback_events", ())) >= set(CALLBACK_EVENTS):
        # All of them, which is the default, whichever they are.
        del fields["callback_events"]
    body = {name: fields[name] for name in (*IMMUTABLE, *FIELDS) if fields.get(name) not in (None, "", [])}
    after = {**_by_option(body), **({"status": status} if status else {})}
    return Plan(
        changes=sorted(after),
        request=body,
        before=settings(old) if old else {},
        after=after,
        task=created(body, None, status or "enable"),
    )


def _by_option(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {option_of(name) if name in IMMUTABLE else name: value for name, value in fields.items()}


def settings(task: PullTask) -> dict[str, Any]:
    """Return all that a task has and another one could have, by the names of the options."""
    return _by_option(_fields(task))


def _fields(task: PullTask) -> dict[str, Any]:
    values = {name: task.values[name] for name in FIELDS if task.has(name) and task.values.get(name) is not None}
    return {**values, **{name: task.answer[name] for name in IMMUTABLE if task.answer.get(name) not in (None, "", [])}}


def _kept(old: PullTask, wanted: Declaration, moment: float) -> dict[str, Any]:
    """Return what a task that takes the place of another has from it."""
    odd = [name for name in FIELDS if name not in wanted.values and _is_odd(name, old)]
    told = [f"{name} {old.answer[name]!r}" for name in odd]
    left = _left(old, wanted)
    hidden = [name for name in IMMUTABLE if name not in {*left, *wanted.immutable} and is_masked(old.answer.get(name))]
    told += [f"{option_of(name)} masked" for name in hidden]
    if told:
        raise LiveError(
            f"Task {wanted.label} cannot be created anew as it is: the service answered {', '.join(told)}, which cannot"
            f" be understood. Set {', '.join([*odd, *map(option_of, hidden)])} too."
        )
    kept = _fields(old)
    if has_passed(kept.get("start_time"), moment):
        del kept["start_time"]
    return {name: value for name, value in kept.items() if name not in left}


def _left(old: PullTask, wanted: Declaration) -> set[str]:
    """Return the fields that a task does not have from the one whose place it takes."""
    left = set(Destination._fields) if wanted.destination else set()
    if old.destination and not old.destination.destination_url:
        left.add("destination_url")
    if wanted.immutable.get("source_type", old.answer.get("source_type")) == RELAY_TYPE:
        left.update(PLAYLIST_ONLY)
    return left


def _is_odd(name: str, old: PullTask) -> bool:
    """Return whether an option cannot be had by another task, because nobody knows what it means."""
    if name == "callback_events":
        events = set(old.values.get(name, ()))
        return name not in old.values or not (events <= set(CALLBACK_EVENTS) or events >= set(CALLBACK_EVENTS))
    return name not in old.values or (name == "status" and old.status_is_unknown)


def _check_creation(wanted: Declaration, fields: Mapping[str, Any], status: str | None, moment: float) -> None:
    broken = [] if "source_urls" in fields else ["source_urls: missing. A task that is created needs them."]
    values = {name: value for name, value in fields.items() if name in FIELDS}
    start = values.get("start_time") or from_timestamp(moment)
    broken += broken_rules({**values, "start_time": start}, values)
    broken += source_rules(fields, values)
    if has_passed(fields.get("end_time"), moment):
        broken.append(refused("end_time", fields["end_time"], f"later than now, {from_timestamp(moment)}"))
    if fields["source_type"] == RELAY_TYPE and status == "pause":
        broken.append(f"status: pause is not possible for a {RELAY_TYPE} task, which cannot be modified.")
    if broken:
        raise InvalidOptionError(f"Task {wanted.label} would be created: {' '.join(broken)}")


def created(body: Mapping[str, Any], task_id: str | None, status: str = "enable") -> PullTask:
    """Return a task as it is when a create with this body was accepted."""
    return PullTask.from_answer({**({"task_id": task_id} if task_id else {}), "status": status, **body})


def removal(task: PullTask) -> Plan:
    """Return what deletes a task: a Plan whose request is the query of DeletePullTask."""
    return Plan(
        changes=["state"],
        request={"task_id": task.task_id},
        before={"task_id": task.task_id, **settings(task)},
        after={},
        task=PullTask({}, {}),
    )


def check_immutable(task: PullTask, wanted: Declaration, moment: float) -> list[str]:
    """Return the sorted names of the options that only another task in its place can have as asked.

    Raises:
        LiveError: there are some, and the task may not be created anew.
    """
    names = immutable_differences(task.answer, wanted.immutable)
    relay = not task.has_playlist
    if relay:
        names = sorted([*names, *task.differing(wanted.values, moment)])
    if names and not wanted.recreate:
        if relay:
            raise LiveError(
                f"Task {wanted.label} has source_type {task.answer['source_type']!r}. Only a {SOURCE_TYPE} task can be"
                f" modified. Not as asked: {', '.join(names)}."
            )
        raise LiveError(
            f"Task {wanted.label}: {', '.join(names)} cannot be changed, because the service fixes"
            f" {'it' if len(names) == 1 else 'them'} for the life of a task. Allowed: what the task has, or recreate,"
            " which deletes it and creates another one in its place: with another id, and off air in between."
        )
    return names


# The service enables what it creates.
ENABLED = "enable"


def displayed(settings: Mapping[str, Any], mask: Callable[[str], str]) -> str:
    """Return the settings of a task as one line of JSON, masked.

    Args:
        settings: the options.
        mask: masks the secrets in a text.
    """
    shown = {name: HIDDEN[name](value) if name in HIDDEN else masked(value) for name, value in settings.items()}
    return mask(json.dumps(shown, ensure_ascii=False))


def check_recreate(wanted: Declaration, plan: Plan, region: str | None, mask: Callable[[str], str] | None) -> None:
    """Refuse to delete a task whose settings would be lost if the run ended before the create.

    Args:
        wanted: what is declared.
        plan: the plan of the create.
        region: the region of the connection.
        mask: masks what is displayed before the delete; None if nothing can be displayed.

    Raises:
        LiveError: naming the options that have to be declared as well.
    """
    declared = {*wanted.values, *map(option_of, wanted.immutable)}
    kept = {name: value for name, value in plan.after.items() if name not in declared}
    hidden = sorted(HIDDEN.keys() & kept.keys())
    unseen = [] if mask is None else _unseen(kept, displayed(plan.after, mask))
    missing = hidden
    why = "Results and messages hide their values."
    if mask is None or {*unseen} - {*hidden}:
        missing = sorted(name for name in kept if not _is_default(name, plan.after, region))
        why = "This run cannot display them before the delete: the module is shipped, or no_log is set."
        if unseen:
            why = f"This run cannot display them before the delete: {', '.join(sorted(unseen))} would be masked."
    if missing:
        raise LiveError(
            f"Task {wanted.label}: recreate would keep {', '.join(missing)} of the old task. {why} If the run were"
            f" interrupted between the delete and the create, they would be lost. Declare {', '.join(missing)}:"
            " live_pull_task_info returns the values, with show_secrets: true also those that are masked."
        )


def _unseen(kept: Mapping[str, Any], text: str) -> list[str]:
    """Return the names of the options whose values a text does not have as they are."""
    return [name for name, value in kept.items() if json.dumps({name: value}, ensure_ascii=False)[1:-1] not in text]


def _is_default(name: str, settings: Mapping[str, Any], region: str | None) -> bool:
    """Return whether a new task has this value although nobody declares it."""
    value, relay = settings[name], settings["source_type"] == RELAY_TYPE
    if name == "callback_events":
        return {*value} >= {*CALLBACK_EVENTS}.difference(PLAYLIST_EVENTS if relay else ())
    if name in FIELDS and name != "status":
        default = FIELDS[name].default
        return default is not None and bool(FIELDS[name].same(value, default))
    return bool(value == {"status": ENABLED, "source_type": SOURCE_TYPE, "task_region": region}.get(name))
