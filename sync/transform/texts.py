"""Texts for all of a shop's languages: PrestaShop empties every language that a write leaves out."""

from collections.abc import Mapping

from slugify import slugify

LINK_REWRITE_LENGTH = 128
Texts = Mapping[str, Mapping[str, str]]
"""{iso code: {field: text}}"""


def multilingual(texts: Texts, field: str, languages: Mapping[str, int]) -> dict[int, str]:
    """One field in every language of the shop ({language id: text}).

    A language without a text of its own gets the first that there is, in the catalogue's order.
    """
    fallback = next((text[field] for text in texts.values() if text.get(field)), "")
    return {number: texts.get(iso, {}).get(field) or fallback for iso, number in languages.items()}


def link_rewrites(texts: Texts, languages: Mapping[str, int]) -> dict[int, str]:
    """The given link_rewrite or one made from the name, in every language.

    PrestaShop makes one on POST only; on PATCH an empty or unfit one breaks the address (prestashop.md 2.4).
    """
    names = multilingual(texts, "name", languages)
    given = {number: texts.get(iso, {}).get("link_rewrite", "") for iso, number in languages.items()}
    return {number: slug(given[number] or name) for number, name in names.items()}


def slug(text: str) -> str:
    """Small letters, digits and hyphens, at most 128 characters."""
    return slugify(text, max_length=LINK_REWRITE_LENGTH)
