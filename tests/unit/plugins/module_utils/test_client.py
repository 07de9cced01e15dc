# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service over HTTP: pages, errors, retries, and what a connection does and never does."""

from __future__ import annotations

import collections
import contextlib
import html
import http.server
import itertools
import json
import re
import ssl
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import requests
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.exceptions import (
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from ansible_collections.huaweicloud.live.plugins.module_utils import _client
from ansible_collections.huaweicloud.live.plugins.module_utils._arguments import connection_settings
from ansible_collections.huaweicloud.live.plugins.module_utils._client import (
    LONGEST_BACKOFF,
    Clock,
    Connection,
    LiveApiError,
    LiveClient,
    connect,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError, redact
from ansible_collections.huaweicloud.live.plugins.module_utils._signature import NoAuth, TokenAuth
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.fakes import (
    ENDPOINT,
    EPOCH,
    PROJECT_ID,
    FakeClock,
    Reply,
    Script,
    client_to,
    connection_to,
    settings_with,
)

URL = f"{ENDPOINT}/v1/{PROJECT_ID}/pull/stream/task"
ID = "7864b3dc-e92f-42db-a754-08e627b6d8dd"
BODY = {"task_id": ID, "status": "pause"}
OK = Reply(200, {"task_id": ID, "request_id": "r1"})


def failure(*lines: Reply | Exception, clock: FakeClock | None = None, **how: Any) -> LiveApiError:
    """The error that a modify ends with when it goes like this."""
    with pytest.raises(LiveApiError) as raised:
        client_to(Script(*lines), clock, **how).modify(BODY)
    return raised.value


# Pages


def page(*numbers: int, **more: Any) -> Reply:
    """An answer with the tasks of these numbers."""
    return Reply(200, {"task_infos": [{"task_id": f"t{number}"} for number in numbers], **more})


def asked(script: Script) -> list[str]:
    """The queries that were sent."""
    return [str(request.url).partition("?")[2] for request in script.sent]


@pytest.mark.parametrize(
    ("answers", "count", "requests_sent"),
    [
        pytest.param([page(total=0)], 0, 1, id="none"),
        pytest.param([Reply(200, {"task_infos": None, "total": 0})], 0, 1, id="none, null"),
        pytest.param([Reply(200, {"total": 0})], 0, 1, id="none, no list"),
        pytest.param([page(*range(100), total=100)], 100, 1, id="exactly one page"),
        pytest.param([page(*range(100), total=101), page(100, total=101)], 101, 2, id="one more"),
        pytest.param([page(0, 1, total=5), page(2, 3, total=5), page(4, total=5)], 5, 3, id="pages capped"),
        pytest.param([page(0, 1), page(2), page()], 3, 3, id="total missing"),
        pytest.param([page(0, total=None), page(total=None)], 1, 2, id="total null"),
        pytest.param([page(0, total="9"), page(total="9")], 1, 2, id="total a string"),
        pytest.param([page(0, total=True), page(total=True)], 1, 2, id="total a boolean"),
        pytest.param([page(0, total=9.5), page(total=9.5)], 1, 2, id="total a fraction"),
        pytest.param([page(0, total=3), page(total=3)], 1, 2, id="fewer than promised"),
        pytest.param([page(0, 1, total=2, more="?")], 2, 1, id="an unknown field"),
    ],
)
def test_all_pages_are_read(answers: list[Reply], count: int, requests_sent: int) -> None:
    script = Script(*answers)
    assert [task["task_id"] for task in client_to(script).list()] == [f"t{number}" for number in range(count)]
    assert len(script.sent) == requests_sent


def test_pages_of_a_hundred_are_asked_for_one_after_the_other() -> None:
    script = Script(page(*range(100), total=130), page(*range(100, 130), total=130))
    assert [left for _tasks, left in client_to(script).pages(region="cn-north-4")] == [30, 0]
    assert asked(script) == ["limit=100&offset=0&region=cn-north-4", "limit=100&offset=100&region=cn-north-4"]


def test_without_a_total_there_may_be_one_more_until_a_page_is_empty() -> None:
    assert [left for _tasks, left in client_to(Script(page(0, 1), page(2), page())).pages()] == [1, 1, 0]


def test_a_task_that_slips_to_the_next_page_is_listed_once() -> None:
    nameless = {"status": "pause", "task_id": None}
    first = {"total": 4, "task_infos": [{"task_id": "a"}, nameless]}
    second = {"total": 4, "task_infos": [{"task_id": "a"}, nameless, {"task_id": "b"}]}
    listed = list(client_to(Script(*(Reply(200, json.dumps(one).encode()) for one in (first, second)))).list())
    assert listed == [{"task_id": "a"}, nameless, nameless, {"task_id": "b"}]


def test_the_same_page_again_is_an_error() -> None:
    again = Reply(200, b'{"total": 9, "task_infos": [{"task_id": "a"}]}')
    with pytest.raises(LiveApiError, match="failed: the service answered the same page of tasks again"):
        list(client_to(Script(again, again, again)).list())


def test_a_list_without_an_end_is_given_up() -> None:
    script = Script(*(page(*range(first, first + 100), total=10**9) for first in range(0, 30000, 100)))
    with pytest.raises(
        LiveApiError, match=rf"^GET {re.escape(URL)} failed: more than 20000 tasks were listed, without an end\."
    ):
        list(client_to(script).list())
    assert len(script.sent) == 201


@pytest.mark.parametrize(
    "answer",
    [
        *(None, [], [{"task_id": "t0"}], "task_infos", 5, True, {}, {"tasks": []}, {"error_code": "X"}),
        *({"task_infos": None}, {"task_infos": None, "total": 3}, {"task_infos": None, "total": "0"}),
        *({"task_infos": odd, "total": 0} for odd in ({}, "x", 5, [None], [5], ["t0"], [[]], [{}, None])),
    ],
    ids=json.dumps,
)
def test_an_answer_without_a_list_of_tasks_is_an_error(answer: Any) -> None:
    with pytest.raises(LiveApiError) as raised:
        list(client_to(Script(Reply(200, answer, {"X-Request-Id": "r1"}))).list())
    assert raised.value.message == (
        f"GET {URL}?limit=100&offset=0 failed: the answer holds no list of tasks in task_infos, but {answer!r}."
    )
    assert raised.value.details == {"http_status": 200, "request_id": "r1"}
    assert not raised.value.uncertain


def test_an_empty_answer_is_no_list() -> None:
    with pytest.raises(LiveApiError, match="no list of tasks in task_infos, but None"):
        list(client_to(Script(Reply(200))).list())


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        pytest.param([page(7, total=1)], {"task_id": "t7"}, id="there"),
        pytest.param([page(total=0)], None, id="not there"),
        pytest.param([page(8, total=1)], None, id="another task"),
        pytest.param([page(1, 2, total=4), page(3, 7, total=4)], {"task_id": "t7"}, id="filter ignored"),
        pytest.param([Reply(200, {"task_infos": [{}, {"task_id": None}, {"task_id": 7}]}), page()], None, id="odd ids"),
    ],
)
def test_get_finds_the_task_or_says_that_there_is_none(answers: list[Reply], found: Any) -> None:
    script = Script(*answers)
    assert client_to(script).get("t7") == found
    assert asked(script)[0] == "limit=100&offset=0&task_id=t7"


