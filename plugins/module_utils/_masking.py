# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masking of the secrets that tasks hold, and text without control characters. Pure. Private to this collection.

In URLs, passwords and the values of parameters that grant access are masked; in results, also the options of a task
that usually hold a key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

MASK = "********"
# Follows a value that differs from the value before only in what is masked.
HIDDEN_CHANGE = " (hidden, changed)"

# The value of a URL parameter is masked if the name contains one of these words. Examples: access_token,
# X-Amz-Security-Token, __token__ (Akamai), hwSecret (Huawei Cloud), txSecret (Tencent Cloud), X-Goog-Signature,
# X-Amz-Credential, AWSAccessKeyId, GoogleAccessId, passphrase (SRT), Cookie (what players append after a bar).
_WORDS = "token|secret|signature|credential|accesskey|accessid|password|passwd|passphrase|cookie"
# Or if the name is one of these: the times that Huawei Cloud, Tencent Cloud, Wangsu and Volcano Engine sign with;
# Akamai; CloudFront; Tencent Cloud and other CDNs; Nimble Streamer; COS; secure_link of nginx; and general names.
_NAMES = (
    "hwtime|txtime|wstime|wsabstime|volctime|hdnts|hdnea|hdntl|hmac|policy|sign|wmsauthsign|q-ak|md5"
    "|hash|authorization|jwt|ticket|pass|keyid"
)
# Or if it ends or begins like these: key, auth_key (Huawei Cloud, Alibaba Cloud), stream_key, sig (Azure), Key-Pair-Id.
# Compiled at the first use, because many runs mask no URL with parameters.
_SECRET_NAME = rf"(?i)[\w.-]*(?:{_WORDS})[\w.-]*|[\w.-]*(?:key|sig|auth|pwd)|(?:key|sig|auth)[_.-][\w.-]*|{_NAMES}"
# A name and the characters around it. It may be the parameter of a URL that is itself a parameter, percent-encoded.
_NAME = re.compile(r"(?:%(?:25)*(?:3F|26|23|3B|2F|2C))?([\w.-]+)(=|%(?:25)*3D)?", re.IGNORECASE | re.ASCII)
_LONGEST_NAME = 64
_END_OF_VALUE = re.compile(r"[&#]")
# Within a sentence a value ends with its URL, and the punctuation before the end belongs to the sentence.
_END_IN_TEXT = re.compile(r"[&#\s\"'<>\\`]")
_PUNCTUATION = ".,:;)]}"
_USER = re.compile(r"://(?!\[)[^/?#\s:@]{0,256}:")
_LONGEST_PASSWORD = 2048
_END_OF_HOST = re.compile(r"[/?#]")
_PORT = re.compile(r"[0-9]{1,5}(?:[/?]|\Z)")
_BLANK = re.compile(r"\s")
# Two characters that join letters and have no width.
_JOINERS = "\u200c\u200d"
_BREAKS = re.compile(r"[\t\n\r]+")


def mask_urls(value: Any) -> Any:
    """Return the JSON-like value with the secrets of URLs masked; each text in it is one URL, or a part of a URL."""
    if isinstance(value, str):
        return _masked(value, in_text=False)
    if isinstance(value, Mapping):
        return {name: mask_urls(item) for name, item in value.items()}
    return [mask_urls(item) for item in value] if isinstance(value, (list, tuple)) else value


def mask_text(text: str) -> str:
    """Return a text for people with the secrets of all URLs in it masked."""
    return _masked(text, in_text=True)


def presentable(text: str) -> str:
    """Return a text as it is shown to people: with secrets of URLs masked, in one line, without control characters."""
    return clean(_BREAKS.sub(" ", mask_text(text)))


def clean(value: object) -> str:
    """Return a text without characters that move the cursor, change colours, break lines, or hide letters."""
    text = "" if value is None else str(value)
    return text if text.isprintable() else "".join(map(_clean_character, text))


def _clean_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if unicodedata.category(character) == "Zs" else "\ufffd"


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
    """Yield start and end of the value of each secret parameter, in linear time because the text may be hostile."""
    done = 0
    for found in _NAME.finditer(text):
        start = found.end()
        if found.start() < done or not found[2] or text.startswith(MASK, start):
            continue
        if not re.fullmatch(_SECRET_NAME, found[1][-_LONGEST_NAME:]):
            continue
        end = _end(_END_IN_TEXT if in_text else _END_OF_VALUE, text, start, len(text))
        if in_text:
            end = start + len(text[start:end].rstrip(_PUNCTUATION))
        if end > start:
            yield start, end
            done = end


def _passwords(text: str, in_text: bool) -> Iterator[tuple[int, int]]:
    """Yield start and end of the password of each URL."""
    done, blank = 0, -1
    for found in _USER.finditer(text):
        start = found.end()
        if found.start() < done or text.startswith(f"{MASK}@", start):
            continue
        stop = min(len(text), start + _LONGEST_PASSWORD + 1)
        # Most texts hold no password, so this check makes the function fast.
        if text.find("@", start, stop) < 0:
            continue
        if in_text:
            blank = blank if blank >= start else _end(_BLANK, text, start, len(text))
            stop = min(stop, blank)
        end = text.rfind("@", start, _end(_END_OF_HOST, text, start, stop))
        # A password may hold characters that a URL may not. A number before a slash is a port.
        if end < 0 and not _PORT.match(text, start, stop):
            end = text.rfind("@", start, stop)
        if end >= 0:
            yield start, end
            done = end


