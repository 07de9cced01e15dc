# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run: its temporary tasks, what is known of the service so far, and the cleaning."""

from __future__ import annotations

import contextlib
import itertools
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.huaweicloud.live.plugins.module_utils._options import PLAYLIST_TYPE, REFRESH_TYPES
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import from_timestamp

from .gate import MOST, GateError
from .listed import Listed
from .service import Reply, Service, TroubleError, trouble

APP = "ansible-acceptance"
PREFIX = "ansible-acceptance-"
HOST = "ansible-acceptance.invalid"
SOURCE = f"https://{HOST}/acceptance.mp4"
"""A file that cannot play: names that end in .invalid do not exist. It is the last safety."""
HOUR, DAY = 3600, 86400
AHEAD = 2 * DAY
Answer = tuple[Any, dict[str, Any]]
"""The answer to a question, for people, and the switches of the emulator that it decides."""

PATIENCE = 60.0
"""Seconds to wait until the first change is listed."""
_LOOKS = (0.5, 0.5, 1, 1, 1, 1, 2, 2, 3, 3, 5)
_LOST_CREATE = (1, 2, 3, 4)


class UnknownError(Exception):
    """Why a question has no answer: words without a text of the service."""


class RefusedError(UnknownError):
    """A create is refused.

    Args:
        reply: how.
    """

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"the create was refused, {reply.words}")
        self.reply = reply


class Task:
    """A temporary task.

    Args:
        task_id: its id.
        name: the name of its stream.
        settings: what it was created with.
    """

    def __init__(self, task_id: str, name: str, settings: Mapping[str, Any]) -> None:
        self.task_id = task_id
        self.name = name
        self.settings = settings
        self.mark = 0


