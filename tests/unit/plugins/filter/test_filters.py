# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters with the values that Ansible passes, with files, and with errors of Ansible."""

from __future__ import annotations

import inspect
import json
import math
import os
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.huaweicloud.live.plugins.filter import (
    m3u_urls,
    overview,
    playlist_check,
    playlist_problems,
    playlist_rehearsal,
    playlist_source_problems,
    playlist_sources,
    playlist_tasks,
    programme,
    rolling_window,
    xmltv,
)
from ansible_collections.huaweicloud.live.plugins.lookup import playlist_files
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.options import CHANNEL_OPTIONS

ONE = "https://media.example.com/one.mp4"
TWO = "https://media.example.com/two.mp4"
NOW = "2026-11-22T12:00:00Z"
STREAM = {"domain": "push.example.com", "app_name": "live", "stream_name": "films"}
# If they are missing, the filter refuses them by name, because the error of Python is hard to understand.
REQUIRED = ("days", "renew_before_hours", "now")
ROOT = Path(playlist_tasks.__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "module",
    [
        m3u_urls,
        overview,
        playlist_check,
        playlist_problems,
        playlist_rehearsal,
        playlist_source_problems,
        playlist_sources,
        playlist_tasks,
        programme,
        rolling_window,
        xmltv,
    ],
)
def test_a_file_has_the_filter_of_its_name_and_its_documentation(module: Any) -> None:
    name = module.__name__.rpartition(".")[2]
    documentation = yaml.safe_load(module.DOCUMENTATION)
    function = inspect.unwrap(module.FilterModule().filters()[name])
    assert list(module.FilterModule().filters()) == [name] == [documentation["name"]]
    code = function.__code__
    arguments = [name for name in code.co_varnames[: code.co_argcount] if name != "context"]
    assert [option.lstrip("_") for option in documentation["options"]][1:] == list(arguments[1:])
    defaults = dict(zip(reversed(arguments), reversed(function.__defaults__ or ())))
    for option, described in documentation["options"].items():
        required = option == "_input" or option not in defaults or (module is rolling_window and option in REQUIRED)
        assert described.get("required", False) is required
        assert described.get("default") == defaults.get(option)


class TestM3uUrls:
    @pytest.mark.parametrize(("limit", "offset"), [(1, 1), ("1", "1")])
    def test_numbers_may_be_strings(self, limit: Any, offset: Any) -> None:
        assert m3u_urls.m3u_urls(f"{ONE}\n{TWO}", limit=limit, offset=offset) == [TWO]

    @pytest.mark.parametrize(
        ("text", "arguments", "reason"),
        [
            ("", {}, "huaweicloud.live.m3u_urls: The playlist has no entries"),
            (ONE, {"limit": "many"}, "huaweicloud.live.m3u_urls: .*'many'"),
            (ONE, {"offset": [1]}, "huaweicloud.live.m3u_urls: "),
        ],
    )
    def test_errors_are_errors_of_ansible_filters(self, text: Any, arguments: dict[str, Any], reason: str) -> None:
        with pytest.raises(AnsibleFilterError, match=reason):
            m3u_urls.m3u_urls(text, **arguments)


