# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task returns the same results in Ansible's own process as shipped, and is shipped only if it must be."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.huaweicloud.live.plugins.module_utils import _module
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import LiveClient
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task_info, live_pull_tasks
from ansible_collections.huaweicloud.live.plugins.plugin_utils import _action
from ansible_collections.huaweicloud.live.plugins.plugin_utils._action import DIRECT
from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    SHOW_ID,
    Behaviour,
    Emulator,
    Fault,
    environment,
    fleet_id,
    seed_many,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import user_environment
from ansible_collections.huaweicloud.live.tests.unit.fakes.worker import Worker

SITUATIONS = Path(__file__).with_name("situations.yml")
HERE = "run in the process of Ansible"


def surroundings(emulator: Emulator, folder: Path) -> dict[str, str]:
    """Return the environment of a user."""
    # Messages of Ansible list words in the order of a set.
    seed = {"PYTHONHASHSEED": "0"}
    return {**user_environment(emulator, folder), "HW_PROJECT_ID": emulation.PROJECT_ID, **seed}


def command(folder: Path, book: Path | list[dict[str, Any]], *arguments: str, **variables: Any) -> list[str]:
    """Return the command that runs a playbook or tasks on hosts that are all this machine."""
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **variables}
    inventory = {"all": {"hosts": {"here": here, "elsewhere": here}}}
    (folder / "hosts.json").write_text(json.dumps(inventory))
    if isinstance(book, list):
        tasks, book = book, folder / "playbook.json"
        book.write_text(json.dumps([{"hosts": "here", "gather_facts": False, "tasks": tasks}]))
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    return [program, "-i", str(folder / "hosts.json"), *arguments, str(book)]


