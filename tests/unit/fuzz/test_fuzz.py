# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any answer of a server gives a result or an error that can be printed, and no write after an invalid answer."""

from __future__ import annotations

import collections
import json
from collections.abc import Mapping
from typing import Any

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError, LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.answers import Answer
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import authenticate
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import Credentials
from ansible_collections.huaweicloud.live.plugins.module_utils._task.filters import TaskFilter
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, EXTRA_FIELDS, seed_tasks
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import (
    ENDPOINT,
    PROJECT_ID,
    Reply,
    Script,
    client_to,
    settings_with,
    transport_to,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import bring, report

ASKED = {"status": "pause", "vod_loop_time": "3"}
SECRET = "a-secret-of-the-client"
AS_ASKED = Reply(200, {"task_infos": [{**seed_tasks()[0], **ASKED}], "total": 1})
ACCEPTED = Reply(200, {"task_id": CHANNEL_ID, "request_id": "modify"})
FIELDS = (*seed_tasks()[0], *EXTRA_FIELDS)
ENVELOPE = ("task_infos", "total", "request_id", "task_id", "error_code", "errorCode", "code", "error_msg", "message")
IDENTITY = ("token", "project", "projects", "id", "name", "error")

Counts = collections.Counter[str]
# The counts continue from one example to the next.
# Half as many as for the other generated tests: there are nine, and each example sends several requests.
counted = settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

# Lone surrogates too: only JSON can represent them.
texts = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    [
        "\ud800",
        "x\udfffy",
        CHANNEL_ID,
        SECRET,
        "PullVodPushLive",
        "",
        "-1",
        "0",
        "pause",
        "2026-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
    ]
)
numbers = st.integers() | st.floats() | st.integers(-(10**50), 10**50) | st.sampled_from([0, 1, -1, 2**31, 10**400])
keys = st.sampled_from([*FIELDS, *ENVELOPE, *IDENTITY]) | texts
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=15,
)
lists = anything | st.fixed_dictionaries(
    {"task_infos": st.lists(st.dictionaries(keys, anything, max_size=3) | anything, max_size=3)},
    optional={"total": anything | st.integers(0, 3), "request_id": anything},
)
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
headers = st.dictionaries(
    st.sampled_from(
        [
            "Content-Type",
            "Content-Encoding",
            "Content-Length",
            "Transfer-Encoding",
            "Retry-After",
            "Location",
            "Set-Cookie",
            "X-Request-Id",
            "X-Subject-Token",
            "WWW-Authenticate",
        ]
    ),
    header_values
    | st.sampled_from(["gzip", "deflate, gzip", "br", "chunked", "-1", "1e999", "99999999999999999999", SECRET]),
    max_size=4,
)
bodies = (
    st.binary(max_size=200)
    | lists.map(lambda value: json.dumps(value).encode())
    | anything.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    | anything.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass"))
)
statuses = st.integers(100, 999) | st.sampled_from([200, 201, 204, 206, 302, 400, 401, 403, 404, 429, 500, 503])
replies = st.builds(Reply, statuses, bodies, headers)


def service_with(read: Reply, write: Reply, read_back: Reply | None = None) -> Script:
    """Return a service with one answer for reads, one for writes, and one for reads after a write."""

    def answer(request: requests.PreparedRequest) -> Reply:
        if request.method != "GET":
            return write
        return read_back if read_back and script.writes else read

    script = Script(answer)
    return script


def ask(service: Script, options: Mapping[str, Any], others: tuple[str, ...] = ()) -> tuple[str, dict[str, Any]]:
    """Make a change as the modules do, check the results, and return their kind and the results."""
    clock = FakeClock()
    client = client_to(service, clock, secrets=[SECRET], retries=1)
    wanted = [Declaration(task_id, dict(options)) for task_id in (CHANNEL_ID, *others)]
    try:
        outcomes = bring(client, wanted, wait_timeout=2, clock=clock.clock)
    except LiveError as error:
        kind, results = "error", error.result()
    else:
        kind = "error" if any(outcome.error for outcome in outcomes) else "success"
        [first, *_others] = outcomes
        results = report(outcomes) if others else {**first.result(), "diff": first.diff}
        results = client.secrets.mask_results({**results, "warnings": first.warnings})
    check_printable(results)
    return kind, results


