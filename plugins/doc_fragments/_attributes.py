# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attributes of the modules. Private to this collection."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of every module, of modules that change something, and of modules that only read."""

    DOCUMENTATION = r"""
attributes:
  action:
    description: The module has a corresponding action plugin, so that it can run on the controller.
    support: full
    details:
      - The module runs in the process of Ansible if the connection is C(local), C(become) and C(async) are not used,
        and no other Python interpreter is configured. Otherwise it is shipped to the target. The results are the same.
      - Options that are null, and entries of lists and dictionaries that are omitted, count as not set.
  async:
    description: Supports being used with the C(async) keyword.
    support: full
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description: Returns what has changed, or in C(check_mode) would change, when in diff mode.
  idempotent:
    description: The second of two equal runs outside check mode changes nothing, unless others have changed the tasks.
  action_group:
    description: Use C(group/huaweicloud.live.live) in C(module_defaults) to set defaults for this module.
    support: full
    membership: [huaweicloud.live.live]
"""

    CHANGES = r"""
attributes:
  check_mode: {support: full}
  diff_mode: {support: full}
  idempotent: {support: full}
"""

    INFO = r"""
attributes:
  check_mode: {support: full, details: This module does not modify anything.}
  diff_mode: {support: N/A, details: This module does not modify anything.}
  idempotent: {support: full, details: This module does not modify anything.}
"""
