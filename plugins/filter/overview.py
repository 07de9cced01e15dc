# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from ..module_utils._overview import summary
from ..module_utils._overview.planned import plans
from ..plugin_utils._arguments import given, time_zone
from ..plugin_utils._channels import tools
from ..plugin_utils._filters import converted, filter_errors, time_text

DOCUMENTATION = r"""
name: overview
short_description: Show the state of all channels, the most urgent first
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Sorts relay tasks by urgency, and returns for each what operators need to know. The role
    P(huaweicloud.live.overview#role) makes its page and its table from the result.
  - The states are computed from the settings of the tasks and from O(now), and from their streams, if
    M(huaweicloud.live.live_pull_task_info) has read them.
  - The order of the channels is V(dark), in the window but not pushed; V(over), enabled although the window has ended;
    V(ends_soon), which end within O(warn_hours); V(unknown); V(played), with a number of rounds and not pushed, because
    the rounds have ended or the channel is dark; V(no_end), on air without an end, although the service ends every task
    after seven days at most; V(ahead), enabled before the window begins; V(on_air); and V(paused).
positional: _input, now, warn_hours, timezone, channels, days
options:
  _input:
    description:
      - The tasks, as in RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks).
      - Without their V(stream), no channel is V(dark) or V(played).
    type: list
    elements: dict
    required: true
  now:
    description: The current time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  warn_hours:
    description: A channel on air that ends in fewer hours than this is in the group V(ends_soon). 0 or more.
    type: float
    default: 24
  timezone:
    description:
      - Your time zone, by its IANA name, for example V(Asia/Shanghai). The machine needs a time zone database.
      - Times are shown in this time zone and in UTC. The axis shows its midnights.
    type: str
    default: UTC
  channels:
    description:
      - The channels of the role P(huaweicloud.live.playlist#role). If a channel has a C(programme), the overview shows
        what is planned now and next. No file is read.
    type: list
    elements: dict
  days:
    description:
      - How many days of 24 hours from O(now) the week of a channel with a C(programme) covers, 1 to 366. If not set, no
        week is returned.
    type: int
seealso:
  - plugin: huaweicloud.live.overview
    plugin_type: role
  - module: huaweicloud.live.live_pull_task_info
"""

