# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer says: its JSON, its errors in every known shape, and when to ask again. Private to this collection."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from .._errors import cut, shown
from .._secrets import Secrets
from .exchange import Failure, Reply

RETRIED_STATUSES = (429, 500, 502, 503, 504)
UNAUTHORIZED = 401
FORBIDDEN = 403
THROTTLED = 429
NO_ERROR = "0"
# Of what a server says, no more than this is looked at to quote it, and then quoted of an error or of anything else.
MAX_EXCERPTED = 256 * 1024
MAX_QUOTED = 1000
MAX_EXCERPT = 200


class Answer(NamedTuple):
    """A successful answer.

    Attributes:
        body: the decoded JSON, None if there was none.
        headers: the headers, whatever the case of their names.
        request_id: the service's id for the request, to quote to its support.
        status: the HTTP status.
    """

    body: Any
    headers: Mapping[str, str]
    request_id: str | None
    status: int = 200


def understand(reply: Reply, secrets: Secrets, now: float) -> Answer | Failure:
    """Return what an answer says. An error in an answer with a good status may concern a write that was carried out.

    Args:
        reply: the answer.
        secrets: what must not be seen in a failure.
        now: seconds since the epoch.
    """
    good = 200 <= reply.status < 300
    try:
        body, readable = decode(reply.content) if reply.content else None, not reply.encoding
    except (ValueError, RecursionError):
        body, readable = None, False
    request_id = _request_id(body, reply.headers)
    request_id = request_id and _quoted(request_id, secrets, MAX_EXCERPT)
    if good and readable and not holds_error(body):
        return Answer(body, reply.headers, request_id, reply.status)
    code, text = code_and_text(body, secrets)
    words = " ".join(filter(None, (code, text)))
    if good and not readable:
        words = f"with {_unreadable(reply, secrets)}"
    elif 300 <= reply.status < 400:
        location = shown(secrets.mask_message(reply.headers.get("Location", "")))
        words = f"a redirect to {location}, and redirects are not followed"
    elif not words and (reply.content or reply.encoding):
        words = _unreadable(reply, secrets) if reply.encoding else _page_excerpt(reply.content, secrets)
    details = {"http_status": reply.status, "error_code": code, "error_msg": text, "request_id": request_id}
    return Failure(
        f"HTTP {reply.status}{words and (', ' if readable or not good else ' ')}{words}",
        uncertain=good or reply.status >= 500,
        final=reply.status not in RETRIED_STATUSES,
        details={name: value for name, value in details.items() if value},
        retry_after=_retry_after(reply.headers.get("Retry-After"), now),
    )


def decode(content: bytes) -> Any:
    """Return the decoded JSON.

    Raises:
        ValueError: it is none, or holds what JSON or UTF-8 cannot express, so that it could not be passed on.
        RecursionError: it is nested too deeply.
    """
    body = json.loads(content)
    json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    return body


def code_and_text(body: Any, secrets: Secrets) -> tuple[str | None, str | None]:
    """Return code and message of an error as they are quoted, in any shape that the services and their gateway use."""
    for candidate in _objects(body):
        code, text = (
            next(
                (_quoted(candidate[name], secrets) for name in names if isinstance(candidate.get(name), (str, int))),
                None,
            )
            for names in (("error_code", "errorCode", "code"), ("error_msg", "errorMsg", "message"))
        )
        if code or text:
            return code, text
    return None, None


def holds_error(body: Any) -> bool:
    """Return whether an answer with a good status reports an error all the same."""
    codes = (one.get(name) for one in _objects(body) for name in ("error_code", "errorCode"))
    return any(code and code != NO_ERROR for code in codes)


def _request_id(body: Any, headers: Mapping[str, str]) -> str | None:
    found = (candidate.get("request_id") for candidate in _objects(body))
    return next((one for one in found if one and isinstance(one, str)), headers.get("X-Request-Id"))


def _objects(body: Any) -> list[dict[str, Any]]:
    """Return the JSON objects that may describe an answer: the answer itself, and what is one level down."""
    nested = body.values() if isinstance(body, dict) else ()
    return [candidate for candidate in (body, *nested) if isinstance(candidate, dict)]


def excerpt(body: Any, secrets: Secrets) -> str:
    """Return the beginning of a decoded answer, or of a part of it, as an error quotes it."""
    return _quoted(json.dumps(body, ensure_ascii=False), secrets, MAX_EXCERPT)


def _quoted(text: str | int, secrets: Secrets, longest: int = MAX_QUOTED) -> str:
    return cut(secrets.mask_message(str(text)[:MAX_EXCERPTED]), longest)


def _unreadable(reply: Reply, secrets: Secrets) -> str:
    if reply.encoding:
        encoding = shown(secrets.mask_message(reply.encoding))
        return f"an answer in the Content-Encoding {encoding}, which was not asked for"
    return f"an answer that is not JSON: {_page_excerpt(reply.content, secrets)}"


def _page_excerpt(content: bytes, secrets: Secrets) -> str:
    """Return the beginning of an answer that is no JSON as one line of text, without the tags of HTML."""
    text = secrets.mask_message(content[:MAX_EXCERPTED].decode("utf-8", "replace"))
    return shown(" ".join(re.sub(r"<[^<>]*>", " ", text).split()))


def _retry_after(value: str | None, now: float) -> float | None:
    """Return for how many seconds the service asks to wait.

    Args:
        value: the header Retry-After: seconds, or a date.
        now: seconds since the epoch.
    """
    if value is None:
        return None
    try:
        return max(0.0, float(value) if value.isdecimal() else parsedate_to_datetime(value).timestamp() - now)
    except (LookupError, TypeError, ValueError, OverflowError):  # LookupError: Python before 3.10
        return None
