# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin of every module: it decides where a task runs. Private to this collection.

A module runs in Ansible's own worker process if the result is the same as on the target: to ship a module to the
machine that Ansible runs on takes fifty times as long as the module itself.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, ClassVar

from ansible import constants as C
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._clock import Reporter, silent
from ..module_utils._engine.parent import is_orphan
from ..module_utils._errors import InvalidOptionError, raise_problems
from ..module_utils._masking import presentable_arguments
from ..module_utils._module import perform
from ..module_utils._service.exchange import REQUESTS_IMPORT_ERROR
from ._arguments import given, mistakes, plain, typed
from ._direct import explained, is_this_python, reporter, validated, without_no_log_values

DIRECT = "huaweicloud_live_direct"
PROGRESS = "huaweicloud_live_progress"
VARIABLES = {name: {"type": "bool", "default": True} for name in (DIRECT, PROGRESS)}

display = Display()


class LiveAction(ActionBase):
    """Run a module of this collection, in this process or shipped.

    Attributes:
        module: the module, with ARGUMENTS and run.
        reads: whether the module only reads.
    """

    module: ClassVar[ModuleType]
    reads: ClassVar[bool] = False

    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module; see `ActionBase.run`."""
        task_vars = task_vars or {}
        result = super().run(tmp, task_vars)
        arguments = given(self._task.args, task_vars.get("omit"))
        if arguments.get("callback_events") in ("", [""]):
            arguments["callback_events"] = []
        # A delegated task runs where the variables of the other host say.
        variables = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to) or task_vars
        try:
            values = {name: self._templar.template(variables.get(name)) for name in VARIABLES}
            switches = typed(plain(values), VARIABLES)
            obstacle = self._obstacle(variables, switches[DIRECT])
            where = obstacle or "run in the process of Ansible"
            display.vvv(f"{self._task.action}: {where}", host=task_vars.get("inventory_hostname"))
            raise_problems(mistakes(arguments, self.module.ARGUMENTS))
        except InvalidOptionError as error:
            return {**result, "failed": True, **error.result(self.reads)}
        if obstacle:
            return {**result, **explained(self._ship(arguments, task_vars))}
        report = silent if self._task.no_log else reporter(display, self._task.action, switches[PROGRESS])
        return {**result, **self._run_here(plain(arguments), report)}

    def _obstacle(self, variables: Mapping[str, Any], direct: bool) -> str | None:
        """Return why the module has to be shipped; None if it does not."""
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
            return dict(self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=wrap_async))

    def _run_here(self, arguments: dict[str, Any], report: Reporter) -> dict[str, Any]:
        # This process was forked from Ansible for one task. A garbage collection of everything that Ansible has loaded
        # would take a tenth of the time of a thousand channels.
        gc.freeze()
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        environ = {**os.environ, **{str(name): str(value) for name, value in environment.items()}}
        options, refusal = validated(self.module.ARGUMENTS, arguments, environ, self._task.action)
        results: dict[str, Any] = {"failed": True, "msg": refusal}
        if not refusal:
            results = perform(self.module.run, options, environ, self._task.check_mode, report, self.reads)
            end_orphan()
            if not results.get("warnings", True):
                del results["warnings"]
        if display.verbosity >= 3:
            results["invocation"] = {"module_args": presentable_arguments(options)}
        return without_no_log_values(results, self.module.ARGUMENTS, options)


def end_orphan() -> None:
    """End this process if Ansible was killed: results that fill the pipe would block it for ever."""
    if is_orphan():
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def ended_with_parent(seconds: float = 1.0) -> Iterator[None]:
    """End this process, and with it the shipped module that it waits for, when Ansible is killed.

    Otherwise the module would write all its tasks.

    Args:
        seconds: the time between two checks.
    """
    done = threading.Event()
    is_orphan()

    def watch() -> None:
        # Only the main thread, which waits for the module, may receive signals: otherwise they would not interrupt it.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while not done.wait(seconds):
            end_orphan()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
