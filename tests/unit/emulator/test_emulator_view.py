# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats in which List shows a task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import RESENT
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    DEFAULTS,
    EVENTS,
    NO_TIME,
    PAUSED_ID,
    SHOW_ID,
    Behaviour,
    Service,
    seed_tasks,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.model import NOW, listed, service_with


@pytest.mark.parametrize(
    ("style", "start"),
    [
        ("plain", "2026-01-09T00:00:00Z"),
        ("fraction", "2026-01-09T00:00:00.000Z"),
        ("offset", "2026-01-09T08:00:00+08:00"),
        ("zoneless", "2026-01-09T00:00:00"),
        ("zoneless_local", "2026-01-09T08:00:00"),
        ("epoch", 1767916800),
        ("epoch_ms", 1767916800000),
        ("epoch_text", "1767916800000"),
    ],
)
def test_times_are_shown_in_the_style_of_the_switch(style: str, start: str | int) -> None:
    shown = listed(service_with(time_style=style), CHANNEL_ID)["start_time"]
    assert (shown, type(shown)) == (start, type(start))


@pytest.mark.parametrize("unset", [{}, {"end_time": ""}, {"end_time": None}])
@pytest.mark.parametrize("absent", ["as_is", "omit", "null"])
def test_unset_time_is_shown_as_the_zero_time(unset: dict[str, Any], absent: str) -> None:
    service = service_with()
    task = {name: value for name, value in service.task(CHANNEL_ID).items() if name != "end_time"}
    service.replace_tasks([{**task, **unset}])
    assert not listed(service, CHANNEL_ID).get("end_time")
    service.behaviour = Behaviour(no_time="zero", absent=absent, time_style="offset")
    shown = listed(service, CHANNEL_ID)
    assert (shown["end_time"], shown["start_time"]) == (NO_TIME, "2026-01-09T08:00:00+08:00")


@pytest.mark.parametrize(
    ("immutable", "shown"),
    [
        ("as_is", ("https://H/A", ["rtmp://H/A"])),
        ("null", (None, None)),
        ("masked", ("********", ["********"])),
        ("lower_case", ("https://h/a", ["rtmp://h/a"])),
    ],
)
def test_immutable_fields_are_shown_as_the_switch_says(immutable: str, shown: tuple[object, object]) -> None:
    service = service_with(immutable=immutable)
    task = {**service.task(CHANNEL_ID), "callback_url": "https://H/A", "backup_source_urls": ["rtmp://H/A"]}
    service.replace_tasks([{**task, "push_args": ""}])
    seen = listed(service, CHANNEL_ID)
    assert (seen["callback_url"], seen["backup_source_urls"], seen["push_args"]) == (*shown, "")
    service.behaviour = Behaviour(immutable="absent", immutable_fields=["callback_url"])
    seen = listed(service, CHANNEL_ID)
    assert "callback_url" not in seen
    assert seen["backup_source_urls"] == ["rtmp://H/A"]


def test_immutable_each_decides_about_single_fields() -> None:
    service = service_with(
        immutable="lower_case",
        immutable_fields=["push_args", "callback_url"],
        immutable_each={"callback_url": "masked", "backup_source_urls": "absent"},
    )
    task = {**service.task(CHANNEL_ID), "push_args": "A=B", "callback_url": "https://H/A"}
    service.replace_tasks([{**task, "backup_source_urls": ["rtmp://H/A"]}])
    seen = listed(service, CHANNEL_ID)
    assert (seen["push_args"], seen["callback_url"]) == ("a=b", "********")
    assert "backup_source_urls" not in seen


def test_hosts_are_shown_as_the_switch_says() -> None:
    service = service_with()
    service.replace_tasks([{**service.task(CHANNEL_ID), "domain": "Push.Example.com"}])
    assert listed(service, CHANNEL_ID)["domain"] == "Push.Example.com"
    service.behaviour = Behaviour(hosts="lower_case")
    assert listed(service, CHANNEL_ID)["domain"] == "push.example.com"


def test_numbers_are_shown_in_the_type_of_the_switch() -> None:
    names = ("vod_start_video_index", "vod_start_video_time", "vod_loop_time")
    written = {
        numbers: [listed(service_with(numbers=numbers), SHOW_ID)[name] for name in names]
        for numbers in ("plain", "text", "float")
    }
    assert str(written) == str({"plain": [1, 90, "3"], "text": ["1", "90", "3"], "float": [1.0, 90.0, "3"]})


def test_vod_loop_time_is_shown_as_a_number() -> None:
    assert listed(service_with(loop_number=True), SHOW_ID)["vod_loop_time"] == 3
    assert listed(service_with(loop_number=True), CHANNEL_ID)["vod_loop_time"] == -1
    assert listed(service_with(loop_number=True, loop_time_empty=True), CHANNEL_ID)["vod_loop_time"] == ""


