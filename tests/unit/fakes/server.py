# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers on loopback that record every request and answer as a test needs."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply


class Received(NamedTuple):
    """A received request.

    Attributes:
        method: the HTTP method.
        target: the encoded target of the request; for a proxy, a whole URL.
        headers: the headers by lower-case name.
        body: the body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        """Return the decoded query."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def json(self) -> Any:
        """Return the decoded body."""
        return json.loads(self.body) if self.body else None


class Server:
    """A server on a free port. It is a context manager.

    Args:
        answer: returns the answer to a request.
        tls: for an https server.

    Attributes:
        answer: the current function that answers.
        received: the requests so far.
        connections: number of connections, with and without requests.
    """

    def __init__(
        self, answer: Callable[[Received], Reply] = lambda request: Reply(404), tls: ssl.SSLContext | None = None
    ) -> None:
        self.answer = answer
        self.received: list[Received] = []
        self.connections = 0
        self._tls = tls
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                server.connections += 1
                if server._tls:
                    self.request = server._tls.wrap_socket(self.request, server_side=True)
                super().setup()

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Received(self.command, self.path, headers, body)
                server.received.append(request)
                reply = server.answer(request)
                self.send_response_only(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.content)))
                self.end_headers()
                self.wfile.write(reply.content)

            do_GET = do_PUT = do_POST = do_DELETE = do_CONNECT = _serve

            def log_message(self, *_arguments: object) -> None:
                pass

        class Listener(ThreadingHTTPServer):
            def handle_error(self, *_arguments: object) -> None:
                """Ignore a client that disconnects or does not trust the certificate."""

        self._listener = Listener(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self._listener.server_address[1])

    @property
    def url(self) -> str:
        """Return the root URL."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()


class Drip:
    """A server that sends each connection the same pieces, one every 50 ms, and repeats the last one.

    It is a context manager.

    Attributes:
        closed: number of clients that have closed their connection.
    """

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self.closed = threading.Semaphore(0)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the root URL."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=self._listener.accept()[:1], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.settimeout(0.05)
            pieces = [*self._pieces]
            while not self._over.is_set():
                try:
                    if not client.recv(65536):
                        break
                except TimeoutError:
                    client.sendall(pieces.pop(0) if len(pieces) > 1 else pieces[0])
        self.closed.release()

    def __enter__(self) -> Drip:
        """Return the server. It listens already."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop."""
        self._over.set()
        self._listener.close()
