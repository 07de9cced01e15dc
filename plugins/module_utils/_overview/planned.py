# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the programmes of channels plan, in words. Pure. Private to this collection."""

from __future__ import annotations

from typing import Any

from .._programme.programmes import programmes
from .._programme.schedule import moment_of
from .._programme.slots import Tools
from .._task.fields import from_timestamp
from .._task.immutable import Destination
from .summary import PlannedSlot, Plans
from .week import files, week

_MOST_ROWS = 20_000


def plans(channels: Any, now: str, tools: Tools, days: Any = None) -> Plans:
    """Return the plans of channels with a programme, by the ids and destinations of their tasks.

    Args:
        channels: the channels of the role playlist, a list. A channel that is off air has no plan.
        now: the current time, RFC 3339.
        tools: functions that convert values of the user. No file is read.
        days: how many days the week of each channel covers; None for no week. After `_MOST_ROWS` rows, further channels
            have no week.

    Raises:
        InvalidOptionError: naming every programme whose times are not allowed; or `days` is not allowed.
    """
    moment = moment_of(now)
    found: dict[Any, PlannedSlot | None] = {}
    rows = 0
    for channel in programmes(channels, tools):
        if channel.options["on_air"] is False:
            continue
        airing = channel.schedule.at(moment)
        now_on, next_on = files(channel.slots[airing.slot]), files(channel.slots[airing.next])
        # A page with every row of thousands of channels would be too large for a browser.
        coming = None
        if days is not None and rows < _MOST_ROWS:
            coming = week(channel, moment, days)
            rows += len(coming["rows"])
        plan = PlannedSlot(now_on, from_timestamp(airing.until.timestamp()), next_on, coming)
        found[channel.name] = plan
        if isinstance(channel.name, Destination):
            # Results mask the secrets of URLs. If several channels differ in a secret only, the plan is not known.
            found[channel.name.masked] = plan if found.get(channel.name.masked, plan) is plan else None
    return found
