# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relay tasks: the constraint and the normal form of each option, and what a modify sends."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.huaweicloud.live.plugins.module_utils._engine.messages import unknown_status
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError, LiveError
from ansible_collections.huaweicloud.live.plugins.module_utils._options import (
    CALLBACK_EVENTS,
    TASK_OPTIONS,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._options import FILTER_OPTIONS as FILTERS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.filters import TaskFilter
from ansible_collections.huaweicloud.live.plugins.module_utils._task.plan import Form, Lessons, Plan, plan
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration, PullTask
from ansible_collections.huaweicloud.live.plugins.module_utils._task.verdict import Verdict, judge
from ansible_collections.huaweicloud.live.tests.emulator import DEFAULTS

ID = "7864b3dc-e92f-42db-a754-08e627b6d8dd"
URL = "https://media.example.com/a.mp4"
MAX = 2147483647
# Before all times in this file.
LONG_AGO = 0.0


def declare(**options: Any) -> Declaration:
    """Return the declaration with these options."""
    return Declaration.from_options({"task_id": ID, **options})


def listed(**fields: Any) -> dict[str, Any]:
    """Return a task as the service lists it, with no value at its default. A field given as ... is missing."""
    answer = {
        "task_id": ID,
        "status": "enable",
        "create_time": "2026-01-01T00:00:00Z",
        "region": "cn-north-4",
        "source_type": "PullVodPushLive",
        "source_urls": [URL, f"{URL}?2", f"{URL}?3"],
        "domain": "push.example.com",
        "start_time": "2026-02-01T00:00:00Z",
        "end_time": "2026-02-05T00:00:00Z",
        "callback_events": ["TaskStart", "TaskExit"],
        "vod_loop_time": "3",
        "vod_start_video_index": 1,
        "vod_start_video_time": 90,
        "vod_refresh_type": "continue_from_file_start",
        **fields,
    }
    return {name: value for name, value in answer.items() if value is not ...}


def plan_for(answer: dict[str, Any], **options: Any) -> Plan:
    """Return the plan for a listed task."""
    return plan(PullTask.from_answer(answer), declare(**options), LONG_AGO)


# The wrong values of each option. The message quotes the value, or the given text.
ALLOWED = {
    "task_id": "the id of a task, without line breaks or white space around it",
    "status": "pause or enable",
    "source_urls": "a list of 1 to 30 URLs, each scheme://host... that a service on the internet can pull",
    "vod_loop_time": "-1 (endless), an integer of 1 or more (rounds), or empty (the default, -1)",
    "vod_refresh_type": "immediate_new_source, continue_from_file_start, continue_from_break_point",
    "vod_start_video_index": "an integer from 0 to 2147483647",
    "vod_start_video_time": "an integer from 0 to 2147483647 (seconds)",
    "start_time": "RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z or 2026-02-01T04:00:00+08:00",
    "end_time": "RFC 3339 with Z or an offset, such as 2026-01-31T20:00:00Z or 2026-02-01T04:00:00+08:00",
    "callback_events": f"a list of {', '.join(CALLBACK_EVENTS)} (empty: all of them)",
}
WRONG: list[tuple[str, Any]] = [
    *(("task_id", value) for value in ("", 5, " id", "id ", "id\n", "a\r\nX-Evil: 1", "a\x00b", "a\u2028b")),
    *(("status", value) for value in ("", "on", "ENABLE", "pause ", 1, True, ["pause"])),
    *(("source_urls", value) for value in (URL, {"url": URL}, 5)),
    *(("vod_loop_time", value) for value in ("0", "-2", "01", "+1", "1.5", "1 ", "endless", " ", "\uff11", "1\n")),
    *(("vod_loop_time", value) for value in (True, False, 0, -2, 1.0, [1])),
    *(("vod_refresh_type", value) for value in ("", "immediate", "Immediate_new_source", 0)),
    *(("vod_start_video_index", value) for value in (-1, MAX + 1, "0", 1.0, True, False, "one", [0])),
    *(("vod_start_video_time", value) for value in (-1, MAX + 1, "0", 1.0, True, False, "one", [0])),
    *(("start_time", value) for value in ("", "tomorrow", "2026-01-01", "00:00:00Z", "2026-01-01T00:00Z")),
    *(("start_time", value) for value in ("2026-01-01T00:00:00+8", "20260101T000000Z", "2026-01-01T00:00:00ZZ")),
    *(("start_time", value) for value in (" 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n", 1767225600)),
    *(("start_time", value) for value in ("2026-01-01T00:00:00,5Z", "\uff12026-01-01T00:00:00Z")),
    *(("end_time", value) for value in ("", "2026-02-01", 7, "2026-01-01T00:00:00 UTC")),
    *(("callback_events", value) for value in ("TaskStart", {"TaskStart": True}, 1)),
]
NO_ZONE = "has no time zone"
NO_TIME = "is not a valid time"
WRONG_WITH_REASON: list[tuple[str, Any, str]] = [
    ("source_urls", [], "0 entries are not allowed"),
    ("source_urls", [URL] * 31, "31 entries are not allowed"),
    *(
        ("source_urls", [URL, url], f"entry 2 (the 2nd), {url!r}, is not allowed: ")
        for url in (
            *("", None, 5, True, "media.example.com/a.mp4", "/a.mp4", "https:/host/a", "://host/a", "1ttp://host/a"),
            *("https://", "https:///a.mp4", "https://?a", "https://user@", "https://host:port/a", "https://host:/a"),
            *("https://host:123456/a", "https://[::1/a", "https://::1/a"),
            *("https://host/a b", " https://host/a", "https://host/a ", "https://host/a\n", "https://host/\ta"),
            *("https://host/\x07", "https://host/\x7f", "https://host/\u00a0a", "https://host/\u2028a"),
        )
    ),
    ("start_time", "2026-01-01T00:00:00", f"'2026-01-01T00:00:00' {NO_ZONE}"),
    ("start_time", "2026-01-01 00:00:00", f"'2026-01-01 00:00:00' {NO_ZONE}"),
    ("end_time", "2026-01-01T00:00:00.5", f"'2026-01-01T00:00:00.5' {NO_ZONE}"),
    ("start_time", "2026-02-30T00:00:00Z", f"'2026-02-30T00:00:00Z' {NO_TIME}"),
    ("start_time", "2026-13-01T00:00:00Z", f"'2026-13-01T00:00:00Z' {NO_TIME}"),
    ("start_time", "2026-01-01T25:00:00Z", f"'2026-01-01T25:00:00Z' {NO_TIME}"),
    ("start_time", "2026-01-01T00:60:00Z", f"'2026-01-01T00:60:00Z' {NO_TIME}"),
    ("end_time", "2026-01-01T00:00:60Z", f"'2026-01-01T00:00:60Z' {NO_TIME}"),
    ("end_time", "2026-01-01T00:00:00+24:00", f"'2026-01-01T00:00:00+24:00' {NO_TIME}"),
    ("end_time", "2026-01-01T00:00:00+08:60", "'2026-01-01T00:00:00+08:60' is not allowed"),
    ("end_time", "0000-01-01T00:00:00Z", f"'0000-01-01T00:00:00Z' {NO_TIME}"),
    ("end_time", "0001-01-01T00:00:00+08:00", f"'0001-01-01T00:00:00+08:00' {NO_TIME}"),
    ("end_time", "9999-12-31T23:59:59-08:00", f"'9999-12-31T23:59:59-08:00' {NO_TIME}"),
    *(
        ("callback_events", ["TaskStart", event], f"{event!r} is not allowed")
        for event in ("", None, "taskstart", "TaskStart ", "Task", 1, True, ["TaskExit"])
    ),
]


@pytest.mark.parametrize(
    ("name", "value", "quoted"),
    [*((name, value, f"{value!r} is not allowed") for name, value in WRONG), *WRONG_WITH_REASON],
)
def test_a_wrong_value_is_refused_with_option_value_and_allowed_values(name: str, value: Any, quoted: str) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        declare(**{name: value})
    assert refused.value.message.startswith(f"{name}: {quoted}")
    assert f". Allowed: {ALLOWED[name]}" in refused.value.message
    assert not refused.value.changed


def test_a_missing_task_id_is_refused() -> None:
    with pytest.raises(InvalidOptionError, match=r"^task_id: missing"):
        Declaration.from_options({})


def test_every_wrong_option_is_named_at_once() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        declare(task_id="", status="on", vod_loop_time="0", vod_start_video_index=5, source_urls=[URL])
    for name in ("task_id", "status", "vod_loop_time", "vod_start_video_index"):
        assert f"{name}: " in refused.value.message


def test_a_very_long_value_is_quoted_in_part() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        declare(status="x" * 10000)
    assert "(10002 characters)" in refused.value.message
    assert len(refused.value.message) < 400


def test_the_result_of_a_refusal_says_that_nothing_was_changed() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        declare(status="on")
    result = refused.value.result()
    assert result["msg"].endswith("Allowed: pause or enable. Nothing was changed.")
    assert result["changed"] is False


def test_every_wrong_entry_of_a_list_is_named_and_a_task_may_be_listed_once() -> None:
    good = {"task_id": "a", "status": "pause"}
    assert Declaration.from_list([good, {"task_id": "b"}]) == [
        Declaration("a", {"status": "pause"}),
        Declaration("b", {}),
    ]
    with pytest.raises(InvalidOptionError) as refused:
        Declaration.from_list([good, {"task_id": "b", "status": "on"}, good, {"task_id": "b", "vod_loop_time": "0"}])
    for words in (
        "tasks[1] (task b): status: 'on' is not allowed. Allowed: pause or enable.",
        "tasks[2] (task a): the same task as tasks[0]. Allowed: each task once.",
        "tasks[3] (task b): vod_loop_time: '0' is not allowed.",
        "tasks[3] (task b): the same task as tasks[1]. Allowed: each task once.",
    ):
        assert words in refused.value.message


WINDOW = {"start_time": "2026-02-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"source_urls": [URL], "vod_start_video_index": 1},
            "vod_start_video_index: 1 is not allowed. Allowed: at most",
        ),
        ({"source_urls": [URL] * 30, "vod_start_video_index": 30}, "30 is not allowed. Allowed: at most 29, because"),
        (
            {**WINDOW, "end_time": "2026-02-01T00:00:00Z"},
            "Allowed: later than start_time 2026-02-01T00:00:00Z, by 7 days",
        ),
        ({**WINDOW, "end_time": "2026-01-31T23:59:59Z"}, "end_time: 2026-01-31T23:59:59Z is not allowed"),
        ({**WINDOW, "end_time": "2026-02-08T00:00:01Z"}, "end_time: 2026-02-08T00:00:01Z is not allowed"),
        ({**WINDOW, "end_time": "2026-02-01T08:00:00+08:00"}, "end_time: 2026-02-01T00:00:00Z is not allowed"),
        (
            {"start_time": "2026-02-01T00:00:00-00:01", "end_time": "2026-02-08T00:01:01Z"},
            "end_time: 2026-02-08T00:01:01Z is not allowed. Allowed: later than start_time 2026-02-01T00:01:00Z, by",
        ),
    ],
)
def test_rules_between_options_are_checked_before_the_task_is_read(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        declare(**options)
    assert words in refused.value.message
    assert "the task's own" not in refused.value.message


ALL_EVENTS = list(CALLBACK_EVENTS)


@pytest.mark.parametrize(
    ("name", "value", "normal"),
    [
        *(("status", value, value) for value in ("pause", "enable")),
        *(
            ("source_urls", value, value)
            for value in (
                [URL],
                [URL] * 30,
                ["https://b/", "https://a/", "https://b/"],
                ["rtmp://host/app/stream?key=a+b%20c#d"],
                ["https://user:pass@host:8080/x", "s3+http://host", "https://[2001:db8::1]:443/x", "http://host?x"],
                ["https://例子.example/片/é.mp4", "HTTPS://HOST/A%0A.MP4", "https://host/a@b:c"],
            )
        ),
        ("vod_loop_time", "", "-1"),
        *(("vod_loop_time", value, str(value)) for value in ("-1", -1, "1", 1, "3", 3, "99999999999", 99999999999)),
        *(
            ("vod_refresh_type", value, value)
            for value in ("immediate_new_source", "continue_from_file_start", "continue_from_break_point")
        ),
        *(("vod_start_video_index", value, value) for value in (0, 1, MAX)),
        *(("vod_start_video_time", value, value) for value in (0, 90, MAX)),
        *(
            (name, value, "2026-01-31T20:00:00Z")
            for name in ("start_time", "end_time")
            for value in (
                *("2026-01-31T20:00:00Z", "2026-01-31t20:00:00z", "2026-01-31 20:00:00Z", "2026-01-31T20:00:00.999Z"),
                *("2026-02-01T04:00:00+08:00", "2026-02-01T04:00:00+0800", "2026-02-01 01:30:00.5+05:30"),
                *("2026-01-31T12:00:00-08:00", "2026-01-31T20:00:00-00:00", "2026-01-31 20:00:00+00:00"),
            )
        ),
        ("start_time", "2028-02-29T23:59:59-00:30", "2028-03-01T00:29:59Z"),
        ("end_time", "0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z"),
        ("callback_events", [], ALL_EVENTS),
        ("callback_events", [""], ALL_EVENTS),
        ("callback_events", [*reversed(ALL_EVENTS)], ALL_EVENTS),
        ("callback_events", ["TaskExit", "TaskStart", "TaskExit"], ["TaskStart", "TaskExit"]),
        ("callback_events", ["TaskAlarm"], ["TaskAlarm"]),
    ],
)
def test_a_valid_value_is_converted_to_its_normal_form(name: str, value: Any, normal: Any) -> None:
    assert declare(**{name: value}) == Declaration(ID, {name: normal})


def test_an_option_that_is_omitted_or_null_is_not_declared() -> None:
    assert declare(**dict.fromkeys(FIELDS)).values == {}
    assert declare(connection="anything").values == {}


def test_a_window_of_seven_days_and_the_last_index_are_allowed() -> None:
    declared = declare(
        start_time="2026-02-01T00:00:00Z",
        end_time="2026-02-08T08:00:00+08:00",
        source_urls=[URL, URL],
        vod_start_video_index=1,
    )
    assert declared.values["end_time"] == "2026-02-08T00:00:00Z"


@pytest.mark.parametrize(
    ("task_id", "why"),
    [
        ("任务/1 2", "not ASCII, a slash, a blank inside"),
        ("a+b&c=d~e", "reserved characters"),
        ("%41", "a percent sign"),
    ],
)
def test_a_task_id_may_have_any_printable_text(task_id: str, why: str) -> None:
    assert Declaration.from_options({"task_id": task_id}).task_id == task_id, why


def from_yaml(text: str, through_json: bool) -> Declaration:
    """Return what a module gets from a playbook: YAML, perhaps as JSON to the host, then converted by Ansible."""
    options = {"task_id": ID, **yaml.safe_load(text)}
    if through_json:
        options = json.loads(json.dumps(options, default=lambda moment: moment.isoformat()))
    checked = ArgumentSpecValidator(TASK_OPTIONS).validate(options)
    assert not checked.error_messages
    return Declaration.from_options(checked.validated_parameters)


@pytest.mark.parametrize("through_json", [True, False], ids=["as JSON", "as it is"])
@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("start_time: 2026-11-22T00:00:00Z", {"start_time": "2026-11-22T00:00:00Z"}),
        ("start_time: 2026-11-22 00:00:00+00:00", {"start_time": "2026-11-22T00:00:00Z"}),
        ("start_time: '2026-11-22 00:00:00+00:00'", {"start_time": "2026-11-22T00:00:00Z"}),
        ("end_time: 2026-11-22T08:00:00+08:00", {"end_time": "2026-11-22T00:00:00Z"}),
        ("end_time: 2026-11-22T08:00:00.25+08:00", {"end_time": "2026-11-22T00:00:00Z"}),
        ("vod_loop_time: 3", {"vod_loop_time": "3"}),
        ("vod_loop_time: -1", {"vod_loop_time": "-1"}),
        ("vod_loop_time: ''", {"vod_loop_time": "-1"}),
        ("vod_loop_time:", {}),
        ("vod_start_video_index: '2'", {"vod_start_video_index": 2}),
        ("callback_events: []", {"callback_events": ALL_EVENTS}),
        (f"source_urls: {URL}", {"source_urls": [URL]}),
        (f"source_urls: ['{URL}', '{URL}']", {"source_urls": [URL, URL]}),
    ],
)
def test_unquoted_values_of_yaml_are_accepted(text: str, normal: dict[str, Any], through_json: bool) -> None:
    assert from_yaml(text, through_json).values == normal


