# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The programmes of channels as an XMLTV document, which players read as a guide. Pure, without a clock.

The elements are those of the XMLTV DTD. Private to this collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from xml.etree import ElementTree

from .._errors import InvalidOptionError, collected, raise_problems, refused
from .._programme.programmes import Listed, programmes
from .._programme.schedule import check_days, label, moment_of
from .._programme.slots import Tools, check_texts
from .summary import file_names

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n'
_LENGTH = len("2026-12-24T20:15:00+08:00")
_NO_MARKS = str.maketrans("", "", "-T:")
# With a letter, so that the number of a version or a year is a part of the name.
_EXTENSION = re.compile(r"(?<=.)\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{2,5}$")
# XML 1.0 has no way to write these characters.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xmltv(channels: Any, now: object, days: Any, tools: Tools) -> str:
    """Return the XMLTV document of the channels that have a programme, in their order.

    The document has only the times of slots, so the same arguments give the same document. A channel that is off air
    has no programmes. A slot that is off air is left out if it has no title.

    Args:
        channels: the channels of the role playlist, a list.
        now: the time at which the document begins, RFC 3339, with the slot that is on.
        days: how many days it covers, 1 to 366.
        tools: functions that convert values of the user. No file is read.

    Raises:
        InvalidOptionError: naming everything that is wrong.
    """
    moment = moment_of(now)
    check_days(days)
    listed = _by_id(programmes(channels, tools))
    document = ElementTree.Element("tv", {"generator-info-name": "huaweicloud.live"})
    for name, channel in listed.items():
        shown = channel.options["title"] or channel.options["stream_name"] or name
        _add(document, "channel", "display-name", _text(shown), id=name)
    broken: list[str] = []
    for name, channel in listed.items():
        with collected(broken, channel.label):
            titles = _titles(channel.slots)
            planned = channel.schedule.planned(moment, days)
            for airing in planned if channel.options["on_air"] is not False else ():
                start, stop = _written(airing.since, channel.zone), _written(airing.until, channel.zone)
                if title := titles[airing.slot]:
                    _add(document, "programme", "title", title, start=start, stop=stop, channel=name)
    raise_problems(broken)
    ElementTree.indent(document)
    return f"{_HEAD}{ElementTree.tostring(document, encoding='unicode')}\n"


def _add(document: ElementTree.Element, name: str, part: str, text: str, **attributes: str) -> None:
    """Add an element with one element in it, which has a text."""
    element = ElementTree.SubElement(document, name, attributes)
    ElementTree.SubElement(element, part).text = text


def _by_id(channels: Sequence[Listed]) -> dict[str, Listed]:
    """Return channels by their ids in the document.

    Raises:
        InvalidOptionError: naming each channel without an id, and each whose id another channel has.
    """
    broken: list[str] = []
    found: dict[str, Listed] = {}
    for channel in channels:
        with collected(broken, channel.label):
            check_texts(channel.options, "title", "guide_id")
            name = _id(channel)
            other = found.setdefault(name, channel)
            if other is not channel:
                reason = f"{other.label.removesuffix(': ')} has the id {name!r} too"
                allowed = "each id once. Set guide_id for one of them"
                raise InvalidOptionError(refused("guide_id", None, allowed, reason))
    raise_problems(broken)
    return found


def _id(channel: Listed) -> str:
    """Return the id of a channel. It is public, so it is not made of a URL, whose path is often a key."""
    for name in ("guide_id", "stream_name", "task_id"):
        if channel.options[name] is not None:
            return _text(channel.options[name])
    allowed = "a text that names the channel in the guide, such as films.example.com"
    raise InvalidOptionError(refused("guide_id", None, allowed, "missing. A channel with a destination_url needs it"))


def _titles(slots: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what viewers call each slot: its title, or the names of its files; empty for a slot that is left out.

    Raises:
        InvalidOptionError: naming each slot that has neither.
    """
    titles = [_text(slot["title"] or _names(slot)) for slot in slots]
    raise_problems(
        [
            f"{label(position, slot)}: title: missing. Allowed: a title, or source_urls or m3u."
            for position, slot in enumerate(slots)
            if not titles[position] and not slot["off_air"]
        ]
    )
    return titles


def _names(slot: Mapping[str, Any]) -> str:
    """Return the names of the first files of a slot, or the name of its playlist file, without extensions."""
    urls = slot["source_urls"] or []
    names = file_names(urls) if slot["m3u"] is None else [slot["m3u"].rpartition("/")[2]]
    more = ["\u2026"] if len(names) < len(urls) else []
    return ", ".join([*(_EXTENSION.sub("", name) for name in names), *more])


def _text(value: str) -> str:
    """Return a text in one line. U+FFFD replaces each character that XML cannot write."""
    return " ".join(_NO_XML.sub("\ufffd", value).split())


def _written(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as XMLTV writes it, in whole minutes of the offset from UTC, for example 20261224201500 +0800."""
    text = moment.astimezone(zone).isoformat()
    # Before there were time zones, local times differed from UTC by seconds too.
    text = text if len(text) == _LENGTH else moment.isoformat()
    return f"{text[:19].translate(_NO_MARKS)} {text[19:].replace(':', '')}"
