# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxies and certificate files that options and environment name. Private to this collection."""

from __future__ import annotations

import contextlib
import ipaddress
import os
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from ._errors import InvalidOptionError, refused


class InvalidProxyError(ValueError):
    """The address of the proxy has no host. The address is not quoted, because it may hold a password."""


def proxies_for(url: str, environ: Mapping[str, str], schemes: Collection[str] = ("https",)) -> dict[str, str]:
    """Return the proxy that the environment names for the URL, by scheme.

    Args:
        url: the URL of a request.
        environ: the environment variables.
        schemes: the schemes of URLs for which a proxy is used. By default https: a proxy would see the secrets in a
            request to the service that is not encrypted, and those only go to this machine.

    Raises:
        InvalidProxyError: the proxy has no host.
    """
    parts = urlsplit(url)
    if parts.scheme not in schemes or _bypasses(parts.hostname or "", parts.netloc, _variable("no_proxy", environ)):
        return {}
    proxy = _variable(f"{parts.scheme}_proxy", environ) or _variable("all_proxy", environ)
    if proxy and "@/" in f"{proxy}/":
        raise InvalidProxyError  # requests would fail with a TypeError
    return {parts.scheme: proxy} if proxy else {}


def proxy_variable(environ: Mapping[str, str], scheme: str = "https") -> str:
    """Return the environment variable that names the proxy for the URLs of a scheme."""
    names = (f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY")
    return next((name for name in names if environ.get(name)), names[1])


def authorities(ca_path: str | None, environ: Mapping[str, str]) -> bool | str:
    """Return the path of the trusted certificates; True for the default certificates of requests.

    Raises:
        InvalidOptionError: the path does not exist.
    """
    variables = {name: environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    for name, path in {"ca_path": ca_path, **variables}.items():
        if path and not os.path.exists(path):
            raise InvalidOptionError(refused(name, path, "a file or folder of certificates that exists"))
        if path:
            return path
    return True


def _variable(name: str, environ: Mapping[str, str]) -> str:
    """Return an environment variable about proxies; the lower-case spelling wins, even if it is empty."""
    return environ.get(name, environ.get(name.upper(), ""))


def _bypasses(host: str, netloc: str, no_proxy: str) -> bool:
    """Return whether no_proxy names the host: by name, domain, address, or network such as 192.0.2.0/24."""
    for entry in no_proxy.split(","):
        with contextlib.suppress(ValueError):
            if ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip(), strict=False):
                return True
    return bool(proxy_bypass_environment(netloc, {"no": no_proxy}))
