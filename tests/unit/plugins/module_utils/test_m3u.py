# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of playlist files, and the messages about other formats."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
import yarl
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import InvalidOptionError
from ansible_collections.huaweicloud.live.plugins.module_utils._options import MAX_SOURCE_URLS
from ansible_collections.huaweicloud.live.plugins.module_utils._playlist.m3u import Entry, m3u_entries
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration
from ansible_collections.huaweicloud.live.plugins.module_utils._task.urls import url_problem

ONE, TWO = "https://media.example.com/one.mp4", "https://media.example.com/two.mp4"
BASE = "https://media.example.com/shows/"


def m3u_urls(*arguments: Any, **options: Any) -> list[str]:
    """Return the URLs of a playlist."""
    return [entry.url for entry in m3u_entries(*arguments, **options)]


def lines(count: int) -> str:
    return "".join(f"https://media.example.com/{number}.mp4\n" for number in range(count))


class TestPlaylists:
    @pytest.mark.parametrize(
        "text",
        [
            f"{ONE}\n{TWO}\n",
            f"{ONE}\n{TWO}",
            f"{ONE}\r\n{TWO}\r\n",
            f"{ONE}\r{TWO}\r",
            f"\ufeff{ONE}\n{TWO}\n",
            f'\ufeff#EXTM3U\r\n#EXTINF:-1,One\r\n{ONE}\r\n#EXTINF:12.5 tvg-id="2",Zwei, три, 二\r\n{TWO}\r\n',
            f"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9,\n{ONE}\n#EXTINF:9,\n{TWO}\n#EXT-X-ENDLIST\n",
            f"\n\n  {ONE}\t\n\n \t \n{TWO}  \n\n",
            f"# {{ a comment }} <b>\n{ONE}\n#\n{TWO}\n",
            f"\ufeff#EXTM3U\n\ufeff{ONE}\n\ufeff#EXTM3U\n \ufeff {TWO}\n",
            f"\u00ef\u00bb\u00bf#EXTM3U\n\u00ef\u00bb\u00bf{ONE}\n{TWO}\n",
            f"#EXTM3U\n#EXTINF:1,M\udcfcller \x00\x1b\x85\ufffd\n{ONE}\n# \udcd4\udce7\n{TWO}\n",
            f"#EXTM3U\n#EXTINF:9,A title,{TWO}\n{ONE}\n#EXTVLCOPT:http-user-agent=a b|c\n{TWO}\n",
            f"\u3000{ONE}\u00a0\n\x0b\n{TWO}\u2029\n",
        ],
    )
    def test_every_form_of_playlist_is_read(self, text: str) -> None:
        assert m3u_urls(text) == [ONE, TWO]

    @pytest.mark.parametrize(
        ("text", "base_url", "url"),
        [
            ("https://media.example.com/live.m3u8", None, "https://media.example.com/live.m3u8"),
            ("X.m3u8\n#", BASE, f"{BASE}X.m3u8"),
            ("X#1,2.mp4", BASE, f"{BASE}X%231,2.mp4"),
        ],
    )
    def test_a_single_entry_needs_no_header(self, text: str, base_url: str | None, url: str) -> None:
        assert m3u_urls(text, base_url) == [url]

    def test_repeats_and_order_are_kept(self) -> None:
        assert m3u_urls(f"{TWO}\n{ONE}\n{TWO}\n") == [TWO, ONE, TWO]

    @pytest.mark.parametrize(
        ("entry", "base_url", "url"),
        [
            ("one.mp4", BASE, f"{BASE}one.mp4"),
            ("a/one.mp4?x=1", BASE, f"{BASE}a/one.mp4?x=1"),
            ("../one.mp4", BASE, ONE),
            ("/one.mp4", BASE, ONE),
            ("//cdn.example.com/one.mp4", BASE, "https://cdn.example.com/one.mp4"),
            ("one.mp4", "https://media.example.com", ONE),
            ("one.mp4", f"{BASE}list.m3u?token=1", f"{BASE}one.mp4"),
            ("./one.mp4", "rtmp://media.example.com/app/", "rtmp://media.example.com/app/one.mp4"),
            ("节目.mp4", BASE, f"{BASE}节目.mp4"),
            (ONE, "http://other.example.com/", ONE),
            ("one,two.mp4", BASE, f"{BASE}one,two.mp4"),
            # Names of files, which may hold what a URL may not.
            ("Evening News 2026-01-01.mp4", BASE, f"{BASE}Evening%20News%202026-01-01.mp4"),
            ("a b/c d.mp4", "https://media.example.com", "https://media.example.com/a%20b/c%20d.mp4"),
            ("Show #1.mp4", BASE, f"{BASE}Show%20%231.mp4"),
            ("#1.mp4"[1:] + "#", BASE, f"{BASE}1.mp4%23"),
            ("100%.mp4", BASE, f"{BASE}100%25.mp4"),
            ("50% off%20now%2.mp4", BASE, f"{BASE}50%25%20off%20now%252.mp4"),
            ("What?.mp4", BASE, f"{BASE}What%3F.mp4"),
            ("Who? A=B.mp4", BASE, f"{BASE}Who%3F%20A=B.mp4"),
            ("one.mp4?token", BASE, f"{BASE}one.mp4%3Ftoken"),
            ("What? Now?.mp4?x=1&y=2", BASE, f"{BASE}What%3F%20Now%3F.mp4?x=1&y=2"),
            ("one.mp4?title=A B#1", BASE, f"{BASE}one.mp4?title=A%20B%231"),
            ("play?u=https://other.example.com/one.mp4", BASE, f"{BASE}play?u=https://other.example.com/one.mp4"),
            ("play?u=//h/one.mp4?x=1&y=?z=2", BASE, f"{BASE}play?u=//h/one.mp4?x=1&y=?z=2"),
            ('a"b<c>d^e`f{g}h.mp4', BASE, f"{BASE}a%22b%3Cc%3Ed%5Ee%60f%7Bg%7Dh.mp4"),
            ("News | Part 1.mp4", BASE, f"{BASE}News%20%7C%20Part%201.mp4"),
            ("[Group] Show - 01.mkv", BASE, f"{BASE}%5BGroup%5D%20Show%20-%2001.mkv"),
            ("Alien: Covenant.mp4", BASE, f"{BASE}Alien:%20Covenant.mp4"),
            ("12:30.mp4", BASE, f"{BASE}12:30.mp4"),
            ("Cam1-2026-01-01T12:30.ts", BASE, f"{BASE}Cam1-2026-01-01T12:30.ts"),
            ("ab:c/d:e.mp4", BASE, f"{BASE}ab:c/d:e.mp4"),
            ("File: one.mp4", BASE, f"{BASE}File:%20one.mp4"),
            ("shows\\one.mp4", BASE, f"{BASE}shows/one.mp4"),
            (".\\shows\\..\\one.mp4", BASE, f"{BASE}one.mp4"),
            ("..\\one.mp4", BASE, ONE),
            ("\\one.mp4", BASE, ONE),
            ("一 二.mp4", BASE, f"{BASE}一%20二.mp4"),
            ("a\u00a0b\u200cc\u2028d.mp4", BASE, f"{BASE}a%C2%A0b%E2%80%8Cc%E2%80%A8d.mp4"),
            ("=one+two&three;four.mp4", BASE, f"{BASE}=one+two&three;four.mp4"),
            ("a=b.mp4", BASE, f"{BASE}a=b.mp4"),
            ("//cdn.example.com:8080/Evening News.mp4", BASE, "https://cdn.example.com:8080/Evening%20News.mp4"),
            ("\ufeffone.mp4", BASE, f"{BASE}one.mp4"),
            ("XX.mp4", BASE, f"{BASE}XX.mp4"),
            ("Late Show", BASE, f"{BASE}Late%20Show"),
            ("?x=1", f"{BASE}list.m3u", f"{BASE}list.m3u?x=1"),
            ("one.mp4", f"{BASE}list.M3U8", f"{BASE}one.mp4"),
            ("//cdn.example.com/one.mp4", "https://media.example.com:8443/", "https://cdn.example.com/one.mp4"),
            # A full URL is never changed.
            (f"{ONE}?a=%7e#b", BASE, f"{ONE}?a=%7e#b"),
            ("HTTPS://MEDIA.example.com/../a/./b%2f.mp4", BASE, "HTTPS://MEDIA.example.com/../a/./b%2f.mp4"),
        ],
    )
    def test_relative_entries_are_resolved(self, entry: str, base_url: str, url: str) -> None:
        assert m3u_urls(f"#EXTM3U\n{entry}\n", base_url) == [url]

    @pytest.mark.parametrize(
        ("entry", "base_url", "reason"),
        [
            (
                "one.mp4",
                None,
                "is not a full URL, and a base URL to resolve it against is missing. Set base_url.",
            ),
            ("/one.mp4", None, "is not a full URL, and a base URL"),
            ("https://media.example.com/my show.mp4", BASE, "is not allowed: it holds ' ' (a space)"),
            ("a\tb.mp4", BASE, r"it holds '\t' (a control character)"),
            ("https://", None, "it has no host"),
            ("file:///srv/one.mp4", BASE, "its scheme, file, does not name a file on the network"),
            ("mailto:somebody", BASE, "its scheme, mailto, does not name a file on the network"),
            ("C:\\video\\one.mp4", BASE, "a path on a Windows machine"),
            ("\\\\nas\\video\\one.mp4", BASE, "a path on a Windows machine or share"),
            ("//[nonsense/one.mp4", BASE, "its host is malformed"),
            ("//localhost/one.mp4", BASE, "its host, 'localhost', is"),
            ("one.mp4\ufeff#EXTM3U", BASE, r"it holds '\ufeff'"),
            ("a//one.mp4", BASE, "two slashes in a row"),
            ("a\\\\one.mp4", BASE, "two slashes in a row"),
            ("one.mp4", "https://media.example.com//shows/", "two slashes in a row"),
            ("/\\nas\\one.mp4", BASE, "two slashes in a row"),
            ("one.mp4|Referer=https://portal.example.com/", BASE, "it holds '|'. What players read after it"),
            ("one.mp4|User-Agent=a b", BASE, "it holds '|'. What players read after it"),
            (f"{ONE}|User-Agent=a b", None, "it holds '|'. What players read after it"),
            (f"{ONE},{TWO}", None, "more than one URL: the next begins after ','"),
            ("one.mp4,two.mp4", BASE, "is several file names"),
            ("one.mp4?x=1,two.mp4?x=2", BASE, "is several file names"),
            ("one.mp4; two.mp4", BASE, "is several file names"),
            ("one.mp4|two.mp4", BASE, "is several file names"),
            (f"Two,{TWO}", BASE, "other text before the URL, which begins after ','"),
            (f"Two {TWO}", BASE, "other text before the URL, which begins after ' '"),
            (f"proxy/{TWO}", BASE, "it has no scheme at its beginning"),
            (f'"{TWO}"', BASE, "it holds '\"'"),
            ("media.example.com:8080/one.mp4", BASE, "it has no scheme at its beginning"),
            ("http:one.mp4", BASE, "its scheme needs // after it"),
            ("file:one.mp4", BASE, "its scheme, file, does not name a file on the network"),
            ("media:8080/one.mp4", BASE, "it has no scheme at its beginning"),
            ("mediaserver:one", BASE, "its scheme needs // after it"),
            ("m\udcc3\udcbc.mp4", BASE, "looks like GBK or Latin-1. Convert the file to UTF-8"),
            (
                "https://media.example.com/\udcd4\udce7.mp4",
                None,
                "looks like GBK or Latin-1. Convert the file to UTF-8",
            ),
            ("m\ufffdller.mp4", BASE, r"it contains '\ufffd'"),
            ("http://localhost/one.mp4", BASE, "its host, 'localhost', is"),
        ],
    )
    def test_an_entry_that_is_not_a_url_is_refused_with_its_line(
        self, entry: str, base_url: str | None, reason: str
    ) -> None:
        with pytest.raises(InvalidOptionError, match=r"^line 3: ") as caught:
            m3u_urls(f"#EXTM3U\n{ONE}\n{entry}\n", base_url)
        assert repr(entry) in caught.value.message
        assert reason in caught.value.message

    @pytest.mark.parametrize(("count", "more"), [(5, "Set base_url."), (6, "And 1 more."), (12, "And 7 more.")])
    def test_only_the_first_five_broken_entries_are_named(self, count: int, more: str) -> None:
        with pytest.raises(InvalidOptionError, match=r"line 1: .*line 5: ") as caught:
            m3u_urls("x.mp4\n" * count)
        assert "line 6" not in caught.value.message
        assert caught.value.message.endswith(f" {more}")

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "no entries"),
            ("\ufeff", "no entries"),
            (" \r\n\t\n", "no entries"),
            ("#EXTM3U\n#EXTINF:-1,Nothing\n", "no entries"),
            ("#EXTM3U\n#EXTINF:-1,https://media.example.com/one.mp4\n", "no entries"),
            ("<!DOCTYPE html><html><body>404</body></html>", "HTML"),
            ("\n  <html>\n", "HTML"),
            ('\ufeff<?xml version="1.0"?><playlist/>', "XML"),
            ('{"error": 404}', "JSON"),
            ("[playlist]\nFile1=https://media.example.com/one.mp4\n", "PLS"),
            (f"{ONE}\x00\n", r"line 1: .*'\\x00'"),
            ("abcd\x00.mp4", r"^line 1: .*'\\x00'"),
            ("\ufffd\ufffd" + "a" * 98 + "\x00.mp4", r"^line 1: "),
            ("My channel\nhttps://media.example.com/live\n", r"^line 1: .* is not a full URL"),
            (f"{ONE}\n\x1b[31m{TWO}\n", r"line 2: .*'\\x1b'"),
            (f"{ONE}\x85{TWO}\n", r"line 1: .*'\\x85'"),
            ("\x89PNG\r\n", r"line 1: this entry .*'\\x89'"),
            (None, "is text, not None"),
            (b"https://media.example.com/one.mp4", "is text, not bytes"),
            ([ONE], "is text, not a list"),
        ],
    )
    def test_a_value_that_is_not_a_playlist_is_refused(self, text: object, reason: str) -> None:
        with pytest.raises(InvalidOptionError, match=reason):
            m3u_urls(text)

    def test_thirty_entries_are_taken_and_one_more_is_refused(self) -> None:
        assert len(m3u_urls(lines(30))) == 30
        with pytest.raises(InvalidOptionError, match=r"31 entries\. A task takes 30 at most\. .*limit and offset"):
            m3u_urls(lines(31))

    @pytest.mark.parametrize(
        ("limit", "offset", "first", "count"),
        [
            (30, 0, 0, 30),
            (30, 30, 30, 30),
            (30, 60, 60, 5),
            (1, 64, 64, 1),
            (None, 35, 35, 30),
            (None, 60, 60, 5),
        ],
    )
    def test_limit_and_offset_page_through_a_longer_playlist(
        self, limit: int | None, offset: int, first: int, count: int
    ) -> None:
        expected = [f"https://media.example.com/{number}.mp4" for number in range(first, first + count)]
        assert m3u_urls(lines(65), None, limit, offset) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "\ufeff#EXTM3U\r\n#EXTINF:60,A\r\na.mp4\r\nb.mp4\r\nc.mp4\r\nd.mp4\r\n",
            "\u00ef\u00bb\u00bf#EXTM3U\n \u3000\na.mp4\rb.mp4\n\ufeff#\nc.mp4\nd.mp4",
        ],
    )
    def test_after_the_last_part_the_first_part_follows(self, text: str) -> None:
        """Lines that are not entries, such as a byte-order mark, do not count."""
        parts = [m3u_urls(text, BASE, limit=2, part=part) for part in (0, 1, 2, 739_000)]
        first, second = [f"{BASE}a.mp4", f"{BASE}b.mp4"], [f"{BASE}c.mp4", f"{BASE}d.mp4"]
        assert parts == [first, second, first, first]

    @pytest.mark.parametrize(("part", "first", "count"), [(0, 0, 30), (2, 60, 5), (3, 0, 30), (7, 30, 30)])
    def test_the_last_part_may_be_shorter(self, part: int, first: int, count: int) -> None:
        expected = [f"https://media.example.com/{number}.mp4" for number in range(first, first + count)]
        assert m3u_urls(lines(65), limit=30, part=part) == expected

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_a_playlist_that_is_no_longer_than_the_limit_has_one_part(self, part: int) -> None:
        assert m3u_urls(lines(3), limit=3, part=part) == m3u_urls(lines(3))

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            ({"part": 1}, r"part: not allowed with no limit\. Allowed: with limit, and without offset\."),
            ({"limit": 3, "offset": 3, "part": 1}, "part: not allowed with offset"),
            ({"limit": 3, "part": -1}, "part: -1 is not allowed. Allowed: an integer of 0 or more"),
            ({"limit": 3, "part": True}, "part: True"),
            ({"limit": 0}, "limit: 0 .*1 to 30"),
            ({"limit": 31}, "limit: 31 .*1 to 30"),
            ({"limit": True}, "limit: True"),
            ({"limit": "3"}, "limit: '3'"),
            ({"limit": 3, "offset": -1}, "offset: -1"),
            ({"limit": 3, "offset": 65}, "offset: 65 .*less than the 65 entries"),
            ({"offset": None}, "offset: None"),
            ({"offset": 34}, "31 of them after offset 34"),
            ({"base_url": "shows/"}, "base_url: 'shows/'"),
            # The folder would be dropped.
            ({"base_url": "https://media.example.com/shows"}, "base_url: .* a slash at its end"),
            (
                {"base_url": "https://media.example.com/shows"},
                "Write 'https://media.example.com/shows/'",
            ),
            ({"base_url": "https://media.example.com/shows?a=1"}, r"Write 'https://media.example.com/shows/\?a=1'"),
            ({"base_url": "https://media.example.com/v1.2"}, "Write 'https://media.example.com/v1.2/'"),
            ({"base_url": "https://media.example.com/shows/one.mp4"}, "Write 'https://media.example.com/shows/'"),
            ({"base_url": "https://media.example.com/list.txt?a=1"}, "Write 'https://media.example.com/'"),
            ({"base_url": "https://user:secret@media.example.com/shows"}, r"Write 'https://user:\*{8}@media"),
            ({"base_url": "D:\\Videos"}, "base_url: .* a path on a Windows machine"),
            ({"base_url": "http://localhost/"}, "base_url: .*'localhost'"),
            ({"base_url": "https://media.example.com/a.m3u/v1.2?x=1.m3u#2.m3u"}, "base_url: .* a slash at its end"),
            ({"base_url": ""}, "base_url: '' is not allowed: it is empty. Allowed: scheme://host"),
            ({"base_url": "https://a b/"}, "base_url"),
            ({"base_url": 3}, "base_url: 3"),
        ],
    )
    def test_bad_arguments_are_refused(self, arguments: dict[str, Any], reason: str) -> None:
        with pytest.raises(InvalidOptionError, match=reason):
            m3u_urls(lines(65), **arguments)

    @given(
        st.lists(st.text(st.characters(codec="utf-8"), max_size=40).map(lambda tail: f"https://h/{tail}"), max_size=80),
        st.integers(1, MAX_SOURCE_URLS),
    )
    def test_all_pages_together_have_every_entry(self, urls: list[str], limit: int) -> None:
        urls = [url for url in urls if url_problem(url) is None]
        text = "\r\n".join(["#EXTM3U", *urls])
        pages = [m3u_urls(text, limit=limit, offset=offset) for offset in range(0, len(urls), limit)]
        assert [url for page in pages for url in page] == urls

    def test_entries_outside_the_page_are_not_checked(self) -> None:
        text = f"#EXTM3U\nD:\\\\a.mp4\n{ONE}\n{TWO}\nm\udcfcll er|x=\n"
        assert m3u_urls(text, limit=2, offset=1) == [ONE, TWO]
        with pytest.raises(InvalidOptionError, match=r"^line 2: "):
            m3u_urls(text, limit=2)
        with pytest.raises(InvalidOptionError, match=r"^line 5: "):
            m3u_urls(text, limit=2, offset=3)

    def test_the_durations_of_a_playlist_are_read(self) -> None:
        text = (
            f"#EXTM3U\n#EXTINF:1800,One\n{ONE}\n#EXTINF:12.5 tvg-id='1',Two\n#EXTGRP:x\n{TWO}\n{ONE}\n"
            f"#EXTINF:-1,Live\n{ONE}\n#EXTINF:0,None\n{ONE}\n#EXTINF:{'9' * 400},Long\n{ONE}\n#EXTINF:x\n{ONE}\n"
            f"#EXTINF: 60\n\ntwo.mp4\n#EXTINF:604800,Week\n{ONE}\n#EXTINF:604800.1,Longer\n{ONE}\n"
        )
        assert m3u_entries(text, "https://media.example.com/") == [
            Entry(ONE, 1800.0),
            Entry(TWO, 12.5),
            *[Entry(ONE, None)] * 3,
            Entry(ONE, None, f"{'9' * 40}... (400 characters)"),
            Entry(ONE, None, "x"),
            Entry(TWO, 60.0),
            Entry(ONE, 604800.0),
            Entry(ONE, None, "604800.1"),
        ]


