# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user sees while a run goes on. Private to this collection."""

from __future__ import annotations

from typing import Any

from ansible import constants as C

from ..module_utils._clock import ALWAYS, Reporter


def teller(display: Any, name: str, progress: bool = True) -> Reporter:
    """Return what shows the sentences of a run.

    They go to standard error: standard output belongs to callbacks, and to the result of `ansible-inventory`.

    Args:
        display: Ansible's display.
        name: what each line begins with.
        progress: whether to show more than what must be seen.
    """

    def tell(text: str, verbosity: int) -> None:
        if display.verbosity >= verbosity and (progress or verbosity == ALWAYS):
            display.display(f"{name}: {text}", color=C.COLOR_VERBOSE if verbosity > 0 else None, stderr=True)

    return tell
