# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of relay tasks, read by the plugin and by Ansible's programs."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
import yaml
from ansible import constants as C
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.plugins.loader import fragment_loader
from ansible.template import Templar
from ansible.utils.plugin_docs import get_docstring
from ansible.utils.vars import load_extra_vars

from ansible_collections.huaweicloud.live.plugins import doc_fragments
from ansible_collections.huaweicloud.live.plugins.inventory import pull_tasks
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task_info
from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    PAUSED_ID,
    RELAY_ID,
    SHOW_ID,
    Emulator,
    Fault,
    environment,
    fleet_id,
    seed_many,
    vod_task,
)
from ansible_collections.huaweicloud.live.tests.emulator.clock import utc_now, write_time
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION, run_as_user


def host(stream: str) -> str:
    """Return the name of the host of a channel."""
    return f"{stream}.live.push.example.com"


CHANNEL, SHOW, PAUSED = map(host, ("channel", "show", "paused"))
TASKS = {CHANNEL: CHANNEL_ID, SHOW: SHOW_ID, RELAY_ID: RELAY_ID, PAUSED: PAUSED_ID}
NAME = pull_tasks.InventoryModule.NAME
EXAMPLE = COLLECTION / "docs" / "examples" / "inventory.huaweicloud_live.yml"

try:
    # Since ansible-core 2.19 only what is trusted can be a template.
    from ansible.template import trust_as_template
except ImportError:

    def trust_as_template(value: str) -> str:
        return value


class Fragments:
    """A loader of documentation fragments that also finds those of this collection."""

    def get(self, name: str) -> Any:
        """Return a fragment; None if there is no fragment with that name."""
        own = name.removeprefix("huaweicloud.live.")
        if own == name:
            return fragment_loader.get(name.removeprefix("ansible.builtin."))
        if "." in own:
            return None
        fragment = import_module(f"{doc_fragments.__name__}.{own}").ModuleDocFragment
        fragment.ansible_name = name
        return fragment


class Inventory(NamedTuple):
    """The result of reading a file.

    Attributes:
        data: the inventory.
        warnings: the warnings.
        error: the error; empty if there is none.
    """

    data: InventoryData
    warnings: list[str]
    error: str

    @property
    def hosts(self) -> dict[str, dict[str, Any]]:
        """Return the variables of each host, without those that Ansible gives every host."""
        common = ("inventory_dir", "inventory_file")
        return {
            name: {variable: value for variable, value in host.vars.items() if variable not in common}
            for name, host in self.data.hosts.items()
        }

    def group(self, name: str) -> list[str]:
        """Return the hosts of a group."""
        return [host.name for host in self.data.groups[name].get_hosts()] if name in self.data.groups else []


