# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task as List shows it, which may differ from the task that the service holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from .behaviour import Behaviour
from .clock import read_time
from .fields import DEFAULTS, EVENTS

Task = dict[str, Any]

EXTRA_FIELDS: Mapping[str, Any] = {"task_name": "", "scheduler": {"shard": 7, "pinned": False}}
"""The fields of ``Behaviour.extra_fields``."""

NO_TIME = "0001-01-01T00:00:00Z"
"""The zero time of Go, for ``Behaviour.no_time``."""

MASK = "********"
"""The mask of ``Behaviour.immutable``."""

_TIMES = ("create_time", "start_time", "end_time")
_AHEAD = timedelta(hours=8)
_BARE_IN_URI = "%:/?#[]@!$&'()*+,;="
_HOST = re.compile(r"(://(?:[^/?#@]*@)?)([^\x00-\x7f][^/?#:@\[\]]*)")
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def copied(task: Mapping[str, Any]) -> Task:
    """Return a copy of a task, whose values are scalars and lists of scalars."""
    return {name: [*value] if isinstance(value, list) else value for name, value in task.items()}


def as_listed(task: Task, behaviour: Behaviour) -> Task:
    """Return ``task`` as List shows it with ``behaviour``. ``task`` does not change."""
    view: Task = {name: _written(name, value, behaviour) for name, value in task.items()}
    absent = [name for name, value in task.items() if value in ("", []) or _is_default(name, value)]
    if behaviour.absent == "null":
        view.update(dict.fromkeys(absent))
    elif behaviour.absent == "omit":
        view = {name: value for name, value in view.items() if name not in absent}
    view = _with_immutable(view, behaviour)
    if behaviour.no_time == "zero":
        view.update({name: NO_TIME for name in _TIMES if not task.get(name)})
    if behaviour.status_override is not None:
        view["status"] = behaviour.status_override
    if behaviour.extra_fields:
        view.update(EXTRA_FIELDS)
    return view


def _with_immutable(view: Task, behaviour: Behaviour) -> Task:
    makers: Mapping[str, Callable[[Any], Any]] = {
        "as_is": lambda value: value,
        "null": lambda value: None,
        "masked": lambda value: [MASK] if isinstance(value, list) else MASK,
        "lower_case": lambda value: [*map(str.lower, value)] if isinstance(value, list) else value.lower(),
    }
    if behaviour.hosts == "lower_case" and view.get("domain"):
        view = {**view, "domain": view["domain"].lower()}
    forms = {**dict.fromkeys(behaviour.immutable_fields, behaviour.immutable), **behaviour.immutable_each}
    forms = {name: form for name, form in forms.items() if view.get(name)}
    view = {**view, **{name: makers[form](view[name]) for name, form in forms.items() if form != "absent"}}
    return {name: value for name, value in view.items() if forms.get(name) != "absent"}


def _written(name: str, value: Any, behaviour: Behaviour) -> Any:
    """Return the value of a field as List writes it. Empty values stay empty."""
    if name in _WRITERS and value not in (None, ""):
        return _WRITERS[name](value, behaviour)
    return [*value] if isinstance(value, list) else value


def _time(plain: str, behaviour: Behaviour) -> str | int:
    return _TIME_STYLES[behaviour.time_style](plain)


def _number(value: int, behaviour: Behaviour) -> int | str | float:
    if behaviour.numbers == "plain":
        return value
    return str(value) if behaviour.numbers == "text" else float(value)


def _loop_time(value: str, behaviour: Behaviour) -> str | int:
    if behaviour.loop_time_empty and value == DEFAULTS["vod_loop_time"]:
        return ""
    return int(value) if behaviour.loop_number else value


def _events(value: list[str], behaviour: Behaviour) -> list[str]:
    if set(value) != set(EVENTS):
        return [*value]
    return [] if behaviour.events_empty else [*value, *behaviour.more_events]


def _urls(value: list[str], behaviour: Behaviour) -> list[str]:
    return [_encoded(url) if behaviour.encode_urls else url for url in value]


def _status(value: str, behaviour: Behaviour) -> str:
    return _word((behaviour.status_words or {}).get(value, value), behaviour)


def _word(value: str, behaviour: Behaviour) -> str:
    return value.upper() if behaviour.upper_case else value


_WRITERS: Mapping[str, Callable[[Any, Behaviour], Any]] = {
    **dict.fromkeys(_TIMES, _time),
    **{name: _number for name, value in DEFAULTS.items() if isinstance(value, int)},
    "vod_loop_time": _loop_time,
    "vod_refresh_type": _word,
    "callback_events": _events,
    "source_urls": _urls,
    "status": _status,
}


def _zoneless(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S")


def _seconds(plain: str) -> int:
    return int(read_time(plain).timestamp())


_TIME_STYLES: Mapping[str, Callable[[str], str | int]] = {
    "plain": lambda plain: plain,
    "fraction": lambda plain: plain.replace("Z", ".000Z"),
    "offset": lambda plain: _zoneless(read_time(plain) + _AHEAD) + "+08:00",
    "zoneless": lambda plain: _zoneless(read_time(plain)),
    "zoneless_local": lambda plain: _zoneless(read_time(plain) + _AHEAD),
    "epoch": _seconds,
    "epoch_ms": lambda plain: _seconds(plain) * 1000,
    "epoch_text": lambda plain: f"{_seconds(plain)}000",
}


def _encoded(url: str) -> str:
    """Return ``url`` with its host in punycode, and with all characters percent-encoded that a URI does not allow."""
    url = _HOST.sub(lambda found: f"{found[1]}{found[2].encode('idna').decode()}", url, count=1)
    return quote(_STRAY_PERCENT.sub("%25", url), safe=_BARE_IN_URI)


def _is_default(name: str, value: object) -> bool:
    if name == "callback_events" and isinstance(value, list):
        return set(value) == set(EVENTS)
    return name in DEFAULTS and value == DEFAULTS[name]
