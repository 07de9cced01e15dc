# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks become channels that declare them as they are: a run of the role with them writes nothing."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.utils.unsafe_proxy import wrap_var
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.huaweicloud.live.plugins.filter.playlist_adopt import playlist_adopt
from ansible_collections.huaweicloud.live.plugins.filter.playlist_check import playlist_check
from ansible_collections.huaweicloud.live.plugins.filter.playlist_tasks import playlist_tasks
from ansible_collections.huaweicloud.live.plugins.module_utils._engine.streams import report_tasks
from ansible_collections.huaweicloud.live.plugins.module_utils._masking import presentable_results
from ansible_collections.huaweicloud.live.plugins.module_utils._task.fields import FIELDS
from ansible_collections.huaweicloud.live.plugins.module_utils._task.task import PullTask
from ansible_collections.huaweicloud.live.tests.emulator import (
    CHANNEL_ID,
    EVENTS,
    PAUSED_ID,
    RELAY_ID,
    SHOW_ID,
    Task,
    fleet_id,
    seed_tasks,
    vod_task,
)
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import NOW
from ansible_collections.huaweicloud.live.tests.unit.fakes.sandbox import Sandbox
from ansible_collections.huaweicloud.live.tests.unit.fakes.user import COLLECTION
from ansible_collections.huaweicloud.live.tests.unit.plugins.module_utils import drawn, drawn_life
from ansible_collections.huaweicloud.live.tests.unit.test_examples import templated

EXAMPLE = yaml.safe_load((COLLECTION / "docs" / "examples" / "adopt.yml").read_text(encoding="utf-8"))[0]
TIME = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
STREAM = {"domain": "push.example.com", "app_name": "live"}
MEDIA = "https://media.example.com"
LEFT_AS_THEY_ARE = "The role leaves them as they are."
IMMUTABLE = ("callback_url", "push_args", "backup_source_urls")
VOD = [CHANNEL_ID, SHOW_ID, PAUSED_ID]

Channel = dict[str, Any]


def listed(sandbox: Sandbox, show_secrets: bool = False) -> list[dict[str, Any]]:
    """Return what live_pull_task_info returns."""
    tasks = [PullTask.from_answer(answer) for answer in sandbox.client().list({})]
    results = {"live_pull_tasks": report_tasks(None, tasks, NOW.timestamp())[0]}
    found: list[dict[str, Any]] = presentable_results(results, show_secrets)["live_pull_tasks"]
    return found


def file(channels: list[Channel], words: dict[str, str]) -> dict[str, Any]:
    """Return the variables that Ansible reads from the file that the example writes."""
    variables = {"adopted": {"channels": channels, "notes": []}, "playlist_status_words": words}
    # A file holds no mark of unsafe text.
    found: dict[str, Any] = DataLoader().load("".join(templated(EXAMPLE["vars"]["adopt_text"], variables)))
    return found


def written(channels: list[Channel]) -> list[Channel]:
    """Return channels as the role gets them from the file."""
    variables = file(channels, {})
    assert [*variables] == ["playlist_channels"]
    found: list[Channel] = templated("{{ playlist_channels }}", variables)
    return found


def adopted(sandbox: Sandbox, show_secrets: bool = False) -> dict[str, Any]:
    """Adopt all tasks, and check that a run with the channels changes nothing."""
    found = playlist_adopt(listed(sandbox, show_secrets), TIME)
    assert written(found["channels"]) == found["channels"]
    checked = playlist_check({}, found["channels"], TIME)
    assert checked["problems"] == []
    sandbox.changes_nothing(*playlist_tasks({}, checked, [], TIME))
    return found


def adopted_one(show_secrets: bool = True, name: str = "channel", **fields: Any) -> tuple[Channel, list[str]]:
    """Adopt one task, and return the channel and the notes."""
    found = adopted(Sandbox(vod_task(CHANNEL_ID, name, NOW, **fields)), show_secrets)
    [channel] = found["channels"]
    return channel, found["notes"]


# What a channel declares


def test_the_station_of_the_emulator_is_adopted() -> None:
    found = adopted(Sandbox(*seed_tasks(NOW)))
    _channel, show, paused = found["channels"]
    assert show == {
        **STREAM,
        "stream_name": "show",
        "source_urls": [f"{MEDIA}/show/{part}.mp4" for part in ("opening", "feature", "closing")],
        "mode": "rounds",
        "rounds": 3,
        "start_at": {"index": 1, "seconds": 90},
        "on_update": "continue_from_file_start",
        "on_air": True,
        "start_time": "2027-01-16T18:00:00Z",
        "end_time": "2027-01-16T21:00:00Z",
        "callback_events": ["TaskStart", "TaskExit"],
    }
    assert [*paused] == [*STREAM, "stream_name", "source_urls", "mode", "start_at", "on_update", "on_air", "end_time"]
    assert paused["on_air"] is False
    assert found["notes"] == [
        f"push.example.com/live/show (task {SHOW_ID}): not declared: callback_url (hidden). {LEFT_AS_THEY_ARE}",
        f"rtmp://partner.example.com/live/main (task {RELAY_ID}): left out. Its source_type is PullLivePushLive."
        " A channel has PullVodPushLive.",
    ]


