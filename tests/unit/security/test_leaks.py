# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No output of a module holds a secret: every way to authenticate x every place of credentials x every end of a run.

The emulator is a correct service. A hostile server repeats the secrets of the client in every place of a response and
in every spelling that has to be masked. All cases run in this process, where nothing else masks; some run in a process
of their own; and each end runs once through Ansible, with the highest verbosity.
"""

from __future__ import annotations

import base64
import functools
import html
import itertools
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, urlsplit

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import Reporter
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._secrets import MASK
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import FAMILIES
from ansible_collections.huaweicloud.live.plugins.module_utils._service.profile import KEYS, VARIABLE
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task, live_pull_task_info
from ansible_collections.huaweicloud.live.tests import emulator as emulation
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
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Received, Server
from ansible_collections.huaweicloud.live.tests.unit.security.conftest import options

COLLECTION = Path(emulation.__file__).parents[2]
MODULE = "huaweicloud.live.live_pull_task"
IAM_ECHO = "iam-echo"
TERRAFORM = next(family for family in FAMILIES if "auth_token" in family)

# Printable ASCII, which headers can hold, with all characters that some encoder escapes. The two kinds of Base64 encode
# the tildes differently.
_AWKWARD = "\"\\/+=%41&<b>'#{x}~~~~~"
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
HOSTS = {
    **{f"{way}-{place}": way for way in WAYS for place in ("options", "environment")},
    **{f"{way}-profile": way for way in WAYS if "access_key" in WAYS[way]},
}
# Deleted when this process ends.
PROFILES = tempfile.NamedTemporaryFile("w", suffix=".ini", encoding="utf-8")  # noqa: SIM115
for name, way in WAYS.items():
    section = {key: way[option].replace("%", "%%") for key, option in KEYS.items() if option in way}
    PROFILES.write("\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in section.items()), ""]))
PROFILES.flush()


def secrets(way: str) -> list[str]:
    """Return the secrets of a client that authenticates in this way."""
    own = [value for name, value in WAYS[way].items() if name not in NOT_SECRET]
    return [*own, ISSUED] if way == "password" else own


def all_escaped(text: str) -> str:
    """Return the text with every character escaped as in JSON."""
    return "".join(f"\\u{ord(character):04x}" for character in text)


# The spellings that are masked in texts of a server.
PROMISED: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "URL": quote,
    "URL, slashes too": lambda secret: quote(secret, safe=""),
    "form": quote_plus,
    "HTML": html.escape,
    "HTML, quotes left": lambda secret: html.escape(secret, quote=False),
    "Base64": lambda secret: base64.b64encode(secret.encode()).decode().rstrip("="),
    "Base64 for URLs": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
}
# The same without a dependence on later characters, and the spellings that a module could make.
SPELLINGS: dict[str, Callable[[str], str]] = {
    **PROMISED,
    "Base64": lambda secret: base64.b64encode(secret.encode())[:-4].decode(),
    "Base64 for URLs": lambda secret: base64.urlsafe_b64encode(secret.encode())[:-4].decode(),
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret)[1:-1])[1:-1],
    "all escaped": all_escaped,
    "repr": lambda secret: repr(secret)[1:-1],
    "repr with quotes": lambda secret: repr(f"\"'{secret}")[4:-1],
}


@functools.lru_cache
def traces(secret: str) -> dict[str, tuple[str, str]]:
    """Return the spellings of a secret and of its beginning, plain and in JSON."""
    found = {
        f"{part}{name}": spell(text)
        for part, text in (("", secret), ("part of ", secret[:16]))
        for name, spell in SPELLINGS.items()
    }
    return {name: (one, json.dumps(one)[1:-1]) for name, one in found.items()}


def found_in(text: str, secret: str) -> list[str]:
    """Return the spellings of a secret, or of its beginning, that a text holds, also as a part of JSON."""
    return [name for name, (one, escaped) in traces(secret).items() if one in text or escaped in text]


class Hostile:
    """Answers with the secrets of the client, but not in keys of JSON, which are not masked.

    Attributes:
        said: all its answers.
    """

    def __init__(self) -> None:
        self.said: list[bytes] = []

    def __call__(self, request: Received) -> Reply:
        """Answer as the id of the task, or for IAM the name of the region, says."""
        reply = self._reply(request)
        self.said.append(reply.content)
        return reply

    def _reply(self, request: Received) -> Reply:
        if urlsplit(request.target).path == "/v3/auth/tokens":
            if request.json["auth"]["scope"]["project"].get("name") == IAM_ECHO:
                return self._error(401, [WAYS["password"]["password"]])  # there is no token yet
            return Reply(201, {"token": {"project": {"id": PROJECT_ID}}}, {"X-Subject-Token": ISSUED})
        task_id = request.query.get("task_id") or request.json["task_id"]
        end, _dot, host = task_id.partition(".")
        known = secrets(HOSTS[host])
        if end == "json-echo":
            return self._error(503, known)
        if end == "html-echo":
            return Reply(403, self._page(known, html.escape), {"Content-Type": "text/html"})
        if end == "html-raw-echo":
            return Reply(404, self._page(known, str), {"Content-Type": "text/html"})
        if end == "text-echo":
            return Reply(200, "; ".join(self._all(known)).encode(), {"X-Request-Id": known[-1]})
        if end == "redirect-echo":
            return Reply(302, b"", {"Location": f"https://x/?{quote(known[0])}"})
        if end == "no-list-echo":
            return Reply(200, {"request_id": known[-1], "all": self._all(known)})
        if request.method == "PUT":
            return Reply(200, {"task_id": task_id, "request_id": known[-1]})
        return self._list(task_id, known, odd=end == "odd-echo")

    @staticmethod
    def _all(known: list[str]) -> list[str]:
        return [spell(secret) for secret in known for spell in PROMISED.values()]

    def _error(self, status: int, known: list[str]) -> Reply:
        text = " ".join(self._all(known))
        escaped = all_escaped(" ".join(known))
        body = f'{{"error": {{"code": {json.dumps(known[0])}, "message": "{escaped} {json.dumps(text)[1:-1]}"}}}}'
        return Reply(status, body.encode())

    @staticmethod
    def _page(known: list[str], escape: Callable[[str], str]) -> bytes:
        # A quotation of the beginning of the page ends within the second copy.
        rows = "".join(f"<td>{escape(secret)}</td>{'-' * 90}<b>{escape(secret)}</b>" for secret in known)
        return f"<html><title>Bad Gateway</title>{rows}</html>".encode()

    def _list(self, task_id: str, known: list[str], odd: bool) -> Reply:
        text, long = " ".join(self._all(known)), "-" * 180
        task = {
            **vod_task(task_id, "channel", datetime.now(timezone.utc)),
            "status": text,
            "push_args": text,
            "source_urls": [f"https://x/{quote(known[0])}", text],
            "callback_url": {"nested": [{"deep": [text]}]},
            **{f"field{number}": {"a": one} for number, one in enumerate(self._all(known))},
        }
        if odd:
            task["vod_start_video_time"] = f"{long}{text}"
        body = json.dumps({"task_infos": [task], "total": 1})
        for secret in known:  # JSON parsers read the same text
            body = body.replace(json.dumps(secret)[1:-1], all_escaped(secret), 3)
        return Reply(200, body.encode())


class End(NamedTuple):
    """A possible end of a run.

    Attributes:
        says: a part of its message; empty for success.
        options: options on top of those of every run. `{closed}`, `{silent}`, `{stranger}` and `{hostile}` are
            addresses.
        ways: the ways to authenticate in which it can occur.
    """

    says: str
    options: Mapping[str, Any] = {}
    ways: tuple[str, ...] = tuple(WAYS)


def at(address: str, **others: Any) -> dict[str, Any]:
    """Return options that send the requests of a run to an address."""
    return {"endpoint": f"{{{address}}}", "iam_endpoint": f"{{{address}}}", **others}


SOON = {"wait_timeout": 0.05}
ENDS: dict[str, End] = {
    "success": End(""),
    "bad-value": End("vod_start_video_index: -1 is not allowed", {"vod_start_video_index": -1}),
    "stranger": End("401", at("stranger")),
    "echo": End("HTTP 400"),
    "down": End("HTTP 500"),
    "closed": End("refused", at("closed")),
    "slow": End("no response within 0.1 seconds", at("silent", timeout=0.1)),
    "ignored": End("these options have not taken", SOON),
    "json-echo": End(f"HTTP 503, {MASK}", at("hostile", retries=1)),  # the first failure is reported before the retry
    "html-echo": End(f"HTTP 403, 'Bad Gateway {MASK}", at("hostile")),
    "html-raw-echo": End(f"HTTP 404, 'Bad Gateway {MASK}", at("hostile")),
    "text-echo": End(f"not JSON: '{MASK}", at("hostile")),
    "redirect-echo": End(f"a redirect to 'https://x/?{MASK}", at("hostile")),
    "no-list-echo": End("no list of tasks", at("hostile")),
    "list-echo": End("have not taken", at("hostile", vod_loop_time="7", **SOON)),
    "odd-echo": End(
        "have not taken effect: vod_start_video_time is '---", at("hostile", vod_start_video_time=7, **SOON)
    ),
    IAM_ECHO: End(f"HTTP 401, {MASK}", at("hostile", region=IAM_ECHO, project_id=None), ("password",)),
}
CASES = [(end, host) for end, host in itertools.product(ENDS, HOSTS) if HOSTS[host] in ENDS[end].ways]


def sample() -> list[tuple[str, str]]:
    """Return some of the cases, each end and each host at least once."""
    hosts = itertools.cycle(HOSTS)
    return [(end, next(host for host in hosts if (end, host) in CASES)) for end in ENDS]


SAMPLE = sample()

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


class World(NamedTuple):
    """The servers of a run.

    Attributes:
        emulator: the service.
        hostile: what the hostile server answers with.
        addresses: the root URL of each server.
    """

    emulator: Emulator
    hostile: Hostile
    addresses: Mapping[str, str]

    def options(self, end: str, host: str) -> dict[str, Any]:
        """Return the options of a case, without credentials and those that are null."""
        usual = {
            **at("emulator"),
            "task_id": f"{end}.{host}",
            "status": "pause",
            "region": REGION,
            "project_id": PROJECT_ID,
            "retries": 0,
        }
        return {
            name: self.addresses.get(value.strip("{}"), value) if isinstance(value, str) else value
            for name, value in {**usual, **ENDS[end].options}.items()
            if value is not None
        }

    @property
    def issued(self) -> set[str]:
        """The tokens that the emulator gave out."""
        return {entry["headers"].get("x-auth-token", TOKEN) for entry in self.emulator.journal} - {TOKEN}


@pytest.fixture
def world() -> Iterator[World]:
    """The servers, with a task for each case."""
    now = datetime.now(timezone.utc)
    tasks = [vod_task(f"{end}.{host}", "channel", now) for end, host in CASES]
    hostile = Hostile()
    with (
        Emulator(directory=DIRECTORY, tasks=tasks) as emulator,
        Emulator(tasks=tasks) as stranger,
        Server(hostile) as server,
        socket.socket() as closed,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        closed.bind(("127.0.0.1", 0))
        for host in HOSTS:
            emulator.add_fault(
                Fault("echo_secrets", task_id=f"echo.{host}", times=-1),
                Fault("status", status=500, task_id=f"down.{host}", times=-1),
                Fault("json", body={}, on="write", task_id=f"ignored.{host}", times=-1),
            )
        addresses = {
            "emulator": emulator.url,
            "stranger": stranger.url,
            "hostile": server.url,
            "closed": f"http://127.0.0.1:{closed.getsockname()[1]}",
            "silent": f"http://127.0.0.1:{silent.getsockname()[1]}",
        }
        yield World(emulator, hostile, addresses)


def given(host: str) -> dict[str, str]:
    """Return the options with the credentials, or that name their place."""
    if host.endswith("-profile"):
        return {"profile": HOSTS[host]}
    return WAYS[HOSTS[host]] if host.endswith("-options") else {}


def variables(host: str) -> dict[str, str]:
    """Return the environment variables with the credentials, or that name their file."""
    if host.endswith("-profile"):
        return {VARIABLE: PROFILES.name}
    return {} if given(host) else {TERRAFORM[name]: value for name, value in WAYS[HOSTS[host]].items()}


def unmeant(end: str, result: Mapping[str, Any], failed: bool) -> bool:
    """Return whether the run ended otherwise than intended, so that the case proves nothing."""
    says = ENDS[end].says
    meant = says in result.get("msg", "") if says else result["changed"]
    return failed != bool(says) or not meant or "Traceback" in str(result)


def strings(value: Any) -> Iterator[str]:
    """Yield all texts in results as they are printed, not as JSON."""
    if isinstance(value, str):
        yield value
    for item in value.items() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        yield from strings(item)


def leaks(texts: Mapping[str, str], world: World) -> list[str]:
    """Return where a secret appears, its spelling there, and the line."""
    known = {secret for way in WAYS for secret in secrets(way)} | world.issued
    return [
        f"{place}: {', '.join(found)} of {secret[:2]}: {line[:1000]}"
        for place, text in texts.items()
        for line in text.splitlines()
        for secret in sorted(known)
        if (found := found_in(line, secret))
    ]


def check_danger(world: World) -> None:
    """Check that secrets could have leaked: tokens were issued, and the hostile server repeated all secrets."""
    assert world.issued
    said = b"\n".join(world.hostile.said).decode()
    for way in WAYS:
        for secret in secrets(way):
            assert PROMISED.keys() <= set(found_in(said, secret)), way


def kept_in(reported: list[str]) -> Reporter:
    """Return a reporter that keeps the reports."""
    return lambda text, _verbosity: reported.append(text)


def test_no_secret_is_in_results(world: World) -> None:
    defaults = {name: argument.get("default") for name, argument in live_pull_task.ARGUMENTS.items()}
    texts = {}
    for end, host in CASES:
        reported: list[str] = []
        options = {**defaults, **world.options(end, host), **given(host)}
        results = perform(live_pull_task.run, options, variables(host), False, kept_in(reported))
        assert not unmeant(end, results, results.get("failed", False)), (end, host, results)
        texts[f"{end}, {host}"] = "\n".join([json.dumps(results), *strings(results), *reported])
    check_danger(world)
    assert not leaks(texts, world)


def interpreter(folder: Path, host: str) -> str:
    """Write an interpreter with the credentials of a host in its environment, unknown to Ansible."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in variables(host).items()]
    path = folder / f"python-{host}"
    path.write_text("\n".join(["#!/bin/sh", *exports, f'exec {shlex.quote(sys.executable)} "$@"', ""]))
    path.chmod(0o700)
    return str(path)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of this process without credentials, and with the highest verbosity of Ansible."""
    foreign = ("HW_", "HUAWEICLOUD_", "CLOUD_SDK_", "ANSIBLE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION.parents[2]),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
        "ANSIBLE_LOG_VERBOSITY": "5",
        "ANSIBLE_CALLBACK_PLUGINS": str(folder),
        "ANSIBLE_CALLBACKS_ENABLED": "dump",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_INJECT_INVOCATION": "true",
        "ANSIBLE_FORKS": "4",
        "ANSIBLE_NOCOLOR": "true",
    }


@pytest.mark.slow
@pytest.mark.parametrize("way", ["direct", "shipped"])
def test_no_secret_leaves_ansible(tmp_path: Path, world: World, way: str) -> None:
    """In the worker the variables are those of the task; Ansible would show them if the module was shipped."""
    assert {host for _end, host in SAMPLE} == set(HOSTS)
    hosts = {
        host: {
            "ansible_connection": "local",
            "given": given(host),
            **(
                {"surroundings": variables(host)}
                if way == "direct"
                else {"ansible_python_interpreter": interpreter(tmp_path, host), "surroundings": {}}
            ),
        }
        for host in HOSTS
    }
    tasks = [
        {
            "name": end,
            # Not the values, because Ansible shows lines of the playbook.
            MODULE: {**world.options(end, host), **{name: f"{{{{ given.{name} }}}}" for name in given(host)}},
            "ignore_errors": True,
            "when": f"inventory_hostname == '{host}'",
        }
        for end, host in SAMPLE
    ]
    play: dict[str, Any] = {"hosts": "all", "gather_facts": False, "strategy": "free", "tasks": tasks}
    play["environment"] = "{{ surroundings }}"
    dump = tmp_path / "dump.jsonl"
    (tmp_path / "dump.py").write_text(CALLBACK.replace("{path!r}", repr(str(dump))))
    (tmp_path / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    (tmp_path / "playbook.json").write_text(json.dumps([play]))
    command = [sys.executable, "-m", "ansible", "playbook", "-vvvvv", "--diff", "-i"]
    done = subprocess.run(
        [*command, str(tmp_path / "inventory.json"), str(tmp_path / "playbook.json")],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert dump.exists(), done.stdout + done.stderr
    texts = {
        "stdout": done.stdout,
        "stderr": done.stderr,
        "log": (tmp_path / "ansible.log").read_text(),
        "results": dump.read_text(),
    }
    entries = [json.loads(line) for line in texts["results"].splitlines()]
    assert sorted((entry["task"], entry["host"]) for entry in entries) == sorted(SAMPLE)
    assert not [entry for entry in entries if unmeant(entry["task"], entry["result"], entry["failed"])]
    # Ansible shows the arguments, masked; secrets from the hostile server would be found.
    for place in ("stdout", "log"):
        assert re.search(r"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER|\$REDACTED\$", texts[place])
    assert ("run in the process of Ansible" in texts["log"]) == (way == "direct")
    assert world.hostile.said
    assert not leaks(texts, world)


def run_module(interpreter: str, folder: Path, options: Mapping[str, Any], path: str = "") -> tuple[str, str]:
    """Run the module as a process of its own, and return what it gives to Ansible, and what it wrote on stderr.

    From 2.22 on, a module tells Ansible in its results what to mask from then on; Ansible takes that out at once.
    """
    (folder / "arguments.json").write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
    done = subprocess.run(
        [interpreter, "-m", live_pull_task.__name__, str(folder / "arguments.json")],
        env={**environment(folder), "PYTHONPATH": f"{path}:{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    results = json.loads(done.stdout)
    results.pop("_ansible_new_secrets", None)
    return json.dumps(results, ensure_ascii=False), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "host"),
    [
        ("json-echo", "signature-options"),
        ("list-echo", "token-environment"),
        ("text-echo", "temporary-environment"),
        (IAM_ECHO, "password-options"),
    ],
)
def test_no_secret_leaves_the_module(tmp_path: Path, world: World, end: str, host: str) -> None:
    options = {**world.options(end, host), **given(host)}
    stdout, stderr = run_module(interpreter(tmp_path, host), tmp_path, options)
    assert not unmeant(end, json.loads(stdout), True)
    assert world.hostile.said
    assert not leaks({"stdout": stdout, "stderr": stderr}, world)


@pytest.mark.slow
def test_no_secret_leaves_the_module_without_requests(tmp_path: Path) -> None:
    (tmp_path / "requests.py").write_text("raise ImportError('there is no requests here')\n")
    options = {"task_id": "x", **WAYS["token"], "endpoint": "http://127.0.0.1:9"}
    stdout, _stderr = run_module(interpreter(tmp_path, "password-environment"), tmp_path, options, str(tmp_path))
    result = json.loads(stdout)
    assert result["failed"]
    assert "requests" in result["msg"]
    for secret in (TOKEN, WAYS["password"]["password"]):
        assert not found_in(stdout, secret)


def test_a_password_that_is_an_ordinary_word_stays_in_results() -> None:
    user = {"username": "user", "password": "live", "domain_name": "domain"}
    directory = Directory(users=(User(*user.values()),), tokens={TOKEN: PROJECT_ID})
    with Emulator(directory=directory) as emulator:

        def listed(credentials: Mapping[str, str]) -> dict[str, Any]:
            given = options(emulator.url, credentials, project_id=PROJECT_ID)
            results = perform(live_pull_task_info.run, given, {}, False, lambda text, verbosity: None)
            # The name contains the seconds.
            for task in results.get("live_pull_tasks", []):
                del task["air"]
            return results

        tasks = listed(user)
        assert "live" in {task["app_name"] for task in tasks["live_pull_tasks"]}
        assert tasks == listed(WAYS["token"])
        # It is masked in texts of a server.
        emulator.add_fault(Fault("echo_secrets", on="iam"))
        assert f'"password": "{MASK}"' in listed(user)["msg"]


# Secrets that tasks hold: keys in URLs, and options that are keys.

KEY = "a-key-of-the-user-0123456789"
HELD = {
    "push_args": f"?auth_key={KEY}",
    "callback_url": f"https://hooks.example.com/{KEY}",
    "backup_source_urls": [f"https://media.example.com/{KEY}.mp4"],
}
PLAYLIST = [f"https://me:{KEY}@media.example.com/a.mp4", f"https://media.example.com/b.mp4?X-Amz-Signature={KEY}"]
NEW = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
# The playlist is refused, because results show accepted playlists.
HOLDING: dict[str, dict[str, Any]] = {
    "created": {**NEW, **HELD, "source_urls": ["https://media.example.com/a.mp4"]},
    "unchanged": {**NEW, **HELD},
    "fixed": {**NEW, "push_args": f"?token={KEY}2"},
    "recreated": {**NEW, **HELD, "push_args": f"?token={KEY}2", "recreate": True},
    "refused": {**NEW, "source_urls": [f"{url} " for url in PLAYLIST]},
    "refused, long": {**NEW, "source_urls": [f"https://me:{KEY * 20}@media.example.com/a b"]},
    "of no place": {"destination_url": f"rtmp://me:{KEY}@h.example.com/live?key={KEY}", "vod_loop_time": 2},
    "deleted": {**NEW, "state": "absent"},
}


@pytest.mark.parametrize("show_secrets", [False, True])
def test_no_key_of_a_task_is_in_results(show_secrets: bool) -> None:
    defaults = {name: argument.get("default") for name, argument in live_pull_task.ARGUMENTS.items()}
    found: dict[str, dict[str, Any]] = {}
    reported: list[str] = []
    with Emulator(directory=DIRECTORY) as emulator:
        usual = {**defaults, **options(emulator.url, WAYS["token"]), "show_secrets": show_secrets}
        for name, task in HOLDING.items():
            found[name] = perform(live_pull_task.run, {**usual, **task}, {}, False, kept_in(reported))
    assert [name for name, results in found.items() if results.get("failed")] == [
        "fixed",
        "refused",
        "refused, long",
        "of no place",
    ]
    assert MASK in str(found)
    assert (KEY in str(found)) == show_secrets
    assert KEY not in "\n".join(reported)
    # A diff always masks parameters of URLs.
    assert f"auth_key={KEY}" not in str([results.get("diff") for results in found.values()])


# One case is run by make test; the others by make test-all.
@pytest.mark.parametrize(
    ("verbosity", "show_secrets"),
    [
        ("-v", False),
        *(
            pytest.param(verbosity, show_secrets, marks=pytest.mark.slow)
            for verbosity, show_secrets in (("", False), ("-vvvvv", False), ("", True), ("-v", True), ("-vv", True))
        ),
    ],
)
def test_no_key_of_a_task_is_shown(tmp_path: Path, verbosity: str, show_secrets: bool) -> None:
    tasks: list[dict[str, Any]] = [
        # Not the values, because Ansible shows lines of the playbook.
        {"name": name, MODULE: f"{{{{ holding['{name}'] }}}}", "ignore_errors": True}
        for name in HOLDING
    ]
    tasks.insert(1, {f"{MODULE}_info": {"show_secrets": show_secrets}})
    with Emulator(directory=DIRECTORY) as emulator:
        defaults = {name: value for name, value in options(emulator.url, WAYS["token"]).items() if value is not None}
        play: dict[str, Any] = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
        play["module_defaults"] = {"group/huaweicloud.live.live": defaults}
        (tmp_path / "playbook.json").write_text(json.dumps([play]))
        holding = {name: {**task, "show_secrets": show_secrets} for name, task in HOLDING.items()}
        (tmp_path / "vars.json").write_text(json.dumps({"holding": holding}))
        command = [sys.executable, "-m", "ansible", "playbook", "--diff", "-e", f"@{tmp_path / 'vars.json'}"]
        done = subprocess.run(
            [*command, *filter(None, [verbosity]), str(tmp_path / "playbook.json")],
            env={
                **{name: value for name, value in environment(tmp_path).items() if "CALLBACK" not in name},
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    printed = f"{done.stdout}{done.stderr}"
    assert re.search(rf"ok={len(tasks)} +changed=3 .*ignored=4", printed), printed
    assert MASK in printed
    lines = [line for line in printed.splitlines() if KEY in line]
    assert bool(lines) == show_secrets, lines
    # A diff always masks parameters of URLs.
    assert not [line for line in lines if line.startswith(("+", "-")) and f"auth_key={KEY}" in line]
