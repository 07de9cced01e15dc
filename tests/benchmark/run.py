# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure what the modules cost compared with requests written by hand, and write the page of the documentation.

Run from the root of the repository, with ansible-playbook on the PATH:
python -m tests.benchmark.run PAGE.rst PICTURE.svg [ROUNDS]
Each number is the median of several runs of whole playbook processes, with the variants in turn. The cost of one more
loop item is the difference between a long and a short loop, divided by the difference of their lengths.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

import requests
import trustme

from tests.benchmark import playbooks
from tests.benchmark.results import Cell, Results

ROUNDS = 5
SIZES = (10, 100, 1000, 10000)
SHARES = (0, 10, 100)
LATENCIES = (0.0, 0.05)
ROUND_TRIP = 0.05
CONCURRENCY = 8
HOSTS = 100
FORKS = 10
RATE = 20
RATED = 200

Builder = Callable[[int], list[playbooks.Task]]
# The declared vod_loop_time of each task of a fleet, by its number.
Rounds = Mapping[int, str]


class Service:
    """The emulator, in a process of its own.

    Attributes:
        url: where tasks reach it.
    """

    def __init__(self, control: str, url: str, authority: str | bool = True) -> None:
        self.url = url
        self._control = control
        self._session = requests.Session()
        self._session.trust_env, self._session.verify = False, authority

    def _do(self, method: str, what: str, **how: object) -> requests.Response:
        answer = self._session.request(method, f"{self._control}/emulator/{what}", timeout=60, **how)  # type: ignore[arg-type]
        answer.raise_for_status()
        return answer

    def prepare(self, size: int | None = None, **behaviour: float) -> None:
        """Reset the service, and create a fleet of that size if one is given."""
        self._do("POST", "reset")
        if size is not None:
            self._do("PUT", "tasks", json={"tasks": []})
            self._do("POST", "tasks", json={"count": size})
        self._do("PATCH", "behaviour", json=behaviour)

    def operations(self) -> list[str]:
        """Return the operations since the last reset."""
        return [entry["operation"] for entry in self._do("GET", "journal").json()["requests"]]


@contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def emulator(*arguments: str) -> Iterator[str]:
    """Run the emulator, and return its URL."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready"
        with _process("tests.emulator", "--ready-file", str(ready), *arguments):
            while not ready.exists():
                time.sleep(0.05)
            yield ready.read_text().strip()


@contextmanager
def far_emulator() -> Iterator[Service]:
    """Run the emulator with TLS, behind a connection with a long round trip."""
    with tempfile.TemporaryDirectory() as folder:
        certificate, key, authority = (Path(folder) / name for name in ("certificate.pem", "key.pem", "authority.pem"))
        issuer = trustme.CA()
        issuer.cert_pem.write_to_path(str(authority))
        issued = issuer.issue_cert("127.0.0.1")
        issued.cert_chain_pems[0].write_to_path(str(certificate))
        issued.private_key_pem.write_to_path(str(key))
        with (
            emulator("--tls-cert", str(certificate), "--tls-key", str(key)) as url,
            _process("tests.benchmark.wire", url.rpartition(":")[2], str(ROUND_TRIP)) as wire,
        ):
            port = wire.stdout.readline().strip() if wire.stdout else ""
            yield Service(url, f"https://127.0.0.1:{port}", str(authority))


def run(tasks: list[playbooks.Task], service: Service, hosts: int = 1) -> tuple[float, float]:
    """Run a playbook. Return its seconds, and the memory of its largest process in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        playbook, inventory = Path(folder) / "playbook.yml", Path(folder) / "hosts.json"
        playbook.write_text(json.dumps(playbooks.play(tasks, service.url)))
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        names = {f"channel{number}": None for number in range(hosts)}
        inventory.write_text(json.dumps({"all": {"hosts": names, "vars": local}}))
        environment = {
            **os.environ,
            "ANSIBLE_LIBRARY": str(Path(__file__).parent / "library"),
            "ANSIBLE_ACTION_PLUGINS": str(Path(__file__).parent / "action_plugins"),
            "ANSIBLE_FORKS": str(FORKS),
        }
        # The memory of a process before exec counts as well, so a small process starts the playbook.
        measure = (
            "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
            " print('MEMORY', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
        )
        command = [sys.executable, "-c", measure, "ansible-playbook", "-i", str(inventory), str(playbook)]
        started = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        taken = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"A playbook failed:\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}")
    return taken, int(done.stdout.rpartition("MEMORY")[2]) / 1024


def seconds(tasks: list[playbooks.Task], service: Service, hosts: int = 1) -> float:
    """Return the seconds that a whole playbook takes on a service that was reset."""
    service.prepare()
    return run(tasks, service, hosts)[0]


