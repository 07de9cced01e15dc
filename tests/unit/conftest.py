# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator that tests share; how many examples the generated tests try, and the count of those they did.

HYPOTHESIS_PROFILE chooses how many: "few" (the default) and "many" always try the same examples, so that no run fails
by chance. "explore" tries new ones each time, and prints how to repeat a failure.
"""

from __future__ import annotations

import collections
import importlib.util
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from ansible_collections.huaweicloud.live.plugins.module_utils._service import agency
from ansible_collections.huaweicloud.live.plugins.module_utils._service.connect import forget
from ansible_collections.huaweicloud.live.tests.emulator import Emulator

# Here: where xdist prints summaries, only the conftest.py files that the command line leads to have been read.
pytest_plugins = ["ansible_collections.huaweicloud.live.tests.unit.faults.summary"]

# The code of AWX does not exist for Python 3.10. `make unit` prints that.
collect_ignore = [] if importlib.util.find_spec("awx_plugins") else ["test_awx.py"]

# Hypothesis also draws constants of all loaded modules. Without them, the examples do not depend on other tests of the
# process. Hypothesis has no setting for this. If this name disappears, the examples only depend on other tests again.
providers._get_local_constants = providers.Constants

_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
_PROFILES = {
    "few": settings(max_examples=25, derandomize=True, **_COMMON),
    "many": settings(max_examples=200, derandomize=True, **_COMMON),
    # If CI is set, the defaults of Hypothesis always try the same examples, with any seed.
    "explore": settings(max_examples=2000, derandomize=False, print_blob=True, **_COMMON),
}
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "few")
settings.register_profile(_PROFILE, _PROFILES[_PROFILE])
settings.load_profile(_PROFILE)
# test_properties.py and test_life_properties.py check whole runs, so "many" tries ten times as many examples there.
settings.register_profile("properties", max_examples=2000 if _PROFILE == "many" else settings().max_examples)

_EXAMPLES = "examples"
_totals: collections.Counter[str] = collections.Counter()


@pytest.fixture(autouse=True)
def _new_connections() -> None:
    """Forget all logins, so that each test logs in like a new process."""
    forget()


@pytest.fixture(autouse=True)
def _no_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests from asking the agency of the machine, which may be a server with one."""
    monkeypatch.setattr(agency, "ADDRESS", "http://127.0.0.1:9")


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Emulator]:
    """Return the emulator that all tests of a process share."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    """Return an emulator in its state at the start."""
    running_emulator.reset()
    running_emulator.resume_listening()
    return running_emulator


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> Iterator[collections.Counter[str]]:
    """Return a counter for the examples of a generated test, by their results."""
    counts: collections.Counter[str] = collections.Counter()
    yield counts
    request.node.user_properties.append((_EXAMPLES, dict(counts)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the examples; with xdist this runs where the summary is printed."""
    if report.when == "teardown":
        for name, counts in report.user_properties:
            if name == _EXAMPLES:
                _totals.update(counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the numbers of examples."""
    if _totals:
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(_totals.items()))
        terminalreporter.write_line(f"generated examples: {counts}")
