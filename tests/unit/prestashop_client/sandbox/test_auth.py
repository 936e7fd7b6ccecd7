"""Section 1: keys, rights, root and formats."""

from collections.abc import Callable

import pytest

from .shop import PRODUCT, Reply, Shop, basic, xml

SCHEMA_OF_ERRORS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">\n<errors>\n<error>\n'
    "<code><![CDATA[18]]></code>\n<message><![CDATA[Invalid authentication key format]]></message>\n</error>\n"
    "</errors>\n</prestashop>\n"
)


def raw(shop: Shop, method: str = "GET", path: str = "products", **headers: str) -> Reply:
    response = shop.client.open(f"/api/{path}", method=method, headers=headers)
    reply = Reply(response)
    response.close()
    return reply


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer abc"}])
def test_no_key_is_plain_text(shop: Shop, headers: dict[str, str]) -> None:
    reply = raw(shop, **headers)
    assert (reply.status, reply.text) == (401, "401 Unauthorized")
    assert reply.content_type.startswith("text/html")
    assert reply.headers["WWW-Authenticate"].startswith('Basic realm="Welcome to PrestaShop Webservice')


def test_no_key_is_plain_text_in_json_too(shop: Shop) -> None:
    assert raw(shop, path="products?output_format=JSON").text == "401 Unauthorized"


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("", [17]),
        ("short", [18]),
        ("Z" * 32, [20, 21]),
        ("żółw" * 8, [18]),
    ],
)
def test_wrong_keys(shop: Shop, key: str, codes: list[int]) -> None:
    reply = raw(shop, Authorization=basic(key))
    assert (reply.status, reply.codes) == (401, codes)
    assert reply.content_type.replace(" ", "") == "text/xml;charset=utf-8"
    assert reply.headers["PSWS-Version"] == "0"
    assert "WWW-Authenticate" in reply.headers


def test_errors_are_written_as_prestashop_writes_them(shop: Shop) -> None:
    assert raw(shop, Authorization=basic("short")).text == SCHEMA_OF_ERRORS


def test_an_inactive_key(shop: Shop) -> None:
    shop.sandbox.add_key("I" * 32, active=False)
    assert shop.ask("GET", "products", key="I" * 32).codes == [20, 21]


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_any_password_and_any_case(shop: Shop, scheme: str) -> None:
    header = basic(shop.key.lower(), "any").replace("Basic", scheme)
    assert raw(shop, Authorization=header).status == 200


def test_the_key_in_the_query(shop: Shop) -> None:
    assert raw(shop, path=f"products?ws_key={shop.key}").status == 200


def test_basic_wins_over_the_query(shop: Shop) -> None:
    assert raw(shop, path=f"products?ws_key={shop.key}", Authorization=basic("Z" * 32)).status == 401


def test_a_right_to_a_resource_is_missing(shop: Shop) -> None:
    shop.sandbox.add_key("R" * 32, rights={"products": ["GET"]})
    reply = shop.ask("GET", "categories", key="R" * 32)
    assert reply.status == 401
    assert reply.errors == [(26, 'Resource of type "categories" is not allowed with this authentication key')]
    assert "WWW-Authenticate" not in reply.headers


def test_a_right_to_a_method_is_missing(shop: Shop) -> None:
    shop.sandbox.add_key("R" * 32, rights={"products": ["GET"]})
    reply = shop.ask("PUT", "products/1", xml(PRODUCT), key="R" * 32)
    assert reply.status == 405
    assert reply.errors == [(25, "Method PUT is not allowed for the resource products with this authentication key")]


def test_the_root_shows_the_rights(shop: Shop) -> None:
    shop.sandbox.add_key("R" * 32, rights={"products": ["GET", "HEAD"]})
    api = shop.ask("GET", "", key="R" * 32).root[0]
    assert [child.tag for child in api] == ["products"]
    assert {name: api[0].get(name) for name in ("get", "put", "post", "patch", "delete", "head")} == {
        "get": "true",
        "put": "false",
        "post": "false",
        "patch": "false",
        "delete": "false",
        "head": "true",
    }
    assert len(shop.get("").root[0]) > 60


def test_the_root_in_json_dies(shop: Shop) -> None:
    reply = shop.get("", output_format="JSON")
    assert (reply.status, reply.body) == (500, b"")


def test_the_web_service_is_off(shop: Shop) -> None:
    shop.sandbox.set("PS_WEBSERVICE", "0")
    assert (shop.get("products").status, shop.get("products").codes) == (503, [22])


def test_maintenance_of_the_storefront_does_not_matter(shop: Shop) -> None:
    shop.sandbox.set("PS_SHOP_ENABLE", "0")
    assert shop.get("products").status == 200


def test_another_host_is_redirected_before_the_key(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(domains=["shop.example"])
    reply = raw(shop, path="products/1", Host="example.com")
    assert (reply.status, reply.body) == (302, b"")
    assert reply.headers["Location"] == "http://shop.example/?url=products%2F1"
    assert raw(shop, Host="shop.example", Authorization=basic(shop.key)).status == 200


def test_headers_of_an_answer(shop: Shop) -> None:
    reply = shop.get("languages")
    assert reply.headers["X-Powered-By"] == "PrestaShop Webservice"
    assert reply.headers["PSWS-Version"] == "9.1.4"
    assert float(reply.headers["Execution-Time"]) >= 0
    assert int(reply.headers["Access-Time"]) > 1_700_000_000
    assert "Content-Length" not in reply.headers
    assert "ETag" not in reply.headers
    assert len(reply.headers["Content-Sha1"]) == 40


def test_a_known_answer_is_not_sent_again(shop: Shop) -> None:
    sha1 = shop.get("languages").headers["Content-Sha1"]
    reply = shop.ask("GET", "languages", headers={"Local-Content-Sha1": sha1})
    assert (reply.status, reply.body) == (304, b"")
    assert shop.ask("GET", "languages", headers={"If-None-Match": sha1}).status == 200


def test_options(shop: Shop) -> None:
    assert raw(shop, "OPTIONS").text == "200 OK"
    assert (shop.ask("OPTIONS", "products").status, shop.ask("OPTIONS", "products").codes) == (405, [23])


def test_the_method_in_the_query(shop: Shop) -> None:
    key = shop.create()
    body = xml(f"<id>{key}</id><price>5</price>")
    assert shop.ask("POST", "products", body, ps_method="PATCH").value("price") == "5"


@pytest.mark.parametrize("path", ["product", "Products", "produkts"])
def test_unknown_resources(shop: Shop, path: str) -> None:
    reply = shop.get(path)
    assert (reply.status, reply.codes) == (400, [27])
    assert (
        f'Resource of type "{path}" does not exists. Did you mean: "products"? The full list is: "addresses"'
        in reply.errors[0][1]
    )


def test_a_head_is_a_get_without_a_body(shop: Shop) -> None:
    head, get = shop.ask("HEAD", "languages"), shop.get("languages")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Sha1"] == get.headers["Content-Sha1"]
    assert shop.ask("HEAD", "products/999").status == 404