@pytest.mark.parametrize("through_json", [True, False], ids=["as JSON", "as it is"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("start_time: 2026-11-22T00:00:00", "has no time zone"),
        ("start_time: 2026-11-22", "start_time: '2026-11-22"),
        ("vod_loop_time: yes", "vod_loop_time: 'True' is not allowed"),
        ("vod_loop_time: 1.5", "vod_loop_time: '1.5' is not allowed"),
        ("vod_start_video_index: yes", "vod_start_video_index: True is not allowed"),
        ("vod_start_video_time: no", "vod_start_video_time: False is not allowed"),
    ],
)
def test_values_that_yaml_changes_are_refused(text: str, words: str, through_json: bool) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        from_yaml(text, through_json)
    assert words in refused.value.message


# Listed tasks

UNKNOWN = "not understood"


@pytest.mark.parametrize(
    ("name", "answered", "normal"),
    [
        *(("status", value, value) for value in ("pause", "enable", "running")),
        ("status", "ENABLE", "enable"),
        ("status", "Playing", "enable"),
        *(("status", value, None) for value in (..., None, "")),
        *(("status", value, UNKNOWN) for value in (1, True, ["enable"])),
        ("source_urls", [URL, URL], [URL, URL]),
        *(("source_urls", value, value) for value in ([URL] * 31, ["a b"])),
        *(("source_urls", value, None) for value in (..., None, [])),
        *(("source_urls", value, UNKNOWN) for value in ([5], URL, {})),
        *(("vod_loop_time", value, "-1") for value in (..., None, "", "-1", -1)),
        *(("vod_loop_time", value, "3") for value in ("3", 3, 3.0)),
        *(("vod_loop_time", value, UNKNOWN) for value in (True, 1.5, 0, "forever", {})),
        *(("vod_refresh_type", value, "immediate_new_source") for value in (..., None, "", "immediate_new_source")),
        ("vod_refresh_type", "Continue_From_Break_Point", "continue_from_break_point"),
        *(("vod_refresh_type", value, UNKNOWN) for value in (0, "a_new_word")),
        *(("vod_start_video_index", value, 0) for value in (..., None, 0)),
        *(("vod_start_video_index", value, 2) for value in (2, "2", 2.0)),
        *(("vod_start_video_index", value, UNKNOWN) for value in (-1, True, "-2", "two", 2.5, MAX + 1, str(MAX + 1))),
        *(("vod_start_video_time", value, 0) for value in (..., None, 0, "0", 0.0)),
        *(("vod_start_video_time", value, UNKNOWN) for value in (-1, False, {})),
        *(
            (name, value, "2026-02-01T00:00:00Z")
            for name in ("start_time", "end_time")
            for value in (
                *("2026-02-01T00:00:00Z", "2026-02-01T00:00:00.000Z", "2026-02-01T08:00:00+08:00"),
                *(1769904000, 1769904000000, 1769904000000.0, "1769904000", "1769904000000"),
            )
        ),
        *(
            (name, value, None)
            for name in ("start_time", "end_time")
            for value in (..., None, "", "0001-01-01T00:00:00Z", 0, "0")
        ),
        *(
            (name, value, UNKNOWN)
            for name in ("start_time", "end_time")
            for value in ("2026-02-01T00:00:00", "2026-02-01 00:00:00", "soon", {}, True, -1, 1e300, 10**400, "9" * 19)
        ),
        *(("callback_events", value, ALL_EVENTS) for value in (..., None, [], ALL_EVENTS, [*reversed(ALL_EVENTS)])),
        ("callback_events", ["TaskExit", "TaskStart"], ["TaskStart", "TaskExit"]),
        ("callback_events", ["Zebra", "TaskExit", "Ant", "Ant"], ["TaskExit", "Ant", "Zebra"]),
        *(("callback_events", value, UNKNOWN) for value in ("TaskExit", [1], [None], {})),
    ],
)
def test_a_listed_value_is_converted_to_its_normal_form(name: str, answered: Any, normal: Any) -> None:
    values = PullTask.from_answer(listed(**{name: answered}), {"playing": "enable"}).values
    assert values.get(name, UNKNOWN) == normal
    assert set(values) | {name} == set(FIELDS)


