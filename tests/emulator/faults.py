# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned faults of the next requests."""

from __future__ import annotations

import base64
import dataclasses
import threading
from collections.abc import Mapping
from typing import Any

from .checks import Check, integer, map_of, number, one_of, optional, problem_in, text

READS = ("list",)
STREAMS = ("streams",)
WRITES = ("modify", "create", "delete")
IAM = ("token", "projects")
METADATA = ("metadata_token", "agency_key")

_GROUPS: dict[str, tuple[str, ...]] = {
    "any": (*READS, *STREAMS, *WRITES, *IAM, *METADATA, "unknown"),
    "read": READS,
    "write": WRITES,
    "iam": IAM,
    "metadata": METADATA,
    **{operation: (operation,) for operation in (*READS, *STREAMS, *WRITES, *IAM, *METADATA)},
}

KINDS = (
    "reset",  # the connection is reset (RST)
    "close",  # the connection is closed without an answer
    "close_after",  # the request is carried out, then the connection is closed: the answer is lost
    "timeout",  # nothing happens for `seconds`, then the connection is closed
    "timeout_after",  # the request is carried out, then as `timeout`: the answer is lost
    "drip",  # A 200 answer whose body comes one byte at a time for `seconds` and never ends
    "truncate",  # the request is carried out, then the connection is closed half-way through the answer
    "status",  # an answer with `status`, `body` and `headers`
    "html",  # an answer with `status` and an HTML page
    "redirect",  # an answer with `status` and `location`
    "raw",  # 200 with the bytes in `body`
    "json",  # 200 with the JSON value in `body`
    "no_task_infos",  # a List answer without its list
    "null_task_infos",  # a List answer whose list is null
    "empty_page",  # a List answer without tasks, whose `total` still counts them
    "error_in_200",  # A 200 answer in the form of success, with an `error_code`
    "error_in_200_after",  # the request is carried out, then as `error_in_200`
    "other_task",  # an answer about another task
    "echo_secrets",  # 400 that repeats the headers and the body of the request
)

# The request is carried out, and its answer is lost. With all other kinds but `error_in_200_after` a write is not
# carried out. With kinds that break the connection it may be carried out later: see `lands_after`.
LOST_ANSWERS = ("close_after", "timeout_after", "truncate")
DENIED_ANSWERS = ("error_in_200_after",)
LATE = ("reset", "close", "timeout", "drip")
# During these the request is still in progress.
SLOW = ("timeout", "timeout_after", "drip")


def _anything(_value: object) -> str | None:
    return None


_CHECKS: dict[str, Check] = {
    "kind": one_of(*KINDS),
    "on": one_of(*_GROUPS),
    "times": integer(-1),
    "after": integer(0),
    "task_id": optional(text(1)),
    "status": optional(integer(200, 599)),
    "body": _anything,
    "headers": map_of(text(0)),
    "location": text(0),
    "content_type": text(1),
    "seconds": number(0),
    "lands_after": optional(number(0)),
}


@dataclasses.dataclass(frozen=True)
class Fault:
    """Something that goes wrong with a request. Raises ValueError, naming the field, for values that mean nothing."""

    kind: str
    """One of KINDS."""
    on: str = "any"
    """The requests that the fault applies to: ``read``, ``write``, ``iam``, ``any`` or one operation, such as
    ``modify``."""
    times: int = 1
    """How many of these requests fail; -1 for all."""
    after: int = 0
    """How many of these requests succeed before the first fails."""
    task_id: str | None = None
    """If given, only requests about this task."""
    status: int | None = None
    """The HTTP status of the answer. The default depends on the kind."""
    body: Any = None
    """``bytes``, text, or any other value, which is sent as JSON."""
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """More headers of the answer, for instance ``Retry-After``."""
    location: str = "https://redirected.example.com/"
    """Where ``redirect`` points to."""
    content_type: str = "application/json"
    """The media type of a ``raw`` answer."""
    seconds: float = 120
    """How long ``timeout``, ``timeout_after`` and ``drip`` last."""
    lands_after: float | None = None
    """If given, a write is carried out this many seconds after one side closes its connection. Only for ``reset``,
    ``close``, ``timeout`` and ``drip``."""

    def __post_init__(self) -> None:
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        problem = problem_in(values, _CHECKS)
        if problem is None and self.lands_after is not None and self.kind not in LATE:
            problem = f"lands_after is only for {', '.join(LATE)}"
        if problem:
            raise ValueError(problem)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Fault:
        """Return the fault in ``values``. Bytes that JSON cannot represent are in ``body_base64``."""
        fields = dict(values)
        if "body_base64" in fields:
            fields["body"] = base64.b64decode(fields.pop("body_base64"), validate=True)
        problem = problem_in(fields, _CHECKS, required=("kind",))
        if problem:
            raise ValueError(problem)
        return cls(**fields)

    def to_json(self) -> dict[str, Any]:
        """Return the fault in the format of from_json."""
        values = {**dataclasses.asdict(self), "headers": dict(self.headers)}
        if isinstance(self.body, bytes):
            values["body_base64"] = base64.b64encode(values.pop("body")).decode()
        return values

    def is_for(self, operation: str, task_id: str | None) -> bool:
        """Return whether the fault applies to a request."""
        return operation in _GROUPS[self.on] and self.task_id in (None, task_id)


class FaultQueue:
    """The planned faults, in the order of their use. Safe to use from any thread."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        """Append faults."""
        with self._lock:
            self._faults.extend(faults)

    def clear(self) -> None:
        """Delete all faults."""
        with self._lock:
            self._faults.clear()

    def pending(self) -> list[Fault]:
        """Return the faults that are left, with their remaining ``times`` and ``after``."""
        with self._lock:
            return list(self._faults)

    def take(self, operation: str, task_id: str | None) -> Fault | None:
        """Return the fault that applies to this request and count it, or None."""
        with self._lock:
            for position, fault in enumerate(self._faults):
                if not fault.is_for(operation, task_id) or fault.times == 0:
                    continue
                if fault.after:
                    self._faults[position] = dataclasses.replace(fault, after=fault.after - 1)
                    continue
                if fault.times == 1:
                    del self._faults[position]
                elif fault.times > 1:
                    self._faults[position] = dataclasses.replace(fault, times=fault.times - 1)
                return fault
        return None
