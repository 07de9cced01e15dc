# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials: options before environment, in whole sets, and the requests to IAM."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import (
    InvalidOptionError,
    LiveApiError,
    LiveError,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import authenticate
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import (
    FAMILIES,
    WAYS,
    Credentials,
    choose,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._service.signature import KeyAuth, TokenAuth
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import (
    PROJECT_ID,
    Reply,
    Script,
    settings_with,
    transport_to,
)

TOKEN = {"auth_token": "T"}
KEY = {"access_key": "AK", "secret_key": "SK"}
TEMPORARY = {**KEY, "security_token": "ST"}
USER = {"username": "U", "password": "P", "domain_name": "D"}

# The environment variables of each family
SDK = {"HUAWEICLOUD_SDK_AK": "sdk-ak", "HUAWEICLOUD_SDK_SK": "sdk-sk"}
SDK_TEMPORARY = {**SDK, "HUAWEICLOUD_SDK_SECURITY_TOKEN": "sdk-st"}
CLOUD = {"CLOUD_SDK_AK": "cloud-ak", "CLOUD_SDK_SK": "cloud-sk"}
HW_TOKEN = {"HW_AUTH_TOKEN": "hw-token"}
HW = {"HW_ACCESS_KEY": "hw-ak", "HW_SECRET_KEY": "hw-sk"}
HW_USER = {"HW_USER_NAME": "hw-user", "HW_USER_PASSWORD": "hw-password", "HW_DOMAIN_NAME": "hw-domain"}
HWC = {"ANSIBLE_HWC_ACCESS_KEY": "hwc-ak", "ANSIBLE_HWC_SECRET_KEY": "hwc-sk"}
EVERYTHING = {**SDK_TEMPORARY, **CLOUD, **HW_TOKEN, **HW, **HW_USER, **HWC}


def chosen_from(options: dict[str, Any], environ: dict[str, str]) -> Credentials:
    """Return the chosen credentials without their origin."""
    chosen = choose(options, environ)
    assert chosen is not None
    assert chosen.origin
    return chosen._replace(origin="")


def place_of(name: str, rest: dict[str, str], place: str) -> str:
    """Return the origin of credentials as errors name it."""
    names = [one for one in ("auth_token", "access_key", "secret_key", "security_token") if one in {name, *rest}]
    if place == "option":
        return f"the option{'s' if len(names) > 1 else ''} {', '.join(names)}"
    return f"the environment ({', '.join(FAMILIES[2][one] for one in names)})"


def without(values: dict[str, str], *names: str) -> dict[str, str]:
    """Return the values without some."""
    return {name: value for name, value in values.items() if name not in names}


@pytest.mark.parametrize(
    ("options", "environ", "chosen"),
    [
        # Options: token before key before user.
        (TOKEN, {}, TOKEN),
        (KEY, {}, KEY),
        (TEMPORARY, {}, TEMPORARY),
        (USER, {}, USER),
        ({**TOKEN, **TEMPORARY, **USER}, {}, TOKEN),
        ({**TEMPORARY, **USER}, {}, TEMPORARY),
        # Half a pair does not matter if a way with precedence is complete.
        ({"access_key": "AK", **TOKEN}, {}, TOKEN),
        ({}, {**SDK, "ANSIBLE_HWC_ACCESS_KEY": "hwc-ak"}, {"access_key": "sdk-ak", "secret_key": "sdk-sk"}),
        # A security token belongs to key pairs only.
        ({**USER, "security_token": "ST"}, {}, USER),
        ({**TOKEN, "security_token": "ST"}, {}, TOKEN),
        # Options win over any environment.
        (TOKEN, EVERYTHING, TOKEN),
        (KEY, EVERYTHING, KEY),
        (USER, EVERYTHING, USER),
        # Null and an empty variable count as not set.
        ({"auth_token": None, "access_key": None, **USER}, {}, USER),
        ({"auth_token": None, "password": None}, HWC, {"access_key": "hwc-ak", "secret_key": "hwc-sk"}),
        ({}, {**dict.fromkeys(SDK_TEMPORARY, ""), **HWC}, {"access_key": "hwc-ak", "secret_key": "hwc-sk"}),
        # Environment: token before key before user, in any family.
        ({}, EVERYTHING, {"auth_token": "hw-token"}),
        ({}, {**SDK, **HW_TOKEN}, {"auth_token": "hw-token"}),
        ({}, {**HW_USER, **HWC}, {"access_key": "hwc-ak", "secret_key": "hwc-sk"}),
        ({}, HW_USER, {"username": "hw-user", "password": "hw-password", "domain_name": "hw-domain"}),
        # Keys: the order of the families.
        (
            {},
            without(EVERYTHING, "HW_AUTH_TOKEN"),
            {"access_key": "sdk-ak", "secret_key": "sdk-sk", "security_token": "sdk-st"},
        ),
        ({}, {**CLOUD, **HW, **HWC}, {"access_key": "cloud-ak", "secret_key": "cloud-sk"}),
        ({}, {**HW, **HWC}, {"access_key": "hw-ak", "secret_key": "hw-sk"}),
        ({}, HWC, {"access_key": "hwc-ak", "secret_key": "hwc-sk"}),
        # A security token of another family is not used.
        ({}, {**SDK, "HW_SECURITY_TOKEN": "hw-st"}, {"access_key": "sdk-ak", "secret_key": "sdk-sk"}),
        ({}, {**CLOUD, "HUAWEICLOUD_SDK_SECURITY_TOKEN": "x"}, {"access_key": "cloud-ak", "secret_key": "cloud-sk"}),
        (
            {},
            {**HW, "HW_SECURITY_TOKEN": "hw-st"},
            {"access_key": "hw-ak", "secret_key": "hw-sk", "security_token": "hw-st"},
        ),
        (KEY, {"HW_SECURITY_TOKEN": "hw-st", "HUAWEICLOUD_SDK_SECURITY_TOKEN": "sdk-st"}, KEY),
    ],
)
def test_the_first_complete_way_of_the_first_place_is_chosen(
    options: dict[str, Any], environ: dict[str, str], chosen: dict[str, str]
) -> None:
    assert chosen_from(options, environ) == Credentials(**chosen)


@pytest.mark.parametrize(
    ("options", "environ", "found"),
    [
        (
            {"access_key": "AK", **USER},
            {},
            "access_key, username, password, domain_name given, without secret_key"
            r" \(options and environment are not mixed\)",
        ),
        ({}, {"HUAWEICLOUD_SDK_AK": "sdk-ak", **CLOUD}, "HUAWEICLOUD_SDK_AK given, without HUAWEICLOUD_SDK_SK"),
        ({}, {"HUAWEICLOUD_SDK_SK": "sdk-sk", **HW}, "HUAWEICLOUD_SDK_SK given, without HUAWEICLOUD_SDK_AK"),
        (
            {},
            {**SDK, "HUAWEICLOUD_SDK_SK": "", **HWC},
            "HUAWEICLOUD_SDK_AK given, without HUAWEICLOUD_SDK_SK",
        ),
        ({}, {"HW_ACCESS_KEY": "hw-ak", **HWC}, "HW_ACCESS_KEY given, without HW_SECRET_KEY"),
    ],
)
def test_an_incomplete_set_of_credentials_is_an_error(
    options: dict[str, str], environ: dict[str, str], found: str
) -> None:
    with pytest.raises(InvalidOptionError, match=f"^The credentials are incomplete: only {found}. Give one of: "):
        choose(options, environ)


@pytest.mark.parametrize(
    ("options", "environ", "found"),
    [
        (
            {"access_key": "AK"},
            {},
            "incomplete: only access_key given, without secret_key (options and environment are not mixed).",
        ),
        (
            {"secret_key": "SK"},
            {},
            "incomplete: only secret_key given, without access_key (options and environment are not mixed).",
        ),
        (
            {"security_token": "ST"},
            {},
            "incomplete: only security_token given (options and environment are not mixed).",
        ),
        (without(USER, "domain_name"), {}, "incomplete: only username, password given, without domain_name (options"),
        (without(USER, "password"), {}, "incomplete: only username, domain_name given, without password (options"),
        # A missing option is not completed from the environment.
        (
            {"access_key": "AK"},
            EVERYTHING,
            "incomplete: only access_key given, without secret_key (options and environment are not mixed).",
        ),
        (
            {"secret_key": "SK"},
            {"HUAWEICLOUD_SDK_AK": "sdk-ak"},
            "incomplete: only secret_key given, without access_key (options and environment are not mixed).",
        ),
        (
            {"security_token": "ST"},
            EVERYTHING,
            "incomplete: only security_token given (options and environment are not mixed).",
        ),
        (without(USER, "password"), HW_USER, "incomplete: only username, domain_name given, without password (options"),
        # Nor one family from another.
        ({}, {"HUAWEICLOUD_SDK_AK": "a"}, "incomplete: only HUAWEICLOUD_SDK_AK given, without HUAWEICLOUD_SDK_SK."),
        (
            {},
            {"HUAWEICLOUD_SDK_AK": "a", "HW_SECRET_KEY": "b"},
            "incomplete: only HUAWEICLOUD_SDK_AK given, without HUAWEICLOUD_SDK_SK.",
        ),
        ({}, {"CLOUD_SDK_SK": "a", "ANSIBLE_HWC_ACCESS_KEY": "b"}, "only CLOUD_SDK_SK given, without CLOUD_SDK_AK."),
        (
            {},
            without(HW_USER, "HW_DOMAIN_NAME"),
            "incomplete: only HW_USER_NAME, HW_USER_PASSWORD given, without HW_DOMAIN_NAME.",
        ),
    ],
)
def test_an_incomplete_set_of_credentials_is_an_error_that_lists_the_ways(
    options: dict[str, Any], environ: dict[str, str], found: str
) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        choose(options, environ)
    assert found in refused.value.message
    for names in (*WAYS, *(family.values() for family in FAMILIES)):
        for name in names:
            assert name in refused.value.message or name.endswith("SECURITY_TOKEN")


@pytest.mark.parametrize(
    "value",
    ["line\nbreak", "line\r\nX-Evil: 1", "trailing\n", "with blank", "tab\t", "nul\x00", "é", "任", "\u2028", "\x7f"],
    ids=ascii,
)
@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("auth_token", {}),
        ("access_key", {"secret_key": "SK"}),
        ("secret_key", {"access_key": "AK"}),
        ("security_token", KEY),
    ],
)
@pytest.mark.parametrize("place", ["option", "environment"])
def test_a_value_that_a_header_cannot_hold_is_refused_and_not_shown(
    name: str, rest: dict[str, str], value: str, place: str
) -> None:
    given = {**rest, name: value}
    environ = {FAMILIES[2][option]: content for option, content in given.items()}
    with pytest.raises(InvalidOptionError) as refused:
        choose(*((given, {}) if place == "option" else ({}, environ)))
    assert refused.value.message == (
        f"{name}: the value (not shown) is not allowed. Allowed: printable ASCII without white space or line breaks."
        f" It is from {place_of(name, rest, place)}."
    )


