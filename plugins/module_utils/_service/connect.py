# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From options and environment to a client that is logged in. Private to this collection.

The last connection is kept, with its login and its pace, for the next task in the same process, such as the next item
of a loop. State that belongs to one run is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._clock import Reporter
from .._errors import InvalidOptionError, shown
from .._secrets import Secrets
from .client import LiveClient
from .credentials import Credentials, choose, known_secrets, no_credentials
from .exchange import Auth, Failure
from .settings import Settings, connection_settings
from .signature import KeyAuth, RenewedAuth, TokenAuth
from .transport import Transport

_kept: dict[object, LiveClient] = {}
_secrets: list[Secrets] = []


def connect(options: Mapping[str, Any], environ: Mapping[str, str], tell: Reporter, concurrency: int = 1) -> LiveClient:
    """Return a client for the project that options and environment name, logged in.

    Args:
        options: the connection options of a module.
        environ: the environment variables.
        tell: reports each wait for the service.
        concurrency: how many threads will use the client.

    Raises:
        LiveError: an option is not allowed or missing, or IAM refused the login.
    """
    settings, chosen = _resolve(options, environ)
    key = (settings, chosen, frozenset(environ.items()), concurrency)
    if key not in _kept:
        forget()
        credentials = chosen or _ask_agency()
        if isinstance(credentials, Failure):
            raise no_credentials(environ, credentials.text)
        secrets = Secrets(credentials.secrets)
        _secrets.append(secrets)
        transport = Transport(settings, environ, secrets, tell, concurrency=concurrency, credentials=credentials.words)
        auth, project_id = authenticate(credentials, settings, transport)
        _kept[key] = LiveClient(transport, auth, settings.endpoint, project_id, settings.region)
    client = _kept[key]
    client.transport.tell = tell
    return client


def project(options: Mapping[str, Any], environ: Mapping[str, str], tell: Reporter) -> tuple[str, str]:
    """Return the endpoint of the service and the id of the project, looked up in IAM if no setting has it.

    Args and exceptions are those of `connect`.
    """
    settings, _credentials = _resolve(options, environ)
    return settings.endpoint, settings.project_id or connect(options, environ, tell).project_id


def _resolve(options: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[Settings, Credentials | None]:
    """Return settings and credentials; no credentials if only the agency of the server is left to be asked."""
    credentials = choose(options, environ)
    return connection_settings(options, environ, credentials.profile if credentials else None), credentials


def forget() -> None:
    """Drop the kept connection: a run was interrupted, so its state is not known."""
    _kept.clear()
    _secrets.clear()


def secrets_of(options: Mapping[str, Any], environ: Mapping[str, str]) -> Secrets:
    """Return all possible secrets of a run."""
    secrets = _secrets[0] if _secrets else Secrets()
    secrets.add(*known_secrets(options, environ))
    return secrets


def authenticate(credentials: Credentials, settings: Settings, transport: Transport) -> tuple[Auth, str]:
    """Return the authentication for requests to the service, and the id of the project.

    Asks IAM for a token, or for the id of the project, if needed.

    Raises:
        LiveError: IAM refused, the project does not exist, or an option for asking IAM is missing.
    """
    # The imports of iam and agency take time, and many runs need neither.
    project_id = settings.project_id
    name = settings.project_name or (None if project_id else settings.region)
    if credentials.username:
        from .iam import log_in

        if not name and not project_id:
            raise InvalidOptionError("Set region, project_name or project_id: a token is for one project.")
        iam = _iam(settings, "a user name and password are exchanged for a token there")
        scope = {"name": name} if name else {"id": str(project_id)}
        token, found = log_in(transport, iam, credentials, scope)
        _check_project(settings, found)
        return RenewedAuth(TokenAuth(token), lambda: TokenAuth(log_in(transport, iam, credentials, scope)[0])), found
    if name:
        from .iam import find_project

        iam = _iam(settings, "the id of the project is looked up there")
        option = "project_name" if settings.project_name else "region"
        project_id = find_project(transport, iam, _auth(credentials, None), name, option)
        _check_project(settings, project_id)
    if not project_id:
        raise InvalidOptionError(
            "region: missing. Set region (environment: HW_REGION_NAME), project_name or project_id."
        )
    auth = _auth(credentials, project_id)
    return RenewedAuth(auth, lambda: _renewed(transport, auth, project_id)) if credentials.agency else auth, project_id


def _ask_agency() -> Credentials | Failure:
    from .agency import ask_agency

    return ask_agency()


def _renewed(transport: Transport, auth: Auth, project_id: str) -> Auth:
    """Return the authentication with new credentials of the agency, or the old one, which the service refuses again."""
    credentials = _ask_agency()
    if isinstance(credentials, Failure):
        return auth
    transport.secrets.add(*credentials.secrets)
    return _auth(credentials, project_id)


def _check_project(settings: Settings, found: str) -> None:
    if settings.project_id not in (None, found):
        raise InvalidOptionError(
            f"project_id: {shown(settings.project_id)} is not the id of the project {shown(settings.project_name)},"
            f" which is {shown(found)}. Allowed: project_id and project_name of one project, or one of them."
        )


def _auth(credentials: Credentials, project_id: str | None) -> Auth:
    if credentials.auth_token:
        return TokenAuth(credentials.auth_token)
    return KeyAuth(str(credentials.access_key), str(credentials.secret_key), credentials.security_token, project_id)


def _iam(settings: Settings, purpose: str) -> str:
    if not settings.iam_endpoint:
        # No address can be made of a region that is not in the form of a public region.
        raise InvalidOptionError(f"Set {'' if settings.region else 'region or '}iam_endpoint: {purpose}.")
    return settings.iam_endpoint
