# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Sphinx builds the pages, as `make docs` runs it.

The guides are in plain markup, which GitHub shows too. What that has no words for is added here: links from the name of
a plugin to its page, and the options of a plugin in the order of the code, those of the connection apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from ansible_collections.huaweicloud.live.plugins.inventory import pull_tasks
from ansible_collections.huaweicloud.live.plugins.module_utils._options import (
    CONNECTION_OPTIONS,
    FILTER_OPTIONS,
    FLEET_OPTIONS,
    SECRETS_OPTIONS,
    TASK_OPTIONS,
    WAIT_OPTIONS,
    WORDS_OPTIONS,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.options import CHANNEL_OPTIONS

_ROOT = Path(__file__).parents[2]
_GALAXY = yaml.safe_load((_ROOT / "galaxy.yml").read_text(encoding="utf-8"))

project = "huaweicloud.live"
author = _GALAXY["authors"][0]
copyright = f"2026, {author}"
version = release = _GALAXY["version"]
html_title = f"{project} {version}"

extensions = ["sphinx_antsibull_ext", "sphinx_copybutton"]
# What antsibull-docs makes for a site of many collections.
exclude_patterns = ["docsite", "environment_variables.rst", "collection_index.rst"]
nitpicky = True
default_role = "any"
smartquotes = False
highlight_language = "yaml"
# The prompt and what a command answers are not copied.
copybutton_prompt_text = "$ "

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "github-dark"

_GUIDE = re.compile(r"([a-z_]+)\.rst(?:#([a-z0-9-]+))?")
_PLUGIN = re.compile(r"(?:huaweicloud\.live\.)?([a-z][a-z0-9_]+)")
_KINDS = ("module", "role", "inventory", "filter", "lookup")
# Labels of Ansible's own pages, and its own environment variables: they would be looked up online.
_ANSIBLE = re.compile(
    r"ansible_collections\.ansible\..+|ansible_configuration_settings|common_return_values|action_plugins|ANSIBLE_[A-Z_]+"
)
_ROLES = {
    path.parts[-3]: yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    for path in sorted(_ROOT.glob("roles/*/meta/argument_specs.yml"))
}
# What is named by several comes at its first place.
_ORDER = [
    *(*yaml.safe_load(pull_tasks.DOCUMENTATION)["options"], "keyed_groups", "groups", "compose", "strict"),
    *("tasks", *TASK_OPTIONS, "recreate", *FILTER_OPTIONS, *CHANNEL_OPTIONS),
    *(
        *FLEET_OPTIONS,
        *WAIT_OPTIONS,
        *WORDS_OPTIONS,
        *SECRETS_OPTIONS,
        *(name for options in _ROLES.values() for name in options),
    ),
]


def _tidy(app: Sphinx, tree: nodes.document) -> None:
    """Take out what the theme has already: contents, and links to source and bugs; and shorten titles."""
    unwanted = [topic for topic in tree.findall(nodes.topic) if "contents" in topic["classes"]]
    unwanted += [section for section in tree.findall(nodes.section) if section[0].astext() == "Collection links"]
    for node in unwanted:
        node.parent.remove(node)
    for section in [*tree.findall(nodes.section)]:
        name, dash, what = section[0].astext().partition(" -- ")
        if name.endswith(" Release Notes"):
            section[0].children = []
            section[0] += nodes.Text("Changelog")
        if dash and name.startswith("Entry point"):
            section.parent["ids"] += section["ids"]
            section.parent.replace(section, section.children[1:])
        elif dash:
            section[0].children = []
            section[0] += nodes.Text(name.removeprefix("huaweicloud.live."))
            section.insert(1, nodes.paragraph("", f"{what}.", classes=["lead"]))


def _link_guides(app: Sphinx, tree: nodes.document) -> None:
    """Make links to the file of another guide links to its page, which is checked to be there."""
    for link in [*tree.findall(nodes.reference)]:
        found = _GUIDE.fullmatch(link.get("refuri", ""))
        if found:
            document, anchor = found.groups()
            link["refuri"] = f"{document}.html" + (f"#{anchor}" if anchor else "")


def _link_names(app: Sphinx, tree: nodes.document, name: str) -> None:
    """Make the name of a plugin or role a link to its page, at its first place in each section of a guide.

    A name that is a word like others is one of a plugin only where the kind of it stands before.
    """
    if not name.endswith(("_guide", "index")):
        return
    seen = set()
    for literal in [*tree.findall(nodes.literal)]:
        found = _PLUGIN.fullmatch(literal.astext())
        before = literal.previous_sibling()
        word = before.astext().split()[-1:] if isinstance(before, nodes.Text) else []
        kinds = [kind for kind in _KINDS if [kind] == word] or (_KINDS if found and "_" in found[1] else ())
        page = found and next(
            (f"{found[1]}_{kind}" for kind in kinds if f"{found[1]}_{kind}" in app.env.found_docs), None
        )
        section = next((id(parent) for parent in _above(literal) if isinstance(parent, nodes.section)), None)
        if (
            page
            and (section, page) not in seen
            and not any(isinstance(parent, nodes.reference) for parent in _above(literal))
        ):
            seen.add((section, page))
            link = make_refnode(app.builder, name, page, "", literal.deepcopy())
            literal.parent.replace(literal, link)


def _above(node: nodes.Node) -> Iterator[nodes.Element]:
    while node.parent is not None:
        node = node.parent
        yield node


def _order_options(app: Sphinx, tree: nodes.document) -> None:
    """Put the options of each table into the order of the code, and those of the connection apart at its end."""
    for table in tree.findall(nodes.table):
        if "ansible-option-table" not in table["classes"] or _first_title(table) != "Parameters":
            continue
        body = next(iter(table.findall(nodes.tbody)))
        rows = _in_order([*body.children])
        place = next(
            (place for place, row in enumerate(rows) if _name(row) in CONNECTION_OPTIONS and not _depth(row)), 0
        )
        if place:
            text = nodes.paragraph("", "", nodes.strong("", "Connection"))
            rows.insert(
                place,
                nodes.row(
                    "", nodes.entry("", text, classes=["apart"]), nodes.entry("", nodes.paragraph(), classes=["apart"])
                ),
            )
        body.children = []
        body.extend(rows)


def _first_title(node: nodes.Node) -> str:
    section = next(parent for parent in _above(node) if isinstance(parent, nodes.section))
    return section.next_node(nodes.title).astext()


def _in_order(rows: list[nodes.row], depth: int = 0) -> list[nodes.row]:
    """Return rows sorted within their level, each followed by those within it."""
    groups: list[list[nodes.row]] = []
    for row in rows:
        if _depth(row) == depth:
            groups.append([row])
        else:
            groups[-1].append(row)
    groups.sort(key=lambda group: _rank(_name(group[0]), depth))
    return [row for first, *within in groups for row in (first, *(_in_order(within, depth + 1) if within else ()))]


def _rank(name: str, depth: int) -> tuple[bool, int]:
    apart = not depth and name in CONNECTION_OPTIONS
    order = [*CONNECTION_OPTIONS] if apart else _ORDER
    return apart, order.index(name) if name in order else len(order)


def _depth(row: nodes.row) -> int:
    return row.next_node(nodes.raw).astext().count("ansible-option-indent")


def _name(row: nodes.row) -> str:
    strong = row.next_node(nodes.strong)
    return strong.astext() if strong else ""


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> nodes.Element | None:
    """Lead variables of the environment to the guide that has them; leave what is Ansible's own without a link."""
    if _ANSIBLE.fullmatch(node["reftarget"]) and not node["reftarget"].startswith("ANSIBLE_HWC_"):
        return content
    if node["reftype"] == "envvar":
        return make_refnode(app.builder, node["refdoc"], "environment_guide", "", content)
    return None


def setup(app: Sphinx) -> None:
    """Register the above."""
    app.connect("doctree-read", _tidy, priority=400)
    app.connect("doctree-read", _link_guides, priority=400)
    app.connect("doctree-read", _order_options, priority=400)
    app.connect("doctree-resolved", _link_names)
    app.connect("missing-reference", _resolve)
