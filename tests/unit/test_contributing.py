# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CONTRIBUTING.md: the tree names every file, and each place in the recipe for a new option has every option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._options import SETTINGS_OPTIONS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS, RESENT
from ansible_collections.huaweicloud.live.tests import emulator
from ansible_collections.huaweicloud.live.tests.emulator import DEFAULTS, SHOW_ID
from ansible_collections.huaweicloud.live.tests.emulator import fields as emulated

ROOT = Path(emulator.__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAP, _HEADING, RECIPE = PAGE.partition("## Add an option of a task\n")
RECIPE = RECIPE.partition("\n## ")[0]
# A paragraph or an entry of the list is about the files that it names.
PARTS = re.split(r"\n(?=[0-9]+\. |\n)", RECIPE)
FILE = re.compile(r"`([a-z_/]+\.(?:py|rst|yml))`")
NAME = re.compile(r"`([A-Za-z_]*_[A-Za-z_]+|[A-Z]+)(?:\(\))?`")
NAMES = [
    (name, FILE.findall(part))
    for part in PARTS
    if FILE.search(part)
    for name in NAME.findall(part)
    if name not in ("vod_", "vod_volume")
]
# The files with a line for each option of any kind.
FILES = [
    "plugins/doc_fragments/_pull_task.py",
    "plugins/modules/live_pull_task.py",
    "docs/docsite/rst/decisions_guide.rst",
    "tests/unit/plugins/module_utils/drawn.py",
    "tests/integration/targets/live_pull_task/tasks/declare_as_is.yml",
    "tests/acceptance/probe.py",
]


def test_the_tree_names_every_file_of_the_code() -> None:
    tree = {*re.findall(r"\w+", MAP.partition("```text\n")[2].partition("```")[0])}
    code = [path for folder in ("module_utils", "plugin_utils") for path in (ROOT / "plugins" / folder).rglob("*.py")]
    assert len(code) > 50
    assert [str(path) for path in code if path.stem not in tree | {"__init__"}] == []


def test_every_file_to_edit_exists() -> None:
    named = re.findall(r"`(?:plugin_utils/|doc_fragments/)?(_\w+(?:/\w+)?\.py)`", MAP)
    code = {str(path) for path in (ROOT / "plugins").rglob("*.py")}
    assert len(named) > 15
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in code)] == []


def test_every_file_of_the_recipe_exists() -> None:
    files = FILE.findall(RECIPE)
    assert len(files) > 15
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize(("name", "files"), NAMES, ids=[name for name, _files in NAMES])
def test_what_the_recipe_names_is_in_a_file_that_it_names_there(name: str, files: list[str]) -> None:
    assert any(re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8")) for file in files)


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_the_recipe_has_every_option(file: str) -> None:
    assert f"`{file}`" in RECIPE
    text = (ROOT / file).read_text(encoding="utf-8")
    assert [name for name in FIELDS if not re.search(rf"\b{name}\b", text)] == []


def test_the_options_and_the_emulator_have_every_field_at_its_place() -> None:
    assert [*SETTINGS_OPTIONS] == [*FIELDS]
    assert [name for name in emulated.MODIFY if name != "task_id"] == [*FIELDS]
    assert {*DEFAULTS} == {*RESENT} - {"start_time"}
    assert emulator.Behaviour(left_out_fields=dict.fromkeys(RESENT, "reset"))
    [show] = [task for task in emulator.seed_tasks() if task["task_id"] == SHOW_ID]
    assert {*FIELDS} <= {*show}
