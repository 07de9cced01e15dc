#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Checks the collection in the current folder: lint.sh code|all FOLDER-OF-ansible_collections
#
# code checks style, imports and types. all checks playbooks, workflows, changelog and documentation as well: all playbooks,
# or those in the folders that LINTED names.

set -euo pipefail

ruff check .
ruff format --check .
PYTHONPATH=$2 lint-imports --no-logo --no-cache
MYPYPATH=$2 mypy --package ansible_collections.huaweicloud.live.plugins.module_utils
if [[ $1 == code ]]; then
  exit
fi

if [[ -n ${LINTED:-} ]]; then
  echo "NOTE: ansible-lint on $LINTED only"
fi
# shellcheck disable=SC2086
ansible-lint ${LINTED:-}
antsibull-changelog lint
python -m tests.tools.guides docs/docsite/rst/*.rst CHANGELOG.rst
zizmor --offline --quiet .github
# antsibull-docs works in a temporary folder with a random name, and takes it for a link if it ends in an underscore: one run
# in 37 fails without a reason, two in a row hardly ever.
lint_docs() {
  antsibull-docs lint-collection-docs --plugin-docs --check-extra-docs-refs \
    --validate-collection-refs all --disallow-unknown-collection-refs .
}
lint_docs || lint_docs
