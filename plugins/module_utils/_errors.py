# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of this collection, and how their messages quote values. Private to this collection."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from ._masking import MASK, mask_urls

_LONGEST_SHOWN = 200


class LiveError(Exception):
    """An error to report to the user.

    Args:
        message: what is wrong, and what is allowed or what to do. If something was changed, the message says so.
        changed: whether a task was, or may have been, changed before the error.
        details: further results of the failure, such as error_code or request_id; None values are left out.
    """

    def __init__(self, message: str, *, changed: bool = False, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.changed = changed
        self.details = {name: value for name, value in details.items() if value is not None}

    def __str__(self) -> str:
        return self.message

    def result(self, reads: bool = False) -> dict[str, Any]:
        """Return the results of the failure. The message ends with what became of the task, unless `reads` is true."""
        message = self.message if self.changed or reads else f"{self.message} Nothing was changed."
        return {"msg": message, "changed": self.changed, **self.details}


class InvalidOptionError(LiveError):
    """One or more options break a constraint.

    Args:
        problems: what is wrong, each with what is allowed.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def raise_problems(problems: Collection[str]) -> None:
    """Raise an InvalidOptionError that names problems, if there are any."""
    if problems:
        raise InvalidOptionError(*problems)


@contextmanager
def collected(problems: list[str], label: str = "") -> Iterator[None]:
    """Add the problems of an InvalidOptionError to a list, each after a label, instead of raising it."""
    try:
        yield
    except InvalidOptionError as error:
        problems += [f"{label}{problem}" for problem in error.problems]


class LiveApiError(LiveError):
    """A request to the service, or to IAM, failed.

    Args:
        message: the request, and the reason for the failure.
        uncertain: whether the service may have carried out the request nevertheless.
        details: http_status, error_code, error_msg and request_id, as far as the service sent them.
    """

    def __init__(self, message: str, *, uncertain: bool = False, **details: Any) -> None:
        super().__init__(message, **details)
        self.uncertain = uncertain


def service_error(error: BaseException | None) -> LiveApiError | None:
    """Return the error of the service or the network that is the cause of an error, however often it was wrapped."""
    found = None
    while error is not None:
        found = error if isinstance(error, LiveApiError) else found
        # An error that was raised again unchanged is its own cause.
        error = None if error.__cause__ is error else error.__cause__
    return found


def refused(name: str, value: object, allowed: str, reason: str = "") -> str:
    """Return the sentences about an option whose value breaks a constraint."""
    return f"{name}: {reason or f'{shown(value)} is not allowed'}. Allowed: {allowed}."


def refused_mask(name: str) -> str:
    """Return the sentences about an option whose value was copied from masked results."""
    return (
        f"{name}: a value with {MASK} in it is not allowed, because that stands for a secret that results and diffs"
        " hide. Allowed: the value itself, which results show with show_secrets: true."
    )


def shown(value: object) -> str:
    """Return the value as a message quotes it: its repr, with secrets of URLs masked, shortened if it is very long.

    Mask a text of a server before: the beginning of a shortened secret would no longer be recognized.
    """
    return cut(repr(mask_urls(value)), _LONGEST_SHOWN)


def counted(number: float, one: str, many: str = "") -> str:
    """Return a number and a noun, such as `1 task` or `2 tasks`."""
    return f"{number if isinstance(number, int) else format(number, 'g')} {one if number == 1 else many or f'{one}s'}"


def cut(text: str, longest: int) -> str:
    """Return the text; if it has more characters than allowed, its length replaces its end."""
    return text if len(text) <= longest else f"{text[:longest]}... ({counted(len(text), 'character')})"
