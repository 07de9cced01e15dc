# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masking of our own credentials in all output of this collection. Private to this collection."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

from ._masking import MASK

# A shorter secret may be an ordinary word.
_SHORTEST = 8


class Secrets:
    """The secrets of a run, to be masked in every spelling.

    A secret of fewer than eight characters may be an ordinary word, which must not vanish from results. It is masked
    only as a whole word, and only in texts of a server.

    Args:
        values: the secrets that are known at the beginning.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self.add(*values)

    def add(self, *values: str) -> None:
        """Add further secrets."""
        # New objects, because other threads may be reading the old ones.
        self._values = {*self._values, *filter(None, values)}
        self._spellings = _ordered(value for value in self._values if len(value) >= _SHORTEST)
        self._words = _ordered(value for value in self._values if len(value) < _SHORTEST)

    def mask_results(self, value: Any) -> Any:
        """Return the JSON-like value with every secret masked in its strings; keys of mappings stay as they are."""
        spellings = self._spellings
        shortest = len(spellings[-1]) if spellings else 0

        def mask(value: Any) -> Any:
            if isinstance(value, str):
                return value if len(value) < shortest else _replaced(value, spellings)
            if isinstance(value, dict):
                return {name: mask(item) for name, item in value.items()}
            return [mask(item) for item in value] if isinstance(value, (list, tuple)) else value

        return mask(value) if spellings else value

    def mask_message(self, text: str) -> str:
        """Return a text of a server, or of the system about a server, with every secret masked."""
        text = _replaced(text, self._spellings)
        for word in self._words:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", MASK, text)
        return text


def _ordered(values: Iterable[str]) -> list[str]:
    """Return all spellings of the values, longest first, because a spelling may be a part of another."""
    return sorted({spelling for value in values for spelling in _spellings(value)}, key=len, reverse=True)


def _replaced(text: str, spellings: Iterable[str]) -> str:
    for spelling in spellings:
        if spelling in text:
            text = text.replace(spelling, MASK)
    return text


def _spellings(secret: str) -> set[str]:
    """Return the secret as servers and logs may write it: plain, and in JSON, URLs, HTML and Base64."""
    octets = secret.encode("utf-8", "surrogatepass")
    as_json, as_url = json.dumps(secret)[1:-1], quote(octets, safe="")
    # Not html.escape, because the import of html takes longer than the whole of this file.
    as_html = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    spellings = {
        *(secret, as_json, as_json.replace("/", r"\/"), json.dumps(secret, ensure_ascii=False)[1:-1]),
        *(as_url, re.sub("%..", lambda code: code[0].lower(), as_url), quote_plus(octets)),
        *(quote(octets, safe=safe) for safe in ("/", "!'()*")),
        *(as_html, *(as_html.replace('"', "&quot;").replace("'", code) for code in ("&#x27;", "&#39;"))),
        *(encode(octets).decode().rstrip("=") for encode in (b64encode, urlsafe_b64encode)),
    }
    # Our messages quote a server as repr or JSON does.
    return {
        text
        for one in spellings
        for text in (one, repr(one)[1:-1], repr(f"\"'{one}")[4:-1], json.dumps(one, ensure_ascii=False)[1:-1])
    }
