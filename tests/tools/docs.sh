#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the pages of plugins, roles and guides: docs.sh BUILD, in the folder of the Makefile. Any warning is an error.

set -euo pipefail

repository=$PWD
rm -rf "$1/docs"
# The folders are as in the repository, so that pictures are found where the guides name them.
mkdir -m 700 -p "$1/docs/docs/docsite/rst"
cd "$1/docs"
antsibull-docs collection --use-current --squash-hierarchy --no-indexes --no-breadcrumbs --fail-on-error \
  --dest-dir docs/docsite/rst huaweicloud.live
cp "$repository"/docs/*.{png,svg} docs
cp -r "$repository"/docs/docsite/{index.rst,rst/*} docs/docsite/rst
PYTHONPATH=$1 sphinx-build -q -W --keep-going -b html -c "$repository/docs/docsite" docs/docsite/rst html
echo "Open $1/docs/html/index.html"
