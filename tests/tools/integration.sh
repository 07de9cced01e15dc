#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs integration tests in the folder of the collection, with the ansible-test on PATH:
#
#   integration.sh worker|shipped [--python PYTHON] [ARGUMENT OF ansible-test...]
#
# worker lets modules run in Ansible's own process. shipped sends them, to PYTHON if it is given. With REPORT in the
# environment, the emulator behaves like that report of `make acceptance`.
# A deprecation, or a warning about the collection, fails the run. What the modules warn about begins with the task.

set -euo pipefail

config=tests/integration/integration_config.yml
rm -f "$config"
if [[ $1 == shipped ]]; then
  echo 'huaweicloud_live_direct: false' > "$config"
fi
if [[ -n ${REPORT:-} ]]; then
  echo "emulator_like: $REPORT" >> "$config"
fi
shift
if [[ ${1:-} == --python ]]; then
  echo "ansible_python_interpreter: $2" >> "$config"
  shift 2
fi

fail_on_warnings() {
  local line warned=
  while IFS= read -r line; do
    echo "$line"
    if [[ $line =~ ^\[(DEPRECATION|WARNING\].*(huaweicloud\.live|[Cc]ollection|[Pp]lugin)) && $line != '[WARNING]: Task '* ]]; then
      warned=$line
    fi
  done
  if [[ -n $warned ]]; then
    echo "ERROR: Ansible warns: $warned"
    return 1
  fi
}

ansible-test integration "$@" 2>&1 | fail_on_warnings
