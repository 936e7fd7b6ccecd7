"""manageFilters: which objects a list holds, and in which order."""

from dataclasses import dataclass, field

from prestashop_client.sandbox.columns import Column
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.display import Display, parse_display
from prestashop_client.sandbox.entity import column_of
from prestashop_client.sandbox.fields import Field, Resource
from prestashop_client.sandbox.filters import Where, add_filter
from prestashop_client.sandbox.php import Query, nearest, text_of, to_int

_INT = Column.of("uint")
_DATES = ("date_add", "date_upd")
_INDEXED = ("reference", "supplier_reference", "id_supplier", "id_manufacturer", "id_category_default")
_LINES_OF_FALSE = (1299, 1300, 1301, 1302)  # getFilteredObjectList reads four keys of what is false


@dataclass
class Listing:
    """The ids that were asked for, and what is to be shown of each."""

    keys: list[int]
    display: Display


@dataclass
class _Search:
    where: Where = field(default_factory=Where)
    texts: Where = field(default_factory=Where)
    """Conditions on the translations."""
    sorts_texts: bool = False
    """Whether the list is sorted by a translation."""
    broken: bool = False
    """Whether the SQL names a column that does not exist: the list is then empty."""
    filtered: list[str] = field(default_factory=list)
    """The plain fields whose filter took effect."""
    order: list[str] = field(default_factory=list)
    limit: str = ""


class _Malformed(Exception):
    """Raised after an error has been noted, where manageFilters returns false."""


def find(context: Context, resource: Resource, query: Query) -> Listing:
    """The listing; errors are noted in the context, with the warnings that follow them in PHP."""
    try:
        plain, translated = _filterable(resource, query)
        search = _Search()
        _read_filters(context, resource, query, search, plain, translated)
        display = parse_display(context, resource, query)
        if display is None:
            raise _Malformed
        _read_sort(context, resource, query, search, plain, translated)
        _read_limit(context, query, search)
    except _Malformed:
        for line in _LINES_OF_FALSE:
            context.errors.warn("Trying to access array offset on value of type bool", line)
        return Listing([], Display())
    return Listing(_select(context, resource, search), display)


def _filterable(resource: Resource, query: Query) -> tuple[list[str], list[str]]:
    """(plain fields, translated fields) that may be filtered by; dates only with date=1."""
    visible = [f for f in resource.fields if f.name not in resource.hidden]
    plain = ["id", *(f.name for f in visible if not f.lang)]
    if text_of(query, "date") not in (None, "", "0"):
        plain += [name for name in _DATES if name not in plain]
    else:
        plain = [name for name in plain if name not in _DATES]
    return plain, [f.name for f in visible if f.lang]


def _read_filters(
    context: Context, resource: Resource, query: Query, search: _Search, plain: list[str], translated: list[str]
) -> None:
    asked = query.get("filter")
    for name, value in asked.items() if isinstance(asked, dict) else ():
        if name in ("sort", "limit"):
            continue
        if name in plain:
            _filter_plain(context, resource, search, name, value)
        elif name in translated and value != "":
            _filter_translated(context, resource, search, name, value)
        elif isinstance(value, dict):
            context.errors.add(400, "There is no existing linked table for this resource", 31)
            raise _Malformed
        else:
            full = '", "'.join(plain)
            context.errors.add(
                400,
                f'This filter does not exist. Did you mean: "{nearest(name, plain)}"? The full list is: "{full}"',
                32,
            )
            raise _Malformed


def _filter_plain(context: Context, resource: Resource, search: _Search, name: str, value: str | Query) -> None:
    if value == "":
        context.errors.add(400, f'The filter "{name}" is malformed.', 33)
        raise _Malformed
    field = resource.field(name)
    if field is not None and field.dynamic:
        context.errors.add(
            400, f'The field "{name}" is dynamic. It is not possible to filter GET query with this field.', 34
        )
        raise _Malformed
    if isinstance(value, dict) or (name != "id" and (field is None or not field.stored)):
        search.broken = True
        return
    before = len(search.where.conditions)
    add_filter(search.where, _column_name(resource, name), column_of(field) if field else _INT, value)
    if len(search.where.conditions) > before:
        search.filtered.append(name)


def _filter_translated(context: Context, resource: Resource, search: _Search, name: str, value: str | Query) -> None:
    found = resource.field(name)
    if found is None or found.dynamic or search.texts.conditions:  # a second one joins the same table again
        search.broken = True
        return
    marks = ",".join(str(int(language)) for language in context.languages)
    search.texts.add(f"t.id_lang IN ({marks})")
    for one in value.values() if isinstance(value, dict) else [value]:
        if isinstance(one, str):
            add_filter(search.texts, f't."{name}"', column_of(found), one)


