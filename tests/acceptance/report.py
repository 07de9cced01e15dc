# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report: a file for the emulator, a page to post, and a last look that refuses whatever names the account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._version import VERSION

QUESTIONS = {
    "omission": "What does a modify do to the options that it leaves out?",
    "status_words": "Which words does the list have for the two states?",
    "past_start": "What happens to a start in the past?",
    "past_end": "What happens to an end in the past?",
    "whole_week": "May a window last exactly seven days?",
    "urls": "How is a URL with a letter beyond ASCII listed?",
    "times": "In which form are times listed?",
    "numbers": "In which form are numbers listed?",
    "pause_alone": "May a modify have nothing but id and status?",
    "lag_seconds": "How many seconds does a change take to be listed?",
    "create_end": "How many seconds after its start does a task end that was created without an end?",
    "hosts": "How is a domain listed that was sent with a capital letter?",
    "immutable": "How are the options listed that cannot change?",
    "unknown_task": "How is a modify of an id that does not exist answered?",
    "foreign_domain": "How is the list of streams of another account's domain answered?",
    "streams": "May these credentials list streams?",
}
ON_AIR = {
    "push_seconds": "How many seconds pass until the push is listed?",
    "new_push": "Which changes begin a new push?",
    "status_on_air": "Which word does the list have for a task on air?",
}
NOT_ASKED = (
    "whether a modify moves a playlist on air: a viewer can see it",
    "what a task does at its end, and how long files last",
    "whether a modify without status empties it: every modify here is a pause",
    "how a destination_url is listed: --sweep finds tasks by the names of their streams",
    "quotas and throttling, which cannot be found out without harm",
)
_OFF_AIR = (
    "what needs a task on air: --on-air asks when its push is listed, which changes begin a new one, and its status"
)
_SHORTEST = 4


class RefusedReportError(Exception):
    """The report would name something of the account."""


def check(text: str, known: Iterable[str]) -> None:
    """Refuse a text that holds a known value, in any case of its letters.

    Args:
        text: the report.
        known: values of the account, and of the run.

    Raises:
        RefusedReportError: it holds one.
    """
    # A shorter value, or a word of the report, may stand there by chance.
    own = {*_words(json.dumps([QUESTIONS, ON_AIR, NOT_ASKED])), *_words(_PAGE)}
    for value in known:
        if len(value) >= _SHORTEST and value.casefold() not in own and value.casefold() in text.casefold():
            raise RefusedReportError(
                "The report would hold a value of the account, so it is not written. Please report this mistake."
            )


def _words(text: str) -> set[str]:
    return {*re.findall(r"\w+", text.casefold())}


FILES = ("report.json", "report.md")


def clear(folder: Path) -> None:
    """Delete the report of an earlier run, which is not that of this one."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def write(folder: Path, report: Mapping[str, Any], known: Iterable[str]) -> None:
    """Write report.json and report.md. Raises RefusedReportError if they would name something of the account."""
    texts = (json.dumps(report, indent=2, ensure_ascii=True) + "\n", page(report))
    known = [*known]
    for text in texts:
        check(text, known)
    for name, text in zip(FILES, texts):
        (folder / name).write_text(text, encoding="utf-8")


_PAGE = """# How Huawei Cloud Live behaves

Found out by `make acceptance` of huaweicloud.live {version}, with throw-away tasks.
This page names no account: no id, key, domain or project, and no text of the service.

## Answers

| Question | Answer |
|---|---|
{answers}

## The collection's own life on the service

`live_pull_task` creates a task, changes it and deletes it. Every step in between is checked.

| Step | Result |
|---|---|
{life}

## Not found out

{not_found}

## For the emulator

`python -m tests.emulator --like report.json` behaves like this:

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
