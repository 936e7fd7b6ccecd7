"""Operators and their passwords. Used by the sign-in pages and the command line; needs no Flask."""

import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User
from models.types import nfc

MIN_PASSWORD = 10
MAX_PASSWORD = 1000
"""Longer ones would only be work for the hash."""

_hasher = PasswordHasher()


class AccountError(ValueError):
    """Raised when a name or a password is refused; the message says what would do."""


def create_user(session: Session, name: str, password: str, one_time: bool = False) -> User:
    """Add an operator. With `one_time` the password is to be changed at the first sign-in.

    Raises AccountError when the name is empty or taken, or the password too short or too long.
    """
    name = nfc(name).strip()
    if not name or len(name) > 100:
        raise AccountError("a name has 1 to 100 characters")
    if find(session, name) is not None:
        raise AccountError(f"there is a user {name!r} already")
    user = User(name=name, password_hash="", active=True)
    set_password(session, user, password, one_time)
    return user


def find(session: Session, name: str) -> User | None:
    """The operator of that name."""
    return session.scalar(select(User).where(User.name == nfc(name).strip()))


def check(session: Session, name: str, password: str) -> User | None:
    """The active operator whose password this is, or None. Takes as long for a name that does not exist."""
    user = find(session, name)
    known = verify(user.password_hash if user else _nobody(), password)
    return user if user is not None and user.active and known else None


@functools.cache
def _nobody() -> str:
    """A hash to check against when there is no such user, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe())


def verify(password_hash: str, password: str) -> bool:
    """Whether a hash is of that password."""
    if len(password) > MAX_PASSWORD:
        return False
    try:
        return _hasher.verify(password_hash, nfc(password))
    except (VerificationError, InvalidHashError):
        return False


def set_password(session: Session, user: User, password: str, one_time: bool = False) -> None:
    """Give an operator a new password; every session signed in with the old one ends.

    Raises AccountError when it is too short or too long.
    """
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise AccountError(f"a password has at least {MIN_PASSWORD} characters")
    user.password_hash = _hasher.hash(nfc(password))
    user.session_token = secrets.token_urlsafe(32)
    user.one_time_password = one_time
    session.add(user)
    session.flush()


def refresh_hash(user: User, password: str) -> None:
    """Hash a password anew that was just found right, where today's parameters are stronger."""
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(nfc(password))
