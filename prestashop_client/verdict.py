"""What became of one entity of a write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from prestashop_client.errors import (
    AuthenticationRefused,
    BadAnswer,
    InsecureConnection,
    PrestaShopError,
    RedirectRefused,
    RequestRefused,
    ShopUnavailable,
    TimedOut,
    UncertainWrite,
)
from prestashop_client.xml import Document

Status = Literal["created", "saved", "refused", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One entity's fate.

    created, saved: it stands in the shop, even where an error came with it (then `error` is a warning).
    refused: the shop, or our own check, said no to this entity; nothing of it stands.
    failed: nothing was written, and trying later may help (`error.retryable` says whether on its own).
    unknown: it may stand and could not be found out; look it up before writing it again.
    `document` is the shop's answer for it where there is one: what was sent, not what is stored; its associations
    are real, a new product's stock_availables row among them.
    """

    status: Status
    id: int | None = None
    error: PrestaShopError | None = None
    document: Document | None = None

    @property
    def ok(self) -> bool:
        return self.status in ("created", "saved")

    def unwrap(self) -> Document:
        """The document, or the error raised."""
        if self.ok:
            return self.document if self.document is not None else {"id": self.id}
        if self.status == "unknown" and not isinstance(self.error, UncertainWrite):
            raise uncertain(self.error)
        raise self.error or PrestaShopError("no answer for this entity")


def not_written(error: PrestaShopError, id_: int | None = None) -> Verdict:
    """The verdict for an entity of which nothing stands, after `error`: refused or failed."""
    shop_wide = isinstance(error, (ShopUnavailable, AuthenticationRefused, RedirectRefused, InsecureConnection)) or (
        isinstance(error, RequestRefused) and error.status in (401, 405)
    )
    vague = isinstance(error, BadAnswer) and not error.codes
    status: Status = "failed" if shop_wide or vague or error.retryable else "refused"
    return Verdict(status, id_, error.but(maybe_written=False))


def not_known(error: PrestaShopError, id_: int | None = None) -> Verdict:
    """The verdict for an entity that may stand."""
    return Verdict("unknown", id_, uncertain(error))


def uncertain(error: PrestaShopError | None) -> UncertainWrite:
    """`error` as an UncertainWrite."""
    if error is None:
        return UncertainWrite("could not be found out", maybe_written=True)
    return UncertainWrite(
        f"may have been written: {error.message}",
        method=error.method,
        resource=error.resource,
        status=error.status,
        codes=error.codes,
        messages=error.messages,
        ids=error.ids,
        field=error.field,
        excerpt=error.excerpt,
        retry_after=error.retry_after,
        retryable=isinstance(error, (ShopUnavailable, TimedOut)),
        maybe_written=True,
    )