def test_ids_are_encoded_in_the_url() -> None:
    script = Script(page(total=0))
    LiveClient(connection_to(script), NoAuth(), ENDPOINT, "p/../q?x#y%41").get("任务/1&limit=1\r\n")
    assert script.sent[0].url == (
        f"{ENDPOINT}/v1/p%2F..%2Fq%3Fx%23y%2541/pull/stream/task"
        "?limit=100&offset=0&task_id=%E4%BB%BB%E5%8A%A1%2F1%26limit%3D1%0D%0A"
    )


# Modify


def test_modify_sends_json_and_returns_the_request_id() -> None:
    script = Script(OK)
    body = {"task_id": ID, "source_urls": ["https://h/片.mp4"], "vod_start_video_index": 0}
    assert client_to(script).modify(body) == "r1"
    [request] = script.sent
    assert (request.method, request.url) == ("PUT", URL)
    assert request.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == body


@pytest.mark.parametrize("answer", [{"request_id": "r1"}, {"task_id": None, "request_id": "r1"}, [], None, "x"])
def test_modify_believes_an_answer_that_names_no_task(answer: Any) -> None:
    headers = {"X-Request-Id": "r1"}
    assert client_to(Script(Reply(200, answer, headers))).modify(BODY) == "r1"


@pytest.mark.parametrize("other", ["another", "", 5, {"task_id": ID}], ids=repr)
def test_modify_refuses_an_answer_about_another_task(other: Any) -> None:
    error = failure(Reply(200, {"task_id": other, "request_id": "r1"}))
    assert f"PUT {URL} failed: the answer is about task {other!r}, not about {ID}." in error.message
    assert (error.uncertain, error.details) == (True, {"http_status": 200, "request_id": "r1"})


# Request ids and errors


@pytest.mark.parametrize(
    ("body", "headers", "request_id"),
    [
        ({"request_id": "body"}, {"X-Request-Id": "header"}, "body"),
        ({}, {"X-Request-Id": "header"}, "header"),
        ({"request_id": None}, {"x-request-id": "header"}, "header"),
        ({"request_id": ""}, {"X-Request-Id": "header"}, "header"),
        ({"request_id": 5}, {"X-Request-Id": "header"}, "header"),
        ([], {"X-Request-Id": "header"}, "header"),
        ({}, {}, None),
    ],
)
def test_the_request_id_is_in_the_body_or_in_the_headers(body: Any, headers: dict[str, str], request_id: Any) -> None:
    assert client_to(Script(Reply(200, body, headers))).modify(BODY) == request_id
    assert failure(Reply(400, body, headers)).details.get("request_id") == request_id


CODE, TEXT = "LIVE.100011001", "Invalid request parameter"
BOTH = {"error_code": CODE, "error_msg": TEXT}


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"error_code": CODE, "error_msg": TEXT}, BOTH),
        ({"errorCode": CODE, "errorMsg": TEXT}, BOTH),
        ({"code": CODE, "message": TEXT}, BOTH),
        ({"error": {"error_code": CODE, "error_msg": TEXT}}, BOTH),
        ({"error": {"errorCode": CODE, "errorMsg": TEXT}}, BOTH),
        ({"badRequest": {"code": CODE, "message": TEXT}}, BOTH),
        ({"other": {}, "error": {"code": 401, "message": TEXT, "title": "x"}}, {**BOTH, "error_code": "401"}),
        ({"error_code": CODE}, {"error_code": CODE}),
        ({"error_msg": TEXT}, {"error_msg": TEXT}),
        ({"error_code": None, "error_msg": TEXT, "code": CODE}, BOTH),
        ({"error_code": [], "error": {"code": CODE, "message": TEXT}}, BOTH),
        ({"error_code": "", "error_msg": "", "error": {"code": CODE, "message": TEXT}}, BOTH),
    ],
    ids=json.dumps,
)
def test_every_shape_of_an_error_is_understood(body: Any, details: dict[str, str]) -> None:
    error = failure(Reply(400, {**body, "request_id": "r1"}))
    words = " ".join(details.values())
    assert error.message == f"PUT {URL} failed: HTTP 400, {words} (request id r1)."
    assert error.details == {"http_status": 400, **details, "request_id": "r1"}


def test_the_request_id_of_a_nested_error_is_found() -> None:
    nested = {"error": {"error_code": CODE, "error_msg": TEXT, "request_id": "r1"}}
    assert failure(Reply(400, nested)).details["request_id"] == "r1"


