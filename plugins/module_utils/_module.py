# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module does around its run: arguments, a missing library, warnings and the exit.

The only place with an AnsibleModule. Private to this collection.
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
from ._masking import hide, presentable
from ._service.connect import forget, secrets_of
from ._service.exchange import REQUESTS_IMPORT_ERROR

_LONGEST_MESSAGE = 5000
STDOUT = 1

Run = Callable[[Mapping[str, Any], Mapping[str, str], bool, Reporter], dict[str, Any]]
"""Options, environment variables, check mode or not, and who is told what goes on, to results without our secrets."""


def main(arguments: dict[str, Any], run: Run, reads: bool = False) -> None:
    """Be a module: take the arguments, run, and exit with the results; see `perform`."""
    module = AnsibleModule(arguments, supports_check_mode=True)
    # A shipped module cannot speak while it runs.
    with results_go_to(STDOUT):
        results = perform(run, module.params, os.environ, module.check_mode, silent, reads)
    for warning in results.pop("warnings", []):
        module.warn(warning)
    leave = module.fail_json if results.pop("failed", False) else module.exit_json
    leave(**results)


def perform(
    run: Run,
    options: Mapping[str, Any],
    environ: Mapping[str, str],
    check_mode: bool,
    tell: Reporter,
    reads: bool = False,
) -> dict[str, Any]:
    """Return the results of a run as they may be seen, with `failed` and `msg` if it failed.

    Where every exception ends, and where what is secret of what tasks hold is masked.

    Args:
        run: the run of a module; its options, environment variables, check mode and who is told follow.
        reads: whether it does nothing but read, so that there is nothing to say of what was changed.
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
    results = hide(results, bool(options.get("show_secrets")))
    return {**results, "msg": cut(results["msg"], _LONGEST_MESSAGE)} if "msg" in results else results
