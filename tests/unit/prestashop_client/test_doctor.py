"""Every trouble is found, with evidence and a remedy."""

from __future__ import annotations

import pytest

from prestashop_client import checks_shop
from prestashop_client.checks_shop import image_limit, latency, shared_stock, version
from prestashop_client.doctor import Patient
from prestashop_client.probe import Probe, ShopGroup
from prestashop_client.sandbox import Sandbox

from .goods import category, product
from .scripted import KEY, Says, scripted, xml


def troubles(diagnosis):
    return {check.name: check.state for check in diagnosis.checks if check.state not in ("good", "unknown")}


def test_a_healthy_shop_has_no_troubles_but_plain_http(client):
    client.create("products", product("R"))
    diagnosis = client.doctor(languages=("en", "pl"))
    assert diagnosis.healthy
    assert set(troubles(diagnosis)) <= {"encrypted", "image size"}
    assert len(diagnosis.checks) >= 20
    assert len({check.name for check in diagnosis.checks}) == len(diagnosis.checks)


def test_nothing_is_written(client, sandbox):
    client.create("products", product("R"))
    with sandbox.store.lock:
        before = (
            list(sandbox.store.rows("SELECT * FROM product")),
            list(sandbox.store.rows("SELECT * FROM product_shop")),
        )
    client.doctor()
    with sandbox.store.lock:
        after = (
            list(sandbox.store.rows("SELECT * FROM product")),
            list(sandbox.store.rows("SELECT * FROM product_shop")),
        )
    assert list(map(repr, map(list, before))) == list(map(repr, map(list, after)))


def test_every_trouble_has_evidence_and_one_sentence_of_remedy(connect):
    for client in (connect("http://127.0.0.1:9", "short"), connect("http://127.0.0.1:9")):
        for check in client.doctor().checks:
            assert check.evidence
            assert bool(check.remedy) == (check.state in ("warning", "bad"))
            assert "\n" not in check.remedy
            assert KEY not in str(check)


def test_nobody_answers(connect):
    diagnosis = connect("http://127.0.0.1:9").doctor()
    assert not diagnosis.healthy
    assert diagnosis.of("reachable").state == "bad"
    assert diagnosis.of("version").state == "unknown"
    assert "Connection refused" in diagnosis.of("version").evidence


CONFIGURED = [
    ("maintenance", "warning", lambda shop: shop.set("PS_SHOP_ENABLE", "0")),
    ("web service on", "bad", lambda shop: shop.set("PS_WEBSERVICE", "0")),
    ("direct", "bad", lambda shop: shop.faults.add("302")),
    ("clean answers", "warning", lambda shop: shop.faults.add("notice-before")),
    ("long addresses", "bad", lambda shop: shop.faults.add("413", path="/products", method="GET")),
    ("methods pass", "bad", lambda shop: shop.faults.add("html", method="PATCH")),
    ("reachable", "bad", lambda shop: shop.faults.add("504")),
]


@pytest.mark.parametrize(("name", "state", "spoil"), CONFIGURED, ids=[row[0] for row in CONFIGURED])
def test_a_shop_that_is_not_well(client, sandbox, name, state, spoil):
    spoil(sandbox)
    check = client.doctor().of(name)
    assert (check.state, bool(check.remedy)) == (state, True)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("PATCH", {"version": "1.7"}),
        ("PHP warnings", {"display_errors": True}),
        ("several shops", {"shops": 2}),
        ("shared stock", {"shops": 2, "share_stock": True}),
    ],
)
def test_a_shop_of_another_kind(connect, name, options):
    with Sandbox.running(**options) as shop:
        assert connect(shop.address, shop.key).doctor().of(name).state == "warning"


def test_rights_that_are_missing_are_named(sandbox, connect):
    sandbox.add_key("P" * 32, rights={"products": ["GET", "POST"]})
    check = (
        connect(sandbox.address, "P" * 32).doctor(needs={"products": {"GET", "PATCH"}, "images": {"POST"}}).of("rights")
    )
    assert check.state == "bad"
    assert "images: POST; products: PATCH" in check.evidence


def test_without_patch_put_is_the_right_that_counts(connect):
    with Sandbox.running(version="1.7") as shop:
        assert connect(shop.address, shop.key).doctor().of("rights").state == "good"


def test_a_key_that_the_shop_does_not_know(sandbox, connect):
    assert connect(sandbox.address, "Z" * 32).doctor().of("key accepted").state == "bad"
    short = connect(sandbox.address, "short").doctor()
    assert (short.of("key format").state, short.of("key accepted").state) == ("bad", "bad")


def test_a_key_of_another_shop(connect):
    with Sandbox.running(shops=2) as shop:
        shop.add_key("B" * 32, shops=[2])
        assert connect(shop.address, "B" * 32).doctor().of("key of this shop").state == "bad"


def test_a_header_that_is_stripped(connect):
    root = xml("<api shopName='S'><products get='true'/></api>")

    def answer(asked):
        return root if "ws_key" in asked.params else Says(401, "401 Unauthorized", {"Content-Type": "text/html"})

    with scripted(answer) as shop:
        diagnosis = connect(shop.address).doctor()
    assert diagnosis.of("key header arrives").state == "warning"
    assert ".htaccess" in diagnosis.of("key header arrives").remedy
    assert diagnosis.of("ws_key").state == "warning"


def test_an_address_without_a_web_service(connect):
    with scripted(lambda asked: Says(404, "<title>404 Not Found</title>", {"Content-Type": "text/html"})) as shop:
        check = connect(shop.address).doctor().of("is the web service")
    assert check.state == "bad"


def test_a_language_that_is_missing(client):
    check = client.doctor(languages=("pl", "de")).of("languages")
    assert (check.state, "missing: de" in check.evidence) == ("bad", True)


def test_a_clock_that_is_wrong(client, monkeypatch):
    monkeypatch.setattr(checks_shop, "time", lambda: 0.0)
    assert client.doctor().of("clock").state == "warning"


def test_what_other_clients_left(client):
    hidden = client.create("products", {**product("A"), "state": 0})["id"]
    first = client.create("products", product("SAME"))
    client.create("products", product("SAME"))
    row = int(first["associations"]["stock_availables"][0]["id"])
    stock = client.get("stock_availables", row)
    client.update("stock_availables", row, {k: v for k, v in stock.items() if k not in ("id_shop", "id_shop_group")})
    lost = client.create("categories", {**category("Lost"), "id_parent": 0})["id"]
    diagnosis = client.doctor()
    assert str(hidden) in diagnosis.of("invisible products").evidence
    assert str(row) in diagnosis.of("orphaned stock").evidence
    assert str(lost) in diagnosis.of("orphaned categories").evidence
    assert "SAME" in diagnosis.of("duplicate references").evidence
    assert diagnosis.healthy


def seen(**found):
    """A patient whose probe found this."""
    return Patient(None, None, probe=Probe("https://shop.example/api", **found))


def test_findings_are_judged():
    assert latency(seen(latency_ms=900)).state == "warning"
    assert version(seen(version="1.6.1")).state == "bad"
    assert version(seen()).state == "warning"
    assert image_limit(seen(image_limit=20_000_000)).state == "good"
    assert shared_stock(seen(groups=[ShopGroup(1, "All", True)])).state == "warning"
