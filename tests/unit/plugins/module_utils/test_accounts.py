# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of the profile file and of the agency of the server.

The official SDK reads the same file and asks the same server, and has to find the same.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.auth.internal import MetadataAccessor
from huaweicloudsdkcore.auth.provider import MetadataCredentialProvider, ProfileCredentialProvider

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import (
    InvalidOptionError,
    LiveApiError,
    LiveError,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._service import agency, credentials, exchange
from ansible_collections.huaweicloud.live.plugins.module_utils._service.agency import ask_agency
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import connect, secrets_of
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import Credentials, choose
from ansible_collections.huaweicloud.live.plugins.module_utils._service.exchange import Failure
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task_info
from ansible_collections.huaweicloud.live.tests.emulator import (
    ACCESS_KEY,
    AUTH_TOKEN,
    CHANNEL_ID,
    DOMAIN_NAME,
    OTHER_PROJECT_AUTH_TOKEN,
    OTHER_PROJECT_ID,
    OTHER_REGION,
    PASSWORD,
    PROJECT_ID,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    USERNAME,
    Behaviour,
    Emulator,
    Fault,
    fleet_id,
    seed_many,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.module import (
    options,
    paused,
    served,
    silent,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Server
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION

FILE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
KEY = f"ak = {ACCESS_KEY}\nsk = {SECRET_KEY}\n"
TEMPORARY = f"ak = {TEMPORARY_ACCESS_KEY}\nsk = {TEMPORARY_SECRET_KEY}\nsecurity_token = {SECURITY_TOKEN}\n"


def client(emulator: Emulator, environ: Mapping[str, str], **given: Any) -> LiveClient:
    """Return the client that a module gets."""
    return connect(options(emulator, **given), environ, silent)


def refusal(emulator: Emulator, environ: Mapping[str, str], **given: Any) -> str:
    """Return the message of a run that is refused before anything is sent."""
    results = perform(live_pull_task_info.run, module_options(emulator, **given), environ, False, silent)
    assert results["failed"]
    assert emulator.journal == []
    return str(results["msg"])


def module_options(emulator: Emulator, **given: Any) -> dict[str, Any]:
    """Return the options of the info module."""
    defaults = {name: option.get("default") for name, option in live_pull_task_info.ARGUMENTS.items()}
    return {**defaults, **options(emulator, **given)}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Write a profile file, and return the environment that names it."""

    def written(text: str | bytes) -> dict[str, str]:
        path = tmp_path / "credentials"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return {FILE: str(path)}

    return written


Write = Callable[..., dict[str, str]]


@pytest.fixture
def server(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """Start an emulator that also serves the metadata, for this collection and the SDK."""
    monkeypatch.setattr(agency, "ADDRESS", emulator.url)
    monkeypatch.setattr(MetadataAccessor, "_METADATA_ENDPOINT", emulator.url)
    return emulator


# The profile file


def same(ours: Credentials | None, theirs: BasicCredentials) -> bool:
    """Return whether the SDK found the same."""
    assert ours is not None
    return (ours.access_key, ours.secret_key, ours.security_token, ours.project_id, ours.iam_endpoint) == (
        theirs.ak,
        theirs.sk,
        theirs.security_token or None,
        theirs.project_id or None,
        theirs.iam_endpoint or None,
    )


@pytest.mark.parametrize(
    ("text", "section"),
    [
        (f"[basic]\n{KEY}", "basic"),
        (f"[basic]\n{TEMPORARY}project_id = p1\niam_endpoint = https://iam.example.com\n", "basic"),
        (f"[basic]\n{KEY}project_id =\nsecurity_token =\n", "basic"),
        (f"; a comment\n# another\n\n[basic]\nAK: {ACCESS_KEY}\nsk= {SECRET_KEY}  \n", "basic"),
        (f"[basic]\r\nak={ACCESS_KEY}\r\nsk={SECRET_KEY}\r\n", "basic"),
        (f"[DEFAULT]\nproject_id = p0\n[basic]\n{KEY}", "basic"),
        (f"[global]\nak = a\nsk = b\ndomain_id = c\n[basic]\n{KEY}", "basic"),
        ("[basic]\nak = a%%b\nsk = 100%%\n", "basic"),
        ("[basic]\nak = a ; b\nsk = c\n", "basic"),
        (f"[basic]\nak = a\nsk = b\n[basic_team]\n{TEMPORARY}project_id = p2\n", "basic_team"),
    ],
)
def test_the_sdk_reads_the_same_credentials_from_a_profile_file(
    write: Write, monkeypatch: pytest.MonkeyPatch, text: str, section: str
) -> None:
    environ = write(text)
    monkeypatch.setenv(FILE, environ[FILE])
    theirs = ProfileCredentialProvider(section).get_credentials()
    given = {} if section == "basic" else {"profile": section}
    if " " in theirs.ak:
        with pytest.raises(InvalidOptionError, match=r"^access_key: the value \(not shown\) is not allowed"):
            choose(given, environ)
        return
    assert same(choose(given, environ), theirs)


def test_the_default_profile_file_is_in_the_home_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".huaweicloud" / "credentials"
    path.parent.mkdir()
    path.write_text(f"[basic]\n{KEY}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv(FILE, raising=False)
    assert same(choose({}, {"HOME": str(tmp_path)}), ProfileCredentialProvider.get_basic().get_credentials())
    # Not the home of the process.
    assert choose({}, {}) is None
    assert choose({}, {"HOME": str(tmp_path / "another")}) is None


def test_a_byte_order_mark_is_ignored(write: Write) -> None:
    chosen = choose({}, write(f"\ufeff[basic]\n{KEY}"))
    assert chosen is not None
    assert chosen.access_key == ACCESS_KEY


@pytest.mark.parametrize(
    ("given", "environ", "access_key"),
    [
        ({}, {}, "of-basic"),
        ({"profile": "team"}, {}, "of-team"),
        ({"access_key": "of-option", "secret_key": "s"}, {}, "of-option"),
        ({}, {"HW_ACCESS_KEY": "of-environment", "HW_SECRET_KEY": "s"}, "of-environment"),
        # The name of a profile is an option, and wins over the environment.
        ({"profile": "team"}, {"HW_ACCESS_KEY": "of-environment", "HW_SECRET_KEY": "s"}, "of-team"),
        ({"profile": "team"}, {"HW_ACCESS_KEY": "half"}, "of-team"),
    ],
)
def test_options_win_over_environment_over_profile_file(
    write: Write, given: dict[str, str], environ: dict[str, str], access_key: str
) -> None:
    file = write("[basic]\nak = of-basic\nsk = s\n[team]\nak = of-team\nsk = s\n")
    chosen = choose(given, {**file, **environ})
    assert chosen is not None
    assert chosen.access_key == access_key


def test_a_broken_profile_file_is_not_read_if_other_credentials_are_given(write: Write) -> None:
    chosen = choose({"auth_token": "t"}, write("nonsense"))
    assert chosen is not None
    assert chosen.auth_token == "t"


HIDDEN = "hidden-secret-word"


@pytest.mark.parametrize(
    ("text", "profile", "says"),
    [
        (f"{HIDDEN}\n", None, "The profile file {path} cannot be used: line 1 is not INI"),
        (f"[basic]\nak = a\n{HIDDEN}\n", None, "line 3 is not INI"),
        (f"[basic]\nak = a\nak = {HIDDEN}\n", None, "line 3 is not INI, or repeats an earlier line"),
        (f"[basic]\nak = a\nsk = {HIDDEN}%x\n", None, "a % in a value has to be written %%"),
        (f"[basic]\nak = {HIDDEN}".encode("utf-16"), None, "cannot be used: it is not UTF-8"),
        (f"[basic]\nak = {HIDDEN}\n", None, "'basic' of {path} are incomplete: without sk."),
        (f"[basic]\nsk = {HIDDEN}\nak =\n", None, "'basic' of {path} are incomplete: without ak."),
        (f"[basic]\nproject_id = {HIDDEN}\n", None, "'basic' of {path} are incomplete: without ak, sk."),
        (f"[team]\nsk = {HIDDEN}\n", "team", "'team' of {path} are incomplete: without ak."),
        (f"[basic]\n{KEY}[{HIDDEN}]\n", "team", "profile: the profile file {path} has no section 'team'."),
        (
            f"[basic]\n{KEY}idp_id = {HIDDEN}\nid_token_file = x\n",
            None,
            "idp_id and id_token_file, in the section 'basic'",
        ),
        (f"[basic]\nak = a\nsk = {HIDDEN} b\n", None, "secret_key: the value (not shown) is not allowed."),
        (f"[basic]\nak = {HIDDEN}\n\tb\nsk = c\n", None, "access_key: the value (not shown) is not allowed."),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_broken_profile_file_is_an_error_and_is_not_quoted(
    emulator: Emulator, write: Write, text: str | bytes, profile: str | None, says: str
) -> None:
    environ = write(text)
    # The agency could be of another account, so it is not asked.
    message = refusal(emulator, environ, profile=profile)
    assert says.format(path=environ[FILE]) in message
    assert HIDDEN not in message
    assert message.endswith("Nothing was changed.")


@pytest.mark.parametrize(
    ("given", "environ", "says"),
    [
        ({}, {FILE: "/nowhere/credentials"}, f"{FILE}: the profile file /nowhere/credentials does not exist."),
        (
            {"profile": "team"},
            {"HOME": "/nowhere"},
            "profile: the profile file /nowhere/.huaweicloud/credentials does not exist.",
        ),
        ({"profile": "team"}, {}, f"profile: its file is not known. Set {FILE}, or HOME, in the environment."),
        ({"profile": "team", "access_key": "a"}, {}, "profile: not allowed with access_key. Allowed: either of them."),
        ({}, {FILE: "/"}, "The profile file / cannot be used: Is a directory."),
    ],
)
def test_a_named_profile_or_file_has_to_exist(
    emulator: Emulator, given: dict[str, str], environ: dict[str, str], says: str
) -> None:
    assert refusal(emulator, environ, **given).startswith(says)


def test_project_and_iam_endpoint_of_a_profile_are_used_with_its_key(emulator: Emulator, write: Write) -> None:
    environ = write(f"[basic]\n{KEY}project_id = {PROJECT_ID}\niam_endpoint = {emulator.url}\n")
    elsewhere = {"HW_PROJECT_ID": OTHER_PROJECT_ID, "HUAWEICLOUD_SDK_IAM_ENDPOINT": "http://127.0.0.1:9"}
    own = {"project_id": None, "iam_endpoint": None}
    assert client(emulator, {**environ, **elsewhere}, **own).get(CHANNEL_ID)
    # With other credentials, the project is from the environment.
    key = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY}
    assert PROJECT_ID not in client(emulator, {**environ, **elsewhere}, **own, **key).place
    # An option wins; the name is looked up in the IAM of the profile.
    found = client(emulator, {**environ, **elsewhere}, **own, project_name=OTHER_REGION)
    assert OTHER_PROJECT_ID in found.place


def test_a_profile_file_that_changes_during_a_loop_is_read_again(emulator: Emulator, write: Write) -> None:
    for section, key in ((KEY, ACCESS_KEY), (KEY, ACCESS_KEY), (TEMPORARY, TEMPORARY_ACCESS_KEY)):
        environ = write(f"[basic]\n{section}")
        assert client(emulator, environ, project_id=None).get(CHANNEL_ID)
        assert f"Access={key}," in emulator.journal[-1]["headers"]["authorization"]
    assert served(emulator) == ["projects", "list", "list", "projects", "list"]


# The agency of the server


@pytest.mark.parametrize("tokens", [True, False], ids=["with tokens", "without"])
def test_the_sdk_gets_the_same_credentials_from_the_agency(server: Emulator, tokens: bool) -> None:
    server.behaviour = Behaviour(metadata_tokens=tokens)
    theirs = MetadataCredentialProvider.get_basic().get_credentials()
    their_requests = [(entry["method"], entry["path"], entry["status"]) for entry in server.journal]
    server.clear_journal()
    ours = ask_agency()
    assert isinstance(ours, Credentials)
    assert same(ours, theirs)
    assert [(entry["method"], entry["path"], entry["status"]) for entry in server.journal] == their_requests


@pytest.mark.parametrize("status", [404, 405, 503])
def test_a_server_without_metadata_tokens_is_supported(server: Emulator, status: int) -> None:
    server.behaviour = Behaviour(metadata_tokens=False)
    server.add_fault(Fault("status", on="metadata_token", status=status))
    assert isinstance(ask_agency(), Credentials)


def test_requests_to_the_agency_hold_no_secrets(server: Emulator) -> None:
    environ = {
        "HTTP_PROXY": "http://127.0.0.1:1",
        "http_proxy": "http://127.0.0.1:1",
        "ALL_PROXY": "http://127.0.0.1:1",
    }
    assert client(server, environ).get(CHANNEL_ID)
    token, key, read = server.journal
    assert [entry["operation"] for entry in (token, key, read)] == ["metadata_token", "agency_key", "list"]
    for entry in (token, key):
        assert entry["body"] == ""
        assert {"authorization", "x-auth-token", "x-security-token"}.isdisjoint(entry["headers"])
    assert read["headers"]["x-security-token"].startswith("agency-security-token-")
    # Nor is the metadata token sent to the service.
    assert "x-metadata-token" not in read["headers"]


def test_the_project_of_an_agency_is_looked_up(server: Emulator) -> None:
    assert client(server, {}, project_id=None).get(CHANNEL_ID)
    assert served(server) == ["metadata_token", "agency_key", "projects", "list"]


def test_the_agency_is_asked_last(server: Emulator, write: Write) -> None:
    for environ in ({"HW_AUTH_TOKEN": AUTH_TOKEN}, write(f"[basic]\n{KEY}")):
        client(server, environ).get(CHANNEL_ID)
    client(server, {}, auth_token=AUTH_TOKEN).get(CHANNEL_ID)
    assert served(server) == ["list"] * 3
    # A file without the default section has no credentials.
    client(server, write("[global]\nak = a\nsk = b\n")).get(CHANNEL_ID)
    assert served(server)[3:] == ["metadata_token", "agency_key", "list"]


def test_a_loop_asks_the_agency_once(server: Emulator) -> None:
    for _item in range(3):
        client(server, {}).get(CHANNEL_ID)
    assert served(server) == ["metadata_token", "agency_key", *["list"] * 3]


def test_an_expired_key_of_the_agency_is_renewed_once_for_all_threads(server: Emulator) -> None:
    server.seed(seed_many(40))
    server.behaviour = Behaviour(token_uses=25, latency=0.01)
    results = paused(server, map(fleet_id, range(40)), concurrency=8)
    assert results["summary"]["changed"] == 40, results
    assert served(server).count("agency_key") >= 2
    assert {entry["headers"]["x-project-id"] for entry in server.writes()} == {PROJECT_ID}
    keys = {entry["headers"]["authorization"].partition(",")[0] for entry in server.writes() if entry["status"] == 200}
    assert len(keys) >= 2


@pytest.mark.parametrize(
    "trouble", [{"agency": False}, {"status": 500}, {"close": True}], ids=["no agency", "HTTP 500", "no answer"]
)
def test_an_expired_key_without_a_new_key_is_an_error_that_names_its_origin(server: Emulator, trouble: Any) -> None:
    server.behaviour = Behaviour(token_uses=1)
    found = client(server, {})
    assert found.get(CHANNEL_ID)
    if "agency" in trouble:
        server.behaviour = Behaviour(token_uses=1, agency=False)
    else:
        kind = "status" if "status" in trouble else "close"
        server.add_fault(Fault(kind, on="metadata", status=trouble.get("status"), times=-1))
    with pytest.raises(LiveApiError, match="HTTP 401") as refused:
        found.get(CHANNEL_ID)
    assert refused.value.message.endswith(
        f" The credentials were a temporary access key, from the agency of this server ({server.url})."
    )


def test_the_secrets_of_profile_and_agency_are_masked(server: Emulator, write: Write) -> None:
    environ = write(f"[team]\nak = a\nsk = {HIDDEN}-key\nsecurity_token = {HIDDEN}-token\n")
    client(server, environ)
    given = ask_agency()
    assert isinstance(given, Credentials)
    known = [f"{HIDDEN}-key", f"{HIDDEN}-token", *given.secrets]
    assert len(known) == 4
    text = secrets_of({}, environ).mask_message(" ".join(known))
    assert text == " ".join(["********"] * 4)


def test_a_secret_that_is_repeated_or_escaped_in_the_profile_file_is_known(write: Write) -> None:
    environ = write("[a]\nsk = one\nsk = two%%words\n[a]\nsecurity_token = three\n[b]\nsk =\n")
    assert credentials.known_secrets({"password": "", "auth_token": "four"}, environ) == {"two%words", "three", "four"}


def test_secrets_of_an_agency_that_a_server_repeats_are_masked(server: Emulator) -> None:
    server.add_fault(Fault("echo_secrets", on="list"))
    with pytest.raises(LiveApiError) as refused:
        client(server, {}).get(CHANNEL_ID)
    given = ask_agency()
    assert isinstance(given, Credentials)
    assert "x-security-token: ********" in refused.value.message
    assert not [secret for secret in given.secrets if secret in str(refused.value.result())]


NOTHING = "No credentials were given. Give one of: auth_token (environment: HW_AUTH_TOKEN); access_key + secret_key"


def error_without_credentials(emulator: Emulator, environ: Mapping[str, str] | None = None) -> str:
    """Return the message of a run without credentials."""
    with pytest.raises(InvalidOptionError) as refused:
        client(emulator, environ or {"HOME": "/nowhere"})
    assert refused.value.message.startswith(NOTHING)
    return refused.value.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Reply(404), "HTTP 404"),
        (Reply(401, b"Please configure Cloud Service Agency first"), "HTTP 401"),
        (Reply(302, b"", {"Location": "http://127.0.0.1:1/"}), "HTTP 302"),
        (Reply(500, HIDDEN.encode()), "HTTP 500"),
        (Reply(200, b""), " sent no access key"),
        (Reply(200, HIDDEN.encode()), " sent no access key"),
        (Reply(200, {"credential": None}), " sent no access key"),
        (Reply(200, {"credential": {"access": "a", "secret": HIDDEN}}), " sent no access key"),
        (Reply(200, {"credential": {"access": "a b", "secret": HIDDEN, "securitytoken": "c"}}), " sent no access key"),
        (Reply(200, {"credential": {"access": "a", "secret": HIDDEN, "securitytoken": 5}}), " sent no access key"),
    ],
)
def test_an_agency_without_credentials_is_reported_and_not_quoted(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, answer: Reply, says: str
) -> None:
    with Server(lambda request: Reply(404) if request.method == "PUT" else answer) as metadata:
        monkeypatch.setattr(agency, "ADDRESS", metadata.url)
        message = error_without_credentials(emulator)
        assert len(metadata.received) == 2
    assert f"an agency of this server ({metadata.url}{'' if says[0] == ' ' else ': '}{says}" in message
    assert HIDDEN not in message
    assert "(not found: /nowhere/.huaweicloud/credentials)" in message


def test_the_agency_is_not_asked_again_after_a_redirect_or_an_error(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for status in (302, 307, 400, 500):
        with Server(lambda request, status=status: Reply(status, b"", {"Location": emulator.url})) as metadata:
            monkeypatch.setattr(agency, "ADDRESS", metadata.url)
            assert f"{metadata.url}: HTTP {status}" in error_without_credentials(emulator)
            assert len(metadata.received) == 1
    assert emulator.journal == []


@pytest.mark.parametrize("answer", [Reply(404, b"nope"), Reply(200, b"\xff"), Reply(200, b"a b"), Reply(200)], ids=str)
def test_an_invalid_metadata_token_is_not_sent(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, answer: Reply
) -> None:
    key = {"credential": {"access": "a", "secret": "b", "securitytoken": "c"}}
    with Server(lambda request: answer if request.method == "PUT" else Reply(200, key)) as metadata:
        monkeypatch.setattr(agency, "ADDRESS", metadata.url)
        assert ask_agency() == Credentials(
            access_key="a",
            secret_key="b",
            security_token="c",
            origin=f"the agency of this server ({metadata.url})",
            agency=True,
        )
        assert "x-metadata-token" not in metadata.received[1].headers


@pytest.mark.parametrize(
    ("seconds", "timeouts", "says"),
    [
        (2.34, {"PUT": 3.0, "GET": 0.7}, "http://agency: HTTP 404"),
        (3.0, {"PUT": 3.0}, "http://agency: no response within 3 seconds"),
    ],
)
def test_the_two_requests_to_an_agency_have_three_seconds_together(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock, seconds: float, timeouts: dict[str, float], says: str
) -> None:
    asked: dict[str, float] = {}

    def slow(_adapter: object, method: str, *_rest: object, timeout: float, **_how: object) -> exchange.Reply:
        asked[method] = timeout
        clock.advance(seconds)
        return exchange.Reply(404, {}, b"")

    monkeypatch.setattr(agency, "ADDRESS", "http://agency")
    monkeypatch.setattr(agency, "exchange", slow)
    monkeypatch.setattr(agency, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    assert ask_agency() == Failure(says)
    assert asked == timeouts


def test_without_credentials_the_message_lists_every_way() -> None:
    assert credentials.no_credentials({"HOME": "/home/me"}, "HTTP 404").message == (
        "No credentials were given. Give one of: auth_token (environment: HW_AUTH_TOKEN);"
        " access_key + secret_key (environment: HUAWEICLOUD_SDK_AK + HUAWEICLOUD_SDK_SK or CLOUD_SDK_AK + CLOUD_SDK_SK"
        " or HW_ACCESS_KEY + HW_SECRET_KEY or ANSIBLE_HWC_ACCESS_KEY + ANSIBLE_HWC_SECRET_KEY);"
        " username + password + domain_name (environment: HW_USER_NAME + HW_USER_PASSWORD + HW_DOMAIN_NAME);"
        " a section [basic] in the profile file, or the section that profile names"
        " (not found: /home/me/.huaweicloud/credentials); an agency of this server (HTTP 404)."
    )


def test_without_a_home_the_message_says_so(emulator: Emulator) -> None:
    assert "(not found: HOME is not set)" in error_without_credentials(emulator, {"HOME": ""})


# The project


def test_a_project_is_named(emulator: Emulator) -> None:
    found = client(emulator, {"HW_PROJECT_NAME": OTHER_REGION}, project_id=None, auth_token=OTHER_PROJECT_AUTH_TOKEN)
    assert OTHER_PROJECT_ID in found.place
    assert emulator.journal[-1]["query"] == {"name": OTHER_REGION}
    user = {"username": USERNAME, "password": PASSWORD, "domain_name": DOMAIN_NAME}
    assert OTHER_PROJECT_ID in client(emulator, {}, project_id=None, project_name=OTHER_REGION, **user).place


def test_a_missing_project_is_not_replaced_by_a_similar_name(emulator: Emulator) -> None:
    with pytest.raises(LiveError) as refused:
        client(emulator, {"HW_PROJECT_NAME": "cn-north-4_live"}, project_id=None, auth_token=AUTH_TOKEN)
    assert refused.value.message == (
        f"{emulator.url} lists no project with the name 'cn-north-4_live' that these credentials may see. Check"
        " project_name (HW_PROJECT_NAME in the environment), or set project_id."
    )
    assert served(emulator) == ["projects"]


@pytest.mark.parametrize(
    "who", [{"auth_token": AUTH_TOKEN}, {"username": USERNAME, "password": PASSWORD, "domain_name": DOMAIN_NAME}]
)
def test_id_and_name_of_one_place_have_to_agree(emulator: Emulator, who: dict[str, str]) -> None:
    assert client(emulator, {}, project_name="cn-north-4", **who).get(CHANNEL_ID)
    with pytest.raises(InvalidOptionError) as refused:
        client(emulator, {}, project_name=OTHER_REGION, **who)
    assert refused.value.message == (
        f"project_id: {PROJECT_ID!r} is not the id of the project {OTHER_REGION!r}, which is {OTHER_PROJECT_ID!r}."
        " Allowed: project_id and project_name of one project, or one of them."
    )


# The credentials in messages


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("given", "environ", "words"),
    [
        ({"auth_token": "t"}, {}, "a token, from the option auth_token"),
        ({}, {"HW_AUTH_TOKEN": "t"}, "a token, from the environment (HW_AUTH_TOKEN)"),
        (
            {"access_key": "ABCDEFGH", "secret_key": "s"},
            {},
            "the access key ABCD..., from the options access_key, secret_key",
        ),
        (
            {},
            {"HUAWEICLOUD_SDK_AK": "ABCDEFGH", "HUAWEICLOUD_SDK_SK": "s", "HUAWEICLOUD_SDK_SECURITY_TOKEN": "t"},
            "the temporary access key ABCD..., from the environment (HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK,"
            " HUAWEICLOUD_SDK_SECURITY_TOKEN)",
        ),
        (
            {"username": USERNAME, "password": PASSWORD, "domain_name": DOMAIN_NAME},
            {},
            f"the user '{USERNAME}' of the account '{DOMAIN_NAME}', from the options username, password, domain_name",
        ),
        ({"profile": "team"}, {}, "the access key EMUL..., from the section 'team' of {path}"),
    ],
)
def test_a_403_names_the_credentials(
    emulator: Emulator, write: Write, status: int, given: dict[str, str], environ: dict[str, str], words: str
) -> None:
    file = write(f"[team]\n{KEY}")
    emulator.add_fault(Fault("status", on="list", status=status, times=-1))
    with pytest.raises(LiveApiError) as refused:
        client(emulator, {**file, **environ}, **given).get(CHANNEL_ID)
    assert refused.value.message.endswith(f". The credentials were {words.format(path=file[FILE])}.")
    for secret in (SECRET_KEY, PASSWORD, ACCESS_KEY):
        assert secret not in refused.value.message


def test_a_refused_login_names_the_credentials(emulator: Emulator) -> None:
    with pytest.raises(LiveApiError) as refused:
        client(emulator, {"HW_USER_NAME": "nobody", "HW_USER_PASSWORD": "p", "HW_DOMAIN_NAME": "d"})
    assert refused.value.message.endswith(
        " The credentials were the user 'nobody' of the account 'd', from the environment (HW_USER_NAME,"
        " HW_USER_PASSWORD, HW_DOMAIN_NAME)."
    )


def test_other_errors_do_not_name_the_credentials(emulator: Emulator) -> None:
    for status in (400, 404, 429, 500):
        emulator.add_fault(Fault("status", on="list", status=status))
        with pytest.raises(LiveApiError) as refused:
            client(emulator, {}, auth_token=AUTH_TOKEN).get(CHANNEL_ID)
        assert "credentials were" not in refused.value.message


# The User-Agent


def test_every_request_sends_the_versions(server: Emulator) -> None:
    user = {"username": USERNAME, "password": PASSWORD, "domain_name": DOMAIN_NAME}
    client(server, {}, project_id=None).get(CHANNEL_ID)
    client(server, {}, **user).modifying(CHANNEL_ID).send({"task_id": CHANNEL_ID, "status": "pause"})
    assert {*served(server)} == {"metadata_token", "agency_key", "projects", "list", "token", "modify"}
    version = yaml.safe_load((COLLECTION / "galaxy.yml").read_text())["version"]
    core = importlib.metadata.version("ansible-core")
    assert {entry["headers"]["user-agent"] for entry in server.journal} == {
        f"huaweicloud.live/{version} ansible-core/{core}"
    }
