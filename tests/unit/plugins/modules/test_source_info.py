# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""live_source_info on servers with every fault, in this process."""

from __future__ import annotations

import base64
import importlib
import logging
import re
import socket
import ssl
import sys
import threading
import time
import types
import warnings
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import silent
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._source import fetch
from ansible_collections.huaweicloud.live.plugins.module_utils._source.reasons import reason_of
from ansible_collections.huaweicloud.live.plugins.modules import live_source_info
from ansible_collections.huaweicloud.live.tests.emulator import Emulator
from ansible_collections.huaweicloud.live.tests.emulator.files import FILES, LARGE, MP4, PAGE
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Drip, Received, Server
from ansible_collections.huaweicloud.live.tests.unit.fakes.wire import wait_until

SOON = 0.3
"""Seconds for a file, for tests in which a file takes too long."""


@pytest.fixture(scope="module")
def started() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def server(started: Emulator) -> Emulator:
    started.reset()
    return started


def at(server: Emulator, *names: str) -> list[str]:
    """Return the URLs of files."""
    return [f"{server.url}/files/{name}" for name in names]


def look(urls: list[Any], environ: Mapping[str, str] | None = None, **options: Any) -> dict[str, Any]:
    """Return the results of the module."""
    defaults = {name: option.get("default") for name, option in live_source_info.ARGUMENTS.items()}
    options = {**defaults, "source_urls": urls, **options}
    return perform(live_source_info.run, options, environ or {}, False, silent, reads=True)


def found(urls: list[Any], environ: Mapping[str, str] | None = None, **options: Any) -> list[dict[str, Any]]:
    """Return the sources in the results of a run that did not fail."""
    results = look(urls, environ, **options)
    assert "msg" not in results, results["msg"]
    assert results["changed"] is False
    sources: list[dict[str, Any]] = results["sources"]
    return sources


def error_of(url: str, environ: Mapping[str, str] | None = None, **options: Any) -> str:
    """Return why a file cannot be read, which is also in the text of its problem."""
    results = look([url], environ, **options)
    [source], [problem] = results["sources"], results["problems"]
    assert source["reachable"] is False
    assert problem["kind"] == "unreachable"
    assert source["error"] in problem["text"]
    return str(source["error"])


# Every file of the server: reachable, status, seekable, size, kind, problem.
WHOLE = len(MP4)
EXPECTED: dict[str, tuple[Any, ...]] = {
    "good.mp4": (True, 206, True, WHOLE, "mp4", None),
    "small.mp4": (True, 206, True, 40, "mp4", None),
    "whole.mp4": (True, 200, False, WHOLE, "mp4", None),
    "no-ranges.mp4": (True, 200, False, WHOLE, "mp4", None),
    "chunked.mp4": (True, 200, False, None, "mp4", None),
    "large.mp4": (True, 200, False, LARGE, "mp4", None),
    "drip.mp4": (False, 200, None, None, None, "unreachable"),
    "silent.mp4": (False, None, None, None, None, "unreachable"),
    "broken.mp4": (False, 200, None, None, None, "unreachable"),
    "reset.mp4": (False, None, None, None, None, "unreachable"),
    "empty.mp4": (True, 200, False, 0, "empty", "empty"),
    "page.mp4": (True, 206, True, len(PAGE), "html", "web_page"),
    "page-gzip.mp4": (True, 200, False, None, "html", "web_page"),
    "list.m3u8": (True, 206, True, 25, "hls", None),
    "error.xml": (True, 200, False, 58, "xml", "not_media"),
    "notes.txt": (True, 206, True, 19, "text", "not_media"),
    "picture.jpg": (True, 206, True, 11, "unknown", None),
    "forbidden.mp4": (False, 403, None, None, None, "unreachable"),
    "login.mp4": (False, 401, None, None, None, "unreachable"),
    "down.mp4": (False, 503, None, None, None, "unreachable"),
    "moved.mp4": (True, 206, True, WHOLE, "mp4", None),
    "loop.mp4": (False, 301, None, None, None, "unreachable"),
    "missing.mp4": (False, 404, None, None, None, "unreachable"),
}