def play(
    emulator: Emulator,
    folder: Path,
    book: Path | list[dict[str, Any]],
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    **variables: Any,
) -> str:
    """Run a playbook or tasks, and return the output."""
    done = subprocess.run(
        command(folder, book, *arguments, **variables),
        env={**surroundings(emulator, folder), **(environ or {})},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.stdout + done.stderr


def settled(text: str) -> str:
    """Return a text without the ids and times that differ between runs."""
    text = re.sub(r"(?!(?:1|2|3|4|9){8})[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a new id", text)
    return re.sub(r"202\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "a time about now", text)


def outcome(emulator: Emulator, folder: Path, direct: bool) -> dict[str, Any]:
    """Return the results of all situations."""
    emulator.reset()
    into = folder / f"{direct}.json"
    vault = folder / "vault"
    vault.write_text("word")
    program = str(Path(sys.executable).with_name("ansible-vault"))
    encrypt = [program, "encrypt_string", "--vault-password-file", str(vault), emulation.AUTH_TOKEN]
    vaulted = subprocess.run(encrypt, capture_output=True, text=True, check=True, timeout=60).stdout
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
    # Only the output at -vvv shows where a task runs.
    results = json.loads(into.read_text(), object_hook=without_invocation)
    return dict(json.loads(settled(json.dumps(results))))


def without_invocation(value: dict[str, Any]) -> dict[str, Any]:
    """Return a result without the arguments, the values that depend on the clock, and the key of Ansible 2.22."""
    left_out = ("invocation", "seconds_left", "ansible_parsed")
    return {name: item for name, item in value.items() if name not in left_out}


def differences(one: Any, other: Any, place: str = "") -> list[tuple[str, Any, Any]]:
    """Return the places where two results differ, with the value in each."""
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(f"{place}.{name}", one.get(name), other.get(name)) for name in sorted({*one, *other})]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{place}[{position}]", *pair) for position, pair in enumerate(zip(one, other))]
    else:
        return [] if one == other else [(place, one, other)]
    return [found for name, first, second in pairs for found in differences(first, second, name)]


@pytest.mark.slow
def test_a_task_returns_the_same_results_in_the_process_and_shipped(emulator: Emulator, tmp_path: Path) -> None:
    direct, shipped = (outcome(emulator, tmp_path, way) for way in (True, False))
    assert len(shipped) > 20
    assert differences(direct, shipped) == []


# Where a task runs

INFO = "huaweicloud.live.live_pull_task_info"
PYTHON = Path(sys.executable)
LOOK = {"task_id": CHANNEL_ID}


def named(python: str) -> dict[str, str]:
    """Return the variables of a host with this interpreter."""
    return {"ansible_python_interpreter": python}


@pytest.mark.parametrize(
    ("variables", "others", "reason"),
    [
        ({}, {}, None),
        (named("auto_silent"), {}, None),
        (named("{link}/{python}"), {}, None),
        (named("{other}"), {}, "the interpreter {other}"),
        (named("/usr/bin/env python3"), {}, "the interpreter /usr/bin/env python3"),
        ({}, {"connection": {"become": "sudo"}}, "become"),
        ({}, {"async_val": 30}, "async"),
        ({}, {"connection": {"transport": "ssh"}}, "the connection is ssh"),
        ({DIRECT: False}, {}, DIRECT),
        ({DIRECT: "no"}, {}, DIRECT),
        # For a delegated task, only the variables of the other host count.
        ({"ansible_delegated_vars": {"third": named("{other}")}}, {"delegate_to": "third"}, "the interpreter {other}"),
        ({**named("{other}"), "ansible_delegated_vars": {"third": {DIRECT: True}}}, {"delegate_to": "third"}, None),
    ],
    ids=str,
)
def test_a_task_is_shipped_only_if_it_must_be(
    worker: Worker, tmp_path: Path, variables: dict[str, Any], others: dict[str, Any], reason: str | None
) -> None:
    (tmp_path / "link").symlink_to(PYTHON.parent)
    (tmp_path / "other").symlink_to(PYTHON)
    places = {"{link}": str(tmp_path / "link"), "{other}": str(tmp_path / "other"), "{python}": PYTHON.name}

    def placed(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: placed(item) for name, item in value.items()}
        for name, place in places.items():
            value = value.replace(name, place) if isinstance(value, str) else value
        return value

    worker.run("live_pull_task_info", LOOK, placed(variables), **others)
    because = placed(f"shipped, because {'' if 'the connection' in reason else 'of '}{reason}") if reason else HERE
    assert worker.displayed[0] == f"<here> {INFO}: {because}"
    assert worker.shipped == ([LOOK] if reason else [])


@pytest.mark.parametrize("transport", ["local", "ssh"])
@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("live_pull_task", {"domain": "push.example.com", "app_name": "live", "stream_name": 7, "state": "absent"}),
        ("live_pull_tasks", {"tasks": [{"task_id": 7, "status": "pause"}]}),
        ("live_pull_task_info", {"stream_name": 7}),
    ],
)
def test_a_number_for_a_name_is_refused_before_the_task_runs(
    worker: Worker, module: str, arguments: dict[str, Any], transport: str
) -> None:
    results = worker.run(module, arguments, connection={"transport": transport})
    assert results["failed"]
    assert "the number 7 is not allowed, because YAML reads 007 as 7" in results["msg"]
    assert worker.shipped == []


