"""Specific prices for groups of customers: the groups found by name, the prices found by what tells them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models import CombinationLink, SpecificPriceLink
from models.types import nfc
from prestashop_client.errors import NotFound, PermissionRefused
from sync.errors import Refusal
from sync.outcome import retry
from sync.strategies import links
from sync.strategies.parts import in_the_shop_but, outcome_of_part
from sync.strategies.run import Run
from sync.strategies.work import Work
from sync.transform.product import Document, ShopFacts
from sync.transform.snapshot import GroupPrice
from sync.transform.specific_price import key, mark, specific_price_document

PRICES = "all of its prices for groups"


@dataclass(slots=True)
class Wanted:
    """One specific price in hand; `link` is None while the shop has it not, as far as we know."""

    work: Work
    price: GroupPrice
    document: Document
    link: SpecificPriceLink | None = None

    @property
    def mark(self) -> str:
        return mark(self.document, self.price.group)


@dataclass(slots=True)
class Hands:
    """What is to be done: `stale` differ from what was last sent or are missing, `orphans` were removed here."""

    stale: list[Wanted] = field(default_factory=list)
    orphans: list[tuple[Work, SpecificPriceLink]] = field(default_factory=list)


def push_specific_prices(run: Run, works: Sequence[Work], shop: ShopFacts) -> None:
    """Bring the specific prices of these products in step. No request where none differs.

    Raises PrestaShopError; that the key may not read groups or write specific prices is the products' own error.
    """
    chosen = [
        work for work in works
        if work.open and work.link.external_id and work.wish.mode.group_prices
        and "specific_prices" not in work.product.locked and (work.product.group_prices or work.has_links)
    ]  # fmt: skip
    hands = _take(run, chosen, shop) if chosen else Hands()
    if not hands.stale and not hands.orphans:
        return
    try:
        _delete(run, hands.orphans)
        _name_groups(run, hands.stale)
        _find(run, [one for one in hands.stale if one.link is None and one.work.open])
        _patch(run, [one for one in hands.stale if one.link is not None and one.work.open])
        _create(run, [one for one in hands.stale if one.link is None and one.work.open])
    except PermissionRefused as error:
        for work in [one.work for one in hands.stale] + [work for work, _ in hands.orphans]:
            work.outcome = work.outcome or in_the_shop_but(f"not {PRICES}: {error}", work.link.external_id)


def _take(run: Run, works: Sequence[Work], shop: ShopFacts) -> Hands:
    ids = [work.product.id for work in works]
    known = links.price_links(run, ids)
    combinations = _combination_ids(run, works)
    hands = Hands()
    for work in works:
        by_price = {link.specific_price_id: link for link in known.get(work.product.id, ()) if link.specific_price_id}
        alive = {price.id for price in work.product.group_prices}
        hands.orphans += [
            (work, link) for link in known.get(work.product.id, ()) if link.specific_price_id not in alive
        ]
        for price in work.product.group_prices:
            one = _wanted(run, work, price, shop, combinations)
            if one is None:
                break
            one.link = by_price.get(price.id)
            if work.wish.force or one.link is None or one.link.fingerprint != one.mark:
                hands.stale.append(one)
    return hands


def _combination_ids(run: Run, works: Sequence[Work]) -> Mapping[int, int]:
    some = [work.product.id for work in works if any(price.combination_id for price in work.product.group_prices)]
    if not some:
        return {}
    found: list[CombinationLink] = [link for each in links.combination_links(run, some).values() for link in each]
    return {link.combination_id: link.external_id for link in found if link.combination_id and link.external_id}


def _wanted(run: Run, work: Work, price: GroupPrice, shop: ShopFacts, combinations: Mapping[int, int]) -> Wanted | None:
    combination = combinations.get(price.combination_id or 0, 0)
    if price.combination_id and not combination:
        work.outcome = retry("a price is for a combination that is not in the shop yet", work.link.external_id)
        return None
    try:
        document = specific_price_document(
            work.product, price, shop, id_shop=run.shop.id_shop or 0, combination=combination,
            time_zone=run.shop.time_zone,
        )  # fmt: skip
    except Refusal as refusal:
        work.outcome = in_the_shop_but(str(refusal), work.link.external_id)
        return None
    return Wanted(work, price, document)


def _delete(run: Run, orphans: Sequence[tuple[Work, SpecificPriceLink]]) -> None:
    """Those that were removed here: deleted there if we made them."""
    doomed = [(work, link) for work, link in orphans if link.made]
    verdicts = run.client.delete_many("specific_prices", [link.external_id for _, link in doomed]) if doomed else []
    kept: set[int] = set()
    for (work, link), verdict in zip(doomed, verdicts, strict=True):
        if verdict.ok or isinstance(verdict.error, NotFound):
            work.touch()
        else:
            kept.add(link.id)
            work.outcome = outcome_of_part(verdict, work.link.external_id, PRICES)
    links.forget(run, SpecificPriceLink, [link.id for _, link in orphans if link.id not in kept])


def _name_groups(run: Run, stale: Sequence[Wanted]) -> None:
    """The groups' ids, by their name in any language: they are never created, that is the shop's affair."""
    ids: dict[str, int] = {"": 0}
    if any(one.price.group for one in stale):
        for group in run.client.iterate("groups", display=["id", "name"]):
            for name in group["name"].values():
                ids.setdefault(nfc(name), int(group["id"]))
    for one in stale:
        number = ids.get(nfc(one.price.group))
        if number is None:
            known = ", ".join(sorted(name for name in ids if name))
            reason = f"specific_prices: the shop has no customer group {one.price.group!r}; it has {known}"
            one.work.outcome = in_the_shop_but(reason, one.work.link.external_id)
        else:
            one.document["id_group"] = number


def _find(run: Run, missing: Sequence[Wanted]) -> None:
    """Take over what the shop has already: the same product, group, quantity and time. New products have none."""
    asked = [one for one in missing if one.work.operation != "create"]
    if not asked:
        return
    filters = {"id_product": sorted({one.work.link.external_id or 0 for one in asked})}
    present = {
        (int(row["id_product"]), *key(row)): int(row["id"])
        for row in run.client.iterate("specific_prices", filters=filters, display="full")
    }
    found = []
    for one in asked:
        number = present.get((one.work.link.external_id or 0, *key(one.document)))
        if number is not None:
            found.append(_row(run, one, number, made=False))
    links.bind(run, SpecificPriceLink, found)
    _reload(run, asked)


def _row(run: Run, one: Wanted, number: int, *, made: bool) -> dict[str, object]:
    return {
        "product_id": one.work.product.id, "shop_id": run.shop.id, "specific_price_id": one.price.id,
        "external_id": number, "made": made, "fingerprint": one.mark if made else "",
    }  # fmt: skip


def _reload(run: Run, wanted: Sequence[Wanted]) -> None:
    known = links.price_links(run, {one.work.product.id for one in wanted})
    by_price = {link.specific_price_id: link for each in known.values() for link in each}
    for one in wanted:
        one.link = one.link or by_price.get(one.price.id)


def _patch(run: Run, stale: Sequence[Wanted]) -> None:
    bodies = [{"id": one.link.external_id, **one.document} for one in stale if one.link]
    verdicts = run.client.patch_many("specific_prices", bodies) if bodies else []
    sent: dict[int, str] = {}
    gone: list[int] = []
    for one, verdict in zip(stale, verdicts, strict=True):
        assert one.link is not None  # noqa: S101 - chosen so
        if verdict.ok:
            one.work.touch()
            sent[one.link.id] = one.mark
        elif isinstance(verdict.error, NotFound):
            gone.append(one.link.id)
            one.link = None
        else:
            one.work.outcome = outcome_of_part(verdict, one.work.link.external_id, PRICES)
    links.record_prices(run, sent)
    links.forget(run, SpecificPriceLink, gone)
    _create(run, [one for one in stale if one.link is None])


def _create(run: Run, missing: Sequence[Wanted]) -> None:
    if not missing:
        return
    bodies = [{"id_product": one.work.link.external_id, **one.document} for one in missing]
    verdicts = run.client.create_many("specific_prices", bodies)
    rows = []
    for one, verdict in zip(missing, verdicts, strict=True):
        if verdict.ok and verdict.id is not None:
            one.work.touch()
            rows.append(_row(run, one, verdict.id, made=True))
        else:
            one.work.outcome = outcome_of_part(verdict, one.work.link.external_id, PRICES)
    links.bind(run, SpecificPriceLink, rows)
