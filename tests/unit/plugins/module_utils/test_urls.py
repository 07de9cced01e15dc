# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Source URLs: which are accepted, the messages for the others, and which are equal."""

from __future__ import annotations

import ipaddress
import re
import socket
import string
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import shown
from ansible_collections.huaweicloud.live.plugins.module_utils._task.urls import (
    parse_urls,
    same_urls,
    url_problem,
    url_problems,
)

GOOD = [
    "https://media.example.com/one.mp4",
    "http://media.example.com",
    "HTTPS://MEDIA.EXAMPLE.COM/ONE.MP4",
    "https://media.example.com:8443/a/b/c.mp4?x=1&y=2#t=10",
    "https://media.example.com/a%20b.mp4",
    "https://media.example.com/a,b;c=d!e$f&g'h(i)j*k+l=m@n:o~p.mp4",
    "https://media.example.com/hls/,low.mp4,high.mp4,.urlset/master.m3u8",
    "https://media.example.com/play?url=https://other.example.com/one.mp4",
    "https://media.example.com/play?ids[]=1",
    "https://media.example.com/a[1].mp4",
    "https://media.example.com//twice//one.mp4",
    "https://media.example.com./one.mp4",
    "https://user:secret@media.example.com/one.mp4",
    "https://user:se%40cret@media.example.com/one.mp4",
    "rtmp://origin.example.com/live/main?auth_key=1-0-0-abc",
    "rtmps://origin.example.com:443/live/main",
    "rtsp://camera.example.com:554/stream1",
    "srt://origin.example.com:9000?mode=caller&streamid=a",
    "udp://203.0.113.9:5000",
    "ftp://files.example.com/one.mp4",
    "mms://media.example.com/one",
    "s3+http://host",
    # A host of one label, one with letters beyond ASCII, a private or a documentation address.
    "http://mediaserver/one.mp4",
    "http://media_server/one.mp4",
    "http://例子.example/片/é.mp4",
    "http://bücher.example/one.mp4",
    "http://xn--bcher-kva.example/one.mp4",
    "http://b%C3%BCcher.example/one.mp4",
    "http://10.0.0.1/one.mp4",
    "http://172.16.0.1/one.mp4",
    "http://192.168.1.20:8080/one.mp4",
    "http://100.64.0.1/one.mp4",
    "http://169.254.1.1/one.mp4",
    "http://192.0.2.1/one.mp4",
    "http://198.51.100.7/one.mp4",
    "http://255.255.255.255/one.mp4",
    "http://126.255.255.255/one.mp4",
    "http://128.0.0.1/one.mp4",
    "http://0.0.0.1/one.mp4",
    "http://223.255.255.255/one.mp4",
    "http://240.0.0.1/one.mp4",
    "http://[2001:db8::1]/one.mp4",
    "http://[fd00::1]:8080/one.mp4",
    "http://[fe80::1]/one.mp4",
    "http://[::ffff:10.0.0.1]/one.mp4",
    "http://localhost.example.com/one.mp4",
    "http://localhost.localdomain/one.mp4",
    "http://notlocalhost/one.mp4",
    "http://127.example.com/one.mp4",
]

