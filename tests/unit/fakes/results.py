# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary of the results of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def summary_of(results: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Return the numbers of changed, unchanged, failed and not attempted tasks. None may be created or deleted."""
    summary = results["summary"]
    assert summary.keys() == {"changed", "unchanged", "failed", "created", "deleted", "not_attempted"}
    assert (summary["created"], summary["deleted"]) == (0, 0)
    return summary["changed"], summary["unchanged"], summary["failed"], summary["not_attempted"]
