"""PrestaShop's rules, checked before sending: no refusal that the shop would not make, and none missed of the table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prestashop_client import Capabilities
from prestashop_client.errors import LocalRefusal
from prestashop_client.validate import problems

from .goods import category, product, references


def texts(value):
    return {1: value, 2: value}


# The document's table (2.5): what a shop refuses and what it accepts.
REFUSED = [
    *[("price", value) for value in ("abc", "12,50", "-1", "1e3", " 12.5 ", "NaN", "12345678901", "")],
    *[("weight", value) for value in ("abc", "1,5", "-1")],
    *[("minimal_quantity", value) for value in ("-1", "1.5")],
    *[("name", texts(value)) for value in ("a<b", "a>b", "a{b", "a}b", "x" * 129)],
    *[("meta_title", texts(value)) for value in ("a<b", "x" * 256)],
    *[("available_now", texts(value)) for value in ("a{b", "x" * 256)],
    *[("reference", value) for value in ("a<", "a>", "a;", "a=", "a{", "a}", "x" * 65)],
    *[("ean13", value) for value in ("12a", "1 2", "1" * 15)],
    *[("upc", "1" * 13), ("mpn", "x" * 41)],
    *[("description", texts(value)) for value in (
        "<script>x</script>", '<p onclick="x">', "onerror = 5", "<form>", "<input>", "<object>", "<embed>",
        '<a href="javascript:x">')],
    ("description_short", texts("x" * 801)),
    ("id_category_default", "two"),
    ("id_manufacturer", "x"),
    *[("active", value) for value in ("2", "true", "yes")],
    ("visibility", "all"),
    ("condition", "broken"),
    ("product_type", "other"),
    *[("available_date", value) for value in ("2027-13-40", "31.12.2027")],
]  # fmt: skip
ACCEPTED = [
    *[("price", value) for value in ("0", "12.123456789", "9999999999.99", 7, Decimal("1.5"))],
    ("weight", "0.1234567"),
    ("minimal_quantity", 0),
    *[("name", texts(value)) for value in ('a;=#&"/\\%|[]🙂', " spaces ", "x" * 128, "")],
    ("meta_title", texts("a;=#&")),
    *[("reference", value) for value in ("#|[]%,/\\\"' &", "Żółć", "", " x ", "x" * 64)],
    *[("ean13", value) for value in ("", "1", "1" * 14)],
    *[
        ("description", texts(value))
        for value in ("<style>x</style>", "<svg/>", "<!-- c -->", "<?php x", "a onward = b")
    ],
    ("description_short", texts("x" * 800)),
    ("link_rewrite", texts("Żółty wąż & spółka")),
    ("active", ""),
    ("active", True),
    ("visibility", ""),
    ("available_date", "2027-12-31"),
    ("available_date", "0000-00-00"),
    ("id_category_default", 999),
    ("no_such_field", "whatever <>"),
]


@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_what_the_shop_refuses_is_refused_with_the_field_and_a_remedy(field, value):
    (problem,) = problems("products", {**product("R"), field: value})
    assert problem.field == field
    assert problem.remedy


@pytest.mark.parametrize(("field", "value"), ACCEPTED)
def test_what_the_shop_accepts_is_not_refused(field, value):
    assert problems("products", {**product("R"), field: value}) == []


def test_the_sandbox_agrees(client):
    rows = [*REFUSED, *ACCEPTED]
    verdicts = client.create_many("products", [{**product("R"), field: value} for field, value in rows])
    agreed = [verdict.ok is (row in ACCEPTED) for row, verdict in zip(rows, verdicts, strict=True)]
    assert [row for row, same in zip(rows, agreed, strict=True) if not same] == []


def test_required_fields_are_asked_for_on_creation_only():
    assert {problem.field for problem in problems("products", {})} == {"price", "name"}
    assert {problem.field for problem in problems("categories", {})} == {"active", "name", "link_rewrite"}
    assert problems("products", {"id": 1}, "PATCH") == []


def test_a_name_without_languages_fails_on_creation():
    (problem,) = problems("products", product("R", name="Mug"))
    assert "language id" in problem.remedy
    assert problems("products", {"id": 1, "name": "Mug"}, "PATCH") == []


def test_a_link_is_repaired_on_post_and_refused_on_patch():
    (problem,) = problems("products", {"id": 1, "link_rewrite": texts("a b")}, "PATCH")
    assert "slug()" in problem.remedy


def test_an_older_shop_takes_thirteen_digits():
    fourteen = product("R", ean13="1" * 14)
    assert problems("products", fourteen, capabilities=Capabilities("9.1.4")) == []
    assert [problem.field for problem in problems("products", fourteen, capabilities=Capabilities("8.2.0"))] == [
        "ean13"
    ]


def test_the_short_descriptions_limit_is_the_shops():
    long = product("R", description_short=texts("x" * 1500))
    assert problems("products", long, capabilities=Capabilities(short_description=2000)) == []


def test_all_problems_of_a_document_are_told(client):
    found = client.problems("products", product("R<", price="x", ean13="e"))
    assert {problem.field for problem in found} == {"reference", "name", "price", "ean13"}


def test_a_stock_row_takes_whole_numbers():
    for quantity in ("1.5", " 7 ", "+7", "1e3", "abc", "", 2**31):
        assert problems("stock_availables", {"id": 1, "quantity": quantity}, "PATCH"), quantity
    for quantity in (-5, 0, 2**31 - 1):
        assert problems("stock_availables", {"id": 1, "quantity": quantity}, "PATCH") == []


def test_a_refused_document_costs_no_request(sandbox, connect):
    client = connect(sandbox.address, sandbox.key, validate=True)
    verdicts = client.create_many("products", [product("R1"), product("R<2"), product("R3")])
    assert [verdict.status for verdict in verdicts] == ["created", "refused", "created"]
    assert isinstance(verdicts[1].error, LocalRefusal)
    assert references(sandbox) == ["R1", "R3"]
    assert client.requests.total == 2


def test_the_shops_own_schema_is_used_once_it_is_known(sandbox, connect):
    client = connect(sandbox.address, sandbox.key, validate=True)
    assert client.problems("products", product("R", unity="x" * 300)) == []
    assert client.schema("products").fields["unity"].max_size == 255
    assert [problem.field for problem in client.problems("products", product("R", unity="x" * 300))] == ["unity"]


def test_a_schema_tells_fields_and_associations(client):
    schema = client.schema("products")
    assert schema.required == ("price",)
    assert set(schema.read_only) == {"manufacturer_name", "quantity"}
    assert schema.fields["name"].multilingual
    assert not schema.fields["reference"].multilingual
    assert schema.fields["reference"].format == "isReference"
    assert not schema.fields["id_default_image"].filterable
    assert schema.associations["product_features"] == ("id", "id_feature_value")
    assert client.schema("products") is schema


def test_categories_are_checked_too():
    assert problems("categories", category("Mugs")) == []
    assert [problem.field for problem in problems("categories", category("x" * 129))] == ["name"]
