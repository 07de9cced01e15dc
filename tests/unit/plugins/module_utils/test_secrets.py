# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our own secrets are masked in every output and spelling, and nothing else is masked."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError, LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._secrets import MASK, Secrets
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import authenticate
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import Credentials
from ansible_collections.huaweicloud.live.tests.unit.fakes.answers import URL, failure, page
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import (
    ENDPOINT,
    PROJECT_ID,
    Reply,
    Script,
    settings_with,
    transport_to,
)

SECRET = "0123456789-the-secret-0123456789"
SPELT = "Pa's/w+r d\"é&<\\x>😀~!"
SPELLINGS: list[Callable[[str], str]] = [
    str,
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    quote,
    quote_plus,
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="!'()*"),
    lambda text: quote(text, safe="").replace("%3C", "%3c").replace("%F0%9F%98%80", "%f0%9f%98%80").lower(),
    html.escape,
    lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    lambda text: html.escape(text, quote=False),
    lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
]


# Results


@pytest.mark.parametrize("spell", SPELLINGS)
def test_every_spelling_of_a_secret_is_masked_in_results(spell: Callable[[str], str]) -> None:
    secrets = Secrets([SPELT.lower(), "another secret"])
    spelt = spell(SPELT.lower())
    results = {"msg": f"a{spelt}b", "list": [{"deep": ["x", spelt, 5, None]}], "tuple": (spelt, True)}
    assert secrets.mask_results(results) == {
        "msg": f"a{MASK}b",
        "list": [{"deep": ["x", MASK, 5, None]}],
        "tuple": [MASK, True],
    }


def test_keys_and_values_that_are_not_secrets_are_not_masked() -> None:
    results = {SECRET: "0123456789-the-secret", "other": "another-secret-of-a-neighbour"}
    assert Secrets([SECRET]).mask_results(results) == results
    assert Secrets().mask_results(results) == results


@pytest.mark.parametrize("word", ["live", "pause", "1", "enable", "cn"])
def test_a_password_that_is_an_ordinary_word_is_not_masked_in_results(word: str) -> None:
    results = {"app_name": "live", "status": "enable", "msg": "Task 1 in cn was not paused: pause"}
    assert Secrets([word]).mask_results(results) == results


def test_longer_secrets_are_masked_before_shorter_secrets() -> None:
    secrets = Secrets(["a-secret-word", "a-secret-word-and-more"])
    assert secrets.mask_results("a-secret-word-and-more a-secret-word") == f"{MASK} {MASK}"


def test_a_secret_that_is_added_later_is_masked() -> None:
    secrets = Secrets()
    secrets.add(SECRET)
    secrets.add("")
    assert secrets.mask_results(["x", SECRET]) == ["x", MASK]


@given(st.text(max_size=60), st.text(min_size=8, max_size=20))
def test_masking_removes_any_secret_from_any_text(text: str, secret: str) -> None:
    masked = Secrets([secret]).mask_results(text + secret)
    assert secret not in masked or secret in MASK or any(character == "*" for character in secret)


# Texts of a server


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("no abc here", f"no {MASK} here"),
        ("(abc)", f"({MASK})"),
        ("abc", MASK),
        ("'abc', abc.", f"'{MASK}', {MASK}."),
        ("abcd xabc abc1 _abc", "abcd xabc abc1 _abc"),
    ],
)
def test_a_short_secret_is_masked_as_a_whole_word(text: str, masked: str) -> None:
    assert Secrets(["abc"]).mask_message(text) == masked


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Reply(400, {"error_code": f"X{SECRET}", "error_msg": f"got {SECRET}!"}), id="JSON"),
        pytest.param(Reply(400, {"error": {"code": 5, "message": SECRET}, "request_id": SECRET}), id="nested"),
        pytest.param(Reply(400, f"<p>you sent {SECRET}</p>".encode()), id="HTML"),
        pytest.param(Reply(400, {"echo": {"headers": [SECRET]}}), id="another shape"),
        pytest.param(Reply(302, b"", {"Location": f"https://h/?{SECRET}", "X-Request-Id": SECRET}), id="redirect"),
        pytest.param(Reply(200, SECRET.encode()), id="success, no JSON"),
        pytest.param(Reply(200, {"task_id": SECRET}), id="success, another task"),
        pytest.param(Reply(200, {"task_id": {SECRET: 1}}), id="success, in a name"),
        pytest.param(Reply(200, {"task_id": "y", "request_id": SECRET}), id="request id"),
        pytest.param(OSError(5, f"no {SECRET}"), id="network error"),
        pytest.param(Reply(400, b"x" * 170 + SECRET.encode() + b"x" * 100), id="where the quotation is cut"),
        pytest.param(Reply(200, {"task_id": "x" * 190 + SECRET}), id="where the quotation of JSON is cut"),
        pytest.param(Reply(400, b"x" * 1990 + SECRET.encode()), id="where the answer is cut"),
        pytest.param(OSError(5, f"{'x' * 290}{SECRET}"), id="where the network error is cut"),
    ],
)
def test_a_secret_that_a_server_repeats_is_masked(answer: Any) -> None:
    error = failure(answer, secrets=[SECRET], retries=0)
    results = json.dumps(error.result())
    assert SECRET[:8] not in results
    assert MASK[:3] in results or "xxx" in results


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"nonsense": SECRET}, id="short"),
        pytest.param({SECRET: 1}, id="in a name"),
        pytest.param({"nonsense": ["x" * 170, SECRET]}, id="where the quotation is cut"),
    ],
)
def test_a_secret_in_a_response_without_a_list_is_masked(answer: Any) -> None:
    transport = transport_to(Script(Reply(200, answer)), secrets=[SECRET])
    with pytest.raises(LiveApiError) as raised:
        list(LiveClient(transport, None, ENDPOINT, "p").list())
    assert SECRET[:8] not in raised.value.message


