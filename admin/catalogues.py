"""The texts in other languages: each .po file is compiled in memory, so that no machine needs a build step for them."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).with_name("translations")


@cache
def texts(language: str) -> NullTranslations:
    """The texts of a language (ISO 639-1), read once; of the source's own language there is no file."""
    path = catalogue_path(language)
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def catalogue_path(language: str) -> Path:
    """Where a language's texts are kept."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"
