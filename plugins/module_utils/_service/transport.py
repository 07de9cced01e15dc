# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request, repeated where that helps, at the pace of the service. Knows neither Live nor IAM.

Private to this collection.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .._clock import Clock, Reporter
from .._errors import LiveApiError, shown
from .._secrets import Secrets
from .answers import FORBIDDEN, THROTTLED, UNAUTHORIZED, Answer, understand
from .exchange import Adapter, Auth, Failure, exchange
from .pace import Pace
from .settings import Settings, is_loopback

if TYPE_CHECKING:
    from .exchange import BaseAdapter

FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0
# So often a request is sent again whose host has no address: a slip in its name does not mend itself.
UNRESOLVED_RETRIES = 1
# A request that goes out at its deadline, for a last look, gets this time.
LEAST_TIMEOUT = 1.0
MAX_NETWORK_TEXT = 300


class Body(Protocol):
    """A body that is made anew each time its request goes out."""

    def at(self, turn: float) -> Mapping[str, Any]:
        """Return what to send. It may send requests of its own to find out.

        Args:
            turn: the moment of the monotonic clock at which it will go out.

        Raises:
            Exception: there is nothing left to send. Whoever sends the request gets it.
        """

    def lost(self) -> None:
        """Called before a request is sent again of which nobody knows whether it was carried out."""


