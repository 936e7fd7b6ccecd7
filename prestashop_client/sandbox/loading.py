"""Rows for a shop: a fresh installation's own, and the XML documents of a folder such as a shop's export.

The folder holds one document per resource (`products.xml`, as `GET /api/products?display=full` gives it) and
`images/PRODUCT-IMAGE.jpg`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree

from prestashop_client.sandbox.behaviour.tree import rebuild
from prestashop_client.sandbox.entity import column_of
from prestashop_client.sandbox.fields import Field, Resource
from prestashop_client.sandbox.php import to_float, to_int
from prestashop_client.sandbox.store import Store

_FIRST = ("languages", "shop_groups", "shops")
_ONE_SHOP = ("products", "combinations")
"""Resources that belong to the first shop only, when they are loaded into a shop of several."""
_INSTALLATION = timedelta(minutes=10)
Document = dict[str, Any]


def load_fresh(store: Store, resources: dict[str, Resource], version: str) -> None:
    """The rows of a fresh installation: languages, currency, shop, taxes, root categories, settings."""
    text = (files("prestashop_client.sandbox") / "data" / "fresh.json").read_text(encoding="utf-8")
    for name, documents in json.loads(text).items():
        for document in documents:
            insert(store, resources[name], document)
    store.execute("UPDATE configuration SET value = ? WHERE name = 'PS_VERSION_DB'", (version,))
    for category in (1, 2):
        for group in (1, 2, 3):
            store.insert("category_group", {"id_category": category, "id_group": group}, "INSERT OR IGNORE")
    rebuild(store, 1)


def load_folder(store: Store, resources: dict[str, Resource], folder: Path) -> dict[str, int]:
    """Load a folder's documents; how many objects of each resource. Objects of the same id are replaced."""
    documents = {
        name: list(_read(folder / f"{name}.xml", resources[name]))
        for name in sorted(resources, key=lambda name: (name not in _FIRST, name))
        if (folder / f"{name}.xml").exists()
    }
    _leave_out_later(documents)
    for name, found in documents.items():
        for document in found:
            insert(store, resources[name], document)
    _load_pictures(store, folder / "images")
    rebuild(store, 1)
    return {name: len(found) for name, found in documents.items()}


def _read(path: Path, resource: Resource) -> Iterator[Document]:
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, huge_tree=True)).getroot()
    for element in root[0] if len(root) else ():
        yield _document(element, resource)


def _document(element: etree._Element, resource: Resource) -> Document:
    document: Document = {"id": to_int(element.findtext("id"))}
    for field in resource.definition:
        found = element.find(field.name)
        if found is None:
            continue
        document[field.name] = (
            {language.get("id"): language.text or "" for language in found} if field.lang else found.text or ""
        )
    associations = element.find("associations")
    document["associations"] = {
        str(a.tag): [{str(part.tag): part.text or "" for part in entry} for entry in a]
        for a in (associations if associations is not None else ())
    }
    return document


def _leave_out_later(documents: dict[str, list[Document]]) -> None:
    """Of a demo shop's export take what the installation made, not what was tried out in the shop afterwards.

    A shop counts as such where most products are as old as its root category.
    """
    born = next((_moment(c) for c in documents.get("categories", ()) if c["id"] == 1), None)
    products = documents.get("products", [])
    if born is None or not products:
        return

    def is_later(document: Document) -> bool:
        made = _moment(document)
        return made is not None and made - born > _INSTALLATION

    later = [document for document in products if is_later(document)]
    if not later or len(later) * 2 > len(products):
        return
    gone = {document["id"] for document in later}
    for name, found in documents.items():
        documents[name] = [d for d in found if not is_later(d) and to_int(d.get("id_product")) not in gone]


def _moment(document: Document) -> datetime | None:
    try:
        return datetime.fromisoformat(str(document.get("date_add")))
    except ValueError:
        return None


def insert(store: Store, resource: Resource, document: Document) -> None:
    """Insert an object with its translations, shops and associations."""
    key = int(document["id"])
    plain = {f.name: _value(f, document.get(f.name)) for f in resource.definition if f.stored and not f.lang}
    store.insert(resource.table, {resource.primary: key, **plain}, "INSERT OR REPLACE")
    shops = [1] if resource.name in _ONE_SHOP else store.column("SELECT id_shop FROM shop ORDER BY id_shop") or [1]
    if resource.shop == "shop":
        own = {f.name: plain[f.name] for f in resource.definition if f.stored and f.shop}
        for shop in shops:
            store.insert(f"{resource.table}_shop", {resource.primary: key, "id_shop": shop, **own}, "INSERT OR REPLACE")
    if resource.multilang:
        every = store.column("SELECT id_shop FROM shop ORDER BY id_shop") or [1]
        for shop in every if resource.lang_shop else [0]:
            _insert_texts(store, resource, document, key, shop)
    for name, entries in document.get("associations", {}).items():
        _associate(store, resource, key, name, entries)


