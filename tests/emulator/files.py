# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file server under /files/. Each file has a fault of real servers.

Every name may be followed by a query, such as a signature. ``FILES`` has all names. HEAD is refused, because real
servers refuse it for URLs that are signed for GET.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

PREFIX = "/files/"
LARGE = 50 * 1024 * 1024
DRIP_SECONDS = 0.02
"""Between two bytes of drip.mp4."""

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(9968)
PAGE = b"<!DOCTYPE html>\n<html><title>Log in</title></html>\n"
_PIECE = 16384
_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")

Log = dict[str, Any]
Serve = Callable[[web.BaseRequest, Log], Awaitable[web.StreamResponse]]


class Files:
    """The file server, with its requests so far."""

    def __init__(self) -> None:
        """Start without requests."""
        self._lock = threading.Lock()
        self._log: list[Log] = []

    @property
    def requests(self) -> list[Log]:
        """Return copies of the requests: name, method, target, headers by lower-case name, and the bytes sent."""
        with self._lock:
            return [dict(entry) for entry in self._log]

    def clear(self) -> None:
        """Forget the requests."""
        with self._lock:
            self._log.clear()

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request for a file."""
        name = request.path.removeprefix(PREFIX)
        headers = {key.lower(): value for key, value in request.headers.items()}
        entry: Log = {
            "name": name,
            "method": request.method,
            "target": request.raw_path,
            "headers": headers,
            "sent": 0,
        }
        with self._lock:
            self._log.append(entry)
        if request.method != "GET":
            return web.Response(status=405)
        return await FILES.get(name, _status(404))(request, entry)


def _status(status: int) -> Serve:
    """Return a handler that responds with a status and an error page."""

    async def serve(_request: web.BaseRequest, _entry: Log) -> web.StreamResponse:
        return web.Response(status=status, body=f"<html>Error {status}</html>".encode(), content_type="text/html")

    return serve


def _content(content: bytes, content_type: str = "video/mp4", **headers: str) -> Serve:
    """Return a handler that sends a content, or the part of it that the request wants."""

    async def serve(request: web.BaseRequest, entry: Log) -> web.StreamResponse:
        wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
        body, status, extra = content, 200, {"Accept-Ranges": "bytes", **headers}
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2] or len(content)), len(content) - 1)
            if first >= len(content):
                return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
            body, status = content[first : last + 1], 206
            extra["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        entry["sent"] = len(body)
        return web.Response(status=status, body=body, headers={"Content-Type": content_type, **extra})

    return serve


def _whole(content: bytes, content_type: str = "video/mp4", **headers: str) -> Serve:
    """Return a handler that sends the whole content, even if the request wants a part of it."""

    async def serve(_request: web.BaseRequest, entry: Log) -> web.StreamResponse:
        entry["sent"] = len(content)
        return web.Response(body=content, headers={"Content-Type": content_type, **headers})

    return serve


def _stream(pieces: int, piece: bytes, seconds: float = 0, length: int | None = None) -> Serve:
    """Return a handler that sends pieces until the client has gone, in chunks if no length is given."""

    async def serve(request: web.BaseRequest, entry: Log) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        response.content_length = length
        if request.transport:
            # Otherwise the system buffers megabytes that are never sent.
            request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIECE)
        with contextlib.suppress(ConnectionError):  # the client has gone
            await response.prepare(request)
            for number in range(pieces):
                await response.write((MP4[: len(piece)] if number == 0 else b"").ljust(len(piece), b"\0"))
                entry["sent"] += len(piece)
                await asyncio.sleep(seconds)
            await response.write_eof()
        return response

    return serve


async def _silent(_request: web.BaseRequest, _entry: Log) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


async def _broken(request: web.BaseRequest, entry: Log) -> web.StreamResponse:
    """Send fewer bytes than Content-Length, and close the connection."""
    response = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(MP4[:100])
    entry["sent"] = 100
    if request.transport:
        request.transport.close()
    return response


async def _reset(request: web.BaseRequest, _entry: Log) -> web.StreamResponse:
    """Close the connection without a response."""
    if request.transport:
        request.transport.close()
    return web.Response()


async def _no_ranges(request: web.BaseRequest, entry: Log) -> web.StreamResponse:
    """Refuse every range, as some servers of generated content do."""
    return await (_status(416) if "Range" in request.headers else _whole(MP4))(request, entry)


async def _moved(request: web.BaseRequest, _entry: Log) -> web.StreamResponse:
    """Redirect to the target in the query, such as ``?to=/files/page.mp4``, or to good.mp4."""
    target = request.query.get("to", "/files/good.mp4")
    return web.Response(status=302, headers={"Location": target, "Set-Cookie": "session=1"})


async def _loop(request: web.BaseRequest, _entry: Log) -> web.StreamResponse:
    return web.Response(status=301, headers={"Location": request.raw_path})


FILES: Mapping[str, Serve] = {
    "good.mp4": _content(MP4),
    "small.mp4": _content(MP4[:40]),
    "whole.mp4": _whole(MP4),
    "no-ranges.mp4": _no_ranges,
    "chunked.mp4": _stream(10, bytes(1000)),
    "large.mp4": _stream(LARGE // _PIECE, bytes(_PIECE), length=LARGE),
    "drip.mp4": _stream(100_000, b"\0", DRIP_SECONDS, 100_000),
    "silent.mp4": _silent,
    "broken.mp4": _broken,
    "reset.mp4": _reset,
    "empty.mp4": _content(b""),
    "page.mp4": _content(PAGE),
    "page-gzip.mp4": _whole(gzip.compress(PAGE), **{"Content-Encoding": "gzip"}),
    "list.m3u8": _content(b"#EXTM3U\n#EXT-X-VERSION:3\n", "application/vnd.apple.mpegurl"),
    "error.xml": _whole(b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "application/xml"),
    "notes.txt": _content(b"to do: make a film\n", "text/plain"),
    "picture.jpg": _content(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
    "forbidden.mp4": _status(403),
    "login.mp4": _status(401),
    "down.mp4": _status(503),
    "moved.mp4": _moved,
    "loop.mp4": _loop,
}
