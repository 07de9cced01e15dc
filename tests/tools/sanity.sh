#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs ansible-test sanity in the folder of the collection: sanity.sh [ARGUMENT OF ansible-test...]
#
# Left out is what this machine cannot do, and what LEFT_OUT names.

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
read -r -a left_out <<< "${LEFT_OUT:-}"
if ((${#left_out[@]})); then
  echo "NOTE: without ${left_out[*]}: ruff and ansible-lint take their place here, and make test-all runs them"
fi
out_of_reach+=("${left_out[@]}")
ansible-test sanity "$@" "${out_of_reach[@]/#/--skip-test=}"
