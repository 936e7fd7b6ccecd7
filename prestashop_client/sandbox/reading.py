"""WebserviceRequest::executeEntityGetAndHead: lists, schemas and single objects."""

from collections.abc import Iterator

from prestashop_client.sandbox import json_output, xml_output
from prestashop_client.sandbox.behaviour import class_of
from prestashop_client.sandbox.bulk import plain_fields, render
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.display import FULL, Display, parse_display
from prestashop_client.sandbox.entity import Entity, load, load_many
from prestashop_client.sandbox.errors import Refused
from prestashop_client.sandbox.exchange import Answer
from prestashop_client.sandbox.fields import Resource
from prestashop_client.sandbox.listing import find
from prestashop_client.sandbox.php import Query, text_of, to_int
from prestashop_client.sandbox.prices import computed_prices

_NEEDED: dict[str, set[str]] = {
    "products": {"id_manufacturer", "id_category_default", "is_virtual"},
    "categories": {"nleft", "nright", "id_parent"},
    "manufacturers": {"name"},
    "suppliers": {"name"},
    "currencies": {"names"},
    "combinations": {"id_product", "price"},
}
"""Fields that a getter needs besides those that are shown."""


class Reader:
    """Reads objects and writes them into an answer."""

    def __init__(self, context: Context, query: Query, answer: Answer, *, as_json: bool) -> None:
        self._context = context
        self._query = query
        self._answer = answer
        self._json = as_json

    def read(self, resource: Resource, key: str) -> None:
        """Read a list, a schema or, where there is a `key`, one object."""
        if key:
            self._read_one(resource, to_int(key))
            return
        kind = text_of(self._query, "schema")
        if kind is not None:
            self._show_schema(resource, kind)
            return
        listing = find(self._context, resource, self._query)
        if self._context.errors:
            raise Refused("malformed list")
        if listing.display.minimum:
            self._show_keys(resource, listing.keys)
        else:
            self._show_listed(resource, listing.keys, listing.display)

    def _show_schema(self, resource: Resource, kind: str) -> None:
        if kind not in ("blank", "synopsis"):
            raise self._context.errors.refuse(
                400,
                "Please select a schema of type 'synopsis' to get the whole schema informations (which fields are "
                "required, which kind of content...) or 'blank' to get an empty schema to fill before using POST "
                "request",
                28,
            )
        if self._json:
            self._answer.write('{"' + resource.node + '":[]}', json_output.CONTENT_TYPE)
        else:
            self._answer.write(xml_output.schema(self._context, resource, kind), xml_output.CONTENT_TYPE)

    def _show_keys(self, resource: Resource, keys: list[int]) -> None:
        self._answer.entities = len(keys)
        if self._json:
            self._answer.write(json_output.keys(resource, keys), json_output.CONTENT_TYPE)
        else:
            self._answer.write(xml_output.keys(self._context, resource, keys), xml_output.CONTENT_TYPE)

    def _show_listed(self, resource: Resource, keys: list[int], display: Display) -> None:
        self._answer.entities = self._answer.objects_loaded = len(keys)
        plain = None if self._json else plain_fields(resource, display)
        if plain is not None and "price" not in self._query:
            body = render(self._context, resource, display, plain, keys)
            self._answer.write(
                xml_output.envelope(f"<{resource.name}>\n{body}</{resource.name}>\n"), xml_output.CONTENT_TYPE
            )
            return
        names = display.names
        needed = None if names is None else names | _NEEDED.get(resource.name, set())
        entities = load_many(self._context, resource, class_of(resource.name), keys, needed)
        self.show(resource, entities, display, as_list=True)

    def _read_one(self, resource: Resource, key: int) -> None:
        display = parse_display(self._context, resource, self._query)
        if display is None:
            raise Refused("malformed display")
        if text_of(self._query, "display") is None:
            display = FULL
        entity = load(self._context, resource, class_of(resource.name), key)
        if entity is None:
            self._answer.status = 404
            return
        self._check_shop(resource, key)
        self._answer.entities = self._answer.objects_loaded = 1
        self.show(resource, iter([entity]), display, as_list=False)

    def _check_shop(self, resource: Resource, key: int) -> None:
        context, primary = self._context, resource.primary
        if resource.shop == "":
            return
        table = f"{resource.table}_shop" if resource.shop == "shop" else resource.table
        for shop in context.shop_ids:
            owner = "id_shop = ?"
            parameters: list[int] = [key, shop]
            if resource.shop == "fk_shop":
                owner = "(id_shop = ? OR (id_shop = 0 AND id_shop_group = ?))"
                parameters.append(context.group_of(shop))
            if context.store.value(f'SELECT 1 FROM "{table}" WHERE "{primary}" = ? AND {owner}', parameters):
                return
        raise self._context.errors.refuse(404, f"This {resource.class_name} ({key}) does not exists on this shop", 131)

    def show(self, resource: Resource, entities: Iterator[Entity], display: Display, *, as_list: bool) -> None:
        """Write objects into the answer, as a list or one by one."""
        found = list(entities)
        extra = computed_prices(self._context, resource, found, self._query)
        if self._json:
            listed = "display" in self._query
            self._answer.write(
                json_output.objects(self._context, resource, found, display, listed=listed, extra=extra),
                json_output.CONTENT_TYPE,
            )
        else:
            self._answer.write(
                xml_output.objects(self._context, resource, found, display, as_list=as_list, extra=extra),
                xml_output.CONTENT_TYPE,
            )
