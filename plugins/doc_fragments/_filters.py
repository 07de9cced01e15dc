# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that select relay tasks, of the info module and of the inventory. Private to this collection."""

from __future__ import annotations

import yaml


class ModuleDocFragment:
    """The filters as options of a module, and as suboptions of the option `filters` of the inventory."""

    DOCUMENTATION = r"""
options:
  task_id:
    description: Only the task with this id. For several, list all tasks and select.
    type: str
  task_region:
    description: Only tasks of this region. It need not be the O(region) whose service is asked.
    type: str
  source_type:
    description:
      - Only tasks that relay a live stream, V(PullLivePushLive), or that play a list of files, V(PullVodPushLive).
    type: str
    choices: [PullLivePushLive, PullVodPushLive]
  status:
    description: Only tasks with this status, one word, for example V(enable) or V(pause).
    type: str
  domain:
    description: Only tasks that push to this ingest domain, however it is spelled in the task.
    type: str
  app_name:
    description: Only tasks that push to this application.
    type: str
  stream_name:
    description: Only tasks that push this stream.
    type: str
  destination_url:
    description: Only tasks that push to this URL, however its host is spelled in the task.
    type: str
    version_added: 2.0.0
"""

    # The inventory came with 2.0.0, so no filter of it is newer.
    INVENTORY = yaml.safe_dump(
        {
            "options": {
                "filters": {
                    "description": [
                        "Which tasks become hosts. With several filters, a task has to match all. All tasks if it is"
                        " left out."
                    ],
                    "type": "dict",
                    "default": {},
                    "suboptions": yaml.safe_load(DOCUMENTATION.replace("version_added: 2.0.0", ""))["options"],
                }
            }
        },
        sort_keys=False,
    )
