# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions that need a create of their own. Each task is paused, read and deleted before the next is created."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._options import BACKUP_SOURCE_TYPES
from ansible_collections.huaweicloud.live.plugins.module_utils._task.immutable import is_masked

from .listed import NO_TIME, Listed
from .probe import HOST, PATIENCE, Answer, Probe, RefusedError, Task, UnknownError

_EXTRAS = {"push_args": "Acceptance=Yes", "callback_url": f"https://{HOST}/Callback"}
_BACKUP = {
    "backup_source_type": BACKUP_SOURCE_TYPES[0],
    "backup_source_urls": [f"rtmp://{HOST}/live/Backup"],
}


def hosts(probe: Probe) -> Answer:
    """Return how a domain is listed that was sent with a capital letter."""
    sent = re.sub("[a-z]", lambda letter: letter[0].upper(), probe.domain.lower(), count=1)
    with probe.own_task(domain=sent) as task:
        probe.modify(task)
        listed = _listed(probe, task)
    found = listed.info.get("domain")
    if found == sent:
        return "as sent", {"hosts": "as_sent"}
    if found == sent.lower():
        return "lower case", {"hosts": "lower_case"}
    raise UnknownError("in another form, or not at all")


def immutable(probe: Probe) -> Answer:
    """Return how each option is listed that cannot change."""
    extras: dict[str, Any] = {**_EXTRAS, **_BACKUP}
    try:
        task, listed = _created(probe, extras)
    except RefusedError:
        # The backup is documented least.
        task, listed = _created(probe, _EXTRAS)
    names = [name for name in (*extras, "domain", "app_name", "stream_name", "source_type") if name in task.settings]
    forms = {name: _form(listed, name, task.settings[name]) for name in names}
    words = {"as_is": "as sent", "absent": "absent", "null": "absent", "masked": "masked", "lower_case": "other form"}
    changed = {name: form for name, form in forms.items() if form != "as_is"}
    modes = {*changed.values()}
    switches: dict[str, Any] = {"immutable": "as_is", "immutable_each": {}}
    if len(modes) == 1:
        switches.update(immutable=modes.pop(), immutable_fields=sorted(changed))
    elif modes:
        switches["immutable_each"] = changed
    return {name: words[form] for name, form in forms.items()}, switches


def _created(probe: Probe, extras: Mapping[str, Any]) -> tuple[Task, Listed]:
    """Create a task with more options, and return it as it is listed."""
    with probe.own_task(**extras) as task:
        probe.modify(task)
        return task, _listed(probe, task)


def _form(listed: Listed, name: str, sent: Any) -> str:
    """Return the switch of the emulator for the form of a value."""
    found = listed.info.get(name, ...)
    if found == sent:
        return "as_is"
    if found is ...:
        return "absent"
    if found in (None, "", []):
        return "null"
    return "masked" if is_masked(found) else "lower_case"


def create_end(probe: Probe) -> Answer:
    """Return the end of a task that is created without one. Killed here, it has no end, but begins in two days."""
    omission = probe.answers.get("omission")
    kept = omission in ("keep", "reset")
    with probe.own_task("end_time") as task:
        if kept:
            probe.modify(task, "end_time")
            listed = _listed(probe, task)
        else:
            # The pause would empty the end.
            listed, _looks = probe.until(task, lambda listed: True, PATIENCE)
            probe.modify(task, "end_time")
    raw, end, start = listed.info.get("end_time"), listed.time("end_time"), listed.time("start_time")
    zero = isinstance(raw, str) and raw.startswith(NO_TIME)
    switches = {"no_time": "zero"} if zero else {"no_time": "as_is"}
    if end is None or start is None:
        return "none", {"create_end": None, **switches}
    return int(end - start), {"create_end": int(end - start)}


def _listed(probe: Probe, task: Task) -> Listed:
    """Return a new task once it is listed, with its pause if changes are listed at all."""
    if probe.applies:
        try:
            return probe.until(task)[0]
        except UnknownError:
            pass  # the pause was refused, but the values of the create are listed
    return probe.until(task, lambda listed: True, PATIENCE)[0]