def test_a_task_without_fields_has_the_documented_defaults() -> None:
    assert PullTask.from_answer({}).values == {**dict.fromkeys(FIELDS), **DEFAULTS}


def test_the_result_has_all_listed_fields_with_the_options_in_normal_form() -> None:
    answer = listed(vod_loop_time="", end_time=None, unknown={"shard": 7}, vod_start_video_time="odd")
    result = PullTask.from_answer(answer).result()
    assert result == {**answer, "vod_loop_time": "-1"}
    assert result["vod_start_video_time"] == "odd"


# Plans


def test_nothing_is_sent_if_nothing_differs() -> None:
    found = plan_for(
        listed(),
        status="enable",
        source_urls=[URL, f"{URL}?2", f"{URL}?3"],
        vod_loop_time=3,
        vod_refresh_type="continue_from_file_start",
        vod_start_video_index=1,
        vod_start_video_time=90,
        start_time="2026-02-01T08:00:00+08:00",
        end_time="2026-02-05 00:00:00+00:00",
        callback_events=["TaskExit", "TaskStart"],
    )
    assert (found.changes, found.request) == ([], None)
    assert found.before == found.after
    assert found.task.values == PullTask.from_answer(listed()).values


@pytest.mark.parametrize(
    ("answer", "options"),
    [
        (listed(vod_loop_time=...), {"vod_loop_time": "-1"}),
        (listed(vod_loop_time=""), {"vod_loop_time": -1}),
        (listed(vod_loop_time="-1"), {"vod_loop_time": ""}),
        (listed(callback_events=[]), {"callback_events": ALL_EVENTS}),
        (listed(callback_events=None), {"callback_events": []}),
        (listed(vod_refresh_type=None), {"vod_refresh_type": "immediate_new_source"}),
        (listed(vod_start_video_index=...), {"vod_start_video_index": 0}),
        (listed(vod_start_video_time=...), {"vod_start_video_time": 0}),
        (listed(start_time="2026-02-01T08:00:00.000+08:00"), {"start_time": "2026-02-01T00:00:00Z"}),
        (listed(status="ENABLE"), {"status": "enable"}),
        (listed(vod_start_video_time="90"), {"vod_start_video_time": 90}),
        (listed(end_time=1770249600000), {"end_time": "2026-02-05T00:00:00Z"}),
        (listed(callback_events=["Seventh", *ALL_EVENTS]), {"callback_events": []}),
        (listed(source_urls=["https://a/%e7%89%87?k=%7Eb%2F"]), {"source_urls": ["https://a/片?k=~b%2F"]}),
        (listed(source_urls=["https://a/片"]), {"source_urls": ["https://a/%E7%89%87"]}),
    ],
)
def test_another_form_of_the_same_value_does_not_differ(answer: dict[str, Any], options: dict[str, Any]) -> None:
    assert plan_for(answer, **options).changes == []


