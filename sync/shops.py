"""Shops: testing the way in, keeping what was found, and how a shop fares."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import ProductSyncStatus, Shop, ShopHealth, now
from prestashop_client import PrestaShopError
from prestashop_client.probe import Probe
from sync.errors import SecretUnreadable
from sync.services import Services
from sync.transform.product import rate_key

CHANGE = "PATCH or PUT"
NEEDED_RIGHTS = {
    "products": ("GET", "POST", CHANGE),
    "categories": ("GET", "POST", CHANGE),
    "stock_availables": ("GET", CHANGE),
    "manufacturers": ("GET", "POST"),
    "images": ("GET", "POST", "DELETE"),
    "languages": ("GET",),
}
"""What pushing needs of the key, resource by resource (Advanced Parameters > Webservice)."""
SLOW_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what was seen, and what to do if it is not well."""

    name: str
    ok: bool
    evidence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What a connection test found. `probe` is None when there was no way in."""

    checks: tuple[Check, ...]
    probe: Probe | None = None

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def version(self) -> str | None:
        return self.probe.version if self.probe else None

    @property
    def languages(self) -> dict[str, int]:
        return dict(self.probe.languages) if self.probe else {}

    @property
    def rights(self) -> dict[str, list[str]]:
        return {name: sorted(methods) for name, methods in self.probe.rights.items()} if self.probe else {}

    @property
    def latency_ms(self) -> float | None:
        return self.probe.latency_ms if self.probe else None


def test_connection(services: Services, shop: Shop) -> ConnectionReport:
    """Ask the shop who it is and what the key may do. Never raises for what is wrong there: it reports it."""
    try:
        with services.connect(shop) as client:
            probe = client.probe()
    except (PrestaShopError, SecretUnreadable, ValueError) as error:
        return ConnectionReport((Check("connection", False, str(error), _remedy(error)),))
    return ConnectionReport((*_checks(probe),), probe)


test_connection.__test__ = False  # type: ignore[attr-defined] # its name looks like a test's to pytest


def _remedy(error: Exception) -> str:
    return str(getattr(error, "remedy", "") or "check the address and the key (Advanced Parameters > Webservice)")


def _checks(probe: Probe) -> list[Check]:
    missing = _missing_rights(probe)
    slow = probe.latency_ms is not None and probe.latency_ms > SLOW_MS
    return [
        Check("connection", True, f"PrestaShop {probe.version or 'of unknown version'} answers"),
        Check(
            "rights",
            not missing,
            f"missing: {', '.join(missing)}" if missing else "the key may do all that pushing needs",
            "tick these rights for the key under Advanced Parameters > Webservice" if missing else "",
        ),
        Check(
            "languages",
            bool(probe.languages),
            ", ".join(sorted(probe.languages)) or "none can be read",
            "" if probe.languages else "allow the key to read languages",
        ),
        Check(
            "speed",
            not slow,
            f"{probe.latency_ms:.0f} ms a request" if probe.latency_ms is not None else "not measured",
            "ask the hosting for more, or set a pace for this shop" if slow else "",
        ),
    ]


def _missing_rights(probe: Probe) -> list[str]:
    change = "PATCH" if probe.patch else "PUT"
    needed = {name: {change if one == CHANGE else one for one in methods} for name, methods in NEEDED_RIGHTS.items()}
    lacking = {name: methods - probe.rights.get(name, set()) for name, methods in needed.items()}
    return [f"{name} ({', '.join(sorted(methods))})" for name, methods in lacking.items() if methods]


def apply_report(shop: Shop, report: ConnectionReport) -> None:
    """Keep what a connection test found on the shop's row. What the operator mapped by hand stays."""
    shop.health_checked_at = now()
    shop.latency_ms = report.latency_ms
    wrong = [check for check in report.checks if not check.ok]
    shop.health_message = "; ".join(f"{check.name}: {check.evidence}" for check in wrong) or None
    shop.health = _health(report, wrong)
    if report.probe is None:
        return
    shop.version = report.probe.version
    shop.languages = dict(report.probe.languages) or shop.languages
    shop.home_category_id = int(report.probe.settings.get("PS_HOME_CATEGORY") or shop.home_category_id)
    found = {rate_key(rate): group for rate, group in report.probe.tax_groups.items()}
    shop.tax_rules_groups = {**found, **shop.tax_rules_groups}
    shop.capabilities = report.probe.capabilities().as_dict()
    if shop.time_zone == "UTC" and report.probe.capabilities().time_zone:
        shop.time_zone = report.probe.capabilities().time_zone


def _health(report: ConnectionReport, wrong: list[Check]) -> ShopHealth:
    if report.probe is None:
        return ShopHealth.DOWN
    return ShopHealth.SLOW if wrong else ShopHealth.OK


def note_contact(session: Session, shop: Shop, error: str | None) -> None:
    """Keep how the last contact went, when that is news."""
    health = ShopHealth.DOWN if error else ShopHealth.OK
    if shop.health == health or (error is None and shop.health == ShopHealth.SLOW):
        return
    session.execute(
        update(Shop).where(Shop.id == shop.id).values(health=health, health_message=error, health_checked_at=now())
    )
    shop.health = health


@dataclass(frozen=True, slots=True)
class ShopCounts:
    """A shop's links by state, and how many products it holds of ours."""

    by_status: dict[str, int] = field(default_factory=dict)
    in_shop: int = 0
    last_success_at: Any = None


def statistics(session: Session, shop_id: int) -> ShopCounts:
    """How far a shop is in step."""
    mine = ProductSyncStatus.shop_id == shop_id
    rows = session.execute(
        select(
            ProductSyncStatus.sync_status,
            func.count(),
            func.count(ProductSyncStatus.external_id),
            func.max(ProductSyncStatus.last_success_at),
        )
        .where(mine)
        .group_by(ProductSyncStatus.sync_status)
    ).all()
    return ShopCounts(
        by_status={status: number for status, number, _, _ in rows},
        in_shop=sum(there for _, _, there, _ in rows),
        last_success_at=max((last for *_, last in rows if last), default=None),
    )
