# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request, repeated where that helps, at the pace of the service. Knows neither Live nor IAM.

Private to this collection.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
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


class Attempts:
    """One request, sent attempt by attempt. The caller decides what to send each time.

    Args:
        transport: sends it.
        method: the HTTP method.
        url: the whole URL, percent-encoded.
        auth: authenticates the request. One with `logins` can be renewed when its token has ended.
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
        deadline: float = math.inf,
        secret_header: str | None = None,
    ) -> None:
        self.uncertain = False
        self._transport = transport
        self._request = (method, url, auth)
        self._deadline = deadline
        self._secret_header = secret_header
        self._logins = getattr(auth, "logins", 0)
        self._number = self._spared = 0
        self._written = transport.pace.written
        self._may_be_done = False

    def send(self, body: Mapping[str, Any] | None = None) -> Answer | None:
        """Send the request once. If it fails and another attempt may help, wait until that is due and return None.

        Args:
            body: what to send as JSON.

        Raises:
            LiveApiError: the request was refused, or failed as often as it may be sent.
        """
        transport, (method, url, auth) = self._transport, self._request
        self._number += 1
        sent = transport.clock.monotonic()
        outcome = transport.exchange_once(method, url, auth, body, self._deadline, self._secret_header)
        if isinstance(outcome, Answer):
            transport.pace.answered(method)
            return outcome
        self.uncertain = outcome.uncertain
        self._may_be_done = self._may_be_done or outcome.uncertain
        status = outcome.details.get("http_status")
        if self._logins and status == UNAUTHORIZED:
            auth.renew(self._logins)  # type: ignore[union-attr]
            self._logins = 0
            return None
        # While the service serves the writes of other threads, a throttled request does not use up its attempts.
        if status == THROTTLED and transport.pace.written > self._written:
            self._spared, self._written = self._spared + 1, transport.pace.written
        attempt = self._number - self._spared
        last = outcome.final or transport.hurried or attempt > transport.retries(url, outcome)
        delay = 0.0 if last else transport.delay(attempt, outcome.retry_after)
        if status == THROTTLED:
            transport.pace.throttle(sent, min(LONGEST_BACKOFF, outcome.retry_after or 0.0))
        if last or transport.clock.monotonic() + delay >= self._deadline:
            raise transport.error(f"{method} {url}", outcome._replace(uncertain=self._may_be_done), self._number)
        target, text = (
            transport.secrets.mask_results(f"{method} {url}"),
            transport.secrets.mask_message(outcome.text),
        )
        transport.tell(f"{target}: {text}; waiting {delay:.1f} s", 1)
        transport.clock.sleep(delay)
        return None


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
        clock: as above.
        pace: how fast requests are sent.
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
        self.clock = clock or Clock()
        self._adapter = adapter or Adapter(concurrency)
        self.pace = Pace(self.clock)
        self._answered: set[str] = set()

    def request(
        self,
        method: str,
        url: str,
        auth: Auth | None = None,
        body: Mapping[str, Any] | None = None,
        *,
        deadline: float = math.inf,
        secret_header: str | None = None,
    ) -> Answer:
        """Send a request until the response is one that another attempt would not change.

        Args and exceptions are those of `Attempts`.
        """
        attempts = self.attempts(method, url, auth, deadline, secret_header)
        while True:
            self.pace.wait(deadline)
            answer = attempts.send(body)
            if answer:
                return answer

    def attempts(
        self,
        method: str,
        url: str,
        auth: Auth | None = None,
        deadline: float = math.inf,
        secret_header: str | None = None,
    ) -> Attempts:
        """Return a request to be sent attempt by attempt, each after `pace.wait`."""
        return Attempts(self, method, url, auth, deadline, secret_header)

    def exchange_once(
        self, method: str, url: str, auth: Auth | None, body: Any, deadline: float, secret_header: str | None
    ) -> Answer | Failure:
        """Send a request once."""
        left = max(LEAST_TIMEOUT, deadline - self.clock.monotonic())
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
        return understand(reply, self.secrets, self.clock.now())

    def retries(self, url: str, failure: Failure) -> float:
        """Return how many times a request may be sent again after a failure."""
        parts = urlsplit(url)
        if failure.refused and parts.netloc not in self._answered and is_loopback(parts.hostname or ""):
            # A service of this machine that has never answered was not started: a wait does not start it.
            return 0
        return min(self._settings.retries, UNRESOLVED_RETRIES if failure.unresolved else math.inf)

    def delay(self, attempt: int, retry_after: float | None) -> float:
        """Return for how many seconds to wait after an attempt that failed, the first one being 1."""
        delay = self.clock.uniform(0, min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** (max(1, attempt) - 1)))
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
