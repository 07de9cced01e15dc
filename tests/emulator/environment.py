# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment variables that point the modules to the emulator."""

from __future__ import annotations

from .auth import ACCESS_KEY, SECRET_KEY
from .service import REGION


def environment(url: str) -> dict[str, str]:
    """Return the environment variables for the emulator at ``url``, with an access key."""
    return {
        "HUAWEICLOUD_LIVE_ENDPOINT": url,
        "HUAWEICLOUD_SDK_IAM_ENDPOINT": url,
        "HW_REGION_NAME": REGION,
        "HUAWEICLOUD_SDK_AK": ACCESS_KEY,
        "HUAWEICLOUD_SDK_SK": SECRET_KEY,
    }
