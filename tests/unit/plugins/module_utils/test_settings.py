# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of the connection: options and environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._options import (
    CONNECTION_OPTIONS,
    WAIT_OPTIONS,
    number,
    wait_timeout,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import choose
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import (
    ENVIRONMENT,
    Settings,
    connection_settings,
)

ENDPOINT = "https://live.example.com"


def settings(environ: dict[str, str] | None = None, **options: Any) -> Settings:
    """Return the settings for these options and this environment; other options have their defaults."""
    defaults = {name: option.get("default") for name, option in CONNECTION_OPTIONS.items()}
    return connection_settings({**defaults, **options}, environ or {})


def refusal(environ: dict[str, str] | None = None, **options: Any) -> str:
    """Return the message that refuses these options."""
    with pytest.raises(InvalidOptionError) as refused:
        settings(environ, **options)
    return refused.value.message


def test_a_region_alone_gives_addresses_and_defaults() -> None:
    assert settings(region="cn-north-4") == Settings(
        endpoint="https://live.cn-north-4.myhuaweicloud.com",
        iam_endpoint="https://iam.cn-north-4.myhuaweicloud.com",
        region="cn-north-4",
        project_id=None,
        verify=True,
        timeout=30,
        retries=5,
    )


def test_an_endpoint_needs_no_region() -> None:
    found = settings(endpoint=ENDPOINT)
    assert (found.endpoint, found.iam_endpoint, found.region) == (ENDPOINT, None, None)


def test_without_region_and_endpoint_the_message_names_options_and_variables() -> None:
    message = refusal()
    for name in ("region", "endpoint", "HW_REGION_NAME", "ANSIBLE_HWC_REGION", "HUAWEICLOUD_LIVE_ENDPOINT"):
        assert name in message


# The environment

VALUES = {
    "region": ["option-1", "first-1", "second-1"],
    "endpoint": ["https://option", "https://first"],
    "iam_endpoint": ["https://option", "https://first", "https://second"],
    "project_id": ["option", "first", "second", "third"],
    "project_name": ["option", "first"],
}


@pytest.mark.parametrize("name", [*VALUES])
def test_an_option_wins_over_the_first_variable_that_is_not_empty(name: str) -> None:
    option, *values = VALUES[name]
    environ = dict(zip(ENVIRONMENT[name], values))
    rest = {} if name == "endpoint" else {"endpoint": ENDPOINT}
    assert len(values) == len(ENVIRONMENT[name])
    assert getattr(settings(environ, **rest, **{name: option}), name) == option
    for variable, value in list(environ.items()):
        assert getattr(settings(environ, **rest), name) == value
        assert getattr(settings(environ, **rest, **{name: None}), name) == value
        environ[variable] = ""
    assert getattr(settings(environ, **{"region": "cn-north-4", **rest}), name) not in values


def test_an_empty_option_is_refused() -> None:
    texts = [name for name, option in CONNECTION_OPTIONS.items() if option["type"] in ("str", "path")]
    assert len(texts) == len(CONNECTION_OPTIONS) - 3
    full = {variable: "x" for variables in ENVIRONMENT.values() for variable in variables}
    for name in texts:
        for look in (settings, choose_with):
            with pytest.raises(InvalidOptionError) as refused:
                look(full, **{name: ""})
            assert refused.value.message.startswith(f"{name}: given, but empty. Allowed: a value.")
    assert refusal(**dict.fromkeys(texts, "")).startswith(f"{', '.join(texts)}: given, but empty.")


def choose_with(environ: dict[str, str], **options: str) -> object:
    """Return the credentials of these options and this environment."""
    return choose(options, environ)


# Clouds


