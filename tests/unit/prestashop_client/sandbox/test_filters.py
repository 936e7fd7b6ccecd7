"""Section 3: filters, sort, limit."""

from collections.abc import Callable

import pytest

from .shop import NAME, Reply, Shop


@pytest.fixture
def catalogue(shop: Shop) -> Shop:
    for reference, price in (("FA", 10), ("fb", 20), ("ŻÓŁW", 30), ("FA%1", 40), ("A|B", 50), ("", 60), ("1,2", 70)):
        shop.create(entity=f"<reference>{reference}</reference><price>{price}</price><active>1</active>{NAME}")
    return shop


def found(shop: Shop, **query: object) -> list[str]:
    reply = shop.list("products", display="[reference]", sort="[id_ASC]", **query)
    assert reply.status == 200, reply.text
    return [item.findtext("reference") or "" for item in reply.root[0]]


@pytest.mark.parametrize(
    ("value", "references"),
    [
        ("FA", ["FA"]),
        ("[FA]", ["FA"]),
        ("fa", ["FA"]),
        ("FA ", ["FA"]),
        ("[FB]", ["fb"]),
        ("zółw", ["ŻÓŁW"]),
        ("zoŁw", ["ŻÓŁW"]),
        ("[zołw]", ["ŻÓŁW"]),
        ("[zolw]", []),
        ("[FA|fb|nobody]", ["FA", "fb"]),
        ("[FA|]", ["FA", ""]),
        ("[|FA]", []),
        ("A|B", ["A|B"]),
        ("[A|B]", []),
        ("[]", [""]),
        ("1,2", ["1,2"]),
        ("[1,2]", ["1,2"]),
        ("![FA]", ["fb", "ŻÓŁW", "FA%1", "A|B", "", "1,2"]),
        ("![FA|fb]", ["ŻÓŁW", "FA%1", "A|B", "", "1,2"]),
        ("[F]%", ["FA", "fb", "FA%1"]),
        ("%[B]", ["fb", "A|B"]),
        ("%[a]%", ["FA", "FA%1", "A|B"]),
        ("FA%", []),
        ("[FA%1]", ["FA%1"]),
        (">FA", []),
        ("[FA_1]%", ["FA%1"]),
    ],
)
def test_a_text(catalogue: Shop, value: str, references: list[str]) -> None:
    assert found(catalogue, filter_reference=value) == references


@pytest.mark.parametrize("value", ["A[1]", "[[X]]", "[FA|A[1]]"])
def test_a_bracket_in_the_value_drops_the_filter(catalogue: Shop, value: str) -> None:
    assert len(found(catalogue, filter_reference=value)) == 7


def test_a_reference_in_brackets_cannot_be_found(shop: Shop) -> None:
    shop.create(entity=f"<reference>[X]</reference><price>1</price>{NAME}")
    shop.create(entity=f"<reference>X</reference><price>1</price>{NAME}")
    assert found(shop, filter_reference="[X]") == ["X"]


@pytest.mark.parametrize(
    ("value", "references"),
    [
        ("[20,40]", ["fb", "ŻÓŁW", "FA%1"]),
        ("[40,20]", ["fb", "ŻÓŁW", "FA%1"]),
        (">[50]", ["", "1,2"]),
        ("<[20]", ["FA"]),
        ("10", ["FA"]),
        ("10.00", ["FA"]),
        (">50", []),
    ],
)
def test_a_number(catalogue: Shop, value: str, references: list[str]) -> None:
    assert found(catalogue, filter_price=value) == references


@pytest.mark.parametrize(("value", "ids"), [("1abc", [1]), ("abc", []), ("[1|3|99]", [1, 3]), ("[2,3]", [2, 3])])
def test_ids(catalogue: Shop, value: str, ids: list[int]) -> None:
    assert catalogue.list("products", filter_id=value, sort="id_ASC").ids() == ids


def test_several_filters_hold_together(catalogue: Shop) -> None:
    assert found(catalogue, filter_reference="[F]%", filter_price=">[15]") == ["fb", "FA%1"]


