"""What a request knows about the shop it speaks to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from prestashop_client.sandbox.errors import Errors
from prestashop_client.sandbox.faults import Fault
from prestashop_client.sandbox.profile import Profile
from prestashop_client.sandbox.store import Store


@dataclass
class Context:
    """The store, the profile, and the shops and languages of the request."""

    store: Store
    profile: Profile
    errors: Errors
    now: Callable[[], str]
    """The moment in the shop's time zone, as `2026-11-21 23:51:12`."""
    address: str
    """The web service's address as answers show it, ending in `/api/`."""
    faults: Sequence[Fault] = ()
    """The faults that strike single entities of this request."""
    shop: int = 1
    shop_ids: list[int] = field(default_factory=lambda: [1])
    single_shop: bool = True
    all_languages: list[int] = field(default_factory=list)
    languages: list[int] = field(default_factory=list)
    """The languages that the answer shows."""
    default_language: int = 1

    def group_of(self, shop: int) -> int:
        """The shop's group."""
        return int(self.store.value("SELECT id_shop_group FROM shop WHERE id_shop = ?", (shop,)) or 0)

    def shares_stock(self, group: int) -> bool:
        """Whether the shops of the group share their stock."""
        return bool(self.store.value("SELECT share_stock FROM shop_group WHERE id_shop_group = ?", (group,)))

    def every_shop(self) -> list[int]:
        """The ids of all shops."""
        return self.store.column("SELECT id_shop FROM shop ORDER BY id_shop")

    def stock_owner(self, shop: int) -> tuple[int, int]:
        """(id_shop, id_shop_group) of the stock rows that the shop sees."""
        group = self.group_of(shop)
        return (0, group) if self.shares_stock(group) else (shop, 0)
