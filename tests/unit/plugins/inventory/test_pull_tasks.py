# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of relay tasks, as `ansible-inventory` shows it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

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
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION, user_environment

STATION = {"channel": CHANNEL_ID, "show": SHOW_ID, RELAY_ID: RELAY_ID, "paused": PAUSED_ID}


class Inventory:
    """What came of a command on an inventory."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.printed = done.stdout
        self.warned = done.stderr
        self.text = done.stdout + done.stderr
        self.failed = done.returncode != 0
        listed = done.stdout if done.stdout.startswith("{") else "{}"
        # What is marked as no template is shown with the mark.
        self.listed: dict[str, Any] = json.loads(listed, object_hook=lambda value: value.get("__ansible_unsafe", value))
        self.hosts: dict[str, Any] = self.listed.get("_meta", {}).get("hostvars", {})

    def says(self, text: str, after: str = "") -> bool:
        """Whether a warning says this. Some versions of Ansible break lines anywhere, also in the name of a file."""
        text, after, warned = ("".join(words.split()) for words in (text, after, self.warned))
        return text in warned.partition(after)[2] if after else text in warned

    def group(self, name: str) -> list[str]:
        """The hosts of a group."""
        return list(self.listed.get(name, {}).get("hosts", []))


class Station:
    """A user with a file, an environment, and the service.

    Args:
        emulator: the service.
        folder: for the file.
    """

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.folder = folder
        self.file = folder / "station.huaweicloud_live.yml"
        self.environ = {
            **user_environment(emulator, folder),
            "HW_PROJECT_ID": emulation.PROJECT_ID,
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        }

    def run(self, program: str, *arguments: str, environ: Mapping[str, str | None] | None = None) -> Inventory:
        """Run one of Ansible's programs; a variable that is None is not there."""
        together = {**self.environ, **(environ or {})}
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), *arguments],
            env={name: value for name, value in together.items() if value is not None},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "DEPRECATION" not in done.stderr, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return Inventory(done)

    def inventory(
        self,
        options: Mapping[str, Any] | None = None,
        *arguments: str,
        environ: Mapping[str, str | None] | None = None,
    ) -> Inventory:
        """Write the options to the file, and list its hosts, or whatever else the arguments say."""
        self.file.write_text(yaml.safe_dump({"plugin": "huaweicloud.live.pull_tasks", **(options or {})}))
        return self.run("ansible-inventory", "-i", str(self.file), *(arguments or ("--list",)), environ=environ)


@pytest.fixture
def station(emulator: Emulator, tmp_path: Path) -> Station:
    """A user of the inventory."""
    return Station(emulator, tmp_path)


# Hosts and their variables


def test_each_task_is_a_host_with_the_fields_that_the_info_module_returns(station: Station) -> None:
    found = station.inventory({"show_secrets": True})
    assert {name: own["task_id"] for name, own in found.hosts.items()} == STATION
    assert found.warned == ""
    options = {name: option.get("default") for name, option in live_pull_task_info.ARGUMENTS.items()}
    results = live_pull_task_info.run(options, station.environ, False, lambda text, verbosity: None)
    assert results["total"] == len(STATION)
    for task in results["live_pull_tasks"]:
        [own] = [own for own in found.hosts.values() if own["task_id"] == task["task_id"]]
        assert own.pop("ansible_connection") == "local"
        left = [of["air"].pop("seconds_left") for of in (own, task)]
        assert left[0] is left[1] is None or abs(left[0] - left[1]) < 60
        assert own == task


def test_what_is_secret_of_a_task_is_no_variable(station: Station) -> None:
    """Nor is it in the cache."""
    secret = {"push_args": "?auth_key=a-secret", "callback_url": "https://hooks.example.com/a-secret"}
    station.emulator.seed([{**task, **secret} for task in station.emulator.tasks])
    caches = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(station.folder / "kept"),
    }
    for _time in range(2):
        hosts = station.inventory(caches).hosts
        assert {(own["push_args"], own["callback_url"]) for own in hosts.values()} == {("********", "********")}
    kept = [*(station.folder / "kept").iterdir()]
    assert kept
    assert not any("a-secret" in file.read_text() for file in kept)


