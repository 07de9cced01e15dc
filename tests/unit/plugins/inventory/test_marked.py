# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of the service that an inventory exports with a mark."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.inventory.pull_tasks import marked

try:
    from ansible._internal._json._profiles._inventory_legacy import Encoder

    HOW: dict[str, Any] = {"cls": Encoder}
except ImportError:
    from ansible.parsing.ajson import AnsibleJSONEncoder

    HOW = {"cls": AnsibleJSONEncoder, "preprocess_unsafe": True}


def exported(value: Any) -> Any:
    """Return the value of a host's variable, as ansible-inventory prints it."""
    printed = json.loads(json.dumps({"_meta": {"hostvars": {"host": {"variable": marked(value)}}}}, **HOW))
    return printed["_meta"]["hostvars"]["host"]["variable"]


@pytest.mark.parametrize(
    "value",
    [
        "enable",
        "",
        "{ }",
        "} } {",
        "a #jinja2: b",
        "https://media.example.com/{film}.mp4",
        -1,
        1.5,
        True,
        None,
        ["a.mp4", {"state": "on_air", "since": None}],
    ],
    ids=repr,
)
def test_a_value_that_cannot_be_a_template_is_exported_plain(value: Any) -> None:
    assert exported(value) == value


@pytest.mark.parametrize("text", ["{{ 1 }}", "a {% raw %}", "b\n{# c #}", "#jinja2:variable_start_string:'['"])
def test_a_text_that_could_be_a_template_is_exported_with_a_mark(text: str) -> None:
    assert exported(text) == {"__ansible_unsafe": text}
    assert exported([{"deep": text, "plain": "x"}]) == [{"deep": {"__ansible_unsafe": text}, "plain": "x"}]