class Probe:
    """A run.

    Args:
        service: the service.
        domain: the ingest domain of the tasks.
        source: the URL of their file.
        say: shows a line to the user.

    Attributes:
        first: the main task as it was listed before its first modify.
        paused: the main task as it was listed after its first modify.
        lag: seconds until a change is listed.
        applies: whether changes are listed at all.
        ahead: seconds that listed times without a zone are ahead of UTC.
        answers: the answer to each question so far.
        listing: the tasks of the account at the beginning.
        page_lengths: how many tasks each page had at the beginning.
        total: what `total` counts, by one page: the switch of the emulator, or empty.
        count: how many tasks the account had at the beginning; None if there are too many to count.
    """

    first: Listed
    paused: Listed
    task: Task

    def __init__(self, service: Service, domain: str, source: str, say: Callable[[str], None]) -> None:
        self.service = service
        self.ledger = service.gate.ledger
        self.clock = service.clock
        self.domain = domain
        self.source = source
        self.say = say
        self.lag = 0.0
        self.applies = True
        self.ahead = 0.0
        self.answers: dict[str, Any] = {}
        self.listing: list[dict[str, Any]] = []
        self.page_lengths: list[int] = []
        self.total = ""
        self.count: int | None = None
        self.start = int(self.clock.now()) + AHEAD
        self._marks = itertools.count(11)

    # What a task is made of

    def window(self, start: float, end: float) -> dict[str, str]:
        """Return two times in seconds since the epoch as fields."""
        return {"start_time": from_timestamp(start), "end_time": from_timestamp(end)}

    @property
    def sources(self) -> list[str]:
        """The playlist: two files, so that the second may be the first to play."""
        return [self.source, self.source_with("part=2")]

    def source_with(self, parameter: str) -> str:
        """Return the source with one more parameter in its query."""
        return f"{self.source}{'&' if '?' in self.source else '?'}{parameter}"

    def settings(self) -> dict[str, Any]:
        """Return every option that a modify takes, none at its default, and a new mark in the start second."""
        return {
            "status": "pause",
            "source_urls": self.sources,
            "vod_loop_time": "3",
            "vod_refresh_type": REFRESH_TYPES[2],
            "vod_start_video_index": 1,
            "vod_start_video_time": next(self._marks),
            **self.window(self.start, self.start + HOUR),
            "callback_events": ["TaskStart", "TaskExit"],
        }

    # The requests

    def create(self, *left_out: str, **fields: Any) -> Task:
        """Create a temporary task.

        Args:
            left_out: fields that a temporary task usually has.
            fields: other fields.

        Raises:
            RefusedError: the service refuses it.
            TroubleError: it could not be created, or is lost.
        """
        name = f"{PREFIX}{secrets.token_hex(6)}"
        body = {
            **{"domain": self.domain, "app_name": APP, "stream_name": name},
            **{"source_type": PLAYLIST_TYPE, "source_urls": self.sources},
            **self.window(self.start, self.start + HOUR),
            **fields,
        }
        body = {field: value for field, value in body.items() if field not in left_out}
        self.ledger.names[name] = set()
        reply = self.service.once("POST", body=body)
        for pause in (2, 4):
            if reply.status == 429:
                # It was not carried out.
                self._sleep(pause)
                reply = self.service.once("POST", body=body)
        if reply.refused:
            raise RefusedError(reply)
        if reply.status in (401, 403, 429):
            raise trouble("create a task", reply)
        if not self.ledger.names[name]:
            # Never sent again: both could take effect.
            self._look_for_lost(_LOST_CREATE)
        if not self.ledger.names[name]:
            raise trouble("create a task", reply)
        task_id = min(self.ledger.names[name])
        self.say(f"    created task {task_id}, {name}")
        return Task(task_id, name, body)

    def modify(self, task: Task, *left_out: str, **changes: Any) -> Reply:
        """Modify every setting of a task, paused and with a new mark. Takes and raises what `send` does.

        Args:
            task: the task.
            left_out: fields to leave out.
            changes: fields with other values.
        """
        body = {**self.settings(), **changes}
        return self.send(task, {name: value for name, value in body.items() if name not in left_out})

    def send(self, task: Task, body: Mapping[str, Any]) -> Reply:
        """Send exactly this modify, and return whether it was accepted or refused.

        Raises:
            TroubleError: neither of them.
        """
        reply = self.service.sure("modify the task", "PUT", body={"task_id": task.task_id, **body})
        if reply.accepted:
            task.mark = body.get("vod_start_video_time", task.mark)
        return reply

    def new_mark(self) -> int:
        """Return a mark: a start second that no request had."""
        return next(self._marks)

    def until(
        self, task: Task, shows: Callable[[Listed], bool] | None = None, patience: float | None = None
    ) -> tuple[Listed, int]:
        """Return the task once it is listed as awaited, and how often it was read before.

        Args:
            task: the task.
            shows: whether it is; by default, whether it has the mark of the last modify.
            patience: for how many seconds to look.

        Raises:
            UnknownError: it is not in time.
        """
        if not self.applies and not patience:
            raise UnknownError("changes are accepted, and not listed")
        patience = max(30.0, 3 * self.lag + 15) if patience is None else patience
        deadline = self.clock.monotonic() + patience
        self._sleep(self.lag)
        for look in itertools.count():
            info = self.service.find(task.task_id)
            listed = Listed(info, self.ahead) if info else None
            if listed and (shows(listed) if shows else listed.value("vod_start_video_time") == task.mark):
                return listed, look
            if self.clock.monotonic() >= deadline:
                raise UnknownError(f"the change was accepted, and not listed within {patience:.0f} seconds")
            self._sleep(_LOOKS[min(look, len(_LOOKS) - 1)])
        raise AssertionError

    def delete(self, task: Task) -> None:
        """Delete a task that is no longer needed."""
        self.service.sure("delete the task", "DELETE", query={"task_id": task.task_id})

    @contextlib.contextmanager
    def own_task(self, *left_out: str, **fields: Any) -> Iterator[Task]:
        """Create a task for one question, and delete it afterwards. Takes and raises what `create` does."""
        task = self.create(*left_out, **fields)
        try:
            yield task
        except UnknownError:
            self.delete(task)
            raise
        self.delete(task)

    def _look_for_lost(self, pauses: tuple[int, ...]) -> None:
        """Look for the tasks whose create may have been carried out."""
        for pause in pauses:
            if not self.ledger.uncertain:
                return
            self._sleep(pause)
            for infos, _total in self.service.pages():
                for info in infos:
                    name, task_id = info.get("stream_name"), info.get("task_id")
                    if name in self.ledger.uncertain and info.get("app_name") == APP and task_id:
                        self.ledger.adopt(name, task_id)

    def _sleep(self, seconds: float) -> None:
        if seconds:
            self.clock.sleep(seconds)

    # The end

    def clean(self) -> str:
        """Delete every task of this run, and return a sentence about what may be left; empty if nothing is."""
        self.service.gate.limit = max(MOST, self.service.gate.limit)
        failed = self._delete_known()
        if self.ledger.uncertain:
            with contextlib.suppress(TroubleError, GateError):
                self._look_for_lost(_LOST_CREATE[1:])
            failed = self._delete_known()
        left = self._still_listed()
        if left:
            return f"Not deleted: {', '.join(left)}. Run it with --sweep. {failed}".rstrip()
        if self.ledger.uncertain:
            return "A create without an answer may still take effect: run it with --sweep in a minute."
        return ""

    def _delete_known(self) -> str:
        """Delete every known task, and return the first trouble; empty if there was none."""
        failed = ""
        for task_id in self.ledger.ids:
            try:
                self.service.sure("delete the task", "DELETE", query={"task_id": task_id})
            except (TroubleError, GateError) as error:
                failed = failed or str(error)
        return failed

    def _still_listed(self) -> list[str]:
        """Return the ids of this run that do not vanish from the list in time."""
        left = sorted(set().union(*self.ledger.names.values()))
        deadline = self.clock.monotonic() + 15 + 3 * self.lag
        try:
            self._sleep(self.lag if left else 0)
            while left:
                left = [task_id for task_id in left if self.service.find(task_id)]
                if not left or self.clock.monotonic() >= deadline:
                    break
                self._sleep(3)
        except (TroubleError, GateError):
            return self.ledger.ids
        return left
