# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate lets no request pass that must not be sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.tests.acceptance.gate import MOST, RESERVED, Gate, GateError, Trace
from ansible_collections.huaweicloud.live.tests.acceptance.service import ask
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID
from ansible_collections.huaweicloud.live.tests.unit.fakes.answers import page
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply, Script, client_to

NAME = "ansible-acceptance-0123456789ab"


class Passage:
    """A client whose requests pass a gate.

    Args:
        replies: what the service answers.
        pace: requests in a second.
    """

    def __init__(self, *replies: Reply, pace: float = 0) -> None:
        self.clock = FakeClock()
        self.script = Script(*replies)
        self.client = client_to(self.script, self.clock)
        self.gate = Gate(self.script, self.clock.clock, pace, Trace(None, str))
        self.client.transport.adapter = self.gate


@pytest.mark.parametrize(
    "request_of_another",
    [
        {"method": "PUT", "body": {"task_id": CHANNEL_ID, "status": "pause"}},
        {"method": "DELETE", "query": {"task_id": CHANNEL_ID}},
        {"method": "POST", "body": {"stream_name": "channel"}},
        {"method": "POST", "body": {}},
        {"method": "PUT", "body": {}},
    ],
)
def test_a_write_to_a_task_of_others_is_not_sent(request_of_another: dict[str, Any]) -> None:
    passage = Passage(Reply(200, {}))
    passage.gate.ledger.names[NAME] = {"ours"}
    with pytest.raises(GateError):
        ask(passage.client, **request_of_another)
    assert passage.script.sent == []


def test_a_task_is_known_by_the_answer_to_its_create() -> None:
    passage = Passage(Reply(200, {"task_id": "ours"}), Reply(200, {"task_id": "ours"}))
    passage.gate.ledger.names[NAME] = set()
    ask(passage.client, "POST", body={"stream_name": NAME})
    assert passage.gate.ledger.ids == ["ours"]
    ask(passage.client, "DELETE", {"task_id": "ours"})
    assert passage.gate.ledger.ids == []


@pytest.mark.parametrize(("status", "uncertain"), [(200, False), (400, False), (429, False), (500, True), (504, True)])
def test_a_create_is_uncertain_unless_its_answer_says_what_became_of_it(status: int, uncertain: bool) -> None:
    passage = Passage(Reply(status, {"task_id": "ours"} if status == 200 else {}))
    passage.gate.ledger.names[NAME] = set()
    ask(passage.client, "POST", body={"stream_name": NAME})
    assert (passage.gate.ledger.uncertain == {NAME}) == uncertain


def test_requests_for_cleaning_are_kept() -> None:
    passage = Passage(page(total=0))
    for _request in range(MOST - RESERVED):
        ask(passage.client, "GET")
    with pytest.raises(GateError):
        ask(passage.client, "GET")
    passage.gate.limit = MOST
    ask(passage.client, "GET")
    assert len(passage.script.sent) == MOST - RESERVED + 1 == 99


def test_requests_are_sent_at_their_pace() -> None:
    passage = Passage(page(total=0), pace=4)
    begun = passage.clock.seconds
    for _request in range(3):
        ask(passage.client, "GET")
    passage.clock.advance(10)
    ask(passage.client, "GET")
    ask(passage.client, "GET")
    assert passage.clock.seconds - begun == pytest.approx(0.5 + 10 + 0.25)


def test_a_trace_replaces_the_one_before_and_hides_secrets(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    for text in ("a secret", "another"):
        trace = Trace(path, lambda line: line.replace("secret", "***"))
        trace.write(text=text)
        trace.close()
        assert "secret" not in path.read_text()
    assert path.read_text() == '{"text": "another"}\n'
