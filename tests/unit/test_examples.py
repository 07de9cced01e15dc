# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every playbook of docs/examples, with what a survey, YAML and the command line make of an answer."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.huaweicloud.live.plugins.filter.playlist_check import playlist_check
from ansible_collections.huaweicloud.live.tests import emulator as emulation
from ansible_collections.huaweicloud.live.tests.emulator import CHANNEL_ID, SHOW_ID, Behaviour, Emulator, Fault
from ansible_collections.huaweicloud.live.tests.unit.fakes import read_csv
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION, run_as_user

EXAMPLES = COLLECTION / "docs" / "examples"
MODULES = "ansible_collections.huaweicloud.live.plugins.modules"
RELAY_ID = "33333333-0000-4000-8000-000000000003"
PAUSED_ID = "44444444-0000-4000-8000-000000000004"
FILMS = "https://media.example.com/films/"
ONE, TWO = "https://media.example.com/one.mp4", "https://media.example.com/two.mp4"


class Run(NamedTuple):
    """A run of a playbook.

    Attributes:
        answers: a dictionary, given as JSON; or a text, given as key=value.
        expected: what a task has to have become, by its id.
        says: a part of what is printed.
        fails: whether it fails.
        hosts: the hosts of the group channels.
        prepare: what happens to the service before.
    """

    answers: dict[str, Any] | str = ""
    expected: dict[str, dict[str, Any]] | None = None
    says: str = ""
    fails: bool = False
    hosts: dict[str, dict[str, Any]] | None = None
    prepare: Callable[[Emulator], None] = lambda _emulator: None


def on_air(answers: Any, status: str) -> Run:
    return Run(answers, {CHANNEL_ID: {"status": status}, PAUSED_ID: {"status": status}})


def channel(answers: Any, **expected: Any) -> Run:
    named = f"task_id={CHANNEL_ID} {answers}" if isinstance(answers, str) else {"task_id": CHANNEL_ID, **answers}
    return Run(named, {CHANNEL_ID: {"status": "enable", **expected}})


def dark(emulator: Emulator) -> None:
    emulator.service.knock(CHANNEL_ID)


def pushed_by_others(emulator: Emulator) -> None:
    """Let someone else push to the address of the channel."""
    push = {
        "publish_domain": "push.example.com",
        "app": "live",
        "stream": "channel",
        "start_time": "2026-01-01T00:00:00Z",
    }
    emulator.behaviour = Behaviour(other_pushes=[push])


def refused_once(emulator: Emulator) -> None:
    emulator.add_fault(Fault("status", on="streams", status=400))


SHOW = {"show_start": "2099-01-31T20:00:00+08:00", "show_end": "2099-01-31T22:30:00+08:00"}
PREMIERE = {name.replace("show", "premiere"): value for name, value in SHOW.items()}
PUSHED = "push.example.com/live"
# The run that `make test` does too.
QUICK = channel({"playlist": f"{ONE}\r\n\n {TWO}", "on_air": None}, source_urls=[ONE, TWO])
HOST = {"channel": {"task_id": CHANNEL_ID, "source_urls": [ONE], "on_air": "no"}}

