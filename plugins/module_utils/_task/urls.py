# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Source URLs: which values are refused, and which two are equal. Pure, by RFC 3986. Private to this collection."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, unquote

from .._errors import shown

URL_ALLOWED = "scheme://host... that a service on the internet can pull"

# Nearly all URLs match this pattern, which is fast; the others are checked part by part. The set is negated, because a
# set with letters beyond Latin-1 takes 3 ms to compile at each start.
_IN_PATH = r'[^\x00-\x20"#%,:<>\[\\\]^`{|}\x7f-\xa0]*'
_ORDINARY = re.compile(
    r"(?:https?|rtmps?|rtsps?|srt)://"
    r"(?:[A-Za-z0-9-]{1,63}\.)*(?!(?i:localhost))[A-Za-z][A-Za-z0-9-]{0,62}(?::[1-9][0-9]{0,3})?"
    rf"(?:[/?]{_IN_PATH}(?:(?:%[0-9A-Fa-f]{{2}}|:(?!//)){_IN_PATH})*)?"
)
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*"
_PARTS = re.compile(rf"({_SCHEME}):(//)?([^/?#]*)(.*)")
# Patterns that most runs do not use are compiled at their first use.
_SECOND = rf"(?i)(,|%2C|\s|%20){_SCHEME}://"
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]{1,5}))?")
_LABEL = r"(?:[a-z0-9_-]|[^\x00-\x7f]){1,63}"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
# A drive letter, a share, or a variable. No scheme has one letter.
WINDOWS = re.compile(r"[A-Za-z]:|\\\\|%\w+%[\\/]")
# Bytes that are not UTF-8 become U+FFFD or lone surrogates.
NO_TEXT = re.compile("[\ufffd\ud800-\udfff]")
_NOT_IN_URLS = r'[\x00-\x20"<>\\^`{|}\x7f-\xa0\ufffd\ud800-\udfff]'
# Schemes of files, texts, devices and add-ons, which name no host on the network.
NOT_OF_THE_NETWORK = frozenset(
    (
        *("about", "acestream", "android-app", "blob", "cdda", "chrome", "chrome-extension", "content", "data"),
        *("dvb", "dvd", "ed2k", "file", "filesystem", "intent", "jar", "javascript", "magnet"),
        *("mailto", "pipe", "plugin", "pvr", "res", "resource", "special", "tel", "thunder"),
        *("tvbus", "urn", "v4l2", "vbscript", "videodb", "view-source", "zip"),
    )
)
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_FINAL_SLASH = rf"\A({_SCHEME}://[^?#]*)/(?=[?#]|\Z)"
_BARE_IN_URLS = ":/?#[]@!$&'()*+,;=%-._~"
_DEFAULT_PORTS = {"http": 80, "https": 443, "rtmp": 1935, "rtmps": 443, "rtsp": 554, "rtsps": 322}
# The protocol of an ingest domain.
_INGEST = "rtmp"

_ON_A_SERVER = "Put the file on a server that the service can reach, and declare its URL there"
_NO_SCHEME = "it has no scheme at its beginning, such as https://"


def url_problem(value: object, anywhere: bool = False) -> str | None:
    """Return why the value cannot be a source URL, as a clause; None if it can.

    A source URL is an absolute URI (RFC 3986) with a host that a service on the internet can reach. Letters beyond
    ASCII are allowed, and square brackets after the host, which all clients send unchanged.

    Args:
        value: the value.
        anywhere: whether a host that only this machine can reach, such as localhost, is allowed.
    """
    if not isinstance(value, str):
        return "it is not a text"
    if _ORDINARY.fullmatch(value) and value.isprintable() and "\ufffd" not in value:
        return None
    return _form_problem(value) or _character_problem(value) or _part_problem(value, anywhere)


def _form_problem(url: str) -> str | None:
    """Return the problem of a value that is not a URL at all, or holds more than a URL."""
    if not url:
        return "it is empty"
    if WINDOWS.match(url):
        return f"it is a path on a Windows machine or share, which the service cannot reach. {_ON_A_SERVER}"
    second = re.search(_SECOND, url)
    if second and re.match(f"{_SCHEME}://", url):
        return f"it holds more than one URL: the next begins after {_named(second[1])}. Give one URL in each entry"
    if second:
        return f"it holds other text before the URL, which begins after {_named(second[1])}. Give the URL alone"
    if "|" in url:
        return (
            "it holds '|'. What players read after it, such as Referer or User-Agent, is not part of a URL, and the"
            " service cannot send it. Remove '|' and the text after it"
        )
    return None


