# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task gives the same in Ansible's own process as shipped, and is shipped where it has to be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import Emulator

COLLECTION = Path(emulation.__file__).parents[2]
SITUATIONS = Path(__file__).with_name("situations.yml")
HERE = "run in the process of Ansible"


def play(emulator: Emulator, folder: Path, book: Path, *arguments: str, **variables: Any) -> str:
    """Run a playbook on hosts that are all this machine, and return what is printed."""
    inventory = {"all": {"hosts": {"here": None, "elsewhere": None}}}
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **variables}
    (folder / "hosts.json").write_text(json.dumps(inventory))
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH", "PYTHONPATH", "TMPDIR") if name in os.environ}
    environment = {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION.parents[2]),
        "ANSIBLE_HOME": str(folder / "home"),
        # Messages of Ansible list words in the order of a set.
        "PYTHONHASHSEED": "0",
        "ANSIBLE_NOCOLOR": "true",
        "HW_REGION_NAME": emulation.REGION,
        "HUAWEICLOUD_LIVE_ENDPOINT": emulator.url,
        "HUAWEICLOUD_SDK_IAM_ENDPOINT": emulator.iam_url,
        "HW_PROJECT_ID": emulation.PROJECT_ID,
        "HUAWEICLOUD_SDK_AK": emulation.ACCESS_KEY,
        "HUAWEICLOUD_SDK_SK": emulation.SECRET_KEY,
    }
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-i", "hosts.json", "-e", json.dumps(local), *arguments, str(book)]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=240, check=False
    )
    return done.stdout + done.stderr


def settled(text: str) -> str:
    """The text, without the ids and times that no two runs share."""
    text = re.sub(r"(?!(?:1|2|3|4|9){8})[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a new id", text)
    return re.sub(r"202\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "a time about now", text)


def outcome(emulator: Emulator, folder: Path, direct: bool) -> dict[str, Any]:
    """What comes of every situation."""
    emulator.reset()
    into = folder / f"{direct}.json"
    vault = folder / "vault"
    vault.write_text("word")
    program = str(Path(sys.executable).with_name("ansible-vault"))
    command = [program, "encrypt_string", "--vault-password-file", str(vault), emulation.AUTH_TOKEN]
    vaulted = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    (folder / "vaulted.yml").write_text(f"vaulted: {vaulted}")
    printed = play(
        emulator,
        folder,
        SITUATIONS,
        *("-e", "@vaulted.yml", "--vault-password-file", str(vault), "-vvv"),
        huaweicloud_live_direct=direct,
        auth_token=emulation.AUTH_TOKEN,
        into=str(into),
    )
    assert into.exists(), printed
    assert (HERE in printed) == direct, printed
    # What shows the way of a task, and at -vvv only.
    results = json.loads(into.read_text(), object_hook=without_invocation)
    return dict(json.loads(settled(json.dumps(results))))


def without_invocation(value: dict[str, Any]) -> dict[str, Any]:
    """A result without what a module was called with."""
    return {name: item for name, item in value.items() if name != "invocation"}


def differences(one: Any, other: Any, place: str = "") -> list[tuple[str, Any, Any]]:
    """Where two results differ, and what stands there in each."""
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(f"{place}.{name}", one.get(name), other.get(name)) for name in sorted({*one, *other})]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{place}[{position}]", *pair) for position, pair in enumerate(zip(one, other))]
    else:
        return [] if one == other else [(place, one, other)]
    return [found for name, first, second in pairs for found in differences(first, second, name)]


def test_a_task_gives_the_same_both_ways(emulator: Emulator, tmp_path: Path) -> None:
    direct, shipped = (outcome(emulator, tmp_path, way) for way in (True, False))
    assert len(shipped) > 20
    assert differences(direct, shipped) == []