# Each playbook with its runs. Those that ask nothing, and are run as they are by the integration tests, have none.
RUNS: dict[str, list[Run]] = {
    # adopt.yml and station.yml are run together, below.
    "adopt.yml": [],
    "awx/channel.yml": [
        *(channel({"on_air": value}, status="pause") for value in (False, 0, " NO ")),
        channel("on_air=False playlist=", status="pause"),
        QUICK,
        channel({"playlist": [ONE, TWO], "on_air": ""}, source_urls=[ONE, TWO]),
        Run({"task_id": PAUSED_ID, "on_air": True}, {PAUSED_ID: {"status": "enable"}}),
        Run({"task_id": CHANNEL_ID, "on_air": "perhaps"}, says="perhaps", fails=True),
        Run({"destination": f" {PUSHED}/channel ", "on_air": "no", "task_id": ""}, {CHANNEL_ID: {"status": "pause"}}),
        Run({"destination": f"{PUSHED}/channel", "task_id": PAUSED_ID, "on_air": True}, says=PAUSED_ID, fails=True),
        Run(
            {"destination": f"{PUSHED}/chanel", "playlist": ONE},
            says=f"0 channels have the destination {PUSHED}/chanel",
            fails=True,
        ),
        Run({"destination": "channel", "on_air": "no"}, says="destination: 'channel' is not allowed", fails=True),
        Run({"destination": "", "task_id": None, "on_air": "no"}, says="or give task_id", fails=True),
    ],
    "awx/channels.yml": [
        Run(
            hosts={"films": {}, "news": HOST},
            expected={CHANNEL_ID: {"status": "pause", "source_urls": [ONE]}},
            says="Host films has no variable channel",
            fails=True,
        ),
        Run(
            hosts={"news": {**HOST, "channels_are_samples": True}},
            expected={CHANNEL_ID: {"status": "enable"}},
            says="news is a sample, and is left out.",
        ),
    ],
    # Run nowhere: it needs the collection awx.awx, and AWX. What it sends is tested by test_awx.py.
    "awx/configure.yml": [],
    "awx/over.yml": [],
    "channel.yml": [
        Run(f"channel_playlist={ONE},{TWO}", {CHANNEL_ID: {"source_urls": [ONE, TWO]}}),
        Run({"channel_playlist": ""}, says="source_urls: ", fails=True),
    ],
    "channel_from_nothing.yml": [],
    "credentials.yml": [],
    "fleet.yml": [Run()],
    "on_air.yml": [
        *(on_air({"on_air": value}, "pause") for value in (False, "no")),
        on_air("on_air=True", "enable"),
        Run("on_air=", says="status", fails=True),
    ],
    "overview.yml": [],
    "playlist_loop.yml": [],
    "playlist_new.yml": [],
    "playlist_premiere.yml": [Run(PREMIERE, {PAUSED_ID: {"status": "enable", "vod_loop_time": "1"}})],
    "playlist_programme.yml": [
        Run("playlist_now=2026-11-27T06:00:00+08:00", {CHANNEL_ID: {"vod_start_video_time": 0, "status": "enable"}}),
        # Five minutes late, and the first two of them are a trailer.
        Run("playlist_now=2026-11-27T20:20:00+08:00", {CHANNEL_ID: {"vod_start_video_index": 1, "vod_loop_time": "1"}}),
        Run("playlist_now=2026-11-28T02:00:00+08:00", {CHANNEL_ID: {"status": "pause"}}),
    ],
    # After the third part of five films the first one comes again.
    "playlist_rotation.yml": [
        Run("part=3", {CHANNEL_ID: {"source_urls": [f"{FILMS}harbour%20lights.mp4", f"{FILMS}the%20long%20road.mp4"]}}),
        Run("part=2", {CHANNEL_ID: {"source_urls": [f"{FILMS}the%20lake.mp4"]}}),
    ],
    "playlist_rounds.yml": [],
    "playlist_slate.yml": [],
    "playlist_spreadsheet.yml": [
        Run(
            "playlist_now=2026-12-24T10:00:00+08:00",
            {CHANNEL_ID: {"status": "enable", "source_urls": ["https://media.example.com/christmas/carols.mp4"]}},
        ),
        Run("playlist_now=2026-11-28T02:00:00+08:00", {CHANNEL_ID: {"status": "pause"}}),
    ],
    "playlist_update.yml": [],
    "preview.yml": [
        Run("preview_rounds=7", says="vod_loop_time"),
        Run("preview_rounds=0", says="vod_loop_time: ", fails=True),
    ],
    "restart.yml": [
        Run(f"task_id={CHANNEL_ID}", {CHANNEL_ID: {"status": "enable"}}, says="changed=2", prepare=dark),
        Run(f"task_id={CHANNEL_ID}", says="changed=2"),
        Run(
            f"task_id={CHANNEL_ID} wait_timeout=1",
            {CHANNEL_ID: {"status": "enable"}},
            says="is still pushed",
            fails=True,
            prepare=pushed_by_others,
        ),
        Run(f"task_id={PAUSED_ID}", says="its state is paused", fails=True),
        Run(f"task_id={SHOW_ID}", says="its state is ahead", fails=True),
        Run(f"task_id={RELAY_ID}", says="its source type PullLivePushLive", fails=True),
        Run("task_id=nothing", says="it does not exist", fails=True),
        Run(says="task_id: missing", fails=True),
    ],
    "show.yml": [Run(SHOW, {SHOW_ID: {"end_time": "2099-01-31T14:30:00Z"}})],
    "station.yml": [],
    "watch.yml": [
        Run(says="rescued=0"),
        Run("watch_again_seconds=1", says="channel is dark (not pushed, task", fails=True, prepare=dark),
        Run("watch_again_seconds=1", says="rescued=1", prepare=refused_once),
        Run({"overview_fail_on": ["ahead"], "watch_again_seconds": 1}, says="show is ahead", fails=True),
        Run("overview_fail_on=ahead watch_again_seconds=1", says="show is ahead", fails=True),
    ],
    "xmltv.yml": [],
}