def test_names_and_passwords_of_users_may_be_any_text() -> None:
    user = {"username": "用户 1", "password": 'pa"ss\\ wörd\n', "domain_name": "dömäne"}
    assert chosen_from(user, {}) == Credentials(**user)


@pytest.mark.parametrize(
    ("given", "secrets"),
    [(TOKEN, {"T"}), (KEY, {"SK"}), (TEMPORARY, {"SK", "ST"}), (USER, {"P"})],
    ids=["token", "key", "temporary key", "user"],
)
def test_the_secrets_of_each_way_are_known(given: dict[str, str], secrets: set[str]) -> None:
    assert chosen_from(given, {}).secrets == secrets


# Requests to IAM, and its responses

NO_REGION = "region: missing. Set region (environment: HW_REGION_NAME), project_name or project_id."
IAM = "http://127.0.0.1:9"


def ask_iam(given: dict[str, str], *answers: Reply, **settings: Any) -> tuple[Any, str, Script, set[str]]:
    """Authenticate; return the auth object, the project, the requests, and the secrets."""
    script = Script(*(answers or [Reply(500)]))
    chosen = chosen_from(given, {})
    connection = transport_to(script, secrets=chosen.secrets, retries=0)
    auth, project_id = authenticate(chosen, settings_with(**settings), connection)
    return auth, project_id, script, connection.secrets


