# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests know of the options of a task by themselves is of all of them: one that is new is not forgotten."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS, RESENT
from ansible_collections.huaweicloud.live.tests.emulator import DEFAULTS
from ansible_collections.huaweicloud.live.tests.unit.faults import fleet
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils import test_on_air, test_properties, test_task

# The default of the start is the time, which is no value of its own.
FIXED_DEFAULTS = {*RESENT} - {"start_time"}


@pytest.mark.parametrize(
    ("names", "expected", "place"),
    [
        (DEFAULTS, FIXED_DEFAULTS, "DEFAULTS of tests/emulator/view.py"),
        (test_on_air.OWN, FIXED_DEFAULTS, "OWN of test_on_air.py, with a value that is not the default"),
        (fleet.OWN, FIXED_DEFAULTS, "OWN of faults/fleet.py, with a value that is not the default"),
        (test_task.RESENT, {*RESENT}, "RESENT of test_task.py, with the value in listed()"),
        (test_properties.RESENT, {*RESENT}, "RESENT of test_properties.py"),
        (test_properties.OPTIONS, {*FIELDS}, "OPTIONS of test_properties.py"),
        (
            {*test_task.listed()} & {*FIELDS},
            {*FIELDS},
            "listed() of test_task.py, with a value that is not the default",
        ),
    ],
)
def test_every_option_is_there(names: Collection[str], expected: set[str], place: str) -> None:
    assert {*names} == expected, f"missing, or too much, in {place}: {sorted({*names} ^ expected)}"
