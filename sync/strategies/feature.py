"""Features of products: the feature and its value, both found by name or created once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from prestashop_client.errors import PermissionRefused
from sync.strategies.named import FEATURE_VALUES, FEATURES, Thing, ensure
from sync.strategies.run import Run
from sync.transform.snapshot import Feature, first_name


@dataclass(frozen=True, slots=True)
class FeatureIds:
    """Feature -> (its id, its value's id) in the shop; and the reasons of those that are not there."""

    ids: dict[Feature, tuple[int, int]] = field(default_factory=dict)
    refused: dict[Feature, str] = field(default_factory=dict)


def ensure_features(run: Run, wanted: Iterable[Feature], *, create: bool = True) -> FeatureIds:
    """The ids of these features and values, in no request where all are known.

    A key that may not work on features is the matter of the products that have some. Raises Busy while another lane
    creates one of them, and PrestaShopError when the shop cannot be asked.
    """
    each_once = list(dict.fromkeys(wanted))
    try:
        return _ensured(run, each_once, create)
    except PermissionRefused as error:
        return FeatureIds(refused={each: str(error) for each in each_once})


def _ensured(run: Run, wanted: Iterable[Feature], create: bool) -> FeatureIds:
    result = FeatureIds()
    sound = []
    for each in wanted:
        if each.feature and each.value:
            sound.append(each)
        else:
            result.refused[each] = f"{first_name(each.feature)!r} has no {'value' if each.feature else 'name'}"
    features = ensure(run, FEATURES, (Thing(each.feature) for each in sound), create=create)
    parents = {each: features.ids.get(Thing(each.feature)) for each in sound}
    values = ensure(
        run, FEATURE_VALUES, (Thing(each.value, parent) for each, parent in parents.items() if parent), create=create
    )
    for each, parent in parents.items():
        value = Thing(each.value, parent)
        if parent is not None and value in values.ids:
            result.ids[each] = (parent, values.ids[value])
        else:
            reason = features.refused.get(Thing(each.feature)) or values.refused.get(value, "not in the shop")
            result.refused[each] = reason
    return result
