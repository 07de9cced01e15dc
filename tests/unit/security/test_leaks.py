# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret in anything that Ansible prints, logs or passes on: every way to authenticate x every way to end.

One playbook runs it all: a host for each way, by options and by the environment of its interpreter, and a task for each
end. The emulator plays the service as it should be, and a hostile server repeats the client's secrets in every place
and spelling that an answer has room for.
"""

from __future__ import annotations

import base64
import html
import itertools
import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, urlsplit

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import FAMILIES
from ansible_collections.huaweicloud.live.tests.emulator import (
    PROJECT_ID,
    REGION,
    AccessKey,
    Directory,
    Emulator,
    Fault,
    User,
    vod_task,
)
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils.fakes import Reply
from ansible_collections.huaweicloud.live.tests.unit.security.servers import Received, Server

MODULE = "huaweicloud.live.live_pull_task"
IAM_ECHO = "iam-echo"
TERRAFORM = next(family for family in FAMILIES if "auth_token" in family)

# Printable ASCII, as headers want it, with all that some escaping writes in another way.
_AWKWARD = "\"\\/+=%41&<b>'#{x}~"
TOKEN = f"Tk{_AWKWARD}a-token-of-the-user-{'0123456789' * 40}"
ISSUED = f"Is{_AWKWARD}a-token-that-iam-issued-{'9876543210' * 40}"
WAYS: dict[str, dict[str, str]] = {
    "token": {"auth_token": TOKEN},
    "signature": {"access_key": "PERMANENTKEY", "secret_key": f"Sk{_AWKWARD}a-secret-key"},
    "temporary": {
        "access_key": "TEMPORARYKEY",
        "secret_key": f"Ts{_AWKWARD}a-temporary-secret-key",
        "security_token": f"St{_AWKWARD}a-security-token",
    },
    "password": {
        "username": "user",
        "password": f"P\u00e4 {_AWKWARD}  a password\twith blanks",
        "domain_name": "domain",
    },
}
NOT_SECRET = ("access_key", "username", "domain_name")
DIRECTORY = Directory(
    access_keys={
        way["access_key"]: AccessKey(way["secret_key"], way.get("security_token"))
        for way in WAYS.values()
        if "access_key" in way
    },
    tokens={TOKEN: PROJECT_ID},
    users=(User("user", WAYS["password"]["password"], "domain"),),
)
HOSTS = {f"{way}-{place}": way for way in WAYS for place in ("options", "environment")}


def secrets(way: str) -> list[str]:
    """Return what a client that authenticates in this way must keep to itself."""
    own = [value for name, value in WAYS[way].items() if name not in NOT_SECRET]
    return [*own, ISSUED] if way == "password" else own


def all_escaped(text: str) -> str:
    """Return the text as JSON may also write it: nothing but escapes."""
    return "".join(f"\\u{ord(character):04x}" for character in text)


def spellings(secret: str) -> dict[str, str]:
    """Return what may stand for a secret, and still gives it away."""
    return {
        "plain": secret,
        "JSON": json.dumps(secret)[1:-1],
        "JSON in UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1],
        "JSON in JSON": json.dumps(json.dumps(secret)[1:-1])[1:-1],
        "all escaped": all_escaped(secret),
        "repr": repr(secret)[1:-1],
        "repr with quotes": repr(f"\"'{secret}")[4:-1],
        "URL": quote(secret),
        "URL, slashes too": quote(secret, safe=""),
        "form": quote_plus(secret),
        "HTML": html.escape(secret),
        "HTML, quotes left": html.escape(secret, quote=False),
        "Base64": base64.b64encode(secret.encode())[:-4].decode(),
    }


def found_in(text: str, secret: str) -> list[str]:
    """Return the spellings of a secret, or of its beginning, that a text holds, also as a part of JSON."""
    beginnings = {f"part of {name}": one for name, one in spellings(secret[:16]).items()}
    candidates = {**spellings(secret), **beginnings}
    return [name for name, one in candidates.items() if one in text or json.dumps(one)[1:-1] in text]


def split_id(task_id: str) -> tuple[str, str]:
    """Return the end that a task stands for, and the way of the host that asks for it."""
    end, _dot, host = task_id.partition(".")
    return end, HOSTS[host]


class Hostile:
    """Answers with the secrets of whoever asks."""

    def __call__(self, request: Received) -> Reply:
        """Answer as the id of the task, or for IAM the name of the region, demands."""
        if urlsplit(request.target).path == "/v3/auth/tokens":
            if request.json["auth"]["scope"]["project"].get("name") == IAM_ECHO:
                return self._error(401, [WAYS["password"]["password"]])  # there is no token yet
            return Reply(201, {"token": {"project": {"id": PROJECT_ID}}}, {"X-Subject-Token": ISSUED})
        task_id = request.query.get("task_id") or request.json["task_id"]
        end, way = split_id(task_id)
        if end == "json-echo":
            return self._error(400, secrets(way))
        if end == "html-echo":
            return Reply(403, self._page(way, html.escape), {"Content-Type": "text/html"})
        if end == "html-raw-echo":
            return Reply(404, self._page(way, str), {"Content-Type": "text/html"})
        if end == "text-echo":
            return Reply(
                200,
                "; ".join(self._all(secrets(way))).encode(),
                {"X-Request-Id": secrets(way)[0].replace("\u00e4", "")},
            )
        if end == "redirect-echo":
            return Reply(302, b"", {"Location": f"https://x/?{quote(secrets(way)[0])}"})
        if end == "no-list-echo":
            return Reply(200, {"request_id": secrets(way)[-1], **dict.fromkeys(self._all(secrets(way)), "x")})
        if request.method == "PUT":
            return Reply(200, {"task_id": task_id, "request_id": secrets(way)[-1]})
        return self._list(task_id, way, lost=end == "lost-echo")

    @staticmethod
    def _all(known: list[str]) -> list[str]:
        """Return the secrets in the spellings that are undone by whoever reads them, or are known."""
        left_out = ("JSON in JSON", "all escaped", "Base64", "HTML, quotes left", "repr with quotes")
        return [one for secret in known for name, one in spellings(secret).items() if name not in left_out]

    def _error(self, status: int, known: list[str]) -> Reply:
        text = " ".join(self._all(known))
        escaped = all_escaped(" ".join(known))
        body = f'{{"error": {{"code": {json.dumps(known[0])}, "message": "{escaped} {json.dumps(text)[1:-1]}"}}}}'
        return Reply(status, body.encode())

    def _page(self, way: str, escape: Any) -> bytes:
        # The second copy is cut off by whoever quotes only the beginning of the page.
        rows = "".join(f"<td>{escape(secret)}</td>{'-' * 90}<b>{escape(secret)}</b>" for secret in secrets(way))
        return f"<html><title>Bad Gateway</title>{rows}</html>".encode()

    def _list(self, task_id: str, way: str, lost: bool) -> Reply:
        text, long = " ".join(self._all(secrets(way))), "-" * 180
        task = {
            **vod_task(task_id, "channel", datetime.now(timezone.utc)),
            "status": text,
            "push_args": text,
            "source_urls": [f"https://x/{quote(secrets(way)[0])}", text],
            "callback_url": {"nested": [{text: [text]}]},
            **{one: {"a": one} for one in self._all(secrets(way))},
        }
        if lost:
            task["start_time"] = f"{long}{text}"
        body = json.dumps({"task_infos": [task], "total": 1})
        for secret in secrets(way):  # the same to whoever reads it
            body = body.replace(json.dumps(secret)[1:-1], all_escaped(secret), 3)
        return Reply(200, body.encode())


class End(NamedTuple):
    """A way for a run to end.

    Attributes:
        says: what its message says; empty for success.
        options: options on top of those of every run. `{closed}`, `{stranger}` and `{hostile}` are addresses.
        ways: the ways to authenticate that it makes sense for.
    """

    says: str
    options: Mapping[str, Any] = {}
    ways: tuple[str, ...] = tuple(WAYS)


HOSTILE = {"endpoint": "{hostile}", "iam_endpoint": "{hostile}"}
ENDS: dict[str, End] = {
    "success": End(""),
    "bad-value": End("vod_start_video_index: -1 is not allowed", {"vod_start_video_index": -1}),
    "stranger": End("401", {"endpoint": "{stranger}", "iam_endpoint": "{stranger}"}),
    "echo": End("HTTP 400"),
    "down": End("HTTP 500", {"retries": 1}),
    "closed": End("refused", {"endpoint": "{closed}", "retries": 1}),
    "slow": End("no answer within 0.3 seconds", {"timeout": 0.3}),
    "ignored": End("these options have not taken"),
    "json-echo": End("HTTP 400, ****", HOSTILE),
    "html-echo": End("HTTP 403, 'Bad Gateway ****", HOSTILE),
    "html-raw-echo": End("HTTP 404, 'Bad Gateway ****", HOSTILE),
    "text-echo": End("not JSON: '****", HOSTILE),
    "redirect-echo": End("a redirect to 'https://x/?****", HOSTILE),
    "no-list-echo": End("no list of tasks", HOSTILE),
    "list-echo": End("have not taken", HOSTILE),
    "lost-echo": End("does not understand", HOSTILE),
    IAM_ECHO: End("HTTP 401, ****", {**HOSTILE, "region": IAM_ECHO, "project_id": None}, ("password",)),
}

CALLBACK = '''
import json
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: dump
type: notification
short_description: Write down every result as it is passed on
description: Write down every result as it is passed on.
"""