@pytest.mark.parametrize(
    ("region", "environ", "options", "cloud"),
    [
        ("cn-north-4", {}, {}, "myhuaweicloud.com"),
        ("eu-west-101", {}, {}, "myhuaweicloud.eu"),
        ("europa-1", {}, {}, "myhuaweicloud.com"),
        ("eu-west-101", {"HW_CLOUD": "myhuaweicloud.com"}, {}, "myhuaweicloud.com"),
        ("cn-north-4", {"HW_CLOUD": "cloud.example.com"}, {}, "cloud.example.com"),
        ("cn-north-4", {"HW_CLOUD": "cloud.example.com"}, {"cloud": "another.example.com"}, "another.example.com"),
        ("cn-north-4", {"HW_CLOUD": ""}, {}, "myhuaweicloud.com"),
    ],
)
def test_the_cloud_of_a_region(region: str, environ: dict[str, str], options: dict[str, str], cloud: str) -> None:
    found = settings(environ, region=region, **options)
    assert (found.endpoint, found.iam_endpoint) == (f"https://live.{region}.{cloud}", f"https://iam.{region}.{cloud}")


@pytest.mark.parametrize(
    "cloud", ["cloud", "https://myhuaweicloud.com", "a.b/c", "a@b.c", "a b.c", "a.b\n", ".eu", "a..b"]
)
def test_a_cloud_that_is_not_a_domain_is_refused(cloud: str) -> None:
    allowed = "is not allowed. Allowed: the domain of a cloud, such as myhuaweicloud.com."
    assert refusal(region="cn-north-4", cloud=cloud) == f"cloud: {cloud!r} {allowed}"
    assert refusal({"HW_CLOUD": cloud}, region="cn-north-4") == f"cloud (from HW_CLOUD): {cloud!r} {allowed}"


# Endpoints


@pytest.mark.parametrize("name", ["endpoint", "iam_endpoint"])
@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("https://live.example.com", "https://live.example.com"),
        ("https://live.example.com/", "https://live.example.com"),
        ("https://live.example.com:8443", "https://live.example.com:8443"),
        ("HTTPS://live.example.com", "https://live.example.com"),
        ("https://192.0.2.1", "https://192.0.2.1"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443"),
        *((f"http://{host}:8080", f"http://{host}:8080") for host in ("localhost", "127.0.0.1", "127.8.9.1", "[::1]")),
        ("http://LOCALHOST", "http://LOCALHOST"),
    ],
)
def test_an_endpoint_is_the_root_of_a_service(name: str, given: str, root: str) -> None:
    assert getattr(settings(**{"endpoint": ENDPOINT, name: given}), name) == root


@pytest.mark.parametrize("name", ["endpoint", "iam_endpoint"])
@pytest.mark.parametrize(
    "given",
    [
        *("live.example.com", "ftp://live.example.com", "https://", "https:///", "https:live.example.com", "//host"),
        *("https://host/path", "https://host/v1/", "https://host?query", "https://host#fragment"),
        *("https://ho st", " https://host", "https://host ", "https://host\n", "https://ho\nst", "https://ho\tst"),
        *("https://host\\evil", "https://hóst", "https://host:0", "https://host:65536", "https://host:port"),
        *("https://[::1", "https://::1", "https://[fe80::1%25eth0]", "https://host\x00"),
        *("http://live.example.com", "http://10.0.0.1", "http://localhost.example.com", "http://127.0.0.1.example.com"),
        *("http://[::2]", "http://0.0.0.0", "http://localhostx", "http://127.1", "http://2130706433"),
    ],
    ids=ascii,
)
def test_an_endpoint_that_is_not_the_root_of_a_service_is_refused(name: str, given: str) -> None:
    message = refusal(**{"endpoint": ENDPOINT, name: given})
    assert message.startswith(f"{name}: ")
    assert "Allowed: https://host or https://host:port; http:// for a loopback host only" in message


@pytest.mark.parametrize("name", ["endpoint", "iam_endpoint"])
@pytest.mark.parametrize(
    "given",
    [
        "https://user:secret-word@host",
        "https://secret-word@host",
        "https://:secret-word@host",
        "http://user:secret-word@host",
        "http://localhost:secret-word@host",
        "https://user:secret-word@host/path",
        "https://host/?password=secret-word",
        "https://user:secret-word@host:99999",
        "https://user:secret-word@[::1",
        "https://user:secret-word@host:port",
    ],
)
def test_a_password_in_an_endpoint_is_refused_without_being_shown(name: str, given: str) -> None:
    message = refusal(**{"endpoint": ENDPOINT, name: given})
    assert message.startswith(f"{name}: ")
    assert "secret-word" not in message


