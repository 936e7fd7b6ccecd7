"""Commands for the people and the shops: what they print, what they keep, how they end."""

import json
import re

import pytest
from sqlalchemy import select

from admin import accounts
from models import Shop, User
from prestashop_client.sandbox import Sandbox
from sync.services import Services
from tests.cli.conftest import Invoke

KEY = "Z" * 32


def user(stored: Services, name: str) -> User:
    with stored.db.read() as session:
        return session.scalars(select(User).where(User.name == name)).one()


def test_an_operator_with_a_password_from_standard_input(invoke: Invoke, stored: Services) -> None:
    result = invoke("user", "add", "Żaneta", stdin="correct horse battery\n")
    assert (result.exit_code, result.output) == (0, "operator Żaneta added\n")
    with stored.db.read() as session:
        assert accounts.check(session, "Żaneta", "correct horse battery")
    assert not user(stored, "Żaneta").one_time_password


def test_an_operator_with_a_one_time_password(invoke: Invoke, stored: Services) -> None:
    result = invoke("user", "add", "me", "--generate")
    found = re.fullmatch(r"operator me added; one-time password: (\S{16})\n", result.output)
    assert found, result.output
    with stored.db.read() as session:
        assert accounts.check(session, "me", found[1])
    assert user(stored, "me").one_time_password


def test_a_new_password_ends_other_sessions(invoke: Invoke, stored: Services) -> None:
    invoke("user", "add", "me", stdin="correct horse battery\n")
    before = user(stored, "me").session_token
    assert invoke("user", "reset-password", "me", stdin="another long password\n").exit_code == 0
    assert user(stored, "me").session_token != before
    with stored.db.read() as session:
        assert accounts.check(session, "me", "another long password")
        assert not accounts.check(session, "me", "correct horse battery")


def test_an_operator_is_disabled_and_enabled(invoke: Invoke, stored: Services) -> None:
    invoke("user", "add", "me", "--generate")
    assert "let them in again with" in invoke("user", "disable", "me").output
    assert not user(stored, "me").active
    invoke("user", "enable", "me")
    assert user(stored, "me").active
    listed = json.loads(invoke("user", "list", "--json").output)
    assert [(each["name"], each["active"], each["last_login_at"]) for each in listed] == [("me", True, None)]
    assert "me    yes     yes                -" in invoke("user", "list").output


