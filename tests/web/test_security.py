"""Headers, CSRF, caches: what every answer has."""

from lxml import html

from models import Database, Shop
from tests.web.conftest import Browser
from tests.web.factories import PASSWORD, Make

PAGES = ["/", "/products", "/products/new", "/products/1", "/products/1/shops/1", "/products/push?kind=all", "/shops",
         "/shops/new", "/shops/1", "/shops/1/edit", "/shops/1/delete", "/jobs", "/jobs/1", "/system",
         "/account/password", "/nothing"]  # fmt: skip


def everything(make: Make) -> None:
    shop = make.shop()
    product = make.product(category_id=make.category())
    make.link(product, shop, "error", error_message="<b>name</b> is not valid")
    make.log(product, shop)
    job = make.job(shop)
    make.items(job, ["<script>alert(1)</script>"], product_id=product)


def test_no_page_needs_inline_code_or_style(browser: Browser, make: Make) -> None:
    everything(make)
    for path in PAGES:
        answer = browser.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        page = html.fromstring(answer.text)
        assert page.xpath("//script[not(@src)]") == []
        assert page.xpath("//style") == []
        assert page.xpath("//@style") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        assert all(url.startswith("/") for url in page.xpath("//script/@src | //link/@href | //img/@src")), path


def test_what_comes_from_outside_is_shown_as_text(browser: Browser, make: Make) -> None:
    everything(make)
    page = browser.page("/jobs/1")
    assert page.xpath("//td[contains(., '<script>alert(1)</script>')]")


def test_other_headers(browser: Browser) -> None:
    headers = browser.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_without_a_token_changes_nothing_and_the_page_says_what_to_do(
    browser: Browser, make: Make, database: Database
) -> None:
    make.shop()
    browser.token = ""
    answer = browser.post("/shops/1/deactivate")
    assert answer.status_code == 400
    assert "This form has expired" in answer.text
    with database.read() as session:
        assert session.get_one(Shop, 1).active


def test_the_sign_in_needs_a_token_too(stranger: Browser) -> None:
    assert stranger.post("/sign-in", {"name": "operator", "password": PASSWORD}).status_code == 400


def test_a_token_of_another_session_is_refused(browser: Browser, stranger: Browser, make: Make) -> None:
    make.shop()
    stranger.get("/sign-in")
    browser.token = stranger.token
    assert browser.post("/shops/1/deactivate").status_code == 400


def test_healthz_says_nothing_but_that_it_works(stranger: Browser) -> None:
    answer = stranger.get("/healthz")
    assert answer.json == {"status": "ok"}


def test_the_theme_is_remembered(stranger: Browser) -> None:
    page = stranger.page("/sign-in")
    assert page.get("data-bs-theme") is None
    assert stranger.post("/theme", {"next": "/sign-in"}).location == "/sign-in"
    assert stranger.page("/sign-in").get("data-bs-theme") == "dark"
    stranger.post("/theme", {"next": "//evil.example"})
    assert stranger.page("/sign-in").get("data-bs-theme") == "light"