@pytest.mark.parametrize(("given", "kind"), [(TOKEN, TokenAuth), (KEY, KeyAuth)], ids=["token", "key"])
def test_iam_is_not_asked_if_the_project_is_given(given: dict[str, str], kind: type) -> None:
    auth, project_id, script, _secrets = ask_iam(given, project_id="p1", iam_endpoint=None, region=None)
    assert isinstance(auth, kind)
    assert (project_id, script.sent) == ("p1", [])


PROJECTS = {
    "projects": [
        {"id": "x0", "name": "cn-north-4_sub"},
        {"id": PROJECT_ID, "name": "cn-north-4"},
        {"id": "x2", "name": "cn-north-4"},
    ]
}


@pytest.mark.parametrize(
    ("given", "header", "value"),
    [
        (TOKEN, "X-Auth-Token", "T"),
        (KEY, "Authorization", "SDK-HMAC-SHA256 Access=AK, SignedHeaders=content-type;host;x-sdk-date,"),
        (TEMPORARY, "X-Security-Token", "ST"),
    ],
    ids=["token", "key", "temporary key"],
)
def test_the_project_is_looked_up_by_the_name_of_the_region(given: dict[str, str], header: str, value: str) -> None:
    _auth, project_id, script, _secrets = ask_iam(given, Reply(200, PROJECTS), project_id=None)
    assert project_id == PROJECT_ID
    [request] = script.sent
    assert (request.method, request.url) == ("GET", f"{IAM}/v3/projects?name=cn-north-4")
    assert request.headers[header].startswith(value)


