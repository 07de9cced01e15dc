# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is secret of what tasks hold, how it is masked, and how texts are shown. Pure. Private to this collection.

Of every URL the password, and the values of parameters that open a door; of a task the options that mostly hold a key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
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
# A name with what may stand around it. It may be the parameter of a URL that is the parameter of another one.
_NAME = re.compile(r"(?:%(?:25)*(?:3F|26|23|3B|2F|2C))?([\w.-]+)(=|%(?:25)*3D)?", re.IGNORECASE | re.ASCII)
_LONGEST_NAME = 64
_END_OF_VALUE = re.compile(r"[&#]|\Z")
# Within a sentence a value ends with its URL, and the punctuation before that is no part of it.
_END_IN_TEXT = re.compile(r"[&#\s\"'<>\\`]|\Z")
_PUNCTUATION = ".,:;)]}"
_USER = re.compile(r"://(?!\[)[^/?#\s:@]{0,256}:")
_LONGEST_PASSWORD = 2048
_END_OF_HOST = re.compile(r"[/?#]|\Z")
_PORT = re.compile(r"[0-9]{1,5}(?:[/?]|\Z)")
_BLANK = re.compile(r"\s|\Z")
# They join letters, and take no room.
_JOINERS = "\u200c\u200d"
_BREAKS = re.compile(r"[\t\n\r]+")


def masked(value: Any) -> Any:
    """Return the JSON-like value with the secrets of URLs masked; each text in it is one URL, or a part of one."""
    if isinstance(value, str):
        return _masked(value, in_text=False)
    if isinstance(value, Mapping):
        return {name: masked(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item) for item in value]
    return value


def masked_text(text: str) -> str:
    """Return a text for people with the secrets of all URLs in it masked."""
    return _masked(text, in_text=True)


def presentable(text: str) -> str:
    """Return a text as people see it. All that a run says of the service goes through here before it is shown."""
    return clean_line(masked_text(text))


def clean(value: object) -> str:
    """Return a text without what moves the cursor, changes colours, breaks a line, or hides or reverses letters."""
    text = "" if value is None else str(value)
    return text if text.isprintable() else "".join(map(_seen, text))


def clean_line(value: object) -> str:
    """Return the same for a message: a line break in it becomes a blank."""
    return clean(_BREAKS.sub(" ", str(value)))


def _seen(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return " " if unicodedata.category(sign) == "Zs" else "\ufffd"


def _masked(text: str, in_text: bool) -> str:
    if "@" in text:
        text = _with_mask(text, _passwords(text, in_text))
    return _with_mask(text, _values(text, in_text)) if "=" in text or "%" in text else text


def _with_mask(text: str, secrets: Iterator[tuple[int, int]]) -> str:
    """Return the text with a mask in place of each secret."""
    pieces, done = [], 0
    for start, end in secrets:
        pieces += [text[done:start], MASK]
        done = end
    return "".join([*pieces, text[done:]])


def _values(text: str, in_text: bool) -> Iterator[tuple[int, int]]:
    """Yield where the value of each secret parameter begins and ends, in linear time: the text may be hostile."""
    done = 0
    for found in _NAME.finditer(text):
        start = found.end()
        if found.start() < done or not found[2] or text.startswith(MASK, start):
            continue
        if not _SECRET_NAME.fullmatch(found[1][-_LONGEST_NAME:]):
            continue
        end = _end(_END_IN_TEXT if in_text else _END_OF_VALUE, text, start, len(text))
        if in_text:
            end = start + len(text[start:end].rstrip(_PUNCTUATION))
        if end > start:
            yield start, end
            done = end


def _passwords(text: str, in_text: bool) -> Iterator[tuple[int, int]]:
    """Yield where the password of each URL begins and ends."""
    done, blank = 0, -1
    for found in _USER.finditer(text):
        start = found.end()
        if found.start() < done or text.startswith(f"{MASK}@", start):
            continue
        stop = min(len(text), start + _LONGEST_PASSWORD + 1)
        # Most texts have none: to look for it first is what makes this fast.
        if text.find("@", start, stop) < 0:
            continue
        if in_text:
            blank = blank if blank >= start else _end(_BLANK, text, start, len(text))
            stop = min(stop, blank)
        end = text.rfind("@", start, _end(_END_OF_HOST, text, start, stop))
        # A password may hold what no URL may hold; a number before a slash is a port.
        if end < 0 and not _PORT.match(text, start, stop):
            end = text.rfind("@", start, stop)
        if end >= 0:
            yield start, end
            done = end


def _end(pattern: re.Pattern[str], text: str, start: int, stop: int) -> int:
    found = pattern.search(text, start, stop)
    return found.start() if found else stop


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


_TEXTS = frozenset(("msg", "error_code", "error_msg", "request_id", "destination"))
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
        shown["warnings"] = [presentable(text) for text in shown["warnings"]]
    if "exception" in shown:
        shown["exception"] = "\n".join(map(presentable, str(shown["exception"]).split("\n")))
    return _hide_one(shown, show_secrets)


def _hide_one(result: Mapping[str, Any], show_secrets: bool) -> dict[str, Any]:
    """Hide what is said of one task: a task itself, or what became of it."""
    one = dict(result) if show_secrets else _without(result)
    for name in _TEXTS & one.keys():
        one[name] = presentable(one[name]) if isinstance(one[name], str) else one[name]
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
    headers = {name: presentable(diff[name]) for name in ("before_header", "after_header")}
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
