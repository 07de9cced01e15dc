#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs ansible-test sanity in the folder of the collection, without what this machine cannot do:
# sanity.sh [ARGUMENT OF ansible-test...]

set -euo pipefail

# ansible-test looks for the other Pythons on the PATH, and cannot use the shims of pyenv.
path=${PATH%%:*}
for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin; do
  path+=:$folder
done
export PATH=$path:$PATH
read -r -a out_of_reach <<< "$(python tests/tools/sanity_bootstrap.py)"
if ((${#out_of_reach[@]})); then
  echo "NOTE: without ${out_of_reach[*]}: what it requires is on a host that does not answer"
fi
if ! command -v shellcheck > /dev/null; then
  echo "NOTE: without shellcheck, which is not installed"
fi
ansible-test sanity "$@" "${out_of_reach[@]/#/--skip-test=}"
