"""Tools::str2url: the friendly address that PrestaShop makes from a name."""

import re
import unicodedata

_SPECIAL = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
    }
)


def slug(name: str) -> str:
    """Lower case, without accents, other characters dropped, words joined by dashes."""
    text = name.strip().lower().translate(_SPECIAL)
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    kept = re.sub(r"[^a-z0-9\s'\:/\[\]\-]", "", plain)
    dashed = re.sub(r"[ '\:/\[\]\-\s]+", " ", kept).replace(" ", "-")
    return re.sub(r"-+", "-", dashed).strip("-") if dashed.strip("-") else dashed
