# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all filters share: their errors, and the values of their arguments. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.parameters import DEFAULT_TYPE_VALIDATORS

from ..module_utils._errors import InvalidOptionError


def filter_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter whose InvalidOptionError is an error of Ansible, which begins with the name of the filter.

    Raises:
        AnsibleFilterError: an argument is not allowed.
    """

    @wraps(function)
    def filter_function(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except InvalidOptionError as error:
            raise AnsibleFilterError(f"huaweicloud.live.{function.__name__}: {error}") from None

    return filter_function


def converted(kind: str, value: Any) -> Any:
    """Return a value in a type of options. If it cannot be converted, return it unchanged: a later check names it."""
    try:
        return DEFAULT_TYPE_VALIDATORS[kind](value)
    except (TypeError, ValueError, OverflowError):
        return value


def time_text(value: Any) -> Any:
    """Return a time as a text: YAML reads an unquoted time stamp as a time. Any other value is returned unchanged."""
    return str(value) if isinstance(value, date) else value
