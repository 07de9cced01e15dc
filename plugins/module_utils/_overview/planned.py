# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the programmes of channels plan, in words. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import InvalidOptionError, collected, refused
from .._options import CHANNEL_OPTIONS, SLOT_OPTIONS
from .._programme.channels import is_list, name_of
from .._programme.schedule import Schedule, moment_of
from .._programme.slots import Tools
from .._task.fields import from_timestamp
from .._task.immutable import Destination
from .summary import PlannedSlot, Plans, playing


def plans(channels: Any, now: str, tools: Tools) -> Plans:
    """Return the plans of channels with a programme, by the ids and destinations of their tasks.

    Args:
        channels: the channels of the role playlist, a list. A channel that is off air has no plan.
        now: the current time, RFC 3339.
        tools: functions that convert values of the user. No file is read.

    Raises:
        InvalidOptionError: naming every programme whose times are not allowed.
    """
    if not is_list(channels):
        raise InvalidOptionError(refused("channels", channels, "a list of channels"))
    moment = moment_of(now)
    found: dict[Any, PlannedSlot | None] = {}
    broken: list[str] = []
    for position, channel in enumerate(channels):
        if not isinstance(channel, Mapping) or channel.get("programme") is None:
            continue
        with collected(broken, f"channels[{position}] (task {name_of(channel)}): "):
            options = tools.typed({name: channel[name] for name in CHANNEL_OPTIONS if name in channel}, CHANNEL_OPTIONS)
            if options["remove"] or options["on_air"] is False:
                continue
            slots = [
                tools.typed(slot, SLOT_OPTIONS) if isinstance(slot, Mapping) else slot for slot in options["programme"]
            ]
            airing = Schedule(slots, tools.zone_of(options)).at(moment)
            now_on, next_on = _words(slots[airing.slot]), _words(slots[airing.next])
            name = name_of(options)
            found[name] = plan = PlannedSlot(now_on, from_timestamp(airing.until.timestamp()), next_on)
            if isinstance(name, Destination):
                # Results mask the secrets of URLs. If several channels differ in a secret only, the plan is not known.
                found[name.masked] = plan if found.get(name.masked, plan) is plan else None
    if broken:
        raise InvalidOptionError(*broken)
    return found


def _words(slot: Mapping[str, Any]) -> str:
    """Return what a slot plays: the names of its first files, or the name of its playlist file."""
    if slot["off_air"]:
        return "off air"
    if slot["source_urls"] is not None:
        return playing(slot["source_urls"])
    return "?" if slot["m3u"] is None else str(slot["m3u"]).rpartition("/")[2]
