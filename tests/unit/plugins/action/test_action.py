# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task gives the same in Ansible's own process as shipped, and is shipped where it has to be."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    SHOW_ID,
    Behaviour,
    Emulator,
    Fault,
    fleet_id,
    seed_many,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import user_environment

SITUATIONS = Path(__file__).with_name("situations.yml")
HERE = "run in the process of Ansible"


def surroundings(emulator: Emulator, folder: Path) -> dict[str, str]:
    """The environment of a user."""
    # Messages of Ansible list words in the order of a set.
    seed = {"PYTHONHASHSEED": "0"}
    return {**user_environment(emulator, folder), "HW_PROJECT_ID": emulation.PROJECT_ID, **seed}


def command(folder: Path, book: Path | list[dict[str, Any]], *arguments: str, **variables: Any) -> list[str]:
    """The command that runs a playbook, or some tasks, on hosts that are all this machine."""
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
    """Run a playbook, or some tasks, and return what is printed."""
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
    # What shows the way of a task, and at -vvv only.
    results = json.loads(into.read_text(), object_hook=without_invocation)
    return dict(json.loads(settled(json.dumps(results))))


def without_invocation(value: dict[str, Any]) -> dict[str, Any]:
    """A result without what a module was called with, what goes by the clock, and what Ansible 2.22 says of it."""
    left_out = ("invocation", "seconds_left", "ansible_parsed")
    return {name: item for name, item in value.items() if name not in left_out}


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


# Where a task runs

INFO = "huaweicloud.live.live_pull_task_info"


def look(**keywords: Any) -> dict[str, Any]:
    """A task that reads a channel."""
    return {INFO: {"task_id": CHANNEL_ID}, "ignore_errors": True, "ignore_unreachable": True, **keywords}


def ways(printed: str) -> list[str]:
    """How each task was run, by what is told at -vvv."""
    return re.findall(rf"<\w+> {re.escape(INFO)}: (.*)", printed)


def test_a_task_is_shipped_where_it_has_to_be(emulator: Emulator, tmp_path: Path) -> None:
    python = Path(sys.executable)
    (tmp_path / "link").symlink_to(python.parent)
    other = tmp_path / "other" / python.name
    other.parent.mkdir()
    other.symlink_to(python)
    tasks = {
        "the usual": (look(), HERE),
        "another name of the folder": (interpreted(f"{tmp_path}/link/{python.name}"), HERE),
        "nothing named": (interpreted("auto_silent"), HERE),
        "a template": (interpreted("{{ ansible_playbook_python }}"), HERE),
        "another folder": (interpreted(str(other)), f"shipped, because of the interpreter {other}"),
        "no path": (interpreted("/usr/bin/env python3"), "shipped, because of the interpreter /usr/bin/env python3"),
        "become": (look(become=True, become_method="su"), "shipped, because of become"),
        "async": (look(**{"async": 30}), "shipped, because of async"),
        "told to": (
            look(vars={"huaweicloud_live_direct": "{{ 'no' }}"}),
            "shipped, because of huaweicloud_live_direct",
        ),
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
    assert dict(zip(tasks, ways(printed))) == {name: way for name, (_task, way) in tasks.items()}, printed


def interpreted(python: str) -> dict[str, Any]:
    """A task for which an interpreter is named."""
    return look(vars={"ansible_python_interpreter": python})


def test_an_interpreter_of_the_configuration_is_one_too(emulator: Emulator, tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.symlink_to(sys.executable)
    environ = {"ANSIBLE_PYTHON_INTERPRETER": str(other)}
    unnamed = {"ansible.builtin.add_host": {"name": "unnamed", "ansible_connection": "local"}}
    printed = play(emulator, tmp_path, [unnamed, look(delegate_to="unnamed")], "-vvv", environ=environ)
    assert ways(printed) == [f"shipped, because of the interpreter {other}"]


def test_a_task_is_shipped_without_requests(emulator: Emulator, tmp_path: Path) -> None:
    """Which says so, where the other Python has none either."""
    (tmp_path / "requests.py").write_text("raise ImportError('there is no requests here')\n")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    printed = play(emulator, tmp_path, [look()], "-vvv", environ={"PYTHONPATH": path})
    assert ways(printed) == ["shipped, because the Python of Ansible has no requests"]
    assert "Failed to import the required Python library (requests)" in printed


# The Makefile gives the tests another home, but tells where pyenv keeps its versions.
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
OLD_PYTHONS = sorted(PYENV.glob("versions/3.[678].*/bin/python3"))


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("3.6", "SyntaxError: future feature annotations is not defined"),
        ("3.8", "TypeError: 'ABCMeta' object is not subscriptable"),
    ],
)
def test_a_python_that_is_too_old_is_named_for_what_it_is(
    emulator: Emulator, tmp_path: Path, version: str, said: str
) -> None:
    """One that says what Pythons of that age say."""
    old = tmp_path / "python"
    trace = f'Traceback (most recent call last):\n  File "/usr/lib64/python{version}/runpy.py", line 1\n{said}\n'
    (tmp_path / "trace").write_text(trace)
    old.write_text(f"#!/bin/sh\ncat > /dev/null\ncat {tmp_path}/trace >&2\nexit 1\n")
    old.chmod(0o700)
    assert_too_old(play(emulator, tmp_path, [interpreted(str(old))]))


