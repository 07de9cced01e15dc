# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation and code agree: options, allowed words, environment variables, and the body of a request."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.live.plugins import doc_fragments
from ansible_collections.huaweicloud.live.plugins.doc_fragments import _connection, _filters, _pull_task
from ansible_collections.huaweicloud.live.plugins.filter import playlist_source_problems
from ansible_collections.huaweicloud.live.plugins.module_utils._options import (
    BACKUP_SOURCE_TYPES,
    CALLBACK_EVENTS,
    CONNECTION_OPTIONS,
    FILTER_OPTIONS,
    FLEET_OPTIONS,
    MODES,
    REFRESH_TYPES,
    SOURCE_TYPES,
    STATES,
    STATUSES,
    TASK_OPTIONS,
    WAIT_OPTIONS,
    WORDS_OPTIONS,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.options import (
    CHANNEL_OPTIONS,
    JOINS,
    PROBE_KINDS,
    SLOT_OPTIONS,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.schedule import DAYS
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import FAMILIES
from ansible_collections.huaweicloud.live.plugins.module_utils._service.profile import VARIABLE as CREDENTIALS_FILE
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import ENVIRONMENT
from ansible_collections.huaweicloud.live.plugins.module_utils._source.kinds import KINDS
from ansible_collections.huaweicloud.live.plugins.module_utils._source.problems import Source
from ansible_collections.huaweicloud.live.plugins.module_utils._task.air import AIR_STATES
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS, RESENT
from ansible_collections.huaweicloud.live.plugins.module_utils._task.immutable import IMMUTABLE, Destination, option_of
from ansible_collections.huaweicloud.live.plugins.modules import (
    live_pull_task,
    live_pull_task_info,
    live_pull_tasks,
    live_source_info,
)
from ansible_collections.huaweicloud.live.tests.acceptance.command import DOMAIN as INGEST_DOMAIN
from ansible_collections.huaweicloud.live.tests.acceptance.command import PUSH_ARGS
from ansible_collections.huaweicloud.live.tests.emulator import Behaviour
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import report

ROOT = Path(_pull_task.__file__).resolve().parents[2]
MODULES = [live_pull_task, live_pull_task_info, live_pull_tasks, live_source_info]
NOTHING_ELSE = "Nothing else is allowed."
WORDS = {
    "state": STATES,
    "source_type": SOURCE_TYPES,
    "backup_source_type": BACKUP_SOURCE_TYPES,
    "status": STATUSES,
    "vod_refresh_type": REFRESH_TYPES,
    "callback_events": CALLBACK_EVENTS,
}
# Immutable options that change with `recreate`.
REPLACEABLE = [option_of(name) for name in IMMUTABLE if name not in Destination._fields]
# Switches of the emulator that are no reading of the service's page: how fast it is, and what makes a test easier.
NO_READINGS = {
    *("latency", "durations", "status_override", "agency", "metadata_tokens"),
    *("push_delay", "missing_files", "other_pushes", "streams_allowed"),
}
# Options of the role that are not options of live_pull_tasks.
OF_THE_ROLE = ("playlist_channels", "playlist_now", "playlist_probe", "playlist_probe_ignore")
FACTS = ("type", "elements", "default", "required", "choices")

Options = dict[str, dict[str, Any]]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def options_of(yaml_text: str) -> Options:
    options: Options = yaml.safe_load(yaml_text).get("options", {})
    return options


def facts(options: Options) -> Options:
    """Return options of an argument specification, a documentation or a role without their descriptions."""
    found = {}
    for name, option in options.items():
        found[name] = {fact: option[fact] for fact in FACTS if fact in option}
        if "choices" in option:
            found[name]["choices"] = [*option["choices"]]
        within = option.get("options", option.get("suboptions"))
        if within is not None:
            found[name]["options"] = facts(within)
    return found


def words(option: dict[str, Any]) -> list[str]:
    """Return the values in a description, each once, in their order."""
    return [*dict.fromkeys(re.findall(r"V\((.+?)\)", " ".join(paragraphs(option))))]


def paragraphs(option: dict[str, Any]) -> list[str]:
    description = option["description"]
    return [description] if isinstance(description, str) else description


TASK = options_of(_pull_task.ModuleDocFragment.DOCUMENTATION)
SUBOPTIONS = options_of(_pull_task.ModuleDocFragment.TASKS)["tasks"]["suboptions"]
CONNECTION = options_of(_connection.ModuleDocFragment.DOCUMENTATION)
INVENTORY = options_of(_connection.ModuleDocFragment.INVENTORY)
FILTERS = options_of(_filters.ModuleDocFragment.DOCUMENTATION)
NOTES = yaml.safe_load(_pull_task.ModuleDocFragment.WAIT)["notes"]
ROLE = yaml.safe_load(read("roles/playlist/meta/argument_specs.yml"))["argument_specs"]["main"]["options"]
CHANNEL = ROLE["playlist_channels"]["options"]
OVERVIEW = yaml.safe_load(read("roles/overview/meta/argument_specs.yml"))["argument_specs"]["main"]["options"]


# The options of the modules


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_module_documents_exactly_its_arguments(module: Any) -> None:
    """With type, elements, default, required and choices, also within a list."""
    documentation = yaml.safe_load(module.DOCUMENTATION)
    documented = dict(documentation.get("options", {}))
    for fragment in documentation["extends_documentation_fragment"]:
        name, _dot, part = fragment.removeprefix("huaweicloud.live.").partition(".")
        found = import_module(f"{doc_fragments.__name__}.{name}").ModuleDocFragment
        documented.update(options_of(getattr(found, part.upper() or "DOCUMENTATION")))
    assert facts(documented) == facts(module.ARGUMENTS)


def test_the_results_of_live_source_info_are_documented() -> None:
    documented = yaml.safe_load(live_source_info.RETURN)
    assert [*documented["sources"]["contains"]] == [*Source().result("https://media.example.com/a.mp4")]
    assert words(documented["sources"]["contains"]["kind"]) == [*KINDS, "null"]


def test_every_field_of_a_task_is_an_option() -> None:
    assert {*TASK_OPTIONS} == {"task_id", "state", *(option_of(name) for name in IMMUTABLE), *FIELDS}
    in_order = "the fragment describes the options in the order of TASK_OPTIONS, for one task and for many"
    assert [*TASK_OPTIONS] == [*TASK] == [*SUBOPTIONS], in_order
    assert [*TASK_OPTIONS][-len(FIELDS) :] == [*FIELDS], "TASK_OPTIONS ends with FIELDS, in their order"


def test_every_field_of_a_task_is_a_result() -> None:
    assert {*yaml.safe_load(live_pull_task.RETURN)["live_pull_task"]["contains"]} >= {"task_id", *IMMUTABLE, *FIELDS}


def test_every_part_of_a_destination_is_a_filter() -> None:
    assert {*FILTERS} >= {*Destination._fields}


def test_the_summary_is_documented() -> None:
    assert [*yaml.safe_load(live_pull_tasks.RETURN)["summary"]["contains"]] == [*report([])["summary"]]


@pytest.mark.parametrize("name", REPLACEABLE)
def test_the_description_of_an_immutable_option_says_so(name: str) -> None:
    assert "Immutable." in " ".join(paragraphs(TASK[name]))


def test_the_description_of_recreate_names_the_immutable_options() -> None:
    first = paragraphs(options_of(live_pull_task.DOCUMENTATION)["recreate"])[0]
    assert {*re.findall(r"O\((\w+)\)", first)} == {*REPLACEABLE}


@pytest.mark.parametrize("name", [*REPLACEABLE, *FIELDS])
def test_the_description_of_an_option_says_what_happens_if_it_is_not_set(name: str) -> None:
    assert "If not set, the task " in paragraphs(TASK[name])[-1]


def test_options_of_a_list_of_tasks_name_each_other_by_their_full_path() -> None:
    names = re.findall(r"O\((.+?)\)", " ".join(itertools.chain(*map(paragraphs, SUBOPTIONS.values()))))
    assert {name.partition("]")[0] for name in names} == {"tasks["}


@pytest.mark.parametrize("name", [*TASK])
def test_an_option_of_a_list_of_tasks_says_in_words_that_only_its_choices_are_allowed(name: str) -> None:
    assert (NOTHING_ELSE in paragraphs(SUBOPTIONS[name])) is ("choices" in TASK[name])


@pytest.mark.parametrize("name", [*WORDS])
@pytest.mark.parametrize("options", [TASK, SUBOPTIONS], ids=["one", "many"])
def test_the_values_in_a_description_are_the_allowed_ones(options: Options, name: str) -> None:
    assert words(options[name]) == [*WORDS[name]]


# The role


def test_the_channels_of_the_role_are_specified_as_in_the_code() -> None:
    programme = {**CHANNEL["programme"]}
    slot = programme.pop("options")
    assert facts({**CHANNEL, "programme": programme}) == facts(CHANNEL_OPTIONS)
    assert [*CHANNEL] == [*CHANNEL_OPTIONS]
    assert facts(slot) == facts(SLOT_OPTIONS)
    assert [*slot] == [*SLOT_OPTIONS]
    assert words(slot["days"]) == [*DAYS]
    assert [one for one in words(slot["join"]) if one in JOINS] == [*JOINS]
    assert words(slot["mode"]) == [*MODES]


def test_the_role_passes_options_to_the_module() -> None:
    passed = {**WORDS_OPTIONS, **FLEET_OPTIONS, **WAIT_OPTIONS}
    assert facts({f"playlist_{name}": option for name, option in passed.items()}) == facts(
        {name: option for name, option in ROLE.items() if name not in OF_THE_ROLE}
    )


def test_the_documented_problems_of_files_are_those_of_the_code() -> None:
    ignore = ROLE["playlist_probe_ignore"]
    assert ignore["choices"] == words(ignore) == [*PROBE_KINDS]
    assert options_of(playlist_source_problems.DOCUMENTATION)["ignore"]["choices"] == [*PROBE_KINDS]
    found = yaml.safe_load(live_source_info.RETURN)["problems"]["contains"]["kind"]
    assert words(found) == [*PROBE_KINDS][:-1]


def test_the_defaults_of_the_role_are_as_specified() -> None:
    for role, options in (("playlist", ROLE), ("overview", OVERVIEW)):
        defaults = yaml.safe_load(read(f"roles/{role}/defaults/main.yml"))
        assert defaults.pop(f"{role}_now")  # whose default is the time
        assert defaults == {name: option["default"] for name, option in options.items() if "default" in option}


@pytest.mark.parametrize(
    ("name", "allowed"), [("mode", MODES), ("on_update", REFRESH_TYPES), ("callback_events", CALLBACK_EVENTS)]
)
def test_the_values_in_a_description_of_the_role_are_the_allowed_ones(name: str, allowed: tuple[str, ...]) -> None:
    assert words(CHANNEL[name]) == [*allowed]
    assert NOTHING_ELSE in paragraphs(CHANNEL[name])


def test_the_overview_takes_the_filters_of_the_info_module() -> None:
    filters = OVERVIEW["overview_filters"]["options"]
    assert facts(filters) == facts(FILTER_OPTIONS)
    assert facts({"status_words": OVERVIEW["overview_status_words"]}) == facts(WORDS_OPTIONS)
    tasks = yaml.safe_load(read("roles/overview/tasks/main.yml"))
    passed = [task[name] for task in tasks for name in task if name == "huaweicloud.live.live_pull_task_info"]
    assert [{*options} for options in passed] == [{*filters, "status_words", "streams"}] * 2
    assert [options["streams"] for options in passed] == [True, False]


def test_the_description_of_overview_fail_on_names_all_groups() -> None:
    assert tuple(OVERVIEW["overview_fail_on"]["choices"]) == tuple(AIR_STATES)
    assert words(OVERVIEW["overview_fail_on"]) == [*AIR_STATES]


@pytest.mark.parametrize("role", ["playlist", "overview"])
def test_the_page_of_a_role_has_every_variable_with_its_default(role: str) -> None:
    options = yaml.safe_load(read(f"roles/{role}/meta/argument_specs.yml"))["argument_specs"]["main"]["options"]
    rows = re.findall(rf"^\| `({role}_\w+)` \| (.+?) \|", read(f"roles/{role}/README.md"), re.MULTILINE)
    shown = {name: option["default"] for name, option in options.items() if "default" in option}
    assert [name for name, _default in rows] == [name for name in options if name != f"{role}_now"]
    assert {name: yaml.safe_load(default.strip("`")) for name, default in rows if default != "required"} == shown


# The options that are always sent


def test_the_notes_name_the_options_that_are_always_sent() -> None:
    [note] = [note for note in NOTES if "always carries" in note]
    always, only_if_they_change = note.split("with the value of the task")
    assert re.findall(r"C\((\w+)\)", always) == [*RESENT]
    assert {*re.findall(r"C\((\w+)\)", only_if_they_change)} == {*FIELDS} - {*RESENT}


def test_the_guide_names_the_options_that_are_always_sent() -> None:
    guide = read("docs/docsite/rst/decisions_guide.rst")
    [always] = re.findall(r"^\* (.*), also when they do not differ", guide, re.MULTILINE)
    [only_if_they_change] = re.findall(r"^\* Not (.*), unless they differ", guide, re.MULTILINE)
    assert re.findall(r"``(\w+)``", always) == [*RESENT]
    assert {*re.findall(r"``(\w+)``", only_if_they_change)} == {*FIELDS} - {*RESENT}
    [body] = re.findall(r"^\.\. code-block:: json\n\n((?: .*\n)+)", guide, re.MULTILINE)
    assert [*json.loads(body)] == ["task_id", "status", *RESENT]


def test_the_samples_of_a_request_contain_the_options_that_are_always_sent() -> None:
    one, many = yaml.safe_load(live_pull_task.RETURN), yaml.safe_load(live_pull_tasks.RETURN)
    for request in (one["request"], many["live_pull_tasks"]["contains"]["request"]):
        assert [*request["sample"]] == ["task_id", *RESENT]
        assert request["sample"]["callback_events"] == [*CALLBACK_EVENTS]


# The environment


def variables_of(name: str) -> list[str]:
    """Return the environment variables that an option is read from."""
    return [
        *ENVIRONMENT.get(name, ()),
        *(family[name] for family in FAMILIES if name in family),
        *(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") if name == "ca_path" else ()),
        *((CREDENTIALS_FILE,) if name == "profile" else ()),
    ]


@pytest.mark.parametrize("name", [*CONNECTION_OPTIONS])
def test_the_environment_variables_in_the_documentation_are_the_ones_that_are_read(name: str) -> None:
    assert re.findall(r"E\((\w+)\)", " ".join(paragraphs(CONNECTION[name]))) == variables_of(name)


@pytest.mark.parametrize("name", [*CONNECTION_OPTIONS])
def test_the_inventory_declares_the_environment_variables_of_each_option(name: str) -> None:
    # The variable in the description of profile holds the path of the file.
    declared = [] if name == "profile" else variables_of(name)
    assert [variable["name"] for variable in INVENTORY[name].get("env", [])] == declared


def test_the_documentation_names_the_families() -> None:
    notes = " ".join(yaml.safe_load(_connection.ModuleDocFragment.DOCUMENTATION)["notes"])
    patterns = [re.compile(name.replace("*", ".*")) for name in re.findall(r"C\((\w+_\*)\)", notes)]
    assert len(patterns) == len(FAMILIES)
    for pattern, family in zip(patterns, FAMILIES):
        assert all(pattern.fullmatch(variable) for variable in family.values())


def test_the_guide_has_every_variable_in_its_place() -> None:
    guide = read("docs/docsite/rst/authentication_guide.rst")
    rows = [re.findall(r"``(\w+)``", row) for row in re.findall(r"^     - (``[A-Z].*)", guide, re.MULTILINE)]
    assert [row for row in rows if row] == [
        *([*family.values()] for family in FAMILIES),
        *(
            [*ENVIRONMENT[name]]
            for name in ("region", "project_id", "project_name", "endpoint", "iam_endpoint", "cloud")
        ),
    ]


def test_no_page_names_a_variable_that_is_not_read() -> None:
    known = {
        CREDENTIALS_FILE,
        INGEST_DOMAIN,
        PUSH_ARGS,
        *itertools.chain(*ENVIRONMENT.values(), *(family.values() for family in FAMILIES)),
    }
    pages = [ROOT / "README.md", *ROOT.glob("docs/**/*.rst"), *ROOT.glob("docs/**/*.yml"), *ROOT.glob("roles/**/*.md")]
    named = {
        (page.name, variable)
        for page in pages
        for variable in re.findall(
            r"\b(?:HUAWEICLOUD|CLOUD_SDK|HW|ANSIBLE_HWC)_[A-Z_]*[A-Z]\b(?!_?\*)", page.read_text(encoding="utf-8")
        )
    }
    assert len(pages) > 20
    assert {variable for _page, variable in named} >= {"HUAWEICLOUD_SDK_AK", "HW_REGION_NAME"}
    assert {(page, variable) for page, variable in named if variable not in known} == set()


# The emulator, which implements every interpretation in the guide


def positions(name: str) -> set[Any]:
    """Return the positions of a switch of the emulator if they are words; a flag is described as on."""
    if isinstance(getattr(Behaviour(), name), bool):
        return {True}
    with pytest.raises(ValueError, match=name) as refused:
        Behaviour.from_json({name: object()})
    return set(str(refused.value).rpartition("one of ")[2].split(", ")) if "one of " in str(refused.value) else set()


def test_the_guide_describes_every_position_of_every_switch() -> None:
    """Every switch in every position, and none that there is not."""
    table = read("docs/docsite/rst/decisions_guide.rst").partition("What the documentation leaves open")[2]
    described: dict[str, set[Any]] = {}
    for name, position in re.findall(r"``([a-z_]+)(?:: ([a-z_]+))?``", "".join(table.split("   * - ")[1:])):
        if hasattr(Behaviour(), name):
            described.setdefault(name, set()).update({True if position == "true" else position} - {""})
    switches = {field.name for field in dataclasses.fields(Behaviour)} - NO_READINGS
    assert described == {name: positions(name) for name in switches}
