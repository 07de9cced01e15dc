# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication: tokens, signatures, the two calls of IAM, and the agency of a server.

The signer of the official SDK recomputes each signature over the received request.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

try:
    from huaweicloudsdkcore.sdk_request import SdkRequest  # type: ignore[import-untyped]
    from huaweicloudsdkcore.signer.signer import Signer  # type: ignore[import-untyped]
except ImportError:
    # The demo has no SDK. All test environments have it.
    Signer = None

try:
    from ...plugins.module_utils._service.signature import authorization
except ImportError:
    # For `python -m tests.emulator` in the folder of the collection.
    from plugins.module_utils._service.signature import authorization  # type: ignore[no-redef]
from .clock import Clock, utc_now, write_time
from .errors import IamError, forbidden, unauthenticated
from .service import PROJECT_ID, REGION

OTHER_REGION = "ap-southeast-3"
OTHER_PROJECT_ID = "ffeeddccbbaa99887766554433221100"

ACCESS_KEY = "EMULATORACCESSKEY000"
SECRET_KEY = "EmulatorSecretKeyThatOpensNothing0000000"
TEMPORARY_ACCESS_KEY = "EMULATORTEMPORARY000"
TEMPORARY_SECRET_KEY = "EmulatorTemporaryKeyThatOpensNothing0000"
SECURITY_TOKEN = "EmulatorSecurityTokenThatOpensNothing000"
AUTH_TOKEN = "EmulatorAuthTokenThatOpensNothing0000000"
OTHER_PROJECT_AUTH_TOKEN = "EmulatorAuthTokenOfTheOtherProject000000"
USERNAME = "emulator-user"
PASSWORD = "EmulatorPasswordThatOpensNothing"
DOMAIN_NAME = "emulator-domain"

MAX_CLOCK_SKEW = timedelta(minutes=15)

_AUTHORIZATION = re.compile("SDK-HMAC-SHA256 Access=([^, ]+), ?SignedHeaders=([^, ]+), ?Signature=([0-9a-f]{64})")
_MUST_BE_SIGNED = ("host", "x-sdk-date")
_SIGNED_IF_SENT = ("content-type", "x-project-id", "x-security-token")


@dataclasses.dataclass(frozen=True)
class Received:
    """A received request: the parts that authentication and the operation need."""

    method: str
    path: str
    """Still percent-encoded."""
    raw_query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def query(self) -> list[tuple[str, str]]:
        """Return the decoded query parameters in the order of the request."""
        return parse_qsl(self.raw_query, keep_blank_values=True)


@dataclasses.dataclass(frozen=True)
class AccessKey:
    """A permanent key, or a temporary key with a security token."""

    secret: str
    security_token: str | None = None


@dataclasses.dataclass(frozen=True)
class User:
    """A user of IAM."""

    name: str
    password: str
    domain: str


@dataclasses.dataclass(frozen=True)
class Directory:
    """The projects, keys, tokens and users of IAM."""

    projects: Mapping[str, str] = dataclasses.field(
        default_factory=lambda: {REGION: PROJECT_ID, OTHER_REGION: OTHER_PROJECT_ID}
    )
    """Ids by name."""
    access_keys: Mapping[str, AccessKey] = dataclasses.field(
        default_factory=lambda: {
            ACCESS_KEY: AccessKey(SECRET_KEY),
            TEMPORARY_ACCESS_KEY: AccessKey(TEMPORARY_SECRET_KEY, SECURITY_TOKEN),
        }
    )
    tokens: Mapping[str, str] = dataclasses.field(
        default_factory=lambda: {AUTH_TOKEN: PROJECT_ID, OTHER_PROJECT_AUTH_TOKEN: OTHER_PROJECT_ID}
    )
    """Project ids by token."""
    users: tuple[User, ...] = (User(USERNAME, PASSWORD, DOMAIN_NAME),)


@dataclasses.dataclass
class _IssuedToken:
    """An issued token. It never expires if ``uses_left`` is None."""

    project_id: str
    uses_left: int | None


@dataclasses.dataclass
class _IssuedKey:
    """An access key of the server's agency. It never expires if ``uses_left`` is None."""

    access: str
    key: AccessKey
    expires_at: str
    uses_left: int | None


