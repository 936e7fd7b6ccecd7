"""Which of our products a shop's is, and what of it becomes ours."""

from decimal import Decimal
from typing import Any

import pytest

from sync.intake.matching import Known, Ours, match, sku_of
from sync.intake.members import below
from sync.intake.merging import Sides, merge
from sync.intake.selection import ImportSelection
from sync.intake.values import Incoming
from sync.transform.remote import mark


def incoming(number: int = 9, reference: str = "A", ean: str | None = None) -> Incoming:
    return Incoming(number, reference, ean, {"price": Decimal(1)}, {}, None, (), (), (), 0, None, None)


A, B = Ours(1, "A"), Ours(2, "B")
LINKED = Ours(1, "A", external_id=4)


@pytest.mark.parametrize(
    ("theirs", "known", "product", "reason"),
    [
        (incoming(), Known(), None, None),
        (incoming(), Known(by_link={9: B}, by_sku={"A": A}), B, None),
        (incoming(), Known(by_sku={"A": A}), A, None),
        (incoming(reference="a"), Known(by_sku={"A": A}), None, None),
        (incoming(), Known(by_sku={"A": Ours(1, "A", 9)}), Ours(1, "A", 9), None),
        (incoming(), Known(by_sku={"A": LINKED}), None, "the shop has both 4 and 9"),
        (incoming(), Known(by_sku={"A": LINKED}, gone=frozenset((4,))), LINKED, None),
        (incoming(ean="5"), Known(by_ean={"5": (B,)}), B, None),
        (incoming(ean="5"), Known(by_sku={"A": A}, by_ean={"5": (B,)}), A, None),
        (incoming(ean="5"), Known(by_ean={"5": (A, B)}), None, "EAN 5 is that of 2 products of ours: 1 (A), 2 (B)"),
        (incoming(ean="5"), Known(by_ean={"5": (LINKED, B)}), B, None),
        (incoming(ean="5"), Known(by_ean={"5": (LINKED,)}), None, None),
    ],
)
def test_link_then_sku_then_ean(theirs: Incoming, known: Known, product: Ours | None, reason: str | None) -> None:
    found = match(theirs, 3, known)
    assert found.product == product
    assert (reason or "") in (found.reason or "")
    assert (found.reason is None) is (reason is None)


def test_one_of_ours_is_only_one_of_theirs() -> None:
    known = Known(by_sku={"A": A}, by_ean={"5": (A,)})
    assert match(incoming(9), 3, known).product == A
    assert match(incoming(10), 3, known).rival == 9
    assert match(incoming(11, "OTHER", "5"), 3, known).product is None


def test_a_product_without_reference_has_a_sku_all_the_same() -> None:
    assert sku_of(incoming(reference=""), 3) == "PS-3-9"


AGREED = {"price": "10", "name": {"1": "Mug"}, "description": {"1": "<p>a<br>b</p>"}}


@pytest.mark.parametrize(
    ("ours", "theirs", "policy", "verdicts"),
    [
        ({}, {}, "ours", {"price": "same"}),
        ({}, {"price": "12.000000"}, "ours", {"price": "take", "name": "same"}),
        ({"price": "11"}, {}, "shop", {"price": "keep"}),
        ({"price": "12"}, {"price": "12.000"}, "ask", {"price": "same"}),
        ({"price": "11"}, {"price": "12"}, "ours", {"price": "keep"}),
        ({"price": "11"}, {"price": "12"}, "shop", {"price": "take"}),
        ({"price": "11"}, {"price": "12"}, "newest", {"price": "take"}),
        ({"price": "11"}, {"price": "12"}, "ask", {"price": "conflict", "name": "same"}),
        ({}, {"description": {"1": "<p>a<br />b</p>"}}, "shop", {"description": "same"}),
        ({}, {"description": {"1": "<p>c</p>"}}, "ours", {"description": "take"}),
    ],
)
def test_what_only_one_side_changed_is_that_side_s(
    ours: dict[str, Any], theirs: dict[str, Any], policy: str, verdicts: dict[str, str]
) -> None:
    found = merge(policy, Sides({**AGREED, **ours}, {**AGREED, **theirs}, AGREED, newer=True))
    sets = {"same": found.same, "take": found.take, "keep": found.keep, "conflict": frozenset(found.conflict)}
    for name, verdict in verdicts.items():
        assert [word for word, names in sets.items() if name in names] == [verdict]


def test_what_was_never_agreed_on_is_the_shop_s() -> None:
    assert merge("ours", Sides({"price": "1"}, {"price": "2"})).take == {"price"}


def test_what_was_seen_before_is_no_change() -> None:
    sides = Sides({"reference": "PS-1-2"}, {"reference": ""}, {"reference": "PS-1-2"}, {"reference": mark("")})
    assert merge("shop", sides).same == {"reference"}


def test_the_default_category_goes_with_the_others() -> None:
    agreed = {"id_category_default": "3", "associations.categories": [{"id": "3"}]}
    theirs = {**agreed, "associations.categories": [{"id": "3"}, {"id": "4"}]}
    assert merge("ours", Sides(agreed, theirs, agreed)).take == set(agreed)


def test_all_below_the_chosen_categories() -> None:
    tree = {1: 0, 2: 1, 3: 2, 4: 3, 5: 2, 6: 7, 7: 6}
    assert below(tree, [3]) == {3, 4}
    assert below(tree, [2, 4, 99]) == {2, 3, 4, 5}
    assert below(tree, [6]) == {6, 7}


def test_a_selection_survives_its_json_form() -> None:
    chosen = ImportSelection("references", references=("A", " b"), images=True, update=False, limit=5)
    assert ImportSelection.from_params(chosen.as_params()) == chosen
    with pytest.raises(ValueError, match="unknown selection 'some'"):
        ImportSelection("some")
