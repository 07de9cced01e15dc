# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that wait for the stream of a channel, in generated histories of the channel and of pushes by someone else.

`Facts` is the oracle. It knows the history, and nothing of the engine: for each second of a run, it says what the list
of streams holds, and whether that is what the settings ask for.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.tests.emulator import Behaviour, vod_task
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW, after
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Ran, Sandbox, want

WAIT = 60
DAY = 86400
OWN, THEIRS = "192.0.2.10", "198.51.100.7"
URLS = [f"https://media.example.com/{name}.mp4" for name in ("a", "b", "c")]


class Facts:
    """What has happened: the settings of the channel, its pushes, and those of someone else. Seconds count from NOW.

    Args:
        delay: seconds from when the channel is on air until it is pushed.
    """

    def __init__(self, delay: int) -> None:
        self.delay = delay
        self.lag = 0
        self.enabled = self.endless = True
        self.window = (-DAY, 6 * DAY)
        self.dark = False
        self.pushes = [[-DAY + delay, 6 * DAY]]
        self.others: list[list[int]] = []

    def is_on_air(self, second: int) -> bool:
        """Return whether the settings say that the channel is on air."""
        return self.enabled and self.window[0] <= second < self.window[1]

    def enable(self, second: int, window: tuple[int, int], endless: bool) -> None:
        """Enable the paused channel."""
        self.enabled, self.window, self.endless, self.dark = True, window, endless, False
        self.pushes.append([max(second, window[0]) + self.delay, window[1]])

    def pause(self, second: int) -> None:
        """Pause the channel."""
        self.enabled = False
        self._end(second)

    def knock(self, second: int) -> None:
        """Let the channel go dark."""
        self.dark = True
        self._end(second)

    def restart(self, second: int) -> None:
        """Give the channel another playlist. One that is dark is pushed again."""
        if self.dark and self.is_on_air(second):
            self.dark = False
            self.pushes.append([second + self.delay, self.window[1]])

    def _end(self, second: int) -> None:
        self.pushes[-1][1] = min(self.pushes[-1][1], second)

    @property
    def someone_pushes(self) -> bool:
        """Whether someone else pushes now."""
        return bool(self.others) and self.others[-1][1] > 100 * DAY

    def listed(self, second: int) -> Any:
        """Return who is listed as pushing, and since when; None if nobody is."""
        seen = second - self.lag
        own = next((begun for begun, ended in self.pushes if begun <= seen < ended), None)
        if own is not None:
            return OWN, own
        return next(((THEIRS, begun) for begun, ended in self.others if begun <= second < ended), None)

    def expects(self, second: int) -> bool | None:
        """Return whether a push is expected; None if nothing is awaited."""
        if not self.enabled or second >= self.window[1]:
            return False
        return True if self.endless and second >= self.window[0] else None

    def holds(self, second: int, begun: int, before: Any, needs_new: bool) -> bool:
        """Return whether the list shows what the settings ask for.

        Args:
            second: when the list is read.
            begun: when the run wrote, or would have written.
            before: what was listed before it wrote.
            needs_new: whether that push does not count.
        """
        listed, expects = self.listed(second), self.expects(second)
        if expects is None:
            return True
        if expects:
            return listed is not None and not (needs_new and listed == before)
        return listed is None or listed[1] > begun


