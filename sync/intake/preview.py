"""What an import would bring: the shop's tree with its counts, and how many products a selection speaks of."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models import ProductSyncStatus, Shop
from models.types import nfc
from prestashop_client import PrestaShopClient
from prestashop_client.errors import RequestRefused
from sync.errors import Missing
from sync.intake.asking import asking
from sync.intake.members import members_of
from sync.intake.selection import ImportSelection
from sync.services import Services

KEEP_SECONDS = 300.0
"""So long a tree that was read is shown again: the dialog asks for it with every click."""
PART = 5000


@dataclass(frozen=True, slots=True)
class Node:
    """A category of a shop. `count` is of the products in it and below it, None where the shop does not tell."""

    id: int
    parent_id: int
    name: str
    path: str
    depth: int
    count: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """How many products the shop has of a selection, and how many of all its products are linked to ours."""

    products: int
    linked: int


_TREES: dict[tuple[str, int], tuple[float, tuple[Node, ...]]] = {}
_LOCK = threading.Lock()


def shop_tree(
    services: Services, shop: Shop, *, fresh: bool = False, clock: Callable[[], float] = time.monotonic
) -> tuple[Node, ...]:
    """The shop's categories below its home, parents before children, in the shop's order. Raises NoAnswer."""
    key = (shop.address, shop.id)
    with _LOCK:
        kept = _TREES.get(key)
    if kept is not None and not fresh and clock() - kept[0] < KEEP_SECONDS:
        return kept[1]
    with asking(services, shop) as client:
        nodes = tuple(_nodes(_rows(client), shop))
    with _LOCK:
        _TREES[key] = (clock(), nodes)
        for old in [name for name, (read_at, _) in _TREES.items() if clock() - read_at > KEEP_SECONDS]:
            del _TREES[old]
    return nodes


def _rows(client: PrestaShopClient) -> list[dict[str, Any]]:
    shown = ("id", "id_parent", "name", "position")
    try:
        return list(client.iterate("categories", display=(*shown, "nb_products_recursive"), page=500))
    except RequestRefused:  # a version that cannot count
        return list(client.iterate("categories", display=shown, page=500))


def _nodes(rows: Sequence[Mapping[str, Any]], shop: Shop) -> Iterable[Node]:
    language = next(iter(shop.languages.values()), 1)
    children: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        children.setdefault(int(row["id_parent"] or 0), []).append(row)
    waiting = [(row, "", 0) for row in reversed(_ordered(children, shop.home_category_id))]
    seen = {shop.home_category_id}
    while waiting:
        row, above, depth = waiting.pop()
        number = int(row["id"])
        if number in seen:
            continue
        seen.add(number)
        name = _name(row["name"], language)
        path = f"{above}/{name}" if above else name
        count = row.get("nb_products_recursive")
        shown = None if count is None else max(0, int(count or 0))
        yield Node(number, int(row["id_parent"]), name, path, depth, shown)
        waiting += [(child, path, depth + 1) for child in reversed(_ordered(children, number))]


def _ordered(children: Mapping[int, list[Mapping[str, Any]]], parent: int) -> list[Mapping[str, Any]]:
    return sorted(children.get(parent, ()), key=lambda row: (int(row["position"] or 0), int(row["id"])))


def _name(texts: object, language: int) -> str:
    if not isinstance(texts, Mapping):
        return nfc(str(texts or ""))
    return nfc(texts.get(language) or next((text for text in texts.values() if text), ""))


def find_category(nodes: Iterable[Node], text: str) -> int:
    """The id of a shop's category by its id or its path there, such as Clothes/Men. Raises Missing."""
    nodes = list(nodes)
    wanted = nfc("/".join(part.strip() for part in text.split("/") if part.strip()))
    for node in nodes:
        if str(node.id) == wanted or node.path == wanted:
            return node.id
    raise Missing("category of the shop", repr(text))


def preview(services: Services, shop: Shop, selection: ImportSelection) -> Preview:
    """Count, in lists of ids only. Raises NoAnswer."""
    with asking(services, shop) as client:
        products = _count(client, selection)
    if selection.limit is not None:
        products = min(products, selection.limit)
    mine = (ProductSyncStatus.shop_id == shop.id) & ProductSyncStatus.external_id.is_not(None)
    with services.db.read() as session:
        linked = session.scalar(select(func.count()).where(mine)) or 0
    return Preview(products, linked)


def _count(client: PrestaShopClient, selection: ImportSelection) -> int:
    match selection.kind:
        case "all":
            return client.count("products", filters={"state": 1})
        case "categories":
            return len(members_of(client, selection.ids))
        case "ids":
            return len(client.list("products", filters={"id": sorted(set(selection.ids))})) if selection.ids else 0
        case _:
            found = client.find_by_reference(list(selection.references), display=["id"])
            return sum(len(same) for same in found.values())