# The name of a format in messages, and texts in it.
FORMATS: dict[str, list[str]] = {
    "a list for ffmpeg": [
        "ffconcat version 1.0\nfile one.mp4\nduration 10\nfile two.mp4\n",
        "ffconcat version 1.0\nfile 'one.mp4'\nfile 'two.mp4'\n",
        "# a comment\n\nfile one.mp4\nfile two.mp4\n",
        "file 'it'\\''s one.mp4'\n",
        'file "one.mp4"\n',
        "file one\\ two.mp4\n",
        f"file {ONE}\n",
        "stream\nfile one.mp4\ninpoint 00:01:00\noutpoint 90.5\n",
        "one.mp4\nduration 10\ntwo.mp4\nduration 10s\n",
        "concat:one.mp4|two.mp4\n",
        "concatf:list.mp4\n",
    ],
    "a table (CSV)": [
        "title,file,duration\nOne,one.mp4,60\nTwo,two.mp4,60\n",
        "Title, File\nOne, one.mp4\n",
        "name;url;duration\nOne;https://h/one;60\n",
        "url,name\nhttps://h/one,One\n",
        "Titel;Datei\nEins;one.mp4\n",
        "名称,地址\n一,one.mp4\n",
        "sep=;\nname;url\nOne;one.mp4\n",
        f"{ONE},One\n{TWO},Two\n",
        f"{ONE};One;60\n",
        "one.mp4;One;60\ntwo.mp4;Two;60\n",
        "one.mp4,60\ntwo.mp4,60\n",
        "one.mp4, One\n",
        "1;one.mp4\n2;two.mp4\n",
        "1, one.mp4\n2, two.mp4\n",
        "url\nhttps://h/1\n",
        '"File name"\n# x\none.mp4\n',
        f"{ONE},\n{TWO},\n",
        "1,News,one.mp4\n2,Films,two.mp4\n",
        "News,one.mp4\n\n# x,y\nFilms,two.mp4\n",
        "News;one.mp4\nFilms;two.mp4\n",
        f"News;{ONE}\n",
        f"News|{ONE}\n",
        '"News, late",https://h/1\n',
        '1,"News",https://h/1\n',
        '"one.mp4";"News"\n',
        "title\tfile\nOne\tone.mp4\n",
        "one.mp4\tOne\n",
        f"{ONE}\tOne\n",
        "| File | Title |\n|---|---|\n| one.mp4 | One |\n",
    ],
    "MPCPLAYLIST": [
        "MPCPLAYLIST\n1,type,0\n1,filename,one.mp4\n",
        "MPCPLAYLIST\n1,type,0\n1,label,One\n1,filename,C:\\Videos\\one.mp4\n",
        "1,type,0\n1,filename,one.mp4\n",
    ],
    "DAUMPLAYLIST": [
        "DAUMPLAYLIST\nplayname=D:\\one.mp4\ntopindex=0\n1*file*D:\\one.mp4\n1*title*One\n",
        "1*file*one.mp4\n1*duration2*60000\n",
    ],
    "Liquidsoap": [
        f'annotate:title="One":{ONE}\n',
        'one.mp4\nannotate:title="One",artist="x, y":one.mp4\n',
        '#EXTM3U\nannotate:title="One":one.mp4\n',
    ],
    "a list of other playlists": [
        "one.m3u\ntwo.m3u\n",
        "#EXTM3U\nmorning.pls\n",
        f"{ONE}\nhttps://h/list.m3u?x=1\n",
        "#EXTM3U\nnews.xspf\nfilms.asx\n",
    ],
    "a list with times": [
        "06:00 one.mp4\n08:00 two.mp4\n",
        "6:00 one.mp4\n",
        "06:00:00 one.mp4\n",
        "06:00 - one.mp4\n",
        "[06:00] one.mp4\n",
        "06:00: one.mp4\n",
        "06:00Z one.mp4\n",
        "6 pm one.mp4\n",
        "06:00-08:00 one.mp4\n",
        "06:00 \u2013 08:00 one.mp4\n",
        "6:00 am one.mp4\n",
        "06h00 one.mp4\n",
        "Mon 06:00 one.mp4\n",
        "2026-01-01 06:00 one.mp4\n",
        "2026-01-01T06:00:00 one.mp4\n",
        "Sunday, 1/2/2026 06:00 one.mp4\n",
        "1.2. 06:00 one.mp4\n",
        "01.02.2026 06:00 one.mp4\n",
        "06:00,one.mp4\n08:00,two.mp4\n",
        "06:00;one.mp4\n",
        "06:00\tone.mp4\n",
        "06:00=one.mp4\n",
        f"06:00 {ONE}\n",
        "Monday\n06:00 one.mp4\n",
    ],
    "a list with bullets": [
        "- one.mp4\n- two.mp4\n",
        "* one.mp4\n* two.mp4\n",
        "\u2022 one.mp4\n",
        "Morning\n  - one.mp4\n    - two.mp4\n",
        f"- {ONE}\n",
        "[x] one.mp4\n",
        "- [ ] one.mp4\n",
    ],
    "a YAML list": [
        f"---\n- {ONE}\n",
        f"source_urls:\n  - {ONE}\n",
        f"---\n# x\nsource_urls:\n\n- {ONE}\n",
        f"- url: {ONE}\n  title: One\n",
    ],
    "a numbered list": [
        "1. one.mp4\n2. two.mp4\n",
        "a) one.mp4\nb) two.mp4\n",
        "1) one.mp4\n2) two.mp4\n",
        "2) two.mp4\n",
        "3. three.mp4\n4. four.mp4\n",
        "1)one.mp4\n",
        "(1) one.mp4\n",
        "[1] one.mp4\n",
        "1: one.mp4\n",
        "1.1. one.mp4\n1.2. two.mp4\n",
        "Monday\n1. one.mp4\n",
        f"1. {ONE}\n",
        "1.\u00a0one.mp4\n",
    ],
    "a cue sheet": [
        'FILE "one.wav" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        'REM GENRE x\nPERFORMER "x"\nFILE "one.wav" WAVE\n',
    ],
    "an edit decision list (EDL)": [
        "TITLE: One\n001  AX       V     C        00:00:00:00 00:00:05:00 01:00:00:00 01:00:05:00\n"
    ],
    "subtitles": ["WEBVTT\n", "1\n00:00:01,000 --> 00:00:02,000\nText\n"],
    "a file with a merge conflict": [f"<<<<<<< HEAD\n{ONE}\n=======\n{TWO}\n>>>>>>> other\n"],
    "an AIMP playlist": ["#-----SUMMARY-----#\nName=One\n#-----CONTENT-----#\none.mp4|One\n"],
    "an EDL of mpv": ["# mpv EDL v0\none.mp4,10,20\n", "edl://one.mp4,10,20\n"],
    "a playlist of Zoom Player": ["AC\nnm=one.mp4\nbr!\n"],
    "a SMIL playlist": ['<?xml version="1.0"?>\n<smil><body><video src="one.mp4"/></body></smil>\n'],
    "a Smooth Streaming manifest": ['<?xml version="1.0"?>\n<SmoothStreamingMedia MajorVersion="2">\n'],
    "an ASX playlist": ['<!-- x -->\n<asx version="3.0"></asx>\n'],
    "an HLS manifest": ["#EXTM3U\n#EXTINF:9,\n0.ts\n#EXTINF:9,\n1.ts\n#EXT-X-ENDLIST\n"],
    "a PLS playlist": ["NumberOfEntries=1\nFile1=one.mp4\n"],
    "a document of an office program": ["PK\x03\x04\x14\n", "{\\rtf1 x\n", "%PDF-1.7\n"],
    "the listing of a folder": [
        "total 2\n-rw-r--r-- 1 user user 12 Jan  1 06:00 one.mp4\n",
        "01.02.2026  06:00         1,234 one.mp4\n",
        "02/01/2026  06:00 AM    <DIR>          .\n",
        ".\n\u251c\u2500\u2500 one.mp4\n\u2514\u2500\u2500 two.mp4\n",
        ".\n|-- one.mp4\n`-- two.mp4\n",
    ],
    "a list of names in quotes": [
        '"one.mp4"\n"two.mp4"\n',
        '"one.mp4",\n"two.mp4"\n',
        "'one.mp4'\n",
        "\u201cone.mp4\u201d\n",
    ],
    "a list with more than a file name in a line": [
        "one.mp4 60\n",
        "one.mp4 # the news\n",
        "one.mp4 - the news\n",
        "one.mp4  00:30:00\n",
    ],
    "a list of the form name,URL": ["1,News,https://h/1\n", "#EXTM3U\nNews,https://h/1\n"],
}
# Texts, the name of their format in the message, and other words of the message.
KINDS: list[tuple[object, str, str]] = [
    ("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n0.ts\n", "HLS manifest", "line 2. .*own URL as a source URL"),
    ("\ufeff#EXTM3U\r\n\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\nlow.m3u8\r\n", "HLS manifest", "line 3"),
    ("#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO\n", "HLS manifest", "line 2"),
    ("#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9,\nhttps://h/0.ts?a=1\n#EXT-X-ENDLIST\n", "HLS manifest", "line 2"),
    ("#EXTM3U\n#EXT-X-KEY:METHOD=NONE\nhttps://h/0.mp4\n", "HLS manifest", "line 2"),
    ("News,#genre#\nOne,https://h/1.mp4\n", "a list of the form name,URL", "line 1"),
    ("\n# x\nOne,https://h/1.mp4\nTwo,https://h/2.mp4\n", "a list of the form name,URL", "line 3"),
    ("One, rtmp://h/1\n", "a list of the form name,URL", "without the names"),
    ("CCTV-1 (16:9),http://h/1\n", "a list of the form name,URL", ""),
    ("央视\uff0chttp://h/1\n", "a list of the form name,URL", ""),
    ("央视\uff0c#genre#\nhttp://h/1\n", "a list of the form name,URL", "#genre#"),
    (f"{ONE}\nFilms,#GENRE#\nTwo,{TWO}\n", "a list of the form name,URL", ""),
    ("[playlist]\nFile1=https://h/1.mp4\n", "a PLS playlist", "Save it as M3U"),
    ("; x\n[Playlist]\n"[4:], "a PLS playlist", "line 1"),
    ("File1=https://h/1.mp4\nTitle1=One\n", "a PLS playlist", ""),
    ("[Reference]\nRef1=http://h/1\n", "a PLS playlist", ""),
    ('<?xml version="1.0"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">', "an XSPF playlist", "line 1"),
    ("<playlist><trackList/></playlist>", "an XSPF playlist", "Save it as M3U"),
    ('<?wpl version="1.0"?>\n<smil><head/></smil>', "a WPL playlist", ""),
    ("<smil></smil>", "a SMIL playlist", ""),
    ('<ASX version="3.0"><entry/></ASX>', "an ASX playlist", ""),
    ('<?xml version="1.0"?>\n<MPD type="static">', "a DASH manifest", "own URL as a source URL"),
    ("<!DOCTYPE html>\n<html>", "HTML", "an error page or a login page"),
    ("\ufeff\n <html><head></head>", "HTML", "line 2"),
    ("#EXTM3U\n<html>", "HTML", "line 2"),
    ("<body>", "HTML", ""),
    ('<?xml version="1.0"?><rss/>', "XML", ""),
    ('{"urls": []}', "JSON", "its list of URLs as source_urls"),
    ('[\n  "https://h/1.mp4"\n]', "JSON", "line 1"),
    ("['https://h/1.mp4', 'https://h/2.mp4']", "JSON", "its list of URLs"),
    ('[{"url": "x"}]', "JSON", ""),
    ("[]", "JSON", ""),
    ("file 'one.mp4'\nfile 'two.mp4'\n", "a list for ffmpeg", "without the word file"),
    ("#NAME Films\n#SERVICE 4097:0:1:0:0:0:0:0:0:0:http%3a//h/1\n", "a bouquet of Enigma2", "line 2"),
    ("channel.m3u", "the path of a file", "lookup..ansible.builtin.file"),
    ("\ufeffchannel.m3u", "the path of a file", ""),
    ("X.m3u", "the path of a file", ""),
    ("/srv/playlists/channel.m3u8\n", "the path of a file", "#EXTM3U on the line before"),
    ("~/lists/my channel.txt", "the path of a file", ""),
    ("C:\\lists\\channel.m3u", "the path of a file", ""),
    *((text, name, "") for name, texts in FORMATS.items() for text in texts),
    (["https://h/1.mp4"], "not a list", "join..\\\\n"),
    (("a", "b"), "not a list", "source_urls"),
    ((line for line in "ab"), "not a list", ""),
    ({"content": "x"}, "not a dictionary", "b64decode"),
    (7, "not 7", "is text"),
    (f"{ONE},{TWO}", "several entries in a line", "split_lines=false"),
    (f"#EXTM3U,#EXTINF:10,One,{ONE}", "several entries in a line", "ansible.builtin.url"),
    ("#EXTM3U,#EXTINF:10,One,one.mp4", "several entries in a line", "split_lines=false"),
    ("\ufeff#EXTM3U,one.mp4\n", "several entries in a line", "split_lines=false"),
    ("one.mp4,two.mp4,three.mp4", "several entries in a line", "split_lines=false"),
    ("\n\none.mp4,two.mp4\n", "several entries in a line", "split_lines=false"),
    ("#EXTM3U,https://h/live", "several entries in a line", "split_lines=false"),
    ("#EXTM3U,#EXTINF:10", "several entries in a line", "split_lines=false"),
    ("#EXTINF:10,One, and two", "no entries", ""),
    (f"News,#genre#,One,{ONE},Two,{TWO}", "several entries in a line", "split_lines=false"),
    (f"{ONE}\n{TWO},#EXTM3U\n{ONE}\n", "several entries in a line", "on a line of its own"),
    ("#EXTM3U\none.mp4\n".encode("utf-16").decode("utf-8", "surrogateescape"), "UTF-16", "iconv -f UTF-16 -t UTF-8"),
    ("#EXTM3U\n".encode("utf-16-be").decode("utf-8"), "UTF-16", "see line 1"),
    ("节目\n".encode("utf-16").decode("utf-8", "surrogateescape"), "UTF-16", ""),
    ("\ufeff节目\n".encode("utf-16-be").decode("utf-8", "surrogateescape"), "UTF-16", ""),
    ("节目\n".encode("utf-16").decode("utf-8", "replace") + "#\x00", "UTF-16", ""),
    (b"\x00\x00\x00\x18ftypmp42".decode(), "a video or another binary file", "see line 1"),
    ("$ANSIBLE_VAULT;1.1;AES256\n3161\n", "a file of Ansible Vault", "Decrypt it"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "a key or a certificate", ""),
    ("[default]\naws_secret_access_key = hunter2\n", "a file of settings", ""),
    ("---\npassword: hunter2\n", "a file of settings", ""),
    ("# .env\nPASSWORD=hunter2\nURL=https://u:hunter2@h/\n", "a file of settings", "line 2"),
    ("export PASSWORD=hunter2\n", "a file of settings", ""),
    ("url: https://u:hunter2@h/\npassword: hunter2\n", "a file of settings", ""),
    ("404: Not Found", "does not look like a playlist", "line 1 has a blank"),
    ("Please log in.\nThe password is hunter2\n", "does not look like a playlist", "line 1 has a blank"),
    ("", "no entries", ""),
    ("#EXTM3U\n\n# nothing\n", "no entries", ""),
]
PEOPLE_HAVE = re.compile("hunter2|https?://|rtmp://|MIIE|3161|one\\.mp4")