RESENT = {
    "vod_loop_time": "3",
    "vod_refresh_type": "continue_from_file_start",
    "vod_start_video_index": 1,
    "vod_start_video_time": 90,
    "start_time": "2026-02-01T00:00:00Z",
    "callback_events": ["TaskStart", "TaskExit"],
}


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"status": "pause"}, {"status": "pause"}),
        ({"source_urls": [URL, URL]}, {"source_urls": [URL, URL]}),
        ({"source_urls": [f"{URL}?3", f"{URL}?2", URL]}, {"source_urls": [f"{URL}?3", f"{URL}?2", URL]}),
        ({"end_time": "2026-02-08T00:00:00Z"}, {"end_time": "2026-02-08T00:00:00Z"}),
        ({"vod_loop_time": ""}, {"vod_loop_time": "-1"}),
        ({"vod_refresh_type": "immediate_new_source"}, {"vod_refresh_type": "immediate_new_source"}),
        ({"vod_start_video_index": 0}, {"vod_start_video_index": 0}),
        ({"vod_start_video_time": 0}, {"vod_start_video_time": 0}),
        ({"start_time": "2026-02-01T08:00:01+08:00"}, {"start_time": "2026-02-01T00:00:01Z"}),
        ({"callback_events": ["TaskAlarm", "TaskExit"]}, {"callback_events": ["TaskExit", "TaskAlarm"]}),
        ({"callback_events": []}, {"callback_events": ALL_EVENTS}),
    ],
)
def test_a_modify_has_the_options_that_differ_and_those_with_a_default(
    options: dict[str, Any], sent: dict[str, Any]
) -> None:
    found = plan_for(listed(), **options)
    assert found.changes == [*options]
    assert found.request == {"task_id": ID, **RESENT, **sent}
    assert found.after == sent
    assert found.before == {name: listed()[name] for name in options}


def test_options_that_could_disturb_a_channel_on_air_are_not_sent_again() -> None:
    found = plan_for(
        listed(),
        status="enable",
        source_urls=listed()["source_urls"],
        end_time=listed()["end_time"],
        vod_start_video_time=0,
    )
    assert found.changes == ["vod_start_video_time"]
    assert {"status", "source_urls", "end_time"}.isdisjoint(found.request or {})
    assert found.before == {**found.after, "vod_start_video_time": 90}


def test_changes_are_sorted_and_the_planned_task_has_them() -> None:
    found = plan_for(listed(), vod_loop_time=1, status="pause", end_time="2026-02-02T00:00:00Z")
    assert found.changes == ["end_time", "status", "vod_loop_time"]
    assert found.task.result() == listed(vod_loop_time="1", status="pause", end_time="2026-02-02T00:00:00Z")


def test_a_declared_default_is_sent_if_the_field_is_not_listed() -> None:
    found = plan_for(listed(vod_loop_time=...), status="pause", vod_loop_time="-1")
    assert found.changes == ["status"]
    assert found.request == {"task_id": ID, **RESENT, "status": "pause", "vod_loop_time": "-1"}


@pytest.mark.parametrize("nothing", [..., None], ids=["missing", "null"])
def test_a_field_that_is_not_listed_is_left_out(nothing: Any) -> None:
    found = plan_for(listed(**dict.fromkeys(RESENT, nothing)), status="pause")
    assert found.request == {"task_id": ID, "status": "pause"}


@pytest.mark.parametrize("name", ["status", "source_urls", "start_time", "end_time"])
@pytest.mark.parametrize("nothing", [..., None], ids=["missing", "null"])
def test_a_missing_field_without_a_documented_default_differs(name: str, nothing: Any) -> None:
    declared = listed()[name]
    found = plan_for(listed(**{name: nothing}), **{name: declared})
    assert found.changes == [name]
    assert found.before == {name: None}
    assert (found.request or {})[name] == declared


@pytest.mark.parametrize(
    ("answer", "options"),
    [
        (listed(callback_events=["Seventh", "TaskStart"]), {"callback_events": ["TaskStart"]}),
        (listed(callback_events=["Seventh", *ALL_EVENTS[:5]]), {"callback_events": []}),
        (listed(source_urls=["https://a/b%2Fc", URL]), {"source_urls": ["https://a/b/c", URL]}),
        (listed(source_urls=["https://a/b%2520c", URL]), {"source_urls": ["https://a/b%20c", URL]}),
    ],
)
def test_similar_values_differ(answer: dict[str, Any], options: dict[str, Any]) -> None:
    assert plan_for(answer, **options).changes == [*options]


@pytest.mark.parametrize("odd", [True, "soon", {}, 1.5], ids=repr)
@pytest.mark.parametrize("name", ["vod_start_video_index", "vod_start_video_time", "start_time"])
def test_a_listed_value_that_cannot_be_understood_differs(name: str, odd: Any) -> None:
    found = plan_for(listed(**{name: odd}), **{name: listed()[name]})
    assert (found.changes, found.before) == ([name], {name: odd})


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("vod_loop_time", 1.5),
        ("vod_refresh_type", 1),
        ("vod_start_video_index", "one"),
        ("vod_start_video_time", -1),
        ("start_time", "2026-02-01T00:00:00"),
        ("callback_events", "TaskStart"),
    ],
)
def test_a_value_that_cannot_be_understood_is_not_sent_back(name: str, odd: Any) -> None:
    found = plan_for(listed(**{name: odd}), status="pause")
    assert found.request == {"task_id": ID, "status": "pause", **{key: RESENT[key] for key in RESENT if key != name}}
    assert plan_for(listed(**{name: odd}), status="enable").request is None


