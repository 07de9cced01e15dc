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

from ._errors import LiveError, cut
from ._service.connect import forget, secrets_of
from ._service.exchange import REQUESTS_IMPORT_ERROR
from ._service.transport import Tell

_LONGEST_MESSAGE = 5000

Run = Callable[[Mapping[str, Any], Mapping[str, str], bool, Tell], dict[str, Any]]
"""Options, environment variables, check mode or not, and who is told what goes on, to results without secrets."""


def main(arguments: dict[str, Any], run: Run) -> None:
    """Be a module: take the arguments, run, and exit with the results."""
    module = AnsibleModule(arguments, supports_check_mode=True)
    # A shipped module cannot speak while it runs.
    results = perform(run, module.params, os.environ, module.check_mode, lambda text, verbosity: None)
    for warning in results.pop("warnings", []):
        module.warn(warning)
    leave = module.fail_json if results.pop("failed", False) else module.exit_json
    leave(**results)


def perform(
    run: Run, options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Tell
) -> dict[str, Any]:
    """Return the results of a run, with `failed` and `msg` if it failed. Where every exception ends."""
    if REQUESTS_IMPORT_ERROR:
        return {"failed": True, "msg": missing_required_lib("requests"), "exception": REQUESTS_IMPORT_ERROR}
    try:
        results = run(options, environ, check_mode, tell)
    except LiveError as error:
        results = {"failed": True, **error.result()}
    except Exception as error:  # pylint: disable=broad-exception-caught
        mask = secrets_of(options, environ).mask_message
        forget()
        results = {
            "failed": True,
            "changed": not check_mode,
            "msg": f"This is a mistake of the collection, please report it: {type(error).__name__}: {mask(str(error))}."
            f" {'Nothing was changed.' if check_mode else 'It is not known whether anything was changed.'}",
            "exception": mask(traceback.format_exc()),
        }
    except BaseException:
        forget()
        raise
    return {**results, "msg": cut(results["msg"], _LONGEST_MESSAGE)} if "msg" in results else results
