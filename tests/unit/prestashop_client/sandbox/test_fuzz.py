"""Whatever is asked, the sandbox answers: an answer of PrestaShop's, never an exception of its own."""

import base64
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prestashop_client.sandbox import Sandbox
from prestashop_client.sandbox.definitions import RESOURCES
from prestashop_client.sandbox.exchange import Request
from prestashop_client.sandbox.php import Query

from .shop import Shop, basic, xml

VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "1", "-1", "[1|2]", "[1,2]", "%[a]%", ">[1]", "![1|2]", "[", "]", "A[1]", "1e999", "NaN", "\\"]
    ),
)
NAMES = st.sampled_from(sorted({f.name for r in RESOURCES.values() for f in r.fields} | {"id", "colour"}))
DISPLAYS = st.builds("[{},{}[id]]".format, NAMES, NAMES)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "filter": st.dictionaries(NAMES, VALUES, max_size=2),
        "display": st.one_of(st.sampled_from(["full", "minimum", "[]", "[id]"]), DISPLAYS, VALUES),
        "sort": st.one_of(st.builds("[{}_ASC]".format, NAMES), VALUES),
        "limit": VALUES,
        "language": VALUES,
        "date": st.just("1"),
        "output_format": st.just("JSON"),
    },
)
FUZZ = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def furnished() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    shop = Shop(sandbox)
    for _ in range(3):
        shop.create()
    shop.category()
    yield sandbox
    sandbox.stop()


def answer(sandbox: Sandbox, method: str, path: str, query: Query, body: bytes = b"") -> int:
    headers = {"authorization": basic(sandbox.key)}
    return sandbox.dispatcher.answer(Request(method, path, query, headers, body)).status


@FUZZ
@given(st.sampled_from(sorted(RESOURCES)), st.sampled_from(["", "/1", "/x", "/99"]), QUERIES)
def test_reading(furnished: Sandbox, resource: str, tail: str, query: Query) -> None:
    assert answer(furnished, "GET", resource + tail, query) in (200, 400, 404, 500)


@FUZZ
@given(
    st.sampled_from(sorted(RESOURCES)),
    st.sampled_from(["POST", "PUT", "PATCH"]),
    st.lists(st.tuples(NAMES, st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",)), max_size=20))),
)
def test_writing(furnished: Sandbox, resource: str, method: str, fields: list[tuple[str, str]]) -> None:
    entity = "".join(f"<{name}><![CDATA[{text.replace(']]>', '')}]]></{name}>" for name, text in fields)
    body = xml(entity, node=RESOURCES[resource].node).encode()
    assert answer(furnished, method, resource, {}, body) in (200, 201, 400, 404, 405, 500)


@FUZZ
@given(st.binary(max_size=200))
def test_bodies(furnished: Sandbox, body: bytes) -> None:
    assert answer(furnished, "POST", "products", {}, body) in (201, 400, 500)


@FUZZ
@given(st.binary(max_size=80))
def test_keys(furnished: Sandbox, key: bytes) -> None:
    header = "Basic " + base64.b64encode(key).decode()
    assert furnished.dispatcher.answer(Request("GET", "products", {}, {"authorization": header})).status in (200, 401)
