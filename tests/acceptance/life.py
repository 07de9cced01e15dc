# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a task on the service, by the modules of the collection: created, changed, paused and deleted."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._clock import silent
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._options import STATUSES
from ansible_collections.huaweicloud.live.plugins.modules import live_pull_task

from .gate import OutOfRequestsError
from .probe import APP, HOUR, PREFIX, Probe
from .service import Reply

STEPS = ("created", "again", "changed", "unchanged", "check_mode", "paused", "deleted")
MOST_TASKS = 300
_WAIT = 20


def live(
    probe: Probe, options: Mapping[str, Any], environ: Mapping[str, str], show: Callable[[str, str], None]
) -> dict[str, str]:
    """Return for each step `ok`, `skipped: <reason>` or what was wrong. It stops at the first failure.

    Args:
        probe: the run, with its answers.
        options: the options of the connection.
        environ: the environment variables.
        show: shows each step with its result.
    """
    reason = reason_to_skip(probe)
    if reason:
        show("life", f"skipped: {reason}")
        return dict.fromkeys(STEPS, f"skipped: {reason}")
    life, found = _Life(probe, options, environ), dict[str, str]()
    for step in STEPS:
        try:
            wrong = life.steps[step]()
        except OutOfRequestsError:
            wrong = ""
        # A module reports the error of the gate as its own.
        if probe.service.gate.used >= probe.service.gate.limit:
            return {**found, **dict.fromkeys(STEPS[len(found) :], "skipped: no requests were left")}
        found[step] = wrong or "ok"
        show(f"life: {step}", found[step])
        if wrong:
            break
    return {**dict.fromkeys(STEPS, "skipped: the step before went wrong"), **found}


def reason_to_skip(probe: Probe) -> str:
    """Return why the life would say nothing about the collection; empty if it would."""
    if probe.answers.get("times") == "no zone":
        return "times are listed without a zone"
    if probe.count is None or probe.count > MOST_TASKS:
        return f"the account has more than {MOST_TASKS} tasks"
    if not probe.applies:
        return "changes are accepted, and not listed"
    words = probe.answers.get("status_words")
    if not isinstance(words, dict) or words["enable"] == words["pause"]:
        return "the list does not tell whether a task is paused"
    return ""


class _Life:
    """One task, and what is declared for it."""

    def __init__(self, probe: Probe, options: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self._probe = probe
        self._environ = environ
        self._defaults = {name: option.get("default") for name, option in live_pull_task.ARGUMENTS.items()}
        self._defaults.update(options, wait_timeout=max(_WAIT, 4 * probe.lag))
        words: Mapping[str, str] = probe.answers["status_words"]
        self._defaults["status_words"] = {
            word.lower(): status for status, word in words.items() if word.lower() not in STATUSES
        }
        self._name = f"{PREFIX}{secrets.token_hex(6)}"
        self._place = {"domain": probe.domain, "app_name": APP, "stream_name": self._name}
        self._settings = {
            "source_urls": probe.sources,
            "vod_loop_time": "2",
            "status": "pause",
            **probe.window(probe.start, probe.start + HOUR),
        }
        self.steps: Mapping[str, Callable[[], str]] = {
            "created": self._created,
            "again": self._unchanged,
            "changed": self._changed,
            "unchanged": self._unchanged,
            "check_mode": self._check_mode,
            "paused": self._paused,
            "deleted": self._deleted,
        }

    def _run(self, check_mode: bool = False, **declared: Any) -> dict[str, Any]:
        return perform(live_pull_task.run, {**self._defaults, **declared}, self._environ, check_mode, silent)

    def _created(self) -> str:
        self._probe.ledger.names[self._name] = set()
        results = self._run(**self._place, **self._settings)
        if results.get("failed"):
            return _failure(results)
        # By id from now on: a destination is looked for in the list of all tasks.
        self._place = {"task_id": results["live_pull_task"]["task_id"]}
        return "" if results["changed"] and results.get("created") else "it was not created"

    def _unchanged(self) -> str:
        results = self._run(**self._place, **self._settings)
        if results.get("failed"):
            return _failure(results)
        return f"changed again: {', '.join(sorted(results['changes']))}" if results["changed"] else ""

    def _changed(self) -> str:
        self._settings["vod_loop_time"] = "4"
        results = self._run(**self._place, **self._settings)
        if results.get("failed"):
            return _failure(results)
        return "" if results["changed"] else "a difference was not seen"

    def _check_mode(self) -> str:
        results = self._run(True, **self._place, **{**self._settings, "vod_loop_time": "6"})
        if results.get("failed"):
            return _failure(results)
        listed = self._probe.service.find(self._place["task_id"]) or {}
        if str(listed.get("vod_loop_time")) == "6":
            return "it was changed"
        return "" if results["changed"] else "a difference was not seen"

    def _paused(self) -> str:
        listed = self._probe.service.find(self._place["task_id"]) or {}
        return "" if listed.get("status") == self._probe.answers["status_words"]["pause"] else "it is not paused"

    def _deleted(self) -> str:
        results = self._run(**self._place, state="absent")
        if results.get("failed"):
            return _failure(results)
        if not results["changed"]:
            return "it was not found"
        results = self._run(**self._place, state="absent")
        return "a second time" if results["changed"] else _failure(results) if results.get("failed") else ""


def _failure(results: Mapping[str, Any]) -> str:
    """Return the failure of a module without its message, which may quote the service."""
    reply = Reply(results.get("http_status"), None, None, "failed", None)
    return f"failed, {reply.words}" if reply.status else "failed"
