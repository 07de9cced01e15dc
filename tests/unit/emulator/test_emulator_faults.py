# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of fault, over a socket."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.tests.emulator import (
    ANOTHER_TASK_ID,
    AUTH_TOKEN,
    CHANNEL_ID,
    KINDS,
    PAUSED_ID,
    Emulator,
    Fault,
    app,
)
from ansible_collections.huaweicloud.live.tests.emulator.faults import DENIED_ANSWERS, LATE, LOST_ANSWERS
from ansible_collections.huaweicloud.live.tests.unit.fakes.wire import PATIENCE, ask, wait_until

WRITE: dict[str, dict[str, Any]] = {
    "modify": {"task_id": CHANNEL_ID, "status": "pause"},
    "create": {"source_type": "PullVodPushLive", "source_urls": ["https://a.example.com/a.mp4"], "stream_name": "late"},
    "delete": {"task_id": CHANNEL_ID},
}


@pytest.fixture
def wire(emulator: Emulator) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=PATIENCE) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


def test_reset_breaks_the_connection(emulator: Emulator, wire: socket.socket) -> None:
    emulator.add_fault(Fault("reset"))
    ask(wire)
    with pytest.raises(ConnectionResetError):
        wire.recv(1)


def test_close_ends_the_connection_without_an_answer(emulator: Emulator, wire: socket.socket) -> None:
    emulator.add_fault(Fault("close"))
    ask(wire)
    assert everything(wire) == b""
    [entry] = emulator.journal
    assert (entry["operation"], entry["fault"], entry["status"]) == ("list", "close", None)
    assert entry["ended"] is not None


@pytest.mark.parametrize("kind", ["timeout", "timeout_after"])
def test_timeout_ends_with_a_close(emulator: Emulator, wire: socket.socket, kind: str) -> None:
    emulator.add_fault(Fault(kind, seconds=0.2))
    started = time.monotonic()
    ask(wire)
    assert everything(wire) == b""
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize("kind", ["timeout", "timeout_after"])
def test_timeout_ends_when_the_client_leaves(emulator: Emulator, caller: Any, kind: str) -> None:
    emulator.add_fault(Fault(kind))
    with pytest.raises(requests.ReadTimeout):
        caller.session.get(caller.url, timeout=0.1)
    wait_until(lambda: emulator.journal and emulator.journal[0]["ended"])
    assert caller.list().status_code == 200
    assert emulator.journal[-1]["in_flight"] == 1


def test_connection_counts_until_its_request_ends() -> None:
    with Emulator() as emulator:
        assert emulator.connections == 0
        emulator.add_fault(Fault("timeout"))
        with socket.create_connection(("127.0.0.1", emulator.port), timeout=PATIENCE) as connection:
            ask(connection)
            wait_until(lambda: emulator.connections == 1 and emulator.journal)
        wait_until(lambda: emulator.connections == 0)
        assert [entry["ended"] is not None for entry in emulator.journal] == [True]


def test_drip_sends_blanks_and_never_the_answer(emulator: Emulator, wire: socket.socket) -> None:
    emulator.add_fault(Fault("drip", seconds=0.3))
    ask(wire)
    head, _blank, body = everything(wire).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert 0 < len(body) < 1_000_000
    assert not body.strip()


def test_truncate_sends_part_of_the_body(emulator: Emulator, wire: socket.socket) -> None:
    emulator.add_fault(Fault("truncate"))
    ask(wire)
    head, _blank, body = everything(wire).partition(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2])
    assert 0 < len(body) < length


def write(caller: Any, operation: str) -> requests.Response:
    answer: requests.Response = getattr(caller, operation)(**WRITE[operation])
    return answer


def written(emulator: Emulator, operation: str) -> bool:
    """Return whether the write was carried out once and completely."""
    tasks = emulator.tasks
    if operation == "create":
        return [task["stream_name"] for task in tasks[4:]] == ["late"]
    if operation == "delete":
        return CHANNEL_ID not in [task["task_id"] for task in tasks]
    return emulator.task(CHANNEL_ID)["status"] == "pause"


@pytest.mark.parametrize("operation", WRITE)
@pytest.mark.parametrize("kind", LOST_ANSWERS)
def test_write_is_carried_out_and_its_answer_lost(emulator: Emulator, caller: Any, kind: str, operation: str) -> None:
    emulator.add_fault(Fault(kind, on=operation, seconds=0.1))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        write(caller, operation)
    assert written(emulator, operation)
    assert [(entry["operation"], entry["status"]) for entry in emulator.journal] == [(operation, None)]


