# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a source URL is, why a value is none, and which two are the same. Pure.

Follows RFC 3986. Private to this collection.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, unquote

from .._errors import shown

URL_ALLOWED = "scheme://host... that a service on the internet can pull"

# What nearly all are, at the price of one match; what else is allowed takes the long way. A set that names letters
# beyond Latin-1 takes 3 ms to compile, at each start: it is said what is not in it.
_IN_PATH = r'[^\x00-\x20"#%,:<>\[\\\]^`{|}\x7f-\xa0]*'
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ORDINARY = re.compile(
    r"(?:https?|rtmps?|rtsps?|srt)://"
    r"(?:(?:[A-Za-z0-9-]{1,63}\.)*(?!(?i:localhost))[A-Za-z][A-Za-z0-9-]{0,62}"
    rf"|(?!127\.|22[4-9]\.|23[0-9]\.|0\.){_OCTET}(?:\.{_OCTET}){{3}})(?::[1-9][0-9]{{0,3}})?"
    rf"(?:[/?]{_IN_PATH}(?:(?:%[0-9A-Fa-f]{{2}}|:(?!//)){_IN_PATH})*)?"
)
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*"
_PARTS = re.compile(rf"({_SCHEME}):(//)?([^/?#]*)(.*)")
_SECOND = re.compile(rf"(,|%2C|\s|%20){_SCHEME}://", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]{1,5}))?")
_LABEL = r"(?:[a-z0-9_-]|[^\x00-\x7f]){1,63}"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
# No scheme has one letter.
WINDOWS = re.compile(r"[A-Za-z]:|\\\\|%\w+%[\\/]")
# U+FFFD and lone surrogates are what is left of bytes that are no UTF-8.
NO_TEXT = re.compile("[\ufffd\ud800-\udfff]")
_NOT_IN_URLS = re.compile(r'[\x00-\x20"<>\\^`{|}\x7f-\xa0\ufffd\ud800-\udfff]')
# Schemes that name a file, a piece of text, a device or an add-on, and no host on the network.
NOT_OF_THE_NETWORK = frozenset(
    (
        *("about", "acestream", "android-app", "blob", "cdda", "chrome", "chrome-extension", "content", "data"),
        *("dvb", "dvd", "ed2k", "file", "filesystem", "intent", "jar", "javascript", "magnet"),
        *("mailto", "pipe", "plugin", "pvr", "res", "resource", "special", "tel", "thunder"),
        *("tvbus", "urn", "v4l2", "vbscript", "videodb", "view-source", "zip"),
    )
)
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_BARE_IN_URLS = ":/?#[]@!$&'()*+,;=%-._~"
_DEFAULT_PORTS = {"http": 80, "https": 443, "rtmp": 1935, "rtmps": 443, "rtsp": 554, "rtsps": 322}
# The protocol of an ingest domain.
_INGEST = "rtmp"

_ON_A_SERVER = "Put the file on a server, and give its URL there"
_NO_SCHEME = "it has no scheme at its beginning, such as https://"


def url_problem(value: object) -> str | None:
    """Return why the value cannot be a source URL, as a clause about `it`; None if it can.

    A source URL is an absolute URI by RFC 3986 of a host that a service on the internet can pull from. Letters beyond
    ASCII are allowed, and square brackets behind the host, which all clients send as they are.
    """
    if not isinstance(value, str):
        return "it is no text"
    if _ORDINARY.fullmatch(value) and value.isprintable() and "\ufffd" not in value:
        return None
    return _form_problem(value) or _character_problem(value) or _part_problem(value)


def _form_problem(url: str) -> str | None:
    """Return what somebody gave that is no URL at all, or is one with something else."""
    if not url:
        return "it is empty"
    if WINDOWS.match(url):
        return f"it is a path on a Windows machine or share, which the service cannot reach. {_ON_A_SERVER}"
    second = _SECOND.search(url)
    if second and re.match(f"{_SCHEME}://", url):
        return f"it is more than one URL, another begins behind {_named(second[1])}. Give each one by itself"
    if second:
        return f"it is something else and a URL, which begins behind {_named(second[1])}. Give the URL alone"
    if "|" in url:
        return (
            "it holds '|'. What players write behind it, such as Referer or User-Agent, is no part of a URL, and the"
            " service cannot send it. Leave out the bar and what follows"
        )
    return None