def test_the_example_groups_channels_by_whether_they_are_on_air(station: Station) -> None:
    tasks = station.emulator.tasks
    tasks[0]["end_time"] = write_time(utc_now() + timedelta(hours=2))
    tasks.append(vod_task(fleet_id(0), "yesterday", utc_now() - timedelta(days=9)))
    tasks.append(vod_task(fleet_id(1), "timeless", utc_now(), start_time="", end_time=""))
    station.emulator.seed(tasks)
    example = COLLECTION / "docs" / "examples" / "inventory.huaweicloud_live.yml"
    found = station.run("ansible-inventory", "-i", str(example), "--list")
    groups = {"air_on_air": ["channel", "timeless"], "air_ahead": ["show"], "air_over": ["yesterday"]}
    groups.update(air_paused=["paused"], ends_soon=["channel"])
    assert {name: found.group(name) for name in groups} == groups
    assert set(found.group("region_cn_north_4")) == set(found.hosts)
    assert RELAY_ID not in found.hosts
    assert found.hosts["timeless"]["air"] == {"state": "on_air", "since": None, "until": None, "seconds_left": None}
    graph = station.run("ansible-inventory", "-i", str(example), "--graph").printed
    assert "|--@air_over:\n  |  |--yesterday" in graph


def test_groups_variables_names_and_prefix(station: Station) -> None:
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


def test_strict_makes_an_expression_that_fails_an_error(station: Station) -> None:
    for option in ({"compose": {"hours": "nothing.x"}}, {"groups": {"some": "nothing.x"}}):
        found = station.inventory({"strict": True, **option})
        assert found.failed
        assert found.says(f"{station.file}: "), found.text
    # Those before it are not in the inventory either.
    quiet = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false"}
    found = station.inventory(
        {"strict": True, "compose": {"index": "vod_start_video_index / (1 if status == 'enable' else 0)"}},
        environ=quiet,
    )
    assert found.hosts == {}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"status": "pause"}, {"paused"}),
        ({"source_type": "PullLivePushLive"}, {RELAY_ID}),
        ({"task_id": SHOW_ID, "domain": "push.example.com"}, {"show"}),
        ({"stream_name": "{{ wanted }}", "app_name": None}, {"channel"}),
        ({"stream_name": "nobody"}, set()),
    ],
)
def test_filters(station: Station, filters: dict[str, Any], names: set[str]) -> None:
    found = station.inventory({"filters": filters}, "--list", "-e", "wanted=channel")
    assert {*found.hosts} == names
    assert not found.failed, found.text


def test_words_of_the_service(station: Station) -> None:
    station.emulator.seed([vod_task(fleet_id(0), "channel", utc_now(), status="running")])
    assert station.inventory().hosts["channel"]["air"]["state"] == "unknown"
    own = station.inventory({"status_words": {"Running": "enable"}}).hosts["channel"]
    assert (own["status"], own["air"]["state"]) == ("enable", "on_air")


# Names


def fleet(*names: str, **fields: Any) -> list[dict[str, Any]]:
    """Channels with these streams."""
    return [vod_task(fleet_id(place), name, utc_now(), **fields) for place, name in enumerate(names)]


def test_tasks_with_one_name_are_all_kept(station: Station) -> None:
    names = [f"double-{number // 2}" for number in range(14)]
    station.emulator.seed([*fleet(*names, "one"), vod_task("alone", fleet_id(3), utc_now())])
    found = station.inventory()
    assert {*found.hosts} == {"one", "alone", *map(fleet_id, range(14))}
    assert found.warned.count("[WARNING]") == 1
    assert found.says(f"{station.file}: several tasks have the same name"), found.text
    assert found.says("'double-0', 'double-1', 'double-2', 'double-3', 'double-4', and 3 more"), found.text


def test_an_empty_field_is_no_double(station: Station) -> None:
    station.emulator.seed(fleet("", "", "x"))
    found = station.inventory({"hostnames": ["stream_name"]})
    assert {*found.hosts} == {fleet_id(0), fleet_id(1), "x"}
    assert found.warned == ""


def test_a_name_that_a_host_cannot_have(station: Station) -> None:
    bad = ["two words", "all", "region_cn_north_4", "localhost", "späti", "a,b", "line\nbreak", "{{ 1 }}"]
    station.emulator.seed(fleet("good-1.x_y", *bad))
    found = station.inventory({"keyed_groups": [{"key": "region", "prefix": "region"}]})
    assert {*found.hosts} == {"good-1.x_y", *map(fleet_id, range(1, len(bad) + 1))}
    assert found.warned.count("[WARNING]") == 1
    for name in ("'two words'", "'all'"):
        assert found.says(name), found.text
    assert found.says("and 3 more"), found.text