@pytest.mark.parametrize("answer", [Reply(200, {"task_infos": 5}), page(0, total=9)], ids=["no list", "again"])
def test_a_secret_in_the_address_is_masked(answer: Reply) -> None:
    transport = transport_to(Script(answer), secrets=[SECRET])
    with pytest.raises(LiveApiError) as raised:
        list(LiveClient(transport, None, ENDPOINT, SECRET).list())
    assert SECRET not in raised.value.message
    assert f"/v1/{MASK}/pull/" in raised.value.message


def test_a_short_secret_is_not_masked_in_the_address() -> None:
    error = failure(Reply(400, {"error_msg": "no pull here"}), secrets=["pull"], retries=0)
    assert error.message == f"PUT {URL} failed: HTTP 400, no {MASK} here."


def test_progress_reports_hold_no_secret(clock: FakeClock) -> None:
    reported: list[str] = []
    script = Script(Reply(503, {"error_msg": f"no {SECRET}"}), OSError(5, SECRET), Reply(200, {}))
    transport_to(script, clock, secrets=[SECRET], tell=lambda text, _verbosity: reported.append(text)).request(
        "GET", f"{URL}?{SECRET}"
    )
    assert len(reported) == 2
    assert not any(SECRET in text for text in reported)


@pytest.mark.parametrize("secret", ["back\\slash\\es", "both'quo\"tes", "two  blanks", "line\nbreak", "<b>old</b>ish"])
@pytest.mark.parametrize("status", [400, 200])
def test_a_password_is_masked_in_a_quotation_that_escapes_it(secret: str, status: int) -> None:
    script = Script(Reply(status, f"You sent {secret}.".encode()))
    with pytest.raises(LiveApiError) as raised:
        transport_to(script, secrets=[secret]).request("GET", URL)
    for part in (repr(secret)[1:-1], " ".join(secret.split()), secret.split("\\")[0].split("\n")[0]):
        assert part not in raised.value.message


# The token of IAM


USER = Credentials(username="u", password="p-a-s-s", domain_name="d")


@pytest.mark.parametrize(
    "answer",
    [
        Reply(201, b"token=TOKEN-OF-IAM", {"X-Subject-Token": "TOKEN-OF-IAM"}),
        Reply(500, {"error_code": "X", "error_msg": "issued TOKEN-OF-IAM"}, {"X-Subject-Token": "TOKEN-OF-IAM"}),
        Reply(201, {"request_id": "TOKEN-OF-IAM"}, {"X-Subject-Token": "TOKEN-OF-IAM"}),
    ],
    ids=["no JSON", "an error", "no project"],
)
def test_a_token_of_iam_is_masked_even_if_its_response_is_refused(answer: Reply) -> None:
    transport = transport_to(Script(answer), retries=0, project_id=None)
    with pytest.raises(LiveError) as raised:
        authenticate(USER, settings_with(project_id=None), transport)
    assert "TOKEN-OF-IAM" not in json.dumps(raised.value.result())


def test_the_token_header_of_another_service_is_not_a_secret() -> None:
    """Otherwise a word in that header would vanish from results."""
    transport = transport_to(Script(Reply(200, {"task_infos": [], "total": 0}, {"X-Subject-Token": "PullVodPushLive"})))
    assert list(LiveClient(transport, None, ENDPOINT, PROJECT_ID).list()) == []
    assert transport.secrets.mask_results(["PullVodPushLive"]) == ["PullVodPushLive"]
