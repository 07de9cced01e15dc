# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sentences that a run writes about a task: its warnings and its errors. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .._errors import InvalidOptionError, LiveApiError, LiveError, counted
from .._masking import HIDDEN_CHANGE, mask_urls
from .._options import STATUSES
from .._task.air import air
from .._task.fields import WINDOW
from .._task.immutable import Destination, Likeness, immutable_differences, stream_name_hint
from .._task.matching import window
from .._task.task import Declaration, PullTask
from .outcome import Outcome

SAFE = "Running the same again is safe."
# An option of a window, or the status: what decides whether a task is on air.
ON_AIR_OPTIONS = frozenset(("status", *WINDOW))


def _them(names: Collection[str], one: str = "it", several: str = "them") -> str:
    """Return the pronoun for the options with these names."""
    return one if len(names) == 1 else several


def missing(declared: Declaration, place: str, hint: str = "") -> LiveError:
    """Return the error for a task that does not exist.

    Args:
        declared: the declaration.
        place: the project and the endpoint, in words.
        hint: a sentence about tasks with a similar name.
    """
    return LiveError(
        f"There is no task {declared.label} in {place}. The service gives each task its task_id, which is not the name"
        " of its stream. To create a task, identify it by domain, app_name and stream_name."
        f"{stream_name_hint(str(declared.task_id))}{hint}"
    )


def similar_name(declared: Declaration, hint: str) -> str | None:
    """Return a warning about a task that does not exist while another one has a similar name."""
    if declared.absent:
        hint = f"{stream_name_hint(declared.task_id) if declared.task_id else ''}{hint}"
        return hint and f"There is no task {declared.label}, so none was deleted.{hint}"
    return hint and f"There is no task {declared.label}, so it is created.{hint}"


def recreated(label: str, names: Sequence[str]) -> str:
    """Return the warning about a task that is deleted and created again."""
    return (
        f"Task {label} is deleted and created again, because the service cannot change {', '.join(names)}. The new task"
        " has another id, and the channel is off air in between."
    )


def named_twice(task_id: str) -> LiveError:
    """Return the error for a task that is declared more than once, by different names."""
    return InvalidOptionError(
        f"Task {task_id} is declared more than once, by different names. Declare it once, by its task_id or its"
        " destination."
    )


def overlapping(label: str, other: PullTask) -> LiveError:
    """Return the error for a task that would push to a destination while another one does."""
    return InvalidOptionError(
        f"Task {label} would push to {other.destination} at the same time as task {other.task_id}, which is enabled"
        f" ({window(other)}). Allowed: one enabled task at a time. Pause or delete one, or declare windows that do not"
        " overlap."
    )


def endless(label: str, task: PullTask) -> str | None:
    """Return a warning if a task that this run creates or enables has no end."""
    if task.values.get("end_time", "") is not None:
        return None
    return (
        f"Task {label} has no end_time. The service ends every task after seven days at most. Set an end_time, or keep"
        " the channel on air with rolling of the role huaweicloud.live.playlist."
    )


def off_air(
    label: str, task: PullTask, declared: Collection[str], changes: Collection[str], moment: float
) -> str | None:
    """Return a warning if the task is enabled and off air because of its window.

    Args:
        label: name of the task.
        task: the task as it would be.
        declared: the declared options. A window in the past is reported only if one of them affects it.
        changes: the options that change. A window in the future is reported only if one of them affects it.
        moment: seconds since the epoch.
    """
    now = air(task, moment)
    if now.state == "over" and not ON_AIR_OPTIONS.isdisjoint(declared):
        advice = "To put it on air, set another start_time and end_time."
        return f"Task {label} is enabled, but its end_time {now.since} is in the past: it is off air. {advice}"
    if now.state == "ahead" and not ON_AIR_OPTIONS.isdisjoint(changes):
        return f"Task {label} is enabled, but its start_time {now.until} is in the future: it is off air until then."
    return None


def unknown_status(task: PullTask, declared: Declaration) -> str | None:
    """Return a warning if a status is declared and the status of the task is a word with an unknown meaning."""
    if "status" not in declared.values or not task.status_is_unknown:
        return None
    word = task.values["status"]
    return (
        f"Task {declared.label} has the undocumented status {word!r} (documented: {', '.join(STATUSES)}), so it counts"
        f" as different from the declared {declared.values['status']}. If it means pause or enable, define it, for"
        f" example status_words: {{{word}: enable}}."
    )


