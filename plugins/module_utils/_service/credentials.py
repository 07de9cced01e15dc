# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who asks: options and environment to one complete set of credentials. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._errors import InvalidOptionError
from .settings import fits_header

# The ways to authenticate, in order of precedence, and what each needs.
WAYS: tuple[tuple[str, ...], ...] = (
    ("auth_token",),
    ("access_key", "secret_key"),
    ("username", "password", "domain_name"),
)
_NAMES = (*(name for way in WAYS for name in way), "security_token")
_SECRETS = ("auth_token", "secret_key", "security_token", "password")

# The families of environment variables. Each is a place of its own: the key of one is never used with the secret of
# another. Order of precedence within one way to authenticate.
FAMILIES: tuple[dict[str, str], ...] = (
    {
        "access_key": "HUAWEICLOUD_SDK_AK",
        "secret_key": "HUAWEICLOUD_SDK_SK",
        "security_token": "HUAWEICLOUD_SDK_SECURITY_TOKEN",
    },
    {"access_key": "CLOUD_SDK_AK", "secret_key": "CLOUD_SDK_SK"},
    {
        "auth_token": "HW_AUTH_TOKEN",
        "access_key": "HW_ACCESS_KEY",
        "secret_key": "HW_SECRET_KEY",
        "security_token": "HW_SECURITY_TOKEN",
        "username": "HW_USER_NAME",
        "password": "HW_USER_PASSWORD",
        "domain_name": "HW_DOMAIN_NAME",
    },
    {"access_key": "ANSIBLE_HWC_ACCESS_KEY", "secret_key": "ANSIBLE_HWC_SECRET_KEY"},
)


class Credentials(NamedTuple):
    """One complete set of credentials: a token, a key pair, or a user; all else is None."""

    auth_token: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    security_token: str | None = None
    username: str | None = None
    password: str | None = None
    domain_name: str | None = None

    @property
    def secrets(self) -> set[str]:
        """The values that must not be seen by anyone."""
        return {value for name in _SECRETS if (value := getattr(self, name))}


def known_secrets(options: Mapping[str, Any], environ: Mapping[str, str]) -> set[str]:
    """Return the values of all options and environment variables that hold a secret, used or not."""
    values = {options.get(name) for name in _SECRETS}
    values.update(environ.get(family.get(name, "")) for family in FAMILIES for name in _SECRETS)
    return {value for value in values if value and isinstance(value, str)}


def choose(options: Mapping[str, Any], environ: Mapping[str, str]) -> Credentials:
    """Return the credentials to use: those of the options, or when none is given there, of the environment.

    Raises:
        InvalidOptionError: there are none, a set is incomplete, or one cannot stand in a header.
    """
    given = {name: options[name] for name in _NAMES if options.get(name)}
    families = [
        {name: environ[variable] for name, variable in family.items() if environ.get(variable)} for family in FAMILIES
    ]
    places = [given] if given else [family for family in families if family]
    for way in WAYS:
        for place in places:
            found = [name for name in way if name in place]
            if found == list(way):
                return _checked(place, way)
            if found:
                # To go on to the next set could mean to work in another account.
                families = [family if family is place else {} for family in families]
                raise InvalidOptionError(_ways(given, families))
    raise InvalidOptionError(_ways(given, families))


def _checked(place: Mapping[str, str], way: tuple[str, ...]) -> Credentials:
    names = (*way, "security_token") if "access_key" in way else way
    chosen = {name: place[name] for name in names if name in place}
    for name, value in chosen.items():
        if name in ("username", "password", "domain_name"):
            # These travel in a JSON body, where any text may stand.
            good, allowed = _fits_body(value), "text that UTF-8 can express"
        else:
            good, allowed = fits_header(value), "printable ASCII without white space or line breaks"
        if not good:
            raise InvalidOptionError(f"{name}: the value (not shown) is not allowed. Allowed: {allowed}.")
    return Credentials(**chosen)


def _fits_body(value: str) -> bool:
    # What is no UTF-8 in the environment, Python reads as lone surrogates.
    return value.encode(errors="ignore").decode() == value


def _ways(given: Mapping[str, str], families: list[dict[str, str]]) -> str:
    def variables(way: tuple[str, ...]) -> str:
        return " or ".join(
            " + ".join(family[name] for name in way) for family in FAMILIES if all(name in family for name in way)
        )

    ways = "; ".join(f"{' + '.join(way)} (environment: {variables(way)})" for way in WAYS)
    labels: Mapping[str, str] = dict(zip(_NAMES, _NAMES))
    place = given
    if not given:
        labels, place = next(((family, values) for family, values in zip(FAMILIES, families) if values), ({}, {}))
    found = ", ".join(labels[name] for name in _NAMES if name in place)
    way = next((way for way in WAYS if not place.keys().isdisjoint(way)), ())
    missing = ", ".join(labels[name] for name in way if name not in place)
    return (
        f"{f'The credentials are incomplete: only {found} given' if found else 'No credentials were given'}"
        f"{f', without {missing}' if missing else ''}{' (options and environment are not mixed)' if given else ''}."
        f" Give one of: {ways}."
    )
