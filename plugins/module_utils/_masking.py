# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is secret of what tasks hold, and how it is masked. Pure. Private to this collection.

Of every URL the password, and the values of parameters that open a door; of a task the options that mostly hold a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

MASK = "********"
# Said of a value that differs from the one it is compared with only where it is masked.
HIDDEN_CHANGE = " (hidden, changed)"

# The parameters of URLs whose values are masked, whatever stands before or after these words, in any case.
_WORDS = (
    "token",  # access_token, X-Amz-Security-Token, x-obs-security-token, __token__ of Akamai, wowzatokenhash
    "secret",  # hwSecret of Huawei Cloud, txSecret of Tencent Cloud, wsSecret of Wangsu, volcSecret, client_secret
    "signature",  # OBS, OSS, CloudFront; X-Amz-, X-Goog-, x-oss-signature, q-signature of COS
    "credential",  # X-Amz-Credential, X-Goog-Credential: the id of a key
    "accesskey",  # AccessKeyId of OBS, AWSAccessKeyId, OSSAccessKeyId
    "accessid",  # GoogleAccessId
    "password",
    "passwd",
    "passphrase",  # of SRT
    "cookie",  # what players write behind a bar
)
_NAMES = (
    "auth_info",  # Huawei Cloud Live, encrypted
    "hwtime",  # the times that Huawei Cloud, Tencent Cloud, Wangsu and Volcano Engine sign with
    "txtime",
    "wstime",
    "wsabstime",
    "volctime",
    "hdnts",  # Akamai, of which hmac is a part
    "hdnea",
    "hdntl",
    "hmac",
    "policy",  # CloudFront
    "key-pair-id",
    "sig",  # Azure
    "sign",  # Tencent Cloud, and many a CDN
    "wmsauthsign",  # Nimble Streamer
    "q-ak",  # COS
    "md5",  # secure_link of nginx
    "hash",
    "auth",
    "authorization",
    "jwt",
    "ticket",
    "pass",
    "pwd",
)
# key, auth_key of Huawei Cloud CDN and Live and of Alibaba Cloud, streamkey, stream_key, api_key, access-key; key_id.
_SECRET_NAME = re.compile(
    rf"[\w.-]*(?:{'|'.join(_WORDS)})[\w.-]*|[\w.-]*(?:key|sig|auth|pwd)|(?:key|sig|auth)[_.-][\w.-]*|keyid"
    rf"|{'|'.join(map(re.escape, _NAMES))}",
    re.IGNORECASE,
)
# A name is looked at by itself, so that no text makes this slow. A URL may be the parameter of another one.
_PARAMETER = re.compile(
    r"(?:%(?:25)*(?:3F|26|23|3B|2F|2C))?([\w.-]{1,64}?)(?:=|%(?:25)*3D)(?!\*{8})", re.IGNORECASE | re.ASCII
)
_END_OF_VALUE = re.compile(r"[&#]|\Z")
# Within a sentence a value ends with its URL, and what follows is no part of that.
_END_IN_TEXT = re.compile(r"[.,:;)\]}]*(?:[&#\s\"'<>\\`]|\Z)")
# The second way is for passwords with what no URL may hold; a number before a slash is a port.
_PASSWORD = re.compile(
    r"(://(?!\[)[^/?#\s:@]{0,256}:)(?!\*{8}@)(?:[^/?#]{0,2048}|(?![0-9]{1,5}(?:[/?]|\Z)).{0,2048})@", re.DOTALL
)
_PASSWORD_IN_TEXT = re.compile(
    r"(://(?!\[)[^/?#\s:@]{0,256}:)(?!\*{8}@)(?:[^/?#\s]{0,2048}|(?![0-9]{1,5}(?:[/?\s]|\Z))\S{0,2048})@"
)


def masked(value: Any) -> Any:
    """Return the JSON-like value with the secrets of URLs masked; each text in it is one URL, or a part of one."""
    if isinstance(value, str):
        return _masked(value, _PASSWORD, _END_OF_VALUE)
    if isinstance(value, Mapping):
        return {name: masked(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item) for item in value]
    return value


def masked_text(text: str) -> str:
    """Return a text for people with the secrets of all URLs in it masked."""
    return _masked(text, _PASSWORD_IN_TEXT, _END_IN_TEXT)