class Station:
    """A user with a file, an environment, and the service.

    Args:
        emulator: the service.
        folder: for the file.
        monkeypatch: for the environment.
    """

    def __init__(self, emulator: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.emulator = emulator
        self.folder = folder
        self.file = folder / "station.huaweicloud_live.yml"
        self._monkeypatch = monkeypatch
        self.environ = {**environment(emulator.url), "HW_PROJECT_ID": emulation.PROJECT_ID}

    def write(self, options: Mapping[str, Any] | None = None) -> None:
        """Write the options to the file."""
        self.file.write_text(yaml.safe_dump({"plugin": NAME, **(options or {})}))

    def inventory(
        self, options: Mapping[str, Any] | None = None, environ: Mapping[str, str | None] | None = None, **how: Any
    ) -> Inventory:
        """Write the options to the file, and read it; an environment variable that is None is unset."""
        self.write(options)
        return self.read(self.file, environ, **how)

    def read(
        self,
        path: Path,
        environ: Mapping[str, str | None] | None = None,
        cache: bool = True,
        data: InventoryData | None = None,
    ) -> Inventory:
        """Read a file as Ansible does after `verify_file`.

        Args:
            path: the file.
            environ: further environment variables.
            cache: whether the cache may be read.
            data: the inventory with the hosts of other files.
        """
        plugin = pull_tasks.InventoryModule()
        plugin._load_name = plugin.ansible_name = NAME
        plugin.ansible_aliases, plugin._redirected_names = [NAME], []
        warnings: list[str] = []
        data = data or InventoryData()
        error = ""
        with self._monkeypatch.context() as patched:
            for name, value in {**self.environ, **(environ or {})}.items():
                patched.delenv(name, raising=False) if value is None else patched.setenv(name, value)
            patched.setattr(plugin.display, "warning", lambda text, *_arguments, **_named: warnings.append(text))
            try:
                plugin.parse(data, DataLoader(), str(path), cache)
                if getattr(plugin, "_cache", None):
                    plugin.update_cache_if_changed()
            except AnsibleParserError as failed:
                error = str(failed)
        return Inventory(data, warnings, error)

    def run(self, program: str, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
        """Run a program of Ansible on the file, and return its output."""
        own = {"HW_PROJECT_ID": emulation.PROJECT_ID, "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
        command = (program, "-i", str(self.file), *arguments)
        done = run_as_user(self.emulator, self.folder, *command, environ={**own, **(environ or {})})
        assert "DEPRECATION" not in done.stderr, done.stderr
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module", autouse=True)
def _definitions() -> None:
    """Define the options of the plugin from its documentation, as Ansible does when it loads a plugin."""
    found = get_docstring(pull_tasks.__file__, Fragments(), collection_name="huaweicloud.live", plugin_type="inventory")
    C.config.initialize_plugin_configuration_definitions("inventory", NAME, found[0]["options"])


@pytest.fixture
def station(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Station:
    """Return a user of the inventory."""
    return Station(emulator, tmp_path, monkeypatch)


# Hosts and their variables


def test_each_task_is_a_host_with_the_fields_that_the_info_module_returns(station: Station) -> None:
    found = station.inventory({"show_secrets": True})
    assert {name: own["task_id"] for name, own in found.hosts.items()} == TASKS
    assert found.warnings == []
    options = {name: option.get("default") for name, option in live_pull_task_info.ARGUMENTS.items()}
    results = live_pull_task_info.run(options, station.environ, False, lambda text, verbosity: None)
    assert results["total"] == len(TASKS)
    for task in results["live_pull_tasks"]:
        [own] = [own for own in found.hosts.values() if own["task_id"] == task["task_id"]]
        assert own.pop("ansible_connection") == "local"
        left = [of["air"].pop("seconds_left") for of in (own, task)]
        assert left[0] is left[1] is None or abs(left[0] - left[1]) < 60
        assert own == task


def test_secrets_of_a_task_are_neither_variables_nor_cached(station: Station) -> None:
    secret = {"push_args": "?auth_key=a-secret", "callback_url": "https://hooks.example.com/a-secret"}
    station.emulator.seed([{**task, **secret} for task in station.emulator.tasks])
    for _time in range(2):
        hosts = station.inventory(cached(station.folder)).hosts
        assert {(own["push_args"], own["callback_url"]) for own in hosts.values()} == {("********", "********")}
    kept = [*(station.folder / "cache").iterdir()]
    assert kept
    assert not any("a-secret" in file.read_text() for file in kept)


def on_air_and_not(station: Station) -> dict[str, list[str]]:
    """Seed channels on and off air, and return the groups of the example with their hosts."""
    tasks = station.emulator.tasks
    tasks[0]["end_time"] = write_time(utc_now() + timedelta(hours=2))
    tasks.append(vod_task(fleet_id(0), "yesterday", utc_now() - timedelta(days=9)))
    tasks.append(vod_task(fleet_id(1), "timeless", utc_now(), start_time="", end_time=""))
    station.emulator.seed(tasks)
    groups = {"air_on_air": [CHANNEL, host("timeless")], "air_ahead": [SHOW], "air_over": [host("yesterday")]}
    return {**groups, "air_paused": [PAUSED], "ends_soon": [CHANNEL]}


def test_the_example_groups_channels_by_whether_they_are_on_air(station: Station) -> None:
    groups = on_air_and_not(station)
    found = station.read(EXAMPLE)
    assert {name: found.group(name) for name in groups} == groups
    assert set(found.group("region_cn_north_4")) == set(found.hosts)
    assert RELAY_ID not in found.hosts
    assert found.hosts[host("timeless")]["air"] == {
        "state": "on_air",
        "since": None,
        "until": None,
        "seconds_left": None,
    }


def test_ansible_inventory_lists_the_example(station: Station) -> None:
    groups = on_air_and_not(station)
    station.file = EXAMPLE
    listed = json.loads(station.run("ansible-inventory", "--list"))
    assert {name: listed[name]["hosts"] for name in groups} == groups


@pytest.mark.slow
def test_ansible_inventory_draws_the_example(station: Station) -> None:
    on_air_and_not(station)
    station.file = EXAMPLE
    assert "|--@air_over:\n  |  |--yesterday.live.push.example.com" in station.run("ansible-inventory", "--graph")


def test_groups_variables_names_and_prefix_are_as_in_the_file(station: Station) -> None:
    found = station.inventory(
        {
            "hostnames": ["{{ live_stream_name }}.{{ live_app_name }}", "task_id"],
            "hostvars_prefix": "live_",
            "groups": {"many": "live_source_urls | length > 1"},
            "compose": {"first": "live_source_urls[0]", "doubled": "live_vod_start_video_index * 2", "no": "nothing.x"},
            "keyed_groups": [
                {"key": "live_callback_events | length | string", "prefix": "events", "parent_group": "by_events"}
            ],
            "leading_separator": False,
        }
    )
    # The relay pushes to a URL: neither stream nor application.
    assert {*found.hosts} == {"channel.live", "show.live", ".", "paused.live"}
    assert {*found.group("many")} == {"channel.live", "show.live", "paused.live"}
    assert found.hosts["channel.live"]["first"].endswith("opening.mp4")
    assert int(found.hosts["show.live"]["doubled"]) == 2
    assert not any("no" in own for own in found.hosts.values())
    assert {name for own in found.hosts.values() for name in own} >= {"live_air", "live_status", "ansible_connection"}
    assert "status" not in found.hosts["channel.live"]


@pytest.mark.parametrize("option", [{"compose": {"hours": "nothing.x"}}, {"groups": {"some": "nothing.x"}}], ids=str)
def test_strict_makes_an_expression_that_fails_an_error(station: Station, option: dict[str, Any]) -> None:
    found = station.inventory({"strict": True, **option})
    assert found.error.startswith(f"{station.file}: ")
    assert found.hosts == {}


def test_none_of_the_hosts_is_there_if_one_fails(station: Station) -> None:
    found = station.inventory(
        {"strict": True, "compose": {"index": "vod_start_video_index / (1 if status == 'enable' else 0)"}}
    )
    assert found.error
    assert found.hosts == {}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"status": "pause"}, {PAUSED}),
        ({"source_type": "PullLivePushLive"}, {RELAY_ID}),
        ({"task_id": SHOW_ID, "domain": "Push.example.com."}, {SHOW}),
        ({"stream_name": "{{ wanted }}", "app_name": None}, {CHANNEL}),
        ({"stream_name": "unknown"}, set()),
    ],
)
def test_filters(station: Station, monkeypatch: pytest.MonkeyPatch, filters: dict[str, Any], names: set[str]) -> None:
    monkeypatch.setattr(load_extra_vars, "extra_vars", {"wanted": "channel"}, raising=False)
    found = station.inventory({"filters": filters})
    assert not found.error
    assert {*found.hosts} == names


