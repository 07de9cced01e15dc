# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Live service over HTTP: list, get and modify relay tasks. Private to this collection."""

from __future__ import annotations

import itertools
import json
import math
import random
import re
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ansible_collections.huaweicloud.live.plugins.module_utils import _credentials
from ansible_collections.huaweicloud.live.plugins.module_utils._arguments import Settings, connection_settings
from ansible_collections.huaweicloud.live.plugins.module_utils._errors import LiveError, redact, shown
from ansible_collections.huaweicloud.live.plugins.module_utils._signature import encode

try:
    import requests
    import requests.utils
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import HTTPError, LocationValueError, NewConnectionError
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

if TYPE_CHECKING:
    from requests.auth import AuthBase

PAGE = 100
# The service lists 10,000 tasks at most; beyond twice that, a list will not come to an end.
MAX_TASKS = 20000
MAX_ANSWER = 64 * 1024 * 1024
MAX_EXCERPTED = 1024 * 1024
# A list of tasks takes four levels; what is nested far deeper, Python could not walk through.
MAX_DEPTH = 50
RETRIED_STATUSES = (429, 500, 502, 503, 504)
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0
FIRST_GAP = 0.05
LONGEST_GAP = 1.0


class Clock(NamedTuple):
    """Time and chance, to be replaced in tests.

    Attributes:
        monotonic: seconds since some moment.
        now: seconds since the epoch.
        sleep: waits for some seconds.
        uniform: a random number between two.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform


class LiveApiError(LiveError):
    """The service, or IAM, did not do as asked.

    Args:
        message: what was asked, and what came of it.
        uncertain: whether the request may have been carried out all the same.
        details: http_status, error_code, error_msg and request_id, as far as the service gave them.
    """

    def __init__(self, message: str, *, uncertain: bool = False, **details: Any) -> None:
        super().__init__(message, **details)
        self.uncertain = uncertain


class Answer(NamedTuple):
    """A successful answer.

    Attributes:
        body: the decoded JSON, None if there was none.
        headers: the headers, whatever the case of their names.
        request_id: the service's id for the request, to quote to its support.
        status: the HTTP status.
    """

    body: Any
    headers: Mapping[str, str]
    request_id: str | None
    status: int = 200


class _Reply(NamedTuple):
    """Any answer, as it came."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class _Failure(NamedTuple):
    """Why a request did not succeed.

    Attributes:
        text: what happened.
        uncertain: whether the request may have been carried out.
        details: results for the failure.
    """

    text: str
    uncertain: bool
    details: dict[str, Any]