@pytest.mark.parametrize("host", ["127.256.0.1", "127.999.999.999"])
def test_a_name_that_only_looks_like_a_loopback_address_is_refused(host: str) -> None:
    assert refusal(endpoint=f"http://{host}").startswith("endpoint: ")


@pytest.mark.parametrize("path", ["", "/", "/v3", "/v3/", "/v3/auth/tokens", "/v3/auth/tokens/"])
def test_the_version_at_the_end_of_terraforms_variable_is_dropped(path: str) -> None:
    found = settings({"HW_AUTH_URL": f"https://iam.example.com:443{path}"}, endpoint=ENDPOINT)
    assert found.iam_endpoint == "https://iam.example.com:443"


@pytest.mark.parametrize("path", ["/v2.0", "/v3/v3x", "/v3/projects"])
def test_any_other_path_of_iam_is_refused(path: str) -> None:
    assert refusal({"HW_AUTH_URL": f"https://iam.example.com{path}"}, endpoint=ENDPOINT).startswith(
        "iam_endpoint (from HW_AUTH_URL): 'https://iam.example.com"
    )


# Region and project


@pytest.mark.parametrize("region", ["cn-north-4", "ap-southeast-3", "region1"])
def test_a_region_is_part_of_the_host(region: str) -> None:
    assert settings(region=region).endpoint == f"https://live.{region}.myhuaweicloud.com"


@pytest.mark.parametrize(
    "region",
    [
        *("cn-north-4.evil.example", "cn-north-4/", "cn@evil", "a:1", "CN-NORTH-4", "RegionOne", "cn-north-4_team"),
        *("-", "cn--north", "a#", "a?", "a_b"),
    ],
)
def test_with_an_endpoint_a_region_may_be_any_name(region: str) -> None:
    found = settings(region=region, endpoint=ENDPOINT)
    # It is not part of an address.
    assert (found.region, found.endpoint, found.iam_endpoint) == (region, ENDPOINT, None)
    message = refusal(region=region)
    assert message.startswith(
        f"region: {region!r} is not allowed. Allowed: the name of a region, such as cn-north-4. If the project does not"
    )
    assert "project_name" in message
    assert "endpoint" in message


@pytest.mark.parametrize("region", ["cn north", "cn-north-4\n", "é", "a\r\nb", "\x00", " "], ids=ascii)
def test_a_region_with_other_characters_is_refused(region: str) -> None:
    # With an endpoint too, because requests to IAM hold it.
    for rest in ({}, {"endpoint": ENDPOINT}):
        assert refusal(region=region, **rest).startswith(f"region: {region!r} is not allowed. Allowed: ")


@pytest.mark.parametrize("variable", ["HUAWEICLOUD_LIVE_ENDPOINT", "HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL"])
@pytest.mark.parametrize(
    ("region", "host", "other"),
    [
        ("cn-north-4", "live.cn-north-1.myhuaweicloud.com", "cn-north-1"),
        ("cn-north-4", "LIVE.CN-NORTH-1.MYHUAWEICLOUD.COM:443", "cn-north-1"),
        ("eu-west-101", "iam.cn-north-4.myhuaweicloud.com", "cn-north-4"),
        ("cn-north-4", "iam.eu-west-101.myhuaweicloud.eu", "eu-west-101"),
        ("cn-north-4_team", "live.cn-north-1.myhuaweicloud.com", "cn-north-1"),
        ("RegionOne", "live.cn-north-1.myhuaweicloud.com", "cn-north-1"),
        # The same region, a host without a region, a host of another cloud.
        ("cn-north-4", "live.cn-north-4.myhuaweicloud.com", None),
        ("cn-north-4_team", "live.cn-north-4.myhuaweicloud.com", None),
        ("cn-north-4", "iam.myhuaweicloud.com", None),
        ("cn-north-4", "live.cn-north-1.example.com", None),
        ("cn-north-4", "live.cn-north-1.myhuaweicloud.com.example.com", None),
        ("cn-north-4", "127.0.0.1:8080", None),
    ],
)
def test_an_address_of_another_region_in_the_environment_is_refused(
    variable: str, region: str, host: str, other: str | None
) -> None:
    environ = {variable: f"https://{host}"}
    name = next(name for name in ENVIRONMENT if variable in ENVIRONMENT[name])
    option = {} if name == "endpoint" else {"endpoint": ENDPOINT}
    if other is None:
        assert getattr(settings(environ, region=region, **option), name) == f"https://{host}"
        return
    message = refusal(environ, region=region, **option)
    assert message.startswith(f"region: {region!r} is not the region {other} of {name} (from {variable}), ")
    # The remedies of the message. A region of the environment is not compared.
    assert getattr(settings(environ, region=region, **option, **{name: f"https://{host}"}), name) == f"https://{host}"
    if region == "cn-north-4":
        assert settings({}, region=region).endpoint == "https://live.cn-north-4.myhuaweicloud.com"
    assert getattr(settings({**environ, "HW_REGION_NAME": region}, **option), name) == f"https://{host}"


