# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stream that a task pushes, and the stream that the service lists at that address. Pure.

Follows the service's page of ListLiveStreamsOnline. Private to this collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .fields import FIELDS, has_passed
from .task import PullTask
from .urls import plain_host


class Stream(NamedTuple):
    """What the service lists at the address of a task.

    Attributes:
        online: whether a stream is being pushed there.
        since: when that push began, as the service writes it.
        video_codec: such as H264.
        audio_codec: such as AAC.
        resolution: such as 1920*1080.
        video_frame_rate: frames a second.
        audio_frame_rate: frames a second.
        video_bitrate: kbit/s.
        audio_bitrate: kbit/s.
        client_ip: the address of the client that pushes.
    """

    online: bool
    since: str | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    resolution: str | None = None
    video_frame_rate: float | None = None
    audio_frame_rate: float | None = None
    video_bitrate: float | None = None
    audio_bitrate: float | None = None
    client_ip: str | None = None

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Stream:
        """Return the stream of one entry of the list."""
        return cls(True, answer.get("start_time"), *(answer.get(name) for name in cls._fields[2:]))

    @property
    def push(self) -> tuple[bool, str | None, str | None]:
        """What differs between two pushes to one address."""
        return self.online, self.since, self.client_ip

    def began_by(self, moment: float) -> bool:
        """Return whether this push began at or before a moment, in seconds since the epoch; yes if it is not known."""
        try:
            since = FIELDS["start_time"].read(self.since)
        except ValueError:
            return True
        return since is None or has_passed(since, moment)


class Address(NamedTuple):
    """Where the service lists the stream of a task.

    Attributes:
        domain: the ingest domain, as the task spells it.
        app_name: the application.
        stream_name: the stream.
        is_url: whether the task names it by its destination_url.
    """

    domain: str
    app_name: str
    stream_name: str
    is_url: bool = False

    @classmethod
    def of(cls, task: PullTask) -> Address | None:
        """Return the address of a task; None if it is not an ingest domain with an application and a stream."""
        named = [task.answer.get(name) for name in ("domain", "app_name", "stream_name")]
        if all(isinstance(name, str) and name for name in named):
            return cls(str(named[0]), str(named[1]), str(named[2]))
        try:
            parts = urlsplit(str(task.answer.get("destination_url") or ""))
        except ValueError:
            return None
        path = parts.path.strip("/").split("/")
        if parts.scheme != "rtmp" or len(path) != 2 or not parts.hostname:
            return None
        return cls(parts.netloc.rpartition("@")[2], path[0], path[1], is_url=True)

    @property
    def host(self) -> str:
        """The domain in the form in which two are compared."""
        return plain_host(self.domain)

    def find(self, streams: Iterable[Mapping[str, Any]]) -> Stream | None:
        """Return the stream that the service lists at this address; None if there is none."""
        names = (self.app_name, self.stream_name)
        found = next((one for one in streams if (one.get("app"), one.get("stream")) == names), None)
        return Stream.from_answer(found) if found else None
