# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client: pages, single tasks and writes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveApiError
from ansible_collections.huaweicloud.live.plugins.module_utils._service.client import Accepted, LiveClient
from ansible_collections.huaweicloud.live.plugins.module_utils._service.exchange import Failure
from ansible_collections.huaweicloud.live.plugins.module_utils._service.pages import MAX_SLIPS
from ansible_collections.huaweicloud.live.tests.acceptance.service import ask
from ansible_collections.huaweicloud.live.tests.unit.fakes.answers import BODY, OK, TASK_ID, URL, asked, failure, page
from ansible_collections.huaweicloud.live.tests.unit.fakes.clock import FakeClock
from ansible_collections.huaweicloud.live.tests.unit.fakes.network import (
    ENDPOINT,
    Reply,
    Script,
    client_to,
    transport_to,
)

# Pages


@pytest.mark.parametrize(
    ("answers", "count", "requests_sent"),
    [
        pytest.param([page(total=0)], 0, 1, id="none"),
        pytest.param([Reply(200, {"task_infos": None, "total": 0})], 0, 1, id="none, null"),
        pytest.param([Reply(200, {"total": 0})], 0, 1, id="none, no list"),
        pytest.param([page(*range(100), total=100), page(99, total=100)], 100, 2, id="exactly one page"),
        pytest.param(
            [page(*range(100), total=100), page(*range(99, 150), total=51), page(149, total=1), page(total=0)],
            150,
            4,
            id="the total counts the page",
        ),
        pytest.param([page(*range(100), total=101), page(99, 100, total=101)], 101, 2, id="one more"),
        pytest.param([page(0, total=2), page(1, total=2)], 2, 2, id="pages of one"),
        pytest.param([page(n, n + 1, total=4) for n in range(3)], 4, 3, id="pages of two"),
        pytest.param([page(0, 1), page(1, 2), page(2), page()], 3, 4, id="total missing"),
        pytest.param([page(0, total=None), page(total=None)], 1, 2, id="total null"),
        pytest.param([page(0, total="2"), page(1, total="2")], 2, 2, id="total a string"),
        pytest.param([page(0, total="many"), page(total="many")], 1, 2, id="total a word"),
        pytest.param([page(0, total=-1), page(total=-1)], 1, 2, id="total negative"),
        pytest.param([page(0, 1, total=1), page(1, 2, total=1), page(2), page(total=1)], 3, 4, id="total too small"),
        pytest.param([page(0, 1, 0, total=3)], 2, 1, id="twice on a page"),
        pytest.param([page(0, total=True), page(total=True)], 1, 2, id="total a boolean"),
        pytest.param([page(0, total=9.5), page(total=9.5)], 1, 2, id="total a fraction"),
        pytest.param([page(0, 1, total=2, more="?")], 2, 1, id="an unknown field"),
    ],
)
def test_all_pages_are_read(answers: list[Reply], count: int, requests_sent: int) -> None:
    script = Script(*answers)
    assert [task["task_id"] for task in client_to(script).list()] == [f"t{number}" for number in range(count)]
    assert len(script.sent) == requests_sent


def test_pages_of_100_tasks_are_read_in_order() -> None:
    script = Script(page(*range(100), total=130), page(*range(100, 130), total=130))
    assert [(offset, left) for offset, _tasks, left in client_to(script).tasks.pages()] == [(0, 30), (100, 0)]
    assert asked(script) == ["limit=100&offset=0", "limit=100&offset=100"]


def test_without_a_total_pages_are_read_until_one_is_empty() -> None:
    assert [left for _at, _tasks, left in client_to(Script(page(0, 1), page(2), page())).tasks.pages()] == [1, 1, 0]


def test_a_list_reads_the_last_task_of_each_page_again() -> None:
    script = Script(page(*range(100), total=130), page(*range(99, 130), total=130))
    assert len(list(client_to(script).list({"region": "cn-north-4"}))) == 130
    assert asked(script) == ["limit=100&offset=0&region=cn-north-4", "limit=100&offset=99&region=cn-north-4"]


