"""What a catalogue file does not say by itself, and its reader has to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from sync.catalogue_files.values import micro


class Prices(StrEnum):
    """Whether a file's prices hold the tax."""

    NET = "net"
    GROSS = "gross"


@dataclass(frozen=True, slots=True)
class Options:
    """`language`: the iso code of a CSV's texts. `prices`: how to read a price column that does not say it itself.

    `tax_rates` maps ids of tax rules to percent; `tax_rate` is for rows whose id it does not have. `encoding` and
    `separator` are found out where they are None. `products` is the product CSV whose ids a combinations CSV names.
    """

    language: str = "en"
    prices: Prices = Prices.NET
    tax_rates: Mapping[int, Decimal] = field(default_factory=dict)
    tax_rate: Decimal | None = None
    encoding: str | None = None
    separator: str | None = None
    products: Path | None = None

    def rate(self, tax_rules: str) -> Decimal | None:
        """The rate of a tax rules id, in percent; None when nobody has said it. Id 0 is PrestaShop's "no tax"."""
        if tax_rules == "0":
            return Decimal(0)
        return self.tax_rates.get(int(tax_rules), self.tax_rate) if tax_rules.isdecimal() else self.tax_rate


def net(gross: Decimal, rate: Decimal) -> Decimal:
    """The price without tax, to six places."""
    return micro(gross * 100 / (100 + rate))
