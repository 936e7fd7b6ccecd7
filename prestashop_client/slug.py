"""The friendly address of a text, made as PrestaShop makes a link_rewrite."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart, as PrestaShop writes them in ASCII.
LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
        "æ": "ae", "œ": "oe", "ß": "ss",
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ё": "yo", "ж": "zh",
        "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
        "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
DROPPED = re.compile(r"[^a-z0-9\s':/\[\]-]")
GAPS = re.compile(r"[\s':/\[\]-]+")
MAX_LENGTH = 128


def slug(text: str, *, limit: int = MAX_LENGTH) -> str:
    """`Żółty Wąż & spółka 100%` -> `zolty-waz-spolka-100`; at most `limit` characters, never a hyphen at an end."""
    lowered = text.strip().lower().translate(LETTERS)
    plain = "".join(char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char))
    return GAPS.sub("-", DROPPED.sub("", plain.translate(LETTERS)))[:limit].strip("-")