class TestRollingWindow:
    @pytest.mark.parametrize("current", [None, "", {}, {"task_id": "A", "end_time": None}])
    def test_without_a_window_a_new_one_begins_now(self, current: Any) -> None:
        assert rolling_window.rolling_window(current, "2", "1.5", NOW) == {
            "start_time": NOW,
            "end_time": "2026-11-24T12:00:00Z",
        }

    def test_time_stamps_of_yaml_are_understood(self) -> None:
        now = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
        current = {"start_time": now, "end_time": datetime(2026, 11, 25, tzinfo=timezone.utc)}
        assert rolling_window.rolling_window(current, 7, 24, now) == {
            "start_time": NOW,
            "end_time": "2026-11-25T00:00:00Z",
        }

    @pytest.mark.parametrize(
        ("on_air", "moves"), [(True, True), ("yes", True), (False, False), ("no", False), (None, False), ("", False)]
    )
    def test_a_window_in_the_future_moves_only_if_the_channel_should_be_on_air(self, on_air: Any, moves: bool) -> None:
        current = {"start_time": "2026-11-23T12:00:00Z", "end_time": "2026-11-25T12:00:00Z"}
        moved = {"start_time": NOW, "end_time": "2026-11-24T12:00:00Z"}
        assert rolling_window.rolling_window(current, 2, 24, NOW, on_air) == (moved if moves else current)

    @pytest.mark.parametrize(
        ("current", "days", "hours", "now", "reason"),
        [
            (None, "week", 24, NOW, "'week'"),
            (None, 7, 24, date(2026, 11, 22), "now: '2026-11-22'"),
            (None, 7, 24, datetime(2026, 11, 22), r"has no time zone\. Allowed: .*now\(utc=true, fmt='%Y-"),
            (None, 7, 24, None, r"now: missing\. Allowed: .*now\(utc=true, fmt="),
            (None, None, 24, NOW, r"days: missing\. Allowed: an integer from 1 to 7"),
            (None, 7, None, NOW, r"renew_before_hours: missing\. Allowed: more than 0"),
            ([], 9, 24, NOW, "days: 9"),
            (["x"], 7, 24, NOW, "current: ..x.. is not allowed"),
            ([{"task_id": "A"}], 7, 24, NOW, "current: a list of tasks is not allowed; give one, .*tasks . first"),
            (
                {"live_pull_tasks": []},
                7,
                24,
                NOW,
                "current: the result .* result.live_pull_tasks . first. Allowed: a task",
            ),
            (
                {"live_pull_task": {}},
                7,
                24,
                NOW,
                "current: the result of .*; give a task of it, such as result.live_pull_task. Allow",
            ),
            ({"results": []}, 7, 24, NOW, "current: a dictionary of results is not allowed"),
        ],
    )
    def test_errors_are_errors_of_ansible_filters(
        self, current: Any, days: Any, hours: Any, now: Any, reason: str
    ) -> None:
        with pytest.raises(AnsibleFilterError, match=f"huaweicloud.live.rolling_window: .*{reason}"):
            rolling_window.rolling_window(current, days, hours, now)
        with pytest.raises(AnsibleFilterError, match="on_air: 'perhaps'"):
            rolling_window.rolling_window(None, 7, 24, NOW, "perhaps")


def tasks(folder: Path, *channels: Any, current: Any = ()) -> list[dict[str, Any]]:
    loader = DataLoader()
    loader.set_basedir(str(folder))
    [files] = playlist_files.LookupModule(loader=loader).run([list(channels)], {})
    return playlist_tasks.playlist_tasks({}, list(channels), list(current), NOW, files=files)