@pytest.mark.parametrize("odd", [["a b"], "soon", {}])
def test_a_value_that_is_not_sent_again_is_not_lost(odd: Any) -> None:
    found = plan_for(listed(source_urls=odd, end_time=odd), status="pause")
    assert found.request == {"task_id": ID, **RESENT, "status": "pause"}


def test_undocumented_events_are_kept() -> None:
    found = plan_for(listed(callback_events=["TaskExit", "New"]), status="pause")
    assert (found.request or {})["callback_events"] == ["TaskExit", "New"]


@pytest.mark.parametrize("source_type", ["PullLivePushLive", 5, []])
def test_a_task_of_another_source_type_cannot_be_modified(source_type: Any) -> None:
    with pytest.raises(LiveError) as refused:
        plan_for(listed(source_type=source_type), status="pause")
    assert f"Task {ID} has source_type {source_type!r}. Only a PullVodPushLive task" in refused.value.message


@pytest.mark.parametrize("nothing", [..., None, ""], ids=["missing", "null", "empty"])
def test_a_task_without_a_listed_source_type_can_be_modified(nothing: Any) -> None:
    assert plan_for(listed(source_type=nothing), status="pause").changes == ["status"]


def test_an_undocumented_status_differs_and_causes_a_warning() -> None:
    assert plan_for(listed(status="Running"), status="enable").changes == ["status"]
    assert unknown_status(PullTask.from_answer(listed(status="Running")), declare(status="enable")) == (
        f"Task {ID} has the undocumented status 'Running' (documented: pause, enable), so it counts as different from"
        " the declared enable. If it means pause or enable, define it, for example status_words: {Running: enable}."
    )
    known = PullTask.from_answer(listed(status="Running"), {"running": "enable"})
    assert unknown_status(known, declare(status="enable")) is None
    assert plan(known, declare(status="enable"), LONG_AGO).changes == []


@pytest.mark.parametrize("nothing", [..., None, ""], ids=["missing", "null", "empty"])
@pytest.mark.parametrize("name", ["vod_loop_time", "vod_refresh_type", "start_time"])
def test_an_option_that_the_task_does_not_have_is_not_sent(name: str, nothing: Any) -> None:
    assert name not in (plan_for(listed(**{name: nothing}), status="pause").request or {})


def test_an_undocumented_status_causes_no_warning_if_status_is_not_declared() -> None:
    assert "status" not in (plan_for(listed(status="running"), vod_loop_time=1).request or {})
    assert unknown_status(PullTask.from_answer(listed(status="running")), declare(vod_loop_time=1)) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"vod_start_video_index": 3},
            "vod_start_video_index: 3 is not allowed. Allowed: at most 2, because source_urls (the task's own) has 3",
        ),
        (
            {"source_urls": [URL]},
            "vod_start_video_index: 1 (the task's own) is not allowed. Allowed: at most 0, because source_urls has 1",
        ),
        (
            {"end_time": "2026-02-08T00:00:01Z"},
            "end_time: 2026-02-08T00:00:01Z is not allowed. Allowed: later than start_time 2026-02-01T00:00:00Z"
            " (the task's own), by 7 days at most.",
        ),
        ({"end_time": "2026-02-01T00:00:00Z"}, "end_time: 2026-02-01T00:00:00Z is not allowed"),
        (
            {"start_time": "2026-02-05T00:00:00Z"},
            "end_time: 2026-02-05T00:00:00Z (the task's own) is not allowed. Allowed: later than start_time"
            " 2026-02-05T00:00:00Z, by 7 days at most.",
        ),
        ({"start_time": "2026-01-28T23:59:59Z"}, "end_time: 2026-02-05T00:00:00Z (the task's own) is not allowed"),
    ],
)
def test_rules_are_checked_with_the_options_of_the_task(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        plan_for(listed(), **options)
    assert refused.value.message.startswith(f"Task {ID}: {words}")


@pytest.mark.parametrize(
    "options",
    [
        {"vod_start_video_index": 2},
        {"source_urls": [URL, URL]},
        {"end_time": "2026-02-08T00:00:00Z"},
        {"end_time": "2026-02-01T00:00:01Z"},
        {"start_time": "2026-01-29T00:00:00Z"},
        {"start_time": "2026-03-01T00:00:00Z", "end_time": "2026-03-08T00:00:00Z"},
    ],
)
def test_values_at_the_limits_of_the_rules_are_allowed(options: dict[str, Any]) -> None:
    assert plan_for(listed(), **options).changes == sorted(options)


BROKEN_BY_ITSELF = [
    pytest.param({"vod_start_video_index": 7}, id="index beyond the URLs"),
    pytest.param({"end_time": "2026-03-01T00:00:00Z"}, id="window of more than seven days"),
    pytest.param({"end_time": "2026-01-01T00:00:00Z"}, id="end before start"),
]


@pytest.mark.parametrize("fields", BROKEN_BY_ITSELF)
def test_a_task_that_already_breaks_a_rule_can_be_paused(fields: dict[str, Any]) -> None:
    assert plan_for(listed(**fields), status="pause").changes == ["status"]


@pytest.mark.parametrize("fields", BROKEN_BY_ITSELF)
def test_declaring_the_values_of_a_task_does_not_break_a_rule(fields: dict[str, Any]) -> None:
    assert plan_for(listed(**fields), status="pause", **fields).changes == ["status"]


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({"vod_start_video_index": 7}, {"source_urls": [URL, URL]}),
        ({"vod_start_video_index": 7}, {"vod_start_video_index": 3}),
        ({"end_time": "2026-03-01T00:00:00Z"}, {"end_time": "2026-02-20T00:00:00Z"}),
    ],
)
def test_a_change_of_an_option_of_a_broken_rule_is_refused(fields: dict[str, Any], options: dict[str, Any]) -> None:
    with pytest.raises(InvalidOptionError):
        plan_for(listed(**fields), **options)


@pytest.mark.parametrize("nothing", [..., None], ids=["missing", "null"])
@pytest.mark.parametrize(
    ("lacking", "options"),
    [
        ("source_urls", {"vod_start_video_index": 29}),
        ("start_time", {"end_time": "2030-01-01T00:00:00Z"}),
        ("end_time", {"start_time": "2030-01-01T00:00:00Z"}),
    ],
)
def test_a_rule_is_not_checked_against_unknown_values(lacking: str, options: dict[str, Any], nothing: Any) -> None:
    assert plan_for(listed(**{lacking: nothing}), **options).changes == [*options]


def test_planning_changes_neither_the_listed_task_nor_the_declaration() -> None:
    answer, declared = listed(callback_events=["TaskExit", "TaskStart"]), declare(callback_events=["TaskAlarm"])
    before = json.dumps([answer, declared])
    plan(PullTask.from_answer(answer), declared, LONG_AGO)
    assert json.dumps([answer, declared]) == before


# Filters

RELAY = {"task_id": "a", "region": "cn-north-4", "source_type": "PullLivePushLive", "status": "pause", "domain": "d"}


