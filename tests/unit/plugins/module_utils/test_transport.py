# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request with its retries: delays, deadlines and progress reports."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._secrets import Secrets
from ansible_collections.huaweicloud.live.plugins.module_utils._service import answers
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import connection_settings
from ansible_collections.huaweicloud.live.plugins.module_utils._service.transport import LONGEST_BACKOFF, Transport
from ansible_collections.huaweicloud.live.tests.unit.fakes.answers import BODY, OK, PAGE, TASK_ID, URL, failure, page
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import EPOCH, FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import (
    Reply,
    Script,
    client_to,
    settings_with,
    transport_to,
)

# Retries

RETRIED = (429, 500, 502, 503, 504)


@pytest.mark.parametrize("status", RETRIED)
@pytest.mark.parametrize("content", [b"", PAGE, b'{"error_code": "APIGW.0201"}'], ids=["empty", "HTML", "JSON"])
def test_a_request_is_sent_again_until_it_succeeds(status: int, content: bytes, clock: FakeClock) -> None:
    script = Script(*[Reply(status, content)] * 5, OK)
    assert client_to(script, clock).modifying(TASK_ID).send(BODY).request_id == "r1"
    assert len(script.sent) == 6
    assert len({(request.method, request.url, request.body) for request in script.sent}) == 1


@pytest.mark.parametrize("status", RETRIED)
@pytest.mark.parametrize("retries", [0, 1, 5])
def test_after_the_last_retry_the_last_failure_is_the_error(status: int, retries: int) -> None:
    script = Script(Reply(status, {"error_code": "A", "request_id": "first"}), Reply(status, {"error_code": "B"}))
    with pytest.raises(LiveApiError) as raised:
        client_to(script, retries=retries).modifying(TASK_ID).send(BODY)
    assert len(script.sent) == retries + 1
    attempts = f", after {retries + 1} attempts" if retries else ""
    code, request_id = ("B", "") if retries else ("A", " (request id first)")
    assert raised.value.message == f"PUT {URL} failed: HTTP {status}, {code}{request_id}{attempts}."
    assert raised.value.details["http_status"] == status


@pytest.mark.parametrize("status", [300, 400, 401, 403, 404, 408, 409, 413, 422, 499, 501, 505])
def test_other_statuses_are_not_retried(status: int, clock: FakeClock) -> None:
    script = Script(Reply(status, {"error_code": "A"}), OK)
    with pytest.raises(LiveApiError):
        client_to(script, clock).modifying(TASK_ID).send(BODY)
    assert len(script.sent) == 1
    assert clock.naps == []


def nested(error: Exception) -> requests.exceptions.ConnectionError:
    """Return an error as requests and urllib3 wrap it."""
    return requests.exceptions.ConnectionError(MaxRetryError(None, URL, error))  # type: ignore[arg-type]


def refused() -> requests.exceptions.ConnectionError:
    """A refused connection."""
    return nested(NewConnectionError(None, "[Errno 111] Connection refused"))  # type: ignore[arg-type]


REFUSED = refused()


def within(context: Exception, error: Exception) -> Exception:
    """Return an error that was raised while another was handled."""
    error.__context__ = context
    return error


# As urllib3 before 2.0 raises it, and with an unrelated error as context.
REFUSED_BEFORE_2 = nested(within(ConnectionRefusedError(111, "Connection refused"), refused().args[0].reason))
BROKE_OFF = within(ValueError("invalid literal"), requests.exceptions.ChunkedEncodingError("broke off"))
RESET = requests.exceptions.ConnectionError(
    ProtocolError("Connection aborted.", ConnectionResetError(104, "Connection reset by peer"))
)
LOST = [
    pytest.param(REFUSED, "None: [Errno 111] Connection refused", False, id="refused"),
    pytest.param(RESET, "Connection reset by peer", True, id="reset"),
    pytest.param(requests.exceptions.ConnectTimeout(), "no response within 30 seconds", False, id="connect time-out"),
    pytest.param(requests.exceptions.ReadTimeout(), "no response within 30 seconds", True, id="read time-out"),
    pytest.param(BROKE_OFF, "broke off", True, id="broke off"),
    # urllib3 raises it too if a connection through a proxy breaks later.
    pytest.param(requests.exceptions.ProxyError("proxy gone"), "proxy gone", True, id="proxy"),
    pytest.param(ProtocolError("odd"), "odd", True, id="urllib3's own"),
    pytest.param(OSError(32, "Broken pipe"), "Broken pipe", True, id="the system's own"),
    pytest.param(
        nested(ReadTimeoutError(None, URL, "Read timed out.")), "no response within 30 seconds", True, id="nested"
    ),  # type: ignore[arg-type]
    pytest.param(requests.exceptions.ConnectionError(), "ConnectionError", True, id="without words"),
    pytest.param(requests.exceptions.ConnectionError("no certificate"), "no certificate", True, id="not about TLS"),
    pytest.param(requests.exceptions.ConnectionError("very " * 99), "very " * 60, True, id="many words"),
]


