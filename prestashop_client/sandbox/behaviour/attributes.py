"""Product options and features with their values: positions, and what goes along when one is deleted."""

from prestashop_client.sandbox.behaviour.combination import delete_combinations
from prestashop_client.sandbox.entity import Entity, Entry
from prestashop_client.sandbox.php import to_int


class _Positioned(Entity):
    """An object with a position; a new one without goes last."""

    within = ""
    """The field that names the list it stands in; "" for one list of all."""

    def add(self) -> bool:
        if self.integer("position") <= 0:
            self.values["position"] = str(self._last_position() + 1)
        return super().add()

    def _last_position(self) -> int:
        table = self.resource.table
        if self.within:
            last = self.context.store.value(
                f'SELECT MAX(position) FROM "{table}" WHERE "{self.within}" = ?', (self.integer(self.within),)
            )
        else:
            last = self.context.store.value(f'SELECT MAX(position) FROM "{table}"')
        return -1 if last is None else int(last)

    def delete(self) -> bool:
        deleted = super().delete()
        self._close_gaps()
        return deleted

    def _close_gaps(self) -> None:
        table, primary = self.resource.table, self.resource.primary
        where = f'WHERE "{self.within}" = ?' if self.within else ""
        keys = self.context.store.column(
            f'SELECT "{primary}" FROM "{table}" {where} ORDER BY position, "{primary}"',
            (self.integer(self.within),) if self.within else (),
        )
        for position, key in enumerate(keys):
            self.context.store.execute(f'UPDATE "{table}" SET position = ? WHERE "{primary}" = ?', (position, key))


class Option(_Positioned):
    """classes/AttributeGroup.php: a group of option values (product_options)."""

    resource_name = "product_options"

    def add(self) -> bool:
        self._tell_colour()
        return super().add()

    def update(self) -> bool:
        self._tell_colour()
        return super().update()

    def _tell_colour(self) -> None:
        self.values["is_color_group"] = "1" if self.values.get("group_type") == "color" else ""

    def delete(self) -> bool:
        values = self.context.store.column(
            "SELECT id_attribute FROM attribute WHERE id_attribute_group = ?", (self.number,)
        )
        for value in values:
            delete_combinations(self.context, value)
            for table in ("attribute_shop", "attribute_lang", "attribute"):
                self.context.store.execute(f"DELETE FROM {table} WHERE id_attribute = ?", (value,))
        return super().delete()

    def associated(self, name: str) -> list[Entry]:
        keys = self.context.store.column(
            "SELECT id_attribute FROM attribute WHERE id_attribute_group = ? ORDER BY position, id_attribute",
            (self.number,),
        )
        return [{"id": str(key)} for key in keys]

    def associate(self, name: str, entries: list[Entry]) -> bool:
        store, keys = self.context.store, [to_int(entry.get("id")) for entry in entries]
        if keys:
            marks = ",".join("?" * len(keys))
            store.execute(
                f"DELETE FROM attribute WHERE id_attribute_group = ? AND id_attribute NOT IN ({marks})",
                (self.number, *keys),
            )
        for key in keys:
            store.execute("UPDATE attribute SET id_attribute_group = ? WHERE id_attribute = ?", (self.number, key))
        return True


class OptionValue(_Positioned):
    """classes/ProductAttribute.php: a value of an option; combinations that use it go with it."""

    resource_name = "product_option_values"
    within = "id_attribute_group"

    def delete(self) -> bool:
        delete_combinations(self.context, self.number)
        return super().delete()


class Feature(_Positioned):
    """classes/Feature.php: a feature; its values and their use go with it."""

    resource_name = "product_features"

    def delete(self) -> bool:
        store = self.context.store
        values = store.column("SELECT id_feature_value FROM feature_value WHERE id_feature = ?", (self.number,))
        for value in values:
            for table in ("feature_value_lang", "feature_value"):
                store.execute(f"DELETE FROM {table} WHERE id_feature_value = ?", (value,))
        store.execute("DELETE FROM feature_product WHERE id_feature = ?", (self.number,))
        return super().delete()


class FeatureValue(_Positioned):
    """classes/FeatureValue.php: a value of a feature."""

    resource_name = "product_feature_values"
    within = "id_feature"

    def delete(self) -> bool:
        self.context.store.execute("DELETE FROM feature_product WHERE id_feature_value = ?", (self.number,))
        return super().delete()
