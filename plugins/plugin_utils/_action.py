# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions of the modules do on the controller. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.vars import merge_hash


class LiveAction(ActionBase):
    """Takes out of the arguments what stands for nothing, and ships the module.

    An option that is null, or omitted anywhere in a structure, is not given: Ansible would refuse it where there are
    choices. An empty text for a list of choices is an empty list: Ansible would make a list with an empty text of it.
    """

    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module; see `ActionBase.run`."""
        task_vars = task_vars or {}
        result = super().run(tmp, task_vars)
        arguments = given(self._task.args, task_vars.get("omit"))
        if arguments.get("callback_events") in ("", [""]):
            arguments["callback_events"] = []
        wrap_async = self._task.async_val and not self._connection.has_native_async
        shipped = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=wrap_async)
        return dict(merge_hash(result, shipped))


def given(value: Any, omit: object) -> Any:
    """Return a copy of the arguments without what is null or omitted in a mapping, and what is omitted in a list."""
    if isinstance(value, Mapping):
        return {name: given(item, omit) for name, item in value.items() if item is not None and not _is(item, omit)}
    if isinstance(value, list):
        return [given(item, omit) for item in value if not _is(item, omit)]
    return value


def _is(item: object, omit: object) -> bool:
    return isinstance(item, str) and item == omit
