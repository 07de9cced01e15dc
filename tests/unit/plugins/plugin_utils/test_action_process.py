# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions: the variables that control them, and the end of Ansible's worker if Ansible is killed."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.parent import is_orphan
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.plugin_utils._action import (
    DIRECT,
    PROGRESS,
    VARIABLES,
    end_orphan,
    ended_with_parent,
)
from ansible_collections.huaweicloud.live.plugins.plugin_utils._arguments import typed


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Return the event that is set when this process would be ended."""
    end = threading.Event()

    def kill(pid: int, number: int) -> None:
        assert (pid, number) == (os.getpid(), signal.SIGTERM)
        end.set()

    assert not is_orphan()
    monkeypatch.setattr(os, "kill", kill)
    return end


def test_a_worker_that_waits_for_a_module_ends_with_ansible(
    killed: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ended_with_parent(seconds=0.001):
        assert not killed.is_set()
        monkeypatch.setattr(os, "getppid", lambda: 1)
        assert killed.wait(30)


def test_a_worker_without_ansible_ends_before_it_returns_results(
    killed: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_orphan()
    assert not killed.is_set()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    end_orphan()
    assert killed.is_set()


@pytest.mark.parametrize(
    ("value", "on"), [(None, True), (True, True), ("yes", True), ("False", False), (0, False), ("off", False)]
)
def test_a_variable_is_true_unless_it_is_set_to_false(value: Any, on: bool) -> None:
    assert typed({DIRECT: value, PROGRESS: None}, VARIABLES) == {DIRECT: on, PROGRESS: True}


@pytest.mark.parametrize("value", ["maybe", "", 2, [], {}])
def test_an_invalid_value_of_a_variable_is_an_error_that_names_it(value: Any) -> None:
    with pytest.raises(InvalidOptionError) as raised:
        typed({DIRECT: value, PROGRESS: value}, VARIABLES)
    assert str(raised.value) == " ".join(
        f"{name}: {value!r} is not allowed. Allowed: true or false." for name in (DIRECT, PROGRESS)
    )
