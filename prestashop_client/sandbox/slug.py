"""Tools::str2url: the friendly address that PrestaShop makes from a name."""

import re

_LETTERS = {
    "a": "àáâãäåāăąа", "b": "б", "c": "çćĉčц", "d": "ďđд", "e": "èéêëēĕėęěеэ", "f": "ф", "g": "ğġģгґ", "h": "ĥħ",
    "i": "ìíîïĩīĭįıиі", "j": "ĵй", "k": "ķĸк", "l": "ĺļľŀłл", "m": "м", "n": "ñńņňŉŋн", "o": "òóôõöøōŏőоơ", "p": "п",
    "r": "ŕŗřр", "s": "śŝşšс", "ss": "ß", "t": "ţťŧт", "u": "ùúûüũūŭůűųуư", "v": "в", "w": "ŵ", "y": "ÿŷýы",
    "z": "źżžз", "ae": "æ", "ch": "ч", "kh": "х", "oe": "œ", "sh": "ш", "shh": "щ", "ya": "я", "ye": "є",
    "yi": "ї", "yo": "ё", "yu": "ю", "zh": "ж",
}  # fmt: skip
"""Tools::replaceAccentedChars, small letters; what is not in it is dropped."""
_VIETNAMESE = (("a", 0x1EA0, 0x1EB7), ("e", 0x1EB8, 0x1EC7), ("i", 0x1EC8, 0x1ECB), ("o", 0x1ECC, 0x1EE3),
               ("u", 0x1EE4, 0x1EF1), ("y", 0x1EF2, 0x1EF9))  # fmt: skip
_PLAIN = {ord(char): plain for plain, chars in _LETTERS.items() for char in chars} | {
    code: plain for plain, first, last in _VIETNAMESE for code in range(first, last + 1)
}


def slug(name: str) -> str:
    """Lower case, without accents, other characters dropped, words joined by single dashes.

    A dash stays at either end where the name had a quote, a bracket, a slash or a dash beside the dropped ones.
    """
    plain = name.strip().lower().translate(_PLAIN)
    kept = re.sub(r"[^a-z0-9\s':/\[\]\-]", "", plain)
    return re.sub(r"[\s':/\[\]\-]+", "-", kept)
