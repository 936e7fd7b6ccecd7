"""What a shop is and can do, found out by asking it; read-only, about a dozen small requests."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from prestashop_client.errors import PrestaShopError
from prestashop_client.exchange import Exchange
from prestashop_client.reading import Reader
from prestashop_client.taxes import tax_groups
from prestashop_client.versions import Capabilities, has_patch
from prestashop_client.wire import Request

Result = TypeVar("Result")

METHODS = ("get", "put", "post", "patch", "delete", "head")
SETTINGS = (
    "PS_VERSION_DB",
    "PS_TIMEZONE",
    "PS_LANG_DEFAULT",
    "PS_CURRENCY_DEFAULT",
    "PS_COUNTRY_DEFAULT",
    "PS_SHOP_ENABLE",
    "PS_LIMIT_UPLOAD_IMAGE_VALUE",
    "PS_PRODUCT_SHORT_DESC_LIMIT",
    "PS_ORDER_OUT_OF_STOCK",
    "PS_STOCK_MANAGEMENT",
)
MEGABYTE = 1_000_000  # the image limit of 2 is 2,000,000 bytes (measured)
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ShopGroup:
    """share_stock: stock rows are (id_shop 0, this group) instead of one per shop."""

    id: int
    name: str
    share_stock: bool


@dataclass(frozen=True, slots=True)
class Shop:
    id: int
    name: str
    id_shop_group: int
    id_category: int
    active: bool


@dataclass(slots=True)
class Probe:
    """The findings. What the key may not read stays empty, and `evidence` says so.

    version: "9.1.4". languages, currencies: iso code -> id. rights: resource -> methods. display_errors: "off" means
    that PHP's warnings become errors 500 with code 3, "on" that they are swallowed. image_limit: bytes.
    tax_groups: rate in percent -> id_tax_rules_group. settings: what was readable of the configuration.
    pace: requests a second that leave the shop half of its time. evidence: finding -> what it rests on.
    """

    address: str
    version: str = ""
    shop_name: str = ""
    languages: dict[str, int] = field(default_factory=dict)
    default_language: int | None = None
    currencies: dict[str, int] = field(default_factory=dict)
    shops: list[Shop] = field(default_factory=list)
    groups: list[ShopGroup] = field(default_factory=list)
    time_zone: str = ""
    rights: dict[str, set[str]] = field(default_factory=dict)
    patch: bool = True
    json: bool = False
    multi_entity: bool = True
    display_errors: str = ""
    image_limit: int | None = None
    tax_groups: dict[Decimal, int] = field(default_factory=dict)
    latency_ms: float = 0.0
    pace: float = 1.0
    key_in_query: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)

    def capabilities(self) -> Capabilities:
        """What a client needs to know of it."""
        limit = self.settings.get("PS_PRODUCT_SHORT_DESC_LIMIT", "")
        return Capabilities(
            version=self.version,
            patch=self.patch,
            languages=tuple(sorted(self.languages.values())),
            key_in_query=self.key_in_query,
            short_description=int(limit) if limit.isdecimal() and int(limit) else 800,
            time_zone=self.time_zone,
        )


class Prober:
    """Asks one shop."""

    def __init__(self, exchange: Exchange, reader: Reader) -> None:
        self.exchange = exchange
        self.reader = reader
        self.found = Probe(address=exchange.transport.base)

    def run(self) -> Probe:
        """The findings. Raises only what concerns the whole web service: unreachable, key refused, redirected."""
        self._root()
        self._configuration()
        self._languages_and_currencies()
        self._shops()
        self._json()
        self._display_errors()
        self._latency()
        found = self.found
        rates = self._part("tax_groups", lambda: tax_groups(self.reader, found.settings.get("PS_COUNTRY_DEFAULT")))
        found.tax_groups = rates or {}
        found.key_in_query = self.exchange.transport.key_in_query
        return found

    def _root(self) -> None:
        request = Request("GET", "", "api")
        root, answer = self.exchange.answered(request)
        found = self.found
        found.version = answer.headers.get("PSWS-Version", "")
        api = root.find("api")
        for resource in api if api is not None else ():
            found.rights[str(resource.tag)] = {method.upper() for method in METHODS if resource.get(method) == "true"}
        found.shop_name = (api.get("shopName") or "") if api is not None else ""
        found.evidence["version"] = f"header PSWS-Version: {found.version or 'none'}"
        found.evidence["rights"] = f"{len(found.rights)} resources are listed for this key"
        listed = any("PATCH" in methods for methods in found.rights.values())
        # A key without the right does not mean a shop without the method.
        found.patch = has_patch(found.version)
        found.evidence["patch"] = (
            f"version {found.version or 'unknown'}, the key's rights {'' if listed else 'do not '}list PATCH"
        )
        found.evidence["multi_entity"] = "all versions from 1.7 take several entities in one request"

    def _configuration(self) -> None:
        rows = self._part(
            "settings",
            lambda: self.reader.page(
                "configurations", filters={"name": list(SETTINGS)}, display=("id", "name", "value")
            ),
        )
        found = self.found
        found.settings = {row["name"]: row["value"] for row in rows or ()}
        found.time_zone = found.settings.get("PS_TIMEZONE", "")
        found.version = found.version or found.settings.get("PS_VERSION_DB", "")
        limit = found.settings.get("PS_LIMIT_UPLOAD_IMAGE_VALUE", "")
        found.image_limit = int(limit) * MEGABYTE if limit.isdecimal() else None
        language = found.settings.get("PS_LANG_DEFAULT", "")
        found.default_language = int(language) if language.isdecimal() else None

    def _languages_and_currencies(self) -> None:
        for name in ("languages", "currencies"):
            rows = self._part(name, lambda name=name: self.reader.page(name, display=("id", "iso_code")))  # type: ignore[misc]
            setattr(self.found, name, {row["iso_code"].lower(): row["id"] for row in rows or ()})
        self.found.currencies = {iso.upper(): id_ for iso, id_ in self.found.currencies.items()}

    def _shops(self) -> None:
        shops = self._part(
            "shops",
            lambda: self.reader.page(
                "shops", display=("id", "name", "id_shop_group", "id_category", "active", "deleted")
            ),
        )
        groups = self._part("groups", lambda: self.reader.page("shop_groups", display=("id", "name", "share_stock")))
        self.found.shops = [
            Shop(row["id"], row["name"], int(row["id_shop_group"]), int(row["id_category"]), row["active"] == "1")
            for row in shops or ()
            if row["deleted"] != "1"
        ]
        self.found.groups = [ShopGroup(row["id"], row["name"], row["share_stock"] == "1") for row in groups or ()]

    def _json(self) -> None:
        request = Request("GET", "languages", "languages", params=[("output_format", "JSON"), ("display", "[id]")])
        answer = self._part("json", lambda: self.exchange.plain(request))
        kind = answer.headers.get("Content-Type", "") if answer else ""
        self.found.json = "json" in kind
        self.found.evidence.setdefault("json", f"output_format=JSON answered {kind or 'nothing'}")

    def _display_errors(self) -> None:
        """A filter that does not exist: 500 with PHP's warnings, or a plain 400."""
        request = Request("GET", "languages", "languages", params=[("filter[no_such_field]", "1")])
        try:
            self.exchange.xml(request)
        except PrestaShopError as error:
            self.found.display_errors = {500: "off", 400: "on"}.get(error.status or 0, "")
            self.found.evidence["display_errors"] = f"an unknown filter answered {error.status}, codes {error.codes}"

    def _latency(self) -> None:
        request = Request("GET", "languages", "languages", params=[("limit", "1")])
        answers = self._part("latency", lambda: [self.exchange.plain(request) for _ in range(SAMPLES)])
        if not answers:
            return
        seconds = statistics.median(answer.seconds for answer in answers)
        self.found.latency_ms = round(seconds * 1000, 1)
        self.found.pace = round(min(10.0, max(0.5, 0.5 / seconds)), 2)
        self.found.evidence["latency"] = f"median of {SAMPLES} small requests"
        self.found.evidence["pace"] = "half of what one lane of such requests could do"

    def _part(self, name: str, ask: Callable[[], Result]) -> Result | None:
        """A finding that may be missing: the reason becomes its evidence."""
        try:
            return ask()
        except PrestaShopError as error:
            self.found.evidence[name] = str(error)
            return None