def test_an_interpreter_in_the_configuration_counts(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "python"
    other.symlink_to(PYTHON)
    monkeypatch.setenv("ANSIBLE_PYTHON_INTERPRETER", str(other))
    worker.run("live_pull_task_info", LOOK)
    assert worker.displayed == [f"<here> {INFO}: shipped, because of the interpreter {other}"]


def test_a_task_is_shipped_without_requests(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the other Python has no requests either, the module says so."""
    monkeypatch.setattr(_action, "REQUESTS_IMPORT_ERROR", "Traceback")
    monkeypatch.setattr(_module, "REQUESTS_IMPORT_ERROR", "Traceback")
    worker.run("live_pull_task_info", LOOK)
    assert worker.displayed == [f"<here> {INFO}: shipped, because the Python of Ansible has no requests"]
    found = _module.perform(live_pull_task_info.run, LOOK, {}, False, lambda text, verbosity: None)
    assert "Failed to import the required Python library (requests)" in found["msg"]


def look(**keywords: Any) -> dict[str, Any]:
    """Return a task that reads a channel."""
    return {INFO: LOOK, "ignore_errors": True, "ignore_unreachable": True, **keywords}


def interpreted(python: str) -> dict[str, Any]:
    """Return a task with this interpreter."""
    return look(vars=named(python))


@pytest.mark.slow
def test_ansible_ships_a_task_only_if_it_must_be(emulator: Emulator, tmp_path: Path) -> None:
    """Use the values that Ansible passes to an action for its keywords."""
    other = tmp_path / "other" / PYTHON.name
    other.parent.mkdir()
    other.symlink_to(PYTHON)
    tasks = {
        "the usual": (look(), HERE),
        "nothing named": (interpreted("auto_silent"), HERE),
        "a template": (interpreted("{{ ansible_playbook_python }}"), HERE),
        "another folder": (interpreted(str(other)), f"shipped, because of the interpreter {other}"),
        "become": (look(become=True, become_method="su"), "shipped, because of become"),
        "async": (look(**{"async": 30}), "shipped, because of async"),
        "variable": (look(vars={DIRECT: "{{ 'no' }}"}), f"shipped, because of {DIRECT}"),
        "delegated": (look(delegate_to="elsewhere"), HERE),
        "delegated, with another interpreter": (
            look(delegate_to="third"),
            f"shipped, because of the interpreter {other}",
        ),
        "delegated over a network": (look(delegate_to="far"), "shipped, because the connection is ssh"),
    }
    hosts = [
        {"name": "third", "ansible_connection": "local", "ansible_python_interpreter": str(other)},
        {"name": "far", "ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1},
    ]
    book = [
        *({"ansible.builtin.add_host": host} for host in hosts),
        *({"name": name, **task} for name, (task, _way) in tasks.items()),
    ]
    printed = play(emulator, tmp_path, book, "-vvv")
    ways = re.findall(rf"<\w+> {re.escape(INFO)}: (.*)", printed)
    assert dict(zip(tasks, ways)) == {name: way for name, (_task, way) in tasks.items()}, printed


# The Makefile sets another home for the tests, and PYENV_ROOT to the folder of pyenv.
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
OLD_PYTHONS = sorted(PYENV.glob("versions/3.[678].*/bin/python3"))


def test_the_output_of_a_python_that_is_too_old_is_explained(worker: Worker) -> None:
    error = "SyntaxError: future feature annotations is not defined"
    worker.answer = {"failed": True, "msg": "MODULE FAILURE", "module_stderr": error}
    results = worker.run("live_pull_task_info", LOOK, {DIRECT: False})
    assert "needs Python 3.9 or later" in results["msg"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "error"),
    [
        ("3.6", "SyntaxError: future feature annotations is not defined"),
        ("3.8", "TypeError: 'ABCMeta' object is not subscriptable"),
    ],
)
def test_a_fake_python_that_is_too_old_is_named_in_the_message(
    emulator: Emulator, tmp_path: Path, version: str, error: str
) -> None:
    """The fake prints the error of that version."""
    old = tmp_path / "python"
    trace = f'Traceback (most recent call last):\n  File "/usr/lib64/python{version}/runpy.py", line 1\n{error}\n'
    (tmp_path / "trace").write_text(trace)
    old.write_text(f"#!/bin/sh\ncat > /dev/null\ncat {tmp_path}/trace >&2\nexit 1\n")
    old.chmod(0o700)
    assert_too_old(play(emulator, tmp_path, [interpreted(str(old))]))


@pytest.mark.slow
@pytest.mark.parametrize("old", OLD_PYTHONS, ids=str)
def test_a_real_python_that_is_too_old_is_named_in_the_message(emulator: Emulator, tmp_path: Path, old: Path) -> None:
    assert_too_old(play(emulator, tmp_path, [interpreted(str(old))]))


def assert_too_old(printed: str) -> None:
    """Check that the message names the required version."""
    assert re.search("Python 3.9 or|a minimum of Python version", printed), printed


# One connection for a loop

USER = {
    "username": emulation.USERNAME,
    "password": emulation.PASSWORD,
    "domain_name": emulation.DOMAIN_NAME,
}


def looked(emulator: Emulator) -> list[str]:
    """Return the served requests, in order."""
    return [entry["operation"] for entry in emulator.journal]


def test_a_loop_of_a_playbook_logs_in_once(emulator: Emulator, tmp_path: Path) -> None:
    task = {INFO: {"task_id": "{{ item }}", **USER}, "loop": [CHANNEL_ID, SHOW_ID, CHANNEL_ID]}
    play(emulator, tmp_path, [task])
    assert looked(emulator) == ["token", "list", "list", "list"]


def test_a_worker_logs_in_once(emulator: Emulator, worker: Worker) -> None:
    for task_id in (CHANNEL_ID, SHOW_ID, CHANNEL_ID):
        assert worker.run("live_pull_task_info", {"task_id": task_id, **USER})["total"] == 1
    assert looked(emulator) == ["token", "list", "list", "list"]


def test_other_credentials_log_in_again(emulator: Emulator, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same applies if only the environment differs."""
    for name in environment(""):
        if "AK" in name or "SK" in name:
            monkeypatch.delenv(name)
    other = {"auth_token": emulation.AUTH_TOKEN}
    elsewhere = {"HW_AUTH_TOKEN": emulation.AUTH_TOKEN}
    for credentials, environ in ((USER, {}), (USER, {}), (other, {}), (USER, {}), ({}, elsewhere), (USER, {})):
        found = worker.run("live_pull_task_info", {**LOOK, **credentials}, environment=[environ])
        assert found["total"] == 1, found
    assert looked(emulator) == ["token", "list", "list", "list", "token", "list", "list", "token", "list"]


def test_an_expired_token_is_renewed(emulator: Emulator, worker: Worker) -> None:
    emulator.behaviour = Behaviour(token_uses=2)
    for _item in range(4):
        assert worker.run("live_pull_task_info", {**LOOK, **USER})["total"] == 1
    assert looked(emulator) == ["token", "list", "list", "list", "token", "list", "list"]


def test_a_broken_connection_is_opened_again(emulator: Emulator, worker: Worker) -> None:
    emulator.add_fault(Fault("close", after=1), Fault("reset", after=1))
    for _item in range(3):
        assert worker.run("live_pull_task_info", LOOK)["total"] == 1


@pytest.mark.slow
def test_a_task_that_timed_out_does_not_affect_the_next_task(emulator: Emulator, tmp_path: Path) -> None:
    emulator.add_fault(Fault("timeout", on="list", seconds=20))
    task = {INFO: {"task_id": "{{ item }}", **USER}, "timeout": 2, "loop": [CHANNEL_ID, SHOW_ID], "ignore_errors": True}
    printed = play(emulator, tmp_path, [task])
    assert f"ok: [here] => (item={SHOW_ID})" in printed
    assert looked(emulator) == ["token", "list", "token", "list"], printed


def test_a_task_that_was_interrupted_does_not_affect_the_next_task(
    emulator: Emulator, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(LiveClient, "list", end)
        worker.run("live_pull_task_info", {**LOOK, **USER})
    assert worker.run("live_pull_task_info", {**LOOK, **USER})["total"] == 1
    assert looked(emulator) == ["token", "token", "list"]


# The end from outside

FLEET = "huaweicloud.live.live_pull_tasks"


def fleet(count: int, **options: Any) -> dict[str, Any]:
    """Return a task that pauses many channels."""
    tasks = [{"task_id": fleet_id(number), "status": "pause"} for number in range(count)]
    return {FLEET: {"tasks": tasks, **options}}


@pytest.mark.slow
@pytest.mark.parametrize("end", ["timeout", "interrupt"])
def test_tasks_that_have_not_begun_are_not_written_after_an_interruption(
    emulator: Emulator, tmp_path: Path, end: str
) -> None:
    emulator.seed(seed_many(100))
    emulator.behaviour = Behaviour(latency=0.2)
    task = {**fleet(100), **({"timeout": 4} if end == "timeout" else {})}
    process = subprocess.Popen(
        command(tmp_path, [task]),
        env=surroundings(emulator, tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A process in the background ignores it by default.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if end == "interrupt":
        while len(emulator.writes()) < 10:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
    printed = process.communicate(timeout=60)[0]
    assert process.returncode != 0, printed
    written = len(emulator.writes())
    assert 1 <= written < 100
    time.sleep(1)
    assert len(emulator.writes()) - written <= 4
    if end == "timeout":
        assert re.search(r"Timed out after 4 |time frame \(4\)", printed), printed


# Progress


@pytest.mark.parametrize(
    ("verbosity", "others", "shown"),
    [
        (0, {}, ["live_pull_tasks: 7 of 100 tasks"]),
        (1, {}, ["live_pull_tasks: 7 of 100 tasks", "live_pull_tasks: waiting 1.0 s"]),
        (1, {"no_log": True}, []),
        (1, {"variables": {"huaweicloud_live_progress": False}}, []),
        (1, {"variables": {"huaweicloud_live_progress": "no"}}, []),
    ],
    ids=str,
)
def test_progress_is_displayed_and_waits_only_with_verbosity(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, verbosity: int, others: dict[str, Any], shown: list[str]
) -> None:
    def run(_options: Any, _environ: Any, _check_mode: bool, tell: Callable[[str, int], None]) -> dict[str, Any]:
        tell("7 of 100 tasks", 0)
        tell("waiting 1.0 s", 1)
        return {"changed": False}

    monkeypatch.setattr(live_pull_tasks, "run", run)
    monkeypatch.setattr(_action.display, "verbosity", verbosity)
    worker.run("live_pull_tasks", {"tasks": []}, **others)
    assert worker.displayed == shown


@pytest.mark.slow
def test_a_long_run_displays_its_progress(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed(seed_many(100))
    emulator.behaviour = Behaviour(latency=0.3)
    printed = play(emulator, tmp_path, [fleet(100)])
    [first, *_others] = re.findall(r"^live_pull_tasks: (.*)$", printed, re.MULTILINE)
    assert re.fullmatch(r"\d+ of 100 tasks, about \d+ s left", first), printed
    assert "failed=0" in printed

    task = {**fleet(100), "vars": {"huaweicloud_live_progress": False}}
    task[FLEET]["tasks"] = [{**one, "status": "enable"} for one in task[FLEET]["tasks"]]
    printed = play(emulator, tmp_path, [task])
    assert "changed=1" in printed
    assert "live_pull_tasks: " not in printed


@pytest.mark.slow
@pytest.mark.parametrize("verbosity", ["", "-v"])
def test_a_wait_for_the_service_is_displayed_only_with_verbosity(
    emulator: Emulator, tmp_path: Path, verbosity: str
) -> None:
    emulator.add_fault(Fault("status", status=503, headers={"Retry-After": "1"}))
    printed = play(emulator, tmp_path, [look()], *filter(None, [verbosity]))
    assert "failed=0" in printed
    assert ("HTTP 503, APIGW.0201 Emulated trouble; waiting 1.0 s" in printed) == bool(verbosity), printed


@pytest.mark.slow
def test_an_unverified_certificate_causes_no_warning(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    (tmp_path / "server.key").write_bytes(certificate.private_key_pem.bytes())
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "server.pem"))
    with Emulator(tls=(tmp_path / "server.pem", tmp_path / "server.key")) as emulator:
        printed = play(emulator, tmp_path, [{INFO: {"task_id": CHANNEL_ID, "validate_certs": False}}])
    assert "failed=0" in printed
    assert "arn" not in printed, printed
