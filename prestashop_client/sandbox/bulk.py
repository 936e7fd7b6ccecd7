"""Long lists of plain fields, rendered straight from the rows: a list of 100,000 takes less than a second."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.display import Display
from prestashop_client.sandbox.entity import column_of
from prestashop_client.sandbox.fields import Field, Resource

_Render = Callable[[Any], str]


def plain_fields(resource: Resource, display: Display) -> list[Field] | None:
    """The fields that a display shows where every one of them is a column of its own; None where one is not."""
    if display.minimum or (resource.associations and display.shows_associations):
        return None
    shown = [f for f in resource.fields if f.name not in resource.hidden and display.shows(f.name)]
    plain = all(f.stored and not f.lang and not f.dynamic and not f.xlink_under for f in shown)
    return shown if plain else None


def render(context: Context, resource: Resource, display: Display, fields: list[Field], keys: Sequence[int]) -> str:
    """The elements of the objects, in the order of the ids."""
    node = resource.node
    shows_id = display.shows("id")
    renders = [_renderer(context, f) for f in fields]
    rows = {row[0]: row for row in _rows(context, resource, fields, keys)}
    parts: list[str] = []
    for key in keys:
        row = rows.get(key)
        if row is None:
            continue
        parts.append(f"<{node}>\n")
        if shows_id:
            parts.append(f"\t<id><![CDATA[{key}]]></id>\n")
        parts += [show(value) for show, value in zip(renders, row[1:], strict=True)]
        parts.append(f"</{node}>\n")
    return "".join(parts)


def _rows(context: Context, resource: Resource, fields: list[Field], keys: Sequence[int]) -> Iterator[Sequence[Any]]:
    per_shop = resource.shop == "shop"
    names = [f'{"s" if per_shop and f.shop else "m"}."{f.name}"' for f in fields]
    join = ""
    if any(name.startswith("s.") for name in names):
        join = (
            f'LEFT JOIN "{resource.table}_shop" s ON s."{resource.primary}" = m."{resource.primary}" '
            f"AND s.id_shop = {context.shop}"
        )
    columns = ", ".join([f'm."{resource.primary}"', *names])
    return context.store.raw_chunks(
        f'SELECT {columns} FROM "{resource.table}" m {join} WHERE m."{resource.primary}" IN ({{ids}})', keys
    )


def _renderer(context: Context, field: Field) -> _Render:
    column, name = column_of(field), field.name
    head, tail = f"\t<{name}><![CDATA[", f"]]></{name}>\n"
    link = f'\t<{name} xlink:href="{context.address}{field.xlink}/'
    show = column.show if column.base == "decimal" else str
    if not field.xlink:
        return lambda value: f"{head}{'' if value is None else show(value)}{tail}"

    def linked(value: Any) -> str:
        if not value or value == "0":
            return f"{head}{'' if value is None else value}{tail}"
        return f'{link}{value}"><![CDATA[{value}{tail}'

    return linked
