"""The first stage of a check: products, a page of short fields at a time, their texts where they were touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import Product, ProductOverride, ProductSyncStatus, SentDocument, Shop, now
from models.types import nfc
from prestashop_client import PrestaShopClient
from prestashop_client.query import greater
from sync.availability.told import told_fields
from sync.drift.compare import LONG, PLAIN, baseline, differences, fits
from sync.drift.findings import DIFFERS, DOUBLED, MISSING, UNKNOWN, Finding
from sync.drift.state import State
from sync.transform.locks import locked_fields
from sync.transform.remote import canonical, moment, unpack

PAGE = 2000
"""Products a page: 0.27 ms each (prestashop.md 10)."""
FULL = 300
"""Products whose texts are read in one request."""
SHOWN = ("id", "state", "date_upd", *PLAIN)
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A link as the check needs it."""

    id: int
    product_id: int
    external_id: int
    sku: str
    seen: Mapping[str, str]
    shop_changed_at: datetime | None
    busy: bool
    document: bytes | None
    agreed_at: datetime | None
    told: frozenset[str] = frozenset()
    """what availability has written: it is no change of somebody's"""


@dataclass(slots=True)
class Page:
    """What the shop showed behind `after`: `shown` by id; `top` is None where it is the last page."""

    after: int
    shown: dict[int, Document]
    top: int | None
    asked_at: datetime


def ask(client: PrestaShopClient, after: int) -> Page:
    """The next page. Raises PrestaShopError."""
    asked_at = now()
    rows = client.list("products", filters={"id": greater(after)}, display=SHOWN, limit=PAGE)
    top = int(rows[-1]["id"]) if len(rows) == PAGE else None
    return Page(after, {int(one["id"]): one for one in rows}, top, asked_at)


def known_links(session: Session, shop: Shop, page: Page) -> list[Known]:
    """Our links to products of that range of ids."""
    link = ProductSyncStatus
    query = (
        select(
            link.id, link.product_id, link.external_id, Product.sku, link.seen, link.shop_changed_at,
            link.claimed_by, link.last_attempt_at, SentDocument.document, SentDocument.agreed_at,
            link.availability,
        )
        .join(Product, Product.id == link.product_id)
        .outerjoin(SentDocument, SentDocument.link_id == link.id)
        .where(link.shop_id == shop.id, link.external_id > page.after)
        .order_by(link.external_id)
    )  # fmt: skip
    if page.top is not None:
        query = query.where(link.external_id <= page.top)
    return [
        Known(
            number, product, external or 0, sku, seen or {}, changed, _busy(claimed, attempt, page), document,
            agreed_at, told_fields(told),
        )
        for number, product, external, sku, seen, changed, claimed, attempt, document, agreed_at, told
        in session.execute(query)
    ]  # fmt: skip


def _busy(claimed: str | None, attempt: datetime | None, page: Page) -> bool:
    """Whether it was pushed while the page was on its way: then the two do not fit."""
    return claimed is not None or (attempt is not None and attempt >= page.asked_at)


def touched(shop: Shop, page: Page, links: Iterable[Known]) -> list[int]:
    """Those whose texts have to be read: date_upd moved, and not by our own write."""
    return [
        link.external_id
        for link in links
        if link.external_id in page.shown
        and link.document is not None
        and not link.busy
        and _moved(shop, page, link)
        and not (link.shop_changed_at is None and fits(_changed_at(shop, page, link), link.agreed_at))
    ]


def read_texts(client: PrestaShopClient, ids: Sequence[int]) -> dict[int, Document]:
    """The long fields of these products, some hundreds a request. Raises PrestaShopError."""
    found: dict[int, Document] = {}
    for first in range(0, len(ids), FULL):
        part = list(ids[first : first + FULL])
        found |= {int(one["id"]): one for one in client.list("products", filters={"id": part}, display=("id", *LONG))}
    return found


def _changed_at(shop: Shop, page: Page, link: Known) -> datetime | None:
    return moment(page.shown[link.external_id].get("date_upd"), shop.time_zone)


def _moved(shop: Shop, page: Page, link: Known) -> bool:
    return link.shop_changed_at is None or _changed_at(shop, page, link) != link.shop_changed_at


