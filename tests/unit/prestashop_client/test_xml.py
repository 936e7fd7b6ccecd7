"""Reading leniently and safely, writing so that no text can break the XML."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prestashop_client.errors import LocalRefusal
from prestashop_client.xml import Unreadable, clean_text, document, documents, parse, serialise

PRODUCT = b"""<?xml version="1.0" encoding="UTF-8"?>
<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">
<product>
	<id><![CDATA[20]]></id>
	<id_category_default xlink:href="http://shop.example/api/categories/2"><![CDATA[2]]></id_category_default>
	<price><![CDATA[10.000000]]></price>
	<name><language id="1"><![CDATA[Mug]]></language><language id="2"><![CDATA[Kubek]]></language></name>
<associations>
<categories nodeType="category" api="categories">
	<category xlink:href="http://shop.example/api/categories/2">
	<id><![CDATA[2]]></id>
	</category>
</categories>
<images nodeType="image" api="images"/>
<product_features nodeType="product_feature" api="product_features">
	<product_feature><id><![CDATA[1]]></id><id_feature_value><![CDATA[4]]></id_feature_value></product_feature>
</product_features>
</associations>
</product>
</prestashop>
"""
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
NAMES = st.sampled_from(["name", "description", "reference", "price", "meta_title"])
ENTITIES = st.dictionaries(NAMES, TEXTS | st.dictionaries(st.integers(1, 9), TEXTS, min_size=1), min_size=1)


def test_a_product_becomes_a_document():
    assert documents(parse(PRODUCT), "product") == [
        {
            "id": 20,
            "id_category_default": "2",
            "price": "10.000000",
            "name": {1: "Mug", 2: "Kubek"},
            "associations": {
                "categories": [{"id": "2"}],
                "images": [],
                "product_features": [{"id": "1", "id_feature_value": "4"}],
            },
        }
    ]


def test_a_list_of_ids_is_read_from_its_attributes():
    root = parse(b'<prestashop><products><product id="3"/><product id="5"/></products></prestashop>')
    assert documents(root, "product") == [{"id": 3}, {"id": 5}]


def test_several_entities_below_the_root_keep_their_order():
    root = parse(b"<prestashop><tag><id>7</id></tag><tag><id>3</id></tag></prestashop>")
    assert [tag["id"] for tag in documents(root, "tag")] == [7, 3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"\xef\xbb\xbf", b"\n\n"),
        (b"<br />\n<b>Notice</b>:  Undefined index: id in <b>module.php</b> on line <b>7</b><br />\n", b""),
        (b"Deprecated: Function ...\n", b"<script>track();</script>"),
    ],
)
def test_what_php_and_modules_write_around_the_xml_is_cut_off(before, after):
    assert documents(parse(before + PRODUCT + after), "product")[0]["id"] == 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"401 Unauthorized",
        b"<html><title>500 Server Error</title></html>",
        PRODUCT[:-40],
        b"<prestashop><product></prestashop>",
        b"</prestashop><prestashop>",
        b"<?xml version='1.0'?><shop></shop></prestashop>",
    ],
)
def test_what_is_no_web_service_xml_is_unreadable(content):
    with pytest.raises(Unreadable):
        parse(content)


def test_a_document_type_is_not_read():
    bomb = b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaa">]><prestashop><p><id>&a;</id></p></prestashop>'
    with pytest.raises(Unreadable, match="document type"):
        parse(bomb)


def test_a_document_type_in_a_text_is_a_text():
    assert parse(b"<prestashop><a><![CDATA[<!DOCTYPE html>]]></a></prestashop>").findtext("a") == "<!DOCTYPE html>"


def test_a_deep_tree_is_refused():
    with pytest.raises(Unreadable):
        parse(b"<prestashop>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</prestashop>")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_unreadable(content):
    with contextlib.suppress(Unreadable):
        parse(content)


@given(st.integers(0, len(PRODUCT)), st.binary(max_size=30))
def test_any_damage_is_read_or_unreadable(at, noise):
    with contextlib.suppress(Unreadable):
        documents(parse(PRODUCT[:at] + noise + PRODUCT[at:]), "product")


@given(ENTITIES)
def test_whatever_is_written_reads_back_as_its_clean_text(entity):
    (back,) = documents(parse(serialise("product", [entity])), "product")
    for name, value in entity.items():
        expected = (
            {language: clean_text(text) for language, text in value.items()}
            if isinstance(value, dict)
            else clean_text(value)
        )
        assert back[name] == expected


def test_an_end_mark_inside_a_text_is_split():
    body = serialise("product", [{"name": {1: "a]]>b]]>"}}])
    assert documents(parse(body), "product")[0]["name"] == {1: "a]]>b]]>"}


def test_control_characters_are_removed_and_letters_composed():
    assert clean_text("a\x00\x0bb\x1f\ufffe c\r\nd\te\rf") == "ab c\nd\te\nf"
    assert clean_text("Z\u0307o\u0301\u0142ty") == "Żółty"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "1"),
        (False, "0"),
        (0, "0"),
        (None, ""),
        ("", ""),
        (Decimal("1E+2"), "100"),
        (Decimal("0.0000001"), "0.0000001"),
    ],
)
def test_scalars_are_written_as_the_web_service_takes_them(value, text):
    assert document(parse(serialise("product", [{"price": value}]))[0])["price"] == text


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), Decimal("Infinity"), b"x", [1]])
def test_values_that_lose_something_are_refused(value):
    with pytest.raises(LocalRefusal) as refusal:
        serialise("product", [{"price": value}])
    assert refusal.value.field == "price"
    assert "Decimal" in refusal.value.remedy


@pytest.mark.parametrize("name", ["", "a b", "1a", "a>", "<x", "é", None])
def test_a_name_cannot_break_out_of_its_element(name):
    with pytest.raises(LocalRefusal):
        serialise("product", [{name: "x"}])


def test_an_empty_association_is_an_empty_element_which_removes_all():
    body = serialise("product", [{"id": 1, "associations": {"categories": [], "accessories": [{"id": 4}]}}])
    assert b"<associations><categories></categories><accessories><product>" in body
    assert documents(parse(body), "product")[0]["associations"] == {"categories": [], "accessories": [{"id": "4"}]}
