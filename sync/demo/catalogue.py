"""Builds the demo catalogue from its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product

from slugify import slugify

from sync.catalogue_files.records import CategoryRecord, ImageFile, ProductRecord
from sync.catalogue_files.values import micro
from sync.demo import parts
from sync.demo.mistakes import as_sold
from sync.demo.pictures import picture
from sync.demo.words import SHELVES, Both, Colour, Series, Shelf


@dataclass(frozen=True, slots=True)
class _Article:
    """One thing on a shelf; `number` counts all articles."""

    number: int
    shelf: Shelf
    series: Series
    size: int
    colour: Colour


class DemoCatalogue:
    """The demo as a catalogue file: `sync.catalogue_files.load` writes it."""

    size = len(SHELVES) * 27

    def __init__(self) -> None:
        self._done = 0

    def position(self) -> int:
        """How many products have been given out."""
        return self._done

    def categories(self) -> Sequence[CategoryRecord]:
        """25 in three levels, parents first."""
        found: dict[tuple[Both, ...], None] = {}
        for depth, shelf in product((1, 2, 3), SHELVES):
            found.setdefault(shelf.path[:depth])
        return [CategoryRecord(tuple(name for name, _ in path), _category_texts(path[-1])) for path in found]

    def products(self) -> Iterator[ProductRecord]:
        """All of them, always the same."""
        for article in _articles():
            self._done = article.number
            yield as_sold(_record(article))

    def notes(self) -> Sequence[str]:
        """Nothing to say."""
        return ()


def _articles() -> Iterator[_Article]:
    number = 0
    for shelf in SHELVES:
        for series, size, colour in product(shelf.series, range(3), shelf.colours):
            number += 1
            yield _Article(number, shelf, series, size, colour)


def _category_texts(name: Both) -> dict[str, dict[str, str]]:
    return {iso: {"name": text, "link_rewrite": slugify(text)} for iso, text in zip(("en", "pl"), name, strict=True)}


def _record(article: _Article) -> ProductRecord:
    shelf, number = article.shelf, article.number
    paths = [tuple(name for name, _ in shelf.path[:depth]) for depth in (3, 2, 1)]
    grown = Decimal(10 + 4 * article.size) / 10
    price = micro(Decimal(shelf.price) * grown + shelf.series.index(article.series))
    return ProductRecord(
        f"demo {number}",
        _sku(article),
        texts=_texts(article),
        price=price,
        tax_rate=Decimal(shelf.tax_rate),
        weight=micro(Decimal(shelf.weight) * grown),
        width=Decimal(8 + 3 * article.size),
        height=Decimal(10 + 4 * article.size),
        depth=Decimal(8 + 3 * article.size),
        ean=_ean(number),
        manufacturer=article.series.maker,
        active=number % 97 != 0,
        quantity=0 if number % 23 == 0 else number * 37 % 140 + 1,
        categories=paths,
        images=_images(article),
        features=parts.features(shelf.material),
        combinations=parts.combinations(number, _sku(article), price),
        prices=parts.prices(number),
    )


def _sku(article: _Article) -> str:
    size = "".join(each for each in article.shelf.sizes[article.size].split(" x ")[0] if each.isalnum())
    digits = "".join(each for each in size if each.isdecimal())
    line = slugify(article.series.name)[:3].upper()
    return f"{article.shelf.code}-{line}-{digits}-{article.colour.code}"


def _texts(article: _Article) -> dict[str, dict[str, str]]:
    shelf, series = article.shelf, article.series
    size = shelf.sizes[article.size]
    english = f"{series.name} {shelf.noun[0]} {size}, {article.colour.english}"
    measure = size.replace(".", ",")
    polish = f"{shelf.noun[1]} {series.name} {measure}, {article.colour.polish[shelf.gender]}"
    return {
        "en": _language(english, shelf.use[0], f"Made of {shelf.material[0]} by {series.maker}.", ("Size", "Colour"),
                        (size, article.colour.english)),
        "pl": _language(polish, shelf.use[1], f"Materiał: {shelf.material[1]}. Producent: {series.maker}.",
                        ("Rozmiar", "Kolor"), (measure, article.colour.polish[shelf.gender])),
    }  # fmt: skip


def _language(name: str, use: str, made: str, labels: Both, values: Both) -> dict[str, str]:
    points = "".join(f"<li>{label}: {value}</li>" for label, value in zip(labels, values, strict=True))
    return {
        "name": name,
        "description_short": f"<p>{use}</p>",
        "description": f"<p>{use} {made}</p><ul>{points}</ul>",
        "link_rewrite": slugify(name),
        "meta_title": name,
        "meta_description": f"{name}. {use}",
    }


def _ean(number: int) -> str:
    """EAN-13 from the range 29 that GS1 leaves to shops themselves, with its check digit."""
    body = f"29{number:010d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _images(article: _Article) -> list[ImageFile]:
    """Two pictures for one product in five, one for another one in five."""
    views = {0: 2, 1: 1}.get(article.number % 5, 0)
    shape = SHELVES.index(article.shelf)
    return [
        ImageFile(
            f"{_sku(article).lower()}-{view + 1}.png", partial(picture, shape, article.colour.rgb, article.size, view)
        )
        for view in range(views)
    ]
