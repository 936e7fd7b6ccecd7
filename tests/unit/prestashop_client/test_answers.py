"""What an answer means is told by its list of codes, not by its status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from requests.structures import CaseInsensitiveDict

from prestashop_client import errors
from prestashop_client.answers import check_status, entities_of, error_of
from prestashop_client.headers import redirect_reason, retry_after
from prestashop_client.secret import Secret
from prestashop_client.wire import Answer, Request

from .scripted import KEY, XML, Says, refusal

SECRET = Secret(KEY)
POST = Request("POST", "products", "products")
GET = Request("GET", "products/7", "products", ids=(7,))
HTML = {"Content-Type": "text/html"}


def answer(says: Says) -> Answer:
    body = says.body.encode() if isinstance(says.body, str) else says.body
    return Answer(says.status, CaseInsensitiveDict(says.headers), body, 0.01)


def meaning(says: Says, request: Request = POST) -> errors.PrestaShopError:
    return error_of(request, answer(says), SECRET)


TABLE = [
    ("empty key", refusal(401, (17, "Authentication key is empty")), errors.AuthenticationRefused),
    ("key format", refusal(401, (18, "Invalid authentication key format")), errors.AuthenticationRefused),
    ("unknown key", refusal(401, (20, "not active"), (21, "No permission")), errors.AuthenticationRefused),
    ("no key arrived", Says(401, "401 Unauthorized", HTML), errors.AuthenticationRefused),
    ("key without shop", refusal(403, (132, "No permission for this key on this shop")), errors.AuthenticationRefused),
    ("no right to a resource", refusal(401, (26, "Resource of type")), errors.PermissionRefused),
    ("no right to a method", refusal(405, (25, "Method PUT is not allowed")), errors.PermissionRefused),
    ("no such method", refusal(405, (23, "Method PATCH is not valid")), errors.MethodRefused),
    ("POST of stock", refusal(405, (101, "Method POST is not allowed")), errors.MethodRefused),
    ("web service off", refusal(503, (22, "is disabled")), errors.WebserviceOff),
    ("other domain", Says(302, "", {"Location": "http://shop.example/?url=products"}), errors.RedirectRefused),
    ("unknown resource", refusal(400, (27, "Resource of type")), errors.RequestRefused),
    ("unknown filter", refusal(500, (3, "[PHP Warning #2]"), (32, "This filter")), errors.RequestRefused),
    ("broken XML", refusal(500, (3, "w"), (3, "w"), (3, "w"), (127, "XML error")), errors.RequestRefused),
    ("missing, read", Says(404, "", {}), errors.NotFound),
    ("missing, write", refusal(404, (92, "Invalid ID")), errors.NotFound),
    ("missing, delete", refusal(404, (87, "Id(s) not exists: 9")), errors.NotFound),
    ("in another shop", refusal(404, (131, "does not exists on this shop")), errors.NotFound),
    ("missing image", refusal(400, (57, "This image id does not exist")), errors.NotFound),
    ("ghost", refusal(500, (61, "This image does not exist on disk")), errors.NotFound),
    ("required", refusal(400, (41, 'parameter "price" required')), errors.EntityRefused),
    ("invalid", refusal(400, (85, "Property Product->price is not valid")), errors.EntityRefused),
    ("position", refusal(500, (134, "You cannot set 0")), errors.EntityRefused),
    ("only PHP's warning", refusal(500, (3, "[PHP Warning #2] foreach()")), errors.BadAnswer),
    ("uncaught exception", Says(500, "", HTML), errors.BadAnswer),
    ("HTML 404", Says(404, "<title>404 Not Found</title>", HTML), errors.BadAnswer),
    ("HTML 200", Says(200, "<html>Shop</html>", HTML), errors.BadAnswer),
    ("database down", Says(500, "<title>500 Server Error</title>", HTML), errors.ShopUnavailable),
    ("php-fpm down", Says(502, "<title>502 Bad Gateway</title>", HTML), errors.ShopUnavailable),
    ("overloaded", Says(503, "", HTML), errors.ShopUnavailable),
    ("proxy lost patience", Says(504, "<title>504</title>", HTML), errors.TimedOut),
    ("too many", Says(429, "", HTML), errors.RateLimited),
    ("too large", Says(413, "<title>413</title>", HTML), errors.TooLarge),
    ("too long", Says(414, "<title>414</title>", HTML), errors.TooLarge),
]


@pytest.mark.parametrize(("says", "kind"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_every_kind_of_answer_has_its_error(says, kind):
    error = meaning(says)
    assert type(error) is kind
    assert (error.status, error.resource, error.method) == (says.status, "products", "POST")


@pytest.mark.parametrize(
    ("says", "maybe"),
    [
        (refusal(400, (85, "Property Product->price is not valid")), False),
        (refusal(400, (41, 'parameter "price" required')), False),
        (refusal(400, (86, "unknown association")), True),  # created all the same (measured)
        (refusal(500, (3, "[PHP Warning #2]")), True),  # a feature without its value: created
        (refusal(500, (85, "Error occurred while setting the categories value")), True),
        (refusal(500, (46, "Unable to save resource")), True),
        (refusal(401, (26, "no right")), False),
        (refusal(503, (22, "off")), False),
        (Says(500, ""), True),
        (Says(503, ""), True),
        (Says(504, ""), True),
        (Says(429, ""), False),
        (Says(413, ""), False),
        (Says(302, "", {"Location": "https://x/"}), False),
        (Says(200, "<html></html>", HTML), True),
    ],
)
def test_an_error_says_whether_a_write_may_stand(says, maybe):
    assert meaning(says).maybe_written is maybe
    assert meaning(says, GET).maybe_written is False


def test_in_a_batch_a_refusal_leaves_the_earlier_entities_written():
    request = Request("POST", "products", "products", entities=3)
    assert meaning(refusal(400, (85, "Property Product->price is not valid")), request).maybe_written


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ('Validation error: "Property Product->price is not valid"', "price"),
        ('Validation error: "Property Product->price is empty."', "price"),
        ('Validation error: "The length of property Product->name is currently 129 chars. It must be"', "name"),
        ('parameter "quantity" not writable. Please remove this attribute of this XML', "quantity"),
        ("Error occurred while setting the categories value", "categories"),
        ("id is required when modifying a resource", "id"),
        ("Unable to save resource", None),
    ],
)
def test_the_field_at_fault_is_named(message, field):
    assert meaning(refusal(400, (85, message))).field == field


def test_the_message_is_the_apis_own_and_not_phps():
    error = meaning(refusal(500, (3, "[PHP Warning #2] noise"), (32, "This filter does not exist.")))
    assert str(error) == "products POST refused (500, codes 3, 32): This filter does not exist"


def test_a_success_gives_its_root():
    ok = Says(200, "<prestashop><product><id>7</id></product></prestashop>", dict(XML))
    assert entities_of(GET, answer(ok), SECRET).findtext("product/id") == "7"


def test_errors_in_a_success_are_errors():
    with pytest.raises(errors.EntityRefused):
        entities_of(POST, answer(refusal(201, (85, "Property Product->price is not valid"))), SECRET)


def test_a_truncated_success_proves_nothing():
    with pytest.raises(errors.BadAnswer) as bad:
        entities_of(POST, answer(Says(201, "<?xml version='1.0'?><prestashop><product><id>7</i")), SECRET)
    assert bad.value.maybe_written
    assert "<product>" in bad.value.excerpt


def test_a_body_that_does_not_matter_is_not_read():
    check_status(Request("DELETE", "products/7", "products"), answer(Says(200, "")), SECRET)


def test_an_excerpt_never_holds_the_key():
    error = meaning(Says(500, f"<html>Bad request /api?ws_key={KEY}&x=1 {KEY.lower()}</html>", HTML))
    assert KEY not in error.excerpt
    assert KEY.lower() not in error.excerpt


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("https://shop.example/api/products", "wants https"),
        ("http://www.shop.example/api/products", "domain is www.shop.example"),
        ("http://shop.example/?url=products%2F1", "id_shop"),
        ("/maintenance", "moved"),
    ],
)
def test_a_redirect_is_explained(target, told):
    assert told in redirect_reason("http://shop.example/api", target)


@pytest.mark.parametrize(("header", "seconds"), [("30", 30.0), ("", None), ("soon", None)])
def test_retry_after_in_seconds(header, seconds):
    assert retry_after(answer(Says(503, "", {"Retry-After": header}))) == seconds


def test_retry_after_as_a_date():
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after(answer(Says(503, "", {"Retry-After": when}))) == pytest.approx(90, abs=3)
