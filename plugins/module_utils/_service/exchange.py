# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request and its response, with the library requests. Private to this collection."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from http.client import CONTINUE, BadStatusLine, HTTPResponse, UnknownProtocol
from typing import Any, NamedTuple

from .._errors import counted
from .._proxy import InvalidProxyError, proxies_for, proxy_variable
from .._version import USER_AGENT

try:
    import requests
    from requests import PreparedRequest, Response
    from requests.adapters import BaseAdapter, HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3 import exceptions as urllib3_errors
    from urllib3.connection import HTTPConnection, HTTPSConnection
except ImportError:  # the modules report it
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
    PreparedRequest = Response = BaseAdapter = HTTPAdapter = object  # type: ignore[assignment, misc]
    HTTPConnectionPool = HTTPSConnectionPool = HTTPConnection = HTTPSConnection = object  # type: ignore[assignment, misc]
else:
    REQUESTS_IMPORT_ERROR = None

MAX_ANSWER = 64 * 1024 * 1024
TUNNEL_FAILED = re.compile(r"Tunnel connection failed: ([0-9]{3})")

Auth = Callable[[PreparedRequest], PreparedRequest]
"""Adds the headers that authenticate a request."""


class Reply(NamedTuple):
    """A response, as it was received.

    Attributes:
        status: the HTTP status.
        headers: the headers; the case of their names makes no difference.
        content: the body; empty if it is encoded.
        encoding: the Content-Encoding, which is not accepted, because a small body could be decoded to a huge one.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    encoding: str = ""


class Failure(NamedTuple):
    """Why a request did not succeed. It may quote the system or a server, so it has to be masked.

    Attributes:
        text: the reason.
        uncertain: whether the request may have been carried out.
        final: whether sending it again would not help.
        details: http_status, error_code, error_msg and request_id, as far as the service sent them.
        retry_after: seconds that the service asks to wait, or None.
        unresolved: whether the name of the host cannot be resolved.
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
    """Send a request once, and return the whole response. A redirect is not followed.

    Args:
        adapter: a transport adapter of requests.
        method: the HTTP method.
        url: the whole URL, percent-encoded.
        auth: authenticates the request.
        body: the JSON object to send.
        timeout: seconds for request and response together.
        verify: whether, or with which certificates, to verify the server.
        environ: the environment variables, which may name a proxy.
    """
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    content_type = f"application/json{'' if body is None else '; charset=UTF-8'}"
    headers = {"Accept": "application/json", "Content-Type": content_type, "User-Agent": USER_AGENT}
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
                    return Failure(f"the response is larger than {MAX_ANSWER} bytes", final=True)
            # urllib3 before 2.0 raises no error if the response breaks off.
            if response.raw.length_remaining:
                return Failure(f"IncompleteRead({response.raw.length_remaining} missing)")
            return Reply(response.status_code, response.headers, bytes(content))
    except (requests.exceptions.RequestException, urllib3_errors.HTTPError, OSError, ValueError) as error:
        return _failure(error, timeout, environ)


# requests limits only the time between two pieces of a response, not the time of a request. So the time that is left is
# set on the socket before each read. This needs no thread, which could outlive the request.
_thread = threading.local()


class Adapter(HTTPAdapter):
    """Connections that are kept open, and that end a request at its deadline.

    Args:
        concurrency: how many threads use it. A response has to be read by the thread that sent the request.
        pool: further arguments for the pools of connections.
    """

    def __init__(self, concurrency: int, **pool: Any) -> None:
        self._pool = pool
        super().__init__(pool_maxsize=concurrency)

    def send(self, request: PreparedRequest, *, timeout: float, **how: Any) -> Response:  # type: ignore[override]
        """Send a request. Request and response together may take this many seconds."""
        _thread.deadline = time.monotonic() + timeout
        return super().send(request, timeout=timeout, **how)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool of direct connections."""
        super().init_poolmanager(*args, **{**self._pool, **kwargs})
        _with_deadlines(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pool of connections through a proxy."""
        return _with_deadlines(super().proxy_manager_for(*args, **{**self._pool, **kwargs}))


class _TimedReader(io.RawIOBase):
    """Reads from a socket as long as the request has time left."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _thread.deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """A response that is read no longer than the request has time, also the response of a proxy to CONNECT.

    Interim responses before it, such as 103 Early Hints, are skipped.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp.detach()))

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        # http.client skips interim responses only if their status is 100.
        return version, CONTINUE if CONTINUE < status < 200 else status, reason


