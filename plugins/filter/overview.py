# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.validation import check_type_float
from jinja2 import pass_context
from jinja2.runtime import Context

from ..module_utils._errors import InvalidOptionError
from ..module_utils._overview import summary as glance
from ..plugin_utils._arguments import converted, time_zone
from ..plugin_utils._channels import planned

DOCUMENTATION = r"""
name: overview
short_description: Tell of all channels how they are, the urgent ones first
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Sorts relay tasks by how urgent it is to look at them, and tells of each what people want to know of it. The role
    P(huaweicloud.live.overview#role) makes its page and its table of it.
  - It goes by the settings of the tasks and by O(now). The service does not tell what viewers see.
  - The most urgent come first. First those that are enabled and dark because their window is over; then those that end
    within O(warn_hours); those of which nobody can tell; those that are on air without an end, because the service ends
    every task after seven days at most; those whose window lies ahead; those that are on air; and last those that are
    paused.
positional: _input, now, warn_hours, timezone, channels
options:
  _input:
    description: The tasks, as RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks) lists them.
    type: list
    elements: dict
    required: true
  now:
    description: The time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  warn_hours:
    description: A channel that is on air, and has less than this left, counts as one that ends soon. 0 or more.
    type: float
    default: 24
  timezone:
    description:
      - The time zone of who looks, by its IANA name, for example V(Asia/Shanghai). The machine has to know it.
      - Times are told in it and in UTC. The axis has its midnights.
    type: str
    default: UTC
  channels:
    description:
      - Channels, as the role P(huaweicloud.live.playlist#role) takes them. Of those that have a C(programme), what is
        planned now and next is told. No file is read.
    type: list
    elements: dict
seealso:
  - plugin: huaweicloud.live.overview
    plugin_type: role
  - module: huaweicloud.live.live_pull_task_info
"""

EXAMPLES = r"""
- name: Read every relay task of the project
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
  register: relay

- name: Show them as a table
  ansible.builtin.debug:
    msg: "{{ (relay.live_pull_tasks | huaweicloud.live.overview(time)).lines }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"

- name: Name the channels that go dark tonight
  ansible.builtin.debug:
    msg: "{{ found.channels | selectattr('group', 'equalto', 'ends_soon') | map(attribute='name') | list }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    found: "{{ relay.live_pull_tasks | huaweicloud.live.overview(time, warn_hours=12, timezone='Asia/Shanghai') }}"
"""

RETURN = r"""
_value:
  description: The overview.
  type: dict
  contains:
    counts:
      description: How many channels there are of each group, and V(total), which is their sum.
      type: dict
      sample: {total: 7, over: 1, ends_soon: 1, unknown: 0, no_end: 1, ahead: 1, on_air: 2, paused: 1}
    channels:
      description:
        - The channels, the urgent ones first. Of those that are over, the one that ended last; of others, the one that
          ends or begins first.
        - What a terminal or a page cannot show of a text, such as a line break, is replaced.
      type: list
      elements: dict
      contains:
        group:
          description:
            - The state. But a channel which is V(on_air) is V(ends_soon) if it has less than O(warn_hours) left, and
              V(no_end) if it has no end.
          type: str
          sample: ends_soon
        state:
          description:
            - V(on_air), V(ahead), V(over), V(paused) or V(unknown). As the V(air) of
              RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks), but at O(now).
          type: str
          sample: on_air
        task_id:
          description: Id of the task.
          type: str
          sample: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        name:
          description: Name of its stream; of a channel that pushes to a URL, that without its arguments.
          type: str
          sample: channel1
        destination:
          description: Where it pushes to, without arguments.
          type: str
          sample: push.example.com/live/channel1
        programme:
          description: What it plays. The names of the first three files, how many files there are, and both in words.
          type: dict
          sample:
            files: [morning.mp4, evening.mp4]
            count: 2
            plays: morning.mp4, evening.mp4
            how: 2 files, endless
        planned:
          description:
            - What its C(programme) in O(channels) says, for O(now) and for what begins next, with when that is, and all
              of it in words. Null for a channel without one.
          type: dict
          sample:
            now: morning.mp4
            until: {time: "2026-12-24T12:15:00Z", utc: "2026-12-24 12:15 UTC", local: "2026-12-24 20:15 +08:00"}
            next: film.mp4
            words: morning.mp4 until 2026-12-24 20:15 +08:00, then film.mp4
        seconds_left:
          description: Seconds until that changes. Null where it does not, or nobody can tell.
          type: int
          sample: 18720
        time_left:
          description: The same in words.
          type: str
          sample: 5 h 12 min
        remark:
          description: What there is to say of the state.
          type: str
          sample: ends in 5 h 12 min
        start:
          description: When its window begins, as C(end). Null if it is not set, or cannot be understood.
          type: dict
          sample: {time: "2026-12-24T12:00:00Z", utc: "2026-12-24 12:00 UTC", local: "2026-12-24 20:00 +08:00"}
        end:
          description: When it ends, in RFC 3339, and as people read it. C(local) is null if O(timezone=UTC).
          type: dict
          sample: {time: "2026-12-24T14:30:00Z", utc: "2026-12-24 14:30 UTC", local: "2026-12-24 22:30 +08:00"}
        window:
          description: Both in words, in UTC, and in O(timezone) if that is another.
          type: list
          elements: str
          sample: ["2026-12-24 12:00 \u2013 2026-12-24 14:30 UTC", "2026-12-24 20:00 \u2013 2026-12-24 22:30 +08:00"]
        bar:
          description:
            - Where on the axis its window lies, in percent of the axis; and whether it begins before the axis, and goes
              on after it. Null if that cannot be understood.
          type: dict
          sample: {left: 15.0, width: 35.0, from_before: false, goes_on: false}
    axis:
      description:
        - A time line of ten days, from the midnight before yesterday in O(timezone). Where on it O(now) and each
          midnight lie, in percent.
      type: dict
      sample:
        now: 15.0
        moment: {time: "2026-12-24T12:00:00Z", utc: "2026-12-24 12:00 UTC", local: null}
        timezone: UTC
        days: [{label: "Wed 23", at: 0.0}, {label: "Thu 24", at: 10.0}]
    lines:
      description:
        - The channels as a table, lines of 100 columns at most. Of those that are on air or paused, the first thirty.
      type: list
      elements: str
      sample:
        - 1 channel at 2026-12-24 12:00 UTC
        - 1 ends soon
        - CHANNEL   STATE      WHEN                FILES  PLAYS
        - channel1  ends soon  ends in 5 h 12 min  2      morning.mp4  evening.mp4
"""


@pass_context
def overview(
    context: Context, tasks: Any, now: Any, warn_hours: Any = 24, timezone: Any = "UTC", channels: Any = None
) -> dict[str, Any]:
    """Return the overview of tasks; see `overview.overview`."""
    # YAML reads an unquoted time stamp as one.
    moment = str(now) if isinstance(now, date) else now
    try:
        return glance.overview(
            tasks,
            moment,
            converted(check_type_float, warn_hours),
            time_zone("timezone", timezone),
            str(timezone),
            planned(channels, moment, context.get("omit")),
        )
    except InvalidOptionError as error:
        raise AnsibleFilterError(f"huaweicloud.live.overview: {error}") from None


class FilterModule:
    """The filter overview."""

    def filters(self) -> dict[str, Any]:
        return {"overview": overview}
