# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of programmes as people read it: as a table for the terminal, and as the week of the overview."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.huaweicloud.live.plugins.filter.overview import overview
from ansible_collections.huaweicloud.live.plugins.filter.playlist_check import playlist_check
from ansible_collections.huaweicloud.live.plugins.filter.playlist_rehearsal import playlist_rehearsal
from ansible_collections.huaweicloud.live.plugins.module_utils._overview import planned

# A Sunday evening in Shanghai.
NOW = "2026-11-22T12:00:00Z"
URL = "https://media.example.com/"
STREAM = {"domain": "push.example.com", "app_name": "live", "stream_name": "films"}
LABEL = "playlist_channels[0] (task push.example.com/live/films)"
HEAD = "START                 END        JOINS AT  PLAYS"
JOINED = {"join": "in_progress", "mode": "once"}


def slot(begin: str, *names: str, **options: Any) -> dict[str, Any]:
    return {"from": begin, "source_urls": [f"{URL}{name}.mp4?key=SECRET" for name in names], **options}


def channel(*slots: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {**STREAM, "timezone": "Asia/Shanghai", "programme": [*slots], **options}


def lines(*channels: dict[str, Any], now: str = NOW, days: Any = 1, files: Any = None) -> list[str]:
    checked = playlist_check({}, [*channels], now, files)
    assert checked["problems"] == []
    return playlist_rehearsal(checked, now, days)


def rows(*slots: dict[str, Any], **options: Any) -> list[list[str]]:
    """The rows of a channel, split into cells; without an empty cell."""
    return [re.split(r" {2,}", line) for line in lines(channel(*slots), **options)[2:]]


def test_the_plan_is_a_table_in_the_time_zone_of_the_channel() -> None:
    night = {"from": "23:00", "off_air": True, "title": "Good night"}
    found = lines(channel(slot("06:00", "news", "weather", title="Breakfast"), slot("20:00", "film"), night))
    assert found == [
        f"{LABEL}, 1 day in Asia/Shanghai",
        HEAD,
        "Sun 2026-11-22 20:00  23:00                film.mp4",
        "Sun 2026-11-22 23:00  Mon 06:00            Good night (off air)",
        "Mon 2026-11-23 06:00  20:00                Breakfast (news.mp4, weather.mp4)",
    ]


def test_the_slot_that_is_on_is_joined_in_progress() -> None:
    film = slot("19:00", "trailer", "film", **JOINED, durations=[120, 5400])
    assert rows(film, slot("22:00", "night"))[0] == [
        "Sun 2026-11-22 19:00",
        "20:32",
        "file 2, 0:58:00",
        "trailer.mp4, film.mp4",
    ]
    late = slot("19:00", "trailer", "film", durations=[120, 5400])
    assert rows(late, slot("22:00", "night"))[0][2:] == ["trailer.mp4, film.mp4"], "from_start starts at its beginning"


def test_durations_come_from_a_playlist_file_too() -> None:
    text = f"#EXTM3U\n#EXTINF:3000,One\n{URL}one.mp4\n#EXTINF:5400,Two\n{URL}two.mp4\n"
    found = lines(channel({"from": "19:00", "m3u": "c.m3u", "join": "in_progress"}), files={"c.m3u": {"text": text}})
    assert found[2] == "Sun 2026-11-22 19:00  Mon 19:00  file 2, 0:10:00  one.mp4, two.mp4"


def test_a_playlist_that_ends_before_the_next_slot_shows_the_gap() -> None:
    film = slot("21:00", "film", "end", **JOINED, durations=[5400, 0.5], start_at={"index": 0, "seconds": 400})
    found = lines(channel(slot("06:00", "day"), film))
    assert found[3:5] == [
        "Sun 2026-11-22 21:00     22:23:21   file 1, 0:06:40  film.mp4, end.mp4",
        "Sun 2026-11-22 22:23:21  Mon 06:00                   nothing, the playlist has ended",
    ]


@pytest.mark.parametrize("durations", [[3600], [7200]])
@pytest.mark.parametrize("mode", ["once", "loop"])
def test_a_playlist_that_lasts_until_the_next_slot_has_no_gap(durations: list[int], mode: str) -> None:
    film = slot("21:00", "film", join="in_progress", mode=mode, durations=durations)
    assert [row[0][-5:] for row in rows(film, slot("22:00", "night"), slot("06:00", "day"))] == [
        *("06:00", "21:00", "22:00", "06:00")
    ]


def test_times_have_their_offset_if_the_clocks_change() -> None:
    found = lines(
        channel(slot("01:00", "one"), slot("02:30", "two"), timezone="Europe/Berlin"),
        now="2026-10-24T23:00:00Z",
        days=2,
    )
    assert found[2:4] == [
        "Sun 2026-10-25 01:00 +02:00  02:30 +02:00                one.mp4",
        "Sun 2026-10-25 02:30 +02:00  Mon 01:00 +01:00            two.mp4",
    ]


def test_an_end_after_more_than_six_days_has_its_date() -> None:
    assert rows(slot("06:00", "mass", days=["sun"]))[0][:2] == ["Sun 2026-11-22 06:00", "Sun 2026-11-29 06:00"]


def test_only_channels_with_a_programme_are_shown() -> None:
    plain = {"task_id": "A", "source_urls": [f"{URL}a.mp4"]}
    removed = {**channel(slot("06:00", "a")), "stream_name": "old", "remove": True}
    assert lines(plain, removed) == []
    paused = lines(plain, {**channel(slot("06:00", "a"), on_air=False, timezone=None)})
    assert paused[0] == "playlist_channels[1] (task push.example.com/live/films), 1 day in UTC, but on_air is false"


def test_long_plans_are_cut() -> None:
    hourly = channel(*(slot(f"{hour:02}:{half}", "a") for hour in range(24) for half in ("00", "30")))
    found = lines(*({**hourly, "stream_name": f"films{number}"} for number in range(9)), days="7")
    assert found[0].endswith(", 7 days in Asia/Shanghai")
    assert found[1:173] == [*found[1:172], "and 166 more"]
    assert len(found) == 3 * 173 + 1
    assert found[-1] == "and 6 more channels with a programme. Give fewer channels to see them."


def test_a_plan_of_500_lines_is_complete() -> None:
    half_hours = [slot(f"{hour:02}:{half}", "a") for hour in range(24) for half in ("00", "30")]
    found = lines(*(channel(*half_hours, stream_name=f"films{number}") for number in range(11)))
    assert len(found) == 501
    assert found[-1] == "and 1 more channel with a programme. Give fewer channels to see them."


def test_no_secret_of_a_url_is_shown() -> None:
    pushed = {
        "destination_url": "rtmp://push.example.com/live/films?auth_key=SECRET",
        "programme": [slot("06:00", "a")],
    }
    assert "SECRET" not in "\n".join(lines(pushed))


def test_a_text_that_looks_like_a_template_stays() -> None:
    assert lines(channel(slot("06:00", "a", title="{{ 1 }}\x1b[2J")))[2].endswith("{{ 1 }}\ufffd[2J (a.mp4)")


@pytest.mark.parametrize(
    ("result", "arguments", "reason"),
    [
        ([], {}, "The input is not allowed. Allowed: the result of huaweicloud.live.playlist_check"),
        ({"channels": []}, {}, "The input is not allowed."),
        ({"channels": [], "problems": ["one"]}, {}, "The input is not allowed."),
        (None, {"now": "noon"}, "now: 'noon' is not allowed."),
        (None, {"days": 367}, "days: 367 is not allowed. Allowed: an integer from 1 to 366."),
    ],
)
def test_a_mistake_is_named(result: Any, arguments: dict[str, Any], reason: str) -> None:
    checked = playlist_check({}, [channel(slot("06:00", "a"))], NOW) if result is None else result
    with pytest.raises(AnsibleFilterError, match=r"^huaweicloud\.live\.playlist_rehearsal: ") as caught:
        playlist_rehearsal(checked, **{"now": NOW, **arguments})
    assert reason in str(caught.value)


class TestWeekOfTheOverview:
    TASK: ClassVar[dict[str, Any]] = {"task_id": "A", **STREAM, "status": "enable"}

    def planned(self, *channels: dict[str, Any], **arguments: Any) -> Any:
        found = overview({}, [self.TASK], NOW, channels=[*channels], **arguments)
        return found["channels"][0]["planned"]

    def test_the_week_has_a_row_for_each_slot(self) -> None:
        night = {"from": "23:00", "off_air": True, "title": "Good night"}
        found = self.planned(channel(slot("20:00", "film"), night, {"from": "06:00", "m3u": "lists/day.m3u"}), days="1")
        assert found["week"] == {
            "timezone": "Asia/Shanghai",
            "rows": [
                {"start": "Sun 2026-11-22 20:00", "end": "23:00", "plays": "film.mp4"},
                {"start": "Sun 2026-11-22 23:00", "end": "Mon 06:00", "plays": "Good night (off air)"},
                {"start": "Mon 2026-11-23 06:00", "end": "20:00", "plays": "day.m3u"},
            ],
            "more": 0,
        }

    def test_without_days_there_is_no_week(self) -> None:
        assert self.planned(channel(slot("06:00", "a")))["week"] is None

    def test_a_week_of_many_slots_is_cut(self) -> None:
        hourly = channel(*(slot(f"{hour:02}:{half}", "a") for hour in range(24) for half in ("00", "30")))
        week = self.planned(hourly, days=7)["week"]
        assert (len(week["rows"]), week["more"]) == (170, 7 * 48 - 170)

    def test_the_weeks_of_very_many_channels_are_left_out(self) -> None:
        hourly = [slot(f"{hour:02}:00", "a") for hour in range(24)]
        many = [{"task_id": str(number), "programme": hourly} for number in range(130)]
        tasks = [{"task_id": one["task_id"], "status": "enable"} for one in many]
        found = overview({}, tasks, NOW, channels=many, days=7)["channels"]
        weeks = {int(one["task_id"]): one["planned"]["week"] for one in found}
        # The last channel that begins before 20,000 rows still has its week.
        assert [number for number, week in sorted(weeks.items()) if week] == [*range(120)]
        assert all(one["planned"]["now"] == "a.mp4" for one in found)

    @pytest.mark.parametrize(("most", "weeks"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
    def test_a_week_begins_before_the_last_row(self, most: int, weeks: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(planned, "_MOST_ROWS", most)
        channels = [{"task_id": number, "programme": [slot("06:00", "a")]} for number in "123"]
        tasks = [{"task_id": number} for number in "123"]
        found = overview({}, tasks, NOW, channels=channels, days=2)["channels"]
        assert [bool(one["planned"]["week"]) for one in found] == [number < weeks for number in range(3)]

    def test_without_a_time_zone_the_week_is_in_utc(self) -> None:
        week = self.planned({**STREAM, "programme": [slot("06:00", "a")]}, days=1)["week"]
        assert week["timezone"] == "UTC"
        assert week["rows"][0]["start"] == "Sun 2026-11-22 06:00"

    def test_wrong_days_are_refused(self) -> None:
        with pytest.raises(AnsibleFilterError, match=r"days: 0 is not allowed\. Allowed: an integer from 1 to 366"):
            self.planned(channel(slot("06:00", "a")), days=0)

    @pytest.mark.parametrize("value", ["", " "])
    @pytest.mark.parametrize("option", ["title", "guide_id"])
    def test_an_empty_title_is_refused_by_the_role(self, option: str, value: str) -> None:
        problem = f"{LABEL}: {option}: {value!r} is not allowed. Allowed: a text that is not empty."
        found = playlist_check({}, [channel(slot("06:00", "a"), **{option: value})], NOW)["problems"]
        assert found == [problem]
        if option == "title":
            found = playlist_check({}, [channel(slot("06:00", "a", title=value))], NOW)["problems"]
            assert found == [problem.replace("title:", "programme[0] (from 06:00): title:")]
