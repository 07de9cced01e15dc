# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request over real sockets: connections, time-outs, certificates and proxies."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._secrets import Secrets
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import connect
from ansible_collections.huaweicloud.live.plugins.module_utils._service.exchange import Adapter
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import connection_settings
from ansible_collections.huaweicloud.live.plugins.module_utils._service.signature import TokenAuth
from ansible_collections.huaweicloud.live.plugins.module_utils._service.transport import Transport
from ansible_collections.huaweicloud.live.tests.unit.fakes.answers import BODY, OK, PAGE, TASK_ID, URL
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply, Script, client_to, transport_to
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Drip, Received, Server

SECRET = "0123456789-the-secret-0123456789"


# The arguments of the adapter


def test_each_request_uses_the_settings_and_not_the_environment_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(variable, "/from/the/environment")
    for verify in (True, False, "/own/ca.pem"):
        script = Script(OK)
        client_to(script, verify=verify).modifying(TASK_ID).send(BODY)
        assert script.how == [{"verify": verify, "stream": True, "timeout": 30, "proxies": {}}]


PROXY = "http://proxy.example.com:3128"


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("http://127.0.0.1:9/", {"http_proxy": PROXY, "https_proxy": PROXY, "all_proxy": PROXY}, None),
        ("https://live.example.com/", {"https_proxy": PROXY}, PROXY),
        ("https://live.example.com/", {"HTTPS_PROXY": PROXY}, PROXY),
        ("https://live.example.com/", {"ALL_PROXY": PROXY}, PROXY),
        (
            "https://live.example.com/",
            {"https_proxy": PROXY, "HTTPS_PROXY": "http://x", "all_proxy": "http://y"},
            PROXY,
        ),
        ("https://live.example.com/", {"https_proxy": "", "HTTPS_PROXY": PROXY}, None),
        ("https://live.example.com/", {"http_proxy": PROXY}, None),
        ("https://live.example.com/", {}, None),
        *(
            ("https://live.example.com:8443/", {"https_proxy": PROXY, "no_proxy": names}, None)
            for names in ("live.example.com", "x, example.com", ".example.com", "*", "live.example.com:8443")
        ),
        *(
            ("https://live.example.com/", {"https_proxy": PROXY, "no_proxy": names}, PROXY)
            for names in ("", "ample.com", "live.example.com:8443", "example.org", "192.0.2.0/24")
        ),
        *(
            ("https://192.0.2.9/", {"https_proxy": PROXY, "NO_PROXY": names}, None)
            for names in ("192.0.2.9", "192.0.2.0/24", "192.0.2.1/24", "x,192.0.0.0/16 ", "*")
        ),
        ("https://192.0.2.9/", {"https_proxy": PROXY, "NO_PROXY": "192.0.3.0/24"}, PROXY),
        ("https://[2001:db8::1]/", {"https_proxy": PROXY, "no_proxy": "2001:db8::/32"}, None),
    ],
)
def test_a_proxy_is_for_https_only_and_is_from_the_environment_of_the_task(
    url: str, environ: Mapping[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(variable, "http://of-the-process.example.com")
    monkeypatch.setenv("no_proxy", "*")
    script = Script(OK)
    transport_to(script, environ=environ).request("GET", url)
    assert script.how[0]["proxies"].get("https") == proxy


@pytest.mark.parametrize("proxy", ["http://user:pass@", "http://user:pass@/"])
def test_a_proxy_without_a_host_is_an_error_without_its_password(proxy: str, clock: FakeClock) -> None:
    with pytest.raises(
        LiveApiError, match="address of the service, or of a proxy in the environment, cannot be used"
    ) as raised:
        transport_to(Script(OK), clock, environ={"https_proxy": proxy}).request("GET", "https://live.example.com/")
    assert "pass@" not in str(raised.value)
    assert clock.naps == []


# Over real sockets


EMPTY = Reply(200, {"task_infos": [], "total": 0})


def serving(tls: ssl.SSLContext | None = None) -> Server:
    """Serve an empty list of tasks for every request."""
    return Server(lambda request: EMPTY, tls)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback."""
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that is not trusted by default."""
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
    authority.issue_cert("127.0.0.1").configure_cert(context)
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
    transport = Transport(settings, environ or {}, Secrets(), tell=lambda text, verbosity: None, clock=clock.clock)
    return LiveClient(transport, auth, settings.endpoint, "p")


def test_all_requests_of_a_run_share_one_connection(server: Server, clock: FakeClock) -> None:
    client = client_of(server, clock)
    for _turn in range(3):
        assert list(client.list()) == []
        client.modifying(TASK_ID).send(BODY)
    assert (server.connections, len(server.received)) == (1, 6)


def test_each_thread_reuses_a_connection(server: Server) -> None:
    threads = 4
    environ = {"HW_AUTH_TOKEN": SECRET, "HW_PROJECT_ID": "p"}
    options = {"endpoint": server.url, "validate_certs": True, "timeout": 10, "retries": 0}
    client = connect(options, environ, lambda text, verbosity: None, threads)
    together = threading.Barrier(threads, timeout=10)

    def answer(_request: Received) -> Reply:
        together.wait()
        return EMPTY

    server.answer = answer
    with ThreadPoolExecutor(threads) as pool:
        for _turn in range(3):
            list(pool.map(lambda body: client.modifying(TASK_ID).send(body), [BODY] * threads))
    assert not together.broken
    assert (server.connections, len(server.received)) == (threads, 3 * threads)


def test_a_connection_is_reused_after_http_errors(server: Server, clock: FakeClock) -> None:
    client = client_of(server, clock)
    for status in (400, 503, 302):
        reply = Reply(status, PAGE, {"Location": "https://evil.example.com/"} if status == 302 else {})
        server.answer = lambda request, reply=reply: reply
        with pytest.raises(LiveApiError):
            client.modifying(TASK_ID).send(BODY)
    assert server.connections == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_not_followed(server: Server, clock: FakeClock, status: int) -> None:
    with serving() as elsewhere:
        reply = Reply(status, b"", {"Location": f"{elsewhere.url}/"})
        server.answer = lambda request, reply=reply: reply
        client = client_of(server, clock, auth=TokenAuth(SECRET))
        for operation in (lambda: list(client.list()), lambda: client.modifying(TASK_ID).send(BODY)):
            with pytest.raises(LiveApiError, match="redirects are not followed"):
                operation()
        assert (len(server.received), elsewhere.connections) == (2, 0)


@pytest.mark.parametrize("auth", [None, TokenAuth("token")], ids=["IAM", "token"])
def test_netrc_is_not_read(
    server: Server, clock: FakeClock, auth: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\ndefault login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    netrc.with_name(".netrc").write_text(netrc.read_text())
    client_of(server, clock, auth=auth).modifying(TASK_ID).send(BODY)
    assert "authorization" not in server.received[0].headers
    # Check that requests would read it:
    requests.get(server.url, timeout=5)
    assert server.received[1].headers["authorization"].startswith("Basic ")


def test_unencrypted_requests_bypass_the_proxy(
    server: Server, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as proxy:
        for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("NO_PROXY", "")
        client_of(server, clock).modifying(TASK_ID).send(BODY)
        assert (server.connections, proxy.connections) == (1, 0)


def test_a_refused_connection_is_not_uncertain(clock: FakeClock) -> None:
    with serving() as gone:
        client = client_of(gone, clock)
    with pytest.raises(LiveApiError) as raised:
        client.modifying(TASK_ID).send(BODY)
    assert " failed: Connection refused. Nothing listens at this address, " in raised.value.message
    assert not raised.value.uncertain


def test_an_unknown_authority_is_not_retried(tls_server: Server, clock: FakeClock) -> None:
    with pytest.raises(LiveApiError, match="certificate verify failed") as raised:
        client_of(tls_server, clock).modifying(TASK_ID).send(BODY)
    assert not raised.value.uncertain
    assert clock.naps == []
    assert (tls_server.connections, tls_server.received) == (1, [])


def test_a_certificate_for_another_host_is_not_retried(authority: trustme.CA, ca_path: Path, clock: FakeClock) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example.com").configure_cert(context)
    with serving(context) as running:
        with pytest.raises(LiveApiError, match="certificate") as raised:
            client_of(running, clock, ca_path=str(ca_path)).modifying(TASK_ID).send(BODY)
        assert not raised.value.uncertain
        assert (running.connections, running.received) == (1, [])


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
    client_of(tls_server, clock, environ, ca_path=str(ca_path)).modifying(TASK_ID).send(BODY)
    client_of(tls_server, clock, environ, validate_certs=False).modifying(TASK_ID).send(BODY)
    assert len(tls_server.received) == 2

    monkeypatch.setenv(variable, str(ca_path))
    with pytest.raises(LiveApiError, match="certificate verify failed"):
        client_of(tls_server, clock, {variable: str(ca_path)}, ca_path=str(other_ca_path)).modifying(TASK_ID).send(BODY)
    client_of(tls_server, clock, {variable: str(ca_path)}).modifying(TASK_ID).send(BODY)
    assert len(tls_server.received) == 3


def test_a_file_without_certificates_is_not_retried(tls_server: Server, clock: FakeClock, tmp_path: Path) -> None:
    path = tmp_path / "nothing.pem"
    path.write_text("nothing")
    with pytest.raises(LiveApiError) as raised:
        client_of(tls_server, clock, ca_path=str(path)).modifying(TASK_ID).send(BODY)
    assert not raised.value.uncertain
    assert clock.naps == []


def test_a_missing_bundle_in_the_environment_is_not_retried(
    tls_server: Server, clock: FakeClock, tmp_path: Path
) -> None:
    environ = {"REQUESTS_CA_BUNDLE": str(tmp_path / "missing.pem")}
    # The error may be raised for the settings or for the request.
    with pytest.raises(Exception, match=r"missing\.pem") as raised:
        client_of(tls_server, clock, environ).modifying(TASK_ID).send(BODY)
    assert not getattr(raised.value, "uncertain", False)
    assert clock.naps == []


# Time-outs. The server sends the pieces of a test slowly, without an end.

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((b"",), id="silence"),
        pytest.param((b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), id="one header after the other"),
        pytest.param((b"HTTP/1.1 200 OK\r\nX: ", b"y"), id="a header without an end"),
        pytest.param((HEAD, b" "), id="a body that drips"),
        pytest.param((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"), id="chunks that drip"),
        pytest.param((b"HTTP/1.1 503 X\r\nContent-Length: 9999\r\n\r\n", b"x"), id="an error that drips"),
        pytest.param(
            (b"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 9999\r\n\r\n", b"x"), id="a redirect that drips"
        ),
    ],
)
def test_a_request_ends_within_its_time_out(pieces: tuple[bytes, ...], clock: FakeClock) -> None:
    with Drip(*pieces) as server:
        transport = transport_to(Adapter(1), clock, timeout=0.15, retries=1)
        began, threads = time.monotonic(), threading.active_count()
        with pytest.raises(LiveApiError) as raised:
            transport.request("PUT", f"{server.url}/", body=BODY)
        assert raised.value.message == f"PUT {server.url}/ failed: no response within 0.15 seconds, after 2 attempts."
        assert raised.value.uncertain
        # Far less than the server would need, and enough for a busy machine.
        assert 0.3 <= time.monotonic() - began < 20
        # The server sees closed connections, and no thread is left.
        for _attempt in range(2):
            assert server.closed.acquire(timeout=20)
        assert threading.active_count() <= threads + 2, "the server's own"


def test_a_slow_response_within_the_time_out_is_complete(clock: FakeClock) -> None:
    body = b'{"task_infos": [], "total": 0}'
    with Drip(HEAD.replace(b"1000000", b"%d" % len(body)), body[:5], body[5:9], body[9:]) as server:
        answer = transport_to(Adapter(1), clock, timeout=60).request("GET", f"{server.url}/")
        assert answer.body == {"task_infos": [], "total": 0}


def test_interim_responses_are_skipped(clock: FakeClock) -> None:
    interim = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    with Drip(interim + HEAD.replace(b"1000000", b"2") + b"{}") as server:
        assert transport_to(Adapter(1), clock).request("GET", f"{server.url}/").body == {}


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((b"",), id="silence"),
        pytest.param((b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), id="one header after the other"),
        pytest.param((b"HTTP/1.1 200 OK\r\nX: ", b"y"), id="a header without an end"),
        pytest.param((b"HTTP/1.1 403 No\r\n", b"X: y\r\n"), id="a refusal that drips"),
    ],
)
def test_the_response_of_a_proxy_to_connect_counts_towards_the_time_out(
    pieces: tuple[bytes, ...], clock: FakeClock
) -> None:
    with Drip(*pieces) as proxy:
        transport = transport_to(Adapter(1), clock, timeout=0.15, retries=1, environ={"https_proxy": proxy.url})
        with pytest.raises(LiveApiError) as raised:
            transport.request("PUT", "https://live.example.com/", body=BODY)
        assert raised.value.message == (
            "PUT https://live.example.com/ failed: no response within 0.15 seconds, after 2 attempts."
        )
        assert not raised.value.uncertain, "the request did not go out"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP", "identity, gzip", "x\x1b[31m"], ids=ascii)
def test_an_encoded_response_is_refused_unread(encoding: str, clock: FakeClock) -> None:
    body = gzip.compress(b'{"task_infos": [], "total": 0}' + b" " * 10**6)
    script = Script(Reply(200, body, {"Content-Encoding": encoding, "X-Request-Id": "r1"}))
    with pytest.raises(LiveApiError) as raised:
        transport_to(script, clock).request("PUT", URL, body=BODY)
    assert raised.value.message == (
        f"PUT {URL} failed: HTTP 200 with a response in the Content-Encoding {encoding!r}, which was not requested"
        " (request id r1)."
    )
    assert raised.value.uncertain
    assert len(script.sent) == 1


def test_an_encoded_error_keeps_its_status_and_is_retried(clock: FakeClock) -> None:
    script = Script(Reply(503, gzip.compress(b"{}"), {"Content-Encoding": "gzip"}), OK)
    assert transport_to(script, clock).request("PUT", URL, body=BODY).status == 200
    script = Script(Reply(403, gzip.compress(b"{}"), {"Content-Encoding": "gzip"}))
    with pytest.raises(LiveApiError, match="HTTP 403, a response in the Content-Encoding 'gzip'") as raised:
        transport_to(script, clock).request("PUT", URL, body=BODY)
    assert raised.value.details["http_status"] == 403


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_an_identity_encoding_is_read(encoding: str, clock: FakeClock) -> None:
    answer = Reply(200, {"task_id": TASK_ID}, {"Content-Encoding": encoding})
    assert transport_to(Script(answer), clock).request("PUT", URL, body=BODY).body == {"task_id": TASK_ID}
