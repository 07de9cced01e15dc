# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: ``python -m tests.acceptance``, in the folder of a clone with any name."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

PACKAGE = "ansible_collections.huaweicloud.live"


def _name_the_clone() -> None:
    """Let Python find the collection in this clone under its own name."""
    names = PACKAGE.split(".")
    for depth in range(1, len(names) + 1):
        package = ModuleType(".".join(names[:depth]))
        package.__path__ = [str(Path(__file__).resolve().parents[2])] if depth == len(names) else []
        sys.modules[package.__name__] = package


if __name__ == "__main__":
    _name_the_clone()
    command = importlib.import_module(f"{PACKAGE}.tests.acceptance.command")
    sys.exit(command.main(sys.argv[1:], os.environ))
