"""A new operator's first quarter of an hour, in a browser: from `make demo` to a mended product in the shop."""

import csv
import io
import time
from pathlib import Path

import psutil
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ARTEFACTS, Demo

PASSWORD = "a boat full of shops"
PAGES = {"overview": "/", "products": "/products", "shops": "/shops", "jobs": "/jobs", "system": "/system"}
SLOW = 90_000


def test_an_operators_first_quarter_of_an_hour(demo: Demo, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, demo)
    watch_the_first_push(page)
    sku = open_the_errors_and_export_them(page)
    mend_and_push_again(page, sku)
    take_pictures(browser, page, demo)
    assert find_violations(page, demo) == []
    assert problems == []
    check_that_only_loopback_is_listened_on(demo)
    assert demo.interrupt() == []


def sign_in(page: Page, demo: Demo) -> None:
    page.goto(demo.address)
    expect(page).to_have_title("Sign in · Shopferry")
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password").fill(demo.password)
    page.get_by_test_id("sign-in").click()
    page.get_by_label("Present password").fill(demo.password)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_test_id("save-password").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def watch_the_first_push(page: Page) -> None:
    """The bars of both shops move, without a reload, and end."""
    job = page.get_by_test_id("active-operations").get_by_test_id("job").first
    expect(job).to_be_visible(timeout=SLOW)
    expect(job.get_by_test_id("job-text")).to_contain_text("products to", timeout=SLOW)
    bar = job.get_by_role("progressbar")
    seen = int(bar.get_attribute("aria-valuenow") or 0)
    page.screenshot(path=ARTEFACTS / "first-push.png")
    page.wait_for_function(
        "seen => [...document.querySelectorAll('[role=progressbar]')]"
        ".some(bar => Number(bar.getAttribute('aria-valuenow')) > seen) || !document.querySelector('[data-job]')",
        arg=seen,
        timeout=SLOW,
    )
    expect(page.get_by_text("Nothing is running.")).to_be_visible(timeout=SLOW)


def open_the_errors_and_export_them(page: Page) -> str:
    """The errors of the products that are wrong on purpose; the SKU of one that can be mended by its name."""
    page.get_by_role("link", name="Jobs").first.click()
    page.wait_for_url("**/jobs")
    page.wait_for_load_state("load")  # without its scripts, the link leads to the job's page
    page.locator("[data-job]", has_text="Push").locator("[data-errors]:visible").first.click()
    dialog = page.get_by_test_id("errors-dialog")
    expect(dialog).to_be_visible()
    rows = dialog.get_by_test_id("errors-table").locator("tbody tr")
    expect(rows.first).to_be_visible()
    page.screenshot(path=ARTEFACTS / "errors.png")
    with page.expect_download() as download:
        dialog.get_by_test_id("errors-csv").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    listed = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(listed) - 1 == rows.count()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    wrong = [row for row in listed[1:] if any("description_short" in cell for cell in row)]
    return next(cell for cell in wrong[0] if "-" in cell and " " not in cell)


def mend_and_push_again(page: Page, sku: str) -> None:
    page.locator("header").get_by_role("searchbox").fill(sku)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("link-state").first).to_contain_text("Error")
    for box in page.locator("textarea[name*=description_short]").all():
        box.fill("Short and good.")
    page.get_by_test_id("product-form").get_by_test_id("save").click()
    for box in page.get_by_test_id("links").get_by_role("checkbox").all():
        box.check()
    product = page.url
    page.get_by_test_id("push-product").click()
    until = time.monotonic() + SLOW / 1000
    while page.get_by_test_id("link-state").get_by_text("In step").count() < 2:
        assert time.monotonic() < until, page.get_by_test_id("links").inner_text()
        page.goto(product)
    page.screenshot(path=ARTEFACTS / "mended.png")


def take_pictures(browser: Browser, page: Page, demo: Demo) -> None:
    state = page.context.storage_state()
    for look, options in {
        "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
        "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
        "narrow": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
    }.items():
        context = browser.new_context(storage_state=state, **options)  # type: ignore[arg-type]
        shown = context.new_page()
        for name, path in PAGES.items():
            shown.goto(demo.address + path)
            shown.screenshot(path=ARTEFACTS / f"{name}-{look}.png", full_page=True)
            width = shown.evaluate("document.documentElement.scrollWidth")
            assert width <= options["viewport"]["width"], f"{name} is {width} px wide in {look}"  # type: ignore[index]
        context.close()


def find_violations(page: Page, demo: Demo) -> list[str]:
    found = []
    for name, path in PAGES.items():
        page.goto(demo.address + path)
        result = Axe().run(page)
        found += [f"{name}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in result.response["violations"]]
    return found


def check_that_only_loopback_is_listened_on(demo: Demo) -> None:
    for process in demo.family():
        for connection in process.net_connections(kind="inet"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip in {"127.0.0.1", "::1"}, f"{process.cmdline()} listens on {connection.laddr}"
