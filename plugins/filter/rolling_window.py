# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._playlist import window
from ..plugin_utils._filters import converted, filter_errors, time_text

DOCUMENTATION = r"""
name: rolling_window
short_description: Return the start and end that an endless channel should have now
version_added: 1.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - The service ends every task after seven days at most. A channel that should stay on air for longer needs a new end
    in time, and sometimes a new start. Run regularly, this filter returns them.
  - If at least O(renew_before_hours) of the current window are left, it returns the current window, so that nothing
    changes. If less is left, or if the window has ended or was never set, it returns a window that ends O(days) after
    O(now).
  - The longest window is one minute shorter than seven days. If the task has no start, or if the window would be
    longer, the start becomes O(now). Otherwise the start stays. With O(days=7) the start moves each time; with
    fewer days it stays for longer.
  - The same applies to a window in the future. With O(on_air=true), such a window begins at O(now) instead, and ends
    O(days) after it.
positional: _input, days, renew_before_hours, now, on_air
options:
  _input:
    description:
      - The task, as in RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks); or any dictionary with its
        C(start_time) or C(end_time). If it has no end, or is empty or null, the channel has no window yet.
      - Any other dictionary, such as the whole result of M(huaweicloud.live.live_pull_task_info), and any list is an
        error.
    type: dict
    required: true
  days:
    description: How many days after O(now) a new window ends, 1 to 7. With 7, it ends one minute earlier.
    type: int
    required: true
  renew_before_hours:
    description:
      - The window moves if fewer hours of it are left. More than 0, and less than the hours of O(days).
      - Set more hours than there are between two runs, so that no run is too late.
    type: float
    required: true
  now:
    description:
      - The current time, in RFC 3339 with V(Z) or an offset, such as V(now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ'\)).
        Without C(fmt), this function returns a time without a zone, which is an error.
    type: str
    required: true
  on_air:
    description: Whether the channel should be on air now, so that a window in the future is moved to O(now).
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
    # The file on air goes on.
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
      description: Its start, in UTC. Null if the window stays and the task has no start.
      type: str
      sample: "2026-12-24T12:00:00Z"
    end_time:
      description: Its end, in UTC.
      type: str
      sample: "2026-12-31T11:59:00Z"
"""


@filter_errors
def rolling_window(
    current: Any, days: Any = None, renew_before_hours: Any = None, now: Any = None, on_air: Any = False
) -> dict[str, str | None]:
    """Return the window that a rolling channel should have now; see `window.rolling_window`."""
    if isinstance(current, Mapping):
        current = {name: time_text(value) for name, value in current.items()}
    # An argument that is missing is None, and is refused with its name.
    length = converted("int", days), converted("float", renew_before_hours)
    return window.rolling_window(current or None, *length, time_text(now), converted("bool", on_air or False))


class FilterModule:
    """The filter rolling_window."""

    def filters(self) -> dict[str, Any]:
        return {"rolling_window": rolling_window}