# The words that the reason has to contain.
BAD = [
    *((value, "not a text") for value in (None, 5, True, ["https://media.example.com/one.mp4"], b"https://h/")),
    ("", "empty"),
    *(
        (
            f"https://media.example.com/a{character}b.mp4",
            f"'{character}'. If it is part of a file's name, write {code}",
        )
        for character, code in {"\\": "%5C", '"': "%22", "{": "%7B", "}": "%7D", "<": "%3C", ">": "%3E"}.items()
    ),
    ("https://media.example.com/a^b", "'^'. If it is part of a file's name, write %5E"),
    ("https://media.example.com/a`b", "'`'. If it is part of a file's name, write %60"),
    ("https://media.example.com/a b.mp4", "' ' (a space). If it is part of a file's name, write %20"),
    (" https://media.example.com/a.mp4", "before the URL, which begins after ' ' (a space)"),
    ("https://media.example.com/a.mp4 ", "' ' (a space)"),
    ("https://media.example.com/a\u00a0b", r"'\xa0' (no-break space). If it is part of a file's name, write %C2%A0"),
    ("https://media.example.com/a\u200b", r"'\u200b' (zero width space)"),
    ("\ufeffhttps://media.example.com/a", r"'\ufeff' (zero width no-break space)"),
    ("https://media.example.com/a\tb", r"'\t' (a control character). Remove it"),
    ("https://media.example.com/a\n", r"'\n' (a control character)"),
    ("https://media.example.com/\x07", r"'\x07'"),
    ("https://media.example.com/\x7f", r"'\x7f'"),
    ("https://media.example.com/\x85", r"'\x85'"),
    ("https://media.example.com/\ufffd", r"'\ufffd' (from a byte that is not UTF-8)"),
    ("https://media.example.com/\udcc3", r"'\udcc3' (from a byte that is not UTF-8)"),
    *((f"https://media.example.com/{tail}", "'%' without two hex") for tail in ("100%", "a%2", "a%zz", "%u4e2d")),
    ("https://media.example.com/%%20", "'%' without two hex"),
    ("https://media.example.com/one.mp4|Referer=https://portal.example.com/", "'|'. What players read after it"),
    ("https://media.example.com/one.mp4|User-Agent=Mozilla/5.0 (X11)", "the service cannot send it"),
    *(
        (f"https://a.example.com/one.mp4{between}https://b.example.com/two.mp4", f"the next begins after '{name}")
        for between, name in {",": ",'", ", ": " ' (a space)", "%2C": "%2C'", "%2c": "%2c'", ",%20": "%20'"}.items()
    ),
    ("https://a.example.com/one.mp4 rtmp://b.example.com/live", "the next begins after ' ' (a space)"),
    ("https://a.example.com/one.mp4,RTMP://b.example.com/live", "more than one URL"),
    ("NewsOne,https://media.example.com/one.mp4", "other text before the URL, which begins after ','"),
    ("News https://media.example.com/one.mp4", "other text before the URL, which begins after ' '"),
    *((value, "no scheme") for value in ("media.example.com/a.mp4", "/a.mp4", "a.mp4", "//host/a", "://host/a")),
    ("1ttp://h/a", "no scheme"),
    *((value, "no scheme") for value in ("media.example.com:8080/a.mp4", "localhost:8080/a", "media:8080")),
    ("https:/host/a", "its scheme needs // after it"),
    ("http:a.mp4", "its scheme needs // after it"),
    *(
        (value, "a path on a Windows machine")
        for value in (
            *("D:\\Videos\\a b.mp4", "c:/videos/a.mp4", "C://videos/a.mp4", "D:a.mp4"),
            *("\\\\nas\\video\\a.mp4", "%USERPROFILE%\\Videos\\a.mp4"),
        )
    ),
    *(
        (value, f"its scheme, {value.partition(':')[0]}, does not name a file on the network")
        for value in (
            *(
                "file:///srv/one.mp4",
                "file://nas/one.mp4",
                "FILE:///C:/one.mp4",
                "file:one.mp4",
                "data:video/mp4;base64,AA",
            ),
            *("javascript:alert(1)", "javascript://h/%0aalert(1)", "blob:https://h/1", "mailto:a@example.com"),
            *("plugin://plugin.video.tube/play", "acestream://0123456789abcdef", "content://media/external/1"),
        )
    ),
    *((value, "has no host") for value in ("https://", "https:///a.mp4", "https://?a", "https://user@", "srt://:9000")),
    ("udp://@:1234", "has no host"),
    *((f"https://{host}/a", "port") for host in ("h:port", "h:", "h:0", "h:65536", "h:123456", "[::1", "::1", "[h]x")),
    *((f"https://{host}/a", "is malformed") for host in ("a..b", ".a", "a,b", "a!b", "%00", "a%2Fb", "a%40b", "$HOST")),
    ("https://" + "a" * 64 + ".example.com/", "is malformed"),
    *((f"https://{host}/a", "not an IPv6 address") for host in ("[::g]", "[1:2]", "[fe80::1%25eth0]", "[v1.a]", "[]")),
    *((f"https://{host}/a", "not an IPv4 address") for host in ("256.1.1.1", "1.2.3.4.5", "08.1", "4294967296")),
    # Other notations of an address, which some resolvers accept
    *(
        (f"https://{host}/a", "not an IPv4 address")
        for host in ("127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001", "0", "0x0", "00")
    ),
    ("https://user:p@ss@media.example.com/", "its user or password holds '@'. Write %40"),
    ("https://media.example.com/a#b#c", "'#' twice. Write %23"),
    *(
        (f"http://{host}/a", f"its host, '{host}', is a name for the local machine")
        for host in (
            "localhost",
            "LocalHost",
            "localhost.",
            "a.localhost",
            "%6cocalhost",
            "\uff4cocalhost",
            "a。localhost",
        )
    ),
    ("http://user:secret@localhost:8080/a", "its host, 'localhost', is"),
    *(
        (f"http://{host}/a", f"a loopback address, {address}")
        for host, address in {
            **dict.fromkeys(("127.0.0.1", "127.0.0.1.", "127%2E0.0.1", "\uff11\uff127.0.0.1"), "127.0.0.1"),
            **dict.fromkeys(("127。0。0。1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"), "127.0.0.1"),
            **dict.fromkeys(("[::1]", "[0:0:0:0:0:0:0:1]"), "::1"),
            **{"127.255.255.254": "127.255.255.254"},
        }.items()
    ),
    *((f"http://{host}/a", "an unspecified address") for host in ("0.0.0.0", "[::]", "[::ffff:0.0.0.0]")),
    *(
        (f"udp://{host}:1234", "a multicast address")
        for host in ("224.0.0.1", "@239.1.2.3", "239.255.255.255", "[ff02::1]", "[::ffff:224.0.0.1]")
    ),
]


