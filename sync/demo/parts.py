"""What some of the demo's products have besides: features, combinations, prices for groups."""

from decimal import Decimal

from sync.catalogue_files.parts import CombinationRecord, FeatureRecord, PriceRecord
from sync.catalogue_files.values import micro
from sync.demo.words import Both

MATERIAL: Both = ("Material", "Materiał")
PACK: Both = ("Pack", "Opakowanie")
SINGLE: Both = ("single", "pojedyncze")
SETS: tuple[tuple[Both, Decimal], ...] = (
    (SINGLE, Decimal(0)),
    (("set of two", "zestaw 2 sztuk"), Decimal("0.9")),
    (("set of four", "zestaw 4 sztuk"), Decimal("2.5")),
)
"""How it is sold, and by how much of the price that is more."""
REGULARS = "Customer"
"""One of the three groups that every PrestaShop has."""


def both(words: Both) -> dict[str, str]:
    """English and Polish by their codes."""
    return {"en": words[0], "pl": words[1]}


def features(material: Both) -> list[FeatureRecord]:
    """What it is made of."""
    return [FeatureRecord(both(MATERIAL), both(material))]


def combinations(number: int, sku: str, price: Decimal) -> list[CombinationRecord]:
    """One product in twenty is also sold in sets."""
    if number % 20 != 7:
        return []
    return [
        CombinationRecord(
            options=[(both(PACK), both(pack))], sku=f"{sku}-{place}", price=micro(price * more),
            quantity=number * 7 * place % 60, is_default=place == 1,
        )
        for place, (pack, more) in enumerate(SETS, 1)
    ]  # fmt: skip


def prices(number: int) -> list[PriceRecord]:
    """One product in fifteen is cheaper for customers who are signed in, by the dozen."""
    if number % 15 != 4:
        return []
    return [PriceRecord(REGULARS, 12, reduction=Decimal("0.1"), reduction_type="percentage")]
