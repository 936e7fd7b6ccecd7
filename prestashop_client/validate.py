"""PrestaShop's own rules, checked before sending: each refusal names the field and the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prestashop_client.errors import LocalRefusal
from prestashop_client.formats import FORMATS
from prestashop_client.rules import NEVER_EMPTY, RULES, VALUES
from prestashop_client.schema import Field, Schema
from prestashop_client.versions import Capabilities
from prestashop_client.xml import scalar_text

# PrestaShop makes a good link_rewrite of any text on POST (measured), and refuses it on PUT and PATCH.
REPAIRED_ON_POST = "link_rewrite"


def problems(
    resource: str,
    document: Mapping[str, Any],
    method: str = "POST",
    *,
    schema: Schema | None = None,
    capabilities: Capabilities | None = None,
) -> list[LocalRefusal]:
    """Everything that the shop would refuse in `document`, one LocalRefusal for each field; [] for nothing.

    schema: the shop's own, which knows more fields than the built-in rules. method: POST also asks for what is
    required.
    """
    able = capabilities or Capabilities()
    known = {**(schema.fields if schema else {}), **RULES.get(resource, {}), **_older(resource, able)}
    found = list(_missing(resource, document, known)) if method == "POST" else []
    for name, value in document.items():
        if name in known and name != "associations":
            found += _field_problems(resource, known[name], value, method)
    found += _short_description(document, resource, able)
    return found


def _older(resource: str, able: Capabilities) -> dict[str, Field]:
    """PrestaShop 8 checks ean13 as EAN-13, 9 as GTIN."""
    major = able.version.split(".")[0]
    if resource == "products" and major.isdecimal() and int(major) < 9:
        return {"ean13": Field("ean13", format="isEan13", max_size=13)}
    return {}


def _missing(resource: str, document: Mapping[str, Any], known: Mapping[str, Field]) -> Iterator[LocalRefusal]:
    for name, rule in known.items():
        if rule.required and not rule.read_only and name not in document:
            yield LocalRefusal("is required", field=name, remedy="give it a value", resource=resource)
    if resource == "products" and isinstance(document.get("name"), str):
        remedy = "give it as {language id: text}; a plain text fails on creation"
        yield LocalRefusal("has no languages", field="name", remedy=remedy, resource=resource)


def _field_problems(resource: str, rule: Field, value: Any, method: str) -> list[LocalRefusal]:
    texts = [value] if isinstance(value, str) or not isinstance(value, Mapping) else value.values()
    found = []
    for text in texts:
        problem = _text_problem(resource, rule, scalar_text(rule.name, text), method)
        if problem is not None:
            found.append(problem)
            break
    return found


def _text_problem(resource: str, rule: Field, text: str, method: str) -> LocalRefusal | None:
    complaint = _complaint(resource, rule, text, method)
    if complaint is None:
        return None
    message, remedy = complaint
    return LocalRefusal(message, field=rule.name, remedy=remedy, resource=resource)


def _complaint(resource: str, rule: Field, text: str, method: str) -> tuple[str, str] | None:
    """(what is wrong, what to do) with one text."""
    allowed = VALUES.get((resource, rule.name))
    form = FORMATS.get(rule.format)
    if not text:
        return ("is empty", "give it a value") if (resource, rule.name) in NEVER_EMPTY else None
    if rule.max_size is not None and len(text) > rule.max_size:
        return f"is {len(text)} characters long", f"shorten it to {rule.max_size}"
    if allowed and text not in allowed:
        return f"{text!r} is no value", f"use {', '.join(allowed)}"
    if form is None or form.accepts(text) or (rule.name == REPAIRED_ON_POST and method == "POST"):
        return None
    return f"{text[:60]!r} is not valid", form.remedy


def _short_description(
    document: Mapping[str, Any], resource: str, capabilities: Capabilities
) -> Iterator[LocalRefusal]:
    """A setting of the shop's (800 by default) counts the markup too."""
    value = document.get("description_short") if resource == "products" else None
    texts = value.values() if isinstance(value, Mapping) else [value]
    longest = max((len(scalar_text("description_short", text)) for text in texts), default=0)
    limit = capabilities.short_description
    if limit and longest > limit:
        yield LocalRefusal(
            f"is {longest} characters long, markup counted",
            field="description_short",
            remedy=f"shorten it to {limit} or raise the limit in Shop Parameters > Product Settings",
            resource=resource,
        )