def test_a_translated_field_matches_any_language(shop: Shop) -> None:
    key = shop.create()
    for value in ("Mug", "Kubek", "[kub]%", "[Nobody|Mug]"):
        assert shop.list("products", filter_name=value).ids() == [key]
    assert shop.list("products", filter_name="Kubek", language=1).ids() == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"filter[colour]": "[red]"}, 32),
        ({"filter[quantity]": "3"}, 34),
        ({"filter[manufacturer_name]": "x"}, 34),
        ({"filter[categories]": "2"}, 32),
        ({"filter[categories][id]": "2"}, 31),
        ({"filter[reference]": ""}, 33),
        ({"filter[date_upd]": "[2000-01-01,2000-01-02]"}, 32),
        ({"sort": "[id]"}, 37),
        ({"sort": "[colour_ASC]"}, 38),
        ({"sort": "[date_upd_ASC]"}, 38),
        ({"display": "[colour]"}, 35),
        ({"display": "id"}, 36),
        ({"limit": "1,2,3"}, 39),
    ],
)
@pytest.mark.parametrize("display_errors", [False, True])
def test_malformed_lists(
    open_shop: Callable[..., Shop], query: dict[str, str], code: int, display_errors: bool
) -> None:
    reply = open_shop(display_errors=display_errors).list("products", **query)
    assert reply.status == (400 if display_errors else 500)
    assert reply.codes == ([code] if display_errors else [code, 3, 3, 3, 3])


def test_what_may_be_filtered_is_told(shop: Shop) -> None:
    message = shop.list("products", filter_prize="1").errors[0][1]
    assert message.startswith('This filter does not exist. Did you mean: "price"? The full list is: "id", ')
    assert "date_upd" not in message


def test_dates(shop: Shop) -> None:
    shop.create()
    assert shop.list("products", filter_date_upd=">[2020-01-01]", date=1).ids() == [1]
    assert shop.list("products", filter_date_upd="[2000-01-01,2000-01-02]", date=1).ids() == []
    assert shop.list("products", sort="[date_upd_DESC]", date=1).ids() == [1]


def test_a_parameter_without_filter_is_ignored(catalogue: Shop) -> None:
    assert len(catalogue.list("products", reference="FA").ids()) == 7
    assert len(catalogue.list("products", id="[1,2]").ids()) == 7


@pytest.mark.parametrize(
    ("limit", "ids"),
    [
        ("3", [1, 2, 3]),
        ("3,3", [4, 5, 6]),
        ("50,3", []),
        ("0", []),
        ("-1", []),
        ("abc", []),
        ("6,5", [7]),
    ],
)
def test_limits(catalogue: Shop, limit: str, ids: list[int]) -> None:
    reply = catalogue.list("products", limit=limit, sort="[id_ASC]")
    assert (reply.status, reply.ids()) == (200, ids)


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("[id_DESC]", [7, 6, 5, 4, 3, 2, 1]),
        ("id_DESC", [7, 6, 5, 4, 3, 2, 1]),
        ("[active_ASC,id_DESC]", [7, 6, 5, 4, 3, 2, 1]),
        ("[price_DESC]", [7, 6, 5, 4, 3, 2, 1]),
        ("[reference_ASC]", [6, 7, 5, 1, 4, 2, 3]),
        ("[name_ASC]", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_sorts(catalogue: Shop, sort: str, ids: list[int]) -> None:
    assert catalogue.list("products", sort=sort).ids() == ids


def test_without_sort_the_order_is_not_by_id(shop: Shop) -> None:
    taxed = shop.create(entity=f"<price>1</price><id_tax_rules_group>1</id_tax_rules_group>{NAME}")
    plain = shop.create()
    assert shop.list("products").ids() == [plain, taxed]


def test_an_empty_list(shop: Shop) -> None:
    reply: Reply = shop.list("products", filter_reference="[none]", display="full")
    assert reply.status == 200
    assert reply.text.endswith("<products>\n</products>\n</prestashop>\n")


def test_filters_of_other_resources(shop: Shop) -> None:
    cups = shop.category("Cups")
    assert shop.list("categories", filter_name="[cups|Nobody]").ids() == [cups]
    assert shop.list("categories", filter_id_parent=2).ids() == [cups]
    assert shop.list("manufacturers", filter_colour=1).codes[0] == 32
    names = shop.list(
        "configurations", filter_name="[PS_VERSION_DB|PS_TIMEZONE]", display="[name,value]", sort="[name_ASC]"
    ).root[0]
    assert [(c.findtext("name"), c.findtext("value")) for c in names] == [
        ("PS_TIMEZONE", "Europe/Warsaw"),
        ("PS_VERSION_DB", "9.1.4"),
    ]


def test_a_field_without_a_column_finds_nothing(shop: Shop) -> None:
    shop.create()
    assert shop.list("products", filter_new="0").ids() == []


def test_two_translated_filters_find_nothing(shop: Shop) -> None:
    shop.create()
    assert shop.list("products", filter_name="Mug", filter_link_rewrite="mug").ids() == []