@pytest.mark.parametrize("url", GOOD)
def test_a_url_that_a_service_can_pull_is_accepted_unchanged(url: str) -> None:
    assert url_problem(url) is None
    assert parse_urls([url]) == [url]


@pytest.mark.parametrize(("value", "words"), BAD)
def test_a_value_that_is_not_a_url_is_refused_with_the_reason(value: object, words: str) -> None:
    problem = url_problem(value)
    assert problem is not None
    assert words in problem
    with pytest.raises(ValueError, match=r"^entry 2 \(the 2nd\), .*, is not allowed: ") as refused:
        parse_urls([GOOD[0], value])
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("value", "advised"),
    [
        ("https://media.example.com/a b.mp4", "https://media.example.com/a%20b.mp4"),
        ("https://media.example.com/a{b}.mp4", "https://media.example.com/a%7Bb%7D.mp4"),
        ("https://media.example.com/a\u200b.mp4", "https://media.example.com/a%E2%80%8B.mp4"),
        ("https://media.example.com/100%.mp4", "https://media.example.com/100%25.mp4"),
        ("https://media.example.com/a#b#c.mp4", "https://media.example.com/a%23b%23c.mp4"),
        ("https://user:p@ss@media.example.com/", "https://user:p%40ss@media.example.com/"),
        ("https://media.example.com/one.mp4|User-Agent=Mozilla/5.0 (X11)", "https://media.example.com/one.mp4"),
        ("https://media.example.com/a\tb.mp4", "https://media.example.com/ab.mp4"),
    ],
)
def test_following_the_advice_gives_a_url(value: str, advised: str) -> None:
    assert url_problem(value) is not None
    assert url_problem(advised) is None


def test_entries_are_counted_from_one() -> None:
    for position, place in ((0, "entry 1 (the first)"), (1, "entry 2 (the 2nd)"), (2, "entry 3 (the 3rd)")):
        with pytest.raises(ValueError, match=re.escape(place)):
            parse_urls([*[GOOD[0]] * position, "https://"])
    for position, place in ((3, "(the 4th)"), (10, "(the 11th)"), (20, "(the 21st)"), (29, "(the 30th)")):
        with pytest.raises(ValueError, match=re.escape(place)):
            parse_urls([*[GOOD[0]] * position, "https://"])