def playbooks() -> list[str]:
    """Return the playbooks of the examples: what is a list of plays."""
    paths = [path for path in EXAMPLES.rglob("*.yml") if isinstance(content := _loaded(path), list) and content]
    return sorted(str(path.relative_to(EXAMPLES)) for path in paths)


def _loaded(path: Path) -> Any:
    return None if ": !unsafe" in path.read_text(encoding="utf-8") else yaml.safe_load(path.read_text(encoding="utf-8"))


def test_every_playbook_is_in_the_table() -> None:
    assert playbooks() == sorted(RUNS)


@pytest.mark.parametrize("name", sorted(RUNS))
def test_a_playbook_that_runs_something_once_has_the_strategy_for_it(name: str) -> None:
    """Other strategies, which a project may have as its default, run it for each host."""
    for play in _loaded(EXAMPLES / name):
        assert "run_once" not in json.dumps(play) or play["strategy"] == "linear"


def keys(content: Any, within: str = "") -> Iterator[tuple[str, str]]:
    """Yield each key of what was read from YAML, after the key that it is under."""
    for item in content if isinstance(content, list) else ():
        yield from keys(item, within)
    for key, value in content.items() if isinstance(content, dict) else ():
        yield within, key
        yield from keys(value, key)


@pytest.mark.parametrize("name", sorted(RUNS))
def test_only_options_that_exist_are_given(name: str) -> None:
    for within, key in keys(_loaded(EXAMPLES / name)):
        collection, _dot, module = within.rpartition(".")
        if collection == "huaweicloud.live":
            assert key in import_module(f"{MODULES}.{module}").ARGUMENTS
        elif (role := COLLECTION / "roles" / key.partition("_")[0]).is_dir() and "_" in key:
            specification = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
            assert key in specification["argument_specs"]["main"]["options"]


def collections(folder: Path) -> str:
    """Return the path of the collections, with one in the folder that has the module of the spreadsheet."""
    modules = folder / "ansible_collections" / "community" / "general" / "plugins" / "modules"
    modules.mkdir(parents=True)
    shutil.copy(read_csv.__file__, modules)
    return f"{COLLECTION.parents[2]}:{folder}"


@pytest.mark.parametrize(
    ("name", "run"),
    [
        pytest.param(name, run, marks=() if run is QUICK else pytest.mark.slow)
        for name, runs in RUNS.items()
        for run in runs
    ],
    ids=lambda value: str(value)[:70],
)
def test_an_answer_means_the_same_in_every_form(emulator: Emulator, tmp_path: Path, name: str, run: Run) -> None:
    answers = run.answers if isinstance(run.answers, str) else json.dumps(run.answers)
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"channels": {"hosts": run.hosts or {}}}), encoding="utf-8")
    run.prepare(emulator)
    command = ("ansible-playbook", "-i", str(inventory), str(EXAMPLES / name), *(("-e", answers) if answers else ()))
    environ = {"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_COLLECTIONS_PATH": collections(tmp_path)}
    done = run_as_user(emulator, tmp_path, *command, environ=environ)
    printed = done.stdout + done.stderr
    assert (done.returncode != 0) is run.fails, printed
    assert run.says in printed
    assert emulation.SECRET_KEY not in printed
    for task_id, values in (run.expected or {}).items():
        assert emulator.task(task_id).items() >= values.items(), printed
    if run.fails and not run.expected:
        assert emulator.writes() == []


HOSTILE = "{{ lookup('ansible.builtin.pipe', 'touch evaluated') }}"


@pytest.mark.slow
def test_a_station_is_adopted_and_does_not_change(emulator: Emulator, tmp_path: Path) -> None:
    """No text is evaluated as a template, and no file is replaced."""
    fields = {
        "stream_name": HOSTILE,
        "source_urls": [f"{FILMS}{HOSTILE}.mp4"],
        "callback_url": f"https://a.b/?c={HOSTILE}",
    }
    emulator.service.add_tasks([{**emulator.task(CHANNEL_ID), "task_id": "hostile", **fields}])
    for name in ("adopt.yml", "station.yml"):
        shutil.copy(EXAMPLES / name, tmp_path)
    adopt, station = (["ansible-playbook", name, "-v", "--diff"] for name in ("adopt.yml", "station.yml"))
    adopt += ["-e", "adopt_secrets=true"]

    done = run_as_user(emulator, tmp_path, *adopt)
    assert "changed=1 " in done.stdout, done.stdout + done.stderr
    assert "4 of 5 relay tasks are in " in done.stdout
    file = tmp_path / "channels.yml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "https://a.b" in file.read_text(encoding="utf-8")
    assert "https://a.b" not in done.stdout + done.stderr

    done = run_as_user(emulator, tmp_path, *station)
    assert '"unchanged": 4' in done.stdout, done.stdout + done.stderr
    assert "changed=0 " in done.stdout
    assert emulator.writes() == []
    assert not (tmp_path / "evaluated").exists()

    done = run_as_user(emulator, tmp_path, *adopt)
    assert "changed=0 " in done.stdout, done.stdout + done.stderr
    file.write_text("# mine", encoding="utf-8")
    done = run_as_user(emulator, tmp_path, *adopt)
    assert "channels.yml exists, and was left as it is." in done.stdout
    assert file.read_text(encoding="utf-8") == "# mine"


