# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests with their retries, at the pace of the service. Knows neither Live nor IAM. Private to this collection."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from .._clock import Clock, Reporter
from .._errors import LiveApiError, shown
from .._secrets import Secrets
from .answers import FORBIDDEN, THROTTLED, UNAUTHORIZED, Answer, understand
from .exchange import Adapter, Auth, BaseAdapter, Failure, exchange
from .pace import Pace
from .settings import Settings, is_loopback

FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0
# Retries if the name of the host cannot be resolved. It may be misspelled, and more retries would not help.
UNRESOLVED_RETRIES = 1
# Seconds for a request that is sent at its deadline.
LEAST_TIMEOUT = 1.0
MAX_NETWORK_TEXT = 300

AcceptedT = TypeVar("AcceptedT")


class Attempts(Generic[AcceptedT]):
    """One request, sent attempt by attempt. The caller decides what to send each time.

    Args:
        transport: sends it.
        method: the HTTP method.
        url: the whole URL, percent-encoded.
        auth: authenticates the request. An object with `logins` can log in again when its login has expired.
        accept: converts the response of a request that succeeded; raises LiveApiError if the response contradicts it.
        deadline: the moment of the monotonic clock by which the response has to arrive. One attempt is always made.
        secret_header: a header of the response that holds a secret.

    Attributes:
        uncertain: whether the service may have carried out the last attempt, although it failed.
    """

    def __init__(
        self,
        transport: Transport,
        method: str,
        url: str,
        auth: Auth | None,
        accept: Callable[[Answer], AcceptedT],
        deadline: float = math.inf,
        secret_header: str | None = None,
    ) -> None:
        self.uncertain = False
        self._transport = transport
        self._request = (method, url, auth)
        self._accept = accept
        self._deadline = deadline
        self._secret_header = secret_header
        self._logins = getattr(auth, "logins", 0)
        self._number = self._spared = 0
        self._written = transport.pace.written
        self._ever_uncertain = False

    def turn(self) -> float:
        """Return the moment of the monotonic clock at which the next attempt would be sent."""
        return self._transport.pace.turn()

    def wait(self) -> None:
        """Wait for the turn of the next attempt."""
        self._transport.pace.wait(self._deadline)

    def send(self, body: Mapping[str, Any] | None = None) -> AcceptedT:
        """Send the request until it succeeds. Takes and raises what `attempt` does."""
        while True:
            self.wait()
            accepted = self.attempt(body)
            if accepted is not None:
                return accepted

    def attempt(self, body: Mapping[str, Any] | None = None) -> AcceptedT | None:
        """Send the request once, after `wait`. If it fails and a retry may help, wait until it is due and return None.

        Args:
            body: the JSON object to send.

        Raises:
            LiveApiError: the request was refused, or failed in the last attempt.
        """
        transport, (method, url, auth) = self._transport, self._request
        self._number += 1
        sent = transport.clock.monotonic()
        result = transport.exchange_once(method, url, auth, body, self._deadline, self._secret_header)
        if isinstance(result, Answer):
            transport.pace.answered(method)
            return self._accept(result)
        self.uncertain = result.uncertain
        self._ever_uncertain = self._ever_uncertain or result.uncertain
        status = result.details.get("http_status")
        if self._logins and status == UNAUTHORIZED:
            auth.renew(self._logins)  # type: ignore[union-attr]
            self._logins = 0
            return None
        if status == THROTTLED:
            transport.pace.throttle(sent, min(LONGEST_BACKOFF, result.retry_after or 0.0))
            # While the service serves the writes of other threads, a throttled request does not use up its retries.
            if transport.pace.written > self._written:
                self._spared, self._written = self._spared + 1, transport.pace.written
        attempt = self._number - self._spared
        last = result.final or transport.hurried or attempt > transport.retries(url, result)
        delay = 0.0 if last else transport.delay(attempt, result.retry_after)
        if last or transport.clock.monotonic() + delay >= self._deadline:
            raise transport.error(f"{method} {url}", result._replace(uncertain=self._ever_uncertain), self._number)
        target, text = transport.secrets.mask_results(f"{method} {url}"), transport.secrets.mask_message(result.text)
        transport.tell(f"{target}: {text}; waiting {delay:.1f} s", 1)
        transport.clock.sleep(delay)
        return None


