"""Reads a folder of web service documents: products.xml, and beside it what the products refer to."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from models.catalogue import PRODUCT_TEXTS
from sync.catalogue_files import values, xml_reference
from sync.catalogue_files.options import Options
from sync.catalogue_files.records import (
    CatalogueFileError,
    CategoryRecord,
    ImageFile,
    ProductRecord,
    Refused,
)
from sync.catalogue_files.values import BadValue
from sync.catalogue_files.xml_parts import XmlParts
from sync.catalogue_files.xml_reader import Element, entities, linked, number, text


class XmlFolder:
    """A folder such as a web service's answers saved as RESOURCE.xml, with images/PRODUCT-IMAGE.jpg.

    Only products.xml and languages.xml must be there. Prices are net, as PrestaShop keeps them.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder = folder
        self.options = options
        self.document = folder / "products.xml"
        if not self.document.exists():
            raise CatalogueFileError(f"{folder} has no products.xml")
        self.size = self.document.stat().st_size
        self._file: BinaryIO | None = None
        self._languages = xml_reference.languages(folder)
        self._tree = xml_reference.categories(folder, self._languages)
        self._manufacturers = xml_reference.manufacturers(folder)
        self._quantities = xml_reference.quantities(folder)
        self._rates = xml_reference.tax_rates(folder, options)
        self._images = xml_reference.image_files(folder)
        self._parts = XmlParts(folder, self._languages)
        self._unknown_groups: set[int] = set()
        self._broken = ""

    def position(self) -> int:
        """How many bytes of products.xml have been read."""
        return 0 if self._file is None else self.size if self._file.closed else self._file.tell()

    def categories(self) -> Sequence[CategoryRecord]:
        """Those below the shop's Home, parents first."""
        return self._tree.records

    def products(self) -> Iterator[ProductRecord | Refused]:
        """The products, once. Where the document breaks off, the last row says so."""

        def watch(file: BinaryIO) -> None:
            self._file = file

        try:
            for element in entities(self.document, "product", watch):
                yield self._product(element)
        except CatalogueFileError as error:
            yield Refused("products.xml", "", str(error))

    def _product(self, element: Element) -> ProductRecord | Refused:
        identity = number(element, "id")
        place = f"product {identity}"
        sku = ""
        try:
            sku = values.code("reference", text(element, "reference"), 64)
            if not sku:
                raise BadValue("reference is empty; products are known by it")
            return self._record(element, identity, place, sku)
        except BadValue as error:
            return Refused(place, sku, str(error))

    def _record(self, element: Element, identity: int, place: str, sku: str) -> ProductRecord:
        paths = [path for each in linked(element, "categories") if (path := self._tree.paths.get(each))]
        quantity = None if self._quantities is None else self._quantities.get(identity, 0)
        return ProductRecord(
            place,
            sku,
            texts=self._texts(element),
            tax_rate=self._tax_rate(element),
            ean=values.ean("ean13", text(element, "ean13")),
            manufacturer=values.code("manufacturer", self._manufacturer(element), 64),
            active=values.flag("active", text(element, "active")),
            quantity=quantity,
            categories=paths,
            default_category=self._tree.paths.get(number(element, "id_category_default")) or None,
            images=self._image_files(element, identity),
            price=self._amount(element, "price"),
            weight=self._amount(element, "weight"),
            width=self._amount(element, "width"),
            height=self._amount(element, "height"),
            depth=self._amount(element, "depth"),
            supplier_reference=values.code("supplier_reference", text(element, "supplier_reference"), 64),
            minimal_quantity=values.pieces("minimal_quantity", text(element, "minimal_quantity")),
            condition=text(element, "condition") or None,
            visibility=text(element, "visibility") or None,
            features=self._parts.features(element),
            combinations=self._parts.combinations(element),
            prices=self._parts.prices(element),
        )

    def _amount(self, element: Element, name: str) -> Decimal | None:
        return values.amount(name, text(element, name))

    def _texts(self, element: Element) -> dict[str, dict[str, str]]:
        found = xml_reference.texts(element, PRODUCT_TEXTS, self._languages)
        return {iso: {name: values.plain(name, each) for name, each in said.items()} for iso, said in found.items()}

    def _manufacturer(self, element: Element) -> str:
        return self._manufacturers.get(number(element, "id_manufacturer")) or text(element, "manufacturer_name")

    def _tax_rate(self, element: Element) -> Decimal | None:
        group = number(element, "id_tax_rules_group")
        rate = self._rates.get(group, self.options.tax_rate)
        if rate is None:
            self._unknown_groups.add(group)
        return rate

    def _image_files(self, element: Element, identity: int) -> list[ImageFile] | None:
        """The image files at hand, the cover first; None, so that nothing is changed, where there are none."""
        files = self._images.get(identity)
        if not files:
            return None
        listed = [each for each in xml_reference.associated_images(element) if each in files]
        order = [*listed, *(each for each in sorted(files) if each not in listed)]
        return [ImageFile(files[each].name, files[each].read_bytes) for each in order]

    def notes(self) -> Sequence[str]:
        """What was missing."""
        notes = ["prices are without tax, as PrestaShop keeps them"]
        for name in ("categories", "manufacturers", "stock_availables", "taxes", "tax_rules"):
            if not (self.folder / f"{name}.xml").exists():
                notes.append(f"there is no {name}.xml; what it would say was left as it is")
        notes += self._parts.notes()
        if self._unknown_groups:
            ids = ", ".join(str(each) for each in sorted(self._unknown_groups))
            notes.append(
                f"tax rules group {ids} has no one rate (it may differ by country): new products got 0 %;"
                " give --tax-rule ID=PERCENT"
            )
        return notes
