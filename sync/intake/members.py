"""The products of some of a shop's categories and of all below them."""

from collections.abc import Iterable

from prestashop_client import PrestaShopClient

CATEGORIES_A_REQUEST = 200


def members_of(client: PrestaShopClient, category_ids: Iterable[int]) -> list[int]:
    """Their ids, ascending, each once: one list of the tree, then what the categories hold, some hundreds a request."""
    tree = {
        int(one["id"]): int(one["id_parent"])
        for one in client.iterate("categories", display=["id", "id_parent"], page=500)
    }
    wanted = sorted(below(tree, category_ids))
    found: set[int] = set()
    for first in range(0, len(wanted), CATEGORIES_A_REQUEST):
        part = wanted[first : first + CATEGORIES_A_REQUEST]
        for category in client.list("categories", filters={"id": part}, display=["id", "products[id]"]):
            products = (category.get("associations") or {}).get("products") or ()
            found.update(int(one["id"]) for one in products)
    return sorted(found)


def below(parents: dict[int, int], chosen: Iterable[int]) -> set[int]:
    """The chosen ones that exist, and all below them; `parents` is {id: id of its parent}."""
    children: dict[int, list[int]] = {}
    for number, parent in parents.items():
        children.setdefault(parent, []).append(number)
    found: set[int] = set()
    waiting = [number for number in chosen if number in parents]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += children.get(number, ())
    return found
