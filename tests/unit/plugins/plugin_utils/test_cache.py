# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory cache, and what becomes of a run if the cache is broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.inventory import get_cache_plugin

from ansible_collections.huaweicloud.live.plugins.plugin_utils._cache import TaskCache

TASKS = [{"task_id": "a"}, {"task_id": "b"}]


def in_files(folder: Path) -> Callable[[], Any]:
    """What opens a cache in a folder."""
    return lambda: get_cache_plugin("jsonfile", _uri=str(folder), _timeout=0, _prefix="")


def test_tasks_come_back_from_the_cache(tmp_path: Path) -> None:
    warnings: list[str] = []
    first = TaskCache(in_files(tmp_path), warnings.append)
    assert first.get("key") is None
    first.put("key", TASKS)
    first.save()
    assert TaskCache(in_files(tmp_path), warnings.append).get("key") == TASKS
    assert warnings == []


def as_text(text: str) -> Callable[[Path], object]:
    """What replaces the file of a cache by a text."""
    return lambda file: file.write_text(text)


def as_folder(file: Path) -> None:
    """Replace the file of a cache by a folder."""
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "damage",
    [as_text(""), as_text('[{"task_id": "a"'), as_text('{"task_id": "a"}'), as_text('["a"]'), as_text("1"), as_folder],
    ids=["empty", "cut short", "a dictionary", "a list of texts", "a number", "a folder"],
)
def test_a_broken_cache_is_a_warning_and_a_read(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    before = TaskCache(in_files(tmp_path), [].append)
    before.put("key", TASKS)
    before.save()
    [file] = tmp_path.iterdir()
    damage(file)
    warnings: list[str] = []
    cache = TaskCache(in_files(tmp_path), warnings.append)
    assert cache.get("key") is None
    [warning] = warnings or ["The cache cannot be read, which Ansible says. The tasks are read from the service."]
    assert warning.startswith("The cache cannot be read")
    assert warning.endswith(". The tasks are read from the service.")
    cache.put("key", TASKS)
    cache.save()
    if file.is_file():
        assert TaskCache(in_files(tmp_path), warnings.append).get("key") == TASKS


def test_a_cache_that_cannot_be_created_is_a_warning_and_a_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    warnings: list[str] = []
    cache = TaskCache(in_files(tmp_path / "file" / "cache"), warnings.append)
    assert cache.get("key") is None
    cache.put("key", TASKS)
    cache.save()
    [warning] = warnings
    assert warning.startswith("The cache cannot be opened: ")
    assert str(tmp_path / "file" / "cache") in warning
    assert warning.endswith(". The tasks are read from the service, and not kept.")


def test_a_cache_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    warnings: list[str] = []
    cache = TaskCache(in_files(tmp_path / "cache"), warnings.append)
    shutil.rmtree(tmp_path / "cache")
    cache.put("key", TASKS)
    cache.save()
    [warning] = warnings
    assert warning.startswith("The cache cannot be written: ")
    assert warning.endswith(". The next run reads the tasks from the service.")
