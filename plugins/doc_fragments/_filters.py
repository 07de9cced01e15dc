# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that select relay tasks, of the info module and of the inventory. Private to this collection."""

from __future__ import annotations

import yaml


def _as_suboptions(documentation: str) -> str:
    """Return the documentation of the option `filters`, derived from the documentation of the options of a module."""
    # The inventory was added in 2.0.0, so none of its filters is newer.
    suboptions = yaml.safe_load(documentation.replace("version_added: 2.0.0", ""))["options"]
    description = "Which tasks become hosts. A task must match all filters. If not set, all tasks become hosts."
    filters = {"description": description, "type": "dict", "default": {}, "suboptions": suboptions}
    return str(yaml.safe_dump({"options": {"filters": filters}}, sort_keys=False))


class ModuleDocFragment:
    """The filters as options of a module, and as suboptions of the option `filters` of the inventory."""

    DOCUMENTATION = r"""
options:
  task_id:
    description: Only the task with this id. For several ids, list all tasks and select from the result.
    type: str
  task_region:
    description: Only tasks of this region. It can differ from the O(region) of the service.
    type: str
  source_type:
    description: Only tasks that relay a live stream, V(PullLivePushLive), or play a list of files, V(PullVodPushLive).
    type: str
    choices: [PullLivePushLive, PullVodPushLive]
  status:
    description: Only tasks with this status, one word, for example V(enable) or V(pause).
    type: str
  domain:
    description: Only tasks that push to this ingest domain. Case, a trailing dot and the default port are ignored.
    type: str
  app_name:
    description: Only tasks that push to this application.
    type: str
  stream_name:
    description: Only tasks that push this stream.
    type: str
  destination_url:
    description: Only tasks that push to this URL. In the host, case, a trailing dot and the default port are ignored.
    type: str
    version_added: 2.0.0
"""

    INVENTORY: str = _as_suboptions(DOCUMENTATION)
