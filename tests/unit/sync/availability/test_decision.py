"""One decision for both routes: offer and settings in, what stands in the shop out."""

from typing import Any

import pytest

from sync.availability.decision import MAX_QUANTITY, AvailabilitySettings, OfferState, decide, is_available
from sync.availability.texts import Texts, plural_categories, plural_category, texts_from_json

PL = {"one": "Wysyłka za {days} dzień", "few": "Wysyłka za {days} dni", "many": "Wysyłka za {days} dni.", "other": "?"}
TEXTS = {
    "en": Texts("In stock", "Sold out", {"one": "Ships in {days} day", "other": "Ships in {days} days"}),
    "pl": Texts("Dostępny", "Niedostępny", PL),
}


@pytest.mark.parametrize(
    ("says", "stock", "threshold", "expected"),
    [
        (True, 20, 20, True),
        (True, 19, 20, False),
        (True, 0, 0, True),  # it says yes, and the threshold is off
        (True, None, 20, True),
        (True, -3, 0, False),
        (False, 500, 20, False),
        (False, None, 0, False),
        (None, 20, 20, True),
        (None, 19, 20, False),
        (None, 1, 0, True),
        (None, 0, 0, False),
        (None, None, 0, False),
    ],
)
def test_what_counts_as_available(says: bool | None, stock: int | None, threshold: int, expected: bool) -> None:
    assert is_available(OfferState(says, stock), threshold) is expected


def test_nobody_offers_it() -> None:
    decided = decide(None, AvailabilitySettings(TEXTS, write_quantities=True))
    assert not decided.available
    assert (decided.out_of_stock, decided.quantity) == (0, 0)
    assert decided.available_later == {"en": "Sold out", "pl": "Niedostępny"}


@pytest.mark.parametrize(
    ("days", "en", "pl"),
    [
        (None, "In stock", "Dostępny"),
        (0, "In stock", "Dostępny"),
        (-1, "In stock", "Dostępny"),
        (1, "Ships in 1 day", "Wysyłka za 1 dzień"),
        (2, "Ships in 2 days", "Wysyłka za 2 dni"),
        (5, "Ships in 5 days", "Wysyłka za 5 dni."),
        (22, "Ships in 22 days", "Wysyłka za 22 dni"),
        (112, "Ships in 112 days", "Wysyłka za 112 dni."),
    ],
)
def test_delivery_in_the_languages_own_plural(days: int | None, en: str, pl: str) -> None:
    decided = decide(OfferState(True, 50, days), AvailabilitySettings(TEXTS))
    assert decided.available
    assert decided.out_of_stock == 1
    assert decided.available_later == {"en": en, "pl": pl}
    assert decided.available_now == {"en": "In stock", "pl": "Dostępny"}


def test_own_pieces_are_sold_as_in_stock_when_the_supplier_has_none() -> None:
    decided = decide(OfferState(False, 0, 3), AvailabilitySettings(TEXTS))
    assert decided.available_now == {"en": "In stock", "pl": "Dostępny"}
    assert decided.available_later == {"en": "Sold out", "pl": "Niedostępny"}


@pytest.mark.parametrize(
    ("offer", "quantity"),
    [
        (OfferState(True, 35), 35),
        (OfferState(True, 19), 0),  # below the threshold nothing may be left to buy
        (OfferState(False, 35), 0),
        (OfferState(True, None), None),  # unknown stock is not written
        (OfferState(True, 2**40), MAX_QUANTITY),
        (None, 0),
    ],
)
def test_quantities_where_they_are_written(offer: OfferState | None, quantity: int | None) -> None:
    assert decide(offer, AvailabilitySettings(write_quantities=True)).quantity == quantity
    assert decide(offer, AvailabilitySettings()).quantity is None


def test_own_values_of_out_of_stock() -> None:
    settings = AvailabilitySettings(allow_value=2, deny_value=1)
    assert decide(OfferState(True), settings).out_of_stock == 2
    assert decide(OfferState(False), settings).out_of_stock == 1


def test_a_text_that_is_not_set_is_left_alone_and_an_empty_one_clears() -> None:
    decided = decide(OfferState(True), AvailabilitySettings({"en": Texts(None, "x"), "pl": Texts("", None)}))
    assert decided.available_now == {"pl": ""}
    assert decided.available_later == {"pl": ""}
    assert decide(None, AvailabilitySettings({"pl": Texts("", None)})).available_later == {}


def test_what_is_remembered_does_not_depend_on_order() -> None:
    turned = dict(reversed(TEXTS.items()))
    one, other = (decide(OfferState(True, 30, 2), AvailabilitySettings(texts)) for texts in (TEXTS, turned))
    assert str(one.as_json()) == str(other.as_json())
    assert one.as_json()["available_later"] == {"en": "Ships in 2 days", "pl": "Wysyłka za 2 dni"}


@pytest.mark.parametrize(
    ("iso", "number", "category"),
    [("br", 2, "other"), ("gb", 1, "one"), ("si", 3, "few"), ("xx", 1, "other"), ("", 1, "other"), ("pt-br", 1, "one")],
)
def test_languages_by_prestashops_own_codes(iso: str, number: int, category: str) -> None:
    assert plural_category(iso, number) == category


def test_the_forms_that_a_language_needs() -> None:
    assert plural_categories("en") == ("one", "other")
    assert plural_categories("pl") == ("one", "few", "many")
    assert plural_categories("ja") == ("other",)


def test_texts_as_they_are_stored() -> None:
    stored: dict[str, dict[str, Any]] = {
        "en": {"available": "Yes", "delivery": {"one": "", "other": "In {days}"}},
        "de": {"delivery": "{days} T"},
    }
    texts = texts_from_json(stored)
    assert texts["en"] == Texts("Yes", None, {"other": "In {days}"})
    assert texts["de"].when_ordered("de", 1) == "1 T"
    assert texts_from_json(None) == {}


def test_sound_settings_have_no_problems() -> None:
    assert AvailabilitySettings(TEXTS).problems() == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (AvailabilitySettings({"en": Texts("<b>")}), "en: available: PrestaShop refuses < >"),
        (AvailabilitySettings({"en": Texts("{days}")}), "en: available: PrestaShop refuses { }"),
        (AvailabilitySettings({"en": Texts(None, "x" * 256)}), "en: unavailable: 256 characters"),
        (AvailabilitySettings({"en": Texts(delivery={"other": "In {day}"})}), "en: delivery (other): PrestaShop"),
        (AvailabilitySettings({"pl": Texts(delivery={"one": "a", "few": "b"})}), "pl: delivery: no text for the plur"),
        (AvailabilitySettings({"pl": Texts(delivery={"plenty": "a", "other": "b"})}), "'plenty' is no plural form"),
        (AvailabilitySettings(allow_value=3), "out_of_stock when available: 3"),
        (AvailabilitySettings(min_stock_threshold=-1), "below 0"),
    ],
)
def test_problems_are_named(settings: AvailabilitySettings, said: str) -> None:
    assert [problem for problem in settings.problems() if said in problem]
