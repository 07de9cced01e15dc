# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter xmltv, with its document as another XML parser reads it."""

from __future__ import annotations

import re
import zoneinfo
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ansible_collections.huaweicloud.live.plugins.filter.programme import programme
from ansible_collections.huaweicloud.live.plugins.filter.xmltv import xmltv
from ansible_collections.huaweicloud.live.plugins.module_utils._programme.schedule import DAYS, moment_of

NOW = "2026-11-22T00:00:00Z"
STREAM = {"domain": "push.example.com", "app_name": "live", "stream_name": "films"}
URL = "https://media.example.com/"
DTD = etree.DTD(str(Path(__file__).with_name("fixtures") / "xmltv.dtd"))


class Slot(NamedTuple):
    """A programme of the document.

    Attributes:
        start: as it is written.
        stop: as it is written.
        channel: the id of its channel.
        title: the title.
    """

    start: str
    stop: str
    channel: str
    title: str


class Guide:
    """A valid document.

    Args:
        text: the document.

    Attributes:
        channels: the display names by the ids, in order.
        slots: the programmes, in order.
    """

    def __init__(self, text: str) -> None:
        assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n')
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        assert DTD.validate(root), DTD.error_log
        self.channels = {one.get("id"): one.findtext("display-name") for one in root.iter("channel")}
        self.slots = [
            Slot(one.get("start"), one.get("stop"), one.get("channel"), one.findtext("title"))
            for one in root.iter("programme")
        ]
        assert {slot.channel for slot in self.slots} <= {*self.channels}


def guide(*channels: Any, now: Any = NOW, days: Any = 1) -> Guide:
    return Guide(xmltv({"omit": "omitted"}, [*channels], now, days))


