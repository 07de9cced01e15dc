#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs the demo with the ansible-core on PATH and the collection in ANSIBLE_COLLECTIONS_PATH, as `make demo` prepares them.

set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHONPATH="$ANSIBLE_COLLECTIONS_PATH" exec python -m ansible_collections.huaweicloud.live.tests.demo
