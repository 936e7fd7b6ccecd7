"""How the shop is set up: version, languages, clock, stores, speed."""

from __future__ import annotations

from time import time

from prestashop_client.doctor import Check, Patient, bad, good, inside, warning
from prestashop_client.errors import PrestaShopError
from prestashop_client.wire import Request

CLOCK_SECONDS = 120
SLOW_MS = 500.0
SLOW_EACH_MS = 20.0  # a full product costs 1.8 ms on the shop observed


def version(patient: Patient) -> Check:
    found = inside(patient).version
    major = found.split(".")[0]
    if not found:
        return warning("version", "the shop does not say its version", "allow the key to read configurations")
    if major.isdecimal() and int(major) < 8 and not found.startswith("1.7"):
        return bad("version", found, "upgrade: below 1.7 the web service was not examined")
    return good("version", found)


def patch(patient: Patient) -> Check:
    if inside(patient).patch:
        return good("PATCH", inside(patient).evidence["patch"])
    remedy = "upgrade to PrestaShop 8: without PATCH every change reads and rewrites the whole product"
    return warning("PATCH", inside(patient).evidence["patch"], remedy)


def languages(patient: Patient) -> Check:
    have = inside(patient).languages
    missing = [iso for iso in patient.languages if iso.lower() not in have]
    if missing:
        return bad("languages", f"missing: {', '.join(missing)}; there are {', '.join(have) or 'none to be seen'}",
                   "install them in International > Localization")  # fmt: skip
    if not have:
        return warning("languages", "none to be seen", "allow the key to read languages")
    return good("languages", ", ".join(have))


def clock(patient: Patient) -> Check:
    answer = patient.exchange.plain(Request("GET", "", "api"))
    stamp = answer.headers.get("Access-Time", "")
    if not stamp.isdecimal():
        return Check("clock", "unknown", "no Access-Time header")
    ahead = int(stamp) - time()
    if abs(ahead) > CLOCK_SECONDS:
        return warning(
            "clock", f"the shop is {ahead:+.0f} s from here", "set both clocks by NTP: changes are found by date"
        )
    return good("clock", f"{ahead:+.0f} s from here")


def time_zone(patient: Patient) -> Check:
    zone = inside(patient).time_zone
    if not zone:
        return warning("time zone", "not to be seen", "allow the key to read configurations: dates are local")
    return good("time zone", zone)


def date_filter(patient: Patient) -> Check:
    """Without date=1 and brackets a shop lists everything; with them an early year must list nothing."""
    inside(patient)
    params = [("filter[date_upd]", "[1990-01-01,1990-01-02]"), ("date", "1"), ("limit", "1")]
    root = patient.exchange.xml(Request("GET", "products", "products", params=params))
    if root.find("products/product") is not None:
        return bad(
            "date filter", "a filter on 1990 lists products", "update PrestaShop: changes cannot be found by date"
        )
    return good("date filter", "it takes effect")


def maintenance(patient: Patient) -> Check:
    state = inside(patient).settings.get("PS_SHOP_ENABLE")
    if state == "0":
        return warning("maintenance", "the storefront is closed", "open it in Shop Parameters > General when done")
    return good("maintenance", "the storefront is open" if state else "not to be seen")


def several_shops(patient: Patient) -> Check:
    shops = inside(patient).shops
    names = ", ".join(f"{shop.id} {shop.name}" for shop in shops)
    if len(shops) > 1 and patient.exchange.transport.id_shop is None:
        return warning("several shops", names, "set id_shop: without it only the address's own shop is written")
    return good("several shops", names or "not to be seen")


def shared_stock(patient: Patient) -> Check:
    shared = [group.name for group in inside(patient).groups if group.share_stock]
    if shared:
        return warning("shared stock", f"in {', '.join(shared)}", "write stock once per group, not once per shop")
    return good("shared stock", "none")


def latency(patient: Patient) -> Check:
    found = inside(patient)
    if found.latency_ms > SLOW_MS:
        return warning(
            "latency", f"{found.latency_ms:.0f} ms for a small request", "ask the hosting, or place the worker nearer"
        )
    return good("latency", f"{found.latency_ms:.0f} ms for a small request; {found.pace:g} requests/s are safe")


def speed(patient: Patient) -> Check:
    inside(patient)
    params = [("display", "full"), ("sort", "[id_DESC]"), ("limit", "20")]
    root, answer = patient.exchange.answered(Request("GET", "products", "products", params=params))
    count = len(root.findall("products/product"))
    if not count:
        return Check("speed", "unknown", "no products to read")
    each = answer.seconds * 1000 / count
    if each > SLOW_EACH_MS:
        return warning(
            "speed", f"{each:.0f} ms a product read whole", "find slow modules with the profiler, check the database"
        )
    return good("speed", f"{each:.1f} ms a product read whole")


def json_output(patient: Patient) -> Check:
    return good("JSON", inside(patient).evidence.get("json", "not seen"))


def image_limit(patient: Patient) -> Check:
    limit = inside(patient).image_limit
    if limit is None:
        return Check("image size", "unknown", "the limit is not to be seen")
    if limit <= 2_000_000:
        return warning(
            "image size", f"at most {limit:,} bytes", "raise the maximum in Design > Image Settings for photos"
        )
    return good("image size", f"at most {limit:,} bytes")


def taxes(patient: Patient) -> Check:
    found = inside(patient)
    if not found.tax_groups:
        reason = found.evidence.get("tax_groups", "no rule for the shop's country")
        return warning("taxes", reason, "set tax rules for the shop's country, or allow the key to read them")
    return good("taxes", ", ".join(f"{rate.normalize():f} %" for rate in sorted(found.tax_groups, reverse=True)))


def home(patient: Patient) -> Check:
    """Where the tree of the shop begins."""
    shops = inside(patient).shops
    if not shops:
        raise PrestaShopError("the shops are not to be seen")
    found = patient.reader.get_many("categories", {shop.id_category for shop in shops}, ("id", "active"))
    lost = [shop.name for shop in shops if shop.id_category not in found]
    if lost:
        return bad("home category", f"missing in {', '.join(lost)}", "restore the category tree from a backup")
    return good("home category", ", ".join(str(id_) for id_ in sorted(found)))


SHOP = (
    ("version", version),
    ("PATCH", patch),
    ("languages", languages),
    ("clock", clock),
    ("time zone", time_zone),
    ("date filter", date_filter),
    ("maintenance", maintenance),
    ("several shops", several_shops),
    ("shared stock", shared_stock),
    ("latency", latency),
    ("speed", speed),
    ("JSON", json_output),
    ("image size", image_limit),
    ("taxes", taxes),
    ("home category", home),
)
