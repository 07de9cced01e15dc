# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identity and Access Management (IAM): a token for a user, and the id of a project. Private to this collection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .._errors import LiveError, shown
from .credentials import Credentials
from .exchange import Auth
from .settings import fits_header, is_project_id
from .signature import TokenAuth, encode
from .transport import Transport

TOKEN_HEADER = "X-Subject-Token"


class UserAuth(TokenAuth):
    """Presents the token that a user got, and gets another one when it has ended. May be shared by threads.

    Args:
        token: the first one.
        log_in: gets another.

    Attributes:
        logins: how many tokens there were. The service may hand out the same one twice.
    """

    def __init__(self, token: str, log_in: Callable[[], str]) -> None:
        super().__init__(token)
        self.logins = 1
        self._log_in = log_in
        self._lock = threading.Lock()

    def renew(self, logins: int) -> None:
        """Get another token, unless that has been done since there were so many.

        Raises:
            LiveError: IAM refused.
        """
        with self._lock:
            if self.logins == logins:
                self._token = self._log_in()
                self.logins += 1


def log_in(transport: Transport, iam: str, user: Credentials, scope: dict[str, str]) -> tuple[str, str]:
    """Return a token for a project, and the id of the project.

    Args:
        transport: sends the requests.
        iam: root URL of IAM.
        user: who asks, with username, password and domain_name.
        scope: the project, as `id` or `name`.

    Raises:
        LiveError: IAM refused, or its answer holds no token, or no id.
    """
    named = {"name": user.username, "password": user.password, "domain": {"name": user.domain_name}}
    identity = {"methods": ["password"], "password": {"user": named}}
    answer = transport.request(
        "POST",
        f"{iam}/v3/auth/tokens?nocatalog=true",
        body={"auth": {"identity": identity, "scope": {"project": scope}}},
        secret_header=TOKEN_HEADER,
    )
    token = answer.headers.get(TOKEN_HEADER, "")
    project_id = scope.get("id") or _get(_get(_get(answer.body, "token"), "project"), "id")
    if not fits_header(token) or not isinstance(project_id, str) or not is_project_id(project_id):
        raise LiveError(
            f"{iam} answered the request for a token with none, or without the id of the project.",
            request_id=answer.request_id,
        )
    return token, project_id


def find_project(transport: Transport, iam: str, auth: Auth, name: str) -> str:
    """Return the id of the project that has the name of the region.

    Raises:
        LiveError: IAM refused, or lists no such project.
    """
    answer = transport.request("GET", f"{iam}/v3/projects?name={encode(name)}", auth)
    projects = _get(answer.body, "projects")
    for project in projects if isinstance(projects, list) else []:
        project_id = _get(project, "id")
        if _get(project, "name") == name and isinstance(project_id, str) and is_project_id(project_id):
            return project_id
    raise LiveError(
        f"{iam} knows no project with the name of the region, {shown(name)}, that these credentials may see."
        " Check region, or set project_id.",
        request_id=answer.request_id,
    )


def _get(value: Any, name: str) -> Any:
    """Return a member of what should be a JSON object; None when it is something else."""
    return value.get(name) if isinstance(value, dict) else None
