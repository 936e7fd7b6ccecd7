"""What ids mean in a shop: languages, categories, tax groups, manufacturers, features, options, customer groups.

Read once for each job and process, and only what its products refer to; never more than BOUND of a sort at a time.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from models import Shop
from models.types import nfc
from prestashop_client import PrestaShopClient
from sync.intake.rates import rates_of

Document = Mapping[str, Any]
Names = dict[str, str]
BOUND = 50_000
CATEGORY_FIELDS = (
    "id", "id_parent", "active", "position", "name", "description", "link_rewrite", "meta_title", "meta_description",
)  # fmt: skip


@dataclass(slots=True)
class ShopNames:
    """The meanings. `categories` holds the documents of those below the home category, by id; `looked_for` are those
    that products named, whether they lie below it or not."""

    languages: dict[int, str]
    id_shop: int | None = None
    home: int = 2
    time_zone: str = "UTC"
    tax_rates: dict[int, Decimal] = field(default_factory=dict)
    categories: dict[int, Document] = field(default_factory=dict)
    manufacturers: dict[int, str] = field(default_factory=dict)
    features: dict[int, Names] = field(default_factory=dict)
    feature_values: dict[int, Names] = field(default_factory=dict)
    options: dict[int, Names] = field(default_factory=dict)
    option_values: dict[int, tuple[int, Names]] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    asked: set[tuple[str, int]] = field(default_factory=set)
    looked_for: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, shop: Shop) -> "ShopNames":
        """What the shop's own row says."""
        return cls(
            languages={number: iso for iso, number in shop.languages.items()},
            id_shop=shop.id_shop,
            home=shop.home_category_id,
            time_zone=shop.time_zone,
            tax_rates={group: Decimal(rate) for rate, group in shop.tax_rules_groups.items()},
        )

    def is_own(self, id_shop: int) -> bool:
        """Whether a row of that shop speaks of this one; 0 is all shops, or their group."""
        return id_shop == 0 or self.id_shop is None or id_shop == self.id_shop

    def own_stock(self, rows: Iterable[Document]) -> list[Document]:
        """The stock rows of this shop: lists show those of all shops (prestashop.md 2.7). The last one counts."""
        mine = [row for row in rows if self.is_own(int(row["id_shop"] or 0))]
        return sorted(mine, key=lambda row: (row["id_shop"] != "0", -int(row["id_shop"] or 0)))

    def named(self, texts: object) -> Names:
        """A name in the shop's languages: {iso: name}."""
        if not isinstance(texts, Mapping):
            return dict.fromkeys(self.languages.values(), nfc(str(texts or "")))
        return {iso: nfc(texts[number]) for number, iso in sorted(self.languages.items()) if texts.get(number)}


_KEPT: OrderedDict[tuple[str, int], ShopNames] = OrderedDict()
_LOCK = threading.Lock()
_JOBS = 8


def names_for(job: tuple[str, int], shop: Shop, client: PrestaShopClient) -> ShopNames:
    """The meanings that this process has gathered for a job (see sync.intake.fetch.job_key), with the categories."""
    with _LOCK:
        found = _KEPT.get(job)
        if found is not None:
            _KEPT.move_to_end(job)
            return found
    made = ShopNames.of(shop)
    read_categories(made, client)
    with _LOCK:
        _KEPT[job] = made
        while len(_KEPT) > _JOBS:
            _KEPT.popitem(last=False)
    return made


def read_categories(names: ShopNames, client: PrestaShopClient) -> None:
    """Read the shop's tree below its home category."""
    found = {int(one["id"]): one for one in client.iterate("categories", display=CATEGORY_FIELDS, page=500)}
    names.categories = {number: one for number, one in found.items() if _below_home(number, found, names.home)}


def _below_home(number: int, tree: Mapping[int, Document], home: int) -> bool:
    seen: set[int] = set()
    while number in tree and number not in seen and number != home:
        seen.add(number)
        number = int(tree[number]["id_parent"] or 0)
    return number == home and bool(seen)


def learn(
    names: ShopNames,
    client: PrestaShopClient,
    products: Iterable[Document],
    combinations: Iterable[Document],
    prices: Iterable[Document],
) -> None:
    """Ask for whatever these documents refer to and is not known yet; a request for each sort that lacks something."""
    _forget_some(names)
    products = list(products)
    entries = [one for product in products for one in _associated(product, "product_features")]
    values = [one for document in combinations for one in _associated(document, "product_option_values")]
    makers = {int(product["id_manufacturer"] or 0) for product in products}
    groups = {int(product["id_tax_rules_group"] or 0) for product in products}
    for one in _fresh(names, client, "manufacturers", makers, ("name",)):
        names.manufacturers[one["id"]] = nfc(one["name"])
    for one in _fresh(names, client, "product_features", {int(entry["id"]) for entry in entries}, ("name",)):
        names.features[one["id"]] = names.named(one["name"])
    wanted = {int(entry.get("id_feature_value") or 0) for entry in entries}
    for one in _fresh(names, client, "product_feature_values", wanted, ("value",)):
        names.feature_values[one["id"]] = names.named(one["value"])
    _learn_options(names, client, {int(entry["id"]) for entry in values})
    customers = {int(price.get("id_group") or 0) for price in prices}
    for one in _fresh(names, client, "groups", customers, ("name",)):
        names.groups[one["id"]] = next(iter(names.named(one["name"]).values()), "")
    if groups - names.tax_rates.keys() - {0} and ("tax_rules", 0) not in names.asked:
        names.asked.add(("tax_rules", 0))
        names.tax_rates = rates_of(client) | names.tax_rates


def _learn_options(names: ShopNames, client: PrestaShopClient, values: set[int]) -> None:
    fresh = _fresh(names, client, "product_option_values", values, ("id_attribute_group", "name"))
    for one in fresh:
        names.option_values[one["id"]] = (int(one["id_attribute_group"]), names.named(one["name"]))
    options = {int(one["id_attribute_group"]) for one in fresh}
    for one in _fresh(names, client, "product_options", options, ("name",)):
        names.options[one["id"]] = names.named(one["name"])


def _associated(document: Document, name: str) -> list[dict[str, str]]:
    return (document.get("associations") or {}).get(name) or []


def _fresh(
    names: ShopNames, client: PrestaShopClient, resource: str, ids: Iterable[int], fields: tuple[str, ...]
) -> list[dict[str, Any]]:
    wanted = sorted(number for number in set(ids) if number and (resource, number) not in names.asked)
    if not wanted:
        return []
    found = client.get_many(resource, wanted, display=fields)
    names.asked.update((resource, number) for number in wanted)
    return list(found.values())


def _forget_some(names: ShopNames) -> None:
    """Keep memory flat in a shop with a value of its own for every product; the next chunk asks again."""
    if len(names.asked) > BOUND:
        names.asked.clear()
        for known in (names.manufacturers, names.features, names.feature_values, names.options, names.option_values):
            known.clear()
