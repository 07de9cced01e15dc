# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do for a module that runs in this process what Ansible does for a shipped one. Private to this collection."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

from ansible import constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ..module_utils._clock import ALWAYS, Reporter

try:
    from ansible.module_utils.secrets import register_secrets

    remove_values = None
except ImportError:
    # Before ansible-core 2.22, each module masks for itself.
    from ansible.module_utils.common.parameters import remove_values

    register_secrets = None

_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})", re.ASCII)
# In the output of a shipped module that its Python is too old for.
_OLD_PYTHON = re.compile(r"/python(2\.\d+|3\.[0-8])/|SyntaxError: ")


def is_this_python(name: str | None) -> bool:
    """Return whether an interpreter is that of this process, which is assumed if the user names none.

    Two virtual environments can share the file of the interpreter, so its folder is compared too.
    """
    if not name or name.startswith("auto"):
        return True
    return os.path.isabs(name) and _where(name) == _where(sys.executable)


def _where(file: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(file)), os.path.realpath(file)


def validated(
    specification: Mapping[str, Any], arguments: Mapping[str, Any], environ: Mapping[str, str], action: str
) -> tuple[dict[str, Any], str | None]:
    """Return the arguments as a module gets them, and the first error in them.

    Args:
        specification: the arguments that the module takes.
        arguments: the arguments of the task.
        environ: the environment variables of the task, which a path may contain.
        action: the name of the module, for messages.
    """
    paths = [name for name, option in specification.items() if option["type"] == "path" and name in arguments]
    expanded = {name: _expanded(arguments[name], environ) for name in paths}
    result = ArgumentSpecValidator(specification).validate({**arguments, **expanded})
    error = next(iter(result.errors), None)
    where = f"Unsupported parameters for ({action}) module: " if isinstance(error, UnsupportedError) else ""
    return result.validated_parameters, error and f"{where}{error.msg}"


def _expanded(path: Any, environ: Mapping[str, str]) -> Any:
    """Return a path with its variables replaced from the environment of the task, not of this process."""
    if not isinstance(path, str):
        return path
    path = _VARIABLE.sub(lambda found: environ.get(found[1] or found[2], found[0]), path)
    return environ.get("HOME", "~") + path[1:] if path == "~" or path.startswith("~/") else path


def without_no_log_values(
    results: dict[str, Any], specification: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return results without the values of options with no_log.

    From ansible-core 2.22 on, Ansible masks registered secrets wherever it displays or writes something.
    """
    secrets = {str(options[name]) for name in specification if specification[name].get("no_log") and options.get(name)}
    if register_secrets:
        register_secrets(secrets)
        return results
    text = json.dumps(results, ensure_ascii=False)
    # remove_values visits every value, which is slow and hardly ever needed.
    if not any(json.dumps(secret, ensure_ascii=False)[1:-1] in text for secret in secrets):
        return results
    return dict(remove_values(results, secrets))


def explained(results: dict[str, Any]) -> dict[str, Any]:
    """Return the results of a shipped module, with a message that says so if its Python was too old."""
    output = " ".join(str(results.get(name, "")) for name in ("module_stderr", "module_stdout", "exception"))
    if not results.get("failed") or not _OLD_PYTHON.search(output):
        return results
    message = (
        "This module needs Python 3.9 or later on the machine where it runs, and found an older one there. Name a newer"
        " one in ansible_python_interpreter, or run the task on the controller with delegate_to: localhost."
    )
    return {**results, "msg": message}


def reporter(display: Any, name: str, progress: bool = True) -> Reporter:
    """Return the function that displays the progress of a run.

    It writes to standard error: standard output belongs to callbacks and to the result of `ansible-inventory`.

    Args:
        display: Ansible's display.
        name: the name of the plugin, which each line begins with.
        progress: whether to display more than the messages that are always displayed.
    """

    def report(text: str, verbosity: int) -> None:
        if display.verbosity >= verbosity and (progress or verbosity == ALWAYS):
            color = C.COLOR_VERBOSE if verbosity > 0 else None
            display.display(f"{name.rpartition('.')[2]}: {text}", color=color, stderr=True)

    return report
