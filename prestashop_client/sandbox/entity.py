"""classes/ObjectModel.php: one object, loaded, checked and written.

A value is what PHP's property holds: null, a text, or texts by language. A loaded object holds what the database
gave; a written one holds what the request sent, which is why answers echo the request.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from prestashop_client.sandbox.checking import check_field
from prestashop_client.sandbox.columns import Column, Stored
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.fields import Field, Resource
from prestashop_client.sandbox.markup import purify
from prestashop_client.sandbox.php import is_empty, to_float, to_int

Value = str | None | dict[int, str]
Shown = Value | bool | int
"""What a getter returns: JSON shows PHP's own type."""
Entry = dict[str, str]

_TAGS = re.compile(r"<[^>]*>?")
_COLUMNS: dict[str, Column] = {}


def column_of(field: Field) -> Column:
    """The field's column, parsed once."""
    if field.column not in _COLUMNS:
        _COLUMNS[field.column] = Column.of(field.column)
    return _COLUMNS[field.column]


class Entity:
    """An object of a resource. Subclasses add what their PrestaShop class does besides."""

    resource_name: ClassVar[str] = ""

    def __init__(self, context: Context, resource: Resource, key: int | str | None = None) -> None:
        self.context = context
        self.resource = resource
        self.id: int | str | None = key
        self.values: dict[str, Value] = {f.name: f.initial for f in resource.fields}

    @property
    def number(self) -> int:
        """The id as an integer; 0 for a new object."""
        return self.id if isinstance(self.id, int) else to_int(self.id)

    def integer(self, name: str) -> int:
        """`(int) $this->name`."""
        value = self.values.get(name)
        return to_int(value) if isinstance(value, str) else 0

    # What the web service calls; a class of PrestaShop that does more overrides it.

    def dynamic(self, name: str) -> Shown:
        """The value of a field that a getter computes."""
        return self.values.get(name)

    def assign(self, name: str, text: str) -> None:
        """Set a field that has a setter of its own."""
        self.values[name] = text

    def loaded(self) -> None:
        """What the constructor does with a loaded object."""

    def modify(self, method: str) -> None:
        """Apply the modifiers of the fields, after the values are set and before they are checked."""

    def associated(self, name: str) -> list[Entry]:
        """The entries of an association."""
        return []

    def associate(self, name: str, entries: list[Entry]) -> bool:
        """Replace an association; False for an error. One without a setter is ignored."""
        return True

    # Checking.

    def check_texts(self) -> str | None:
        """The first fault among the translated fields (validateFieldsLang)."""
        default = self.context.default_language
        for field in self.resource.definition:
            if not field.lang:
                continue
            value = self.values.get(field.name)
            texts: dict[int, str | None] = dict(value) if isinstance(value, dict) else {0: value}
            texts.setdefault(default, "")
            for language, text in texts.items():
                fault, _ = check_field(self.resource.class_name, field, text, language in (0, default))
                if fault:
                    return fault
        return None

    def check_plain(self) -> str | None:
        """The first fault among the other fields (validateFields); empty ones take their default here."""
        for field in self.resource.definition:
            if field.lang:
                continue
            value = self.values.get(field.name)
            text = value if not isinstance(value, dict) else ""
            fault, kept = check_field(self.resource.class_name, field, text, True)
            if fault:
                return fault
            if kept is not text:
                self.values[field.name] = kept
        return None

    # Writing.

    def add(self) -> bool:
        """Insert the object; False where the database refuses it."""
        self._stamp("date_add", "date_upd")
        shops = self.context.shop_ids
        if "id_shop_default" in self.values:
            default = self.context.store.setting("PS_SHOP_DEFAULT") or "1"
            self.values["id_shop_default"] = default if int(default) in shops else str(min(shops))
        store, resource = self.context.store, self.resource
        key = store.insert(resource.table, self._plain_row())
        self.id = str(key)
        if resource.shop == "shop":
            for shop in shops:
                store.insert(f"{resource.table}_shop", {resource.primary: key, "id_shop": shop, **self._shop_row()})
        for shop in self.context.every_shop() if resource.lang_shop else [0]:
            self._write_texts(shop)
        return True

    def update(self) -> bool:
        """Write the whole object; False where the database refuses it."""
        self._stamp("date_upd")
        if self.values.get("date_add") is None:
            self._stamp("date_add")
        if "id_shop_default" in self.values and is_empty(self.values["id_shop_default"]):
            self.values["id_shop_default"] = self.context.store.setting("PS_SHOP_DEFAULT") or "1"
        store, resource = self.context.store, self.resource
        store.update(resource.table, self._plain_row(), f'"{resource.primary}" = ?', (self.number,))
        if resource.shop == "shop":
            self._update_shops()
        for shop in self.context.shop_ids if resource.lang_shop else [0]:
            self._write_texts(shop)
        return True

    def _update_shops(self) -> None:
        store, resource, row = self.context.store, self.resource, self._shop_row()
        table = f"{resource.table}_shop"
        for shop in self.context.shop_ids:
            where, parameters = f'"{resource.primary}" = ? AND id_shop = ?', (self.number, shop)
            there = store.value(f'SELECT 1 FROM "{table}" WHERE {where}', parameters)
            if there and row:
                store.update(table, row, where, parameters)
            elif not there and self.context.single_shop:
                store.insert(table, {resource.primary: self.number, "id_shop": shop, **row})

    def delete(self) -> bool:
        """Delete the object from the shops of the request, and altogether once no shop is left."""
        store, resource = self.context.store, self.resource
        if resource.shop == "shop":
            for shop in self.context.shop_ids:
                store.execute(
                    f'DELETE FROM "{resource.table}_shop" WHERE "{resource.primary}" = ? AND id_shop = ?',
                    (self.number, shop),
                )
        if self.is_elsewhere():
            return True
        if resource.multilang:
            store.execute(f'DELETE FROM "{resource.table}_lang" WHERE "{resource.primary}" = ?', (self.number,))
        store.execute(f'DELETE FROM "{resource.table}" WHERE "{resource.primary}" = ?', (self.number,))
        return True

    def is_elsewhere(self) -> bool:
        """Whether a shop still has the object (hasMultishopEntries)."""
        if self.resource.shop != "shop":
            return False
        return bool(
            self.context.store.value(
                f'SELECT 1 FROM "{self.resource.table}_shop" WHERE "{self.resource.primary}" = ? LIMIT 1',
                (self.number,),
            )
        )

    def _stamp(self, *names: str) -> None:
        for name in names:
            if name in self.values:
                self.values[name] = self.context.now()

    def _plain_row(self) -> dict[str, Stored]:
        return {
            f.name: self._stored(f, self.values.get(f.name))
            for f in self.resource.definition
            if f.stored and not f.lang
        }

    def _shop_row(self) -> dict[str, Stored]:
        return {
            f.name: self._stored(f, self.values.get(f.name)) for f in self.resource.definition if f.stored and f.shop
        }

    def _write_texts(self, shop: int) -> None:
        if not self.resource.multilang:
            return
        fields = [f for f in self.resource.definition if f.lang and f.stored]
        for language in self.context.all_languages:
            row: dict[str, Any] = {self.resource.primary: self.number, "id_shop": shop, "id_lang": language}
            for field in fields:
                value = self.values.get(field.name)
                text = value.get(language, "") if isinstance(value, dict) else value
                row[field.name] = self._stored(field, "" if is_empty(text) else text)
            self.context.store.insert(f"{self.resource.table}_lang", row, "INSERT OR REPLACE")

    def _stored(self, field: Field, value: Value) -> Stored:
        if isinstance(value, dict):
            value = ""
        if value is None and field.nullable:
            return None
        return column_of(field).keep(_formatted(field, value))