PAGE = b"<!DOCTYPE html>\n<html><head><title>Bad Request</title></head>\n<body><h1>Sorry</h1> we cannot</body></html>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "HTTP 400."),
        (PAGE, "HTTP 400, 'Bad Request Sorry we cannot'."),
        (b"plain\r\ntext\x00", r"HTTP 400, 'plain text\x00'."),
        (b"\xff\xfe", "HTTP 400, '\ufffd\ufffd'."),
        (b"[]", "HTTP 400, '[]'."),
        (b'"text"', "HTTP 400, '\"text\"'."),
        (b'{"error": "text"}', 'HTTP 400, \'{"error": "text"}\'.'),
        (b"null", "HTTP 400, 'null'."),
        (b"[" * 100000, "HTTP 400, '[[["),
        (b"x" * 100000, "... (100002 characters)."),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_an_error_that_is_no_json_object_is_quoted_in_part(content: bytes, words: str) -> None:
    error = failure(Reply(400, content))
    assert words in error.message
    assert len(error.message) < 500
    assert error.details == {"http_status": 400}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{", id="broken off"),
        pytest.param(PAGE, id="HTML"),
        pytest.param(b"NaN", id="NaN"),
        pytest.param(b'{"task_infos": [{"a": Infinity}]}', id="Infinity"),
        pytest.param(b'{"task_infos": [{"a": -Infinity}]}', id="-Infinity"),
        pytest.param(b'{"task_infos": [{"a": 1e999}]}', id="beyond any float"),
        pytest.param(b'{"task_infos": [{"a": -1e999}]}', id="below any float"),
        pytest.param(b'{"task_infos": [], "total": ' + b"1" * 5000 + b"}", id="5000 digits"),
        pytest.param(rb'{"task_infos": [{"a": "\ud800"}]}', id="lone surrogate"),
        pytest.param(rb'{"task_infos": [{"\udfff": 1}]}', id="lone surrogate in a name"),
        pytest.param(b'{"task_infos": [{"a": "\xed\xa0\x80"}], "total": 1}', id="lone surrogate in the bytes"),
        pytest.param('{"a": "\\ud800"}'.encode("utf-16-le"), id="lone surrogate in UTF-16"),
        pytest.param(b'{"task_infos": "\xff"}', id="not UTF-8"),
        pytest.param(b"[" * 200000, id="deep"),
        pytest.param(b'{"a":' * 200000 + b"1" + b"}" * 200000, id="deep objects"),
        pytest.param(b"{'a': 1}", id="Python's own way to write it"),
        pytest.param(b" ", id="blank"),
    ],
)
def test_a_success_that_is_no_json_is_an_error(content: bytes) -> None:
    script = Script(Reply(200, content))
    with pytest.raises(LiveApiError) as raised:
        list(client_to(script).list())
    assert "failed: HTTP 200 with an answer that is not JSON: " in raised.value.message
    assert len(raised.value.message) < 600
    assert raised.value.details == {"http_status": 200}
    assert len(script.sent) == 1
    assert failure(Reply(200, content)).uncertain


@pytest.mark.parametrize(
    "content", [b'\xef\xbb\xbf{"task_infos": [], "total": 0}', rb'{"task_infos": [], "a": "\ud83d\ude00"}']
)
def test_unusual_json_is_understood(content: bytes) -> None:
    assert list(client_to(Script(Reply(200, content))).list()) == []


def test_an_answer_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{LiveClient.__module__}.MAX_ANSWER", 1000)
    script = Script(Reply(200, b" " * 1001))
    with pytest.raises(LiveApiError, match="the answer is larger than 1000 bytes") as raised:
        list(client_to(script).list())
    assert len(script.sent) == 1
    assert raised.value.uncertain
    assert list(client_to(Script(Reply(200, b'{"total": 0}'.ljust(1000)))).list()) == []


# Retries

RETRIED = (429, 500, 502, 503, 504)


@pytest.mark.parametrize("status", RETRIED)
@pytest.mark.parametrize("content", [b"", PAGE, b'{"error_code": "APIGW.0201"}'], ids=["empty", "HTML", "JSON"])
def test_a_request_is_sent_again_until_it_succeeds(status: int, content: bytes, clock: FakeClock) -> None:
    script = Script(*[Reply(status, content)] * 5, OK)
    assert client_to(script, clock).modify(BODY) == "r1"
    assert len(script.sent) == 6
    assert len({(request.method, request.url, request.body) for request in script.sent}) == 1


@pytest.mark.parametrize("status", RETRIED)
@pytest.mark.parametrize("retries", [0, 1, 5])
def test_after_so_many_retries_the_last_failure_counts(status: int, retries: int) -> None:
    script = Script(Reply(status, {"error_code": "A", "request_id": "first"}), Reply(status, {"error_code": "B"}))
    with pytest.raises(LiveApiError) as raised:
        client_to(script, retries=retries).modify(BODY)
    assert len(script.sent) == retries + 1
    attempts = f", after {retries + 1} attempts" if retries else ""
    code, request_id = ("B", "") if retries else ("A", " (request id first)")
    assert raised.value.message == f"PUT {URL} failed: HTTP {status}, {code}{request_id}{attempts}."
    assert raised.value.details["http_status"] == status


@pytest.mark.parametrize("status", [300, 400, 401, 403, 404, 408, 409, 413, 422, 499, 501, 505])
def test_any_other_status_is_final_at_once(status: int, clock: FakeClock) -> None:
    script = Script(Reply(status, {"error_code": "A"}), OK)
    with pytest.raises(LiveApiError):
        client_to(script, clock).modify(BODY)
    assert len(script.sent) == 1
    assert clock.naps == []


def nested(error: Exception) -> requests.exceptions.ConnectionError:
    """An error as requests and urllib3 wrap it."""
    return requests.exceptions.ConnectionError(MaxRetryError(None, URL, error))  # type: ignore[arg-type]


def refused() -> requests.exceptions.ConnectionError:
    """A refused connection."""
    return nested(NewConnectionError(None, "[Errno 111] Connection refused"))  # type: ignore[arg-type]


REFUSED = refused()