class TestOtherKinds:
    @pytest.mark.parametrize("base_url", [None, BASE])
    @pytest.mark.parametrize(("text", "kind", "words"), KINDS)
    def test_another_format_is_named_and_the_text_is_not_quoted(
        self, text: object, kind: str, words: str, base_url: str | None
    ) -> None:
        with pytest.raises(InvalidOptionError, match=re.escape(kind)) as caught:
            m3u_urls(text, base_url)
        assert re.search(words, caught.value.message)
        assert not PEOPLE_HAVE.search(caught.value.message)

    @pytest.mark.parametrize(
        "name",
        [
            *("01 Intro.mp4", "02 - Film.mp4", "01. Intro.mp4", "1917.mp4", "1 - one.mp4", "12 Angry Men.mp4"),
            *("2026-01-01 Evening News.mp4", "6.30.mp4", "12:30.mp4", "[Group] Show - 01.mkv", "(2019) Film.mp4"),
            *("Tom, Dick.mp4", "X#1, 2; 3.mp4", "file.mp4", "File One.mp4", "filed.mp4", "concat.mp4"),
            *("-one.mp4", "#1.mp4"[1:], "News | Part 1.mp4", "it's one.mp4", "X.m3u8", "Annotated.mp4", "a - b.mp4"),
            *("The .mp4 Show.mp4", "one.mp4 - Copy.mp4", "Mon.mp4", "Monday 6.mp4", "duration.mp4", "br.mp4"),
        ],
    )
    def test_a_file_name_is_not_taken_for_another_format(self, name: str) -> None:
        assert [unquote(url) for url in m3u_urls(f"{name}\n{name}\n", BASE)] == [f"{BASE}{name}"] * 2

    @pytest.mark.parametrize("url", ["https://h/film_,500,800,.mp4.csmil/master.m3u8", "https://h/one.mp4;id=1"])
    def test_a_url_with_separators_is_not_taken_for_a_table(self, url: str) -> None:
        assert m3u_urls(f"{url}\n{url}\n") == [url] * 2

    @pytest.mark.parametrize(
        "name", ["- one.mp4", "1. one.mp4", "06:00 one.mp4", "one.mp4,60", "News,one.mp4", "file one.mp4", '"one.mp4"']
    )
    @pytest.mark.parametrize("header", ["#EXTM3U", "#EXTINF:60,One"])
    def test_with_a_header_every_line_is_a_file_name(self, name: str, header: str) -> None:
        text = f"{name}\n{name}\n"
        with pytest.raises(InvalidOptionError, match=r"\(If these are file names, write #EXTM3U on the"):
            m3u_urls(text, BASE)
        assert [unquote(url) for url in m3u_urls(f"{header}\n{text}", BASE)] == [f"{BASE}{name}"] * 2

    def test_an_entry_of_more_than_ten_thousand_characters_is_refused(self) -> None:
        url = f"https://media.example.com/{'a' * 9_974}"
        assert m3u_urls(f"#EXTM3U\n#{'a' * 20_000}\n{url}\n") == [url]
        with pytest.raises(InvalidOptionError, match=r"^line 2: ") as caught:
            m3u_urls(f"#EXTM3U\n{url}a\n")
        assert caught.value.message == (
            "line 2: an entry of 10001 characters is not allowed. Allowed: 10000 at most. Write each entry on a line of"
            " its own."
        )

    @pytest.mark.parametrize(
        "text", [text for text, *_words in KINDS if isinstance(text, str) and text.count("\n") > 1]
    )
    def test_the_format_does_not_depend_on_line_ends(self, text: str) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            m3u_urls(text)
        with pytest.raises(InvalidOptionError) as same:
            m3u_urls(text.replace("\r\n", "\n").replace("\n", "\r\n"))
        assert same.value.message == caught.value.message

    @pytest.mark.parametrize(
        ("text", "base_url", "advised", "advised_base_url"),
        [
            ("News,#genre#\nOne," + ONE, None, ONE, None),
            (f"{ONE},{TWO}", None, f"{ONE}\n{TWO}", None),
            ("file 'one.mp4'", BASE, "one.mp4", BASE),
            ("film.m3u8", BASE, "#EXTM3U\nfilm.m3u8", BASE),
            ("one.mp4", "https://media.example.com/shows", "one.mp4", BASE),
            ("one.mp4", None, "one.mp4", BASE),
            ("a//one.mp4", BASE, f"{BASE}a//one.mp4", BASE),
            ("one.mp4,two.mp4", BASE, "one.mp4\ntwo.mp4", BASE),
            (["one.mp4", "two.mp4"], BASE, "\n".join(["one.mp4", "two.mp4"]), BASE),
        ],
    )
    def test_following_the_advice_gives_a_playlist(
        self, text: object, base_url: str | None, advised: str, advised_base_url: str | None
    ) -> None:
        with pytest.raises(InvalidOptionError):
            m3u_urls(text, base_url)
        assert m3u_urls(advised, advised_base_url)

    @pytest.mark.parametrize(
        "text",
        [
            "hunter2\nadmin:hunter2\n",
            "hunter2|x\n",
            "hunter2:admin\nhunter2.example:x\n",
            "#EXTM3U\nhunter2 {\n",
            "db://u:hunter2@localhost/hunter2\n",
            "root:hunter2:0:0:root:/root:/bin/sh\n",
            "PASSWORD=hunter2\n" + ONE + "\n",
            ONE + "\nPASSWORD=hunter2\n",
            ONE + "\nhttps://u:hunter2@localhost/\n",
        ],
    )
    def test_a_line_that_does_not_look_like_an_entry_is_not_quoted(self, text: str) -> None:
        with pytest.raises(InvalidOptionError, match=r"line [12]") as caught:
            m3u_urls(text)
        assert "hunter2" not in caught.value.message

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ({"content": "x"},),
                "A playlist is text, not a dictionary. Give the text in it, such as result.content; with"
                " ansible.builtin.slurp, result.content | b64decode.",
            ),
            (
                ([ONE],),
                "A playlist is text, not a list. Give a list of URLs as source_urls, without this filter."
                " Join a list of lines with join('\\n').",
            ),
            (
                ("\x00\x00\x00\x18ftyp",),
                "This is a video or another binary file, not an M3U playlist: see line 1. Give its own URL as a"
                " source URL.",
            ),
            (
                ("#\x00E",),
                "This is a text in UTF-16, not an M3U playlist: see line 1. Convert it with iconv -f UTF-16 -t UTF-8.",
            ),
            (
                (f"{ONE},{TWO}",),
                "This is a text with several entries in a line, not an M3U playlist: see line 1. Write each file or"
                " URL on a line of its own, without a comma. If the text is from the lookup ansible.builtin.url, set"
                " split_lines=false.",
            ),
            (
                ("\n\n#EXTM3U\n#EXT-X-KEY:x\n",),
                "This is an HLS manifest, not an M3U playlist: see line 4. It is one stream, and its entries are"
                " parts or qualities of it. Give its own URL as a source URL.",
            ),
            (
                ("#NAME x\n#SERVICE 1\n",),
                "This is a bouquet of Enigma2, not an M3U playlist: see line 2. Write its URLs into a file, one"
                " URL in a line.",
            ),
            (
                (f"\nOne,{ONE}",),
                "This is a list of the form name,URL, not an M3U playlist: see line 2. Write each file or URL on"
                " a line of its own, without the names, and without the lines with #genre#.",
            ),
            (
                ("channel.m3u",),
                "This is the path of a file, not an M3U playlist: see line 1. Read the file with"
                " lookup('ansible.builtin.file', path). (If these are file names, write #EXTM3U on the line before the"
                " first.)",
            ),
            (
                ("A=b",),
                "This is a file of settings, not an M3U playlist: see line 1. Give the text of a playlist, with one"
                " URL in a line.",
            ),
            (
                ("a: b",),
                "This is a file of settings, not an M3U playlist: see line 1. Give the text of a playlist, with one"
                " URL in a line.",
            ),
            (
                ("404: Not Found",),
                "This does not look like a playlist: no line is a URL or a file name, and line 1 has a blank.",
            ),
            (
                (f"{ONE}\nm\udcc3.mp4",),
                "line 2: 'm\\udcc3.mp4' is not text in UTF-8: it contains '\\udcc3'. It looks like GBK or Latin-1."
                " Convert the file to UTF-8, for example with iconv -f GBK -t UTF-8, or with -f LATIN1.",
            ),
            (
                (f"{ONE}\nA=b",),
                "line 2: this entry looks like a setting, not like a URL or a file name.",
            ),
            (
                (f"{ONE}\na: b",),
                "line 2: this entry looks like a setting, not like a URL or a file name.",
            ),
            (
                (f"{ONE}\none.mp4,two.mp4",),
                "line 2: 'one.mp4,two.mp4' is several file names; write each on a line of its own.",
            ),
            (
                ("a//b.mp4", BASE),
                "line 1: 'a//b.mp4' cannot be resolved, because there are two slashes in a row; write the whole URL.",
            ),
            (
                (lines(31),),
                "The playlist has 31 entries. A task takes 30 at most. Page through a longer playlist with limit"
                " and offset of the filter huaweicloud.live.m3u_urls.",
            ),
            (
                (lines(65), None, None, 34),
                "The playlist has 65 entries, 31 of them after offset 34. A task takes 30 at most. Page through a"
                " longer playlist with limit and offset of the filter huaweicloud.live.m3u_urls.",
            ),
            ((ONE, None, 0), "limit: 0 is not allowed. Allowed: an integer from 1 to 30."),
            ((ONE, None, 1, -1), "offset: -1 is not allowed. Allowed: an integer of 0 or more."),
            ((ONE, None, 1, 1), "offset: 1 is not allowed. Allowed: less than the 1 entry of the playlist."),
            (
                (ONE, BASE[:-1]),
                "base_url: 'https://media.example.com/shows' is not allowed. Write"
                " 'https://media.example.com/shows/'. Allowed: the address of a folder, with a slash at its end, or"
                " of a playlist file, with .m3u or .m3u8.",
            ),
            (
                (ONE, "shows/"),
                "base_url: 'shows/' is not allowed: it has no scheme at its beginning, such as https://. Allowed:"
                " scheme://host... that a service on the internet can pull.",
            ),
        ],
    )
    def test_a_message_names_the_format_and_gives_advice(self, arguments: tuple[Any, ...], message: str) -> None:
        with pytest.raises(InvalidOptionError) as caught:
            m3u_urls(*arguments)
        assert caught.value.message == message


