# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of files by their first bytes, and what is wrong with files."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._source.kinds import FIRST_BYTES, KINDS, kind_of
from ansible_collections.huaweicloud.live.plugins.module_utils._source.problems import Source, problems_of


def packets(length: int, first: int = 0, count: int = 3) -> bytes:
    """Return packets of a transport stream, each with the byte that synchronizes."""
    return b"\0" * first + b"".join(b"\x47".ljust(length, b"\0") for _packet in range(count))


HEADS: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "empty"),
    # Media.
    ("MP4", b"\x00\x00\x00\x20ftypisom", "mp4"),
    ("QuickTime that begins with its data", b"\x12\x34\x56\x78mdat\0\0", "mp4"),
    ("QuickTime that begins with its index", b"\x00\x01\x02\x03moov", "mp4"),
    ("QuickTime that begins with wide", b"\x00\x00\x00\x08wide\x00\x00", "mp4"),
    ("MP4 that begins with free space", b"\x00\x00\x04\x00free", "mp4"),
    ("a fragment of MP4", b"\x00\x00\x00\x18styp", "mp4"),
    ("FLV", b"FLV\x01\x05\x00\x00\x00\x09", "flv"),
    ("Matroska", b"\x1aE\xdf\xa3\x01\x00\x00\x00", "mkv"),
    ("WebM", b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "mkv"),
    ("a transport stream", packets(188), "ts"),
    ("M2TS", packets(192, first=4), "ts"),
    ("a transport stream with error correction", packets(204), "ts"),
    ("two packets only", packets(188, count=2), "unknown"),
    ("MP3 with a tag", b"ID3\x04\x00\x00", "mp3"),
    ("MP3, 128 kbit/s, 44100 Hz", b"\xff\xfb\x90\x64", "mp3"),
    ("MP3 of version 2.5", b"\xff\xe3\x18\xc4", "mp3"),
    ("AAC", b"\xff\xf1\x50\x80\x00\x1f\xfc", "unknown"),
    ("a frame with a reserved bit rate", b"\xff\xfb\xf0\x00", "unknown"),
    ("a frame with a reserved sample rate", b"\xff\xfb\x9c\x00", "unknown"),
    ("a frame of a reserved version", b"\xff\xeb\x90\x00", "unknown"),
    ("half a frame", b"\xff\xfb", "text"),
    ("JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "unknown"),
    ("ZIP", b"PK\x03\x04\x14\x00", "unknown"),
    ("gzip", b"\x1f\x8b\x08\x00", "unknown"),
    ("zeros", b"\0" * 4096, "unknown"),
    # Playlists.
    ("HLS", b"#EXTM3U\n#EXT-X-VERSION:3\n", "hls"),
    ("HLS with a byte order mark", b"\xef\xbb\xbf#EXTM3U\r\n", "hls"),
    ("HLS after blank lines", b"\r\n  \n#EXTM3U\n", "hls"),
    ("a list without a header", b"https://media.example.com/a.mp4\n", "text"),
    # Pages.
    ("a page", b"<!DOCTYPE html>\n<html>", "html"),
    ("a page in capitals, after blanks", b"\n\t <HTML LANG=en>", "html"),
    ("a page with a byte order mark and blanks", b"\xef\xbb\xbf \n<html>", "html"),
    ("a page in UTF-16", "\ufeff<!doctype html>".encode("utf-16-le"), "html"),
    ("a page in UTF-16, the other way", "\ufeff<!doctype html>".encode("utf-16-be"), "html"),
    ("a page in GBK", b"<head><title>\xb5\xc7\xc2\xbc</title>", "html"),
    ("a page after a comment", b"<!-- saved from -->\n<!-- twice --><body>", "html"),
    ("XHTML", b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">', "html"),
    ("a script that redirects", b"<script>location='/login'</script>", "html"),
    ("the page of a proxy", b"<h1>403 Forbidden</h1>", "html"),
    # XML.
    ("the error of an object storage", b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "xml"),
    ("XML without a declaration", b"<Error><Code>AccessDenied</Code></Error>", "xml"),
    ("the manifest of DASH", b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', "xml"),
    ("an element that only begins like one of a page", b"<header/>", "xml"),
    ("a comment without an end", b"<!-- " + b"x" * 100, "xml"),
    # Texts.
    ("JSON", b'{"error": "not found"}', "text"),
    ("a text", b"404 page not found\n", "text"),
    ("a text with a word that is also a box of MP4", b"The free film is here", "text"),
    ("a text in UTF-8", "G\u00e4ste 1 < 2".encode(), "text"),
    ("a text in Latin-1", b"G\xe4ste", "text"),
    ("a text in UTF-16", "\ufeffto do".encode("utf-16-le"), "text"),
    ("a text that begins with G as packets do", b"G" * 100, "text"),
    ("a text that begins like FLV", b"FLV files", "text"),
    ("a text that begins like a tag", b"ID3", "text"),
    ("blanks", b" \r\n\t", "text"),
    ("a byte order mark alone", b"\xef\xbb\xbf", "text"),
]


@pytest.mark.parametrize(("head", "kind"), [case[1:] for case in HEADS], ids=[case[0] for case in HEADS])
def test_a_file_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


def test_the_table_has_every_kind() -> None:
    assert {kind for _name, _head, kind in HEADS} == {*KINDS}


@given(st.binary(max_size=2 * 204 + 8))
def test_every_file_has_a_kind(head: bytes) -> None:
    assert kind_of(head) in KINDS


def test_the_kind_of_hostile_bytes_is_found_in_linear_time() -> None:
    for hostile in (b"<!--" * (FIRST_BYTES // 4), b"<!---->" * (FIRST_BYTES // 7), b"<?xml" * (FIRST_BYTES // 5)):
        assert kind_of(hostile) == "xml"


URL = "https://user:pass-word-1@media.example.com/a.mp4?auth_key=1700000000-0-0-abcdef"


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        (Source(False, error="it timed out after 15 seconds"), "unreachable", "cannot be read: it timed out after 15"),
        (Source(True, kind="empty"), "empty", "is empty: the server sends 0 bytes."),
        (Source(True, kind="html", content_type="text/html"), "web_page", "is a web page. It may be"),
        (Source(True, kind="html", content_type="Video/MP4"), "web_page", "although the server calls it 'Video/MP4'"),
        (Source(True, kind="text"), "not_media", "is not a video: it is a text."),
        (Source(True, kind="xml"), "not_media", "is not a video: it is XML"),
    ],
)
def test_a_problem_says_what_is_wrong_with_which_file(source: Source, kind: str, says: str) -> None:
    [problem] = problems_of([URL], {URL: source})
    assert problem["kind"] == kind
    assert problem["entries"] == [0]
    assert "https://user:********@media.example.com/a.mp4?auth_key=********" in problem["text"]
    assert says in problem["text"]


@pytest.mark.parametrize("source", [Source(), *(Source(True, kind=kind) for kind in ("mp4", "hls", "unknown", "mp3"))])
def test_a_file_that_may_be_played_has_no_problem(source: Source) -> None:
    assert problems_of([URL], {URL: source}) == []


def test_a_problem_has_all_entries_of_its_file_in_the_order_of_the_first() -> None:
    sources = {"a": Source(True, kind="empty"), "b": Source(True, kind="mp4"), "c": Source(True, kind="xml")}
    found: Any = problems_of(["c", "b", "a", "c"], sources)
    assert [(problem["kind"], problem["entries"]) for problem in found] == [("not_media", [0, 3]), ("empty", [2])]


def test_a_result_masks_secrets_in_urls() -> None:
    source = Source(False, 403, f"{URL}\x1b[2J", f"refused by {URL}", f"text/{'x' * 2000}")
    result = source.result(URL)
    assert "abcdef" not in str(result)
    assert "pass-word-1" not in str(result)
    assert "\x1b" not in str(result)
    assert result["url"] == "https://user:********@media.example.com/a.mp4?auth_key=********"
    assert result["http_status"] == 403
    assert len(result["content_type"]) < 600
