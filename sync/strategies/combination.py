"""Combinations of products in a shop: found by their option values, created in batches, never twice.

options and values -> what the shop has -> gone ones deleted -> changed ones patched -> missing ones created -> stock
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models import CombinationLink
from prestashop_client import Verdict
from prestashop_client.errors import NotFound, PermissionRefused
from sync.errors import Refusal
from sync.fingerprint import Marks, field_marks, fingerprint
from sync.outcome import retry
from sync.plan import FOREIGN_IMAGES, changed_fields
from sync.strategies import links
from sync.strategies.combination_stock import push_combination_stock
from sync.strategies.named import OPTION_VALUES, OPTIONS, Thing, ensure
from sync.strategies.parts import in_the_shop_but, outcome_of_part
from sync.strategies.run import Run
from sync.strategies.work import Work
from sync.transform.combination import Present, check, combination_document, match
from sync.transform.locks import only
from sync.transform.product import Document, ShopFacts
from sync.transform.snapshot import Variant


@dataclass(slots=True)
class Hand:
    """A product's combinations in hand: `values` are the ids of each one's option values, `links` what we know of them
    in the shop by our id, `orphans` links whose own was removed here."""

    work: Work
    values: dict[int, frozenset[int]] = field(default_factory=dict)
    links: dict[int, CombinationLink] = field(default_factory=dict)
    orphans: list[CombinationLink] = field(default_factory=list)

    @property
    def external_id(self) -> int:
        return self.work.link.external_id or 0

    @property
    def missing(self) -> list[Variant]:
        """Those that are not in the shop as far as we know."""
        return [variant for variant in self.work.product.variants if variant.id not in self.links]


def push_combinations(run: Run, works: Sequence[Work], shop: ShopFacts) -> None:
    """Bring the combinations of these products in step, their stock too, as far as each work's mode goes.

    No request for a product that has none. A key that may not work on combinations is the matter of the products that
    have some. Raises Busy and PrestaShopError.
    """
    hands = _take(run, works)
    try:
        _push(run, hands, shop)
    except PermissionRefused as error:
        for hand in hands:
            hand.work.outcome = hand.work.outcome or in_the_shop_but(f"not its combinations: {error}", hand.external_id)
    links.record_combinations(run, [link for hand in hands for link in hand.links.values()])


def _push(run: Run, hands: Sequence[Hand], shop: ShopFacts) -> None:
    whole = [hand for hand in hands if hand.work.wish.mode.whole]
    _resolve(run, [hand for hand in whole if hand.work.open])
    _find(run, [hand for hand in whole if hand.work.open])
    _delete(run, [hand for hand in whole if hand.work.open])
    _patch(run, [hand for hand in hands if hand.work.open], shop)
    _create(run, [hand for hand in whole if hand.work.open], shop)
    push_combination_stock(run, [(hand.work, hand.links) for hand in hands if hand.work.open])


def _take(run: Run, works: Sequence[Work]) -> list[Hand]:
    chosen = [
        work for work in works
        if work.open and work.link.external_id and "combinations" not in work.product.locked
        and (work.product.variants or work.has_links)
    ]  # fmt: skip
    if not chosen:
        return []
    known = links.combination_links(run, [work.product.id for work in chosen])
    hands = []
    for work in chosen:
        hand = Hand(work)
        for link in known.get(work.product.id, ()):
            if link.combination_id is None:
                hand.orphans.append(link)
            elif link.external_id is not None:
                hand.links[link.combination_id] = link
        hands.append(hand)
    return hands


def _resolve(run: Run, hands: Sequence[Hand]) -> None:
    """The option values of all combinations, made in the shop where they are missing."""
    pairs = dict.fromkeys(pair for hand in hands for variant in hand.work.product.variants for pair in variant.options)
    sound = [(option, value) for option, value in pairs if option and value]
    options = ensure(run, OPTIONS, (Thing(option) for option, _ in sound))
    parents = {pair: options.ids.get(Thing(pair[0])) for pair in sound}
    values = ensure(run, OPTION_VALUES, (Thing(pair[1], parent) for pair, parent in parents.items() if parent))
    for hand in hands:
        try:
            check(hand.work.product)
        except Refusal as refusal:
            hand.work.outcome = in_the_shop_but(str(refusal), hand.external_id)
            continue
        for variant in hand.work.product.variants:
            things = [Thing(value, parents.get((option, value))) for option, value in variant.options]
            lost = [thing for thing in things if thing not in values.ids]
            if lost:
                reasons = [options.refused.get(Thing(option)) for option, _ in variant.options]
                reason = next(filter(None, reasons), None) or values.refused.get(lost[0], "an option is missing")
                hand.work.outcome = in_the_shop_but(f"not combination {variant.title}: {reason}", hand.external_id)
                break
            hand.values[variant.id] = frozenset(values.ids[thing] for thing in things)


def _find(run: Run, hands: Sequence[Hand]) -> None:
    """Take over the combinations that the shop has already. One that was just created there has none."""
    asked = [hand for hand in hands if hand.missing and hand.work.operation != "create"]
    if not asked:
        return
    filters = {"id_product": [hand.external_id for hand in asked]}
    display = ["id", "id_product", "reference", "product_option_values[id]"]
    present: dict[int, list[Present]] = {}
    for one in run.client.iterate("combinations", filters=filters, display=display, page=500):
        present.setdefault(int(one["id_product"]), []).append(Present.of(one))
    rows = []
    for hand in asked:
        rows += _adopt(run, hand, present.get(hand.external_id, []))
    links.bind(run, CombinationLink, rows)
    _reload(run, asked)


def _adopt(run: Run, hand: Hand, present: Sequence[Present]) -> list[dict[str, object]]:
    """Rows of new links. A combination that we removed and made again here takes its old link."""
    taken = {link.external_id for link in hand.links.values()}
    wanted = {variant.id: (hand.values[variant.id], variant.sku or "") for variant in hand.missing}
    found = match(wanted, [one for one in present if one.id not in taken])
    ours = {link.external_id: link for link in hand.orphans}
    again = {ours[external].id: number for number, external in found.items() if external in ours}
    links.rebind(run, CombinationLink, "combination_id", again)
    hand.orphans = [link for link in hand.orphans if link.id not in again]
    return [_row(run, hand, number, external) for number, external in found.items() if external not in ours]


def _row(run: Run, hand: Hand, number: int, external: int, document: Document | None = None) -> dict[str, object]:
    return {
        "product_id": hand.work.product.id, "combination_id": number, "shop_id": run.shop.id, "external_id": external,
        "made": document is not None, "sent": field_marks(document) if document else {},
        "fingerprint": fingerprint(document) if document else None,
    }  # fmt: skip


def _reload(run: Run, hands: Sequence[Hand]) -> None:
    known = links.combination_links(run, [hand.work.product.id for hand in hands])
    for hand in hands:
        for link in known.get(hand.work.product.id, ()):
            if link.combination_id is not None:
                hand.links.setdefault(link.combination_id, link)


def _delete(run: Run, hands: Sequence[Hand]) -> None:
    """Those that were removed here: deleted there if we made them, else left to the shop."""
    orphans = [(hand, link) for hand in hands for link in hand.orphans]
    doomed = [(hand, link) for hand, link in orphans if link.made and link.external_id is not None]
    verdicts = run.client.delete_many("combinations", [link.external_id or 0 for _, link in doomed]) if doomed else []
    kept: set[int] = set()
    for (hand, link), verdict in zip(doomed, verdicts, strict=True):
        if verdict.ok or isinstance(verdict.error, NotFound):
            hand.work.touch()
        else:
            kept.add(link.id)
            hand.work.outcome = outcome_of_part(verdict, hand.external_id, "all of its combinations")
    links.forget(run, CombinationLink, [link.id for _, link in orphans if link.id not in kept])
    _plain_again(run, list({id(hand): hand for hand, _ in doomed if hand.work.open}.values()))


def _plain_again(run: Run, hands: Sequence[Hand]) -> None:
    """A product that lost its last combination is a standard one again, with a stock of its own."""
    plain = [hand for hand in hands if not hand.work.product.variants]
    bodies = [{"id": hand.external_id, "product_type": "standard"} for hand in plain]
    if bodies:
        run.client.patch_many("products", bodies)


def _patch(run: Run, hands: Sequence[Hand], shop: ShopFacts) -> None:
    """Send what differs; the default one last, since a product has one at a time."""
    stale = []
    for hand in hands:
        for variant in hand.work.product.variants:
            link = hand.links.get(variant.id)
            if link is None or link.external_id is None:
                continue
            document = _document(hand, variant, shop, link)
            fields = _changed(hand.work, document, link)
            if fields:
                stale.append((hand, link, document, fields))
    stale.sort(key=lambda each: int(each[2]["default_on"]))
    bodies = [{"id": link.external_id, **only(document, fields)} for _, link, document, fields in stale]
    verdicts = run.client.patch_many("combinations", bodies) if bodies else []
    for (hand, link, document, fields), verdict in zip(stale, verdicts, strict=True):
        if verdict.ok:
            hand.work.touch()
            link.sent = {**link.sent, **field_marks(only(document, fields))}
            stands = hand.work.wish.mode.whole and link.sent == field_marks(document)
            link.fingerprint = fingerprint(document) if stands else None
        else:
            _lost(run, hand, link, verdict)


def _changed(work: Work, document: Document, link: CombinationLink) -> set[str]:
    names = changed_fields(Marks.of(document), link.sent, None, work.wish.everything, together=())
    return {name for name in names if work.wish.mode.covers_combination(name)}


def _lost(run: Run, hand: Hand, link: CombinationLink, verdict: Verdict) -> None:
    if isinstance(verdict.error, NotFound):
        links.forget(run, CombinationLink, [link.id])
        hand.links = {number: one for number, one in hand.links.items() if one.id != link.id}
        hand.work.outcome = retry(f"combination {link.external_id} is gone from the shop; it is made anew next time")
    else:
        hand.work.outcome = outcome_of_part(verdict, hand.external_id, "all of its combinations")


def _document(hand: Hand, variant: Variant, shop: ShopFacts, link: CombinationLink | None = None) -> Document:
    """In a partial push the option values are not asked for, and so not among the fields."""
    document = combination_document(
        hand.work.product, variant, shop, hand.values.get(variant.id, ()), _images(hand.work, variant, link)
    )
    if variant.id not in hand.values:
        del document["associations"]["product_option_values"]
    return document


def _images(work: Work, variant: Variant, link: CombinationLink | None) -> list[int] | None:
    """The ids of its images, as far as they are in the shop; None where there is nothing to say of them."""
    present: Mapping[str, int] = work.link.images
    found = [present[sha256] for sha256 in variant.images if sha256 in present]
    said = link is not None and "associations.images" in link.sent
    return found if (found or said) and FOREIGN_IMAGES not in present else None


def _create(run: Run, hands: Sequence[Hand], shop: ShopFacts) -> None:
    """What is missing, many products' in one request; the new ids are committed before anything else."""
    missing = [(hand, variant, _document(hand, variant, shop)) for hand in hands for variant in hand.missing]
    if not missing:
        return
    bodies = [{"id_product": hand.external_id, **document} for hand, _, document in missing]
    verdicts = run.client.create_many("combinations", bodies)
    rows = []
    for (hand, variant, document), verdict in zip(missing, verdicts, strict=True):
        if verdict.ok and verdict.id is not None:
            hand.work.touch()
            rows.append(_row(run, hand, variant.id, verdict.id, document))
        else:
            hand.work.outcome = outcome_of_part(verdict, hand.external_id, f"combination {variant.title}")
    links.bind(run, CombinationLink, rows)
    _reload(run, hands)
