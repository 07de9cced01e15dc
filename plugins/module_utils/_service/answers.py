# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses: their JSON, their errors in every known shape, and when to retry. Private to this collection."""

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
# How many octets of a response are searched for secrets; how many characters of errors and of other texts are quoted.
MAX_EXCERPTED = 256 * 1024
MAX_QUOTED = 1000
MAX_EXCERPT = 200


class Answer(NamedTuple):
    """A successful response.

    Attributes:
        body: the decoded JSON, or None.
        headers: the headers; the case of their names makes no difference.
        request_id: the service's id of the request, for its support.
        status: the HTTP status.
    """

    body: Any
    headers: Mapping[str, str]
    request_id: str | None
    status: int = 200


def understand(reply: Reply, secrets: Secrets, now: float) -> Answer | Failure:
    """Return the answer or the failure in a response. After an error with a 2xx status, a write is uncertain.

    Args:
        reply: the response.
        secrets: the secrets to mask in a failure.
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
        ValueError: it is not JSON, or holds a value that JSON or UTF-8 cannot express, so results could not hold it.
        RecursionError: it is nested too deeply.
    """
    body = json.loads(content)
    json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    return body


def member(body: Any, *names: str) -> Any:
    """Return a member, at any depth, of what should be a JSON object; None if it is missing."""
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def code_and_text(body: Any, secrets: Secrets) -> tuple[str | None, str | None]:
    """Return code and message of an error, masked, from any shape that the services and their gateway use."""
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
    """Return whether a response with a 2xx status reports an error."""
    codes = (one.get(name) for one in _objects(body) for name in ("error_code", "errorCode"))
    return any(code and code != NO_ERROR for code in codes)


def _request_id(body: Any, headers: Mapping[str, str]) -> str | None:
    found = (candidate.get("request_id") for candidate in _objects(body))
    return next((one for one in found if one and isinstance(one, str)), headers.get("X-Request-Id"))


def _objects(body: Any) -> list[dict[str, Any]]:
    """Return the JSON objects that may hold an error or an id: the response, and the objects in it."""
    nested = body.values() if isinstance(body, dict) else ()
    return [candidate for candidate in (body, *nested) if isinstance(candidate, dict)]


def excerpt(body: Any, secrets: Secrets) -> str:
    """Return the beginning of decoded JSON, masked, as an error quotes it."""
    return _quoted(json.dumps(body, ensure_ascii=False), secrets, MAX_EXCERPT)


def _quoted(text: str | int, secrets: Secrets, longest: int = MAX_QUOTED) -> str:
    return cut(secrets.mask_message(str(text)[:MAX_EXCERPTED]), longest)


def _unreadable(reply: Reply, secrets: Secrets) -> str:
    if reply.encoding:
        encoding = shown(secrets.mask_message(reply.encoding))
        return f"a response in the Content-Encoding {encoding}, which was not requested"
    return f"a response that is not JSON: {_page_excerpt(reply.content, secrets)}"


def _page_excerpt(content: bytes, secrets: Secrets) -> str:
    """Return the beginning of a response that is not JSON, masked, as one line of text without HTML tags."""
    text = secrets.mask_message(content[:MAX_EXCERPTED].decode("utf-8", "replace"))
    return shown(" ".join(re.sub(r"<[^<>]*>", " ", text).split()))


def _retry_after(value: str | None, now: float) -> float | None:
    """Return the seconds that the service asks to wait.

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
