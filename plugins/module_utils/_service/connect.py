# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and environment to a client: where the parts are put together. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import InvalidOptionError
from .._secrets import Secrets
from .client import LiveClient
from .credentials import Credentials, choose
from .exchange import Auth
from .iam import find_project, log_in
from .settings import Settings, connection_settings
from .signature import KeyAuth, TokenAuth
from .transport import Tell, Transport


def connect(options: Mapping[str, Any], environ: Mapping[str, str], tell: Tell, concurrency: int = 1) -> LiveClient:
    """Return a client for the project that options and environment name, authenticated.

    Args:
        options: the connection options of a module.
        environ: the environment variables.
        tell: is told, in a sentence, of each wait for the service.
        concurrency: how many threads will use the client.

    Raises:
        LiveError: an option is not allowed or missing, or IAM refused.
    """
    settings = connection_settings(options, environ)
    credentials = choose(options, environ)
    transport = Transport(settings, environ, Secrets(credentials.secrets), tell=tell, concurrency=concurrency)
    auth, project_id = authenticate(credentials, settings, transport)
    return LiveClient(transport, auth, settings.endpoint, project_id)


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
        return TokenAuth(token), project_id
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
