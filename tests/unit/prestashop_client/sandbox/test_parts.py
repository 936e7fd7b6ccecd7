"""PHP's and MariaDB's ways, by tables."""

import pytest

from prestashop_client.sandbox.collation import compare, matches
from prestashop_client.sandbox.columns import Column
from prestashop_client.sandbox.markup import purify
from prestashop_client.sandbox.php import levenshtein, nearest, parse_query, to_float, to_int
from prestashop_client.sandbox.slug import slug
from prestashop_client.sandbox.validate import CHECKS, is_valid


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Żółty Wąż & spółka 100%", "zolty-waz-spolka-100"),
        ("Hummingbird printed t-shirt", "hummingbird-printed-t-shirt"),
        ("The best is yet to come' Framed poster", "the-best-is-yet-to-come-framed-poster"),
        ("  A / B: [C]  ", "a-b-c-"),
        ("Straße Œuvre", "strasse-oeuvre"),
        ("Чашка щука йод їжа хата", "chashka-shhuka-jod-yizha-khata"),
        ("Đào Ștefan", "dao-tefan"),
        ("日本", ""),
        ("", ""),
    ],
)
def test_slug(name: str, address: str) -> None:
    assert slug(name) == address


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("12abc", 12), ("abc", 0), ("", 0), (None, 0), (" 7", 7), ("-3", -3), ("1.9", 1), ("1e3", 1000)],
)
def test_to_int(text: str | None, number: int) -> None:
    assert to_int(text) == number


@pytest.mark.parametrize(("text", "number"), [("1.5", 1.5), ("1,5", 1.0), (".5x", 0.5), ("x", 0.0), ("2e2", 200.0)])
def test_to_float(text: str, number: float) -> None:
    assert to_float(text) == number


@pytest.mark.parametrize(
    ("query", "parsed"),
    [
        ("a=1&b=x+y", {"a": "1", "b": "x y"}),
        ("filter[id]=[1|2]", {"filter": {"id": "[1|2]"}}),
        ("filter%5Bid%5D=%5B1%5D", {"filter": {"id": "[1]"}}),
        ("price[a][use_tax]=1&price[b]=2", {"price": {"a": {"use_tax": "1"}, "b": "2"}}),
        ("a=1&a=2", {"a": "2"}),
        ("a[]=1&a[]=2", {"a": {"0": "1", "1": "2"}}),
        ("schema", {"schema": ""}),
        ("", {}),
    ],
)
def test_queries(query: str, parsed: dict[str, object]) -> None:
    assert parse_query(query) == parsed


def test_the_nearest_word() -> None:
    assert levenshtein("kitten", "sitting") == 3
    assert nearest("produkts", ["orders", "products", "stocks"]) == "products"
    assert nearest("zz", ["ab", "cd"]) == "cd"


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("FA", "fa", 0), ("FA", "FA ", 0), ("ż", "Z", 0), ("é", "e", 0), ("ö", "o", 0), ("ß", "s", 0), ("ł", "l", 1),
        ("a", "b", -1), ("😀", "😁", 0), ("", " ", 0),
    ],
)  # fmt: skip
def test_collation(left: str, right: str, order: int) -> None:
    assert compare(left, right) == order
    assert compare(right, left) == -order


@pytest.mark.parametrize(
    ("pattern", "value", "found"),
    [
        ("fa%", "FAB", True),
        ("f_", "FA", True),
        ("f_", "F", False),
        (r"f\%", "F%", True),
        (r"f\%", "FA", False),
        ("1", 1, True),
    ],
)
def test_like(pattern: str, value: str | float, found: bool) -> None:
    assert matches(pattern, value) is found


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("uint", -1, 0), ("uint", 2**33, 2**32 - 1), ("utiny", 300, 255), ("int", 2**40, 2**31 - 1),
        ("tiny", -300, -128),
        ("decimal(6)", 1.23456789, 1.234568), ("decimal(3)", 0.0005, 0.001), ("varchar(3)", "abcd", "abc"),
        ("enum(a,b)", "b", "b"), ("enum(a,b)", "c", ""), ("date", "2027-12-31 10:00:00", "2027-12-31"),
        ("datetime", "2027-12-31", "2027-12-31 00:00:00"), ("date", "nonsense", "0000-00-00"), ("text", "x", "x"),
        ("uint", None, None),
    ],
)  # fmt: skip
def test_columns(column: str, value: int | float | str | None, kept: int | float | str | None) -> None:
    assert Column.of(column).keep(value) == kept


def test_a_decimal_reads_back_as_text() -> None:
    assert Column.of("decimal(6)").show(9999999999.99) == "9999999999.990000"
    assert Column.of("decimal(6)").show(None) is None


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("isInt", "-5", "1.0"), ("isUnsignedId", "4294967295", "4294967296"), ("isPrice", "1.5", "-1.5"),
        ("isNegativePrice", "-1.5", "--1"), ("isDate", "2024-02-29", "2023-02-29"),
        ("isDateFormat", "0000-00-00", "2023-13-01"),
        ("isColor", "#A0b1C2", "#12"), ("isLocale", "en-US", "en"), ("isLanguageCode", "en-us", "english"),
        ("isLinkRewrite", "a_b-C", "a b"), ("IsGenericName", "a;b", "a<b"), ("isConfigName", "PS_X-1", "PS X"),
        ("isPostCode", "00-950 A", "00_950"), ("isReductionType", "amount", "sum"), ("isUnsignedFloat", "0.5", "-0.5"),
    ],
)  # fmt: skip
def test_checks(check: str, good: str, bad: str) -> None:
    assert is_valid(check, good)
    assert not is_valid(check, bad)


def test_every_check_that_a_definition_names_exists() -> None:
    from prestashop_client.sandbox.definitions import RESOURCES

    named = {f.validate.lower() for resource in RESOURCES.values() for f in resource.definition if f.validate}
    assert named <= set(CHECKS)


def test_markup_is_stable() -> None:
    once = purify("<p>a <b>b<ul><li>1<li>2</ul> & c <img src=x.png></p><div>")
    assert purify(once) == once
