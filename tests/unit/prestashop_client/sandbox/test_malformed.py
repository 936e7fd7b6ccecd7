"""Section 8: bodies that are no XML, and other oddities of the wire."""

import pytest

from .shop import PRODUCT, Shop, xml


@pytest.mark.parametrize(
    "body",
    [
        "text",
        "<prestashop><product></prestashop>",
        '\n<?xml version="1.0"?><prestashop/>',
        xml(f"{PRODUCT}<x>&nbsp;</x>"),
        xml(f"{PRODUCT}<x>\x01</x>"),
    ],
)
def test_no_xml(shop: Shop, body: str) -> None:
    reply = shop.post("products", body)
    assert reply.status == 500
    assert "<code><![CDATA[127]]></code>" in reply.text
    assert reply.text.count("<code><![CDATA[3]]></code>") == 3
    assert f"Original XML : {body}" in reply.text
    assert shop.get("products").ids() == []


def test_an_empty_body(shop: Shop) -> None:
    reply = shop.post("products", "")
    assert reply.errors == [(127, "XML error : String could not be parsed as XML\nXML length : 0\nOriginal XML : ")]


def test_invalid_utf8(shop: Shop) -> None:
    assert shop.ask("POST", "products", xml(f"{PRODUCT}<reference>Ż</reference>").encode("cp1250")).status == 500


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("UTF-8", "ISO-8859-2").encode("iso-8859-2"),
        lambda text: b"xml=" + text.replace("%", "%25").replace("&", "%26").encode(),
    ],
)
def test_other_writings(shop: Shop, encode: object) -> None:
    assert callable(encode)
    reply = shop.ask("POST", "products", encode(xml(f"{PRODUCT}<reference>Żółw</reference>")))
    assert (reply.status, reply.value("reference")) == (201, "Żółw")


def test_no_entity_is_read_from_elsewhere(shop: Shop) -> None:
    body = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        f"<prestashop><product>{PRODUCT}<reference>&e;</reference></product></prestashop>"
    )
    reply = shop.post("products", body)
    assert (reply.status, reply.value("reference")) == (201, "")


def test_numeric_entities(shop: Shop) -> None:
    assert shop.post("products", xml(f"{PRODUCT}<reference>&#381;</reference>")).value("reference") == "Ž"


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/json"])
def test_the_content_type_does_not_matter(shop: Shop, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert shop.ask("POST", "products", xml(PRODUCT), headers=headers).status == 201
