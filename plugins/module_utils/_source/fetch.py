# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first bytes of files, with the library requests. Private to this collection."""

from __future__ import annotations

import logging
import re
import socket
import ssl
import threading
import zlib
from base64 import b64encode
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import BadStatusLine, UnknownProtocol
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, unquote_to_bytes, urljoin, urlsplit

from .._clock import Clock
from .._errors import counted, shown
from .._proxy import proxies_for, proxy_variable
from .._version import USER_AGENT
from .kinds import FIRST_BYTES, kind_of
from .problems import Source

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
except ImportError:  # the modules report it
    HTTPAdapter = object  # type: ignore[assignment, misc]

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

_monotonic = Clock().monotonic

MOST_REDIRECTS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_SCHEMES = ("http", "https")
_PORTS = {"http": 80, "https": 443}
# The body must not be compressed: its first bytes and its size have to be those of the file.
_HEADERS = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
_RANGE = {"Range": f"bytes=0-{FIRST_BYTES - 1}"}
_CONTENT_RANGE = re.compile(r"bytes\s+0-[0-9]+/(?:([0-9]{1,18})|\*)")
# A server without ranges sends the whole file. A small receive buffer limits what it has sent when the connection is
# closed.
_SMALL_BUFFER = (socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
_ADVICE = {
    401: "it requires a user and a password",
    403: "it does not let this machine read the file, or the signature in the URL has expired",
    404: "the file does not exist",
    410: "the file does not exist any more",
    429: "it received too many requests",
}


class Way(NamedTuple):
    """How files are read.

    Attributes:
        timeout: seconds for each file, from the lookup of its host name to the last byte that is read.
        concurrency: how many files are read at a time.
        verify: whether, or with which certificates, to verify servers.
        environ: the environment variables, which may name a proxy.
    """

    timeout: float
    concurrency: int
    verify: bool | str
    environ: Mapping[str, str]


class _Unreachable(Exception):
    """The first bytes cannot be read. The message says why."""


def look_at(urls: Sequence[str], way: Way) -> dict[str, Source]:
    """Return what is at each URL. Other URLs than http and https are not read.

    Each file is read in a thread of its own. If a file takes too long, its thread is left behind: nothing can interrupt
    the lookup of a name, nor a server that sends one byte of a header at a time.
    """
    _keep_urls_out_of_logs(way)
    found = dict.fromkeys(urls, Source())
    waiting = deque(url for url in found if url.partition(":")[0].lower() in _SCHEMES)
    deadlines: dict[str, float] = {}
    done: SimpleQueue[tuple[str, Source | Exception]] = SimpleQueue()

    def read(adapter: HTTPAdapter, url: str, deadline: float) -> None:
        done.put((url, _Reader(adapter, way, deadline).look(url)))

    with closing(_Adapter(pool_maxsize=way.concurrency)) as adapter:
        while waiting or deadlines:
            while waiting and len(deadlines) < way.concurrency:
                url = waiting.popleft()
                deadlines[url] = _monotonic() + way.timeout
                threading.Thread(target=read, args=(adapter, url, deadlines[url]), daemon=True).start()
            first = min(deadlines, key=deadlines.__getitem__)
            try:
                url, source = done.get(timeout=max(0.0, deadlines[first] - _monotonic()))
            except Empty:
                url, source = first, Source(False, error=_timed_out(way))
            # The thread of a file that timed out may finish later.
            if deadlines.pop(url, None) is not None:
                if isinstance(source, Exception):
                    raise source
                found[url] = source
    return found


def _keep_urls_out_of_logs(way: Way) -> None:
    """Keep urllib3 from logging URLs with their secrets, which Ansible would write to its log file."""
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    if not way.verify:
        # An unverified connection is the choice of the user, and this warning would look like an error.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


def _timed_out(way: Way) -> str:
    return f"it timed out after {counted(way.timeout, 'second')}"


class _Adapter(HTTPAdapter):
    """Connections with a small receive buffer."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool of direct connections."""
        super().init_poolmanager(*args, socket_options=[_SMALL_BUFFER], **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pool of connections through a proxy."""
        return super().proxy_manager_for(*args, socket_options=[_SMALL_BUFFER], **kwargs)


class _Reader:
    """Reads the first bytes of one file."""

    def __init__(self, adapter: HTTPAdapter, way: Way, deadline: float) -> None:
        self._adapter = adapter
        self._way = way
        self._deadline = deadline
        self._status: int | None = None
        self._redirected: str | None = None
        self._proxy = ""

    def look(self, url: str) -> Source | Exception:
        """Return what is at a URL, or an unexpected exception, which is a bug of this collection."""
        try:
            return self._source(url)
        except _Unreachable as error:
            return Source(False, self._status, self._redirected, str(error))
        except Exception as error:  # pylint: disable=broad-exception-caught
            return error

    def _source(self, url: str) -> Source:
        """Read the file, and follow redirects. Players follow them too."""
        for _redirect in range(MOST_REDIRECTS + 1):
            with self._get(url, _RANGE) as response:
                target = response.headers.get("Location") if response.status_code in _REDIRECTS else None
                if target is None and response.status_code != 416:
                    return self._read(response)
                _finish(response)
            if target is None:
                # A file of 0 bytes has no range, and some servers refuse all ranges.
                with self._get(url, {}) as response:
                    return self._read(response)
            url = self._redirected = _followed(url, target)
        raise _Unreachable(f"more than {MOST_REDIRECTS} redirects, which may lead in a circle")

    def _get(self, url: str, headers: Mapping[str, str]) -> Response:
        """Send a request, and return its response, of which only the headers are read.

        Raises:
            _Unreachable: the request got no response.
        """
        self._status = None
        try:
            place, authorization = _without_user(url)
            request = requests.Request("GET", place, headers={**_HEADERS, **headers, **authorization}).prepare()
            self._proxy = proxy_variable(self._way.environ, urlsplit(place).scheme)
            proxies = proxies_for(place, self._way.environ, _SCHEMES)
            try:
                response = self._send(request, proxies)
            except requests.exceptions.ConnectionError as error:
                # The server may have closed a connection that was kept open, at the moment of the request.
                if not any(isinstance(link, (ConnectionResetError, BrokenPipeError)) for link in _chain(error)):
                    raise
                response = self._send(request, proxies)
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _Unreachable(self._reason(error)) from error
        self._status = response.status_code
        return response

    def _send(self, request: PreparedRequest, proxies: Mapping[str, str]) -> Response:
        left = self._deadline - _monotonic()
        if left <= 0:
            raise _Unreachable(_timed_out(self._way))
        return self._adapter.send(request, stream=True, timeout=left, verify=self._way.verify, proxies=proxies)

    def _read(self, response: Response) -> Source:
        """Return what is known about a file from its response."""
        status, headers = response.status_code, response.headers
        if not 200 <= status < 300:
            advice = f": {_ADVICE[status]}" if status in _ADVICE else ""
            raise _Unreachable(f"the server answers HTTP {_named(status)}{advice}")
        try:
            head = response.raw.read(FIRST_BYTES, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _Unreachable(self._reason(error)) from error
        if len(head) < FIRST_BYTES and response.raw.length_remaining:
            raise _Unreachable(f"the connection broke off after {counted(len(head), 'byte')}")
        content_type = _text_of(headers.get("Content-Type", "")) or None
        if headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            # The size and the ranges are those of the compressed bytes.
            return Source(True, status, self._redirected, None, content_type, None, False, kind_of(_decoded(head)))
        part = _CONTENT_RANGE.match(headers.get("Content-Range", "")) if status == 206 else None
        length = part[1] if part else headers.get("Content-Length", "") if status != 206 else None
        size = int(length) if length and re.fullmatch("[0-9]{1,18}", length) else None
        return Source(True, status, self._redirected, None, content_type, size, part is not None, kind_of(head))

    def _reason(self, error: Exception) -> str:
        """Return why a request failed, for a message."""
        errors = requests.exceptions
        unusable = (errors.InvalidURL, errors.InvalidSchema, urllib3.exceptions.LocationValueError)
        known = (errors.RequestException, urllib3.exceptions.HTTPError, OSError)
        if isinstance(error, unusable) or not isinstance(error, known):
            # The text of the error may hold a password of the URL or of the proxy.
            return f"the URL, or the address of a proxy in {self._proxy}, cannot be used"
        # urllib3 calls every connection that fails a time-out.
        chain = [link for link in _chain(error) if not isinstance(link, urllib3.exceptions.NewConnectionError)]
        if any(isinstance(link, (errors.Timeout, urllib3.exceptions.TimeoutError, socket.timeout)) for link in chain):
            return _timed_out(self._way)
        text = next(filter(None, map(_known_reason, reversed(chain))), None)
        last = chain[-1]
        text = text or " ".join(str(getattr(last, "strerror", None) or str(last) or type(last).__name__).split())
        proxy = f"the proxy of {self._proxy} cannot be used: "
        return f"{proxy if isinstance(error, errors.ProxyError) else ''}{text}"


def _finish(response: Response) -> None:
    """Read the rest of a response if it is short, so that the next request can use its connection."""
    if (response.raw.length_remaining or FIRST_BYTES) < FIRST_BYTES:
        with suppress(urllib3.exceptions.HTTPError, OSError):
            response.raw.read(FIRST_BYTES)


def _known_reason(error: BaseException) -> str | None:
    """Return a message for an error of the system or of a library; None if its own text is clear."""
    if isinstance(error, socket.gaierror):
        return f"this machine cannot resolve the host name ({error.strerror})"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused: no server listens at this host and port, or a firewall refuses it"
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted ({error.verify_message.rstrip('.')}). Set ca_path to the file with the"
            " certificate of its authority, or validate_certs to false. The service may not trust it either"
        )
    if isinstance(error, ssl.SSLError):
        return f"the TLS connection to the server failed ({error.reason or error.strerror})"
    if isinstance(error, (BadStatusLine, UnknownProtocol)) and not isinstance(error, OSError):
        return "the server does not answer in HTTP"
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "the server closed the connection before it answered"
    tunnel = re.search(r"Tunnel connection failed: ([0-9]{3})", str(error))
    return f"it answers HTTP {_named(int(tunnel[1]))}" if tunnel else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and the errors in it: requests wraps errors of urllib3, and urllib3 errors of the system."""
    found: BaseException | None = error
    while found is not None:
        yield found
        wrapped = (getattr(found, "reason", None), *found.args, found.__cause__, found.__context__)
        found = next((candidate for candidate in wrapped if isinstance(candidate, BaseException)), None)


def _named(status: int) -> str:
    """Return an HTTP status with its name."""
    return f"{status} ({HTTPStatus(status).phrase})" if status in {*HTTPStatus} else str(status)


def _followed(url: str, location: str) -> str:
    """Return the URL that a redirect leads to.

    Raises:
        _Unreachable: the target is not an http or https URL.
    """
    text = _text_of(location.strip())
    try:
        target = urljoin(url, text)
        (parts, origin), (_parts, old_origin) = _with_origin(target), _with_origin(url)
    except (ValueError, KeyError):
        raise _Unreachable(f"the server redirects to {shown(text)}, which is not an http or https URL") from None
    user = urlsplit(url).netloc.rpartition("@")[0]
    if user and "@" not in parts.netloc and origin == old_origin:
        # Like browsers and curl, send the user in a URL only to the server of that URL.
        return parts._replace(netloc=f"{user}@{parts.netloc}").geturl()
    return target


def _with_origin(url: str) -> tuple[SplitResult, tuple[str, str, int]]:
    """Return the parts of a URL, and its origin: scheme, host and port. Raise ValueError or KeyError without one."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError
    return parts, (parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])


def _without_user(url: str) -> tuple[str, dict[str, str]]:
    """Return a URL without its user and password, and the header that sends them instead, as players do."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    name, _colon, password = user.partition(":")
    pair = b":".join(map(unquote_to_bytes, (name, password)))
    return parts._replace(netloc=host).geturl(), {"Authorization": f"Basic {b64encode(pair).decode()}"}


def _text_of(header: str) -> str:
    """Return a header that a server sent in UTF-8, which http.client reads as Latin-1."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def _decoded(head: bytes) -> bytes:
    """Return the first bytes of a body that the server has compressed, although the request forbids it."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(head, FIRST_BYTES)
    except zlib.error:
        return head
