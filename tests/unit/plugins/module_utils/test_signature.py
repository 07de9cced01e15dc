# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The signature is the same as that of the official SDK."""

from __future__ import annotations

import collections
import json
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import requests
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._service.signature import (
    KeyAuth,
    TokenAuth,
    authorization,
    encode,
)

VECTORS = json.loads((Path(__file__).parent / "fixtures" / "signing.json").read_text("utf-8"))
NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc)
DATE = "20261122T010203Z"
EXAMPLES = max(100, settings().max_examples)


def signed_by_the_sdk(
    method: str,
    path: str,
    query: list[tuple[str, str]],
    headers: dict[str, str],
    body: bytes | None,
    access_key: str,
    secret_key: str,
) -> str:
    """Return the Authorization header of the official SDK; path and query are decoded."""
    request = SdkRequest(
        method=method, resource_path=path, query_params=query, header_params=dict(headers), body=body or b""
    )
    signer = Signer(SimpleNamespace(ak=access_key, sk=secret_key))
    return str(signer.sign(request).header_params["Authorization"])


def url_of(host: str, path: str, query: list[tuple[str, str]]) -> str:
    """Return the URL of a request, percent-encoded by the standard library."""
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    return f"https://{host}{quote(path, safe='/')}{'?' if pairs else ''}{pairs}"


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{vector['method']} {vector['path'][:12]}" for vector in VECTORS])
def test_a_request_is_signed_as_in_the_vectors_of_the_sdk(vector: dict[str, Any]) -> None:
    url = f"https://{vector['host']}{quote(vector['path'])}?" + "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in vector["query"]
    )
    body = None if vector["body"] is None else vector["body"].encode()
    headers = {**vector["headers"], "Host": vector["host"]}
    keys = (vector["access_key"], vector["secret_key"])
    assert authorization(vector["method"], url, headers, body, *keys) == vector["authorization"]
    parts = urlsplit(vector["signed_uri"])
    signed_url = f"https://{vector['host']}{quote(parts.path, safe='/%')}?{parts.query}"
    assert authorization(vector["method"].lower(), signed_url, headers, body, *keys) == vector["authorization"]


# No surrogates, because they cannot be sent. Reserved characters are drawn more often.
texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("+%~/&=?# *'()é任;:@,_-."), max_size=12)
segments = texts.map(lambda text: text.replace("/", "-"))
paths = st.lists(segments, min_size=1, max_size=4).map(lambda parts: f"/v1/{'/'.join(parts)}")
# Few names, so that some occur twice.
queries = st.lists(
    st.tuples(st.sampled_from(["a", "A", "task_id", "a b", "任"]) | texts.filter(bool), texts), max_size=5
)
hosts = st.sampled_from(["live.cn-north-4.myhuaweicloud.com", "127.0.0.1:8080", "[::1]:8443", "localhost:443"])
keys = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", min_size=1, max_size=40)
bodies = (
    st.none()
    | st.just(b"")
    | texts.map(str.encode)
    | st.dictionaries(texts, texts).map(lambda value: json.dumps(value, ensure_ascii=False).encode())
)
blanks = st.sampled_from(["", " ", "  ", "\t"])
header_values = st.tuples(
    blanks, st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=8), blanks
)
more_headers = st.dictionaries(
    st.sampled_from(["User-Agent", "X-Security-Token", "X-Domain-Id", "not_signed", "X_Nor_This"]),
    header_values.map("".join),
)


def test_any_request_is_signed_as_the_sdk_signs_it(examples: collections.Counter[str]) -> None:
    @settings(max_examples=EXAMPLES)
    @given(st.sampled_from(["GET", "PUT", "POST", "delete"]), hosts, paths, queries, more_headers, bodies, keys, keys)
    def try_one(
        method: str,
        host: str,
        path: str,
        query: list[tuple[str, str]],
        more: dict[str, str],
        body: bytes | None,
        access_key: str,
        secret_key: str,
    ) -> None:
        headers = {
            "Host": host,
            "X-Sdk-Date": DATE,
            "Content-Type": "application/json",
            "X-Project-Id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            **more,
        }
        found = authorization(method, url_of(host, path, query), headers, body, access_key, secret_key)
        # The SDK percent-decodes the path that it is given.
        expected = signed_by_the_sdk(method, quote(path), query, headers, body, access_key, secret_key)
        assert found == expected
        examples["requests signed"] += 1

    try_one()


