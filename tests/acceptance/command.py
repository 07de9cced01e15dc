# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line, and the order of a run."""

from __future__ import annotations

import argparse
import math
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import silent
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._options import CONNECTION_OPTIONS
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import connect, forget
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import choose, known_secrets
from ansible_collections.huaweicloud.live.plugins.module_utils._task.urls import parse_urls

from . import creates, forms, life, modifies, on_air, reads
from .gate import Gate, OutOfRequestsError, Trace
from .probe import APP, PREFIX, SOURCE, Answer, Probe, UnknownError
from .report import RefusedReportError, clear, write
from .service import Service, TroubleError
from .sweep import sweep

DOMAIN = "HW_LIVE_INGEST_DOMAIN_NAME"
PUSH_ARGS = "HW_LIVE_PUSH_ARGS"
FOLDER = Path(".build/acceptance")
TRACE = "trace.jsonl"
EXPECTED = 58
"""How many requests a run usually takes, for the time that is left."""

# A question with a key has an answer in the report. The others are steps in between, or only decide switches.
OFF_AIR: tuple[tuple[str, Callable[[Probe], Answer | None]], ...] = (
    ("", reads.read_all),
    ("", reads.pages),
    ("streams", reads.streams),
    ("foreign_domain", reads.foreign_domain),
    ("unknown_task", reads.unknown_task),
    ("", modifies.begin),
    ("times", forms.times),
    ("lag_seconds", modifies.lag_seconds),
    ("status_words", forms.status_words),
    ("numbers", forms.numbers),
    ("omission", modifies.omission),
    ("past_start", modifies.past_start),
    ("whole_week", modifies.whole_week),
    ("urls", modifies.urls),
    ("pause_alone", modifies.pause_alone),
    ("past_end", modifies.past_end),
    ("", modifies.end),
    ("hosts", creates.hosts),
    ("immutable", creates.immutable),
    ("create_end", creates.create_end),
)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TEXTS = ("region", "endpoint", "iam_endpoint", "cloud", "project_id", "project_name", "profile", "ca_path")


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Run the command, and return its exit status.

    Args:
        arguments: the arguments of the command line.
        environ: the environment variables.
    """
    given = _parser().parse_args(arguments)
    domain = given.domain or environ.get(DOMAIN, "")
    problem = _problem(given, domain)
    if problem:
        return _fail(problem)
    try:
        return _Run(given, domain, environ).perform()
    except KeyboardInterrupt:
        return _fail("Interrupted a second time, while cleaning up: run it with --sweep.")


def _problem(given: argparse.Namespace, domain: str) -> str:
    """Return the problem of the arguments, before any request; empty if they are correct."""
    if not domain and not given.sweep:
        return f"Give an ingest domain of your account with --domain, or in the environment as {DOMAIN}."
    if domain and not _HOST.fullmatch(domain):
        return "--domain: allowed is the name of a host, such as push.example.com."
    for name in ("source", "on_air"):
        url = getattr(given, name)
        try:
            parse_urls([url] if url else [])
        except ValueError:
            return f"--{name.replace('_', '-')}: allowed is a URL, such as https://media.example.com/film.mp4."
    if not (math.isfinite(given.pace) and given.pace >= 0):
        return "--pace: allowed are requests in a second, such as 1 or 0.5, and 0 for no limit."
    return ""


class _Run:
    """One run of the command."""

    def __init__(self, given: argparse.Namespace, domain: str, environ: Mapping[str, str]) -> None:
        self._given = given
        self._domain = domain
        self._environ = environ
        self._options = {name: option.get("default") for name, option in CONNECTION_OPTIONS.items()}
        self._options.update({name: value for name in _TEXTS if (value := getattr(given, name))}, retries=2)
        self._options["validate_certs"] = not given.no_validate_certs
        self._probe: Probe | None = None
        self._gate: Gate | None = None
        self._client: LiveClient | None = None
        self._report: dict[str, Any] = {"answers": {}, "behaviour": {}, "life": {}}

    def perform(self) -> int:
        """Ask the questions, delete the tasks, and write the report; or sweep."""
        print(self._plan(), flush=True)
        if self._given.on_air and not (self._given.confirm_on_air or self._given.sweep):
            return _fail("Nothing was sent: add --confirm-on-air to put this task on air, or leave out --on-air.")
        problem = self._attempt(self._sweep if self._given.sweep else self._ask)
        with _signals():
            left = self._probe.clean() if self._probe else ""
        forget()
        if self._gate:
            self._gate.close()
        if not (problem or left or self._given.sweep):
            problem = self._attempt(self._write)
        if problem or left:
            return _fail(" ".join(filter(None, (problem, left))))
        print(f"All temporary tasks are deleted. The run sent {self._gate.used if self._gate else 0} requests.")
        return 0

    def _attempt(self, work: Callable[[], None]) -> str:
        """Do some work, and return why it did not succeed; empty if it did."""
        try:
            with _signals():
                work()
        except KeyboardInterrupt:
            return "Interrupted."
        except OutOfRequestsError:
            return "The requests of this run are used up."
        except (TroubleError, RefusedReportError) as error:
            return str(error)
        except LiveError as error:
            return _without_text(error)
        except OSError as error:
            return f"A file cannot be written: {error}."
        except Exception as error:  # a bug of these tests must not leave a task
            return f"This is a bug of the acceptance tests, please report it: {type(error).__name__}: {error}."
        return ""

    def _plan(self) -> str:
        """Return what the run will do."""
        if self._given.sweep:
            return (
                f"This looks twice for tasks {APP}/{PREFIX}<12 hex digits> that killed runs left."
                " It deletes those that are paused or have not begun."
            )
        pace = f"at most {self._given.pace:g} per second" if self._given.pace else "as fast as possible"
        return f"""This finds out how Huawei Cloud Live behaves, with temporary tasks for the domain {self._domain}:
  - It creates four or five tasks {APP}/{PREFIX}<12 hex digits>, one at a time, and deletes each of them.
  - The window of a task begins in two days and is one hour long. The task is paused at once. Its source is
    {self._given.source}
  - {self._air()}
  - It changes no other task.
  - It sends about {EXPECTED} requests, never more than 120, {pace}.
  - It writes the report to {self._given.report}. Ctrl-C stops it at any time. It then deletes its tasks.
