"""WebserviceRequest::saveEntityFromXml: POST, PUT and PATCH of one or many entities.

Not a transaction: it stops at the first bad entity, and the earlier ones stay saved.
"""

from prestashop_client.sandbox.behaviour import class_of
from prestashop_client.sandbox.behaviour.category import rebuild_tree
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.entity import Entity, load
from prestashop_client.sandbox.fields import Field, Resource
from prestashop_client.sandbox.incoming import Sent
from prestashop_client.sandbox.php import to_int


def save(context: Context, resource: Resource, method: str, entities: list[Sent]) -> list[Entity]:
    """Save the entities; the objects as the answer shows them. Refused or Crash, after earlier ones were saved."""
    _check_ids(context, method, entities)
    saved: list[Entity] = []
    for number, sent in enumerate(entities):
        _sabotage(context, number, sent)
        entity = _object(context, resource, method, sent)
        saved.append(entity)
        _fill(entity, method, sent)
        entity.modify(method)
        if not context.errors:
            _store(entity, method, sent)
    if resource.name == "categories":
        rebuild_tree(context)
    return saved


def _sabotage(context: Context, number: int, sent: Sent) -> None:
    """The faults that were asked for: refuse an entity, or let PHP give a notice before it."""
    for fault in context.faults:
        if fault.kind == "refuse" and fault.text in sent.markup:
            message = fault.message or "Property Product->name is not valid"
            raise context.errors.refuse(400, f'Validation error: "{message}"', 85)
        if fault.kind == "skip" and number == fault.entity:
            context.errors.add(
                500,
                "[PHP Warning #2] "
                + (fault.message or 'Undefined array key "id_shop"')
                + " (/var/www/html/modules/sandbox/sandbox.php, line 42)",
                3,
            )


def _check_ids(context: Context, method: str, entities: list[Sent]) -> None:
    ids = [to_int(sent.text("id")) for sent in entities if sent.text("id") != ""]
    if method == "POST":
        if ids:
            raise context.errors.refuse(400, "id is forbidden when adding a new resource", 91)
        return
    if len(set(ids)) != len(ids):
        raise context.errors.refuse(400, "id is duplicate in request", 89)
    if len(ids) != len(entities):
        raise context.errors.refuse(400, "id is required when modifying a resource", 90)


def _object(context: Context, resource: Resource, method: str, sent: Sent) -> Entity:
    kind = class_of(resource.name)
    if method == "POST":
        return kind(context, resource)
    found = load(context, resource, kind, to_int(sent.text("id")))
    if found is None:
        raise context.errors.refuse(404, "Invalid ID", 92)
    return found


def _fill(entity: Entity, method: str, sent: Sent) -> None:
    if method != "POST":
        entity.id = sent.text("id")
    for field in entity.resource.fields:
        given = field.name in sent
        if method == "PATCH" and not given:
            continue
        if field.lang:
            _fill_texts(entity, field, sent)
        elif given:
            _fill_plain(entity, field, sent.text(field.name))
        elif field.required:
            raise entity.context.errors.refuse(400, f'parameter "{field.name}" required', 41)
        elif field.is_property:
            entity.values[field.name] = None


def _fill_plain(entity: Entity, field: Field, text: str) -> None:
    if field.read_only:
        raise entity.context.errors.refuse(
            400, f'parameter "{field.name}" not writable. Please remove this attribute of this XML', 93
        )
    entity.assign(field.name, text)


def _fill_texts(entity: Entity, field: Field, sent: Sent) -> None:
    texts = sent.texts(field.name)
    if texts is None:
        entity.values[field.name] = sent.text(field.name)
        return
    known = entity.values.get(field.name) if field.required else None
    entity.values[field.name] = {**(known if isinstance(known, dict) else {}), **texts}


def _store(entity: Entity, method: str, sent: Sent) -> None:
    errors = entity.context.errors
    if entity.resource.multilang:
        fault = entity.check_texts()
        if fault:
            raise errors.refuse(400, f'Validation error: "{fault}"', 84)
    fault = entity.check_plain()
    if fault:
        raise errors.refuse(400, f'Validation error: "{fault}"', 85)
    if not (entity.add() if method == "POST" else entity.update()):
        errors.add(500, "Unable to save resource", 46)
        return
    for name, entries in sent.associations():
        if entity.resource.association(name) is None:
            if name != "i18n":
                raise errors.refuse(400, f'The association "{name}" does not exists', 86)
        elif not entity.associate(name, entries):
            raise errors.refuse(500, f"Error occurred while setting the {name} value", 85)
    _belong(entity)


def _belong(entity: Entity) -> None:
    """The object belongs to the shops of the request from now on."""
    resource = entity.resource
    if resource.shop == "shop":
        for shop in entity.context.shop_ids:
            entity.context.store.insert(
                f"{resource.table}_shop", {"id_shop": shop, resource.primary: entity.number}, "INSERT OR IGNORE"
            )
