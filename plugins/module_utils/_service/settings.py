# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where and how to connect: the settings that options and environment make. Private to this collection."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .._errors import InvalidOptionError, refused
from .._options import number

# The environment variables that an option falls back to, first one first.
ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "region": ("HW_REGION_NAME", "ANSIBLE_HWC_REGION"),
    "endpoint": ("HUAWEICLOUD_LIVE_ENDPOINT",),
    "iam_endpoint": ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL"),
    "project_id": ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID", "ANSIBLE_HWC_PROJECT_ID"),
}

_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_LOOPBACK = re.compile(r"localhost|127(\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}|::1", re.IGNORECASE)


class Settings(NamedTuple):
    """Where and how to connect.

    Attributes:
        endpoint: root URL of the Live service, without a slash at the end.
        iam_endpoint: the same of IAM; None when there is neither iam_endpoint nor region to derive it from.
        region: name of the region, or None.
        project_id: the project, or None: to be looked up.
        verify: whether, or against which certificates, the server is verified.
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


def connection_settings(options: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Return the settings that the options, or for lack of one the environment, give.

    Raises:
        InvalidOptionError: naming the option that is missing or not allowed.
    """

    def given(name: str) -> tuple[str, str | None]:
        """Return what an error calls the option, with the variable that the value comes from; and the value."""
        if options.get(name):
            return name, options[name]
        variable = next((variable for variable in ENVIRONMENT[name] if environ.get(variable)), None)
        return (f"{name} (from {variable})", environ[variable]) if variable else (name, None)

    region_label, region = given("region")
    project_label, project_id = given("project_id")
    endpoint_label, endpoint = given("endpoint")
    iam_label, iam_endpoint = given("iam_endpoint")
    if region and not _REGION.fullmatch(region):
        raise InvalidOptionError(refused(region_label, region, "the name of a region, such as cn-north-4"))
    if project_id and not is_project_id(project_id):
        raise InvalidOptionError(
            refused(project_label, project_id, "the id of a project, printable ASCII without white space")
        )
    endpoint = endpoint or (region and f"https://live.{region}.myhuaweicloud.com")
    if not endpoint:
        raise InvalidOptionError(
            f"Set region (or {' or '.join(ENVIRONMENT['region'])} in the environment) or endpoint"
            f" (or {ENVIRONMENT['endpoint'][0]}): one of them tells which service to ask."
        )
    iam_endpoint = iam_endpoint or (region and f"https://iam.{region}.myhuaweicloud.com")
    return Settings(
        endpoint=_root(endpoint_label, endpoint),
        # Terraform's HW_AUTH_URL carries the version of the API.
        iam_endpoint=iam_endpoint and _root(iam_label, re.sub(r"/v3(/auth/tokens)?/?$", "", iam_endpoint)),
        region=region,
        project_id=project_id,
        verify=options["validate_certs"] and _authorities(options.get("ca_path"), environ),
        timeout=number(options, "timeout"),
        retries=int(number(options, "retries")),
    )


def fits_header(text: str) -> bool:
    """Return whether the text can stand in a header: printable ASCII without white space."""
    return text.isascii() and text.isprintable() and " " not in text and text != ""


def is_project_id(text: str) -> bool:
    """Return whether the text can stand in a header and, encoded, as one segment of a path."""
    return fits_header(text) and text not in (".", "..")


def _authorities(ca_path: str | None, environ: Mapping[str, str]) -> bool | str:
    """Return where the certificates of the authorities that are trusted are; True for those of requests."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    candidates = {"ca_path": ca_path, **{name: environ.get(name) for name in names}}
    for name, path in candidates.items():
        if path and not os.path.exists(path):
            raise InvalidOptionError(refused(name, path, "a file or folder of certificates that exists"))
        if path:
            return path
    return True


def _root(name: str, url: str) -> str:
    """Return the root URL of a service, checked: no secret may go to a place that the user did not mean."""
    allowed = "https://host or https://host:port; http:// for a loopback host only"
    malformed = InvalidOptionError(refused(name, url, allowed))
    if re.search(r"[@?#]", url):
        malformed = InvalidOptionError(
            f"{name}: the value (not shown, it may hold a password) is not allowed. Allowed: {allowed}."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise malformed from None
    bare = not (parts.username or parts.password or parts.path.strip("/") or parts.query or parts.fragment)
    clean = url.isprintable() and not re.search(r"[\s\\@]", url) and _HOST.fullmatch(host) and port != 0
    if not bare or not clean or parts.scheme not in ("http", "https"):
        raise malformed
    if parts.scheme == "http" and not _LOOPBACK.fullmatch(host):
        raise malformed
    return f"{parts.scheme}://{parts.netloc}"