def not_comparable(label: str, answer: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, str]:
    """Return the warnings about declared options that cannot be compared with certainty, by kind.

    Args:
        label: name of the task.
        answer: the task as the service lists it.
        declared: immutable fields in normal form.
    """
    hidden, form = (immutable_differences(answer, declared, [kind]) for kind in (Likeness.HIDDEN, Likeness.SPELLING))
    warnings = {"hidden": "", "form": ""}
    if hidden:
        warnings["hidden"] = (
            f"Task {label}: the service does not list {', '.join(hidden)}, or lists null or a mask, so"
            f" {_them(hidden, 'it', 'they')} cannot be compared with the declaration."
        )
    if form:
        warnings["form"] = (
            f"Task {label}: the service lists {', '.join(form)} in another form, such as in lower case or"
            " percent-encoded. This counts as equal."
        )
    return warnings


def not_found_again(task_id: str) -> str:
    """Return what to do about a new task whose destination the service does not list."""
    return f" Identify the task by task_id {task_id}, or the next run creates another one."


def listed_otherwise(answer: Mapping[str, Any], declared: Mapping[str, Any], recreate: bool) -> str:
    """Return what is wrong with a new task if its options are not listed as they were sent; otherwise nothing."""
    names = immutable_differences(answer, declared, (Likeness.SPELLING, Likeness.OTHER))
    if not names:
        return ""
    named, missed = ", ".join(names), ""
    if {*names} & {*Destination._fields}:
        missed = " The next run does not find the task by this destination, and creates another one."
    return (
        f"the service lists {named} with a value other than the one sent. Declare the value that live_pull_task_info"
        f" returns with show_secrets: true, or leave {_them(names)} out. {'Remove' if recreate else 'Do not set'}"
        f" recreate: it could delete and create the task in every run.{missed}"
    )


def not_attempted(label: str, reason: str) -> LiveError:
    """Return the error of a task that the run did not get to."""
    return LiveError(f"Task {label} was not attempted: {reason}.")


def explain_delete_unknown(error: LiveError, task_id: str, recreates: bool) -> None:
    """Add to the error of a delete that it is not known whether the task was deleted."""
    again = (
        "Its settings are in the results, as request: if the task no longer exists, create it with them."
        if recreates
        else SAFE
    )
    error.message += f" It is not known whether task {task_id} was deleted. {again}"


def still_listed(task_id: str) -> LiveError:
    """Return the error of a recreate whose old task does not disappear."""
    return LiveError(
        f"The service accepted the delete of task {task_id}, but still lists the task. No task was created in its"
        " place. Its settings are in the results, as request: when the old task is no longer listed, create the new one"
        " with them."
    )


def explain_create_unknown(error: LiveError, destination: Destination | None) -> None:
    """Add to the error of a create that it is not known whether a task was created."""
    error.message += (
        f" It is not known whether task {destination} was created. Run again: the run first looks for it by its"
        " destination."
    )


def explain_create_failed(error: LiveError, old_id: str) -> None:
    """Rewrite the error of a create so that it names the task that was deleted before."""
    error.message = (
        f"Task {old_id} was deleted, and the new task in its place could not be created: {error.message} Its settings"
        " are in the results, as request."
    )


def created_by_others(found: PullTask, destination: Destination | None, names: Sequence[str]) -> LiveError:
    """Return the error of a create whose response was lost, if the task that is listed now has other options."""
    return LiveError(
        f"The response to the create of task {destination} was lost. Task {found.task_id} exists now, but"
        f" {', '.join(names)} {'differs' if len(names) == 1 else 'differ'} from the declaration: someone else seems to"
        " have created it. It is not known whether this run created another one. List the tasks, and delete all but"
        " one."
    )


def created_twice(destination: Destination | None, task_ids: Sequence[str]) -> str:
    """Return what is wrong if someone else has created a task with the same destination."""
    return (
        f"but several tasks push to {destination} now: {', '.join(task_ids)}. Someone else created one at the same"
        " time, or a create whose response was lost took effect late. Delete all but one."
    )


def finished(outcome: Outcome) -> str:
    """Return what became of a task that was finished after a signal."""
    became = (
        f"Task {outcome.declared.label} ({outcome.declared.destination}) was"
        f" created{', and paused' * bool(outcome.modifies)}."
    )
    return f"was interrupted. {outcome.error or became}"


