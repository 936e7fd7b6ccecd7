"""A request from pace to meaning: wait for the turn, send, understand, repeat where that is safe."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import TypeVar

from lxml import etree

from prestashop_client.answers import check_status, entities_of
from prestashop_client.errors import AuthenticationRefused, PrestaShopError, RedirectRefused
from prestashop_client.headers import redirect_reason
from prestashop_client.pace import Pacer
from prestashop_client.retry import RetryPolicy, delay, should_retry
from prestashop_client.transport import Transport
from prestashop_client.wire import Answer, Request

Result = TypeVar("Result")


class Exchange:
    """What the rest of the client sends its requests through."""

    def __init__(
        self,
        transport: Transport,
        pacer: Pacer,
        policy: RetryPolicy,
        sleep: Callable[[float], None],
        at_once: int | None = None,
    ) -> None:
        self.transport = transport
        self.pacer = pacer
        self.policy = policy
        self.sleep = sleep
        self._gate = threading.Semaphore(at_once) if at_once else nullcontext()
        self.round_trip: float | None = None  # the least that an answer took beyond the shop's own work, in seconds

    def xml(self, request: Request) -> etree._Element:
        """The `<prestashop>` element of a success. Raises the error tree."""
        return self.answered(request)[0]

    def answered(self, request: Request) -> tuple[etree._Element, Answer]:
        """The `<prestashop>` element of a success, and the answer that it came in. Raises the error tree."""
        return self._repeat(request, lambda answer: (entities_of(request, answer, self.transport.key), answer))

    def plain(self, request: Request) -> Answer:
        """The raw answer of a success: DELETE, images, headers. Raises the error tree."""

        def checked(answer: Answer) -> Answer:
            check_status(request, answer, self.transport.key)
            return answer

        return self._repeat(request, checked)

    def _repeat(self, request: Request, understand: Callable[[Answer], Result]) -> Result:
        attempt = 1
        while True:
            self.pacer.wait()
            try:
                return self._once(request, understand)
            except AuthenticationRefused as error:
                return self._with_query_key(request, understand, error)
            except PrestaShopError as error:
                if not should_retry(error, request.method, attempt, self.policy):
                    raise
                self.sleep(delay(error, attempt, self.policy))
            attempt += 1

    def _once(self, request: Request, understand: Callable[[Answer], Result]) -> Result:
        try:
            with self._gate:
                answer = self.transport.send(request)
            result = understand(answer)
        except RedirectRefused as error:
            error.reason = redirect_reason(self.transport.base, error.target)
            error.message = f"{error.message}; {error.reason}"
            raise
        except PrestaShopError as error:
            self.pacer.failed(error)
            raise
        self.pacer.succeeded(answer.seconds, answer.execution_time)
        if answer.execution_time is not None:
            beyond = max(0.0, answer.seconds - answer.execution_time)
            self.round_trip = beyond if self.round_trip is None else min(beyond, self.round_trip)
        return result

    def _with_query_key(
        self, request: Request, understand: Callable[[Answer], Result], error: AuthenticationRefused
    ) -> Result:
        """Once more with `ws_key`, where the header never arrived (CGI strips it). A 401 wrote nothing."""
        if not error.stripped or self.transport.key_in_query:
            raise error
        self.transport.use_query_key()
        try:
            return self._once(request, understand)
        except AuthenticationRefused:
            self.transport.key_in_query = False
            raise