class Connection:
    """Sends requests, again where that helps, and keeps secrets out of the errors.

    One connection is for one run of a module; it may be shared by threads.

    urllib3's own Retry is not used: it does not see an answer that breaks off, would repeat a signature instead of
    signing anew, obeys any Retry-After, knows no full jitter, cannot tell how often it tried nor whether a request
    may have been carried out, and cannot hold back the other threads.

    Args:
        settings: certificates, time-out and retries.
        secrets: what must not be seen in any error.
        concurrency: how many threads share the connection.
        clock: time and chance.
    """

    def __init__(self, settings: Settings, secrets: set[str], concurrency: int = 1, clock: Clock | None = None) -> None:
        self.secrets = secrets
        self._settings = settings
        self._clock = clock or Clock()
        self._deadline = math.inf
        self._good_answers = 0
        self._not_before = 0.0
        self._gap = 0.0
        self._lock = threading.Lock()
        self._session = requests.Session()
        # Without this a .netrc would be read, and REQUESTS_CA_BUNDLE would overrule validate_certs and ca_path.
        self._session.trust_env = False
        # requests looks where a redirect points to even if it is not to follow, and stumbles over what is no URL.
        self._session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
        self._session.mount("https://", HTTPAdapter(pool_maxsize=concurrency))
        self._session.mount("http://", HTTPAdapter(pool_maxsize=concurrency))

    def request(self, method: str, url: str, auth: AuthBase, body: Mapping[str, Any] | None = None) -> Answer:
        """Send a request until there is an answer that sending it again would not change.

        Args:
            method: the HTTP method.
            url: the whole URL, percent-encoded.
            auth: what authenticates the request.
            body: what to send as JSON.

        Raises:
            LiveApiError: it was refused, or failed as often as it may be sent.
        """
        uncertain = False
        spared, seen = 0, self._good_answers
        for attempt in itertools.count(1):
            self._hold_back()
            try:
                reply = self._send(method, url, auth, body)
            except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
                failure, final, retry_after = self._lost(error), _is_final(error), None
            else:
                # IAM's answer holds a token, whatever else is wrong with it.
                self.secrets.update(filter(None, [reply.headers.get("X-Subject-Token")]))
                if 200 <= reply.status < 300:
                    self._speed_up()
                    return self._answer(f"{method} {url}", reply, attempt)
                failure, final = _refusal(reply, self.secrets), reply.status not in RETRIED_STATUSES
                retry_after = _retry_after(reply.headers.get("Retry-After"), self._clock.now())
            uncertain = uncertain or failure.uncertain
            throttled = failure.details.get("http_status") == 429
            # While the service serves the other threads, it is only this one's turn that has not come.
            if throttled and self._good_answers > seen:
                spared, seen = spared + 1, self._good_answers
            if final or attempt - spared > self._settings.retries or self._clock.monotonic() >= self._deadline:
                raise self._error(f"{method} {url}", failure._replace(uncertain=uncertain), attempt)
            self._back_off(max(1, attempt - spared), retry_after, throttled)
        raise AssertionError  # itertools.count never ends

    def give_up_after(self, seconds: float) -> None:
        """Have no request sent again later than that from now."""
        self._deadline = self._clock.monotonic() + seconds

    def _hold_back(self) -> None:
        """Wait while the service has asked for less; all threads do, and come back one after the other."""
        with self._lock:
            now = self._clock.monotonic()
            start = max(now, self._not_before)
            self._not_before = start + self._gap
        if start > now:
            self._clock.sleep(start - now)

    def _throttle(self, delay: float) -> None:
        """Have all threads pause, and go slower after that."""
        with self._lock:
            self._gap = min(LONGEST_GAP, max(FIRST_GAP, 1.25 * self._gap))
            self._not_before = max(self._not_before, self._clock.monotonic() + delay)

    def _speed_up(self) -> None:
        """Count a good answer, and go a little faster after it."""
        with self._lock:
            self._good_answers += 1
            self._gap = 0.9 * self._gap if self._gap > FIRST_GAP / 10 else 0.0

    def _back_off(self, attempt: int, retry_after: float | None, throttled: bool) -> None:
        delay = self._clock.uniform(0, min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (attempt - 1)))
        if retry_after is not None:
            delay = max(delay, min(LONGEST_BACKOFF, retry_after))
        if throttled:
            self._throttle(delay)
        else:
            self._clock.sleep(delay)

    def _send(self, method: str, url: str, auth: AuthBase, body: Mapping[str, Any] | None) -> _Reply:
        """Send a request once, and read the whole answer.

        Raises:
            requests.exceptions.ReadTimeout: it took longer than the time-out, all in all.
        """
        outcome: list[_Reply | BaseException] = []

        def exchange() -> None:
            try:
                outcome.append(self._exchange(method, url, auth, body))
            except BaseException as error:  # raised again in the thread that waits
                outcome.append(error)

        # requests bounds only the silence between two pieces of an answer, and not the look-up of the host's name.
        # A thread bounds it all, whatever the server does.
        worker = threading.Thread(target=exchange, daemon=True)
        worker.start()
        worker.join(self._settings.timeout)
        if not outcome:
            raise requests.exceptions.ReadTimeout
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    def _exchange(self, method: str, url: str, auth: AuthBase, body: Mapping[str, Any] | None) -> _Reply:
        data, headers = None, {"Accept": "application/json", "Content-Type": "application/json"}
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json; charset=UTF-8"
        with self._session.request(
            method,
            url,
            data=data,
            headers=headers,
            auth=auth,
            timeout=self._settings.timeout,
            verify=self._settings.verify,
            proxies=_proxies(url),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = bytearray()
            for chunk in response.iter_content(65536):
                content += chunk
                if len(content) > MAX_ANSWER:
                    text = f"the answer is larger than {MAX_ANSWER} bytes"
                    raise self._error(f"{method} {url}", _Failure(text, True, {}), 1)
            # urllib3 before 2.0 takes an answer that breaks off for a whole one.
            if response.raw.length_remaining:
                raise requests.exceptions.ChunkedEncodingError(
                    f"IncompleteRead({response.raw.length_remaining} missing)"
                )
            return _Reply(response.status_code, response.headers, bytes(content))

    def _lost(self, error: Exception) -> _Failure:
        """Return the failure of a request without an answer."""
        if isinstance(error, requests.exceptions.Timeout):
            text = f"no answer within {self._settings.timeout:g} seconds"
        elif _is_address_error(error):
            # What it says may hold the proxy's password.
            text = "the address of the service, or of a proxy in the environment, cannot be used"
        else:
            # Masked before it is cut: what is left of a secret then may not be known for one.
            text = redact(_root_cause(error), self.secrets)[:300]
        return _Failure(text, not _was_not_sent(error), {})

    def _answer(self, target: str, reply: _Reply, attempts: int) -> Answer:
        try:
            body = _decode(reply.content) if reply.content else None
        except (ValueError, RecursionError):
            text = f"HTTP {reply.status} with an answer that is not JSON: {_excerpt(reply.content, self.secrets)}"
            details = {"http_status": reply.status, "request_id": _request_id(None, reply.headers)}
            raise self._error(target, _Failure(text, True, details), attempts) from None
        request_id = redact(_request_id(body, reply.headers), self.secrets)
        return Answer(body, reply.headers, request_id, reply.status)

    def _error(self, target: str, failure: _Failure, attempts: int) -> LiveApiError:
        request_id = failure.details.get("request_id")
        message = (
            f"{target} failed: {failure.text}"
            f"{f' (request id {request_id})' if request_id else ''}"
            f"{f', after {attempts} attempts' if attempts > 1 else ''}."
        )
        return LiveApiError(
            redact(message, self.secrets), uncertain=failure.uncertain, **redact(failure.details, self.secrets)
        )


class LiveClient:
    """The relay tasks of one project.

    Args:
        connection: sends the requests.
        auth: authenticates them.
        endpoint: root URL of the service.
        project_id: the project.

    Attributes:
        place: where the tasks are, in words.
    """

    def __init__(self, connection: Connection, auth: AuthBase, endpoint: str, project_id: str) -> None:
        self._connection = connection
        self._auth = auth
        self._url = f"{endpoint}/v1/{encode(project_id)}/pull/stream/task"
        self.place = f"project {project_id} at {endpoint}"

    @property
    def secrets(self) -> set[str]:
        """What must not be seen by anyone."""
        return self._connection.secrets

    def pages(self, **filters: str) -> Iterator[tuple[list[dict[str, Any]], int]]:
        """Yield page by page the tasks that the filters let through, each with how many are still to come.

        Args:
            filters: `task_id` or `region`, as in ListPullTasks.

        Raises:
            LiveApiError: a request failed, its answer is no list of tasks, or the pages do not come to an end.
        """
        offset = 0
        last: list[dict[str, Any]] = []
        while offset <= MAX_TASKS:
            tasks, total = self._page(offset, filters)
            # A service that pays no heed to the offset would be asked for the same page thousands of times.
            if tasks and tasks == last:
                raise self._error(f"GET {self._url}", "the service answered the same page of tasks again")
            last = tasks
            offset += len(tasks)
            left = (1 if total is None else max(0, total - offset)) if tasks else 0
            yield tasks, left
            if not left:
                return
        raise self._error(f"GET {self._url}", f"more than {MAX_TASKS} tasks were listed, without an end")

    def _page(self, offset: int, filters: Mapping[str, str]) -> tuple[list[dict[str, Any]], int | None]:
        """Return one page of tasks, and how many tasks there are in all, when the service says it."""
        query = {**filters, "limit": str(PAGE), "offset": str(offset)}
        url = f"{self._url}?{'&'.join(f'{name}={encode(query[name])}' for name in sorted(query))}"
        answer = self._connection.request("GET", url, self._auth)
        body = answer.body if isinstance(answer.body, dict) else {}
        tasks, total = body.get("task_infos"), body.get("total")
        if tasks is None and total == 0:
            tasks = []
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            excerpt = shown(redact(answer.body, self.secrets))
            text = f"the answer holds no list of tasks in task_infos, but {excerpt}"
            raise self._error(f"GET {url}", text, http_status=answer.status, request_id=answer.request_id)
        return tasks, total if isinstance(total, int) and not isinstance(total, bool) else None

    def list(self, **filters: str) -> Iterator[dict[str, Any]]:
        """Yield every task that the filters let through, once. Takes and raises what `pages` does."""
        seen: set[str] = set()
        for tasks, _left in self.pages(**filters):
            # When a task is created meanwhile, another slips to the next page and is listed again.
            # Tasks without an id cannot be told apart: all are kept.
            new = [task for task in tasks if task.get("task_id") is None or str(task["task_id"]) not in seen]
            seen.update(str(task.get("task_id")) for task in new)
            yield from new

    def get(self, task_id: str) -> dict[str, Any] | None:
        """Return the task, or None if there is none with this id.

        Raises:
            LiveApiError: as for `pages`.
        """
        # Other tasks are passed over: a service that ignores the filter lists them all.
        return next((task for task in self.list(task_id=task_id) if task.get("task_id") == task_id), None)

    def modify(self, body: Mapping[str, Any]) -> str | None:
        """Change a task with ModifyPullTask, and return the service's id for the request.

        Raises:
            LiveApiError: the request failed, or its answer tells of an error or is about another task.
        """
        answer = self._connection.request("PUT", self._url, self._auth, body)
        answered = answer.body.get("task_id") if isinstance(answer.body, dict) else None
        code, text = _code_and_text(answer.body)
        if (answered is None and (code or text)) or (isinstance(answer.body, dict) and answer.body.get("error_code")):
            trouble = f"HTTP {answer.status}, {' '.join(filter(None, (code, text)))}"
        elif answered not in (None, body["task_id"]):
            trouble = f"the answer is about task {shown(redact(answered, self.secrets))}, not about {body['task_id']}"
        else:
            # An answer that names no task is let pass: what it is worth shows when the task is read back.
            return answer.request_id
        raise self._error(
            f"PUT {self._url}",
            trouble,
            uncertain=True,
            http_status=answer.status,
            error_code=code,
            error_msg=text,
            request_id=answer.request_id,
        )

    def give_up_after(self, seconds: float) -> None:
        """Have no request sent again later than that from now."""
        self._connection.give_up_after(seconds)

    def _error(self, target: str, trouble: str, *, uncertain: bool = False, **details: Any) -> LiveApiError:
        message = f"{target} failed: {trouble}."
        return LiveApiError(redact(message, self.secrets), uncertain=uncertain, **redact(details, self.secrets))


def connect(options: Mapping[str, Any], environ: Mapping[str, str], concurrency: int = 1) -> LiveClient:
    """Return a client for the project that options and environment name, authenticated.

    Args:
        options: the connection options of a module.
        environ: the environment variables.
        concurrency: how many threads will use the client.

    Raises:
        LiveError: an option is not allowed or missing, or IAM refused.
    """
    settings = connection_settings(options, environ)
    credentials = _credentials.choose(options, environ)
    connection = Connection(settings, credentials.secrets, concurrency)
    auth, project_id = _credentials.authenticate(credentials, settings, connection)
    return LiveClient(connection, auth, settings.endpoint, project_id)


def _proxies(url: str) -> dict[str, str]:
    """Return the proxies that the environment names for the URL, by scheme.

    Raises:
        requests.exceptions.InvalidProxyURL: a proxy has no host.
    """
    # A proxy would see the secrets in a request that is not encrypted, and those only go to this machine.
    proxies = requests.utils.get_environ_proxies(url) if url.startswith("https:") else {}
    if any("@/" in f"{proxy}/" for proxy in proxies.values()):  # over which requests stumbles with a TypeError
        raise requests.exceptions.InvalidProxyURL
    return proxies


def _refusal(reply: _Reply, secrets: set[str]) -> _Failure:
    """Return the failure that an answer other than 2xx tells of."""
    try:
        body = _decode(reply.content)
    except (ValueError, RecursionError):
        body = None
    code, text = _code_and_text(body)
    details = {
        "http_status": reply.status,
        "error_code": code,
        "error_msg": text,
        "request_id": _request_id(body, reply.headers),
    }
    words = " ".join(word for word in (code, text) if word)
    if 300 <= reply.status < 400:
        location = shown(redact(reply.headers.get("Location", ""), secrets))
        words = f"a redirect to {location}, and redirects are not followed"
    elif not words and reply.content:
        words = _excerpt(reply.content, secrets)
    return _Failure(
        f"HTTP {reply.status}{words and f', {words}'}",
        uncertain=reply.status >= 500,
        details={name: value for name, value in details.items() if value},
    )


def _code_and_text(body: Any) -> tuple[str | None, str | None]:
    """Return code and message of an error, in any of the shapes that the services and their gateway use."""
    for candidate in _objects(body):
        code, text = (
            next((str(candidate[name]) for name in names if isinstance(candidate.get(name), (str, int))), None)
            for names in (("error_code", "errorCode", "code"), ("error_msg", "errorMsg", "message"))
        )
        if code or text:
            return code, text
    return None, None


def _request_id(body: Any, headers: Mapping[str, str]) -> str | None:
    found = (candidate.get("request_id") for candidate in _objects(body))
    return next((one for one in found if one and isinstance(one, str)), headers.get("X-Request-Id"))


def _objects(body: Any) -> list[dict[str, Any]]:
    """Return the JSON objects that may describe an answer: the answer itself, and what is one level down."""
    nested = body.values() if isinstance(body, dict) else ()
    return [candidate for candidate in (body, *nested) if isinstance(candidate, dict)]


def _decode(content: bytes) -> Any:
    """Return the decoded JSON.

    Raises:
        ValueError: it is none, or holds what JSON or UTF-8 cannot express, so that it could not be passed on.
        RecursionError: it is nested too deeply for the parser.
    """
    # json.loads would let surrogates pass in the bytes.
    text = content.decode(json.detect_encoding(content))
    body = json.loads(text, parse_constant=_refuse_number, parse_float=_finite)
    if "\\u" in text:
        json.dumps(body, ensure_ascii=False).encode()  # a lone surrogate cannot be encoded
    level = [body]
    for _depth in range(MAX_DEPTH):
        level = [item for value in level for item in _items(value)]
    if level:
        raise ValueError("nested too deeply")
    return body


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _excerpt(content: bytes, secrets: set[str]) -> str:
    """Return the beginning of an answer as one line of text, without the tags of HTML."""
    text = redact(content[:MAX_EXCERPTED].decode("utf-8", "replace"), secrets)
    return shown(" ".join(re.sub(r"<[^<>]*>", " ", text).split()))


def _retry_after(value: str | None, now: float) -> float | None:
    """Return for how many seconds the service asks to wait.

    Args:
        value: the header Retry-After: seconds, or a date.
        now: seconds since the epoch.
    """
    if value is None:
        return None
    try:
        return max(0.0, float(value) if value.isdecimal() else parsedate_to_datetime(value).timestamp() - now)
    except (LookupError, TypeError, ValueError, OverflowError):  # LookupError: Python before 3.10
        return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it wraps, outermost first: requests wraps urllib3's errors, and those the system's."""
    found: BaseException | None = error
    while found is not None:
        yield found
        # Before 2.0, urllib3 does not say what a connection that could not be made comes from.
        context = found.__context__ if isinstance(found, NewConnectionError) else None
        wrapped = (getattr(found, "reason", None), *found.args, found.__cause__, context)
        found = next((candidate for candidate in wrapped if isinstance(candidate, BaseException)), None)


def _root_cause(error: BaseException) -> str:
    *_outer, root = _chain(error)
    text = getattr(root, "strerror", None) or str(root) or type(root).__name__
    return " ".join(str(text).split())


def _is_address_error(error: BaseException) -> bool:
    return _is_stumble(error) or isinstance(error, (requests.exceptions.InvalidURL, LocationValueError))


def _is_stumble(error: BaseException) -> bool:
    """Return whether requests stumbled with a plain ValueError, as it does over some addresses of proxies."""
    return isinstance(error, ValueError) and not isinstance(error, (requests.exceptions.RequestException, HTTPError))


def _is_final(error: BaseException) -> bool:
    """Return whether asking again would not help: the server's certificate was refused, or an address is none."""
    refused = isinstance(error, requests.exceptions.SSLError) and "certificate" in str(error).lower()
    return refused or _is_address_error(error) or isinstance(error, requests.exceptions.InvalidSchema)


def _was_not_sent(error: BaseException) -> bool:
    """Return whether the error came before the request went out, so that it cannot have been carried out."""
    # Not ProxyError: with a proxy, urllib3 calls a connection that broke after the request went out that, too.
    before = (requests.exceptions.ConnectTimeout, NewConnectionError)
    refused = _root_cause(error).startswith("Tunnel connection failed")
    final = _is_final(error) and not _is_stumble(error)
    return refused or final or any(isinstance(link, before) for link in _chain(error))
