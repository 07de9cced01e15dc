# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions by a modify of the main task, one in each function. A refusal has a control.

A question returns its answer, and the switches of the emulator that it decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS, RESENT

from .listed import Listed, time_form
from .probe import DAY, HOUR, PATIENCE, Answer, Probe, RefusedError, UnknownError
from .service import PERMISSIONS, TroubleError

_NEAR = 300
"""How many seconds a time may be from now to count as the current time."""
_WEEK = 7 * DAY


def begin(probe: Probe) -> None:
    """Create the main task, read it before its pause, and stop if the service lists another start."""
    try:
        probe.task = probe.create()
    except RefusedError as error:
        reply = error.reply
        raise TroubleError(
            f"The service refuses to create a task ({reply.words}): check that --domain is an ingest domain of this"
            f" account and region, that the user has {PERMISSIONS['create a task']}, that the quota of tasks is not"
            " used up; and if the service fetches a file before it accepts it, name one with --source."
        ) from None
    try:
        probe.first, _looks = probe.until(probe.task, lambda listed: True, PATIENCE)
    except UnknownError:
        raise TroubleError(f"The new task is not listed within {PATIENCE:.0f} seconds.") from None
    raw, form = probe.first.info.get("start_time"), time_form(probe.first.info.get("start_time"))
    if form and form[0] == "no zone":
        found = probe.first.time("start_time")
        difference = (found or 0.0) - probe.start
        if abs(difference) <= 14 * HOUR and difference % (HOUR / 4) == 0:
            probe.ahead = difference
            probe.first = Listed(probe.first.info, difference)
    if raw in (None, "") or probe.first.time("start_time") != probe.start:
        raise TroubleError("The service lists another start than was sent. The run stops, so that nothing goes on air.")


def lag_seconds(probe: Probe) -> Answer:
    """Pause the main task, and return how many seconds this takes to be listed."""
    reply = probe.modify(probe.task)
    if not reply.accepted:
        alone = probe.send(probe.task, {"status": "pause"})
        also = "" if alone.accepted else ", and so was a pause alone"
        raise UnknownError(f"a modify with every option was refused, {reply.words}{also}")
    sent = probe.clock.monotonic()
    try:
        probe.paused, looks = probe.until(probe.task, patience=PATIENCE)
    except UnknownError as reason:
        probe.applies = False
        return f"unknown: {reason}", {"never_apply": True}
    if not looks:
        return 0, {"lag": 0, "lag_reads": 0, "never_apply": False}
    probe.lag = probe.clock.monotonic() - sent
    # Once more, and look only when it should be listed: if it is not, the service counts reads, not seconds.
    reply = probe.modify(probe.task)
    _listed, looks = probe.until(probe.task) if reply.accepted else (probe.paused, 0)
    seconds = round(probe.lag, 1)
    kind = {"lag": 0, "lag_reads": looks} if looks else {"lag": seconds, "lag_reads": 0}
    return seconds, {**kind, "never_apply": False}


def omission(probe: Probe) -> Answer:
    """Return what a modify does to the options that it leaves out."""
    before = probe.settings()
    _accepted(probe, before)
    probe.until(probe.task)
    # The mark is the one option that is changed. All others are left out.
    reply = probe.send(probe.task, {"status": "pause", "vod_start_video_time": probe.new_mark()})
    if not reply.accepted:
        raise UnknownError(f"a modify that leaves options out was refused, {reply.words}")
    listed, _looks = probe.until(probe.task)
    found = {name: _fate(probe, listed, name, before[name]) for name in before if name != "status"}
    # The mark itself, which the first modify carried, is left out in a second one.
    mark = probe.task.mark
    reply = probe.send(probe.task, {"status": "pause", "vod_loop_time": "5"})
    if not reply.accepted:
        raise UnknownError(f"a modify that leaves options out was refused, {reply.words}")
    listed, _looks = probe.until(probe.task, lambda listed: listed.value("vod_loop_time") == "5")
    found["vod_start_video_time"] = _fate(probe, listed, "vod_start_video_time", mark)
    return _as_omission(found)


def _as_omission(found: Mapping[str, str]) -> Answer:
    six, two = {found[name] for name in RESENT}, {found["source_urls"], found["end_time"]}
    for word, of_six, of_two in (("keep", "keep", "keep"), ("reset", "reset", "keep"), ("replace", "reset", "empty")):
        if six == {of_six} and two == {of_two}:
            return word, {"left_out": word, "left_out_fields": {}}
    if "other" in found.values():
        others = sorted(name for name in found if found[name] == "other")
        raise UnknownError(f"neither kept, reset nor emptied: {', '.join(others)}")
    fields = {name: fate for name, fate in found.items() if fate != "keep"}
    return {"mixed": dict(found)}, {"left_out": "keep", "left_out_fields": fields}


