# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report the score of a run of mutmut: python score.py SURVIVORS.md, where mutmut ran.

Fails below 97 %, and when a mutant survives that the file does not explain.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

LEAST = 97.0
KILLED = ("killed", "timeout", "segfault")


def code_of(mutant: str) -> str:
    """Return a mutant by what it does: the room and function, and the line that it put in the place of another."""
    diff = subprocess.run(["mutmut", "show", mutant], check=True, capture_output=True, text=True).stdout
    added = [line[1:].strip() for line in diff.splitlines() if re.match(r"\+(?!\+\+)", line)]
    where = re.sub(r"__mutmut_\d+$", "", mutant.rpartition("module_utils.")[2])
    where = re.sub(r"\bx(?:_|ǁ)", "", where).replace("ǁ", ".")
    return f"{where}: {' '.join(added)}"


def main() -> int:
    """Print the score and return the exit code."""
    listing = subprocess.run(["mutmut", "results", "--all", "true"], check=True, capture_output=True, text=True).stdout
    results = dict(re.findall(r"(\S+__mutmut_\d+): (.+)", listing))
    if not results:
        print("mutmut has no results.")
        return 1
    explained = {line.strip() for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()}
    survivors = sorted(code_of(name) for name, fate in results.items() if fate not in KILLED)
    unexplained = [code for code in survivors if code not in explained]
    score = 100 * (len(results) - len(survivors)) / len(results)
    fates = ", ".join(f"{count} {fate}" for fate, count in Counter(results.values()).items())
    print(f"{len(results)} mutants: {fates}")
    print(f"Score: {score:.1f} % (at least {LEAST:g} %)")
    if unexplained:
        print(f"Not explained in {sys.argv[1]}:", *unexplained, sep="\n    ")
    return int(score < LEAST or bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