def test_an_address_in_the_named_cloud_is_checked_too() -> None:
    environ = {"HUAWEICLOUD_LIVE_ENDPOINT": "https://live.north.cloud.example.com", "HW_CLOUD": "cloud.example.com"}
    assert refusal(environ, region="south").startswith("region: 'south' is not the region north of endpoint (from ")


@pytest.mark.parametrize(
    ("options", "profile", "environ", "project"),
    [
        ({"project_name": "a"}, {}, {"HW_PROJECT_ID": "1"}, (None, "a")),
        ({"project_name": "a"}, {"project_id": "2"}, {}, (None, "a")),
        ({"project_id": "1"}, {}, {"HW_PROJECT_NAME": "b"}, ("1", None)),
        ({}, {"project_id": "2"}, {"HW_PROJECT_NAME": "b", "HW_PROJECT_ID": "1"}, ("2", None)),
        ({}, {}, {"HW_PROJECT_NAME": "b"}, (None, "b")),
        # IAM checks whether id and name from one place agree.
        ({"project_name": "a", "project_id": "1"}, {"project_id": "2"}, {"HW_PROJECT_ID": "3"}, ("1", "a")),
        ({}, {}, {"HW_PROJECT_NAME": "b", "HUAWEICLOUD_SDK_PROJECT_ID": "1"}, ("1", "b")),
    ],
)
def test_the_project_is_from_the_first_place_that_names_one(
    options: dict[str, str], profile: dict[str, str], environ: dict[str, str], project: tuple[str | None, str | None]
) -> None:
    found = connection_settings(
        {"validate_certs": True, "timeout": 1, "retries": 0, "region": "r", **options}, environ, profile
    )
    assert (found.project_id, found.project_name) == project


@pytest.mark.parametrize("name", ["a\nb", "\x00", "\udcff", "\t"], ids=ascii)
def test_a_project_name_with_control_characters_is_refused(name: str) -> None:
    assert refusal(region="cn-north-4", project_name=name).startswith(f"project_name: {name!r} is not allowed.")


@pytest.mark.parametrize("project_id", ["0a1b2c3d4e5f60718293a4b5c6d7e8f9", "a/b?c#d%41", "...", "a..b"])
def test_a_project_id_may_hold_printable_ascii(project_id: str) -> None:
    assert settings(endpoint=ENDPOINT, project_id=project_id).project_id == project_id


@pytest.mark.parametrize("project_id", [".", "..", "a b", "a\r\nX-Evil: 1", "a\n", "é", "\x00", " "], ids=ascii)
def test_a_project_id_with_other_characters_is_refused(project_id: str) -> None:
    assert refusal(endpoint=ENDPOINT, project_id=project_id) == (
        f"project_id: {project_id!r} is not allowed. Allowed: the id of a project, printable ASCII without white space."
    )


# Certificates


