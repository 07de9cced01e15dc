# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the picture of the overview: python -m tests.tools.screenshots FOLDER PICTURE, as `make screenshots` runs it.

The page is written to FOLDER, from the tasks of the emulator and a few more, at a fixed time. One channel is dark, and
someone else pushes the stream of another. If the machine has Chromium, the page is drawn to PICTURE. Otherwise, PICTURE
is not changed. FOLDER also gets views to check: wide and narrow, light and dark.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ..emulator import AUTH_TOKEN, PROJECT_ID, Behaviour, Emulator, environment, seed_tasks, vod_task
from ..emulator.clock import write_time

NOW = datetime(2027, 1, 15, 12, tzinfo=timezone.utc)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LIGHT, DARK = 1, 0
# Chromium makes no window as narrow as a phone, but a frame in one.
FRAME = '<body style="margin:0"><iframe src="overview.html" style="border:0;width:390px;height:2000px"></iframe></body>'


def at(hours: float) -> str:
    """So many hours from now."""
    return write_time(NOW + timedelta(hours=hours))


MORE: dict[str, dict[str, Any]] = {
    "sports": {"start_time": at(-40), "end_time": at(90)},
    "films": {"start_time": at(-171), "end_time": at(-3)},
    "news": {"start_time": at(-150), "end_time": at(5.2)},
    "radio": {"start_time": at(-60), "end_time": ""},
    "classics": {"status": "finished"},
    "documentaries": {"start_time": at(-20), "end_time": at(147)},
    "gala": {"start_time": at(-4), "end_time": at(20), "vod_loop_time": "1"},
}
ENDED = ("sports", "gala")
OTHER = {
    "publish_domain": "push.example.com",
    "app": "live",
    "stream": "paused",
    "client_ip": "198.51.100.7",
    "start_time": at(-1.5),
}


def write(folder: Path) -> Path:
    """Write the page with the example playbook, and return where it is."""
    day = NOW.replace(hour=0)
    ids = {name: f"55555555-0000-4000-8000-{place:012d}" for place, name in enumerate(MORE)}
    tasks = [vod_task(task_id, name, day, **MORE[name]) for name, task_id in ids.items()]
    page = folder / "overview.html"
    behaviour = Behaviour(other_pushes=[OTHER])
    with Emulator(tasks=[*seed_tasks(NOW), *tasks], behaviour=behaviour, now=lambda: NOW) as emulator:
        for name in ENDED:
            emulator.service.knock(ids[name])
        # The clock of the service differs from that of a signature.
        log_in = {"HW_AUTH_TOKEN": AUTH_TOKEN, "HUAWEICLOUD_SDK_PROJECT_ID": PROJECT_ID}
        environ = {**os.environ, **environment(emulator.url), **log_in}
        variables = {
            "overview_path": str(page),
            "overview_now": write_time(NOW),
            "overview_timezone": "Asia/Shanghai",
        }
        playbook = Path(__file__).parents[2] / "docs" / "examples" / "overview.yml"
        command = ["ansible-playbook", str(playbook), "--extra-vars", json.dumps(variables)]
        subprocess.run(command, env=environ, check=True)
    return page


def draw(browser: str, page: Path, picture: Path, width: int, height: int, scheme: int) -> None:
    """Draw a page as a window of this size shows it."""
    command = [
        *(browser, "--headless", "--disable-gpu", "--hide-scrollbars", "--no-sandbox"),
        f"--blink-settings=preferredColorScheme={scheme}",
        f"--window-size={width},{height}",
        f"--screenshot={picture}",
        page.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> int:
    """Do as the command line says, and return the exit code."""
    folder, picture = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    page = write(folder)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"This machine has no Chromium, so {picture} was not changed. The page is {page}")
        return 0
    frame = folder / "phone.html"
    frame.write_text(FRAME, encoding="utf-8")
    draw(browser, page, picture, 1200, 1130, LIGHT)
    for name, scheme in (("light", LIGHT), ("dark", DARK)):
        draw(browser, page, folder / f"wide-{name}.png", 1440, 1500, scheme)
        draw(browser, frame, folder / f"phone-{name}.png", 390, 2000, scheme)
    print(f"Drawn: {picture} ({picture.stat().st_size // 1024} kB), and views in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
