# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delete what killed runs left: only tasks of exactly our form, paused or not yet begun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from .gate import SWEEP
from .listed import Listed, time_form
from .probe import APP, DAY, PREFIX, SOURCE, Probe, UnknownError

_NAME = re.compile(re.escape(PREFIX) + "[0-9a-f]{12}")
_MOST_PAGES = 101
_PAUSE = 10.0
"""Seconds between the two looks: a create that is under way may land later."""


def is_ours(info: Mapping[str, Any], sources: tuple[str, ...]) -> bool:
    """Return whether a listed task has exactly the form of a temporary task.

    Args:
        info: the task.
        sources: the sources that runs may have used.
    """
    urls = info.get("source_urls") or []
    return (
        info.get("app_name") == APP
        and isinstance(info.get("stream_name"), str)
        and bool(_NAME.fullmatch(info["stream_name"]))
        and isinstance(info.get("task_id"), str)
        and not info.get("destination_url")
        and isinstance(urls, list)
        and all(any(_is_from(url, source) for source in sources) for url in urls)
    )


def _is_from(url: Any, source: str) -> bool:
    """Return whether a listed URL is a source, with further parameters or without."""
    found, ours = unquote(str(url)).casefold(), unquote(source).casefold()
    return found == ours or found.startswith((f"{ours}?", f"{ours}&"))


def off_air(info: Mapping[str, Any], now: float, pause_words: frozenset[str] = frozenset()) -> bool:
    """Return whether a task is paused or has not begun.

    Args:
        info: the task.
        now: seconds since the epoch.
        pause_words: words of the service for a pause, in lower case.
    """
    if str(info.get("status")).lower() in {"pause", *pause_words}:
        return True
    listed, form = Listed(info), time_form(info.get("start_time"))
    start = listed.time("start_time")
    # A time without a zone may be local.
    return start is not None and start > now + (DAY if form and form[0] == "no zone" else 0)


def sweep(probe: Probe) -> None:
    """Delete what killed runs left, in two looks."""
    probe.service.gate.limit = SWEEP
    sources = (SOURCE, probe.source)
    done, words = set[str](), frozenset[str]()
    for look in range(2):
        if look:
            probe.clock.sleep(_PAUSE)
        found = [
            info
            for infos, _total in probe.service.pages(most=_MOST_PAGES)
            for info in infos
            if is_ours(info, sources) and info["task_id"] not in done
        ]
        unsure = [info for info in found if not off_air(info, probe.clock.now()) and _is_unknown(info)]
        if unsure and not words:
            words = _learn(probe, str(unsure[0].get("domain") or ""))
        for info in found:
            done.add(info["task_id"])
            name = f"{info['task_id']}, {info['stream_name']}"
            if off_air(info, probe.clock.now(), words):
                probe.ledger.adopt(info["stream_name"], info["task_id"])
                probe.service.sure("delete the task", "DELETE", query={"task_id": info["task_id"]})
                probe.say(f"    deleted task {name}")
            else:
                probe.say(f"    left alone, because it may be on air: task {name}")
    if not done:
        probe.say("    No task of an earlier run was found.")


def _is_unknown(info: Mapping[str, Any]) -> bool:
    """Return whether the status is a word that the service does not document."""
    return str(info.get("status")).lower() not in ("enable", "pause")


def _learn(probe: Probe, domain: str) -> frozenset[str]:
    """Find out the word for a pause with a task of this run; empty if a pause has no word of its own."""
    probe.domain = domain
    try:
        with probe.own_task() as task:
            before, _looks = probe.until(task, lambda listed: True)
            probe.modify(task)
            after, _looks = probe.until(task)
    except UnknownError:
        return frozenset()
    return frozenset({str(after.word).lower()} - {str(before.word).lower()})
