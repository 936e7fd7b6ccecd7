"""Tell a shop what can be ordered: by the web service in lanes, or by SQL in one go (see sync.availability)."""

from collections.abc import Sequence

from models import ShopAvailability
from sync.availability import web
from sync.availability.choice import ShopRules, wanted
from sync.availability.job import KIND, fill, remember
from sync.chunks import Claimed
from sync.kinds import Done, Kind
from sync.outcome import Outcome, skipped, unchanged
from sync.strategies.run import Run

CHUNK = 500
"""The web service's route: 500 products are ten requests for their texts, and one or two for their stock."""


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """Tell the shop about the products of a chunk, as their offers are now."""
    with run.services.db.read() as session:
        row = session.get(ShopAvailability, run.shop.id)
        if row is None:
            return Done({item.id: skipped("availability is not set up for the shop any more") for item in items})
        rules = ShopRules.of(row)
        found = {one.product_id: one for one in wanted(session, run.shop.id, rules, [i.product_id or 0 for i in items])}
    every = run.params.get("everything") or not rules.only_changed
    told = web.tell(run, [one for one in found.values() if every or one.changed])
    outcomes = {one.wanted.product_id: one.outcome for one in told}
    written = [one.wanted for one in told if web.was_written(one)]

    def outcome(item: Claimed) -> Outcome:
        one = found.get(item.product_id or 0)
        if one is None:
            return skipped("the product is not linked any more, or nobody offers it")
        return outcomes.get(one.product_id) or unchanged(one.external_id)

    return Done({item.id: outcome(item) for item in items}, lambda session, _share: remember(session, written))


AVAILABILITY = Kind(KIND, fill, work, chunk=CHUNK, actor="work_availability")