def test_words_of_the_service(station: Station) -> None:
    station.emulator.seed([vod_task(fleet_id(0), "channel", utc_now(), status="running")])
    assert station.inventory().hosts[CHANNEL]["air"]["state"] == "unknown"
    own = station.inventory({"status_words": {"Running": "enable"}}).hosts[CHANNEL]
    assert (own["status"], own["air"]["state"]) == ("enable", "on_air")


# Names


def fleet(*names: str, **fields: Any) -> list[dict[str, Any]]:
    """Return channels with these streams."""
    return [vod_task(fleet_id(place), name, utc_now(), **fields) for place, name in enumerate(names)]


def test_tasks_with_one_name_are_all_kept(station: Station) -> None:
    names = [f"double-{number // 2}" for number in range(14)]
    station.emulator.seed([*fleet(*names, "one"), vod_task("alone", fleet_id(3), utc_now())])
    found = station.inventory({"hostnames": ["stream_name"]})
    assert {*found.hosts} == {"one", "alone", *map(fleet_id, range(14))}
    [warning] = found.warnings
    assert warning.startswith(f"{station.file}: Several tasks have the same name")
    assert "'double-0', 'double-1', 'double-2', 'double-3', 'double-4', and 3 more" in warning


def test_empty_fields_are_not_duplicates(station: Station) -> None:
    station.emulator.seed(fleet("", "", "x"))
    found = station.inventory({"hostnames": ["stream_name"]})
    assert {*found.hosts} == {fleet_id(0), fleet_id(1), "x"}
    assert found.warnings == []