def within(context: Exception, error: Exception) -> Exception:
    """An error that was raised while another was handled."""
    error.__context__ = context
    return error


# As urllib3 before 2.0 raises it, and one of which the other error is not the cause.
REFUSED_BEFORE_2 = nested(within(ConnectionRefusedError(111, "Connection refused"), refused().args[0].reason))
BROKE_OFF = within(ValueError("invalid literal"), requests.exceptions.ChunkedEncodingError("broke off"))
RESET = requests.exceptions.ConnectionError(
    ProtocolError("Connection aborted.", ConnectionResetError(104, "Connection reset by peer"))
)
LOST = [
    pytest.param(REFUSED, "None: [Errno 111] Connection refused", False, id="refused"),
    pytest.param(REFUSED_BEFORE_2, "Connection refused", False, id="refused, urllib3 before 2.0"),
    pytest.param(RESET, "Connection reset by peer", True, id="reset"),
    pytest.param(requests.exceptions.ConnectTimeout(), "no answer within 30 seconds", False, id="connect time-out"),
    pytest.param(requests.exceptions.ReadTimeout(), "no answer within 30 seconds", True, id="read time-out"),
    pytest.param(BROKE_OFF, "broke off", True, id="broke off"),
    # urllib3 calls a connection through a proxy that broke later that, too.
    pytest.param(requests.exceptions.ProxyError("proxy gone"), "proxy gone", True, id="proxy"),
    pytest.param(ProtocolError("odd"), "odd", True, id="urllib3's own"),
    pytest.param(OSError(32, "Broken pipe"), "Broken pipe", True, id="the system's own"),
    pytest.param(nested(ReadTimeoutError(None, URL, "Read timed out.")), "None: Read timed out.", True, id="nested"),  # type: ignore[arg-type]
    pytest.param(requests.exceptions.ConnectionError(), "ConnectionError", True, id="without words"),
    pytest.param(requests.exceptions.ConnectionError("no certificate"), "no certificate", True, id="not about TLS"),
    pytest.param(requests.exceptions.ConnectionError("very " * 99), "very " * 60, True, id="many words"),
]


@pytest.mark.parametrize(("error", "words", "uncertain"), LOST)
def test_a_lost_request_is_sent_again(error: Exception, words: str, uncertain: bool, clock: FakeClock) -> None:
    script = Script(error, error, OK)
    assert client_to(script, clock).modify(BODY) == "r1"
    assert len(script.sent) == 3
    raised = failure(error)
    assert raised.message == f"PUT {URL} failed: {words}, after 6 attempts."
    assert (raised.uncertain, raised.details) == (uncertain, {})


@pytest.mark.parametrize(
    ("lines", "uncertain"),
    [
        ([Reply(400)], False),
        ([Reply(429)], False),
        ([Reply(301)], False),
        *(([Reply(status)], True) for status in (500, 502, 503, 504)),
        ([RESET, Reply(400)], True),
        ([Reply(502), Reply(429)], True),
        ([RESET, REFUSED], True),
        ([REFUSED, Reply(400)], False),
        ([Reply(429), REFUSED], False),
    ],
)
def test_a_request_that_may_have_been_carried_out_is_uncertain(lines: list[Any], uncertain: bool) -> None:
    assert failure(*lines).uncertain is uncertain


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_pauses_grow_up_to_a_cap_with_full_jitter(chance: float) -> None:
    clock = FakeClock(chance)
    failure(Reply(503), clock=clock, retries=8)
    tops = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert clock.bounds == [(0, top) for top in tops]
    expected = [top * chance for top in tops]
    assert clock.seconds - 1000 == sum(expected)


DATE = format_datetime(datetime.fromtimestamp(EPOCH + 20, timezone.utc), usegmt=True)
PAST = format_datetime(datetime.fromtimestamp(EPOCH - 20, timezone.utc), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        ("30", 30),
        ("31", LONGEST_BACKOFF),
        ("86400", LONGEST_BACKOFF),
        ("9" * 400, LONGEST_BACKOFF),
        (DATE, 20),
        (PAST, 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_BACKOFF),
        *((garbage, 0) for garbage in ("", " ", "soon", "-5", "1.5", "1e3", "0x10", "nan", "Mon, 99 Foo", "²")),
    ],
    ids=lambda value: str(value)[:20],
)
def test_retry_after_is_obeyed_up_to_the_cap(status: int, retry_after: str, seconds: float) -> None:
    clock = FakeClock(chance=0)
    headers = {"Retry-After": retry_after.encode().decode("latin-1")}
    assert client_to(Script(Reply(status, b"", headers), OK), clock).modify(BODY) == "r1"
    assert clock.seconds - 1000 == pytest.approx(seconds)


def test_the_pause_is_never_shorter_than_the_jitter() -> None:
    clock = FakeClock(chance=1)
    client_to(Script(Reply(503, b"", {"Retry-After": "0"}), OK), clock).modify(BODY)
    assert clock.naps == [0.5]


@pytest.mark.parametrize(("status", "held_back"), [(429, True), (503, False)])
def test_only_a_throttled_request_holds_back_the_others(status: int, held_back: bool) -> None:
    fake = FakeClock(chance=0)
    events: list[str] = []

    def sleep(seconds: float) -> None:
        events.append(f"sleep {seconds:g}")
        if len(events) == 1:  # while this one waits, another thread comes along
            connection.request("GET", f"{URL}?other", NoAuth())
            events.append("the other is done")
        fake.clock.sleep(seconds)

    script = Script(Reply(status, b"", {"Retry-After": "9"}), OK)
    clock = FakeClock(chance=0)
    clock.clock = fake.clock._replace(sleep=sleep)
    connection = connection_to(script, clock)
    connection.request("GET", URL, NoAuth())
    # The other one comes back after this one, not at the same moment.
    assert events == ["sleep 9", *(["sleep 9.05"] if held_back else []), "the other is done"]
    assert [str(request.url).endswith("?other") for request in script.sent] == [False, True, False]


