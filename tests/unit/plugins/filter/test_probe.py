# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters playlist_sources and playlist_source_problems, with which the role playlist looks at files."""

from __future__ import annotations

import json
import socket
from typing import Any, ClassVar

import pytest
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.huaweicloud.live.plugins.filter import playlist_check
from ansible_collections.huaweicloud.live.plugins.filter.playlist_source_problems import playlist_source_problems
from ansible_collections.huaweicloud.live.plugins.filter.playlist_sources import playlist_sources
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.modules import live_source_info
from ansible_collections.huaweicloud.live.tests.emulator import Emulator

NOW = "2026-11-22T12:00:00Z"
HOST = "https://media.example.com"
KEY = "a-key-of-the-user-0123456789"


def checked(*channels: Any, files: Any = None) -> dict[str, Any]:
    """Return the checked channels, as the role keeps them."""
    found = playlist_check.playlist_check({}, channels, NOW, files)
    assert found["problems"] == []
    return dict(json.loads(json.dumps(found)))


def source(**changes: Any) -> dict[str, Any]:
    """Return what the module reports for a file that can be played, with some changes."""
    usual = {"url": "masked", "reachable": True, "seekable": True, "kind": "mp4"}
    return {**usual, **changes}


def problem(kind: str, *entries: int) -> dict[str, Any]:
    return {"kind": kind, "entries": [*entries], "text": f"It is {kind}."}


class TestSources:
    def test_every_file_of_every_channel_and_slot_is_listed_once(self) -> None:
        result = checked(
            {"task_id": "A", "source_urls": [f"{HOST}/1", f"{HOST}/2", f"{HOST}/1"]},
            {"task_id": "B", "m3u": "b.m3u", "m3u_base_url": f"{HOST}/b/"},
            {
                "task_id": "C",
                "programme": [
                    {"from": "06:00", "source_urls": [f"{HOST}/2", f"{HOST}/3"]},
                    {"from": "12:00", "off_air": True},
                    {"from": "18:00", "m3u": "b.m3u", "m3u_base_url": f"{HOST}/c/"},
                ],
            },
            files={"b.m3u": {"text": "a film.mp4\n"}},
        )
        expected = ["1", "2", "b/a%20film.mp4", "3", "c/a%20film.mp4"]
        assert playlist_sources(result) == [f"{HOST}/{name}" for name in expected]

    def test_files_that_do_not_go_on_air_are_left_out(self) -> None:
        result = checked(
            {"task_id": "A", "source_urls": [f"{HOST}/1"], "on_air": False},
            {"task_id": "B", "source_urls": [f"{HOST}/2"], "remove": True},
            {"task_id": "C", "programme": [{"from": "06:00", "source_urls": [f"{HOST}/3"]}], "on_air": False},
            {"task_id": "D", "source_urls": [f"{HOST}/4"], "on_air": True},
            {"task_id": "E", "source_urls": [f"{HOST}/5"]},
        )
        assert playlist_sources(result) == [f"{HOST}/4", f"{HOST}/5"]

    def test_no_channels_have_no_files(self) -> None:
        assert playlist_sources(checked()) == []

    @pytest.mark.parametrize("result", [None, [], {}, {"channels": [], "problems": ["one"]}])
    def test_anything_but_checked_channels_is_refused(self, result: Any) -> None:
        for use in (playlist_sources, lambda value: playlist_source_problems(value, {"sources": [], "problems": []})):
            with pytest.raises(AnsibleFilterError, match=r"The input is not allowed\."):
                use(result)


class TestProblems:
    CHANNELS: ClassVar = [
        {"task_id": "A", "source_urls": [f"{HOST}/1", f"{HOST}/2"]},
        {
            "domain": "push.example.com",
            "app_name": "live",
            "stream_name": "films",
            "programme": [
                {"from": "06:00", "source_urls": [f"{HOST}/2"]},
                {"from": "18:00", "source_urls": [f"{HOST}/3", f"{HOST}/1"]},
            ],
        },
    ]
    FILMS = "playlist_channels[1] (task push.example.com/live/films)"

    def test_every_entry_with_a_problem_is_named_with_its_channel_and_slot(self) -> None:
        found = {"sources": [source()] * 3, "problems": [problem("empty", 1), problem("web_page", 2)]}
        assert playlist_source_problems(checked(*self.CHANNELS), found) == [
            "playlist_channels[0] (task A): entry 2 (the 2nd): It is empty.",
            f"{self.FILMS}: programme[0] (from 06:00): entry 1 (the first): It is empty.",
            f"{self.FILMS}: programme[1] (from 18:00): entry 1 (the first): It is web_page.",
        ]

    @pytest.mark.parametrize(
        ("ignore", "count"),
        [(["empty"], 1), ("web_page", 2), ("empty,web_page", 0), (["empty", "web_page"], 0), ([], 3), (None, 3)],
    )
    def test_kinds_can_be_ignored(self, ignore: Any, count: int) -> None:
        found = {"sources": [source()] * 3, "problems": [problem("empty", 1), problem("web_page", 2)]}
        assert len(playlist_source_problems(checked(*self.CHANNELS), found, ignore)) == count

    @pytest.mark.parametrize("ignore", [["emtpy"], 7, "all", {"empty": True}])
    def test_a_kind_that_does_not_exist_is_refused(self, ignore: Any) -> None:
        found = {"sources": [source()] * 3, "problems": []}
        allowed = "Allowed: a list of unreachable, empty, web_page, not_media, not_seekable"
        with pytest.raises(AnsibleFilterError, match=rf"ignore: .* is not allowed. {allowed}"):
            playlist_source_problems(checked(*self.CHANNELS), found, ignore)

    @pytest.mark.parametrize("found", [None, {}, {"sources": [source()] * 2, "problems": []}, {"skipped": True}])
    def test_a_result_for_other_files_is_refused(self, found: Any) -> None:
        with pytest.raises(AnsibleFilterError, match=r"found: this value is not allowed\."):
            playlist_source_problems(checked(*self.CHANNELS), found)


