# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of the service, and the errors of a client."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import ENDPOINT, PROJECT_ID, Reply, Script, client_to

URL = f"{ENDPOINT}/v1/{PROJECT_ID}/pull/stream/task"
TASK_ID = "7864b3dc-e92f-42db-a754-08e627b6d8dd"
BODY = {"task_id": TASK_ID, "status": "pause"}
OK = Reply(200, {"task_id": TASK_ID, "request_id": "r1"})
PAGE = b"<!DOCTYPE html>\n<html><head><title>Bad Request</title></head>\n<body><h1>Sorry</h1> we cannot</body></html>"


def failure(*lines: Reply | Exception, clock: FakeClock | None = None, **how: Any) -> LiveApiError:
    """Return the error of a modify that gets these answers."""
    with pytest.raises(LiveApiError) as raised:
        client_to(Script(*lines), clock, **how).modifying(TASK_ID).send(BODY)
    return raised.value


def page(*numbers: int, **more: Any) -> Reply:
    """Return an answer with the tasks with these numbers."""
    return Reply(200, {"task_infos": [{"task_id": f"t{number}"} for number in numbers], **more})


def asked(script: Script) -> list[str]:
    """Return the sent queries."""
    return [str(request.url).partition("?")[2] for request in script.sent]
