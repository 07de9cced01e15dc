# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let ansible-test do on a machine that reaches no more than a package index, and print what it cannot do there.

Run by an interpreter that has ansible-core, with HOME set as it will be for ansible-test. It installs pip into its
environments with a script that it looks for in its cache before it fetches one: here that is Python's own ensurepip.
It runs pip from /tmp, where a file with the name of a module would be imported in its place: such a file is refused.
Printed are the names of the sanity tests that need something from another host, which does not answer.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import ansible_test
from ansible_test._internal.host_configs import VirtualPythonConfig
from ansible_test._internal.python_requirements import collect_bootstrap


def out_of_reach() -> Iterator[str]:
    """Yield the names of the sanity tests whose requirements name a host that does not answer."""
    for file in sorted(Path(ansible_test.__path__[0], "_data/requirements").glob("sanity.*.txt")):
        if not all(map(answers, re.findall(r"@ (https://[^/\s]+)", file.read_text()))):
            yield file.name.split(".")[1]


def answers(address: str) -> bool:
    """Return whether a server sends any response."""
    try:
        urlopen(address, timeout=10).close()
    except HTTPError:
        return True
    except OSError:
        return False
    return True


def main() -> None:
    """Write the script, and print the names."""
    in_the_way = [str(file) for file in Path("/tmp").glob("*.py") if file.stem in sys.stdlib_module_names]
    if in_the_way:
        sys.exit(f"ERROR: {', '.join(in_the_way)}: pip, which ansible-test runs in there, would import it. Move it.")
    version = ".".join(platform.python_version_tuple()[:2])
    (bootstrap,) = collect_bootstrap(VirtualPythonConfig(version=version, path=""))
    script = Path.home() / ".ansible/test/cache" / f"get_pip_{bootstrap.pip_version.replace('.', '_')}.py"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("import ensurepip\n\nensurepip.bootstrap(default_pip=True)\n")
    print(*out_of_reach())


if __name__ == "__main__":
    main()