@pytest.mark.parametrize(
    ("arguments", "stdin", "message", "code"),
    [
        (["user", "add", "me"], "", "nothing on standard input", 2),
        (["user", "add", "me"], "short\n", "a password has at least 10 characters", 1),
        (["user", "add", " "], "correct horse battery\n", "a name has 1 to 100 characters", 1),
        (["user", "reset-password", "nobody"], "correct horse battery\n", "there is no operator 'nobody'", 1),
        (["user", "disable", "nobody"], None, "there is no operator 'nobody'", 1),
        (["shop", "test", "Black"], None, "there is no shop 'Black'; there are: none yet", 1),
        (["shop", "add", "Cyan", "shop.example"], KEY, "'shop.example' is no shop's address", 2),
        (["shop", "add", "Cyan", "https://u:p@shop.example"], KEY, "holds a user, a key or a question mark", 2),
        (["shop", "add", "Cyan", "https://shop.example"], "not a key!", "has letters and digits only", 2),
        (["shop", "add", "", "https://shop.example"], KEY, "has 1 to 100 characters", 2),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    invoke: Invoke, arguments: list[str], stdin: str | None, message: str, code: int
) -> None:
    result = invoke(*arguments, stdin=stdin)
    assert result.exit_code == code, result.output
    assert message in result.output.splitlines()[-1]
    assert "Traceback" not in result.output
    assert KEY not in result.output


def test_a_shop_is_added_tested_and_known_in_any_case(invoke: Invoke, stored: Services, sandbox: Sandbox) -> None:
    result = invoke("shop", "add", "Cyan", f"{sandbox.address}/api/", stdin=sandbox.key)
    assert result.exit_code == 0, result.output
    assert "ok     connection: PrestaShop 9.1.4 answers" in result.output
    assert sandbox.key not in result.output
    with stored.db.read() as session:
        shop = session.scalars(select(Shop)).one()
        assert (shop.name, shop.address, shop.active) == ("Cyan", sandbox.address, True)
        assert stored.vault.decrypt(shop.key_encrypted) == sandbox.key
        assert shop.languages.keys() == {"en", "pl"}
        assert shop.version == "9.1.4"
    assert "there is a shop 'cyan' already" in invoke("shop", "add", "cyan", sandbox.address, stdin=KEY).output
    report = json.loads(invoke("shop", "test", "CYAN", "--json").output)
    assert report["ok"] is True
    assert report["version"] == "9.1.4"
    (listed,) = json.loads(invoke("shop", "list", "--json").output)
    assert (listed["name"], listed["in_shop"], listed["links"]) == ("Cyan", 0, {})
    assert "key" not in " ".join(listed)
    assert "Cyan" in invoke("shop", "list").output


def test_a_shop_that_refuses_the_key_is_not_added_unless_asked(
    invoke: Invoke, stored: Services, sandbox: Sandbox
) -> None:
    refused = invoke("shop", "add", "Cyan", sandbox.address, stdin=KEY)
    assert refused.exit_code == 1
    assert "WRONG  connection:" in refused.output
    assert "shop Cyan was not added" in refused.output
    with stored.db.read() as session:
        assert session.scalars(select(Shop)).all() == []
    assert invoke("shop", "add", "Cyan", sandbox.address, "--no-test", stdin=KEY).exit_code == 0
    tested = invoke("shop", "test", "cyan")
    assert tested.exit_code == 1
    with stored.db.read() as session:
        assert session.scalars(select(Shop)).one().health == "down"


def test_a_shop_is_switched_off_and_on_and_removed_by_its_name(invoke: Invoke, stored: Services) -> None:
    invoke("shop", "add", "Cyan", "https://shop.example", "--no-test", stdin=KEY)
    assert "nothing is pushed to it" in invoke("shop", "deactivate", "cyan").output
    with stored.db.read() as session:
        assert not session.scalars(select(Shop)).one().active
    assert invoke("shop", "activate", "cyan").exit_code == 0
    wrong = invoke("shop", "remove", "cyan", stdin="cyan\n")
    assert wrong.exit_code == 1
    assert "this is not the shop's name; nothing was removed" in wrong.output
    assert invoke("shop", "remove", "cyan", stdin="Cyan\n").exit_code == 0
    with stored.db.read() as session:
        assert session.scalars(select(Shop)).all() == []


def test_a_database_without_the_schema_is_named_with_the_remedy(invoke: Invoke, tmp_path: object) -> None:
    fresh = {"SHOPFERRY_DATA_DIR": f"{tmp_path}/not/yet/there"}
    before = invoke("user", "list", more_env=fresh)
    assert (before.exit_code, before.output) == (
        1,
        "Error: the database does not have the newest schema; run: python manage.py migrate\n",
    )
    assert invoke("migrate", "--check", more_env=fresh).exit_code == 1
    assert "was brought to the newest schema" in invoke("migrate", more_env=fresh).output
    assert invoke("migrate", more_env=fresh).output == "the database has the newest schema\n"
    assert invoke("migrate", "--check", more_env=fresh).exit_code == 0
    assert "there is no operator yet" in invoke("user", "list", more_env=fresh).output


def test_a_database_that_does_not_answer_is_named_without_its_password(invoke: Invoke) -> None:
    gone = {"DATABASE_URL": "postgresql://shopferry:hidden-word@127.0.0.1:1/none"}
    result = invoke("user", "list", more_env=gone)
    assert result.exit_code == 1
    assert result.output.startswith("Error: the database does not answer: ")
    assert result.output.count("\n") == 1
    assert "hidden-word" not in result.output


def test_wrong_settings_are_named(invoke: Invoke) -> None:
    result = invoke("user", "list", more_env={"SHOPFERRY_PORT": "many"})
    assert (result.exit_code, result.output) == (
        1,
        "Error: SHOPFERRY_PORT is 'many'; it takes numbers, such as 8080\n",
    )


def test_a_new_key_is_one_that_settings_take(invoke: Invoke) -> None:
    key = invoke("new-key").output.strip()
    assert invoke("user", "list", more_env={"SHOPFERRY_ENCRYPTION_KEYS": key}).exit_code == 0
    assert invoke("new-key").output.strip() != key
