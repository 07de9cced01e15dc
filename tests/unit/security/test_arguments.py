# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret of a URL leaves a module by its arguments, which Ansible shows from -vvv on, and writes to a log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic

from ansible_collections.huaweicloud.live.plugins.module_utils._masking import MASK, presentable_arguments
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_tasks, live_source_info
from ansible_collections.huaweicloud.live.plugins.plugin_utils import _action
from ansible_collections.huaweicloud.live.tests.emulator import Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.worker import Worker
from ansible_collections.huaweicloud.live.tests.unit.security.test_leaks import environment

# Quotes and blanks are allowed in a key, but a log has to mask all of it.
KEY = "a-key-of-the-user'0123456789"
URLS = [
    "http://127.0.0.1:{port}/files/good.mp4?auth_key=" + KEY,
    "http://me:" + KEY + "@127.0.0.1:{port}/files/missing.mp4",
    "http://127.0.0.1:{port}/files/moved.mp4?to=/files/page.mp4%3Ftoken%3D" + KEY,
    "rtmp://media.example.com/live/one?txSecret=" + KEY,
]
# Runs a module as Ansible does on a target, with a system log that is a file.
SHIPPED = """
import runpy, sys, syslog
log = open(sys.argv.pop(1), "w")
syslog.syslog = lambda *message: log.write(f"{message[-1]}\\n")
runpy.run_module(sys.argv.pop(1), run_name="__main__")
"""


def urls_at(emulator: Emulator) -> list[str]:
    return [url.replace("{port}", str(emulator.port)) for url in URLS]


def test_arguments_are_shown_without_keys_of_tasks_and_urls() -> None:
    task = {"push_args": KEY, "source_urls": [f"https://h/?token={KEY}"], "callback_url": None, "stream_name": "one"}
    shown: dict[str, Any] = presentable_arguments({**task, "tasks": [task, 7], "timeout": 1, "show_secrets": True})
    masked = {**task, "push_args": MASK, "source_urls": [f"https://h/?token={MASK}"]}
    assert shown == {**masked, "tasks": [masked, 7], "timeout": 1, "show_secrets": True}


def test_the_invocation_in_the_worker_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_action.display, "verbosity", 5)
    worker = Worker()
    with Emulator() as emulator:
        results = worker.run("live_source_info", {"source_urls": urls_at(emulator)})
    assert [source["reachable"] for source in results["sources"]] == [True, False, True, None]
    shown = results["invocation"]["module_args"]["source_urls"]
    assert shown == [source["url"] for source in results["sources"]]
    assert KEY[:16] not in json.dumps(results)
    assert KEY[:16] not in "".join(worker.displayed)


def run_shipped(module: Any, folder: Path, arguments: dict[str, Any]) -> tuple[str, str]:
    """Run a module in a process of its own, and return its whole output, and what it wrote to the system log."""
    more: dict[str, Any] = {"_ansible_verbosity": 5, "_ansible_syslog_facility": "LOG_USER"}
    # Older versions always add the invocation, and Ansible removes it below -vvv.
    if "_ansible_inject_invocation" in Path(basic.__file__).read_text():
        more["_ansible_inject_invocation"] = True
    (folder / "arguments.json").write_text(json.dumps({"ANSIBLE_MODULE_ARGS": {**arguments, **more}}))
    done = subprocess.run(
        [sys.executable, "-c", SHIPPED, str(folder / "log"), module.__name__, str(folder / "arguments.json")],
        env={**environment(folder), "PYTHONPATH": environment(folder)["ANSIBLE_COLLECTIONS_PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr, (folder / "log").read_text()


def test_the_invocation_and_the_system_log_of_a_shipped_module_are_masked(tmp_path: Path) -> None:
    with Emulator() as emulator:
        printed, logged = run_shipped(live_source_info, tmp_path, {"source_urls": urls_at(emulator)})
    results = json.loads(printed)
    assert [source["reachable"] for source in results["sources"]] == [True, False, True, None]
    assert results["invocation"]["module_args"]["timeout"] == 15
    assert "Invoked with" in logged
    assert "timeout=15" in logged
    for text in (printed, logged):
        assert f"auth_key={MASK}" in text
        assert KEY[:16] not in text


@pytest.mark.slow
@pytest.mark.newest
def test_arguments_that_ansible_refuses_are_masked_too(tmp_path: Path) -> None:
    arguments = {"tasks": [{"task_id": "x", "push_args": KEY, "source_urls": [f"https://h/?token={KEY}"]}]}
    wrong = {**arguments, "concurrency": "many", "secret_key": "a-secret-of-the-service"}
    printed, logged = run_shipped(live_pull_tasks, tmp_path, wrong)
    assert json.loads(printed)["failed"]
    for text in (printed, logged):
        assert f"token={MASK}" in text or not text
        assert KEY[:16] not in text
        assert "a-secret-of-the-service" not in text


PLAYBOOK: list[dict[str, Any]] = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        # Not the values, because Ansible shows lines of the playbook.
        "tasks": [
            {"huaweicloud.live.live_source_info": {"source_urls": "{{ urls }}"}, "register": "found"},
            {"ansible.builtin.debug": {"var": "found"}},
            {"huaweicloud.live.live_source_info": {"source_urls": "{{ urls | map('regex_replace', 'files', 'a b') }}"},
             "ignore_errors": True},
        ],
    }
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("direct", [True, False])
def test_no_key_is_in_any_output_of_ansible(tmp_path: Path, direct: bool) -> None:
    (tmp_path / "playbook.json").write_text(json.dumps(PLAYBOOK))
    with Emulator() as emulator:
        variables = {"urls": urls_at(emulator), "huaweicloud_live_direct": direct}
        (tmp_path / "vars.json").write_text(json.dumps(variables))
        command = [sys.executable, "-m", "ansible", "playbook", "-vvvvv", "-e", f"@{tmp_path / 'vars.json'}"]
        done = subprocess.run(
            [*command, str(tmp_path / "playbook.json")],
            env={name: value for name, value in environment(tmp_path).items() if "CALLBACK" not in name},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    printed = f"{done.stdout}{done.stderr}"
    assert "ok=3" in printed, printed
    assert "ignored=1" in printed, printed
    assert ("shipped, because of" in printed) is not direct
    assert f"auth_key={MASK}" in printed
    lines = (printed + (tmp_path / "ansible.log").read_text()).splitlines()
    assert [line for line in lines if KEY[:16] in line] == []
