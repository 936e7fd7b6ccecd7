"""What is to stand in a shop's database for one product, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from sync.availability.decision import Availability
from sync.availability.texts import LIMIT, REFUSED
from sync.errors import Refusal

NO_IDS: tuple[int, ...] = ()
LEAST, MOST = -(2**31), 2**31 - 1  # a signed int
MOST_PRICE = Decimal(10) ** 10  # PrestaShop's Validate::isPrice: ten digits before the point


@dataclass(frozen=True, slots=True)
class Change:
    """One product's new values; None leaves what is there.

    out_of_stock: 0, 1 or 2, for the product's stock row and those of its combinations. available_now,
    available_later: id_lang -> text. quantity: pieces of a product without combinations; combinations: the pieces of
    each by id_product_attribute (the product's sum follows). price: net, rounded to six places. active: in this shop.
    Raises Refusal for values that PrestaShop would not take: one product's must not fail a batch of thousands.
    """

    id_product: int
    out_of_stock: int | None = None
    available_now: Mapping[int, str] | None = None
    available_later: Mapping[int, str] | None = None
    quantity: int | None = None
    price: Decimal | None = None
    active: bool | None = None
    combinations: Mapping[int, int] | None = None

    def __post_init__(self) -> None:
        check_change(self)


def change_of(id_product: int, availability: Availability, languages: Mapping[int, str]) -> Change:
    """What a decision means for a product of the shop. `languages`: id_lang -> iso code, as the layout has them."""

    def by_id(texts: Mapping[str, str]) -> dict[int, str]:
        return {number: texts[iso] for number, iso in languages.items() if iso in texts}

    return Change(
        id_product,
        out_of_stock=availability.out_of_stock,
        available_now=by_id(availability.available_now),
        available_later=by_id(availability.available_later),
        quantity=availability.quantity,
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What became of changes, committed: the ids of the products, and rows by table (without prefix).

    unchanged: the shop held it all already. missing: not a product of this shop. incomplete: left as they are, and
    why. quantity_left: written, except for the quantity, which their combinations have. twice: asked for twice in a
    batch; the first was taken.
    """

    changed: tuple[int, ...] = NO_IDS
    unchanged: tuple[int, ...] = NO_IDS
    missing: tuple[int, ...] = NO_IDS
    incomplete: Mapping[int, str] = field(default_factory=dict)
    quantity_left: tuple[int, ...] = NO_IDS
    twice: tuple[int, ...] = NO_IDS
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def settled(self) -> tuple[int, ...]:
        """The products that hold now what was asked for: these, and only these, may be remembered as sent."""
        return self.changed + self.unchanged


def total(parts: Iterable[Written]) -> Written:
    """All batches as one."""
    every = list(parts)
    rows: dict[str, int] = {}
    for part in every:
        for table, number in part.rows.items():
            rows[table] = rows.get(table, 0) + number
    return Written(
        changed=tuple(one for part in every for one in part.changed),
        unchanged=tuple(one for part in every for one in part.unchanged),
        missing=tuple(one for part in every for one in part.missing),
        incomplete={one: why for part in every for one, why in part.incomplete.items()},
        quantity_left=tuple(one for part in every for one in part.quantity_left),
        twice=tuple(one for part in every for one in part.twice),
        rows=rows,
    )


def check_change(change: Change) -> None:
    """Raises Refusal, naming the field."""
    if change.quantity is not None and change.combinations:
        raise Refusal("quantity", "it is the sum of the combinations'; give only these")
    if change.out_of_stock not in (None, 0, 1, 2):
        raise Refusal("out_of_stock", f"{change.out_of_stock} is not one of 0, 1, 2")
    for quantity in (change.quantity or 0, *(change.combinations or {}).values()):
        if not LEAST <= quantity <= MOST:
            raise Refusal("quantity", f"{quantity} is beyond what PrestaShop can store")
    if change.price is not None and not (change.price.is_finite() and 0 <= change.price < MOST_PRICE):
        raise Refusal("price", f"{change.price} is not between 0 and {MOST_PRICE}")
    for name, texts in (("available_now", change.available_now), ("available_later", change.available_later)):
        for text in (texts or {}).values():
            if problem := text_problem(text):
                raise Refusal(name, problem)


@lru_cache(maxsize=10_000)
def text_problem(text: str) -> str:
    """Why PrestaShop would not take an availability text; "" where it would."""
    if len(text) > LIMIT:
        return f"{len(text)} characters, PrestaShop keeps {LIMIT}"
    if found := REFUSED.search(text):
        return f"PrestaShop refuses {found[0]}"
    return ""
