"""Secrets at rest, and files by their content."""

from pathlib import Path

import pytest

from sync.errors import SecretUnreadable
from sync.media import MediaStore
from sync.secrets import Vault, new_key


def test_a_secret_is_unreadable_at_rest_and_readable_with_the_key() -> None:
    vault = Vault([new_key()])
    token = vault.encrypt("ABCDEF")
    assert "ABCDEF" not in token
    assert vault.decrypt(token) == "ABCDEF"


def test_keys_can_be_changed_without_losing_what_the_old_one_wrote() -> None:
    old, new = new_key(), new_key()
    token = Vault([old]).encrypt("ABCDEF")
    assert Vault([new, old]).decrypt(token) == "ABCDEF"
    with pytest.raises(SecretUnreadable, match="SHOPFERRY_ENCRYPTION_KEYS"):
        Vault([new]).decrypt(token)


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    digest = store.put(b"picture")
    assert store.put(b"picture") == digest
    assert store.get(digest) == b"picture"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest]


def test_a_file_that_was_never_kept_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MediaStore(tmp_path).get("0" * 64)