def test_a_name_that_is_not_allowed_is_replaced_by_the_id(station: Station) -> None:
    bad = ["two words", "all", "region_cn_north_4", "localhost", "späti", "a,b", "line\nbreak", "{{ 1 }}"]
    station.emulator.seed(fleet("good-1.x_y", *bad))
    found = station.inventory({"keyed_groups": [{"key": "region", "prefix": "region"}], "hostnames": ["stream_name"]})
    assert {*found.hosts} == {"good-1.x_y", *map(fleet_id, range(1, len(bad) + 1))}
    [warning] = found.warnings
    for words in ("'two words'", "'all'", "and 3 more"):
        assert words in warning


def test_an_id_that_is_not_allowed_as_a_name_is_an_error(station: Station) -> None:
    station.emulator.seed([vod_task("no name", "no name either", utc_now())])
    found = station.inventory()
    assert found.error.startswith(f"{station.file}: A task has the id 'no name'")


def test_channels_of_two_domains_are_two_hosts_in_either_order(station: Station) -> None:
    over = {"end_time": write_time(utc_now() - timedelta(days=1))}
    first = vod_task("a", "news", utc_now() - timedelta(days=9), domain="push1.example.com", **over)
    station.emulator.seed([first, vod_task("b", "news", utc_now(), domain="push2.example.com")])
    names = {"a": "news.live.push1.example.com", "b": "news.live.push2.example.com"}
    for domains in (["push1.example.com", "push2.example.com"], ["push2.example.com", "push1.example.com"]):
        data = InventoryData()
        for domain in domains:
            options = {"filters": {"domain": domain}, "keyed_groups": [{"key": "air.state", "prefix": "air"}]}
            found = station.inventory(options, data=data)
            assert found.warnings == []
        assert {own["task_id"]: name for name, own in found.hosts.items()} == names
        assert (found.group("air_over"), found.group("air_on_air")) == ([names["a"]], [names["b"]])


@pytest.mark.parametrize("hostnames", [["stream_name"], ["{{ stream_name }}"], ["app_name", "stream_name"]], ids=str)
def test_with_short_names_the_second_of_two_files_does_not_take_over_a_host(
    station: Station, hostnames: list[str]
) -> None:
    names = {"domain": "push1.example.com", "app_name": "news"}
    station.emulator.seed(
        [vod_task("a", "news", utc_now(), **names), vod_task("b", "news", utc_now(), app_name="news")]
    )
    data = InventoryData()
    groups = {"keyed_groups": [{"key": "domain", "prefix": "of"}]}
    station.inventory({**groups, "filters": {"domain": "push1.example.com"}, "hostnames": hostnames}, data=data)
    found = station.inventory({**groups, "filters": {"domain": "push.example.com"}, "hostnames": hostnames}, data=data)
    assert {name: own["task_id"] for name, own in found.hosts.items()} == {"news": "a", "b": "b"}
    assert (found.group("of_push1_example_com"), found.group("of_push_example_com")) == (["news"], ["b"])
    assert "a host that is not this task" in found.warnings[0]
    assert "'news'" in found.warnings[0]


@pytest.mark.parametrize("first", [True, False])
def test_a_server_with_the_name_of_a_stream_gets_no_variables_of_the_channel(station: Station, first: bool) -> None:
    data = InventoryData()
    for server in (True, False) if first else (False, True):
        if server:
            data.add_host("channel", data.add_group("web"))
            data.set_variable("channel", "ansible_host", "192.0.2.10")
        else:
            station.inventory(data=data)
    hosts = Inventory(data, [], "").hosts
    assert hosts["channel"] == {"ansible_host": "192.0.2.10"}
    assert hosts[CHANNEL]["task_id"] == CHANNEL_ID
    assert "ansible_host" not in hosts[CHANNEL]


@pytest.mark.parametrize("note", [{}, {"task_id": SHOW_ID}])
def test_with_short_names_a_server_is_not_taken_over(station: Station, note: dict[str, str]) -> None:
    data = InventoryData()
    data.add_host("channel")
    for name, value in {"ansible_host": "192.0.2.10", **note}.items():
        data.set_variable("channel", name, value)
    found = station.inventory({"hostnames": ["stream_name"]}, data=data)
    assert found.hosts["channel"] == {"ansible_host": "192.0.2.10", **note}
    assert found.hosts[CHANNEL_ID]["task_id"] == CHANNEL_ID
    [warning] = found.warnings
    assert "'channel'" in warning