@pytest.mark.parametrize(("error", "words", "uncertain"), LOST)
def test_a_lost_request_is_sent_again(error: Exception, words: str, uncertain: bool, clock: FakeClock) -> None:
    script = Script(error, error, OK)
    assert client_to(script, clock).modifying(TASK_ID).send(BODY).request_id == "r1"
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
def test_delays_grow_up_to_a_limit_with_full_jitter(chance: float) -> None:
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
def test_retry_after_is_obeyed_up_to_the_limit(status: int, retry_after: str, seconds: float) -> None:
    clock = FakeClock(chance=0)
    headers = {"Retry-After": retry_after.encode().decode("latin-1")}
    assert client_to(Script(Reply(status, b"", headers), OK), clock).modifying(TASK_ID).send(BODY).request_id == "r1"
    assert clock.seconds - 1000 == pytest.approx(seconds)


def test_the_delay_is_never_shorter_than_the_jitter() -> None:
    clock = FakeClock(chance=1)
    client_to(Script(Reply(503, b"", {"Retry-After": "0"}), OK), clock).modifying(TASK_ID).send(BODY)
    assert clock.naps == [0.5]


class Meanwhile(FakeClock):
    """A clock that runs a function during each sleep, as another thread would."""

    def __init__(self, do: Callable[[], object], times: int) -> None:
        super().__init__(chance=0)
        self._do = do
        self._left = times
        self._doing = False

    def _sleep(self, seconds: float) -> None:
        if self._left and not self._doing:
            self._left -= 1
            self._doing = True
            self._do()
            self._doing = False
        super()._sleep(seconds)


@pytest.mark.parametrize(("status", "held_back"), [(429, True), (503, False)])
def test_only_a_throttled_request_holds_back_the_others(status: int, held_back: bool) -> None:
    done: list[float] = []

    def other() -> None:
        transport.request("GET", f"{URL}?other")
        done.append(clock.seconds)

    clock = Meanwhile(other, times=1)
    script = Script(Reply(status, b"", {"Retry-After": "9"}), OK)
    transport = transport_to(script, clock)
    transport.request("GET", URL)
    assert done == [1009 if held_back else 1000]
    assert [str(request.url).endswith("?other") for request in script.sent] == [False, True, False]


def test_a_throttled_write_uses_no_retry_while_other_writes_are_served() -> None:
    clock = Meanwhile(lambda: transport.request("PUT", f"{URL}?other"), times=10)
    # Each request is throttled ten times while others succeed; then no request succeeds any more.
    throttled = Reply(429)
    script = Script(*[throttled, OK] * 10, *[throttled] * 9)
    transport = transport_to(script, clock, retries=2)
    with pytest.raises(LiveApiError) as raised:
        transport.request("PUT", URL)
    attempts = [str(request.url).endswith("?other") for request in script.sent].count(False)
    assert attempts > 3, "those during which others were served are not counted as retries"
    assert raised.value.message.endswith(f"after {attempts} attempts.")


def test_a_throttled_write_uses_retries_while_only_reads_are_served() -> None:
    clock = Meanwhile(lambda: transport.request("GET", f"{URL}?other"), times=10)
    script = Script(*[Reply(429), page(total=0)] * 10)
    transport = transport_to(script, clock, retries=2)
    with pytest.raises(LiveApiError, match=r"after 3 attempts\.$"):
        transport.request("PUT", URL)


@pytest.mark.parametrize("body", [{"error_code": "LIVE.1", "error_msg": "no"}, {"error": {"code": "LIVE.1"}}])
def test_a_200_with_an_error_code_is_an_error(body: Any) -> None:
    raised = failure(Reply(200, json.dumps(body).encode()))
    assert "HTTP 200, LIVE.1" in raised.message
    assert (raised.uncertain, raised.details["error_code"]) == (True, "LIVE.1")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error_msg": "denied"}, "HTTP 200, denied."),
        ({"error": {"message": "denied"}}, "HTTP 200, denied."),
        ({"task_id": TASK_ID, "error_code": "LIVE.1", "error_msg": "denied"}, "HTTP 200, LIVE.1 denied."),
    ],
)
def test_a_200_with_an_error_message_is_an_error(body: Any, words: str) -> None:
    raised = failure(Reply(200, body))
    assert raised.message == f"PUT {URL} failed: {words}"
    assert raised.uncertain


