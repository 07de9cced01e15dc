# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report: a file for the emulator, a page to post, and a check that they contain no value of the account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._version import VERSION

QUESTIONS = {
    "omission": "What does a modify do to the options that it leaves out?",
    "status_words": "Which status does the list show for an enabled and for a paused task?",
    "past_start": "What happens to a start in the past?",
    "past_end": "What happens to an end in the past?",
    "whole_week": "May a window last exactly seven days?",
    "urls": "In which form does the list show a URL with a letter that is not ASCII?",
    "times": "In which form does the list show times?",
    "numbers": "In which form does the list show numbers?",
    "pause_alone": "May a modify have only the id and the status?",
    "lag_seconds": "After how many seconds does the list show a change?",
    "create_end": "How many seconds after its start does a task end, if it is created without an end?",
    "hosts": "In which form does the list show a domain that was sent with a capital letter?",
    "immutable": "In which form does the list show immutable options?",
    "unknown_task": "What is the response to a modify of an unknown id?",
    "foreign_domain": "What is the response if streams of another account's domain are listed?",
    "streams": "Do these credentials have the permission to list streams?",
}
ON_AIR = {
    "push_seconds": "After how many seconds does the list show the push?",
    "new_push": "Which changes begin a new push?",
    "status_on_air": "Which status does the list show for a task on air?",
}
NOT_ASKED = (
    "whether a modify moves a playlist on air: only a viewer can see it",
    "what a task does at its end, and how long files last",
    "whether a modify without status empties it: every modify here is a pause",
    "how a destination_url is listed: --sweep finds tasks by the names of their streams",
    "quotas and throttling, which cannot be found out without harm",
)
_OFF_AIR = (
    "the questions that need a task on air: when its push is listed, which changes begin a new push, and its status;"
    " --on-air answers them"
)
_SHORTEST = 4


class RefusedReportError(Exception):
    """The report would contain a value of the account."""


def check(text: str, known: Iterable[str]) -> None:
    """Refuse a text that contains a known value, in upper or lower case.

    Args:
        text: the report.
        known: values of the account, and of the run.

    Raises:
        RefusedReportError: the text contains a known value.
    """
    # A shorter value, or a word of the report, may be in the text by chance.
    own = {*_words(json.dumps([QUESTIONS, ON_AIR, NOT_ASKED])), *_words(_PAGE)}
    for value in known:
        if len(value) >= _SHORTEST and value.casefold() not in own and value.casefold() in text.casefold():
            raise RefusedReportError(
                "The report would contain a value of the account, so it was not written. Please report this bug."
            )


def _words(text: str) -> set[str]:
    return {*re.findall(r"\w+", text.casefold())}


FILES = ("report.json", "report.md")


def clear(folder: Path) -> None:
    """Delete the report of an earlier run, so that it is not taken for the report of this run."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def write(folder: Path, report: Mapping[str, Any], known: Iterable[str]) -> None:
    """Write report.json and report.md. Raises RefusedReportError if they would contain a value of the account."""
    texts = (json.dumps(report, indent=2, ensure_ascii=True) + "\n", page(report))
    known = [*known]
    for text in texts:
        check(text, known)
    for name, text in zip(FILES, texts):
        (folder / name).write_text(text, encoding="utf-8")


_PAGE = """# How Huawei Cloud Live behaves

These are the results of `make acceptance` of huaweicloud.live {version}, with temporary tasks.
This page contains no data of an account: no id, key, domain or project, and no text of the service.

## Answers

| Question | Answer |
|---|---|
{answers}

## The collection on the service

`live_pull_task` creates a task, changes it and deletes it. Each step is verified.

| Step | Result |
|---|---|
{life}

## Open questions

{not_found}

## For the emulator

`python -m tests.emulator --like report.json` sets these switches:

```json
{behaviour}
```
"""


def page(report: Mapping[str, Any]) -> str:
    """Return report.md."""
    answers, questions = report["answers"], {**QUESTIONS, **ON_AIR}
    off_air = [] if answers.keys() & ON_AIR.keys() else [_OFF_AIR]
    unknown = [f"`{name}`: {_reason(answers[name])}" for name in answers if _reason(answers[name])]
    return _PAGE.format(
        version=VERSION,
        answers="\n".join(f"| {questions.get(name, name)} (`{name}`) | {_cell(answers[name])} |" for name in answers),
        life="\n".join(f"| {step} | {result} |" for step, result in report["life"].items()),
        not_found="\n".join(f"- {line}" for line in (*unknown, *off_air, *NOT_ASKED)),
        behaviour=json.dumps(report["behaviour"], indent=2),
    )


def _reason(answer: Any) -> str:
    return answer.partition(": ")[2] if isinstance(answer, str) and answer.startswith("unknown: ") else ""


def _cell(answer: Any) -> str:
    if isinstance(answer, dict):
        return ", ".join(f"{name}: {_cell(value)}" for name, value in answer.items())
    if answer is None:
        return "none"
    return ", ".join(map(_cell, answer)) or "none" if isinstance(answer, list) else str(answer)
