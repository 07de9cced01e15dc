# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network without sockets, and connections over it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import Reporter
from ansible_collections.huaweicloud.live.plugins.module_utils._secrets import Secrets
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import Settings
from ansible_collections.huaweicloud.live.plugins.module_utils._service.transport import Transport
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock

ENDPOINT = "http://127.0.0.1:9"
PROJECT_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def settings_with(**changes: Any) -> Settings:
    """Return the default settings of a connection with some changes."""
    usual = Settings(
        endpoint=ENDPOINT,
        iam_endpoint=ENDPOINT,
        region="cn-north-4",
        project_id=PROJECT_ID,
        verify=True,
        timeout=30,
        retries=5,
    )
    return usual._replace(**changes)


class Reply(NamedTuple):
    """An answer of a server."""

    status: int = 200
    body: bytes | Any = b""
    headers: Mapping[str, str] = {}

    @property
    def content(self) -> bytes:
        """Return the body as bytes. Other values are sent as JSON."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def to(self, request: requests.PreparedRequest) -> requests.Response:
        """Return the response of requests for this answer."""
        raw = HTTPResponse(
            body=io.BytesIO(self.content), headers=self.headers, status=self.status, preload_content=False
        )
        return HTTPAdapter().build_response(request, raw)


class Script(BaseAdapter):
    """An adapter of requests that follows a script: each line is a Reply, or an error to raise.

    A line may also be a function of the request that returns one of these. The last line is repeated.
    """

    def __init__(self, *lines: Reply | Exception | Callable[[requests.PreparedRequest], Reply | Exception]) -> None:
        super().__init__()
        self._lines = list(lines)
        self.sent: list[requests.PreparedRequest] = []
        self.how: list[dict[str, Any]] = []

    @property
    def writes(self) -> list[requests.PreparedRequest]:
        """Return the requests so far that are not reads."""
        return [request for request in self.sent if request.method != "GET"]

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Answer by the script."""
        self.sent.append(request)
        self.how.append(how)
        scripted = self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]
        line = scripted if isinstance(scripted, (Reply, Exception)) else scripted(request)
        if isinstance(line, Exception):
            raise line
        return line.to(request)

    def close(self) -> None:
        """Do nothing."""


def transport_to(
    adapter: BaseAdapter,
    clock: FakeClock | None = None,
    *,
    secrets: Iterable[str] = (),
    environ: Mapping[str, str] | None = None,
    tell: Reporter = lambda text, verbosity: None,
    **settings: Any,
) -> Transport:
    """Return a transport that uses the adapter instead of the network."""
    return Transport(
        settings_with(**settings),
        environ or {},
        Secrets(secrets),
        tell=tell,
        clock=(clock or FakeClock()).clock,
        adapter=adapter,
    )


def client_to(adapter: BaseAdapter, clock: FakeClock | None = None, **how: Any) -> LiveClient:
    """Return a client that uses the adapter instead of the network."""
    return LiveClient(transport_to(adapter, clock, **how), None, ENDPOINT, PROJECT_ID)