def test_a_200_with_a_task_id_and_a_message_is_a_success() -> None:
    assert (
        client_to(Script(Reply(200, {"task_id": TASK_ID, "request_id": "r1", "message": "done"})))
        .modifying(TASK_ID)
        .send(BODY)
        .request_id
        == "r1"
    )


def test_nothing_is_sent_again_after_the_deadline(clock: FakeClock) -> None:
    script = Script(Reply(503))
    with pytest.raises(LiveApiError):
        client_to(script, clock, retries=100).get(TASK_ID, deadline=clock.seconds + 20)
    # At most 0.5, 1, 2, 4 and 8 seconds; the next delay would end after the deadline.
    assert (len(script.sent), sum(clock.naps)) == (6, 15.5)


def test_an_error_before_the_deadline_is_sent_again(clock: FakeClock) -> None:
    script = Script(Reply(503), page(total=0))
    assert client_to(script, clock).get(TASK_ID, deadline=clock.seconds + 20) is None
    assert len(script.sent) == 2


@pytest.mark.parametrize(("left", "timeout"), [(100, 30), (20, 20), (1.5, 1.5), (0.1, 1), (0, 1), (-5, 1)])
def test_each_attempt_ends_at_the_deadline(clock: FakeClock, left: float, timeout: float) -> None:
    script = Script(page(total=0))
    client_to(script, clock).get(TASK_ID, deadline=clock.seconds + left)
    assert [how["timeout"] for how in script.how] == [timeout]


def test_each_wait_is_reported_with_its_reason(clock: FakeClock) -> None:
    reported: list[str] = []
    throttled = Reply(429, {"error_code": "APIGW.0308"}, {"Retry-After": "30"})
    transport_to(
        Script(OSError(104, "reset"), throttled, OK), clock, tell=lambda text, _verbosity: reported.append(text)
    ).request("GET", URL)
    assert reported == [f"GET {URL}: reset; waiting 0.5 s", f"GET {URL}: HTTP 429, APIGW.0308; waiting 30.0 s"]


@pytest.mark.parametrize(
    "error", [ValueError("no SOCKS version in socks://u:pass"), UnicodeEncodeError("l", "p", 0, 1, "")]
)
def test_an_error_of_requests_about_a_proxy_is_not_quoted(error: ValueError, clock: FakeClock) -> None:
    raised = failure(error, clock=clock)
    assert raised.message == (
        f"PUT {URL} failed: the address of the service, or of a proxy in the environment, cannot be used."
    )
    assert raised.uncertain, "it is not known when it stumbled"
    assert clock.naps == []


