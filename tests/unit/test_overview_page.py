# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the role overview: texts are escaped, it needs no network, and takes many channels."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, StrictUndefined

from ansible_collections.huaweicloud.live.plugins.filter import overview
from ansible_collections.huaweicloud.live.plugins.module_utils._task.air import AIR_STATES
from ansible_collections.huaweicloud.live.tests.emulator import seed_many, seed_tasks, vod_task

TEMPLATE = Path(overview.__file__).resolve().parents[2] / "roles" / "overview" / "templates" / "overview.html"
MOMENT = datetime(2027, 1, 15, 12, tzinfo=timezone.utc)
NOW = "2027-01-15T12:00:00Z"
VOID = ("meta", "br")
CALM = [group for group, row in AIR_STATES.items() if not row.urgent]
BY_STREAM = [group for group, row in AIR_STATES.items() if row.from_stream]
GROUPS = [group.replace("_", " ").capitalize() for group in AIR_STATES]
HOSTILE = [
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- ",
    "]]><![CDATA[",
    "&lt;script&gt; &amp; &#60;",
    "{{ 6 * 7 }}{% raw %}{# #}",
    "</details></ul></main>",
    "javascript:alert(1)",
    "a\x00b\x1b]0;title\x07\u202e\n\r\u2028",
]


