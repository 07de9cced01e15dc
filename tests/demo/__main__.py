# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: playbooks and commands on the emulator. It checks the result of each step."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from ..emulator import CHANNEL_ID, PROJECT_ID, Behaviour, Emulator, environment, fleet_id, seed_many

MODULE = "huaweicloud.live.live_pull_task"
SOURCES = "huaweicloud.live.live_source_info"
LIFECYCLE = "docs/examples/channel_from_nothing.yml"
PLAYBOOK = "docs/examples/channel.yml"
FLEET = "docs/examples/fleet.yml"
PROGRAMME = "docs/examples/playlist_programme.yml"
OVERVIEW = "docs/examples/overview.yml"
WATCH = "docs/examples/watch.yml"
RESTART = "docs/examples/restart.yml"
GUIDE = "docs/examples/xmltv.yml"
CONFIG = Path(__file__).with_name("ansible.cfg")
# In the build folder.
PAGE = Path(".build/overview.html")
XMLTV = Path(".build/guide.xml")
WIDTH = 100
INDENT = "  "

# Settings of the user for other playbooks. They could change the output, or even point to real tasks.
_OWN_SETTINGS = ("ANSIBLE_", "HUAWEICLOUD_", "CLOUD_SDK_", "HW_")
_KEPT_SETTINGS = ("ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_HOME")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class DemoError(Exception):
    """A step of the demo had another result than expected."""


class Run(NamedTuple):
    """A finished command.

    Attributes:
        code: the exit code.
        output: its output without colours.
        reads: number of reads of the service during the run.
        writes: number of writes to the service during the run.
    """

    code: int
    output: str
    reads: int
    writes: int


