"""The Polish texts: none is missing, none is out of date, each has its placeholders and its three plural forms."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from admin import catalogues, i18n

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in i18n.LANGUAGES if language != i18n.DEFAULT_LANGUAGE]
PLACEHOLDER = re.compile(r"%(?:\((\w+)\)[sd]|%)|\{(\w+)\}")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the admin's code and templates say today, by the mapping that `make messages` goes by."""
    path = tmp_path_factory.mktemp("messages") / "messages.pot"
    mapping, folder = str(ROOT / "pyproject.toml"), str(ROOT / "admin")
    CommandLineInterface().run(["pybabel", "--quiet", "extract", "--mapping-file", mapping, "-o", str(path), folder])
    with path.open("rb") as file:
        return read_po(file)


def catalogue(language: str) -> Catalog:
    with catalogues.catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def key(message: Message) -> tuple[object, object]:
    return message.context, message.id


def texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_has_what_the_source_says_and_nothing_else(source: Catalog, language: str) -> None:
    known = {key(message) for message in catalogue(language) if message.id}
    said = {key(message) for message in source if message.id}
    assert len(said) > 500
    assert (said - known, known - said) == (set(), set()), "run `make messages`, then translate what is new"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_in_all_plural_forms(language: str) -> None:
    found = catalogue(language)
    assert [m.id for m in found if m.id and (m.fuzzy or not all(texts(m)))] == []
    assert [m.id for m in found if m.pluralizable and len(texts(m)) != found.num_plurals] == []
    assert language != "pl" or found.num_plurals == 3


@pytest.mark.parametrize("language", OTHERS)
def test_every_form_has_the_placeholders_of_the_source(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        if message.id and message.python_format | message.python_brace_format:
            wanted = {tuple(sorted(_names(text))) for text in ids}
            wrong += [(text, ids) for text in texts(message) if tuple(sorted(_names(text))) not in wanted]
    assert wrong == []


def _names(text: str) -> list[str]:
    return [found[0] for found in PLACEHOLDER.finditer(text)]


def test_a_text_that_nobody_translated_is_found(source: Catalog) -> None:
    assert "Overview" in source
    found = catalogue("pl")
    found["Overview"].string = ""
    assert [m.id for m in found if m.id and not all(texts(m))] == ["Overview"]
