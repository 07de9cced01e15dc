# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masking of the secrets that tasks hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import (
    InvalidOptionError,
    LiveError,
    refused,
    shown,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._masking import (
    HIDDEN_CHANGE,
    MASK,
    holds_mask,
    mask_text,
    mask_urls,
    presentable,
    presentable_results,
)
from ansible_collections.huaweicloud.live.plugins.module_utils._module import perform
from ansible_collections.huaweicloud.live.plugins.module_utils._task.filters import TaskFilter
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import Declaration

HOST = "https://media.example.com/a.mp4"
# URLs with S in place of their secret, from the documentation of their providers.
SECRET = [
    f"{HOST}?auth_key=S",  # Huawei Cloud CDN and Live, Alibaba Cloud
    f"{HOST}?hwSecret=S&hwTime=S",
    f"{HOST}?auth_info=S",
    f"{HOST}?AccessKeyId=S&Expires=1532779451&Signature=S",  # OBS
    f"{HOST}?x-obs-security-token=S&versionId=1",
    f"{HOST}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=S&X-Amz-Date=20260101T000000Z&X-Amz-Signature=S",
    f"{HOST}?X-Amz-Security-Token=S",
    f"{HOST}?Policy=S&Signature=S&Key-Pair-Id=S",  # CloudFront
    f"{HOST}?X-Goog-Credential=S&X-Goog-Signature=S&GoogleAccessId=S",
    f"{HOST}?sv=2021-06-08&se=2026-01-01&sig=S",  # Azure
    f"{HOST}?OSSAccessKeyId=S&security-token=S",
    f"{HOST}?q-ak=S&q-signature=S&x-cos-security-token=S",
    "rtmp://push.example.com/live/one?txSecret=S&txTime=S",
    "rtmp://push.example.com/live/one?wsSecret=S&wsTime=S",
    f"{HOST}?hdnts=S",  # Akamai
    f"{HOST}?a=1&hdnea=S",
    f"{HOST}?__token__=S",
    f"{HOST}?wowzatokenhash=S&wowzatokenendtime=S",
    f"{HOST}?md5=S&expires=1",
    f"{HOST}?TOKEN=S",
    f"{HOST}?access_token=S#part",
    f"{HOST}#access_token=S",
    f"{HOST};jsessiontoken=S",
    f"{HOST}?key=S",
    f"{HOST}?streamkey=S",
    f"{HOST}?stream_key=S&user=me",
    f"{HOST}?sign=S&t=1",
    f"{HOST}?password=S",
    f"{HOST}?url=https%3A%2F%2Fx.example.com%2F%3Ftoken%3DS",
    "srt://h.example.com:9000?mode=caller&passphrase=S",
    "https://me:S@media.example.com/a.mp4",
    "ftp://me:S@h.example.com:2121/a@2x.mp4",
    "https://:S@h.example.com/",
    *(f"{HOST}?{name}=S&quality=high" for name in ("my_sig", "oauth", "auth_time", "key_id", "user_pwd", "keyid")),
    f"{HOST}|Cookie=S",
    "?auth_key=S",
    "key=S",
]
PLAIN = [
    HOST,
    f"{HOST}?t=10&expires=1532779451&quality=high",
    "https://media.example.com:8080/a@2x.mp4",
    "https://[2001:db8::1]:8080/a@2x.mp4",
    "https://media.example.com/token/keys.mp4",
    "https://me@media.example.com/a.mp4",
    f"{HOST}?keyframe=1&designer=x",
    "channel-1",
    "2026-01-01T00:00:00Z",
    "",
]
VALUES = ["pa55", "a'b\"c", "exp=1700000000~acl=/*~hmac=0123", "x" * 3000, "a%2Fb+c==", "p@ss:word", "<&amp", "a,b;c"]


