# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Someone who runs Ansible's programs against the emulator."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import Emulator, environment

COLLECTION = Path(emulation.__file__).parents[2]
_KEPT = ("HOME", "LANG", "PATH", "PYTHONPATH", "TMPDIR")


def user_environment(emulator: Emulator, folder: Path) -> dict[str, str]:
    """Return the environment of such a user, whose files are in the folder, without anything of who runs the tests."""
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION.parents[2]),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_NOCOLOR": "true",
        **environment(emulator.url),
    }
