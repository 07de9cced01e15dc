# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A relay task: what is asked of it, and what it is as the service lists it. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, refused, refused_mask
from .._masking import HIDDEN, holds_mask
from .._options import CALLBACK_EVENTS, MAX_DAYS, PLAYLIST_EVENTS, SOURCE_TYPE, STATES, STATUSES
from .fields import FIELDS, TASK_ID_ALLOWED, has_passed, is_task_id, to_datetime
from .immutable import IMMUTABLE, STREAM, Destination, option_of
from .rules import broken_rules, source_rules

# Our clock and that of the service need not agree: a start that was replaced by its now may seem to lie ahead.
CLOCK_SKEW = 60.0


class Declaration(NamedTuple):
    """What is asked of one task.

    Attributes:
        task_id: the task; None where only its destination names it.
        values: the managed options in normal form; one that is not in here is not managed.
        immutable: the same for the fields that are fixed for the life of a task.
        absent: whether there is to be no such task; then nothing else of it is managed.
        recreate: whether it may be deleted and created anew to change what is fixed.
    """

    task_id: str | None
    values: dict[str, Any]
    immutable: Mapping[str, Any] = MappingProxyType({})
    absent: bool = False
    recreate: bool = False

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Declaration:
        """Return what the options of a module ask for; None means not managed.

        Raises:
            InvalidOptionError: naming every option that breaks a constraint.
        """
        task_id, state = options.get("task_id"), options.get("state")
        broken = []
        if task_id is not None and not is_task_id(task_id):
            broken.append(refused("task_id", task_id, TASK_ID_ALLOWED))
        if state not in (None, *STATES):
            broken.append(refused("state", state, ", ".join(STATES)))
        values, wrong = _parsed(options, _SETTINGS)
        immutable, wrong_immutable = _parsed(options, _IMMUTABLE)
        destination = Destination.of(immutable)
        if destination is None and task_id is None:
            broken.append(f"task_id: missing. Allowed: task_id, or {', '.join(STREAM)}, or destination_url.")
        elif destination and destination.problem:
            broken.append(destination.problem)
        broken += [*wrong, *wrong_immutable, *broken_rules(values, values), *source_rules(immutable, values)]
        if broken:
            raise InvalidOptionError(*broken)
        return cls(task_id, values, immutable, state == "absent", bool(options.get("recreate")))

    @property
    def destination(self) -> Destination | None:
        """Where the task pushes to, as far as that is asked for."""
        return Destination.of(self.immutable)

    def only(self, names: Collection[str]) -> Declaration:
        """Return the same with only these of the declared options."""
        return self._replace(values={name: value for name, value in self.values.items() if name in names})

    @property
    def label(self) -> str:
        """What messages call the task."""
        return self.task_id or str(self.destination)

    @classmethod
    def from_list(cls, tasks: Sequence[Mapping[str, Any]]) -> list[Declaration]:
        """Return what a list of options, one entry for each task, asks for.

        Raises:
            InvalidOptionError: naming every entry that breaks a constraint, or names the task of an earlier one.
        """
        broken, wanted = [], []
        first: dict[object, int] = {}
        for position, options in enumerate(tasks):
            name = options.get("task_id") or Destination.of(options)
            label = f"tasks[{position}]{f' (task {name})' if name else ''}"
            try:
                wanted.append(cls.from_options(options))
            except InvalidOptionError as error:
                broken.append(f"{label}: {error.message}")
            if name and first.setdefault(name, position) != position:
                broken.append(f"{label}: the same task as tasks[{first[name]}]. Allowed: each task once.")
        if broken:
            raise InvalidOptionError(*broken)
        return wanted


_SETTINGS = {name: (name, field) for name, field in FIELDS.items()}
_IMMUTABLE = {name: (option_of(name), field) for name, field in IMMUTABLE.items()}