@pytest.mark.parametrize(
    "groups",
    [
        {"keyed_groups": [{"key": "stream_name"}], "leading_separator": False},
        {"keyed_groups": [{"key": "stream_name", "prefix": "x", "parent_group": "channel"}]},
        {"groups": {"channel": "true"}},
    ],
    ids=str,
)
def test_a_group_with_the_name_of_a_server_is_an_error(station: Station, groups: dict[str, Any]) -> None:
    """A play on the server would run on the tasks of the group."""
    data = InventoryData()
    data.add_host("channel")
    found = station.inventory(groups, data=data)
    assert "hosts with the names of the groups 'channel'" in found.error
    assert {*found.hosts} == {"channel"}
    assert {*data.groups} == {"all", "ungrouped"}


def test_a_task_in_two_files_is_one_host(station: Station) -> None:
    data = InventoryData()
    groups = [{"key": "status", "prefix": "is"}]
    station.inventory({"filters": {"task_id": CHANNEL_ID}, "hostvars_prefix": "live_"}, data=data)
    station.inventory({"hostnames": ["task_id"], "keyed_groups": groups}, data=data)
    found = station.inventory(data=data)
    assert found.warnings == []
    assert {*found.hosts} == {CHANNEL, *TASKS.values()} - {CHANNEL_ID}
    assert found.hosts[CHANNEL]["task_id"] == found.hosts[CHANNEL]["live_task_id"] == CHANNEL_ID
    assert found.group("is_enable") == [CHANNEL, SHOW_ID, RELAY_ID]


HOSTILE = ["{{ 1 + 1 }}", "{% raw %}", "{# x #}", "{{ lookup('pipe', 'touch owned') }}", "!unsafe x", "#jinja2: x"]


def hostile(station: Station) -> dict[str, Any]:
    """Seed tasks whose values look like templates, and return the options of an inventory of them."""
    extra = {"ansible_python_interpreter": "/bin/owned", "bad-name": 1, "unknown_field": HOSTILE[3]}
    station.emulator.seed(fleet(*HOSTILE, push_args="{{ 2 + 2 }}", **extra))
    assert "ansible_python_interpreter" in station.emulator.tasks[0]
    return {
        "show_secrets": True,
        "compose": {"again": "stream_name", "joined": "'<' ~ stream_name ~ '>'", "urls": "source_urls"},
        "keyed_groups": [{"key": "stream_name", "prefix": "stream"}],
        "hostnames": ["{{ stream_name }}", "task_id"],
    }


def test_no_value_is_evaluated_as_a_template(station: Station) -> None:
    """Neither by the plugin, nor by a template that uses the variables."""
    found = station.inventory(hostile(station))
    assert len(found.hosts) == len(HOSTILE)
    for place, name in enumerate(HOSTILE):
        own = found.hosts[fleet_id(place)]
        assert (own["stream_name"], own["again"], own["joined"]) == (name, name, f"<{name}>")
        assert own["push_args"] == "{{ 2 + 2 }}"
        assert own["unknown_field"] == HOSTILE[3]
        assert own["urls"][0] == f"https://media.example.com/{name}/opening.mp4"
        assert not {"ansible_python_interpreter", "bad-name"} & {*own}
        templar = Templar(DataLoader(), variables=own)
        for variable in ("stream_name", "again", "joined", "unknown_field"):
            assert templar.template(trust_as_template(f"{{{{ {variable} }}}}")) == own[variable]


@pytest.mark.slow
def test_no_value_is_evaluated_as_a_template_in_a_play(station: Station) -> None:
    station.write(hostile(station))
    wanted = {
        fleet_id(place): b64encode(json.dumps([name, name, f"<{name}>", HOSTILE[3]]).encode()).decode()
        for place, name in enumerate(HOSTILE)
    }
    (station.folder / "wanted.json").write_text(json.dumps({"wanted": wanted}))
    same = "([stream_name, again, joined, unknown_field] | to_json | b64encode) == wanted[task_id]"
    play = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.assert": {"that": same}}]}
    book = station.folder / "book.yml"
    book.write_text(json.dumps([play]))
    station.run("ansible-playbook", "-e", "@wanted.json", str(book))
    assert not (station.folder / "owned").exists()


# Connection and credentials

NO_CREDENTIALS = {"HUAWEICLOUD_SDK_AK": None, "HUAWEICLOUD_SDK_SK": None}


def test_missing_credentials_are_an_error(station: Station) -> None:
    found = station.inventory(environ=NO_CREDENTIALS)
    assert found.error.startswith(f"{station.file}: No credentials were given")
    assert station.emulator.journal == []


