# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that channels play, and their problems. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import shown
from .._task.fields import START_AT
from .._task.urls import place_of
from .options import PROBE_KINDS
from .schedule import label

NOT_SEEKABLE = PROBE_KINDS[-1]

Channels = Sequence[Mapping[str, Any]]


class _Entry(NamedTuple):
    """An entry of a playlist.

    Attributes:
        label: the channel, the slot and the number of the entry, for messages.
        url: the URL of the file.
        middle: the option that lets the file start in the middle; empty if the file starts at its beginning.
    """

    label: str
    url: str
    middle: str


def sources(channels: Channels) -> list[str]:
    """Return the URLs of all files that channels play, each once.

    The files of a channel that is deleted or taken off air are not among them, because they do not go on air.

    Args:
        channels: the result of `channels.parsed_channels`, without problems.
    """
    return [*dict.fromkeys(entry.url for entry in _entries(channels))]


def probe_problems(channels: Channels, found: Mapping[str, Any], ignored: Collection[str]) -> list[str]:
    """Return the problems of the files of channels, a sentence for each entry, with its channel.

    Args:
        channels: the result of `channels.parsed_channels`, without problems.
        found: `sources` and `problems`, the results of live_source_info for `sources(channels)`.
        ignored: kinds of problems that are not reported.
    """
    urls = sources(channels)
    looked = dict(zip(urls, found["sources"]))
    wrong = {
        urls[position]: problem["text"]
        for problem in found["problems"]
        if problem["kind"] not in ignored
        for position in problem["entries"]
    }
    lines = []
    for entry in _entries(channels):
        text = wrong.get(entry.url) or _not_seekable(entry, looked[entry.url], ignored)
        lines += [f"{entry.label}: {text}"] if text else []
    return lines


def _not_seekable(entry: _Entry, source: Mapping[str, Any], ignored: Collection[str]) -> str:
    """Return a sentence about a file that has to start in the middle but cannot; otherwise an empty text."""
    # A player starts HLS with another of its segments, and needs no part of a file.
    if not entry.middle or source["seekable"] is not False or source["kind"] == "hls" or NOT_SEEKABLE in ignored:
        return ""
    return (
        f"{shown(entry.url)} cannot start in the middle, as {entry.middle} declares, because its server sends only"
        " whole files (it does not support HTTP range requests)."
    )


def _entries(channels: Channels) -> Iterator[_Entry]:
    for channel in channels:
        options = channel["options"]
        if options["remove"] or options["on_air"] is False:
            continue
        programme = options["programme"]
        if programme is None:
            yield from _playlist(channel["label"].removesuffix(": "), channel["values"], joins=False)
            continue
        for number, (slot, times) in enumerate(zip(programme["slots"], programme["times"])):
            owner = f"{channel['label']}{label(number, times)}"
            yield from () if slot["off_air"] else _playlist(owner, slot["values"], joins=slot["durations"] is not None)


def _playlist(owner: str, values: Mapping[str, Any], joins: bool) -> Iterator[_Entry]:
    """Yield the entries of a playlist.

    Args:
        owner: its channel or slot.
        values: the options of a task that declare it.
        joins: whether it may start at any position, because it is joined in progress.
    """
    first, second = (values[name] or 0 for name in START_AT)
    for position, url in enumerate(values["source_urls"]):
        begins = "start_at.seconds" if second and position == first else ""
        yield _Entry(f"{owner}: {place_of(position)}", url, "join in_progress" if joins else begins)