def in_turns(rounds: int, variants: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Measure each variant in turn, for a number of rounds, and return the medians in seconds."""
    measured: dict[str, list[float]] = {name: [] for name in variants}
    for turn in range(rounds):
        for name, measure in variants.items():
            measured[name].append(measure())
            print(f"  {turn + 1}/{rounds} {name}: {measured[name][-1] * 1000:.1f} ms", flush=True)
    return {name: median(values) for name, values in measured.items()}


def one_more(build: Builder, items: int, service: Service) -> Callable[[], float]:
    """Return a function that measures the seconds of one more item."""
    return lambda: (seconds(build(1 + items), service) - seconds(build(1), service)) / items


def declared(size: int, share: int) -> Rounds:
    """Return the declaration of a fleet of that size, of which ``share`` percent have to change."""
    return {number: "2" if number * 100 < share * size else "-1" for number in range(size)}


def fleets(rounds: int, service: Service) -> list[Cell]:
    """Measure fleets by size, share that changes, and round trip."""
    grid = [(size, share, latency) for size in SIZES for latency in LATENCIES for share in SHARES]
    taken: dict[tuple[int, int, float], list[tuple[float, float]]] = {cell: [] for cell in grid}
    floors: dict[int, list[tuple[float, float]]] = {size: [] for size in SIZES}
    operations: dict[tuple[int, int, float], list[str]] = {}
    for turn in range(rounds):
        for size in SIZES:
            floors[size].append(run(playbooks.idle_fleet(declared(size, 0), CONCURRENCY), service))
        for cell in grid:
            size, share, latency = cell
            service.prepare(size, latency=latency)
            taken[cell].append(run(playbooks.fleet(declared(size, share), CONCURRENCY), service))
            operations[cell] = service.operations()
            print(
                f"  {turn + 1}/{rounds} {size} tasks, {share} %, {latency:g} s: {taken[cell][-1][0]:.2f} s", flush=True
            )
    return [
        Cell(
            *cell,
            seconds=median(one for one, _memory in taken[cell]),
            floor=median(one for one, _memory in floors[cell[0]]),
            reads=operations[cell].count("list"),
            writes=operations[cell].count("modify"),
            memory=max(memory for _one, memory in taken[cell]),
            concurrency=CONCURRENCY,
        )
        for cell in grid
    ]


def rated(service: Service) -> float:
    """Return the time of a fleet on a service with a limit of RATE requests a second, divided by the minimum."""
    service.prepare(RATED, max_rate=RATE)
    taken = run(playbooks.fleet(declared(RATED, 100), CONCURRENCY), service)[0]
    floor = run(playbooks.idle_fleet(declared(RATED, 100), CONCURRENCY), service)[0]
    # Requests above the limit are refused, and do not count.
    return (taken - floor) / ((RATED + 2 * -(-RATED // 100)) / RATE)


def machine() -> str:
    """Describe this machine in a line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor"
    )
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, Python {platform.python_version()}"


def measured(rounds: int) -> Results:
    """Measure everything."""
    version = subprocess.run(["ansible", "--version"], capture_output=True, text=True, check=True).stdout.split("]")[0]
    with emulator() as url, far_emulator() as far:
        near = Service(url, url)
        print("One more loop item, nothing to change")
        items = in_turns(
            rounds,
            {
                "debug": one_more(playbooks.debug, 400, near),
                "module": one_more(playbooks.module_unchanged, 400, near),
                "shipped": one_more(playbooks.module_shipped, 20, near),
                "ping": one_more(playbooks.ping, 20, near),
                "uri": one_more(playbooks.uri_read, 20, near),
                "sdk": one_more(playbooks.sdk_read, 20, near),
            },
        )
        print("The same with a long round trip")
        distant = in_turns(
            rounds,
            {"module": one_more(playbooks.module_unchanged, 40, far), "uri": one_more(playbooks.uri_read, 10, far)},
        )
        print("One change")
        changes = in_turns(
            rounds,
            {"module": one_more(playbooks.module_changes, 100, near), "uri": one_more(playbooks.uri_changes, 10, near)},
        )
        print("A whole playbook")
        whole = in_turns(
            rounds,
            {
                "module": lambda: seconds(playbooks.module_once(), near),
                "uri": lambda: seconds(playbooks.uri_once(), near),
                "module, hosts": lambda: seconds(playbooks.module_once(), near, HOSTS),
                "uri, hosts": lambda: seconds(playbooks.uri_once(), near, HOSTS),
            },
        )
        print("A service that limits the rate")
        throttled = in_turns(rounds, {"fleet": lambda: rated(near)})["fleet"]
        print("Fleets")
        cells = fleets(rounds, near)
    return Results(
        machine=machine(),
        ansible=version.split("[core ")[1].strip(),
        day=date.today().isoformat(),
        rounds=rounds,
        items=items,
        distant=distant,
        changes=changes,
        whole=whole,
        throttled=throttled,
        cells=cells,
    )


def main() -> None:
    """Measure, write the page and its picture, and print which limits were met."""
    results = measured(int(sys.argv[3]) if len(sys.argv) > 3 else ROUNDS)
    # Matplotlib takes time and memory, so it is imported after the measurement.
    from tests.benchmark.page import draw, render

    page, picture = Path(sys.argv[1]), Path(sys.argv[2])
    page.write_text(render(results, os.path.relpath(picture, page.parent)))
    picture.write_text(draw(results))
    print("\n".join(f"{'met   ' if row.met else 'MISSED'}  {row}" for row in results.summary()))


if __name__ == "__main__":
    main()
