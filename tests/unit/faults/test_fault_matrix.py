# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault x the request that fails x how often, over real sockets.

Each cell makes the same change. It checks the state of the task afterwards, the number of requests, and the message.
After a failure the fault ends, and the same run is repeated: it must always succeed.
Faults do not depend on the authentication. But a request that is sent again is signed again: a few faults check this.
"""

from __future__ import annotations

import itertools
import math
import re
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any, NamedTuple

import pytest
import requests
from requests.auth import AuthBase

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.snapshot import FRESH_SECONDS
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.exchange import Adapter
from ansible_collections.huaweicloud.live.plugins.module_utils._service.signature import KeyAuth, TokenAuth
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import (
    ACCESS_KEY,
    ANOTHER_TASK_ID,
    AUTH_TOKEN,
    CHANNEL_ID,
    PROJECT_ID,
    SECRET_KEY,
    Behaviour,
    Emulator,
    Fault,
    Task,
)
from ansible_collections.huaweicloud.live.tests.emulator.clock import utc_now, write_time
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import EPOCH, FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import transport_to
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import bring
from ansible_collections.huaweicloud.live.tests.unit.faults.summary import AUTH, CELL

RETRIES = 2
DECLARED = {"status": "pause", "vod_loop_time": "3"}
# With the fake clock this takes no time. READ_BACKS are the times at which the task is verified.
WAIT_TIMEOUT = 65
READ_BACKS = len([0, 0.5, 1.5, 3.5, *range(8, 65, 5), 65])
# More than a busy machine needs for an answer.
TIMEOUT = 30
# The time-out of requests without an answer: a longer one makes no difference.
SHORT_TIMEOUT = 0.02

ENDLESS = math.inf
OFTEN = {"once": 1, "twice": 2, "for ever": ENDLESS}
PLACES = ("read", "write", "read-back")
AUTHS: dict[str, Callable[[], AuthBase]] = {
    "token": lambda: TokenAuth(AUTH_TOKEN),
    "signature": lambda: KeyAuth(ACCESS_KEY, SECRET_KEY, project_id=PROJECT_ID),
}
SIGNED = ("refused", "answer lost", "429 Retry-After", "503")
PAUSES = (0.5, 1.0)


class Trouble(NamedTuple):
    """A fault of a request.

    Attributes:
        fault: fields of the emulator's fault; None to refuse connections.
        says: the text of the error.
        retried: whether the request is sent again.
        unsure: whether the service may have carried out the request.
        done: whether the emulator has carried it out.
        accepted: whether a write counts as accepted; it is then verified, without success.
        hidden: whether a read counts as an answer without the task.
        details: results of a failure.
        request_id: whether the answer has a request id.
        pauses: seconds before each further attempt, with the highest random numbers.
    """

    fault: Mapping[str, Any] | None
    says: str
    retried: bool = False
    unsure: bool = False
    done: bool = False
    accepted: bool = False
    hidden: bool = False
    details: Mapping[str, Any] = {}
    request_id: bool = True
    pauses: tuple[float, ...] = PAUSES


def lost(says: str, kind: str, done: bool = False) -> Trouble:
    """Return a fault without an answer."""
    return Trouble({"kind": kind}, says, retried=True, unsure=True, done=done, request_id=False)


def status(status: int, retried: bool, *, headers: Mapping[str, str] | None = None, **rest: Any) -> Trouble:
    """Return an answer with a JSON error."""
    code = "APIGW.0308" if status == 429 else "APIGW.0201"
    return Trouble(
        {"kind": "status", "status": status, "headers": headers or {}},
        f"HTTP {status}, {code} Emulated trouble",
        retried,
        unsure=status >= 500,
        details={"http_status": status, "error_code": code, "error_msg": "Emulated trouble"},
        **rest,
    )


def html(status: int, retried: bool) -> Trouble:
    """Return an answer with an HTML page."""
    says = f"HTTP {status}, 'Bad Gateway Bad Gateway'"
    fault = {"kind": "html", "status": status}
    return Trouble(fault, says, retried, unsure=status >= 500, details={"http_status": status})


def redirect(status: int) -> Trouble:
    """Return a redirect."""
    says = f"HTTP {status}, a redirect to 'https://redirected.example.com/', and redirects are not followed"
    return Trouble({"kind": "redirect", "status": status}, says, details={"http_status": status})


def not_json(body: bytes, says: str) -> Trouble:
    """Return an answer 200 that is not JSON."""
    says = f"HTTP 200 with a response that is not JSON: {says}"
    return Trouble({"kind": "raw", "body": body}, says, unsure=True, details={"http_status": 200})


def no_list(body: Any, says: str) -> Trouble:
    """Return an answer 200 without a list of tasks. After a modify it counts as an empty answer."""
    says = f"the response contains no list of tasks in task_infos, but {says}"
    return Trouble({"kind": "json", "body": body}, says, accepted=True)


TROUBLES: dict[str, Trouble] = {
    "refused": Trouble(None, "Connection refused", retried=True, request_id=False),
    "reset": lost("Connection reset by peer", "reset"),
    "closed": lost("Remote end closed connection without response", "close"),
    "answer lost": lost("Remote end closed connection without response", "close_after", done=True),
    "time-out": lost(f"no response within {TIMEOUT} seconds", "timeout"),
    "dripping": lost(f"no response within {TIMEOUT} seconds", "drip"),
    "truncated": lost("IncompleteRead", "truncate", done=True),
    "429": status(429, True),
    "429 HTML": html(429, True),
    "429 Retry-After": status(429, True, headers={"Retry-After": "7"}, pauses=(7, 7)),
    "429 Retry-After 0": status(429, True, headers={"Retry-After": "0"}),
    "429 Retry-After an hour": status(429, True, headers={"Retry-After": "3600"}, pauses=(30, 30)),
    "429 Retry-After date": status(
        429, True, headers={"Retry-After": formatdate(EPOCH + 9, usegmt=True)}, pauses=(9, 1)
    ),
    "429 Retry-After nonsense": status(429, True, headers={"Retry-After": "soon"}),
    "503 Retry-After": status(503, True, headers={"Retry-After": "4"}, pauses=(4, 4)),
    **{str(code): status(code, True) for code in (500, 502, 503, 504)},
    **{f"{code} HTML": html(code, True) for code in (500, 502, 503, 504)},
    **{str(code): status(code, False) for code in (400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 431, 501, 505)},
    "400 HTML": html(400, False),
    **{f"redirect {code}": redirect(code) for code in (301, 302, 303, 307, 308)},
    "200 HTML": Trouble(
        {"kind": "html", "status": 200},
        "HTTP 200 with a response that is not JSON: 'Bad Gateway Bad Gateway'",
        unsure=True,
        details={"http_status": 200},
    ),
    "200 not JSON": not_json(b'{"task_infos": [', "'{\"task_infos\": ['"),
    "200 not UTF-8": not_json(b"\xff\xfe\xfd", "'\ufffd\ufffd\ufffd'"),
    "200 not a number": not_json(b'{"total": NaN}', "'{\"total\": NaN}'"),
    "200 lone surrogate": not_json(b'["\\ud800"]', r"""'["\\ud800"]'"""),
    "200 nested too deeply": not_json(b"[" * 100_000, "'[[["),
    "200 a list": no_list([1, 2], "[1, 2]"),
    "200 null": no_list(None, "null"),
    "200 a text": no_list("fine", '"fine"'),
    "200 a number": no_list(7, "7"),
    "200 an empty answer": Trouble(
        {"kind": "raw", "body": b""}, "no list of tasks in task_infos, but null", accepted=True
    ),
    "200 an empty object": no_list({}, "{}"),
    "200 a list of texts": no_list({"task_infos": ["x"], "total": 1}, '{"task_infos": ["x"], "total": 1}'),
    "200 no task_infos": Trouble(
        {"kind": "no_task_infos"}, 'no list of tasks in task_infos, but {"total": 1, ', accepted=True
    ),
    "200 null task_infos": Trouble({"kind": "null_task_infos"}, '"task_infos": null', accepted=True),
    "200 another task": Trouble(
        {"kind": "other_task"}, f'the response is about task "{ANOTHER_TASK_ID}", not about', unsure=True, hidden=True
    ),
}
UNANSWERED = (TROUBLES["time-out"], TROUBLES["dripping"])


class Expected(NamedTuple):
    """The expected result of a cell.

    Attributes:
        reads: number of reads; None if it depends on the division of the waiting time.
        writes: number of writes.
        done: whether the task is in its declared state.
        changed: whether the results report a change, or a possible change.
        error: parts of the message of a failure.
        resent: number of requests that were sent again after a pause; None as for reads.
    """

    reads: int | None
    writes: int
    done: bool
    changed: bool
    error: tuple[str, ...]
    resent: int | None = 0


def expected(trouble: Trouble, place: str, often: float) -> Expected:
    """Return the expected result of a change."""
    if place != "write" and trouble.hidden:
        return _hidden(place, often)
    if place == "read" and trouble.fault is None:
        # A refused connection to this machine is not tried again: no service is running.
        trouble = trouble._replace(retried=False)
    if place == "write":
        return _written(trouble, often)
    resent = int(min(often, RETRIES)) if trouble.retried else 0
    reported = (trouble.says, f"after {resent + 1} attempts" if resent else "")
    if trouble.retried and often <= RETRIES:
        return Expected(2 + resent, 1, True, True, (), resent)
    if place == "read":
        return Expected(1 + resent, 0, False, False, ("GET ", *reported, "Nothing was changed."), resent)
    # A failed read during verification is not an error before the deadline.
    if often <= RETRIES:
        return Expected(2 + int(often), 1, True, True, ())
    # The last read has a shorter time-out than others.
    error = ("accepted the modify", "the task could not be verified: GET ", trouble.says.partition(" within ")[0])
    return Expected(None, 1, True, True, error, None)


def _written(trouble: Trouble, often: float) -> Expected:
    """Return the expected result of a fault of the modify."""
    if trouble.accepted:
        # The service accepted the modify without effect. Verification fails, and the modify is not sent again.
        return Expected(
            1 + READ_BACKS, 1, False, True, ("accepted the modify", f"{WAIT_TIMEOUT} seconds", *_not_taken())
        )
    if trouble.retried and trouble.done:
        # The module verifies the modify before it sends it again, and finds it carried out.
        return Expected(3, 1, True, True, (), 1)
    if trouble.details.get("http_status") == 400 and often <= RETRIES:
        # It is sent again without the undeclared start, then the pause alone, then the rest.
        return Expected(*((2, 2) if often == 1 else (3, 4)), True, True, ())
    resent = int(min(often, RETRIES)) if trouble.retried else 0
    # Before each attempt, and at the end, the module reads the task if it is uncertain or its read is too old.
    looks = resent if trouble.unsure or max(trouble.pauses) > FRESH_SECONDS else 0
    if trouble.retried and often <= RETRIES:
        return Expected(2 + looks, 1 + resent, True, True, (), resent)
    reported = (trouble.says, f"after {resent + 1} attempts" if resent else "")
    if not trouble.unsure:
        writes = 3 if trouble.details.get("http_status") == 400 else 1 + resent
        return Expected(1 + looks, writes, False, False, ("PUT ", *reported, "Nothing was changed."), resent)
    unsure = "It is not known whether the change of status, vod_loop_time was made. Running the same again is safe."
    return Expected(2 + looks, 1 + resent, False, True, ("PUT ", *reported, unsure), resent)


def _hidden(place: str, often: float) -> Expected:
    """Return the expected result of a list without the task: an error before the write, a retry after it."""
    if place == "read":
        return Expected(1, 0, False, False, (f"no task {CHANNEL_ID}", "Nothing was changed."))
    if often < READ_BACKS:
        return Expected(1 + int(often) + 1, 1, True, True, ())
    return Expected(
        1 + READ_BACKS, 1, True, True, ("accepted the modify", f"{WAIT_TIMEOUT} seconds", "no longer listed")
    )


def _not_taken() -> tuple[str, str]:
    return "status is 'enable' instead of 'pause'", "vod_loop_time is '-1' instead of '3'"


class Network(Adapter):
    """Real connections with a fault.

    Args:
        emulator: the other end.
        trouble: the fault, or None.
        place: the requests that fail.
        often: how many of them fail.

    Attributes:
        tried: the method of each request, also of refused connections.
    """

    def __init__(self, emulator: Emulator, trouble: Trouble | None = None, place: str = "", often: float = 0) -> None:
        super().__init__(1)
        self.tried: list[str] = []
        self._emulator = emulator
        self._trouble = trouble
        self._method = "PUT" if place == "write" else "GET"
        self._first = 2 if place == "read-back" else 1
        self._often = often
        if trouble and trouble.fault:
            on, times = "write" if place == "write" else "read", -1 if often == ENDLESS else int(often)
            emulator.add_fault(Fault(**trouble.fault, on=on, times=times, after=self._first - 1))

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        """Send a request, with a time-out that is long or short enough that chance does not matter."""
        self.tried.append(str(request.method))
        number = self.tried.count(self._method)
        struck = self.tried[-1] == self._method and self._first <= number < self._first + self._often
        if self._trouble and self._trouble.fault is None:
            self._emulator.pause_listening() if struck else self._emulator.resume_listening()
        unanswered = struck and self._trouble in UNANSWERED
        try:
            return super().send(request, **{**how, "timeout": SHORT_TIMEOUT if unanswered else TIMEOUT})
        except requests.exceptions.Timeout:
            self._await_arrival()
            raise

    def _await_arrival(self) -> None:
        """Wait until the emulator has received all requests. On a busy machine this may be after their time-out."""
        deadline = time.monotonic() + TIMEOUT
        while len(self._emulator.journal) < len(self.tried) and time.monotonic() < deadline:
            time.sleep(0.01)


class Result(NamedTuple):
    """The result of a run.

    Attributes:
        failed: whether it failed.
        result: its results.
        tried: the method of each request.
        pauses: the reported pauses before requests were sent again.
    """

    failed: bool
    result: dict[str, Any]
    tried: list[str]
    pauses: tuple[float, ...]


def run(emulator: Emulator, auth: AuthBase, network: Network) -> Result:
    """Make the change with all parts of a module except Ansible."""
    clock, reported = FakeClock(), list[str]()
    secrets = [AUTH_TOKEN, SECRET_KEY]
    transport = transport_to(
        network,
        clock,
        secrets=secrets,
        tell=lambda text, _verbosity: reported.append(text),
        retries=RETRIES,
        timeout=TIMEOUT,
    )
    client = LiveClient(transport, auth, emulator.url, PROJECT_ID)
    try:
        [outcome] = bring(client, [Declaration(CHANNEL_ID, DECLARED)], wait_timeout=WAIT_TIMEOUT, clock=clock.clock)
        failed, result = outcome.error is not None, outcome.result()
    except LiveError as error:
        failed, result = True, error.result()
    pauses = tuple(float(found[1]) for text in reported if (found := re.search(r"waiting ([0-9.]+) s$", text)))
    assert len(pauses) == len(reported)
    assert set(pauses) <= set(clock.naps)
    return Result(failed, result, network.tried, pauses)


def end_state(before: Task, now: Task, done: bool) -> Task:
    """Return the expected task. Only declared options and a start in the past may differ."""
    over = now["start_time"] <= write_time(utc_now())
    start = {"start_time": now["start_time"]} if over else {}
    return {**before, **DECLARED, **start} if done else before


CELLS = [
    *itertools.product(TROUBLES, PLACES, OFTEN, ["token"]),
    *itertools.product(SIGNED, PLACES, OFTEN, ["signature"]),
]


@pytest.mark.parametrize(("name", "place", "often", "auth"), CELLS)
def test_fault_matrix(
    emulator: Emulator, record_property: Callable[[str, object], None], name: str, place: str, often: str, auth: str
) -> None:
    record_property(CELL, {AUTH: auth, "faults": name, "requests": place, "frequencies": often})
    trouble, times = TROUBLES[name], OFTEN[often]
    wanted = expected(trouble, place, times)
    # With this behaviour, fields that a modify leaves out are lost. The test checks that they survive.
    emulator.behaviour = Behaviour(left_out="reset")
    before = emulator.task(CHANNEL_ID)

    ran = run(emulator, AUTHS[auth](), Network(emulator, trouble, place, times))

    now = emulator.task(CHANNEL_ID)
    assert now == end_state(before, now, wanted.done)
    reads, writes = ran.tried.count("GET"), ran.tried.count("PUT")
    assert (reads if wanted.reads is not None else None, writes) == (wanted.reads, wanted.writes)
    struck = {"read": reads, "read-back": reads - 1, "write": writes}[place]
    refused = min(times, struck) if trouble.fault is None else 0
    assert len(emulator.journal) == len(ran.tried) - refused
    assert emulator.journal == emulator.requests("list", "modify")
    assert ran.failed == bool(wanted.error), ran.result
    assert ran.result["changed"] is wanted.changed
    if wanted.resent is not None:
        assert ran.pauses == trouble.pauses[: wanted.resent]
    if wanted.error:
        check_error(emulator, trouble, place, ran, wanted)
        check_recovery(emulator, auth, before)
    else:
        assert ran.result["live_pull_task"].items() >= DECLARED.items()
        assert ran.result["changes"] == sorted(DECLARED)


def check_error(emulator: Emulator, trouble: Trouble, place: str, ran: Result, wanted: Expected) -> None:
    """Check that the error describes what happened, and nothing else."""
    message = ran.result["msg"]
    for part in wanted.error:
        assert part in message
    if wanted.resent is not None:
        assert message.count("attempts") == sum("attempts" in part for part in wanted.error)
    assert message.count("Nothing was changed.") == wanted.error.count("Nothing was changed.")
    if "GET " in message or "PUT " in message:
        assert f"{emulator.url}/v1/{PROJECT_ID}/pull/stream/task" in message
        assert ran.result.items() >= trouble.details.items()
    struck = trouble.request_id and not trouble.hidden and not (place == "write" and trouble.accepted)
    if place == "write" and (struck or trouble.hidden):
        # The error reports the first refusal. Later attempts sent less.
        reported = 0 if trouble.details.get("http_status") == 400 else -1
        request_id = emulator.writes()[reported]["request_id"]
    elif struck:
        request_id = emulator.journal[-1]["request_id"]
    elif wanted.changed and emulator.writes() and emulator.writes()[-1]["status"] == 200:
        request_id = emulator.writes()[-1]["request_id"]
    else:
        request_id = None
    assert ran.result.get("request_id") == request_id
    assert request_id is None or f"(request id {request_id})" in message


def check_recovery(emulator: Emulator, auth: str, before: Task) -> None:
    """Check that the same run succeeds after the fault has ended."""
    emulator.resume_listening()
    emulator.clear_faults()
    emulator.clear_journal()
    missing = {name for name, value in DECLARED.items() if emulator.task(CHANNEL_ID)[name] != value}
    ran = run(emulator, AUTHS[auth](), Network(emulator))
    assert not ran.failed
    assert ran.tried == (["GET", "PUT", "GET"] if missing else ["GET"])
    assert ran.result["changed"] is bool(missing)
    now = emulator.task(CHANNEL_ID)
    assert now == end_state(before, now, True)
