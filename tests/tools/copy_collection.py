# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring folders to the state of this repository's work tree: python copy_collection.py TARGET...

Only what changed is touched, so that tests which run at the time, and the caches of tools, go on.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def files(root: Path) -> set[str]:
    """Return the files under root that git tracks or would track, as paths relative to it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    return {name for name in names if (root / name).is_file()}


def same(source: Path, target: Path) -> bool:
    """Tell whether target is a copy of source, by what `shutil.copy2` preserves."""
    if not target.is_file():
        return False
    one, other = source.stat(), target.stat()
    return (one.st_size, one.st_mtime_ns, one.st_mode) == (other.st_size, other.st_mtime_ns, other.st_mode)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process updates the folder: stages that run at the same time update it all at once."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def update(source: Path, target: Path) -> None:
    """Make target hold what source does; what git ignores there stays."""
    # The target lies in a folder that git ignores; ansible-test and ansible-lint ask git what there is to check.
    subprocess.run(["git", "init", "--quiet", str(target)], check=True)
    wanted = files(source)
    for name in sorted(wanted):
        if not same(source / name, target / name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target / name)
    for name in files(target) - wanted:
        (target / name).unlink()


def main() -> None:
    """Update the folders named on the command line."""
    for target in sys.argv[1:]:
        with locked(Path(target)):
            update(Path(__file__).resolve().parents[2], Path(target))


if __name__ == "__main__":
    main()
