# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator from the command line: ``python -m tests.emulator``."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from .behaviour import Behaviour
from .environment import environment
from .seeds import fitted, seed_many, seed_tasks
from .server import Emulator

PORT = 18080


def main(arguments: list[str] | None = None) -> int:
    """Run the emulator until it is stopped, and return the exit code."""
    options = _parser().parse_args(arguments)
    if options.port is None:
        # A program that waits for the file reads the port from it. Several such emulators may run.
        options.port = 0 if options.ready_file else PORT
    if options.behaviour is not None and options.like is not None:
        _parser().error("--behaviour and --like exclude each other")
    if bool(options.tls_cert) != bool(options.tls_key):
        _parser().error("--tls-cert and --tls-key go together")
    behaviour = options.behaviour or options.like or Behaviour()
    try:
        emulator = Emulator(
            tasks=fitted(seed_tasks() + seed_many(options.tasks), behaviour),
            behaviour=behaviour,
            tls=(options.tls_cert, options.tls_key) if options.tls_cert else None,
            host=options.host,
            port=options.port,
        )
    except OSError as error:
        _parser().error(f"--tls-cert and --tls-key cannot be used: {error}")
    # Before the start, so that an early signal is not lost.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: emulator.request_stop())
    try:
        emulator.start()
    except OSError as error:
        advice = "Set another port with --port, or --port 0 for any free port."
        print(f"The emulator cannot listen on {options.host} port {options.port}: {error}. {advice}", file=sys.stderr)
        return 1
    try:
        if options.ready_file:
            _write_whole(options.ready_file, emulator.url)
        print(_greeting(emulator.url), flush=True)
        emulator.join()
    finally:
        emulator.stop()
        if options.ready_file:
            options.ready_file.unlink(missing_ok=True)
    return 0


def _greeting(url: str) -> str:
    """Return the address of the emulator and the environment variables for the modules."""
    lines = [f"# The Live emulator listens on {url} - stop it with Ctrl+C or kill {os.getpid()}"]
    lines += [f"export {name}={value}" for name, value in environment(url).items()]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.emulator", description="Emulates the Live pull-task API and its authentication."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    default = f"default: {PORT}; with --ready-file, any free port"
    parser.add_argument("--port", type=int, help=f"port to listen on, 0 for any free port ({default})")
    parser.add_argument("--ready-file", type=Path, metavar="PATH", help="write the URL to this file when it listens")
    parser.add_argument("--tls-cert", type=Path, metavar="PEM", help="serve HTTPS with this certificate")
    parser.add_argument("--tls-key", type=Path, metavar="PEM", help="private key of the certificate")
    parser.add_argument("--tasks", type=int, default=0, metavar="N", help="add N tasks to the four initial tasks")
    parser.add_argument(
        "--behaviour", type=_behaviour, metavar="JSON", help="""the switches, such as '{"left_out": "reset"}'"""
    )
    parser.add_argument("--like", type=_like, metavar="REPORT", help="the switches in a report.json of make acceptance")
    return parser


def _behaviour(text: str) -> Behaviour:
    try:
        return Behaviour.from_json(json.loads(text))
    except (ValueError, AttributeError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _like(path: str) -> Behaviour:
    """Return the behaviour in a report of the real service."""
    try:
        return Behaviour.from_json(json.loads(Path(path).read_text(encoding="utf-8"))["behaviour"])
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"{path} is not a report: {error!r}") from None


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that a waiting reader never reads half of it."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
    os.replace(temporary, path)


if __name__ == "__main__":
    sys.exit(main())
