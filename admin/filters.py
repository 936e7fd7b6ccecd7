"""Filters of the lists, read from an address: what is not understood is left out, never an error."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from models import SyncStatus
from sync.catalogue import Query

LINK_STATES = (
    SyncStatus.ERROR.value, SyncStatus.CONFLICT.value, SyncStatus.PENDING.value, SyncStatus.SYNCING.value,
    "changed", SyncStatus.SYNCED.value, "none",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """What the list of products is narrowed to."""

    text: str = ""
    shop_id: int | None = None
    status: str | None = None
    category_id: int | None = None
    active: bool | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "ProductFilter":
        """From the parameters q, shop, status, category and active."""
        shop = number(values.get("shop"))
        status = one_of(values.get("status"), LINK_STATES) if shop is not None else None
        active = {"1": True, "0": False}.get(str(values.get("active")))
        return cls(str(values.get("q") or "").strip()[:200], shop, status, number(values.get("category")), active)

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.text or self.status or self.category_id is not None or self.active is not None)

    @property
    def only_text(self) -> bool:
        return bool(self.text) and not (self.status or self.category_id is not None or self.active is not None)

    def query(self) -> Query:
        """For sync.catalogue."""
        return Query(self.text, self.shop_id, self.status, self.category_id, self.active)

    def arguments(self) -> dict[str, Any]:
        """As parameters again."""
        flag = None if self.active is None else int(self.active)
        found = {"q": self.text or None, "shop": self.shop_id, "status": self.status, "category": self.category_id}
        return {name: value for name, value in {**found, "active": flag}.items() if value is not None}


def number(value: Any) -> int | None:
    """A whole number from 0 that fits into a database's integer."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def one_of(value: Any, known: Collection[str]) -> str | None:
    """The value if it is known."""
    return str(value) if value in known else None
