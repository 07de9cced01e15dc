# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.validation import check_type_float, check_type_int

from ..module_utils._errors import InvalidOptionError
from ..module_utils._playlist import window
from ..plugin_utils._conversion import converted

DOCUMENTATION = r"""
name: rolling_window
short_description: Tell which start and end an endless channel should have now
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - The service lets a task run for seven days at most. A channel that is to stay on air for longer has to get a new
    start and end in time. Run regularly, this filter tells which.
  - While at least O(renew_before_hours) of the current window are left, it returns that window as it is, so that
    nothing is changed. Otherwise, and if the window has ended or was never set, it returns a new one, from O(now)
    for O(days).
positional: _input, days, renew_before_hours, now
options:
  _input:
    description:
      - The task, as RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks) lists it; or any dictionary with
        its C(start_time) and C(end_time). Without an end, or empty, or null, it has no window yet.
    type: dict
    required: true
  days:
    description: For how many days a new window is open, 1 to 7.
    type: int
    required: true
  renew_before_hours:
    description:
      - The window moves when less than this is left of it. More than 0, and less than the hours of O(days).
      - Make it longer than the time between two runs, so that no run comes too late.
    type: float
    required: true
  now:
    description: The time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
seealso:
  - module: huaweicloud.live.live_pull_task_info
  - module: huaweicloud.live.live_pull_task
"""

EXAMPLES = r"""
- name: Read the channel
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    task_id: 7864b3dc-e92f-42db-a754-08e627b6d8dd
  register: channel

- name: Keep it on air
  vars:
    current: "{{ channel.live_pull_tasks | first }}"
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    window: "{{ current | huaweicloud.live.rolling_window(days=7, renew_before_hours=24, now=time) }}"
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: "{{ current.task_id }}"
    start_time: "{{ window.start_time }}"
    end_time: "{{ window.end_time }}"
"""

RETURN = r"""
_value:
  description: The window that the channel should have now.
  type: dict
  contains:
    start_time:
      description: Its start, in UTC. Null if the window stays and the task tells no start.
      type: str
      sample: "2026-12-24T12:00:00Z"
    end_time:
      description: Its end, in UTC.
      type: str
      sample: "2026-12-31T12:00:00Z"
"""


def _text(time: Any) -> Any:
    # YAML reads an unquoted time stamp as one.
    return str(time) if isinstance(time, date) else time


def rolling_window(current: Any, days: Any, renew_before_hours: Any, now: Any) -> dict[str, str | None]:
    """Return the window that a rolling channel should have now; see `window.rolling_window`."""
    try:
        if isinstance(current, dict):
            current = {name: _text(current.get(name)) for name in ("start_time", "end_time")}
        return window.rolling_window(
            current or None,
            converted(check_type_int, days),
            converted(check_type_float, renew_before_hours),
            _text(now),
        )
    except InvalidOptionError as error:
        raise AnsibleFilterError(f"huaweicloud.live.rolling_window: {error}") from None


class FilterModule:
    """The filter rolling_window."""

    def filters(self) -> dict[str, Any]:
        return {"rolling_window": rolling_window}
