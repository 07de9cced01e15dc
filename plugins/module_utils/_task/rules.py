# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules between options of a relay task. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from .._errors import counted
from .._options import CALLBACK_EVENTS, LIVE_TYPE, MAX_DAYS, PLAYLIST_EVENTS, PLAYLIST_TYPE
from .fields import FIELDS, WINDOW, to_datetime

# Options that a task which relays a live stream does not have.
PLAYLIST_ONLY = (*(name for name in FIELDS if name.startswith("vod_")), "backup_source_type", "backup_source_urls")


def broken_rules(
    values: Mapping[str, Any], changes: Iterable[str], task_values: Collection[str] = frozenset()
) -> list[str]:
    """Return a sentence for every rule between options that the values break.

    Args:
        values: options in normal form. A rule is checked if all its options are known.
        changes: options that change. A rule is checked only if one of its options changes, so that a task that already
            breaks it can still be paused.
        task_values: options whose values are not declared but come from the task.
    """
    own = dict.fromkeys(task_values, " (the task's own)")
    broken = []
    urls, index = values.get("source_urls"), values.get("vod_start_video_index")
    concerned = not {"source_urls", "vod_start_video_index"}.isdisjoint(changes)
    if concerned and urls is not None and index is not None and index >= len(urls):
        advice = " Set vod_start_video_index: 0 as well." if "vod_start_video_index" in own else ""
        broken.append(
            f"vod_start_video_index: {index}{own.get('vod_start_video_index', '')} is not allowed. Allowed: at most"
            f" {len(urls) - 1}, because source_urls{own.get('source_urls', '')} has"
            f" {counted(len(urls), 'entry', 'entries')}, counted from 0.{advice}"
        )
    start, end = values.get("start_time"), values.get("end_time")
    concerned = not {*WINDOW}.isdisjoint(changes)
    if concerned and start is not None and end is not None:
        duration = to_datetime(end) - to_datetime(start)
        if not timedelta(0) < duration <= timedelta(days=MAX_DAYS):
            broken.append(
                f"end_time: {end}{own.get('end_time', '')} is not allowed. Allowed: later than start_time"
                f" {start}{own.get('start_time', '')}, by {MAX_DAYS} days at most."
            )
    return broken


def source_rules(immutable: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Return a sentence for every rule between the declared source type and other options.

    Args:
        immutable: the declared immutable fields in normal form.
        values: the declared options in normal form.
    """
    if immutable.get("source_type") != LIVE_TYPE:
        return []
    only = f"not allowed with source_type {LIVE_TYPE}. Allowed: with {PLAYLIST_TYPE} only."
    broken = [f"{name}: {only}" for name in PLAYLIST_ONLY if name in immutable or name in values]
    events = values.get("callback_events", ())
    unfit = [event for event in events if event in PLAYLIST_EVENTS and not set(events) >= set(CALLBACK_EVENTS)]
    if unfit:
        broken.append(f"callback_events: {', '.join(unfit)} {only}")
    urls = values.get("source_urls")
    if urls is not None and len(urls) != 1:
        broken.append(f"source_urls: {len(urls)} entries are not allowed. Allowed: exactly one with {LIVE_TYPE}.")
    return broken