@pytest.mark.parametrize("url", SECRET)
def test_only_the_secrets_of_a_url_are_masked(url: str) -> None:
    seen = url.replace("S@", f"{MASK}@").replace("=S", f"={MASK}").replace("%3DS", f"%3D{MASK}")
    assert mask_urls(url.replace("=S", "=pa55").replace(":S@", ":pa55@").replace("%3DS", "%3Dpa55")) == seen
    assert mask_urls(seen) == seen
    for sentence in ("{} is there.", "Task {}: no", "('{}', 1)", '{{"url": "{}"}}', "a <{}> b\nc"):
        text = sentence.format(url.replace("=S", "=pa55").replace(":S@", ":pa55@").replace("%3DS", "%3Dpa55"))
        assert mask_text(text) == sentence.format(seen)
        assert mask_text(mask_text(text)) == mask_text(text)


@pytest.mark.parametrize("url", PLAIN)
def test_values_that_are_not_secret_are_not_masked(url: str) -> None:
    assert mask_urls(url) == url
    assert mask_text(f"Task {url}: '{url}' is not allowed.") == f"Task {url}: '{url}' is not allowed."


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("before", ["?token=", "?a=1&X-Amz-Signature=", "?hdnts="])
def test_the_whole_value_is_masked(before: str, value: str) -> None:
    value = value.replace("&", "")
    assert mask_urls(f"{HOST}{before}{value}&b=2") == f"{HOST}{before}{MASK}&b=2"
    assert value[:40] not in shown(f"{HOST}{before}{value}")


@pytest.mark.parametrize("password", ["pa55", "p@ss", "p:ss", "pa/55", "pa 55", "12#34", "x" * 1000])
def test_a_password_with_characters_that_urls_may_not_hold_is_masked(password: str) -> None:
    assert mask_urls(f"https://me:{password}@media.example.com/a.mp4") == f"https://me:{MASK}@media.example.com/a.mp4"
    assert password not in shown([f"https://me:{password}@media.example.com/a.mp4"])
    assert password not in refused("source_urls", [f"https://me:{password}@h/"], "a list")


@given(st.text(alphabet="ab:/?&#=@%.3FD token", max_size=80))
def test_masking_is_idempotent(text: str) -> None:
    assert mask_urls(mask_urls(text)) == mask_urls(text)
    assert mask_text(mask_text(text)) == mask_text(text)