@pytest.mark.parametrize(
    ("options", "fields", "query"),
    [
        ({}, {}, {}),
        (dict.fromkeys(FILTERS), {}, {}),
        ({"task_id": "a"}, {"task_id": "a"}, {"task_id": "a"}),
        ({"task_region": "cn-north-4"}, {"region": "cn-north-4"}, {"region": "cn-north-4"}),
        ({"source_type": "PullVodPushLive"}, {"source_type": "PullVodPushLive"}, {}),
        (
            {"status": "", "domain": "d", "app_name": "live", "stream_name": "s", "region": "ignored"},
            {"status": "", "domain": "d", "app_name": "live", "stream_name": "s"},
            {},
        ),
    ],
)
def test_a_filter_has_the_given_options_and_the_service_applies_some(
    options: dict[str, Any], fields: dict[str, str], query: dict[str, str]
) -> None:
    found = TaskFilter.from_options(options)
    assert (found.fields, found.query) == (fields, query)


@pytest.mark.parametrize("task_id", ["", " a", "a\nb"])
def test_a_filter_with_an_impossible_id_is_refused(task_id: str) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        TaskFilter.from_options({"task_id": task_id})
    assert refused.value.message == f"task_id: {task_id!r} is not allowed. Allowed: {ALLOWED['task_id']}."


@pytest.mark.parametrize(
    ("options", "answer", "matches"),
    [
        ({}, {}, True),
        ({"status": "pause", "domain": "d"}, RELAY, True),
        ({"status": "pause", "domain": "other"}, RELAY, False),
        ({"status": "pause"}, {**RELAY, "status": None}, False),
        ({"task_id": "a"}, RELAY, True),
        ({"task_id": "a"}, {}, False),
        ({"task_region": "cn-north-4"}, RELAY, True),
        ({"task_region": "cn-north-4"}, {"region": None}, True),
        ({"task_region": "cn-north-4"}, {}, True),
        ({"task_region": "cn-north-4"}, {"region": "cn-east-3"}, False),
        ({"source_type": "PullVodPushLive"}, RELAY, False),
        ({"source_type": "PullLivePushLive"}, {**RELAY, "source_type": "pulllivepushlive"}, True),
    ],
)
def test_a_filter_matches_tasks_with_its_values(options: dict[str, str], answer: dict[str, Any], matches: bool) -> None:
    assert TaskFilter.from_options(options).matches(answer) is matches


@pytest.mark.parametrize(
    ("options", "doubts"),
    [
        ({}, []),
        ({"domain": "d"}, []),
        ({"task_id": ID}, []),
        ({"status": "pause"}, []),
        (
            {"task_id": "channel"},
            [
                "No task has the id channel. 'channel' looks like the name of a stream: identify the task by domain,"
                " app_name and stream_name, in place of task_id."
            ],
        ),
        ({"status": "enabled"}, ["No task has the status enabled. The service documents pause and enable."]),
    ],
)
def test_a_filter_without_results_warns_about_its_unlikely_values(options: dict[str, str], doubts: list[str]) -> None:
    task_filter = TaskFilter.from_options(options)
    assert task_filter.doubts("") == doubts


@pytest.mark.parametrize(
    ("options", "several"),
    [
        ({"task_id": "a,b"}, "'a,b' is not one id, and no task can match it"),
        ({"status": "pause|enable"}, "'pause|enable' is not one word, and no task can match it"),
    ],
)
def test_a_filter_with_several_values_is_refused(options: dict[str, str], several: str) -> None:
    with pytest.raises(InvalidOptionError) as refused:
        TaskFilter.from_options(options)
    assert several in refused.value.message


def test_a_filter_with_a_url_as_domain_is_refused() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        TaskFilter.from_options({"domain": "https://push.example.com"})
    assert refused.value.message == (
        "domain: 'https://push.example.com' is not allowed."
        " Allowed: the host alone, such as push.example.com, up to 255 characters."
    )


# Messages with several sentences


def test_all_wrong_options_are_reported_at_once() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        Declaration.from_options({"task_id": ID, "status": "stop", "vod_start_video_index": -1})
    assert refused.value.message == (
        "status: 'stop' is not allowed. Allowed: pause or enable."
        " vod_start_video_index: -1 is not allowed. Allowed: an integer from 0 to 2147483647."
    )


def test_wrong_options_of_all_tasks_of_a_list_are_reported_at_once() -> None:
    with pytest.raises(InvalidOptionError) as refused:
        Declaration.from_list([{"task_id": "a", "status": "stop"}, {"task_id": "b"}, {"task_id": "a"}])
    assert refused.value.message == (
        "tasks[0] (task a): status: 'stop' is not allowed. Allowed: pause or enable."
        " tasks[2] (task a): the same task as tasks[0]. Allowed: each task once."
    )


def test_all_rules_that_a_change_breaks_are_reported_at_once() -> None:
    current = listed(source_urls=[URL, URL], start_time="2026-02-01T00:00:00Z", end_time="2026-02-02T00:00:00Z")
    with pytest.raises(InvalidOptionError) as refused:
        plan_for(current, vod_start_video_index=2, end_time="2026-02-09T00:00:00Z")
    assert refused.value.message == (
        f"Task {ID}: vod_start_video_index: 2 is not allowed. Allowed: at most 1, because source_urls (the task's own)"
        " has 2 entries, counted from 0."
        " end_time: 2026-02-09T00:00:00Z is not allowed. Allowed: later than start_time 2026-02-01T00:00:00Z"
        " (the task's own), by 7 days at most."
    )


def test_a_task_that_relays_a_live_stream_is_reported_as_the_service_lists_it() -> None:
    assert PullTask.from_answer(RELAY).result() == RELAY


def test_a_new_playlist_must_fit_the_index_even_if_the_old_one_does_not() -> None:
    current = listed(vod_start_video_index=5)
    assert plan_for(current, status="pause").changes == ["status"]
    with pytest.raises(InvalidOptionError, match=r"vod_start_video_index: 5 \(the task's own\) is not allowed"):
        plan_for(current, source_urls=[f"{URL}?new{number}" for number in range(3)])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"source_type": "PullLivePushLive", "source_urls": [URL, URL], "callback_events": [*CALLBACK_EVENTS[2:4]]},
            "callback_events: VodSourceFileStart, VodSourceFileFinish not allowed with source_type PullLivePushLive."
            " Allowed: with PullVodPushLive only."
            " source_urls: 2 entries are not allowed. Allowed: exactly one with PullLivePushLive.",
        ),
        (
            {"task_region": "r" * 65},
            f"task_region: '{'r' * 65}' has 65 characters. Allowed: 1 to 64 characters, without line breaks or white"
            " space around it.",
        ),
        (
            {"destination_url": " rtmp://h/live?key=1"},
            "destination_url: ' rtmp://h/live?********' is not allowed. Allowed: a text without line breaks or white"
            " space around it.",
        ),
        (
            {"push_args": "********", "callback_url": "********"},
            " ".join(
                f"{name}: a value with ******** in it is not allowed, because that stands for a secret that results and"
                " diffs hide. Allowed: the value itself, which results show with show_secrets: true."
                for name in ("push_args", "callback_url")
            ),
        ),
    ],
)
def test_a_message_names_the_wrong_option_and_the_allowed_values(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOptionError) as caught:
        declare(**options)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("name", "longest"), [("task_region", 64), ("domain", 255), ("app_name", 128), ("stream_name", 512)]
)
def test_a_text_may_have_the_documented_number_of_characters(name: str, longest: int) -> None:
    whole = {"domain": "d", "app_name": "a", "stream_name": "s"} if name != "task_region" else {}
    assert declare(**{**whole, name: "x" * longest})
    with pytest.raises(InvalidOptionError, match=f"^{name}: .* has {longest + 1} characters"):
        declare(**{**whole, name: "x" * (longest + 1)})


