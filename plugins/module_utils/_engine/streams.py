# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read which streams are being pushed: one list for each domain, shared by all its tasks.

Private to this collection.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from .._errors import LiveApiError
from .._service.answers import FORBIDDEN
from .._service.client import LiveClient
from .._service.pages import PAGE
from .._task.air import air, with_air
from .._task.stream import Address, Stream
from .._task.task import PullTask

PERMISSION = "live:stream:listLiveStreamsOnline"
# A page can miss a stream. Up to this many missing streams are read one by one before their channels count as dark.
MOST_SINGLE_READS = 10
_REFUSED = (400, 404)

Listed = list[Mapping[str, Any]]


class RefusedDomainError(LiveApiError):
    """The service refuses to list the streams of a domain that a task names by `domain`."""


class Streams(NamedTuple):
    """What was read.

    Attributes:
        by_task: id of a task to its stream; None if the service does not know it.
        refused: the domains that the service refuses, and that tasks name by `domain`.
    """

    by_task: Mapping[str, Stream | None]
    refused: list[str]

    @property
    def warnings(self) -> list[str]:
        """A warning if domains were refused."""
        if not self.refused:
            return []
        return [
            f"The service refuses to list the streams of {', '.join(self.refused)}, so it is not known what is pushed"
            " there. Check that the domain is an ingest domain of this project."
        ]


def report_tasks(
    client: LiveClient | None, tasks: Sequence[PullTask], moment: float
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the tasks as the info module reports them, and warnings.

    Args:
        client: the service, to read the streams of the tasks; None to report the tasks without streams.
        tasks: the tasks.
        moment: seconds since the epoch.

    Raises:
        LiveApiError: the streams could not be read.
    """
    if client is None:
        return [with_air(task, moment) for task in tasks], []
    look_again = {task.task_id for task in tasks if air(task, moment).state == "on_air"}
    streams = read_streams(client, tasks, look_again)
    return [with_air(task, moment, streams.by_task) for task in tasks], streams.warnings


def read_streams(client: LiveClient, tasks: Iterable[PullTask], look_again: Collection[str]) -> Streams:
    """Read the streams of tasks.

    Args:
        client: the service.
        tasks: the tasks.
        look_again: ids of the tasks whose stream is looked for again if a list does not hold it.

    Raises:
        LiveApiError: a list could not be read. If a permission is missing, the error names it.
    """
    addresses = {task.task_id: Address.of(task) for task in tasks}
    by_task: dict[str, Stream | None] = dict.fromkeys(addresses)
    refused = []
    for domain in domains_of(addresses):
        try:
            by_task.update(domain.read(client, look_again))
        except RefusedDomainError:
            refused.append(domain.name)
    return Streams(by_task, refused)


def domains_of(addresses: Mapping[Any, Address | None], others: Iterable[Address | None] = ()) -> list[Domain]:
    """Return the domains of addresses, in the order in which they come first.

    Args:
        addresses: key of a task to its address, if it has one.
        others: addresses of other tasks, which show what is an ingest domain of the project.
    """
    # A task names the domain as the service knows it; the host of a URL may be spelled in another way.
    named: dict[str, str] = {}
    for one in (*addresses.values(), *others):
        if one and not one.is_url:
            named.setdefault(one.host, one.domain)
    hosts: dict[str, dict[Any, Address]] = {}
    for key, address in addresses.items():
        if address:
            hosts.setdefault(address.host, {})[key] = address
    return [Domain(here, named.get(host)) for host, here in hosts.items()]


class Domain:
    """An ingest domain, and the addresses of tasks there.

    Args:
        addresses: key of a task to its address.
        name: the domain, as a task names it by `domain`; None if no task does.

    Attributes:
        addresses: as above.
        name: the domain, as a task spells it.
        requests: how many requests the last read took.
    """

    def __init__(self, addresses: Mapping[Any, Address], name: str | None) -> None:
        self.addresses = addresses
        self.name = name or next(iter(addresses.values())).domain
        self.requests = 0
        self._is_named = self._is_known = name is not None

    def read(
        self, client: LiveClient, look_again: Collection[Any], deadline: float = math.inf
    ) -> dict[Any, Stream | None]:
        """Return the stream of each task by its key; None where the service cannot tell.

        Args:
            client: the service.
            look_again: keys of the tasks whose stream is looked for again if the list does not hold it.
            deadline: the moment of the monotonic clock by which each response has to arrive.

        Raises:
            RefusedDomainError: the service refuses the domain, and a task names it by `domain`.
            LiveApiError: a list could not be read. If a permission is missing, the error names it.
        """
        self.requests = 0
        try:
            listed = self._list(client, deadline)
        except RefusedDomainError:
            if self._is_named:
                raise
            return dict.fromkeys(self.addresses)
        # From now on, an empty list says that nothing is pushed.
        self._is_known = self._is_known or bool(listed)
        if not self._is_known:
            return dict.fromkeys(self.addresses)
        found = {key: address.find(listed) for key, address in self.addresses.items()}
        missing = {key: self.addresses[key] for key in self.addresses if key in look_again and not found[key]}
        found.update(self._look_again(client, missing, deadline))
        return {key: stream or Stream(False) for key, stream in found.items()}

    def _look_again(
        self, client: LiveClient, missing: Mapping[Any, Address], deadline: float
    ) -> dict[Any, Stream | None]:
        """Return the streams that a list does not have: read one by one if they are few, otherwise in a new list."""
        few = len(missing) <= MOST_SINGLE_READS
        everything = [] if few else self._list(client, deadline)
        found = {}
        for key, address in missing.items():
            # A service may refuse a stream that is not pushed, instead of listing none.
            with suppress(RefusedDomainError):
                found[key] = address.find(self._list(client, deadline, address) if few else everything)
        return found

    def _list(self, client: LiveClient, deadline: float, address: Address | None = None) -> Listed:
        """Return the streams of the domain, or the stream at one address."""
        app_name, stream_name = (address.app_name, address.stream_name) if address else (None, None)
        self.requests += 1
        try:
            listed = client.streams(self.name, app_name, stream_name, deadline)
        except LiveApiError as error:
            status = error.details.get("http_status")
            if status in _REFUSED:
                hint = f"Check that {self.name} is an ingest domain of this project."
                raise RefusedDomainError(f"{error.message} {hint}", **error.details) from error
            if status == FORBIDDEN:
                error.message += f" To list streams, the credentials need the permission {PERMISSION}."
            raise
        self.requests += len(listed) // PAGE
        return [*listed]