class Page(HTMLParser):
    """What is on a page.

    Attributes:
        tags: each with the names of its attributes, in order.
        attributes: name and value of each.
        texts: what stands between the tags.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.others: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _value in attrs)))
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.others.append(data)
        elif data.strip():
            self.texts.append(data.strip())

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def page(tasks: list[dict[str, Any]], **variables: Any) -> str:
    """The page of the tasks, with the settings that Ansible gives a template."""
    environment = Environment(trim_blocks=True, undefined=StrictUndefined)
    environment.filters["huaweicloud.live.overview"] = overview.overview
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        {
            "overview_with_streams": {"live_pull_tasks": tasks},
            "overview_streams_problem": "",
            # Not overview_now, which may be another moment than that of the table.
            "overview_result": {"axis": {"moment": {"time": NOW}}},
            "overview_calm": CALM,
            "overview_channels": [],
            "overview_warn_hours": 24,
            "overview_timezone": "UTC",
            "overview_title": "Live channels",
            **variables,
        }
    )


def channels(text: str) -> list[dict[str, Any]]:
    """A channel of each kind, with a text in every field."""
    names = ("domain", "app_name", "stream_name", "push_args", "callback_url", "region", "vod_loop_time")
    fields: dict[str, Any] = dict.fromkeys(names, text)
    return [
        vod_task(
            f"{text}{number}",
            "",
            MOMENT,
            **{**fields, "source_urls": [f"https://media.example.com/{text}"] * 5, **more},
        )
        for number, more in enumerate(
            [
                {},
                {"status": "pause"},
                {"status": text},
                {"end_time": text},
                {"end_time": "2027-01-15T11:00:00Z"},
                {"end_time": "2027-01-15T13:00:00Z"},
                {"start_time": "2027-01-16T13:00:00Z"},
                {"start_time": "", "end_time": ""},
                {"domain": "", "app_name": "", "stream_name": "", "destination_url": f"rtmp://h.example.com/{text}"},
                {"source_urls": text, "vod_refresh_type": text, "callback_events": text},
                {"stream": {"online": False}, "start_time": "2027-01-14T12:00:00Z", "vod_loop_time": "-1"},
                {"stream": {"online": False}, "start_time": "2027-01-14T12:00:00Z", "vod_loop_time": "3"},
                {"status": "pause", "stream": {"online": True, "client_ip": text, "since": text}},
                {"stream": {"online": True, **dict.fromkeys(("resolution", "video_bitrate", "since"), text)}},
            ]
        )
    ]


def structure(found: Page) -> Counter[tuple[str, tuple[str, ...]]]:
    return Counter(found.tags)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_a_task_are_escaped(text: str) -> None:
    """The page has the same tags as without such texts, and shows the names as text."""
    harmless, hostile = (
        Page(page(channels(word), overview_title=word, overview_streams_problem=word)) for word in ("name", text)
    )
    assert structure(hostile) == structure(harmless)
    assert hostile.others == harmless.others
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    assert " ".join(hostile.texts).count(shown.strip()) >= len(channels(text))
    for _name, value in hostile.attributes:
        assert value is None or shown not in value


def test_every_expression_is_escaped() -> None:
    """Every expression that the template prints has the filter e."""
    template = TEMPLATE.read_text(encoding="utf-8")
    printed = re.findall(r"\{\{(.*?)\}\}", template, re.DOTALL)
    assert len(printed) > 30
    assert [expression for expression in printed if not expression.rstrip("-").rstrip().endswith("| e")] == []
    assert "safe" not in re.findall(r"\|\s*(\w+)", template)
    assert not re.findall(r"=(?![\"'=> ])\{\{|='\{\{", template), "attributes are in double quotes"


def test_the_page_needs_no_network_and_no_script() -> None:
    text = page(seed_tasks(MOMENT))
    found = Page(text)
    assert {tag for tag, _names in found.tags}.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "base"}
    )
    assert {name for name, _value in found.attributes}.isdisjoint({"src", "srcset", "background", "action"})
    assert all(value.startswith("#") for name, value in found.attributes if name == "href" and value)
    assert not [name for name, _value in found.attributes if name.startswith("on")]
    assert re.findall(r"url\(|@import|https?:", text) == []
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in found.attributes
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_the_page_shows_every_channel_and_group() -> None:
    text = page(channels("name"), overview_timezone="Asia/Shanghai", overview_warn_hours=2.5)
    texts = Page(text).texts
    for expected in (
        "2027-01-15 20:00 +08:00",
        "less than 2.5 h left",
        "ends in 1 h",
        "ended 1 h ago",
        "begins in 1 d 1 h",
        "no start \u2013 no end",
        "Its times cannot be understood",
        "2027-01-14 12:00 \u2013 2027-01-15 11:00 UTC",
        "name, name, name, \u2026",
        "status name",
    ):
        assert expected in " ".join(texts), expected
    order = [found for found in texts if found in GROUPS]
    assert order[: len(GROUPS)] == GROUPS
    assert [*dict.fromkeys(order[len(GROUPS) :])] == GROUPS
    rules = re.findall(r"style=\"(.*?)\"", text)
    assert all(re.fullmatch(r"left:[0-9.]+%|left:min\([0-9.]+%,100% - 4px\);width:[0-9.]+%", rule) for rule in rules)


def test_the_role_has_the_groups_of_the_table_of_states() -> None:
    role = TEMPLATE.parents[1]
    variables = yaml.safe_load((role / "vars" / "main.yml").read_text(encoding="utf-8"))
    assert variables["overview_calm"] == CALM
    assert variables["overview_by_stream"] == BY_STREAM
    found = Page(page(channels("name"), overview_warn_hours=2.5)).texts
    assert len({*found} & {*GROUPS}) == len(GROUPS)


def test_every_group_has_a_colour_in_light_and_in_dark_mode() -> None:
    [style] = re.findall("<style>(.*?)</style>", page([]), re.DOTALL)
    for group in AIR_STATES:
        assert len(re.findall(rf" --{group}: #[0-9a-f]{{6}}; --{group}-tint: #[0-9a-f]{{6}};", style)) == 2
        assert f".{group} {{ --c: var(--{group}); --tint: var(--{group}-tint); }}" in style


def test_the_page_shows_what_is_pushed_and_by_whom() -> None:
    stream = {"online": True, "resolution": "1920*1080", "video_frame_rate": 25, "client_ip": "198.51.100.7"}
    stream["since"] = "2027-01-15T11:00:00Z"
    tasks = [vod_task(name, name, MOMENT, status=name, stream=stream) for name in ("enable", "pause")]
    texts = Page(page(tasks)).texts
    assert "Pushed since 2027-01-15 11:00 UTC" in texts
    assert texts.count("1920\u00d71080, 25 fps") == 2
    assert "Pushed by 198.51.100.7, although it is off air, since 2027-01-15 11:00 UTC" in texts
    assert "Dark and played come from the streams that the service lists" in texts[-1]


def test_without_streams_the_page_says_why_and_does_not_count_dark_channels() -> None:
    tasks = seed_tasks(MOMENT)
    texts = Page(page(tasks, overview_streams_problem="The streams cannot be read.")).texts
    assert "The streams cannot be read." in texts
    assert [group for group in GROUPS if group not in texts[: texts.index("Channel")]] == ["Dark", "Played"]
    assert "They do not show what viewers see." in texts[-1]


def test_the_page_shows_the_plan() -> None:
    programme = [
        {"from": "06:00", "source_urls": ["https://media.example.com/morning.mp4"]},
        {"from": "18:00", "source_urls": ["https://media.example.com/evening.mp4"]},
    ]
    tasks = seed_tasks(MOMENT)
    text = page(tasks, overview_channels=[{"task_id": tasks[0]["task_id"], "programme": programme}])
    assert "Planned: morning.mp4 until 2027-01-15 18:00 UTC, then evening.mp4" in Page(text).texts
    assert "2027-01-15 12:00 UTC" in Page(text).texts


def test_the_page_has_the_week_of_a_programme_folded() -> None:
    programme = [
        {"from": "06:00", "source_urls": ["https://media.example.com/morning.mp4"], "title": "Morning"},
        {"from": "18:00", "off_air": True},
    ]
    tasks = seed_tasks(MOMENT)
    channel = {"task_id": tasks[0]["task_id"], "programme": programme, "timezone": "Asia/Shanghai"}
    found = Page(page(tasks, overview_channels=[channel]))
    first = found.texts.index("Seven days in Asia/Shanghai")
    assert found.texts[first + 1 : first + 7] == [
        *("Fri 2027-01-15 18:00", "Sat 06:00", "off air"),
        *("Sat 2027-01-16 06:00", "18:00", "Morning (morning.mp4)"),
    ]
    assert found.tags.count(("tr", ())) == 15
    assert found.tags.count(("details", ("class",))) == 1, "it is folded"
    hourly = [
        {"from": f"{hour:02}:{half}", "off_air": False, "m3u": "a.m3u"} for hour in range(24) for half in ("00", "30")
    ]
    assert "and 166 more" in Page(page(tasks, overview_channels=[{**channel, "programme": hourly}])).texts


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_a_programme_are_escaped(text: str) -> None:
    tasks = seed_tasks(MOMENT)
    programme = [{"from": "06:00", "m3u": "a.m3u"}]
    channel = {"task_id": tasks[0]["task_id"], "programme": programme}
    harmless = Page(page(tasks, overview_channels=[channel]))
    hostile = Page(page(tasks, overview_channels=[{**channel, "programme": [{**programme[0], "title": text}]}]))
    assert structure(hostile) == structure(harmless)
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text).strip()
    assert any(one.startswith(shown) for one in hostile.texts)


def test_an_account_without_channels_has_a_page() -> None:
    assert "No channels." in Page(page([])).texts


@pytest.mark.parametrize(("count", "opened"), [(25, True), (26, False)])
def test_a_large_group_that_is_not_urgent_is_folded(count: int, opened: bool) -> None:
    text = page([*seed_many(count, MOMENT), *channels("name")[4:5]])
    assert bool(re.search(r'id="on_air" open', text)) is opened
    assert re.search(r'id="over" open', text)


@pytest.mark.slow
@pytest.mark.newest
def test_the_page_takes_ten_thousand_channels() -> None:
    tasks = seed_many(10_000, MOMENT)
    text = page(tasks)
    assert text.count('<li class="row">') == 10_000
    assert len(text) < 8_000_000