class Stage:
    """A terminal whose environment points to the emulator.

    Args:
        emulator: the service.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._environment = {
            **{name: value for name, value in os.environ.items() if _is_neutral(name)},
            "ANSIBLE_CONFIG": str(CONFIG),
            # The default is in the home folder of the password file, and ignores HOME.
            "ANSIBLE_REMOTE_TMP": str(Path(".build/tmp").resolve()),
            **environment(emulator.url),
            "HUAWEICLOUD_SDK_PROJECT_ID": PROJECT_ID,
        }

    def playbook(self, *arguments: str, changed: bool, reads: int, writes: int, failed: bool = False) -> Run:
        """Run a playbook, show its output, and return the run.

        Raises:
            DemoError: it had another result than expected.
        """
        colour = {"ANSIBLE_FORCE_COLOR": "true"} if sys.stdout.isatty() and "NO_COLOR" not in os.environ else {}
        run = self._run("ansible-playbook", *arguments, show=True, **colour)
        recap = re.search(rf"ok=\d+ +changed=(\d+) +unreachable=0 +failed={int(failed)} ", run.output)
        _expect((run.code != 0) == failed and recap is not None, f"failed is not {failed}")
        _expect(recap is not None and (recap[1] != "0") == changed, f"changed is not {changed}")
        # A slow machine reads again what is older than two seconds.
        most = 2 * reads if changed else reads
        good = run.writes == writes and reads <= run.reads <= most
        _expect(good, f"there were {run.reads} reads and {run.writes} writes")
        return run

    def ad_hoc(self, arguments: str, module: str = MODULE) -> tuple[Run, dict[str, Any]]:
        """Run a module ad hoc, show its status, and return the run and the results.

        Raises:
            DemoError: it returned no results.
        """
        run = self._run(
            "ansible", "localhost", "-m", module, "-a", arguments, show=False, ANSIBLE_CALLBACK_RESULT_FORMAT="json"
        )
        found = re.search(r"^(localhost \| \w+)!? => (\{.*\})", run.output, re.MULTILINE | re.DOTALL)
        if not found:
            raise DemoError(f"no result in {run.output}")
        _say(found[1])
        return run, json.loads(found[2])

    def _run(self, *command: str, show: bool, **settings: str) -> Run:
        _command(command)
        reads, writes = len(self.emulator.reads()), len(self.emulator.writes())
        process = subprocess.Popen(
            command,
            env={**self._environment, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = []
        for line in process.stdout or ():
            lines.append(_COLOUR.sub("", line))
            if show:
                _say(line.rstrip())
        return Run(
            process.wait(), "".join(lines), len(self.emulator.reads()) - reads, len(self.emulator.writes()) - writes
        )


def live(stage: Stage) -> str:
    """Create, change and delete a channel in an empty account"""
    station = stage.emulator.tasks
    stage.emulator.seed([])
    seen = len(stage.emulator.writes())
    stage.playbook(LIFECYCLE, "--diff", changed=True, reads=8, writes=5)
    done = [request["operation"] for request in stage.emulator.writes()[seen:]]
    _expect(done == ["create", "modify", "modify", "modify", "delete"], f"the requests were {done}")
    _expect(stage.emulator.tasks == [], "tasks were left over")
    stage.emulator.seed(station)
    return "The channel was created and paused, changed, put on air and deleted. Each change was verified."


def look(stage: Stage) -> str:
    """Check mode, with the difference"""
    before = stage.emulator.task(CHANNEL_ID)
    stage.playbook(PLAYBOOK, "--check", "--diff", changed=True, reads=1, writes=0)
    _expect(stage.emulator.task(CHANNEL_ID) == before, "check mode changed the task")
    return "The module only read the service. The channel still plays its old playlist."


def change(stage: Stage) -> str:
    """Change the channel"""
    before = stage.emulator.task(CHANNEL_ID)
    stage.playbook(PLAYBOOK, changed=True, reads=2, writes=1)
    after = stage.emulator.task(CHANNEL_ID)
    changed = sorted(name for name in after if after[name] != before[name])
    _expect(changed == ["source_urls", "vod_refresh_type"], f"{changed} were changed")
    return "The module read the task, sent the change and verified it. Other settings stayed as they were."


def repeat(stage: Stage) -> str:
    """Run the same again"""
    stage.playbook(PLAYBOOK, changed=False, reads=1, writes=0)
    return "ok, not changed: the channel is in its declared state, so the module only read the service."


def switch(stage: Stage) -> str:
    """Off air and on air again, from the command line"""
    for status in ("pause", "enable"):
        run, results = stage.ad_hoc(f"task_id={CHANNEL_ID} status={status}")
        _expect((run.code, results["changed"], results["changes"]) == (0, True, ["status"]), f"{results}")
        _expect(stage.emulator.task(CHANNEL_ID)["status"] == status, "the status is wrong")
        _expect("source_urls" not in results["request"], "the playlist was sent again")
        _say(f"    changes: {', '.join(results['changes'])}")
        _say(f"    live_pull_task.status: {results['live_pull_task']['status']}")
    return "The playlist was not sent again. (Shortened: the results contain the whole task and the request.)"


def mistake(stage: Stage) -> str:
    """Invalid values"""
    run, results = stage.ad_hoc(f"task_id={CHANNEL_ID} vod_loop_time=0 end_time=2027-01-31T20:00:00")
    _expect(run.code != 0, "invalid values were accepted")
    _expect("vod_loop_time" in results["msg"] and "end_time" in results["msg"], results["msg"])
    _expect((run.reads, run.writes) == (0, 0), "a request was sent")
    for line in textwrap.wrap(results["msg"], WIDTH - 6):
        _say(f"    {line}")
    return "The error names both mistakes and what is allowed. No request was sent."


def files(stage: Stage) -> str:
    """Check files before they go on air"""
    urls = [f"{stage.emulator.url}/files/{name}" for name in ("good.mp4", "missing.mp4", "page.mp4")]
    _run, results = stage.ad_hoc(json.dumps({"source_urls": urls}), SOURCES)
    problems = [(problem["kind"], problem["entries"]) for problem in results["problems"]]
    _expect(problems == [("unreachable", [1]), ("web_page", [2])], f"the problems were {problems}")
    for problem in results["problems"]:
        _say(f"    {problem['kind']}: {problem['text']}")
    return (
        "The module read the first bytes of each file. The role playlist does that for all its channels with"
        " playlist_probe: true, before it changes anything."
    )


def dark(stage: Stage) -> str:
    """A channel goes dark, and the watch finds it"""
    stage.emulator.service.knock(CHANNEL_ID)
    _say("The push of the channel has broken off. Its settings have not changed.")
    run = stage.playbook(WATCH, "-e", "watch_again_seconds=2", changed=False, reads=2, writes=0, failed=True)
    _expect("channel is dark (not pushed, " in run.output, "the dark channel was not reported")
    return "Only the streams show that the channel is dark. The watch looked twice and failed: a scheduler reports it."


def restart(stage: Stage) -> str:
    """Restart the channel, and wait until it is on air again"""
    delay = 4
    stage.emulator.behaviour = Behaviour(push_delay=delay)
    begin = time.monotonic()
    stage.playbook(RESTART, "-e", f"task_id={CHANNEL_ID}", changed=True, reads=5, writes=2)
    _expect(time.monotonic() - begin > delay, "the playbook did not wait")
    pushed = [stream["stream"] for stream in stage.emulator.service.pushes.listed()]
    _expect("channel" in pushed, f"only {pushed} are pushed")
    stage.emulator.behaviour = Behaviour()
    return f"The push began {delay} seconds after the channel was enabled. The playbook waited for it."


def programme(stage: Stage) -> str:
    """A programme: films in the evening, another playlist at noon, one playbook every five minutes"""
    day = datetime.now(timezone.utc).date()
    # The example has a special on 24 December: avoid this day.
    if {(one.month, one.day) for one in (day, day + timedelta(days=1))} & {(12, 24)}:
        day += timedelta(days=2)
    # The slot at 20:15 begins with a trailer of two minutes.
    for time_, changed, start in (("20:20", True, (1, 180)), ("20:25", False, (1, 180)), ("12:00", True, (0, 0))):
        noon = time_ == "12:00"
        _say(f"It is {time_}{' of the next day' if noon else ''} in Shanghai.")
        now = f"{day + timedelta(days=noon)}T{time_}:00+08:00"
        stage.playbook(PROGRAMME, "-e", f"playlist_now={now}", changed=changed, reads=2 + changed, writes=int(changed))
        task = stage.emulator.task(CHANNEL_ID)
        began = (task["vod_start_video_index"], task["vod_start_video_time"])
        _expect(began == start, f"the channel began with {began}")
        _expect(("film" in task["source_urls"][1]) != noon, f"the channel plays {task['source_urls']}")
    return (
        "The run at 20:20 was five minutes late, and began the film at the position of 20:20. The next run changed"
        " nothing. The run at noon set the next playlist."
    )


def guide(stage: Stage) -> str:
    """The guide of a programme, for viewers"""
    path = XMLTV.resolve()
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    stage.playbook(GUIDE, "-e", f"guide_path={shlex.quote(str(path))}", changed=True, reads=0, writes=0)
    text = path.read_text(encoding="utf-8")
    _expect("Harbour Lights" in text and text.count("<programme ") > 10, "the guide does not have all programmes")
    first = re.search(r"<programme .*?</programme>", text, re.DOTALL)
    for line in textwrap.dedent(f"  {first[0]}" if first else "").splitlines():
        _say(f"    {line}")
    return f"The guide for apps and media players is in {XMLTV}. This is its first entry."


def fleet(stage: Stage) -> str:
    """Two hundred channels in one task, twice"""
    stage.emulator.seed([*stage.emulator.tasks, *seed_many(200)])
    stage.playbook(FLEET, changed=True, reads=10, writes=200)
    playlists = {tuple(stage.emulator.task(fleet_id(number))["source_urls"]) for number in range(200)}
    _expect(len(playlists) == 1, "the channels play different files")
    stage.playbook(FLEET, changed=False, reads=6, writes=0)
    return (
        "The module read pages of 100 tasks. It changed and verified one channel, then the others, eight at a time."
        " The second run only read the pages."
    )


def glance(stage: Stage) -> str:
    """An overview of all channels"""
    page = PAGE.resolve()
    page.parent.mkdir(exist_ok=True)
    page.unlink(missing_ok=True)
    stage.playbook(OVERVIEW, "-e", f"overview_path={shlex.quote(str(page))}", changed=True, reads=3, writes=0)
    _expect("204 channels" in page.read_text(encoding="utf-8"), "the page does not have 204 channels")
    return f"The urgent ones come first. A page for the browser is in {PAGE}."


STEPS: tuple[Callable[[Stage], str], ...] = (
    live,
    look,
    change,
    repeat,
    switch,
    mistake,
    files,
    dark,
    restart,
    programme,
    guide,
    fleet,
    glance,
)


def main() -> int:
    """Run the demo and return the exit code."""
    start = time.monotonic()
    with Emulator() as emulator:
        print(
            "A relay task of Huawei Cloud Live plays a list of videos as a live stream. This demo creates,\n"
            "changes and deletes a relay task, and changes the playlists of others. An emulator on this\n"
            "machine replaces the service. The demo sends nothing to other machines.\n\n"
            "The settings of Ansible come from tests/demo/ansible.cfg:\n"
        )
        for setting in _settings():
            _say(setting)
        stage = Stage(emulator)
        for number, step in enumerate(STEPS, 1):
            print(f"\n{number}. {step.__doc__}\n", flush=True)
            try:
                conclusion = step(stage)
            except DemoError as error:
                print(f"\nThe demo failed: {error}.", file=sys.stderr)
                return 1
            conclusion = textwrap.fill(f"-> {conclusion}", WIDTH, initial_indent=INDENT, subsequent_indent="     ")
            print(f"\n{conclusion}", flush=True)
        _sum_up(emulator, time.monotonic() - start)
    return 0


def _sum_up(emulator: Emulator, seconds: float) -> None:
    task = emulator.task(CHANNEL_ID)
    print("\nSummary\n")
    _say(f"Requests   {len(emulator.reads())} reads and {len(emulator.writes())} writes, in {seconds:.0f} seconds")
    _say(f"The task   {task['task_id']}, status {task['status']}, endless, plays")
    for url in task["source_urls"]:
        _say(f"           {url}")
    _say(f"The page   file://{PAGE.resolve()}")
    print(
        "\nFor your own channel, set HW_REGION_NAME, HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK in the\n"
        f"environment. Put its stream and files into {LIFECYCLE},\n"
        f"or the id of an existing task into {PLAYBOOK}."
    )


def _settings() -> list[str]:
    """Return the lines of Ansible's settings."""
    lines = CONFIG.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _command(command: Sequence[str]) -> None:
    """Show a command in a form that can be pasted."""
    line = "$"
    for word in map(shlex.quote, command):
        if len(INDENT) + len(line) + len(word) + len(" \\") >= WIDTH:
            _say(f"{line} \\")
            line = "   "
        line += f" {word}"
    _say(line)


def _say(text: str) -> None:
    for line in wrap(text):
        print(f"{INDENT}{line}".rstrip(), flush=True)


def wrap(text: str) -> list[str]:
    """Break a line between words if it is longer than the screen. Colours take no room, and a long word stays whole."""
    room = WIDTH - len(INDENT)
    lines = []
    while len(_COLOUR.sub("", text)) > room:
        # A blank before the first word is no place to break: what is left would be as long as before.
        at = text.rfind(" ", len(text) - len(text.lstrip()), room)
        if at < 0:
            break
        lines.append(text[:at].rstrip())
        text = f"    {text[at:].strip()}"
    return [*lines, text]


def _expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise DemoError(otherwise)


def _is_neutral(name: str) -> bool:
    return name in _KEPT_SETTINGS or not name.startswith(_OWN_SETTINGS)


if __name__ == "__main__":
    sys.exit(main())
