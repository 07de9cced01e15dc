# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No value of an option or a response can change another part of a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError, LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import FAMILIES
from ansible_collections.huaweicloud.live.plugins.module_utils._task.filters import TaskFilter
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.tests.emulator import PROJECT_ID, REGION, Emulator
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import Reply
from ansible_collections.huaweicloud.live.tests.unit.fakes.server import Received, Server
from ansible_collections.huaweicloud.live.tests.unit.security.conftest import WAYS, client_for, options

INJECTIONS = (
    "x\r\nX-Injected: 1",
    "x\nX-Injected: 1",
    "x\rX-Injected: 1",
    "x\r\n\r\nGET /injected HTTP/1.1",
    "x\n",
    "\nx",
    "x\x00y",
    "x\x0by",
    "x\x85y",
    "x\u2028y",
    "x\u560d\u560ay",  # cut to bytes, these are CR and LF
    "x\ty",
    "x\x7f",
    "\udc0dx",
)
HEADER_OPTIONS = ("auth_token", "access_key", "secret_key", "security_token")
VARIABLES = [
    pytest.param(family, name, id=family[name]) for family in FAMILIES for name in HEADER_OPTIONS if name in family
]


def complete(name: str) -> dict[str, str]:
    """Return complete credentials with this option."""
    return next(way for way in reversed(WAYS.values()) if name in way)


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.parametrize("name", [*HEADER_OPTIONS, "region", "project_id", "endpoint", "iam_endpoint"])
def test_options_with_line_breaks_are_refused(emulator: Emulator, name: str, value: str) -> None:
    value = f"{emulator.url}/{value}" if "endpoint" in name else value
    credentials = complete(name) if name in HEADER_OPTIONS else WAYS["token"]
    with pytest.raises(InvalidOptionError, match=f"^{name}: ") as raised:
        client_for(options(emulator.url, {**credentials, name: value}))
    if name in HEADER_OPTIONS:
        assert value not in raised.value.message
    assert emulator.journal == []


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.parametrize(("family", "name"), VARIABLES)
def test_variables_with_line_breaks_are_refused(
    emulator: Emulator, family: Mapping[str, str], name: str, value: str
) -> None:
    way = complete(name) if name != "security_token" else WAYS["temporary"]
    environ = {family[one]: way[one] for one in way if one in family}
    with pytest.raises(InvalidOptionError, match=f"^{name}: "):
        client_for(options(emulator.url, {}), {**environ, family[name]: value})
    assert emulator.journal == []


# Not printable in Python; other characters are encoded in UTF-8.
CONTROLS = tuple(value for value in INJECTIONS if not value.isprintable())


@pytest.mark.parametrize("value", [*CONTROLS, "", " x", "x ", "\u00a0x"])
def test_task_ids_with_line_breaks_are_refused(value: str) -> None:
    with pytest.raises(InvalidOptionError, match=r"^task_id: "):
        Declaration.from_options({"task_id": value})
    with pytest.raises(InvalidOptionError, match=r"^task_id: "):
        TaskFilter.from_options({"task_id": value})


@pytest.mark.parametrize("name", ["username", "password", "domain_name"])
def test_a_user_name_that_is_not_utf_8_is_refused(emulator: Emulator, name: str) -> None:
    with pytest.raises(InvalidOptionError, match=f"^{name}: the value .not shown. is not allowed") as raised:
        client_for(options(emulator.url, {**WAYS["password"], name: "secret\udcff"}))
    assert "secret" not in raised.value.message
    assert emulator.journal == []


@pytest.mark.parametrize("value", INJECTIONS[:-1])
@pytest.mark.parametrize("name", ["username", "password", "domain_name"])
def test_a_user_name_is_sent_in_json_only(emulator: Emulator, name: str, value: str) -> None:
    credentials = {**WAYS["password"], name: value}
    with pytest.raises(LiveError):
        client_for(options(emulator.url, credentials))
    for entry in emulator.journal:
        assert (entry["method"], entry["path"]) == ("POST", "/v3/auth/tokens")
        assert "x-injected" not in entry["headers"]
        user = entry["json"]["auth"]["identity"]["password"]["user"]
        assert value in (user["name"], user["password"], user["domain"]["name"])


AWKWARD_IDS = (
    "x\u560d\u560ay",
    "../../admin",
    "a/b",
    "a%2Fb",
    "a?b=c",
    "a#b",
    "a&limit=1",
    "a=b",
    "a;b",
    "a+b",
    "a b",
    "..",
    ".",
    "%2e%2e",
    "%0d%0aX-Injected:1",
    "\u00e9\u4e2d\U0001f600",
    "'\"<>\\`{}|^",
    "~-_.",
    "@host",
    "//host",
)


