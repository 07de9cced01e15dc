# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake of the worker of Ansible that runs the actions."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.plugin_utils import _action
from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import Emulator, environment
from ansible_collections.huaweicloud.live.tests.unit.fakes.worker import Worker


@pytest.fixture
def worker(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """Return a worker with the emulator in its environment, and the verbosity of -vvv."""
    worker = Worker()

    def display(text: str, *_arguments: Any, **_named: Any) -> None:
        worker.displayed.append(text)

    for name, value in {**environment(emulator.url), "HW_PROJECT_ID": emulation.PROJECT_ID}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_action.display, "display", display)
    monkeypatch.setattr(_action.display, "verbosity", 3)
    # This process continues after the task.
    monkeypatch.setattr(gc, "freeze", lambda: None)
    return worker