def test_hidden_options_are_declared_if_they_are_shown() -> None:
    hidden = {
        "callback_url": "https://hooks.example.com/{{ key }}",
        "push_args": "a={# b #}",
        "backup_source_urls": [f"{MEDIA}/slate.mp4?token=1"],
    }
    channel, notes = adopted_one(**hidden)
    assert channel.items() >= hidden.items()
    assert notes == []
    channel, notes = adopted_one(show_secrets=False, **hidden)
    assert channel.keys().isdisjoint(hidden)
    [note] = notes
    assert all(f"{name} (hidden)" in note for name in hidden)


@pytest.mark.parametrize("rounds", ["-1", "", "1", "2", "1000000000000"])
def test_every_number_of_rounds_has_a_mode(rounds: str) -> None:
    channel, _notes = adopted_one(vod_loop_time=rounds)
    assert channel["mode"] == {"-1": "loop", "": "loop", "1": "once"}.get(rounds, "rounds")
    assert channel.get("rounds") == (int(rounds) if channel["mode"] == "rounds" else None)


def test_a_start_in_the_past_is_not_declared() -> None:
    """It would forbid an end more than seven days after it."""
    assert "start_time" not in adopted_one(start_time=drawn.at(-1))[0]
    assert adopted_one(start_time=drawn.at(60))[0]["start_time"] == drawn.at(60)


def test_a_task_that_has_ended_keeps_its_end_and_is_not_created_again() -> None:
    sandbox = Sandbox(vod_task(CHANNEL_ID, "over", NOW, start_time=drawn.at(-7200), end_time=drawn.at(-3600)))
    [channel] = adopted(sandbox)["channels"]
    assert channel["end_time"] == drawn.at(-3600)
    sandbox.service.delete({"task_id": CHANNEL_ID})
    [again] = sandbox.bring(*playlist_tasks({}, [channel], [], TIME))
    assert again.error and "end_time" in again.error.message
    assert listed(sandbox) == []


def test_a_task_that_breaks_a_rule_is_declared_without_what_breaks_it() -> None:
    channel, notes = adopted_one(vod_start_video_index=3, start_time=drawn.at(3600), end_time=drawn.at(8 * drawn.DAY))
    assert channel.keys().isdisjoint({"start_at", "start_time", "end_time"})
    assert "not declared: vod_start_video_index, vod_start_video_time, start_time, end_time." in notes[0]


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("my film.mp4", "my%20film.mp4"),
        ("{{ 1 }}", "%7B%7B%201%20%7D%7D"),
        ("a|b<c>d^e`f\\g", "a%7Cb%3Cc%3Ed%5Ee%60f%5Cg"),
        ("片.mp4?key=a+b%20c", "片.mp4?key=a+b%20c"),
        ("a***.mp4", "a***.mp4"),
    ],
)
def test_a_url_is_encoded_only_where_it_has_to_be(url: str, declared: str) -> None:
    assert adopted_one(source_urls=[f"{MEDIA}/{url}"])[0]["source_urls"] == [f"{MEDIA}/{declared}"]


def test_an_undocumented_event_next_to_all_events_needs_no_note() -> None:
    channel, notes = adopted_one(callback_events=[*EVENTS, "Seventh"])
    assert "callback_events" not in channel
    assert notes == []


# What names it


def test_tasks_with_the_same_destination_are_named_by_their_ids() -> None:
    one, two, other = (fleet_id(number) for number in range(3))
    sandbox = Sandbox(
        vod_task(one, "double", NOW),
        vod_task(two, "double", NOW, domain="PUSH.example.com", status="pause"),
        vod_task(other, "Double", NOW),
    )
    names = [
        {name: channel.get(name) for name in ("task_id", "stream_name")} for channel in adopted(sandbox)["channels"]
    ]
    assert names == [
        {"task_id": one, "stream_name": "double"},
        {"task_id": two, "stream_name": "double"},
        {"task_id": None, "stream_name": "Double"},
    ]


def test_a_live_relay_counts_for_the_destination() -> None:
    relay = seed_tasks(NOW)[2]
    sandbox = Sandbox({**relay, **STREAM, "stream_name": "channel", "destination_url": ""}, seed_tasks(NOW)[0])
    assert [channel["task_id"] for channel in adopted(sandbox)["channels"]] == [CHANNEL_ID]


