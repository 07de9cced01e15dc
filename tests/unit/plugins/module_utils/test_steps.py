# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps that are planned for a task, and the one deadline that all of them share."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.outcome import Kind, State
from ansible_collections.huaweicloud.live.tests.emulator import vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox

DELETE, CREATE, MODIFY = Kind.DELETE, Kind.CREATE, Kind.MODIFY
URLS = ["https://media.example.com/one.mp4"]
STREAM = {"domain": "push.example.com", "app_name": "live", "stream_name": "channel"}
NEW = {**STREAM, "stream_name": "new", "source_urls": URLS}
# With another callback_url, a task has to be recreated.
OTHER = {**STREAM, "callback_url": "https://hooks.example.com/new", "recreate": True}


def own(behaviour: dict[str, Any] | None = None, **fields: Any) -> Sandbox:
    """Return a service with one channel."""
    return Sandbox(vod_task("old", "channel", NOW, **fields), **(behaviour or {}))


@pytest.mark.parametrize(
    ("declared", "kinds"),
    [
        ({**STREAM, "status": "enable"}, []),
        ({**STREAM, "vod_loop_time": 7}, [MODIFY]),
        ({**STREAM, "state": "absent"}, [DELETE]),
        ({**NEW, "state": "absent"}, []),
        (NEW, [CREATE]),
        ({**NEW, "status": "enable"}, [CREATE]),
        ({**NEW, "status": "pause"}, [CREATE, MODIFY]),
        (OTHER, [DELETE, CREATE]),
        ({**OTHER, "status": "pause"}, [DELETE, CREATE, MODIFY]),
    ],
)
def test_steps_are_planned_in_check_mode_and_the_same_ones_are_sent(declared: Any, kinds: list[Kind]) -> None:
    planned = own().bring_one(declared, check_mode=True)
    assert [(step.kind, step.state) for step in planned.outcome.steps] == [(kind, State.PLANNED) for kind in kinds]
    sandbox = own()
    done = sandbox.bring_one(declared)
    assert done.error is None
    assert [step.kind for step in done.outcome.steps] == kinds
    assert [step.state for step in done.outcome.steps[-1:]] in ([], [State.VERIFIED], [State.ACCEPTED])
    methods = {DELETE: "DELETE", CREATE: "POST", MODIFY: "PUT"}
    assert sandbox.write_methods == [methods[kind] for kind in kinds]
    assert planned.changed is done.changed is bool(kinds)


def test_a_restored_option_is_one_more_step_with_a_record_of_its_own() -> None:
    sandbox = own({"left_out": "replace"}, end_time=after(days=2))
    steps = sandbox.bring_one({**STREAM, "vod_loop_time": 7}).outcome.steps
    assert [(step.kind, step.state) for step in steps] == [(MODIFY, State.VERIFIED)] * 2
    assert "end_time" not in steps[0].body
    assert steps[1].body["end_time"] == after(days=2)
    assert steps[0].request_id != steps[1].request_id


def test_a_write_with_a_lost_response_has_an_unknown_result() -> None:
    sandbox = own()
    sandbox.lose(1, 2, 3, carries_out=False)
    done = sandbox.bring_one_over_http({**STREAM, "vod_loop_time": 7}, retries=2)
    assert [(step.kind, step.state) for step in done.outcome.steps] == [(MODIFY, State.UNKNOWN)]
    assert done.changed


@pytest.mark.parametrize("wait_timeout", [5, 30])
def test_a_recreate_waits_no_longer_than_wait_timeout_for_the_deleted_task(wait_timeout: int) -> None:
    sandbox = own({"lag_reads": 999})
    done = sandbox.bring_one(OTHER, wait_timeout=wait_timeout)
    assert "still lists the task" in str(done.error)
    assert sum(sandbox.clock.naps) == pytest.approx(wait_timeout, abs=0.1)


def test_a_restore_does_not_get_another_wait_timeout() -> None:
    sandbox = own({"left_out": "replace"}, end_time=after(days=2))
    begun = sandbox.clock.seconds
    # The second write has no effect.
    never = dataclasses.replace(sandbox.service.behaviour, never_apply=True)
    sandbox.on("PUT", lambda: setattr(sandbox.service, "behaviour", never), number=2)
    done = sandbox.bring_one({**STREAM, "vod_loop_time": 7}, wait_timeout=20)
    assert "after 20 seconds (wait_timeout)" in str(done.error)
    assert sandbox.clock.seconds - begun == pytest.approx(20, abs=1)
