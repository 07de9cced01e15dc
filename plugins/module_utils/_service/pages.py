# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A list of the service, page by page. Private to this collection."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .._errors import LiveApiError
from .answers import excerpt
from .exchange import Auth, Failure
from .signature import encode
from .transport import Transport

PAGE = 100
# The service lists 10,000 items at most; beyond twice that, a list will not come to an end.
MAX_ITEMS = 20000
# So often a page may be read again because items slipped from one page to another.
MAX_SLIPS = 100

Item = dict[str, Any]


class Kind(NamedTuple):
    """What a list holds.

    Attributes:
        name: what an item is called, in words.
        items: the field of the response that holds them.
        total: the field that counts them.
        key: returns what tells an item from others; None if the item does not have it.
        counted: the filters that the total is sure to regard.
    """

    name: str
    items: str
    total: str
    key: Callable[[Item], object]
    counted: frozenset[str] = frozenset()


class Pager:
    """Reads a list of the service, page by page.

    Args:
        transport: sends the requests.
        auth: authenticates them.
        url: the URL of the list.
        kind: what it holds.
    """

    def __init__(self, transport: Transport, auth: Auth, url: str, kind: Kind) -> None:
        self._transport = transport
        self._auth = auth
        self._url = url
        self._kind = kind

    def pages(
        self, query: Mapping[str, str] | None = None, deadline: float = math.inf, *, overlap: bool = False
    ) -> Iterator[tuple[int, list[Item], int]]:
        """Yield page by page the items that no earlier page held.

        Each time, yield the offset of the first of these items, the items, and how many items come after the page.

        Args:
            query: filters, as on the page of the operation.
            deadline: the moment of the monotonic clock by which each response has to arrive.
            overlap: whether to miss no task while others are deleted. Each page then begins with the last item of the
                page before; if it does not, the page before is read again.

        Raises:
            LiveApiError: a request failed, its response holds no list of items, or the pages do not come to an end.
        """
        seen: set[object] = set()
        offset = slips = furthest = 0
        overlaps = False
        last: list[Item] = []
        while offset <= MAX_ITEMS and slips <= MAX_SLIPS:
            items, left = self.page(offset, query, deadline)
            slipped = overlaps and not (items and self._kind.key(items[0]) in seen)
            new = self._unseen(items[1 if overlaps and items[:1] == last[-1:] else 0 :], seen)
            # After a slip, or if a page is no longer than the overlap, a page need not hold a new item.
            end = offset + len(items)
            self._check_progress(offset, items, again=items == last or (end > furthest and not new))
            yield end - len(new), new, left
            furthest = max(furthest, end)
            if slipped:
                offset, last, slips = max(0, offset - PAGE), [], slips + 1
            elif not left or (query or {}).get("task_id", ...) in seen:
                return
            else:
                offset, last = end - (overlap and len(items) > 1), items
            overlaps = overlap and offset > 0 and (slipped or len(items) > 1)
        raise self._error(f"GET {self._url}", f"more than {MAX_ITEMS} {self._kind.name}s were listed, without an end")

    def page(
        self, offset: int, query: Mapping[str, str] | None = None, deadline: float = math.inf
    ) -> tuple[list[Item], int]:
        """Return one page of the items, and how many come after it. Takes and raises what `pages` does.

        Args:
            offset: the place of its first item, from 0.
            query: filters, as on the page of the operation.
            deadline: as for `pages`.

        Raises:
            LiveApiError: also when a page is empty although the total says that there are more items.
        """
        items, total = self._page({**(query or {}), "limit": str(PAGE), "offset": str(offset)}, deadline)
        end = offset + len(items)
        if not items:
            # A service may count all items, even with a filter.
            if total is not None and total > offset and self._kind.counted >= (query or {}).keys():
                name = self._kind.name
                text = f"the service lists no {name} from offset {offset} on, but counts {total} {name}s"
                raise self._error(f"GET {self._url}", text)
            return items, 0
        # Without a total, or with one that cannot be right, only an empty page shows the end.
        return items, 1 if total is None or total < end else total - end

    def _page(self, query: Mapping[str, str], deadline: float) -> tuple[list[Item], int | None]:
        """Return one page of items, and how many items there are in all, when the service says it."""
        url = f"{self._url}?{'&'.join(f'{name}={encode(query[name])}' for name in sorted(query))}"
        answer = self._transport.request("GET", url, self._auth, deadline=deadline)
        body = answer.body if isinstance(answer.body, dict) else {}
        items, total = body.get(self._kind.items), body.get(self._kind.total)
        if items is None and total == 0:
            items = []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            found = excerpt(answer.body, self._transport.secrets)
            text = f"the answer holds no list of {self._kind.name}s in {self._kind.items}, but {found}"
            raise self._error(f"GET {url}", text, http_status=answer.status, request_id=answer.request_id)
        return items, _count(total)

    def _check_progress(self, offset: int, items: list[Item], again: bool) -> None:
        # The items that a service without regard for the offset keeps back must not be taken for missing.
        if items and again:
            text = f"the service lists the same {self._kind.name}s again from offset {offset} on"
            raise self._error(f"GET {self._url}", text)

    def _error(self, target: str, text: str, **details: Any) -> LiveApiError:
        return self._transport.error(target, Failure(text, False, details=details))

    def _unseen(self, items: Iterable[Item], seen: set[object]) -> list[Item]:
        """Return the items that were not seen before, and add their keys. Items without a key count as new."""
        new = []
        for item in items:
            key = self._kind.key(item)
            if key is None or key not in seen:
                new.append(item)
            seen.add(key)
        return new


def _count(total: object) -> int | None:
    """Return how many items there are in all; None if the service does not say it."""
    if isinstance(total, str) and total.isdecimal():
        return int(total[:9])
    return total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
