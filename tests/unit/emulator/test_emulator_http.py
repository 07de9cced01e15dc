# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication, content types, limits, the journal, and the control endpoints."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import trustme
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from ansible_collections.huaweicloud.live.tests.emulator import (
    ACCESS_KEY,
    AUTH_TOKEN,
    CHANNEL_ID,
    DOMAIN_NAME,
    OTHER_PROJECT_AUTH_TOKEN,
    PASSWORD,
    PROJECT_ID,
    REGION,
    SECRET_KEY,
    USERNAME,
    Behaviour,
    Emulator,
    Fault,
    backend,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.wire import PATH, requests_under_way


def signed_headers(emulator: Emulator, unsigned: tuple[str, ...] = (), **headers: str) -> dict[str, str]:
    """Return the headers of a List request that the SDK signs, and add ``unsigned`` afterwards."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = SdkRequest(
        method="GET",
        host=f"127.0.0.1:{emulator.port}",
        resource_path=PATH,
        query_params=[],
        header_params={name: value for name, value in sent.items() if name not in unsigned},
        body="",
    )
    signed = Signer(BasicCredentials(ACCESS_KEY, SECRET_KEY)).sign(request).header_params
    return {**signed, **{name: sent[name] for name in unsigned}}


@pytest.mark.parametrize(
    ("unsigned", "headers", "status"),
    [
        ((), {}, 200),
        ((), {"Content_Type": "application/json", "X_Project_Id": PROJECT_ID}, 200),
        (("Content-Type",), {"Content_Type": "application/json"}, 401),
        (("X-Project-Id",), {"X_Project_Id": PROJECT_ID}, 401),
        ((), {"X_Project_Id": "0" * 32}, 403),
        ((), {"X_Sdk_Content_Sha256": "UNSIGNED-PAYLOAD"}, 401),
        (("X-Other",), {"X_Other": "not signed"}, 200),
    ],
)
def test_signature_must_cover_the_required_headers(
    emulator: Emulator, unsigned: tuple[str, ...], headers: dict[str, str], status: int
) -> None:
    answer = requests.get(emulator.url + PATH, headers=signed_headers(emulator, unsigned, **headers), timeout=5)
    assert answer.status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (-14, 200), (16, 401), (-16, 401)])
def test_a_signature_is_valid_for_fifteen_minutes(emulator: Emulator, minutes: int, status: int) -> None:
    date = (datetime.now(timezone.utc) + timedelta(minutes=minutes)).strftime("%Y%m%dT%H%M%SZ")
    answer = requests.get(emulator.url + PATH, headers=signed_headers(emulator, X_Sdk_Date=date), timeout=5)
    assert answer.status_code == status


def test_the_signature_of_another_request_is_refused(emulator: Emulator) -> None:
    answer = requests.get(f"{emulator.url}{PATH}?limit=1", headers=signed_headers(emulator), timeout=5)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "APIGW.0301"),
        ({"X-Auth-Token": ""}, 401, "APIGW.0301"),
        ({"X-Auth-Token": "wrong"}, 401, "APIGW.0301"),
        ({"Authorization": "Bearer x"}, 401, "APIGW.0301"),
        ({"X-Auth-Token": OTHER_PROJECT_AUTH_TOKEN}, 403, "APIGW.0302"),
    ],
)
def test_wrong_credentials_are_refused_with_a_request_id(
    emulator: Emulator, headers: dict[str, str], status: int, code: str
) -> None:
    answer = requests.get(emulator.url + PATH, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def token_request(password: str = PASSWORD, scope: Any = None) -> dict[str, Any]:
    user = {"name": USERNAME, "password": password, "domain": {"name": DOMAIN_NAME}}
    identity = {"methods": ["password"], "password": {"user": user}}
    return {"auth": {"identity": identity, "scope": {"project": scope or {"name": REGION}}}}


@pytest.mark.parametrize("scope", [{"name": REGION}, {"id": PROJECT_ID}])
def test_a_token_is_issued_and_accepted(emulator: Emulator, scope: dict[str, str]) -> None:
    url = f"{emulator.iam_url}/v3/auth/tokens?nocatalog=true"
    answer = requests.post(url, json=token_request(scope=scope), timeout=5)
    assert answer.status_code == 201
    assert answer.json()["token"]["project"].items() >= {"id": PROJECT_ID, "name": REGION}.items()
    headers = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
    assert requests.get(emulator.url + PATH, headers=headers, timeout=5).status_code == 200
    projects = requests.get(f"{emulator.iam_url}/v3/projects?name={REGION}", headers=headers, timeout=5).json()
    assert [project["id"] for project in projects["projects"]] == [PROJECT_ID]
    emulator.reset()
    assert requests.get(emulator.url + PATH, headers=headers, timeout=5).status_code == 401


def test_token_is_refused_after_its_uses(emulator: Emulator) -> None:
    emulator.behaviour = Behaviour(token_uses=2)
    answer = requests.post(f"{emulator.iam_url}/v3/auth/tokens", json=token_request(), timeout=5)
    issued = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
    answers = [requests.get(emulator.url + PATH, headers=issued, timeout=5) for _turn in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 401, 401]
    unknown = requests.get(emulator.url + PATH, headers={"X-Auth-Token": "unknown"}, timeout=5)
    for field in ("error_code", "error_msg"):
        assert answers[2].json()[field] == unknown.json()[field]
    fixed = {"X-Auth-Token": AUTH_TOKEN}
    assert [requests.get(emulator.url + PATH, headers=fixed, timeout=5).status_code for _turn in range(3)] == [200] * 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (token_request(password="wrong"), 401),
        (token_request(scope={"name": "nowhere"}), 401),
        (token_request(scope={"name": 1}), 401),
        ({"auth": {}}, 400),
        ([], 400),
        ({"auth": {"identity": token_request()["auth"]["identity"]}}, 400),
    ],
)
def test_wrong_login_gets_no_token(emulator: Emulator, body: Any, status: int) -> None:
    answer = requests.post(f"{emulator.iam_url}/v3/auth/tokens", json=body, timeout=5)
    assert answer.status_code == answer.json()["error"]["code"] == status
    assert "X-Subject-Token" not in answer.headers


def test_an_unknown_project_name_lists_no_project(emulator: Emulator, caller: Any) -> None:
    assert caller.session.get(f"{emulator.iam_url}/v3/projects?name=x", timeout=5).json() == {"projects": []}
    assert requests.get(f"{emulator.iam_url}/v3/projects", timeout=5).status_code == 401


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json;charset=UTF-8", 200),
        ("application/json; charset=utf-8", 200),
        ("application/json; charset=latin-1", 400),
        ("text/plain", 400),
        ("application/jsonx", 400),
        (None, 400),
    ],
)
def test_a_body_needs_the_content_type_of_json(caller: Any, content_type: str | None, status: int) -> None:
    body = json.dumps({"task_id": CHANNEL_ID}).encode()
    headers = {"Content-Type": content_type} if content_type else {}
    assert caller.session.put(caller.url, data=body, headers=headers, timeout=5).status_code == status


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b'{"task_id": "a", "task_id": "b"}', b'{"task_id": NaN}'])
def test_a_body_that_is_not_a_json_object_is_refused(caller: Any, body: bytes) -> None:
    answer = caller.session.put(caller.url, data=body, headers={"Content-Type": "application/json"}, timeout=5)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "LIVE.100011001")


def test_deep_and_large_bodies_are_refused(caller: Any) -> None:
    headers = {"Content-Type": "application/json"}
    assert caller.session.put(caller.url, data=b"[" * 200_000, headers=headers, timeout=5).status_code == 400
    assert caller.session.put(caller.url, data=b" " * 2**21, headers=headers, timeout=5).status_code == 413


def test_an_unknown_path_or_method_is_refused(emulator: Emulator, caller: Any) -> None:
    for answer in (caller.session.get(f"{emulator.url}/v1/x", timeout=5), caller.session.patch(caller.url, timeout=5)):
        assert (answer.status_code, answer.json()["error_code"]) == (404, "APIGW.0101")


def test_a_query_parameter_that_is_given_twice_is_refused(caller: Any) -> None:
    assert caller.list(limit=[1, 2]).status_code == 400


def test_the_journal_has_every_request_with_its_answer(emulator: Emulator, caller: Any) -> None:
    answer = caller.modify(task_id=CHANNEL_ID, status="pause")
    caller.list(task_id=CHANNEL_ID)
    write, read = emulator.journal
    assert (write["operation"], write["method"], write["path"], write["status"]) == ("modify", "PUT", PATH, 200)
    assert write["json"] == {"task_id": CHANNEL_ID, "status": "pause"}
    assert write["headers"]["x-auth-token"] == AUTH_TOKEN
    assert write["request_id"] == answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert (read["raw_query"], read["query"]) == (f"task_id={CHANNEL_ID}", {"task_id": CHANNEL_ID})
    assert write["ended"] is not None
    assert write["started"] <= write["ended"] <= read["started"]
    assert (emulator.writes(), emulator.reads()) == ([write], [read])
    emulator.clear_journal()
    assert emulator.journal == []


def test_an_answer_takes_as_long_as_the_latency(emulator: Emulator, caller: Any) -> None:
    emulator.behaviour = Behaviour(latency=0.2)
    assert caller.list().status_code == 200
    [entry] = emulator.journal
    assert entry["ended"] - entry["started"] >= 0.2


def test_requests_in_flight_are_counted(emulator: Emulator, caller: Any) -> None:
    with requests_under_way(emulator, 3):
        assert caller.list().status_code == 200
    assert [entry["in_flight"] for entry in emulator.journal] == [1, 2, 3, 4]


def test_requests_beyond_max_concurrent_are_throttled(emulator: Emulator, caller: Any) -> None:
    emulator.behaviour = Behaviour(max_concurrent=2, retry_after=5)
    with requests_under_way(emulator, 1):
        assert caller.list().status_code == 200
    with requests_under_way(emulator, 2):
        refused = caller.list()
    assert refused.status_code == 429
    assert (refused.headers["Retry-After"], refused.json()["error_code"]) == ("5", "APIGW.0308")


def test_requests_beyond_max_rate_are_throttled_until_a_second_has_passed(
    emulator: Emulator, caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    monkeypatch.setattr(backend, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    emulator.behaviour = Behaviour(max_rate=2)
    assert [caller.list().status_code for _turn in range(3)] == [200, 200, 429]
    clock.advance(0.9)
    assert caller.list().status_code == 429
    clock.advance(0.1)
    assert caller.list().status_code == 200


def test_behaviour_is_read_and_changed_over_http(emulator: Emulator, caller: Any) -> None:
    assert caller.control("PUT", "behaviour", {"lag": 1}).json()["lag"] == 1
    assert caller.control("PATCH", "behaviour", {"left_out": "reset"}).json().items() >= {"lag": 1}.items()
    assert emulator.behaviour == Behaviour(lag=1, left_out="reset")
    assert caller.control("PUT", "behaviour", {}).json() == caller.control("GET", "behaviour").json()
    assert emulator.behaviour == Behaviour()
    answer = caller.control("PUT", "behaviour", {"lagg": 1})
    assert (answer.status_code, "lagg" in answer.json()["error"]) == (400, True)
    assert emulator.journal == []


def test_faults_are_read_added_and_cleared_over_http(emulator: Emulator, caller: Any) -> None:
    caller.control("POST", "faults", [{"kind": "raw", "body_base64": "/w=="}, {"kind": "close"}])
    assert emulator.faults == [Fault("raw", body=b"\xff"), Fault("close")]
    described = caller.control("GET", "faults").json()["faults"]
    assert [Fault.from_json(fault) for fault in described] == emulator.faults
    assert caller.control("POST", "faults", {"kind": "fire"}).status_code == 400
    assert caller.control("DELETE", "faults").json() == {"faults": []}


def test_tasks_are_read_and_replaced_and_all_is_reset_over_http(emulator: Emulator, caller: Any) -> None:
    assert caller.control("POST", "tasks", {"count": 200}).json() == {"added": 200}
    assert caller.list(limit=100, offset=200).json()["total"] == 204
    caller.control("PUT", "tasks", {"tasks": emulator.tasks[:1]})
    assert [task["task_id"] for task in caller.control("GET", "tasks").json()["tasks"]] == [CHANNEL_ID]
    assert caller.control("PUT", "tasks?project_id=other", {"tasks": [{"task_id": "x"}]}).status_code == 200
    assert emulator.task("x", "other") == {"task_id": "x"}
    assert caller.control("PUT", "tasks", {"tasks": [{}]}).status_code == 400
    assert len(caller.control("GET", "journal").json()["requests"]) == 1
    assert caller.control("POST", "reset").json() == {"status": "ok"}
    assert (len(emulator.tasks), emulator.journal) == (4, [])
    assert emulator.service.tasks("other") == []
    first = emulator.behaviour
    assert caller.control("POST", "reset", {"left_out": "now"}).status_code == 400
    assert caller.control("POST", "reset", {"lag": 2}).json() == {"status": "ok"}
    assert emulator.behaviour == Behaviour(lag=2)
    caller.control("POST", "reset")
    assert emulator.behaviour == first
    assert caller.control("GET", "health").json() == {"status": "ok"}
    assert caller.control("GET", "nothing").status_code == 404


def test_the_emulator_serves_https(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    paths = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.cert_chain_pems[0].write_to_path(paths[0])
    certificate.private_key_pem.write_to_path(paths[1])
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    headers, trusted = {"X-Auth-Token": AUTH_TOKEN}, str(tmp_path / "ca.pem")
    with Emulator(tls=paths) as emulator:
        emulator.add_fault(Fault("reset"), Fault("close"))
        for _turn in range(2):
            with pytest.raises(requests.ConnectionError):
                requests.get(emulator.url + PATH, headers=headers, verify=trusted, timeout=5)
        assert requests.get(emulator.url + PATH, headers=headers, verify=trusted, timeout=5).status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(emulator.url + PATH, headers=headers, timeout=5)


def test_used_port_is_an_error(emulator: Emulator) -> None:
    with pytest.raises(OSError, match="address"):
        Emulator(port=emulator.port).start()


def test_stop_does_not_wait_for_a_request_and_may_be_repeated() -> None:
    emulator = Emulator().start()
    emulator.add_fault(Fault("timeout", seconds=3600))
    with pytest.raises(requests.ReadTimeout):
        requests.get(emulator.url + PATH, timeout=0.05)
    emulator.stop()
    emulator.stop()


# The metadata of a server


def metadata(emulator: Emulator, method: str, path: str, **headers: str) -> requests.Response:
    """Request metadata."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, f"{emulator.url}{path}", headers=named, timeout=5)


TOKEN_PATH, KEY_PATH = "/meta-data/latest/api/token", "/openstack/latest/securitykey"


def test_agency_key_requires_a_token_and_stays_until_it_expires(emulator: Emulator) -> None:
    assert metadata(emulator, "PUT", TOKEN_PATH).status_code == 400
    token = metadata(emulator, "PUT", TOKEN_PATH, X_Metadata_Token_Ttl_Seconds="21600").text
    assert metadata(emulator, "GET", KEY_PATH).status_code == 401
    assert metadata(emulator, "GET", KEY_PATH, X_Metadata_Token="another").status_code == 401
    first, second = (metadata(emulator, "GET", KEY_PATH, X_Metadata_Token=token).json() for _time in range(2))
    assert first == second
    assert {*first["credential"]} == {"access", "secret", "securitytoken", "expires_at"}
    emulator.reset()
    assert metadata(emulator, "GET", KEY_PATH, X_Metadata_Token=token).status_code == 401


def test_metadata_without_tokens_and_without_an_agency(emulator: Emulator) -> None:
    emulator.behaviour = Behaviour(metadata_tokens=False)
    assert metadata(emulator, "PUT", TOKEN_PATH, X_Metadata_Token_Ttl_Seconds="21600").status_code == 404
    assert metadata(emulator, "GET", KEY_PATH).status_code == 200
    emulator.behaviour = Behaviour(metadata_tokens=False, agency=False)
    refused = metadata(emulator, "GET", KEY_PATH)
    assert (refused.status_code, refused.json()["error_msg"]) == (401, "Please configure Cloud Service Agency first")