def channel(*slots: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {**STREAM, "programme": [*slots], **options}


def slot(begin: str, name: str = "film.mp4", **options: Any) -> dict[str, Any]:
    return {"from": begin, "source_urls": [f"{URL}{name}"], **options}


def titles(*slots: dict[str, Any]) -> list[str]:
    return [found.title for found in guide(channel(*slots)).slots]


def moment(text: str) -> datetime:
    assert re.fullmatch(r"[0-9]{14} [+-][0-9]{4}", text)
    return datetime.strptime(text, "%Y%m%d%H%M%S %z")


def test_a_document_has_the_channels_in_order_and_their_slots() -> None:
    news = channel(
        slot("12:00", title="News & weather"), stream_name="news", title="News <24>", guide_id="news.example"
    )
    films = channel(slot("06:00", "a.mp4"), slot("20:15", "b.mp4"), timezone="Asia/Shanghai")
    found = guide(news, films)
    assert found.channels == {"news.example": "News <24>", "films": "films"}
    assert found.slots == [
        Slot("20261121120000 +0000", "20261122120000 +0000", "news.example", "News & weather"),
        Slot("20261122120000 +0000", "20261123120000 +0000", "news.example", "News & weather"),
        Slot("20261122060000 +0800", "20261122201500 +0800", "films", "a"),
        Slot("20261122201500 +0800", "20261123060000 +0800", "films", "b"),
        Slot("20261123060000 +0800", "20261123201500 +0800", "films", "a"),
    ]


def test_the_document_is_indented_and_names_what_made_it() -> None:
    assert xmltv({}, [channel(slot("12:00", title="A & b"), title="Films")], NOW, 1).partition("\n")[2] == (
        '<!DOCTYPE tv SYSTEM "xmltv.dtd">\n'
        '<tv generator-info-name="huaweicloud.live">\n'
        '  <channel id="films">\n'
        "    <display-name>Films</display-name>\n"
        "  </channel>\n"
        '  <programme start="20261121120000 +0000" stop="20261122120000 +0000" channel="films">\n'
        "    <title>A &amp; b</title>\n"
        "  </programme>\n"
        '  <programme start="20261122120000 +0000" stop="20261123120000 +0000" channel="films">\n'
        "    <title>A &amp; b</title>\n"
        "  </programme>\n"
        "</tv>\n"
    )


@pytest.mark.parametrize(
    ("begins", "now", "expected"),
    [
        # 02:00 is skipped for 03:00: of the slots that begin then, the last one is on.
        (
            ("01:00", "02:15", "02:30", "04:00"),
            "2026-03-29T00:00:00Z",
            ["20260329010000 +0100", "20260329030000 +0200", "20260329040000 +0200", "20260330010000 +0200"],
        ),
        # It is 02:30 twice: the slot begins the first time.
        (
            ("01:00", "02:30", "04:00"),
            "2026-10-24T23:00:00Z",
            ["20261025010000 +0200", "20261025023000 +0200", "20261025040000 +0100", "20261026010000 +0100"],
        ),
    ],
)
def test_times_have_the_offset_that_the_clocks_have_then(begins: Any, now: str, expected: list[str]) -> None:
    found = guide(channel(*map(slot, begins), timezone="Europe/Berlin"), now=now, days=2)
    assert [one.start for one in found.slots][: len(expected)] == expected
    assert [one.stop for one in found.slots][: len(expected) - 1] == expected[1:]


def test_an_offset_with_seconds_is_written_as_utc() -> None:
    found = guide(channel(slot("12:00"), timezone="Asia/Shanghai"), now="0999-06-01T12:00:00Z")
    assert found.slots[0].start == "09990601035417 +0000"


@pytest.mark.parametrize(
    ("plays", "title"),
    [
        ({"title": "Film", "source_urls": [f"{URL}a.mp4"]}, "Film"),
        ({"source_urls": [f"{URL}shows/Harbour%20Lights%20%26%20more.mp4?auth_key=abc"]}, "Harbour Lights & more"),
        ({"source_urls": [f"{URL}%E6%97%A9%E9%A4%90.mp4"]}, "\u65e9\u9910"),
        ({"source_urls": [f"{URL}a%2Fb.mp4"]}, "a/b"),
        ({"source_urls": [f"{URL}Vol.%202"]}, "Vol. 2"),
        ({"source_urls": [f"{URL}v1.2"]}, "v1.2"),
        ({"source_urls": [f"{URL}film.tar.m3u8"]}, "film.tar"),
        ({"source_urls": [f"{URL}film.3gp"]}, "film"),
        ({"source_urls": [f"{URL}.mp4"]}, ".mp4"),
        ({"source_urls": [f"{URL}{name}.mp4" for name in "abc"]}, "a, b, c"),
        ({"source_urls": [f"{URL}{name}.mp4" for name in "abcd"]}, "a, b, c, \u2026"),
        ({"source_urls": f"{URL}a.mp4"}, "a"),
        ({"m3u": "lists/week/Morning show.m3u"}, "Morning show"),
        ({"title": "Only a title"}, "Only a title"),
        ({"off_air": True, "title": "Good night"}, "Good night"),
        ({"title": "omitted", "source_urls": [f"{URL}a.mp4"]}, "a"),
    ],
)
def test_a_slot_has_its_title_or_the_names_of_its_files(plays: dict[str, Any], title: str) -> None:
    assert {*titles({"from": "12:00", **plays})} == {title}


def test_a_slot_that_is_off_air_is_left_out() -> None:
    found = guide(channel(slot("06:00"), {"from": "22:00", "off_air": True}), days=2)
    assert [(one.start[8:12], one.stop[8:12]) for one in found.slots] == [("0600", "2200")] * 2


def test_a_channel_that_is_off_air_has_no_slots() -> None:
    assert guide(channel(slot("06:00"), on_air=False)).slots == []
    assert guide(channel(slot("06:00"), on_air=False)).channels == {"films": "films"}


def test_channels_without_a_programme_are_left_out() -> None:
    others = [{"task_id": "A", "source_urls": [URL]}, channel(slot("06:00"), remove=True), "no channel"]
    found = guide(*others, {"task_id": "B", "programme": [slot("06:00")]})
    assert found.channels == {"B": "B"}
    assert guide(*others).channels == {}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<b> & \"c\" 'd' ]]>", "<b> & \"c\" 'd' ]]>"),
        ("two\nlines\tand  blanks ", "two lines and blanks"),
        ("a\x00b\x1bc\x0cd\ufffee\udc80", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffd"),
        ("{{ 6 * 7 }}{% raw %}", "{{ 6 * 7 }}{% raw %}"),
        ("\u202e\U0001f3a5 \u65e9\u9910", "\u202e\U0001f3a5 \u65e9\u9910"),
    ],
)
def test_texts_are_escaped(title: str, shown: str) -> None:
    found = guide(channel(slot("06:00", title=title), title=title, guide_id=title))
    assert found.channels == {shown: shown}
    assert {one.title for one in found.slots} == {shown}


def test_the_same_arguments_give_the_same_document() -> None:
    station = channel(slot("06:00"), slot("20:15", "b.mp4"))
    first = xmltv({}, [station], "2026-11-22T00:00:00Z")
    assert xmltv({}, [station], "2026-11-22T00:00:00Z", "7") == first
    assert len(Guide(first).slots) == 2 * 7 + 1
    assert xmltv({}, [station], datetime(2026, 11, 22, tzinfo=timezone.utc)) == first


