"""Time limits, caps, no redirects, one session per thread."""

from __future__ import annotations

import gzip
import itertools
import socket
import struct
import threading

import pytest

from prestashop_client import Capabilities, transport
from prestashop_client.errors import (
    AuthenticationRefused,
    BadAnswer,
    RedirectRefused,
    ShopUnavailable,
    TimedOut,
    Unreachable,
)
from prestashop_client.transport import api_address
from prestashop_client.wire import Request

from .goods import product
from .scripted import KEY, Says, refusal, scripted, xml

ONE = xml("<product><id>1</id></product>")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://shop.example", "https://shop.example/api"),
        ("https://shop.example/", "https://shop.example/api"),
        ("https://shop.example/api", "https://shop.example/api"),
        ("https://shop.example/api/", "https://shop.example/api"),
        (" https://shop.example/pl/api/?x=1#y ", "https://shop.example/pl/api"),
        ("shop.example/sklep", "https://shop.example/sklep/api"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090/api"),
    ],
)
def test_an_address_is_taken_with_and_without_api(given, address):
    assert api_address(given) == address


def test_the_key_travels_as_the_user_name(connect):
    with scripted([ONE]) as shop:
        connect(shop.address).get("products", 1)
    assert shop.asked[0].headers["Authorization"].startswith("Basic ")
    assert "ws_key" not in shop.asked[0].params


def test_a_key_whose_header_is_stripped_goes_into_the_query_once_and_stays_there(connect):
    def answer(asked):
        return ONE if asked.params.get("ws_key") == KEY else Says(401, "401 Unauthorized")

    with scripted(answer) as shop:
        client = connect(shop.address)
        client.get("products", 1)
        client.get("products", 1)
    assert ["ws_key" in asked.params for asked in shop.asked] == [False, True, True]
    assert "Authorization" not in shop.asked[1].headers


def test_no_netrc_is_asked_when_the_key_is_in_the_query(connect, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with scripted([ONE]) as shop:
        connect(shop.address, capabilities=Capabilities(key_in_query=True)).get("products", 1)
    assert "Authorization" not in shop.asked[0].headers


def test_a_wrong_key_is_not_tried_in_the_query(connect):
    wrong = refusal(401, (18, "Invalid authentication key format"))
    with scripted(lambda asked: wrong) as shop, pytest.raises(AuthenticationRefused, match="key format"):
        connect(shop.address).get("products", 1)
    assert len(shop.asked) == 1


def test_a_redirect_is_never_followed(connect):
    moved = Says(302, "", {"Location": "https://other.example/api/products"})
    with scripted(lambda asked: moved) as shop, pytest.raises(RedirectRefused) as caught:
        connect(shop.address).create("products", {"price": 1})
    assert caught.value.target == "https://other.example/api/products"
    assert caught.value.reason == "the shop's own domain is other.example: use it in the address"
    assert not caught.value.maybe_written


def test_nothing_listens(connect):
    with pytest.raises(Unreachable) as caught:
        connect("http://127.0.0.1:9").get("products", 1)
    assert caught.value.retryable
    assert not caught.value.maybe_written


def test_no_answer_in_time(connect):
    release = threading.Event()

    def stall(handler):
        release.wait(5)

    with scripted(lambda asked: Says(act=stall)) as shop:
        client = connect(shop.address, timeout=(1, 0.05))
        with pytest.raises(TimedOut) as caught:
            client._transport.send(Request("PUT", "products/1", "products", body=b""))
        release.set()
    assert caught.value.maybe_written


def test_a_body_that_drips_is_cut_off(connect):
    """Every byte comes in time, the whole does not: here the clock jumps 100 s with every look at it."""
    with scripted([ONE]) as shop, pytest.raises(TimedOut, match="too slowly"):
        connect(shop.address, clock=itertools.count(0, 100).__next__)._transport.send(
            Request("GET", "products", "products")
        )


def test_a_body_is_read_as_it_comes(connect):
    """The rest of a body may take its time, as long as something comes."""
    release = threading.Event()

    def drip(handler):
        body = ONE.body.encode()
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
        for byte in body:
            release.wait(0.001)
            handler.wfile.write(bytes([byte]))

    with scripted(lambda asked: Says(act=drip)) as shop:
        assert connect(shop.address, timeout=(1, 5)).get("products", 1) == {"id": 1}


def test_a_reset_connection_may_have_written(connect):
    def reset(handler):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    with scripted(lambda asked: Says(act=reset)) as shop:
        client = connect(shop.address)
        with pytest.raises(ShopUnavailable) as caught:
            client._transport.send(Request("POST", "products", "products", body=b""))
    assert caught.value.maybe_written
    assert not isinstance(caught.value, Unreachable)


def test_an_answer_that_unpacks_to_too_much_is_not_read(connect, monkeypatch):
    monkeypatch.setattr(transport, "MAX_ANSWER", 1_000_000)
    bomb = gzip.compress(b"<" * 20_000_000)
    packed = Says(200, bomb, {"Content-Encoding": "gzip"})
    with scripted(lambda asked: packed) as shop, pytest.raises(BadAnswer, match="longer than 1000000 bytes"):
        connect(shop.address).get("products", 1)


def test_compressed_answers_are_understood(connect):
    body = gzip.compress(ONE.body.encode())
    with scripted([Says(200, body, {"Content-Encoding": "gzip"})]) as shop:
        assert connect(shop.address).get("products", 1) == {"id": 1}


def test_every_thread_has_its_own_connection(connect):
    ports = set()

    def answer(asked):
        return ONE

    with scripted(answer) as shop:
        client = connect(shop.address)
        sessions = set()

        def work():
            for _ in range(3):
                client.get("products", 1)
            sessions.add(id(client._transport._session()))
            ports.add(threading.get_ident())

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(sessions) == 4
    assert client.requests.total == 12


def test_requests_are_counted_by_method_and_resource(connect):
    with scripted(lambda asked: ONE) as shop:
        client = connect(shop.address)
        client.get("products", 1)
        client.patch("products", 1, {"price": 2})
    assert client.requests.total == 2
    assert client.requests.by_method == {"GET": 1, "PATCH": 1}
    assert client.requests.by_resource["PATCH", "products"] == 1
    assert client.requests.last_latency is not None


def test_id_shop_goes_with_every_request(connect):
    with scripted(lambda asked: ONE) as shop:
        connect(shop.address, id_shop=2).patch("products", 1, {"price": 2})
    assert shop.asked[0].params == {"id_shop": "2"}


def test_methods_that_a_proxy_blocks_travel_as_post(sandbox, connect):
    client = connect(sandbox.address, sandbox.key, capabilities=Capabilities(tunnel=True))
    id_ = client.create("products", product("R"))["id"]
    client.patch("products", id_, {"price": "12"})
    assert client.get("products", id_)["price"] == "12.000000"
    client.delete("products", id_)
    assert {entry.method for entry in sandbox.requests} <= {"GET", "POST", "PATCH", "DELETE"}
    assert client.count("products") == 0


def test_a_tunnelled_method_is_named_in_the_query(connect):
    with scripted(lambda asked: ONE) as shop:
        connect(shop.address, capabilities=Capabilities(tunnel=True)).patch("products", 1, {"price": 1})
    assert (shop.asked[0].method, shop.asked[0].params["ps_method"]) == ("POST", "PATCH")
