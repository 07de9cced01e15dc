# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and environment to a client: where the parts are put together. Private to this collection.

The last connection is kept, with its login and its pace, for what comes after it in the same process: the next item of
a loop. What belongs to one run is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import InvalidOptionError
from .._secrets import Secrets
from .client import LiveClient
from .credentials import Credentials, choose, known_secrets
from .exchange import Auth
from .iam import UserAuth, find_project, log_in
from .settings import Settings, connection_settings
from .signature import KeyAuth, TokenAuth
from .transport import Tell, Transport

_kept: dict[object, tuple[Transport, Auth, str]] = {}


def connect(options: Mapping[str, Any], environ: Mapping[str, str], tell: Tell, concurrency: int = 1) -> LiveClient:
    """Return a client for the project that options and environment name, authenticated.

    Args:
        options: the connection options of a module.
        environ: the environment variables.
        tell: is told of each wait for the service.
        concurrency: how many threads will use the client.

    Raises:
        LiveError: an option is not allowed or missing, or IAM refused.
    """
    settings = connection_settings(options, environ)
    credentials = choose(options, environ)
    key = (settings, credentials, frozenset(environ.items()), concurrency)
    if key not in _kept:
        forget()
        transport = Transport(settings, environ, Secrets(credentials.secrets), tell=tell, concurrency=concurrency)
        _kept[key] = (transport, *authenticate(credentials, settings, transport))
    transport, auth, project_id = _kept[key]
    transport.tell = tell
    return LiveClient(transport, auth, settings.endpoint, project_id)


def forget() -> None:
    """Keep no connection: something went on in it that did not come to an end."""
    _kept.clear()


def secrets_of(options: Mapping[str, Any], environ: Mapping[str, str]) -> Secrets:
    """Return all that may be a secret of a run, whatever becomes of it."""
    secrets = next((transport.secrets for transport, *_rest in _kept.values()), Secrets())
    secrets.add(*known_secrets(options, environ))
    return secrets


def authenticate(credentials: Credentials, settings: Settings, transport: Transport) -> tuple[Auth, str]:
    """Return what authenticates the requests to the service, and the id of the project.

    Asks IAM for a token, or for the id of the project, when it has to.

    Raises:
        LiveError: IAM refused, or there is no such project, or an option for asking IAM is missing.
    """
    project_id, region = settings.project_id, settings.region
    if credentials.username:
        if not project_id and not region:
            raise InvalidOptionError("Set region or project_id: a token is for one project.")
        iam = _iam(settings, "a user name and password are exchanged for a token there")
        scope = {"id": project_id} if project_id else {"name": str(region)}
        token, project_id = log_in(transport, iam, credentials, scope)
        return UserAuth(token, lambda: log_in(transport, iam, credentials, scope)[0]), project_id
    if not project_id:
        if not region:
            raise InvalidOptionError("Set project_id, or region to look it up by.")
        iam = _iam(settings, "the id of the project is looked up there")
        project_id = find_project(transport, iam, _auth(credentials, None), region)
    return _auth(credentials, project_id), project_id


def _auth(credentials: Credentials, project_id: str | None) -> Auth:
    if credentials.auth_token:
        return TokenAuth(credentials.auth_token)
    return KeyAuth(str(credentials.access_key), str(credentials.secret_key), credentials.security_token, project_id)


def _iam(settings: Settings, purpose: str) -> str:
    if not settings.iam_endpoint:
        raise InvalidOptionError(f"Set region or iam_endpoint: {purpose}.")
    return settings.iam_endpoint
