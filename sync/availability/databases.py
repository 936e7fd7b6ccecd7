"""The test of the way into a shop's database, kept with it."""

from typing import Any

from models import Shop, ShopDatabase, now
from sync.availability.direct import route_of
from sync.services import Services


def try_database(services: Services, shop: Shop) -> dict[str, Any]:
    """{"ok": ..., "checks": [{"name", "ok", "evidence", "remedy"}]}, also kept. Raises NoDatabase, SecretUnreadable."""
    found = route_of(services, shop).test()
    report = {
        "ok": found.healthy,
        "checks": [
            {"name": check.name, "ok": check.state != "bad", "state": check.state, "evidence": check.evidence,
             "remedy": check.remedy}
            for check in found.checks
        ],
    }  # fmt: skip
    with services.db.write() as session:
        row = session.get(ShopDatabase, shop.id)
        if row is not None:
            row.report, row.checked_at = report, now()
    return report