@pytest.mark.parametrize("also_created", [False, True], ids=["deleted", "deleted and created"])
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("gone", [1, 3, 120])
def test_no_task_is_missed_when_others_are_deleted_between_pages(at: int, gone: int, also_created: bool) -> None:
    tasks = [f"t{number}" for number in range(350)]
    staying = tasks[gone:]

    def answer(request: requests.PreparedRequest) -> Reply:
        if len(served) == at:
            tasks[:] = [*staying, *(f"new{number}" for number in range(gone if also_created else 0))]
        served.append(request)
        first = int(parse_qs(urlsplit(str(request.url)).query)["offset"][0])
        return Reply(200, {"task_infos": [{"task_id": one} for one in tasks[first : first + 100]], "total": len(tasks)})

    served: list[requests.PreparedRequest] = []
    listed = [task["task_id"] for task in client_to(Script(answer)).list()]
    assert len(listed) == len({*listed})
    assert {*staying} <= {*listed}
    assert len(served) <= 4 + 3 + gone // 100


def test_a_task_that_slips_to_the_next_page_is_listed_once() -> None:
    nameless = {"status": "pause", "task_id": None}
    first = {"total": 4, "task_infos": [{"task_id": "a"}, nameless]}
    second = {"total": 5, "task_infos": [nameless, nameless, {"task_id": "a"}, {"task_id": "b"}]}
    listed = list(client_to(Script(*(Reply(200, json.dumps(one).encode()) for one in (first, second)))).list())
    assert listed == [{"task_id": "a"}, nameless, nameless, {"task_id": "b"}]


def test_the_last_task_of_a_page_is_known_on_the_next_without_an_id() -> None:
    nameless = {"stream_name": "x"}
    one, two = {"task_id": "a"}, {"task_id": "b"}
    pages = (
        Reply(200, {"total": 4, "task_infos": some}) for some in ([one, two, nameless], [nameless, {"task_id": "c"}])
    )
    assert list(client_to(Script(*pages)).list()) == [one, two, nameless, {"task_id": "c"}]


def test_a_list_that_never_stops_shifting_is_an_error() -> None:
    """Each page begins with an unknown task, so the page before is read again."""
    script = Script(*(page(*range(first, first + 100), total=10**6) for first in range(0, 100 * 250, 100)))
    with pytest.raises(LiveApiError, match="without an end"):
        list(client_to(script).list())
    assert len(script.sent) == 2 * (MAX_SLIPS + 1)


@pytest.mark.parametrize("read", [LiveClient.list, lambda client: client.tasks.pages()])
@pytest.mark.parametrize("again", [page(0, total=9), page(0, 1, total=9)], ids=["of one", "of two"])
def test_the_same_page_again_is_an_error(again: Reply, read: Callable[[LiveClient], Iterator[Any]]) -> None:
    with pytest.raises(LiveApiError, match=r"failed: the service lists the same tasks again from offset [12] on"):
        list(read(client_to(Script(again))))


@pytest.mark.parametrize("read", [LiveClient.list, lambda client: client.tasks.pages()])
@pytest.mark.parametrize("total", [4, 9, None], ids=str)
def test_a_page_that_holds_only_tasks_already_read_is_an_error(
    read: Callable[[LiveClient], Iterator[Any]], total: int | None
) -> None:
    """It need not equal the page before: a field or the order may have changed meanwhile."""
    script = Script(page(0, 1, total=total), page(1, 0, total=total))
    with pytest.raises(LiveApiError, match="lists the same tasks again"):
        list(read(client_to(script)))
    assert len(script.sent) == 2


@pytest.mark.parametrize("read", [LiveClient.list, lambda client: client.tasks.pages()])
@pytest.mark.parametrize("total", [3, "3", 10**6], ids=repr)
@pytest.mark.parametrize("pages", [[], [page(0, 1, total=9)]], ids=["first page", "second page"])
def test_an_empty_page_although_there_are_more_tasks_is_an_error(
    read: Callable[[LiveClient], Iterator[Any]], pages: list[Reply], total: Any
) -> None:
    with pytest.raises(LiveApiError, match=rf"failed: the service lists no task from offset . on, but counts {total}"):
        list(read(client_to(Script(*pages, page(total=total)))))


