# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests to the emulator and their results."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, TypedDict

from .auth import Received


class Entry(TypedDict):
    """One request."""

    operation: str
    """list, modify, create, delete, token, projects, metadata_token, agency_key, or unknown."""
    method: str
    path: str
    raw_query: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    json: Any
    """The decoded body, or None if it is not JSON."""
    started: float
    """Seconds of a monotonic clock, like ``ended``."""
    ended: float | None
    in_flight: int
    """How many requests were in progress when this one came, itself included."""
    status: int | None
    """The status of the answer, or None if no complete answer was sent."""
    fault: str | None
    """The kind of the fault that applied, or None."""
    landed: int | None
    """The status of a request that was carried out late, without an answer; otherwise None."""
    request_id: str


class Journal:
    """The requests since the start or the last clear, in the order of arrival."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._in_flight = 0

    def start(self, operation: str, received: Received, body: object, request_id: str) -> Entry:
        """Record that a request arrived."""
        self._in_flight += 1
        entry: Entry = {
            "operation": operation,
            "method": received.method,
            "path": received.path,
            "raw_query": received.raw_query,
            "query": dict(received.query),
            "headers": dict(received.headers),
            "body": received.body.decode("utf-8", "replace"),
            "json": body,
            "started": time.monotonic(),
            "ended": None,
            "in_flight": self._in_flight,
            "status": None,
            "fault": None,
            "landed": None,
            "request_id": request_id,
        }
        self._entries.append(entry)
        return entry

    def end(self, entry: Entry) -> None:
        """Record the end of a request. Call it before the answer is sent, so that no client is ahead of the journal."""
        if entry["ended"] is None:
            entry["ended"] = time.monotonic()
            self._in_flight -= 1

    def entries(self, operations: Iterable[str] | None = None) -> list[Entry]:
        """Return copies of all entries, or of those of some operations."""
        wanted = None if operations is None else set(operations)
        return [entry.copy() for entry in list(self._entries) if wanted is None or entry["operation"] in wanted]

    def clear(self) -> None:
        """Delete the entries. Requests in progress still count as in flight."""
        self._entries = []
