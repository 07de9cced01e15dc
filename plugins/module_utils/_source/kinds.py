# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a file is, by its first bytes. Pure. Private to this collection."""

from __future__ import annotations

import re

FIRST_BYTES = 4096
"""How many bytes of a file are read. They hold 20 packets of an MPEG transport stream."""

KINDS = ("mp4", "flv", "ts", "mkv", "hls", "mp3", "html", "xml", "text", "empty", "unknown")

# A box of MP4 or QuickTime: its size and its type (ISO 14496-12). Some types are English words, which a text could have
# at this position. Boxes of these types are small, so the first byte of their size must be 0.
_BOX = rb"(?s).{4}(?:ftyp|styp|moov|moof|mdat|sidx)|\x00.{3}(?:free|skip|wide|pnot|uuid)"
# An MP3 file may begin with an ID3 tag, of which the fourth byte is the version.
_BEGINNINGS = {"mp4": _BOX, "flv": rb"FLV[\x00-\x04]", "mkv": rb"\x1aE\xdf\xa3", "mp3": rb"ID3[\x00-\x0f]"}
# The offset of the first packet of a transport stream, and the length of its packets: plain, with time codes as on
# Blu-ray (M2TS), and with error correction. Each packet begins with the same byte.
_PACKETS = ((0, 188), (4, 192), (0, 204))
_SYNC = 0x47
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Characters that no text contains, according to the WHATWG standard "MIME Sniffing".
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# XHTML begins with a declaration of XML. Comments may follow.
_PROLOGUE = re.compile(r"(?:<\?xml\b[^>]*>\s*)?(?:<!--.*?(?:-->\s*|\Z))*", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|script|style|link|iframe|table|center|div|font|h[1-6]|p|a|b|br)"
    r"(?=[\s/>]|\Z))",
    re.IGNORECASE,
)
_XML = re.compile(r"<[A-Za-z_!?]")


def kind_of(head: bytes) -> str:
    """Return the kind of a file, one of `KINDS`.

    Args:
        head: its first bytes, up to `FIRST_BYTES`; fewer if the file is shorter.
    """
    if not head:
        return "empty"
    for kind, beginning in _BEGINNINGS.items():
        if re.match(beginning, head):
            return kind
    if _is_transport_stream(head):
        return "ts"
    return "mp3" if _is_mp3_frame(head) else _kind_of_text(head)


def _is_transport_stream(head: bytes) -> bool:
    """Return whether three packets of a transport stream follow each other."""
    return any(
        all(head[offset : offset + 1] == bytes((_SYNC,)) for offset in range(first, first + 3 * length, length))
        for first, length in _PACKETS
    )


def _is_mp3_frame(head: bytes) -> bool:
    """Return whether a file begins with a frame of MPEG audio, layer III (ISO 11172-3).

    A frame begins with eleven 1 bits. AAC and a text in UTF-16 begin with them too, but their layer differs.
    """
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0b11100110 != 0b11100010:
        return False
    reserved = head[1] & 0b00011000 == 0b00001000 or head[2] >> 4 == 0b1111 or head[2] & 0b1100 == 0b1100
    return not reserved


def _kind_of_text(head: bytes) -> str:
    text = _text(head)
    if _BINARY.search(text):
        return "unknown"
    text = text.lstrip()
    if text.startswith("#EXTM3U"):
        return "hls"
    if _HTML.match(_PROLOGUE.sub("", text, count=1)):
        return "html"
    return "xml" if _XML.match(text) else "text"


def _text(head: bytes) -> str:
    """Return the bytes as a text. Without a byte order mark, each byte becomes one character."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.decode("latin-1")
