# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan a create, a delete, and a recreate, which is a delete and then a create. Pure, without a clock.

Between the two, only the run has the settings of the task, so an interruption could lose them. Private to this
collection.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .._errors import InvalidOptionError, LiveError, refused
from .._masking import HIDDEN, mask_urls
from .._options import CALLBACK_EVENTS, LIVE_TYPE, PLAYLIST_EVENTS, PLAYLIST_TYPE
from .fields import FIELDS, from_timestamp, has_passed
from .immutable import IMMUTABLE, Destination, is_masked, option_of
from .plan import Plan
from .rules import PLAYLIST_ONLY, broken_rules, source_rules
from .task import Declaration, PullTask

_ALL_EVENTS = frozenset(CALLBACK_EVENTS)
_EMPTY: tuple[Any, ...] = (None, "", [])


def creation(declared: Declaration, moment: float, old: PullTask | None = None) -> Plan:
    """Return what creates a task: a Plan whose request is the body of CreatePullTask.

    Args:
        declared: the declaration.
        moment: seconds since the epoch.
        old: the task that is recreated. The new task gets its undeclared options, except for a start_time in the past.

    Raises:
        InvalidOptionError: naming what is missing or breaks a rule.
        LiveError: an option of the old task cannot be understood.
    """
    kept = _kept(old, declared, moment) if old else {}
    fields = {"source_type": PLAYLIST_TYPE, **kept, **declared.immutable, **declared.values}
    status = fields.pop("status", None)
    _check_creation(declared, fields, status, moment)
    if _ALL_EVENTS.issubset(fields.get("callback_events", ())):
        # All events is the default: leave the field out.
        del fields["callback_events"]
    body = {name: fields[name] for name in (*IMMUTABLE, *FIELDS) if fields.get(name) not in _EMPTY}
    after = {**{option_of(name): value for name, value in body.items()}, **({"status": status} if status else {})}
    return Plan(
        changes=sorted(after),
        request=body,
        before=options_of(old) if old else {},
        after=after,
        task=new_task(body, None, status or "enable"),
    )


def options_of(task: PullTask) -> dict[str, Any]:
    """Return the options that a task has and another one could have, by their names."""
    return {option_of(name): value for name, value in _fields(task).items()}


def _fields(task: PullTask) -> dict[str, Any]:
    values = {name: task.values[name] for name in FIELDS if task.has(name) and task.values.get(name) is not None}
    return {**values, **{name: task.answer[name] for name in IMMUTABLE if task.answer.get(name) not in _EMPTY}}


def _kept(old: PullTask, declared: Declaration, moment: float) -> dict[str, Any]:
    """Return the fields that a recreated task keeps."""
    unclear = [name for name in FIELDS if name not in declared.values and _is_unclear(name, old)]
    replaced = _replaced(old, declared)
    inherited = [name for name in IMMUTABLE if name not in replaced and name not in declared.immutable]
    hidden = [name for name in inherited if is_masked(old.answer.get(name))]
    listed = [*(f"{name} {old.answer[name]!r}" for name in unclear), *(f"{option_of(name)} masked" for name in hidden)]
    if listed:
        raise LiveError(
            f"Task {declared.label} cannot be recreated as it is: the service lists {', '.join(listed)}, which cannot"
            f" be understood. Declare {', '.join([*unclear, *map(option_of, hidden)])} too."
        )
    kept = {name: value for name, value in _fields(old).items() if name not in replaced}
    if has_passed(kept.get("start_time"), moment):
        del kept["start_time"]
    return kept


def _replaced(old: PullTask, declared: Declaration) -> set[str]:
    """Return the fields that a recreated task does not keep."""
    replaced = set(Destination._fields) if declared.destination else set()
    if old.destination and not old.destination.destination_url:
        replaced.add("destination_url")
    if declared.immutable.get("source_type", old.answer.get("source_type")) == LIVE_TYPE:
        replaced.update(PLAYLIST_ONLY)
    return replaced


def _is_unclear(name: str, old: PullTask) -> bool:
    """Return whether a new task cannot get the option, because its value cannot be understood."""
    value = old.values.get(name, ())
    if name == "callback_events" and not (_ALL_EVENTS.issuperset(value) or _ALL_EVENTS.issubset(value)):
        return True
    return name not in old.values or (name == "status" and old.status_is_unknown)


