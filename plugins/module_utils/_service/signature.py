# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authentication of requests: a token, or a signature (SDK-HMAC-SHA256). Private to this collection."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

if TYPE_CHECKING:
    from .exchange import Auth, PreparedRequest

ALGORITHM = "SDK-HMAC-SHA256"
DATE_FORMAT = "%Y%m%dT%H%M%SZ"


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def encode(text: str, safe: str = "") -> str:
    """Return the text percent-encoded as the signature needs it: all but unreserved characters."""
    return quote(text, safe=f"~{safe}")


def authorization(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None, access_key: str, secret_key: str
) -> str:
    """Return the value of the Authorization header for a request.

    Args:
        method: the HTTP method.
        url: the whole URL, percent-encoded.
        headers: every header to be signed, with `Host` and `X-Sdk-Date`. A header with `_` in its name is not signed.
        body: the body as it is sent.
        access_key: the access key id (AK).
        secret_key: the secret access key (SK).
    """
    parts = urlsplit(url)
    path = encode(unquote(parts.path), safe="/")
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    signed = {name.lower(): value.strip() for name, value in headers.items() if "_" not in name}
    names = ";".join(sorted(signed))
    canonical_request = [
        method.upper(),
        path if path.endswith("/") else f"{path}/",
        "&".join(f"{encode(name)}={encode(value)}" for name, value in query),
        *(f"{name}:{signed[name]}" for name in sorted(signed)),
        "",
        names,
        hashlib.sha256(body or b"").hexdigest(),
    ]
    digest = hashlib.sha256("\n".join(canonical_request).encode()).hexdigest()
    string_to_sign = f"{ALGORITHM}\n{signed['x-sdk-date']}\n{digest}"
    signature = hmac.new(secret_key.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"


class KeyAuth:
    """Signs each request with an access key, as the official SDK does.

    Args:
        access_key: the access key id (AK).
        secret_key: the secret access key (SK).
        security_token: the token of temporary credentials.
        project_id: the project of the requests; None for requests to IAM.
        now: returns the time, an aware datetime in UTC.
    """

    def __init__(
        self,
        access_key: str,
        secret_key: str,
        security_token: str | None = None,
        project_id: str | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        fixed = {"X-Project-Id": project_id, "X-Security-Token": security_token}
        self._fixed = {name: value for name, value in fixed.items() if value}
        self._now = now

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the headers of the signature to the request. Headers that a proxy may change are not signed."""
        host, now = urlsplit(str(request.url)).netloc, self._now().strftime(DATE_FORMAT)
        signed = {**self._fixed, "Host": host, "X-Sdk-Date": now}
        if "Content-Type" in request.headers:
            signed["Content-Type"] = request.headers["Content-Type"]
        body = request.body.encode() if isinstance(request.body, str) else request.body
        request.headers.update(signed)
        request.headers["Authorization"] = authorization(
            str(request.method), str(request.url), signed, body, self._access_key, self._secret_key
        )
        return request


class TokenAuth:
    """Adds a token of IAM to each request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the header with the token."""
        request.headers["X-Auth-Token"] = self._token
        return request


class RenewedAuth:
    """Authenticates requests, and logs in again when a login has expired. Threads may share it.

    Args:
        auth: the first login.
        another: logs in again.

    Attributes:
        logins: the number of logins. A new login may be equal to the last.
    """

    def __init__(self, auth: Auth, another: Callable[[], Auth]) -> None:
        self.logins = 1
        self._auth = auth
        self._another = another
        self._lock = threading.Lock()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Authenticate the request with the last login."""
        return self._auth(request)

    def renew(self, logins: int) -> None:
        """Log in again, unless another thread has done it since `logins` was read.

        Raises:
            LiveError: the login failed.
        """
        with self._lock:
            if self.logins == logins:
                self._auth = self._another()
                self.logins += 1
