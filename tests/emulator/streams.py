# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The streams that are pushed to ingest domains: the operation ListLiveStreamsOnline.

The player pushes the stream of every channel that is on air. A push begins ``Behaviour.push_delay`` seconds after the
channel, and lasts until the channel goes off air. The next push has another start time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from .behaviour import Behaviour
from .clock import Clock, read_time, write_time
from .errors import forbidden, invalid
from .player import Channel, showing
from .view import Task

Channels = Mapping[str, "tuple[Task, Channel] | None"]

PULL_SERVICE_IP = "192.0.2.10"
"""The address from which the service pushes the streams of relay tasks."""

_MEDIA = {
    "video_codec": "H264",
    "audio_codec": "AAC",
    "video_frame_rate": 25,
    "audio_frame_rate": 43,
    "video_bitrate": 4000,
    "audio_bitrate": 128,
    "resolution": "1920*1080",
}


@dataclasses.dataclass(frozen=True)
class Push:
    """A stream that is, or was, pushed."""

    place: tuple[str, str, str]
    """Domain, application and stream."""
    begun: datetime
    channel_started: datetime
    ended: datetime | None = None

    def listed(self, moment: datetime) -> bool:
        """Return whether the push goes on at a moment."""
        return self.begun <= moment and (self.ended is None or moment < self.ended)


class Streams:
    """Remembers the pushes of the relay tasks, because the list may lag."""

    def __init__(
        self,
        channels: Callable[[], Mapping[str, tuple[Task, Channel]]],
        behaviour: Callable[[], Behaviour],
        now: Clock,
    ) -> None:
        """``channels`` returns the current tasks by id."""
        self._channels = channels
        self._behaviour = behaviour
        self._now = now
        self._pushes: dict[str, list[Push]] = {}
        self._knocked: dict[str, datetime] = {}

    def clear(self) -> None:
        """Forget all pushes."""
        self._pushes = {}
        self._knocked = {}

    def knock(self, task_id: str) -> None:
        """End the push of a channel until the channel begins again: it is dark. Raises KeyError without a task."""
        known = self._channels()[task_id]
        self.observe({task_id: known})
        self._knocked[task_id] = known[1].started
        self.observe({task_id: known})

    def renew(self, task_id: str) -> None:
        """End the push of a channel that is pushed, and begin another one."""
        pushes = self._pushes.get(task_id, [])
        if pushes and pushes[-1].ended is None:
            pushes[-1] = dataclasses.replace(pushes[-1], ended=self._now())
        self.observe({task_id: self._channels().get(task_id)})

    def observe(self, channels: Channels) -> None:
        """Begin and end the pushes of these tasks, before and after a change; None for a task that does not exist."""
        now = self._now()
        for task_id, known in channels.items():
            pushes = self._pushes.setdefault(task_id, [])
            begun = self._begun(task_id, known, now)
            place = _place(known[0]) if known and begun else None
            if pushes and pushes[-1].ended is None and pushes[-1].place != place:
                pushes[-1] = dataclasses.replace(pushes[-1], ended=_end(known, now))
            if begun and place and known and not (pushes and pushes[-1].ended is None):
                # A channel that goes on without a pause, but was dark, is pushed again from now.
                again = bool(pushes) and pushes[-1].channel_started == known[1].started
                since = (now if again else begun) + timedelta(seconds=self._behaviour().push_delay)
                pushes.append(Push(place, since, known[1].started))

    def list(self, query: Mapping[str, str]) -> tuple[Sequence[dict[str, Any]], int]:
        """Return a page of the streams of a domain, and how many streams there are."""
        behaviour = self._behaviour()
        if not behaviour.streams_allowed:
            raise forbidden("live:stream:listLiveStreamsOnline")
        domain = query["publish_domain"].lower()
        named = [task.get("domain") or "" for task, _channel in self._channels().values()]
        known = {name.lower() for name in (*named, *(push["publish_domain"] for push in behaviour.other_pushes))}
        if domain in behaviour.refused_domains or (behaviour.foreign_domain == "refuse" and domain not in known):
            raise invalid(f"publish_domain {query['publish_domain']} is not an ingest domain of the tenant")
        found = [
            stream
            for stream in self.listed(domain)
            if domain in known and all(stream[name] == query[name] for name in ("app", "stream") if name in query)
        ]
        offset = int(query.get("offset", 0))
        limit = int(query.get("limit", 10))
        # If a stream before the offset ends while pages are read, the next stream is on no page.
        lost = int(behaviour.streams_slip and offset > 0)
        return found[offset + lost : offset + lost + limit], len(found) - lost

    def listed(self, domain: str | None = None) -> Sequence[dict[str, Any]]:
        """Return the streams as they are listed now: of a domain in lower case, or of all domains."""
        channels: Channels = {**dict.fromkeys(self._pushes), **self._channels()}
        if domain is not None:
            channels = {name: known for name, known in channels.items() if not known or _domain(known[0]) == domain}
        self.observe(channels)
        behaviour = self._behaviour()
        moment = self._now() - timedelta(seconds=behaviour.streams_lag)
        own = [push for task_id in channels for push in self._pushes[task_id] if push.listed(moment)]
        streams = [_stream(*push.place, PULL_SERVICE_IP, write_time(push.begun)) for push in own]
        streams += [{**_MEDIA, **stream} for stream in behaviour.other_pushes]
        return [one for one in streams if domain in (None, one["publish_domain"].lower())]

    def _begun(self, task_id: str, known: tuple[Task, Channel] | None, now: datetime) -> datetime | None:
        """Return when the channel of a task came on air; None if it is not pushed."""
        if known is None:
            return None
        task, channel = known
        behaviour = self._behaviour()
        shows = showing(task, channel, now, behaviour.durations)
        if shows is None or shows.url in behaviour.missing_files or self._knocked.get(task_id) == channel.started:
            return None
        return channel.started


def kind_of_change(before: Task, after: Task) -> str:
    """Return what a modify changes, as a word of ``Behaviour.new_push``."""
    if before.get("source_urls") != after.get("source_urls"):
        return "playlist"
    return "end" if before.get("end_time") != after.get("end_time") else "six"


def _stream(domain: str, app: str, stream: str, client_ip: str, start_time: str) -> dict[str, Any]:
    names = {"publish_domain": domain, "app": app, "stream": stream}
    return {**names, **_MEDIA, "client_ip": client_ip, "start_time": start_time}


def _place(task: Task) -> tuple[str, str, str] | None:
    """Return the domain, application and stream that a task pushes to; None for another protocol than RTMP."""
    if task.get("domain"):
        return task["domain"], task.get("app_name", ""), task.get("stream_name", "")
    parts = urlsplit(task.get("destination_url") or "")
    path = parts.path.strip("/").split("/")
    return (parts.hostname or "", *path) if parts.scheme == "rtmp" and len(path) == 2 else None


def _domain(task: Task) -> str:
    """Return the domain of the place of a task in lower case; empty if it has none."""
    place = _place(task)
    return place[0].lower() if place else ""


def _end(known: tuple[Task, Channel] | None, now: datetime) -> datetime:
    """Return when a push ended: with the window of its task, or now."""
    end = known[0].get("end_time") if known else None
    try:
        return min(now, read_time(end)) if end else now
    except ValueError:
        return now
