# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hostile services, and the options to reach them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._options import CONNECTION_OPTIONS
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import connect
from ansible_collections.huaweicloud.live.tests.emulator import (
    ACCESS_KEY,
    AUTH_TOKEN,
    DOMAIN_NAME,
    PASSWORD,
    PROJECT_ID,
    REGION,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    USERNAME,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Server

WAYS: dict[str, dict[str, str]] = {
    "token": {"auth_token": AUTH_TOKEN},
    "signature": {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY},
    "temporary": {
        "access_key": TEMPORARY_ACCESS_KEY,
        "secret_key": TEMPORARY_SECRET_KEY,
        "security_token": SECURITY_TOKEN,
    },
    "password": {"username": USERNAME, "password": PASSWORD, "domain_name": DOMAIN_NAME},
}


def options(endpoint: str, credentials: Mapping[str, Any], /, **others: Any) -> dict[str, Any]:
    """Return the connection options of a module as AnsibleModule passes them on, defaults included."""
    defaults = {name: argument.get("default") for name, argument in CONNECTION_OPTIONS.items()}
    own = {"endpoint": endpoint, "iam_endpoint": endpoint, "region": REGION, "project_id": PROJECT_ID, "retries": 0}
    return {**defaults, **own, **credentials, **others}


def client_for(given: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> LiveClient:
    """Return the client that these options and this environment make for a module."""
    return connect(given, environ or {}, lambda text, verbosity: None)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers, and stop them at the end of the test."""
    started: list[Server] = []

    def start(*arguments: Any, **named: Any) -> Server:
        started.append(Server(*arguments, **named).__enter__())
        return started[-1]

    yield start
    for server in started:
        server.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the settings of this machine for proxies and certificates."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    bundles = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC")
    for name in (*names, *(name.lower() for name in names), *bundles):
        monkeypatch.delenv(name, raising=False)
