"""Errors as a file for spreadsheets."""

import csv
import io

import pytest

from admin.csv_export import rows_as_csv, safe
from tests.web.conftest import Browser
from tests.web.factories import Make


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_what_would_be_a_formula_is_led_by_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("cell", "shown"), [("A-1", "A-1"), ("", ""), (None, ""), ("1=1", "1=1"), (" =1", " =1"), (7, "7")]
)
def test_everything_else_stays_as_it_is(cell: object, shown: str) -> None:
    assert safe(cell) == shown


def test_quotes_commas_and_lines_survive() -> None:
    row = ["a,b", 'say "x"', "two\r\nlines", "ż"]
    text = "".join(rows_as_csv([row]))
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) == [row]


def test_the_file_of_a_job(browser: Browser, make: Make) -> None:
    job = make.job(make.shop(), error_count=2)
    make.items(job, ['=cmd|"/c calc"!A1', "zażółć, gęślą"], sku="-A1")
    make.items(job, [""], status="pushed")
    answer = browser.get(f"/jobs/{job}/errors.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="job-{job}-errors.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf#,SKU,State,Error\r\n")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [["1", "'-A1", "refused", '\'=cmd|"/c calc"!A1'], ["2", "'-A1", "refused", "zażółć, gęślą"]]


def test_a_long_file_is_streamed(browser: Browser, make: Make) -> None:
    job = make.job(make.shop())
    make.items(job, [f"error {number}" for number in range(1200)])
    answer = browser.client.get(f"/jobs/{job}/errors.csv")
    assert answer.is_streamed
    assert len(answer.text.splitlines()) == 1201
    answer.close()
