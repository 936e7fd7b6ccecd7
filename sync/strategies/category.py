"""Categories: parents first, a level at a time, found in the shop by name under their parent before they are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models import Category, MappingType, ShopMapping, SyncLog
from models.types import nfc
from prestashop_client import PrestaShopError
from prestashop_client.errors import NotFound
from sync.errors import Refusal
from sync.fingerprint import fingerprint
from sync.mappings import Held, bind, forget, give_back, hold, ids_of
from sync.strategies.run import Busy, Run
from sync.transform.category import CategorySnapshot, category_document, levels

Document = dict[str, Any]


@dataclass(slots=True)
class CategoryIds:
    """What is known of categories in a shop: ids by our id, why others are not there, why some are not current; and
    which were created or changed there just now."""

    ids: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    stale: dict[int, str] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)

    @property
    def wrong(self) -> dict[int, str]:
        """Everything that did not go well, by our id."""
        return {**self.refused, **self.stale}


def ensure_categories(
    run: Run, category_ids: Iterable[int], *, update: bool = False, create: bool = True, force: bool = False
) -> CategoryIds:
    """Make sure that these categories and all above them are in the shop; with `update`, also that they are current
    (`force`: send them even so); without `create`, only say which are there already, in no request.

    One request or two a level. Raises Busy while another lane creates one of them, and PrestaShopError when the
    shop cannot be asked.
    """
    wanted = sorted(set(category_ids))
    found = CategoryIds()
    if not update:
        found.ids = _known(run, wanted)
    if not wanted or not create or len(found.ids) == len(wanted):
        return found
    for level in _levels(run, wanted, found):
        _ensure_level(run, level, found, update, force)
    _log_refused(run, found)
    return found


def _known(run: Run, wanted: Sequence[int]) -> dict[int, int]:
    with run.services.db.read() as session:
        there = ids_of(session, run.shop.id, MappingType.CATEGORY, [str(number) for number in wanted])
    return {int(key): number for key, number in there.items()}


def _levels(run: Run, wanted: Sequence[int], found: CategoryIds) -> list[list[CategorySnapshot]]:
    with run.services.db.read() as session:
        tree = {one.id: CategorySnapshot.of(one) for one in session.scalars(select(Category))}
    sound: list[int] = []
    for number in wanted:
        try:
            levels([number], tree)
            sound.append(number)
        except Refusal as refusal:
            found.refused[number] = str(refusal)
    return levels(sound, tree)


def _ensure_level(run: Run, level: Sequence[CategorySnapshot], found: CategoryIds, update: bool, force: bool) -> None:
    documents = _documents(run, level, found)
    held = _hold(run, list(documents))
    if held.busy:
        raise Busy
    for key, row in held.known.items():
        if row.external_id is not None:
            found.ids[int(key)] = row.external_id
    gone = _update(run, held.known, documents, found, force) if update else []
    mine = {**held.mine, **_lost(run, gone)}
    if mine:
        _create(run, mine, documents, found)


def _lost(run: Run, gone: Sequence[int]) -> dict[str, ShopMapping]:
    """Claim what was deleted in the shop, to be found or made again."""
    if not gone:
        return {}
    keys = [str(number) for number in gone]
    with run.services.db.write() as session:
        forget(session, run.shop.id, MappingType.CATEGORY, keys)
        held = hold(session, run.shop.id, MappingType.CATEGORY, keys, run.claimant)
    if held.busy:
        raise Busy
    return held.mine


def _documents(run: Run, level: Sequence[CategorySnapshot], found: CategoryIds) -> dict[int, Document]:
    documents: dict[int, Document] = {}
    for category in level:
        parent = found.ids.get(category.parent_id) if category.parent_id else run.shop.home_category_id
        if parent is None:
            reason = found.refused.get(category.parent_id or 0, "its parent is not there")
            found.refused[category.id] = f"parent of {category.name!r}: {reason}"
            continue
        try:
            documents[category.id] = category_document(
                category, parent, run.shop.languages, run.shop.fallback_languages
            )
        except Refusal as refusal:
            found.refused[category.id] = str(refusal)
    return documents


def _hold(run: Run, numbers: Sequence[int]) -> Held:
    with run.services.db.write() as session:
        return hold(
            session,
            run.shop.id,
            MappingType.CATEGORY,
            [str(number) for number in numbers],
            run.claimant,
        )


def _create(run: Run, mine: dict[str, ShopMapping], documents: dict[int, Document], found: CategoryIds) -> None:
    numbers = [int(key) for key in mine]
    present = _present(run, {documents[number]["id_parent"] for number in numbers})
    adopted = {number: _match(documents[number], present) for number in numbers}
    missing = [number for number in numbers if adopted[number] is None]
    try:
        verdicts = run.client.create_many("categories", [documents[number] for number in missing])
    except PrestaShopError as error:
        _give_back(run, mine, str(error))
        raise
    ids = {number: external for number, external in adopted.items() if external is not None}
    for number, verdict in zip(missing, verdicts, strict=True):
        if verdict.ok and verdict.id is not None:
            ids[number] = verdict.id
            found.created.add(number)
        else:
            found.refused[number] = str(verdict.error)
    _record(run, mine, ids, documents, found.refused)
    found.ids.update(ids)


def _present(run: Run, parents: set[int]) -> list[Document]:
    filters = {"id_parent": sorted(parents)}
    return run.client.list("categories", filters=filters, display=["id", "id_parent", "name"])


def _match(document: Document, present: Iterable[Document]) -> int | None:
    """The category of the same name under the same parent, the oldest if there are several."""
    names = set(document["name"].values())
    same = [
        int(one["id"])
        for one in present
        if int(one["id_parent"]) == document["id_parent"] and names & {nfc(name) for name in one["name"].values()}
    ]
    return min(same, default=None)


def _give_back(run: Run, mine: dict[str, ShopMapping], reason: str) -> None:
    with run.services.db.write() as session:
        for row in mine.values():
            give_back(session, row, reason)


def _record(
    run: Run,
    mine: dict[str, ShopMapping],
    ids: dict[int, int],
    documents: dict[int, Document],
    refused: dict[int, str],
) -> None:
    with run.services.db.write() as session:
        for key, row in mine.items():
            number = int(key)
            if number in ids:
                bind(session, row, ids[number], fingerprint(documents[number]))
            else:
                give_back(session, row, refused[number])
        session.add_all(_log(run, number, "success", "in the shop") for number in ids)


def _log(run: Run, category_id: int, status: str, message: str) -> SyncLog:
    return SyncLog(
        shop_id=run.shop.id, category_id=category_id, operation="sync_category", status=status, message=message
    )


def _log_refused(run: Run, found: CategoryIds) -> None:
    if found.refused:
        with run.services.db.write() as session:
            session.add_all(_log(run, number, "error", reason) for number, reason in found.refused.items())


def _update(
    run: Run, known: dict[str, ShopMapping], documents: dict[int, Document], found: CategoryIds, force: bool
) -> list[int]:
    """Send the categories that are not as they were last sent, all of their fields; those that are gone there."""
    stale = [
        (row, documents[int(key)])
        for key, row in known.items()
        if int(key) in documents and (force or row.fingerprint != fingerprint(documents[int(key)]))
    ]
    bodies = [{"id": row.external_id, **document} for row, document in stale]
    verdicts = run.client.patch_many("categories", bodies) if bodies else []
    gone = []
    with run.services.db.write() as session:
        for (row, document), verdict in zip(stale, verdicts, strict=True):
            number = int(row.local_key)
            if verdict.ok and row.external_id is not None:
                bind(session, row, row.external_id, fingerprint(document))
                session.add(_log(run, number, "success", "brought in step"))
                found.updated.add(number)
            elif isinstance(verdict.error, NotFound):
                gone.append(number)
                del found.ids[number]
            else:
                give_back(session, row, str(verdict.error))
                found.stale[number] = str(verdict.error)
                session.add(_log(run, number, "error", str(verdict.error)))
    return gone
