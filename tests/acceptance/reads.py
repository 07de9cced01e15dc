# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions to the lists, which write nothing, and a modify of a task that does not exist."""

from __future__ import annotations

import uuid

from .probe import SOURCE, Answer, Probe, UnknownError
from .service import MOST_PAGES, PAGE, Reply, TroubleError
from .sweep import is_ours

FOREIGN_DOMAIN = "example.com"
MOST_SKEW = 300
"""How many seconds the clocks may differ."""


def read_all(probe: Probe) -> None:
    """Read the whole list, before anything is written. Stop if the clocks differ."""
    pages = [*probe.service.pages()]
    probe.listing = [info for infos, _total in pages for info in infos]
    probe.page_lengths = [len(infos) for infos, _total in pages if infos]
    probe.ledger.others = {str(info.get("task_id")) for info in probe.listing}
    probe.count = len(probe.listing) if len(pages) < MOST_PAGES else None
    for info in probe.listing:
        if is_ours(info, (SOURCE, probe.source)):
            probe.say(f"    {info['stream_name']}: left by another run, or under way. --sweep deletes it.")
    date = probe.service.date
    if date is not None and abs(date - probe.clock.now()) > MOST_SKEW:
        raise TroubleError(
            f"The clock of this machine and the clock of the service differ by {abs(date - probe.clock.now()):.0f}"
            " seconds. Synchronize the clock of this machine, because the windows of the tasks are set by it."
        )


def pages(probe: Probe) -> Answer:
    """Decide whether the list takes an offset, and what its total counts."""
    known = [info.get("task_id") for info in probe.listing]
    if len(known) < 2:
        raise UnknownError("the account has fewer than two tasks")
    infos, total = probe.service.page(offset=1, limit=1)
    ids = [info.get("task_id") for info in infos]
    if not ids or ids[0] not in known:
        raise UnknownError("the list changed meanwhile")
    counts = {len(ids): "page", len(known): "matching"}
    probe.total = "none" if total in (..., None) else "text" if isinstance(total, str) else counts.get(total, "")
    first, *more = probe.page_lengths
    switches = {
        "ignore_offset": ids[0] == known[0],
        "page_cap": first if more and first < PAGE and ids[0] != known[0] else None,
        **({"total": probe.total} if probe.total else {}),
    }
    return None, switches


def streams(probe: Probe) -> Answer:
    """Return whether the streams of the domain can be listed."""
    reply = _streams(probe, probe.domain)
    if reply.accepted:
        return "allowed", {"streams_allowed": True}
    return ("forbidden", {"streams_allowed": False}) if reply.status == 403 else (str(reply.status), {})


def foreign_domain(probe: Probe) -> Answer:
    """Return how the streams of a domain of others are answered."""
    if probe.answers.get("streams") == "forbidden":
        raise UnknownError("the permission to list streams is missing")
    reply = _streams(probe, FOREIGN_DOMAIN)
    if reply.accepted:
        body = reply.body if isinstance(reply.body, dict) else {}
        if body.get("streams"):
            raise UnknownError("streams are listed for it")
        return "empty list", {"foreign_domain": "empty"}
    return {"http_status": reply.status, "error_code": reply.code}, {"foreign_domain": "refuse"}


def _streams(probe: Probe, domain: str) -> Reply:
    query = {"publish_domain": domain, "limit": "1", "offset": "0"}
    for _attempt in range(3):
        reply = probe.service.once("GET", query=query, streams=True)
        if reply.accepted or (reply.status and 400 <= reply.status < 500 and reply.status != 429):
            return reply
        probe.clock.sleep(2)
    if reply.status is None:
        raise UnknownError("no response")
    return reply


def unknown_task(probe: Probe) -> Answer:
    """Return how a modify of a task that does not exist is answered."""
    task_id = str(uuid.uuid4())
    probe.ledger.no_tasks.add(task_id)
    reply = probe.service.once("PUT", body={"task_id": task_id, **probe.settings()})
    if reply.status is None or reply.status >= 500 or reply.status in (401, 429):
        raise UnknownError(reply.words)
    answer = {"http_status": reply.status, "error_code": reply.code}
    return answer, {"unknown_task": answer}