def _parsed(options: Mapping[str, Any], table: Mapping[str, tuple[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return the fields that are given, in normal form, and a sentence for each that breaks its constraint."""
    values, broken = {}, []
    for name, (option, field) in table.items():
        value = options.get(option)
        if value is None:
            continue
        if holds_mask(value):
            broken.append(refused_mask(option))
            continue
        try:
            values[name] = field.parse(value)
        except ValueError as error:
            hidden = option in HIDDEN and isinstance(value, str)
            seen = HIDDEN[option](value) if hidden else value
            broken.append(refused(option, seen, field.allowed, "" if hidden else str(error)))
    return values, broken


class PullTask(NamedTuple):
    """A task as the service listed it.

    Attributes:
        answer: the service's own words.
        values: the nine options in normal form, documented defaults filled in; None where the answer has nothing and
            no default is documented. An option whose answer cannot be understood is not in here.
    """

    answer: Mapping[str, Any]
    values: dict[str, Any]

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any], status_words: Mapping[str, str] | None = None) -> PullTask:
        """Return the task of one entry of `task_infos`, whatever its fields hold.

        Args:
            answer: the entry.
            status_words: what words of the service, in lower case, mean that its page does not list.
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
        """Return the task with another's values of some options."""

        def mixed(own: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
            source = {name: others if name in names else own for name in {**own, **others}}
            return {name: source[name][name] for name in source if name in source[name]}

        return PullTask(mixed(self.answer, other.answer), mixed(self.values, other.values))

    def has(self, name: str) -> bool:
        """Return whether the service answered a value: it may leave a field out, or write one that stands for none."""
        return self.answer.get(name) not in (None, "") and self.values.get(name, ()) is not None

    def has_default(self, name: str) -> bool:
        """Return whether the option is empty, or at its documented default."""
        if name not in self.values or self.values[name] is None:
            return name in self.values
        default = FIELDS[name].default
        return default is not None and self._meets(name, default)

    def still_lost(self, owed: Mapping[str, Any], moment: float) -> dict[str, Any]:
        """Return what of the options that were lost still is so: someone else may have given them a value since."""
        return {
            name: value
            for name, value in owed.items()
            if self.has_default(name)
            or (name == "start_time" and has_passed(self.values.get("start_time"), moment + CLOCK_SKEW))
        }

    @property
    def task_id(self) -> str:
        """Id of the task."""
        return str(self.answer.get("task_id"))

    @property
    def destination(self) -> Destination | None:
        """Where the task pushes to, if the service tells; its stream where it tells both forms."""
        return next(iter(Destination.forms(self.answer)), None)

    @property
    def status_is_unknown(self) -> bool:
        """Whether the status of the task is a word of which nobody knows what it means."""
        return self.values.get("status") not in (None, *STATUSES)

    def differing(self, asked: Mapping[str, Any], moment: float) -> list[str]:
        """Return the sorted names of the options that are not as asked.

        Args:
            asked: options in normal form.
            moment: seconds since the epoch. Of two starts that are over then, one is as good as the other.
        """
        return sorted(
            name
            for name, value in asked.items()
            if not self._meets(name, value) and not (name == "start_time" and self._start_will_do(asked, moment))
        )

    def _meets(self, name: str, asked: Any) -> bool:
        value = self.values.get(name)
        if value is None:
            return False
        if name == "callback_events" and asked == list(CALLBACK_EVENTS):
            # Asked for all events, one that this collection does not know is no reason to take it away.
            return set(value) >= set(asked).difference(() if self.has_playlist else PLAYLIST_EVENTS)
        return bool(FIELDS[name].same(value, asked))

    def _start_will_do(self, asked: Mapping[str, Any], moment: float) -> bool:
        """Return whether the start of the task and the one asked are both over, and the end can do with either."""
        start, end = self.values.get("start_time"), asked.get("end_time", self.values.get("end_time"))
        if not (has_passed(start, moment) and has_passed(asked["start_time"], moment)):
            return False
        # The page allows seven days, the SDK less than that.
        return end is None or timedelta(0) < to_datetime(end) - to_datetime(str(start)) < timedelta(days=MAX_DAYS)

    @property
    def has_playlist(self) -> bool:
        """Whether this collection can change the task. One that does not tell its source type is taken to have one."""
        return self.answer.get("source_type") in (None, "", SOURCE_TYPE)

    def result(self) -> dict[str, Any]:
        """Return the task as a module reports it: the service's fields, the options of a playlist normalized."""
        return {**self.answer, **(self.values if self.has_playlist else {})}
