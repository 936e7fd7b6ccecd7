"""Which errors say the same."""

import pytest

from sync.signatures import error_signature, normalised


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("name is not valid", "name is not valid"),
        ("Product 17: price 10.50 is too low", "product #: price # is too low"),
        ("given up after 4 attempts: the shop did not answer in 60.0 s", "the shop did not answer in # s"),
        ("shop 3 (Cyan): key refused (401)", "key refused (#)"),
        ("the shop has 2 products with 'MUG-1' (ids 4, 17, 9)", "the shop has # products with ? (ids #)"),
        ('image "front.png": images/products POST refused', "image ?: images/products post refused"),
        ("https://shop.example/api/products/7?x=1 answers 500", "url answers #"),
        ("job 4f9c2a10-1111-2222-3333-aabbccddeeff is gone", "job # is gone"),
        ("no  stock\n row", "no stock row"),
        ("SKU-0001 and SKU-0002 differ", "# differ"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_differs_from_case_to_case_is_left_out(error: str, said: str) -> None:
    assert normalised(error) == said


def test_equal_errors_have_one_signature_and_others_another() -> None:
    assert error_signature("product 1: 'A' is refused") == error_signature("Product 22: 'B c' is refused")
    assert error_signature("name is not valid") != error_signature("price is not valid")
    assert len(error_signature("x" * 5000)) == 32