def check_printable(results: Any) -> None:
    """Check that Ansible can print the results, and that they contain no secret."""
    json.dumps(results, allow_nan=False, ensure_ascii=False).encode()
    assert not any(SECRET in text for text in values(results))


def values(value: Any) -> list[str]:
    """Return the texts in a result, without the keys of mappings, which are not masked."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in values(item)]


def decoded(body: bytes) -> Any:
    """Return the value of an answer by the strictest rules of JSON, or None."""

    def refuse(text: str) -> None:
        raise ValueError(text)

    try:
        value = json.loads(body.decode(json.detect_encoding(body)), parse_constant=refuse)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return None
    return value


def shows_task(answer: Any) -> bool:
    """Return whether the answer is a list with the requested task, of a type that can be changed."""
    tasks = answer.get("task_infos") if isinstance(answer, dict) else None
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        return False
    found = next((task for task in tasks if task.get("task_id") == CHANNEL_ID), None)
    return found is not None and found.get("source_type") in (None, "", "PullVodPushLive")


@counted
@given(body=lists)
def test_any_json_answer_to_a_list(body: Any, examples: Counts) -> None:
    service = service_with(Reply(200, body), ACCEPTED)
    kind, results = ask(service, ASKED)
    examples[f"list of any JSON: {kind}"] += 1
    if not shows_task(decoded(json.dumps(body).encode())):
        assert kind == "error"
        assert service.writes == []
        assert results["changed"] is False
        assert results["msg"].endswith("Nothing was changed.")


paths = st.sampled_from(
    [(), ("total",), ("request_id",), ("task_infos",), *(("task_infos", 0, name) for name in FIELDS)]
)


def near_miss(path: tuple[Any, ...], value: Any) -> Any:
    """Return a valid list of one task, with ``value`` in one place."""
    answer: Any = {"task_infos": [{**seed_tasks()[0], **EXTRA_FIELDS}], "total": 1, "request_id": "read"}
    if not path:
        return value
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return answer


@counted
@given(path=paths, value=anything, others=st.sampled_from([(), ("another-task",)]))
def test_list_with_one_invalid_value(path: Any, value: Any, others: tuple[str, ...], examples: Counts) -> None:
    answer = near_miss(path, value)
    service = service_with(Reply(200, answer), ACCEPTED, AS_ASKED)
    kind, results = ask(service, ASKED, others)
    examples[f"list with one thing wrong: {kind}"] += 1
    for request in service.writes:
        body = json.loads(request.body or b"")
        assert body["task_id"] == CHANNEL_ID
        assert (
            body.items()
            >= {name: value for name, value in ASKED.items() if answer["task_infos"][0].get(name) != value}.items()
        )
    if not shows_task(decoded(json.dumps(answer).encode())):
        assert kind == "error"
        assert service.writes == []
        assert results["changed"] is False


@counted
@given(field=st.sampled_from([name for name in FIELDS if name not in ASKED]), value=anything)
def test_task_in_its_declared_state_is_not_written(field: str, value: Any, examples: Counts) -> None:
    asked = {"status": "enable", "vod_loop_time": "-1"}
    answer = near_miss(("task_infos", 0, field), value)
    service = service_with(Reply(200, answer), ACCEPTED)
    kind, _results = ask(service, asked)
    examples[f"nothing to change: {kind}"] += 1
    assert service.writes == []


@counted
@given(reply=replies)
def test_any_answer_to_a_read(reply: Reply, examples: Counts) -> None:
    service = service_with(reply, ACCEPTED, AS_ASKED)
    kind, results = ask(service, ASKED)
    examples[f"any answer to a read: {kind}"] += 1
    if not 200 <= reply.status < 300 or not shows_task(decoded(reply.content)):
        assert kind == "error"
        assert service.writes == []
        assert results["changed"] is False


@counted
@given(reply=replies)
def test_any_answer_to_a_write(reply: Reply, examples: Counts) -> None:
    service = service_with(Reply(200, near_miss(("total",), 1)), reply)
    kind, results = ask(service, ASKED)
    examples[f"any answer to a write: {kind}"] += 1
    assert kind == "error"  # the reads still show the earlier state
    # A refused modify is sent again with fewer fields, twice.
    assert len(service.writes) in ((1, 2, 3) if reply.status == 400 else (1, 2))
    if 200 <= reply.status < 300 or reply.status >= 500:
        assert results["changed"] is True
    else:
        # Without a status in the results, the answer was incomplete and the write is uncertain.
        assert results["changed"] is ("http_status" not in results)
        assert results["changed"] or results["msg"].endswith("Nothing was changed.")


@counted
@given(reply=replies | st.just(AS_ASKED))
def test_any_answer_to_a_verifying_read(reply: Reply, examples: Counts) -> None:
    service = service_with(Reply(200, near_miss(("total",), 1)), ACCEPTED, reply)
    kind, results = ask(service, ASKED)
    examples[f"any answer to a read-back: {kind}"] += 1
    assert len(service.writes) == 1
    assert results["changed"] is True
    if kind == "error":
        assert "accepted the modify" in results["msg"]
    else:
        assert results["live_pull_task"].items() >= ASKED.items()


@counted
@given(body=lists)
def test_any_json_for_the_reading_module(body: Any, examples: Counts) -> None:
    script = Script(Reply(200, body))
    client = client_to(script, secrets=[SECRET])
    wanted = TaskFilter.from_options({})
    try:
        listed = [PullTask.from_answer(task).result() for task in client.list(wanted.query) if wanted.matches(task)]
        results, kind = client.secrets.mask_results(listed), "success"
    except LiveError as error:
        results, kind = error.result(), "error"
    examples[f"any JSON for the reading module: {kind}"] += 1
    assert len(script.sent) <= 2  # the endless answer times out
    check_printable(results)


credentials = st.sampled_from(
    [
        Credentials(auth_token=SECRET),
        Credentials(access_key="AK", secret_key=SECRET),
        Credentials(username="user", password=SECRET, domain_name="domain"),
    ]
)
project_ids = st.sampled_from([PROJECT_ID, SECRET, "", "..", "a b", "\n"]) | anything
iam_bodies = (
    project_ids.map(lambda value: json.dumps({"token": {"project": {"id": value}}}).encode())
    | project_ids.map(lambda value: json.dumps({"projects": [{"id": value, "name": "cn-north-4"}]}).encode())
    | anything.map(lambda value: json.dumps({"token": value, "projects": value}).encode())
    | anything.map(lambda value: json.dumps({"projects": [value]}).encode())
    | bodies
)
tokens = st.fixed_dictionaries(
    {"X-Subject-Token": header_values | st.just("a-token-of-iam")}, optional={"X-Request-Id": header_values}
)


@counted
@given(chosen=credentials, status=st.sampled_from([200, 201]) | statuses, body=iam_bodies, head=headers | tokens)
def test_any_answer_of_iam(
    chosen: Credentials, status: int, body: bytes, head: dict[str, str], examples: Counts
) -> None:
    script = Script(Reply(status, body, head))
    settings = settings_with(project_id=None, retries=1)
    connection = transport_to(script, FakeClock(), secrets=chosen.secrets, retries=1)
    try:
        auth, project_id = authenticate(chosen, settings, connection)
    except LiveError as error:
        examples["any answer of IAM: error"] += 1
        check_printable(error.result())
        return
    examples["any answer of IAM: success"] += 1
    # Values from IAM can be sent: they stay in their header and their segment of the path.
    prepared = requests.Request("GET", ENDPOINT, auth=auth).prepare()
    sent = " ".join(str(value) for value in prepared.headers.values())
    assert sent.isprintable()
    assert sent.isascii()
    assert project_id.isprintable()
    assert project_id not in ("", ".", "..")


@counted
@given(reply=replies)
def test_any_answer_at_all(reply: Reply, examples: Counts) -> None:
    connection = transport_to(Script(reply), FakeClock(), secrets=[SECRET], retries=1)
    try:
        answer = connection.request("PUT", ENDPOINT, None, {"task_id": CHANNEL_ID})
    except LiveApiError as error:
        examples["any answer at all: error"] += 1
        check_printable(error.result())
        return
    examples["any answer at all: success"] += 1
    assert isinstance(answer, Answer)
    json.dumps(answer.body, allow_nan=False, ensure_ascii=False).encode()