class TestPlaylistTasks:
    def test_values_are_converted_to_their_types(self, tmp_path: Path) -> None:
        declaration = {
            "task_id": "7",
            "source_urls": ONE,
            "mode": "rounds",
            "rounds": "3",
            "on_air": "no",
            "start_time": datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
            "start_at": {"index": "0", "seconds": "90"},
        }
        assert tasks(tmp_path, declaration) == [
            {
                "task_id": "7",
                "status": "pause",
                "source_urls": [ONE],
                "vod_loop_time": "3",
                "vod_start_video_index": 0,
                "vod_start_video_time": 90,
                "start_time": NOW,
            }
        ]

    def test_null_is_left_out(self, tmp_path: Path) -> None:
        declaration = {**dict.fromkeys(CHANNEL_OPTIONS), "task_id": "A", "source_urls": [ONE]}
        assert tasks(tmp_path, declaration) == [{"task_id": "A", "source_urls": [ONE], "vod_loop_time": "-1"}]

    def test_the_window_of_a_rolling_channel_is_looked_up(self, tmp_path: Path) -> None:
        declaration = {"task_id": "7", "source_urls": [ONE], "rolling": {"days": "2", "renew_before_hours": "0.5"}}
        kept = {"task_id": "7", "end_time": "2026-11-22T12:30:00Z"}
        assert "end_time" not in tasks(tmp_path, declaration, current=[kept])[0]
        never_set = {"task_id": "7"}
        assert tasks(tmp_path, declaration, current=[never_set])[0]["end_time"] == "2026-11-24T12:00:00Z"
        assert "end_time" not in tasks(tmp_path, declaration)[0], "a task that was not listed keeps its window"
        assert "end_time" not in tasks(tmp_path, declaration, current=[{"task_id": ["7"]}])[0]

    def test_a_channel_may_be_named_by_its_destination(self, tmp_path: Path) -> None:
        stream = {"domain": "Push.example.com", "app_name": "live", "stream_name": "7"}
        rolling = {"source_urls": ONE, "rolling": {"days": "2", "renew_before_hours": "0.5"}}
        listed = {"task_id": "A", **stream, "domain": "push.example.com.", "end_time": "2026-11-22T12:30:00Z"}
        expected = {**stream, "source_urls": [ONE], "vod_loop_time": "-1"}
        assert tasks(tmp_path, {**stream, **rolling}, current=[listed]) == [expected]
        assert tasks(tmp_path, {**stream, **rolling}) == [{**expected, "end_time": "2026-11-24T12:00:00Z"}]
        assert tasks(tmp_path, {**stream, **rolling, "remove": "yes"}) == [{**stream, "state": "absent"}]

    @pytest.mark.parametrize(
        ("clock", "begins", "ends"),
        [
            (None, None, "2026-11-24T12:00:00Z"),
            (NOW, None, "2026-11-24T12:00:00Z"),
            ("2026-11-22T12:00:09Z", None, "2026-11-24T12:00:09Z"),
            # A rehearsal of the past, and of times ahead.
            ("2026-12-24T12:00:00Z", None, "2026-12-26T12:00:00Z"),
            ("2026-11-22T11:59:59Z", NOW, "2026-11-24T12:00:00Z"),
            ("2026-11-01T00:00:00Z", NOW, "2026-11-24T12:00:00Z"),
        ],
    )
    def test_a_new_channel_begins_at_once_or_at_the_time_of_the_rehearsal(
        self, clock: Any, begins: str | None, ends: str
    ) -> None:
        declaration = {**STREAM, "source_urls": [ONE], "rolling": {"days": 2}}
        [task] = playlist_tasks.playlist_tasks({}, [declaration], [], NOW, clock=clock)
        assert (task.get("start_time"), task["end_time"]) == (begins, ends)
        kept = {**declaration, "task_id": "A"}
        [task] = playlist_tasks.playlist_tasks({}, [kept], [], NOW, clock=clock)
        assert not {"start_time", "end_time"} & task.keys()

    def test_a_wrong_clock_is_refused(self) -> None:
        with pytest.raises(AnsibleFilterError, match=r"^clock: 'noon' is not allowed\. Allowed: "):
            playlist_tasks.playlist_tasks({}, [{"task_id": "A", "source_urls": [ONE]}], [], NOW, clock="noon")

    def test_with_remove_no_file_is_read(self, tmp_path: Path) -> None:
        assert tasks(tmp_path, {"task_id": "A", "m3u": "lost.m3u", "remove": True}) == [
            {"task_id": "A", "state": "absent"}
        ]

    @pytest.mark.parametrize("absolute", [False, True])
    def test_files_are_found(self, tmp_path: Path, absolute: bool) -> None:
        file = tmp_path / "lists" / "channel.m3u"
        file.parent.mkdir()
        file.write_bytes(b"\xef\xbb\xbf#EXTM3U\r\none.mp4\r\n" + TWO.encode() + b"\r\n")
        path = str(file) if absolute else "lists/channel.m3u"
        declaration = {"task_id": "A", "m3u": path, "m3u_base_url": "https://media.example.com/"}
        assert tasks(tmp_path, declaration)[0]["source_urls"] == [ONE, TWO]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (None, r"was not found. Looked for: \S*/files/a.m3u, \S*/a.m3u.$"),
            (b"", "no entries"),
            (b"# caf\xe9\ncaf\xe9.mp4\n" + ONE.encode(), r"line 2: .*not text in UTF-8: it contains '\\udce9'"),
            (b"\x00\x00\x00\x18ftypmp42", "a video or another binary file"),
            (ONE.encode("utf-16"), "a text in UTF-16"),
            (b"<!doctype html>\n", "HTML"),
            (b"#" * (1024 * 1024 + 1), "larger than 1048576 bytes"),
        ],
    )
    def test_a_file_that_is_not_a_playlist_is_named(self, tmp_path: Path, content: bytes | None, reason: str) -> None:
        if content is not None:
            (tmp_path / "a.m3u").write_bytes(content)
        with pytest.raises(AnsibleFilterError, match=rf"playlist_channels\[0\] \(task A\): m3u a.m3u: .*{reason}"):
            tasks(tmp_path, {"task_id": "A", "m3u": "a.m3u"})

    @pytest.mark.parametrize("kind", ["folder", "pipe", "null", "blank"])
    def test_a_path_that_is_not_a_file_is_named(self, tmp_path: Path, kind: str) -> None:
        (tmp_path / "folder").mkdir()
        os.mkfifo(tmp_path / "pipe")
        path = {"null": "a\x00b", "blank": ""}.get(kind, kind)
        with pytest.raises(AnsibleFilterError, match=r"playlist_channels\[0\] \(task A\): m3u .*This"):
            tasks(tmp_path, {"task_id": "A", "m3u": path})

    @pytest.mark.parametrize(
        ("declaration", "reason"),
        [
            ("A", r"playlist_channels\[0\]: 'A' is not a channel"),
            (None, r"playlist_channels\[0\]: None is not a channel"),
            ({"source_urls": [ONE]}, r"playlist_channels\[0\]: task_id: missing\. Allowed: task_id, or domain, "),
            (
                {"task_id": "A", "mode": "twice"},
                r"\(task A\): .*mode: 'twice' is not allowed. Allowed: loop, once, rounds",
            ),
            (
                {"task_id": "A", "on_update": "now"},
                r"\(task A\): .*on_update: 'now' is not allowed. Allowed: immediate_",
            ),
            ({"task_id": "A", "rolling": False}, r"\(task A\): rolling: False is not allowed. Allowed: a dictionary"),
            (
                {"task_id": "A", "rolling": {"days": math.inf}},
                r"\(task A\): rolling\.days: inf is not allowed. Allowed: an int",
            ),
            ({"task_id": "A", True: "yes"}, r"\(task A\): True is not an option\. Allowed: task_id, domain"),
            ({"task_id": "A", "urls": []}, r"\(task A\): urls is not an option\. Allowed: task_id"),
            ({"task_id": "A", "m3u_url": "a"}, r"\(task A\): m3u_url is not an option\. Did you mean m3u_base_url\?"),
            (
                {"domain": "d", "app_name": 1.10, "stream_name": "s"},
                r"app_name: the number 1\.1 is not allowed, because",
            ),
            (
                {"domain": "d", "app_name": "a", "stream_name": 7},
                r"stream_name: the number 7 is not allowed.* a text, in",
            ),
            ({"task_id": 7}, "task_id: the number 7 is not allowed"),
            ({"task_id": 7, "remove": True}, "task_id: the number 7 is not allowed"),
            ({"destination_url": 7}, "destination_url: the number is not allowed"),
            ({"task_id": "A", "push_args": 7}, "push_args: the number is not allowed"),
            ({"task_id": "A", "m3u": 7}, "m3u: the number 7 is not allowed"),
            (
                {"domain": "d", "app_name": "a", "stream_name": datetime(2026, 11, 30, 12, tzinfo=timezone.utc)},
                r"stream_name: the time 2026-11-30 12:00:00\+00:00 is not allowed",
            ),
            (
                {"domain": "d", "app_name": "a", "stream_name": True},
                "stream_name: YAML reads on, yes and true as True, which is not allowed. Allowed: a text",
            ),
            (
                {"destination_url": "rtmp://h.example/live?key=VERYSECRET", "mode": "loops"},
                r"^playlist_channels\[0\] \(task rtmp://h.example/live\?key=[*]{8}\): source_urls",
            ),
            ({"task_id": "A", "push_args": {"key": "s3"}}, r"\(task A\): push_args: a dictionary is not allowed"),
            (
                {"task_id": "A", "backup_source_urls": [{"key": "s3"}]},
                r"\(task A\): backup_source_urls: entry 1: a dictionary is not allowed",
            ),
            ({"task_id": "A", "mode": ["loop"]}, r"\(task A\): mode: a list is not allowed. Allowed: a text"),
            (
                {"task_id": "A", "source_urls": {"a": "b"}},
                r"\(task A\): source_urls: \{'a': 'b'\} is not allowed.*a list",
            ),
            (
                {"task_id": "A", "callback_events": [[]]},
                r"\(task A\): callback_events: entry 1: a list is not .*a text",
            ),
            ({"task_id": "A", "start_at": "a"}, r"\(task A\): start_at: 'a' is not .*a dictionary of index, seconds"),
            ({"task_id": "A", "remove": "perhaps"}, r"\(task A\): .*remove.*perhaps"),
            ({"stream_name": "s", "rounds": "some"}, r"\(task //s\): .*rounds.* int"),
            ({"task_id": "A", "rounds": "some"}, r"\(task A\): .*rounds.* int"),
            ({"task_id": "A", "on_air": "perhaps"}, r"\(task A\): .*on_air.*perhaps"),
            (
                {"task_id": "A", "rolling": {"hours": 1}},
                r"\(task A\): rolling\.hours is not an option\. Allowed: days, ",
            ),
            ({"task_id": "A", "callback_events": ["Start"]}, r"\(task A\): .*callback_events: 'Start' is not allowed"),
        ],
    )
    def test_a_channel_of_other_types_is_named(self, tmp_path: Path, declaration: Any, reason: str) -> None:
        with pytest.raises(AnsibleFilterError, match=reason):
            tasks(tmp_path, declaration)

    @pytest.mark.parametrize("current", [{"live_pull_tasks": []}, ["x"], [None], "x"], ids=repr)
    def test_current_tasks_that_are_not_a_list_of_tasks_are_refused(self, tmp_path: Path, current: Any) -> None:
        with pytest.raises(AnsibleFilterError, match=r"not a list of tasks"):
            tasks(tmp_path, {"task_id": "A", "source_urls": [ONE]}, current=current)