class Channel(RuleBasedStateMachine):
    """A channel, runs on it, and what others do."""

    seen: ClassVar[collections.Counter[str]] = collections.Counter()

    @initialize(delay=st.sampled_from([0, 0, 4, 50, 70]))
    def begin(self, delay: int) -> None:
        """A channel that has been on air since yesterday."""
        self.service = Sandbox(
            vod_task("t1", "s1", NOW, source_urls=URLS), push_delay=delay, durations=dict.fromkeys(URLS, 10.0**6)
        )
        self.facts = Facts(delay)
        self.urls = [*URLS]
        self.fails = False
        self.service.before = self._before

    def _before(self, _method: str, what: Mapping[str, Any]) -> None:
        if self.fails and "publish_domain" in what:
            raise LiveApiError("GET the streams failed: no.", http_status=503)

    # The world

    @property
    def second(self) -> int:
        """The time."""
        return round(self.service.clock.seconds) - 1000

    def _set(self, **behaviour: Any) -> None:
        self.service.service.behaviour = Behaviour.from_json(behaviour, self.service.service.behaviour)

    def _list_others(self) -> None:
        listed = [
            {"publish_domain": "push.example.com", "app": "live", "stream": "s1", "client_ip": THEIRS}
            | {"start_time": after(seconds=begun)}
            for begun, ended in self.facts.others
            if ended > self.second
        ]
        self._set(other_pushes=listed)

    @rule(seconds=st.one_of(st.integers(1, 5), st.integers(1, 90)))
    def pass_time(self, seconds: int) -> None:
        """The clock passes, and someone reads the list every second."""
        for _second in range(seconds):
            self.service.clock.advance(1)
            self.service.service.pushes.listed()

    @rule(lag=st.sampled_from([0, 0, 3, 20, 65]))
    def set_lag(self, lag: int) -> None:
        """The list of streams gets late."""
        self.facts.lag = lag
        self._set(streams_lag=lag)

    @precondition(lambda self: self.facts.is_on_air(self.second) and not self.facts.dark)
    @rule()
    def knock(self) -> None:
        """The channel goes dark."""
        self.pass_time(1)
        if self.facts.is_on_air(self.second):
            self.service.service.knock("t1")
            self.facts.knock(self.second)
            self.pass_time(1)

    @precondition(lambda self: not self.facts.someone_pushes)
    @rule()
    def someone_begins(self) -> None:
        """Someone else begins to push."""
        self.pass_time(1)
        self.facts.others.append([self.second, 1000 * DAY])
        self._list_others()

    @precondition(lambda self: self.facts.someone_pushes)
    @rule()
    def someone_ends(self) -> None:
        """The push of someone else ends."""
        self.pass_time(1)
        self.facts.others[-1][1] = self.second
        self._list_others()

    # Runs

    def _run(self, declared: dict[str, Any], intrudes_after: int | None = None, **how: Any) -> Ran:
        """Run, while someone else may begin to push."""
        ended = []

        def intrude() -> None:
            if not ended:
                self.facts.others.append([self.second, 1000 * DAY])
                self._list_others()

        if intrudes_after and not self.facts.someone_pushes:
            self.service.clock.later(intrudes_after, intrude)
        looks = len(self.service.sent)
        ran = self.service.bring_one(want("t1", **declared), streams=True, **how)
        ended.append(True)
        asked = sum("publish_domain" in what for _method, what in self.service.sent[looks:])
        assert asked <= 1 + 2 * 15
        return ran

    def _judge(self, ran: Ran, begun: int, before: Any, needs_new: bool, changed: bool) -> None:
        """Compare the run with what the facts say about each second of it."""
        facts = self.facts
        assert ran.changed is changed
        assert self.second - begun <= WAIT
        assert "stream" in ran.result()
        holds = [facts.holds(second, begun, before, needs_new) for second in range(begun, begun + WAIT + 1)]
        at_once = holds[0] and facts.expects(begun) is not False
        expects = facts.expects(begun + WAIT)
        if at_once or holds[-1]:
            self.seen["met", facts.expects(begun), changed] += 1
            assert ran.error is None
            if facts.expects(self.second):
                assert ran.result()["stream"]["online"] is True
        elif not any(holds):
            self.seen["missed", expects, changed] += 1
            if expects:
                assert "is not pushed" in str(ran.error)
            elif changed:
                assert "is still pushed" in str(ran.error)
            else:
                assert (ran.error, "pushed" in ran.warnings) == (None, True)
            assert self.second == begun + WAIT
        if ran.error:
            end = "keeps its new settings." if changed else "Nothing was changed."
            assert str(ran.error.result()["msg"]).endswith(end)
        if not any(facts.listed(second) for second in range(begun, begun + WAIT + 1)):
            assert "pushed" not in ran.warnings

    @precondition(lambda self: self.facts.enabled)
    @rule(intrudes_after=st.sampled_from([None, None, 1, 20]))
    def pause(self, intrudes_after: int | None) -> None:
        """A run pauses the channel."""
        self.pass_time(1)
        begun, before = self.second, self.facts.listed(self.second)
        self.facts.pause(begun)
        self._judge(self._run({"status": "pause"}, intrudes_after), begun, before, needs_new=False, changed=True)

    @precondition(lambda self: not self.facts.enabled)
    @rule(
        window=st.one_of(
            st.just((-60, 3 * DAY)),
            st.tuples(st.just(-60), st.integers(25, 90)),
            st.tuples(st.integers(25, 90), st.just(3 * DAY)),
        ),
        endless=st.sampled_from([True, True, True, False]),
        intrudes_after=st.sampled_from([None, None, 1, 20]),
    )
    def enable(self, window: tuple[int, int], endless: bool, intrudes_after: int | None) -> None:
        """A run enables the channel in a window that is open, ends soon, or opens soon."""
        self.pass_time(1)
        begun, before = self.second, self.facts.listed(self.second)
        times = (begun + window[0], begun + window[1])
        declared = {
            "status": "enable",
            "start_time": after(seconds=times[0]),
            "end_time": after(seconds=times[1]),
            "vod_loop_time": "-1" if endless else "3",
        }
        self.facts.enable(begun, times, endless)
        self._judge(self._run(declared, intrudes_after), begun, before, needs_new=True, changed=True)

    @precondition(lambda self: self.second < self.facts.window[1] - 1)
    @rule()
    def change(self) -> None:
        """A run changes the playlist."""
        self.pass_time(1)
        begun, before = self.second, self.facts.listed(self.second)
        self.urls = [*self.urls[1:], self.urls[0]]
        # It was off air before its window. Then nothing is awaited, so that it does not matter which push counts.
        self.facts.restart(begun)
        self._judge(self._run({"source_urls": self.urls}), begun, before, needs_new=False, changed=True)

    @rule()
    def stay(self) -> None:
        """A run finds the channel as declared."""
        self.pass_time(1)
        status = "enable" if self.facts.enabled else "pause"
        begun = self.second
        self._judge(self._run({"status": status}), begun, None, needs_new=False, changed=False)

    @rule()
    def preview(self) -> None:
        """A run in check mode waits for nothing, and changes nothing."""
        begun = self.second
        ran = self._run({"status": "pause" if self.facts.enabled else "enable"}, check_mode=True)
        assert (ran.error, ran.changed, self.second, "pushed" in ran.warnings) == (None, True, begun, False)
        assert ran.result()["stream"]["online"] is (self.facts.listed(begun) is not None)

    @rule(forbidden=st.booleans())
    def run_without_streams(self, forbidden: bool) -> None:
        """A run pauses or enables the channel, and cannot read streams."""
        self.pass_time(1)
        begun, enabled = self.second, self.facts.enabled
        self.fails = not forbidden
        self._set(streams_allowed=not forbidden)
        window = (begun - 60, begun + 3 * DAY)
        times = {"start_time": after(seconds=window[0]), "end_time": after(seconds=window[1]), "vod_loop_time": "-1"}
        ran = self._run({"status": "pause"} if enabled else {"status": "enable", **times})
        self.fails = False
        self._set(streams_allowed=True)
        refused = forbidden and not enabled
        assert ran.changed is not refused
        assert ("live:stream:listLiveStreamsOnline" if forbidden else "could not be read") in str(ran.error)
        assert self.second == begun + (0 if forbidden else WAIT)
        if enabled:
            self.facts.pause(begun)
        elif not refused:
            self.facts.enable(begun, window, endless=True)

    @invariant()
    def is_as_the_runs_have_left_it(self) -> None:
        """No stream, and no trouble with streams, keeps a run from its settings."""
        if hasattr(self, "service"):
            task = self.service.task("t1")
            assert (task["status"] == "enable", task["source_urls"]) == (self.facts.enabled, self.urls)


@pytest.mark.hypothesis
def test_a_run_waits_for_what_the_settings_ask_for() -> None:
    Channel.seen.clear()
    examples = max(12, settings().max_examples // 2)
    run_state_machine_as_test(Channel, settings=settings(max_examples=examples, stateful_step_count=20))
    # Which ways to fail the examples hold is left to chance.
    assert {*Channel.seen} >= {("met", expects, changed) for expects in (True, False) for changed in (0, 1)}
    assert examples == 12 or any(kind == "missed" for kind, _expects, _changed in Channel.seen)
