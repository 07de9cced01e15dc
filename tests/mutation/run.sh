#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs mutmut on a copy of the collection: run.sh COPY, in the folder of the Makefile.

set -euo pipefail

copy=$1
# mutmut names what it mutates by its path, so it has to start where the imports do.
root=${copy%/ansible_collections/*}
# Otherwise results from before a test changed would be kept.
rm -rf "$root/mutants"
python tests/tools/copy_collection.py "$copy"
cp "$copy/tests/mutation/pyproject.toml" "$root"
cd "$root"
mutmut run > log 2>&1 || { tail -c 2000 log; exit 1; }
python "$copy/tests/mutation/score.py" "$copy/tests/mutation/survivors.md"
