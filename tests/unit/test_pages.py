# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages describe every option, each page is in the sidebar, and each file has a licence."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.huaweicloud.live.plugins.module_utils._options import CONNECTION_OPTIONS
from ansible_collections.huaweicloud.live.plugins.module_utils._service.credentials import FAMILIES
from ansible_collections.huaweicloud.live.plugins.module_utils._service.settings import ENVIRONMENT
from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, __main__, control, faults, journal
from ansible_collections.huaweicloud.live.tests.emulator.files import FILES

ROOT = Path(__main__.__file__).resolve().parents[2]
DOCSITE = ROOT / "docs" / "docsite"
GUIDES = {path.stem for path in (DOCSITE / "rst").glob("*.rst")}
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def table(guide: str, heading: str) -> dict[str, list[str]]:
    """The rows of the table in a section of a guide, by their first cell."""
    section = re.split(r"^(.+)\n[=-]{3,}$", read(f"docs/docsite/rst/{guide}.rst"), flags=re.MULTILINE)
    text = section[section.index(heading) + 1]
    rows = [
        re.findall(r"^   [* ] - (.*)$", row, re.MULTILINE) for row in re.split(r"(?=^   \* - )", text, flags=re.M)[1:]
    ]
    return {cells[0].strip("`"): cells[1:] for cells in rows[1:]}


# The sidebar


def test_every_guide_is_in_the_sidebar_and_in_the_list_of_guides() -> None:
    sections = yaml.safe_load((DOCSITE / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    listed = [guide for section in sections for guide in section["toctree"]]
    shown = re.findall(r"^   .+ <(\w+_guide)>$", (DOCSITE / "index.rst").read_text(encoding="utf-8"), re.MULTILINE)
    assert shown == listed
    assert {*listed} == GUIDES


def test_every_plugin_and_role_is_in_the_sidebar() -> None:
    kinds = {"modules": "module", "filter": "filter", "inventory": "inventory", "lookup": "lookup"}
    pages = {
        f"{path.stem}_{kind}"
        for folder, kind in kinds.items()
        for path in (ROOT / "plugins" / folder).glob("*.py")
        if not path.name.startswith("_")
    }
    pages |= {f"{path.name}_role" for path in (ROOT / "roles").iterdir()}
    shown = re.findall(
        r"^   .+ <(\w+_(?:module|filter|inventory|lookup|role))>$", read("docs/docsite/index.rst"), re.MULTILINE
    )
    assert sorted(shown) == sorted(pages)


# The content of pages


@pytest.mark.parametrize(
    "page",
    [
        *("README.md", "docs/docsite/index.rst", "docs/examples/playlist_loop.yml", "docs/examples/channel.yml"),
        *(
            f"docs/docsite/rst/{name}_guide.rst"
            for name in (
                "getting_started",
                "first_hour",
                "playlist",
                "programme",
                "watching",
                "awx",
                "porting",
                "troubleshooting",
            )
        ),
        *(
            "roles/playlist/README.md",
            "roles/playlist/meta/argument_specs.yml",
            "roles/overview/meta/argument_specs.yml",
        ),
        *("plugins/doc_fragments/_pull_task.py", "plugins/filter/rolling_window.py", "plugins/filter/overview.py"),
        *("plugins/modules/live_pull_task.py", "plugins/module_utils/_engine/messages.py"),
    ],
)
def test_the_limit_of_seven_days_has_the_same_words_on_every_page(page: str) -> None:
    words = re.sub(r'["\s#]+', " ", read(page))
    assert re.search("[Tt]he service ends every task after seven days at most", words)


@pytest.mark.parametrize("page", ["README.md", "docs/docsite/index.rst", "docs/docsite/rst/getting_started_guide.rst"])
def test_the_first_recipe_has_a_rolling_window(page: str) -> None:
    """Otherwise the service ends the channel after seven days."""
    recipe = re.split("```yaml|code-block:: yaml", read(page))[1].partition("```")[0]
    assert "role: huaweicloud.live.playlist" in recipe
    assert "rolling:" in recipe


def test_the_environment_page_has_every_variable_with_its_option() -> None:
    read_by = {
        variable: name
        for name in CONNECTION_OPTIONS
        for variable in (*ENVIRONMENT.get(name, ()), *(family[name] for family in FAMILIES if name in family))
    }
    read_by |= dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), "ca_path")
    rows = table("environment_guide", "Environment variables")
    assert {variable: cells[0].strip("`") for variable, cells in rows.items()} == read_by