@pytest.mark.parametrize("operation", WRITE)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (*LOST_ANSWERS, *DENIED_ANSWERS)])
def test_a_fault_before_the_write_does_not_write(emulator: Emulator, caller: Any, kind: str, operation: str) -> None:
    before = emulator.tasks
    emulator.add_fault(Fault(kind, on=operation, seconds=0))
    for other in {*WRITE} - {operation}:
        assert getattr(caller, other)().status_code == 400
    with contextlib.suppress(requests.RequestException):
        write(caller, operation)
    assert emulator.tasks == before
    assert emulator.requests(operation)[0]["fault"] == kind
    assert emulator.faults == []


@pytest.mark.parametrize("operation", WRITE)
@pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 503])
def test_a_write_with_a_status_fault_is_refused_and_not_carried_out(
    emulator: Emulator, caller: Any, operation: str, status: int
) -> None:
    emulator.add_fault(Fault("status", on=operation, status=status, headers={"Retry-After": "3"}))
    answer = write(caller, operation)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "3")
    assert answer.json()["error_code"] == ("APIGW.0308" if status == 429 else "APIGW.0201")
    assert not written(emulator, operation)
    assert write(caller, operation).status_code == 200
    assert written(emulator, operation)


def wait_until_landed(emulator: Emulator) -> int:
    wait_until(lambda: emulator.writes() and emulator.writes()[0]["landed"])
    return int(emulator.writes()[0]["landed"])