def with_key(station: Station) -> dict[str, str]:
    """Return the options of an inventory with a connection, without the secret key."""
    return {
        "region": emulation.REGION,
        "endpoint": station.emulator.url,
        "project_id": emulation.PROJECT_ID,
        "access_key": emulation.ACCESS_KEY,
    }


def test_the_secret_of_a_file_may_be_a_template(station: Station, tmp_path: Path) -> None:
    """The environment has only an incomplete set of credentials."""
    (tmp_path / "key").write_text(emulation.SECRET_KEY)
    elsewhere = {**dict.fromkeys((*environment(""), "HW_PROJECT_ID")), "HW_AUTH_TOKEN": "that-of-another-account"}
    template = {**with_key(station), "secret_key": f"{{{{ lookup('file', '{tmp_path}/key') }}}}"}
    found = station.inventory(template, elsewhere)
    assert {*found.hosts} == {*TASKS}, found.error
    assert emulation.SECRET_KEY not in str(found.hosts)


@pytest.mark.slow
def test_the_secret_of_a_file_may_be_encrypted_with_vault(station: Station, tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("word")
    locked = VaultLib().encrypt(emulation.SECRET_KEY.encode(), VaultSecret(b"word")).decode()
    station.write(with_key(station))
    with station.file.open("a") as file:
        file.write("secret_key: !vault |\n" + "".join(f"  {line}\n" for line in locked.splitlines()))
    environ = {"HUAWEICLOUD_SDK_SK": "that-of-another-account"}
    word = ("--vault-password-file", str(tmp_path / "vault"))
    listed = station.run("ansible-inventory", "--list", *word, environ=environ)
    assert {*json.loads(listed)["_meta"]["hostvars"]} == {*TASKS}
    assert emulation.SECRET_KEY not in listed


def test_a_user_in_the_environment_is_used(station: Station) -> None:
    user = {
        "HW_USER_NAME": emulation.USERNAME,
        "HW_USER_PASSWORD": emulation.PASSWORD,
        "HW_DOMAIN_NAME": emulation.DOMAIN_NAME,
        "HW_PROJECT_ID": None,
    }
    found = station.inventory(environ={**NO_CREDENTIALS, **user})
    assert {*found.hosts} == {*TASKS}, found.error


# Errors


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"regoin": "x"}, "regoin is not an option. Did you mean region? Allowed: access_key, auth_token, ca_path, cache,"),
    (
        {"filters": {"stream": "x"}},
        "filters.stream is not an option. Did you mean filters.stream_name? Allowed: task_id, task_region,",
    ),
    ({"filters": {"source_type": "x"}}, "value of source_type must be one of: PullLivePushLive, PullVodPushLive"),
    ({"filters": {"task_id": " "}}, "task_id: ' ' is not allowed"),
    ({"filters": {"stream_name": 7}}, "stream_name: the number 7 is not allowed, because YAML reads 007 as 7"),
    ({"filters": "status"}, "filters"),
    ({"hostnames": ["streamname"]}, "hostnames: 'streamname' is not a field of a task. Allowed: air, app_name,"),
    ({"hostvars_prefix": "ansible_"}, "hostvars_prefix: 'ansible_' is not allowed"),
    ({"hostvars_prefix": "a b"}, "hostvars_prefix: 'a b' is not allowed"),
    ({"retries": 1000}, "retries: 1000 is not allowed"),
    ({"timeout": "soon"}, "timeout"),
    ({"region": "{{ nothing }}"}, "nothing"),
    ({"keyed_groups": [["air.state"]]}, "keyed"),
    ({"status_words": {"x": "y"}}, "status_words.x: 'y' is not allowed"),
    ({"cache": True, "cache_plugin": "jsonfile"}, "cache"),
    ({"access_key": emulation.ACCESS_KEY}, "The credentials are incomplete: only access_key given"),
    ({"secret_key": "{{ 'a' * 20 }}"}, "The credentials are incomplete: only secret_key given"),
    ({"username": "someone"}, "The credentials are incomplete: only username given"),
]


@pytest.mark.parametrize(("options", "text"), MISTAKES, ids=str)
def test_a_mistake_in_a_file_is_an_error_that_names_it(station: Station, options: dict[str, Any], text: str) -> None:
    """Incomplete credentials are not completed from the environment."""
    others = {"HW_ACCESS_KEY": "x", "HW_SECRET_KEY": "y", "HW_USER_PASSWORD": "z", "HW_DOMAIN_NAME": "d"}
    found = station.inventory(options, others)
    assert found.error.startswith(f"{station.file}: ")
    assert text in found.error
    assert found.hosts == {}
    # Two are found only after the tasks are read.
    assert len(station.emulator.journal) == len({"hostnames", "keyed_groups"} & {*options})


