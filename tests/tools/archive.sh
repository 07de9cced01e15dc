#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the collection's archive and uses it as others do: archive.sh install|import COLLECTION FOLDER

set -euo pipefail

rm -rf "$3"
mkdir -p "$3"
cd "$3"
ansible-galaxy collection build --output-path dist "$2"
if [[ $1 == install ]]; then
  export ANSIBLE_COLLECTIONS_PATH=$3
  ansible-galaxy collection install --offline dist/*.tar.gz
  ansible-doc --type module huaweicloud.live.live_pull_task > /dev/null
  # Without credentials the module fails late: it names the ways to give them, which takes most of its parts.
  answer=$(ansible localhost -m huaweicloud.live.live_pull_task -a 'task_id=1 region=eu' 2>&1 || true)
  echo "$answer"
  [[ $answer == *auth_token* ]]
else
  export GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER=true GALAXY_IMPORTER_CHECK_REQUIRED_TAGS=true GALAXY_IMPORTER_RUN_FLAKE8=true
  python -m galaxy_importer.main dist/*.tar.gz | tee log
  # The importer logs what Galaxy would complain about, and still succeeds. It does not have the collections awx.awx and
  # community.general, which examples use. Two of flake8's rules contradict the formatter.
  while IFS= read -r line; do
    if [[ $line =~ ^(WARNING|ERROR) && ! $line =~ \'(awx\.awx|community\.general)\.|:\ (E203|W503)\  ]]; then
      echo "ERROR: Galaxy would complain: $line"
      exit 1
    fi
  done < log
fi
