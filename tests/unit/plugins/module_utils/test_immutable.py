# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Immutable options are verified. No form in which the service lists them recreates a channel in every run."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._task.immutable import Likeness, likeness
from ansible_collections.huaweicloud.live.tests.emulator import vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox

URL = "https://Hooks.example.com:443/Live%7E/"
HERE = {"domain": "push.example.com", "app_name": "live", "stream_name": "new"}
NEW = {**HERE, "source_urls": ["https://media.example.com/one.mp4"]}
DECLARED = {"push_args": "?Key=A", "callback_url": "https://hooks.example.com/Live"}
HIDDEN = ["absent", "null", "masked"]


def lives(sandbox: Sandbox) -> list[str]:
    """Return the methods of the creates and deletes so far."""
    return [method for method, _what in sandbox.sent if method in ("POST", "DELETE")]


@pytest.mark.parametrize("recreate", [True, False])
@pytest.mark.parametrize("immutable", HIDDEN)
def test_an_option_that_is_not_listed_is_a_warning_in_every_run(immutable: str, recreate: bool) -> None:
    sandbox = Sandbox(immutable=immutable)
    for run in range(3):
        outcome = sandbox.bring_one({**NEW, **DECLARED, "recreate": recreate})
        assert (outcome.error, outcome.changed) == (None, run == 0)
        assert (
            "does not list callback_url, push_args, or lists null or a mask, so they cannot"
            in outcome.warnings["hidden"]
        )
    assert lives(sandbox) == ["POST"]


@pytest.mark.parametrize("immutable", HIDDEN)
def test_an_option_that_is_not_declared_needs_no_warning(immutable: str) -> None:
    task = vod_task("old", "new", NOW, callback_url="https://h.example.com/", push_args="a")
    sandbox = Sandbox(task, immutable=immutable)
    assert [text for text in sandbox.bring_one({**NEW, "recreate": True}).warnings.values() if text] == []


@pytest.mark.parametrize("recreate", [True, False])
def test_an_option_listed_in_another_form_fails_only_the_run_that_creates(recreate: bool) -> None:
    sandbox = Sandbox(immutable="lower_case")
    first = sandbox.bring_one({**NEW, **DECLARED, "recreate": recreate})
    assert first.changed
    verb = "Remove" if recreate else "Do not set"
    named = "callback_url, push_args"
    assert f"but the service lists {named} with a value other than the one sent. Declare" in str(first.error)
    assert f". {verb} recreate: it could delete and create the task in every run." in str(first.error)
    for _run in range(2):
        later = sandbox.bring_one({**NEW, **DECLARED, "recreate": recreate})
        assert (later.error, later.changed) == (None, False)
        assert "lists callback_url, push_args in another form" in later.warnings["form"]
    assert lives(sandbox) == ["POST"]


def test_an_option_that_the_service_changes_fails_the_run_that_creates() -> None:
    sandbox = Sandbox(immutable="lower_case", immutable_fields=["stream_name"])
    outcome = sandbox.bring_one({**NEW, "stream_name": "News"})
    assert "the service lists stream_name with a value other than the one sent." in str(outcome.error)
    assert "The next run does not find the task by this destination, and creates another one." in str(outcome.error)


@pytest.mark.parametrize("immutable", HIDDEN)
def test_a_new_task_whose_destination_is_hidden_has_to_be_named_by_its_id(immutable: str) -> None:
    sandbox = Sandbox(immutable=immutable, immutable_fields=["destination_url"])
    declared = {"destination_url": "rtmp://push.example.com/live/secret", "source_urls": NEW["source_urls"]}
    outcome = sandbox.bring_one(declared)
    assert outcome.error is None
    task_id = outcome.declared.task_id
    assert f"Identify the task by task_id {task_id}, or the next run creates another one." in outcome.warnings["hidden"]
    again = sandbox.bring_one({**declared, "task_id": task_id, "recreate": True})
    assert (again.error, again.changed) == (None, False)
    assert lives(sandbox) == ["POST"]


def test_an_option_that_differs_is_recreated() -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW))
    outcome = sandbox.bring_one({**NEW, **DECLARED, "recreate": True})
    assert (outcome.error, lives(sandbox)) == (None, ["DELETE", "POST"])
    assert sandbox.bring_one({**NEW, **DECLARED, "recreate": True}).changed is False


@pytest.mark.parametrize("own", [{}, {"callback_url": DECLARED["callback_url"]}], ids=str)
def test_an_option_that_differs_is_recreated_next_to_one_that_is_hidden(own: dict[str, str]) -> None:
    sandbox = Sandbox(vod_task("old", "new", NOW, **own), immutable="masked", immutable_fields=["callback_url"])
    outcome = sandbox.bring_one({**NEW, **DECLARED, "recreate": True})
    assert (outcome.error, lives(sandbox)) == (None, ["DELETE", "POST"])
    assert "does not list callback_url, or lists null or a mask, so it cannot" in outcome.warnings["hidden"]
    assert sandbox.bring_one({**NEW, **DECLARED, "recreate": True}).changed is False


