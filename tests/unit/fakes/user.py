# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A user who runs Ansible's programs with the emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import Emulator, environment

COLLECTION = Path(emulation.__file__).parents[2]
_KEPT = ("HOME", "LANG", "PATH", "PYTHONPATH", "TMPDIR")


def user_environment(emulator: Emulator, folder: Path) -> dict[str, str]:
    """Return the environment of a user with files in ``folder``, without settings from outside the tests."""
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION.parents[2]),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_NOCOLOR": "true",
        **environment(emulator.url),
    }


def run_as_user(
    emulator: Emulator, folder: Path, *command: str, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of Ansible's programs as this user.

    Args:
        emulator: the service.
        folder: the current folder, with the files of the user.
        command: the name of the program and its arguments.
        environ: more environment variables.
    """
    program, *arguments = command
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        env={**user_environment(emulator, folder), **(environ or {})},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