"""

    def _air(self) -> str:
        """Return what will be on air."""
        if not self._given.on_air:
            return "None of them is ever on air or pushed, so this costs almost nothing."
        return f"""ONE MORE TASK IS ON AIR for some minutes, with this file: {self._given.on_air}
    It costs what a relay task and its traffic cost. Templates of the domain for recording, transcoding or snapshots
    apply to it and may cost money. Its callbacks may alert people. If this run is killed, the task ends after
    {on_air.MINUTES} minutes, and --sweep does not delete it until you pause it. If pushes need authentication, set
    their parameters in the environment variable {PUSH_ARGS}."""

    def _connect(self) -> Probe:
        """Log in, and let every request pass a gate. Raises LiveError if the login is refused."""
        trace = None
        if not self._given.sweep:
            self._given.report.mkdir(parents=True, exist_ok=True)
            clear(self._given.report)
            trace = self._given.report / TRACE
        self._client = connect(self._options, self._environ, silent)
        transport = self._client.transport
        mask = transport.secrets.mask_message
        self._gate = Gate(transport.adapter, transport.clock, self._given.pace, Trace(trace, mask))
        transport.adapter = self._gate
        service = Service(self._client, self._gate)
        self._probe = Probe(service, self._domain, self._given.source, lambda text: print(text, flush=True))
        return self._probe

    def _sweep(self) -> None:
        sweep(self._connect())

    def _ask(self) -> None:
        probe = self._connect()
        for key, question in OFF_AIR:
            self._ask_one(probe, key, question)
        if self._given.on_air:
            self._ask_on_air(probe)
        self._report["life"] = life.live(probe, self._options, self._environ, self._show)

    def _ask_on_air(self, probe: Probe) -> None:
        """Ask the questions that need a task on air."""
        channel = on_air.Channel(probe, self._given.on_air, self._environ.get(PUSH_ARGS, ""))
        try:
            with channel.on_air() as asked:
                for key, question in asked:
                    self._ask_one(probe, key, question)
        except UnknownError as reason:
            for key in on_air.KEYS:
                self._note(probe, key, f"unknown: {reason}")

    def _ask_one(self, probe: Probe, key: str, question: Callable[[Probe], Answer | None]) -> None:
        """Ask a question, and note and show its answer."""
        try:
            answer, switches = question(probe) or (None, {})
        except UnknownError as reason:
            answer, switches = f"unknown: {reason}", {}
        except OutOfRequestsError:
            answer, switches = "unknown: no requests were left", {}
        self._report["behaviour"].update(switches)
        if key:
            self._note(probe, key, answer)

    def _note(self, probe: Probe, key: str, answer: Any) -> None:
        """Note an answer, and show it."""
        probe.answers[key] = self._report["answers"][key] = answer
        self._show(key, answer)

    def _show(self, key: str, answer: Any) -> None:
        """Show an answer, the requests so far, and the time that is left."""
        used = self._gate.used if self._gate else 0
        left = f", about {max(1, EXPECTED - used) / self._given.pace:.0f} s left" if self._given.pace else ""
        print(f"  {key:<16} {_shown(answer):<44} ({used} requests{left})", flush=True)

    def _write(self) -> None:
        write(self._given.report, self._report, self._known())
        print(f"The report, safe to post: {self._given.report / 'report.md'}, and report.json for the emulator.")
        print(f"Keep this file to yourself, because it contains ids and domains: {self._given.report / TRACE}")

    def _known(self) -> set[str]:
        """Return the values that the report must not contain."""
        assert self._client and self._gate and self._probe
        chosen = choose(self._options, self._environ)
        names = ("auth_token", "access_key", "secret_key", "security_token", "username", "password", "domain_name")
        own = {getattr(chosen, name) for name in names} if chosen else set()
        places = {self._options.get(name) for name in ("project_id", "project_name", "endpoint", "profile")}
        ledger = self._gate.ledger
        ids = set().union(*ledger.names.values(), ledger.no_tasks)
        listed = {str(info.get(name)) for info in self._probe.listing for name in ("task_id", "domain")}
        mine = {
            self._domain,
            self._given.source,
            self._given.on_air,
            self._environ.get(PUSH_ARGS),
            self._client.project_id,
            *ledger.names,
            *ids,
        }
        return {
            value for value in {*own, *places, *mine, *listed, *known_secrets(self._options, self._environ)} if value
        } - {"None", ""}


@contextmanager
def _signals() -> Iterator[None]:
    """Make each signal that ends a program interrupt the work, as Ctrl-C does."""

    def interrupt(number: int, _frame: Any) -> None:
        # A second signal also ends the cleaning.
        raise KeyboardInterrupt

    # Under nohup, SIGHUP stays ignored.
    numbers = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _without_text(error: LiveError) -> str:
    """Return an error of the collection as one sentence."""
    status = error.details.get("http_status")
    if status in (401, 403):
        return f"The service refuses the credentials (HTTP {status}): check them, their region and their project."
    return " ".join(str(error).split())


def _shown(answer: Any) -> str:
    """Return an answer in a few words."""
    if isinstance(answer, dict):
        values = [*map(_shown, answer.values())]
        same = len(values) > 2 and len({*values}) == 1
        return values[0] if same else ", ".join(f"{name}: {value}" for name, value in zip(answer, values))
    return ", ".join(answer) or "none" if isinstance(answer, list) else str(answer)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.acceptance",
        description="Finds out how the real service behaves, with temporary tasks that are never on air.",
        epilog="Credentials come from the environment, the profile file or the server's agency, as for the modules.",
        allow_abbrev=False,
    )
    parser.add_argument("--domain", help=f"an ingest domain of the account (default: {DOMAIN} in the environment)")
    parser.add_argument(
        "--report", type=Path, default=FOLDER, metavar="DIR", help="folder of the report (default: %(default)s)"
    )
    parser.add_argument(
        "--pace", type=float, default=1.0, metavar="N", help="requests per second; 0: no limit (default: 1)"
    )
    parser.add_argument(
        "--source",
        default=SOURCE,
        metavar="URL",
        help="a file, for a service that fetches it (default: a file that does not exist)",
    )
    parser.add_argument("--on-air", metavar="URL", help="also put a task on air that plays this file")
    parser.add_argument("--confirm-on-air", action="store_true", help="confirm --on-air: read first what is printed")
    parser.add_argument("--sweep", action="store_true", help="only delete the tasks that killed runs left")
    for name in _TEXTS:
        parser.add_argument(f"--{name.replace('_', '-')}", help=f"the option {name} of the modules")
    parser.add_argument("--no-validate-certs", action="store_true", help="as validate_certs: false of the modules")
    return parser