@pytest.mark.parametrize("query", [{"task_id": "t1"}, {"region": "cn-north-4"}], ids=str)
def test_with_a_filter_the_total_may_count_other_tasks(query: dict[str, str]) -> None:
    assert list(client_to(Script(page(total=9))).list(query)) == []
    assert len(list(client_to(Script(page(2, total=9), page(total=9))).list(query))) == 1


def test_a_list_filtered_by_id_ends_with_the_task() -> None:
    """A service may ignore the offset and count all tasks."""
    script = Script(page(1, total=9))
    assert list(client_to(script).list({"task_id": "t1"})) == [{"task_id": "t1"}]
    assert len(script.sent) == 1


def test_the_last_task_may_be_deleted_between_pages() -> None:
    script = Script(page(*range(100), total=101), page(99, total=100))
    assert len(list(client_to(script).list())) == 100


def test_pages_without_an_end_are_an_error() -> None:
    script = Script(*(page(*range(first, first + 100), total=10**9) for first in range(0, 30000, 100)))
    with pytest.raises(LiveApiError, match="more than 20000 tasks were listed, without an end"):
        list(client_to(script).tasks.pages())
    assert len(script.sent) == 201


def test_pages_are_read_before_the_deadline() -> None:
    clock = FakeClock()
    script = Script(Reply(503))
    with pytest.raises(LiveApiError):
        list(client_to(script, clock, retries=100).tasks.pages(deadline=clock.seconds + 20))
    assert clock.seconds < 1000 + 20


def test_a_list_without_an_end_is_an_error() -> None:
    script = Script(*(page(*range(first, first + 100), total=10**9) for first in range(0, 30000, 99)))
    with pytest.raises(
        LiveApiError, match=rf"^GET {re.escape(URL)} failed: more than 20000 tasks were listed, without an end\."
    ):
        list(client_to(script).list())
    assert len(script.sent) == 203


@pytest.mark.parametrize(
    "answer",
    [
        *(None, [], [{"task_id": "t0"}], "task_infos", 5, True, {}, {"tasks": []}, {"error_code": "0"}),
        *({"task_infos": None}, {"task_infos": None, "total": 3}, {"task_infos": None, "total": "0"}),
        *({"task_infos": odd, "total": 0} for odd in ({}, "x", 5, [None], [5], ["t0"], [[]], [{}, None])),
    ],
    ids=json.dumps,
)
def test_a_response_without_a_list_of_tasks_is_an_error(answer: Any) -> None:
    with pytest.raises(LiveApiError) as raised:
        list(client_to(Script(Reply(200, answer, {"X-Request-Id": "r1"}))).list())
    assert raised.value.message == (
        f"GET {URL}?limit=100&offset=0 failed:"
        f" the response contains no list of tasks in task_infos, but {json.dumps(answer)}"
        " (request id r1)."
    )
    assert raised.value.details == {"http_status": 200, "request_id": "r1"}
    assert not raised.value.uncertain


ERRORS = [
    {"error_code": "LIVE.1", "error_msg": "no"},
    {"error_code": 1001, "error_msg": "no"},
    {"errorCode": "LIVE.1", "errorMsg": "no"},
    {"error": {"error_code": "LIVE.1", "error_msg": "no"}},
]


