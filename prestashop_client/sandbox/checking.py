"""ObjectModel::validateField: one value against its field's definition."""

from html import unescape

from prestashop_client.sandbox.fields import Field
from prestashop_client.sandbox.php import is_empty, is_numeric, to_float, to_int
from prestashop_client.sandbox.validate import is_valid


def check_field(class_name: str, field: Field, value: str | None, must: bool) -> tuple[str | None, str | None]:
    """(the fault in PrestaShop's words or None, the value or its default). `must`: whether "required" counts."""
    name = f"{class_name}->{field.name}"
    if must and field.required and value in (None, ""):
        return f"Property {name} is empty.", value
    if is_empty(value) and field.default:
        value = field.default
    text = value or ""
    if field.values and text not in field.values:
        allowed = ", ".join(field.values)
        return f"Property {name} has a bad value (allowed values are: {allowed}).", value
    return _measure(name, field, text) or _span(name, field, text) or _content(name, field, text), value


def _measure(name: str, field: Field, text: str) -> str | None:
    limit = field.size_in_force or field.size
    length = len(unescape(text)) if limit and len(text) > limit else 0
    if length <= limit:
        return None
    return f"The length of property {name} is currently {length} chars. It must be between 0 and {limit} chars."


def _span(name: str, field: Field, text: str) -> str | None:
    if field.span is None:
        return None
    low, high = field.span
    # PHP 8 compares a number with a text that is none as two texts.
    inside = low <= to_float(text) <= high if is_numeric(text) else str(low) <= text <= str(high)
    if inside:
        return None
    return f"The range of property {name} is currently {to_int(text)}. It must be between {low} and {high}."


def _content(name: str, field: Field, text: str) -> str | None:
    if field.validate and not is_empty(text) and not is_valid(field.validate, text):
        return f"Property {name} is not valid"
    return None
