# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A relay task: its declaration, and the task as the service lists it. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, raise_problems, refused, refused_mask
from .._masking import HIDDEN, holds_mask
from .._options import CALLBACK_EVENTS, MAX_DAYS, PLAYLIST_EVENTS, PLAYLIST_TYPE, STATES, STATUSES
from .fields import FIELDS, has_passed, task_id_problems, to_datetime
from .immutable import IMMUTABLE, STREAM, Destination, option_of
from .rules import broken_rules, source_rules

# The clock of the service may be fast: if it replaces a start_time by its current time, that may be in our future.
CLOCK_SKEW = 60.0


class Declaration(NamedTuple):
    """The declared options of one task.

    Attributes:
        task_id: the task; None if only its destination names it.
        values: the declared options that can change, in normal form.
        immutable: the declared immutable fields, in normal form.
        absent: whether the task is to be deleted; then its other options do not matter.
        recreate: whether the task may be deleted and created again to change immutable options.
    """

    task_id: str | None
    values: dict[str, Any]
    immutable: Mapping[str, Any] = MappingProxyType({})
    absent: bool = False
    recreate: bool = False

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Declaration:
        """Return the declaration that the options of a module make; an option that is None is not declared.

        Raises:
            InvalidOptionError: naming every option that breaks a constraint.
        """
        task_id, state = options.get("task_id"), options.get("state")
        broken = task_id_problems(task_id)
        if state not in (None, *STATES):
            broken.append(refused("state", state, ", ".join(STATES)))
        values, immutable = _parsed(options, FIELDS, broken), _parsed(options, IMMUTABLE, broken)
        # An option whose value is not allowed is not missing.
        destination = Destination.of(options)
        if destination is None and task_id is None:
            broken.append(f"task_id: missing. Allowed: task_id, or {', '.join(STREAM)}, or destination_url.")
        elif destination and destination.problem:
            broken.append(destination.problem)
        broken += [*broken_rules(values, values), *source_rules(immutable, values)]
        raise_problems(broken)
        return cls(task_id, values, immutable, state == "absent", bool(options.get("recreate")))

    @property
    def destination(self) -> Destination | None:
        """The declared destination."""
        return Destination.of(self.immutable)

    def only(self, names: Collection[str]) -> Declaration:
        """Return the declaration with only these of the options that can change."""
        return self._replace(values={name: value for name, value in self.values.items() if name in names})

    @property
    def label(self) -> str:
        """The name of the task in messages."""
        return self.task_id or str(self.destination)

    @classmethod
    def from_list(cls, tasks: Sequence[Mapping[str, Any]]) -> list[Declaration]:
        """Return the declarations in a list that has one entry of options for each task.

        Raises:
            InvalidOptionError: naming every entry that breaks a constraint, or names the task of an earlier entry.
        """
        broken, declared = [], []
        first: dict[object, int] = {}
        for position, options in enumerate(tasks):
            name = options.get("task_id") or Destination.of(options)
            label = f"tasks[{position}]{f' (task {name})' if name else ''}"
            try:
                declared.append(cls.from_options(options))
            except InvalidOptionError as error:
                broken.append(f"{label}: {error.message}")
            if name and first.setdefault(name, position) != position:
                broken.append(f"{label}: the same task as tasks[{first[name]}]. Allowed: each task once.")
        raise_problems(broken)
        return declared


def _parsed(options: Mapping[str, Any], fields: Mapping[str, Any], broken: list[str]) -> dict[str, Any]:
    """Return the fields that are set, in normal form, and add a sentence for each that breaks its constraint."""
    values = {}
    for name, field in fields.items():
        option = option_of(name)
        value = options.get(option)
        if holds_mask(value):
            broken.append(refused_mask(option))
        elif value is not None:
            try:
                values[name] = field.parse(value)
            except ValueError as error:
                hidden = option in HIDDEN and isinstance(value, str)
                seen = HIDDEN[option](value) if hidden else value
                broken.append(refused(option, seen, field.allowed, "" if hidden else str(error)))
    return values