def _formatted(field: Field, value: str | None) -> Stored:
    """ObjectModel::formatValue: what reaches SQL."""
    if field.kind in ("int", "bool"):
        return to_int(value)
    if field.kind == "float":
        return to_float((value or "").replace(",", "."))
    if field.kind == "date":
        return value or "0000-00-00"
    if field.kind == "html":
        return purify(value or "")
    if field.kind == "nothing":
        return value
    return _TAGS.sub("", re.sub(r"\r\n|\r|\n", "<br />", value or ""))


def load_many(
    context: Context, resource: Resource, kind: type[Entity], keys: Sequence[int], names: set[str] | None = None
) -> Iterator[Entity]:
    """The objects of those ids, in their order, without the missing ones; `names` limits what is read."""
    wanted = [f for f in resource.definition if f.stored and (names is None or f.name in names)]
    plain = [f for f in wanted if not f.lang]
    found = {row[resource.primary]: row for row in context.store.chunks(_select(context, resource, plain), keys)}
    texts = _texts(context, resource, [f for f in wanted if f.lang], keys)
    for key in keys:
        if key in found:
            entity = kind(context, resource, key)
            for field in plain:
                entity.values[field.name] = column_of(field).show(found[key][field.name])
            for name, by_language in texts.get(key, {}).items():
                entity.values[name] = by_language
            entity.loaded()
            yield entity


def load(context: Context, resource: Resource, kind: type[Entity], key: int) -> Entity | None:
    """The object of that id, or None."""
    return next(load_many(context, resource, kind, [key]), None)


def _select(context: Context, resource: Resource, fields: list[Field]) -> str:
    per_shop = resource.shop == "shop"
    columns = ", ".join(f'{"s" if per_shop and f.shop else "m"}."{f.name}"' for f in fields)
    join = (
        (
            f'LEFT JOIN "{resource.table}_shop" s ON s."{resource.primary}" = m."{resource.primary}" '
            f"AND s.id_shop = {context.shop}"
        )
        if per_shop
        else ""
    )
    comma = ", " if columns else ""
    return (
        f'SELECT m."{resource.primary}"{comma}{columns} FROM "{resource.table}" m {join} '
        f'WHERE m."{resource.primary}" IN ({{ids}})'
    )


def _texts(
    context: Context, resource: Resource, fields: list[Field], keys: Sequence[int]
) -> dict[int, dict[str, dict[int, str]]]:
    found: dict[int, dict[str, dict[int, str]]] = {}
    if not fields:
        return found
    columns = ", ".join(f'"{f.name}"' for f in fields)
    sql = (
        f'SELECT "{resource.primary}", id_lang, {columns} FROM "{resource.table}_lang" '
        f'WHERE "{resource.primary}" IN ({{ids}}) AND id_shop = {context.shop if resource.lang_shop else 0}'
    )
    for row in context.store.chunks(sql, keys):
        by_name = found.setdefault(row[resource.primary], {f.name: {} for f in fields})
        for field in fields:
            by_name[field.name][row["id_lang"]] = row[field.name] or ""
    return found
