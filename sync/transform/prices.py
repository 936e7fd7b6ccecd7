"""A shop's prices of ours: a factor, then a rounding. Pure, in decimals.

A rounding is a step ("0.01", "0.05", "1") or an ending (".99", ".50"); "gross " before it means that the price with
tax is rounded so, and the net price is what gives that one.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MICRO = Decimal("0.000001")
GROSS = "gross "


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a price is rounded: to multiples of `step`, or to the nearest price with that `ending`."""

    step: Decimal | None = None
    ending: Decimal | None = None
    gross: bool = False

    @classmethod
    def of(cls, text: str) -> "Rounding":
        """Read a shop's setting. Raises ValueError."""
        bare = text.strip().lower()
        gross = bare.startswith(GROSS)
        bare = bare.removeprefix(GROSS).strip()
        if not bare and not gross:
            return cls()
        try:
            number = Decimal(bare)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0 or (number == 0 and not bare.startswith(".")):
            raise ValueError(
                f'{text!r} is no rounding; give a step such as 0.05, or an ending such as .99, "gross .99"'
            )
        return cls(ending=number, gross=gross) if bare.startswith(".") else cls(step=number, gross=gross)

    def apply(self, price: Decimal, tax_rate: Decimal) -> Decimal:
        """The rounded net price. What costs something never becomes free."""
        if price <= 0 or (self.step is None and self.ending is None):
            return price
        tax = 1 + tax_rate / 100 if self.gross else Decimal(1)
        return self._rounded(price * tax) / tax

    def _rounded(self, price: Decimal) -> Decimal:
        if self.ending is not None:
            whole = (price - self.ending).to_integral_value(ROUND_HALF_UP)
            return max(whole, Decimal(0 if self.ending else 1)) + self.ending
        step = self.step or MICRO
        return max((price / step).to_integral_value(ROUND_HALF_UP), Decimal(1)) * step


@dataclass(frozen=True, slots=True)
class PriceRule:
    """What a shop makes of our prices."""

    factor: Decimal = Decimal(1)
    rounding: str = ""

    def price(self, price: Decimal, tax_rate: Decimal) -> Decimal:
        """The shop's net price, to six places. Raises ValueError for a rounding that cannot be read."""
        return micro(Rounding.of(self.rounding).apply(price * self.factor, tax_rate))

    def impact(self, price: Decimal, impact: Decimal, tax_rate: Decimal, *, as_is: bool = False) -> Decimal:
        """What a combination adds to the shop's price of its product, so that the sum is rounded, not the parts.

        `as_is`: the product's price is the shop's own; then the impact has only the factor.
        """
        if as_is or not impact:
            return micro(impact * self.factor)
        return self.price(price + impact, tax_rate) - self.price(price, tax_rate)

    def reduction(self, amount: Decimal) -> Decimal:
        """An amount that is taken off."""
        return micro(amount * self.factor)


def micro(price: Decimal) -> Decimal:
    """To six places, PrestaShop's own."""
    return price.quantize(MICRO, ROUND_HALF_UP)