def test_a_service_that_throttles_is_asked_slower_and_then_faster_again() -> None:
    clock = FakeClock(chance=0)
    throttled = Reply(429, b"", {"Retry-After": "0"})
    connection = connection_to(Script(throttled, throttled, *[OK] * 40), clock)
    started = []
    for _turn in range(30):
        connection.request("GET", URL, NoAuth())
        started.append(clock.clock.monotonic())
    gaps = [round(later - earlier, 4) for earlier, later in itertools.pairwise(started)]
    assert gaps[0] == 0.0625, "two refusals: 50 ms, and a quarter more"
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == 0


def test_a_request_waits_for_its_turn_as_long_as_others_have_theirs() -> None:
    clock = FakeClock(chance=1)
    # To and fro: each request is throttled ten times, while others succeed; then nobody succeeds any more.
    throttled = Reply(429)
    script = Script(*[throttled, OK] * 10, *[throttled] * 9)
    connection = connection_to(script, clock, retries=2)
    pauses = []

    def others(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) <= 10:
            connection._clock = clock.clock
            connection.request("GET", f"{URL}?other", NoAuth())
            connection._clock = clock.clock._replace(sleep=others)

    connection._clock = clock.clock._replace(sleep=others)
    with pytest.raises(LiveApiError) as raised:
        connection.request("GET", URL, NoAuth())
    assert [str(request.url).endswith("?other") for request in script.sent].count(False) == 13
    assert raised.value.message.endswith("after 13 attempts.")


@pytest.mark.parametrize("body", [{"error_code": "LIVE.1", "error_msg": "no"}, {"error": {"code": "LIVE.1"}}])
def test_a_yes_that_tells_of_an_error_is_an_error(body: Any) -> None:
    raised = failure(Reply(200, json.dumps(body).encode()))
    assert "HTTP 200, LIVE.1" in raised.message
    assert (raised.uncertain, raised.details["error_code"]) == (True, "LIVE.1")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error_msg": "denied"}, "HTTP 200, denied."),
        ({"error": {"message": "denied"}}, "HTTP 200, denied."),
        ({"task_id": ID, "error_code": "LIVE.1", "error_msg": "denied"}, "HTTP 200, LIVE.1 denied."),
    ],
)
def test_a_yes_that_only_tells_of_an_error_is_one(body: Any, words: str) -> None:
    raised = failure(Reply(200, body))
    assert raised.message == f"PUT {URL} failed: {words}"
    assert raised.uncertain


def test_a_yes_with_a_friendly_message_is_none() -> None:
    assert client_to(Script(Reply(200, {"task_id": ID, "request_id": "r1", "message": "done"}))).modify(BODY) == "r1"


def test_nothing_is_sent_again_after_the_time_is_over(clock: FakeClock) -> None:
    script = Script(Reply(503))
    client = client_to(script, clock, retries=100)
    client.give_up_after(20)
    with pytest.raises(LiveApiError):
        client.get(ID)
    # 0.5, 1, 2, 4, 8 and 16 seconds at most: the sixth pause ends after the deadline.
    assert (len(script.sent), sum(clock.naps)) == (7, 31.5)


def test_an_error_before_the_deadline_is_as_ever(clock: FakeClock) -> None:
    script = Script(Reply(503), page(total=0))
    client = client_to(script, clock)
    client.give_up_after(20)
    assert client.get(ID) is None
    assert len(script.sent) == 2


@pytest.mark.parametrize(("depth", "good"), [(40, True), (60, False), (600, False), (900, False), (5000, False)])
def test_what_is_nested_too_deeply_to_be_passed_on_is_no_answer(depth: int, good: bool) -> None:
    nested_lists = b"[" * depth + b"]" * depth
    script = Script(Reply(200, b'{"total": 1, "task_infos": [{"task_id": "a", "odd": ' + nested_lists + b"}]}"))
    if good:
        assert len(next(iter(client_to(script).pages()))[0]) == 1
    else:
        with pytest.raises(LiveApiError, match="not JSON"):
            list(client_to(script).list())


def test_a_request_that_is_given_up_holds_back_nobody() -> None:
    clock = FakeClock(chance=0)
    connection = connection_to(Script(Reply(429, b"", {"Retry-After": "9"}), OK), clock, retries=0)
    with pytest.raises(LiveApiError):
        connection.request("GET", URL, NoAuth())
    connection.request("GET", URL, NoAuth())
    assert clock.naps == []


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    ["https://evil.example.com/", "/elsewhere", "", "http://[", "//[::1", "http://h:port/", "\xff\xfe", "a b"],
)
def test_a_redirect_is_an_error_that_names_it(status: int, location: str, clock: FakeClock) -> None:
    script = Script(Reply(status, b"", {"Location": location}), OK)
    with pytest.raises(LiveApiError) as raised:
        client_to(script, clock).modify(BODY)
    assert f"HTTP {status}, a redirect to {location!r}, and redirects are not followed" in raised.value.message
    assert len(script.sent) == 1
    assert clock.naps == []
    assert not raised.value.uncertain


# Secrets

