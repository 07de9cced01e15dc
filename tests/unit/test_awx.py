# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of docs/examples/awx, run as AWX runs them.

AWX's own code turns a credential into environment variables, and ansible-runner, the engine of AWX, runs the playbooks
in a private data folder laid out as AWX does it, against the emulator.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import ansible_runner
import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import ENV_BLOCKLIST, inject_credential
from jinja2 import StrictUndefined
from jinja2.nativetypes import NativeEnvironment
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ansible_collections.huaweicloud.live.plugins.module_utils._options import CONNECTION_OPTIONS
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import FAMILIES, choose
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import ENVIRONMENT, connection_settings
from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, Emulator, vod_task
from ansible_collections.huaweicloud.live.tests.emulator.clock import utc_now, write_time

COLLECTION = Path(emulation.__file__).parents[2]
EXAMPLES = COLLECTION / "docs" / "examples" / "awx"
URLS = ["https://media.example.com/evening/news.mp4", "https://media.example.com/evening/film.mp4"]
IDENTIFIER = re.compile("[a-zA-Z_][a-zA-Z0-9_]*")
# How AWX takes the answers to a survey.
QUESTION_TYPES = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": float,
}


def load(name: str) -> Any:
    """Return what a file of the examples holds, without Ansible's own marks on it."""
    return json.loads(json.dumps(DataLoader().load_from_file(str(EXAMPLES / name))))


def channels() -> dict[str, Any]:
    """Return the hosts of the example inventory; what has a date there is on air today."""
    hosts = load("inventory.yml")["channels"]["hosts"]
    now = utc_now()
    for variables in hosts.values():
        if "end_time" in variables["channel"]:
            variables["channel"].update(start_time=write_time(now), end_time=write_time(now + timedelta(hours=2)))
    return dict(hosts)


INVENTORIES = load("job_templates.yml")["inventories"]
CREDENTIAL_TYPES = load("credential_types.yml")["credential_types"]
JOB_TEMPLATES = load("job_templates.yml")["job_templates"]
SCHEDULES = load("job_templates.yml")["schedules"]
KEY_TYPE, TOKEN_TYPE = CREDENTIAL_TYPES
SECRETS = {
    "secret_key": emulation.TEMPORARY_SECRET_KEY,
    "security_token": emulation.SECURITY_TOKEN,
    "auth_token": emulation.AUTH_TOKEN,
}


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    """The emulator that the tests of this file share, with the channels of the example inventory."""
    day = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    hosts = load("inventory.yml")["channels"]["hosts"]
    channels = [vod_task(variables["channel"]["task_id"], host, day) for host, variables in hosts.items()]
    with Emulator(tasks=[*emulation.seed_tasks(), *channels]) as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    """Return an emulator in its state at the start."""
    running.reset()
    return running


