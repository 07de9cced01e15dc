# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from ..module_utils._errors import InvalidOptionError
from ..module_utils._programme.options import TIMES_OPTIONS
from ..module_utils._programme.schedule import Schedule, moment_of
from ..module_utils._task.fields import from_timestamp
from ..plugin_utils._arguments import time_zone, typed
from ..plugin_utils._filters import converted, filter_errors, time_text

DOCUMENTATION = r"""
name: programme
short_description: Return the current and the next slot of a programme
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - A programme is a list of slots by time, day of the week and date. A slot lasts until the next one begins, also
    after midnight. So exactly one slot is on at any moment, the slot that began last.
  - The role P(huaweicloud.live.playlist#role) keeps channels on their C(programme). This filter shows a programme, for
    example on a web page.
  - A slot begins when the clocks of O(timezone) first show its time or a later time. If the clocks skip its time, the
    slot begins at the change of the clocks. If the clocks show its time twice, the slot begins the first time. If
    several slots begin at the same moment because of this, the last one is on.
  - The filter reports all problems of all slots in one error.
positional: _input, now, timezone, days
options:
  _input:
    description:
      - The slots. Their other options, such as a playlist, are ignored and returned unchanged.
      - If neither O(_input[].days) nor O(_input[].dates) is set, a slot begins every day. At least one slot must
        have no O(_input[].dates).
    type: list
    elements: dict
    required: true
    suboptions:
      from:
        description:
          - When the slot begins, as V(HH:MM), from V("00:00") to V("23:59"). Write it in quotes, because YAML reads
            18:00 without quotes as a number.
        type: str
        required: true
      days:
        description: The days of the week on which it begins, of V(mon), V(tue), V(wed), V(thu), V(fri), V(sat), V(sun).
        type: list
        elements: str
      dates:
        description:
          - The dates on which it begins, such as V("2026-12-24"), instead of O(_input[].days). On such a date, only the
            slots with that date begin.
        type: list
        elements: str
      title:
        description: What viewers call the slot. P(huaweicloud.live.xmltv#filter) writes it into a guide.
        type: str
  now:
    description: The current time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  timezone:
    description:
      - The time zone of O(_input[].from), by its IANA name, for example V(Asia/Shanghai).
      - The controller needs a time zone database, of the operating system or of the Python package C(tzdata).
    type: str
    default: UTC
  days:
    description: How many days of 24 hours from O(now) the plan covers, 1 to 366. If not set, no plan is returned.
    type: int
seealso:
  - plugin: huaweicloud.live.playlist
    plugin_type: role
  - plugin: huaweicloud.live.xmltv
    plugin_type: filter
  - plugin: huaweicloud.live.rolling_window
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Print the slot that is on
  ansible.builtin.debug:
    msg: "{{ airing.current.title }} until {{ airing.until }}, then {{ airing.next.title }}"
  vars:
    airing: "{{ slots | huaweicloud.live.programme(time, 'Asia/Shanghai') }}"
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    slots:
      - from: "06:00"
        title: Breakfast
      - from: "20:15"
        title: Films
      - from: "10:00"
        dates: ["2026-12-24"]
        title: Christmas

- name: Print the plan of the week
  ansible.builtin.debug:
    msg: "{{ item.since }} {{ item.slot.from }} {{ item.slot.title | default('') }}"
  loop: "{{ (slots | huaweicloud.live.programme(time, days=7)).planned }}"
  vars:
    time: "{{ now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ') }}"
    slots:
      - from: "06:00"
        title: Breakfast
      - from: "09:00"
        days: [sat, sun]
        title: Cartoons
"""

RETURN = r"""
_value:
  description: The slots that are on now and next.
  type: dict
  contains:
    current:
      description: The slot that is on, unchanged.
      type: dict
      sample: {from: "20:15", title: Films}
    since:
      description: When it began, in UTC.
      type: str
      sample: "2026-12-23T12:15:00Z"
    until:
      description: When the next slot begins, in UTC.
      type: str
      sample: "2026-12-24T02:00:00Z"
    next:
      description: The next slot, unchanged.
      type: dict
      sample: {from: "10:00", dates: ["2026-12-24"], title: Christmas}
    planned:
      description: The slot that is on, and the slots that begin within O(days), in order. Only with O(days).
      type: list
      elements: dict
      contains:
        since:
          description: When it begins, in UTC.
          type: str
          sample: "2026-12-23T12:15:00Z"
        until:
          description: When the next slot begins, in UTC.
          type: str
          sample: "2026-12-24T02:00:00Z"
        slot:
          description: The slot, unchanged.
          type: dict
          sample: {from: "20:15", title: Films}
"""


@filter_errors
def programme(slots: Any, now: Any, timezone: Any = "UTC", days: Any = None) -> dict[str, Any]:
    """Return the slot that is on, the next one, and the plan; see `schedule.Schedule`."""
    moment = moment_of(time_text(now))
    times = [_times(slot) for slot in slots] if isinstance(slots, list) else slots
    schedule = Schedule(times, time_zone("timezone", timezone))
    planned = [schedule.at(moment)] if days is None else schedule.planned(moment, converted("int", days))
    plan = [
        {"since": _written(airing.since), "until": _written(airing.until), "slot": slots[airing.slot]}
        for airing in planned
    ]
    first, following = plan[0], slots[planned[0].next]
    found = {"current": first["slot"], "since": first["since"], "until": first["until"], "next": following}
    return found if days is None else {**found, "planned": plan}


def _written(moment: datetime) -> str:
    return from_timestamp(moment.timestamp())


def _times(slot: Any) -> Any:
    """Return the options with the times of a slot, in their types. The schedule refuses those of another type."""
    if not isinstance(slot, Mapping):
        return slot
    times = {name: slot[name] for name in TIMES_OPTIONS if name in slot}
    with suppress(InvalidOptionError):
        times = typed(times, TIMES_OPTIONS)
    return times


class FilterModule:
    """The filter programme."""

    def filters(self) -> dict[str, Any]:
        return {"programme": programme}
