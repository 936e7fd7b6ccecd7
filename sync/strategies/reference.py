"""What products refer to in a shop: categories, manufacturers, features; and their documents, made with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.errors import Refusal
from sync.outcome import refused, skipped
from sync.strategies.category import ensure_categories
from sync.strategies.feature import ensure_features
from sync.strategies.manufacturer import ensure_manufacturers
from sync.strategies.run import Run
from sync.strategies.work import Work
from sync.transform.locks import NEEDED, locked_fields, only, parted
from sync.transform.product import ShopFacts, product_document
from sync.transform.snapshot import Feature, first_name


@dataclass(frozen=True, slots=True)
class References:
    """The shop's facts with the ids of what the products refer to, and why others are not there."""

    shop: ShopFacts
    categories: Mapping[int, str] = field(default_factory=dict)
    manufacturers: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[Feature, str] = field(default_factory=dict)


def prepare(run: Run, works: Sequence[Work]) -> References:
    """What the products refer to, made in the shop where it is missing; a partial push only looks up what is known.

    Raises Busy and PrestaShopError.
    """
    create = all(work.wish.mode.whole for work in works)
    categories = ensure_categories(run, {one for work in works for one in _categories_of(work)}, create=create)
    makers = {work.product.manufacturer for work in works if work.product.manufacturer and _says(work, "manufacturer")}
    manufacturers, refusals = ensure_manufacturers(run, makers, create=create)
    wanted = (each for work in works for each in work.product.features if _says(work, "features"))
    features = ensure_features(run, wanted, create=create)
    facts = ShopFacts.of(run.shop).knowing(categories.ids, manufacturers)
    return References(replace(facts, features=features.ids), categories.refused, refusals, features.refused)


def _says(work: Work, name: str) -> bool:
    return name not in work.product.locked


def _categories_of(work: Work) -> set[int]:
    """A new product gets its categories although they are locked: without one it is nowhere in the shop."""
    if not _says(work, "categories") and work.link.external_id is not None:
        return set()
    default = work.product.default_category_id
    return {*work.product.category_ids, *([default] if default else [])}


def make_plans(run: Run, works: Sequence[Work], known: References) -> None:
    """Each product's document and plan; what the shop or the product lacks is its outcome."""
    for work in works:
        try:
            _say(work, known)
            plan = work.make_plan()
        except Refusal as refusal:
            work.outcome = refused(str(refusal), work.link.external_id)
            continue
        if plan.create and not work.wish.mode.whole:
            work.outcome = skipped(not_there(run))


def not_there(run: Run) -> str:
    """Why a partial push passes a product over."""
    return f"the product is not in shop {run.shop.name!r} yet; push it in full first"


def _say(work: Work, known: References) -> None:
    problems: dict[str, Refusal] = {}
    document = product_document(work.product, known.shop, problems)
    _explain(work, known, problems)
    locked = locked_fields(work.product.locked)
    needed = set(NEEDED) if work.link.external_id is None else set()
    for name, refusal in problems.items():
        if work.wish.mode.covers(name) and (name not in locked or name in needed):
            raise refusal
    work.complete = not problems.keys() - locked
    _forget_locked(work, locked)
    work.document, kept_back = parted(document, locked)
    work.wish = replace(work.wish, spare=only(kept_back, NEEDED))


def _forget_locked(work: Work, locked: frozenset[str]) -> None:
    """What is locked is edited in the shop: what we last sent says nothing of it, should it be ours again."""
    link = work.link
    if locked & link.sent.keys():
        link.sent = {name: mark for name, mark in link.sent.items() if name not in locked}
        link.fingerprint = None
    if "quantity" in work.product.locked:
        link.quantity_sent = None


def _explain(work: Work, known: References, problems: dict[str, Refusal]) -> None:
    """The shop's own reason, where it has refused what the product refers to."""
    for number in sorted(_categories_of(work) & known.categories.keys()):
        problems["associations.categories"] = Refusal("category", known.categories[number])
    reason = known.manufacturers.get(work.product.manufacturer or "")
    if reason is not None:
        problems["id_manufacturer"] = Refusal("manufacturer", reason)
    for each in work.product.features:
        if each in known.features:
            why = f"{first_name(each.feature)}: {known.features[each]}"
            problems["associations.product_features"] = Refusal("features", why)