class TestNotSeekable:
    URLS: ClassVar = [f"{HOST}/1", f"{HOST}/2?auth_key={KEY}"]
    SAYS = (
        "cannot start in the middle, as {} declares, because its server sends only whole files (it does not support"
        " HTTP range requests)."
    )

    def texts(self, channel: dict[str, Any], *ignore: str, **changes: Any) -> list[str]:
        found = {"sources": [source(seekable=False, **changes)] * 2, "problems": []}
        return playlist_source_problems(checked({"task_id": "A", **channel}), found, ignore)

    def test_a_file_that_starts_at_a_second_needs_ranges(self) -> None:
        [text] = self.texts({"source_urls": self.URLS, "start_at": {"index": 1, "seconds": 90}})
        masked = f"'{HOST}/2?auth_key=********'"
        says = self.SAYS.format("start_at.seconds")
        assert text == f"playlist_channels[0] (task A): entry 2 (the 2nd): {masked} {says}"

    def test_a_slot_that_is_joined_in_progress_needs_ranges_for_all_files(self) -> None:
        slot = {"from": "06:00", "source_urls": self.URLS, "join": "in_progress", "durations": [60, 60]}
        texts = self.texts({"programme": [slot]})
        assert len(texts) == 2
        assert all(self.SAYS.format("join in_progress") in text for text in texts)
        assert KEY not in str(texts)

    @pytest.mark.parametrize(
        "channel",
        [
            {"source_urls": URLS},
            {"source_urls": URLS, "start_at": {"index": 1}},
            {"programme": [{"from": "06:00", "source_urls": URLS}]},
        ],
    )
    def test_a_file_that_starts_at_its_beginning_needs_no_ranges(self, channel: dict[str, Any]) -> None:
        assert self.texts(channel) == []

    def test_hls_and_files_that_were_not_checked_need_no_ranges(self) -> None:
        channel = {"source_urls": self.URLS, "start_at": {"seconds": 90}}
        assert self.texts(channel, kind="hls") == []
        found = {"sources": [source(seekable=None, reachable=None, kind=None)] * 2, "problems": []}
        assert playlist_source_problems(checked({"task_id": "A", **channel}), found) == []

    def test_not_seekable_can_be_ignored(self) -> None:
        channel = {"source_urls": self.URLS, "start_at": {"seconds": 90}}
        assert len(self.texts(channel)) == 1
        assert self.texts(channel, "not_seekable") == []

    def test_no_text_of_a_server_is_evaluated_as_a_template(self) -> None:
        """Before ansible-core 2.19, Ansible evaluates the texts of a fact, unless they are unsafe."""
        channel = checked({"task_id": "A", "source_urls": self.URLS})
        found = {"sources": [source()] * 2, "problems": [{**problem("web_page", 0), "text": "It is {{ 1 }}."}]}
        [text] = playlist_source_problems(channel, found)
        assert Templar(DataLoader()).template(text).endswith("It is {{ 1 }}.")

    def test_a_file_has_one_problem_at_most(self) -> None:
        channel = checked({"task_id": "A", "source_urls": self.URLS, "start_at": {"seconds": 90}})
        found = {"sources": [source(seekable=False)] * 2, "problems": [problem("web_page", 0)]}
        assert [text.rpartition(": ")[2] for text in playlist_source_problems(channel, found)] == ["It is web_page."]
        # If that is wanted, the next one counts.
        [text] = playlist_source_problems(channel, found, ["web_page"])
        assert "cannot start in the middle" in text


def test_the_filters_accept_the_result_of_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """The URLs have a host that the role allows, and that is this machine."""
    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *others, **how: lookup("127.0.0.1", *others, **how))
    with Emulator() as emulator:
        at = f"http://media.example.com:{emulator.port}/files"
        channel = {
            "task_id": "A",
            "source_urls": [f"{at}/good.mp4?auth_key={KEY}", f"{at}/missing.mp4?auth_key={KEY}", f"{at}/whole.mp4"],
            "start_at": {"index": 2, "seconds": 5},
        }
        result = checked(channel, {**channel, "task_id": "B", "start_at": None})
        defaults = {name: option.get("default") for name, option in live_source_info.ARGUMENTS.items()}
        options = {**defaults, "source_urls": playlist_sources(result)}
        found = perform(live_source_info.run, options, {}, True, lambda text, verbosity: None)
        assert len(emulator.files.requests) == 3
    texts = playlist_source_problems(result, found)
    missing = f"'{at}/missing.mp4?auth_key=********' cannot be read: the server answers HTTP 404 (Not Found)"
    assert [text.partition(": the file")[0] for text in texts] == [
        f"playlist_channels[0] (task A): entry 2 (the 2nd): {missing}",
        f"playlist_channels[0] (task A): entry 3 (the 3rd): '{at}/whole.mp4' "
        + TestNotSeekable.SAYS.format("start_at.seconds"),
        f"playlist_channels[1] (task B): entry 2 (the 2nd): {missing}",
    ]
    assert KEY not in str(texts)
