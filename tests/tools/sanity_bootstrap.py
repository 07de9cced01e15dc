# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let ansible-test install pip into its environments from Python's own ensurepip instead of from a download.

Run by an interpreter that has ansible-core, with HOME set as it will be for ansible-test. ansible-test looks for the
script in its cache before it fetches one; the download fails on a machine that reaches no more than a package index.
"""

from __future__ import annotations

import platform
from pathlib import Path

from ansible_test._internal.host_configs import VirtualPythonConfig
from ansible_test._internal.python_requirements import collect_bootstrap


def main() -> None:
    """Write the script."""
    version = ".".join(platform.python_version_tuple()[:2])
    (bootstrap,) = collect_bootstrap(VirtualPythonConfig(version=version, path=""))
    script = Path.home() / ".ansible/test/cache" / f"get_pip_{bootstrap.pip_version.replace('.', '_')}.py"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("import ensurepip\n\nensurepip.bootstrap(default_pip=True)\n")


if __name__ == "__main__":
    main()
