# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for tests of the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from ansible_collections.huaweicloud.live.tests.emulator import AUTH_TOKEN, PROJECT_ID, Emulator


class Caller:
    """Plain HTTP requests to an emulator, with a valid token."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.url = f"{emulator.url}/v1/{PROJECT_ID}/pull/stream/task"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["X-Auth-Token"] = AUTH_TOKEN

    def list(self, **query: Any) -> requests.Response:
        """Send ListPullTasks."""
        return self.session.get(self.url, params=query, timeout=5)

    def modify(self, **body: Any) -> requests.Response:
        """Send ModifyPullTask."""
        return self.session.put(self.url, json=body, timeout=5)

    def create(self, **body: Any) -> requests.Response:
        """Send CreatePullTask."""
        return self.session.post(self.url, json=body, timeout=5)

    def delete(self, **query: Any) -> requests.Response:
        """Send DeletePullTask."""
        return self.session.delete(self.url, params=query, timeout=5)

    def control(self, method: str, what: str, body: object = None) -> requests.Response:
        """Send a control request."""
        return self.session.request(method, f"{self.emulator.url}/emulator/{what}", json=body, timeout=5)


@pytest.fixture
def caller(emulator: Emulator) -> Iterator[Caller]:
    """Plain requests to the emulator."""
    caller = Caller(emulator)
    with caller.session:
        yield caller