def _check_creation(declared: Declaration, fields: Mapping[str, Any], status: str | None, moment: float) -> None:
    """Raise InvalidOptionError if a task with these fields cannot be created."""
    broken = [] if "source_urls" in fields else ["source_urls: missing. A new task requires them."]
    values = {name: value for name, value in fields.items() if name in FIELDS}
    now = from_timestamp(moment)
    broken += broken_rules({**values, "start_time": values.get("start_time") or now}, values)
    broken += source_rules(fields, values)
    if has_passed(fields.get("end_time"), moment):
        broken.append(refused("end_time", fields["end_time"], f"later than now, {now}"))
    if fields["source_type"] == LIVE_TYPE and status == "pause":
        broken.append(f"status: pause is not possible for a {LIVE_TYPE} task, which cannot be modified.")
    if broken:
        raise InvalidOptionError(f"Task {declared.label} would be created: {' '.join(broken)}")


def new_task(body: Mapping[str, Any], task_id: str | None, status: str = "enable") -> PullTask:
    """Return the task that exists after a create with this body was accepted. The service enables what it creates."""
    return PullTask.from_answer({**({"task_id": task_id} if task_id else {}), "status": status, **body})


def removal(task: PullTask) -> Plan:
    """Return what deletes a task: a Plan whose request is the query of DeletePullTask."""
    named = {"task_id": task.task_id}
    return Plan(["state"], named, before={**named, **options_of(task)}, after={}, task=PullTask({}, {}))


def displayed(options: Mapping[str, Any], mask: Callable[[str], str]) -> str:
    """Return the options of a task as one line of JSON, masked.

    Args:
        options: the options.
        mask: masks the secrets in a text.
    """
    shown = {name: HIDDEN[name](value) if name in HIDDEN else mask_urls(value) for name, value in options.items()}
    return mask(json.dumps(shown, ensure_ascii=False))


def check_recreate(declared: Declaration, plan: Plan, region: str | None, mask: Callable[[str], str] | None) -> None:
    """Refuse to delete a task whose settings would be lost if the run ended before the create.

    Args:
        declared: the declaration.
        plan: the plan of the create.
        region: the region of the connection.
        mask: masks what is displayed before the delete; None if nothing can be displayed.

    Raises:
        LiveError: naming the options that have to be declared as well.
    """
    kept = plan.after.keys() - {*declared.values, *map(option_of, declared.immutable)}
    unseen = sorted(name for name in kept if mask and _would_be_masked({name: plan.after[name]}, mask))
    missing, why = sorted(HIDDEN.keys() & kept), "Results and messages hide their values."
    if not mask or {*unseen} - {*missing}:
        missing = sorted(name for name in kept if not _is_default(name, plan.after, region))
        cause = f"{', '.join(unseen)} would be masked" if unseen else "the module is shipped, or no_log is set"
        why = f"This run cannot display them before the delete: {cause}."
    if missing:
        raise LiveError(
            f"Task {declared.label}: recreate would keep {', '.join(missing)} of the old task. {why} If the run were"
            f" interrupted between the delete and the create, they would be lost. Declare {', '.join(missing)}:"
            " live_pull_task_info returns the values, with show_secrets: true also those that are masked."
        )


def _would_be_masked(options: Mapping[str, Any], mask: Callable[[str], str]) -> bool:
    return displayed(options, mask) != json.dumps(options, ensure_ascii=False)


def _is_default(name: str, options: Mapping[str, Any], region: str | None) -> bool:
    """Return whether a new task has this value if the option is not declared."""
    value, relay = options[name], options["source_type"] == LIVE_TYPE
    if name == "callback_events":
        return {*value} >= _ALL_EVENTS.difference(PLAYLIST_EVENTS if relay else ())
    if name in FIELDS and name != "status":
        default = FIELDS[name].default
        return default is not None and bool(FIELDS[name].same(value, default))
    return bool(value == {"status": "enable", "source_type": PLAYLIST_TYPE, "task_region": region}.get(name))
