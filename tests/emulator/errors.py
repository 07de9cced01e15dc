# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the emulated services and the bodies of their answers."""

from __future__ import annotations

from typing import Any

INVALID_PARAMETER = "LIVE.100011001"
# The API pages document no codes for these errors. These follow the style of the service: do not rely on them.
TASK_NOT_FOUND = "LIVE.103011404"
DESTINATION_TAKEN = "LIVE.103011409"
QUOTA_EXCEEDED = "LIVE.103011429"
NO_SUCH_API = "APIGW.0101"
BAD_REQUEST = "APIGW.0201"
UNAUTHENTICATED = "APIGW.0301"
FORBIDDEN = "APIGW.0302"
THROTTLED = "APIGW.0308"


class ServiceError(Exception):
    """An error of the Live service or of its gateway."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}

    def payload(self, request_id: str) -> dict[str, Any]:
        """Return the body of the answer."""
        return {"error_code": self.code, "error_msg": self.message, "request_id": request_id}


class IamError(ServiceError):
    """An error of IAM, which nests the body one level deeper."""

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(status, title, message)

    def payload(self, request_id: str) -> dict[str, Any]:
        """Return the body of the answer. IAM puts no request id into it."""
        return {"error": {"code": self.status, "message": self.message, "title": self.code}}


def invalid(problem: str) -> ServiceError:
    """Return the error for a request that violates a documented constraint. ``problem`` names the field."""
    return ServiceError(400, INVALID_PARAMETER, f"Invalid request parameter: {problem}")


def unauthenticated(reason: str) -> ServiceError:
    """Return the error of the gateway for missing or wrong credentials."""
    return ServiceError(401, UNAUTHENTICATED, f"Incorrect IAM authentication information: {reason}")


def forbidden(reason: str) -> ServiceError:
    """Return the error of the gateway for valid credentials of another project."""
    return ServiceError(403, FORBIDDEN, f"The IAM user is forbidden to access the API: {reason}")
