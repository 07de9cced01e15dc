# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions on air, only with --on-air: one task plays a file of the user for some minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Optional

from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS, from_timestamp

from .listed import Listed
from .probe import APP, Answer, Probe, Task, UnknownError

MINUTES = 20
"""How long the task is on air if it is not deleted."""
_AHEAD = 10
_PATIENCE = 90.0
_EVERY = 3.0
_SETTLES = 15.0
"""Seconds after a change in which a push that begins again is seen."""

Push = Optional[tuple[Any, Any]]
"""When a listed push began, and from which address; None if there is none."""

KEYS = ("push_seconds", "status_on_air", "new_push")
CHANGES = ("playlist changed", "end changed", "only the six options sent", "paused and enabled")
_SWITCHES = dict(zip(CHANGES, ("playlist", "end", "six")))


class Channel:
    """The task on air, and the questions about it.

    Args:
        probe: the run.
        url: the file that it plays.
        push_args: the authentication of its push, or empty.
    """

    def __init__(self, probe: Probe, url: str, push_args: str) -> None:
        self._probe = probe
        self._url = url
        self._push_args = push_args
        self._push: Push = None

    @contextmanager
    def on_air(self) -> Iterator[list[tuple[str, Callable[[Probe], Answer]]]]:
        """Create the task, and yield the questions about it. Delete it at the end."""
        if self._probe.answers.get("streams") != "allowed":
            raise UnknownError("the permission to list streams is missing")
        self._start = int(self._probe.clock.now()) + _AHEAD
        self._end = self._start + 60 * MINUTES
        extras = {"push_args": self._push_args} if self._push_args else {}
        window = self._probe.window(self._start, self._end)
        with self._probe.own_task(source_urls=[self._url], **window, **extras) as task:
            self._task: Task = task
            yield [
                ("push_seconds", self._push_seconds),
                ("status_on_air", self._status_on_air),
                ("new_push", self._new_push),
            ]

    def _push_seconds(self, probe: Probe) -> Answer:
        """Return how many seconds after its start the push of the task is listed."""
        probe.clock.sleep(max(0.0, self._start - probe.clock.now()))
        self._push = self._await(lambda push: push is not None)
        seconds = round(probe.clock.now() - self._start, 1)
        return seconds, {"push_delay": seconds}

    def _status_on_air(self, probe: Probe) -> Answer:
        """Return the word for the status of a task that is pushed."""
        self._need_push()
        word = Listed(probe.service.find(self._task.task_id) or {}).word
        words = probe.answers.get("status_words")
        if word is None:
            raise UnknownError("the status is not one word")
        usual = isinstance(words, Mapping) and word == words["enable"]
        return word, {"on_air_word": None if usual else word}

    def _new_push(self, probe: Probe) -> Answer:
        """Return which changes begin a new push."""
        self._need_push()
        if probe.answers.get("omission") not in ("keep", "reset"):
            raise UnknownError("a modify that leaves options out may take the task off air")
        later = {"end_time": from_timestamp(self._end + 60)}
        bodies = ({"source_urls": [self._url, self._url]}, later, {})
        found = [name for name, body in zip(CHANGES, bodies) if self._is_new_after(body)]
        self._modify({"status": "pause"})
        self._await(lambda push: push is None)
        self._modify({"status": "enable"})
        if self._await(lambda push: push is not None) != self._push:
            found.append(CHANGES[-1])
        return found, {"new_push": [_SWITCHES[name] for name in found if name in _SWITCHES]}

    def _is_new_after(self, body: Mapping[str, Any]) -> bool:
        """Make a change, and return whether another push is listed then."""
        before = self._push
        # A push is known by the second in which it began.
        self._probe.clock.sleep(_EVERY)
        self._modify(body)
        self._probe.clock.sleep(_SETTLES + self._probe.lag)
        self._push = self._await(lambda push: push is not None)
        return self._push != before

    def _modify(self, body: Mapping[str, Any]) -> None:
        """Send a modify with the six options at their values and these."""
        start = {"start_time": from_timestamp(self._start)}
        defaults = {name: field.default for name, field in FIELDS.items() if field.default is not None}
        if not self._probe.send(self._task, {**defaults, **start, **body}).accepted:
            # The start is in the past by now.
            reply = self._probe.send(self._task, {**defaults, **body})
            if not reply.accepted:
                raise UnknownError(f"a modify on air was refused, {reply.words}")

    def _need_push(self) -> None:
        if self._push is None:
            raise UnknownError("no push was listed")

    def _await(self, awaited: Callable[[Push], bool]) -> Push:
        """Look until the push is as awaited, and return it. Raise UnknownError if it is not in time."""
        deadline = self._probe.clock.monotonic() + _PATIENCE
        while True:
            push = self._look()
            if awaited(push):
                return push
            if self._probe.clock.monotonic() >= deadline:
                raise UnknownError(f"the push did not begin or end within {_PATIENCE:.0f} seconds")
            self._probe.clock.sleep(_EVERY)

    def _look(self) -> Push:
        """Return the push of the task as it is listed."""
        query = {"publish_domain": self._probe.domain, "app": APP, "stream": self._task.name}
        reply = self._probe.service.sure("list streams", "GET", query={**query, "limit": "10"}, streams=True)
        streams = reply.body.get("streams") if isinstance(reply.body, dict) else None
        found = [one for one in streams or [] if isinstance(one, dict) and one.get("stream") == self._task.name]
        return (found[0].get("start_time"), found[0].get("client_ip")) if found else None