# Pieces of real files, so that their wholes are more than noise.
_PIECES = st.sampled_from(
    [
        *(
            ONE,
            "one.mp4",
            "a b.mp4",
            "http://",
            "://",
            "#EXTM3U",
            "#EXTINF:9,",
            "#",
            ",",
            "|",
            "%",
            "?",
            "?a=1",
            "\\",
            "/",
            "//",
        ),
        *(
            "\n",
            "\r\n",
            "\r",
            " ",
            "\t",
            "\ufeff",
            "\u2028",
            "\udce9",
            "\ufffd",
            "\x00",
            ":",
            "C:",
            "..",
            "=",
            "<",
            "[",
            "{",
            '"',
        ),
        *("localhost", "127.1", "节目", "#genre#", "#EXT-X-KEY", "%20", "&", ";", "@", "Referer=", ".m3u"),
    ]
)
_TEXTS = st.text() | st.lists(_PIECES | st.text(max_size=3), max_size=30).map("".join)
_BASES = st.sampled_from(
    [None, BASE, "rtmp://media.example.com/app/", "https://h", "https://u@例子.example:8080/a b"[:26] + "/"]
)


class TestAnyText:
    @given(_TEXTS, _BASES)
    @example("a\\b c#d%.mp4", BASE)
    def test_any_text_gives_urls_from_it_or_an_error(self, text: str, base_url: str | None) -> None:
        try:
            urls = m3u_urls(text, base_url)
        except InvalidOptionError as error:
            assert error.message.rstrip().endswith((".", ".)"))
            return
        assert Declaration.from_options({"task_id": "1", "source_urls": urls}).values["source_urls"] == urls
        entries = [line.strip() for line in re.split(r"[\r\n]", text)]
        for url in urls:
            assert url_problem(url) is None
            assert any(url in line for line in entries) or (
                base_url is not None and any(_is_made_of(url, line, base_url) for line in entries)
            )

    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\\/?%:"), min_size=1))
    def test_a_file_name_is_encoded_without_loss(self, name: str) -> None:
        name = f"{name}.mp4"
        assume(name == name.strip() and name[0] not in "#<[{\ufeff\u00ef" and "," not in name and "|" not in name)
        assume("\ufeff" not in name and "\ufffd" not in name and name.strip(".") == name)
        [url] = m3u_urls(f"#EXTM3U\n{name}\n", BASE)
        assert unquote(url.removeprefix(BASE)) == name

    @given(
        st.lists(st.sampled_from(["..", ".", "a", "b c", "é", "x=1", "a:b"]), min_size=1, max_size=6).map("/".join),
        st.sampled_from(["https://h.example/", "https://h.example/a/b/", "https://h.example/a/list.m3u?x=1"]),
    )
    def test_a_relative_entry_is_resolved_as_another_library_does(self, entry: str, base_url: str) -> None:
        assume(not entry.startswith("a:b"))  # a scheme to the other library
        [url] = m3u_urls(f"#EXTM3U\n{entry}/one.mp4\n", base_url)
        assert yarl.URL(url) == yarl.URL(base_url).join(yarl.URL(f"{entry}/one.mp4"))


def _is_made_of(url: str, entry: str, base_url: str) -> bool:
    """Return whether a URL consists of the base URL and of parts of the entry."""
    origin = re.match(r"[^:]+://[^/]*", base_url)
    entry = entry.replace("\\", "/")
    if entry.lstrip("\ufeff ").startswith("//"):
        return url.startswith(base_url.partition("//")[0]) and unquote(url.rpartition("/")[2]) in unquote(entry)
    own = url.removeprefix(base_url) if url.startswith(base_url) else url.removeprefix(origin[0] if origin else "")
    return own != url and all(unquote(part) in unquote(entry) for part in own.split("/"))
