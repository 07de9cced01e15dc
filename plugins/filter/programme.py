# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.validation import check_type_int

from ..module_utils._errors import InvalidOptionError
from ..module_utils._options import TIMES_OPTIONS
from ..module_utils._programme import schedule as grid
from ..module_utils._task.fields import from_timestamp
from ..plugin_utils._arguments import converted, time_zone, typed

DOCUMENTATION = r"""
name: programme
short_description: Tell which slot of a programme is on, and which comes next
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - A programme is a list of slots by time, day of the week and date. A slot lasts until the next one begins, over
    midnight too. So there is exactly one at any moment, the one that began last.
  - The role P(huaweicloud.live.playlist#role) brings channels with a C(programme) to it. This filter tells of it to
    whoever else wants to know.
  - A slot begins at the first moment at which the clocks of O(timezone) show its time, or a later one. A time that the
    clocks skip begins when they go on. One that comes twice begins the first time. Of slots that begin at the same
    moment because of that, the last one is on.
  - All problems of all slots are reported in one error.
positional: _input, now, timezone, days
options:
  _input:
    description:
      - The slots. Whatever else they hold, such as what they play, is not looked at, and is handed through.
      - Without O(_input[].days) and O(_input[].dates), a slot begins every day. At least one slot has no
        O(_input[].dates).
    type: list
    elements: dict
    required: true
    suboptions:
      from:
        description:
          - When it begins, as V(HH:MM), from V("00:00") to V("23:59"). In quotes, because YAML takes 18:00 without them
            for a number.
        type: str
        required: true
      days:
        description: The days of the week it begins on, of V(mon), V(tue), V(wed), V(thu), V(fri), V(sat), V(sun).
        type: list
        elements: str
      dates:
        description:
          - The dates it begins on, such as V("2026-12-24"), instead of O(_input[].days). On such a date, only the slots
            with that date begin.
        type: list
        elements: str
  now:
    description: The time, in RFC 3339 with V(Z) or an offset.
    type: str
    required: true
  timezone:
    description:
      - The time zone of O(_input[].from), by its IANA name, for example V(Asia/Shanghai).
      - The controller has to know it. A system without a zone database gets one with the Python package C(tzdata).
    type: str
    default: UTC
  days:
    description: How many days of 24 hours from O(now) the plan reaches, 1 to 366. There is none if left out.
    type: int
seealso:
  - plugin: huaweicloud.live.playlist
    plugin_type: role
  - plugin: huaweicloud.live.rolling_window
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say what is on
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
  description: What the programme says.
  type: dict
  contains:
    current:
      description: The slot that is on, as it was given.
      type: dict
      sample: {from: "20:15", title: Films}
    since:
      description: When it began, in UTC.
      type: str
      sample: "2026-12-23T12:15:00Z"
    until:
      description: When the next one begins, in UTC.
      type: str
      sample: "2026-12-24T02:00:00Z"
    next:
      description: That one, as it was given.
      type: dict
      sample: {from: "10:00", dates: ["2026-12-24"], title: Christmas}
    planned:
      description: The slot that is on, and those that begin within O(days), in order. Only with O(days).
      type: list
      elements: dict
      contains:
        since:
          description: When it begins, in UTC.
          type: str
          sample: "2026-12-23T12:15:00Z"
        until:
          description: When the next one begins, in UTC.
          type: str
          sample: "2026-12-24T02:00:00Z"
        slot:
          description: The slot, as it was given.
          type: dict
          sample: {from: "20:15", title: Films}
"""


def programme(slots: Any, now: Any, timezone: Any = "UTC", days: Any = None) -> dict[str, Any]:
    """Return what a programme says of a moment; see `programme.Programme`."""
    try:
        # YAML reads an unquoted time stamp as one.
        moment = grid.moment_of(str(now) if isinstance(now, date) else now)
        times = [_times(slot) for slot in slots] if isinstance(slots, list) else slots
        found = grid.Programme(times, time_zone("timezone", timezone))
        on = found.at(moment)
        told = {
            "current": slots[on.slot],
            "since": _written(on.since),
            "until": _written(on.until),
            "next": slots[on.next],
        }
        if days is None:
            return told
        plan = found.planned(moment, converted(check_type_int, days))
        return {**told, "planned": [_planned(airing, slots) for airing in plan]}
    except InvalidOptionError as error:
        raise AnsibleFilterError(f"huaweicloud.live.programme: {error}") from None


def _planned(airing: grid.Airing, slots: Sequence[Any]) -> dict[str, Any]:
    return {"since": _written(airing.since), "until": _written(airing.until), "slot": slots[airing.slot]}


def _written(moment: datetime) -> str:
    return from_timestamp(moment.timestamp())


def _times(slot: Any) -> Any:
    """Return when a slot begins, in the types of options; what has no such type is left to be refused."""
    if not isinstance(slot, Mapping):
        return slot
    times = {name: slot[name] for name in TIMES_OPTIONS if name in slot}
    try:
        return typed(times, TIMES_OPTIONS)
    except InvalidOptionError:
        return times


class FilterModule:
    """The filter programme."""

    def filters(self) -> dict[str, Any]:
        return {"programme": programme}
