"""The friendly address of a text, made as PrestaShop makes a link_rewrite."""

from __future__ import annotations

import re
import unicodedata

# PrestaShop's own spelling of letters that Unicode does not take apart; what is in no table is dropped.
SPECIAL = {
    "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ŉ": "n", "ĸ": "k", "ŀ": "l",
    "æ": "ae", "œ": "oe", "ß": "ss",
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ё": "yo", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "c", "ч": "ch", "ш": "sh",
    "щ": "shh", "ы": "y", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
ACCENTED = (range(0xE0, 0x17F), (0x1A1, 0x1B0), range(0x1EA0, 0x1EFA))  # Latin, its Vietnamese part included
NOT_IN_ITS_TABLE = {"ċ", "ĝ"}
DROPPED = re.compile(r"[^a-z0-9\s':/\[\]-]")
GAPS = re.compile(r"[\s':/\[\]-]+")
MAX_LENGTH = 128


def _plain_letters() -> dict[int, str]:
    plain = {}
    for code in (code for codes in ACCENTED for code in codes):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha() and chr(code) not in NOT_IN_ITS_TABLE:
            plain[code] = base.lower()
    return {**plain, **{ord(letter): text for letter, text in SPECIAL.items()}}


PLAIN = _plain_letters()


def slug(text: str, *, limit: int = MAX_LENGTH) -> str:
    """`Żółty Wąż & spółka 100%` -> `zolty-waz-spolka-100`; at most `limit` characters.

    As in the shop, a hyphen stays at an end where a quote, slash or bracket was.
    """
    plain = text.strip().lower().translate(PLAIN)
    return GAPS.sub("-", DROPPED.sub("", plain))[:limit]
