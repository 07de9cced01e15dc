# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time zones by name, also on a machine without a time zone database."""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator
from datetime import timezone
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.plugin_utils._arguments import time_zone


@pytest.fixture
def zones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the empty folder of the time zone database, on a machine without the Python package tzdata."""
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath([str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    yield tmp_path
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


NO_DATABASE = (
    "timezone: 'Asia/Shanghai' cannot be looked up, because this machine has no time zone database. Allowed: UTC. For"
    " other time zones, install the Python package tzdata for the Python that runs Ansible (add it to the requirements"
    " of an execution environment), or the package tzdata of the operating system."
)


def test_without_a_time_zone_database_the_message_says_so(zones: Path) -> None:
    with pytest.raises(InvalidOptionError) as raised:
        time_zone("timezone", "Asia/Shanghai")
    assert str(raised.value) == NO_DATABASE


def test_a_machine_with_utc_alone_has_no_time_zone_database(zones: Path) -> None:
    (zones / "Etc").mkdir()
    for name in ("UTC", "Etc/UTC"):
        (zones / name).write_bytes(b"TZif2")
    with pytest.raises(InvalidOptionError) as raised:
        time_zone("timezone", "Asia/Shanghai")
    assert str(raised.value) == NO_DATABASE


def test_utc_needs_no_time_zone_database(zones: Path) -> None:
    assert time_zone("timezone", "UTC") is timezone.utc


@pytest.mark.parametrize("name", ["Mars/Phobos", "", "/etc", "../x", "Asia", None, 8])
def test_an_unknown_time_zone_is_refused(name: object) -> None:
    with pytest.raises(InvalidOptionError) as raised:
        time_zone("timezone", name)
    assert str(raised.value).startswith(f"timezone: {name!r} is not allowed. Allowed: the IANA name of a time zone")
