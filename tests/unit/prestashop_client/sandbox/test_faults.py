"""Faults over a real connection: what a client sees, and what the shop has kept."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse

import pytest

from prestashop_client.sandbox import Fault, Faults, Sandbox
from prestashop_client.sandbox.faults import parse_faults

from .shop import PRODUCT, basic, xml


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox.running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.faults.clear()
    running.requests.clear()
    with running.store.lock:
        for table in ("product", "product_shop", "product_lang", "stock_available"):
            running.store.execute(f"DELETE FROM {table}")
    return running


def send(sandbox: Sandbox, method: str = "POST", path: str = "products", body: str | None = None) -> HTTPResponse:
    connection = HTTPConnection(sandbox.address.removeprefix("http://"), timeout=10)
    given = body if body is not None else xml(PRODUCT) if method == "POST" else None
    try:
        connection.request(method, f"/api/{path}", given, {"Authorization": basic(sandbox.key)})
        response = connection.getresponse()
        response.content = response.read()  # type: ignore[attr-defined]
        return response
    finally:
        connection.close()


def content(response: HTTPResponse) -> bytes:
    kept = response.content  # type: ignore[attr-defined]
    assert isinstance(kept, bytes)
    return kept


def products(sandbox: Sandbox) -> int:
    with sandbox.store.lock:
        return int(sandbox.store.value("SELECT COUNT(*) FROM product"))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("503", 503),
        ("429", 429),
        ("401", 401),
        ("302", 302),
        ("maintenance", 503),
        ("html", 500),
        ("502", 502),
        ("504", 504),
        ("413", 413),
        ("500", 500),
        ("deadlock", 500),
    ],
)
def test_before_anything_is_saved(sandbox: Sandbox, kind: str, status: int) -> None:
    sandbox.faults.add(kind)
    assert send(sandbox).status == status
    assert products(sandbox) == 0


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("500-saved", 500),
        ("html-saved", 500),
        ("504-saved", 504),
        ("deadlock-saved", 500),
        ("notice-before", 201),
        ("notice-after", 201),
        ("slow", 201),
    ],
)
def test_after_it_was_saved(sandbox: Sandbox, kind: str, status: int) -> None:
    sandbox.faults.add(kind)
    assert send(sandbox).status == status
    assert products(sandbox) == 1


@pytest.mark.parametrize(("kind", "saved"), [("reset", 0), ("lost", 1), ("truncated", 1)])
def test_the_connection_ends(sandbox: Sandbox, kind: str, saved: int) -> None:
    sandbox.faults.add(kind)
    with pytest.raises((ConnectionError, HTTPException)):
        send(sandbox)
    assert products(sandbox) == saved


def test_a_reset_is_a_reset(sandbox: Sandbox) -> None:
    sandbox.faults.add("reset")
    with pytest.raises(ConnectionResetError):
        send(sandbox)


def test_bodies(sandbox: Sandbox) -> None:
    number = sandbox.faults.add("401")
    assert content(send(sandbox)) == b"401 Unauthorized"
    sandbox.faults.remove(number)
    number = sandbox.faults.add("deadlock")
    assert b"<code><![CDATA[46]]></code>" in content(send(sandbox))
    sandbox.faults.remove(number)
    sandbox.faults.add("notice-before", message="<b>Notice</b>: odd")
    assert content(send(sandbox)).startswith(b"<b>Notice</b>: odd<?xml")


def test_retry_after_and_location(sandbox: Sandbox) -> None:
    number = sandbox.faults.add("503", retry_after=7)
    assert send(sandbox).getheader("Retry-After") == "7"
    sandbox.faults.remove(number)
    sandbox.faults.add("302", location="https://other.example/")
    assert send(sandbox).getheader("Location") == "https://other.example/"


def test_slow_bytes_and_latency_take_their_time(sandbox: Sandbox) -> None:
    for kind in ("slow", "latency"):
        number = sandbox.faults.add(kind, milliseconds=120)
        began = time.perf_counter()
        assert send(sandbox, "GET", "languages").status == 200
        assert time.perf_counter() - began >= 0.1
        sandbox.faults.remove(number)


def test_one_entity_is_refused_and_the_earlier_ones_are_saved(sandbox: Sandbox) -> None:
    sandbox.faults.add("refuse", text="BAD")
    entities = [f"{PRODUCT}<reference>{reference}</reference>" for reference in ("A", "BAD", "C")]
    assert send(sandbox, body=xml(*entities)).status == 400
    assert products(sandbox) == 1
    assert send(sandbox, body=xml(entities[0])).status == 201


def test_later_entities_are_skipped_in_silence(sandbox: Sandbox) -> None:
    sandbox.faults.add("skip", entity=2)
    response = send(sandbox, body=xml(*[PRODUCT] * 5))
    assert (response.status, b"<code><![CDATA[3]]></code>" in content(response)) == (500, True)
    assert products(sandbox) == 2


def test_the_header_is_lost_and_the_query_is_not(sandbox: Sandbox) -> None:
    sandbox.faults.add("cgi")
    assert content(send(sandbox, "GET", "languages")) == b"401 Unauthorized"
    assert send(sandbox, "GET", f"languages?ws_key={sandbox.key}").status == 200


def test_by_number_times_and_rule(sandbox: Sandbox) -> None:
    sandbox.faults.add("503", at=(2, 4))
    assert [send(sandbox, "GET", "languages").status for _ in range(5)] == [200, 503, 200, 503, 200]
    sandbox.faults.clear()
    sandbox.faults.add("429", times=2, method="GET", path="/languages")
    assert [send(sandbox, "GET", path).status for path in ("shops", "languages", "languages", "languages")] == [
        200,
        429,
        429,
        200,
    ]


def test_down_for_a_while(sandbox: Sandbox) -> None:
    faults = Faults()
    faults.add("maintenance", seconds=5, times=1)
    at = [bool(faults.strikes(n, "GET", "/api/", b"", now)) for n, now in enumerate((0.0, 4.9, 5.1, 99.0), 1)]
    assert at == [True, True, False, False]


def test_the_rate_is_seeded() -> None:
    def pattern(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add("lost", rate=0.3)
        return [bool(faults.strikes(n, "POST", "/api/products", b"", 0.0)) for n in range(200)]

    assert pattern(1) == pattern(1) != pattern(2)
    assert 30 < sum(pattern(1)) < 90


def test_every_so_many() -> None:
    faults = Faults()
    faults.add("lost", every=3)
    assert [bool(faults.strikes(n, "POST", "/", b"", 0.0)) for n in range(1, 7)] == [False, False, True] * 2


def test_a_rule_by_the_entity() -> None:
    fault = Fault("lost", method=("POST",), path="/products", text="SKU-1")
    assert fault.matches("POST", "/api/products", "<reference>SKU-1</reference>")
    assert not fault.matches("POST", "/api/products", "<reference>SKU-2</reference>")
    assert not fault.matches("PATCH", "/api/products", "SKU-1")


def test_the_command_line() -> None:
    assert parse_faults("lost method=post,put rate=0.1; 503 at=3,7 retry_after=2;") == [
        Fault("lost", method=("POST", "PUT"), rate=0.1),
        Fault("503", at=(3, 7), retry_after=2.0),
    ]


@pytest.mark.parametrize("text", ["fire", "lost colour=red", "lost rate=often", "503 kind=x"])
def test_the_command_line_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_faults(text)


def control(sandbox: Sandbox, method: str, path: str, body: object = None) -> tuple[int, object]:
    connection = HTTPConnection(sandbox.address.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, f"/__sandbox__/{path}", json.dumps(body) if body is not None else None)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_over_http(sandbox: Sandbox) -> None:
    status, listed = control(
        sandbox, "POST", "faults", [{"kind": "503", "times": 1}, {"kind": "lost", "method": "PUT"}]
    )
    assert status == 200
    assert isinstance(listed, dict)
    assert list(listed.values()) == [{"kind": "503", "times": 1}, {"kind": "lost", "method": ["PUT"]}]
    assert [send(sandbox, "GET", "languages").status for _ in range(2)] == [503, 200]
    status, entries = control(sandbox, "GET", "requests")
    assert isinstance(entries, list)
    assert [(e["status"], e["fault"]) for e in entries] == [(503, "503"), (200, "")]
    assert control(sandbox, "DELETE", "faults") == (200, {})
    assert control(sandbox, "DELETE", "requests") == (200, [])
    assert control(sandbox, "POST", "faults", {"kind": "fire"})[0] == 400
    assert control(sandbox, "GET", "odd")[0] == 404