@pytest.mark.slow
def test_the_guide_is_written_once_a_day(emulator: Emulator, tmp_path: Path) -> None:
    path, playbook = tmp_path / "guide.xml", str(EXAMPLES / "xmltv.yml")
    variables = json.dumps({"guide_path": str(path), "guide_begins": "2026-12-24T00:00:00Z"})
    done = run_as_user(emulator, tmp_path, "ansible-playbook", playbook, playbook, "-e", variables)
    assert "ok=2    changed=1 " in done.stdout, done.stdout + done.stderr
    text = path.read_text(encoding="utf-8")
    assert '<programme start="20261224120000 +0800" stop="20261225020000 +0800" channel="channel.example.com">' in text
    assert "<title>Harbour Lights</title>" in text


# Columns, as many rows, and what the role says of them. An empty text: nothing is wrong.
MISTAKES = [
    ("from,source_urls", [f"06:00,{ONE}"], ""),
    ("\ufefffrom,source_urls", [f"06:00,{ONE}"], "'\\ufefffrom' is not an option. Did you mean from?"),
    ("from;source_urls", [f"06:00;{ONE}"], "from;source_urls is not an option."),
    ("From,source_urls", [f"06:00,{ONE}"], "From is not an option. Did you mean from?"),
    ("from ,source_urls", [f"06:00,{ONE}"], "'from ' is not an option. Did you mean from?"),
    ("from,source_urls,remark", [f"06:00,{ONE},hello"], "remark is not an option."),
    *(
        ("from,source_urls", [f"{begin},{ONE}"], f"programme[0] (from {begin}): from: {begin!r} is not allowed.")
        for begin in ("6:00", "06:00:00", "0.25", "6:00 AM")
    ),
    *(
        (
            "from,dates,source_urls",
            [f"06:00,,{ONE}", f"07:00,{day},{TWO}"],
            f"(from 07:00): dates: {day!r} is not allowed.",
        )
        for day in ("24.12.2026", "12/24/2026", "46380")
    ),
    ("from,days,source_urls", [f'06:00,"mon,tue",{ONE}'], ""),
    ("from,days,source_urls", [f"06:00,mon,tue,{ONE}"], "null is not an option."),
    ("from,days,source_urls", [f"06:00,Mon,{ONE}"], "days: 'Mon' is not allowed."),
    ("from,source_urls,off_air", [f"06:00,{ONE},", "22:00,,WAHR"], "off_air: 'WAHR' is not allowed."),
    ("from,source_urls", [f"06:00,{ONE}", ",", "", ","], ""),
    ("from,source_urls,title", [f"06:00,{ONE}"], ""),
    ("from,source_urls", [f"06:00,{ONE} "], "it holds ' ' (a space)"),
]


@pytest.mark.parametrize(("header", "rows", "reason"), MISTAKES)
def test_a_mistake_in_a_spreadsheet_is_named(header: str, rows: list[str], reason: str) -> None:
    """With the expression of the example, and the rows as JSON passes them from the module."""
    sheet = [*csv.DictReader(io.StringIO("\n".join([header, *rows])))]
    [play] = _loaded(EXAMPLES / "playlist_spreadsheet.yml")
    variables = {"sheet": {"list": json.loads(json.dumps(sheet))}}
    slots = templated(play["vars"]["spreadsheet_slots"], variables)
    [channel] = play["roles"][0]["playlist_channels"]
    problems = playlist_check({}, [{**channel, "programme": slots}], "2026-11-22T12:00:00Z")["problems"]
    assert (reason in "\n".join(problems)) if reason else problems == []


def templated(text: str, variables: dict[str, Any]) -> Any:
    """Return the value of an expression of a playbook."""
    trust = getattr(import_module("ansible.template"), "trust_as_template", str)
    return Templar(DataLoader(), variables=variables).template(trust(text))
