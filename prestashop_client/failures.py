"""Why no answer came, told from what the layers below raise."""

from __future__ import annotations

import requests
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ReadTimeoutError

from prestashop_client.errors import (
    BadAnswer,
    InsecureConnection,
    PrestaShopError,
    ShopUnavailable,
    TimedOut,
    Unreachable,
)
from prestashop_client.secret import Secret
from prestashop_client.wire import Request


class AnswerTooLong(requests.RequestException):
    """Raised when an answer passes the size cap."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the answer is longer than {limit} bytes")


def explain(request: Request, failure: BaseException, base: str, key: Secret) -> PrestaShopError:
    """The error of the tree that a failed exchange means, without the address and the key."""
    text = key.redact(_root_cause(failure))
    if isinstance(failure, requests.exceptions.SSLError):
        return _error(InsecureConnection, request, f"the certificate cannot be verified: {text}")
    if never_sent(failure):
        return _error(Unreachable, request, f"cannot connect to {base}: {text}")
    maybe = request.writes
    if isinstance(failure, AnswerTooLong):
        return _error(BadAnswer, request, str(failure), maybe)
    if isinstance(failure, requests.Timeout) or _caused_by(failure, ReadTimeoutError):
        return _error(TimedOut, request, f"no whole answer in time: {text}", maybe)
    return _error(ShopUnavailable, request, f"the connection broke: {text}", maybe)


def never_sent(failure: BaseException) -> bool:
    """True when the failure came before the first byte of the request left us."""
    if isinstance(failure, (requests.ConnectTimeout, requests.exceptions.InvalidURL)):
        return True
    return any(_caused_by(failure, kind) for kind in (NewConnectionError, NameResolutionError, ConnectTimeoutError))


def _caused_by(failure: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether `kind` is in the failure, in what it wraps (`reason`, arguments) or in what caused it."""
    pending, seen = [failure], set()
    while pending:
        error = pending.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        if isinstance(error, kind):
            return True
        pending += [error.__cause__, error.__context__, getattr(error, "reason", None)]
        pending += [argument for argument in error.args if isinstance(argument, BaseException)]
    return False


def _root_cause(failure: BaseException) -> str:
    """The operating system's word for it ("Connection refused"), from below the layers that wrap it."""
    seen: BaseException | None = failure
    text = str(failure) or type(failure).__name__
    while seen is not None:
        if isinstance(seen, OSError) and seen.strerror:
            return str(seen.strerror)
        if not isinstance(seen, requests.RequestException) and str(seen):
            text = str(seen)
        seen = seen.__cause__ or seen.__context__
    return text


def _error(kind: type[PrestaShopError], request: Request, message: str, maybe_written: bool = False) -> PrestaShopError:
    return kind(
        message,
        method=request.method,
        resource=request.resource,
        ids=request.ids,
        maybe_written=maybe_written,
    )