@pytest.fixture
def landings(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """Replace the timers of late writes, so that a test carries them out."""
    waiting: list[Callable[[], None]] = []
    loop = SimpleNamespace(call_later=lambda _seconds, land: waiting.append(land))
    monkeypatch.setattr(app, "asyncio", SimpleNamespace(sleep=asyncio.sleep, get_running_loop=lambda: loop))
    return waiting


@pytest.mark.parametrize("operation", WRITE)
@pytest.mark.parametrize("kind", LATE)
def test_write_with_lands_after_is_carried_out_late(emulator: Emulator, caller: Any, kind: str, operation: str) -> None:
    emulator.add_fault(Fault(kind, on="write", seconds=0.05, lands_after=0.3))
    started = time.monotonic()
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        write(caller, operation)
    # On a busy machine the late write may be carried out before this line.
    early = written(emulator, operation)
    assert not early or time.monotonic() - started >= 0.3
    assert wait_until_landed(emulator) == 200
    assert time.monotonic() - started >= 0.3
    assert written(emulator, operation)
    assert emulator.writes()[0]["status"] is None


def test_write_is_carried_out_after_the_client_disconnects(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(Fault("timeout", on="modify", lands_after=0))
    with pytest.raises(requests.ReadTimeout):
        caller.session.put(caller.url, json=WRITE["modify"], timeout=0.2)
    assert wait_until_landed(emulator) == 200


def test_late_write_is_merged_with_the_current_task(
    emulator: Emulator, caller: Any, landings: list[Callable[[], None]]
) -> None:
    emulator.add_fault(Fault("close", on="delete", lands_after=0.2))
    with pytest.raises(requests.ConnectionError):
        write(caller, "delete")
    wait_until(lambda: landings)
    assert write(caller, "delete").status_code == 200
    landings[0]()
    assert wait_until_landed(emulator) == 400


def test_late_write_is_dropped_by_a_reset(emulator: Emulator, caller: Any, landings: list[Callable[[], None]]) -> None:
    emulator.add_fault(Fault("close", on="write", lands_after=0.1))
    with pytest.raises(requests.ConnectionError):
        write(caller, "modify")
    wait_until(lambda: landings)
    emulator.reset()
    landings[0]()
    assert not written(emulator, "modify")


def test_lands_after_does_not_apply_to_reads(
    emulator: Emulator, caller: Any, landings: list[Callable[[], None]]
) -> None:
    emulator.add_fault(Fault("close", on="read", lands_after=0.1))
    with pytest.raises(requests.ConnectionError):
        caller.list()
    assert caller.list().status_code == 200
    assert landings == []
    assert [entry["landed"] for entry in emulator.journal] == [None, None]


def test_status(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(
        Fault("status", status=429, headers={"Retry-After": "7"}),
        Fault("status", status=500, body={"code": "X", "message": "y"}),
        Fault("status", status=502, body=b"\xff"),
        Fault("status"),
    )
    answers = [caller.list() for _turn in range(5)]
    assert [answer.status_code for answer in answers] == [429, 500, 502, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert answers[0].json()["error_code"] == "APIGW.0308"
    assert answers[1].json() == {"code": "X", "message": "y"}
    assert answers[2].content == b"\xff"
    assert answers[3].json()["request_id"] == answers[3].headers["X-Request-Id"]


def test_html_redirect_and_raw(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(Fault("html"), Fault("raw", body=b"\x00{", content_type="text/plain"), Fault("json", body=[1]))
    html, raw, value = [caller.list() for _turn in range(3)]
    assert (html.status_code, html.headers["Content-Type"]) == (502, "text/html")
    assert (raw.status_code, raw.content, raw.headers["Content-Type"]) == (200, b"\x00{", "text/plain")
    assert value.json() == [1]
    emulator.add_fault(Fault("redirect", status=307, location="http://127.0.0.1:1/"))
    answer = caller.session.get(caller.url, allow_redirects=False, timeout=PATIENCE)
    assert (answer.status_code, answer.headers["Location"]) == (307, "http://127.0.0.1:1/")


def test_json_null(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(Fault("json"))
    assert caller.list().json() is None


def test_list_faults_hide_the_tasks_or_return_another(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(Fault("no_task_infos"), Fault("null_task_infos"), Fault("other_task"))
    missing, null, other = [caller.list(task_id=CHANNEL_ID).json() for _turn in range(3)]
    assert "task_infos" not in missing
    assert missing["total"] == 1
    assert null["task_infos"] is None
    assert [task["task_id"] for task in other["task_infos"]] == [ANOTHER_TASK_ID]


def test_an_error_in_200_looks_like_success(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(Fault("error_in_200", on="list"), Fault("empty_page"), Fault("error_in_200", on="delete"))
    answer = caller.list()
    assert (answer.status_code, answer.json()["total"], answer.json()["error_code"]) == (200, 0, "APIGW.0201")
    empty = caller.list().json()
    assert (empty["task_infos"], empty["total"]) == ([], 4)
    denied = caller.delete(task_id=CHANNEL_ID).json()
    assert (denied["task_id"], denied["error_code"]) == (CHANNEL_ID, "APIGW.0201")
    assert len(emulator.tasks) == 4


def test_error_in_200_after_carries_out_the_write(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(Fault("error_in_200_after", on="create"))
    answer = write(caller, "create").json()
    assert written(emulator, "create")
    assert (answer["task_id"], answer["error_code"]) == (emulator.tasks[-1]["task_id"], "APIGW.0201")


def test_echo_secrets(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(Fault("echo_secrets"))
    answer = caller.modify(task_id=CHANNEL_ID)
    assert answer.status_code == 400
    assert AUTH_TOKEN in answer.json()["error_msg"]
    assert CHANNEL_ID in answer.json()["error_msg"]


def test_fault_applies_to_requests_by_operation_times_and_after(emulator: Emulator, caller: Any) -> None:
    emulator.add_fault(
        Fault("status", on="write", task_id=PAUSED_ID),
        Fault("status", on="list", times=2, after=1),
        Fault("status", on="iam", times=-1),
    )
    assert [caller.list().status_code for _turn in range(4)] == [200, 503, 503, 200]
    assert caller.modify(task_id=CHANNEL_ID).status_code == 200
    assert [caller.modify(task_id=PAUSED_ID).status_code for _turn in range(2)] == [503, 200]
    projects = f"{emulator.iam_url}/v3/projects"
    assert [caller.session.get(projects, timeout=PATIENCE).status_code for _turn in range(3)] == [503] * 3
    assert [fault.on for fault in emulator.faults] == ["iam"]
    emulator.clear_faults()
    assert caller.session.get(projects, timeout=PATIENCE).status_code == 200


def test_connections_are_refused_while_listening_is_paused(emulator: Emulator, caller: Any) -> None:
    assert caller.list().status_code == 200
    emulator.pause_listening()
    try:
        with pytest.raises(requests.ConnectionError, match="refused"):
            caller.list()
    finally:
        emulator.resume_listening()
    assert caller.list().status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "fire"},
        {"kind": "close", "on": "x"},
        {"kind": "close", "times": -2},
        {"kind": "close", "lands_after": -1},
        {"kind": "close_after", "lands_after": 1},
        {"kind": "status", "lands_after": 0},
    ],
)
def test_a_fault_with_wrong_fields_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=list(fields)[-1]):
        Fault(**fields)