def _character_problem(url: str) -> str | None:
    found = re.search(_NOT_IN_URLS, url)
    if found or not url.isprintable():
        wrong = found[0] if found else next(character for character in url if not character.isprintable())
        if NO_TEXT.match(wrong):
            return f"it holds {_named(wrong)}"
        if unicodedata.category(wrong) == "Cc":
            return f"it holds {_named(wrong)}. Remove it"
        encoded = quote(wrong, safe="")
        return f"it holds {_named(wrong)}. If it is part of a file's name, write {encoded}; if not, remove it"
    if _NO_ESCAPE.search(url):
        return "it holds '%' without two hex digits after it. Write %25 for a percent sign"
    return None


def _part_problem(url: str, anywhere: bool) -> str | None:
    parts = _PARTS.fullmatch(url)
    if not parts:
        return _NO_SCHEME
    scheme, slashes, authority, rest = parts.groups()
    if scheme.lower() in NOT_OF_THE_NETWORK:
        return f"its scheme, {scheme}, does not name a file on the network. {_ON_A_SERVER}"
    if not slashes:
        # The text before the colon may be a host and not a scheme, so the message does not quote it.
        is_host = "." in scheme or authority.isdigit()
        return _NO_SCHEME if is_host else "its scheme needs // after it, as in https://"
    if rest.count("#") > 1:
        return "it holds '#' twice. Write %23 if it is part of a file's name"
    user, _at, host_and_port = authority.rpartition("@")
    wrong = re.search(r"[@\[\]]", user)
    if wrong:
        return f"its user or password holds '{wrong[0]}'. Write {quote(wrong[0])}"
    found = _HOST_AND_PORT.fullmatch(host_and_port)
    if found is None or (found[2] and not 1 <= int(found[2]) <= 65535):
        # It is not quoted, because it may be a part of a password.
        return "its host is malformed, or its port is not a number from 1 to 65535"
    return _host_problem(found[1], anywhere)


def _host_problem(host: str, anywhere: bool) -> str | None:
    if not host:
        return "it has no host"
    found = _address(host, anywhere)
    if isinstance(found, str):
        return f"its host, {shown(host)}, is {found}"
    for kind in () if anywhere else ("loopback", "unspecified", "multicast"):
        if getattr(found, f"is_{kind}", False):
            return f"its host, {shown(host)}, is {'an' if kind == 'unspecified' else 'a'} {kind} address, {found}"
    return None


def _address(host: str, anywhere: bool) -> IPv4Address | IPv6Address | str | None:
    """Return the IP address of a host, None if it has a name, or what is wrong with it."""
    if host.startswith("["):
        try:
            # A zone is valid on one machine only.
            address = IPv6Address("" if "%" in host else host[1:-1])
        except ValueError:
            return "not an IPv6 address"
        return address.ipv4_mapped or address
    name = _plain_name(unquote(host)).removesuffix(".")
    if not _NAME.fullmatch(name) or not name.isprintable() or NO_TEXT.search(name):
        return "malformed"
    last = name.rpartition(".")[2]
    if last == "localhost" and not anywhere:
        return "a name for the local machine, which would be the service itself"
    try:
        return IPv4Address(name) if _NUMBER.fullmatch(last) else None
    except ValueError:
        return "not an IPv4 address"


def _named(text: str) -> str:
    """Return a character, or its escape, as a message quotes it: with its name if it is not visible."""
    if text == " ":
        return "' ' (a space)"
    if len(text) > 1 or (text.isprintable() and text.isascii()):
        return f"'{text}'"
    if NO_TEXT.match(text):
        return f"{text!a} (from a byte that is not UTF-8)"
    return f"{text!a} ({unicodedata.name(text, 'a control character').lower()})"


def encoded(url: str) -> str:
    """Return a URL with the visible characters percent-encoded that a URL cannot hold. `same_urls` finds both equal."""
    return re.sub(r'[ "<>\\^`{|}]', lambda found: quote(found[0]), url)


