# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of module_utils."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock whose sleeps take no time."""
    return FakeClock()
