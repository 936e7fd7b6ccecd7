"""Tools::str2url: the friendly address that PrestaShop makes from a name."""

import re
import unicodedata

_SPECIAL = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h",
        "ŧ": "t", "ŋ": "n", "ĸ": "k",
    }
    | dict(zip("абвгґдезийіклмнопрстуфхцыэ", "abvggdeziiiklmnoprstufhcye", strict=True))
    | {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
    | {"ё": "e", "ї": "i", "є": "e"}
)  # fmt: skip


def slug(name: str) -> str:
    """Lower case, without accents, other characters dropped, words joined by single dashes."""
    text = name.strip().lower().translate(_SPECIAL)
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    kept = re.sub(r"[^a-z0-9\s':/\[\]\-]", "", plain)
    return re.sub(r"[\s':/\[\]\-]+", "-", kept)
