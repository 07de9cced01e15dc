# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the programmes of channels say of a moment, in words. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import InvalidOptionError, refused
from .._options import CHANNEL_OPTIONS, SLOT_OPTIONS
from .._programme.channels import is_list, name_of
from .._programme.schedule import Programme, moment_of
from .._programme.slots import Tools
from .._task.fields import from_timestamp
from .._task.immutable import Destination
from .summary import Plan, Plans, playing


def plans(channels: Any, now: str, tools: Tools) -> Plans:
    """Return what is planned for channels that have a programme, by what names their tasks.

    Args:
        channels: the channels of the role playlist, a list. One that is taken off air has no plan.
        now: the time, RFC 3339.
        tools: what turns what the user gave into what is meant. No file is read.

    Raises:
        InvalidOptionError: naming every programme whose times cannot be understood.
    """
    if not is_list(channels):
        raise InvalidOptionError(refused("channels", channels, "a list of channels"))
    moment = moment_of(now)
    found: dict[Any, Plan | None] = {}
    broken: list[str] = []
    for position, channel in enumerate(channels):
        if not isinstance(channel, Mapping) or channel.get("programme") is None:
            continue
        try:
            options = tools.typed({name: channel[name] for name in CHANNEL_OPTIONS if name in channel}, CHANNEL_OPTIONS)
            if options["remove"] or options["on_air"] is False:
                continue
            place = tools.zone_of(options)
            slots = [
                tools.typed(slot, SLOT_OPTIONS) if isinstance(slot, Mapping) else slot for slot in options["programme"]
            ]
            on = Programme(slots, place).at(moment)
        except InvalidOptionError as error:
            broken += (f"channels[{position}] (task {name_of(channel)}): {problem}" for problem in error.problems)
            continue
        plan = Plan(_words(slots[on.slot]), from_timestamp(on.until.timestamp()), _words(slots[on.next]))
        name = name_of(options)
        found[name] = plan
        if isinstance(name, Destination):
            # What is secret of a URL is masked in results: of channels that differ in it alone, nothing can be told.
            found[name.masked] = plan if found.get(name.masked, plan) is plan else None
    if broken:
        raise InvalidOptionError(*broken)
    return found


def _words(slot: Mapping[str, Any]) -> str:
    """Return what a slot plays: the names of its first files, or of its playlist."""
    if slot["off_air"]:
        return "off air"
    if slot["source_urls"] is not None:
        return playing(slot["source_urls"])
    return "?" if slot["m3u"] is None else str(slot["m3u"]).rpartition("/")[2]