def test_no_name_at_all(station: Station) -> None:
    station.emulator.seed([vod_task("no name", "no name either", utc_now())])
    found = station.inventory()
    assert found.failed
    assert found.says(f"{station.file}: A task has the id 'no name'"), found.text


HOSTILE = ["{{ 1 + 1 }}", "{% raw %}", "{# x #}", "{{ lookup('pipe', 'touch owned') }}", "!unsafe x", "#jinja2: x"]


def test_no_value_is_a_template(station: Station) -> None:
    """Neither in the inventory nor in a play on it."""
    extra = {"ansible_python_interpreter": "/bin/owned", "bad-name": 1, "unknown_field": HOSTILE[3]}
    tasks = fleet(*HOSTILE, push_args="{{ 2 + 2 }}", **extra)
    station.emulator.seed(tasks)
    if "ansible_python_interpreter" not in station.emulator.tasks[0]:
        pytest.fail("the emulator drops fields that it does not know")
    found = station.inventory(
        {
            "show_secrets": True,
            "compose": {"again": "stream_name", "joined": "'<' ~ stream_name ~ '>'", "urls": "source_urls"},
            "keyed_groups": [{"key": "stream_name", "prefix": "stream"}],
            "hostnames": ["{{ stream_name }}", "task_id"],
        }
    )
    assert len(found.hosts) == len(HOSTILE)
    for place, name in enumerate(HOSTILE):
        own = found.hosts[fleet_id(place)]
        assert (own["stream_name"], own["again"], own["joined"]) == (name, name, f"<{name}>")
        assert own["push_args"] == "{{ 2 + 2 }}"
        assert own["unknown_field"] == HOSTILE[3]
        assert own["urls"][0] == f"https://media.example.com/{name}/opening.mp4"
        assert not {"ansible_python_interpreter", "bad-name"} & {*own}
    wanted = {
        fleet_id(place): b64encode(json.dumps([name, name, f"<{name}>", HOSTILE[3]]).encode()).decode()
        for place, name in enumerate(HOSTILE)
    }
    (station.folder / "wanted.json").write_text(json.dumps({"wanted": wanted}))
    same = "([stream_name, again, joined, unknown_field] | to_json | b64encode) == wanted[task_id]"
    play = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.assert": {"that": same}}]}
    book = station.folder / "book.yml"
    book.write_text(json.dumps([play]))
    done = station.run("ansible-playbook", "-i", str(station.file), "-e", "@wanted.json", str(book))
    assert not done.failed, done.text
    assert not (station.folder / "owned").exists()


# Where the service is, and who asks

NOBODY = {"HUAWEICLOUD_SDK_AK": None, "HUAWEICLOUD_SDK_SK": None}


def test_no_credentials(station: Station) -> None:
    found = station.inventory(environ=NOBODY)
    assert found.failed
    assert found.says(f"{station.file}: No credentials were given"), found.text
    assert station.emulator.journal == []


def test_credentials_of_the_file(station: Station, tmp_path: Path) -> None:
    """As they are, as templates, and from a vault; and nothing else in the environment but a broken set."""
    (tmp_path / "vault").write_text("word")
    (tmp_path / "key").write_text(emulation.SECRET_KEY)
    plain = {
        "region": emulation.REGION,
        "endpoint": station.emulator.url,
        "project_id": emulation.PROJECT_ID,
        "access_key": emulation.ACCESS_KEY,
    }
    elsewhere = {**dict.fromkeys((*environment(""), "HW_PROJECT_ID")), "HW_AUTH_TOKEN": "that-of-another-account"}
    template = {**plain, "secret_key": f"{{{{ lookup('ansible.builtin.file', '{tmp_path}/key') }}}}"}
    found = station.inventory(template, environ=elsewhere)
    assert {*found.hosts} == {*STATION}, found.text
    assert emulation.SECRET_KEY not in found.text
    encrypt = ["encrypt_string", "--vault-password-file", str(tmp_path / "vault"), emulation.SECRET_KEY]
    vaulted = station.run("ansible-vault", *encrypt).printed
    lines = yaml.safe_dump({"plugin": "huaweicloud.live.pull_tasks", **plain})
    station.file.write_text(f"{lines}secret_key: {vaulted}")
    arguments = ("-i", str(station.file), "--list", "--vault-password-file", str(tmp_path / "vault"))
    assert {*station.run("ansible-inventory", *arguments, environ=elsewhere).hosts} == {*STATION}


