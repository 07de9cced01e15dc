#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Tries new examples of the properties: explore.sh MINUTES SEED FILE...
#
# With a seed, that run alone is repeated. Each failure prints its example, and how to repeat it.

set -euo pipefail

minutes=$1
seed=$2
shift 2
export HYPOTHESIS_PROFILE=explore
while true; do
  this=${seed:-$RANDOM$RANDOM}
  echo "Seed $this. To repeat this run: make explore SEED=$this"
  pytest --quiet --numprocesses=auto --dist=worksteal --hypothesis-seed="$this" "$@"
  if [[ -n $seed ]] || ((SECONDS >= 60 * minutes)); then
    break
  fi
done