class TestOverview:
    TASK: ClassVar[dict[str, Any]] = {"task_id": "A", "status": "enable", "end_time": "2026-11-22T17:12:00Z"}

    def test_values_may_be_strings(self) -> None:
        found = overview.overview({}, [self.TASK], NOW, "5")
        assert (
            found["counts"]
            == overview.overview({}, [self.TASK], datetime(2026, 11, 22, 12, tzinfo=timezone.utc), 5)["counts"]
        )
        assert found["channels"][0]["group"] == "on_air"
        assert found["axis"]["timezone"] == "UTC"

    def test_the_time_zone_is_looked_up(self) -> None:
        found = overview.overview({}, [self.TASK], NOW, timezone="Asia/Shanghai")
        assert found["channels"][0]["end"]["local"] == "2026-11-23 01:12 +08:00"
        assert found["axis"]["timezone"] == "Asia/Shanghai"

    @pytest.mark.parametrize(
        "zone", ["Mars/Olympus_Mons", "", "../../etc/passwd", "/etc/passwd", "America", "a\0b", None, 7, ["UTC"]]
    )
    def test_an_unknown_time_zone_is_refused(self, zone: Any) -> None:
        with pytest.raises(
            AnsibleFilterError, match=r"huaweicloud.live.overview: timezone: .* is not allowed. Allowed: "
        ):
            overview.overview({}, [], NOW, timezone=zone)

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (({"live_pull_tasks": []}, NOW), "tasks: a dictionary of live_pull_tasks is not allowed"),
            (([], "soon"), "now: 'soon'"),
            (([], date(2026, 11, 22)), "now: '2026-11-22'"),
            (([], NOW, "many"), "warn_hours: 'many'"),
        ],
    )
    def test_errors_are_errors_of_ansible_filters(self, arguments: tuple[Any, ...], reason: str) -> None:
        with pytest.raises(AnsibleFilterError, match=f"huaweicloud.live.overview: {reason}"):
            overview.overview({}, *arguments)

    def test_the_documentation_has_samples_of_every_result(self) -> None:
        returned = yaml.safe_load(overview.RETURN)["_value"]["contains"]
        found = overview.overview({}, [self.TASK], NOW)
        assert [*returned] == [*found]
        assert {*returned["channels"]["contains"]} == {*found["channels"][0]}
        assert {*returned["counts"]["sample"]} == {*found["counts"]}
        assert {*returned["axis"]["sample"]} == {*found["axis"]}
        assert {*returned["channels"]["contains"]["programme"]["sample"]} == {*found["channels"][0]["programme"]}


