# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of the emulator, and what came of it."""

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
    """Seconds on the monotonic clock, as ``ended``."""
    ended: float | None
    in_flight: int
    """How many requests were under way when this one came, itself included."""
    status: int | None
    """The status answered, or None if no whole answer was sent."""
    fault: str | None
    """The kind of the fault that struck, or None."""
    landed: int | None
    """The status that nobody was answered when the request was carried out late, or None if it was not, or not yet."""
    request_id: str


class Journal:
    """The requests since the start, or the last clear, in the order of their arrival."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._in_flight = 0

    def start(self, operation: str, received: Received, body: object, request_id: str) -> Entry:
        """Note that a request came."""
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
        """Note that a request is over; done before its answer goes out, so that no client is ahead of the journal."""
        if entry["ended"] is None:
            entry["ended"] = time.monotonic()
            self._in_flight -= 1

    def entries(self, operations: Iterable[str] | None = None) -> list[Entry]:
        """Return copies of the entries, all or those of some operations."""
        wanted = None if operations is None else set(operations)
        return [entry.copy() for entry in list(self._entries) if wanted is None or entry["operation"] in wanted]

    def clear(self) -> None:
        """Forget the entries; requests under way still count as in flight."""
        self._entries = []