@pytest.mark.parametrize(
    ("channels", "arguments", "reason"),
    [
        ({"task_id": "A"}, {}, "channels: {'task_id': 'A'} is not allowed. Allowed: a list of channels."),
        ([], {"now": "noon"}, "now: 'noon' is not allowed."),
        ([channel(slot("06:00"))], {"days": 0}, "days: 0 is not allowed. Allowed: an integer from 1 to 366."),
        ([], {"days": 0}, "days: 0 is not allowed. Allowed: an integer from 1 to 366."),
        ([channel(slot("06:00"))], {"days": "week"}, "days: 'week' is not allowed."),
        (
            [channel(slot("6:00"), slot("07:00", titel="x"), slot("08:00", title=" "))],
            {},
            "channels[0] (task push.example.com/live/films): programme[0] (from 6:00): from: '6:00' is not allowed."
            "|titel is not an option. Did you mean title?"
            "|programme[2] (from 08:00): title: ' ' is not allowed. Allowed: a text that is not empty.",
        ),
        (
            [channel({"from": "06:00"})],
            {},
            "channels[0] (task push.example.com/live/films): programme[0] (from 06:00): title: missing."
            " Allowed: a title, or source_urls or m3u.",
        ),
        ([channel(slot("06:00", "%20.mp4"))], {}, "programme[0] (from 06:00): title: missing."),
        (
            [channel(slot("06:00"), title="", guide_id=" ")],
            {},
            "title: '' is not allowed.|guide_id: ' ' is not allowed.",
        ),
        (
            [channel(slot("06:00")), channel(slot("06:00"), app_name="two")],
            {},
            "channels[1] (task push.example.com/two/films): guide_id: channels[0] (task push.example.com/live/films)"
            " has the id 'films' too. Allowed: each id once. Set guide_id for one of them.",
        ),
        (
            [{"destination_url": "rtmp://push.example.com/live/key", "programme": [slot("06:00")]}],
            {},
            "guide_id: missing. A channel with a destination_url needs it. Allowed: a text that names the channel in"
            " the guide, such as films.example.com.",
        ),
    ],
)
def test_a_mistake_is_named(channels: Any, arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(AnsibleFilterError, match=r"^huaweicloud\.live\.xmltv: ") as caught:
        xmltv({}, channels, **{"now": NOW, **arguments})
    for part in reason.split("|"):
        assert part in str(caught.value)


BEGINS = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59])).map(
    lambda time: "{:02}:{:02}".format(*time)
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"])
# Around the changes of the clocks, too.
MOMENTS = st.sampled_from(["2026-03-28", "2026-04-04", "2026-10-24", "2011-12-28", "2006-10-28", "2026-11-22"]).flatmap(
    lambda day: st.integers(0, 3 * 24 * 60).map(
        lambda minutes: datetime.fromisoformat(day).replace(tzinfo=timezone.utc) + timedelta(minutes=minutes)
    )
)


@given(
    begins=st.lists(BEGINS, min_size=1, max_size=6, unique=True),
    off_air=st.lists(st.booleans(), min_size=6, max_size=6),
    days=st.lists(st.sampled_from(DAYS), min_size=1, unique=True),
    now=MOMENTS,
    zone=ZONES,
    length=st.integers(1, 9),
)
def test_slots_never_overlap_and_cover_what_programme_plans(
    begins: list[str], off_air: list[bool], days: list[str], now: datetime, zone: str, length: int
) -> None:
    slots = [
        {"from": begin, "days": days, **({"off_air": True} if off else {"title": f"Slot {begin}"})}
        for begin, off in zip(begins, off_air)
    ]
    found = guide(channel(*slots, timezone=zone), now=now.isoformat(), days=length).slots
    times = [(moment(one.start), moment(one.stop)) for one in found]
    assert all(start < stop for start, stop in times)
    assert all(before[1] <= after[0] for before, after in pairwise(times))
    planned = programme(slots, now.isoformat(), zone, length)["planned"]
    assert [(start, stop, one.title) for (start, stop), one in zip(times, found)] == [
        (moment_of(one["since"]), moment_of(one["until"]), one["slot"]["title"])
        for one in planned
        if "title" in one["slot"]
    ]
    local = zoneinfo.ZoneInfo(zone)
    assert [start.utcoffset() for start, _stop in times] == [
        start.astimezone(local).utcoffset() for start, _stop in times
    ]


@given(title=st.text(min_size=1), name=st.text(min_size=1))
def test_any_text_gives_a_valid_document(title: str, name: str) -> None:
    options = {"title": title, "guide_id": name}
    if not title.strip() or not name.strip():
        with pytest.raises(AnsibleFilterError, match="is not allowed"):
            guide(channel(slot("06:00", title=title), **options))
        return
    found = guide(channel(slot("06:00", title=title), **options))
    assert [one.title for one in found.slots] == [found.channels[found.slots[0].channel]] * 2
    if title.isprintable():
        assert found.slots[0].title == " ".join(title.split())