def test_a_task_with_a_destination_url_is_named_by_its_id_alone() -> None:
    """The path of such a URL is often a key."""
    place = {**dict.fromkeys((*STREAM, "stream_name"), ""), "destination_url": "rtmp://a.example.com/live/SECRET?k=1"}
    channel, _notes = adopted_one(**place)
    assert channel["task_id"] == CHANNEL_ID
    assert "SECRET" not in str(channel)


@pytest.mark.parametrize(
    "name", ["{{ 1 + 1 }}", "#jinja2: block_start_string:'[%'", "007", "12:30", "on", "~", "- a: b # c", "a\\b", "'{{'"]
)
def test_every_name_can_be_declared(name: str) -> None:
    channel, _notes = adopted_one(name=name, source_urls=[f"{MEDIA}/a.mp4"])
    assert channel["stream_name"] == name


@given(
    st.text(st.characters().filter(str.isprintable)),
    st.sampled_from(["{{ 1 }}", "{%", "{#", "#jinja2:", ": ", " #", ""]),
)
def test_every_text_survives_the_file(text: str, part: str) -> None:
    channels = [{"stream_name": f"{part}{text}{part}", "source_urls": [f"{text}{part}", part], "rounds": 3}]
    # The filter marks its texts as unsafe.
    assert written(wrap_var(channels)) == channels


@pytest.mark.parametrize("name", [" a", "a\nb", "a\u2028b", "\ud800", "x" * 513])
def test_a_task_whose_name_cannot_be_declared_is_named_by_its_id(name: str) -> None:
    channel, _notes = adopted_one(name=name, source_urls=[f"{MEDIA}/a.mp4"])
    assert channel["task_id"] == CHANNEL_ID
    assert channel.keys().isdisjoint({*STREAM, "stream_name"})


# What is left out


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"source_urls": []}, "left out. source_urls: it is empty."),
        ({"source_urls": "a"}, "left out. source_urls: it cannot be understood."),
        (
            {"source_urls": ["C:\\a.mp4"]},
            "left out. source_urls: entry 1 (the first), 'C:%5Ca.mp4', is not allowed: it is",
        ),
        ({"source_urls": [f"{MEDIA}/********"]}, "left out. source_urls: a part of it is hidden."),
        ({"vod_loop_time": "often"}, "left out. vod_loop_time: it cannot be understood."),
        ({"task_id": "", "domain": ""}, "left out. task_id: '' is not allowed."),
        (
            {"task_id": "", **dict.fromkeys((*STREAM, "stream_name"), "")},
            "no destination (task ): left out. task_id: '' is not allowed.",
        ),
        ({"status": "sleeping\x1b[31m"}, r"not declared: status ('sleeping\x1b[31m')."),
        ({"vod_start_video_time": "late"}, "not declared: vod_start_video_time, vod_start_video_index."),
        ({"source_urls": [f"{MEDIA}/100%.mp4"]}, "is not allowed: it holds '%' without two hex digits"),
        ({"vod_refresh_type": 7, "end_time": "soon"}, "not declared: vod_refresh_type, end_time."),
        ({"callback_events": ["TaskStart", "Seventh"]}, "not declared: callback_events."),
        ({"push_args": "****"}, "not declared: push_args (hidden)."),
        ({"push_args": 7, "backup_source_type": "?"}, "not declared: push_args, backup_source_type."),
    ],
)
def test_what_cannot_be_declared_is_named_with_the_reason(fields: Task, reason: str) -> None:
    found = playlist_adopt([{**vod_task(CHANNEL_ID, "channel", NOW), **fields}], TIME)
    [note] = found["notes"]
    assert reason in note
    assert len(found["channels"]) == ("left out" not in note)


@pytest.mark.parametrize(("volume", "named"), [(40, "not declared: vod_volume."), (100, "")])
def test_an_option_that_a_channel_does_not_have_is_named_unless_it_is_at_its_default(
    monkeypatch: pytest.MonkeyPatch, volume: int, named: str
) -> None:
    monkeypatch.setitem(FIELDS, "vod_volume", FIELDS["vod_start_video_time"]._replace(default=100))
    found = playlist_adopt([vod_task(CHANNEL_ID, "channel", NOW, vod_volume=volume)], TIME)
    assert [channel.keys() & {"vod_volume"} for channel in found["channels"]] == [set()]
    assert [named in note for note in found["notes"]] == [True] * bool(named)