def test_a_region_is_not_empty() -> None:
    with pytest.raises(InvalidOptionError, match=r"^task_region: .. has 0 characters"):
        declare(task_region="")
    assert declare(push_args="").immutable == {"push_args": ""}


def test_an_entry_without_a_name_is_named_by_its_position() -> None:
    with pytest.raises(InvalidOptionError) as caught:
        Declaration.from_list([{"status": "pause"}])
    assert caught.value.message == (
        "tasks[0]: task_id: missing. Allowed: task_id, or domain, app_name, stream_name, or destination_url."
    )


@pytest.mark.parametrize(
    ("name", "answered", "default"),
    [
        ("vod_loop_time", "-1", True),
        ("vod_loop_time", "2", False),
        ("vod_loop_time", "", True),
        ("vod_loop_time", {}, False),
        ("vod_start_video_index", 1, False),
        ("callback_events", [], True),
        ("callback_events", ["TaskExit"], False),
        ("end_time", "", True),
        ("end_time", "2026-02-05T00:00:00Z", False),
        ("source_urls", [], True),
        ("source_urls", [URL], False),
    ],
)
def test_an_empty_value_counts_as_the_default(name: str, answered: Any, default: bool) -> None:
    assert PullTask.from_answer({name: answered}).has_default(name) == default


@pytest.mark.parametrize(
    ("end", "declared_end", "same"),
    [
        ("2026-02-01T00:00:01Z", None, True),
        ("2026-02-07T23:59:59Z", None, True),
        # The API page allows seven days, the SDK less than seven days.
        ("2026-02-08T00:00:00Z", None, False),
        ("2026-02-01T00:00:00Z", None, False),
        ("", None, True),
        ("2026-02-08T00:00:00Z", "2026-02-07T00:00:00Z", True),
    ],
)
def test_two_past_starts_are_the_same_if_the_end_fits_both(end: str, declared_end: str | None, same: bool) -> None:
    task = PullTask.from_answer({"start_time": "2026-02-01T00:00:00Z", "end_time": end})
    declared = {"start_time": "2026-02-01T12:00:00Z", **({"end_time": declared_end} if declared_end else {})}
    assert ("start_time" not in task.differing(declared, 2e9)) == same


@pytest.mark.parametrize(
    ("name", "answered", "has"),
    [
        ("end_time", "soon", True),
        ("end_time", "2026-02-05T00:00:00Z", True),
        ("end_time", "0001-01-01T00:00:00Z", False),
        ("end_time", "", False),
        ("source_urls", [], False),
    ],
)
def test_a_value_that_means_none_counts_as_not_set(name: str, answered: Any, has: bool) -> None:
    assert PullTask.from_answer({name: answered}).has(name) == has


AHEAD = "2026-02-01T00:00:00Z"
JUST_NOW = 1769904000.0
"""That moment."""


@pytest.mark.parametrize(
    ("name", "before", "after", "moment", "lost", "others"),
    [
        ("end_time", "soon", AHEAD, LONG_AGO, True, False),
        ("end_time", AHEAD, "", LONG_AGO, True, False),
        ("end_time", "", AHEAD, LONG_AGO, False, True),
        # Someone else has changed a start_time in the future.
        ("start_time", AHEAD, "2026-02-02T00:00:00Z", LONG_AGO, False, True),
        # The service set its current time.
        ("start_time", "2026-02-02T00:00:00Z", AHEAD, JUST_NOW, True, False),
        # The clock of the service is fast.
        ("start_time", "2026-02-02T00:00:00Z", AHEAD, JUST_NOW - 30, True, False),
        ("start_time", "2026-01-01T00:00:00Z", AHEAD, JUST_NOW - 30, False, True),
    ],
)
def test_options_that_a_modify_lost_are_distinguished_from_changes_by_others(
    name: str, before: str, after: str, moment: float, lost: bool, others: bool
) -> None:
    old, new = (PullTask.from_answer({name: value}) for value in (before, after))
    found = judge(old, old, {}, new, {}, {}, moment)
    assert found == Verdict([], [], [name] * lost, [name] * others, False)


def test_a_status_that_could_not_be_understood_counts_as_lost() -> None:
    before, after = PullTask.from_answer({"status": 5}), PullTask.from_answer({"status": "weird"})
    found = judge(before, before, {}, after, {"status": "pause"}, {}, LONG_AGO)
    assert (found.lost, found.unknown) == (["status"], False)


@pytest.mark.parametrize(
    ("before", "sent", "to_restore", "unproven"),
    [
        ({"status": "weird"}, {"status": "pause"}, {}, True),
        ({"status": "enable"}, {"status": "pause"}, {}, False),
        ({"status": "weird"}, {}, {}, False),
        ({"status": "weird", "vod_loop_time": 5}, {"status": "pause", "vod_loop_time": "5"}, {}, True),
        ({"status": "weird", "vod_loop_time": 5}, {"status": "pause", "vod_loop_time": "7"}, {}, False),
        ({"status": "weird", "end_time": AHEAD}, {"status": "pause", "end_time": AHEAD}, {"end_time": AHEAD}, False),
        # Both starts are in the past, so they mean the same.
        (
            {"status": "weird", "start_time": "2025-01-01T00:00:00Z"},
            {"status": "pause", "start_time": "2025-01-02T00:00:00Z"},
            {},
            True,
        ),
    ],
    ids=str,
)
def test_a_modify_is_unproven_if_all_that_it_changed_is_a_status_that_cannot_be_compared(
    before: dict[str, Any], sent: dict[str, Any], to_restore: dict[str, Any], unproven: bool
) -> None:
    task = PullTask.from_answer(before)
    now = PullTask.from_answer({**before, "status": "weird"})
    found = judge(task, task, sent, now, {"status": "pause"}, to_restore, JUST_NOW)
    assert (found.unknown, found.unproven) == (True, unproven)


# Forms of a modify

ON_AIR = 1770000000.0
"""2026-02-02T02:40:00Z, when the listed task is on air."""
TOMORROW = "2026-02-03T00:00:00Z"


def modify(answer: dict[str, Any], form: Form = Form.FULL, **options: Any) -> tuple[set[str], Form | None]:
    """Return the options that a modify of a task on air carries, and the form to send if it is refused."""
    found = plan(PullTask.from_answer(answer), declare(**options), ON_AIR, form=form)
    return {*(found.request or {})} - {"task_id"}, found.next_form


