# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read which streams are being pushed: one list for each domain, shared by all its tasks.

Private to this collection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .._errors import LiveApiError
from .._service.answers import FORBIDDEN
from .._service.client import LiveClient
from .._task.air import air, with_air
from .._task.stream import Address, Stream
from .._task.task import PullTask

PERMISSION = "live:stream:listLiveStreamsOnline"
# A page can lose a stream. So many streams are looked for alone before a channel counts as dark.
MOST_SINGLE_READS = 10
_REFUSED = (400, 404)

Listed = list[Mapping[str, Any]]


class Streams(NamedTuple):
    """What was read.

    Attributes:
        by_task: id of a task to its stream; None where the service cannot tell.
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
    expected = {task.task_id for task in tasks if air(task, moment).state == "on_air"}
    streams = read_streams(client, tasks, expected)
    return [with_air(task, moment, streams.by_task) for task in tasks], streams.warnings


def read_streams(client: LiveClient, tasks: Iterable[PullTask], expected: Collection[str]) -> Streams:
    """Read the streams of tasks.

    Args:
        client: the service.
        tasks: the tasks.
        expected: ids of the tasks that should be pushed. If a list does not hold their stream, it is looked for again.

    Raises:
        LiveApiError: a list could not be read. If a permission is missing, the error names it.
    """
    addresses = {task.task_id: Address.of(task) for task in tasks}
    hosts: dict[str, dict[str, Address]] = {}
    for task_id, address in addresses.items():
        if address:
            hosts.setdefault(address.host, {})[task_id] = address
    by_task: dict[str, Stream | None] = dict.fromkeys(addresses)
    refused = []
    for here in hosts.values():
        # A task names the domain as the service knows it; the host of a URL may be spelled in another way.
        named = [address for address in here.values() if not address.is_url]
        domain = (named or [*here.values()])[0].domain
        listed = _listed(client, domain)
        if listed is None:
            refused += [domain] if named else []
        elif listed or named:
            found = {task_id: address.find(listed) for task_id, address in here.items()}
            missing = {task_id: here[task_id] for task_id in here if task_id in expected and not found[task_id]}
            found.update(_looked_for_again(client, domain, missing))
            by_task.update({task_id: stream or Stream(False) for task_id, stream in found.items()})
    return Streams(by_task, refused)


def _listed(
    client: LiveClient, domain: str, app_name: str | None = None, stream_name: str | None = None
) -> Listed | None:
    """Return the streams of a domain; None if the service refuses the domain."""
    try:
        return [*client.streams(domain, app_name, stream_name)]
    except LiveApiError as error:
        status = error.details.get("http_status")
        if status in _REFUSED:
            return None
        if status == FORBIDDEN:
            error.message += f" To list streams, the credentials need the permission {PERMISSION}."
        raise


def _looked_for_again(client: LiveClient, domain: str, missing: Mapping[str, Address]) -> dict[str, Stream]:
    """Return the streams that a list has lost: looked for alone if they are few, otherwise in a new list."""
    few = len(missing) <= MOST_SINGLE_READS
    everything = None if few else _listed(client, domain) or []
    found = {}
    for task_id, address in missing.items():
        listed = _listed(client, domain, address.app_name, address.stream_name) if few else everything
        stream = address.find(listed or [])
        if stream:
            found[task_id] = stream
    return found
