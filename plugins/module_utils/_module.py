# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The frame around the run of every module: arguments, errors, warnings and the exit.

The only file with an AnsibleModule. Private to this collection.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib  # type: ignore[import-untyped]

from ._clock import Reporter, silent
from ._engine.parent import results_go_to
from ._errors import LiveError, cut
from ._masking import presentable, presentable_arguments, presentable_results
from ._service.connect import forget, secrets_of
from ._service.exchange import REQUESTS_IMPORT_ERROR

_LONGEST_MESSAGE = 5000
STDOUT = 1

Run = Callable[[Mapping[str, Any], Mapping[str, str], bool, Reporter], dict[str, Any]]
"""Takes options, environment variables, check mode and a reporter; returns results without our credentials."""


class _Module(AnsibleModule):  # type: ignore[misc]
    """Shows no secret of a task or of a URL in `invocation` and in the system log."""

    def fail_json(self, msg: str, **results: Any) -> None:
        """Exit with a failure."""
        super().fail_json(msg, invocation={"module_args": presentable_arguments(self.params)}, **results)

    def log(self, msg: str, log_args: Mapping[str, str] | None = None) -> None:
        """Write to the system log, which gets the arguments of every module: then `log_args` is set."""
        if log_args:
            arguments = presentable_arguments(self.params)
            secret = {name for name, option in self.argument_spec.items() if option.get("no_log")}
            log_args = {name: log_args[name] if name in secret else str(arguments[name]) for name in log_args}
            msg = f"Invoked with {' '.join(f'{name}={text}' for name, text in log_args.items())}"
        super().log(msg, log_args=log_args)


def main(arguments: dict[str, Any], run: Run, reads: bool = False) -> None:
    """Run as a module: read the arguments, run, and exit with the results; see `perform`."""
    module = _Module(arguments, supports_check_mode=True)
    # A shipped module cannot report progress.
    with results_go_to(STDOUT):
        results = perform(run, module.params, os.environ, module.check_mode, silent, reads)
    for warning in results.pop("warnings", []):
        module.warn(warning)
    if results.pop("failed", False):
        module.fail_json(**results)
    module.exit_json(invocation={"module_args": presentable_arguments(module.params)}, **results)


def perform(
    run: Run,
    options: Mapping[str, Any],
    environ: Mapping[str, str],
    check_mode: bool,
    tell: Reporter,
    reads: bool = False,
) -> dict[str, Any]:
    """Return the results of a run as they are shown to people, with `failed` and `msg` if it failed.

    Every exception ends here, and the secrets that tasks hold are masked here.

    Args:
        run: the run of a module.
        options: the options of the module.
        environ: the environment variables.
        check_mode: whether to write nothing.
        tell: reports the progress.
        reads: whether the module only reads, so that messages need not say what was changed.
    """
    if REQUESTS_IMPORT_ERROR:
        return {"failed": True, "msg": missing_required_lib("requests"), "exception": REQUESTS_IMPORT_ERROR}
    tell_masked = tell if tell is silent else lambda text, verbosity: tell(presentable(text), verbosity)
    try:
        results = run(options, environ, check_mode, tell_masked)
    except LiveError as error:
        results = {"failed": True, **error.result(reads)}
    except Exception as error:  # pylint: disable=broad-exception-caught
        mask = secrets_of(options, environ).mask_message
        forget()
        became = "Nothing was changed." if check_mode else "It is not known whether anything was changed."
        results = {
            "failed": True,
            "changed": not (check_mode or reads),
            "msg": f"This is a mistake of the collection, please report it: {type(error).__name__}: {mask(str(error))}."
            f"{'' if reads else f' {became}'}",
            "exception": mask(traceback.format_exc()),
        }
    except BaseException:
        forget()
        raise
    results = presentable_results(results, bool(options.get("show_secrets")))
    return {**results, "msg": cut(results["msg"], _LONGEST_MESSAGE)} if "msg" in results else results