def parse_urls(value: object) -> list[str]:
    """Return a list of source URLs.

    Raises:
        ValueError: it is not a list, or an entry is not a URL.
    """
    if not isinstance(value, list):
        raise ValueError
    problem = next(url_problems(value), None)
    if problem is not None:
        raise ValueError(problem)
    return list(value)


def url_problems(urls: Sequence[object], anywhere: bool = False) -> Iterator[str]:
    """Yield why entries of a list cannot be source URLs, each with its position; see `url_problem`."""
    for position, url in enumerate(urls):
        problem = url_problem(url, anywhere)
        if problem is not None:
            split = isinstance(url, str) and url and position and "://" not in url
            hint = " (a string is split at commas; give a list)" if split else ""
            yield f"{place_of(position)}, {shown(url)}, is not allowed: {problem}{hint}"


def place_of(position: int) -> str:
    """Return what a message calls an entry. The ordinal shows that it is counted from 1; the service counts from 0.

    Args:
        position: its position in the list, counted from 0.
    """
    number = position + 1
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"entry {number} (the {'first' if number == 1 else f'{number}{ending}'})"


def same_urls(one: list[str], other: list[str]) -> bool:
    """Return whether two lists hold the same URLs in the same order, in any form in which the service may store them.

    It may percent-encode them, write the host in punycode, and scheme and host in lower case.
    """
    return len(one) == len(other) and all(a == b or _plain_url(a) == _plain_url(b) for a, b in zip(one, other))


def _plain_url(url: str) -> str:
    """Return a URL in the normal form of RFC 3986, 6.2.2, with the letters of the host decoded."""
    return _normal(url, lambda host, _scheme: _decoded_host(host))


def plain_destination_url(url: str) -> str:
    """Return the URL that a task pushes to in the form for comparing: without a default port; paths stay exact."""
    return _normal(url, plain_host)


def _normal(url: str, plain: Callable[[str, str], str]) -> str:
    parts = _PARTS.fullmatch(url)
    if not parts or not parts[2]:
        return _plain_text(url)
    scheme, slashes, authority, rest = parts.groups()
    user, at, host_and_port = authority.rpartition("@")
    return f"{scheme.lower()}:{slashes}{_plain_text(user)}{at}{plain(host_and_port, scheme.lower())}{_plain_text(rest)}"


def same_address(one: str, other: str) -> bool:
    """Return whether two URLs are equal; a default port and a slash at the end of the path make no difference."""
    return one == other or len({re.sub(_FINAL_SLASH, r"\1", plain_destination_url(url)) for url in (one, other)}) == 1


@lru_cache(maxsize=1024)
def plain_host(host_and_port: str, scheme: str = _INGEST) -> str:
    """Return a host, with or without a port, in the form for comparing.

    Case, a final dot, punycode and the default port of the scheme make no difference.
    """
    found = _HOST_AND_PORT.fullmatch(host_and_port.removesuffix(":"))
    host, port = found.groups() if found else (host_and_port, None)
    name = _decoded_host(host).removesuffix(".")
    return f"{name}:{int(port)}" if port and int(port) != _DEFAULT_PORTS.get(scheme) else name


def _decoded_host(host: str) -> str:
    """Return a host in lower case, with percent-encoding and punycode decoded."""
    labels = _plain_name(unquote(host)).split(".")
    return _plain_name(".".join(map(_plain_label, labels)))


def _plain_name(host: str) -> str:
    # Browsers and resolvers also treat these forms of letters and dots as equal.
    if host.isascii():
        return host.lower()
    return unicodedata.normalize("NFKC", host).replace("\u3002", ".").lower()


def _plain_label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > 63:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (ValueError, OverflowError):
        return label


def _plain_text(text: str) -> str:
    encoded = quote(text, safe=_BARE_IN_URLS, errors="surrogatepass")
    return re.sub(r"%[0-9A-Fa-f]{2}", lambda found: _bare_if_unreserved(found[0]), encoded)


@lru_cache(maxsize=1024)
def _bare_if_unreserved(escape: str) -> str:
    character = unquote(escape)
    return character if character.isascii() and (character.isalnum() or character in "-._~") else escape.upper()
