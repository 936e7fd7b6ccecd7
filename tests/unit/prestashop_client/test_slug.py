"""link_rewrite as PrestaShop makes it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prestashop_client.slug import slug

from .goods import product

TEXTS = [
    ("Żółty Wąż & spółka 100%", "zolty-waz-spolka-100"),
    ("a b", "a-b"),
    ("żółw", "zolw"),
    ("  Hummingbird printed t-shirt ", "hummingbird-printed-t-shirt"),
    ("A/B: [c] 'd'", "a-b-c-d-"),
    ("Crème brûlée", "creme-brulee"),
    ("Straße, Øre, Æsop, Œuvre", "strasse-ore-aesop-oeuvre"),
    ("50% -- off!!!", "50-off"),
    ("Цена: щётка й", "cena-shhyotka-j"),
    ("", ""),
    ("%%%", ""),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_known_texts(text, expected):
    assert slug(text) == expected


@pytest.mark.parametrize("text", [text for text, expected in TEXTS if expected])
def test_the_shop_makes_the_same(client, text):
    id_ = client.create("products", product("R", name={1: text, 2: text}, link_rewrite={1: "", 2: ""}))["id"]
    assert client.get("products", id_)["link_rewrite"][1] == slug(text)


@given(st.text(max_size=200))
def test_a_slug_always_passes(text):
    assert re.fullmatch(r"[a-z0-9-]*", slug(text))
    assert "--" not in slug(text)
    assert len(slug(text)) <= 128
    assert slug(slug(text)) == slug(text)
