"""What can go wrong with a shop, as data.

PrestaShopError
├── ShopUnavailable          down, unreachable, overloaded: trying later may help
│   ├── Unreachable          no connection could be made: nothing was sent
│   ├── TimedOut             no answer in time; the shop may still be working on the request
│   ├── RateLimited          429, or our own pace says: not yet
│   └── WebserviceOff        503 with code 22: PS_WEBSERVICE is 0
├── InsecureConnection       the shop's certificate is not valid
├── RedirectRefused          3xx: never followed, `target` and `reason` say why it came
├── AuthenticationRefused    the key is wrong, inactive, not of this shop, or never arrived
├── RequestRefused           the request itself: unknown resource, field, filter, method
│   ├── PermissionRefused    the key has no right for this resource or method
│   ├── MethodRefused        the shop knows no such method here (PATCH in 1.7, POST of a stock row)
│   └── TooLarge             413, 414: more than the server in front of the shop takes
├── NotFound                 no such entity in this shop
├── EntityRefused            the shop said no to this entity; `field` names the one at fault
├── LocalRefusal             we said no before sending; `field` and `remedy`
├── BadAnswer                no XML, an empty 500, only PHP's own warnings: proves nothing
└── UncertainWrite           it may have been written, and could not be found out
"""

from __future__ import annotations

import copy
from typing import Self

EXCERPT_LIMIT = 500
MESSAGE_LIMIT = 400


class PrestaShopError(Exception):
    """Base of all. `str()` is one readable line; the attributes are the same as data.

    status: HTTP status or None. codes, messages: PrestaShop's own list, in its order. resource, method, ids:
    what was asked. field: the field at fault. excerpt: the beginning of a body that could not be understood.
    retryable: the same request may succeed later. retry_after: seconds the shop asked to wait, or None.
    maybe_written: this write may stand in the shop in spite of the error.
    """

    verb = "failed"
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        method: str = "",
        resource: str = "",
        status: int | None = None,
        codes: tuple[int, ...] = (),
        messages: tuple[str, ...] = (),
        ids: tuple[int, ...] = (),
        field: str | None = None,
        excerpt: str = "",
        retryable: bool | None = None,
        retry_after: float | None = None,
        maybe_written: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = _cut(message, MESSAGE_LIMIT)
        self.method = method
        self.resource = resource
        self.status = status
        self.codes = codes
        self.messages = tuple(_cut(text, MESSAGE_LIMIT) for text in messages)
        self.ids = ids
        self.field = field
        self.excerpt = _cut(excerpt, EXCERPT_LIMIT)
        if retryable is not None:
            self.retryable = retryable
        self.retry_after = retry_after
        self.maybe_written = maybe_written

    def __str__(self) -> str:
        subject = " ".join(part for part in (self.resource, self.method, self.verb) if part)
        facts = [str(self.status)] if self.status is not None else []
        if self.codes:
            facts.append(("code " if len(self.codes) == 1 else "codes ") + ", ".join(map(str, self.codes)))
        detail = f" ({', '.join(facts)})" if facts else ""
        field = f" [field {self.field}]" if self.field else ""
        return f"{subject}{detail}: {self.message}{field}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def but(self, **changes: object) -> Self:
        """A copy with other attributes, e.g. `error.but(maybe_written=False)` for an entity never sent."""
        twin = copy.copy(self)
        twin.__dict__.update(changes)
        return twin


class ShopUnavailable(PrestaShopError):
    """Raised when the shop cannot be reached, resets the connection or answers 502, 503 or its database page."""

    retryable = True


class Unreachable(ShopUnavailable):
    """Raised when no connection could be made (refused, no such host, connect time-out); nothing was sent."""


class TimedOut(ShopUnavailable):
    """Raised when no whole answer came in time (ours, or a proxy's 504). PHP goes on working behind it."""


class RateLimited(ShopUnavailable):
    """Raised on 429, and when our own pace would have to wait longer than the caller allows."""


class WebserviceOff(ShopUnavailable):
    """Raised when the shop's web service is switched off (503, code 22)."""


class InsecureConnection(PrestaShopError):
    """Raised when TLS cannot be verified; nothing was sent."""


class RedirectRefused(PrestaShopError):
    """Raised on any 3xx: a followed redirect turns a write into a GET that seems to succeed."""

    verb = "redirected"

    target: str = ""
    reason: str = ""


class AuthenticationRefused(PrestaShopError):
    """Raised on 401 and 403 that concern the key. `stripped`: the header never reached the shop (plain text)."""

    verb = "refused"
    stripped: bool = False


class RequestRefused(PrestaShopError):
    """Raised when the request is refused as such, whatever entity it holds; nothing was written."""

    verb = "refused"


class PermissionRefused(RequestRefused):
    """Raised when the key lacks the right for a resource (code 26) or a method (code 25)."""


class MethodRefused(RequestRefused):
    """Raised on 405 with code 23 or 101: the shop has no such method for this resource."""


class TooLarge(RequestRefused):
    """Raised on 413 and 414, which the server in front of PrestaShop sends."""


class NotFound(PrestaShopError):
    """Raised when the entity does not exist, or not in this shop (404; codes 87, 92, 131)."""

    verb = "refused"


class EntityRefused(PrestaShopError):
    """Raised when the shop refuses an entity: codes 41, 46, 84 to 91, 93, 134, 135, 57 to 76 of images ..."""

    verb = "refused"


class LocalRefusal(PrestaShopError):
    """Raised by our own checks, before anything is sent."""

    verb = "not sent"

    def __init__(self, message: str, *, field: str | None = None, remedy: str = "", resource: str = "") -> None:
        super().__init__(message, field=field, resource=resource)
        self.remedy = remedy

    def __str__(self) -> str:
        return super().__str__() + (f"; {self.remedy}" if self.remedy else "")


class BadAnswer(PrestaShopError):
    """Raised when an answer is no answer of the web service's, or only PHP's warnings (codes 2 to 15)."""


class UncertainWrite(PrestaShopError):
    """Raised when a write may stand in the shop and reading back could not tell."""

    verb = "uncertain"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