def test_a_text_that_was_split_at_commas_is_reported() -> None:
    with pytest.raises(ValueError, match=r"a string is split at commas; give a list"):
        parse_urls(["https://media.example.com/low", "high.mp4"])


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hunter2@media.example.com/a b.mp4",
        "https://user:hun/ter2@media.example.com/a.mp4",
        "https://user:hun#ter2@media.example.com/a b",
        "https://user:1hunter2@x@media.example.com/",
        "https://media.example.com/a b?auth_key=hunter2&x=1",
        "https://media.example.com/a b?X-Amz-Signature=hunter2",
        "https://media.example.com/a b?x=1&Token=hunter2#t",
        "srt://media.example.com:9?passphrase=hunter2&a b",
        "https://media.example.com/a.mp4|Authorization=hunter2",
    ],
)
def test_passwords_and_tokens_are_masked_in_messages(url: str) -> None:
    with pytest.raises(ValueError, match=r"\*{8}") as refused:
        parse_urls([url])
    assert "ter2" not in str(refused.value)
    assert "example.com" in str(refused.value)


def test_values_without_a_secret_are_quoted() -> None:
    plain = "https://media.example.com:8080/a@b c.mp4?design=1"
    assert shown("https://media.example.com:8080/a@b c.mp4?x=1") == "'https://media.example.com:8080/a@b c.mp4?x=1'"
    assert "a@b c.mp4" in shown(plain)


BARE = "%/?#[]@!$&'()*+,;=:"
# Pieces that often make a URL when joined.
_HOSTS = st.sampled_from(
    ["media.example.com", "h", "10.0.0.1", "[2001:db8::1]", "a-b.c", "user:p@h", "h:8080", "h:x", ""]
)
_TAILS = st.text(st.sampled_from(string.printable), max_size=12) | st.lists(
    st.sampled_from(
        ["/", "a", "%20", "%", "%zz", "?", "=", "&", "#", " ", ",", "[", "\\", "|", "^", '"', "~", ":", "@"]
    )
).map("".join)


@given(_HOSTS, _TAILS)
@example("h", "/a%2fb")
@example("h", "?a#b")
def test_the_parser_of_urllib3_accepts_the_same_urls(host: str, tail: str) -> None:
    """urllib3 percent-encodes what RFC 3986 does not allow, so a text that it leaves unchanged is a URL."""
    url = f"https://{host}/{tail}"
    # Brackets are accepted, because all clients send them. urllib3 removes dots from a path.
    assume("[" not in tail and "]" not in tail and "." not in tail and "@" not in tail.partition("/")[0])
    try:
        legal = parse_url(url).url.casefold() == url.casefold() and bool(host)
    except LocationParseError:
        legal = False
    assert (url_problem(url) is None) == legal


@given(
    st.lists(
        st.sampled_from(["0", "1", "127", "0x7f", "0177", "224", "239", "255", "256", "00", "0x", "010", "65535", "08"])
        | st.integers(0, 2**32).map(str),
        min_size=1,
        max_size=5,
    ).map(".".join)
)
def test_a_host_of_numbers_is_accepted_only_if_every_resolver_reads_the_same_address(host: str) -> None:
    if url_problem(f"http://{host}/") is None:
        address = ipaddress.IPv4Address(socket.inet_aton(host))
        assert str(address) == host
        assert not (address.is_loopback or address.is_unspecified or address.is_multicast)


@given(st.text())
def test_any_text_is_a_url_or_has_a_reason_not_to_be(text: str) -> None:
    for value in (text, f"https://media.example.com/{text}", f"https://{text}", f"https://{text}/"):
        problem = url_problem(value)
        assert problem is None or problem.startswith(("it", "what", "there", value.partition(":")[0]))
        assert same_urls([value], [value])
        if problem is None and value.isascii():
            assert parse_url(value).host