def test_a_failed_page_of_the_list_gives_no_hosts(station: Station) -> None:
    station.emulator.seed(seed_many(250))
    station.emulator.add_fault(Fault("status", status=503, on="list", after=1, times=-1))
    found = station.inventory({"retries": 0})
    assert found.error.startswith(f"{station.file}: ")
    assert "503" in found.error
    assert found.hosts == {}


@pytest.mark.parametrize(
    ("name", "ours"), [("station.yml", False), ("a.huaweicloud_live.yml", True), ("a.huaweicloud_live.yaml", True)]
)
def test_the_name_of_a_file_says_whether_it_is_for_this_plugin(tmp_path: Path, name: str, ours: bool) -> None:
    (tmp_path / name).write_text("plugin: huaweicloud.live.pull_tasks\n")
    assert pull_tasks.InventoryModule().verify_file(str(tmp_path / name)) == ours


# The cache


def cached(folder: Path) -> dict[str, Any]:
    """Return the options of an inventory that caches the tasks in a folder."""
    return {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(folder / "cache")}


def test_the_cache_holds_the_tasks_and_no_secret(station: Station, tmp_path: Path) -> None:
    assert {*station.inventory(cached(tmp_path)).hosts} == {*TASKS}
    held = "".join(file.read_text() for file in (tmp_path / "cache").rglob("*"))
    assert CHANNEL_ID in held
    assert emulation.SECRET_KEY not in held and emulation.ACCESS_KEY not in held
    assert "seconds_left" not in held


