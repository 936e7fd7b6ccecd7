"""What is done to a cell before it is a value: ["trim"], ["replace", "a", "b"], ["map", {"3": "yes"}] and so on.

Each kind is made once into a function of text to text; `CHANGES` is the list of them.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from sync.suppliers.numbers import BadValue, number

Change = Callable[[str], str]
LONGEST_PATTERN = 500
LONGEST_SEARCHED = 10_000
"""Characters of a cell that a regular expression is tried on."""
_SIGNS = {",": ",", "comma": ",", ".": ".", "point": ".", "auto": None}


class BadTransform(ValueError):
    """Raised when a transform makes no sense."""


def compiled(transforms: object) -> list[Change]:
    """The functions of a list of transforms. Raises BadTransform."""
    if not isinstance(transforms, Sequence) or isinstance(transforms, str):
        raise BadTransform('transforms are a list, such as [["trim"], ["replace", "a", "b"]]')
    return [_change(each) for each in transforms]


def _change(transform: object) -> Change:
    parts = [transform] if isinstance(transform, str) else transform
    if not isinstance(parts, list | tuple) or not parts or not isinstance(parts[0], str):
        raise BadTransform('a transform is a list that begins with its name, such as ["trim"]')
    make = CHANGES.get(parts[0])
    if make is None:
        raise BadTransform(f"there is no transform {parts[0]!r}; known: {', '.join(CHANGES)}")
    try:
        return make(*parts[1:])
    except TypeError:
        raise BadTransform(f"{parts[0]} takes other parts than {list(parts[1:])}; see docs/supplier-feeds.md") from None


def pattern(text: object) -> re.Pattern[str]:
    """A regular expression of bearable length. Raises BadTransform."""
    if len(_text(text)) > LONGEST_PATTERN:
        raise BadTransform(f"the expression is longer than {LONGEST_PATTERN} characters")
    try:
        return re.compile(_text(text))
    except (re.error, OverflowError, RecursionError) as error:
        raise BadTransform(f"{text!r} is no regular expression: {error}") from None


def _text(value: object) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise BadTransform(f"{value!r} is not a text")
    return str(value)


def _trim() -> Change:
    """Spaces of all kinds at the ends go, those inside become one."""
    return lambda text: " ".join(text.replace("\u200b", "").replace("\ufeff", "").split())


def _replace(old: Any, new: Any) -> Change:
    wanted, instead = _text(old), _text(new)
    if not wanted:
        raise BadTransform("replace needs something to replace")
    return lambda text: text.replace(wanted, instead)


def _regex(expression: Any, replacement: Any = None) -> Change:
    """With a replacement every match is replaced; without one the first group, or the match, is taken, else nothing."""
    found = pattern(expression)
    if replacement is not None:
        instead = _text(replacement)
        try:
            found.sub(instead, "")
            re._parser.parse_template(instead, found)  # type: ignore[attr-defined]
        except (re.error, IndexError) as error:
            raise BadTransform(f"{instead!r} is no replacement for {expression!r}: {error}") from None
        return lambda text: found.sub(instead, text[:LONGEST_SEARCHED])

    def taken(text: str) -> str:
        match = found.search(text[:LONGEST_SEARCHED])
        return "" if match is None else (match[1] if found.groups else match[0]) or ""

    return taken


def _number(sign: Any = "auto") -> Change:
    """The number in plain digits, read with the decimal sign that is given."""
    if sign not in _SIGNS:
        raise BadTransform(f"number takes one of: {', '.join(_SIGNS)}")
    decimal = _SIGNS[sign]
    simple = re.compile(rf"\d{{1,15}}(?:{re.escape(decimal or '.')}\d{{1,2}})?\D*", re.ASCII)

    def changed(text: str) -> str:
        if simple.fullmatch(text) and not (decimal == "," and "." in text):
            return text.replace(",", ".") if decimal == "," else text
        return _plain(text, decimal) if text else ""

    return changed


_AMOUNT = re.compile(r"[+−-]?(?:\d|[.,](?=\d))(?:[\d.,'’ \t\u00a0\u202f\u2009]*[\d.,])?")


def _plain(text: str, decimal: str | None) -> str:
    """Only the digits are changed: what stands beside them (a currency, a unit) stays."""
    found = _AMOUNT.search(text)
    if not found:
        raise BadValue("is not a number such as 12.50 or 1 234,50")
    digits = f"{number(found[0].rstrip('.,'), decimal):f}"
    if len(digits.partition(".")[2]) == 3:
        digits += "0"  # 1.2340 is read one way only, 1.234 two ways
    return f"{text[: found.start()]}{digits}{text[found.end() :]}"


def _map(words: Any, otherwise: Any = None) -> Change:
    """Word for word, without regard to case; an empty cell stays empty, a word that is not listed is `otherwise`."""
    if not isinstance(words, dict) or not words:
        raise BadTransform('map takes words and what they mean, such as {"3": "yes"}')
    known = {_text(word).strip().casefold(): _text(meaning) for word, meaning in words.items()}
    fallback = None if otherwise is None else _text(otherwise)

    def looked_up(text: str) -> str:
        word = text.strip().casefold()
        meaning = known.get(word, fallback if word else "")
        if meaning is not None:
            return meaning
        raise BadValue(f"is not among the words that are mapped ({', '.join(list(known)[:10])})")

    return looked_up


def _constant(value: Any) -> Change:
    fixed = _text(value)
    return lambda _: fixed


def _default(value: Any) -> Change:
    fixed = _text(value)
    return lambda text: text or fixed


def _prefix(value: Any) -> Change:
    fixed = _text(value)
    return lambda text: fixed + text if text else ""


def _suffix(value: Any) -> Change:
    fixed = _text(value)
    return lambda text: text + fixed if text else ""


CHANGES: dict[str, Callable[..., Change]] = {
    "trim": _trim,
    "replace": _replace,
    "regex": _regex,
    "number": _number,
    "map": _map,
    "constant": _constant,
    "default": _default,
    "lower": lambda: str.lower,
    "upper": lambda: str.upper,
    "prefix": _prefix,
    "suffix": _suffix,
}
