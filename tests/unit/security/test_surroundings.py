# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Neither .netrc nor proxies change where secrets are sent."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, PROJECT_ID, Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Received, Server
from ansible_collections.huaweicloud.live.tests.unit.security.conftest import WAYS, client_for, options


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write a .netrc for loopback into the home, and return the header that requests would send."""
    entry = "machine 127.0.0.1 login netrc-user password netrc-password\n"
    for name in (".netrc", "other"):
        (tmp_path / name).write_text(entry)
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    return base64.b64encode(b"netrc-user:netrc-password").decode()


@pytest.mark.parametrize("variable", ["HOME", "NETRC"])
@pytest.mark.parametrize("way", WAYS)
def test_netrc_is_not_read(
    emulator: Emulator, netrc: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, variable: str
) -> None:
    if variable == "NETRC":
        monkeypatch.setenv("NETRC", str(tmp_path / "other"))
    # The .netrc works: requests sends this without our settings.
    requests.get(emulator.url, timeout=5)
    assert netrc in emulator.journal[-1]["headers"]["authorization"]
    emulator.clear_journal()

    client = client_for(options(emulator.url, WAYS[way], project_id=None))
    assert client.get(CHANNEL_ID) is not None
    assert client.modifying(CHANNEL_ID).send({"task_id": CHANNEL_ID, "status": "pause"})
    assert [entry["operation"] for entry in emulator.journal] == [
        "token" if way == "password" else "projects",
        "list",
        "modify",
    ]
    for entry in emulator.journal:
        assert "Basic" not in entry["headers"].get("authorization", "")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("way", WAYS)
def test_requests_to_this_machine_bypass_the_proxy(
    emulator: Emulator, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, way: str, variable: str
) -> None:
    proxy = serve()
    monkeypatch.setenv(variable, proxy.url)
    requests.get(emulator.url, timeout=5)
    assert proxy.connections == 1  # the trap works

    client = client_for(options(emulator.url, WAYS[way], project_id=None), {variable: proxy.url})
    assert client.get(CHANNEL_ID) is not None
    assert client.modifying(CHANNEL_ID).send({"task_id": CHANNEL_ID, "status": "pause"})
    assert proxy.connections == 1


def test_https_is_tunnelled_through_the_proxy(serve: Callable[..., Server]) -> None:
    def refuse(request: Received) -> Reply:
        return Reply(407, b"no")

    proxy = serve(refuse)
    environ = {"HTTPS_PROXY": f"http://proxy-user:proxy-password@127.0.0.1:{proxy.port}"}
    client = client_for(options("https://live.example.com", WAYS["token"], retries=1), environ)
    with pytest.raises(LiveError) as raised:
        client.modifying(CHANNEL_ID).send({"task_id": CHANNEL_ID, "status": "pause"})
    assert "407" in raised.value.message
    assert not raised.value.uncertain  # type: ignore[attr-defined]
    assert {(one.method, one.target) for one in proxy.received} == {("CONNECT", "live.example.com:443")}
    for one in proxy.received:
        assert "x-auth-token" not in one.headers
        assert one.body == b""
    assert "proxy-password" not in str(raised.value.result())


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            b"HTTP/1.1 407 proxy-password is wrong\r\n\r\n",
            "Tunnel connection failed: the proxy that the environment na",
        ),
        (b"HTTP/1.1 403 proxy-password\r\nX: proxy-password\r\n\r\nproxy-password", "names answered HTTP 403"),
        (b"proxy-password\r\n\r\n", " failed: the response is not HTTP."),
    ],
)
def test_a_proxy_is_not_quoted(answer: bytes, says: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def refuse() -> None:
            connection, _address = proxy.accept()
            connection.recv(65536)
            connection.sendall(answer)
            connection.close()

        thread = threading.Thread(target=refuse)
        thread.start()
        environ = {"HTTPS_PROXY": f"http://proxy-user:proxy-password@127.0.0.1:{proxy.getsockname()[1]}"}
        with pytest.raises(LiveError) as raised:
            client_for(options("https://live.example.com", WAYS["token"], retries=0), environ).get(CHANNEL_ID)
        thread.join()
    assert says in raised.value.message
    assert "proxy-password" not in str(raised.value.result())


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "[::bad", ":0x", "/word@127.0.0.1:9", "", "/"])
@pytest.mark.parametrize("scheme", ["http://", "https://", "socks5://", "ftp://", ""])
def test_an_invalid_address_of_a_proxy_is_not_quoted(scheme: str, address: str) -> None:
    environ = {"HTTPS_PROXY": f"{scheme}proxy-user:proxy-password@{address}"}
    client = client_for(options("https://live.example.com", WAYS["token"], retries=0), environ)
    with pytest.raises(LiveError) as raised:
        client.modifying(CHANNEL_ID).send({"task_id": CHANNEL_ID, "status": "pause"})
    assert "proxy-pass" not in str(raised.value.result())
    assert not raised.value.uncertain  # type: ignore[attr-defined]
    if address == "127.0.0.1:99999":
        assert " failed: the address of the service, or of a proxy in the environment, cannot be used." in (
            raised.value.message
        )


def test_no_proxy_is_heeded(serve: Callable[..., Server]) -> None:
    proxy = serve()
    environ = {"HTTPS_PROXY": proxy.url, "NO_PROXY": "127.0.0.1"}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"https://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(LiveError, match="refused"):
            client_for(options(endpoint, WAYS["token"]), environ).get(CHANNEL_ID)
    assert proxy.connections == 0


PLAIN = [
    "http://live.cn-north-4.myhuaweicloud.com",
    "http://10.0.0.1",
    "http://192.0.2.1:8080",
    "http://0.0.0.0",
    "http://[::]",
    "http://128.0.0.1",
    "http://127.0.0.1.example.com",
    "http://127.0.0.1@example.com",
    "http://127.0.0.1#@example.com",
    "http://127.0.0.1\\@example.com",
    "http://localhost.example.com",
    "http://example.com?localhost",
    "http://example.com/localhost",
    "HTTP://EXAMPLE.COM",
    "http://127.1",
    "http://2130706433",
    "http://127.0.0.1%2eexample.com",
    "http://localhost%00.example.com",
    "http:///127.0.0.1",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "//127.0.0.1",
    "127.0.0.1",
    "http://[::1",
    "http://127.0.0.1:99999",
    "http://user:password@127.0.0.1",
    "https://user:password@live.example.com",
    "https://user:password@live.example.com:99999",
    "https://user:password@[::1",
    "https://live.example.com/path",
    "https://live.example.com?query",
]


@pytest.mark.parametrize("option", ["endpoint", "iam_endpoint"])
@pytest.mark.parametrize("url", PLAIN)
def test_secrets_are_sent_to_the_service_only(monkeypatch: pytest.MonkeyPatch, url: str, option: str) -> None:
    def connection_made(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "socket", connection_made)
    monkeypatch.setattr(socket, "getaddrinfo", connection_made)
    given = options("http://127.0.0.1:9", WAYS["password"], **{option: url})
    with pytest.raises(LiveError, match=f"{option}: ") as raised:
        client_for(given)
    assert "Allowed: https://host" in raised.value.message
    assert "password@" not in raised.value.message


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_http_is_allowed_to_loopback(emulator: Emulator, host: str) -> None:
    given = options(f"http://{host}:{emulator.port}", WAYS["token"], project_id=PROJECT_ID)
    assert client_for(given).get(CHANNEL_ID) is not None