def _fate(probe: Probe, listed: Listed, name: str, sent: Any) -> str:
    """Return what became of an option that was left out: keep, reset, empty or other."""
    if name in ("start_time", "end_time"):
        found, before = listed.time(name), Listed({name: sent}).time(name)
        if found == before:
            return "keep"
        if found is None:
            return "empty"
        now = probe.clock.now()
        return "reset" if name == "start_time" and abs(found - now) < _NEAR + probe.lag else "other"
    found, field = listed.value(name), FIELDS[name]
    if found is not None and field.same(found, sent):
        return "keep"
    if name == "source_urls":
        return "other" if found else "empty"
    if name == "callback_events":
        # The service may have more events than it documents.
        return "reset" if {*field.default} <= {*(found or ())} else "other"
    return "reset" if found == field.default else "other"


def past_start(probe: Probe) -> Answer:
    """Return what happens to a start in the past."""
    now = int(probe.clock.now())
    reply = probe.modify(probe.task, **probe.window(now - HOUR, now + HOUR))
    if not reply.accepted:
        _accepted(probe, probe.settings(), reply.words)
        return "refused", {"past_start": "refuse"}
    listed, _looks = probe.until(probe.task)
    start = listed.time("start_time")
    if start == now - HOUR:
        return "accepted", {"past_start": "accept"}
    if start is not None and abs(start - now) < _NEAR:
        return "now", {"past_start": "now"}
    raise UnknownError("another start is listed")


def whole_week(probe: Probe) -> Answer:
    """Return whether a window may last exactly seven days."""
    reply = probe.modify(probe.task, **probe.window(probe.start, probe.start + _WEEK))
    if reply.accepted:
        return "accepted", {"seven_days": "at_most"}
    _accepted(probe, {**probe.settings(), **probe.window(probe.start, probe.start + _WEEK - 60)}, reply.words)
    return "refused", {"seven_days": "less_than"}


def urls(probe: Probe) -> Answer:
    """Return how a URL with a letter beyond ASCII is listed."""
    sent = [probe.source_with("title=\u00e9t\u00e9"), *probe.sources[1:]]
    reply = probe.modify(probe.task, source_urls=sent)
    if not reply.accepted:
        _accepted(probe, {**probe.settings(), "source_urls": [probe.source_with("title=e"), sent[1]]}, reply.words)
        raise UnknownError(f"such a URL was refused, {reply.words}")
    listed, _looks = probe.until(probe.task)
    found = listed.info.get("source_urls")
    first = found[0] if isinstance(found, list) and found else None
    if first == sent[0]:
        return "as sent", {"encode_urls": False}
    if isinstance(first, str) and unquote(first) == unquote(sent[0]):
        return "encoded", {"encode_urls": True}
    raise UnknownError("in another form")


def pause_alone(probe: Probe) -> Answer:
    """Return whether a modify may have nothing but id and status."""
    reply = probe.send(probe.task, {"status": "pause"})
    if reply.accepted:
        return "accepted", {"pause_alone": "accept"}
    _accepted(probe, probe.settings(), reply.words)
    return "refused", {"pause_alone": "refuse"}


def past_end(probe: Probe) -> Answer:
    """Return whether an end in the past is accepted. This is the last question: the service may delete the task."""
    if probe.answers.get("past_start") != "accepted":
        raise UnknownError("a start in the past is not accepted, so no window can be in the past")
    now = int(probe.clock.now())
    reply = probe.modify(probe.task, **probe.window(now - 2 * HOUR, now - HOUR))
    if reply.accepted:
        return "accepted", {"past_end": "accept"}
    _accepted(probe, {**probe.settings(), **probe.window(now - 2 * HOUR, now + HOUR)}, reply.words)
    return "refused", {"past_end": "refuse"}


def _accepted(probe: Probe, body: Mapping[str, Any], before: str = "") -> None:
    """Send the control of a question. Raise UnknownError if it is refused: it then has another reason."""
    reply = probe.send(probe.task, body)
    if not reply.accepted:
        raise UnknownError(f"{before}, but the control was refused too, {reply.words}" if before else reply.words)


def end(probe: Probe) -> None:
    """Delete the main task."""
    probe.delete(probe.task)
