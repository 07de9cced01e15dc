# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions of the modules: where a task runs, and how it is handed what it takes. Private to this collection.

A module is run in Ansible's own process where that comes to the same: to ship it to the machine that Ansible runs on
already costs fifty times what the module does. What is inherited of Ansible is used as it is, and nothing is replaced.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import merge_hash

from ..module_utils._clock import Reporter, silent
from ..module_utils._errors import InvalidOptionError, refused
from ..module_utils._module import Run, perform
from ..module_utils._service.exchange import REQUESTS_IMPORT_ERROR
from ._direct import explained, given, is_this_python, masked, plain, validated
from ._mistakes import mistakes
from ._spoken import teller
from ._worker import end_orphan, ended_with_parent

DIRECT = "huaweicloud_live_direct"
PROGRESS = "huaweicloud_live_progress"

display = Display()


class Module(Protocol):
    """What there is in the file of a module."""

    ARGUMENTS: Mapping[str, Any]
    run: Run


class LiveAction(ActionBase):
    """Runs a module of this collection, here or where the task says.

    Attributes:
        module: the module.
        reads: whether it does nothing but read.
    """

    module: ClassVar[Module]
    reads: ClassVar[bool] = False

    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module; see `ActionBase.run`."""
        task_vars = task_vars or {}
        result = super().run(tmp, task_vars)
        arguments = given(self._task.args, task_vars.get("omit"))
        if arguments.get("callback_events") in ("", [""]):
            arguments["callback_events"] = []
        host = task_vars.get("inventory_hostname")
        # Of what is delegated, the other host's variables say where it runs.
        delegated = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to)
        variables = delegated or task_vars
        try:
            switches = switched({name: self._templar.template(variables.get(name)) for name in (DIRECT, PROGRESS)})
        except InvalidOptionError as error:
            return {**result, "failed": True, **error.result(self.reads)}
        obstacle = self._obstacle(variables, switches[DIRECT])
        display.vvv(f"{self._task.action}: {obstacle or 'run in the process of Ansible'}", host=host)
        wrong = mistakes(arguments, self.module.ARGUMENTS)
        if wrong:
            return {**result, "failed": True, **InvalidOptionError(*wrong).result(self.reads)}
        if obstacle:
            return dict(merge_hash(result, explained(self._ship(arguments, task_vars))))
        return {**result, **self._run_here(plain(arguments), self._tell(switches[PROGRESS]))}

    def _obstacle(self, variables: Mapping[str, Any], direct: bool) -> str | None:
        """Return why the module has to be shipped; None if it need not."""
        if self._connection.transport != "local":
            return f"shipped, because the connection is {self._connection.transport}"
        if self._connection.become is not None:
            return "shipped, because of become"
        if self._task.async_val:
            return "shipped, because of async"
        if REQUESTS_IMPORT_ERROR:
            return "shipped, because the Python of Ansible has no requests"
        if not direct:
            return f"shipped, because of {DIRECT}"
        python = self._templar.template(C.config.get_config_value("INTERPRETER_PYTHON", variables=variables))
        return None if is_this_python(python) else f"shipped, because of the interpreter {python}"

    def _ship(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        wrap_async = self._task.async_val and not self._connection.has_native_async
        with ended_with_parent():
            shipped = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=wrap_async)
        return dict(shipped)

    def _run_here(self, arguments: dict[str, Any], tell: Reporter) -> dict[str, Any]:
        # This process is a copy of Ansible's, made for the task: to look through all that came with it for garbage
        # takes a tenth of the time of a thousand channels.
        gc.freeze()
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        environ = {**os.environ, **{str(name): str(value) for name, value in environment.items()}}
        options, refusal = validated(self.module.ARGUMENTS, arguments, environ, self._task.action)
        if refusal:
            results: dict[str, Any] = {"failed": True, "msg": refusal}
        else:
            results = perform(self.module.run, options, environ, self._task.check_mode, tell, self.reads)
            end_orphan()
            if not results.get("warnings", True):
                del results["warnings"]
        if display.verbosity >= 3:
            results["invocation"] = {"module_args": options}
        return masked(results, self.module.ARGUMENTS, options)

    def _tell(self, progress: bool) -> Reporter:
        """Return what shows a sentence to the user while the task goes on."""
        name = self._task.action.rpartition(".")[2]
        return silent if self._task.no_log else teller(display, name, progress)


def switched(values: Mapping[str, Any]) -> dict[str, bool]:
    """Return whether each variable is on; one that is not set is.

    Raises:
        InvalidOptionError: naming each variable that is neither true nor false.
    """
    switches: dict[str, bool] = {}
    problems = []
    for name, value in values.items():
        try:
            switches[name] = value is None or bool(boolean(value))
        except TypeError:
            problems.append(refused(f"The variable {name}", plain(value), "true or false"))
    if problems:
        raise InvalidOptionError(*problems)
    return switches
