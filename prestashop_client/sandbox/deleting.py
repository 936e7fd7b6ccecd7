"""WebserviceRequest::executeEntityDelete: one object by its path, or several by `?id=[1,2]`."""

from prestashop_client.sandbox.behaviour import class_of
from prestashop_client.sandbox.behaviour.category import rebuild_tree
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.entity import Entity, load
from prestashop_client.sandbox.fields import Resource
from prestashop_client.sandbox.php import Query, text_of, to_int


def delete(context: Context, resource: Resource, key: str, query: Query) -> int:
    """Delete; how many. Errors are noted: nothing is deleted where one id is missing."""
    asked = _asked(key, query)
    found: list[Entity] = []
    missing: list[str] = []
    for one in asked:
        entity = load(context, resource, class_of(resource.name), to_int(one))
        if entity is None:
            missing.append(one)
        else:
            found.append(entity)
    if missing or not asked:
        raise context.errors.refuse(404, f"Id(s) not exists: {', '.join(missing)}", 87)
    left = [str(entity.number) for entity in found if not entity.delete()]
    if resource.name == "categories":
        rebuild_tree(context)
    if left:
        raise context.errors.refuse(500, f"Id(s) wasn't deleted: {', '.join(left)}", 88)
    return len(found)


def _asked(key: str, query: Query) -> list[str]:
    text = text_of(query, "id")
    if text is None:
        return [str(to_int(key))]
    if not (text.startswith("[") and text.endswith("]") and len(text) > 1):
        return []
    return text[1:-1].split(",")
