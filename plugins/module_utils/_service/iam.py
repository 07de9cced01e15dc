# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identity and Access Management (IAM): a token for a user, and the id of a project. Private to this collection."""

from __future__ import annotations

from typing import Any

from .._errors import LiveError, shown
from .answers import member
from .credentials import Credentials
from .exchange import Auth
from .settings import fits_header, is_project_id
from .signature import encode
from .transport import Transport

TOKEN_HEADER = "X-Subject-Token"


def log_in(transport: Transport, iam: str, user: Credentials, scope: dict[str, str]) -> tuple[str, str]:
    """Return a token for a project, and the id of the project.

    Args:
        transport: sends the requests.
        iam: root URL of IAM.
        user: the user, with username, password and domain_name.
        scope: the project, as `id` or `name`.

    Raises:
        LiveError: IAM refused, or its response holds no token, or no id.
    """
    named = {"name": user.username, "password": user.password, "domain": {"name": user.domain_name}}
    identity = {"methods": ["password"], "password": {"user": named}}
    body = {"auth": {"identity": identity, "scope": {"project": scope}}}
    url = f"{iam}/v3/auth/tokens?nocatalog=true"
    answer = transport.request("POST", url, body=body, secret_header=TOKEN_HEADER)
    token = answer.headers.get(TOKEN_HEADER, "")
    project_id = scope.get("id") or member(answer.body, "token", "project", "id")
    if not fits_header(token) or not is_project_id(project_id):
        text = f"The response of {iam} to the request for a token contains no token, or no id of the project."
        raise LiveError(text, request_id=answer.request_id)
    return token, project_id


def find_project(transport: Transport, iam: str, auth: Auth, name: str, option: str) -> str:
    """Return the id of the project that has a name.

    Args:
        transport: sends the request.
        iam: root URL of IAM.
        auth: authenticates it.
        name: the name.
        option: the option that gives the name, region or project_name.

    Raises:
        LiveError: IAM refused, or does not list the project.
    """
    answer = transport.request("GET", f"{iam}/v3/projects?name={encode(name)}", auth)
    projects = member(answer.body, "projects")
    for project in projects if isinstance(projects, list) else []:
        project_id: Any = member(project, "id")
        if member(project, "name") == name and is_project_id(project_id):
            return str(project_id)
    what, check = shown(name), "project_name (HW_PROJECT_NAME in the environment), or set project_id"
    if option == "region":
        what, check = f"of the region, {shown(name)},", "region, or set project_name or project_id"
    text = f"{iam} lists no project with the name {what} that these credentials may see. Check {check}."
    raise LiveError(text, request_id=answer.request_id)
