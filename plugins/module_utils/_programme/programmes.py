# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The programmes that channels declare, without their playlist files. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from .._errors import InvalidOptionError, collected, raise_problems, refused
from .._task.immutable import Destination
from .channels import is_list, name_of
from .options import CHANNEL_OPTIONS, SLOT_OPTIONS
from .schedule import Schedule, label
from .slots import Tools, check_texts


class Listed(NamedTuple):
    """A channel with a programme.

    Attributes:
        label: the channel in messages.
        name: the id of its task, otherwise its destination; None if it has neither.
        options: its options, in the types of `CHANNEL_OPTIONS`.
        slots: its slots, in the types of `SLOT_OPTIONS`. Their playlists are not checked.
        zone: its time zone.
        schedule: the times of its slots.
    """

    label: str
    name: str | Destination | None
    options: Mapping[str, Any]
    slots: Sequence[Mapping[str, Any]]
    zone: tzinfo
    schedule: Schedule


def programmes(channels: Any, tools: Tools) -> list[Listed]:
    """Return the channels that have a programme, without those that are removed.

    Args:
        channels: the channels of the role playlist, a list.
        tools: functions that convert values of the user. No file is read.

    Raises:
        InvalidOptionError: naming everything that is wrong with the times and titles of all programmes.
    """
    if not is_list(channels):
        raise InvalidOptionError(refused("channels", channels, "a list of channels"))
    found: list[Listed] = []
    broken: list[str] = []
    for position, channel in enumerate(channels):
        if not isinstance(channel, Mapping) or channel.get("programme") is None:
            continue
        where = f"channels[{position}] (task {name_of(channel)}): "
        with collected(broken, where):
            options = tools.typed({name: channel[name] for name in CHANNEL_OPTIONS if name in channel}, CHANNEL_OPTIONS)
            if not options["remove"]:
                found.append(_listed(where, options, tools))
    raise_problems(broken)
    return found


def _listed(where: str, options: Mapping[str, Any], tools: Tools) -> Listed:
    """Return a channel with a programme by its options, in the types of `CHANNEL_OPTIONS`."""
    broken: list[str] = []
    slots = [*options["programme"]]
    for position, slot in enumerate(slots):
        # The schedule refuses a value that is not a slot.
        if isinstance(slot, Mapping):
            with collected(broken, f"{label(position, slot)}: "):
                slots[position] = tools.typed(slot, SLOT_OPTIONS)
                check_texts(slots[position], "title")
    zone = tools.zone_of(options)
    return Listed(where, name_of(options), options, slots, zone, Schedule(slots, zone, broken))
