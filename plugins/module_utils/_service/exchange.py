# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request and its answer, over requests; nothing else in here knows that library. Private to this collection."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from http.client import BadStatusLine, UnknownProtocol
from typing import TYPE_CHECKING, Any, NamedTuple

from .._errors import counted
from .._proxy import InvalidProxyError, proxies_for, proxy_variable

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.exceptions import (
        ConnectTimeoutError,
        HTTPError,
        LocationValueError,
        NewConnectionError,
        ReadTimeoutError,
    )
except ImportError:  # the modules report it
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
    HTTPAdapter = HTTPConnectionPool = HTTPSConnectionPool = HTTPConnection = HTTPSConnection = object  # type: ignore[assignment, misc]
else:
    REQUESTS_IMPORT_ERROR = None

from .._version import USER_AGENT

if TYPE_CHECKING:
    from requests import PreparedRequest
    from requests.adapters import BaseAdapter

MAX_ANSWER = 64 * 1024 * 1024
_TUNNEL = re.compile(r"Tunnel connection failed: ([0-9]{3})")

Auth = Callable[["PreparedRequest"], "PreparedRequest"]
"""Adds to a request what authenticates it."""


class Reply(NamedTuple):
    """Any answer, as it came.

    Attributes:
        status: the HTTP status.
        headers: the headers, whatever the case of their names.
        content: the body; empty if it is encoded.
        encoding: a Content-Encoding. None was asked for, and a small answer could become a huge one when it is decoded.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    encoding: str = ""


class Failure(NamedTuple):
    """Why a request did not succeed. It may hold what the system or a server said, so it has to be masked.

    Attributes:
        text: what happened.
        uncertain: whether the request may have been carried out.
        final: whether sending it again would not help.
        details: http_status, error_code, error_msg and request_id, as far as the service gave them.
        retry_after: for how many seconds the service asks to wait, None if it does not say.
        unresolved: whether the host has no address.
        refused: whether nothing listens at the address of the service.
    """

    text: str
    uncertain: bool = True
    final: bool = False
    details: Mapping[str, Any] = {}
    retry_after: float | None = None
    unresolved: bool = False
    refused: bool = False


def exchange(
    adapter: BaseAdapter,
    method: str,
    url: str,
    auth: Auth | None,
    body: Mapping[str, Any] | None,
    *,
    timeout: float,
    verify: bool | str,
    environ: Mapping[str, str],
) -> Reply | Failure:
    """Send a request once, and return the whole answer. A redirect is an answer like any other.

    Args:
        adapter: a transport adapter of requests.
        method: the HTTP method.
        url: the whole URL, percent-encoded.
        auth: what authenticates the request.
        body: what to send as JSON.
        timeout: seconds that it may take.
        verify: whether, or against which certificates, the server is verified.
        environ: the environment variables, which may name a proxy.
    """
    headers = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": USER_AGENT}
    data = None
    if body is not None:
        headers["Content-Type"] = "application/json; charset=UTF-8"
        data = json.dumps(body, ensure_ascii=False).encode()
    try:
        request = requests.Request(method, url, headers=headers, data=data, auth=auth).prepare()
        proxies = proxies_for(url, environ)
        with adapter.send(request, stream=True, timeout=timeout, verify=verify, proxies=proxies) as response:
            encoding = response.headers.get("Content-Encoding", "").strip()
            if encoding.lower() not in ("", "identity"):
                return Reply(response.status_code, response.headers, b"", encoding)
            content = bytearray()
            for piece in response.iter_content(65536):
                content += piece
                if len(content) > MAX_ANSWER:
                    return Failure(f"the answer is larger than {MAX_ANSWER} bytes", final=True)
            # urllib3 before 2.0 takes an answer that breaks off for a whole one.
            if response.raw.length_remaining:
                return Failure(f"IncompleteRead({response.raw.length_remaining} missing)")
            return Reply(response.status_code, response.headers, bytes(content))
    except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
        return _failure(error, timeout, environ)


# No request may take longer than its time-out, all in all, but requests bounds only the silence between two pieces of
# an answer. So the time that is left is set on the socket before each piece is read: it ends where it stands, without a
# thread that would have to be left behind.
_thread = threading.local()


class Adapter(HTTPAdapter):
    """Connections that are kept open, and that give up a request when its time-out is over.

    Args:
        concurrency: how many threads use it.
    """

    def __init__(self, concurrency: int) -> None:
        super().__init__(pool_maxsize=concurrency)

    def send(self, request: PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        """Send a request; the answer has to be read by the same thread."""
        _thread.deadline = time.monotonic() + how["timeout"]
        return super().send(request, **how)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pool of connections through a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Pieces(io.RawIOBase):
    """What a socket receives, as long as the request has time left."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _thread.deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        self._sock.settimeout(left)
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Socket:
    """A socket whose file reads no longer than the request has time."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def makefile(self, *_args: Any, **_kwargs: Any) -> io.BufferedReader:
        return io.BufferedReader(_Pieces(self._sock))


class _BoundedConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _Socket(self.sock)


class _BoundedTLSConnection(HTTPSConnection):
    def _tunnel(self) -> None:
        # What the proxy answers to CONNECT is read by http.client, which knows no time for all of it.
        plain = self.sock
        self.sock = _Socket(plain)
        try:
            super()._tunnel()
        except socket.timeout as error:
            raise ConnectTimeoutError(self, "the proxy did not answer in time") from error
        self.sock = plain

    def connect(self) -> None:
        super().connect()
        # Where it is not, that is what the user asked for: a warning in the output would look like an error.
        self.is_verified = True
        self.sock = _Socket(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _BoundedConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTLSConnection


_POOLS = {"http": _Pool, "https": _TLSPool}


def _failure(error: Exception, timeout: float, environ: Mapping[str, str]) -> Failure:
    """Return what an error of requests, urllib3 or the system says of the request."""
    # requests stumbles with a plain ValueError over some addresses of proxies. It is not known when.
    known = (requests.exceptions.RequestException, HTTPError, InvalidProxyError)
    stumble = isinstance(error, ValueError) and not isinstance(error, known)
    address = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, LocationValueError, InvalidProxyError)
    if stumble or isinstance(error, address):
        # What the error says may hold the proxy's password.
        return Failure("the address of the service, or of a proxy in the environment, cannot be used", stumble, True)
    chain = list(_chain(error))
    text = getattr(chain[-1], "strerror", None) or str(chain[-1]) or type(chain[-1]).__name__
    text = " ".join(str(text).split())
    # What a proxy says is not quoted: it may be what it was told, its password.
    tunnel = _TUNNEL.search(text)
    if tunnel:
        text = f"Tunnel connection failed: the proxy that the environment names answered HTTP {tunnel[1]}"
    elif isinstance(chain[-1], (BadStatusLine, UnknownProtocol)) and not isinstance(chain[-1], OSError):
        text = "the answer does not begin as one of HTTP does"
    # Not ProxyError: with a proxy, urllib3 calls a connection that broke after the request went out that, too.
    unsent = any(isinstance(link, (requests.exceptions.ConnectTimeout, NewConnectionError)) for link in chain)
    untrusted = isinstance(error, requests.exceptions.SSLError) and "certificate" in str(error).lower()
    if any(isinstance(link, (requests.exceptions.Timeout, ReadTimeoutError, socket.timeout)) for link in chain):
        text = f"no answer within {counted(timeout, 'second')}"
    unresolved, no_listener = (isinstance(chain[-1], kind) for kind in (socket.gaierror, ConnectionRefusedError))
    # Of a host behind a proxy only the proxy could tell.
    if isinstance(error, requests.exceptions.ProxyError):
        if no_listener:
            text = f"{text} by the proxy of {proxy_variable(environ)}"
        unresolved = no_listener = False
    uncertain = not (unsent or untrusted or tunnel)
    return Failure(text, uncertain, untrusted, unresolved=unresolved, refused=no_listener)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it wraps, outermost first: requests wraps urllib3's errors, and those the system's."""
    found: BaseException | None = error
    while found is not None:
        yield found
        # Before 2.0, urllib3 does not say what a connection that could not be made comes from.
        context = found.__context__ if isinstance(found, NewConnectionError) else None
        wrapped = (getattr(found, "reason", None), *found.args, found.__cause__, context)
        found = next((candidate for candidate in wrapped if isinstance(candidate, BaseException)), None)
