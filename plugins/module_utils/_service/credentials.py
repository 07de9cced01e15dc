# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials: one complete set from options, environment or profile file. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, shown
from .settings import fits_header, given

# The ways to authenticate, in order of precedence, and the options of each.
WAYS = (("auth_token",), ("access_key", "secret_key"), ("username", "password", "domain_name"))
_NAMES = (*(name for way in WAYS for name in way), "security_token")
_SECRETS = ("auth_token", "secret_key", "security_token", "password")

# The families of environment variables, in order of precedence within one way to authenticate. The access key of one
# family is never used with the secret key of another.
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
# The options of the connection that come with the credentials of a profile file.
_PROFILE = ("project_id", "iam_endpoint")
_OPTIONS = dict(zip(_NAMES, _NAMES))


class Credentials(NamedTuple):
    """One complete set of credentials: a token, a key pair, or a user. The other fields are None.

    Attributes:
        origin: where they are from, as errors say it.
        agency: whether they are from the agency of the server, which issues new ones when they have expired.
        project_id: the project that the section of a profile file names.
        iam_endpoint: the address of IAM that the section of a profile file names.
    """

    auth_token: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    security_token: str | None = None
    username: str | None = None
    password: str | None = None
    domain_name: str | None = None
    origin: str = ""
    agency: bool = False
    project_id: str | None = None
    iam_endpoint: str | None = None

    @property
    def secrets(self) -> set[str]:
        """The values that must not appear in any output."""
        return {value for name in _SECRETS if (value := getattr(self, name))}

    @property
    def profile(self) -> dict[str, str]:
        """The options of the connection that come with the credentials."""
        return {name: value for name in _PROFILE if (value := getattr(self, name))}

    @property
    def words(self) -> str:
        """Kind and origin of the credentials, without a secret."""
        if self.auth_token:
            who = "a token"
        elif self.username:
            who = f"the user {shown(self.username)} of the account {shown(self.domain_name)}"
        elif self.agency:
            who = "a temporary access key"
        else:
            who = f"the {'temporary ' if self.security_token else ''}access key {str(self.access_key)[:4]}..."
        return f"{who}, from {self.origin}"


def known_secrets(options: Mapping[str, Any], environ: Mapping[str, str]) -> set[str]:
    """Return all secrets in options, environment variables and the profile file, whether they are used or not."""
    from .profile import profile_secrets  # only a run that ends with an unexpected error needs it

    values = {options.get(name) for name in _SECRETS}
    values.update(environ.get(family.get(name, "")) for family in FAMILIES for name in _SECRETS)
    values.update(profile_secrets(environ))
    return {value for value in values if value and isinstance(value, str)}


def choose(options: Mapping[str, Any], environ: Mapping[str, str]) -> Credentials | None:
    """Return the credentials of the options, else of the environment, else of the profile file.

    Return None if there are none: then the agency of the server is left.

    Raises:
        InvalidOptionError: an option is empty, a set is incomplete, or a header cannot hold a value.
    """
    texts = given(options)
    own = {name: texts[name] for name in _NAMES if name in texts}
    if own and "profile" in texts:
        raise InvalidOptionError(f"profile: not allowed with {', '.join(own)}. Allowed: either of them.")
    # Each set has the names that options have at its origin, and the values there.
    sets: list[tuple[Mapping[str, str], Mapping[str, str]]] = [(_OPTIONS, own)]
    if not own and "profile" not in texts:
        sets = [
            (family, {name: environ[variable] for name, variable in family.items() if environ.get(variable)})
            for family in FAMILIES
        ]
    for way in WAYS:
        for names, values in sets:
            if all(name in values for name in way):
                return _checked(values, way, names)
            # The next set could be for another account.
            if not values.keys().isdisjoint(way):
                raise InvalidOptionError(_ways(names, values))
    for names, values in sets:
        if values:
            raise InvalidOptionError(_ways(names, values))
    from .profile import read_profile  # takes time to import, and most runs get their credentials before

    profile = read_profile(texts.get("profile"), environ)
    return _checked(profile[1], ("access_key", "secret_key"), profile[0]) if profile else None


def no_credentials(environ: Mapping[str, str], agency: str) -> InvalidOptionError:
    """Return the error for a run without credentials.

    Args:
        environ: the environment variables.
        agency: why the agency of the server gave none.
    """
    from .profile import SECTION, profile_path

    return InvalidOptionError(
        f"{_ways({}, {})[:-1]}; a section [{SECTION}] in the profile file, or the section that profile names (not"
        f" found: {profile_path(environ) or 'HOME is not set'}); an agency of this server ({agency})."
    )


def _checked(values: Mapping[str, str], way: tuple[str, ...], origin: Mapping[str, str] | str) -> Credentials:
    """Return the credentials for a way to authenticate.

    Args:
        values: the values at the origin.
        way: the way to authenticate.
        origin: where they are from in words, or the names that options have there.
    """
    names = [name for name in (*way, *(["security_token"] if "access_key" in way else [])) if name in values]
    if not isinstance(origin, str):
        listed = ", ".join(origin[name] for name in names)
        variables = f"the environment ({listed})"
        origin = f"the option{'s' if len(names) > 1 else ''} {listed}" if origin is _OPTIONS else variables
    for name in names:
        if name in ("username", "password", "domain_name"):
            # Sent in a JSON body. Python reads octets of the environment that are not UTF-8 as lone surrogates.
            good, allowed = values[name].encode(errors="ignore").decode() == values[name], "text in UTF-8"
        else:
            good, allowed = fits_header(values[name]), "printable ASCII without white space or line breaks"
        if not good:
            raise InvalidOptionError(
                f"{name}: the value (not shown) is not allowed. Allowed: {allowed}. It is from {origin}."
            )
    chosen: dict[str, Any] = {name: values[name] for name in (*names, *_PROFILE) if name in values}
    return Credentials(**chosen, origin=origin)


def _ways(names: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Return the error for an origin with incomplete credentials, or with none.

    Args:
        names: the names that options have there.
        values: the values there.
    """

    def variables(way: tuple[str, ...]) -> str:
        return " or ".join(
            " + ".join(family[name] for name in way) for family in FAMILIES if all(name in family for name in way)
        )

    ways = "; ".join(f"{' + '.join(way)} (environment: {variables(way)})" for way in WAYS)
    found = ", ".join(names[name] for name in _NAMES if name in values)
    way = next((way for way in WAYS if not values.keys().isdisjoint(way)), ())
    missing = ", ".join(names[name] for name in way if name not in values)
    return (
        f"{f'The credentials are incomplete: only {found} given' if found else 'No credentials were given'}"
        f"{f', without {missing}' if missing else ''}"
        f"{' (options and environment are not mixed)' if names is _OPTIONS else ''}."
        f" Give one of: {ways}."
    )