def test_each_file_of_the_emulator_has_its_results(server: Emulator) -> None:
    assert {*FILES} == {*EXPECTED} - {"missing.mp4"}
    results = look(at(server, *EXPECTED), timeout=SOON, concurrency=8)
    problems = {entry: problem["kind"] for problem in results["problems"] for entry in problem["entries"]}
    names = ("reachable", "http_status", "seekable", "size", "kind")
    facts = [(*(source[name] for name in names), problems.get(i)) for i, source in enumerate(results["sources"])]
    assert dict(zip(EXPECTED, facts)) == EXPECTED
    assert [source["url"] for source in results["sources"]] == at(server, *EXPECTED)
    assert all((source["error"] is None) is (source["reachable"] is True) for source in results["sources"])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.mp4", "the server answers HTTP 404 (Not Found): the file does not exist"),
        ("forbidden.mp4", "HTTP 403 (Forbidden): it does not let this machine read the file, or the signature"),
        ("login.mp4", "HTTP 401 (Unauthorized): it requires a user and a password, or refuses those in the URL"),
        ("down.mp4", "the server answers HTTP 503 (Service Unavailable)"),
        ("drip.mp4", "it timed out after 0.3 seconds"),
        ("silent.mp4", "it timed out after 0.3 seconds"),
        ("broken.mp4", "the connection broke off after 100 bytes"),
        ("reset.mp4", "the server closed the connection before it answered"),
        ("loop.mp4", "more than 10 redirects, which may lead in a circle"),
    ],
)
def test_the_error_says_why_a_file_cannot_be_read(server: Emulator, name: str, says: str) -> None:
    assert says in error_of(*at(server, name), timeout=SOON)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            "200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno-size\r\n",
            "the connection broke off, or the response has malformed chunks",
        ),
        (
            "200 OK\r\n" + "X-Header: a\r\n" * 150 + "\r\n",
            "the response is not valid HTTP (got more than 100 headers)",
        ),
    ],
)
def test_the_error_says_that_a_response_is_not_valid_http(answer: str, says: str) -> None:
    with Drip(f"HTTP/1.1 {answer}".encode()) as broken:
        assert error_of(broken.url) == says


def test_a_known_cause_is_reported_although_another_error_came_before_it() -> None:
    # urllib3 1.26 tries another call before, whose error has nothing to do with the server.
    error = HTTPException("got more than 100 headers")
    error.__context__ = TypeError("getresponse() got an unexpected keyword argument 'buffering'")
    assert reason_of(error) == "the response is not valid HTTP (got more than 100 headers)"