@pytest.mark.parametrize("error", ERRORS, ids=json.dumps)
@pytest.mark.parametrize(
    "call",
    [
        lambda client: list(client.list()),
        lambda client: list(client.tasks.pages()),
        lambda client: client.get("t1"),
        lambda client: client.creating().send(BODY),
        lambda client: client.modifying(TASK_ID).send(BODY),
        lambda client: client.delete(TASK_ID),
    ],
    ids=["list", "pages", "get", "create", "modify", "delete"],
)
def test_an_error_code_in_a_2xx_is_an_error(call: Callable[[LiveClient], object], error: dict[str, Any]) -> None:
    script = Script(Reply(200, {"task_infos": [], "total": 0, "task_id": TASK_ID, **error, "request_id": "r1"}))
    with pytest.raises(LiveApiError, match=r"failed: HTTP 200, (LIVE\.1|1001) no \(request id r1\)") as caught:
        call(client_to(script))
    assert caught.value.uncertain
    assert caught.value.details["error_msg"] == "no"
    assert len(script.sent) == 1


@pytest.mark.parametrize("code", [None, "", "0", 0], ids=repr)
def test_a_code_that_means_no_error_is_not_an_error(code: Any) -> None:
    answer = {"task_infos": [], "total": 0, "task_id": TASK_ID, "error_code": code, "error_msg": "ok"}
    client = client_to(Script(Reply(200, answer)))
    assert (client.get("t1"), client.creating().send(BODY)[0]) == (None, TASK_ID)
    client.modifying(TASK_ID).send(BODY)
    client.delete(TASK_ID)
    client_to(Script(Reply(200, {"error_code": code, "error_msg": ""}))).modifying(TASK_ID).send(BODY)


def test_an_empty_response_is_not_a_list() -> None:
    with pytest.raises(LiveApiError, match="no list of tasks in task_infos, but null"):
        list(client_to(Script(Reply(200))).list())


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        pytest.param([page(7, total=1)], {"task_id": "t7"}, id="there"),
        pytest.param([page(total=0)], None, id="not there"),
        pytest.param([page(8, total=1)], None, id="another task"),
        pytest.param([page(1, 2, total=4), page(3, 7, total=4)], {"task_id": "t7"}, id="filter ignored"),
        pytest.param([Reply(200, {"task_infos": [{}, {"task_id": None}, {"task_id": 7}]}), page()], None, id="odd ids"),
    ],
)
def test_get_returns_the_task_or_none(answers: list[Reply], found: Any) -> None:
    script = Script(*answers)
    assert client_to(script).get("t7") == found
    assert asked(script)[0] == "limit=100&offset=0&task_id=t7"


def test_ids_are_encoded_in_the_url() -> None:
    script = Script(page(total=0))
    LiveClient(transport_to(script), None, ENDPOINT, "p/../q?x#y%41").get("任务/1&limit=1\r\n")
    assert script.sent[0].url == (
        f"{ENDPOINT}/v1/p%2F..%2Fq%3Fx%23y%2541/pull/stream/task"
        "?limit=100&offset=0&task_id=%E4%BB%BB%E5%8A%A1%2F1%26limit%3D1%0D%0A"
    )


# Modify


def test_modify_sends_json_and_returns_the_request_id() -> None:
    script = Script(OK)
    body = {"task_id": TASK_ID, "source_urls": ["https://h/片.mp4"], "vod_start_video_index": 0}
    assert client_to(script).modifying(body["task_id"]).send(body).request_id == "r1"
    [request] = script.sent
    assert (request.method, request.url) == ("PUT", URL)
    assert request.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == body


@pytest.mark.parametrize("answer", [{"request_id": "r1"}, {"task_id": None, "request_id": "r1"}, [], None, "x"])
def test_modify_accepts_a_response_without_a_task_id(answer: Any) -> None:
    headers = {"X-Request-Id": "r1"}
    assert client_to(Script(Reply(200, answer, headers))).modifying(TASK_ID).send(BODY).request_id == "r1"


@pytest.mark.parametrize("other", ["another", "", 5, {"task_id": TASK_ID}, "é"], ids=ascii)
def test_modify_refuses_a_response_about_another_task(other: Any) -> None:
    error = failure(Reply(200, {"task_id": other, "request_id": "r1"}))
    about = json.dumps(other, ensure_ascii=False)
    expected = f"PUT {URL} failed: the response is about task {about}, not about {TASK_ID} (request id r1)."
    assert expected in error.message
    assert (error.uncertain, error.details) == (True, {"http_status": 200, "request_id": "r1"})


