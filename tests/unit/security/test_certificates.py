# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trusted servers: options win over the environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError, LiveError
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Emulator
from ansible_collections.huaweicloud.live.tests.unit.security.conftest import WAYS, client_for, options

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class Secured(NamedTuple):
    """An emulator with TLS, the certificate of its authority, and that of another authority."""

    emulator: Emulator
    good: str
    wrong: str


def write_authority(authority: trustme.CA, path: Path) -> str:
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(str(folder / "certificate.pem"))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    with Emulator(tls=(folder / "certificate.pem", folder / "key.pem")) as emulator:
        good = write_authority(authority, folder / "good.pem")
        yield Secured(emulator, good, write_authority(trustme.CA(), folder / "wrong.pem"))


def ask(secured: Secured, environ: dict[str, str], way: str = "token", **given: Any) -> None:
    """Read a task that exists."""
    secured.emulator.reset()
    assert client_for(options(secured.emulator.url, WAYS[way], **given), environ).get(CHANNEL_ID) is not None


def set_all(monkeypatch: pytest.MonkeyPatch, path: str) -> dict[str, str]:
    """Set every variable for certificates to a bundle."""
    for name in VARIABLES:
        monkeypatch.setenv(name, path)
    return dict.fromkeys(VARIABLES, path)


def refused(secured: Secured, environ: dict[str, str], **given: Any) -> str:
    """Read a task, and return the message that the server is not trusted."""
    with pytest.raises(LiveApiError, match="certificate") as raised:
        ask(secured, environ, retries=3, **given)
    assert secured.emulator.journal == []
    assert "attempts" not in raised.value.message  # it would be the same certificate again
    assert not raised.value.uncertain
    return raised.value.message


@pytest.mark.parametrize("way", WAYS)
def test_unknown_authorities_are_not_trusted_by_default(secured: Secured, way: str) -> None:
    with pytest.raises(LiveApiError, match="certificate verify failed"):
        ask(secured, {}, way)
    assert secured.emulator.journal == []


@pytest.mark.parametrize("way", WAYS)
def test_the_authority_that_is_given_is_trusted(secured: Secured, way: str) -> None:
    ask(secured, {}, way, ca_path=secured.good)


def test_ca_path_wins_over_the_environment(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(secured, set_all(monkeypatch, secured.wrong), ca_path=secured.good)
    refused(secured, set_all(monkeypatch, secured.good), ca_path=secured.wrong)


@pytest.mark.filterwarnings("error")
def test_validate_certs_off_wins_over_everything(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    """No warning is shown, because it is the choice of the user."""
    environ = set_all(monkeypatch, secured.wrong)
    ask(secured, environ, validate_certs=False)
    ask(secured, environ, validate_certs=False, ca_path=secured.wrong)


def test_an_empty_variable_does_not_turn_verification_off(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(secured, set_all(monkeypatch, ""))


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_is_used_if_no_option_is_given(
    secured: Secured, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, secured.good)
    ask(secured, {variable: secured.good})
    refused(secured, {variable: secured.wrong})


def test_a_certificate_for_another_host_is_refused(secured: Secured) -> None:
    with pytest.raises(LiveApiError, match="certificate is not valid for 'localhost'") as raised:
        url = secured.emulator.url.replace("127.0.0.1", "localhost")
        client_for(options(url, WAYS["token"], ca_path=secured.good)).get(CHANNEL_ID)
    assert not raised.value.uncertain


@pytest.mark.parametrize("name", ["ca_path", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_that_is_missing_is_an_error(secured: Secured, tmp_path: Path, name: str) -> None:
    missing = str(tmp_path / "missing.pem")
    given = {name: missing}
    with pytest.raises(LiveError, match=r"missing\.pem"):
        ask(secured, {}, **given) if name == "ca_path" else ask(secured, given)
    assert secured.emulator.journal == []


def test_a_file_that_is_not_a_bundle_is_an_error(secured: Secured, tmp_path: Path) -> None:
    (tmp_path / "text.pem").write_text("no certificate")
    with pytest.raises(LiveApiError):
        ask(secured, {}, ca_path=str(tmp_path / "text.pem"), retries=0)
    assert secured.emulator.journal == []