def test_the_emulator_s_page_has_its_options_as_its_help_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    output = io.StringIO()
    with contextlib.redirect_stdout(output), pytest.raises(SystemExit):
        __main__.main(["--help"])
    options = dict(re.findall(r"^  (--\S+ \S+) +(.+)$", output.getvalue(), re.MULTILINE))
    assert options
    assert {option: cells[0] for option, cells in table("emulator_guide", "Start it").items()} == options


def test_the_emulator_s_page_has_every_file() -> None:
    names = [name for row in table("emulator_guide", "Files") for name in re.findall(r"[\w.-]+\.\w+", row)]
    assert sorted(names) == sorted(FILES)


def test_the_emulator_s_page_has_its_endpoints_as_the_code_does() -> None:
    described = re.findall(r"^([A-Z, ]+[A-Z]) +(/emulator/\w+) ", control.__doc__ or "", re.MULTILINE)
    assert len(described) > 5
    assert [*table("emulator_guide", "Control it")] == [f"{methods} {path}" for methods, path in described]


def test_the_emulator_s_page_has_every_switch_with_its_default() -> None:
    shown = {name: json.loads(cells[0].strip("`")) for name, cells in table("emulator_guide", "Switches").items()}
    assert shown == json.loads(json.dumps(Behaviour().to_json()))


def test_the_emulator_s_page_has_every_fault_and_what_the_journal_holds() -> None:
    text = read("docs/docsite/rst/emulator_guide.rst").partition("\nFaults\n")[2]
    named = re.findall(r"^   \* - ``(\w+)``", text, re.MULTILINE)
    fields = [field.name for field in dataclasses.fields(faults.Fault) if field.name != "kind"]
    assert named == [*faults.KINDS, *fields, "body_base64"]
    assert [*table("emulator_guide", "The journal")] == [*journal.Entry.__annotations__]


# Links


def test_every_link_of_readme_is_a_full_url() -> None:
    """Galaxy shows only this page, so relative links do not work there. Links to the repository lead to files."""
    links = re.findall(r"\]\(([^)]+)\)", read("README.md"))
    headings = {
        re.sub(r"\W+", "-", title.lower()) for title in re.findall(r"^#+ (.+)$", read("README.md"), re.MULTILINE)
    }
    assert links
    for link in links:
        assert link.startswith(("https://", "#")), link
        if link.startswith("#"):
            assert link[1:] in {title.strip("-") for title in headings}
        inside = re.fullmatch(rf"{re.escape(GALAXY['repository'])}/(?:blob|tree)/main/([^#]+)", link)
        assert not inside or (ROOT / inside[1]).exists(), link


# Rules for collections


def test_every_module_that_connects_to_the_service_is_in_the_action_group() -> None:
    groups: dict[str, Any] = yaml.safe_load(read("meta/runtime.yml"))["action_groups"]
    paths = (ROOT / "plugins" / "modules").glob("*.py")
    modules = sorted(path.stem for path in paths if "import connect" in path.read_text(encoding="utf-8"))
    assert groups == {"live": modules}


def test_every_source_file_says_under_which_licence_it_is() -> None:
    # Fragments and what is made of them have none, as in other collections; neither has what is built.
    left_out = {
        "changelogs",
        ".git",
        ".build",
        ".ansible",
        "output",
        "__pycache__",
        ".hypothesis",
        ".mypy_cache",
        ".ruff_cache",
        "integration_config.yml",
    }
    sources = [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and path.suffix in {".py", ".yml", ".yaml", ".sh", ".css", ".html", ".j2", ".cfg"}
        if not left_out & {*path.relative_to(ROOT).parts}
    ]
    assert len(sources) > 100
    without = [
        str(path.relative_to(ROOT))
        for path in sources
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in path.read_text(encoding="utf-8")[:600]
    ]
    assert without == []