def _insert_texts(store: Store, resource: Resource, document: Document, key: int, shop: int) -> None:
    fields = [f for f in resource.definition if f.lang and f.stored]
    for language in store.languages():
        row: dict[str, Any] = {resource.primary: key, "id_shop": shop, "id_lang": language}
        for field in fields:
            texts = document.get(field.name) or {}
            row[field.name] = texts.get(str(language), next(iter(texts.values()), ""))
        store.insert(f"{resource.table}_lang", row, "INSERT OR REPLACE")


def _value(field: Field, text: str | None) -> Any:
    if field.nullable and text in (None, ""):
        return None
    if field.kind in ("int", "bool"):
        return to_int(text)
    if field.kind == "float":
        return to_float(text)
    return column_of(field).keep(text or ("0000-00-00" if field.kind == "date" else ""))


def _associate(store: Store, resource: Resource, key: int, name: str, entries: Iterable[dict[str, str]]) -> None:
    for number, entry in enumerate(entries, 1):
        other = to_int(entry.get("id"))
        link = _LINKS.get((resource.name, name))
        if link:
            table, mine, theirs = link
            store.insert(table, {mine: key, theirs: other}, "INSERT OR IGNORE")
        elif (resource.name, name) == ("categories", "products"):
            store.execute(
                "INSERT INTO category_product (id_category, id_product, position) VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET position = excluded.position",
                (key, other, number),
            )
        elif (resource.name, name) == ("products", "product_features"):
            store.insert(
                "feature_product",
                {"id_product": key, "id_feature": other, "id_feature_value": to_int(entry.get("id_feature_value"))},
                "INSERT OR IGNORE",
            )
        elif (resource.name, name) == ("products", "product_bundle"):
            store.insert(
                "pack",
                {
                    "id_product_pack": key,
                    "id_product_item": other,
                    "id_product_attribute_item": to_int(entry.get("id_product_attribute")),
                    "quantity": to_int(entry.get("quantity")),
                },
                "INSERT OR REPLACE",
            )
        elif (resource.name, name) == ("products", "images"):
            _insert_image(store, key, other, number)


_LINKS = {
    ("products", "categories"): ("category_product", "id_product", "id_category"),
    ("products", "tags"): ("product_tag", "id_product", "id_tag"),
    ("products", "accessories"): ("accessory", "id_product_1", "id_product_2"),
    ("combinations", "product_option_values"): (
        "product_attribute_combination",
        "id_product_attribute",
        "id_attribute",
    ),
    ("manufacturers", "addresses"): ("manufacturer_address", "id_manufacturer", "id_address"),
    ("combinations", "images"): ("product_attribute_image", "id_product_attribute", "id_image"),
}


def _insert_image(store: Store, product: int, image: int, position: int) -> None:
    cover = 1 if position == 1 else None
    store.insert(
        "image", {"id_image": image, "id_product": product, "position": position, "cover": cover}, "INSERT OR REPLACE"
    )
    store.insert(
        "image_shop", {"id_product": product, "id_image": image, "id_shop": 1, "cover": cover}, "INSERT OR REPLACE"
    )


def _load_pictures(store: Store, folder: Path) -> None:
    """The files of a folder; an image without one gets the smallest picture, so that it is no ghost."""
    for path in sorted(folder.glob("*-*")) if folder.is_dir() else ():
        found = re.fullmatch(r"(\d+)-(\d+)\.\w+", path.name)
        if found and store.value("SELECT 1 FROM image WHERE id_image = ?", (int(found.group(2)),)):
            store.insert(
                "picture",
                {"kind": "products", "id": int(found.group(2)), "size": "", "content": path.read_bytes()},
                "INSERT OR REPLACE",
            )
    blank = (files("prestashop_client.sandbox") / "data" / "blank.png").read_bytes()
    store.execute(
        "INSERT OR IGNORE INTO picture (kind, id, size, content) SELECT 'products', id_image, '', ? FROM image",
        (blank,),
    )
