# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first bytes of files, with the library requests. Private to this collection."""

from __future__ import annotations

import logging
import re
import socket
import threading
import zlib
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

from .._clock import Clock
from .._errors import counted, shown
from .._proxy import proxies_for, proxy_variable
from .._service.exchange import Adapter, PreparedRequest, Response, causes, is_wrong_address
from .._version import USER_AGENT
from .kinds import FIRST_BYTES, kind_of
from .problems import Source
from .reasons import answered, reason_of

with suppress(ImportError):  # the modules report it
    import requests
    import urllib3

_monotonic = Clock().monotonic

MOST_REDIRECTS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_SCHEMES = ("http", "https")
_PORTS = {"http": 80, "https": 443}
# The body must not be compressed: its first bytes and its size have to be those of the file.
_HEADERS = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
_RANGE = {"Range": f"bytes=0-{FIRST_BYTES - 1}"}
# Files of an object storage often have another word in this header, such as utf-8 or aws-chunked, and are not encoded.
_ENCODED = re.compile(r"(?i)\b(?:gzip|deflate|compress|br|zstd)\b")
_CONTENT_RANGE = re.compile(r"bytes\s+0-[0-9]+/(?:([0-9]{1,18})|\*)")
# A server without ranges sends the whole file. A small receive buffer limits what it has sent when the connection is
# closed.
_SMALL_BUFFER = (socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)


class FetchOptions(NamedTuple):
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


def fetch(urls: Sequence[str], options: FetchOptions) -> dict[str, Source]:
    """Return what is at each URL. Other URLs than http and https are not read.

    Each file is read in a thread of its own. If the lookup of a host name takes too long, its thread is left behind,
    because nothing can interrupt it.
    """
    # urllib3 logs URLs with their secrets, and Ansible would write them to its log file.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    found = dict.fromkeys(urls, Source())
    waiting = deque(url for url in found if url.partition(":")[0].lower() in _SCHEMES)
    readers: dict[str, _Reader] = {}
    done: SimpleQueue[tuple[str, Source | Exception]] = SimpleQueue()

    def read(url: str, reader: _Reader) -> None:
        done.put((url, reader.read(url)))

    with closing(Adapter(options.concurrency, socket_options=[_SMALL_BUFFER])) as adapter:
        while waiting or readers:
            while waiting and len(readers) < options.concurrency:
                url = waiting.popleft()
                readers[url] = _Reader(adapter, options, _monotonic() + options.timeout)
                threading.Thread(target=read, args=(url, readers[url]), daemon=True).start()
            first = min(readers, key=lambda url: readers[url].deadline)
            try:
                url, source = done.get(timeout=max(0.0, readers[first].deadline - _monotonic()))
            except Empty:
                url, source = first, readers[first].unreachable(_timed_out(options))
            # The thread of a file that timed out may finish later.
            if readers.pop(url, None) is not None:
                if isinstance(source, Exception):
                    raise source
                found[url] = source
    return found


def _timed_out(options: FetchOptions) -> str:
    return f"it timed out after {counted(options.timeout, 'second')}"