def test_air_is_computed_for_the_current_time_also_from_the_cache(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = utc_now() + timedelta(hours=1)
    station.emulator.seed(
        [*station.emulator.tasks[1:], vod_task(CHANNEL_ID, "channel", utc_now(), end_time=write_time(ends))]
    )
    options = {**cached(tmp_path), "keyed_groups": [{"key": "air.state", "prefix": "air"}]}
    first = station.inventory(options)
    assert first.hosts[CHANNEL]["air"]["state"] == "on_air"

    later = (ends + timedelta(seconds=1)).timestamp()
    monkeypatch.setattr(pull_tasks, "Clock", lambda: SimpleNamespace(now=lambda: later))
    second = station.inventory(options)
    assert len(station.emulator.reads()) == 1
    assert second.hosts[CHANNEL]["air"]["state"] == "over"
    assert second.group("air_over") == [CHANNEL]
    without = [{name: {**own, "air": None} for name, own in found.hosts.items()} for found in (first, second)]
    assert without[0] == without[1]


def test_streams_are_read_in_each_run_and_never_cached(station: Station, tmp_path: Path) -> None:
    station.emulator.seed([vod_task(CHANNEL_ID, "channel", utc_now())])
    options = {**cached(tmp_path), "streams": True, "keyed_groups": [{"key": "air.state", "prefix": "air"}]}
    first = station.inventory(options)
    assert first.hosts[CHANNEL]["stream"]["online"] is True
    assert first.group("air_on_air") == [CHANNEL]
    station.emulator.service.knock(CHANNEL_ID)
    second = station.inventory(options)
    assert second.hosts[CHANNEL]["stream"]["online"] is False
    assert second.group("air_dark") == [CHANNEL]
    assert len(station.emulator.reads()) == 1
    held = "".join(file.read_text() for file in (tmp_path / "cache").rglob("*"))
    assert CHANNEL_ID in held
    assert "client_ip" not in held


def test_the_cache_is_of_one_account_and_its_filters(station: Station, tmp_path: Path) -> None:
    options = cached(tmp_path)
    station.inventory(options)
    station.inventory(options)
    assert len(station.emulator.reads()) == 1
    station.inventory({**options, "filters": {"status": "pause"}})
    assert len(station.emulator.reads()) == 2
    station.inventory(options, {"HW_PROJECT_ID": emulation.OTHER_PROJECT_ID})
    assert len(station.emulator.reads()) == 3
    station.inventory(options, cache=False)
    assert len(station.emulator.reads()) == 4


@pytest.mark.slow
def test_flush_cache_reads_the_tasks_again(station: Station, tmp_path: Path) -> None:
    station.write(cached(tmp_path))
    book = tmp_path / "book.yml"
    book.write_text("[{hosts: all}]")
    for arguments in ([], [], ["--flush-cache"]):
        station.run("ansible-playbook", "--list-hosts", *arguments, str(book))
    assert len(station.emulator.reads()) == 2


def test_a_new_token_finds_the_tasks_in_the_cache(station: Station, tmp_path: Path) -> None:
    """The key of the cache depends on the project and the endpoint only."""
    for token in (emulation.AUTH_TOKEN, "of-the-next-day"):
        found = station.inventory(cached(tmp_path), {**NO_CREDENTIALS, "HW_AUTH_TOKEN": token})
        assert ({*found.hosts}, found.warnings) == ({*TASKS}, [])
    assert len(station.emulator.reads()) == 1


def as_text(text: str) -> Callable[[Path], object]:
    """Return a function that overwrites a file with a text."""
    return lambda file: file.write_text(text)


def as_folder(file: Path) -> None:
    """Replace a file by a folder."""
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "damage",
    [as_text(""), as_text('[{"task_id": "a"'), as_text('{"task_id": "a"}'), as_text('["a"]'), as_text("1"), as_folder],
    ids=["empty", "cut short", "a dictionary", "a list of texts", "a number", "a folder"],
)
def test_a_cache_that_cannot_be_read_is_a_warning_and_a_read(
    station: Station, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    station.inventory(cached(tmp_path))
    [file] = (tmp_path / "cache").iterdir()
    damage(file)
    found = station.inventory(cached(tmp_path))
    assert {*found.hosts} == {*TASKS}
    # Ansible reports some of these itself, and the plugin finds nothing in the cache.
    own = [text for text in found.warnings if text.startswith(f"{station.file}: The cache cannot be read: ")]
    assert all(text.endswith(". The tasks are read from the service.") for text in own)
    assert len(station.emulator.reads()) == 2
    if file.is_file():
        station.inventory(cached(tmp_path))
        assert len(station.emulator.reads()) == 2


def test_a_cache_that_cannot_be_opened_is_a_warning_and_a_read(station: Station, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = str(tmp_path / "file" / "cache")
    found = station.inventory({**cached(tmp_path), "cache_connection": folder})
    assert {*found.hosts} == {*TASKS}
    [warning] = [text for text in found.warnings if text.startswith(f"{station.file}: The cache cannot be opened: ")]
    assert folder in warning
    assert warning.endswith(". The tasks are read from the service, and not kept.")


def test_a_cache_that_cannot_be_written_is_a_warning(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: Any) -> dict[str, Any]:
        shutil.rmtree(tmp_path / "cache")
        return live_pull_task_info.run(*arguments)

    monkeypatch.setattr(pull_tasks, "run", run)
    found = station.inventory(cached(tmp_path))
    assert {*found.hosts} == {*TASKS}
    [warning] = found.warnings
    assert warning.startswith(f"{station.file}: The cache cannot be written: ")
    assert warning.endswith(". The next run reads the tasks from the service.")


@pytest.mark.slow
def test_values_are_exported_plain(station: Station) -> None:
    """AWX follows the dots of its enabled variable and compares texts."""
    station.write({"compose": {"word": "status ~ 'd'", "hostile": "'{' ~ '{ 1 }}'"}})
    own = json.loads(station.run("ansible-inventory", "--list", "--export"))["_meta"]["hostvars"][CHANNEL]
    assert (own["status"], own["air"]["state"], own["word"]) == ("enable", "on_air", "enabled")
    assert own["ansible_connection"] == "local"
    assert own["hostile"] == {"__ansible_unsafe": "{{ 1 }}"}


# A play on the inventory


@pytest.mark.slow
def test_each_channel_is_a_host_that_is_changed_alone(station: Station) -> None:
    """Its processes do not share the connection of the inventory."""
    station.emulator.seed(seed_many(8))
    station.write()
    book = station.folder / "book.yml"
    task = {"huaweicloud.live.live_pull_task": {"task_id": "{{ task_id }}", "status": "pause"}}
    book.write_text(json.dumps([{"hosts": "channel*:!channel-7.*", "gather_facts": False, "tasks": [task]}]))
    printed = station.run("ansible-playbook", "--forks", "4", str(book))
    assert printed.count("changed=1") == 7
    assert [task["status"] for task in station.emulator.tasks] == ["pause"] * 7 + ["enable"]