def test_any_request_is_sent_as_it_was_signed(examples: collections.Counter[str]) -> None:
    @settings(max_examples=EXAMPLES)
    @given(
        st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
        hosts,
        # requests resolves dots in a path, so a project id may not be dots.
        paths.filter(lambda path: not {".", ".."} & set(path.split("/"))),
        queries,
        bodies,
        keys,
        keys,
        st.none() | keys,
        st.none() | st.just("0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    )
    def try_one(
        method: str,
        host: str,
        path: str,
        query: list[tuple[str, str]],
        body: bytes | None,
        access_key: str,
        secret_key: str,
        security_token: str | None,
        project_id: str | None,
    ) -> None:
        pairs = "&".join(f"{encode(name)}={encode(value)}" for name, value in query)
        request = requests.Request(
            method,
            f"https://{host}{encode(path, safe='/')}?{pairs}",
            data=body,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            auth=KeyAuth(access_key, secret_key, security_token, project_id, now=lambda: NOW),
        ).prepare()
        # Read the sent request as a server does.
        wire = urlsplit(str(request.url))
        names = request.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        expected = signed_by_the_sdk(
            str(request.method),
            wire.path,
            parse_qsl(wire.query, keep_blank_values=True),
            {name: request.headers[name] for name in names},
            request.body or b"",
            access_key,
            secret_key,
        )
        assert request.headers["Authorization"] == expected
        assert parse_qsl(wire.query, keep_blank_values=True) == query
        optional = {"x-project-id": project_id, "x-security-token": security_token}
        assert {*names} == {"content-type", "host", "x-sdk-date", *(name for name in optional if optional[name])}
        assert request.headers["Host"] == host
        assert request.headers["X-Sdk-Date"] == DATE
        assert request.headers.get("X-Project-Id") == project_id
        assert request.headers.get("X-Security-Token") == security_token
        examples["requests sent"] += 1

    try_one()


URL = "https://live.example.com/v1/p/pull/stream/task"
SIGNED = {"Host": "live.example.com", "X-Sdk-Date": DATE}


def sign(
    url: str = URL, headers: dict[str, str] | None = None, body: bytes | None = None, secret_key: str = "SK"
) -> str:
    """Return the Authorization header of a small request."""
    return authorization("GET", url, headers or SIGNED, body, "AK", secret_key)


def test_the_shape_of_the_header() -> None:
    prefix, _equals, signature = sign().rpartition("=")
    assert prefix == "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature"
    assert len(signature) == 64
    assert set(signature) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"url": f"{URL}/"}, id="a slash at the end"),
        pytest.param({"headers": {"host": "live.example.com", "x-sdk-date": DATE}}, id="case of the names"),
        pytest.param({"headers": {**SIGNED, "Host": " live.example.com "}}, id="blanks around"),
        pytest.param({"headers": {**SIGNED, "X_Other": "1"}}, id="a name with an underscore"),
        pytest.param({"body": b""}, id="an empty body"),
    ],
)
def test_the_signature_ignores_case_blanks_and_headers_with_an_underscore(other: dict[str, Any]) -> None:
    assert sign(**other) == sign()


@pytest.mark.parametrize(
    "other",
    [
        {"url": f"{URL}s"},
        {"url": f"{URL}?a="},
        {"headers": {**SIGNED, "Host": "live.example.org"}},
        {"headers": {**SIGNED, "X-Sdk-Date": "20261122T010204Z"}},
        {"headers": {**SIGNED, "X-Other": "1"}},
        {"body": b"{}"},
        {"secret_key": "SL"},
    ],
    ids=str,
)
def test_the_signature_covers_url_headers_body_and_key(other: dict[str, Any]) -> None:
    assert sign(**other) != sign()


def test_the_order_of_the_query_makes_no_difference() -> None:
    assert sign(f"{URL}?b=1&a=2&a=1") == sign(f"{URL}?a=1&a=2&b=1")


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("AZaz09-._~", "AZaz09-._~"),
        ("a/b c+d%e", "a%2Fb%20c%2Bd%25e"),
        ("é任\n", "%C3%A9%E4%BB%BB%0A"),
        ("!*'();:@&=$,?#[]", "%21%2A%27%28%29%3B%3A%40%26%3D%24%2C%3F%23%5B%5D"),
    ],
)
def test_all_but_unreserved_characters_are_encoded(text: str, encoded: str) -> None:
    assert encode(text) == encoded


def prepared(auth: Any, **request: Any) -> requests.PreparedRequest:
    """Return a request with this authentication."""
    return requests.Request("GET", URL, auth=auth, **request).prepare()


def test_the_request_does_not_hold_the_secret_key() -> None:
    request = prepared(KeyAuth("AK", "the-secret-key", "token", "project", now=lambda: NOW))
    assert "the-secret-key" not in f"{request.url} {request.headers} {request.body!r}"


def test_a_text_body_is_signed_in_its_encoded_form() -> None:
    auth = KeyAuth("AK", "SK", now=lambda: NOW)
    assert (
        prepared(auth, data="é").headers["Authorization"] == prepared(auth, data="é".encode()).headers["Authorization"]
    )


def test_every_request_is_signed_again() -> None:
    moments = iter([NOW, NOW.replace(second=4)])
    auth = KeyAuth("AK", "SK", now=lambda: next(moments))
    first, second = prepared(auth), prepared(auth)
    assert (first.headers["X-Sdk-Date"], second.headers["X-Sdk-Date"]) == (DATE, "20261122T010204Z")
    assert first.headers["Authorization"] != second.headers["Authorization"]


def test_the_signature_uses_the_current_time_in_utc() -> None:
    sent = datetime.strptime(prepared(KeyAuth("AK", "SK")).headers["X-Sdk-Date"], "%Y%m%dT%H%M%SZ")
    assert abs(datetime.now(timezone.utc).replace(tzinfo=None) - sent).total_seconds() < 60


def test_headers_that_a_proxy_may_change_are_not_signed() -> None:
    request = prepared(KeyAuth("AK", "SK", now=lambda: NOW), headers={"Accept": "*/*", "User-Agent": "x"})
    assert "SignedHeaders=host;x-sdk-date," in request.headers["Authorization"]


def test_a_token_is_sent() -> None:
    assert prepared(TokenAuth("the-token")).headers == {"X-Auth-Token": "the-token"}


def test_without_authentication_no_header_is_added() -> None:
    assert prepared(None).headers == {}
