# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as an object: start it, inspect it, stop it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Coroutine, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Union

from aiohttp import web

from .app import App
from .auth import Directory
from .backend import Backend
from .behaviour import Behaviour
from .clock import Clock, utc_now
from .faults import READS, WRITES, Fault
from .files import Files
from .journal import Entry
from .service import PROJECT_ID, Service
from .view import Task

_START_SECONDS = 10.0
_SHUTDOWN_SECONDS = 0.2

PathLike = Union[str, Path]


class Emulator:
    """The Live API and IAM on loopback, in a separate thread.

    Use it as a context manager, or call start() and stop(). All methods are safe to call from any thread.
    """

    def __init__(
        self,
        *,
        tasks: Iterable[Task] | None = None,
        behaviour: Behaviour | None = None,
        directory: Directory | None = None,
        tls: tuple[PathLike, PathLike] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Clock = utc_now,
    ) -> None:
        """Prepare an emulator.

        ``tasks`` are those of the default project; None: the seeds. ``tls`` is the certificate and the key, as PEM
        files. Port 0 is any free port.
        """
        self._backend = Backend(tasks, behaviour, directory, now)
        self._tls = _tls_context(tls) if tls else None
        self._host = host
        self._port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._runner: web.ServerRunner | None = None
        self._site: web.TCPSite | None = None
        self._started = threading.Event()
        self._stop_wanted = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    # Start and stop

    def start(self) -> Emulator:
        """Start listening and return the emulator. Raises OSError if the port is in use."""
        self._thread.start()
        if not self._started.wait(_START_SECONDS):
            raise TimeoutError("the emulator did not start")
        if self._error is not None:
            raise self._error
        return self

    def request_stop(self) -> None:
        """Begin to stop without waiting. Do nothing if it has stopped."""
        self._stop_wanted = True
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: it has stopped already
                self._loop.call_soon_threadsafe(self._stop.set)

    def join(self) -> None:
        """Wait until the emulator has stopped."""
        self._thread.join()

    def stop(self) -> None:
        """Stop, and wait until it has stopped."""
        self.request_stop()
        self.join()

    def __enter__(self) -> Emulator:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """Return the endpoint of the Live service."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._tls else 'http'}://{host}:{self._port}"

    @property
    def iam_url(self) -> str:
        """Return the endpoint of IAM, which is the same."""
        return self.url

    @property
    def port(self) -> int:
        """Return the port."""
        return self._port

    @property
    def connections(self) -> int:
        """Return the number of connections. A closed connection counts until its last request is finished."""
        return len(self._runner.server.connections) if self._runner and self._runner.server else 0

    def pause_listening(self) -> None:
        """Close all connections, and refuse new ones until resume_listening()."""
        self._call(self._pause())

    def resume_listening(self) -> None:
        """Accept connections again, on the same port."""
        self._call(self._listen())

    # State

    @property
    def service(self) -> Service:
        """Return the service behind HTTP."""
        return self._backend.service

    @property
    def tasks(self) -> list[Task]:
        """Return copies of the tasks of the default project as the service holds them."""
        return self.service.tasks()

    def task(self, task_id: str, project_id: str = PROJECT_ID) -> Task:
        """Return a copy of one task as the service holds it. Raises KeyError if it does not exist."""
        return self.service.task(task_id, project_id)

    def seed(self, tasks: Iterable[Task], project_id: str = PROJECT_ID) -> None:
        """Replace all tasks of the project by ``tasks``."""
        self.service.replace_tasks(tasks, project_id)

    @property
    def behaviour(self) -> Behaviour:
        """The behaviour. Assign another to change it."""
        return self.service.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self.service.behaviour = behaviour

    def add_fault(self, *faults: Fault) -> None:
        """Plan faults."""
        self._backend.faults.add(*faults)

    def clear_faults(self) -> None:
        """Delete the planned faults."""
        self._backend.faults.clear()

    @property
    def faults(self) -> list[Fault]:
        """Return the planned faults."""
        return self._backend.faults.pending()

    @property
    def journal(self) -> list[Entry]:
        """Return the requests so far in the order of arrival."""
        return self._backend.journal.entries()

    def requests(self, *operations: str) -> list[Entry]:
        """Return the requests so far of some operations."""
        return self._backend.journal.entries(operations)

    def reads(self) -> list[Entry]:
        """Return the List requests so far."""
        return self.requests(*READS)

    def writes(self) -> list[Entry]:
        """Return the Modify, Create and Delete requests so far."""
        return self.requests(*WRITES)

    def clear_journal(self) -> None:
        """Delete the requests so far."""
        self._backend.journal.clear()

    @property
    def files(self) -> Files:
        """Return the file server."""
        return self._backend.files

    def reset(self) -> None:
        """Restore the initial tasks and behaviour. Delete faults, planned changes, issued tokens and the journal."""
        self._backend.reset()

    # The thread

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # start() raises it in the waiting thread
            self._error = error
        finally:
            self._started.set()

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = web.Server(App(self._backend, self._stop), access_log=None)
        self._runner = web.ServerRunner(server, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        try:
            await self._listen()
            self._started.set()
            if not self._stop_wanted:  # a signal may have come before the event existed
                await self._stop.wait()
        finally:
            await self._runner.cleanup()

    async def _listen(self) -> None:
        if self._runner is None or self._site is not None:
            return
        site = web.TCPSite(self._runner, self._host, self._port, ssl_context=self._tls, backlog=512)
        await site.start()
        self._site = site
        self._port = int(self._runner.addresses[0][1])

    async def _pause(self) -> None:
        if self._runner is None or self._runner.server is None or self._site is None:
            return
        await self._site.stop()
        self._site = None
        for connection in self._runner.server.connections:
            connection.force_close()
        await asyncio.sleep(0)  # the loop closes the sockets in its next iteration

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` in the thread of the emulator and wait for it."""
        if self._loop is None:
            work.close()
            raise RuntimeError("the emulator has not been started")
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_START_SECONDS)


def _tls_context(files: tuple[PathLike, PathLike]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    return context
