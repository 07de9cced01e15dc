# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is at the URL of a file, and the problem of the file. Pure. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import cut, shown
from .._masking import mask_urls, presentable

_LONGEST_TEXT = 500
_NO_MEDIA = {"text": "it is a text", "xml": "it is XML, such as the error report of an object storage"}


class Source(NamedTuple):
    """What is at a URL. None means that it is not known, or was not read.

    Attributes:
        reachable: whether the first bytes could be read.
        http_status: the status of the last response.
        final_url: the URL that redirects led to.
        error: why the first bytes could not be read.
        content_type: the Content-Type of the response.
        size: size of the file in bytes.
        seekable: whether the server can send a part of the file.
        kind: the kind of the file, by its first bytes; see `kinds.KINDS`.
    """

    reachable: bool | None = None
    http_status: int | None = None
    final_url: str | None = None
    error: str | None = None
    content_type: str | None = None
    size: int | None = None
    seekable: bool | None = None
    kind: str | None = None

    def result(self, url: str) -> dict[str, Any]:
        """Return the result of the module for a URL, with the secrets of URLs masked.

        Args:
            url: the URL of the file.
        """
        found = self._asdict()
        for name in ("error", "content_type"):
            # Mask before the cut: the beginning of a secret, cut off in its middle, would not be recognized.
            found[name] = found[name] and cut(presentable(found[name]), _LONGEST_TEXT)
        found["final_url"] = found["final_url"] and presentable(mask_urls(found["final_url"]))
        return {"url": mask_urls(url), **found}


def problems_of(urls: Sequence[str], sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """Return the problems of files, in the order of their first entries, each with all its entries.

    Args:
        urls: the URLs, in the order of the playlist.
        sources: what is at each of them.
    """
    entries: dict[str, list[int]] = {}
    for position, url in enumerate(urls):
        entries.setdefault(url, []).append(position)
    found = ((_problem(url, sources[url]), positions) for url, positions in entries.items())
    return [{"kind": problem[0], "entries": positions, "text": problem[1]} for problem, positions in found if problem]


def _problem(url: str, source: Source) -> tuple[str, str] | None:
    """Return the kind of the problem of a file, and a sentence about it; None if it has no problem."""
    name = shown(url)
    if source.final_url:
        name = f"{name}, redirected to {shown(source.final_url)},"
    if source.error:
        return "unreachable", f"{name} cannot be read: {presentable(source.error)}."
    if source.kind == "empty":
        return "empty", f"{name} is empty: the server sends 0 bytes."
    if source.kind == "html":
        called = f", although the server calls it {shown(source.content_type)}" if _is_media(source) else ""
        advice = "It may be an error page or a login page. Open the URL in a browser."
        return "web_page", f"{name} is a web page{called}. {advice}"
    if source.kind in _NO_MEDIA:
        return "not_media", f"{name} is not a video: {_NO_MEDIA[source.kind]}. Open the URL to see what it is."
    return None


def _is_media(source: Source) -> bool:
    return (source.content_type or "").lower().startswith(("video/", "audio/"))
