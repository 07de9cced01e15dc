# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of the service, page by page. Private to this collection."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .._errors import LiveApiError
from .answers import excerpt, member
from .exchange import Auth, Failure
from .signature import encode
from .transport import Transport

PAGE = 100
# The service lists at most 10,000 items. A list of more than twice that has no end.
MAX_ITEMS = 20000
# How many times a page may be read again because items shifted to another page.
MAX_SLIPS = 100

Item = dict[str, Any]


class Items(NamedTuple):
    """The items of a list.

    Attributes:
        name: the word for an item.
        items: the field of the response that holds the items.
        total: the field that counts the items.
        key: the fields that identify an item.
        counted: the filters that the total always takes into account.
        per_page: whether the total may count the items of the page alone.
    """

    name: str
    items: str
    total: str
    key: tuple[str, ...]
    counted: frozenset[str] = frozenset()
    per_page: bool = False

    def identity(self, item: Item) -> tuple[str, ...] | None:
        """Return what identifies an item; None if it has nothing of it. A service may send values of any type."""
        values = [item.get(name) for name in self.key]
        return None if values == [None] * len(values) else tuple(map(str, values))


class Pager(NamedTuple):
    """Reads a list of the service, page by page.

    Attributes:
        transport: sends the requests.
        auth: authenticates them.
        url: the URL of the list.
        items: what the list holds.
    """

    transport: Transport
    auth: Auth | None
    url: str
    items: Items

    def pages(
        self, query: Mapping[str, str] | None = None, deadline: float = math.inf, *, overlap: bool = False
    ) -> Iterator[tuple[int, list[Item], int]]:
        """Yield page by page the items that no earlier page held.

        Each time, yield the offset of the first of these items, the items, and how many items come after the page.

        Args:
            query: the filters of the operation.
            deadline: the moment of the monotonic clock by which each response has to arrive.
            overlap: whether to miss no item while others are deleted. Each page then begins with the last item of the
                page before; if it does not, the page before is read again.

        Raises:
            LiveApiError: a request failed, its response holds no list of items, or the pages do not come to an end.
        """
        seen: set[tuple[str, ...] | None] = set()
        offset = slips = furthest = 0
        overlaps = False
        last: list[Item] = []
        while offset <= MAX_ITEMS and slips <= MAX_SLIPS:
            items, left = self.page(offset, query, deadline)
            slipped = overlaps and not (items and self.items.identity(items[0]) in seen)
            new = self._unseen(items[1 if overlaps and items[:1] == last[-1:] else 0 :], seen)
            # After a slip, or if a page is no longer than the overlap, a page need not hold a new item.
            end = offset + len(items)
            if items and (items == last or (end > furthest and not new)):
                # The service ignores the offset. The items that it does not list must not count as missing.
                raise self._error(f"the service lists the same {self.items.name}s again from offset {offset} on")
            yield end - len(new), new, left
            furthest = max(furthest, end)
            if slipped:
                offset, last, slips = max(0, offset - PAGE), [], slips + 1
            elif not left or ((query or {}).get("task_id"),) in seen:
                return
            else:
                offset, last = end - (overlap and len(items) > 1), items
            overlaps = overlap and offset > 0 and (slipped or len(items) > 1)
        raise self._error(f"more than {MAX_ITEMS} {self.items.name}s were listed, without an end")

    def page(
        self, offset: int, query: Mapping[str, str] | None = None, deadline: float = math.inf
    ) -> tuple[list[Item], int]:
        """Return one page of items, and how many items come after it. Raises what `pages` does.

        Args:
            offset: the offset of the first item, from 0.
            query: as for `pages`.
            deadline: as for `pages`.

        Raises:
            LiveApiError: also if a page is empty although the total says that there are more items.
        """
        query, kind = query or {}, self.items
        parameters = sorted({**query, "limit": str(PAGE), "offset": str(offset)}.items())
        url = f"{self.url}?{'&'.join(f'{name}={encode(value)}' for name, value in parameters)}"
        answer = self.transport.request("GET", url, self.auth, deadline=deadline)
        items, total = member(answer.body, kind.items), _count(member(answer.body, kind.total))
        if items is None and member(answer.body, kind.total) == 0:
            items = []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            found = excerpt(answer.body, self.transport.secrets)
            text = f"the response contains no list of {kind.name}s in {kind.items}, but {found}"
            raise self._error(text, url, http_status=answer.status, request_id=answer.request_id)
        end = offset + len(items)
        if items:
            # If the total is missing or wrong, only an empty page shows the end.
            if total is None or total < end or (kind.per_page and total == len(items) == PAGE):
                return items, 1
            return items, total - end
        # With another filter, a service may nevertheless count all items.
        if total is not None and total > offset and kind.counted >= query.keys():
            text = f"the service lists no {kind.name} from offset {offset} on, but counts {total} {kind.name}s"
            raise self._error(text)
        return items, 0

    def _error(self, text: str, url: str | None = None, **details: Any) -> LiveApiError:
        return self.transport.error(f"GET {url or self.url}", Failure(text, False, details=details))

    def _unseen(self, items: Iterable[Item], seen: set[tuple[str, ...] | None]) -> list[Item]:
        """Return the items that were not seen before, and add their keys. Items without a key count as new."""
        new = []
        for item in items:
            key = self.items.identity(item)
            if key is None or key not in seen:
                new.append(item)
            seen.add(key)
        return new


def _count(total: object) -> int | None:
    """Return how many items there are; None if the service does not say it."""
    if isinstance(total, str) and total.isdecimal():
        return int(total[:9])
    return total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
