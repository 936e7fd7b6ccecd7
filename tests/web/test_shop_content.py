"""What a shop gets, and what is removed from it, by the pages."""

from collections.abc import Callable
from typing import Any

from models import Database, DepartedProduct, JobProgress, Shop
from tests.web.conftest import Browser
from tests.web.factories import Make

Messages = Callable[[], list[tuple[str, tuple[Any, ...]]]]
GOOD = {
    "price_factor": "1,2", "price_rounding": "gross .99", "fallback_languages": "DE, en", "image_limit": "500000",
    "removal_policy": "deactivate", "locked_fields": ["price", "images"],
}  # fmt: skip


def test_what_a_shop_gets_is_saved(browser: Browser, make: Make, database: Database) -> None:
    shop = make.shop()
    assert browser.page(f"/shops/{shop}").xpath("//*[@data-testid='content']/@href") == [f"/shops/{shop}/content"]
    browser.get(f"/shops/{shop}/content")
    answer = browser.post(f"/shops/{shop}/content", GOOD)
    assert answer.status_code == 302
    with database.read() as session:
        kept = session.get_one(Shop, shop)
    assert (str(kept.price_factor), kept.price_rounding, kept.fallback_languages) == ("1.2", "gross .99", ["de", "en"])
    assert (kept.locked_fields, kept.image_limit, kept.removal_policy) == (["price", "images"], 500000, "deactivate")
    assert "Push all of them" in browser.get(f"/shops/{shop}").text
    page = browser.page(f"/shops/{shop}/content")
    assert page.xpath("//*[@data-testid='locks']//input[@checked]/@value") == ["price", "images"]
    assert page.xpath("//input[@name='price_rounding']/@value") == ["gross .99"]


def test_what_makes_no_sense_is_named_at_its_field(browser: Browser, make: Make, database: Database) -> None:
    shop = make.shop()
    browser.get(f"/shops/{shop}/content")
    bad = {**GOOD, "price_factor": "0", "price_rounding": "nine", "fallback_languages": "german", "image_limit": "3"}
    answer = browser.post(f"/shops/{shop}/content", bad)
    assert answer.status_code == 422
    for name in ("price_factor", "price_rounding", "fallback_languages", "image_limit"):
        assert f'data-testid="error-{name}"' in answer.text
    with database.read() as session:
        assert session.get_one(Shop, shop).price_rounding == ""


def doomed(make: Make, database: Database, policy: str) -> int:
    """A shop with one product that is not active and one that is gone here."""
    shop = make.shop(removal_policy=policy)
    make.link(make.product("OLD", active=False), shop, external_id=7)
    with database.write() as session:
        session.add(DepartedProduct(shop_id=shop, external_id=8, sku="GONE", name="Gone mug"))
    return shop


def test_the_count_is_shown_before_and_a_policy_of_never_has_no_button(
    browser: Browser, make: Make, database: Database
) -> None:
    page = browser.page(f"/shops/{doomed(make, database, 'never')}/removals")
    assert page.xpath("string(//*[@data-testid='inactive'])") == "1"
    assert page.xpath("string(//*[@data-testid='departed'])") == "1"
    cells = page.xpath("//*[@data-testid='candidates']/tbody/tr/td[1]")
    assert [cell.text_content() for cell in cells] == ["GONE", "OLD"]
    assert page.xpath("//*[@data-testid='remove']") == []


def test_a_deletion_needs_the_shops_name(browser: Browser, make: Make, database: Database, messages: Messages) -> None:
    shop = doomed(make, database, "delete")
    browser.get(f"/shops/{shop}/removals")
    answer = browser.post(f"/shops/{shop}/removals", {"name": "cyan"})
    assert answer.status_code == 422
    assert "nothing was removed" in answer.text
    assert messages() == []
    answer = browser.post(f"/shops/{shop}/removals", {"name": "Cyan"})
    assert answer.status_code == 302
    with database.read() as session:
        (job,) = session.query(JobProgress).all()
    assert (job.kind, job.shop_id, job.params) == ("remove", shop, {"policy": "delete"})
    assert messages() == [("bulk_sync_products", (job.id,))]


def test_switching_off_needs_no_name(browser: Browser, make: Make, database: Database) -> None:
    shop = doomed(make, database, "deactivate")
    browser.get(f"/shops/{shop}/removals")
    assert browser.post(f"/shops/{shop}/removals", {}).status_code == 302
    with database.read() as session:
        assert session.query(JobProgress).one().params == {"policy": "deactivate"}
