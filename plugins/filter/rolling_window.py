# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.validation import check_type_bool, check_type_float, check_type_int

from ..module_utils._errors import InvalidOptionError
from ..module_utils._playlist import window
from ..plugin_utils._arguments import converted

DOCUMENTATION = r"""
name: rolling_window
short_description: Tell which start and end an endless channel should have now
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - The service ends every task after seven days at most. A channel that is to stay on air for longer has to get a new
    end, and now and then a new start, in time. Run regularly, this filter tells which.
  - While at least O(renew_before_hours) of the current window are left, it returns that window as it is, so that
    nothing is changed. Otherwise, and if the window has ended or was never set, it returns one that ends as many
    O(days) after O(now).
  - The start stays while the new end is seven days after it, less a minute, or sooner. Otherwise it becomes O(now). So
    with O(days=7) it moves each time; with fewer it stays the longer.
  - A window that lies ahead is kept like any other, unless the channel is to be O(on_air). Then it begins O(now).
positional: _input, days, renew_before_hours, now, on_air
options:
  _input:
    description:
      - The task, as RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks) lists it; or any dictionary with
        its C(start_time) or C(end_time). Without an end, or empty, or null, it has no window yet.
      - Any other dictionary is an error, such as the whole result of M(huaweicloud.live.live_pull_task_info), and so is
        a list.
    type: dict
    required: true
  days:
    description: How many days after O(now) a window that moves ends, 1 to 7. Seven are a minute less.
    type: int
    required: true
  renew_before_hours:
    description:
      - The window moves when less than this is left of it. More than 0, and less than the hours of O(days).
      - Make it longer than the time between two runs, so that no run comes too late.
    type: float
    required: true
  now:
    description:
      - The time, in RFC 3339 with V(Z) or an offset, as V(now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ'\)) gives it. Without
        C(fmt) that function gives a time without a zone, which is an error.
    type: str
    required: true
  on_air:
    description: Whether the channel is to be on air now, so that a window that lies ahead will not do.
    type: bool
    default: false
    version_added: 2.0.0
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
    window: "{{ current | huaweicloud.live.rolling_window(days=7, renew_before_hours=24, now=time, on_air=true) }}"
  huaweicloud.live.live_pull_task:
    region: cn-north-4
    task_id: "{{ current.task_id }}"
    status: enable
    # What is playing goes on from where it is.
    vod_refresh_type: continue_from_break_point
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
      sample: "2026-12-31T11:59:00Z"
"""


def _text(time: Any) -> Any:
    # YAML reads an unquoted time stamp as one.
    return str(time) if isinstance(time, date) else time


def rolling_window(
    current: Any, days: Any = None, renew_before_hours: Any = None, now: Any = None, on_air: Any = False
) -> dict[str, str | None]:
    """Return the window that a rolling channel should have now; see `window.rolling_window`."""
    try:
        if isinstance(current, Mapping):
            current = {name: _text(value) for name, value in current.items()}
        # What is left out is refused with its name.
        return window.rolling_window(
            current or None,
            converted(check_type_int, days),
            converted(check_type_float, renew_before_hours),
            _text(now),
            converted(check_type_bool, on_air or False),
        )
    except InvalidOptionError as error:
        raise AnsibleFilterError(f"huaweicloud.live.rolling_window: {error}") from None


class FilterModule:
    """The filter rolling_window."""

    def filters(self) -> dict[str, Any]:
        return {"rolling_window": rolling_window}