class Authenticator:
    """Checks credentials and issues tokens."""

    def __init__(self, directory: Directory | None = None, now: Clock = utc_now) -> None:
        self.directory = directory or Directory()
        self._now = now
        self._issued: dict[str, _IssuedToken] = {}
        self._metadata_tokens: set[str] = set()
        self._agency_keys: list[_IssuedKey] = []

    def forget_issued_tokens(self) -> None:
        """Revoke all issued tokens and keys. Those of the directory stay valid."""
        self._issued.clear()
        self._metadata_tokens.clear()
        self._agency_keys.clear()

    def authenticate(self, request: Received, project_id: str | None = None) -> None:
        """Check the credentials of a request, and if given their project.

        Raises ServiceError: 401 for missing or wrong credentials, 403 for those of another project.
        """
        if "x-auth-token" in request.headers:
            self._check_token(request.headers["x-auth-token"], project_id)
        elif "authorization" in request.headers:
            self._check_signature(request)
            self._check_project(request, project_id)
        else:
            raise unauthenticated("x-auth-token not found")

    def projects(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the projects, or only those with the name in ``query``."""
        known = self.directory.projects.items()
        return [
            {"id": project_id, "name": name, "enabled": True}
            for name, project_id in known
            if query.get("name", name) == name
        ]

    def issue_token(self, body: object, uses: int | None = None) -> tuple[str, dict[str, Any]]:
        """Return a new token and the body of its answer. Raises IamError for a refused request.

        The token is valid for ``uses`` requests; None: unlimited.
        """
        user, scope = _identity(body), _scope(body)
        if user not in self.directory.users:
            raise IamError(401, "Unauthorized", "The username or password is wrong.")
        project = next((pair for pair in self.directory.projects.items() if scope in _scopes(*pair)), None)
        if project is None:
            raise IamError(401, "Unauthorized", "The project of the scope does not exist.")
        token = f"emulator-{uuid.uuid4().hex}"
        self._issued[token] = _IssuedToken(project[1], uses)
        return token, {"token": _token_body(user, project, self._now())}

    def issue_metadata_token(self) -> str:
        """Return a new token for the metadata of the server."""
        token = f"metadata-{uuid.uuid4().hex}"
        self._metadata_tokens.add(token)
        return token

    def agency_key(self, metadata_token: str | None, uses: int | None = None) -> dict[str, str]:
        """Return the access key of the server's agency. It stays the same until it expires.

        Args:
            metadata_token: the token of the request, or None if none is required.
            uses: number of requests that a new key is valid for; None: unlimited.

        Raises ServiceError for an unknown token.
        """
        if metadata_token is not None and metadata_token not in self._metadata_tokens:
            raise unauthenticated("the token for the metadata is missing or wrong")
        if not self._agency_keys or self._agency_keys[-1].uses_left == 0:
            mark = uuid.uuid4().hex
            key = AccessKey(f"agency-secret-{mark}", f"agency-security-token-{mark}")
            expires_at = (self._now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            self._agency_keys.append(_IssuedKey(f"AGENCY{mark[:14].upper()}", key, expires_at, uses))
        last = self._agency_keys[-1]
        return {
            "access": last.access,
            "secret": last.key.secret,
            "securitytoken": str(last.key.security_token),
            "expires_at": last.expires_at,
        }

    def _check_token(self, token: str, project_id: str | None) -> None:
        issued = self._issued.get(token)
        owner = issued.project_id if issued else self.directory.tokens.get(token)
        if owner is None or (issued and issued.uses_left == 0):
            raise unauthenticated("decrypt token fail")
        if project_id not in (None, owner):
            raise forbidden("the token is for another project")
        if issued and issued.uses_left is not None:
            issued.uses_left -= 1

    def _check_project(self, request: Received, project_id: str | None) -> None:
        if project_id is None:
            return
        if project_id not in self.directory.projects.values():
            raise forbidden("no such project")
        if request.headers.get("x-project-id", project_id) != project_id:
            raise forbidden("X-Project-Id is not the project of the path")

    def _check_signature(self, request: Received) -> None:
        match = _AUTHORIZATION.fullmatch(request.headers["authorization"])
        if not match:
            raise unauthenticated("the Authorization header is malformed")
        access, signed_names, signature = match.groups()
        issued = next((issued for issued in self._agency_keys if issued.access == access), None)
        key = issued.key if issued else self.directory.access_keys.get(access)
        if key is None:
            raise unauthenticated("the access key does not exist")
        if request.headers.get("x-security-token") != key.security_token:
            raise unauthenticated("the security token does not go with the access key")
        signed = _signed_headers(request, signed_names)
        self._check_date(signed["x-sdk-date"])
        if not hmac.compare_digest(_signature(request, signed, access, key), signature):
            raise unauthenticated("verify aksk signature fail")
        if issued and issued.uses_left is not None:
            if issued.uses_left == 0:
                raise unauthenticated("the temporary access key has expired")
            issued.uses_left -= 1

    def _check_date(self, date: str) -> None:
        try:
            signed_at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        except ValueError:
            raise unauthenticated("X-Sdk-Date must be written YYYYMMDDTHHMMSSZ") from None
        if abs(self._now() - signed_at) > MAX_CLOCK_SKEW:
            raise unauthenticated("X-Sdk-Date is more than 15 minutes off")


def _signed_headers(request: Received, names: str) -> dict[str, str]:
    """Return the signed headers. Raises ServiceError if a required header is not signed."""
    listed = names.split(";")
    needed = [*_MUST_BE_SIGNED, *(name for name in _SIGNED_IF_SENT if name in request.headers)]
    if listed != sorted(set(listed)) or not set(needed) <= set(listed) <= set(request.headers):
        raise unauthenticated("SignedHeaders must be sorted, sent, and include " + ", ".join(needed))
    content_hash = request.headers.get("x-sdk-content-sha256")
    if content_hash not in (None, hashlib.sha256(request.body).hexdigest()):
        raise unauthenticated("the body must be signed")
    return {name: request.headers[name] for name in listed}


def _signature(request: Received, signed: Mapping[str, str], access: str, key: AccessKey) -> str:
    """Return the signature of the official SDK, or of this collection if the SDK is not installed."""
    if Signer is None:
        url = f"{quote(request.path)}?{urlencode(request.query)}"
        return authorization(request.method, url, signed, request.body, access, key.secret).rpartition("=")[2]
    # The signer adds no header if all required ones are present. It decodes the path.
    expected = SdkRequest(
        method=request.method,
        resource_path=request.path,
        query_params=request.query,
        header_params=dict(signed),
        body=request.body,
    )
    try:
        signer = Signer(SimpleNamespace(ak=access, sk=key.secret))
        signature: str = signer.sign(expected).header_params["Authorization"]
    except UnicodeEncodeError:
        raise unauthenticated("a signed header is not UTF-8") from None
    return signature.rpartition("=")[2]


def _identity(body: object) -> User:
    """Return the user of a token request."""
    if _dig(body, "auth", "identity", "methods") != ["password"]:
        raise _malformed('identity.methods must be ["password"]')
    path = ("auth", "identity", "password", "user")
    fields = [_dig(body, *path, *name) for name in (("name",), ("password",), ("domain", "name"))]
    name, password, domain = (field if isinstance(field, str) else None for field in fields)
    if name is None or password is None or domain is None:
        raise _malformed("user must have a name, a password and a domain with a name")
    return User(name, password, domain)


def _scope(body: object) -> dict[str, Any]:
    """Return the scope of a token request."""
    scope = _dig(body, "auth", "scope", "project")
    if not isinstance(scope, dict) or len(scope) != 1 or not {"id", "name"} & set(scope):
        raise _malformed("scope.project must have either a name or an id")
    return scope


def _scopes(name: str, project_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the ways to name a project in a scope."""
    return {"name": name}, {"id": project_id}


def _token_body(user: User, project: tuple[str, str], now: datetime) -> dict[str, Any]:
    domain = {"id": hashlib.md5(user.domain.encode(), usedforsecurity=False).hexdigest(), "name": user.domain}
    return {
        "methods": ["password"],
        "issued_at": write_time(now),
        "expires_at": write_time(now + timedelta(days=1)),
        "user": {"name": user.name, "domain": domain},
        "project": {"id": project[1], "name": project[0], "domain": domain},
        "roles": [],
    }


def _dig(value: object, *path: str) -> object:
    """Return the value at ``path`` in nested objects, or None."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _malformed(problem: str) -> IamError:
    return IamError(400, "Bad Request", f"The request body is invalid: {problem}.")
