"""Manufacturers, suppliers, currencies and specific prices: little besides their fields."""

from sqlite3 import IntegrityError

from prestashop_client.sandbox.entity import Entity, Entry, Shown, Value
from prestashop_client.sandbox.slug import slug


def _name_slug(entity: Entity) -> Value:
    name = entity.values.get("name")
    return slug(name) if isinstance(name, str) else None


class Manufacturer(Entity):
    """classes/Manufacturer.php: the friendly address is computed, never stored."""

    resource_name = "manufacturers"

    def dynamic(self, name: str) -> Shown:
        return _name_slug(self) if name == "link_rewrite" else super().dynamic(name)

    def associated(self, name: str) -> list[Entry]:
        keys = self.context.store.column(
            "SELECT id_address FROM manufacturer_address WHERE id_manufacturer = ? ORDER BY id_address", (self.number,)
        )
        return [{"id": str(key)} for key in keys]

    def delete(self) -> bool:
        self.context.store.execute("DELETE FROM manufacturer_address WHERE id_manufacturer = ?", (self.number,))
        return super().delete()


class Supplier(Entity):
    """classes/Supplier.php: a loaded supplier knows its friendly address, a new one does not."""

    resource_name = "suppliers"

    def loaded(self) -> None:
        self.values["link_rewrite"] = _name_slug(self)


class Currency(Entity):
    """classes/Currency.php: `name` is the name in the default language."""

    resource_name = "currencies"

    def dynamic(self, name: str) -> Shown:
        names = self.values.get("names")
        if name != "name" or not isinstance(names, dict):
            return super().dynamic(name)
        return names.get(self.context.default_language, "")


class SpecificPrice(Entity):
    """classes/SpecificPrice.php: the database refuses an exact double."""

    resource_name = "specific_prices"

    def add(self) -> bool:
        try:
            return super().add()
        except IntegrityError:
            return False

    def update(self) -> bool:
        try:
            return super().update()
        except IntegrityError:
            return False