# Create and delete


def test_delete_refuses_a_response_about_another_task() -> None:
    message = f'DELETE {re.escape(URL)} failed: the response is about task "x", not about'
    with pytest.raises(LiveApiError, match=message):
        client_to(Script(Reply(200, {"task_id": "x"}))).delete(TASK_ID)


@pytest.mark.parametrize("answer", [Reply(204), Reply(200, {"request_id": "r1"}), OK], ids=["none", "no id", "id"])
def test_delete_accepts_a_response_without_a_task_id(answer: Reply) -> None:
    client_to(Script(answer)).delete(TASK_ID)


@pytest.mark.parametrize(
    ("answer", "quoted"),
    [({"request_id": "r1"}, ""), ([], "[]"), ({"task_id": ""}, '{"task_id": ""}'), ({"task_id": 5}, '{"task_id": 5}')],
    ids=str,
)
def test_a_create_is_uncertain_if_its_response_names_no_task(answer: Any, quoted: str) -> None:
    with pytest.raises(LiveApiError) as caught:
        client_to(Script(Reply(200, answer, {"X-Request-Id": "r1"})), secrets=["s3cr3t-word"]).creating().send(BODY)
    assert caught.value.message.startswith(f"POST {URL} failed: the response contains no task id, but {quoted}")
    assert "(request id r1)" in caught.value.message
    assert (caught.value.uncertain, caught.value.details) == (True, {"http_status": 200, "request_id": "r1"})


def test_an_accepted_create_has_the_id_of_the_task_and_of_the_request() -> None:
    answer = Reply(200, {"task_id": TASK_ID}, {"X-Request-Id": "r1"})
    assert client_to(Script(answer)).creating().send(BODY) == Accepted(TASK_ID, "r1")


def test_a_secret_is_masked_in_a_response_that_names_no_task() -> None:
    with pytest.raises(LiveApiError) as caught:
        client_to(Script(Reply(200, {"what": "s3cr3t-word"})), secrets=["s3cr3t-word"]).creating().send(BODY)
    assert '{"what": "********"}' in caught.value.message


def test_every_request_has_the_user_agent_of_the_collection() -> None:
    def auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["X-Auth-Token"] = "word"
        return request

    script = Script(page(total=0), OK, OK, OK)
    client = LiveClient(transport_to(script), auth, ENDPOINT, "p")
    client.get(TASK_ID)
    client.creating().send({})
    client.modifying(TASK_ID).send(BODY)
    client.delete(TASK_ID)
    sent = [(request.method, request.headers["X-Auth-Token"]) for request in script.sent]
    assert sent == [(method, "word") for method in ("GET", "POST", "PUT", "DELETE")]


# Tools that explore the service


def test_ask_returns_each_response_without_a_retry() -> None:
    script = Script(Reply(200, {"anything": 1}), Reply(503, {"error_code": "LIVE.1"}), Reply(404))
    client = client_to(script)
    assert ask(client, "GET", {"task_id": "a b", "limit": "1"}).body == {"anything": 1}  # type: ignore[union-attr]
    failed = ask(client, "PUT", body={"task_id": "\u00e9"})
    assert isinstance(failed, Failure)
    assert failed.details == {"http_status": 503, "error_code": "LIVE.1"}
    ask(client, "GET", {"publish_domain": "d"}, streams=True)
    assert [request.url for request in script.sent] == [
        f"{URL}?limit=1&task_id=a%20b",
        URL,
        URL.replace("pull/stream/task", "realtime/streams") + "?publish_domain=d",
    ]
    assert json.loads(script.sent[1].body) == {"task_id": "\u00e9"}  # type: ignore[arg-type]


def test_the_adapter_of_the_transport_can_be_replaced() -> None:
    client, other = client_to(Script(Reply(503))), Script(page(0, total=1))
    client.transport.adapter = other
    assert client.get("t0") == {"task_id": "t0"}
    assert len(other.sent) == 1