@pytest.mark.parametrize("way", ["token", "signature"])
@pytest.mark.parametrize("task_id", AWKWARD_IDS)
def test_a_task_id_stays_in_the_query(emulator: Emulator, task_id: str, way: str) -> None:
    client = client_for(options(emulator.url, WAYS[way]))
    [before] = [task for task in emulator.tasks if task["status"] == "pause"]
    emulator.seed([{**before, "task_id": task_id}])
    assert client.get(task_id) == {**before, "task_id": task_id}
    assert client.modifying(task_id).send({"task_id": task_id, "status": "enable"})
    assert emulator.task(task_id)["status"] == "enable"
    read, write = emulator.journal
    assert read["path"] == write["path"] == f"/v1/{PROJECT_ID}/pull/stream/task"
    assert read["query"] == {"limit": "100", "offset": "0", "task_id": task_id}
    assert write["json"] == {"task_id": task_id, "status": "enable"}
    assert (read["status"], write["status"]) == (200, 200)


@pytest.mark.parametrize("way", ["token", "signature"])
@pytest.mark.parametrize("project_id", [one for one in AWKWARD_IDS if one.isascii() and " " not in one])
def test_a_project_id_stays_in_its_segment(serve: Callable[..., Server], project_id: str, way: str) -> None:
    server = serve(lambda request: Reply(200, {"task_infos": [], "total": 0}))
    given = options(server.url, WAYS[way], project_id=project_id)
    if project_id in (".", ".."):
        with pytest.raises(InvalidOptionError, match=r"^project_id: "):
            client_for(given)
        return
    assert client_for(given).get("x") is None
    [request] = server.received
    path = urlsplit(request.target).path
    assert path.count("/") == "/v1/x/pull/stream/task".count("/")
    assert unquote(path) == f"/v1/{project_id}/pull/stream/task"
    assert request.headers.get("x-project-id", project_id) == project_id
    assert "x-injected" not in request.headers


@pytest.mark.parametrize("task_region", [*AWKWARD_IDS, *INJECTIONS[:-1]])
def test_a_filter_stays_in_the_query(emulator: Emulator, task_region: str) -> None:
    wanted = TaskFilter.from_options({"task_region": task_region})
    assert list(client_for(options(emulator.url, WAYS["signature"])).list(wanted.query)) == []
    assert emulator.journal[-1]["query"] == {"limit": "100", "offset": "0", "region": task_region}


@pytest.mark.parametrize("value", [*[one for one in INJECTIONS if one.isascii()], "", "..", ".", "\u00e9", "a b"])
def test_a_hostile_project_id_of_iam_is_refused(serve: Callable[..., Server], value: str) -> None:
    def answer(request: Received) -> Reply:
        projects = [{"id": value, "name": REGION}]
        token = {"token": {"project": {"id": value}}}
        return (
            Reply(201, token, {"X-Subject-Token": "good"})
            if request.method == "POST"
            else Reply(200, {"projects": projects})
        )

    server = serve(answer)
    for way in WAYS.values():
        with pytest.raises(LiveError):
            client_for(options(server.url, way, project_id=None))
    assert {urlsplit(request.target).path for request in server.received} == {"/v3/projects", "/v3/auth/tokens"}


@pytest.mark.parametrize("token", ["", " ", "a b", "a\tb", "\u00e9", "a\x7f", "a\x01"])
def test_a_hostile_token_of_iam_is_refused(serve: Callable[..., Server], token: str) -> None:
    answer = Reply(201, {"token": {"project": {"id": PROJECT_ID}}}, {"X-Subject-Token": token})
    server = serve(lambda request: answer)
    with pytest.raises(LiveError, match="to the request for a token contains no token"):
        client_for(options(server.url, WAYS["password"]))
    assert len(server.received) == 1


def test_a_token_folded_over_lines_is_refused(serve: Callable[..., Server]) -> None:
    answer = Reply(201, {"token": {"project": {"id": PROJECT_ID}}}, {"X-Subject-Token": "good\r\n X-Injected: 1"})
    server = serve(lambda request: answer)
    with pytest.raises(LiveError, match="to the request for a token contains no token"):
        client_for(options(server.url, WAYS["password"]))
    assert len(server.received) == 1
