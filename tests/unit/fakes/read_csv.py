# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module with the options and results of community.general.read_csv that the example of a spreadsheet uses."""

from __future__ import annotations

import csv

from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Return the rows of a file as dictionaries of texts, by the names in its first line."""
    options = {"path": {"type": "path", "required": True}, "delimiter": {"type": "str"}}
    module = AnsibleModule(options, supports_check_mode=True)
    with open(module.params["path"], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=module.params["delimiter"]))
    module.exit_json(changed=False, list=rows, dict={})


if __name__ == "__main__":
    main()