def test_the_id_of_the_project_is_in_the_headers_of_later_requests() -> None:
    auth, _project_id, script, _secrets = ask_iam(KEY, Reply(200, PROJECTS), project_id=None)
    [lookup] = script.sent
    assert "X-Project-Id" not in lookup.headers
    assert auth(lookup.copy()).headers["X-Project-Id"] == PROJECT_ID


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "cn-north-4",
        5,
        {},
        {"projects": None},
        {"projects": {}},
        {"projects": []},
        {"projects": [None, 5, "x", []]},
        {"projects": [{"name": "cn-north-4"}]},
        {"projects": [{"id": "x", "name": "cn-north-1"}]},
        {"projects": [{"id": "x", "name": None}]},
        *(
            {"projects": [{"id": odd, "name": "cn-north-4"}]}
            for odd in (None, 5, [], "", ".", "..", "a b", "a\r\nX-Evil: 1", "é")
        ),
    ],
    ids=ascii,
)
def test_a_missing_project_is_an_error_that_says_what_to_do(answer: Any) -> None:
    with pytest.raises(LiveError) as refused:
        ask_iam(TOKEN, Reply(200, answer, {"X-Request-Id": "r1"}), project_id=None)
    knows_none = f"{IAM} lists no project with the name of the region, 'cn-north-4', that these credentials may see."
    assert f"{knows_none} Check region, or set project_name or project_id." in refused.value.message
    assert refused.value.details == {"request_id": "r1"}


