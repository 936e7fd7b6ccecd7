"""Section 12: other versions of PrestaShop."""

from collections.abc import Callable

import pytest

from .shop import PRODUCT, Shop, texts, xml


def test_there_is_no_patch_in_1_7(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(version="1.7")
    shop.create()
    reply = shop.patch("products/1", xml("<id>1</id><price>5</price>"))
    assert (reply.status, reply.errors) == (405, [(23, "Method PATCH is not valid")])
    assert shop.get("").root[0][0].get("patch") is None
    assert (
        shop.put(
            "products",
            xml(
                f"<id>1</id>{PRODUCT}",
            ),
        ).status
        == 200
    )


@pytest.mark.parametrize(
    ("version", "ean", "unity", "keywords"),
    [
        ("9.1", ("14", "isGtin"), "255", False),
        ("8.2", ("13", "isEan13"), None, True),
        ("1.7", ("13", "isEan13"), None, True),
    ],
)
def test_fields(
    open_shop: Callable[..., Shop], version: str, ean: tuple[str, str], unity: str | None, keywords: bool
) -> None:
    fields = {f.tag: f.attrib for f in open_shop(version=version).get("products", schema="synopsis").root[0]}
    assert (fields["ean13"].get("maxSize"), fields["ean13"].get("format")) == ean
    assert fields["unity"].get("maxSize") == unity
    assert ("meta_keywords" in fields) is keywords


def test_the_version_shows(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(version="8.2")
    reply = shop.list("configurations", filter_name="PS_VERSION_DB", display="[value]")
    assert (reply.headers["PSWS-Version"], reply.root[0][0].findtext("value")) == ("8.2.3", "8.2.3")


def test_resources(open_shop: Callable[..., Shop]) -> None:
    assert open_shop(version="8.2").get("order_returns").codes == [27]
    assert open_shop(version="8.2").get("supply_orders").status == 200
    assert open_shop().get("supply_orders").codes == [27]


def test_keywords_are_kept(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(version="8.2")
    key = shop.create(entity=PRODUCT + texts("meta_keywords", "a,b", "c"))
    assert shop.get(f"products/{key}").languages("meta_keywords") == {"1": "a,b", "2": "c"}


def test_an_unknown_version(open_shop: Callable[..., Shop]) -> None:
    with pytest.raises(ValueError, match=r"no profile for PrestaShop '1.6'; there is 9.1, 8.2, 1.7"):
        open_shop(version="1.6")
