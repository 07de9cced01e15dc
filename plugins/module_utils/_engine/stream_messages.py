# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors and warnings of a run about the stream of a task. Private to this collection."""

from __future__ import annotations

from typing import Any

from .._errors import LiveApiError, LiveError, counted
from .._task.air import air
from .._task.fields import from_timestamp
from .._task.stream import Address, Stream
from .._task.task import PullTask
from .outcome import Outcome


def refused(label: str, error: LiveApiError) -> LiveError:
    """Return the error of a task that is not written, because its stream cannot be read.

    Args:
        label: name of the task.
        error: why it cannot be read.
    """
    return _error(
        f"Task {label}: wait_for is stream, but its stream cannot be read: {error.message} Correct that, or set"
        " wait_for to settings.",
        error,
    )


def unread(outcome: Outcome, error: LiveApiError) -> LiveError:
    """Return the error of a task whose stream could not be read after the writes."""
    return _with_end(outcome, f"Task {outcome.declared.label}: its stream could not be read: {error.message}", error)


def not_pushed(
    outcome: Outcome, task: PullTask, stream: Stream, wait_timeout: float, moment: float, put_on_air: float | None
) -> LiveError:
    """Return the error of a task that is on air by its settings, and whose stream is not pushed in time.

    Args:
        outcome: the record of the task.
        task: the task.
        stream: its stream as it was last read.
        wait_timeout: for how many seconds the run has waited.
        moment: seconds since the epoch.
        put_on_air: when this run put the task on air, in seconds since the epoch; None if it was on air before.
    """
    other = ""
    if stream.online:
        other = f" The push that is listed there, {_since(stream)}, began before this run put the task on air."
    start = air(task, moment).since
    if put_on_air is not None:
        start = max(start or "", from_timestamp(put_on_air))
    on_air = f"should have been on air since {start}" if start else "should be on air, because it has no start_time"
    return _with_end(
        outcome,
        f"Task {outcome.declared.label} has the declared settings, but after {_seconds(wait_timeout)}"
        f" {_name(task)} is not pushed.{other} By its settings, the task {on_air}. Check whether the"
        " service can read its source_urls, whether someone else pushes to this address, and the quota of the project.",
    )


def still_pushed(outcome: Outcome, task: PullTask, stream: Stream, wait_timeout: float, moment: float) -> LiveError:
    """Return the error of a task that is off air by its settings, and whose stream is still pushed.

    Takes what `not_pushed` does.
    """
    return _with_end(
        outcome,
        f"Task {outcome.declared.label} {_off_air(task, moment)}, but after {_seconds(wait_timeout)} {_name(task)} is"
        f" still pushed, {_since(stream)}. Check whether someone else pushes to this address. If not, wait and read"
        " the stream again with live_pull_task_info.",
    )


def pushed_by_others(label: str, task: PullTask, stream: Stream, moment: float) -> str:
    """Return the warning about a task that is off air by its settings, while a stream is pushed to its address.

    Takes the label of the task, and what `not_pushed` does.
    """
    return (
        f"Task {label} {_off_air(task, moment)}, but {_name(task)} is pushed, {_since(stream)}. Someone else seems to"
        " push to this address."
    )


def _off_air(task: PullTask, moment: float) -> str:
    now = air(task, moment)
    return "is paused" if now.state == "paused" else f"has been off air since its end_time {now.since}"


def _since(stream: Stream) -> str:
    """Return since when a stream is pushed, and from where."""
    return f"since {stream.since or 'an unknown time'} from {stream.client_ip or 'an unknown address'}"


def _name(task: PullTask) -> str:
    """Return the name of the stream of a task. The path of a destination_url is often a key."""
    address = Address.of(task)
    if address is None or address.is_url:
        return "the stream at its destination_url"
    return f"the stream {address.app_name}/{address.stream_name} at {address.domain}"


def _seconds(wait_timeout: float) -> str:
    return f"{counted(wait_timeout, 'second')} (wait_timeout)"


def _with_end(outcome: Outcome, text: str, cause: LiveApiError | None = None) -> LiveError:
    """Return an error whose last sentence says what became of the task."""
    if not outcome.changed:
        return _error(text, cause)
    became = "created again" if outcome.recreates else "created" if outcome.created else "changed"
    return _error(f"{text} The task was {became}, and keeps its new settings.", cause, changed=True)


def _error(text: str, cause: LiveApiError | None, **how: Any) -> LiveError:
    error = LiveError(text, **how, **(cause.details if cause else {}))
    error.__cause__ = cause
    return error
