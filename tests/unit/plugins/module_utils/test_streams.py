# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The streams that are pushed to ingest domains, as the client lists them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply, Script, client_to

DOMAIN = "push.example.com"


def page(*names: str, total: int | None = None) -> Reply:
    """Return a page of streams."""
    streams = [{"publish_domain": DOMAIN, "app": "live", "stream": name} for name in names]
    return Reply(200, {"streams": streams, "total_num": len(names) if total is None else total})


def listed(*lines: Any, **how: Any) -> list[str]:
    """Return the names of the streams that a service with these responses lists."""
    return [stream["stream"] for stream in client_to(Script(*lines), FakeClock(), **how).streams(DOMAIN)]


def test_all_pages_of_a_domain_are_read() -> None:
    first = [f"s{number}" for number in range(100)]
    assert listed(page(*first, total=101), page("last", total=101)) == [*first, "last"]


def test_an_empty_list_is_a_list() -> None:
    assert listed(page()) == []
    assert listed(Reply(200, {"streams": None, "total_num": 0})) == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([page(total=3)], "the service lists no stream from offset 0 on, but counts 3 streams"),
        ([page("a", total=2), page("a", total=2)], "the service lists the same streams again from offset 1 on"),
        ([Reply(200, {"total_num": 1})], "the answer holds no list of streams in streams, but"),
        ([Reply(200, {"streams": ["a"]})], "the answer holds no list of streams in streams, but"),
        ([Reply(200, {"error_code": "LIVE.1", "error_msg": "no"})], "LIVE.1"),
        ([Reply(403, {"error_code": "APIGW.0302", "error_msg": "no"})], "HTTP 403"),
        ([Reply(400, {"error_code": "LIVE.100011001", "error_msg": "no"})], "HTTP 400"),
    ],
)
def test_a_list_that_cannot_be_read_is_an_error(lines: list[Reply], words: str) -> None:
    with pytest.raises(LiveApiError, match=words):
        listed(*lines)


def test_reads_of_streams_are_retried_like_all_reads() -> None:
    assert listed(Reply(503), Reply(429), page("a"), retries=2) == ["a"]