class PullTask(NamedTuple):
    """A task as the service lists it.

    Attributes:
        answer: the fields of the task as the service lists them.
        values: the options that can change, in normal form. An option that is not set has its documented default, or
            None if there is none. An option whose value cannot be understood is missing.
    """

    answer: Mapping[str, Any]
    values: dict[str, Any]

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any], status_words: Mapping[str, str] | None = None) -> PullTask:
        """Return the task in one entry of `task_infos`. Its fields may have any value.

        Args:
            answer: the entry.
            status_words: undocumented words of the service, in lower case, to the status that they mean.
        """
        values = {}
        for name, field in FIELDS.items():
            try:
                value = None if answer.get(name) in (None, "", []) else field.read(answer[name])
            except ValueError:
                continue
            values[name] = field.default if value is None else value
        status = values.get("status")
        if status is not None:
            values["status"] = (status_words or {}).get(status.lower(), status)
        return cls(answer, values)

    def with_values(self, other: PullTask, names: Collection[str]) -> PullTask:
        """Return the task with another task's values of some options."""

        def mixed(own: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
            kept = {name: value for name, value in own.items() if name not in names}
            return {**kept, **{name: others[name] for name in names if name in others}}

        return PullTask(mixed(self.answer, other.answer), mixed(self.values, other.values))

    def has(self, name: str) -> bool:
        """Return whether the service lists a value. False if the field is missing, or its value means none."""
        return self.answer.get(name) not in (None, "") and self.values.get(name, ()) is not None

    def has_default(self, name: str) -> bool:
        """Return whether the option is empty, or at its documented default."""
        if name not in self.values or self.values[name] is None:
            return name in self.values
        default = FIELDS[name].default
        return default is not None and self._meets(name, default)

    def still_lost(self, to_restore: Mapping[str, Any], moment: float) -> dict[str, Any]:
        """Return the options to restore that are still empty: someone else may have set the others since."""
        return {
            name: value
            for name, value in to_restore.items()
            if self.has_default(name)
            or (name == "start_time" and has_passed(self.values.get(name), moment + CLOCK_SKEW))
        }

    @property
    def task_id(self) -> str:
        """Id of the task."""
        return str(self.answer.get("task_id"))

    @property
    def destination(self) -> Destination | None:
        """Where the task pushes to, if the service lists it. If both forms are listed, this is the stream."""
        return next(iter(Destination.forms(self.answer)), None)

    @property
    def status_is_unknown(self) -> bool:
        """Whether the status of the task is a word with an unknown meaning."""
        return self.values.get("status") not in (None, *STATUSES)

    def differing(self, declared: Mapping[str, Any], moment: float) -> list[str]:
        """Return the sorted names of the options that differ from the declared ones.

        Args:
            declared: options in normal form.
            moment: seconds since the epoch. Two values of start_time that are in the past then mean the same.
        """
        return sorted(
            name
            for name, value in declared.items()
            if not self._meets(name, value) and not (name == "start_time" and self._past_start_fits(declared, moment))
        )

    def _meets(self, name: str, declared: Any) -> bool:
        value = self.values.get(name)
        if value is None:
            return False
        if name == "callback_events" and declared == list(CALLBACK_EVENTS):
            # If all events are declared, an undocumented event next to them is not removed.
            return set(value) >= set(declared).difference(() if self.has_playlist else PLAYLIST_EVENTS)
        return bool(FIELDS[name].same(value, declared))

    def _past_start_fits(self, declared: Mapping[str, Any], moment: float) -> bool:
        """Return whether both values of start_time are in the past, and the end_time fits the listed one."""
        start, end = self.values.get("start_time"), declared.get("end_time", self.values.get("end_time"))
        if start is None or not (has_passed(start, moment) and has_passed(declared["start_time"], moment)):
            return False
        # The API page allows seven days, the SDK less than seven days.
        return end is None or timedelta(0) < to_datetime(end) - to_datetime(start) < timedelta(days=MAX_DAYS)

    @property
    def has_playlist(self) -> bool:
        """Whether the task has a playlist, so that it can be modified. Yes if no source type is listed."""
        return self.answer.get("source_type") in (None, "", PLAYLIST_TYPE)

    def result(self) -> dict[str, Any]:
        """Return the task as a module reports it: the listed fields; those of a playlist in normal form."""
        return {**self.answer, **(self.values if self.has_playlist else {})}