class TestProgramme:
    SLOTS: ClassVar = [
        {"from": "06:00", "title": "Breakfast"},
        {"from": "20:15", "days": "mon,sun", "title": "Films"},
        {"from": "10:00", "dates": [date(2026, 11, 24)], "title": "Special"},
    ]

    @pytest.mark.parametrize("now", [NOW, datetime(2026, 11, 22, 12, tzinfo=timezone.utc)])
    def test_a_programme_has_the_current_slot_the_next_one_and_the_plan(self, now: Any) -> None:
        breakfast, films, special = self.SLOTS
        assert programme.programme(self.SLOTS, now, "Asia/Shanghai", "2") == {
            "current": breakfast,
            "since": "2026-11-21T22:00:00Z",
            "until": "2026-11-22T12:15:00Z",
            "next": films,
            "planned": [
                {"since": "2026-11-21T22:00:00Z", "until": "2026-11-22T12:15:00Z", "slot": breakfast},
                {"since": "2026-11-22T12:15:00Z", "until": "2026-11-22T22:00:00Z", "slot": films},
                {"since": "2026-11-22T22:00:00Z", "until": "2026-11-23T12:15:00Z", "slot": breakfast},
                {"since": "2026-11-23T12:15:00Z", "until": "2026-11-24T02:00:00Z", "slot": films},
                {"since": "2026-11-24T02:00:00Z", "until": "2026-11-24T22:00:00Z", "slot": special},
            ],
        }

    def test_without_days_there_is_no_plan(self) -> None:
        assert "planned" not in programme.programme(self.SLOTS, NOW)

    @pytest.mark.parametrize(
        ("slots", "arguments", "reason"),
        [
            ({"from": "06:00"}, {}, "programme: {'from': '06:00'} is not allowed. Allowed: a list"),
            (None, {}, "programme: None is not allowed"),
            ([{"from": 1080}], {}, r"programme\[0\] \(from 1080\): from: '1080' is not allowed. .*in quotes"),
            ([{"from": ["06:00"]}], {}, r"from: \['06:00'\] is not allowed"),
            ([{"from": "06:00", "days": ["sun", 5]}, {}], {}, r"days: '5' .*programme\[1\]: from: missing"),
            (SLOTS, {"timezone": "Mars/Olympus"}, "timezone: 'Mars/Olympus' is not allowed"),
            (SLOTS, {"days": "many"}, "days: 'many' is not allowed"),
            (SLOTS, {"now": "2026-11-22"}, "now: '2026-11-22' is not allowed"),
        ],
    )
    def test_an_error_names_the_filter(self, slots: Any, arguments: dict[str, Any], reason: str) -> None:
        with pytest.raises(AnsibleFilterError, match=f"huaweicloud.live.programme: .*{reason}"):
            programme.programme(slots, **{"now": NOW, **arguments})


