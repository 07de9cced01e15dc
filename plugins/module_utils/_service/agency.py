# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The agency of the server (ECS) that this runs on: temporary credentials that nobody has to keep.

Private to this collection.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .answers import decode
from .credentials import Credentials
from .exchange import Adapter, Failure, Reply, exchange
from .settings import fits_header

if TYPE_CHECKING:
    from .exchange import PreparedRequest

# Where the metadata of a server are, on each of them. It can be reached from the server itself only.
ADDRESS = "http://169.254.169.254"
# Seconds for all that is asked.
TIMEOUT = 3.0
_TOKEN_PATH, _KEY_PATH = "/meta-data/latest/api/token", "/openstack/latest/securitykey"
_TOKEN_SECONDS = 6 * 60 * 60
# What a server answers that wants no token.
_NO_TOKENS = (404, 405, 503)


def ask_agency() -> Credentials | Failure:
    """Return the credentials that the server has, or why there are none. No more is sent than the question."""
    deadline = time.monotonic() + TIMEOUT
    adapter = Adapter(1)

    def ask(method: str, path: str, headers: dict[str, str]) -> Reply | Failure:
        left = round(deadline - time.monotonic(), 1)
        if left <= 0:
            return Failure(f"no answer within {TIMEOUT:g} seconds")
        return exchange(adapter, method, ADDRESS + path, _adding(headers), None, timeout=left, verify=True, environ={})

    try:
        reply = ask("PUT", _TOKEN_PATH, {"X-Metadata-Token-Ttl-Seconds": str(_TOKEN_SECONDS)})
        if isinstance(reply, Reply) and reply.status in (200, *_NO_TOKENS):
            token = reply.content.decode("ascii", "replace").strip() if reply.status == 200 else ""
            reply = ask("GET", _KEY_PATH, {"X-Metadata-Token": token} if fits_header(token) else {})
            if isinstance(reply, Reply) and reply.status == 200:
                found = _credentials(reply.content)
                return found or Failure(f"{ADDRESS} answered without an access key")
    finally:
        adapter.close()
    return Failure(f"{ADDRESS}: {reply.text if isinstance(reply, Failure) else f'HTTP {reply.status}'}")


def _adding(headers: dict[str, str]) -> Callable[[PreparedRequest], PreparedRequest]:
    def add(request: PreparedRequest) -> PreparedRequest:
        request.headers.update(headers)
        return request

    return add


def _credentials(content: bytes) -> Credentials | None:
    try:
        body: Any = decode(content)
    except (ValueError, RecursionError):
        body = None
    found = body.get("credential") if isinstance(body, dict) else None
    names = {"access": "access_key", "secret": "secret_key", "securitytoken": "security_token"}
    values = {option: found.get(name) for name, option in names.items()} if isinstance(found, dict) else {}
    if not values or not all(isinstance(value, str) and fits_header(value) for value in values.values()):
        return None
    return Credentials(**values, origin=f"the agency of this server ({ADDRESS})", agency=True)
