# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of the connection, from options and environment. Private to this collection."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .._errors import InvalidOptionError, refused, shown
from .._options import CONNECTION_OPTIONS, number
from .._proxy import authorities

# The environment variables for each option, in order of precedence. An empty variable counts as not set.
ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "region": ("HW_REGION_NAME", "ANSIBLE_HWC_REGION"),
    "endpoint": ("HUAWEICLOUD_LIVE_ENDPOINT",),
    "iam_endpoint": ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL"),
    "cloud": ("HW_CLOUD",),
    "project_id": ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID", "ANSIBLE_HWC_PROJECT_ID"),
    "project_name": ("HW_PROJECT_NAME",),
}
CLOUD, EUROPEAN_CLOUD = "myhuaweicloud.com", "myhuaweicloud.eu"

_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ANY_REGION = "with endpoint, any name in printable ASCII without white space"
_ORDINARY_REGION = (
    "the name of a region, such as cn-north-4. If the project does not have the name of its region, set project_name;"
    " a region of a private cloud needs endpoint"
)
_CLOUD = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_LOOPBACK = r"(?i)localhost|127(\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}|::1"  # compiled only if it is needed


class Settings(NamedTuple):
    """Where and how to connect.

    Attributes:
        endpoint: root URL of the Live service, without a slash at the end.
        iam_endpoint: root URL of IAM; None if neither iam_endpoint nor a region that it can be made of is given.
        region: name of the region, or None.
        project_id: id of the project; None if it has to be looked up.
        project_name: name to look the project up by, instead of the region. If an id is given too, both must agree.
        sources: each root URL that was given, with the option or variable that gives it, as errors name it.
        verify: whether, or with which certificates, to verify the server.
        timeout: seconds for one request.
        retries: how many times a request is sent again.
    """

    endpoint: str
    iam_endpoint: str | None
    region: str | None
    project_id: str | None
    verify: bool | str
    timeout: float
    retries: int
    project_name: str | None = None
    sources: tuple[tuple[str, str], ...] = ()


Layer = Mapping[str, tuple[str, str]]
"""The options of the connection that one origin gives: for each, its name in errors, and its value."""