@pytest.fixture(autouse=True)
def awx_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave nothing in the environment that an execution environment does not have, but the collection."""
    for name in os.environ:
        if name.startswith(("HUAWEICLOUD_", "HW_", "CLOUD_SDK_", "ANSIBLE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("ANSIBLE_COLLECTIONS_PATH", str(COLLECTION.parents[2]))
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "ansible-home"))


class Job:
    """A job of AWX.

    Args:
        folder: for its private data; a copy of the examples is its project.
        credential_type: one of CREDENTIAL_TYPES.
        inputs: what the user filled in for it.
        playbook: one of the examples.
        answers: those to the survey.
        hosts: the inventory, host to variables.
    """

    def __init__(
        self,
        folder: Path,
        credential_type: dict[str, Any],
        inputs: dict[str, str],
        playbook: str = "channel.yml",
        answers: dict[str, str] | None = None,
        hosts: dict[str, Any] | None = None,
    ) -> None:
        self.folder = folder
        self.playbook = playbook
        self.env: dict[str, Any] = {}
        self.shown_env: dict[str, Any] = {}
        kind = ManagedCredentialType(
            namespace="",
            name=credential_type["name"],
            kind=credential_type["kind"],
            inputs=credential_type["inputs"],
            injectors=credential_type["injectors"],
        )
        inject_credential(kind, Credential(inputs), self.env, self.shown_env, [], str(folder))
        shutil.copytree(EXAMPLES, folder / "project")
        inventory = {"channels": {"hosts": hosts or {}}}
        for name, content in {
            "inventory/hosts.json": inventory,
            "env/envvars": self.env,
            "env/extravars": answers or {},
            "env/settings": {"suppress_ansible_output": True},
        }.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(json.dumps(content), encoding="utf-8")

    def run(self, name: str, arguments: str = "--diff", status: str = "successful") -> list[dict[str, Any]]:
        """Run the playbook in this process and return the events."""
        runner = ansible_runner.run(
            private_data_dir=str(self.folder), playbook=self.playbook, ident=name, cmdline=arguments, quiet=True
        )
        events = list(runner.events)
        assert runner.status == status, "\n".join(event["stdout"] for event in events)
        return events

    def artifacts(self) -> dict[str, str]:
        """Return the files that the runs left, except `command`, in which ansible-runner keeps the environment.

        AWX deletes the folder when a job has ended, and shows a copy of the environment without secrets.
        """
        folder = self.folder / "artifacts"
        return {
            str(path.relative_to(folder)): path.read_text(encoding="utf-8")
            for path in folder.rglob("*")
            if path.is_file() and path.name != "command"
        }


def key_inputs(emulator: Emulator) -> dict[str, str]:
    """Return the inputs of a credential with a temporary access key."""
    return {
        "access_key": emulation.TEMPORARY_ACCESS_KEY,
        "secret_key": SECRETS["secret_key"],
        "security_token": SECRETS["security_token"],
        "region": emulation.REGION,
        "project_id": emulation.PROJECT_ID,
        "endpoint": emulator.url,
    }


def token_inputs(emulator: Emulator) -> dict[str, str]:
    """Return the inputs of a credential with a token."""
    return {
        "auth_token": SECRETS["auth_token"],
        "region": emulation.REGION,
        "project_id": emulation.PROJECT_ID,
        "endpoint": emulator.url,
    }


def results(events: list[dict[str, Any]], name: str = "runner_on_ok") -> list[dict[str, Any]]:
    """Return the results of the tasks that changed something, or could have."""
    return [
        event["event_data"]["res"]
        for event in events
        if event["event"] == name and event["event_data"]["task_action"].startswith("huaweicloud.live.live_pull_task")
    ]


def assert_no_secret(texts: dict[str, str]) -> None:
    """Fail with the names of the files that hold a secret."""
    assert texts
    assert not [name for name, text in texts.items() if any(secret in text for secret in SECRETS.values())]


def test_a_job_in_check_mode_then_for_real_then_again(emulator: Emulator, tmp_path: Path) -> None:
    """The diff, the change and the unchanged run reach AWX as events; no secret does."""
    answers = {"task_id": f" {CHANNEL_ID} ", "playlist": f"{URLS[0]}\r\n\r\n  {URLS[1]}\n", "on_air": "no"}
    job = Job(tmp_path / "job", KEY_TYPE, key_inputs(emulator), answers=answers)
    before = emulator.task(CHANNEL_ID)

    [predicted] = results(job.run("check", "--diff --check"))
    assert emulator.writes() == []
    assert predicted["changed"]
    assert predicted["diff"]["before"] == {"source_urls": before["source_urls"], "status": "enable"}
    assert predicted["diff"]["after"] == {"source_urls": URLS, "status": "pause"}

    [done] = results(job.run("run"))
    assert done["changed"]
    assert done["diff"] == predicted["diff"]
    assert done["request"] == predicted["request"]
    assert emulator.task(CHANNEL_ID) == {**before, "source_urls": URLS, "status": "pause"}
    assert len(emulator.writes()) == 1

    [again] = results(job.run("again"))
    assert not again["changed"]
    assert again["changes"] == []
    assert len(emulator.writes()) == 1

    assert_no_secret(job.artifacts())
    assert_no_secret({"environment that AWX shows": json.dumps(job.shown_env)})


@pytest.mark.slow
def test_empty_answers_manage_nothing(emulator: Emulator, tmp_path: Path) -> None:
    """AWX sends an empty text for a question that was not answered."""
    answers = {"task_id": emulation.SHOW_ID, "playlist": "", "on_air": ""}
    job = Job(tmp_path / "job", KEY_TYPE, key_inputs(emulator), answers=answers)
    [result] = results(job.run("run"))
    assert not result["changed"]
    assert emulator.writes() == []


@pytest.mark.slow
def test_transmit_worker_process(emulator: Emulator, tmp_path: Path) -> None:
    """On another node, as AWX does it: the job goes there as a stream, and the events come back as one.

    The stream to the worker holds the environment, because the worker needs it; what comes of it holds no secret.
    """
    job = Job(tmp_path / "job", TOKEN_TYPE, token_inputs(emulator), answers={"task_id": CHANNEL_ID, "on_air": "no"})

    def step(*command: str, data: bytes = b"") -> bytes:
        done = subprocess.run(
            [sys.executable, "-m", "ansible_runner", *command], input=data, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout

    transmitted = step("transmit", str(job.folder), "--playbook", job.playbook, "--cmdline=--diff", "--ident", "1")
    shutil.rmtree(job.folder)
    streamed = step("worker", "--private-data-dir", str(tmp_path / "worker"), data=transmitted)
    step("process", str(job.folder), "--ident", "1", data=streamed)

    artifacts = job.artifacts()
    events = [json.loads(text) for name, text in artifacts.items() if "job_events" in name]
    [result] = results(events)
    assert result["changed"]
    assert result["diff"]["after"] == {"status": "pause"}
    assert emulator.task(CHANNEL_ID)["status"] == "pause"
    assert_no_secret(artifacts)


@pytest.mark.slow
def test_slices_of_the_inventory(emulator: Emulator, tmp_path: Path) -> None:
    """Each slice, every second host as AWX deals them out, converges its channels in one call."""
    hosts = channels()
    for number in range(2):
        share = {name: hosts[name] for name in sorted(hosts)[number::2]}
        job = Job(tmp_path / str(number), KEY_TYPE, key_inputs(emulator), playbook="channels.yml", hosts=share)
        *_before, result = results(job.run("run"))
        assert result["summary"].items() >= {"changed": len(share), "unchanged": 0, "failed": 0}.items()
        assert_no_secret(job.artifacts())
    for variables in hosts.values():
        channel = variables["channel"]
        task = emulator.task(channel["task_id"])
        assert task["source_urls"] == channel["source_urls"]
        assert task["vod_loop_time"] == ("1" if channel.get("mode") == "once" else "-1")
    assert len(emulator.writes()) == len(hosts)


def hosts_with(events: list[dict[str, Any]], name: str) -> list[str]:
    """Return the hosts of the events of that name."""
    return [event["event_data"]["host"] for event in events if event["event"] == name]


def counted(events: list[dict[str, Any]], what: str) -> list[str]:
    """Return the hosts that count as "failures" or "changed" when the job has ended: AWX colours them by it."""
    [ended] = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
    return sorted(ended[what])


def failures(events: list[dict[str, Any]]) -> list[str]:
    """Return the messages of what failed."""
    return [event["event_data"]["res"]["msg"] for event in events if event["event"] == "runner_on_failed"]


@pytest.mark.slow
def test_a_channel_that_fails_is_the_host_that_fails(emulator: Emulator, tmp_path: Path) -> None:
    """And the others are converged, and do not fail."""
    hosts = channels()
    hosts["films"]["channel"]["task_id"] = "not-there"
    job = Job(tmp_path / "job", KEY_TYPE, key_inputs(emulator), playbook="channels.yml", hosts=hosts)
    events = job.run("run", status="failed")
    assert counted(events, "failures") == ["films"]
    assert "There is no task not-there" in failures(events)[-1]
    assert counted(events, "changed") == ["news", "premiere"]
    assert len(emulator.writes()) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inputs", "channel", "reason"),
    [
        ({"secret_key": ""}, {}, "The credentials are incomplete"),
        ({}, {"mode": "twice"}, "mode: 'twice' is not allowed"),
    ],
)
def test_the_reason_why_no_channel_was_converged_is_reported_once(
    emulator: Emulator, tmp_path: Path, inputs: dict[str, str], channel: dict[str, str], reason: str
) -> None:
    hosts = channels()
    hosts["films"]["channel"].update(channel)
    job = Job(tmp_path / "job", KEY_TYPE, {**key_inputs(emulator), **inputs}, "channels.yml", hosts=hosts)
    events = job.run("run", status="failed")
    assert counted(events, "failures") == sorted(hosts)
    [first, *others] = failures(events)
    assert reason in first
    assert others == ["No channel was converged. Look above for what failed."] * len(hosts)
    assert emulator.writes() == []


@pytest.mark.slow
def test_slices_of_an_inventory_of_tasks(emulator: Emulator, tmp_path: Path) -> None:
    """AWX keeps what ansible-inventory prints, and gives each slice its hosts by a program that prints them again."""
    day = utc_now()
    ended = {name: vod_task(name, name, day, end_time=write_time(day - timedelta(hours=1))) for name in "abcde"}
    emulator.seed([*emulator.tasks, *ended.values()])
    source = COLLECTION / "docs" / "examples" / "inventory.huaweicloud_live.yml"
    first = Job(tmp_path / "source", KEY_TYPE, key_inputs(emulator))
    listed = json.loads(
        subprocess.run(
            [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(source), "--list"],
            env={**os.environ, **first.env},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
    )
    over = {f"{name}.live.push.example.com" for name in ended}
    assert {*listed["air_over"]["hosts"]} == over
    names = sorted(listed["_meta"]["hostvars"])
    for number in range(2):
        share = {*names[number::2]}
        groups = {
            name: {**group, "hosts": [host for host in group.get("hosts", []) if host in share]}
            for name, group in listed.items()
            if name != "_meta"
        }
        variables = {host: listed["_meta"]["hostvars"][host] for host in share}
        job = Job(tmp_path / str(number), KEY_TYPE, key_inputs(emulator), playbook="over.yml")
        text = json.dumps({**groups, "_meta": {"hostvars": variables}})
        (job.folder / "inventory" / "hosts.json").unlink()
        program = job.folder / "inventory" / "hosts"
        program.write_text(f"#!{sys.executable}\nprint({text!r})\n")
        program.chmod(0o700)
        events = job.run("run")
        assert sorted(hosts_with(events, "runner_on_ok")) == sorted(share & over)
        assert all(result["changed"] for result in results(events))
        assert_no_secret(job.artifacts())
    assert sorted(write["json"]["task_id"] for write in emulator.writes()) == [*"abcde"]


def test_the_guide_shows_the_credential_for_an_access_key() -> None:
    """What one types into AWX by hand is what the playbook sets up, but for the hints."""
    guide = (COLLECTION / "docs/docsite/rst/awx_guide.rst").read_text(encoding="utf-8")
    inputs, injectors = re.findall(r"^   # (?:Input|Injector) configuration\n((?:   .+\n)+)", guide, re.MULTILINE)
    expected = json.loads(json.dumps(KEY_TYPE))
    for field in expected["inputs"]["fields"]:
        field.pop("help_text", None)
    assert yaml.safe_load(inputs) == expected["inputs"]
    assert yaml.safe_load(injectors) == expected["injectors"]


@pytest.mark.parametrize("kind", CREDENTIAL_TYPES, ids=lambda kind: kind["name"])
class TestCredentialType:
    """AWX takes the credential types, and the modules understand what they inject."""

    def test_form(self, kind: dict[str, Any]) -> None:
        """What AWX checks when a type is saved."""
        assert set(kind) == {"name", "description", "kind", "inputs", "injectors"}
        assert kind["kind"] == "cloud"
        assert set(kind["inputs"]) == {"fields", "required"}
        names = [field["id"] for field in kind["inputs"]["fields"]]
        assert len(set(names)) == len(names)
        assert set(kind["inputs"]["required"]) <= set(names)
        for field in kind["inputs"]["fields"]:
            assert set(field) <= {"id", "label", "type", "secret", "help_text"}
            assert IDENTIFIER.fullmatch(field["id"])
            assert field["id"] != "tower"
            assert field["type"] == "string"
        assert set(kind["injectors"]) == {"env"}
        for variable, template in kind["injectors"]["env"].items():
            assert IDENTIFIER.fullmatch(variable)
            assert variable not in ENV_BLOCKLIST
            assert not variable.startswith("ANSIBLE_")
            environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
            environment.from_string(template).render(dict.fromkeys(names, ""))

    def test_variables_are_those_of_the_options(self, kind: dict[str, Any]) -> None:
        """A field fills the variable that the option of its name falls back to, and the credentials one family."""
        fields = {field["id"] for field in kind["inputs"]["fields"]}
        filled = {template.strip("{ }"): variable for variable, template in kind["injectors"]["env"].items()}
        assert set(filled) == fields
        shared = {name: variable for name, variable in filled.items() if name in ENVIRONMENT}
        assert all(variable in ENVIRONMENT[name] for name, variable in shared.items())
        credentials = {name: variable for name, variable in filled.items() if name not in shared}
        assert any(credentials.items() <= family.items() for family in FAMILIES)

    def test_what_is_secret_to_the_modules_is_secret_to_awx(self, kind: dict[str, Any]) -> None:
        """AWX encrypts just the options that the modules hide."""
        for field in kind["inputs"]["fields"]:
            hidden = CONNECTION_OPTIONS[field["id"]].get("no_log", False)
            assert field.get("secret", False) is hidden, field["id"]

    def test_an_empty_field_is_not_set(self, kind: dict[str, Any]) -> None:
        """A credential with just its required fields is a complete one."""
        inputs = dict.fromkeys(kind["inputs"]["required"], "x")
        env: dict[str, Any] = {}
        managed = ManagedCredentialType("", kind["name"], kind["kind"], kind["inputs"], kind["injectors"])
        inject_credential(managed, Credential(inputs), env, {}, [], "")
        chosen = choose({}, env)
        assert chosen
        given = {name: value for name, value in chosen._replace(origin="")._asdict().items() if value}
        assert given == {name: "x" for name in inputs if name != "region"}
        settings = connection_settings({"validate_certs": True, "timeout": 30, "retries": 5}, env)
        assert settings.endpoint == "https://live.x.myhuaweicloud.com"
        assert settings.project_id is None


@pytest.mark.parametrize("template", JOB_TEMPLATES, ids=lambda template: template["name"])
def test_job_template(template: dict[str, Any]) -> None:
    """The playbook is in the project, the inventory is set up, and AWX takes the survey."""
    assert (COLLECTION / template["playbook"]).is_file()
    assert template.get("inventory", "Live channels") in {inventory["name"] for inventory in INVENTORIES}
    survey = template.get("survey_spec")
    if survey is None:
        return
    assert set(survey) == {"name", "description", "spec"}
    variables = [question["variable"] for question in survey["spec"]]
    assert len(set(variables)) == len(variables)
    playbook = (COLLECTION / template["playbook"]).read_text(encoding="utf-8")
    for question in survey["spec"]:
        assert question["type"] in QUESTION_TYPES
        assert isinstance(question["required"], bool)
        assert question["question_name"]
        assert question["question_description"]
        assert all(isinstance(question[limit], int) for limit in ("min", "max") if limit in question)
        assert all(isinstance(choice, str) for choice in question.get("choices", []))
        assert ("choices" in question) is (question["type"] in ("multiplechoice", "multiselect"))
        assert re.search(rf"\b{question['variable']}\b", playbook)


def test_schedules() -> None:
    """A schedule starts one of the job templates, as AWX writes it."""
    for schedule in SCHEDULES:
        assert schedule["job_template"] in {template["name"] for template in JOB_TEMPLATES}
        often = "DAILY;INTERVAL=1|MINUTELY;INTERVAL=5"
        assert re.fullmatch(rf"DTSTART:[0-9]{{8}}T[0-9]{{6}}Z RRULE:FREQ=({often})", schedule["rrule"])


def test_a_channel_can_be_named_by_its_destination_or_its_id() -> None:
    """So AWX requires an answer to neither question: the playbook says that one of them is missing."""
    [survey] = [template["survey_spec"] for template in JOB_TEMPLATES if "survey_spec" in template]
    named = {question["variable"]: question["required"] for question in survey["spec"]}
    assert (named["destination"], named["task_id"]) == (False, False)


def test_scheduled_jobs_are_set_up() -> None:
    """Over each inventory a job template, the tasks of the service among them; and runs in time for programmes."""
    assert [inventory["name"] for inventory in INVENTORIES] == ["Live channels", "Live tasks"]
    assert (COLLECTION / INVENTORIES[1]["path"]).is_file()
    assert INVENTORIES[1]["path"].endswith(".huaweicloud_live.yml")
    over = {template["playbook"]: template.get("inventory") for template in JOB_TEMPLATES}
    assert over["docs/examples/awx/over.yml"] == "Live tasks"
    often = [schedule["job_template"] for schedule in SCHEDULES if "MINUTELY" in schedule["rrule"]]
    assert often == ["Live channels", "Live watch"]
    assert tasks_of("configure.yml")["Job templates"]["awx.awx.job_template"]["ask_limit_on_launch"] is True


@pytest.mark.parametrize(
    ("notification", "item", "expected"),
    [("", {"notify": True}, "omitted"), ("Ops", {}, "omitted"), ("Ops", {"notify": True}, ["Ops"])],
)
def test_a_job_template_notifies_if_it_is_meant_to_and_a_notification_is_named(
    notification: str, item: dict[str, Any], expected: Any
) -> None:
    assert [template["name"] for template in JOB_TEMPLATES if template.get("notify")] == ["Live watch"]
    value = tasks_of("configure.yml")["Job templates"]["awx.awx.job_template"]["notification_templates_error"]
    assert (
        NativeEnvironment().from_string(value).render(notification=notification, item=item, omit="omitted") == expected
    )


def tasks_of(name: str) -> dict[str, dict[str, Any]]:
    """Return the tasks of the only play of an example, by their names."""
    [play] = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
    return {task["name"]: task for task in play["tasks"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Set HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HW_REGION_NAME, image (with -e). Nothing was set up."),
        ({"HUAWEICLOUD_SDK_AK": "x", "HUAWEICLOUD_SDK_SK": "x", "HW_REGION_NAME": "x"}, "Set image (with -e)."),
        ({"HUAWEICLOUD_SDK_AK": "x", "HUAWEICLOUD_SDK_SK": "x", "HW_REGION_NAME": "x", "image": "x"}, "failed=0"),
    ],
)
def test_a_forgotten_variable_is_an_error_before_anything_is_set_up(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    """Without the collection awx.awx only the first task can be run, which says what is missing."""
    [play] = yaml.safe_load((EXAMPLES / "configure.yml").read_text(encoding="utf-8"))
    first = {**play, "tasks": play["tasks"][:1], "vars_files": []}
    (tmp_path / "first.yml").write_text(json.dumps([first]))
    image = ["-e", "image=x"] if "image" in given else []
    done = subprocess.run(
        ["ansible-playbook", "first.yml", *image],
        env={**os.environ, **given, "COLUMNS": "400"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said in done.stdout, done.stdout + done.stderr
