# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module in Ansible's own process gets the same arguments, results and messages as a shipped module."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.plugin_utils._arguments import given, plain
from ansible_collections.huaweicloud.live.plugins.plugin_utils._direct import (
    explained,
    is_this_python,
    validated,
    without_no_log_values,
)

try:
    from ansible.module_utils.secrets import mask_secrets
except ImportError:
    # Before ansible-core 2.22, Ansible does not mask all output.
    mask_secrets = None

SPECIFICATION: dict[str, dict[str, Any]] = {
    "path": {"type": "path"},
    "password": {"type": "str", "no_log": True},
    "name": {"type": "str"},
}


class Text(str):
    """A text with a mark, as Ansible uses them."""


class Vault:
    """An encrypted value, which is decrypted by str()."""

    def __str__(self) -> str:
        return "secret"


def test_arguments_become_plain_data() -> None:
    marked = {
        Text("name"): Text("text"),
        "tuple": (1, 2.5, None),
        "day": date(2027, 1, 2),
        "moment": datetime(2027, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        "vault": Vault(),
        "set": {3},
        3: True,
    }
    result = plain(marked)
    assert result == {
        "name": "text",
        "tuple": [1, 2.5, None],
        "day": "2027-01-02",
        "moment": "2027-01-02T03:04:05+00:00",
        "vault": "secret",
        "set": [3],
        "3": True,
    }
    assert {type(item) for item in (*result, result["name"])} == {str}


def test_null_and_omitted_arguments_are_left_out() -> None:
    arguments = {"a": None, "b": "omitted", "c": ["omitted", None, {"d": None, "e": 0}], "f": ""}
    assert given(arguments, "omitted") == {"c": [None, {"e": 0}], "f": ""}


@pytest.mark.parametrize(
    ("path", "expanded"),
    [
        ("~", "/home/user"),
        ("~/a", "/home/user/a"),
        ("~other/a", "~other/a"),
        ("$PLACE/a", "/place/a"),
        ("${PLACE}a", "/placea"),
        ("$PLACES", "$PLACES"),
        ("$HOME/~", "/home/user/~"),
        ("a$", "a$"),
        ("", ""),
    ],
)
def test_a_path_is_expanded_with_the_environment_of_the_task(path: str, expanded: str) -> None:
    """os.path would use the environment of this process. Ansible expands the home of another user."""
    environ = {"HOME": "/home/user", "PLACE": "/place"}
    options, problem = validated(SPECIFICATION, {"path": path, "name": path}, environ, "module")
    assert (options["path"], options["name"], problem) == (expanded, path, None)


def test_an_unknown_option_is_refused_with_the_message_of_a_module() -> None:
    _options, problem = validated(SPECIFICATION, {"nam": "x"}, {}, "a.b.module")
    assert problem == (
        "Unsupported parameters for (a.b.module) module: nam. Supported parameters include: name, password, path."
    )


def test_results_do_not_contain_values_of_options_with_no_log() -> None:
    results = {"msg": "live and word", "list": ["word", {"word": 1}]}
    if mask_secrets:
        assert without_no_log_values(results, SPECIFICATION, {"password": "word", "name": "live"}) == results
        assert mask_secrets(results["msg"]) == "live and $REDACTED$"
        return
    assert without_no_log_values(results, SPECIFICATION, {"password": "word"}) == {
        "msg": "live and ********",
        "list": ["VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", {"word": 1}],
    }
    assert without_no_log_values(results, SPECIFICATION, {"password": "other", "name": "live"}) is results
    escaped = {"msg": 'a "wörd"\n'}
    assert without_no_log_values(escaped, SPECIFICATION, {"password": '"wörd"\n'}) == {"msg": "a ********"}


def test_the_interpreter_of_this_process_is_recognized(tmp_path: Path) -> None:
    here, other = Path(sys.executable), tmp_path / "python"
    other.symlink_to(here)
    folder = tmp_path / "folder"
    folder.symlink_to(here.parent)
    same = [None, "", "auto", "auto_silent", str(here), str(folder / here.name), os.path.relpath(here, "/")]
    assert [is_this_python(name) for name in same] == [True] * 6 + [False]
    assert not is_this_python(str(other))
    assert not is_this_python("/usr/bin/env python3")
    assert not is_this_python("/nowhere/python")


@pytest.mark.parametrize(
    ("output", "old"),
    [
        ({"module_stderr": "  File x\\nSyntaxError: future feature annotations is not defined"}, True),
        ({"exception": 'File "/usr/lib64/python3.8/runpy.py", line 1, in x'}, True),
        ({"module_stdout": 'File "/usr/lib/python2.7/runpy.py", line 1, in x'}, True),
        ({"module_stderr": 'File "/usr/lib64/python3.11/runpy.py", line 1, in x'}, False),
        ({"msg": "SyntaxError: in a playlist"}, False),
    ],
    ids=json.dumps,
)
def test_a_python_that_is_too_old_is_named_in_the_message(output: dict[str, str], old: bool) -> None:
    results = {"failed": True, **output}
    assert (explained(results) != results) == old
    assert not old or "Python 3.9" in explained(results)["msg"]
    assert explained({**output, "failed": False}) == {**output, "failed": False}