class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "dump"
    CALLBACK_NEEDS_ENABLED = True

    def dump(self, failed, result):
        with open({path!r}, "a") as file:
            names = dict(host=result._host.get_name(), task=result._task.get_name())
            file.write(json.dumps(dict(names, failed=failed, result=result._result)) + "\\n")

    def v2_runner_on_ok(self, result):
        self.dump(False, result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.dump(True, result)
'''


class Ran(NamedTuple):
    """What the playbook gave.

    Attributes:
        entries: by task and host, whether it failed, and the result.
        texts: everything that was written anywhere, by where.
        issued: the tokens that the emulator gave out on the way.
        echoed: what the hostile server said.
    """

    entries: dict[tuple[str, str], tuple[bool, dict[str, Any]]]
    texts: dict[str, str]
    issued: set[str]
    echoed: str


def interpreter(folder: Path, host: str, way: str) -> str:
    """Write a Python with credentials in its environment, which Ansible never gets to see."""
    lines = []
    if host.endswith("-environment"):
        lines = [f"export {TERRAFORM[name]}={shlex.quote(value)}" for name, value in WAYS[way].items()]
    path = folder / f"python-{host}"
    path.write_text("\n".join(["#!/bin/sh", *lines, f'exec {shlex.quote(sys.executable)} "$@"', ""]))
    path.chmod(0o700)
    return str(path)


def inventory(folder: Path) -> dict[str, Any]:
    hosts = {
        host: {
            "ansible_connection": "local",
            "ansible_python_interpreter": interpreter(folder, host, way),
            "way": way,
            "given": WAYS[way] if host.endswith("-options") else {},
        }
        for host, way in HOSTS.items()
    }
    return {"all": {"hosts": hosts}}


def playbook(addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    names = sorted({name for way in WAYS.values() for name in way})
    tasks = []
    for end, about in ENDS.items():
        usual = {
            "task_id": f"{end}.{{{{ inventory_hostname }}}}",
            "status": "pause",
            "endpoint": "{emulator}",
            "iam_endpoint": "{emulator}",
            "region": REGION,
            "project_id": PROJECT_ID,
            "wait_timeout": 0.05,
            "retries": 0,
            **{name: f"{{{{ given.{name} | default(omit) }}}}" for name in names},
        }
        options = {name: value for name, value in {**usual, **about.options}.items() if value is not None}
        filled = {
            name: addresses.get(value.strip("{}"), value) if isinstance(value, str) else value
            for name, value in options.items()
        }
        tasks.append({"name": end, MODULE: filled, "ignore_errors": True, "when": f"way in {json.dumps(about.ways)}"})
    return [{"hosts": "all", "gather_facts": False, "tasks": tasks}]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of this process without its credentials, and with all that Ansible can be made to tell."""
    foreign = ("HW_", "HUAWEICLOUD_", "CLOUD_SDK_", "ANSIBLE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    collections = {name: os.environ[name] for name in ["ANSIBLE_COLLECTIONS_PATH"] if name in os.environ}
    root = next(
        path for path in Path(__file__).resolve().parents if (path / "galaxy.yml").exists() or path.name == "live"
    )
    above = root.parents[2] if root.parent.parent.name == "ansible_collections" else None
    return {
        **kept,
        **collections,
        **({"ANSIBLE_COLLECTIONS_PATH": str(above)} if above else {}),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
        "ANSIBLE_LOG_VERBOSITY": "5",
        "ANSIBLE_CALLBACK_PLUGINS": str(folder),
        "ANSIBLE_CALLBACKS_ENABLED": "dump",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_FORKS": "4",
        "ANSIBLE_NOCOLOR": "true",
    }


def faults() -> list[Fault]:
    made: list[Fault] = []
    for host in HOSTS:
        made += [
            Fault("echo_secrets", task_id=f"echo.{host}", times=-1),
            Fault("status", status=500, task_id=f"down.{host}", times=-1),
            Fault("timeout", task_id=f"slow.{host}", times=-1),
            Fault("json", body={}, on="write", task_id=f"ignored.{host}", times=-1),
        ]
    return made


def run(folder: Path) -> Ran:
    """Run the playbook."""
    dump = folder / "dump.jsonl"
    (folder / "dump.py").write_text(CALLBACK.replace("{path!r}", repr(str(dump))))
    (folder / "inventory.json").write_text(json.dumps(inventory(folder)))
    echoed: list[bytes] = []
    hostile = Hostile()

    def answer(request: Received) -> Reply:
        reply = hostile(request)
        echoed.append(reply.content)
        return reply

    now = datetime.now(timezone.utc)
    tasks = [vod_task(f"{end}.{host}", "channel", now) for end in ENDS for host in HOSTS]
    with (
        Emulator(directory=DIRECTORY, tasks=tasks) as emulator,
        Emulator(tasks=tasks) as stranger,
        Server(answer) as server,
        socket.socket() as closed,
    ):
        closed.bind(("127.0.0.1", 0))
        emulator.add_fault(*faults())
        addresses = {
            "emulator": emulator.url,
            "stranger": stranger.url,
            "hostile": server.url,
            "closed": f"http://127.0.0.1:{closed.getsockname()[1]}",
        }
        (folder / "playbook.json").write_text(json.dumps(playbook(addresses)))
        command = [sys.executable, "-m", "ansible", "playbook", "-vvvvv", "--diff", "-i"]
        done = subprocess.run(
            [*command, str(folder / "inventory.json"), str(folder / "playbook.json")],
            env=environment(folder),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert dump.exists(), done.stdout + done.stderr
        texts = {
            "stdout": done.stdout,
            "stderr": done.stderr,
            "log": (folder / "ansible.log").read_text(),
            "results": dump.read_text(),
        }
        entries = [json.loads(line) for line in texts["results"].splitlines()]
        sent = {entry["headers"].get("x-auth-token", TOKEN) for entry in emulator.journal}
        return Ran(
            {(entry["task"], entry["host"]): (entry["failed"], entry["result"]) for entry in entries},
            texts,
            sent - {TOKEN},
            b"\n".join(echoed).decode(),
        )


def unmeant(ran: Ran) -> list[str]:
    """Return the ends that were not the ones meant: a secret that was never in danger proves nothing."""
    wrong = []
    for end, host in itertools.product(ENDS, HOSTS):
        if HOSTS[host] not in ENDS[end].ways:
            continue
        failed, result = ran.entries[end, host]
        message = result.get("msg", "")
        if failed != bool(ENDS[end].says) or ENDS[end].says not in message or "Traceback" in str(result):
            wrong.append(f"{end}, {host}: {result}")
    return wrong


def leaks(ran: Ran) -> list[str]:
    """Return where a secret is to be seen, how it is spelled there, and the line."""
    known = {secret for way in WAYS for secret in secrets(way)} | ran.issued
    return [
        f"{place}: {', '.join(found)} of {secret[:2]}: {line[:1000]}"
        for place, text in ran.texts.items()
        for line in text.splitlines()
        for secret in sorted(known)
        if (found := found_in(line, secret))
    ]


# One test, because the playbook is to run once, however many workers there are.
def test_no_secret_leaves_ansible(tmp_path: Path) -> None:
    ran = run(tmp_path)
    assert not unmeant(ran)
    # The arguments are shown, and masked; what the hostile server said would be found.
    for place in ("stdout", "log"):
        assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in ran.texts[place]
    assert ran.issued
    for way in WAYS:
        for secret in secrets(way):
            assert {"plain", "all escaped", "URL", "HTML", "part of plain"} <= set(found_in(ran.echoed, secret))
    assert not leaks(ran)


@pytest.mark.parametrize("end", ["list-echo"])
@pytest.mark.parametrize("host", HOSTS)
def test_the_module_by_itself(tmp_path: Path, host: str, end: str) -> None:
    way = HOSTS[host]
    with Server(Hostile()) as server:
        options = {
            "task_id": f"{end}.{host}",
            "status": "pause",
            "endpoint": server.url,
            "iam_endpoint": server.url,
            "region": REGION,
            "project_id": PROJECT_ID,
            "wait_timeout": 0.05,
            "retries": 0,
            **(WAYS[way] if host.endswith("-options") else {}),
        }
        (tmp_path / "arguments.json").write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
        done = subprocess.run(
            [
                interpreter(tmp_path, host, way),
                "-m",
                "ansible_collections.huaweicloud.live.plugins.modules.live_pull_task",
                str(tmp_path / "arguments.json"),
            ],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1, done.stderr
    assert ENDS[end].says in json.loads(done.stdout)["msg"]
    for secret in secrets(way):
        assert not found_in(done.stdout, secret), done.stdout
        assert not found_in(done.stderr, secret)


def test_without_requests(tmp_path: Path) -> None:
    (tmp_path / "requests.py").write_text("raise ImportError('there is no requests here')\n")
    (tmp_path / "arguments.json").write_text(
        json.dumps({"ANSIBLE_MODULE_ARGS": {"task_id": "x", **WAYS["token"], "endpoint": "http://127.0.0.1:9"}})
    )
    done = subprocess.run(
        [
            interpreter(tmp_path, "password-environment", "password"),
            "-m",
            "ansible_collections.huaweicloud.live.plugins.modules.live_pull_task",
            str(tmp_path / "arguments.json"),
        ],
        env={**environment(tmp_path), "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    result = json.loads(done.stdout)
    assert result["failed"]
    assert "requests" in result["msg"]
    for secret in (TOKEN, WAYS["password"]["password"]):
        assert not found_in(done.stdout, secret)