@pytest.mark.parametrize("tasks", ["text", None, {}, [1]])
def test_other_arguments_are_refused(tasks: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="is not a list of tasks"):
        playlist_adopt(tasks, TIME)
    with pytest.raises(AnsibleFilterError, match="now: 'noon' is not allowed"):
        playlist_adopt([], "noon")


# However the service lists its tasks


def test_the_words_of_the_service_for_a_status_are_written_for_the_run() -> None:
    assert file([], drawn.WORDS) == {"playlist_status_words": drawn.WORDS, "playlist_channels": []}
    sandbox = Sandbox(*seed_tasks(NOW), status_words=drawn.WORDS)
    tasks = listed(sandbox)
    assert [task["status"] for task in tasks] == ["running", "running", "running", "stopped"]
    understood = [{**task, "status": {"running": "enable", "stopped": "pause"}[task["status"]]} for task in tasks]
    channels = playlist_adopt(understood, TIME)["channels"]
    assert [channel["on_air"] for channel in channels] == [True, True, False]
    words = {"running": "enable", "stopped": "pause"}
    sandbox.changes_nothing(*playlist_tasks({}, channels, [], TIME), status_words=words)


BEHAVIOURS: list[dict[str, Any]] = [
    *({"time_style": style} for style in ("fraction", "offset", "epoch", "epoch_ms", "epoch_text")),
    *({"numbers": form, "loop_number": True} for form in ("text", "float")),
    {"encode_urls": True, "upper_case": True, "extra_fields": True, "more_events": ["Seventh"]},
    *({"absent": form, "no_time": "zero", "events_empty": True, "loop_time_empty": True} for form in ("omit", "null")),
    {"status_words": drawn.WORDS, "own_end": drawn.ENDED},
    {"time_style": "zoneless"},
    *({"immutable": form} for form in ("absent", "null", "masked", "lower_case")),
    *({"immutable": form, "immutable_fields": [*STREAM]} for form in ("absent", "null", "masked", "lower_case")),
]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=str)
@pytest.mark.parametrize("show_secrets", [False, True])
def test_the_station_is_adopted_however_it_is_listed(behaviour: dict[str, Any], show_secrets: bool) -> None:
    plain = adopted(Sandbox(*seed_tasks(NOW)), show_secrets)["channels"]
    found = adopted(Sandbox(*seed_tasks(NOW), **behaviour), show_secrets)["channels"]
    assert len(found) == len(VOD)
    lost = {"start_time", "end_time"} if behaviour == {"time_style": "zoneless"} else set()
    lost |= {"on_air"} if "status_words" in behaviour else set()
    lost |= {"callback_url"} if behaviour.get("immutable", "lower_case") != "lower_case" else set()
    if "immutable_fields" in behaviour and behaviour["immutable"] != "lower_case":
        lost = {*STREAM, "stream_name"}
        assert [channel.pop("task_id") for channel in found] == VOD
    assert found == [{name: value for name, value in one.items() if name not in lost} for one in plain]


switches = st.fixed_dictionaries(
    {
        "immutable": st.sampled_from(["as_is", "absent", "null", "masked", "lower_case"]),
        "immutable_fields": st.sampled_from([IMMUTABLE, (*IMMUTABLE, *STREAM), ("stream_name",), ("destination_url",)]),
    }
)
fields = st.fixed_dictionaries(
    {
        "stream_name": st.sampled_from(["one", "two", "{{ 1 }}", "#jinja2: x", "ONE", " blank", "a\tb"]),
        "push_args": st.sampled_from(["", "", "a={{ b }}", "a=b"]),
        "backup_source_urls": st.sampled_from([[], [], [f"{MEDIA}/slate.mp4?token=1"]]),
    }
)


@given(drawn_life.account, st.lists(fields, min_size=3, max_size=3), drawn.switches, switches, st.booleans())
def test_a_run_with_adopted_channels_writes_nothing(
    account: list[Task], more: list[Task], how: dict[str, Any], immutable: dict[str, Any], show_secrets: bool
) -> None:
    tasks = []
    for number, (task, other) in enumerate(zip(account, more)):
        renamed = {**task, "task_id": fleet_id(number), "push_args": other["push_args"]}
        if task.get("stream_name"):
            renamed["stream_name"] = other["stream_name"]
        if task["source_type"] == "PullVodPushLive":
            renamed["backup_source_urls"] = other["backup_source_urls"]
        tasks.append(renamed)
    sandbox = Sandbox(*tasks, **{**how, **immutable, "lag_reads": 0})
    found = adopted(sandbox, show_secrets)
    assert len(found["channels"]) == len([task for task in tasks if task["source_type"] == "PullVodPushLive"])
    assert sandbox.writes == []
    assert all(set(channel.get("callback_events", ())) != {*EVENTS} for channel in found["channels"])