def given(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the text options of the connection that are set.

    Raises:
        InvalidOptionError: an option is empty. Its fallback could be another account.
    """
    texts = [name for name, option in CONNECTION_OPTIONS.items() if option["type"] in ("str", "path")]
    found = {name: options[name] for name in texts if options.get(name) is not None}
    empty = [name for name in found if found[name] == ""]
    if empty:
        raise InvalidOptionError(
            f"{', '.join(empty)}: given, but empty. Allowed: a value. To use the environment instead, leave the option"
            " out, or add default(omit, true) to its template."
        )
    return found


def connection_settings(
    options: Mapping[str, Any], environ: Mapping[str, str], profile: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings of the connection. Options win over the profile, and the profile over the environment.

    Args:
        options: the options of a module.
        environ: the environment variables.
        profile: project_id and iam_endpoint of the profile file, if the credentials are from there.

    Raises:
        InvalidOptionError: an option is missing, empty or not allowed.
    """
    layers = _layers(options, environ, profile or {})

    def found(name: str) -> tuple[str, str | None]:
        """Return the name of the option in errors, and its value."""
        return next((layer[name] for layer in layers if name in layer), (name, None))

    region_label, region = found("region")
    endpoint_label, endpoint = found("endpoint")
    iam_label, iam_endpoint = found("iam_endpoint")
    cloud_label, cloud = found("cloud")
    if cloud and not _CLOUD.fullmatch(cloud):
        raise InvalidOptionError(refused(cloud_label, cloud, f"the domain of a cloud, such as {CLOUD}"))
    ordinary = bool(region and _REGION.fullmatch(region))
    if region and not (ordinary or (endpoint and fits_header(region))):
        raise InvalidOptionError(refused(region_label, region, _ANY_REGION if endpoint else _ORDINARY_REGION))
    cloud = cloud or (EUROPEAN_CLOUD if (region or "").startswith("eu-") else CLOUD)
    if "region" in layers[0]:
        _refuse_other_region(layers, cloud)
    if not endpoint and not region:
        raise InvalidOptionError(
            f"Set region (or {' or '.join(ENVIRONMENT['region'])} in the environment) or endpoint"
            f" (or {ENVIRONMENT['endpoint'][0]}), so that the address of the service is known."
        )
    live_root = _root(endpoint_label, endpoint or f"https://live.{region}.{cloud}")
    iam_root = iam_endpoint or (f"https://iam.{region}.{cloud}" if ordinary else None)
    # Terraform's HW_AUTH_URL ends with the version of the API.
    iam_root = iam_root and _root(iam_label, re.sub(r"/v3(/auth/tokens)?/?$", "", iam_root))
    given_roots = ((endpoint, live_root, endpoint_label), (iam_endpoint, iam_root, iam_label))
    return Settings(
        endpoint=live_root,
        iam_endpoint=iam_root,
        region=region,
        **_project(layers),
        verify=options["validate_certs"] and authorities(options.get("ca_path"), environ),
        timeout=number(options, "timeout"),
        retries=int(number(options, "retries")),
        sources=tuple((root, label) for value, root, label in given_roots if value and root),
    )


def _layers(options: Mapping[str, Any], environ: Mapping[str, str], profile: Mapping[str, str]) -> tuple[Layer, ...]:
    """Return the options that the module, the profile and the environment give, in order of precedence."""
    # In reverse, so that the first variable of an option that is set wins.
    variables = {
        name: variable for name in ENVIRONMENT for variable in reversed(ENVIRONMENT[name]) if environ.get(variable)
    }
    return (
        {name: (name, value) for name, value in given(options).items()},
        {name: (f"{name} (from the profile file)", value) for name, value in profile.items()},
        {name: (f"{name} (from {variable})", environ[variable]) for name, variable in variables.items()},
    )


def _project(layers: tuple[Layer, ...]) -> dict[str, str | None]:
    """Return id and name of the project, from the first layer that has an id or a name."""
    layer = next((layer for layer in layers if "project_id" in layer or "project_name" in layer), {})
    id_label, project_id = layer.get("project_id", ("", None))
    name_label, name = layer.get("project_name", ("", None))
    if project_id and not is_project_id(project_id):
        allowed = "the id of a project, printable ASCII without white space"
        raise InvalidOptionError(refused(id_label, project_id, allowed))
    if name and not name.isprintable():
        raise InvalidOptionError(refused(name_label, name, "the name of a project, in printable characters"))
    return {"project_id": project_id, "project_name": name}


def _refuse_other_region(layers: tuple[Layer, ...], cloud: str) -> None:
    """Refuse a region that is an option if the environment holds the address of another region."""
    first, profile, environment = layers
    region = first["region"][1]
    clouds = "|".join(map(re.escape, (cloud, CLOUD, EUROPEAN_CLOUD)))
    for name in ("endpoint", "iam_endpoint"):
        if name not in environment or name in {**first, **profile}:
            continue
        label, url = environment[name]
        host = re.match(rf"https://[a-z0-9-]+\.([a-z0-9-]+)\.({clouds})(?=[:/]|$)", url.lower())
        # A sub-project such as cn-north-4_team is in its region.
        if host and region.partition("_")[0] != host[1]:
            raise InvalidOptionError(
                f"region: {shown(region)} is not the region {host[1]} of {label}, {shown(host[0])}. Allowed: one"
                f" region. Set the option {name} too, or remove the variable from the environment."
            )


def fits_header(value: object) -> bool:
    """Return whether a header can hold the value: a text of printable ASCII without white space."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and " " not in value and value != ""


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine, by name or address."""
    return bool(re.fullmatch(_LOOPBACK, host))


def is_project_id(value: object) -> bool:
    """Return whether a header and, percent-encoded, a segment of a path can hold the value."""
    return fits_header(value) and value not in (".", "..")


def _root(name: str, url: str) -> str:
    """Return the root URL of a service. It is checked so that no secret is sent to an unintended host."""
    value = "the value (not shown, it may hold a password)" if re.search(r"[@?#]", url) else shown(url)
    with contextlib.suppress(ValueError):  # from urlsplit, or for the port
        parts = urlsplit(url)
        host, rest = parts.hostname or "", parts.path.strip("/") or parts.query or parts.fragment
        encrypted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        clean = url.isprintable() and not re.search(r"[\s\\@]", url) and _HOST.fullmatch(host) and parts.port != 0
        if encrypted and clean and not rest:
            return f"{parts.scheme}://{parts.netloc}"
    allowed = "https://host or https://host:port; http:// for a loopback host only"
    raise InvalidOptionError(f"{name}: {value} is not allowed. Allowed: {allowed}.")