SECRET = "0123456789-the-secret-0123456789"
MASK = "********"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Reply(400, {"error_code": f"X{SECRET}", "error_msg": f"got {SECRET}!"}), id="JSON"),
        pytest.param(Reply(400, {"error": {"code": 5, "message": SECRET}, "request_id": SECRET}), id="nested"),
        pytest.param(Reply(400, f"<p>you sent {SECRET}</p>".encode()), id="HTML"),
        pytest.param(Reply(400, {"echo": {"headers": [SECRET]}}), id="another shape"),
        pytest.param(Reply(302, b"", {"Location": f"https://h/?{SECRET}", "X-Request-Id": SECRET}), id="redirect"),
        pytest.param(Reply(200, SECRET.encode()), id="success, no JSON"),
        pytest.param(Reply(200, {"task_id": SECRET}), id="success, another task"),
        pytest.param(OSError(5, f"no {SECRET}"), id="network error"),
        pytest.param(Reply(400, b"x" * 170 + SECRET.encode() + b"x" * 100), id="where the quotation is cut"),
        pytest.param(Reply(400, b"x" * 1990 + SECRET.encode()), id="where the answer is cut"),
        pytest.param(OSError(5, f"{'x' * 290}{SECRET}"), id="where the network error is cut"),
    ],
)
def test_a_secret_that_comes_back_is_masked(answer: Any) -> None:
    with pytest.raises(LiveApiError) as raised:
        LiveClient(connection_to(Script(answer), secrets={SECRET}, retries=0), NoAuth(), ENDPOINT, "p").modify(BODY)
    told = json.dumps(raised.value.result())
    assert SECRET[:8] not in told
    assert MASK[:3] in told or "xxx" in told


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"nonsense": SECRET}, id="short"),
        pytest.param({"nonsense": ["x" * 170, SECRET]}, id="where the quotation is cut"),
    ],
)
def test_a_secret_in_an_answer_that_is_no_list_is_masked(answer: Any) -> None:
    with pytest.raises(LiveApiError) as raised:
        list(LiveClient(connection_to(Script(Reply(200, answer)), secrets={SECRET}), NoAuth(), ENDPOINT, "p").list())
    assert SECRET[:8] not in raised.value.message


SPELT = "Pa's/w+r d\"é&<\\x>😀"


@pytest.mark.parametrize(
    "spell",
    [
        str,
        repr,
        json.dumps,
        lambda text: repr(repr(text)),
        lambda text: json.dumps(json.dumps(text)),
        lambda text: json.dumps(text, ensure_ascii=False),
        lambda text: json.dumps(text).replace("/", "\\/"),
        lambda text: "".join(f"\\u{unit:04X}" for (unit,) in struct.iter_unpack(">H", text.encode("utf-16-be"))),
        quote,
        quote_plus,
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="").lower().replace("pa%27", "Pa%27"),
        lambda text: quote(quote(text, safe=""), safe=""),
        html.escape,
        lambda text: html.escape(text, quote=False),
        lambda text: html.escape(html.escape(text)),
        lambda text: "".join(f"&#{ord(character)};" for character in text),
        lambda text: "".join(f"&#0{ord(character)};" for character in text),
        lambda text: "".join(f"&#X{ord(character):x};" for character in text),
    ],
)
def test_a_secret_is_masked_in_any_spelling(spell: Any) -> None:
    told = redact([{f"a{spell(SPELT)}": f"got {spell(SPELT)}!"}], {SPELT, "other"})
    quotation = r"[\\'\"]*"
    [(key, value)] = told[0].items()
    assert re.fullmatch(f"a{quotation}{re.escape(MASK)}{quotation}", key)
    assert re.fullmatch(f"got {quotation}{re.escape(MASK)}{quotation}!", value)


@given(st.text(st.sampled_from("\\%&#xu+;0a"), max_size=40), st.text(st.sampled_from("\\%&a "), min_size=1, max_size=5))
def test_masking_ends_whatever_the_text_is(text: str, secret: str) -> None:
    assert secret not in redact(text + secret, {secret})


@pytest.mark.parametrize(
    "answer",
    [
        Reply(201, b"token=TOKEN-OF-IAM", {"X-Subject-Token": "TOKEN-OF-IAM"}),
        Reply(500, {"error_code": "X", "error_msg": "issued TOKEN-OF-IAM"}, {"X-Subject-Token": "TOKEN-OF-IAM"}),
        Reply(201, {"request_id": "TOKEN-OF-IAM"}, {"X-Subject-Token": "TOKEN-OF-IAM"}),
    ],
    ids=["no JSON", "an error", "no project"],
)
def test_a_token_of_iam_is_a_secret_before_its_answer_is_judged(answer: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_args, **_named: Script(answer))
    user = {"username": "u", "password": "p-a-s-s", "domain_name": "d", "region": "cn-north-4", "retries": 0}
    with pytest.raises(LiveError) as raised:
        connect({"endpoint": ENDPOINT, "iam_endpoint": ENDPOINT, "validate_certs": True, "timeout": 9, **user}, {})
    assert "TOKEN-OF-IAM" not in json.dumps(raised.value.result())


@pytest.mark.parametrize("answer", [Reply(200, {"task_infos": 5}), page(0, total=9)], ids=["no list", "again"])
def test_a_secret_in_the_address_is_masked(answer: Reply) -> None:
    with pytest.raises(LiveApiError) as raised:
        list(LiveClient(connection_to(Script(answer), secrets={SECRET}), NoAuth(), ENDPOINT, SECRET).list())
    assert SECRET not in raised.value.message
    assert f"/v1/{MASK}/pull/" in raised.value.message


@pytest.mark.parametrize(
    "error", [ValueError("no SOCKS version in socks://u:pass"), UnicodeEncodeError("l", "p", 0, 1, "")]
)
def test_what_requests_stumbles_with_over_a_proxy_is_not_told(error: ValueError, clock: FakeClock) -> None:
    raised = failure(error, clock=clock)
    assert raised.message == (
        f"PUT {URL} failed: the address of the service, or of a proxy in the environment, cannot be used."
    )
    assert raised.uncertain, "it is not known when it stumbled"
    assert clock.naps == []