class Transport:
    """Sends requests and masks secrets in their errors. Threads may share it.

    urllib3's Retry is not used: it does not retry if a response breaks off, would send an old signature, obeys any
    Retry-After, has no full jitter, does not report the number of attempts or whether the request may have been carried
    out, and does not slow down other threads.

    Args:
        settings: certificates, time-out and retries.
        environ: the environment variables, which may name a proxy.
        secrets: the secrets to mask in errors.
        tell: reports each wait.
        concurrency: how many threads share the transport.
        credentials: kind and origin of the credentials, for errors.
        clock: time and chance.
        adapter: sends the requests; tests replace it.

    Attributes:
        adapter: as above.
        secrets: as above.
        tell: as above.
        clock: as above.
        pace: the pace of the requests.
        hurried: whether the run is being ended, so that no request is retried.
    """

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        secrets: Secrets,
        tell: Reporter,
        *,
        concurrency: int = 1,
        credentials: str = "",
        clock: Clock | None = None,
        adapter: BaseAdapter | None = None,
    ) -> None:
        self.secrets = secrets
        self.tell = tell
        self.clock = clock or Clock()
        self.pace = Pace(self.clock)
        self.hurried = False
        self._settings = settings
        self._environ = environ
        self._credentials = credentials
        self.adapter = adapter or Adapter(concurrency)
        self._answered: set[str] = set()

    def request(
        self, method: str, url: str, auth: Auth | None = None, body: Mapping[str, Any] | None = None, **how: Any
    ) -> Answer:
        """Send a request until it succeeds. Args and exceptions are those of `Attempts`, and the body."""
        return Attempts(self, method, url, auth, lambda answer: answer, **how).send(body)

    def attempts(
        self, method: str, url: str, auth: Auth | None, accept: Callable[[Answer], AcceptedT]
    ) -> Attempts[AcceptedT]:
        """Return a request to be sent attempt by attempt."""
        return Attempts(self, method, url, auth, accept)

    def exchange_once(
        self, method: str, url: str, auth: Auth | None, body: Any, deadline: float, secret_header: str | None
    ) -> Answer | Failure:
        """Send a request once. Takes what `Attempts` does, and the body."""
        settings = self._settings
        timeout = min(settings.timeout, max(LEAST_TIMEOUT, deadline - self.clock.monotonic()))
        how: dict[str, Any] = {"timeout": timeout, "verify": settings.verify, "environ": self._environ}
        reply = exchange(self.adapter, method, url, auth, body, **how)
        if isinstance(reply, Failure):
            # Masked before it is shortened, because a part of a secret would not be recognized.
            return reply._replace(text=self.secrets.mask_message(reply.text)[:MAX_NETWORK_TEXT])
        self._answered.add(urlsplit(url).netloc)
        if secret_header:
            # Also if the response is refused for another reason.
            self.secrets.add(reply.headers.get(secret_header, ""))
        return understand(reply, self.secrets, self.clock.now())

    def retries(self, url: str, failure: Failure) -> float:
        """Return how many times a request may be sent again after a failure."""
        parts = urlsplit(url)
        if failure.refused and parts.netloc not in self._answered and is_loopback(parts.hostname or ""):
            # A service on this machine that has never answered was not started, so waiting would not help.
            return 0
        return min(self._settings.retries, UNRESOLVED_RETRIES if failure.unresolved else math.inf)

    def delay(self, attempt: int, retry_after: float | None) -> float:
        """Return the seconds to wait after a failed attempt. Attempts are counted from 1."""
        delay = self.clock.uniform(0, min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** (max(1, attempt) - 1)))
        return max(delay, min(LONGEST_BACKOFF, retry_after or 0.0))

    def error(self, target: str, failure: Failure, attempts: int = 1) -> LiveApiError:
        """Return the error for a failure, with every secret masked.

        Args:
            target: the method and the URL.
            failure: the failure.
            attempts: how many times the request was sent.
        """
        mask = self.secrets.mask_message
        details = {name: mask(value) if isinstance(value, str) else value for name, value in failure.details.items()}
        request_id = details.get("request_id")
        # The target is not a text of a server, so a short secret in it is an ordinary word.
        message = (
            f"{self.secrets.mask_results(target)} failed: {mask(failure.text)}"
            f"{f' (request id {request_id})' if request_id else ''}"
            f"{f', after {attempts} attempts' if attempts > 1 else ''}.{self._hint(target, failure)}"
        )
        return LiveApiError(message, uncertain=failure.uncertain, **details)

    def _hint(self, target: str, failure: Failure) -> str:
        """Return a sentence that says what to check."""
        if failure.details.get("http_status") in (UNAUTHORIZED, FORBIDDEN) and self._credentials:
            return f" The credentials were {self.secrets.mask_results(self._credentials)}."
        if failure.unresolved:
            region = self._settings.region
            if region and f".{region}." in target:
                return f" Check region, {shown(region)}: the name of the host contains it."
            return " Check endpoint and iam_endpoint, or the DNS."
        url = target.partition(" ")[2]
        labels = [label for root, label in self._settings.sources if url.startswith(f"{root}/")]
        if not failure.refused or not labels:
            return ""
        unset = " or unset the variable," if any("(from " in label for label in labels) else ""
        return (
            f" Nothing listens at this address, which is the value of {' and '.join(labels)}. Correct the address,"
            f"{unset} or start the service there."
        )