def _masked(text: str, password: re.Pattern[str], end: re.Pattern[str]) -> str:
    if "@" in text:
        text = password.sub(rf"\1{MASK}@", text)
    pieces, done = [], 0
    for found in _PARAMETER.finditer(text) if "=" in text or "%" in text else ():
        if found.start() < done or not _SECRET_NAME.fullmatch(found[1]):
            continue
        ended = end.search(text, found.end())
        stop = ended.start() if ended else len(text)
        if stop > found.end():
            pieces += [text[done : found.end()], MASK]
            done = stop
    return "".join([*pieces, text[done:]])


def _hidden(value: Any) -> Any:
    """Return the value with all that is in it masked."""
    return [_hidden(item) for item in value] if isinstance(value, list) else MASK


def _hidden_beyond_path(value: Any) -> Any:
    """Return the URL with its password and all its parameters masked. It names a task: the rest of it stays."""
    if not isinstance(value, str):
        return _hidden(value)
    url, mark, _rest = masked(value).partition("?")
    return f"{url}{mark}{MASK if mark else ''}"


# The options of a task that mostly hold a key.
HIDDEN: dict[str, Callable[[Any], Any]] = {
    "push_args": _hidden,
    "callback_url": _hidden,
    "backup_source_urls": _hidden,
    "destination_url": _hidden_beyond_path,
}


_TEXTS = frozenset(("msg", "error_msg", "exception", "destination"))
_TASKS = frozenset(("live_pull_task", "request"))


def hide(results: Mapping[str, Any], show_secrets: bool) -> dict[str, Any]:
    """Return the results of a module as they may be seen.

    Args:
        results: as the run made them.
        show_secrets: whether the options of a task that mostly hold a key are shown.
    """
    shown = dict(results)
    if "live_pull_tasks" in shown:
        shown["live_pull_tasks"] = [_hide_one(one, show_secrets) for one in shown["live_pull_tasks"]]
    if "diff" in shown:
        diff = shown["diff"]
        many = isinstance(diff, list)
        shown["diff"] = [_hide_diff(one, show_secrets) for one in diff] if many else _hide_diff(diff, show_secrets)
    if "warnings" in shown:
        shown["warnings"] = [masked_text(text) for text in shown["warnings"]]
    return _hide_one(shown, show_secrets)


def _hide_one(result: Mapping[str, Any], show_secrets: bool) -> dict[str, Any]:
    """Hide what is said of one task: a task itself, or what became of it."""
    one = dict(result) if show_secrets else _without(result)
    for name in _TEXTS & one.keys():
        one[name] = masked_text(str(one[name]))
    for name in () if show_secrets else _TASKS & one.keys():
        one[name] = _without(one[name])
    return one


def _without(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a task without its keys; what is empty is seen to be empty."""
    shown = dict(task)
    for name in HIDDEN.keys() & shown.keys():
        if shown[name]:
            shown[name] = HIDDEN[name](shown[name])
    return shown


def _hide_diff(diff: Mapping[str, Any], show_secrets: bool) -> dict[str, Any]:
    """Hide what is secret in a diff. What has changed stays different."""
    sides = (diff["before"], diff["after"])
    before, after = (masked(side if show_secrets else _without(side)) for side in sides)
    for name in before.keys() & after.keys():
        after[name] = _telling(diff["before"][name], diff["after"][name], before[name], after[name])
    headers = {name: masked_text(diff[name]) for name in ("before_header", "after_header")}
    return {**diff, "before": before, "after": after, **headers}


def _telling(old: Any, new: Any, old_masked: Any, new_masked: Any) -> Any:
    """Return the new value, masked, with a remark where nobody could see any more that it is another one."""
    if isinstance(new, list) and isinstance(old, list):
        return [
            _marked(one, one_masked, place, old, old_masked)
            for place, (one, one_masked) in enumerate(zip(new, new_masked))
        ]
    return f"{new_masked}{HIDDEN_CHANGE}" if old != new and old_masked == new_masked else new_masked


def _marked(new: Any, new_masked: Any, place: int, old: Sequence[Any], old_masked: Sequence[Any]) -> Any:
    moved = place < len(old) and old[place] != new and old_masked[place] == new_masked
    return f"{new_masked}{HIDDEN_CHANGE}" if moved or (new not in old and new_masked in old_masked) else new_masked


def holds_mask(value: Any) -> bool:
    """Return whether a value is, or has in it, what was masked: it came from results, not from who knows it."""
    return any(map(holds_mask, value)) if isinstance(value, list) else isinstance(value, str) and MASK in value