@pytest.mark.parametrize(
    ("given", "settings", "words"),
    [
        (KEY, {"project_id": None, "region": None}, NO_REGION),
        (TOKEN, {"project_id": None, "region": None}, NO_REGION),
        (
            USER,
            {"project_id": None, "region": None},
            "Set region, project_name or project_id: a token is for one project.",
        ),
        (USER, {"region": "RegionOne", "iam_endpoint": None}, "Set iam_endpoint: a user name and password are"),
        (USER, {"region": None, "iam_endpoint": None}, "Set region or iam_endpoint: a user name and password are"),
        (
            KEY,
            {"project_id": None, "region": "RegionOne", "iam_endpoint": None},
            "Set iam_endpoint: the id of the project is",
        ),
    ],
)
def test_options_that_are_missing_for_iam_are_named(
    given: dict[str, str], settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        ask_iam(given, **settings)
    assert refused.value.message.startswith(words)


NEW_TOKEN = "a-new-token"
TOKEN_BODY = {"token": {"project": {"id": PROJECT_ID, "name": "cn-north-4"}}}
USER_OF_BODY = {"name": "U", "password": "P", "domain": {"name": "D"}}


@pytest.mark.parametrize(
    ("settings", "scope", "project_id"),
    [
        ({"project_id": None}, {"name": "cn-north-4"}, PROJECT_ID),
        ({"project_id": "p1"}, {"id": "p1"}, "p1"),
        ({"project_id": "p1", "region": None}, {"id": "p1"}, "p1"),
    ],
    ids=["by region", "by project", "no region"],
)
def test_a_user_gets_a_token(settings: dict[str, Any], scope: dict[str, str], project_id: str) -> None:
    answer = Reply(201, TOKEN_BODY, {"x-subject-token": NEW_TOKEN})
    auth, found, script, secrets = ask_iam(USER, answer, **settings)
    assert found == project_id
    [request] = script.sent
    assert (request.method, request.url) == ("POST", f"{IAM}/v3/auth/tokens?nocatalog=true")
    assert json.loads(request.body or b"") == {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": USER_OF_BODY}},
            "scope": {"project": scope},
        }
    }
    assert "Authorization" not in request.headers
    assert auth(request.copy()).headers["X-Auth-Token"] == NEW_TOKEN
    assert secrets.mask_message(f"P, {NEW_TOKEN}") == "********, ********"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param({}, TOKEN_BODY, id="no token"),
        pytest.param({"X-Subject-Token": ""}, TOKEN_BODY, id="empty token"),
        pytest.param({"X-Subject-Token": "a b"}, TOKEN_BODY, id="token with a blank"),
        pytest.param({"X-Subject-Token": "a\xe9"}, TOKEN_BODY, id="token that is not ASCII"),
        *(
            pytest.param({"X-Subject-Token": NEW_TOKEN}, body, id=f"project {body!a}")
            for body in (
                *(None, [], "x", {}, {"token": None}, {"token": []}, {"token": {"project": 5}}),
                *({"token": {"project": {"id": odd}}} for odd in (None, 5, "", "..", "a\r\nX-Evil: 1", "a b", "é")),
            )
        ),
    ],
)
def test_a_login_without_token_or_project_is_an_error(headers: dict[str, str], body: Any) -> None:
    with pytest.raises(LiveError) as refused:
        ask_iam(USER, Reply(201, body, {**headers, "X-Request-Id": "r1"}), project_id=None)
    assert refused.value.message == (
        f"The response of {IAM} to the request for a token contains no token, or no id of the project."
    )
    assert refused.value.details == {"request_id": "r1"}


def test_a_refused_login_quotes_iam_without_the_password() -> None:
    body = {"error": {"code": 401, "message": "The password secret-word is wrong.", "title": "Unauthorized"}}
    with pytest.raises(LiveApiError) as refused:
        ask_iam({**USER, "password": "secret-word"}, Reply(401, body), project_id=None)
    assert "HTTP 401, 401 The password ******** is wrong." in refused.value.message
    assert refused.value.details == {
        "http_status": 401,
        "error_code": "401",
        "error_msg": "The password ******** is wrong.",
    }


@pytest.mark.parametrize("name", ["username", "password", "domain_name"])
def test_a_name_or_password_that_is_not_utf_8_is_refused(name: str) -> None:
    # Python reads an octet of an environment variable that is not UTF-8 like this.
    with pytest.raises(LiveError) as refused:
        ask_iam({**USER, name: "odd\udcff"}, Reply(201, TOKEN_BODY, {"X-Subject-Token": NEW_TOKEN}))
    assert name in refused.value.message
    assert "odd" not in refused.value.message


def test_the_message_lists_all_ways_to_give_credentials() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        choose({"username": "U"}, {})
    assert refused.value.message == (
        "The credentials are incomplete: only username given, without password, domain_name"
        " (options and environment are not mixed). Give one of: auth_token (environment: HW_AUTH_TOKEN);"
        " access_key + secret_key (environment: HUAWEICLOUD_SDK_AK + HUAWEICLOUD_SDK_SK or CLOUD_SDK_AK + CLOUD_SDK_SK"
        " or HW_ACCESS_KEY + HW_SECRET_KEY or ANSIBLE_HWC_ACCESS_KEY + ANSIBLE_HWC_SECRET_KEY);"
        " username + password + domain_name (environment: HW_USER_NAME + HW_USER_PASSWORD + HW_DOMAIN_NAME)."
    )
