# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version of this collection, and its name in requests. Private to this collection."""

from __future__ import annotations

from ansible.module_utils.ansible_release import __version__ as core  # type: ignore[import-untyped]

# A shipped module cannot read galaxy.yml. A test compares the two versions.
VERSION = "2.0.0"
USER_AGENT = f"huaweicloud.live/{VERSION} ansible-core/{core}"
