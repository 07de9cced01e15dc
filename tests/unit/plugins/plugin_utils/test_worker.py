# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's worker ends when Ansible was killed."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._parent import is_orphan
from ansible_collections.huaweicloud.live.plugins.plugin_utils._worker import end_orphan, ended_with_parent


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """What is set when this process would be ended."""
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


def test_a_worker_hands_over_results_only_while_ansible_is_there(
    killed: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_orphan()
    assert not killed.is_set()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    end_orphan()
    assert killed.is_set()