def test_an_invalid_retry_after_is_ignored(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    def before_python_3_10(_value: str) -> datetime:
        raise IndexError

    monkeypatch.setattr(answers, "parsedate_to_datetime", before_python_3_10)
    script = Script(Reply(503, b"", {"Retry-After": "Mon, 01 Jan , 00:00:00 GMT"}), OK)
    assert client_to(script, clock).modifying(TASK_ID).send(BODY).request_id == "r1"


# A name that does not resolve

SLIP = "https://live.cn-nroth-4.myhuaweicloud.com"


def unresolved() -> requests.exceptions.ConnectionError:
    """Return the error of requests for a name that is not in the DNS."""
    error = NewConnectionError(None, "no")  # type: ignore[arg-type]
    error.__cause__ = socket.gaierror(-2, "Name or service not known")
    return requests.exceptions.ConnectionError(MaxRetryError(None, "/", error))  # type: ignore[arg-type]


@pytest.mark.parametrize(("retries", "sent"), [(5, 2), (1, 2), (0, 1)])
def test_a_host_that_cannot_be_resolved_is_tried_at_most_twice(retries: int, sent: int) -> None:
    script = Script(unresolved())
    transport = transport_to(script, retries=retries, region="cn-nroth-4")
    with pytest.raises(LiveApiError) as raised:
        transport.request("GET", f"{SLIP}/v1")
    assert len(script.sent) == sent
    assert "failed: Name or service not known" in raised.value.message
    assert raised.value.message.endswith(" Check region, 'cn-nroth-4': the name of the host contains it.")
    assert not raised.value.uncertain


def test_an_unresolved_host_without_the_region_says_to_check_the_endpoint() -> None:
    with pytest.raises(LiveApiError) as raised:
        transport_to(Script(unresolved())).request("GET", "https://live.example.com/v1")
    assert raised.value.message.endswith(" Check endpoint and iam_endpoint, or the DNS.")


def test_an_unresolved_proxy_does_not_say_to_check_the_region() -> None:
    error = requests.exceptions.ProxyError(unresolved().args[0])
    with pytest.raises(LiveApiError) as raised:
        transport_to(Script(error), retries=2, region="cn-nroth-4").request("GET", f"{SLIP}/v1")
    assert "after 3 attempts." in raised.value.message
    assert "region" not in raised.value.message


# An address at which nothing listens


def nothing_listens() -> requests.exceptions.ConnectionError:
    """Return the error of requests for a refused connection."""
    error = NewConnectionError(None, "no")  # type: ignore[arg-type]
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return nested(error)


@pytest.mark.parametrize("error", [nothing_listens(), REFUSED_BEFORE_2], ids=["urllib3", "urllib3 before 2.0"])
def test_a_refused_connection_to_another_machine_is_retried(error: Exception) -> None:
    with pytest.raises(LiveApiError) as raised:
        transport_to(Script(error), retries=2).request("GET", "https://live.example.com/v1")
    assert raised.value.message == "GET https://live.example.com/v1 failed: Connection refused, after 3 attempts."
    assert not raised.value.uncertain


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost:9", "[::1]:9"])
def test_a_refused_connection_to_this_machine_is_not_retried(host: str, clock: FakeClock) -> None:
    script = Script(nothing_listens())
    with pytest.raises(LiveApiError, match=r"failed: Connection refused\.$"):
        transport_to(script, clock).request("GET", f"http://{host}/v1")
    assert (len(script.sent), clock.naps) == (1, [])


def test_a_refused_connection_to_this_machine_is_retried_if_it_answered_before(clock: FakeClock) -> None:
    transport = transport_to(Script(OK, nothing_listens(), nothing_listens(), OK), clock)
    for _request in range(2):
        transport.request("GET", "http://127.0.0.1:9/v1")
    assert len(clock.naps) == 2


def test_answers_of_another_port_of_this_machine_make_no_difference(clock: FakeClock) -> None:
    script = Script(OK, nothing_listens())
    transport = transport_to(script, clock)
    transport.request("GET", "http://127.0.0.1:8/v3/projects")
    with pytest.raises(LiveApiError):
        transport.request("GET", "http://127.0.0.1:9/v1")
    assert (len(script.sent), clock.naps) == (2, [])


@pytest.mark.parametrize(
    ("options", "environ", "hint"),
    [
        ({}, {}, ""),
        (
            {"endpoint": "http://127.0.0.1:9"},
            {},
            " Nothing listens at this address, which is the value of endpoint. Correct the address, or start the"
            " service there.",
        ),
        (
            {},
            {"HUAWEICLOUD_LIVE_ENDPOINT": "http://127.0.0.1:9/"},
            " Nothing listens at this address, which is the value of endpoint (from HUAWEICLOUD_LIVE_ENDPOINT). Correct"
            " the address, or unset the variable, or start the service there.",
        ),
        (
            {},
            {"HUAWEICLOUD_LIVE_ENDPOINT": "http://127.0.0.1:9", "HW_AUTH_URL": "http://127.0.0.1:9/v3"},
            " Nothing listens at this address, which is the value of endpoint (from HUAWEICLOUD_LIVE_ENDPOINT) and"
            " iam_endpoint (from HW_AUTH_URL). Correct the address, or unset the variable, or start the service there.",
        ),
        ({"endpoint": "http://127.0.0.1:99"}, {"HW_AUTH_URL": "http://127.0.0.1:8"}, ""),
    ],
)
def test_a_refused_connection_names_the_option_or_variable_of_the_address(
    options: dict[str, Any], environ: dict[str, str], hint: str
) -> None:
    given = {"region": "cn-north-4", "validate_certs": True, "timeout": 30, "retries": 5, **options}
    sources = connection_settings(given, environ).sources
    with pytest.raises(LiveApiError) as raised:
        transport_to(Script(nothing_listens()), sources=sources).request("GET", "http://127.0.0.1:9/v1")
    assert raised.value.message == f"GET http://127.0.0.1:9/v1 failed: Connection refused.{hint}"


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"https_proxy": "http://127.0.0.1:9"}, "https_proxy"),
        ({"HTTPS_PROXY": "http://me:secret-word@127.0.0.1:9"}, "HTTPS_PROXY"),
        ({"ALL_PROXY": "http://127.0.0.1:9"}, "ALL_PROXY"),
    ],
)
def test_a_refused_connection_to_a_proxy_names_its_variable(environ: dict[str, str], variable: str) -> None:
    settings = settings_with(retries=0, endpoint="https://live.example.com")
    transport = Transport(settings, environ, Secrets(), tell=lambda text, verbosity: None)
    with pytest.raises(LiveApiError) as raised:
        transport.request("GET", "https://live.example.com/v1")
    assert f"failed: Connection refused by the proxy of {variable}." in raised.value.message
    assert "secret-word" not in raised.value.message