def _end(pattern: re.Pattern[str], text: str, start: int, stop: int) -> int:
    found = pattern.search(text, start, stop)
    return found.start() if found else stop


def _hidden(value: Any) -> Any:
    """Return the value with every text in it masked."""
    return [_hidden(item) for item in value] if isinstance(value, list) else MASK


def _hidden_after_path(value: Any) -> Any:
    """Return the URL with its password and all parameters masked. The rest stays, because it names the task."""
    if not isinstance(value, str):
        return _hidden(value)
    url, mark, _rest = mask_urls(value).partition("?")
    return f"{url}{mark}{MASK if mark else ''}"


# The options of a task that usually hold a key.
HIDDEN: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("push_args", "callback_url", "backup_source_urls"), _hidden),
    "destination_url": _hidden_after_path,
}
_TEXTS = frozenset(("msg", "error_code", "error_msg", "request_id", "destination"))
_TASKS = frozenset(("live_pull_task", "request"))


def presentable_results(results: Mapping[str, Any], show_secrets: bool) -> dict[str, Any]:
    """Return the results of a module as they are shown to people.

    Args:
        results: the results of the run.
        show_secrets: whether to show the options of a task that usually hold a key.
    """
    shown = _presentable_task(results, show_secrets)
    if "live_pull_tasks" in shown:
        shown["live_pull_tasks"] = [_presentable_task(task, show_secrets) for task in shown["live_pull_tasks"]]
    if "warnings" in shown:
        shown["warnings"] = [presentable(warning) for warning in shown["warnings"]]
    if isinstance(shown.get("diff"), list):
        shown["diff"] = [_presentable_diff(diff, show_secrets) for diff in shown["diff"]]
    elif "diff" in shown:
        shown["diff"] = _presentable_diff(shown["diff"], show_secrets)
    if "exception" in shown:
        shown["exception"] = "\n".join(map(presentable, str(shown["exception"]).split("\n")))
    return shown


def presentable_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a module as `invocation` and the system log show them, even with show_secrets.

    A value may be of any type, because wrong arguments are shown too.
    """
    shown = _without_keys(arguments)
    if isinstance(shown.get("tasks"), list):
        shown["tasks"] = [_without_keys(task) if isinstance(task, Mapping) else task for task in shown["tasks"]]
    masked: dict[str, Any] = mask_urls(shown)
    return masked


def _presentable_task(result: Mapping[str, Any], show_secrets: bool) -> dict[str, Any]:
    """Return a task, or the results for a task, as shown to people."""
    shown = dict(result) if show_secrets else _without_keys(result)
    for name in _TEXTS & shown.keys():
        shown[name] = presentable(shown[name]) if isinstance(shown[name], str) else shown[name]
    for name in () if show_secrets else _TASKS & shown.keys():
        shown[name] = _without_keys(shown[name])
    return shown


def _without_keys(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a task with its keys masked. An empty value stays, so that people see that it is empty."""
    hidden = {name: HIDDEN[name](task[name]) for name in HIDDEN.keys() & task.keys() if task[name]}
    return {**task, **hidden}


def _presentable_diff(diff: Mapping[str, Any], show_secrets: bool) -> dict[str, Any]:
    """Return a diff with its secrets masked. Values that differ stay different."""
    old, new = diff["before"], diff["after"]
    before, after = (mask_urls(side if show_secrets else _without_keys(side)) for side in (old, new))
    for name in before.keys() & after.keys():
        after[name] = _with_hidden_changes(old[name], new[name], before[name], after[name])
    headers = {name: presentable(diff[name]) for name in ("before_header", "after_header")}
    return {**diff, "before": before, "after": after, **headers}


def _with_hidden_changes(old: Any, new: Any, old_masked: Any, new_masked: Any) -> Any:
    """Return the new value, masked, with a remark on each part that differs from the old value only in its secrets."""
    if not isinstance(new, list) or not isinstance(old, list):
        return f"{new_masked}{HIDDEN_CHANGE}" if old != new and old_masked == new_masked else new_masked
    marked = []
    for position, (one, one_masked) in enumerate(zip(new, new_masked)):
        replaced = position < len(old) and old[position] != one and old_masked[position] == one_masked
        hidden = replaced or (one not in old and one_masked in old_masked)
        marked.append(f"{one_masked}{HIDDEN_CHANGE}" if hidden else one_masked)
    return marked


def holds_mask(value: Any) -> bool:
    """Return whether a value contains a mask: then it was copied from results and is not the real value."""
    return any(map(holds_mask, value)) if isinstance(value, list) else isinstance(value, str) and MASK in value
