"""What telling a shop would write, counted and shown; nothing is written anywhere."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from models import Shop
from prestashop_client.database.errors import DatabaseError
from sync.availability.choice import ShopRules, Wanted, wanted
from sync.availability.direct import route_of
from sync.availability.job import settings_of
from sync.direct import change_of
from sync.errors import SyncError
from sync.services import Services

EXAMPLES = 10


class NoWayIn(SyncError):
    """Raised when the shop's database cannot be looked at; the message is the database's."""


@dataclass(slots=True)
class AvailabilityDryRun:
    """Products that would be told, those of them that can be ordered, and some of them.

    `rows` is for the SQL route: {"table.column": rows that would change}; `missing` are ids that the shop has not.
    """

    products: int = 0
    available: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, int] | None = None
    missing: list[int] = field(default_factory=list)


def availability_dry_run(
    services: Services, shop: Shop, *, supplier_id: int | None = None, limit: int | None = None,
    everything: bool = False, route: str | None = None,
) -> AvailabilityDryRun:  # fmt: skip
    """The same selection and decision as the job's. Raises AvailabilityOff, NoDatabase and NoWayIn."""
    found = AvailabilityDryRun()
    with services.db.read() as session:
        row = settings_of(session, shop)
        rules, chosen = ShopRules.of(row), route or row.route
        every = everything or not rules.only_changed
        products = (one for one in wanted(session, shop.id, rules, supplier_id=supplier_id) if every or one.changed)
        kept = list(islice(products, limit))
    for one in kept:
        _note(found, one)
    if chosen == "sql":
        sql = route_of(services, shop)
        try:
            languages = dict(sql.layout().languages)
            plan = sql.plan(change_of(one.external_id, one.availability, languages) for one in kept)
        except DatabaseError as error:
            raise NoWayIn(str(error)) from None
        found.rows = {name: each.rows for name, each in plan.fields.items()}
        found.missing = plan.missing[:EXAMPLES]
    return found


def _note(found: AvailabilityDryRun, one: Wanted) -> None:
    found.products += 1
    found.available += one.availability.available
    if len(found.examples) < EXAMPLES:
        found.examples.append({"sku": one.sku, "before": one.sent, "after": one.data})
