# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request passes here: the pace, the budget, the trace, and no write to a task of others."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import Clock

MOST = 118
"""The requests of a run. A login takes two more at most, so that there are never more than 120."""
SWEEP = 300
"""The requests of a sweep, which reads the list of an account twice: up to 10,000 tasks."""
RESERVED = 20
"""How many of them are for cleaning up alone."""
_TASKS = "/pull/stream/task"


class GateError(RuntimeError):
    """A request that must not be sent. It must not count as an error of the network, which is retried."""


class OutOfRequestsError(GateError):
    """The budget is used up."""


class Trace:
    """The requests and answers of a run, for the user alone: a line of JSON for each, in a file with the mode 0600.

    Args:
        path: the file, which is replaced; None for no trace.
        mask: hides the credentials in a text.
    """

    def __init__(self, path: Path | None, mask: Callable[[str], str]) -> None:
        self._mask = mask
        self._file = None
        if path:
            path.unlink(missing_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", buffering=1)

    def write(self, **line: Any) -> None:
        """Write one line."""
        if self._file:
            self._file.write(self._mask(json.dumps(line, ensure_ascii=False)) + "\n")

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()


class Ledger:
    """What this run created, by what passed the gate.

    Attributes:
        names: the name of each stream to the ids of its tasks.
        uncertain: names whose create may have been carried out without an answer.
        deleted: ids whose delete was accepted.
        no_tasks: ids that do not exist, to which a modify may be sent.
        others: ids of tasks that existed before. Nothing is written to them, even if the service returns one as new.
    """

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self.uncertain: set[str] = set()
        self.deleted: set[str] = set()
        self.no_tasks: set[str] = set()
        self.others: set[str] = set()

    @property
    def ids(self) -> list[str]:
        """The ids of the tasks that this run created and has not deleted."""
        return sorted(set().union(*self.names.values()) - self.deleted)

    def adopt(self, name: str, task_id: str) -> None:
        """Record that the task of a name is found."""
        if task_id in self.others:
            return
        self.names.setdefault(name, set()).add(task_id)
        self.uncertain.discard(name)

    def admits(self, method: str, what: Mapping[str, Any]) -> bool:
        """Return whether a write concerns no task of others."""
        if method == "POST":
            return what.get("stream_name") in self.names
        known = set().union(*self.names.values())
        return what.get("task_id") in (known | self.no_tasks if method == "PUT" else known)

    def sending(self, method: str, what: Mapping[str, Any]) -> None:
        """Record a write before it is sent."""
        if method == "POST":
            self.uncertain.add(what["stream_name"])

    def answered(self, method: str, what: Mapping[str, Any], status: int, body: Any) -> None:
        """Record the answer to a write."""
        good = 200 <= status < 300
        if method == "DELETE" and good:
            self.deleted.add(what["task_id"])
        if method == "POST" and good and isinstance(body, dict) and isinstance(body.get("task_id"), str):
            self.adopt(what["stream_name"], body["task_id"])
        elif method == "POST" and 400 <= status < 500:
            self.uncertain.discard(what["stream_name"])


class Gate(BaseAdapter):
    """An adapter of the library requests in front of the adapter that sends.

    Args:
        adapter: sends the requests.
        clock: time.
        pace: requests in a second; 0 for no limit.
        trace: records them.

    Attributes:
        used: how many requests were sent.
        limit: how many may be sent.
        ledger: what this run created.
    """

    def __init__(self, adapter: BaseAdapter, clock: Clock, pace: float, trace: Trace) -> None:
        super().__init__()
        self.used = 0
        self.limit = MOST - RESERVED
        self.ledger = Ledger()
        self._adapter = adapter
        self._clock = clock
        self._gap = 1 / pace if pace else 0.0
        self._next = clock.monotonic()
        self._trace = trace

    def send(self, request: PreparedRequest, **how: Any) -> Response:  # type: ignore[override]
        """Send a request when it is its turn. Raises GateError if it must not be sent."""
        if self.used >= self.limit:
            raise OutOfRequestsError("the requests of this run are used up")
        method, what, is_write = _write(request)
        if is_write and not self.ledger.admits(method, what):
            raise GateError("a write to a task that this run did not create")
        self._wait()
        self.used += 1
        if is_write:
            self.ledger.sending(method, what)
        line = {"number": self.used, "at": self._clock.now(), "method": method, "url": request.url, "body": what}
        try:
            response = self._adapter.send(request, **how)
            content = response.content
        except BaseException as error:
            self._trace.write(**line, failure=type(error).__name__)
            raise
        if is_write:
            self.ledger.answered(method, what, response.status_code, _json(content))
        self._trace.write(**line, status=response.status_code, answer=content.decode("utf-8", "replace"))
        return response

    def close(self) -> None:
        """Close the connections and the trace."""
        self._adapter.close()
        self._trace.close()

    def _wait(self) -> None:
        now = self._clock.monotonic()
        if self._next > now:
            self._clock.sleep(self._next - now)
        self._next = max(now, self._next) + self._gap


def _write(request: PreparedRequest) -> tuple[str, dict[str, Any], bool]:
    """Return the method of a request, its body or query, and whether it writes to tasks."""
    method, parts = str(request.method), urlsplit(str(request.url))
    body = _json(request.body) if request.body else None
    what = body if isinstance(body, dict) else dict(parse_qsl(parts.query))
    return method, what, method != "GET" and parts.path.endswith(_TASKS)


def _json(content: Any) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
