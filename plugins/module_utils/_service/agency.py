# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Temporary credentials from the agency of the server (ECS) that runs this. Private to this collection."""

from __future__ import annotations

import time
from typing import Any

from .answers import decode, member
from .credentials import Credentials
from .exchange import Adapter, Failure, PreparedRequest, Reply, exchange
from .settings import fits_header

# The metadata service of every server. Only the server itself can reach it.
ADDRESS = "http://169.254.169.254"
# Seconds for all requests together.
TIMEOUT = 3.0
_TOKEN_PATH, _KEY_PATH = "/meta-data/latest/api/token", "/openstack/latest/securitykey"
_TOKEN_SECONDS = 6 * 60 * 60
# The responses of a server that needs no token.
_NO_TOKENS = (404, 405, 503)


def ask_agency() -> Credentials | Failure:
    """Return the credentials of the server, or why there are none. Nothing but the two requests is sent."""
    deadline = time.monotonic() + TIMEOUT
    adapter = Adapter(1)

    def ask(method: str, path: str, headers: dict[str, str]) -> Reply | Failure:
        def add(request: PreparedRequest) -> PreparedRequest:
            request.headers.update(headers)
            return request

        left = round(deadline - time.monotonic(), 1)
        if left <= 0:
            return Failure(f"no response within {TIMEOUT:g} seconds")
        return exchange(adapter, method, ADDRESS + path, add, None, timeout=left, verify=True, environ={})

    try:
        reply = ask("PUT", _TOKEN_PATH, {"X-Metadata-Token-Ttl-Seconds": str(_TOKEN_SECONDS)})
        if isinstance(reply, Reply) and reply.status in (200, *_NO_TOKENS):
            token = reply.content.decode("ascii", "replace").strip() if reply.status == 200 else ""
            reply = ask("GET", _KEY_PATH, {"X-Metadata-Token": token} if fits_header(token) else {})
            if isinstance(reply, Reply) and reply.status == 200:
                return _credentials(reply.content) or Failure(f"{ADDRESS} sent no access key")
    finally:
        adapter.close()
    return Failure(f"{ADDRESS}: {reply.text if isinstance(reply, Failure) else f'HTTP {reply.status}'}")


def _credentials(content: bytes) -> Credentials | None:
    try:
        body: Any = decode(content)
    except (ValueError, RecursionError):
        return None
    names = {"access_key": "access", "secret_key": "secret", "security_token": "securitytoken"}
    values = {option: member(body, "credential", name) for option, name in names.items()}
    if not all(map(fits_header, values.values())):
        return None
    return Credentials(**values, origin=f"the agency of this server ({ADDRESS})", agency=True)
