"""Texts for all of a shop's languages: PrestaShop empties every language that a write leaves out."""

from collections.abc import Mapping, Sequence

from slugify import slugify

LINK_REWRITE_LENGTH = 128
Texts = Mapping[str, Mapping[str, str]]
"""{iso code: {field: text}}"""


def multilingual(
    texts: Texts, field: str, languages: Mapping[str, int], fallback: Sequence[str] = ()
) -> dict[int, str]:
    """One field in every language of the shop ({language id: text}).

    A language without a text of its own gets that of the first `fallback` language (ISO codes) that has one, else the
    first that there is, in the catalogue's order.
    """
    order = [*(iso for iso in fallback if iso in texts), *texts]
    found = next((texts[iso][field] for iso in order if texts[iso].get(field)), "")
    return {number: texts.get(iso, {}).get(field) or found for iso, number in languages.items()}


def named(names: Mapping[str, str], languages: Mapping[str, int], fallback: Sequence[str] = ()) -> dict[int, str]:
    """A name ({iso: name}) in every language of the shop."""
    return multilingual({iso: {"name": name} for iso, name in names.items()}, "name", languages, fallback)


def link_rewrites(texts: Texts, languages: Mapping[str, int], fallback: Sequence[str] = ()) -> dict[int, str]:
    """The given link_rewrite or one made from the name, in every language.

    PrestaShop makes one on POST only; on PATCH an empty or unfit one breaks the address (prestashop.md 2.4).
    """
    names = multilingual(texts, "name", languages, fallback)
    given = {number: texts.get(iso, {}).get("link_rewrite", "") for iso, number in languages.items()}
    return {number: slug(given[number] or name) for number, name in names.items()}


def slug(text: str) -> str:
    """Small letters, digits and hyphens, at most 128 characters."""
    return slugify(text, max_length=LINK_REWRITE_LENGTH)