def _character_problem(url: str) -> str | None:
    found = _NOT_IN_URLS.search(url)
    if found or not url.isprintable():
        wrong = found[0] if found else next(character for character in url if not character.isprintable())
        if NO_TEXT.match(wrong):
            return f"it holds {_named(wrong)}"
        if unicodedata.category(wrong) == "Cc":
            return f"it holds {_named(wrong)}. Leave it out"
        encoded = quote(wrong, safe="")
        return f"it holds {_named(wrong)}. If that is part of a file's name, write {encoded}; if not, leave it out"
    if _NO_ESCAPE.search(url):
        return "it holds '%' without two hex digits behind it. Write %25 for a percent sign"
    return None


def _part_problem(url: str) -> str | None:
    parts = _PARTS.fullmatch(url)
    if not parts:
        return _NO_SCHEME
    scheme, slashes, authority, rest = parts.groups()
    if scheme.lower() in NOT_OF_THE_NETWORK:
        return f"{scheme}: names nothing on the network that the service could pull. {_ON_A_SERVER}"
    if not slashes:
        # What stands before the colon need not be a scheme: it is not told.
        host_and_port = "." in scheme or authority.isdigit()
        return _NO_SCHEME if host_and_port else "there is no // behind its scheme, as in https://"
    if rest.count("#") > 1:
        return "it holds '#' twice. Write %23 for one in a file's name"
    user, _at, place = authority.rpartition("@")
    wrong = re.search(r"[@\[\]]", user)
    if wrong:
        return f"its user or password holds '{wrong[0]}'. Write {quote(wrong[0])}"
    found = _HOST_AND_PORT.fullmatch(place)
    if found is None or (found[2] and not 1 <= int(found[2]) <= 65535):
        # What looks like a port may be a piece of a password.
        return "what follows its host is no port from 1 to 65535, or its host is malformed"
    return _host_problem(found[1])


def _host_problem(host: str) -> str | None:
    quoted = shown(host)
    if not host:
        return "it names no host"
    address: IPv4Address | IPv6Address | None
    if host.startswith("["):
        try:
            # A zone means something on one machine only.
            address = IPv6Address("" if "%" in host else host[1:-1])
        except ValueError:
            return f"its host, {quoted}, is no IPv6 address"
        address = address.ipv4_mapped or address
    else:
        name = _plain_name(unquote(host)).removesuffix(".")
        if not _NAME.fullmatch(name) or not name.isprintable() or NO_TEXT.search(name):
            return f"its host, {quoted}, is malformed"
        last = name.rpartition(".")[2]
        if last == "localhost":
            return f"its host, {quoted}, is the machine that asks, which is the service's own and not yours"
        if not _NUMBER.fullmatch(last):
            return None
        address = _ipv4(name)
        if address is None:
            return f"its host, {quoted}, is no IPv4 address"
    for kind in ("loopback", "unspecified", "multicast"):
        if getattr(address, f"is_{kind}"):
            return f"its host, {quoted}, is {'an' if kind == 'unspecified' else 'a'} {kind} address, {address}"
    return None


def _ipv4(text: str) -> IPv4Address | None:
    """Return an IPv4 address in any notation that resolvers take: 127.1, 0x7f.0.0.1, 0177.0.0.1, 2130706433."""
    *first, last = text.split(".")
    try:
        numbers = [int(part[2:] or "0", 16) if part[:2] == "0x" else _decimal_or_octal(part) for part in (*first, last)]
    except ValueError:
        return None
    if len(first) > 3 or any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (4 - len(first)):
        return None
    return IPv4Address(sum(number << 24 - 8 * place for place, number in enumerate(numbers[:-1])) + numbers[-1])


def _decimal_or_octal(digits: str) -> int:
    return int(digits, 8 if digits.startswith("0") else 10)


