"""The list of products: search, filters, order, pages, states."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models import Database, Product, now
from tests.web.conftest import Browser
from tests.web.factories import Make


def skus(browser: Browser, path: str) -> list[str]:
    return [str(row) for row in browser.page(path).xpath("//tr[@data-sku]/@data-sku")]


def test_the_search_looks_into_sku_ean_and_name(browser: Browser, make: Make) -> None:
    make.product("A-1", "Żółty kubek", ean="5900000000011")
    make.product("B-2", "Poster")
    assert skus(browser, "/products?q=a-1") == ["A-1"]
    assert skus(browser, "/products?q=590000") == ["A-1"]
    assert skus(browser, "/products?q=kubek") == ["A-1"]
    assert skus(browser, "/products?q=%25") == []
    assert skus(browser, "/products") == ["A-1", "B-2"]


def test_filters_by_state_in_a_shop(browser: Browser, make: Make, database: Database) -> None:
    cyan, magenta = make.shop("Cyan"), make.shop("Magenta")
    synced, failed, changed, fresh = (make.product(sku) for sku in ("synced", "failed", "changed", "fresh"))
    make.link(synced, cyan)
    make.link(failed, cyan, "error")
    make.link(changed, cyan, product_changed_at=now() - timedelta(days=1))
    make.link(fresh, magenta, "error")
    assert skus(browser, f"/products?shop={cyan}&status=error") == ["failed"]
    assert skus(browser, f"/products?shop={cyan}&status=none") == ["fresh"]
    assert skus(browser, f"/products?shop={cyan}&status=changed") == ["changed"]
    assert skus(browser, f"/products?shop={magenta}&status=error") == ["fresh"]
    assert len(skus(browser, "/products?status=error")) == 4
    page = browser.page(f"/products?shop={cyan}&status=error")
    chips = page.xpath("//*[@data-testid='chips']//a[@aria-current]")
    assert [chip.text_content().strip() for chip in chips] == ["Cyan", "Error"]
    states = page.xpath("//tr[@data-sku='failed']//a[contains(@class, 'link-state')]")
    assert [" ".join(state.text_content().split()) for state in states] == ["Cyan: Error", "Magenta: Never pushed"]


def test_filters_by_category_with_those_below_and_by_activity(browser: Browser, make: Make) -> None:
    top = make.category("Art")
    below = make.category("Mugs", parent_id=top)
    make.product("mug", category_id=below)
    make.product("other", active=False)
    assert skus(browser, f"/products?category={top}") == ["mug"]
    assert skus(browser, "/products?active=0") == ["other"]
    assert skus(browser, "/products?active=1") == ["mug"]


def test_qualifiers_in_the_search_become_filters(browser: Browser, make: Make) -> None:
    shop = make.shop("Cyan")
    assert browser.get("/products?q=mug+shop:cyan+state:error").location == f"/products?q=mug&shop={shop}&status=error"
    assert browser.get("/products?q=mug:blue").status_code == 200


@pytest.mark.parametrize("sort", ["sku", "-sku", "name", "-name", "changed", "-changed"])
def test_pages_by_key_show_everything_once_in_order_both_ways(
    browser: Browser, make: Make, database: Database, sort: str
) -> None:
    with database.write() as session:
        for number in range(120):
            changed = now() - timedelta(hours=number % 7)
            session.add(Product(sku=f"{number:03d}", texts={"en": {"name": f"name {number % 5}"}}, changed_at=changed))
    keys = {"sku": lambda p: (p.sku, p.id), "name": lambda p: (p.name, p.id), "changed": lambda p: (p.changed_at, p.id)}
    with database.read() as session:
        every = sorted(session.query(Product), key=keys[sort.lstrip("-")], reverse=sort.startswith("-"))
    expected = [product.sku for product in every]
    path, seen, pages = f"/products?sort={sort}", [], []
    while path:
        page = browser.page(path)
        seen += page.xpath("//tr[@data-sku]/@data-sku")
        pages.append(page)
        path = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert seen == expected
    assert len(pages) == 3
    back = browser.page(pages[2].xpath("//a[@rel='prev']/@href")[0])
    assert back.xpath("//tr[@data-sku]/@data-sku") == expected[50:100]
    first = browser.page(back.xpath("//a[@rel='prev']/@href")[0])
    assert first.xpath("//tr[@data-sku]/@data-sku") == expected[:50]
    assert first.xpath("//a[@rel='prev']") == []


def test_the_number_of_matches_is_said_and_offered_to_be_pushed(browser: Browser, make: Make) -> None:
    make.shop()
    make.products(51)
    make.product("special")
    page = browser.page("/products?q=sku")
    assert page.xpath("string(//*[@data-testid='matching'])") == "51 products match"
    link = page.xpath("//*[@data-testid='push-matching']")[0]
    assert link.text_content() == "Push all 51 that match"
    assert link.get("href") == "/products/push?kind=matching&q=sku"


def test_what_is_not_understood_in_an_address_is_left_out(browser: Browser, make: Make) -> None:
    make.product("A-1")
    path = "/products?shop=x&status=boo&category=-1&sort=price%3Bdrop&after=abc&before=99999999999999999999&active=2"
    assert skus(browser, path) == ["A-1"]
    assert skus(browser, "/products?after=99999") == ["A-1"]


def test_a_long_list_asks_for_no_text_that_it_does_not_show(
    browser: Browser, make: Make, statements: list[str], database: Database
) -> None:
    make.products(3)
    with database.write() as session:
        session.execute(update(Product).values(active=False))
    statements.clear()
    browser.get("/products")
    assert not any("products.texts" in statement for statement in statements)
