# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..modules import live_source_info
from ..plugin_utils._action import LiveAction


class ActionModule(LiveAction):
    """Runs the module live_source_info."""

    module = live_source_info
    reads = True
