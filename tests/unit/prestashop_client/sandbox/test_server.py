"""The server: keep-alive, many at once, its log, its costs and its command line."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from prestashop_client.sandbox import DEFAULT_KEY, Sandbox
from prestashop_client.sandbox.costs import cost
from prestashop_client.sandbox.exchange import Answer

from .shop import PRODUCT, Shop, basic, xml

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.running() as sandbox:
        yield sandbox


@pytest.fixture
def connection(sandbox: Sandbox) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(sandbox.address.removeprefix("http://"), timeout=10)
    yield connection
    connection.close()


def ask(connection: HTTPConnection, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    connection.request(method, f"/api/{path}", body, {"Authorization": basic(DEFAULT_KEY)})
    response = connection.getresponse()
    return response.status, response.read()


def test_a_connection_is_kept(connection: HTTPConnection) -> None:
    ask(connection, "GET", "languages")
    kept = connection.sock
    for method in ("GET", "HEAD", "GET"):
        assert ask(connection, method, "products/9")[0] == 404
        assert ask(connection, method, "languages")[0] == 200
    assert connection.sock is kept


def test_answers_come_in_chunks(connection: HTTPConnection) -> None:
    connection.request("GET", "/api/languages", headers={"Authorization": basic(DEFAULT_KEY)})
    response = connection.getresponse()
    assert (response.getheader("Transfer-Encoding"), response.getheader("Content-Length")) == ("chunked", None)
    assert b"languages" in response.read()


def test_a_body_in_chunks(connection: HTTPConnection) -> None:
    connection.request(
        "POST",
        "/api/products",
        iter([b"<prestashop><product>", PRODUCT.encode(), b"</product></prestashop>"]),
        {"Authorization": basic(DEFAULT_KEY)},
        encode_chunked=True,
    )
    assert connection.getresponse().status == 201


def test_an_address_may_have_8_kilobytes(connection: HTTPConnection) -> None:
    def long(total: int) -> str:
        return (
            "products?filter[reference]=["
            + "R" * (total - len("GET /api/products?filter[reference]=[] HTTP/1.1\r\n"))
            + "]"
        )

    assert ask(connection, "GET", long(8_169))[0] == 200
    status, page = ask(connection, "GET", long(8_369))
    assert status == 414
    assert b"414 Request-URI Too Large" in page


def test_listens_on_loopback_only(sandbox: Sandbox) -> None:
    assert sandbox.address.startswith("http://127.0.0.1:")


def test_eight_at_once(sandbox: Sandbox) -> None:
    def create(count: int) -> list[int]:
        connection = HTTPConnection(sandbox.address.removeprefix("http://"), timeout=30)
        try:
            return [
                ask(connection, "POST", "products", xml(f"{PRODUCT}<reference>SAME</reference>"))[0]
                for _ in range(count)
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert {status for made in pool.map(create, [10] * 8) for status in made} == {201}
    with sandbox.store.lock:
        row = sandbox.store.row("SELECT COUNT(*) AS n, MAX(id_product) AS last FROM product") or {}
        assert (row["n"], row["last"]) == (80, 80)
        assert sandbox.store.value("SELECT COUNT(*) FROM stock_available") == 80
    assert len(sandbox.requests.of("POST", "products")) == 80


def test_the_log(sandbox: Sandbox, connection: HTTPConnection) -> None:
    ask(connection, "POST", "products", xml(PRODUCT, PRODUCT))
    ask(connection, "GET", f"products?display=full&ws_key={DEFAULT_KEY}")
    ask(connection, "DELETE", "products/1")
    ask(connection, "GET", "products/99")
    assert [(e.number, e.method, e.path, e.resource, e.entities, e.status) for e in sandbox.requests] == [
        (1, "POST", "/api/products", "products", 2, 201),
        (2, "GET", "/api/products", "products", 2, 200),
        (3, "DELETE", "/api/products/1", "products", 1, 200),
        (4, "GET", "/api/products/99", "products", 0, 404),
    ]
    assert all(e.milliseconds > 0 for e in sandbox.requests)
    assert [e.method for e in sandbox.requests.writes()] == ["POST", "DELETE"]
    assert sandbox.requests.total == len(sandbox.requests) == 4
    assert DEFAULT_KEY not in repr(list(sandbox.requests))
    sandbox.requests.clear()
    assert (len(sandbox.requests), sandbox.requests.number()) == (0, 1)


def test_latency_is_not_execution_time(sandbox: Sandbox, connection: HTTPConnection) -> None:
    sandbox.timing.latency = 60
    connection.request("GET", "/api/languages", headers={"Authorization": basic(DEFAULT_KEY)})
    began = time.perf_counter()
    response = connection.getresponse()
    response.read()
    assert time.perf_counter() - began >= 0.055
    assert float(response.getheader("Execution-Time") or 0) < 0.06


@pytest.mark.parametrize(
    ("method", "entities", "least", "most"),
    [("POST", 1, 20, 24), ("POST", 50, 470, 510), ("PATCH", 1, 17, 21), ("PATCH", 50, 460, 500)],
)
def test_the_cost_of_writes(method: str, entities: int, least: float, most: float) -> None:
    assert least <= cost(method, Answer(200, entities=entities, resource="products"), "") <= most


@pytest.mark.parametrize(
    ("resource", "query", "listed", "loaded", "measured"),
    [
        ("products", "", 1, 1, 9.1),
        ("products", "display=full&limit=100", 100, 100, 177),
        ("products", "", 12_000, 0, 81),
        ("products", "display=full", 1000, 1000, 1804),
        ("products", "display=[id,reference]", 12_000, 12_000, 3150),
        ("products", "filter[reference]=[a|b]&display=[id,reference]", 100, 100, 27),
        ("stock_availables", "display=full", 12_000, 12_000, 1020),
    ],
)
def test_the_cost_of_reads(resource: str, query: str, listed: int, loaded: int, measured: float) -> None:
    answer = Answer(200, entities=listed, objects_loaded=loaded, resource=resource)
    assert cost("GET", answer, query) == pytest.approx(measured, rel=0.12)


def test_the_cost_is_spent_and_told() -> None:
    with Sandbox.running(cost="prestashop") as sandbox:
        connection = HTTPConnection(sandbox.address.removeprefix("http://"), timeout=10)
        connection.request("POST", "/api/products", xml(*[PRODUCT] * 10), {"Authorization": basic(sandbox.key)})
        response = connection.getresponse()
        response.read()
        connection.close()
    assert 0.1 <= float(response.getheader("Execution-Time") or 0) <= 0.3


def test_a_wrong_cost() -> None:
    with pytest.raises(ValueError, match="no cost 'magento'; there is prestashop"):
        Sandbox(cost="magento")


def test_a_file_keeps_the_shop(tmp_path: Path) -> None:
    first = Sandbox(db=tmp_path / "shop.sqlite3")
    Shop(first).create()
    first.stop()
    again = Sandbox(db=tmp_path / "shop.sqlite3")
    assert Shop(again).get("products").ids() == [1]
    again.stop()


def test_the_address_before_the_start() -> None:
    sandbox = Sandbox()
    with pytest.raises(RuntimeError, match="not started"):
        _ = sandbox.address
    sandbox.stop()


class TestCommandLine:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_it_says_where_it_is_and_ends_when_told(self, number: signal.Signals) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "prestashop_client.sandbox", "--port", "0", "--key", "K" * 32],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert process.stdout is not None
        said = process.stdout.readline()
        address = said.split(" at http://")[1].split("/api/")[0]
        connection = HTTPConnection(address, timeout=10)
        connection.request("GET", "/api/languages", headers={"Authorization": basic("K" * 32)})
        assert connection.getresponse().status == 200
        process.send_signal(number)
        rest, _ = process.communicate(timeout=10)
        connection.close()
        assert (process.returncode, rest) == (0, "")
        assert said == f"PrestaShop 9.1.4 sandbox at http://{address}/api/ key {'K' * 32} (an empty shop)\n"

    def test_a_port_that_is_taken(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = subprocess.run(
                [sys.executable, "-m", "prestashop_client.sandbox", "--port", str(taken.getsockname()[1])],
                capture_output=True,
                text=True,
                cwd=ROOT,
                timeout=30,
                check=False,
            )
        assert done.returncode == 2
        assert done.stderr.startswith("sandbox: ")
