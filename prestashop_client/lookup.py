"""Products by reference: in as few requests as the address length allows, compared exactly on our side.

The shop compares without case, accents and trailing spaces; a bracket in a value drops the whole filter; a bar parts
a list. So references with a bar are asked alone, and those with a bracket as a pattern with wildcards in its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from operator import itemgetter

from prestashop_client.errors import BadAnswer
from prestashop_client.exchange import Exchange
from prestashop_client.query import begins, by_length
from prestashop_client.reading import Reader
from prestashop_client.xml import Document, clean_text

UNASKABLE = re.compile(r"[\[\]\\]")
PAGE = 1_000
MAX_STRANGERS = 100  # what the shop's collation may hold equal and ours does not


def find(
    exchange: Exchange, reader: Reader, resource: str, references: Sequence[str], display: str | Sequence[str]
) -> dict[str, list[Document]]:
    """Each reference with the entities that have exactly it, by ascending id; [] where there is none."""
    found: dict[str, list[Document]] = {reference: [] for reference in references}
    spelled: dict[str, list[str]] = {}
    for reference in found:
        spelled.setdefault(clean_text(reference), []).append(reference)
    fields = display if isinstance(display, str) else tuple(dict.fromkeys(("id", "reference", *display)))
    seen: set[int] = set()  # a pattern finds what other questions find too
    for question, value in _questions(exchange, resource, [text for text in spelled if text]):
        answers = reader.iterate(resource, filters={"reference": value}, display=fields, page=PAGE)
        for entity in _checked(answers, question, resource):
            if entity["id"] in seen:
                continue
            seen.add(entity["id"])
            for reference in spelled.get(entity["reference"], ()):
                found[reference].append(entity)
    return {reference: sorted(entities, key=itemgetter("id")) for reference, entities in found.items()}


def _questions(
    exchange: Exchange, resource: str, references: Sequence[str]
) -> Iterator[tuple[Sequence[str] | None, object]]:
    """(the references asked for, the filter's value); None where the filter is only a pattern."""
    listable = []
    for reference in references:
        if "[" in reference or "]" in reference:
            yield None, begins(UNASKABLE.sub("_", reference))
        elif "|" in reference:
            yield [reference], reference
        else:
            listable.append(reference)
    for chunk in by_length(listable, exchange.transport.room_for_query(resource)):
        yield chunk, chunk


def _checked(answers: Iterator[Document], question: Sequence[str] | None, resource: str) -> Iterator[Document]:
    """The answers, as long as they answer the question: a filter that is dropped lists everything."""
    asked = None if question is None else {collated(text) for text in question}
    strangers = 0
    for entity in answers:
        strangers += asked is not None and collated(entity["reference"]) not in asked
        if strangers > MAX_STRANGERS:
            raise BadAnswer("the filter on reference was ignored", resource=resource)
        yield entity


def collated(text: str) -> str:
    """`text` as utf8mb4_general_ci compares it, nearly: no case, no accents, no trailing spaces."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return bare.casefold().rstrip(" ")