REPEATED = ("://a:b", "token", "a=", "=token=", "%3F", "x@", "://a:@", "key=&", "key=", "key=.", "key=. ", "&a_key=")
HOSTILE = {
    **{text: text * (200_000 // len(text)) for text in (*REPEATED, "'key=\"", "%25", "//")},
    "a value of dots": f"key={'.' * 200_000}x",
    "dots between values": f"key={'.' * 1000}x " * 200,
    "encoded again and again": f"a%{'25' * 100_000}@=",
    "one name": f"{'w' * 200_000}=",
    "long names": f"{'w' * 63}=" * 3000,
    "names nearly secret": f"{'key' * 21}x=" * 3000,
    "users without an end": f"://{'u' * 255}:" * 750 + "@",
    "passwords without an end": f"{'://:' * 512} @" * 100,
    "passwords on one line": "://u:a@" * 28_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_masking_hostile_texts_takes_linear_time(text: str) -> None:
    """Quadratic time would not end here: many of these texts took minutes."""
    longest = len(text) + len(MASK) * (text.count("=") + text.count(":"))
    assert len(mask_text(text)) <= longest
    assert len(mask_urls(text)) <= longest


@pytest.mark.parametrize(
    "text",
    [
        *("\x1b[31mred", "\x9b31mred", "a\x07b", "a\x00b", "\x1b]8;;https://evil.example.com\x1b\\here", "a\x7fb"),
        *("\u202eevil", "\u2066a\u2069", "\u200fa", "a\u200bb", "a\ufeffb", "\u061ca", "\udc80a", "a\U000e0041b"),
        *("a\nb", "a\r\nfake: ok", "a\x85b", "a\u2028b", "a\tb", "a\x0bb"),
    ],
    ids=ascii,
)
def test_control_characters_of_the_service_are_removed(text: str) -> None:
    names = ("msg", "error_code", "error_msg", "request_id", "destination")
    results = {**dict.fromkeys(names, text), "warnings": [text], "live_pull_tasks": [dict.fromkeys(names, text)]}
    headers = {"before_header": text, "after_header": text}
    seen = presentable_results({**results, "diff": [{"before": {}, "after": {}, **headers}]}, show_secrets=False)
    shown_texts = [
        *(seen[name] for name in names),
        *(seen["live_pull_tasks"][0][name] for name in names),
        *seen["warnings"],
        *(seen["diff"][0][name] for name in headers),
    ]
    assert all(one.isprintable() and len(one) <= len(text) for one in shown_texts)


@pytest.mark.parametrize(
    "text", ["频道新闻", "\U0001f468\u200d\U0001f469", "\u0645\u06cc\u200c\u062e\u0648", "a  b"], ids=ascii
)
def test_letters_of_all_scripts_are_kept(text: str) -> None:
    assert presentable(text) == text


def test_control_characters_are_removed_from_progress_and_failures() -> None:
    def run(_options: Any, _environ: Any, _check_mode: bool, tell: Any) -> dict[str, Any]:
        tell("waiting\x1b[2J\nfor it", 1)
        raise LiveError("no\x9b2J", request_id="r\r1", error_msg="a\u202eb")

    said: list[str] = []
    results = perform(run, {}, {}, False, lambda text, _verbosity: said.append(text))
    assert said == ["waiting\ufffd[2J for it"]
    assert (results["msg"], results["request_id"], results["error_msg"]) == (
        "no\ufffd2J Nothing was changed.",
        "r 1",
        "a\ufffdb",
    )


def test_a_secret_is_masked_before_its_text_is_cleaned() -> None:
    assert presentable(f"{HOST}?token=pa\x1bss is there") == f"{HOST}?token={MASK} is there"


def test_a_traceback_keeps_its_lines() -> None:
    seen = presentable_results({"exception": "Traceback:\n  a\x1b[1m\n"}, show_secrets=False)
    assert seen["exception"] == "Traceback:\n  a\ufffd[1m\n"


def test_the_fields_of_a_task_are_not_cleaned() -> None:
    task = {"stream_name": "a\x1b[1m", "msg": None, "error_code": 5}
    assert presentable_results({"live_pull_tasks": [task]}, show_secrets=False)["live_pull_tasks"] == [task]


TASK: dict[str, Any] = {
    "task_id": "t",
    "source_urls": [f"{HOST}?token=pa55"],
    "push_args": "?auth_key=pa55",
    "callback_url": "https://hooks.example.com/pa55",
    "backup_source_urls": ["https://media.example.com/pa55.mp4", HOST],
    "destination_url": "rtmp://me:pa55@push.example.com/live/one?anything=pa55",
    "domain": "",
}
SEEN = {
    **TASK,
    "push_args": MASK,
    "callback_url": MASK,
    "backup_source_urls": [MASK, MASK],
    "destination_url": f"rtmp://me:{MASK}@push.example.com/live/one?{MASK}",
}


def test_results_hide_the_keys_of_a_task_and_show_its_playlist() -> None:
    results = {"live_pull_task": TASK, "request": TASK, "changes": ["push_args"], "warnings": [f"see {HOST}?key=pa55"]}
    hidden = {**results, "live_pull_task": SEEN, "request": SEEN, "warnings": [f"see {HOST}?key={MASK}"]}
    assert presentable_results(results, show_secrets=False) == hidden
    assert presentable_results(results, show_secrets=True) == {**results, "warnings": hidden["warnings"]}
    assert presentable_results({"live_pull_tasks": [TASK, results]}, False)["live_pull_tasks"][0] == SEEN
    assert (
        presentable_results({"live_pull_tasks": [{**results, "warnings": []}]}, False)["live_pull_tasks"][0]["request"]
        == SEEN
    )
    assert presentable_results({"live_pull_tasks": [TASK]}, True)["live_pull_tasks"] == [TASK]


@pytest.mark.parametrize("empty", ["", [], None, {}])
def test_an_empty_value_is_shown_as_empty(empty: Any) -> None:
    assert presentable_results({"live_pull_task": {"push_args": empty}}, False)["live_pull_task"] == {
        "push_args": empty
    }


def diff(before: Any, after: Any, name: str, show_secrets: bool = False) -> tuple[Any, Any]:
    """Return both sides of the diff of an option, as shown to people."""
    headers = {"before_header": "pull task t", "after_header": "pull task t"}
    seen = presentable_results({"diff": {"before": {name: before}, "after": {name: after}, **headers}}, show_secrets)[
        "diff"
    ]
    return seen["before"][name], seen["after"][name]


ONE, OTHER = f"{HOST}?token=1", f"{HOST}?token=2"
T = f"{HOST}?token={MASK}"


@pytest.mark.parametrize(
    ("name", "before", "after", "seen"),
    [
        ("push_args", "?a=1", "?a=2", (MASK, f"{MASK}{HIDDEN_CHANGE}")),
        ("push_args", "?a=1", "?a=1", (MASK, MASK)),
        ("push_args", "", "?a=1", ("", MASK)),
        ("callback_url", "https://a/1", "https://a/2", (MASK, f"{MASK}{HIDDEN_CHANGE}")),
        ("backup_source_urls", ["https://a"], ["https://b"], ([MASK], [f"{MASK}{HIDDEN_CHANGE}"])),
        ("source_urls", [ONE], [ONE], ([T], [T])),
        ("source_urls", [ONE], [OTHER], ([T], [f"{T}{HIDDEN_CHANGE}"])),
        ("source_urls", [ONE, OTHER], [OTHER, ONE], ([T, T], [f"{T}{HIDDEN_CHANGE}"] * 2)),
        ("source_urls", [ONE, "b"], ["x", OTHER, "b"], ([T, "b"], ["x", f"{T}{HIDDEN_CHANGE}", "b"])),
        ("source_urls", [ONE], [ONE, ONE], ([T], [T, T])),
        ("source_urls", None, [ONE], (None, [T])),
        ("vod_start_video_index", 0, 1, (0, 1)),
        ("status", "pause", "enable", ("pause", "enable")),
    ],
)
def test_a_diff_marks_values_that_differ_only_in_secrets(name: str, before: Any, after: Any, seen: Any) -> None:
    assert diff(before, after, name) == seen


def test_a_diff_masks_urls_even_if_results_show_secrets() -> None:
    assert diff("?auth_key=1", "?auth_key=2&a=b", "push_args", show_secrets=True) == (
        f"?auth_key={MASK}",
        f"?auth_key={MASK}&a=b",
    )


@pytest.mark.parametrize("name", ["push_args", "callback_url", "destination_url", "stream_name", "source_urls"])
@pytest.mark.parametrize("value", [MASK, f"{HOST}?token={MASK}", f"{MASK}{HIDDEN_CHANGE}"])
def test_a_masked_value_is_refused_as_an_option(name: str, value: str) -> None:
    given_value = [HOST, value] if name == "source_urls" else value
    assert holds_mask(given_value)
    with pytest.raises(InvalidOptionError) as caught:
        Declaration.from_options({"task_id": "t", name: given_value})
    assert f"{name}: a value with {MASK} in it is not allowed, because" in str(caught.value)
    assert "show_secrets: true" in str(caught.value)


def test_a_masked_value_is_refused_as_a_filter() -> None:
    with pytest.raises(InvalidOptionError, match="destination_url: a value with"):
        TaskFilter.from_options({"destination_url": f"rtmp://h/live?{MASK}"})