@pytest.mark.parametrize("hidden", ["callback_url", "push_args", "destination_url", "app_name"])
def test_a_mask_is_never_sent_as_a_value(hidden: str) -> None:
    where = {"domain": "", "app_name": "", "stream_name": "", "destination_url": "rtmp://push.example.com/live/secret"}
    task = {**vod_task("old", "new", NOW), "callback_url": "https://h.example.com/a", "push_args": "?a=b"}
    task.update(where if hidden == "destination_url" else {})
    sandbox = Sandbox(task, immutable="masked", immutable_fields=[hidden])
    outcome = sandbox.bring_one({"task_id": "old", "task_region": "cn-east-3", "recreate": True})
    assert f"the service lists {hidden} masked, which cannot be understood. Declare {hidden} too." in str(outcome.error)
    assert lives(sandbox) == []


SAME, FORM, UNKNOWN, OTHER = Likeness.SAME, Likeness.SPELLING, Likeness.HIDDEN, Likeness.OTHER


@pytest.mark.parametrize(
    ("name", "listed", "declared", "expected"),
    [
        *(
            ("callback_url", listed, URL, SAME)
            for listed in (
                "https://hooks.example.com/Live~",
                "HTTPS://hooks.EXAMPLE.com:443/Live~/",
                "https://hooks.example.com./Live%7e",
            )
        ),
        ("callback_url", "https://h.example.com", "https://h.example.com/", SAME),
        ("callback_url", "https://h.example.com/?a=b", "https://h.example.com?a=b", SAME),
        ("callback_url", "http://h.example.com:80/a", "http://h.example.com/a", SAME),
        ("callback_url", "https://h.example.com/?a=%e9%a2%91", "https://h.example.com/?a=频", SAME),
        ("callback_url", "https://h.example.com/a", "https://h.example.com/A", FORM),
        ("callback_url", "https://h.example.com/?a=1&amp;b=2", "https://h.example.com/?a=1&b=2", FORM),
        ("callback_url", "h.example.com/a", "https://h.example.com/a", OTHER),
        ("callback_url", "https://h.example.com:8443/a", "https://h.example.com/a", OTHER),
        ("callback_url", "", "https://h.example.com/a", OTHER),
        ("callback_url", "https://h.example.com/?key=***", "https://h.example.com/?key=1", UNKNOWN),
        ("callback_url", "****", "https://h.example.com/?key=1", UNKNOWN),
        ("callback_url", "https://h.example.com/a**", "https://h.example.com/a", OTHER),
        ("push_args", "key=a", "?key=a", FORM),
        ("push_args", "?KEY=A", "?key=a", FORM),
        ("push_args", "?key=b", "?key=a", OTHER),
        ("push_args", "?key=aX", "?key=a", OTHER),
        ("push_args", "*", "?key=a", UNKNOWN),
        ("push_args", "\u2022\u2022\u2022\u2022", "?key=a", UNKNOWN),
        ("push_args", None, "", SAME),
        ("push_args", "", "", SAME),
        ("push_args", [], "", SAME),
        ("push_args", 5, "5", SAME),
        ("push_args", {"a": 1}, "?a=1", OTHER),
        ("backup_source_urls", ["rtmp://H.example.com:1935/a/"], ["rtmp://h.example.com/a"], SAME),
        ("backup_source_urls", ["rtmp://h.example.com/A"], ["rtmp://h.example.com/a"], FORM),
        ("backup_source_urls", ["****"], ["rtmp://h.example.com/a"], UNKNOWN),
        ("backup_source_urls", ["****"], ["rtmp://h.example.com/a", "rtmp://h.example.com/b"], UNKNOWN),
        ("backup_source_urls", "", [], SAME),
        ("backup_source_urls", [], ["rtmp://h.example.com/a"], OTHER),
        ("backup_source_urls", ["rtmp://h.example.com/b"], ["rtmp://h.example.com/a"], OTHER),
        ("region", "", "cn-north-4", UNKNOWN),
        ("region", "cn-north-1", "cn-north-4", OTHER),
        ("source_type", "pullvodpushlive", "PullVodPushLive", SAME),
        ("domain", "Push.example.com.", "push.example.com:1935", SAME),
        ("app_name", "Live", "live", OTHER),
        ("stream_name", None, "news", UNKNOWN),
        ("destination_url", "rtmp://h.example.com/live/%7ea", "rtmp://H.example.com:1935/live/~a", SAME),
        ("destination_url", "rtmp://h.example.com/live/A", "rtmp://h.example.com/live/a", OTHER),
    ],
)
def test_likeness_says_how_a_listed_value_compares_with_the_declared_one(
    name: str, listed: Any, declared: Any, expected: Likeness
) -> None:
    assert likeness(name, listed, declared) is expected
