# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses: request ids, errors in every shape, and malformed responses."""

from __future__ import annotations

import collections
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.exchange import exchange
from ansible_collections.huaweicloud.live.tests.unit.fakes.answers import BODY, OK, PAGE, TASK_ID, URL, failure
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply, Script, client_to

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
def test_the_request_id_is_from_the_body_or_the_headers(body: Any, headers: dict[str, str], request_id: Any) -> None:
    assert client_to(Script(Reply(200, body, headers))).modifying(TASK_ID).send(BODY).request_id == request_id
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
def test_an_error_that_is_not_a_json_object_is_quoted_in_part(content: bytes, words: str) -> None:
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
def test_a_2xx_that_is_not_json_is_an_error(content: bytes) -> None:
    script = Script(Reply(200, content))
    with pytest.raises(LiveApiError) as raised:
        list(client_to(script).list())
    assert "failed: HTTP 200 with a response that is not JSON: " in raised.value.message
    assert len(raised.value.message) < 600
    assert raised.value.details == {"http_status": 200}
    assert len(script.sent) == 1
    assert failure(Reply(200, content)).uncertain


@pytest.mark.parametrize(
    "content", [b'\xef\xbb\xbf{"task_infos": [], "total": 0}', rb'{"task_infos": [], "a": "\ud83d\ude00"}']
)
def test_unusual_json_is_understood(content: bytes) -> None:
    assert list(client_to(Script(Reply(200, content))).list()) == []


def test_a_response_that_is_too_large_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{exchange.__module__}.MAX_ANSWER", 1000)
    script = Script(Reply(200, b" " * 1001))
    with pytest.raises(LiveApiError, match="the response is larger than 1000 bytes") as raised:
        list(client_to(script).list())
    assert len(script.sent) == 1
    assert raised.value.uncertain
    assert list(client_to(Script(Reply(200, b'{"total": 0}'.ljust(1000)))).list()) == []


# Any response

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


@pytest.mark.hypothesis
@pytest.mark.parametrize("operation", ["list", "get", "modify"])
def test_any_response_is_a_result_or_a_clear_error(operation: str, examples: collections.Counter[str]) -> None:
    @settings(max_examples=2 * settings().max_examples)
    @given(
        st.sampled_from([200, 200, 201, 204, 301, 400, 429, 503, 599]), headers_of_any_kind, st.binary() | json_values
    )
    def try_one(status: int, headers: dict[str, str], body: Any) -> None:
        client = client_to(Script(Reply(status, body, headers), Reply(200, {"total": 0})))
        try:
            if operation == "list":
                assert all(isinstance(task, dict) for task in client.list())
            elif operation == "get":
                task = client.get(TASK_ID)
                assert task is None or task["task_id"] == TASK_ID
            else:
                request_id = client.modifying(TASK_ID).send(BODY).request_id
                assert request_id is None or isinstance(request_id, str)
        except LiveApiError as error:
            json.dumps(error.result(), ensure_ascii=False).encode()
            examples["hostile answers refused"] += 1
        else:
            examples["hostile answers accepted"] += 1

    try_one()


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    ["https://evil.example.com/", "/elsewhere", "", "http://[", "//[::1", "http://h:port/", "\xff\xfe", "a b"],
)
def test_a_redirect_is_an_error_that_names_it(status: int, location: str, clock: FakeClock) -> None:
    script = Script(Reply(status, b"", {"Location": location}), OK)
    with pytest.raises(LiveApiError) as raised:
        client_to(script, clock).modifying(TASK_ID).send(BODY)
    assert f"HTTP {status}, a redirect to {location!r}, and redirects are not followed" in raised.value.message
    assert len(script.sent) == 1
    assert clock.naps == []
    assert not raised.value.uncertain


# Long responses


def test_a_long_error_is_shortened() -> None:
    error = failure(
        Reply(400, {"error_code": "c" * 10**6, "error_msg": "key=" + "." * 10**6, "request_id": "r" * 10**6})
    )
    assert len(error.message) < 4000
    assert all(len(str(value)) < 1100 for value in error.details.values())


def test_a_long_response_is_shortened() -> None:
    with pytest.raises(LiveApiError) as raised:
        client_to(Script(Reply(200, {"what": "x" * 10**6}))).creating().send(BODY)
    assert len(raised.value.message) < 500
