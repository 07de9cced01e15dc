# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that are kept, tokens that expire, and unexpected errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._options import CONNECTION_OPTIONS
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import connect, project
from ansible_collections.huaweicloud.live.plugins.module_utils._service.signature import RenewedAuth, TokenAuth
from ansible_collections.huaweicloud.live.tests.emulator import (
    AUTH_TOKEN,
    CHANNEL_ID,
    DOMAIN_NAME,
    PASSWORD,
    PROJECT_ID,
    USERNAME,
    Behaviour,
    Emulator,
    Fault,
    fleet_id,
    seed_many,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.module import options, paused, served, silent

USER = {"username": USERNAME, "password": PASSWORD, "domain_name": DOMAIN_NAME}


@pytest.mark.parametrize(
    ("first", "second", "logins"),
    [
        ({}, {}, 1),
        ({}, {"timeout": 5}, 2),
        ({}, {"environ": {"HTTPS_PROXY": "http://127.0.0.1:9"}}, 2),
        ({}, {"concurrency": 4}, 2),
        ({}, {"project_id": None}, 2),
    ],
    ids=str,
)
def test_a_login_is_reused_only_for_the_same_connection(
    emulator: Emulator, first: dict[str, Any], second: dict[str, Any], logins: int
) -> None:
    for how in (first, second):
        given = {name: value for name, value in how.items() if name in CONNECTION_OPTIONS}
        connect(options(emulator, **USER, **given), how.get("environ", {}), silent, how.get("concurrency", 1))
    assert served(emulator) == ["token"] * logins


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"auth_token": AUTH_TOKEN}, []),
        ({"auth_token": "another"}, []),
        (USER, []),
        ({"auth_token": AUTH_TOKEN, "project_id": None}, ["projects"]),
        ({**USER, "project_id": None}, ["token"]),
    ],
    ids=str,
)
def test_the_project_is_looked_up_only_if_no_id_is_given(
    emulator: Emulator, given: dict[str, Any], asked: list[str]
) -> None:
    assert project(options(emulator, **given), {}, silent) == (emulator.url, PROJECT_ID)
    assert served(emulator) == asked


def test_waits_while_a_project_is_looked_up_are_reported(emulator: Emulator) -> None:
    reported: list[str] = []
    emulator.add_fault(Fault("status", status=503))
    given = options(emulator, auth_token=AUTH_TOKEN, project_id=None, retries=1)
    assert project(given, {}, lambda text, _level: reported.append(text))[1] == PROJECT_ID
    assert len(reported) == 1


def test_a_kept_connection_reports_waits_to_the_current_run(emulator: Emulator) -> None:
    reported: list[list[str]] = [[], []]
    for place in range(2):
        client = connect(
            options(emulator, auth_token=AUTH_TOKEN, retries=1),
            {},
            lambda text, _level, to=reported[place]: to.append(text),
        )
        emulator.add_fault(Fault("status", status=503))
        client.get(CHANNEL_ID)
    assert [len(texts) for texts in reported] == [1, 1]


def test_an_expired_token_is_renewed_once_for_all_threads(emulator: Emulator) -> None:
    """Eight threads find it expired at the same time."""
    emulator.seed(seed_many(40))
    emulator.behaviour = Behaviour(token_uses=25, latency=0.01)
    results = paused(emulator, map(fleet_id, range(40)), concurrency=8, **USER)
    assert results["summary"]["changed"] == 40, results
    assert served(emulator).count("token") == 2


def test_a_renewed_token_may_be_the_same() -> None:
    tokens: list[str] = []

    def log_in() -> TokenAuth:
        tokens.append("same")
        return TokenAuth(tokens[-1])

    auth = RenewedAuth(TokenAuth("same"), log_in)
    auth.renew(1)
    auth.renew(1)
    assert (auth.logins, tokens) == (2, ["same"])
    auth.renew(2)
    assert (auth.logins, tokens) == (3, ["same", "same"])


def test_a_token_is_renewed_only_once_in_a_request(emulator: Emulator) -> None:
    emulator.add_fault(Fault("status", on="list", status=401, times=-1))
    results = paused(emulator, [CHANNEL_ID], **USER)
    assert [task["http_status"] for task in results["live_pull_tasks"]] == [401]
    assert served(emulator) == ["token", "list", "token", "list"]


# Unexpected errors


def stumble(options: Mapping[str, Any], environ: Mapping[str, str], _check_mode: bool, _tell: object) -> dict[str, Any]:
    """Fail unexpectedly, with secrets in the error."""
    raise KeyError(options["auth_token"] + environ["HW_SECRET_KEY"])


@pytest.mark.parametrize(
    ("check_mode", "last"), [(False, "It is not known whether anything was changed."), (True, "Nothing was changed.")]
)
def test_an_unexpected_error_is_reported_without_secrets(check_mode: bool, last: str) -> None:
    results = perform(stumble, {"auth_token": "a-secret-token"}, {"HW_SECRET_KEY": "a-secret-key"}, check_mode, silent)
    assert (
        results["msg"] == f"This is a mistake of the collection, please report it: KeyError: '****************'. {last}"
    )
    assert (results["failed"], results["changed"]) == (True, not check_mode)
    assert "in stumble" in results["exception"]
    assert "secret-" not in str(results)


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
def test_a_connection_is_not_kept_after_an_interrupted_run(emulator: Emulator, end: type[BaseException]) -> None:
    def run(given: Mapping[str, Any], environ: Mapping[str, str], _check: bool, tell: Any) -> dict[str, Any]:
        connect(given, environ, tell)
        raise end

    for _time in range(2):
        try:
            perform(run, options(emulator, **USER), {}, False, silent)
        except KeyboardInterrupt:
            assert end is KeyboardInterrupt
    assert served(emulator) == ["token", "token"]


def test_a_fleet_stops_if_a_token_that_cannot_be_renewed_expires(emulator: Emulator) -> None:
    emulator.seed(seed_many(100))
    emulator.add_fault(Fault("status", on="modify", status=401, after=20, times=-1))
    results = paused(emulator, map(fleet_id, range(100)), concurrency=4, auth_token=AUTH_TOKEN)
    summary = results["summary"]
    assert summary["changed"] == 20
    assert 1 <= summary["failed"] - summary["not_attempted"] <= 4
    assert summary["not_attempted"] >= 76
    why = "the service does not accept the credentials any more"
    last = results["live_pull_tasks"][-1]["msg"]
    assert last == f"Task {fleet_id(99)} was not attempted: {why}. Nothing was changed."