@pytest.mark.parametrize(
    ("url", "encoded"),
    [
        ("https://a.example.com/x.mp4", "https://a.example.com/x.mp4"),
        ("https://a.example.com/片/é.mp4", "https://a.example.com/%E7%89%87/%C3%A9.mp4"),
        ("https://a.example.com/a%20b%2f.mp4", "https://a.example.com/a%20b%2f.mp4"),
        ("https://a.example.com/100%.mp4", "https://a.example.com/100%25.mp4"),
        ('https://a.example.com/<a|b>^`{}"\\', "https://a.example.com/%3Ca%7Cb%3E%5E%60%7B%7D%22%5C"),
        ("rtmp://u:p@[::1]:1935/x;y,z!$&'()*+=~?k=v#f", "rtmp://u:p@[::1]:1935/x;y,z!$&'()*+=~?k=v#f"),
    ],
)
def test_urls_are_shown_percent_encoded_and_kept_as_sent(url: str, encoded: str) -> None:
    service = service_with()
    service.modify({"task_id": CHANNEL_ID, "source_urls": [url]})
    assert listed(service, CHANNEL_ID)["source_urls"] == [url]
    service.behaviour = Behaviour(encode_urls=True)
    assert listed(service, CHANNEL_ID)["source_urls"] == [encoded]
    assert service.task(CHANNEL_ID)["source_urls"] == [url]


@pytest.mark.parametrize(
    ("switches", "on", "off"),
    [
        ({}, "enable", "pause"),
        ({"status_words": {"enable": "running", "pause": "stopped"}}, "running", "stopped"),
        ({"status_words": {"enable": "running"}}, "running", "pause"),
        ({"upper_case": True}, "ENABLE", "PAUSE"),
        ({"upper_case": True, "status_words": {"enable": "running"}}, "RUNNING", "PAUSE"),
        ({"upper_case": True, "status_override": "odd"}, "odd", "odd"),
    ],
)
def test_status_and_refresh_type_are_shown_in_the_words_of_the_switch(
    switches: dict[str, Any], on: str, off: str
) -> None:
    service = service_with(**switches)
    assert (listed(service, CHANNEL_ID)["status"], listed(service, PAUSED_ID)["status"]) == (on, off)
    refresh = "IMMEDIATE_NEW_SOURCE" if "upper_case" in switches else "immediate_new_source"
    assert listed(service, CHANNEL_ID)["vod_refresh_type"] == refresh


def test_events_that_are_not_documented_are_shown_in_addition() -> None:
    service = service_with(more_events=["TaskPause"])
    assert listed(service, CHANNEL_ID)["callback_events"] == [*EVENTS, "TaskPause"]
    assert listed(service, SHOW_ID)["callback_events"] == ["TaskStart", "TaskExit"]
    assert listed(service_with(more_events=["TaskPause"], events_empty=True), CHANNEL_ID)["callback_events"] == []


@pytest.mark.parametrize("how", [{"numbers": "text"}, {"more_events": ["TaskPause"]}, {"upper_case": True}])
def test_default_fields_are_omitted_in_every_format(how: dict[str, Any]) -> None:
    usual, other = (listed(service_with(absent="omit", **switches), CHANNEL_ID) for switches in ({}, how))
    assert usual.keys() == other.keys()


def test_own_end_is_shown_after_the_window() -> None:
    clock = FakeClock(start=NOW)
    service = Service(seed_tasks(NOW), behaviour=Behaviour(own_end="finished"), now=clock.utc)
    clock.advance(timedelta(days=5, hours=12, seconds=-1).total_seconds())
    assert listed(service, CHANNEL_ID)["status"] == "enable"
    clock.advance(1)
    assert [listed(service, task_id)["status"] for task_id in (CHANNEL_ID, PAUSED_ID)] == ["finished", "pause"]
    assert service.task(CHANNEL_ID)["status"] == "enable"
    service.behaviour = Behaviour()
    assert listed(service, CHANNEL_ID)["status"] == "enable"


def test_own_end_is_shown_after_the_rounds() -> None:
    clock = FakeClock(start=NOW)
    service = Service(seed_tasks(NOW), now=clock.utc)
    durations = dict.fromkeys(service.task(SHOW_ID)["source_urls"], 100)
    service.behaviour = Behaviour(own_end="finished", durations=durations)
    statuses = []
    start = clock.seconds + timedelta(days=1, hours=6).total_seconds()
    # Three rounds of 300 seconds from tomorrow 18:00, the first of them from second 90 of the second file.
    for seconds in (-1, 0, 709, 710, 3600):
        clock.seconds = start + seconds
        statuses.append(listed(service, SHOW_ID)["status"])
    assert statuses == ["enable", "enable", "enable", "finished", "finished"]


def test_fields_at_their_default_are_omitted_or_null() -> None:
    omitted = listed(service_with(absent="omit"), CHANNEL_ID)
    null = listed(service_with(absent="null"), CHANNEL_ID)
    gone = {"vod_loop_time", "vod_refresh_type", "vod_start_video_index", "vod_start_video_time", "callback_events"}
    assert not gone & set(omitted)
    assert {name for name, value in null.items() if value is None} >= {*gone, "callback_url"}
    assert {name: value for name, value in null.items() if value is not None} == omitted
    assert listed(service_with(absent="omit"), SHOW_ID).keys() >= gone


def test_empty_defaults_status_override_and_extra_fields_are_shown() -> None:
    switches = {"loop_time_empty": True, "events_empty": True, "status_override": "running", "extra_fields": True}
    task = listed(service_with(**switches), CHANNEL_ID)
    assert (task["vod_loop_time"], task["callback_events"], task["status"]) == ("", [], "running")
    assert "scheduler" in task
    show = listed(service_with(**switches), SHOW_ID)
    assert (show["vod_loop_time"], show["callback_events"]) == ("3", ["TaskStart", "TaskExit"])


def test_resent_options_have_a_default_except_start_time() -> None:
    assert {*DEFAULTS} == {*RESENT} - {"start_time"}