class _Connection(HTTPConnection):
    response_class = _TimedResponse


class _TLSConnection(HTTPSConnection):
    response_class = _TimedResponse

    def _tunnel(self) -> None:
        try:
            super()._tunnel()
        except socket.timeout as error:
            # Not a time-out of reading: the request was not sent yet.
            raise urllib3_errors.ConnectTimeoutError from error

    def connect(self) -> None:
        super().connect()
        # An unverified connection is the choice of the user, and urllib3's warning would look like an error.
        self.is_verified = True


def _with_deadlines(manager: Any) -> Any:
    """Let the connections of a manager, also those to a SOCKS proxy, end a request at its deadline, and return it."""
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _timed(pool) for scheme, pool in pools.items()}
    return manager


def _timed(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    """Return a class of pools whose connections end a request at its deadline."""
    mixin: type = _TLSConnection if issubclass(pool, HTTPSConnectionPool) else _Connection
    if issubclass(pool.ConnectionCls, mixin):
        return pool
    connection = type(mixin.__name__, (mixin, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and the errors in it: requests wraps errors of urllib3, and urllib3 errors of the system."""
    found: BaseException | None = error
    while found is not None:
        yield found
        # urllib3 before 2.0 does not set the cause of a failed connection.
        context = found.__context__ if isinstance(found, urllib3_errors.NewConnectionError) else None
        wrapped = (getattr(found, "reason", None), *found.args, found.__cause__, context)
        found = next((candidate for candidate in wrapped if isinstance(candidate, BaseException)), None)


def text_of(error: BaseException) -> str:
    """Return the text of an error of the system or of a library, in one line."""
    return " ".join(str(getattr(error, "strerror", None) or str(error) or type(error).__name__).split())


def is_wrong_address(error: Exception) -> bool:
    """Return whether an error is about the address of a server or a proxy. Its text may hold a password then."""
    errors = requests.exceptions
    if isinstance(error, (errors.InvalidURL, errors.InvalidSchema, urllib3_errors.LocationValueError)):
        return True
    # requests raises a plain ValueError for some addresses of proxies.
    return not isinstance(error, (errors.RequestException, urllib3_errors.HTTPError, OSError))


def _failure(error: Exception, timeout: float, environ: Mapping[str, str]) -> Failure:
    """Return the failure for an error of requests, urllib3 or the system."""
    errors = requests.exceptions
    if is_wrong_address(error):
        # Only a plain ValueError of requests can come after the request was sent.
        uncertain = not isinstance(error, (errors.RequestException, urllib3_errors.HTTPError, InvalidProxyError))
        return Failure("the address of the service, or of a proxy in the environment, cannot be used", uncertain, True)
    chain = list(causes(error))
    last = chain[-1]
    text = text_of(last)
    # A proxy is not quoted, because it may repeat its password.
    tunnel = TUNNEL_FAILED.search(text)
    if tunnel:
        text = f"Tunnel connection failed: the proxy that the environment names answered HTTP {tunnel[1]}"
    elif isinstance(last, (BadStatusLine, UnknownProtocol)) and not isinstance(last, OSError):
        text = "the response is not HTTP"
    if any(isinstance(link, (errors.Timeout, urllib3_errors.ReadTimeoutError, socket.timeout)) for link in chain):
        text = f"no response within {counted(timeout, 'second')}"
    # Not ProxyError: urllib3 raises it too if the connection to a proxy breaks after the request was sent.
    unsent = any(isinstance(link, (errors.ConnectTimeout, urllib3_errors.NewConnectionError)) for link in chain)
    untrusted = isinstance(error, errors.SSLError) and "certificate" in str(error).lower()
    uncertain = not (unsent or untrusted or tunnel)
    unresolved, no_listener = (isinstance(last, kind) for kind in (socket.gaierror, ConnectionRefusedError))
    if isinstance(error, errors.ProxyError):
        # The failure is that of the proxy, not of the host behind it.
        text = f"{text} by the proxy of {proxy_variable(environ)}" if no_listener else text
        unresolved = no_listener = False
    return Failure(text, uncertain, untrusted, unresolved=unresolved, refused=no_listener)