@pytest.mark.parametrize("interim", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_an_interim_response_is_skipped(interim: str) -> None:
    hints = f"HTTP/1.1 {interim}\r\nLink: </style.css>; rel=preload\r\n\r\n".encode()
    with Drip(2 * hints + b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n" + MP4[:12]) as drip:
        [source] = found([drip.url])
    assert (source["http_status"], source["kind"], source["size"]) == (200, "mp4", 12)


def test_a_size_is_not_reported_if_the_response_has_chunks() -> None:
    head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
    with Drip(f"{head}5\r\nhello\r\n0\r\n\r\n".encode()) as server:
        [source] = found([server.url])
    assert (source["kind"], source["size"]) == ("text", None)


@pytest.mark.parametrize(
    ("encoding", "size", "seekable"), [("utf-8", 5000, True), ("aws-chunked", 5000, True), ("x-gzip", None, False)]
)
def test_an_unknown_content_encoding_is_ignored(encoding: str, size: int | None, seekable: bool) -> None:
    headers = {"Content-Encoding": encoding, "Content-Range": "bytes 0-4095/5000"}
    with Server(lambda _request: Reply(206, MP4[:4096], headers)) as server:
        [source] = found([server.url])
    assert (source["kind"], source["size"], source["seekable"]) == ("mp4", size, seekable)


# What is sent


def test_each_different_url_is_read_once_with_one_request_for_its_first_bytes(server: Emulator) -> None:
    one, two = at(server, "good.mp4", "good.mp4?v=2")
    sources = found([one, two, one])
    assert [source["url"] for source in sources] == [one, two, one]
    assert sources[0] == sources[2]
    # The files are read at the same time, so their order is not known.
    assert sorted(request["target"] for request in server.files.requests) == ["/files/good.mp4", "/files/good.mp4?v=2"]
    for request in server.files.requests:
        assert request["method"] == "GET"
        assert request["headers"]["range"] == "bytes=0-4095"
        assert request["headers"]["accept-encoding"] == "identity"
        assert {*request["headers"]} == {"host", "user-agent", "accept", "accept-encoding", "range"}
        assert request["sent"] == 4096


def test_a_server_without_ranges_is_cut_off_after_the_first_bytes(server: Emulator) -> None:
    [source] = found(at(server, "large.mp4"))
    assert source["size"] == LARGE
    [request] = server.files.requests
    sizes: list[int] = []
    # The server stops when it notices that the connection is closed.
    wait_until(lambda: sizes.append(request["sent"]) or len(sizes) > 3)
    assert server.files.requests[0]["sent"] < 500_000


def test_a_refused_range_is_requested_once(server: Emulator) -> None:
    found(at(server, "no-ranges.mp4"))
    assert ["range" in request["headers"] for request in server.files.requests] == [True, False]


def test_credentials_of_the_service_are_not_sent(server: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"HW_AUTH_TOKEN": "a-token-of-the-service", "HUAWEICLOUD_SDK_AK": "an-ak", "HUAWEICLOUD_SDK_SK": "an-sk"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found(at(server, "good.mp4"), environ)
    assert not re.search("a-token-of|an-ak|an-sk", str(server.files.requests))


def test_netrc_is_not_read(server: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    found(at(server, "good.mp4"))
    assert "authorization" not in server.files.requests[0]["headers"]


def test_urls_that_are_not_http_are_not_read() -> None:
    urls = ["rtmp://media.example.com/live/one", "SRT://media.example.com:9000", "rtsp://media.example.com/two"]
    results = look(urls)
    assert results["problems"] == []
    for source, url in zip(results["sources"], urls):
        assert source.pop("url") == url
        assert {*source.values()} == {None}


# Redirects


def test_a_redirect_is_followed_and_reported(server: Emulator) -> None:
    [source] = found(at(server, "moved.mp4?to=/files/page.mp4%3Fauth_key%3Dsecret-value"))
    assert source["final_url"] == f"{server.url}/files/page.mp4?auth_key=********"
    assert source["kind"] == "html"
    # No cookie of the first response.
    assert [("cookie" in request["headers"]) for request in server.files.requests] == [False, False]


def test_a_redirect_in_another_encoding_than_utf_8_leads_to_the_same_bytes() -> None:
    target = "/\u00fcber.mp4"  # sent in Latin-1
    with Server(lambda got: Reply(302, b"", {"Location": target}) if got.target == "/" else Reply(200, MP4)) as server:
        [source] = found([f"{server.url}/"])
    assert [request.target for request in server.received] == ["/", "/%FCber.mp4"]
    assert source["final_url"] == f"{server.url}/%FCber.mp4"


def test_a_redirect_without_a_target_is_an_error() -> None:
    with Server(lambda _request: Reply(302)) as server:
        error = error_of(server.url)
    assert error == "the server answers HTTP 302 (Found): the response does not say where the file is"


def test_a_problem_names_the_url_that_redirects_lead_to() -> None:
    page, end = b"<html>login", "/login?token=secret-value"
    with Server(lambda got: Reply(302, b"", {"Location": end}) if got.target == "/" else Reply(200, page)) as server:
        [problem] = look([f"{server.url}/"])["problems"]
    login = f"{server.url}/login?token=********"
    assert problem["text"].startswith(f"'{server.url}/', redirected to '{login}', is a web page. ")


def test_a_redirect_is_reported_although_the_file_takes_too_long() -> None:
    with Drip(b"H") as slow, Server(lambda _request: Reply(302, b"", {"Location": slow.url})) as server:
        [source] = look([server.url], timeout=SOON)["sources"]
        assert (source["error"], source["final_url"]) == ("it timed out after 0.3 seconds", slow.url)


def test_ten_redirects_are_followed(server: Emulator) -> None:
    found(at(server, "loop.mp4"))
    assert len(server.files.requests) == 11


@pytest.mark.parametrize(
    "target", ["rtmp://media.example.com/live", "file:///etc/passwd", "https://", "http://h:99999/", "http://[::1/"]
)
def test_a_redirect_to_another_scheme_than_http_is_an_error(server: Emulator, target: str) -> None:
    assert "which is not an http or https URL" in error_of(*at(server, f"moved.mp4?to={target}"))


def basic(user: str) -> str:
    return f"Basic {base64.b64encode(user.encode()).decode()}"


@pytest.mark.parametrize(
    ("to", "sent"),
    [
        ("/files/good.mp4", basic("me:p@ss \u00e4")),
        ("http://127.0.0.1:{port}/files/good.mp4", basic("me:p@ss \u00e4")),
        # Another host, although it is the same machine.
        ("http://localhost:{port}/files/good.mp4", None),
        ("http://you:yours@localhost:{port}/files/good.mp4", basic("you:yours")),
    ],
)
def test_the_user_of_a_url_is_sent_to_its_own_server_only(server: Emulator, to: str, sent: str | None) -> None:
    target = to.format(port=server.port)
    results = look([f"http://me:p%40ss%20%C3%A4@127.0.0.1:{server.port}/files/moved.mp4?to={target}"])
    assert results["sources"][0]["kind"] == "mp4", results
    first, last = (request["headers"].get("authorization") for request in server.files.requests)
    assert first == basic("me:p@ss \u00e4")
    assert last == sent
    assert "p%40ss" not in str(results)


# Time


def test_the_timeout_ends_a_header_that_comes_byte_by_byte() -> None:
    begun = time.monotonic()
    with Drip(b"HTTP/1.1 200 OK\r\n", b"x") as drip:
        assert error_of(drip.url, timeout=0.2) == "it timed out after 0.2 seconds"
    assert time.monotonic() - begun < 2


def test_a_connection_is_closed_at_the_timeout_although_a_header_still_comes() -> None:
    with Drip(b"HTTP/1.1 200 OK\r\n", b"x") as drip:
        assert error_of(drip.url, timeout=0.2) == "it timed out after 0.2 seconds"
        assert drip.closed.acquire(timeout=5)


def test_the_timeout_ends_the_lookup_of_a_host_name(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_how: over.wait(60))
    begun = time.monotonic()
    assert error_of("http://media.example.com/a.mp4", timeout=0.1) == "it timed out after 0.1 seconds"
    assert time.monotonic() - begun < 2
    over.set()


def test_the_timeout_includes_redirects(server: Emulator) -> None:
    error = error_of(*at(server, "moved.mp4?to=/files/silent.mp4"), timeout=0.2)
    assert error == "it timed out after 0.2 seconds"


def test_at_most_concurrency_files_are_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, most = threading.Semaphore(3), []

    def read(_reader: object, url: str) -> fetch.Source:
        most.append(reading.acquire(blocking=False))
        time.sleep(0.005)
        reading.release()
        return fetch.Source(True, kind=url[-1])

    monkeypatch.setattr(fetch._Reader, "read", read)
    sources = found([f"https://media.example.com/{number}" for number in range(9)], concurrency=3)
    assert most == [True] * 9
    assert [source["kind"] for source in sources] == [*"012345678"]


# The network


def test_the_error_says_that_a_host_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object, **_how: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = error_of("https://media.example.com/a.mp4")
    assert error == "this machine cannot resolve the host name (Name or service not known)"


@pytest.mark.parametrize("host", ["l\u00f6cal_host.example", "\u00fc" * 63 + ".example"])
def test_the_error_says_that_a_host_name_is_invalid(host: str) -> None:
    assert error_of(f"http://{host}/a.mp4") == "its host name is not valid"


def test_the_error_says_that_no_server_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = error_of(f"http://127.0.0.1:{closed.getsockname()[1]}/a.mp4")
    assert error == "the connection was refused: no server listens at this host and port, or a firewall refuses it"


def test_the_error_says_that_a_server_has_another_protocol(server: Emulator) -> None:
    with Drip(b"220 ftp.example.com\r\n") as drip:
        assert error_of(drip.url) == "the server does not answer in HTTP"
    error = error_of(f"https://127.0.0.1:{server.port}/a.mp4")
    assert error == "the TLS connection to the server failed (WRONG_VERSION_NUMBER). This port may be one for http URLs"


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    def answer(_request: Received) -> Reply:
        if len(server.received) == 1:
            raise ConnectionError
        return Reply(200, MP4)

    with Server(answer) as server:
        [source] = found([server.url])
    assert source["kind"] == "mp4"
    assert len(server.received) == 2


def test_no_url_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Ansible writes what libraries log to its log file."""
    logging.getLogger("urllib3").setLevel(logging.NOTSET)
    response = b"HTTP/1.1 200 OK\r\nno header\r\n\r\n".ljust(5000, b"x")
    with caplog.at_level(logging.INFO), Drip(response) as drip:
        [source] = found([f"{drip.url}/?token=secret-value"])
    assert source["reachable"]
    assert caplog.text == ""


def test_an_exception_in_a_thread_is_raised(server: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "kind_of", lambda head: 1 // len(head[:0]))
    results = look(at(server, "good.mp4"))
    assert results["failed"]
    assert "mistake of the collection" in results["msg"]
    assert "ZeroDivisionError" in results["msg"]


# Certificates and proxies


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Emulator, str]]:
    """A server with a certificate that only its own authority vouches for, and the file of that authority."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    certificate = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(str(folder / "certificate.pem"))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    with Emulator(tls=(folder / "certificate.pem", folder / "key.pem")) as emulator:
        yield emulator, str(folder / "authority.pem")


def test_a_certificate_that_is_not_trusted_is_an_error_that_says_what_to_do(secured: tuple[Emulator, str]) -> None:
    error = error_of(*at(secured[0], "good.mp4"))
    assert error.startswith("its certificate is not trusted (")
    assert "Set ca_path to the file with the certificate of its authority, or validate_certs to false." in error


def test_a_certificate_of_another_host_needs_no_authority(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("media.example.com").configure_cert(context)
    with Server(tls=context) as server:
        error = error_of(server.url, ca_path=str(tmp_path / "authority.pem"))
    assert error.startswith("its certificate is not valid (IP address mismatch")
    assert "Renew or correct it, or set validate_certs to false." in error
    assert "ca_path" not in error


def test_a_certificate_can_be_trusted_or_ignored(secured: tuple[Emulator, str]) -> None:
    server, authority = secured
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for how in ({"ca_path": authority}, {"validate_certs": False}):
            [source] = found(at(server, "good.mp4"), **how)
            assert source["kind"] == "mp4"
    [source] = found(at(server, "good.mp4"), {"REQUESTS_CA_BUNDLE": authority})
    assert source["kind"] == "mp4"


def test_a_proxy_is_used_for_https_and_its_password_is_in_no_text() -> None:
    with Server(lambda _request: Reply(407)) as proxy:
        environ = {"HTTPS_PROXY": f"http://me:pass-word-1@127.0.0.1:{proxy.port}"}
        results = look(["https://media.example.com/a.mp4?token=secret-value"], environ)
    assert proxy.received[0].method == "CONNECT"
    assert proxy.received[0].target == "media.example.com:443"
    [source] = results["sources"]
    says = "it answers HTTP 407 (Proxy Authentication Required)"
    assert source["error"] == f"the proxy of HTTPS_PROXY cannot be used: {says}"
    assert not re.search("pass-word-1|secret-value", str(results))


def test_a_proxy_is_used_for_http_if_no_proxy_does_not_name_the_host() -> None:
    with Server(lambda _request: Reply(200)) as proxy:
        environ = {"http_proxy": f"http://127.0.0.1:{proxy.port}", "HTTPS_PROXY": "http://127.0.0.1:9"}
        [source] = look(["http://media.example.invalid/a.mp4"], environ)["sources"]
        assert source["reachable"]
        error = error_of("http://media.example.invalid/a.mp4", {**environ, "no_proxy": ".example.invalid"})
    assert [request.target for request in proxy.received] == ["http://media.example.invalid/a.mp4"]
    assert error.startswith("this machine cannot resolve the host name")


def test_the_error_says_that_a_proxy_may_have_answered() -> None:
    with Server(lambda _request: Reply(407)) as proxy:
        error = error_of("http://media.example.com/a.mp4", {"http_proxy": f"http://127.0.0.1:{proxy.port}"})
    assert error.startswith("the server, or the proxy of http_proxy, answers HTTP 407 (Proxy Authentication")


@pytest.mark.parametrize("proxy", ["http://me:pass-word-1@", "http://me:pass-word-1@127.0.0.1:nine", "me:pass-word-1"])
def test_a_proxy_without_an_address_is_an_error_without_its_password(proxy: str) -> None:
    error = error_of("https://media.example.com/a.mp4", {"HTTPS_PROXY": proxy}, timeout=SOON)
    assert error == "the address of the proxy in HTTPS_PROXY cannot be used"


def test_the_error_says_that_no_proxy_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
        error = error_of("https://media.example.com/a.mp4", {"HTTPS_PROXY": proxy})
    assert error.startswith("the proxy of HTTPS_PROXY cannot be used: the connection was refused: no server listens")


@pytest.fixture
def asked_of_socks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the hosts of the connections through SOCKS proxies, which lead to the port of the proxy itself.

    It stands in for PySocks, without which requests supports no SOCKS.
    """
    hosts: list[str] = []

    def create_connection(address: tuple[str, int], **how: Any) -> socket.socket:
        hosts.append(address[0])
        return socket.create_connection((how["proxy_addr"], how["proxy_port"]), how["timeout"])

    words = {"PROXY_TYPE_SOCKS4": 1, "PROXY_TYPE_SOCKS5": 2, "ProxyError": OSError, "socksocket": socket.socket}
    library = types.SimpleNamespace(create_connection=create_connection, **words)
    monkeypatch.setitem(sys.modules, "socks", library)
    monkeypatch.delitem(sys.modules, "urllib3.contrib.socks", raising=False)
    manager = importlib.import_module("urllib3.contrib.socks").SOCKSProxyManager
    monkeypatch.setattr("requests.adapters.SOCKSProxyManager", manager)
    return hosts


def test_files_are_read_through_a_socks_proxy(
    server: Emulator, secured: tuple[Emulator, str], asked_of_socks: list[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for reached, how in (
            (server, {}),
            (secured[0], {"ca_path": secured[1]}),
            (secured[0], {"validate_certs": False}),
        ):
            environ = {"ALL_PROXY": f"socks5://me:pass-word-1@127.0.0.1:{reached.port}"}
            [source] = found(at(reached, "good.mp4"), environ, **how)
            assert source["kind"] == "mp4"
    assert asked_of_socks == ["127.0.0.1"] * 3


def test_the_timeout_ends_a_request_through_a_socks_proxy(asked_of_socks: list[str]) -> None:
    with Drip(b"HTTP/1.1 200 OK\r\n", b"x") as drip:
        environ = {"ALL_PROXY": drip.url.replace("http:", "socks5h:")}
        assert error_of("http://media.example.com/a.mp4", environ, timeout=SOON).startswith("it timed out")
        assert drip.closed.acquire(timeout=5)
    assert asked_of_socks == ["media.example.com"]


# Wrong options


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"source_urls": []}, "source_urls: 0 entries are not allowed. Allowed: 1 or more URLs, each scheme://host..."),
        ({"source_urls": ["a.mp4"]}, "source_urls: entry 1 (the first), 'a.mp4', is not allowed: it has no scheme"),
        ({"source_urls": ["https://"]}, "it has no host"),
        ({"source_urls": ["https://h:0/"]}, "its port is not a number from 1 to 65535"),
        ({"source_urls": ["https://h/a b"]}, "it holds ' ' (a space)"),
        ({"source_urls": ["file:///a.mp4"]}, "its scheme, file, does not name a file on the network"),
        ({"source_urls": ["https://h/?token=********"]}, "source_urls: a value with ******** in it is not allowed"),
        ({"timeout": 0}, "timeout: 0 is not allowed. Allowed: 0.001 to 86400 seconds."),
        ({"concurrency": 17}, "concurrency: 17 is not allowed. Allowed: 1 to 16 at a time."),
        ({"ca_path": "/no/such/file"}, "ca_path: '/no/such/file' is not allowed."),
    ],
)
def test_a_wrong_option_is_refused_before_a_request(server: Emulator, options: dict[str, Any], says: str) -> None:
    results = look(at(server, "good.mp4"), **options)
    assert results["failed"]
    assert says in results["msg"]
    assert server.files.requests == []


def test_everything_that_is_wrong_is_reported_at_once(server: Emulator) -> None:
    urls = [*at(server, "good.mp4"), "a.mp4", "https://me:pass-word-1@h/a b", "http://localhost/"]
    message = look(urls, timeout=-1, concurrency=0)["msg"]
    for part in ("entry 2 (the 2nd), 'a.mp4'", "entry 3 (the 3rd)", "timeout: -1", "concurrency: 0"):
        assert part in message
    assert "entry 4" not in message
    assert "pass-word-1" not in message
    assert server.files.requests == []