@given(
    st.lists(
        st.text(st.characters(categories=["Ll", "Lo", "Nd"], max_codepoint=0xFFFF), min_size=1, max_size=8), min_size=1
    ),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=20),
)
@example(["例子", "example"], "片/é.mp4")
def test_a_url_equals_the_form_in_which_the_service_may_store_it(labels: list[str], path: str) -> None:
    host = ".".join([*labels, "example"])
    url = f"https://{host}/{path}"
    assume(url_problem(url) is None)
    try:
        punycode = host.encode("idna").decode()
    except UnicodeError:
        assume(False)
    # The standard maps some letters to others, such as an eszett to ss: then the host differs.
    assume(punycode.encode().decode("idna") == host)
    for stored in (
        f"https://{punycode}/{path}",
        f"https://{punycode}/{quote(path, safe=BARE)}",
        f"HTTPS://{punycode.upper()}/{path}",
        f"https://{quote(host)}/{path}",
    ):
        assert same_urls([url], [stored]), stored


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a", True),
        ("https://bücher.example:8080/é", "https://xn--bcher-kva.example:8080/%c3%a9", True),
        ("https://u:p@bücher.example/", "https://u:p@xn--bcher-kva.example/", True),
        ("https://u:P@h.example/", "https://u:p@h.example/", False),
        ("https://h.example/A", "https://h.example/a", False),
        ("https://h.example/%41", "https://h.example/A", True),
        ("https://h.example/a%2Fb", "https://h.example/a/b", False),
        ("https://h.example/a", "https://h.example:443/a", False),
        ("https://bücher.example/", "https://bucher.example/", False),
        ("https://xn--zz99999999999.example/", "https://xn--zz99999999998.example/", False),
        ("no url é", "no url %C3%A8", False),
        ("mailto:A", "mailto:a", False),
        ("é", "%C3%A9", True),
    ],
)
def test_urls_that_differ_in_meaning_differ(one: str, other: str, same: bool) -> None:
    assert same_urls([one], [other]) == same_urls([other], [one]) == same
    assert not same_urls([one], [one, one])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "224.0.0.1"])
def test_a_host_that_only_this_machine_can_reach_is_allowed_on_request(host: str) -> None:
    url = f"http://{host}/one.mp4"
    assert url_problem(url, anywhere=True) is None
    assert [*url_problems([url], anywhere=True)] == []
    assert url_problem(f"http://{host}/one.mp4") is not None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (5, "it is not a text"),
        ("", "it is empty"),
        (
            "D:\\one.mp4",
            "it is a path on a Windows machine or share, which the service cannot reach. Put the file on a"
            " server that the service can reach, and declare its URL there",
        ),
        (
            "https://h/one.mp4,https://h/two.mp4",
            "it holds more than one URL: the next begins after ','. Give one URL in each entry",
        ),
        ("One,https://h/one.mp4", "it holds other text before the URL, which begins after ','. Give the URL alone"),
        (
            "https://h/one.mp4|User-Agent=a",
            "it holds '|'. What players read after it, such as Referer or User-Agent, is not part of a URL,"
            " and the service cannot send it. Remove '|' and the text after it",
        ),
        ("https://h/a b", "it holds ' ' (a space). If it is part of a file's name, write %20; if not, remove it"),
        ("https://h/\ufffd", "it holds '\\ufffd' (from a byte that is not UTF-8)"),
        ("https://h/a\x07", "it holds '\\x07' (a control character). Remove it"),
        ("https://h/100%", "it holds '%' without two hex digits after it. Write %25 for a percent sign"),
        ("one.mp4", "it has no scheme at its beginning, such as https://"),
        (
            "file:///one.mp4",
            "its scheme, file, does not name a file on the network. Put the file on a server that the service can"
            " reach, and declare its URL there",
        ),
        ("media.example.com:one/x", "it has no scheme at its beginning, such as https://"),
        ("media:8080/x", "it has no scheme at its beginning, such as https://"),
        ("media:one", "its scheme needs // after it, as in https://"),
        ("https://h/#a#b", "it holds '#' twice. Write %23 if it is part of a file's name"),
        ("https://a@b@h/", "its user or password holds '@'. Write %40"),
        ("https://h:0/", "its host is malformed, or its port is not a number from 1 to 65535"),
        ("https://h:65536/", "its host is malformed, or its port is not a number from 1 to 65535"),
        ("https://", "it has no host"),
        ("https://[::g]/", "its host, '[::g]', is not an IPv6 address"),
        ("https://[fe80::1%eth0]/", "it holds '%' without two hex digits after it. Write %25 for a percent sign"),
        ("https://a_b..c/", "its host, 'a_b..c', is malformed"),
        ("https://%FF.example.com/", "its host, '%FF.example.com', is malformed"),
        ("https://a%E2%80%8Bb.example.com/", "its host, 'a%E2%80%8Bb.example.com', is malformed"),
        (
            "https://localhost/",
            "its host, 'localhost', is a name for the local machine, which would be the service itself",
        ),
        ("https://127.1/", "its host, '127.1', is not an IPv4 address"),
        ("https://127.0x.0.1/", "its host, '127.0x.0.1', is not an IPv4 address"),
        ("https://0/", "its host, '0', is not an IPv4 address"),
        ("https://127.0.0.1.0/", "its host, '127.0.0.1.0', is not an IPv4 address"),
        ("https://127.256.1/", "its host, '127.256.1', is not an IPv4 address"),
        ("https://1.16777216/", "its host, '1.16777216', is not an IPv4 address"),
        ("https://[ff02::1]/", "its host, '[ff02::1]', is a multicast address, ff02::1"),
    ],
)
def test_a_message_says_what_is_wrong_and_what_to_do(value: object, problem: str) -> None:
    assert url_problem(value) == problem