@pytest.mark.parametrize(
    ("fields", "form", "options", "sent", "next_form"),
    [
        # The service may refuse a start_time in the past, declared or not.
        ({}, Form.FULL, {"vod_loop_time": 5}, RESENT.keys(), Form.WITHOUT_START),
        ({}, Form.FULL, {"vod_loop_time": 5, "start_time": "2026-02-01T00:00:00Z"}, RESENT.keys(), Form.WITHOUT_START),
        ({}, Form.FULL, {"start_time": TOMORROW}, RESENT.keys(), None),
        ({"start_time": ...}, Form.FULL, {"vod_loop_time": 5}, RESENT.keys() - {"start_time"}, None),
        ({}, Form.WITHOUT_START, {"vod_loop_time": 5}, RESENT.keys() - {"start_time"}, None),
        ({"status": "pause"}, Form.WITHOUT_START, {"vod_loop_time": 5}, RESENT.keys() - {"start_time"}, None),
        # The last form of a pause is the status alone.
        ({}, Form.FULL, {"status": "pause"}, {"status", *RESENT}, Form.WITHOUT_START),
        ({}, Form.WITHOUT_START, {"status": "pause"}, {"status", *RESENT} - {"start_time"}, Form.STATUS_ONLY),
        ({}, Form.WITHOUT_START, {"status": "pause", "start_time": TOMORROW}, {"status", *RESENT}, Form.STATUS_ONLY),
        ({}, Form.STATUS_ONLY, {"status": "pause", "vod_loop_time": 5}, {"status"}, None),
        ({"status": "pause"}, Form.WITHOUT_START, {"status": "enable"}, {"status", *RESENT} - {"start_time"}, None),
        # The service may refuse an undocumented event. Left out, the task has all events again.
        (
            {"callback_events": [*CALLBACK_EVENTS, "Seventh"]},
            Form.FULL,
            {"vod_loop_time": 5},
            RESENT.keys() - {"callback_events"},
            Form.WITHOUT_START,
        ),
    ],
)
def test_each_form_of_a_modify_has_its_options_and_a_next_form(
    fields: dict[str, Any], form: Form, options: dict[str, Any], sent: set[str], next_form: Form | None
) -> None:
    assert modify(listed(**fields), form, **options) == (sent, next_form)


def test_a_pause_that_was_sent_alone_is_not_sent_again() -> None:
    assert modify({"status": "enable"}, status="pause") == ({"status"}, None)
    assert modify({"status": "enable", "vod_loop_time": "3"}, status="pause") == (
        {"status", "vod_loop_time"},
        Form.STATUS_ONLY,
    )


@pytest.mark.parametrize(
    ("options", "with_status"), [({"vod_loop_time": 5}, False), ({"vod_loop_time": 5, "status": "enable"}, True)]
)
def test_all_options_are_sent_if_the_service_empties_what_is_left_out(
    options: dict[str, Any], with_status: bool
) -> None:
    lessons = Lessons()
    lessons.replaces = True
    found = plan(PullTask.from_answer(listed()), declare(**options), ON_AIR, lessons=lessons)
    assert {*(found.request or {})} == {
        *("task_id", "source_urls", "end_time", *RESENT),
        *(("status",) if with_status else ()),
    }


def test_if_a_pause_alone_would_empty_options_its_last_form_is_without_the_end() -> None:
    lessons = Lessons()
    lessons.replaces = True
    task, declared = PullTask.from_answer(listed()), declare(status="pause")
    forms, sent = [Form.FULL], []
    while forms[-1]:
        found = plan(task, declared, ON_AIR, lessons=lessons, form=forms[-1])
        forms.append(found.next_form)
        sent.append({*(found.request or {})} - {"task_id"})
    assert forms == [Form.FULL, Form.WITHOUT_START, Form.WITHOUT_WINDOW, None]
    all_ = {"status", "source_urls", "end_time", *RESENT}
    assert sent == [all_, all_ - {"start_time"}, all_ - {"start_time", "end_time"}]


@pytest.mark.parametrize(
    ("to_restore", "next_form"),
    [
        ({"source_urls": [URL], "end_time": "2026-02-09T00:00:00Z"}, Form.WITHOUT_WINDOW),
        # Only the end was lost: without it, nothing has to be restored.
        ({"end_time": "2026-02-09T00:00:00Z"}, None),
    ],
)
def test_lost_options_are_restored_without_a_refused_end(to_restore: dict[str, Any], next_form: Form | None) -> None:
    task = PullTask.from_answer(listed(source_urls=[], end_time="", start_time=TOMORROW))
    declared = declare(vod_loop_time=5)
    assert plan(task, declared, ON_AIR, to_restore).next_form is Form.WITHOUT_START
    assert plan(task, declared, ON_AIR, to_restore, form=Form.WITHOUT_START).next_form is next_form
    found = plan(task, declared, ON_AIR, to_restore, form=Form.WITHOUT_WINDOW)
    # A start in the future stays: left out, it might become now.
    assert {*(found.request or {})} == {"task_id", *({"source_urls"} & {*to_restore}), *RESENT}


def test_if_past_starts_are_refused_only_a_start_that_differs_is_sent() -> None:
    lessons = Lessons()
    lessons.no_past_start = True
    for fields, declared, sent in (
        ({}, {"vod_loop_time": 5}, False),
        ({"start_time": TOMORROW}, {"vod_loop_time": 5}, True),
        # The end does not fit the start of the task.
        ({"end_time": "2026-02-09T00:00:00Z"}, {"start_time": "2026-02-02T00:00:00Z"}, True),
    ):
        found = plan(PullTask.from_answer(listed(**fields)), declare(**declared), ON_AIR, lessons=lessons)
        assert ("start_time" in (found.request or {})) == sent


@pytest.mark.parametrize(("replaces", "options"), [(True, {"vod_loop_time": 5}), (False, {"status": "pause"})])
def test_the_end_is_left_out_only_of_what_has_to_carry_the_rest(replaces: bool, options: dict[str, Any]) -> None:
    lessons = Lessons()
    lessons.replaces = replaces
    task, declared = PullTask.from_answer(listed()), declare(end_time="2026-02-04T00:00:00Z", **options)
    found = plan(task, declared, ON_AIR, lessons=lessons, form=Form.WITHOUT_START)
    assert "end_time" in (found.request or {})
    assert found.next_form is (None if replaces else Form.STATUS_ONLY)


def test_the_error_of_a_shorter_playlist_names_the_index_to_set() -> None:
    with pytest.raises(InvalidOptionError) as caught:
        plan_for(listed(), source_urls=[URL])
    assert caught.value.message == (
        f"Task {ID}: vod_start_video_index: 1 (the task's own) is not allowed. Allowed: at most 0, because source_urls"
        " has 1 entry, counted from 0. Set vod_start_video_index: 0 as well."
    )


def test_all_events_include_those_of_files_for_a_playlist_only() -> None:
    fewer = [event for event in CALLBACK_EVENTS if not event.startswith("Vod")]
    for source_type, differs in (("PullVodPushLive", True), ("PullLivePushLive", False)):
        task = PullTask.from_answer(listed(source_type=source_type, callback_events=fewer))
        assert bool(task.differing({"callback_events": [*CALLBACK_EVENTS]}, LONG_AGO)) == differs


@pytest.mark.parametrize(
    ("answered", "normal"),
    [
        (10**8, "1973-03-03T09:46:40Z"),
        (10**11 - 1, "5138-11-16T09:46:39Z"),
        (10**11, "1973-03-03T09:46:40Z"),
    ],
)
def test_seconds_and_milliseconds_are_distinguished(answered: int, normal: str) -> None:
    assert PullTask.from_answer({"end_time": answered}).values["end_time"] == normal
    assert "end_time" not in PullTask.from_answer({"end_time": 10**8 - 1}).values


@pytest.mark.parametrize("name", FIELDS)
def test_a_service_that_empties_what_no_modify_has_to_carry_replaces_the_task(name: str) -> None:
    lessons = Lessons()
    lessons.learn([name])
    assert lessons.replaces is (name in ("source_urls", "end_time", "status"))
