"""modifierWsLinkRewrite: the friendly address of a new product or category, made from its name."""

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.entity import Entity
from prestashop_client.sandbox.php import is_empty
from prestashop_client.sandbox.slug import slug
from prestashop_client.sandbox.validate import is_valid


def _into_text(rewrite: str, names: dict[int, str], context: Context, file: str, line: int) -> str:
    """PHP writes into the text at the language's number: the first letter of each address, and a warning."""
    letters = list(rewrite)
    for language, name in names.items():
        letters += " " * (language + 1 - len(letters))
        if is_empty(letters[language].strip()):
            letters[language] = slug(name)[:1]
            context.errors.warn("Only the first byte will be assigned to the string offset", line, file)
    return "".join(letters)


def slug_modifier(entity: Entity, *, empty_becomes_list: bool, file: str, line: int) -> None:
    """Fill the missing addresses and repair the invalid ones.

    A name that is no list of texts, and an address that is no list where PrestaShop does not make one of it, are
    PHP warnings; they stop the object from being saved where warnings are errors.
    """
    errors, names = entity.context.errors, entity.values.get("name")
    if not isinstance(names, dict):
        kind = "string" if isinstance(names, str) else "null"
        errors.warn(f"foreach() argument must be of type array|object, {kind} given", line, file)
        return
    rewrites = entity.values.get("link_rewrite")
    if not isinstance(rewrites, dict):
        if not is_empty(rewrites) or not empty_becomes_list:
            entity.values["link_rewrite"] = _into_text(rewrites or "", names, entity.context, file, line + 2)
            return
        rewrites = {}
    for language, name in names.items():
        given = rewrites.get(language)
        if is_empty(given):
            rewrites[language] = slug(name)
        elif given is not None and not is_valid("isLinkRewrite", given):
            rewrites[language] = slug(given)
    entity.values["link_rewrite"] = rewrites
