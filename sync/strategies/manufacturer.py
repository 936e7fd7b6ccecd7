"""Manufacturers: found in the shop by name, created where they are missing, never twice."""

from collections.abc import Iterable, Sequence

from models import MappingType, ShopMapping
from models.types import nfc
from sync.mappings import Held, bind, give_back, hold, ids_of
from sync.strategies.run import Busy, Run


def ensure_manufacturers(
    run: Run, names: Iterable[str], *, create: bool = True
) -> tuple[dict[str, int], dict[str, str]]:
    """The ids of these manufacturers in the shop, and the reasons of those that it refused. Without `create` those that
    are known already, and no request.

    Raises Busy while another lane creates one of them, and PrestaShopError when the shop cannot be asked.
    """
    wanted = sorted(set(names))
    if not wanted:
        return {}, {}
    with run.services.db.read() as session:
        there = ids_of(session, run.shop.id, MappingType.MANUFACTURER, wanted)
    if len(there) == len(wanted) or not create:
        return there, {}
    held = _hold(run, wanted)
    if held.busy:
        raise Busy
    ids = {name: row.external_id for name, row in held.known.items() if row.external_id is not None}
    if not held.mine:
        return ids, {}
    made, refused = _find_or_create(run, held.mine)
    return ids | made, refused


def _hold(run: Run, names: Sequence[str]) -> Held:
    with run.services.db.write() as session:
        return hold(session, run.shop.id, MappingType.MANUFACTURER, names, run.claimant)


def _find_or_create(run: Run, mine: dict[str, ShopMapping]) -> tuple[dict[str, int], dict[str, str]]:
    # All are read and compared here: names with brackets or bars cannot be asked for (prestashop.md 3).
    present = {nfc(one["name"]): int(one["id"]) for one in run.client.iterate("manufacturers", display=["id", "name"])}
    ids = {name: present[name] for name in mine if name in present}
    missing = [name for name in mine if name not in ids]
    refused: dict[str, str] = {}
    verdicts = run.client.create_many("manufacturers", [{"name": name, "active": 1} for name in missing])
    for name, verdict in zip(missing, verdicts, strict=True):
        if verdict.ok and verdict.id is not None:
            ids[name] = verdict.id
        else:
            refused[name] = str(verdict.error)
    with run.services.db.write() as session:
        for name, row in mine.items():
            if name in ids:
                bind(session, row, ids[name])
            else:
                give_back(session, row, refused[name])
    return ids, refused