EXAMPLES = r"""
- name: Read every relay task of the project and its stream
  huaweicloud.live.live_pull_task_info:
    region: cn-north-4
    streams: true
  register: relay

- name: Show them as a table
  ansible.builtin.debug:
    msg: "{{ (relay.live_pull_tasks | huaweicloud.live.overview(time)).lines }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"

- name: Name the channels that end tonight
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
      description:
        - The number of channels in each group, and V(total), their sum.
        - V(dark) and V(played) are null if the tasks have no V(stream), because their number is not known then.
      type: dict
      sample:
        {total: 8, dark: 1, over: 1, ends_soon: 1, unknown: 0, played: 0, no_end: 1, ahead: 1, on_air: 2, paused: 1}
    channels:
      description:
        - The channels, the most urgent first. In the group V(over), the channel that ended last is the first; in other
          groups, the channel that ends or begins first. Before them are channels that are off air, but pushed.
        - Characters of texts that a terminal or a page cannot show, such as a line break, are replaced.
      type: list
      elements: dict
      contains:
        group:
          description:
            - The state. A channel that is V(on_air) is in the group V(ends_soon) if it ends within O(warn_hours), and
              in V(no_end) if it has no end.
          type: str
          sample: ends_soon
        state:
          description:
            - V(on_air), V(dark), V(played), V(ahead), V(over), V(paused) or V(unknown), as in V(air) of
              RV(huaweicloud.live.live_pull_task_info#module:live_pull_tasks), but at O(now).
          type: str
          sample: on_air
        task_id:
          description: Id of the task.
          type: str
          sample: 7864b3dc-e92f-42db-a754-08e627b6d8dd
        name:
          description: Name of its stream. If the channel pushes to a URL, the URL without its arguments.
          type: str
          sample: channel1
        destination:
          description: The destination, without arguments.
          type: str
          sample: push.example.com/live/channel1
        programme:
          description: The names of the first three files, the number of files, and both in words.
          type: dict
          sample:
            files: [morning.mp4, evening.mp4]
            count: 2
            plays: morning.mp4, evening.mp4
            how: 2 files, endless
        planned:
          description:
            - What its C(programme) in O(channels) plays now and next, when the next slot begins, and all of that in
              words. Null if the channel has no C(programme).
            - With O(days), C(week) has a row for each slot, in the time zone of the channel, and the number of rows
              that are left out. A channel has at most 170 rows. After 20000 rows, C(week) of further channels is null.
          type: dict
          sample:
            now: morning.mp4
            until: {time: "2026-12-24T12:15:00Z", utc: "2026-12-24 12:15 UTC", local: "2026-12-24 20:15 +08:00"}
            next: film.mp4
            words: morning.mp4 until 2026-12-24 20:15 +08:00, then film.mp4
            week:
              timezone: Asia/Shanghai
              rows:
                - {start: "Thu 2026-12-24 06:00", end: "20:15", plays: Breakfast (morning.mp4)}
                - {start: "Thu 2026-12-24 20:15", end: "Fri 06:00", plays: film.mp4}
              more: 0
        seconds_left:
          description: Seconds until the state changes. Null if it does not change, or if that is not known.
          type: int
          sample: 18720
        time_left:
          description: The same in words.
          type: str
          sample: 5 h 12 min
        remark:
          description:
            - When the channel ended, ends or begins, that it is not pushed, or why its state is unknown. Also that
              someone else pushes the stream of a channel that is off air.
          type: str
          sample: ends in 5 h 12 min
        stream:
          description:
            - The stream at the address of the channel. C(online) is whether it is pushed. C(by_others) is whether
              someone else pushes it, because the channel is off air. C(client_ip) is the address that pushes.
              C(picture) is the resolution, the frame rate and the bit rate. C(since) is null if the time cannot be
              understood. C(words) is all of that in words.
            - Null if it is not known.
          type: dict
          sample:
            online: true
            by_others: false
            client_ip: 192.0.2.10
            picture: "1920\u00d71080, 25 fps, 4000 kbit/s"
            since: {time: "2026-12-24T10:00:03Z", utc: "2026-12-24 10:00:03 UTC", local: null}
            words: "1920\u00d71080, 25 fps, 4000 kbit/s, since 2026-12-24 10:00:03 UTC"
        start:
          description: When its window begins, in the form of C(end). Null if it is not set or cannot be understood.
          type: dict
          sample: {time: "2026-12-24T12:00:00Z", utc: "2026-12-24 12:00 UTC", local: "2026-12-24 20:00 +08:00"}
        end:
          description: When its window ends, in RFC 3339 and for people. C(local) is null if O(timezone=UTC).
          type: dict
          sample: {time: "2026-12-24T14:30:00Z", utc: "2026-12-24 14:30 UTC", local: "2026-12-24 22:30 +08:00"}
        window:
          description: The window in words, in UTC, and in O(timezone) if that is not UTC.
          type: list
          elements: str
          sample: ["2026-12-24 12:00 \u2013 2026-12-24 14:30 UTC", "2026-12-24 20:00 \u2013 2026-12-24 22:30 +08:00"]
        bar:
          description:
            - The position of its window on the axis, in percent, and whether it begins before the axis and ends after
              it. Null if its times cannot be understood.
          type: dict
          sample: {left: 15.0, width: 35.0, from_before: false, goes_on: false}
    refused_domains:
      description: The ingest domains whose streams the service refused to list. Channels there are never V(dark).
      type: list
      elements: str
      sample: []
    axis:
      description:
        - A time axis of ten days, which begins with yesterday in O(timezone), with the positions of O(now) and
          of each midnight in percent.
      type: dict
      sample:
        now: 15.0
        moment: {time: "2026-12-24T12:00:00Z", utc: "2026-12-24 12:00 UTC", local: null}
        timezone: UTC
        days: [{label: "Wed 23", at: 0.0}, {label: "Thu 24", at: 10.0}]
    lines:
      description:
        - The channels as a table of at most 100 columns. Only the first thirty of V(on_air) and V(paused) are listed.
          Tables of what is pushed and what is planned follow.
      type: list
      elements: str
      sample:
        - 1 channel at 2026-12-24 12:00 UTC
        - 1 ends soon
        - CHANNEL   STATE      WHEN                FILES  PLAYS
        - channel1  ends soon  ends in 5 h 12 min  2      morning.mp4  evening.mp4
"""


@filter_errors
@pass_context
def overview(
    context: Context,
    tasks: Any,
    now: Any,
    warn_hours: Any = 24,
    timezone: Any = "UTC",
    channels: Any = None,
    days: Any = None,
) -> dict[str, Any]:
    """Return the overview of tasks; see `summary.overview`."""
    moment, hours, zone = time_text(now), converted("float", warn_hours), time_zone("timezone", timezone)
    planned = plans(given(channels, context.get("omit")), moment, tools(), converted("int", days)) if channels else {}
    return summary.overview(tasks, moment, hours, zone, str(timezone), planned)


class FilterModule:
    """The filter overview."""

    def filters(self) -> dict[str, Any]:
        return {"overview": overview}