class _Reader:
    """Reads the first bytes of one file."""

    def __init__(self, adapter: Adapter, options: FetchOptions, deadline: float) -> None:
        self._adapter = adapter
        self._options = options
        self.deadline = deadline
        self._status: int | None = None
        self._redirected: str | None = None
        self._proxy = ""

    def read(self, url: str) -> Source | Exception:
        """Return what is at a URL, or an unexpected exception, which is a bug of this collection."""
        try:
            return self._source(url)
        except _Unreachable as error:
            return self.unreachable(str(error))
        except Exception as error:  # pylint: disable=broad-exception-caught
            return error

    def unreachable(self, reason: str) -> Source:
        """Return what is known so far about a file that cannot be read."""
        return Source(False, self._status, self._redirected, reason)

    def _source(self, url: str) -> Source:
        """Read the file, and follow redirects. Players follow them too."""
        for _redirect in range(MOST_REDIRECTS + 1):
            with self._get(url, _RANGE) as response:
                target = response.headers.get("Location") if response.status_code in _REDIRECTS else None
                if target is None and response.status_code != 416:
                    return self._source_of(response)
                _finish(response)
            if target is None:
                # A file of 0 bytes has no range, and some servers refuse all ranges.
                with self._get(url, {}) as response:
                    return self._source_of(response)
            url = self._redirected = _followed(url, target)
        raise _Unreachable(f"more than {MOST_REDIRECTS} redirects, which may lead in a circle")

    def _get(self, url: str, headers: Mapping[str, str]) -> Response:
        """Send a request, and return its response, of which only the headers are read.

        Raises:
            _Unreachable: the request got no response.
        """
        self._status, self._proxy = None, ""
        try:
            address, user = _without_user(url)
            request = requests.Request("GET", address, headers={**_HEADERS, **headers}, auth=user).prepare()
            self._proxy = proxy_variable(self._options.environ, urlsplit(address).scheme)
            proxies = proxies_for(address, self._options.environ, _SCHEMES)
            self._proxy = self._proxy if proxies else ""
            try:
                response = self._send(request, proxies)
            except requests.exceptions.ConnectionError as error:
                # The server may close a kept-alive connection just before the request.
                if not any(isinstance(link, (ConnectionResetError, BrokenPipeError)) for link in causes(error)):
                    raise
                response = self._send(request, proxies)
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _Unreachable(self._reason(error)) from error
        self._status = response.status_code
        return response

    def _send(self, request: PreparedRequest, proxies: Mapping[str, str]) -> Response:
        left = self.deadline - _monotonic()
        if left <= 0:
            raise _Unreachable(_timed_out(self._options))
        return self._adapter.send(request, stream=True, timeout=left, verify=self._options.verify, proxies=proxies)

    def _source_of(self, response: Response) -> Source:
        """Return what is known about a file from its response."""
        status, headers = response.status_code, response.headers
        if not 200 <= status < 300:
            # For https, requests has already raised the proxy's refusal.
            raise _Unreachable(answered(status, "" if response.url.startswith("https:") else self._proxy))
        try:
            head = response.raw.read(FIRST_BYTES, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _Unreachable(self._reason(error)) from error
        if len(head) < FIRST_BYTES and response.raw.length_remaining:
            raise _Unreachable(f"the connection broke off after {counted(len(head), 'byte')}")
        content_type = _text_of(headers.get("Content-Type", "")) or None
        if _ENCODED.search(headers.get("Content-Encoding", "")):
            # The size and the ranges are those of the compressed bytes.
            return Source(True, status, self._redirected, None, content_type, None, False, kind_of(_decoded(head)))
        # Chunks have their own lengths, which a client has to follow (RFC 9112, 6.3).
        chunked = "Transfer-Encoding" in headers
        part = _CONTENT_RANGE.match(headers.get("Content-Range", "")) if status == 206 else None
        length = part[1] if part else headers.get("Content-Length") if status != 206 and not chunked else None
        size = int(length) if length and re.fullmatch("[0-9]{1,18}", length) else None
        return Source(True, status, self._redirected, None, content_type, size, part is not None, kind_of(head))

    def _reason(self, error: Exception) -> str:
        """Return why a request failed, for a message."""
        errors = requests.exceptions
        if is_wrong_address(error):
            wrong = f"the address of the proxy in {self._proxy} cannot be used"
            return wrong if self._proxy else "its host name is not valid"
        # In urllib3, NewConnectionError is a subclass of a time-out, so skip it.
        links = [link for link in causes(error) if not isinstance(link, urllib3.exceptions.NewConnectionError)]
        if any(isinstance(link, (errors.Timeout, urllib3.exceptions.TimeoutError, socket.timeout)) for link in links):
            return _timed_out(self._options)
        proxy = f"the proxy of {self._proxy} cannot be used: "
        return f"{proxy if isinstance(error, errors.ProxyError) else ''}{reason_of(error)}"


def _finish(response: Response) -> None:
    """Read the rest of a response if it is short, so that the next request can use its connection."""
    if (response.raw.length_remaining or FIRST_BYTES) < FIRST_BYTES:
        with suppress(urllib3.exceptions.HTTPError, OSError):
            response.raw.read(FIRST_BYTES)


def _followed(url: str, location: str) -> str:
    """Return the URL that a redirect leads to.

    Raises:
        _Unreachable: the target is not an http or https URL.
    """
    text = _location(location.strip())
    try:
        target = urljoin(url, text)
        parts, origin = _with_origin(target)
        same = origin == _with_origin(url)[1]
    except (ValueError, KeyError):
        raise _Unreachable(f"the server redirects to {shown(text)}, which is not an http or https URL") from None
    user = urlsplit(url).netloc.rpartition("@")[0]
    if user and "@" not in parts.netloc and same:
        # Like browsers and curl, send the user in a URL only to the server of that URL.
        return parts._replace(netloc=f"{user}@{parts.netloc}").geturl()
    return target


def _location(header: str) -> str:
    """Return the address in a header. Bytes that are not UTF-8 are percent-encoded, so that they stay as they are."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeDecodeError:
        return re.sub("[\x80-\xff]", lambda found: quote(found[0], encoding="latin-1"), header)


def _with_origin(url: str) -> tuple[SplitResult, tuple[str, str, int]]:
    """Return the parts of a URL, and its origin: scheme, host and port. Raise ValueError or KeyError without one."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError
    return parts, (parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])


def _without_user(url: str) -> tuple[str, tuple[bytes, bytes] | None]:
    """Return a URL without its user and password, and these, decoded as players do."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    name, _colon, password = user.partition(":")
    return parts._replace(netloc=host).geturl(), (unquote_to_bytes(name), unquote_to_bytes(password))


def _text_of(header: str) -> str:
    """Return a header that a server sent in UTF-8, which http.client reads as Latin-1."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def _decoded(head: bytes) -> bytes:
    """Return the first bytes of a body that the server has compressed, although the request forbids it."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(head, FIRST_BYTES)
    except zlib.error:
        return head
