"""WebserviceRequest::filterLanguage: the `language` parameter."""

import re

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.php import is_numeric, to_int


def languages_asked(context: Context, asked: str | None) -> list[int]:
    """The languages that the answer shows: all, one (`1`), a list (`[1|2]`) or a range (`[1,2]`)."""
    if asked is None:
        return context.all_languages
    return [one for one in _chosen(context, asked) if one in context.all_languages]


def _chosen(context: Context, asked: str) -> list[int]:
    if is_numeric(asked):
        return [to_int(asked)]
    if not (asked.startswith("[") and asked.endswith("]")):
        raise context.errors.refuse(400, "language value is wrong", 79)
    inside = asked[1:-1]
    if ("|" in inside) == ("," in inside):
        found = re.fullmatch(r"\[(\d)+\]", asked)
        return [int(found.group(1))] if found else []
    parts = inside.split("|" if "|" in inside else ",")
    if not all(is_numeric(part) for part in parts[1:]):
        raise context.errors.refuse(400, "Language ID must be numeric", 80)
    numbers = [to_int(part) for part in parts]
    if "|" in inside:
        return numbers
    if len(numbers) != 2:
        raise context.errors.refuse(400, "A range value for a language must contains only 2 values", 78)
    return list(range(numbers[0], numbers[1] + 1))
