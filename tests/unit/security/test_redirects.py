# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redirects are not followed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Emulator, Fault
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Server
from ansible_collections.huaweicloud.live.tests.unit.security.conftest import WAYS, client_for, options

STATUSES = (300, 301, 302, 303, 307, 308)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_redirect_of_the_service_is_followed(
    emulator: Emulator, serve: Callable[..., Server], method: str, way: str, status: int
) -> None:
    elsewhere = serve()
    client = client_for(options(emulator.url, WAYS[way], retries=3))
    emulator.clear_journal()
    before = emulator.task(CHANNEL_ID)
    emulator.add_fault(Fault("redirect", status=status, location=f"{elsewhere.url}/caught", times=-1))
    with pytest.raises(LiveApiError, match=f"HTTP {status}, a redirect to '{elsewhere.url}/caught', and redirects"):
        client.get(CHANNEL_ID) if method == "GET" else client.modifying(CHANNEL_ID).send(
            {"task_id": CHANNEL_ID, "status": "pause"}
        )
    assert elsewhere.connections == 0
    assert [entry["method"] for entry in emulator.journal] == [method]
    assert emulator.task(CHANNEL_ID) == before


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("way", WAYS)
def test_no_redirect_of_iam_is_followed(
    emulator: Emulator, serve: Callable[..., Server], way: str, status: int
) -> None:
    elsewhere = serve()
    emulator.add_fault(Fault("redirect", on="iam", status=status, location=elsewhere.url, times=-1))
    with pytest.raises(LiveApiError, match=f"HTTP {status}, a redirect to"):
        client_for(options(emulator.url, WAYS[way], project_id=None, retries=3))
    assert elsewhere.connections == 0
    assert [entry["operation"] for entry in emulator.journal] == ["token" if way == "password" else "projects"]


def test_a_redirect_to_the_same_host_is_not_followed(emulator: Emulator) -> None:
    emulator.add_fault(Fault("redirect", status=307, location="/v1/x/pull/stream/task"))
    with pytest.raises(LiveApiError, match="redirects are not followed"):
        client_for(options(emulator.url, WAYS["token"])).get(CHANNEL_ID)
    assert len(emulator.journal) == 1


@pytest.mark.parametrize(
    "location", ["http://[bad", "//[", "http://host:99999999/", "\x80", "\u00ff", "http://\u00fc", ""]
)
def test_a_redirect_without_a_url_is_an_error(serve: Callable[..., Server], location: str) -> None:
    server = serve(lambda request: Reply(302, b"", {"Location": location}))
    with pytest.raises(LiveApiError, match=r"HTTP 302, a redirect to .*, and redirects are not followed"):
        client_for(options(server.url, WAYS["token"])).get(CHANNEL_ID)
    assert len(server.received) == 1