class Comparison:
    """One page compared: its `findings`, how many products were `checked`, and what is to be kept of their links."""

    def __init__(
        self, session: Session, shop: Shop, page: Page, links: Sequence[Known], texts: Mapping[int, Document]
    ) -> None:
        self.session, self.shop, self.page, self.links, self.texts = session, shop, page, links, texts
        self.findings: list[Finding] = []
        self.checked = 0
        self.baselines: list[dict[str, Any]] = []

    def run(self, state: State) -> None:
        """Compare, and write down what is to be kept of the links."""
        locked = self._locked()
        for link in self.links:
            if link.external_id not in self.page.shown:
                if not link.busy:
                    reason = f"product {link.external_id} is not in the shop any more"
                    self.findings.append(Finding(MISSING, link.external_id, link.product_id, link.sku, reason=reason))
            elif not link.busy:
                self._compare(link, locked.get(link.product_id, frozenset(self.shop.locked_fields)))
        self._strangers()
        self._keep()
        state.count("products", len(self.page.shown))

    def _locked(self) -> dict[int, frozenset[str]]:
        query = select(ProductOverride.product_id, ProductOverride.locked).where(
            ProductOverride.shop_id == self.shop.id,
            ProductOverride.product_id.in_([link.product_id for link in self.links]),
        )
        return {
            number: frozenset((*self.shop.locked_fields, *locked)) for number, locked in self.session.execute(query)
        }

    def _compare(self, link: Known, locked: frozenset[str]) -> None:
        moved = _moved(self.shop, self.page, link)
        if link.document is None:
            return
        agreed = unpack(link.document)
        document = self.page.shown[link.external_id]
        long = self.texts.get(link.external_id, {})
        shown = canonical({name: document[name] for name in PLAIN if name in document} | _without_id(long))
        found = differences(agreed, shown, link.seen, locked_fields({*locked, *link.told}), untouched=not moved)
        if found:
            self.findings.append(Finding(DIFFERS, link.external_id, link.product_id, link.sku, found))
        elif moved:
            seen = {**link.seen, **baseline(agreed, shown)}
            changed_at = _changed_at(self.shop, self.page, link)
            self.baselines.append({"link_id": link.id, "seen": seen, "shop_changed_at": changed_at})

    def _strangers(self) -> None:
        """Products of the shop that none of ours is linked to; drafts (state 0) do not count."""
        mine = {link.external_id for link in self.links}
        others = {
            number: nfc(str(one["reference"]))
            for number, one in self.page.shown.items()
            if number not in mine and str(one.get("state", "1")) != "0"
        }
        if not others:
            return
        link = ProductSyncStatus
        query = (
            select(Product.sku, Product.id, link.external_id)
            .join(link, (link.product_id == Product.id) & (link.shop_id == self.shop.id))
            .where(Product.sku.in_(set(others.values())), link.external_id.is_not(None))
        )
        ours = {sku: (number, external) for sku, number, external in self.session.execute(query)}
        for number, reference in others.items():
            if reference in ours:
                reason = f"its reference {reference!r} is also that of the shop's product {ours[reference][1]}"
                self.findings.append(Finding(DOUBLED, number, sku=reference, reason=reason))
            else:
                reason = f"product {number} of the shop is not linked to any of ours"
                self.findings.append(Finding(UNKNOWN, number, sku=reference, reason=reason))

    def _keep(self) -> None:
        range_ = [ProductSyncStatus.shop_id == self.shop.id, ProductSyncStatus.external_id > self.page.after]
        if self.page.top is not None:
            range_.append(ProductSyncStatus.external_id <= self.page.top)
        self.session.execute(update(ProductSyncStatus).where(*range_).values(drift=None, drift_checked_at=now()))
        if self.baselines:
            self.session.connection().execute(_BASELINE, self.baselines)


_BASELINE = (
    update(ProductSyncStatus)
    .where(ProductSyncStatus.id == bindparam("link_id"))
    .values(
        seen=bindparam("seen", type_=ProductSyncStatus.__table__.c.seen.type),
        shop_changed_at=bindparam("shop_changed_at", type_=ProductSyncStatus.__table__.c.shop_changed_at.type),
    )
)


def _without_id(document: Mapping[str, Any]) -> Document:
    return {name: value for name, value in document.items() if name != "id"}
