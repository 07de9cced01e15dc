# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that an inventory cache holds. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..module_utils._errors import InvalidOptionError

INSTEAD = "The tasks are read from the service"


class TaskCache:
    """Lists of tasks in a cache of Ansible. Trouble with the cache is a warning, never an error.

    Args:
        open_cache: returns Ansible's cache, or raises an exception.
        warn: shows a warning.

    Raises:
        InvalidOptionError: an option of the cache is missing.
    """

    def __init__(self, open_cache: Callable[[], Any], warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._cache: Any = None
        try:
            self._cache = open_cache()
        except InvalidOptionError:
            raise
        except Exception as error:
            self._warn(f"The cache cannot be opened: {_words(error)}. {INSTEAD}, and not kept.")

    def get(self, key: str) -> list[dict[str, Any]] | None:
        """Return the tasks under a key, or None if the cache has none, or cannot be read."""
        if self._cache is None:
            return None
        try:
            tasks = self._cache[key]
        except KeyError:
            return None
        except Exception as error:
            self._warn(f"The cache cannot be read: {_words(error)}. {INSTEAD}.")
            return None
        if isinstance(tasks, list) and all(isinstance(task, dict) for task in tasks):
            return tasks
        self._warn(f"The cache cannot be read: it holds something else than a list of tasks. {INSTEAD}.")
        return None

    def put(self, key: str, tasks: Sequence[dict[str, Any]]) -> None:
        """Set the tasks under a key; `save` writes them."""
        if self._cache is not None:
            self._cache[key] = [*tasks]

    def save(self) -> None:
        """Write what was put into the cache."""
        if self._cache is None:
            return
        try:
            self._cache.update_cache_if_changed()
        except Exception as error:
            self._warn(f"The cache cannot be written: {_words(error)}. The next run reads the tasks from the service.")


def _words(error: Exception) -> str:
    """Return the text of an error and of its cause, which newer versions of Ansible do not repeat in the text."""
    texts = [str(one).strip().rstrip(".") for one in (error, error.__cause__) if one is not None]
    return ": ".join(dict.fromkeys(filter(None, texts))) or type(error).__name__
