"""Operators and their passwords."""

import pytest

from admin import accounts
from admin.accounts import AccountError
from models import Database
from tests.web.factories import PASSWORD


def test_a_password_is_kept_as_an_argon2_hash_and_found_right_again(database: Database) -> None:
    with database.write() as session:
        user = accounts.create_user(session, " operator ", PASSWORD)
        assert user.password_hash.startswith("$argon2id$")
        assert user.name == "operator"
        assert accounts.check(session, "operator", PASSWORD) is user
        assert accounts.check(session, "operator", PASSWORD + "x") is None
        assert accounts.check(session, "nobody", PASSWORD) is None


def test_a_user_who_is_switched_off_is_not_let_in(database: Database) -> None:
    with database.write() as session:
        accounts.create_user(session, "operator", PASSWORD).active = False
        assert accounts.check(session, "operator", PASSWORD) is None


@pytest.mark.parametrize("password", ["", "short", "123456789", "x" * 1001])
def test_a_password_has_ten_to_a_thousand_characters(database: Database, password: str) -> None:
    with database.write() as session, pytest.raises(AccountError, match="at least 10"):
        accounts.create_user(session, "operator", password)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_has_one_to_a_hundred_characters(database: Database, name: str) -> None:
    with database.write() as session, pytest.raises(AccountError, match="1 to 100"):
        accounts.create_user(session, name, PASSWORD)


def test_a_name_is_taken_once(database: Database) -> None:
    with database.write() as session:
        accounts.create_user(session, "operator", PASSWORD)
        with pytest.raises(AccountError, match="already"):
            accounts.create_user(session, "operator", PASSWORD)


def test_a_new_password_ends_sessions_and_the_one_time_mark(database: Database) -> None:
    with database.write() as session:
        user = accounts.create_user(session, "operator", PASSWORD, one_time=True)
        before = user.session_token
        assert user.one_time_password
        accounts.set_password(session, user, "another good one")
        assert user.session_token != before
        assert not user.one_time_password


def test_a_hash_that_is_none_is_never_right() -> None:
    assert not accounts.verify("", PASSWORD)
    assert not accounts.verify("plain", "plain")