def accepted_but(outcome: Outcome, trouble: str = "", cause: LiveError | None = None) -> LiveError:
    """Return the error of a task whose write was accepted. It names what cannot be restored.

    Args:
        outcome: the record of the task.
        trouble: what is wrong, in words.
        cause: the error that caused it.
    """
    if outcome.unrestorable:
        names = outcome.unrestorable
        lost = (
            f"the modify changed {', '.join(names)}. The run could not understand the earlier"
            f" {_them(names, 'value', 'values')}, so it did not restore {_them(names)}. Declare {', '.join(names)}."
        )
        trouble = f"{trouble} In addition, {lost}" if trouble else f"but {lost}"
    verb = "create" if outcome.created else "delete" if outcome.deleted else "modify"
    request_id = outcome.request_id
    error = LiveError(
        f"The service accepted the {verb} of task {outcome.declared.label}"
        f"{f' (request id {request_id})' if request_id else ''}, {trouble}",
        changed=True,
        **{"request_id": request_id, **(cause.details if cause else {})},
    )
    # The circuit breaker looks for the error of the network or the service.
    error.__cause__ = cause
    return error


def modify_failed(outcome: Outcome, error: LiveError, wrong: str) -> LiveError:
    """Return the error of a modify that failed, or could not be planned. An earlier write may have been accepted.

    Args:
        outcome: the record of the task.
        error: why.
        wrong: what of the task differs from the declaration, in words.
    """
    if not outcome.changed:
        return error
    if not outcome.accepted:
        return modify_unknown(outcome, error)
    what = f"restoring {', '.join(sorted(outcome.to_restore))}" if outcome.to_restore else "the rest of the declaration"
    became = f" Now {wrong}." if wrong else ""
    if outcome.must_pause:
        what, became = "the pause", " The task is not paused: it is on air in its window. Run again to pause it."
    return accepted_but(outcome, f"but {what} failed: {error.message}{became}", error)


def modify_unknown(outcome: Outcome, error: LiveError) -> LiveError:
    """Add to the error of a modify that it is not known whether it was carried out, and return the error."""
    what = f"the change of {', '.join(outcome.plan.changes if outcome.plan else ())} was made"
    if outcome.created:
        error.message, what = f"Task {outcome.declared.label} was created. {error.message}", "it was paused as well"
    elif outcome.to_restore:
        what += f", and {', '.join(sorted(outcome.to_restore))} restored, which the service had emptied"
    error.message += f" It is not known whether {what}. {SAFE}"
    return error


def restored(outcome: Outcome, moment: float) -> str | None:
    """Return a warning if the service emptied options and they were restored."""
    label = outcome.declared.label
    names = sorted(
        outcome.to_restore.keys()
        - (outcome.task.still_lost(outcome.to_restore, moment) if outcome.task else outcome.to_restore).keys()
    )
    if not names:
        return None
    return (
        f"Task {label}: the service emptied {', '.join(names)}, which the modify had left out. The run restored"
        f" {_them(names)}."
    )


def changed_meanwhile(label: str, names: Sequence[str]) -> str | None:
    """Return a warning if someone else changed options during the run."""
    if not names:
        return None
    return f"Task {label}: someone else changed {', '.join(names)} during the run. The run kept this change."


def differences(outcome: Outcome, task: PullTask, moment: float) -> str:
    """Return which options of a task differ from the declaration, and how; nothing if none do."""
    now, targets = task.result(), {**task.still_lost(outcome.to_restore, moment), **outcome.declared.values}
    if task.status_is_unknown:
        targets.pop("status", None)
    texts = []
    for name in task.differing(targets, moment):
        one, other = f"{mask_urls(now.get(name))!r}", f"{mask_urls(targets[name])!r}"
        texts.append(f"{name} is {one} instead of {other}{HIDDEN_CHANGE if one == other else ''}")
    return "; ".join(texts)


def not_taken(outcome: Outcome, now: PullTask | LiveApiError | None, wait_timeout: float, moment: float) -> LiveError:
    """Return the error of a task that is not in the declared state when the time is up.

    Args:
        outcome: the record of the task.
        now: the task as it was last read, or why it could not be read.
        wait_timeout: for how many seconds the run has waited.
        moment: seconds since the epoch.
    """
    names = sorted(now.still_lost(outcome.to_restore, moment) if isinstance(now, PullTask) else outcome.to_restore)
    emptied = ""
    if names:
        emptied = f" The service had emptied {', '.join(names)}, and accepted the modify that restores {_them(names)}."
    if isinstance(now, LiveApiError):
        return accepted_but(outcome, f"but the task could not be verified: {now.message}{emptied}", now)
    wrong = f"the task is {'not yet' if outcome.created else 'no longer'} listed"
    if outcome.declared.absent:
        wrong = "the task is still listed"
    elif now:
        wrong = f"these options have not taken effect: {differences(outcome, now, moment)}"
    return accepted_but(outcome, f"but after {counted(wait_timeout, 'second')} (wait_timeout) {wrong}.{emptied}")
