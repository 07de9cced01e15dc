# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be declared before a task is deleted and created again, so that an interruption loses nothing. Pure.

Between the delete and the create, the settings of the task are nowhere but in the run. Private to this collection.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .._errors import LiveError
from .._masking import HIDDEN, masked
from .._options import CALLBACK_EVENTS, PLAYLIST_EVENTS, RELAY_TYPE, SOURCE_TYPE
from .fields import FIELDS
from .fixed import option_of
from .plan import Plan
from .task import Wanted

# The service enables what it creates.
ENABLED = "enable"


def displayed(settings: Mapping[str, Any], mask: Callable[[str], str]) -> str:
    """Return the settings of a task as one line of JSON, masked.

    Args:
        settings: the options.
        mask: masks the secrets in a text.
    """
    shown = {name: HIDDEN[name](value) if name in HIDDEN else masked(value) for name, value in settings.items()}
    return mask(json.dumps(shown, ensure_ascii=False))


def check_recreate(wanted: Wanted, plan: Plan, region: str | None, mask: Callable[[str], str] | None) -> None:
    """Refuse to delete a task whose settings would be lost if the run ended before the create.

    Args:
        wanted: what is declared.
        plan: the plan of the create.
        region: the region of the connection.
        mask: masks what is displayed before the delete; None if nothing can be displayed.

    Raises:
        LiveError: naming the options that have to be declared as well.
    """
    declared = {*wanted.values, *map(option_of, wanted.fixed)}
    kept = {name: value for name, value in plan.after.items() if name not in declared}
    hidden = sorted(HIDDEN.keys() & kept.keys())
    unseen = [] if mask is None else _unseen(kept, displayed(plan.after, mask))
    missing = hidden
    why = "Results and messages hide their values."
    if mask is None or {*unseen} - {*hidden}:
        missing = sorted(name for name in kept if not _is_default(name, plan.after, region))
        why = "This run cannot display them before the delete: the module is shipped, or no_log is set."
        if unseen:
            why = f"This run cannot display them before the delete: {', '.join(sorted(unseen))} would be masked."
    if missing:
        raise LiveError(
            f"Task {wanted.label}: recreate would keep {', '.join(missing)} of the old task. {why} If the run were"
            f" interrupted between the delete and the create, they would be lost. Declare {', '.join(missing)}:"
            " live_pull_task_info returns the values, with show_secrets: true also those that are masked."
        )


def _unseen(kept: Mapping[str, Any], text: str) -> list[str]:
    """Return the names of the options whose values a text does not have as they are."""
    return [name for name, value in kept.items() if json.dumps({name: value}, ensure_ascii=False)[1:-1] not in text]


def _is_default(name: str, settings: Mapping[str, Any], region: str | None) -> bool:
    """Return whether a new task has this value although nobody declares it."""
    value, relay = settings[name], settings["source_type"] == RELAY_TYPE
    if name == "callback_events":
        return {*value} >= {*CALLBACK_EVENTS}.difference(PLAYLIST_EVENTS if relay else ())
    if name in FIELDS and name != "status":
        default = FIELDS[name].default
        return default is not None and bool(FIELDS[name].same(value, default))
    return bool(value == {"status": ENABLED, "source_type": SOURCE_TYPE, "task_region": region}.get(name))
