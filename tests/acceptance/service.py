# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request to the service, and what came of it."""

from __future__ import annotations

import email.utils
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import Clock
from ansible_collections.huaweicloud.live.plugins.module_utils._service.answers import Answer
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.exchange import Failure
from ansible_collections.huaweicloud.live.plugins.module_utils._service.signature import encode

from .gate import Gate

PAGE = 100
MOST_PAGES = 12
_TRIES = 3
_LONGEST_WAIT = 10.0
_CODE = re.compile(r"[A-Za-z]{1,12}(\.[A-Za-z0-9]{1,16}){1,3}|[0-9]{1,10}")

# The service names no right for it.
_ADMINISTER = "to administer the Live service"
PERMISSIONS = {
    "list tasks": "live:stream:listPullTask",
    "create a task": "live:stream:createPullTask",
    "modify the task": _ADMINISTER,
    "list streams": "live:stream:listLiveStreamsOnline",
    "delete the task": _ADMINISTER,
}


class TroubleError(Exception):
    """Why a run cannot go on: one sentence for the user."""


class Reply(NamedTuple):
    """What came of a request.

    Attributes:
        status: the HTTP status; None if there was no response.
        code: the error code if it looks like one of a service, otherwise None.
        body: the decoded body of a request that succeeded, otherwise None.
        text: why it did not succeed, for the terminal alone; empty if it did.
        date: the time of the server, in seconds since the epoch, or None.
        retry_after: seconds that the service asks to wait, or None.
    """

    status: int | None
    code: str | None
    body: Any
    text: str
    date: float | None
    retry_after: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether the request succeeded."""
        return not self.text

    @property
    def refused(self) -> bool:
        """Whether the service refused this request, and would refuse it again."""
        return self.status is not None and 400 <= self.status < 500 and self.status not in (401, 403, 408, 429)

    @property
    def words(self) -> str:
        """The status and the code, which hold no text of the service."""
        status = f"HTTP {self.status}" if self.status else "no response"
        return f"{status}, {self.code}" if self.code else status


def ask(
    client: LiveClient,
    method: str,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    *,
    streams: bool = False,
) -> Answer | Failure:
    """Send one request once, unchecked, and return what came of it.

    Args:
        client: a client that is logged in.
        method: the HTTP method.
        query: the parameters of the query.
        body: the JSON object to send.
        streams: whether it goes to the list of streams, not to the tasks.
    """
    url = client.tasks.url.replace("pull/stream/task", "realtime/streams") if streams else client.tasks.url
    parameters = "&".join(f"{name}={encode(value)}" for name, value in sorted((query or {}).items()))
    url += f"?{parameters}" if parameters else ""
    return client.transport.exchange_once(method, url, client.tasks.auth, body, math.inf, None)


class Service:
    """The service, asked one request at a time.

    Args:
        client: a client that is logged in.
        gate: what its requests pass.
    """

    def __init__(self, client: LiveClient, gate: Gate) -> None:
        self._client = client
        self.gate = gate
        self.clock: Clock = client.transport.clock

    def once(
        self,
        method: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        *,
        streams: bool = False,
    ) -> Reply:
        """Send a request once, and return what came of it."""
        outcome = ask(self._client, method, query, body, streams=streams)
        if isinstance(outcome, Answer):
            return Reply(outcome.status, None, outcome.body, "", _date(outcome.headers.get("Date")))
        code = str(outcome.details.get("error_code") or "")
        code = code if _CODE.fullmatch(code) else ""
        status, text = outcome.details.get("http_status"), outcome.text or "failed"
        return Reply(status, code or None, None, text, None, outcome.retry_after)

    def sure(self, what: str, method: str, **request: Any) -> Reply:
        """Send a request up to three times until it succeeds or is refused. Not for creates.

        Args:
            what: what it does, as in `PERMISSIONS`.
            method: the HTTP method.
            request: the arguments of `once`.

        Raises:
            TroubleError: it was neither accepted nor refused.
        """
        for attempt in range(1, _TRIES + 1):
            reply = self.once(method, **request)
            if reply.accepted or reply.refused or reply.status in (401, 403):
                break
            if attempt < _TRIES:
                self.clock.sleep(min(_LONGEST_WAIT, max(2.0 * attempt, reply.retry_after or 0.0)))
        if reply.accepted or reply.refused:
            return reply
        raise trouble(what, reply)

    def page(self, offset: int = 0, limit: int = PAGE, task_id: str | None = None) -> tuple[list[dict[str, Any]], Any]:
        """Return a page of the list, and what its `total` is (`...` if there is none).

        Raises:
            TroubleError: it cannot be read.
        """
        query = {"offset": str(offset), "limit": str(limit), **({"task_id": task_id} if task_id else {})}
        reply = self.sure("list tasks", "GET", query=query)
        body = reply.body if isinstance(reply.body, dict) else {}
        infos, total = body.get("task_infos"), body.get("total", ...)
        if infos is None and total == 0:
            infos = []
        if not isinstance(infos, list) or not all(isinstance(info, dict) for info in infos):
            raise trouble("list tasks", reply)
        self.date = reply.date
        return infos, total

    def pages(self, task_id: str | None = None, most: int = MOST_PAGES) -> Iterator[tuple[list[dict[str, Any]], Any]]:
        """Yield the pages of the list, up to a number of pages. Takes and raises what `page` does."""
        offset, seen = 0, set[Any]()
        for _page in range(most):
            infos, total = self.page(offset, task_id=task_id)
            yield infos, total
            ids = {info.get("task_id") for info in infos}
            offset += len(infos)
            # Not by the total, which may count the tasks of one page only.
            if not infos or ids <= seen:
                return
            seen |= ids

    def find(self, task_id: str) -> dict[str, Any] | None:
        """Return a task as it is listed; None if it is not. Raises what `page` does."""
        for infos, _total in self.pages(task_id):
            for info in infos:
                if info.get("task_id") == task_id:
                    return info
            if all(info.get("task_id") == task_id for info in infos):
                return None
        return None


def trouble(what: str, reply: Reply) -> TroubleError:
    """Return the sentence for a request that the run needs, and that did not succeed."""
    words = f" ({reply.words})"
    if reply.status == 401:
        return TroubleError(
            f"The service refuses the credentials{words}: check them, and that they are for this region and project."
        )
    if reply.status == 403:
        return TroubleError(
            f"The service forbids to {what}{words}: the user lacks the permission {PERMISSIONS.get(what, 'for it')}."
        )
    if reply.status is None:
        return TroubleError(f"The service does not answer the request to {what}: {reply.text}.")
    if reply.status == 429 or reply.status >= 500:
        return TroubleError(f"The service is out of order: it cannot {what} now{words}. Try again later.")
    if reply.accepted or reply.status < 300:
        return TroubleError(f"The service answers the request to {what} in a form that is not documented{words}.")
    return TroubleError(f"The service refuses to {what}{words}.")


def _date(header: str | None) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(header).timestamp() if header else None
    except (TypeError, ValueError):
        return None