class TestPlaylistCheck:
    """The role calls this filter once, and gives its result to playlist_tasks."""

    CHANNELS: ClassVar = [
        {"task_id": "A", "m3u": "a.m3u", "start_time": "2026-11-22T13:00:00Z"},
        {"task_id": "B", "source_urls": [ONE], "rolling": {"days": "2"}, "on_air": "yes"},
        {
            "task_id": "C",
            "programme": [
                {"from": "06:00", "m3u": "a.m3u", "join": "in_progress", "mode": "rounds", "rounds": 9},
                {"from": "12:01", "source_urls": [TWO]},
                {"from": "18:00", "off_air": True},
            ],
        },
        {"domain": "d", "app_name": "a", "stream_name": "s", "rolling": {}, "source_urls": [ONE]},
        {"task_id": "E", "remove": True, "m3u": "lost.m3u"},
    ]
    FILES: ClassVar = {"a.m3u": {"text": f"#EXTINF:9000,One\n{ONE}\n"}}
    CURRENT: ClassVar = [
        {"task_id": "B", "end_time": "2026-11-22T13:00:00Z"},
        {"task_id": "C", "source_urls": [TWO], "status": "pause"},
    ]

    @pytest.mark.parametrize("now", [NOW, "2026-11-22T12:01:30Z"])
    def test_the_tasks_of_parsed_channels_are_those_of_the_channels(self, now: str) -> None:
        """Without the files: they are not read again. A slot may begin after the check."""
        checked = playlist_check.playlist_check({}, self.CHANNELS, NOW, self.FILES)
        assert checked["problems"] == []
        expected = playlist_tasks.playlist_tasks({}, self.CHANNELS, self.CURRENT, now, files=self.FILES)
        kept = json.loads(json.dumps(checked))
        assert playlist_tasks.playlist_tasks({}, kept, self.CURRENT, now) == expected
        assert expected[2]["source_urls"] == ([ONE] if now == NOW else [TWO])

    def test_the_channels_that_need_their_tasks_are_marked(self) -> None:
        checked = playlist_check.playlist_check({}, self.CHANNELS, NOW, self.FILES)
        assert [channel["changes_with_time"] for channel in checked["channels"]] == [False, True, True, True, False]

    def test_the_problems_are_those_of_playlist_problems(self) -> None:
        channels = [
            *self.CHANNELS,
            self.CHANNELS[0],
            {"task_id": "F", "urls": [ONE]},
            "G",
            {"task_id": "H", "m3u": "x"},
        ]
        problems = playlist_problems.playlist_problems({}, channels, NOW, self.FILES)
        assert playlist_check.playlist_check({}, channels, NOW, self.FILES)["problems"] == problems
        assert len(problems) == 4

    def test_a_wrong_time_is_one_problem_however_many_channels_need_it(self) -> None:
        """It hides no other problem."""
        channels = [*self.CHANNELS, {"task_id": "F", "urls": [ONE]}]
        for found in (
            playlist_check.playlist_check({}, channels, "tomorrow", self.FILES)["problems"],
            playlist_problems.playlist_problems({}, channels, "tomorrow", self.FILES),
        ):
            of_time, of_channel = found
            assert of_time.startswith("now (playlist_now of the role playlist): 'tomorrow' is not allowed. ")
            assert "urls is not an option" in of_channel

    def test_no_text_of_a_channel_is_evaluated_as_a_template(self) -> None:
        """Before ansible-core 2.19, Ansible evaluates the texts of a fact, unless they are unsafe."""
        channel = {"task_id": "A", "source_urls": [ONE], "push_args": "{{ 1 }}"}
        [parsed] = playlist_check.playlist_check({}, [channel], NOW)["channels"]
        assert Templar(DataLoader()).template(parsed["options"]["push_args"]) == "{{ 1 }}"


