# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-builder makes of the collection as it is installed, and of the example for users."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.huaweicloud.live.tests import emulator

COLLECTION = Path(emulator.__file__).parents[2]
REQUIREMENTS = (COLLECTION / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()[1:]


def run(*command: str | Path) -> str:
    """Run a command of the test environment and return what it printed."""
    program, *arguments = map(str, command)
    path = str(Path(sys.executable).with_name(program))
    done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path with the built and installed collection."""
    folder = tmp_path_factory.mktemp("installed")
    run("ansible-galaxy", "collection", "build", "--output-path", folder, COLLECTION)
    [archive] = folder.glob("*.tar.gz")
    # By force: a collection of this name that Python can import from elsewhere would do otherwise.
    run("ansible-galaxy", "collection", "install", "--offline", "--force", "--collections-path", folder, archive)
    return folder


def test_introspect(installed: Path, tmp_path: Path) -> None:
    """The collection needs requests and time zones, and nothing of the system."""
    printed = run("ansible-builder", "introspect", installed, "--write-pip", tmp_path / "pip")
    found = yaml.safe_load(printed.partition("---")[2])
    needed = [f"{requirement}  # from collection huaweicloud.live" for requirement in REQUIREMENTS]
    assert found == {"python": needed, "system": []}
    assert [requirement.partition(">=")[0] for requirement in REQUIREMENTS] == ["requests", "tzdata"]
    assert all(requirement in (tmp_path / "pip").read_text(encoding="utf-8") for requirement in REQUIREMENTS)


@pytest.mark.slow
def test_create(installed: Path, tmp_path: Path) -> None:
    """The example, as it is installed, makes a build context that installs the collection."""
    examples = installed / "ansible_collections" / "huaweicloud" / "live" / "docs" / "examples"
    definition, context = examples / "execution-environment.yml", tmp_path / "context"
    run("ansible-builder", "create", "--file", definition, "--context", context, "--output-filename", "Containerfile")
    requirements = yaml.safe_load((context / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert [collection["name"] for collection in requirements["collections"]] == ["huaweicloud.live"]
    # The image installs the collection, and asks it as above what it needs.
    containerfile = (context / "Containerfile").read_text(encoding="utf-8")
    assert "ansible-galaxy collection install" in containerfile
    assert "introspect" in containerfile