def test_an_odd_retry_after_is_passed_over(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    def before_python_3_10(_value: str) -> datetime:
        raise IndexError

    monkeypatch.setattr(_client, "parsedate_to_datetime", before_python_3_10)
    script = Script(Reply(503, b"", {"Retry-After": "Mon, 01 Jan , 00:00:00 GMT"}), OK)
    assert client_to(script, clock).modify(BODY) == "r1"


@pytest.mark.parametrize("secret", ["back\\slash\\es", "both'quo\"tes", "two  blanks", "line\nbreak", "<b>old</b>ish"])
@pytest.mark.parametrize("status", [400, 200])
def test_a_password_that_is_written_another_way_in_a_quotation_is_masked(secret: str, status: int) -> None:
    script = Script(Reply(status, f"You sent {secret}.".encode()))
    with pytest.raises(LiveApiError) as raised:
        connection_to(script, secrets={secret}).request("GET", URL, NoAuth())
    for part in (repr(secret)[1:-1], " ".join(secret.split()), secret.split("\\")[0].split("\n")[0]):
        assert part not in raised.value.message


def test_longer_secrets_are_masked_before_the_shorter_ones_in_them() -> None:
    script = Script(Reply(400, {"error_msg": "abcdef abc"}))
    with pytest.raises(LiveApiError) as raised:
        connection_to(script, secrets={"abc", "abcdef"}).request("GET", URL, NoAuth())
    assert raised.value.details["error_msg"] == f"{MASK} {MASK}"


# Whatever comes back

headers_of_any_kind = st.dictionaries(
    st.sampled_from(["Retry-After", "X-Request-Id", "Content-Type"]),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["task_infos", "total", "task_id", "request_id", "error_code", "error_msg", "code", "error"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("operation", ["list", "get", "modify"])
def test_any_answer_is_a_result_or_a_clear_error(operation: str, examples: collections.Counter[str]) -> None:
    @settings(max_examples=200)
    @given(
        st.sampled_from([200, 200, 201, 204, 301, 400, 429, 503, 599]), headers_of_any_kind, st.binary() | json_values
    )
    def try_one(status: int, headers: dict[str, str], body: Any) -> None:
        client = client_to(Script(Reply(status, body, headers), Reply(200, {"total": 0})))
        try:
            if operation == "list":
                assert all(isinstance(task, dict) for task in client.list())
            elif operation == "get":
                task = client.get(ID)
                assert task is None or task["task_id"] == ID
            else:
                request_id = client.modify(BODY)
                assert request_id is None or isinstance(request_id, str)
        except LiveApiError as error:
            json.dumps(error.result(), ensure_ascii=False).encode()
            examples["hostile answers refused"] += 1
        else:
            examples["hostile answers accepted"] += 1

    try_one()
    assert examples["hostile answers refused"] > 20
    assert examples["hostile answers accepted"] > 20


# Time-outs


class Silence(Script):
    """A server that never finishes its answer."""

    def __init__(self) -> None:
        super().__init__(Reply(200))
        self.over = threading.Event()

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Start to answer; the body comes when it is over."""
        response = super().send(request, **how)

        def drip() -> Iterator[bytes]:
            yield b"{"
            self.over.wait(60)

        response.iter_content = lambda *_args, **_named: drip()  # type: ignore[method-assign, assignment, return-value]
        return response


def test_a_request_takes_no_longer_than_the_time_out_all_in_all(clock: FakeClock) -> None:
    script = Silence()
    with pytest.raises(LiveApiError) as raised:
        connection_to(script, clock, timeout=0.05, retries=1).request("PUT", URL, NoAuth(), BODY)
    script.over.set()
    assert raised.value.message == f"PUT {URL} failed: no answer within 0.05 seconds, after 2 attempts."
    assert raised.value.uncertain
    assert len(script.sent) == 2
    assert {how["timeout"] for how in script.how} == {0.05}


# What a session is told


def test_each_request_is_sent_with_the_settings_and_without_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(variable, "/from/the/environment")
    for verify in (True, False, "/own/ca.pem"):
        script = Script(OK)
        client_to(script, verify=verify).modify(BODY)
        assert script.how[0]["verify"] == verify
        assert script.how[0]["stream"] is True


def test_a_proxy_is_for_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(variable, "http://proxy.example.com:3128")
    monkeypatch.setenv("no_proxy", "direct.example.com")
    proxies = {}
    for url in ("http://127.0.0.1:9/", "https://live.example.com/", "https://direct.example.com/"):
        script = Script(OK)
        connection_to(script).request("GET", url, NoAuth())
        proxies[url] = script.how[0]["proxies"].get(url.partition(":")[0])
    assert [*proxies.values()] == [None, "http://proxy.example.com:3128", None]


def test_connect_makes_a_client_of_options_and_environment() -> None:
    options = {"endpoint": ENDPOINT, "validate_certs": True, "timeout": 30, "retries": 0}
    environ = {"HW_AUTH_TOKEN": SECRET, "HW_PROJECT_ID": "p/1"}
    client = connect(options, environ)
    script = Script(page(total=0))
    client._connection._session.mount("http://", script)
    assert list(client.list()) == []
    assert script.sent[0].url == f"{ENDPOINT}/v1/p%2F1/pull/stream/task?limit=100&offset=0"
    assert script.sent[0].headers["X-Auth-Token"] == SECRET
    assert client.secrets == {SECRET}


# Over real sockets


class Server(http.server.ThreadingHTTPServer):
    """A server on loopback that gives the same answer to everything, and counts.

    Attributes:
        reply: the answer.
        connections: how many connections there were, TLS done or not.
        requests: the headers of each request.
        together: what requests wait at for each other, if they do.
    """

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.reply = Reply(200, {"task_infos": [], "total": 0})
        self.connections = 0
        self.requests: list[dict[str, str]] = []
        self.together: threading.Barrier | None = None
        self._tls = tls
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Its root URL."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.server_port}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak TLS if that is wanted, then HTTP."""
        self.connections += 1
        if self._tls:
            try:
                request = self._tls.wrap_socket(request, server_side=True)
            except OSError:  # the client does not trust the certificate
                return
        super().finish_request(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the server says."""

    protocol_version = "HTTP/1.1"
    server: Server

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append(dict(self.headers))
        if self.server.together:
            self.server.together.wait()
        self.send_response(self.server.reply.status)
        for name, value in self.server.reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.reply.content)))
        self.end_headers()
        self.wfile.write(self.server.reply.content)

    do_GET = do_PUT = do_POST = _answer

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server."""
    with Server(tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback."""
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that nobody trusts unless told to."""
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_path(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its certificate."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[Server]:
    """A server on loopback with a certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with serving(context) as running:
        yield running


@pytest.fixture
def other_ca_path(tmp_path: Path) -> Path:
    """The certificate of another authority."""
    path = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    return path


def client_of(
    server: Server, clock: FakeClock, environ: dict[str, str] | None = None, auth: Any = None, **options: Any
) -> LiveClient:
    """A client for the server, with a module's options."""
    defaults = {"endpoint": server.url, "validate_certs": True, "timeout": 10, "retries": 2}
    settings = connection_settings({**defaults, **options}, environ or {})
    return LiveClient(Connection(settings, set(), clock=clock.clock), auth or NoAuth(), settings.endpoint, "p")


def test_all_requests_of_a_run_share_one_connection(server: Server, clock: FakeClock) -> None:
    client = client_of(server, clock)
    for _turn in range(3):
        assert list(client.list()) == []
        client.modify(BODY)
    assert (server.connections, len(server.requests)) == (1, 6)


def test_threads_keep_their_connections(server: Server) -> None:
    threads = 4
    environ = {"HW_AUTH_TOKEN": SECRET, "HW_PROJECT_ID": "p"}
    client = connect({"endpoint": server.url, "validate_certs": True, "timeout": 10, "retries": 0}, environ, threads)
    together = server.together = threading.Barrier(threads, timeout=10)
    with ThreadPoolExecutor(threads) as pool:
        for _turn in range(3):
            list(pool.map(client.modify, [BODY] * threads))
    assert not together.broken
    assert (server.connections, len(server.requests)) == (threads, 3 * threads)


def test_errors_leave_the_connection_in_use(server: Server, clock: FakeClock) -> None:
    client = client_of(server, clock)
    for status in (400, 503, 302):
        server.reply = Reply(status, PAGE, {"Location": "https://evil.example.com/"} if status == 302 else {})
        with pytest.raises(LiveApiError):
            client.modify(BODY)
    assert server.connections == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_reaches_the_other_host(server: Server, clock: FakeClock, status: int) -> None:
    with serving() as elsewhere:
        server.reply = Reply(status, b"", {"Location": f"{elsewhere.url}/"})
        client = client_of(server, clock, auth=TokenAuth(SECRET))
        for operation in (lambda: list(client.list()), lambda: client.modify(BODY)):
            with pytest.raises(LiveApiError, match="redirects are not followed"):
                operation()
        assert (len(server.requests), elsewhere.connections) == (2, 0)


@pytest.mark.parametrize("auth", [NoAuth(), TokenAuth("token")], ids=["IAM", "token"])
def test_netrc_is_not_read(
    server: Server, clock: FakeClock, auth: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password secret\ndefault login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    netrc.with_name(".netrc").write_text(netrc.read_text())
    client_of(server, clock, auth=auth).modify(BODY)
    assert "Authorization" not in server.requests[0]
    # That requests would have read it otherwise:
    requests.get(server.url, timeout=5)
    assert server.requests[1]["Authorization"].startswith("Basic ")


def test_no_proxy_sees_what_is_not_encrypted(server: Server, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy:
        for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("NO_PROXY", "")
        client_of(server, clock).modify(BODY)
        assert (server.connections, proxy.connections) == (1, 0)


def test_a_refused_connection_is_tried_again_and_nothing_was_carried_out(clock: FakeClock) -> None:
    with serving() as gone:
        client = client_of(gone, clock)
    with pytest.raises(LiveApiError) as raised:
        client.modify(BODY)
    assert " failed: Connection refused, after 3 attempts." in raised.value.message
    assert not raised.value.uncertain


def test_an_unknown_authority_is_final_at_once(tls_server: Server, clock: FakeClock) -> None:
    with pytest.raises(LiveApiError, match="certificate verify failed") as raised:
        client_of(tls_server, clock).modify(BODY)
    assert not raised.value.uncertain
    assert clock.naps == []
    assert (tls_server.connections, tls_server.requests) == (1, [])


def test_a_certificate_for_another_host_is_final_at_once(
    authority: trustme.CA, ca_path: Path, clock: FakeClock
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example.com").configure_cert(context)
    with serving(context) as running:
        with pytest.raises(LiveApiError, match="certificate") as raised:
            client_of(running, clock, ca_path=str(ca_path)).modify(BODY)
        assert not raised.value.uncertain
        assert (running.connections, running.requests) == (1, [])


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_options_about_certificates_win_over_the_environment(
    variable: str,
    tls_server: Server,
    clock: FakeClock,
    ca_path: Path,
    other_ca_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, str(other_ca_path))
    environ = {variable: str(other_ca_path)}
    client_of(tls_server, clock, environ, ca_path=str(ca_path)).modify(BODY)
    client_of(tls_server, clock, environ, validate_certs=False).modify(BODY)
    assert len(tls_server.requests) == 2

    monkeypatch.setenv(variable, str(ca_path))
    with pytest.raises(LiveApiError, match="certificate verify failed"):
        client_of(tls_server, clock, {variable: str(ca_path)}, ca_path=str(other_ca_path)).modify(BODY)
    client_of(tls_server, clock, {variable: str(ca_path)}).modify(BODY)
    assert len(tls_server.requests) == 3


def test_a_file_that_holds_no_certificates_is_final_at_once(
    tls_server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    path = tmp_path / "nothing.pem"
    path.write_text("nothing")
    with pytest.raises(LiveApiError) as raised:
        client_of(tls_server, clock, ca_path=str(path)).modify(BODY)
    assert not raised.value.uncertain
    assert clock.naps == []


def test_a_bundle_in_the_environment_that_does_not_exist_is_final_at_once(
    tls_server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    environ = {"REQUESTS_CA_BUNDLE": str(tmp_path / "missing.pem")}
    # Whether it is found out when the settings are made or when they are used.
    with pytest.raises(Exception, match=r"missing\.pem") as raised:
        client_of(tls_server, clock, environ).modify(BODY)
    assert not getattr(raised.value, "uncertain", False)
    assert clock.naps == []


def test_a_clock_of_its_own_is_the_systems() -> None:
    assert Connection(settings_with(), set())._clock == Clock()