STREAM = {"domain": "push.example.com", "app_name": "live", "stream_name": "films"}


class TestPlanned:
    """The plans of channels with a programme in the overview."""

    CHANNEL: ClassVar = {
        **STREAM,
        "timezone": "Asia/Shanghai",
        "programme": [
            {"from": "06:00", "m3u": "lists/morning.m3u"},
            {"from": "20:15", "source_urls": [ONE, TWO, ONE, TWO]},
            {"from": "23:00", "off_air": True},
        ],
    }
    TASK: ClassVar = {"task_id": "A", "status": "enable", **STREAM}

    @pytest.mark.parametrize(
        ("now", "words"),
        [
            ("2026-11-22T12:00:00Z", "morning.m3u until 20:15, then one.mp4, two.mp4, one.mp4, \u2026"),
            ("2026-11-22T12:15:00Z", "one.mp4, two.mp4, one.mp4, \u2026 until 23:00, then off air"),
            ("2026-11-22T15:00:00Z", "off air until 06:00, then morning.m3u"),
        ],
    )
    def test_the_plan_is_shown_in_addition_to_the_files_of_the_task(self, now: str, words: str) -> None:
        found = overview.overview(
            {}, [self.TASK, {"task_id": "B"}], now, 24, "Asia/Shanghai", [self.CHANNEL, {"task_id": "B"}]
        )
        shown = {channel["task_id"]: channel.get("planned") for channel in found["channels"]}
        day = shown["A"]["until"]["local"].split()[0]
        assert shown["A"]["words"] == words.replace("until ", f"until {day} ").replace(", then", " +08:00, then")
        assert shown["B"] is None
        assert found["lines"][-1].startswith(f"films    {shown['A']['words'][:40]}")

    @pytest.mark.parametrize("off", [{"remove": True}, {"on_air": False}, {"programme": None}])
    def test_a_channel_off_air_has_no_plan(self, off: dict[str, Any]) -> None:
        found = overview.overview({}, [self.TASK], NOW, channels=[{**self.CHANNEL, **off}])
        assert found == overview.overview({}, [self.TASK], NOW)
        both = [{**self.CHANNEL, **off}, {"task_id": "A", "programme": self.CHANNEL["programme"]}]
        assert overview.overview({}, [self.TASK], NOW, channels=both)["channels"][0]["planned"]

    def test_the_plan_of_a_task_with_a_masked_url_is_found(self) -> None:
        url = "rtmp://push.example.com/live/films?auth_key=1-0-0-abc"
        task = {"task_id": "A", "status": "enable", "destination_url": "rtmp://push.example.com/live/films?********"}
        channel = {"destination_url": url, "programme": self.CHANNEL["programme"]}
        assert overview.overview({}, [task], NOW, channels=[channel])["channels"][0]["planned"]

    def test_two_channels_that_differ_in_a_secret_only_have_no_plan(self) -> None:
        url = "rtmp://push.example.com/live/?streamname="
        channels = [{"destination_url": url + name, "programme": self.CHANNEL["programme"]} for name in "ab"]
        task = {"task_id": "A", "status": "enable", "destination_url": "rtmp://push.example.com/live/?********"}
        assert overview.overview({}, [task], NOW, channels=channels)["channels"][0]["planned"] is None

    def test_omitted_options_are_left_out(self) -> None:
        slots = [{**slot, "days": "omitted"} for slot in self.CHANNEL["programme"]]
        channel = {**self.CHANNEL, "on_air": "omitted", "programme": slots}
        found = overview.overview({"omit": "omitted"}, [self.TASK], NOW, channels=[channel])
        assert found["channels"][0]["planned"]

    def test_the_plan_is_found_by_the_id_too(self) -> None:
        [shown] = overview.overview(
            {}, [self.TASK], NOW, channels=[{"task_id": "A", "programme": self.CHANNEL["programme"]}]
        )["channels"]
        assert shown["planned"]["until"] == {
            "time": "2026-11-22T20:15:00Z",
            "utc": "2026-11-22 20:15 UTC",
            "local": None,
        }

    @pytest.mark.parametrize(
        ("plays", "words"),
        [({"m3u": "lists/shows/morning.m3u"}, "morning.m3u"), ({"m3u": "morning.m3u"}, "morning.m3u"), ({}, "?")],
    )
    def test_a_playlist_file_has_its_file_name(self, plays: dict[str, Any], words: str) -> None:
        """The role checks the playlists of slots, not the overview."""
        channel = {**self.CHANNEL, "programme": [{"from": "06:00", **plays}]}
        [shown] = overview.overview({}, [self.TASK], NOW, channels=[channel])["channels"]
        assert shown["planned"]["words"] == f"{words} until 2026-11-22 22:00 UTC, then {words}"

    def test_a_channel_without_a_plan_does_not_hide_the_plan_of_another(self) -> None:
        others = [
            "no channel",
            {"task_id": "B"},
            {"task_id": "C", "programme": self.CHANNEL["programme"], "remove": True},
        ]
        [shown] = overview.overview({}, [self.TASK], NOW, channels=[*others, self.CHANNEL])["channels"]
        assert shown["planned"]

    def test_channels_that_are_not_a_list_are_refused(self) -> None:
        with pytest.raises(AnsibleFilterError) as caught:
            overview.overview({}, [], NOW, channels={"task_id": "A"})
        assert str(caught.value).endswith("channels: {'task_id': 'A'} is not allowed. Allowed: a list of channels.")

    def test_every_programme_with_a_problem_is_named(self) -> None:
        bad = [{"task_id": name, "programme": [{"from": "6"}, {"days": ["x"]}, "18:00"]} for name in "AB"]
        with pytest.raises(AnsibleFilterError) as caught:
            overview.overview({}, [], NOW, channels=bad)
        for reason in (
            "channels[0] (task A): programme[0] (from 6): from: '6'",
            "channels[1] (task B): programme[1]: from",
            "channels[1] (task B): programme[2]: '18:00' is not a slot.",
        ):
            assert reason in str(caught.value)