def test_a_user_of_the_environment(station: Station) -> None:
    user = {
        "HW_USER_NAME": emulation.USERNAME,
        "HW_USER_PASSWORD": emulation.PASSWORD,
        "HW_DOMAIN_NAME": emulation.DOMAIN_NAME,
        "HW_PROJECT_ID": None,
    }
    found = station.inventory(environ={**NOBODY, **user})
    assert {*found.hosts} == {*STATION}, found.text


# Mistakes and trouble


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"regoin": "x"}, "regoin: not known. Allowed: access_key, auth_token, ca_path, cache,"),
    ({"filters": {"stream": "x"}}, "filters.stream: not known. Allowed: app_name, destination_url,"),
    ({"filters": {"source_type": "x"}}, "value of source_type must be one of: PullLivePushLive, PullVodPushLive"),
    ({"filters": {"task_id": " "}}, "task_id: ' ' is not allowed"),
    ({"filters": "status"}, "filters"),
    ({"hostnames": ["streamname"]}, "hostnames: 'streamname' is no field of a task. Allowed: air, app_name,"),
    ({"hostvars_prefix": "ansible_"}, "hostvars_prefix: 'ansible_' is not allowed"),
    ({"hostvars_prefix": "a b"}, "hostvars_prefix: 'a b' is not allowed"),
    ({"retries": 1000}, "retries: 1000 is not allowed"),
    ({"timeout": "soon"}, "timeout"),
    ({"region": "{{ nothing }}"}, "nothing"),
    ({"keyed_groups": [["air.state"]]}, "keyed"),
    ({"status_words": {"x": "y"}}, "status_words.x: 'y' is not allowed"),
    ({"cache": True, "cache_plugin": "ansible.builtin.jsonfile"}, "cache"),
    ({"access_key": emulation.ACCESS_KEY}, "The credentials are incomplete: only access_key given"),
    ({"secret_key": "{{ 'a' * 20 }}"}, "The credentials are incomplete: only secret_key given"),
    ({"username": "someone"}, "The credentials are incomplete: only username given"),
]


def test_a_mistake_in_a_file_is_an_error_that_names_it(station: Station) -> None:
    """Credentials that are not complete are not completed by the environment."""
    files = [station.folder / f"{number}.huaweicloud_live.yml" for number in range(len(MISTAKES))]
    for file, (options, _text) in zip(files, MISTAKES):
        file.write_text(yaml.safe_dump({"plugin": "huaweicloud.live.pull_tasks", **options}))
    environ = {
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false",
        **{"HW_ACCESS_KEY": "x", "HW_SECRET_KEY": "y", "HW_USER_PASSWORD": "z", "HW_DOMAIN_NAME": "d"},
    }
    found = station.run("ansible-inventory", *(f"--inventory={file}" for file in files), "--list", environ=environ)
    assert found.hosts == {}
    for file, (_options, text) in zip(files, MISTAKES):
        assert found.says(text, after=f"{file}: "), (file, found.warned)
    # The two that are noticed when the tasks are there.
    assert len(station.emulator.journal) == 2


def test_a_service_that_fails_half_way_gives_no_hosts(station: Station) -> None:
    station.emulator.seed(seed_many(250))
    station.emulator.add_fault(Fault("status", status=503, on="list", after=1, times=-1))
    found = station.inventory({"retries": 0})
    assert found.failed
    assert found.says(f"{station.file}: "), found.text
    assert found.says("503"), found.text
    found = station.inventory({"retries": 0}, environ={"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false"})
    assert found.hosts == {}


def test_a_name_of_a_file_that_is_for_others(station: Station, tmp_path: Path) -> None:
    other = tmp_path / "station.yml"
    other.write_text("plugin: huaweicloud.live.pull_tasks\n")
    assert station.run("ansible-inventory", "-i", str(other), "--list").failed
    assert station.emulator.journal == []


# The cache