def _named(text: str) -> str:
    """Return a character, or the escape of one, as a message quotes it: with its name where it cannot be seen."""
    if text == " ":
        return "' ' (a blank)"
    if len(text) > 1 or (text.isprintable() and text.isascii()):
        return f"'{text}'"
    if NO_TEXT.match(text):
        return f"{text!a} (what is left of a byte that is no UTF-8)"
    return f"{text!a} ({unicodedata.name(text, 'a control character').lower()})"


def parse_urls(value: object) -> list[str]:
    """Return a list of source URLs.

    Raises:
        ValueError: it is none, or holds another entry.
    """
    if not isinstance(value, list):
        raise ValueError
    for position, url in enumerate(value):
        problem = url_problem(url)
        if problem is not None:
            split = isinstance(url, str) and url and position and "://" not in url
            hint = " (a text is split at commas; give a list)" if split else ""
            raise ValueError(f"{_place(position)}, {shown(url)}, is not allowed: {problem}{hint}")
    return list(value)


def _place(position: int) -> str:
    """Return where in a list something is, as people count; what the service counts from 0 is told apart."""
    number = position + 1
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"entry {number} (the {'first' if number == 1 else f'{number}{ending}'})"


def same_urls(one: list[str], other: list[str]) -> bool:
    """Return whether two lists hold the same URLs in the same order, however the service stores them.

    It may percent-encode them, write a host in punycode, and scheme and host in small letters.
    """
    return len(one) == len(other) and all(a == b or _plain_url(a) == _plain_url(b) for a, b in zip(one, other))


def _plain_url(url: str) -> str:
    """Return a URL in the normal form of RFC 3986, 6.2.2, with the host in its own letters."""
    parts = _PARTS.fullmatch(url)
    if not parts or not parts[2]:
        return _plain_text(url)
    scheme, slashes, authority, rest = parts.groups()
    user, at, place = authority.rpartition("@")
    return f"{scheme.lower()}:{slashes}{_plain_text(user)}{at}{_host_in_own_letters(place)}{_plain_text(rest)}"


def same_address(one: str, other: str) -> bool:
    """Return whether two URLs are the same; a default port and a slash at the end of the path make no difference."""
    return one == other or _plain_address(one) == _plain_address(other)


def _plain_address(url: str) -> str:
    parts = _PARTS.fullmatch(_plain_url(url))
    if not parts or not parts[2]:
        return _plain_text(url)
    scheme, slashes, authority, rest = parts.groups()
    user, at, place = authority.rpartition("@")
    path = re.match("[^?#]*", rest)
    length = path.end() if path else 0
    return f"{scheme}:{slashes}{user}{at}{plain_host(place, scheme)}{rest[:length].removesuffix('/')}{rest[length:]}"


@lru_cache(maxsize=1024)
def plain_host(place: str, scheme: str = _INGEST) -> str:
    """Return a host, with or without a port, in the form in which two are compared.

    Case, a dot at its end, punycode and the default port of the scheme make no difference.
    """
    found = _HOST_AND_PORT.fullmatch(place.removesuffix(":"))
    host, port = found.groups() if found else (place, None)
    name = _host_in_own_letters(host).removesuffix(".")
    return f"{name}:{int(port)}" if port and int(port) != _DEFAULT_PORTS.get(scheme) else name


def plain_destination_url(url: str) -> str:
    """Return a URL that a task pushes to in the form in which two are compared: paths are compared exactly."""
    parts = _PARTS.fullmatch(url)
    if not parts or not parts[2]:
        return url
    scheme, slashes, authority, rest = parts.groups()
    user, at, place = authority.rpartition("@")
    return f"{scheme.lower()}:{slashes}{_plain_text(user)}{at}{plain_host(place, scheme.lower())}{_plain_text(rest)}"


def _host_in_own_letters(place: str) -> str:
    """Return a host in small letters, with what is percent-encoded or in punycode decoded."""
    host = _plain_name(unquote(place))
    return _plain_name(".".join(map(_plain_label, host.split(".")))) if "xn--" in host else host


def _plain_name(host: str) -> str:
    # As browsers and resolvers do: other forms of letters and dots are the same.
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
