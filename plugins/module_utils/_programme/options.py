# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a channel of the role playlist, and of a slot of its programme. Pure. Private to this collection."""

from __future__ import annotations

from .._options import DESTINATION, MAX_DAYS, MODES, TEXT, TEXTS, Options, texts

JOINS = ("from_start", "in_progress")
# What can be wrong with a file of a playlist. The last one is found by the role playlist only.
PROBE_KINDS = ("unreachable", "empty", "web_page", "not_media", "not_seekable")

_ROLLING = {"days": {"type": "int", "default": MAX_DAYS}, "renew_before_hours": {"type": "float", "default": 24}}
_START_AT = {name: {"type": "int", "default": 0} for name in ("index", "seconds")}
# The playlist of a channel of the role playlist, and of a slot of its programme.
_PLAYLIST_OPTIONS: Options = {
    "source_urls": TEXTS,
    "m3u": {"type": "path"},
    "m3u_base_url": TEXT,
    "mode": {"type": "str", "default": MODES[0]},
    "rounds": {"type": "int"},
    "start_at": {"type": "dict", "options": _START_AT},
    "on_update": TEXT,
}
# The beginning of a slot.
TIMES_OPTIONS: Options = {"from": TEXT, "days": TEXTS, "dates": TEXTS}
# The options of a slot. CHANNEL_OPTIONS does not contain them, or Ansible would report only the first wrong slot, and
# without its name.
SLOT_OPTIONS: Options = {
    **TIMES_OPTIONS,
    "title": TEXT,
    "off_air": {"type": "bool", "default": False},
    **_PLAYLIST_OPTIONS,
    "join": {"type": "str", "default": JOINS[0]},
    "durations": {"type": "list", "elements": "float"},
}
# The options of a channel of the role playlist. Its meta/argument_specs.yml contains the same.
CHANNEL_OPTIONS: Options = {
    **texts("task_id", *DESTINATION),
    "remove": {"type": "bool", "default": False},
    **_PLAYLIST_OPTIONS,
    "programme": {"type": "list", "elements": "raw"},
    **texts("timezone", "title", "guide_id"),
    "on_air": {"type": "bool"},
    **texts("start_time", "end_time"),
    "rolling": {"type": "dict", "options": _ROLLING},
    "callback_events": TEXTS,
    **texts("callback_url", "push_args", "backup_source_type"),
    "backup_source_urls": TEXTS,
}