def test_the_cache(station: Station, tmp_path: Path) -> None:
    """It holds the tasks as they were, and no secret; what is on air is of now, and each account has its own."""
    ends = utc_now() + timedelta(seconds=12)
    station.emulator.seed(
        [*station.emulator.tasks[1:], vod_task(CHANNEL_ID, "channel", utc_now(), end_time=write_time(ends))]
    )
    options = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
        "keyed_groups": [{"key": "air.state", "prefix": "air"}],
    }
    first = station.inventory(options)
    assert first.hosts["channel"]["air"]["state"] == "on_air"
    assert len(station.emulator.reads()) == 1
    held = "".join(file.read_text() for file in (tmp_path / "cache").rglob("*"))
    assert CHANNEL_ID in held
    assert emulation.SECRET_KEY not in held and emulation.ACCESS_KEY not in held
    assert "seconds_left" not in held

    time.sleep(max(0, (ends + timedelta(seconds=1) - utc_now()).total_seconds()))
    second = station.inventory(options)
    assert len(station.emulator.reads()) == 1
    assert second.hosts["channel"]["air"]["state"] == "over"
    assert second.group("air_over") == ["channel"]
    for found in (first, second):
        for own in found.hosts.values():
            del own["air"]
    assert second.hosts == first.hosts

    station.inventory({**options, "filters": {"status": "pause"}})
    assert len(station.emulator.reads()) == 2
    station.inventory(options, environ={"HW_PROJECT_ID": emulation.OTHER_PROJECT_ID})
    assert len(station.emulator.reads()) == 3
    book = tmp_path / "book.yml"
    book.write_text("[{hosts: all}]")
    station.run("ansible-playbook", "-i", str(station.file), "--list-hosts", "--flush-cache", str(book))
    assert len(station.emulator.reads()) == 4


@pytest.mark.slow
def test_a_new_token_finds_the_tasks_in_the_cache(station: Station, tmp_path: Path) -> None:
    """The key of the cache is made of the project and the endpoint; nor does a broken cache stop a run."""
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    by_token = {**NOBODY, "HW_AUTH_TOKEN": emulation.AUTH_TOKEN}
    assert {*station.inventory(cache, environ=by_token).hosts} == {*STATION}
    found = station.inventory(cache, environ={**by_token, "HW_AUTH_TOKEN": "of-the-next-day"})
    assert ({*found.hosts}, found.warned) == ({*STATION}, "")
    assert len(station.emulator.reads()) == 1
    [file] = (tmp_path / "cache").iterdir()
    file.write_text("[")
    found = station.inventory(cache, environ=by_token)
    assert {*found.hosts} == {*STATION}
    assert found.says(f"{station.file}: The cache cannot be read: "), found.text
    (tmp_path / "file").write_text("")
    found = station.inventory({**cache, "cache_connection": str(tmp_path / "file" / "cache")}, environ=by_token)
    assert {*found.hosts} == {*STATION}
    assert found.says(f"{station.file}: The cache cannot be opened: "), found.text
    assert len(station.emulator.reads()) == 3


@pytest.mark.slow
def test_values_are_exported_plain(station: Station) -> None:
    """AWX follows the dots of its enabled variable, and compares texts."""
    options = {"compose": {"word": "status ~ 'd'", "hostile": "'{' ~ '{ 1 }}'"}}
    printed = json.loads(station.inventory(options, "--list", "--export").printed)
    own = printed["_meta"]["hostvars"]["channel"]
    assert (own["status"], own["air"]["state"], own["word"]) == ("enable", "on_air", "enabled")
    assert own["ansible_connection"] == "local"
    assert own["hostile"] == {"__ansible_unsafe": "{{ 1 }}"}


# A play on it


def test_each_channel_is_a_host_that_changes_by_itself(station: Station) -> None:
    """Its processes do not share the connection of the inventory."""
    station.emulator.seed(seed_many(8))
    station.inventory()
    book = station.folder / "book.yml"
    task = {"huaweicloud.live.live_pull_task": {"task_id": "{{ task_id }}", "status": "pause"}}
    book.write_text(json.dumps([{"hosts": "channel*:!channel-7", "gather_facts": False, "tasks": [task]}]))
    done = station.run("ansible-playbook", "-i", str(station.file), "--forks", "4", str(book))
    assert not done.failed, done.text
    assert done.printed.count("changed=1") == 7
    assert [task["status"] for task in station.emulator.tasks] == ["pause"] * 7 + ["enable"]