def _read_sort(
    context: Context, resource: Resource, query: Query, search: _Search, plain: list[str], translated: list[str]
) -> None:
    asked = text_of(query, "sort")
    if asked is None:
        return
    bracketed = asked.startswith("[") and asked.endswith("]") and len(asked) > 1
    for one in (asked[1:-1] if bracketed else asked).split(","):
        name, _, way = one.rpartition("_")
        if way.upper() not in ("ASC", "DESC") or "_" not in one:
            context.errors.add(
                400,
                'The "sort" value has to be formed as this example: "field_ASC" or '
                "'[field_1_DESC,field_2_ASC,field_3_ASC,...]' (\"field\" has to be an available "
                "field)",
                37,
            )
            raise _Malformed
        if name not in plain and name not in translated:
            context.errors.add(
                400,
                "Unable to filter by this field. However, these are available: "
                f"{', '.join(plain)}, for i18n fields:{', '.join(translated)}",
                38,
            )
            raise _Malformed
        _sort_by(resource, search, name, way.upper(), name in translated)


def _sort_by(resource: Resource, search: _Search, name: str, way: str, translated: bool) -> None:
    if translated:
        search.sorts_texts = True
        search.order.append(f'MIN(t."{name}") {way}')
        return
    field: Field | None = resource.field(name)
    if name != "id" and (field is None or not field.stored):
        search.broken = True
    elif field is not None and field.shop and resource.shop == "shop":
        search.order.append(f's."{name}" {way}')
    else:
        search.order.append(f"{_column_name(resource, name)} {way}")


def _read_limit(context: Context, query: Query, search: _Search) -> None:
    asked = text_of(query, "limit")
    if asked is None:
        return
    parts = asked.split(",")
    if len(parts) > 2:
        context.errors.add(400, 'The "limit" value has to be formed as this example: "5,25" or "10"', 39)
        raise _Malformed
    numbers = [to_int(part) for part in parts]
    if min(numbers) < 0:
        search.broken = True
    elif len(numbers) == 2:
        search.limit = f"LIMIT {numbers[1]} OFFSET {numbers[0]}"
    else:
        search.limit = f"LIMIT {numbers[0]}"


def _column_name(resource: Resource, name: str) -> str:
    return f'm."{resource.primary if name == "id" else name}"'


def _select(context: Context, resource: Resource, search: _Search) -> list[int]:
    if search.broken:
        return []
    key, parameters = f'm."{resource.primary}"', list(search.where.parameters)
    condition = search.where.sql
    if search.texts.conditions:
        condition += (
            f' AND {key} IN (SELECT "{resource.primary}" FROM "{resource.table}_lang" t WHERE {search.texts.sql})'
        )
        parameters += search.texts.parameters
    join, group = _shop_join(context, resource, search), ""
    if search.sorts_texts:
        join += f' LEFT JOIN "{resource.table}_lang" t ON t."{resource.primary}" = {key}'
        group = f"GROUP BY {key}"
    order = ", ".join(search.order or _natural_order(resource, search)) or key
    return context.store.column(
        f"SELECT {key} FROM {join} WHERE {condition} {group} ORDER BY {order} {search.limit}", parameters
    )


def _shop_join(context: Context, resource: Resource, search: _Search) -> str:
    """The tables, the one first along which they are read. Lists of stock rows (fk_shop) ignore the shop."""
    main = f'"{resource.table}" m'
    if resource.shop != "shop":
        return main
    shop = f'"{resource.table}_shop" s'
    on = f's."{resource.primary}" = m."{resource.primary}" AND s.id_shop = {context.shop}'
    narrowed = search.where.conditions or search.texts.conditions or search.order
    return f"{main} CROSS JOIN {shop} ON {on}" if narrowed else f"{shop} CROSS JOIN {main} ON {on}"


def _natural_order(resource: Resource, search: _Search) -> list[str]:
    """The order in which MariaDB happens to give the rows: along the index that it reads.

    Products without a filter on an indexed column are read along product_shop's (id_shop, id_tax_rules_group), so those
    without a tax rule come first.
    """
    if resource.name != "products" or "id" in search.filtered:
        return []
    for name in _INDEXED:
        if name in search.filtered:
            return [f'm."{name}"', "m.id_product"]
    return ["s.id_tax_rules_group", "s.id_product"]
