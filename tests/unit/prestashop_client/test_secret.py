"""The key appears nowhere."""

from __future__ import annotations

import base64
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prestashop_client import PrestaShopClient
from prestashop_client.secret import Secret

from .scripted import KEY, Says, scripted

KEYS = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), min_size=32, max_size=32)


@given(KEYS, st.text(max_size=40), st.text(max_size=40))
def test_a_redacted_text_has_no_key_in_any_spelling(key, before, after):
    secret = Secret(key)
    for spelling in (key, key.lower(), f"ws_key={key}", secret.basic()):
        clean = secret.redact(before + spelling + after)
        assert key.lower() not in clean.lower()
        assert base64.b64encode(f"{key}:".encode()).decode() not in clean


def test_neither_repr_nor_str_nor_pickle_give_it_away():
    secret = Secret(KEY)
    assert KEY not in f"{secret!r} {secret}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert KEY not in repr(PrestaShopClient("shop.example", KEY))


@pytest.mark.parametrize(
    "says",
    [
        Says(401, "401 Unauthorized", {"Content-Type": "text/html"}),
        Says(302, "", {"Location": f"http://other.example/api/products?ws_key={KEY}"}),
        Says(500, f"Fatal error at /api/products?ws_key={KEY}"),
        Says(200, "<html></html>"),
        Says(503, ""),
    ],
)
def test_no_error_and_no_log_line_holds_it_even_in_the_query(says, connect, caplog):
    caplog.set_level(logging.DEBUG)
    with scripted(lambda asked: says) as shop:
        client = connect(shop.address)
        client._transport.use_query_key()
        with pytest.raises(Exception) as caught:  # noqa: PT011
            client.list("products")
    error = caught.value
    texts = [str(error), repr(error), str(vars(error)), str(error.__cause__), str(error.__context__)]
    assert KEY not in " ".join([*texts, caplog.text])


def test_a_connection_error_does_not_carry_the_address(connect):
    client = connect("http://127.0.0.1:9")
    client._transport.use_query_key()
    with pytest.raises(Exception, match="cannot connect") as caught:
        client.get("products", 1)
    error = caught.value
    assert KEY not in f"{error} {vars(error)} {error.__cause__} {error.__context__}"