@pytest.mark.parametrize(
    ("options", "environ", "verify"),
    [
        ({}, {}, True),
        ({"ca_path": "CA"}, {}, "CA"),
        ({"ca_path": "CA"}, {"REQUESTS_CA_BUNDLE": "/env"}, "CA"),
        ({}, {"REQUESTS_CA_BUNDLE": "/env"}, "/env"),
        ({}, {"CURL_CA_BUNDLE": "/curl"}, "/curl"),
        ({}, {"REQUESTS_CA_BUNDLE": "/env", "CURL_CA_BUNDLE": "/curl"}, "/env"),
        ({}, {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": ""}, True),
        ({"validate_certs": False}, {"REQUESTS_CA_BUNDLE": "/env"}, False),
        ({"validate_certs": False, "ca_path": "CA"}, {}, False),
    ],
)
def test_options_for_certificates_win_over_the_environment(
    options: dict[str, Any], environ: dict[str, str], verify: Any, tmp_path: Path
) -> None:
    # The files have to exist.
    files = {"CA": str(tmp_path), "/env": f"{tmp_path}/env", "/curl": f"{tmp_path}/curl"}
    for name in ("/env", "/curl"):
        Path(files[name]).touch()
    if "ca_path" in options:
        options = {**options, "ca_path": files[options["ca_path"]]}
    environ = {name: files.get(value, value) for name, value in environ.items()}
    found = settings(environ, endpoint=ENDPOINT, **options).verify
    assert found == files.get(verify, verify)
    assert isinstance(found, type(files.get(verify, verify)))


def test_a_ca_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.pem")
    assert refusal(endpoint=ENDPOINT, ca_path=missing) == (
        f"ca_path: {missing!r} is not allowed. Allowed: a file or folder of certificates that exists."
    )


# Numbers

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("name", "good"),
    [("timeout", [0.001, 0.5, 30, 86400, 86400.0]), ("retries", [0, 1, 100]), ("wait_timeout", [0, 0.5, 60, 86400])],
)
def test_numbers_within_their_range_are_accepted(name: str, good: list[float]) -> None:
    for value in good:
        if name == "wait_timeout":
            assert wait_timeout({"wait": True, name: value}) == value
        else:
            assert getattr(settings(endpoint=ENDPOINT, **{name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "bad", "allowed"),
    [
        ("timeout", [0, 0.0009, -1, 86400.1, NAN, INF, -INF, True, 10**400], "0.001 to 86400 seconds"),
        ("retries", [-1, 101, True, False, 10**400], "0 to 100 times"),
        ("wait_timeout", [-0.1, 86400.1, NAN, INF, -INF, True, False, 10**400], "0 to 86400 seconds"),
    ],
)
def test_numbers_out_of_their_range_are_refused(name: str, bad: list[float], allowed: str) -> None:
    for value in bad:
        with pytest.raises(InvalidOptionError) as refused:
            if name == "wait_timeout":
                wait_timeout({"wait": True, name: value})
            else:
                settings(endpoint=ENDPOINT, **{name: value})
        assert refused.value.message.startswith(f"{name}: {value!r}"[:100])
        assert refused.value.message.endswith(f" is not allowed. Allowed: {allowed}.")


def test_concurrency_may_be_one_to_sixteen() -> None:
    assert [number({"concurrency": value}, "concurrency") for value in (1, 4, 16)] == [1, 4, 16]
    for value in (0, -1, 17, True):
        with pytest.raises(InvalidOptionError, match=rf"concurrency: {value} is not .* Allowed: 1 to 16 at a time."):
            number({"concurrency": value}, "concurrency")


def test_without_wait_the_time_out_is_checked_but_not_used() -> None:
    assert wait_timeout({"wait": False, "wait_timeout": 60}) is None
    with pytest.raises(InvalidOptionError):
        wait_timeout({"wait": False, "wait_timeout": -1})


def test_numbers_are_checked_as_ansible_converts_them() -> None:
    checked = ArgumentSpecValidator({**CONNECTION_OPTIONS, **WAIT_OPTIONS}).validate(
        {"timeout": "2.5", "retries": "3", "wait_timeout": "nan", "endpoint": ENDPOINT}
    )
    assert not checked.error_messages
    found = connection_settings(checked.validated_parameters, {})
    assert (found.timeout, found.retries) == (2.5, 3)
    with pytest.raises(InvalidOptionError, match="wait_timeout: nan is not allowed"):
        wait_timeout(checked.validated_parameters)


@pytest.mark.parametrize("name", ["auth_token", "secret_key", "security_token", "password"])
def test_secret_options_are_marked_no_log(name: str) -> None:
    assert CONNECTION_OPTIONS[name]["no_log"] is True