@pytest.mark.parametrize("url", ["https://h:1/", "https://h:65535/", "https://u@例:1/", "https://1.255.255.255/"])
def test_the_limits_of_hosts_and_ports_are_allowed(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize(
    ("urls", "message"),
    [
        (
            ["https://h/1", "2.mp4"],
            "entry 2 (the 2nd), '2.mp4', is not allowed: it has no scheme at its beginning, such as https:// (a"
            " string is split at commas; give a list)",
        ),
        (
            ["https://h/1", "https://h/a b"],
            "entry 2 (the 2nd), 'https://h/a b', is not allowed: it holds ' ' (a space). If it is part of a"
            " file's name, write %20; if not, remove it",
        ),
        (
            ["2.mp4"],
            "entry 1 (the first), '2.mp4', is not allowed: it has no scheme at its beginning, such as https://",
        ),
        (["https://h/1", ""], "entry 2 (the 2nd), '', is not allowed: it is empty"),
        (["https://h/1"] * 11 + [""], "entry 12 (the 12th), '', is not allowed: it is empty"),
        (["https://h/1"] * 12 + [""], "entry 13 (the 13th), '', is not allowed: it is empty"),
        (["https://h/1"] * 20 + [""], "entry 21 (the 21st), '', is not allowed: it is empty"),
        (["https://h/1"] * 110 + [""], "entry 111 (the 111th), '', is not allowed: it is empty"),
    ],
)
def test_an_entry_is_named_by_its_place(urls: list[str], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_urls(urls)
    assert str(caught.value) == message


@pytest.mark.parametrize(("length", "same"), [(63, True), (64, False)])
def test_a_label_has_63_characters_at_most(length: int, same: bool) -> None:
    own = "a" * (length - len("xn--" + "é".encode("punycode").decode()) - 1) + "é"
    label = f"xn--{own.encode('punycode').decode()}"
    assert len(label) == length
    assert same_urls([f"https://{label}/"], [f"https://{own}/"]) == same


def test_a_url_with_octets_that_are_not_utf_8_equals_itself() -> None:
    assert same_urls(["https://h/\udcc3"], ["HTTPS://h/\udcc3"])
    assert not same_urls(["https://h/\udcc3"], ["https://h/\udcc4"])