@pytest.mark.parametrize("old", OLD_PYTHONS, ids=str)
def test_a_python_that_is_too_old(emulator: Emulator, tmp_path: Path, old: Path) -> None:
    assert_too_old(play(emulator, tmp_path, [interpreted(str(old))]))


def assert_too_old(printed: str) -> None:
    """Check that the message names what is needed."""
    assert re.search("Python 3.9 or|a minimum of Python version", printed), printed


# One connection for a loop

USER = {
    "username": emulation.USERNAME,
    "password": emulation.PASSWORD,
    "domain_name": emulation.DOMAIN_NAME,
}


def looked(emulator: Emulator) -> list[str]:
    """Which requests were served, in order."""
    return [entry["operation"] for entry in emulator.journal]


def test_a_loop_logs_in_once(emulator: Emulator, tmp_path: Path) -> None:
    task = {INFO: {"task_id": "{{ item }}", **USER}, "loop": [CHANNEL_ID, SHOW_ID, CHANNEL_ID]}
    play(emulator, tmp_path, [task])
    assert looked(emulator) == ["token", "list", "list", "list"]


def test_a_loop_with_other_credentials_logs_in_again(emulator: Emulator, tmp_path: Path) -> None:
    """Also when only the environment is another."""
    other = {"auth_token": emulation.AUTH_TOKEN}
    task = {
        INFO: "{{ {'task_id': id} | combine(item) }}",
        "loop": [USER, USER, other, USER],
        "vars": {"id": CHANNEL_ID},
    }
    play(emulator, tmp_path, [task])
    assert looked(emulator) == ["token", "list", "list", "list", "token", "list"]


def test_a_token_that_ends_in_a_loop_is_renewed(emulator: Emulator, tmp_path: Path) -> None:
    emulator.behaviour = Behaviour(token_uses=2)
    task = {INFO: {"task_id": CHANNEL_ID, **USER}, "loop": [1, 2, 3, 4]}
    printed = play(emulator, tmp_path, [task])
    assert "failed=0" in printed
    assert looked(emulator) == ["token", "list", "list", "list", "token", "list", "list"]


def test_a_connection_that_breaks_in_a_loop_is_made_again(emulator: Emulator, tmp_path: Path) -> None:
    emulator.add_fault(Fault("close", after=1), Fault("reset", after=1))
    printed = play(emulator, tmp_path, [{INFO: {"task_id": CHANNEL_ID}, "loop": [1, 2, 3]}])
    assert "failed=0" in printed


def test_a_task_that_ran_out_of_time_leaves_nothing_to_the_next(emulator: Emulator, tmp_path: Path) -> None:
    emulator.add_fault(Fault("timeout", on="list", seconds=20))
    task = {INFO: {"task_id": "{{ item }}", **USER}, "timeout": 2, "loop": [CHANNEL_ID, SHOW_ID], "ignore_errors": True}
    printed = play(emulator, tmp_path, [task])
    assert f"ok: [here] => (item={SHOW_ID})" in printed
    assert looked(emulator) == ["token", "list", "token", "list"], printed


# The end from outside

FLEET = "huaweicloud.live.live_pull_tasks"


def fleet(count: int, **options: Any) -> dict[str, Any]:
    """A task that pauses many channels."""
    tasks = [{"task_id": fleet_id(number), "status": "pause"} for number in range(count)]
    return {FLEET: {"tasks": tasks, **options}}


@pytest.mark.parametrize("end", ["timeout", "interrupt"])
def test_what_is_not_begun_is_not_written(emulator: Emulator, tmp_path: Path, end: str) -> None:
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
        # What is started in the background takes no heed of it.
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


# One can see it work


def test_a_long_run_says_how_far_it_is(emulator: Emulator, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("verbosity", ["", "-v"])
def test_a_wait_for_the_service_is_told_to_those_who_ask(emulator: Emulator, tmp_path: Path, verbosity: str) -> None:
    emulator.add_fault(Fault("status", status=503, headers={"Retry-After": "1"}))
    printed = play(emulator, tmp_path, [look()], *filter(None, [verbosity]))
    assert "failed=0" in printed
    assert ("HTTP 503, APIGW.0201 Emulated trouble; waiting 1.0 s" in printed) == bool(verbosity), printed


def test_a_certificate_that_nobody_checks_is_no_reason_to_warn(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    (tmp_path / "server.key").write_bytes(certificate.private_key_pem.bytes())
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "server.pem"))
    with Emulator(tls=(tmp_path / "server.pem", tmp_path / "server.key")) as emulator:
        printed = play(emulator, tmp_path, [{INFO: {"task_id": CHANNEL_ID, "validate_certs": False}}])
    assert "failed=0" in printed
    assert "arn" not in printed, printed
