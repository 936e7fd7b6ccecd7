"""The nested set of the categories: nleft, nright and level_depth."""

from prestashop_client.sandbox.store import Store

_ROOT = 1


def rebuild(store: Store, shop: int) -> None:
    """Number every category that hangs on the root; the others (orphans, cycles) stand outside with 0."""
    rows = store.rows(
        "SELECT c.id_category, c.id_parent, c.nleft, c.nright, c.level_depth FROM category c LEFT JOIN category_shop "
        "cs ON cs.id_category = c.id_category AND cs.id_shop = ? ORDER BY c.id_parent, cs.position, c.id_category",
        (shop,),
    )
    children: dict[int, list[int]] = {}
    for row in rows:
        children.setdefault(row["id_parent"], []).append(row["id_category"])
    placed = _number(children)
    for row in rows:
        old = (row["nleft"], row["nright"], row["level_depth"])
        new = placed.get(row["id_category"], (0, 0, row["level_depth"]))
        if new != old:
            store.execute(
                "UPDATE category SET nleft = ?, nright = ?, level_depth = ? WHERE id_category = ?",
                (*new, row["id_category"]),
            )


def _number(children: dict[int, list[int]]) -> dict[int, tuple[int, int, int]]:
    """{id: (nleft, nright, level_depth)} of the tree below the root, without recursion."""
    placed: dict[int, tuple[int, int, int]] = {}
    left: dict[int, int] = {}
    counter = 0
    stack: list[tuple[int, int, bool]] = [(_ROOT, 0, False)]
    while stack:
        key, depth, leaving = stack.pop()
        counter += 1
        if leaving:
            placed[key] = (left[key], counter, depth)
            continue
        left[key] = counter
        stack.append((key, depth, True))
        stack.extend((child, depth + 1, False) for child in reversed(children.get(key, ())))
    return placed


def descendants(store: Store, key: int) -> list[int]:
    """The ids below a category, deepest first; none for one outside the tree."""
    row = store.row("SELECT nleft, nright FROM category WHERE id_category = ?", (key,))
    if not row or not row["nleft"]:
        return []
    return store.column(
        "SELECT id_category FROM category WHERE nleft > ? AND nright < ? ORDER BY level_depth DESC",
        (row["nleft"], row["nright"]),
    )
