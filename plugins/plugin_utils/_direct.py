# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible does around a module that it ships, for one that it does not. Private to this collection."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

try:
    from ansible.module_utils.secrets import register_secrets

    remove_values = None
except ImportError:
    # Before ansible-core 2.22, each module masks for itself.
    from ansible.module_utils.common.parameters import remove_values

    register_secrets = None

_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})", re.ASCII)
# How a module that was shipped ends where Python does not know the syntax, or the types, that it is written in.
_OLD_PYTHON = re.compile(r"/python(2\.\d+|3\.[0-8])/|SyntaxError: ")


def given(value: Any, omit: object) -> Any:
    """Return a copy of a value without what is null or omitted in a mapping, and what is omitted in a list.

    Args:
        value: the value, as Ansible hands it over.
        omit: what the variable `omit` holds.
    """
    if isinstance(value, Mapping):
        return {name: given(item, omit) for name, item in value.items() if item is not None and not _is(item, omit)}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [given(item, omit) for item in value if not _is(item, omit)]
    return value


def _is(item: object, omit: object) -> bool:
    return omit is not None and bool(item == omit)


def plain(value: Any) -> Any:
    """Return what is left of a value when it is shipped: plain JSON, whatever Ansible or YAML made of it."""
    return json.loads(json.dumps(value, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    # What is left is a vault's, which is a text when it is asked for it.
    return value.isoformat() if isinstance(value, date) else str(value)


def is_this_python(name: str | None) -> bool:
    """Return whether an interpreter is the one that runs this; one that nobody has named is taken for it.

    Two virtual environments may share the file, so that its folder has to be the same, too.
    """
    if not name or name.startswith("auto"):
        return True
    return os.path.isabs(name) and _where(name) == _where(sys.executable)


def _where(file: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(file)), os.path.realpath(file)


def validated(
    specification: Mapping[str, Any], arguments: Mapping[str, Any], environ: Mapping[str, str], action: str
) -> tuple[dict[str, Any], str | None]:
    """Return the arguments as a module gets them, and what is wrong with them.

    Args:
        specification: the arguments that the module takes.
        arguments: those that the task gives.
        environ: the environment variables of the task, which a path may name.
        action: the name of the module, for messages.
    """
    expanded = {
        name: _expanded(value, environ) if specification.get(name, {}).get("type") == "path" else value
        for name, value in arguments.items()
    }
    result = ArgumentSpecValidator(specification).validate(expanded)
    error = next(iter(result.errors), None)
    where = f"Unsupported parameters for ({action}) module: " if isinstance(error, UnsupportedError) else ""
    return result.validated_parameters, error and f"{where}{error.msg}"


def _expanded(path: Any, environ: Mapping[str, str]) -> Any:
    """Return a path with what it names of the environment, which is the task's, not that of this process."""
    if not isinstance(path, str):
        return path
    path = _VARIABLE.sub(lambda found: environ.get(found[1] or found[2], found[0]), path)
    return environ.get("HOME", "~") + path[1:] if path == "~" or path.startswith("~/") else path


def masked(results: dict[str, Any], specification: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return results without the values of options that are not to be logged, as Ansible masks them.

    From ansible-core 2.22 on it does so wherever it shows or writes something, once it knows them.
    """
    hidden = [name for name, option in specification.items() if option.get("no_log")]
    secrets = {str(options[name]) for name in hidden if options.get(name)}
    if register_secrets:
        register_secrets(secrets)
        return results
    text = json.dumps(results, ensure_ascii=False)
    # To look at each value takes a while, and is hardly ever of use.
    if not any(json.dumps(secret, ensure_ascii=False)[1:-1] in text for secret in secrets):
        return results
    return dict(remove_values(results, secrets))


def explained(results: dict[str, Any]) -> dict[str, Any]:
    """Return the results of a module that was shipped; where its Python was too old for it, the message says so."""
    said = " ".join(str(results.get(name, "")) for name in ("module_stderr", "module_stdout", "exception"))
    if not results.get("failed") or not _OLD_PYTHON.search(said):
        return results
    message = (
        "This module needs Python 3.9 or later on the machine where it runs, and found an older one there. Name a newer"
        " one in ansible_python_interpreter, or run the task on the controller with delegate_to: localhost."
    )
    return {**results, "msg": message}
