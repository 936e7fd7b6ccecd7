"""What products of a folder refer to: languages, categories, manufacturers, tax rates, stock, image files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from models.catalogue import CATEGORY_TEXTS
from sync.catalogue_files.options import Options
from sync.catalogue_files.records import CatalogueFileError, CategoryPath, CategoryRecord, TextsOf
from sync.catalogue_files.xml_reader import Element, entities, linked, number, text

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


def read(folder: Path, name: str, node: str) -> Iterator[Element]:
    """The entities of one document of the folder; none where it is missing."""
    path = folder / f"{name}.xml"
    return entities(path, node) if path.exists() else iter(())


def languages(folder: Path) -> dict[str, str]:
    """Language id -> iso code, in the order of the ids. Raises CatalogueFileError where there are none."""
    found = {text(each, "id"): text(each, "iso_code").lower() for each in read(folder, "languages", "language")}
    if not found:
        raise CatalogueFileError(f"{folder} has no languages.xml, without which its texts have no language")
    return dict(sorted(found.items(), key=lambda item: int(item[0])))


def texts(element: Element, names: Sequence[str], iso_codes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """{iso code: {field: text}} of an entity; each field is said in each language, be it empty."""
    found: dict[str, dict[str, str]] = {iso: {} for iso in iso_codes.values()}
    for name in names:
        for language in element.findall(f"{name}/language"):
            iso = iso_codes.get(language.get("id") or "")
            if iso:
                found[iso][name] = language.text or ""
    return found


def manufacturers(folder: Path) -> dict[int, str]:
    """Manufacturer id -> name."""
    return {number(each, "id"): text(each, "name") for each in read(folder, "manufacturers", "manufacturer")}


def quantities(folder: Path) -> dict[int, int] | None:
    """Product id -> quantity, of the row for all its combinations; None where the folder has no stock.

    Two numbers a product are all that is kept in memory. Of several shops the first counts.
    """
    if not (folder / "stock_availables.xml").exists():
        return None
    found: dict[int, int] = {}
    for row in read(folder, "stock_availables", "stock_available"):
        if number(row, "id_product_attribute") == 0:
            found.setdefault(number(row, "id_product"), number(row, "quantity"))
    return found


def image_files(folder: Path) -> dict[int, dict[int, Path]]:
    """Product id -> image id -> file, by names such as 12-34.jpg in the folder images."""
    found: dict[int, dict[int, Path]] = {}
    for path in sorted((folder / "images").glob("*-*")):
        product, _, image = path.stem.partition("-")
        if path.suffix.lower() in IMAGE_SUFFIXES and product.isdecimal() and image.isdecimal():
            found.setdefault(int(product), {})[int(image)] = path
    return found


def tax_rates(folder: Path, options: Options) -> dict[int, Decimal]:
    """Tax rules group id -> percent, where all its countries agree on it; what the options say comes first."""
    percent = {number(each, "id"): text(each, "rate") for each in read(folder, "taxes", "tax")}
    by_group: dict[int, set[str]] = {}
    for rule in read(folder, "tax_rules", "tax_rule"):
        by_group.setdefault(number(rule, "id_tax_rules_group"), set()).add(percent.get(number(rule, "id_tax"), "0"))
    found = {group: Decimal(rates.pop()) for group, rates in by_group.items() if len(rates) == 1}
    return {0: Decimal(0), **found, **options.tax_rates}


@dataclass(frozen=True, slots=True)
class Tree:
    """The folder's categories: paths by id, and a record of each, parents first."""

    paths: Mapping[int, CategoryPath]
    records: Sequence[CategoryRecord]


def categories(folder: Path, iso_codes: Mapping[str, str]) -> Tree:
    """The categories below the shop's Home. Root, Home and a category without a name are the shop's own matter."""
    raw = {number(each, "id"): _raw(each, iso_codes) for each in read(folder, "categories", "category")}
    homes = {each for each, category in raw.items() if category.home}
    own = homes | {raw[each].parent for each in homes}
    paths = {each: _path(raw, own, each) for each in raw}
    records = [
        CategoryRecord(path, raw[each].texts, raw[each].active, raw[each].position)
        for each, path in sorted(paths.items(), key=lambda item: (len(item[1]), raw[item[0]].position))
        if path
    ]
    return Tree(paths, records)


@dataclass(frozen=True, slots=True)
class _Raw:
    parent: int
    home: bool
    active: bool
    position: int
    texts: TextsOf
    name: str


def _raw(element: Element, iso_codes: Mapping[str, str]) -> _Raw:
    said = texts(element, CATEGORY_TEXTS, iso_codes)
    name = next((each["name"] for each in said.values() if each.get("name")), "")
    return _Raw(
        number(element, "id_parent"),
        text(element, "is_root_category") == "1",
        text(element, "active") == "1",
        number(element, "position"),
        said,
        name,
    )


def _path(raw: Mapping[int, _Raw], own: set[int], start: int) -> CategoryPath:
    """The names from the top; () for the shop's own ones and for what goes round in a circle."""
    names: list[str] = []
    seen: set[int] = set()
    at = start
    while at in raw and at not in own:
        if at in seen or not raw[at].name:
            return ()
        seen.add(at)
        names.append(raw[at].name)
        at = raw[at].parent
    return tuple(reversed(names))


def associated_images(product: Element) -> list[int]:
    """The product's image ids, its cover first."""
    cover = number(product, "id_default_image")
    ids = linked(product, "images")
    return sorted(ids, key=lambda each: each != cover)