class Transport:
    """Sends requests, again where that helps, and keeps secrets out of the errors. May be shared by threads.

    urllib3's own Retry is not used: it does not see an answer that breaks off, would repeat a signature instead of
    signing anew, obeys any Retry-After, knows no full jitter, cannot tell how often it tried nor whether a request
    may have been carried out, and cannot hold back the other threads.

    Args:
        settings: certificates, time-out and retries.
        environ: the environment variables, which may name a proxy.
        secrets: what must not be seen in any error.
        tell: is told of each wait.
        concurrency: how many threads share the transport.
        credentials: whose requests these are, in words, for when they are refused.
        clock: time and chance.
        adapter: carries the requests, in place of the network.

    Attributes:
        tell: as above.
        hurried: whether the run is being ended, so that no request is sent again.
    """

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        secrets: Secrets,
        *,
        tell: Reporter,
        concurrency: int = 1,
        credentials: str = "",
        clock: Clock | None = None,
        adapter: BaseAdapter | None = None,
    ) -> None:
        self.secrets = secrets
        self.tell = tell
        self.hurried = False
        self._settings = settings
        self._environ = environ
        self._credentials = credentials
        self._clock = clock or Clock()
        self._adapter = adapter or Adapter(concurrency)
        self._pace = Pace(self._clock)
        self._answered: set[str] = set()
        self._turnstile = threading.RLock()

    def request(
        self,
        method: str,
        url: str,
        auth: Auth | None = None,
        body: Mapping[str, Any] | Body | None = None,
        *,
        deadline: float = math.inf,
        secret_header: str | None = None,
    ) -> Answer:
        """Send a request until there is an answer that sending it again would not change.

        Args:
            method: the HTTP method.
            url: the whole URL, percent-encoded.
            auth: what authenticates the request. One with `logins` can be renewed when its token has ended.
            body: what to send as JSON, or who knows it when it is the request's turn.
            deadline: the moment of the monotonic clock when there has to be an answer. One attempt is always made.
            secret_header: a header of the answer that holds a secret.

        Raises:
            LiveApiError: it was refused, or failed as often as it may be sent.
        """
        uncertain = False
        logins = getattr(auth, "logins", 0)
        spared, written = 0, self._pace.written
        for attempt in itertools.count(1):
            content, sent = self._turn(body, deadline)
            outcome = self._attempt(method, url, auth, content, deadline, secret_header)
            if isinstance(outcome, Answer):
                self._pace.answered(method)
                return outcome
            uncertain = uncertain or outcome.uncertain
            if logins and outcome.details.get("http_status") == UNAUTHORIZED:
                auth.renew(logins)  # type: ignore[union-attr]
                logins = 0
                continue
            throttled = outcome.details.get("http_status") == THROTTLED
            # While the service serves what other threads write, it is only this one's turn that has not come.
            if throttled and self._pace.written > written:
                spared, written = spared + 1, self._pace.written
            last = outcome.final or self.hurried or attempt - spared > self._retries(url, outcome)
            delay = 0.0 if last else self._delay(attempt - spared, outcome.retry_after)
            if throttled:
                self._pace.throttle(sent, min(LONGEST_BACKOFF, outcome.retry_after or 0.0))
            if last or self._clock.monotonic() + delay >= deadline:
                raise self.error(f"{method} {url}", outcome._replace(uncertain=uncertain), attempt)
            target, text = self.secrets.mask_results(f"{method} {url}"), self.secrets.mask_message(outcome.text)
            self.tell(f"{target}: {text}; waiting {delay:.1f} s", 1)
            self._clock.sleep(delay)
            if outcome.uncertain and body is not None and not isinstance(body, Mapping):
                body.lost()
        raise AssertionError  # itertools.count never ends

    def _turn(self, body: Mapping[str, Any] | Body | None, deadline: float) -> tuple[Mapping[str, Any] | None, float]:
        """Wait for the turn of a request, and return what it sends and when its turn came."""
        if body is None or isinstance(body, Mapping):
            return body, self._pace.wait(deadline)
        # One at a time: what is read now must not have to wait for the turns of others before it is made use of.
        with self._turnstile:
            return body.at(self._pace.turn()), self._pace.wait(deadline)

    def _attempt(
        self, method: str, url: str, auth: Auth | None, body: Any, deadline: float, secret_header: str | None
    ) -> Answer | Failure:
        """Send a request once."""
        left = max(LEAST_TIMEOUT, deadline - self._clock.monotonic())
        reply = exchange(
            self._adapter,
            method,
            url,
            auth,
            body,
            timeout=min(self._settings.timeout, left),
            verify=self._settings.verify,
            environ=self._environ,
        )
        if isinstance(reply, Failure):
            # Masked before it is cut: what is left of a secret then may not be known for one.
            return reply._replace(text=self.secrets.mask_message(reply.text)[:MAX_NETWORK_TEXT])
        self._answered.add(urlsplit(url).netloc)
        if secret_header:
            # It is a secret whatever else is wrong with the answer.
            self.secrets.add(reply.headers.get(secret_header, ""))
        return understand(reply, self.secrets, self._clock.now())

    def _retries(self, url: str, failure: Failure) -> float:
        """Return how many times a request may be sent again after a failure."""
        parts = urlsplit(url)
        if failure.refused and parts.netloc not in self._answered and is_loopback(parts.hostname or ""):
            # A service of this machine that has never answered was not started: a wait does not start it.
            return 0
        return min(self._settings.retries, UNRESOLVED_RETRIES if failure.unresolved else math.inf)

    def _delay(self, attempt: int, retry_after: float | None) -> float:
        """Return for how many seconds to wait after an attempt that failed, the first one being 1."""
        delay = self._clock.uniform(0, min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** (max(1, attempt) - 1)))
        return max(delay, min(LONGEST_BACKOFF, retry_after or 0.0))

    def error(self, target: str, failure: Failure, attempts: int = 1) -> LiveApiError:
        """Return the error that tells of a failure, with every secret masked.

        Args:
            target: the method and the URL.
            failure: what happened.
            attempts: how often the request was sent.
        """
        mask = self.secrets.mask_message
        details = {name: mask(value) if isinstance(value, str) else value for name, value in failure.details.items()}
        request_id = details.get("request_id")
        # The target is ours: in it, a short secret is an ordinary word.
        message = (
            f"{self.secrets.mask_results(target)} failed: {mask(failure.text)}"
            f"{f' (request id {request_id})' if request_id else ''}"
            f"{f', after {attempts} attempts' if attempts > 1 else ''}.{self._hint(target, failure)}"
        )
        return LiveApiError(message, uncertain=failure.uncertain, **details)

    def _hint(self, target: str, failure: Failure) -> str:
        """Return a sentence on what to look at first."""
        if failure.details.get("http_status") in (UNAUTHORIZED, FORBIDDEN) and self._credentials:
            return f" The credentials were {self.secrets.mask_results(self._credentials)}."
        if failure.refused:
            return self._refused_hint(target)
        if not failure.unresolved:
            return ""
        region = self._settings.region
        if region and f".{region}." in target:
            return f" Check region, {shown(region)}: the name of the host is made of it."
        return " Check endpoint and iam_endpoint, or the DNS."

    def _refused_hint(self, target: str) -> str:
        """Return a sentence on where the address is from at which nothing listens."""
        url = target.partition(" ")[2]
        labels = [label for root, label in self._settings.sources if url.startswith(f"{root}/")]
        if not labels:
            return ""
        unset = " or unset the variable," if any("(from " in label for label in labels) else ""
        return (
            f" Nothing listens at this address, which is the value of {' and '.join(labels)}. Correct the address,"
            f"{unset} or start the service there."
        )
