# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who asks: options, environment or profile file to one complete set of credentials. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, shown
from .profile import SECTION, profile_path, profile_secrets, read_profile
from .settings import fits_header, given

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
    """One complete set of credentials: a token, a key pair, or a user; all else is None.

    Attributes:
        origin: where they come from, in words.
        agency: whether that is the agency of the server, which has others when these have ended.
        project_id, iam_endpoint: what the section of a profile file says besides.
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
        """The values that must not be seen by anyone."""
        return {value for name in _SECRETS if (value := getattr(self, name))}

    @property
    def profile(self) -> dict[str, str]:
        """What goes with them, by the names of options."""
        return {name: value for name in ("project_id", "iam_endpoint") if (value := getattr(self, name))}

    @property
    def words(self) -> str:
        """Which these are and where they come from, without a secret."""
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
    """Return the values of all options and variables, and in the profile file, that are a secret, used or not."""
    values = {options.get(name) for name in _SECRETS}
    values.update(environ.get(family.get(name, "")) for family in FAMILIES for name in _SECRETS)
    values.update(profile_secrets(environ))
    return {value for value in values if value and isinstance(value, str)}


def choose(options: Mapping[str, Any], environ: Mapping[str, str]) -> Credentials | None:
    """Return the credentials to use: those of the options, or of the environment, or of the profile file.

    None of these has any: what is left is the agency of the server.

    Raises:
        InvalidOptionError: an option is empty, a set is incomplete, or one cannot stand in a header.
    """
    texts = given(options)
    own = {name: texts[name] for name in _NAMES if name in texts}
    if own and "profile" in texts:
        raise InvalidOptionError(f"profile: not allowed with {', '.join(own)}. Allowed: either of them.")
    families = [
        {name: environ[variable] for name, variable in family.items() if environ.get(variable)} for family in FAMILIES
    ]
    if own or "profile" in texts:
        families = [{} for _family in families]
    for way in WAYS:
        for place in [own, *families]:
            found = [name for name in way if name in place]
            if found == list(way):
                return _checked(place, way, _origin(own, families, place, way))
            if found:
                # To go on to the next set could mean to work in another account.
                families = [family if family is place else {} for family in families]
                raise InvalidOptionError(_ways(own, families))
    if own or any(families):
        raise InvalidOptionError(_ways(own, families))
    profile = read_profile(texts.get("profile"), environ)
    if not profile:
        return None
    chosen = _checked(profile.values, ("access_key", "secret_key"), profile.place)
    return chosen._replace(project_id=profile.values.get("project_id"), iam_endpoint=profile.values.get("iam_endpoint"))


def nobody(environ: Mapping[str, str], agency: str) -> InvalidOptionError:
    """Return the error for a run without credentials.

    Args:
        environ: the environment variables.
        agency: what came of asking for an agency.
    """
    return InvalidOptionError(
        f"{_ways({}, [])[:-1]}; a section [{SECTION}] in the profile file, or another one that profile names (there is"
        f" none in {profile_path(environ) or 'a home, since HOME is not set'}); an agency of this server ({agency})."
    )


def _origin(
    own: Mapping[str, str], families: list[dict[str, str]], place: Mapping[str, str], way: tuple[str, ...]
) -> str:
    names = [*way, *(["security_token"] if "access_key" in way and "security_token" in place else [])]
    if place is own:
        return f"the option{'s' if len(names) > 1 else ''} {', '.join(names)}"
    family = next(family for family, values in zip(FAMILIES, families) if values is place)
    return f"the environment ({', '.join(family[name] for name in names)})"


def _checked(place: Mapping[str, str], way: tuple[str, ...], origin: str) -> Credentials:
    names = (*way, "security_token") if "access_key" in way else way
    chosen: dict[str, Any] = {name: place[name] for name in names if name in place}
    for name, value in chosen.items():
        if name in ("username", "password", "domain_name"):
            # These travel in a JSON body, where any text may stand.
            good, allowed = _fits_body(value), "text that UTF-8 can express"
        else:
            good, allowed = fits_header(value), "printable ASCII without white space or line breaks"
        if not good:
            raise InvalidOptionError(
                f"{name}: the value (not shown) is not allowed. Allowed: {allowed}. It is from {origin}."
            )
    return Credentials(**chosen, origin=origin)


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
